import Storage

/// The tables of points, in an order in which they can be created.
public enum PointsSchema {
  public static var tables: [Table] { [wallet, posting, goodwillRequest] }

  /// One row is one member's points in one programme: what a purchase must read and write together. The document is the truth of
  /// the row; the other columns repeat it for whoever asks in SQL.
  static var wallet: Table {
    Table(
      "wallet", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "programme_id"]),
      columns: [
        .integer("owner_id"), .integer("programme_id"), .integer("version"), .integer("next_due_at", nullable: true),
        .integer("active"), .integer("pending"), .integer("held"), .integer("status"), .bytes("doc"),
      ],
      indexes: [
        Index("programme_id", "next_due_at", where: "next_due_at is not null"),
        // Few rows of all: what is set aside is counted while tills sell.
        Index("programme_id", where: "held > 0"),
      ])
  }

  /// Points that an operator wants to give and somebody else has to agree to. A row that was decided is kept.
  static var goodwillRequest: Table {
    Table(
      "goodwill_request", owner: "Loyalty", family: .byMember, key: .id,
      columns: [
        .integer("id"), .integer("owner_id"), .integer("account_id"), .integer("programme_id"), .integer("points"), .text("note"),
        .text("asked_by"), .integer("asked_at"), .text("decided_by", nullable: true), .integer("decided_at", nullable: true),
        .flag("is_granted", default: false),
      ],
      indexes: [Index("account_id", "id", where: "decided_at is null")],
      checks: ["points > 0", "(decided_by is null) = (decided_at is null)"])
  }

  /// Entries of one cause, as `[[from, to, amount, lot], …]`. Small rows that lie with their owner: one page for row and index.
  static var posting: Table {
    Table(
      "posting", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "id"]),
      columns: [
        .integer("id"), .integer("owner_id"), .integer("programme_id"), .integer("cause"), .integer("cause_id"),
        .integer("event_at"),
        .integer("posted_at"), .text("entries"),
      ],
      // Where points run out: by themselves, and with whoever is forgotten. Few rows of all.
      indexes: [Index("programme_id", "posted_at", "id", where: "cause in (6, 9)")])
  }
}
