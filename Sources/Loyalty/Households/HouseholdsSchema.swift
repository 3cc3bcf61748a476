import Storage

/// Households, and who was in them when. Which one a member is in now stands with the member as well.
enum HouseholdsSchema {
  static var tables: [Table] { [household, stay] }

  static var household: Table {
    Table(
      "household", owner: "Loyalty", family: .byValue(of: "id"), key: .clustered(["id"]),
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("name"), .integer("owner_id"), .text("spenders"),
        .integer("made_at"), .integer("ended_at", nullable: true),
      ],
      indexes: [Index("programme_id", "id")], checks: ["spenders in ('owner', 'adults', 'everyone')"])
  }

  /// From the invitation to the end, whatever the end was; never removed. The few of one household lie together.
  static var stay: Table {
    Table(
      "household_member", owner: "Loyalty", family: .byValue(of: "household_id"), key: .clustered(["household_id", "id"]),
      columns: [
        .integer("household_id"), .integer("id"), .integer("account_id"), .integer("programme_id"), .integer("owner_id"),
        .integer("invited_at"), .integer("invitation_ends_at"), .integer("joined_at", nullable: true),
        .text("joined_by", nullable: true), .integer("left_at", nullable: true), .text("ended_as", nullable: true),
        .text("reason", nullable: true),
      ],
      uniques: [Unique("household_id", "owner_id", where: "left_at is null")],
      indexes: [Index("owner_id", "id")],
      checks: [
        "joined_by in ('made', 'code', 'operator', 'merge')", "(joined_at is null) = (joined_by is null)",
        "(left_at is null) = (ended_as is null)",
        "ended_as in ('left', 'excluded', 'dissolved', 'declined', 'withdrawn', 'lapsed', 'merged', 'erased')",
      ])
  }
}
