import Storage

/// Points that members gave to each other.
enum TransfersSchema {
  static var tables: [Table] { [transfer] }

  /// The owner is the giver. `parts` and `fee_parts` are what left which lots, so that taking it back puts it there again; what came back
  /// is said once, and never changes then.
  static var transfer: Table {
    Table(
      "transfer", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "id"]),
      columns: [
        .integer("owner_id"), .integer("id"), .integer("account_id"), .integer("programme_id"), .integer("receiver_id"),
        .integer("points"), .integer("fee"), .text("message", nullable: true), .integer("day"), .integer("made_at"), .text("actor"),
        .flag("is_circle"), .integer("confirmation_id", nullable: true), .bytes("parts"), .bytes("fee_parts"),
        .integer("undone_at", nullable: true), .text("undone_by", nullable: true), .integer("taken_back", default: 0),
        .text("reason", nullable: true),
      ],
      uniques: [Unique("owner_id", "confirmation_id", where: "confirmation_id is not null")],
      indexes: [
        Index("programme_id", "id"), Index("receiver_id", "id"), Index("owner_id", "programme_id", "day"),
        Index("programme_id", "id", where: "is_circle = 1", named: "circles"),
      ],
      checks: [
        "points > 0", "fee >= 0", "fee < points", "owner_id <> receiver_id", "taken_back between 0 and points",
        "(undone_at is null) = (undone_by is null)",
      ])
  }
}
