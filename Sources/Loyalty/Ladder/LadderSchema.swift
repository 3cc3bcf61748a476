import Storage

enum LadderSchema {
  static var tables: [Table] { [standing, gift] }

  /// Which tier the rules gave a member, by which grant, and when they have to be looked at again. `rules` tells by which ladder.
  static var standing: Table {
    Table(
      "ladder_standing", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "programme_id"]),
      columns: [
        .integer("owner_id"), .integer("programme_id"), .integer("account_id"), .integer("tier_id", nullable: true),
        .integer("grant_id", nullable: true), .integer("falls_at", nullable: true), .integer("rules"),
      ],
      indexes: [Index("programme_id", "falls_at", where: "falls_at is not null")],
      checks: ["(tier_id is null) = (grant_id is null)"])
  }

  /// A tier that a promotion gave with a receipt, by which grant. `holder_id` has it now: its owner, or who stands for them.
  static var gift: Table {
    Table(
      "tier_gift", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "receipt_id", "promotion_id"]),
      columns: [
        .integer("owner_id"), .integer("receipt_id"), .integer("promotion_id"), .integer("account_id"), .integer("programme_id"),
        .integer("tier_id"), .integer("holder_id"), .integer("grant_id"), .integer("starts_at"), .integer("ends_at"),
        .integer("taken_back_at", nullable: true),
      ],
      indexes: [Index("holder_id", "ends_at")], checks: ["ends_at > starts_at"])
  }
}
