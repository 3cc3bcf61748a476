import Storage

/// The tables of this wing, in an order in which they can be created.
public enum JobsSchema {
  public static var tables: [Table] { [checkpoint, naturalKey, outbox] }

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
}
