import Storage

/// Actions on all members of a segment, and their members with what became of each. `forgotten_at` is since when the members are given up,
/// `is_bare` whether the last of their rows went.
enum BulkSchema {
  static var tables: [Table] { [action, member] }

  static var action: Table {
    Table(
      "bulk_action", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .integer("segment_id"), .text("name"), .text("body"),
        .text("state"), .text("asked_by"), .integer("asked_at"), .text("confirmed_by", nullable: true),
        .text("approved_by", nullable: true), .integer("counted_at", nullable: true), .integer("ended_at", nullable: true),
        .integer("due", default: 0), .integer("changed", default: 0), .integer("left_out", default: 0),
        .integer("undone", default: 0), .integer("kept", default: 0), .integer("forgotten_at", nullable: true),
        .integer("is_bare", default: 0),
      ],
      indexes: [
        Index("programme_id", "id"),
        Index("ended_at", where: "is_bare = 0 and ended_at is not null", named: "keeping"),
      ], checks: ["length(state) > 0", "due >= 0"])
  }

  /// Those of one action that wait are found by its index in the order of their ids.
  static var member: Table {
    Table(
      "bulk_member", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "action_id"]),
      columns: [
        .integer("owner_id"), .integer("action_id"), .integer("account_id"), .integer("state"), .text("reason", nullable: true),
        .text("former", nullable: true), .integer("at", nullable: true),
      ],
      indexes: [Index("action_id", "state", "owner_id"), Index("action_id", "owner_id")], checks: ["state between 0 and 4"])
  }
}
