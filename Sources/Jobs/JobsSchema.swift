import Storage

/// The tables of this wing, in an order in which they can be created.
public enum JobsSchema {
  public static var tables: [Table] {
    [checkpoint, naturalKey, outbox, event, streamHead, streamPosition, job, chore]
  }

  static var checkpoint: Table {
    Table(
      "checkpoint", owner: "Jobs", family: .reference, key: .columns(["account_id", "work", "key"]),
      columns: [
        .integer("account_id"), .text("work"), .text("key"), .integer("step"), .text("state"), .flag("is_done"), .integer("at"),
      ])
  }

  /// Rows lie in the key: every till asks by exactly it, and old request keys are swept in key order without an index more.
  static var naturalKey: Table {
    Table(
      "natural_key", owner: "Jobs", family: .byValue(of: "key"), key: .clustered(["account_id", "kind", "key"]),
      columns: [
        .integer("account_id"), .integer("kind"), .text("key"), .integer("owner_id"), .integer("target_id"), .integer("body_hash"),
        .integer("made_at"),
      ],
      checks: ["length(key) > 0"])
  }

  /// Events wait here for the relay that numbers them; a row is written with the fact it tells of and then never changes.
  static var outbox: Table {
    Table(
      "outbox", owner: "Jobs", family: .byMember, key: .stream,
      columns: [
        .integer("id"), .integer("owner_id"), .integer("account_id"), .integer("kind"), .integer("subject_id"), .integer("at"),
        .text("body"),
      ])
  }

  /// What the relay made of the outbox: every event with its place among all of this database, without a gap from 1.
  static var event: Table {
    Table(
      "event", owner: "Jobs", family: .byValue(of: "position"), key: .clustered(["position"]),
      columns: [
        .integer("position"), .integer("id"), .integer("account_id"), .integer("owner_id"), .integer("kind"),
        .integer("subject_id"),
        .integer("at"), .text("body"),
      ],
      checks: ["position > 0"])
  }

  /// One row: the last position given. Events go when they are old, this does not. `epoch` and `term` say under which lease it was
  /// written: terms begin anew in a restored database, epochs grow.
  static var streamHead: Table {
    Table(
      "stream_head", owner: "Jobs", family: .reference, scope: .installation(because: "positions are given once for all accounts"),
      key: .columns(["name"]),
      columns: [.text("name"), .integer("position"), .integer("epoch"), .integer("term"), .integer("at")], checks: ["position >= 0"]
    )
  }

  /// How far a consumer of the stream is.
  static var streamPosition: Table {
    Table(
      "stream_position", owner: "Jobs", family: .reference,
      scope: .installation(because: "a consumer reads the events of all accounts"), key: .columns(["consumer"]),
      columns: [.text("consumer"), .integer("epoch"), .integer("position"), .integer("at")])
  }

  /// Work that waits. A job that was done is no row any more. `done` of `total` is how far one is that says so, `actor` who asked for it.
  static var job: Table {
    Table(
      "job", owner: "Jobs", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .text("kind"), .text("body"), .integer("due_at"), .integer("attempts"),
        .text("holder", nullable: true), .integer("claimed_until"), .text("last_error", nullable: true), .text("state"),
        .integer("made_at"), .text("actor", nullable: true), .integer("begun_at", nullable: true), .integer("done", nullable: true),
        .integer("total", nullable: true), .flag("is_stopping", default: false),
      ],
      indexes: [
        Index("due_at", where: "state = 'waiting'"), Index("kind", "id", where: "state = 'dead'"),
        Index("account_id", "state", "id"),
      ],
      checks: ["state in ('waiting', 'dead')", "attempts >= 0", "length(kind) > 0"])
  }

  /// The board of scheduled work: when each piece ran last, how it went and when it is due again.
  static var chore: Table {
    Table(
      "chore", owner: "Jobs", family: .reference, scope: .installation(because: "scheduled work runs once for all accounts"),
      key: .columns(["name"]),
      columns: [
        .text("name"), .integer("due_at"), .integer("started_at", nullable: true), .integer("ended_at", nullable: true),
        .integer("steps"), .text("outcome", nullable: true), .integer("failures"),
      ])
  }
}
