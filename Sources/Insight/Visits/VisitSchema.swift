import Storage

/// What visitors and members do on sites and in apps, the sessions that it makes, and what days add up to (docs/adr/0023).
///
/// Sketch for ten million events a month: an event takes some 250 bytes with its indexes, a session some 200; thirteen months are 35 GB, which
/// is PostgreSQL's to keep. A day then has 330,000 events in 40,000 sessions, and its packed row some 600 KB.
public enum VisitSchema {
  public static var tables: [Table] { [gate, source, visitor, visit, event, day, touch, funnel] }

  /// One row for each programme, through which what arrives goes one batch after the other: two batches with the same visitor would
  /// otherwise each begin a session. `taken_at` only grows, so whoever reads what came since a moment misses nothing.
  static var gate: Table {
    Table(
      "visit_gate", owner: "Insight", family: .byValue(of: "programme_id"), key: .clustered(["programme_id"]),
      columns: [.integer("programme_id"), .integer("account_id"), .integer("taken_at")])
  }

  /// Whence somebody came. Each is written once, so that sessions name it by a number.
  static var source: Table {
    Table(
      "traffic_source", owner: "Insight", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("mark"), .text("source"), .text("medium"),
        .text("campaign"), .text("content"), .text("term"), .text("referrer"),
      ],
      uniques: [Unique("programme_id", "mark")])
  }

  /// Whom a visitor's id belongs to since somebody signed in under it. Visitors who never did have no row.
  static var visitor: Table {
    Table(
      "visitor", owner: "Insight", family: .byValue(of: "visitor"), key: .clustered(["programme_id", "visitor"]),
      columns: [
        .text("visitor"), .integer("programme_id"), .integer("account_id"), .integer("owner_id"), .integer("named_id"),
        .integer("named_at"),
      ],
      indexes: [Index("owner_id"), Index("named_id")], checks: ["length(visitor) > 0"])
  }

  /// A session. `session` is empty where it was formed by silence. `source_at` is when the event came that told the source.
  static var visit: Table {
    Table(
      "visit", owner: "Insight", family: .byValue(of: "visitor"), key: .columns(["visitor", "id"]),
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("visitor"), .text("session"),
        .integer("owner_id", nullable: true), .integer("named_id", nullable: true), .integer("started_at"), .integer("ended_at"),
        .integer("day"), .integer("source_id"), .integer("source_at", nullable: true), .integer("events"),
        .integer("product_views"), .integer("carts"), .integer("orders"),
      ],
      indexes: [
        Index("programme_id", "visitor", "ended_at"), Index("programme_id", "day", "id"),
        Index("owner_id", "started_at", where: "owner_id is not null"), Index("named_id", where: "named_id is not null"),
      ], checks: ["started_at <= ended_at"])
  }

  /// `named_id` is whom the event or the sign-in named, `owner_id` who stands for that member now. `receipt_key` waits until its receipt
  /// is there, which is then `receipt_id`.
  static var event: Table {
    Table(
      "visit_event", owner: "Insight", family: .byValue(of: "mark"), key: .columns(["programme_id", "mark"]),
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("mark"), .text("kind"), .integer("at"),
        .text("visitor"), .integer("visit_id"), .integer("owner_id", nullable: true), .integer("named_id", nullable: true),
        .text("page", nullable: true), .text("product", nullable: true), .integer("quantity", nullable: true),
        .integer("amount", nullable: true), .text("channel", nullable: true), .text("brand", nullable: true),
        .text("receipt_key", nullable: true), .integer("receipt_id", nullable: true), .text("details", nullable: true),
      ],
      indexes: [
        Index("programme_id", "kind", "at", "id"), Index("programme_id", "visitor", "at"), Index("programme_id", "at"),
        Index("owner_id", "at", where: "owner_id is not null"), Index("named_id", where: "named_id is not null"),
        Index("visit_id"),
        Index("programme_id", "at", where: "receipt_key is not null and receipt_id is null", named: "waiting"),
        Index("programme_id", "at", where: "receipt_id is not null", named: "bought"),
      ], checks: ["length(mark) > 0", "length(kind) > 0", "length(visitor) > 0"])
  }

  /// The sessions of a day, packed. `stale_at` says that something came since; the row is then made anew.
  static var day: Table {
    Table(
      "visit_day", owner: "Insight", family: .byValue(of: "programme_id"), key: .clustered(["programme_id", "day"]),
      columns: [
        .integer("programme_id"), .integer("day"), .integer("account_id"), .integer("stale_at", nullable: true),
        .integer("visits"), .integer("events"), .bytes("body", nullable: true),
      ],
      indexes: [Index("stale_at", where: "stale_at is not null")])
  }

  /// Members about whose events something else is so, and since when: for segments, which ask again about these alone.
  static var touch: Table {
    Table(
      "visit_touch", owner: "Insight", family: .byMember, key: .clustered(["owner_id"]),
      columns: [.integer("owner_id"), .integer("programme_id"), .integer("account_id"), .integer("touched_at")],
      indexes: [Index("programme_id", "touched_at"), Index("touched_at")])
  }

  static var funnel: Table {
    Table(
      "funnel", owner: "Insight", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("name"), .text("name_key"), .text("body"),
        .integer("version"), .integer("made_at"), .integer("changed_at"), .integer("archived_at", nullable: true),
      ],
      uniques: [Unique("programme_id", "name_key")], checks: ["length(name) > 0", "version > 0"])
  }
}
