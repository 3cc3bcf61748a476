import Storage

enum LadderSchema {
  static var tables: [Table] { [standing] }

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
}
