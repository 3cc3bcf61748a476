import Storage

/// What members of hunts have found, and what their collections gave.
enum HuntSchema {
  static var tables: [Table] { [album, entry, collection, completion] }

  /// What lies in a member's album: found and not yet given for a collection. Never less than nothing.
  static var album: Table {
    Table(
      "hunt_album", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "game_id", "find"]),
      columns: [
        .integer("owner_id"), .integer("game_id"), .text("find"), .integer("account_id"), .integer("have"),
      ],
      indexes: [Index("game_id", "owner_id")], checks: ["have >= 0"])
  }

  /// How it came there and went: drawn, given for a collection, taken back with a receipt, merged, given to another member, whom `other_id` names.
  static var entry: Table {
    Table(
      "hunt_entry", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "game_id", "id"]),
      columns: [
        .integer("owner_id"), .integer("game_id"), .integer("id"), .integer("account_id"), .text("find"), .integer("change"),
        .text("cause"), .integer("at"), .integer("draw_id", nullable: true), .integer("receipt_id", nullable: true),
        .integer("turn", nullable: true), .integer("completion_id", nullable: true),
        .integer("other_id", nullable: true),
      ],
      indexes: [Index("owner_id", "receipt_id", where: "receipt_id is not null")], checks: ["change <> 0"])
  }

  /// No more of a collection's prize can be given than there are: the schema refuses it.
  static var collection: Table {
    Table(
      "hunt_collection", owner: "Loyalty", family: .byValue(of: "game_id"), key: .clustered(["game_id", "collection"]),
      columns: [
        .integer("game_id"), .text("collection"), .integer("account_id"), .integer("stock", nullable: true),
        .integer("given", default: 0),
      ],
      checks: ["given >= 0", "stock is null or given <= stock"])
  }

  /// One collection that a member completed. Never changed. `prize` is what it gave, as the game said it then.
  static var completion: Table {
    Table(
      "hunt_completion", owner: "Loyalty", family: .byValue(of: "game_id"), key: .clustered(["game_id", "id"]),
      columns: [
        .integer("game_id"), .integer("id"), .integer("account_id"), .integer("owner_id"), .text("collection"), .integer("n"),
        .integer("draw_id"), .integer("at"), .text("prize"), .text("code", nullable: true),
        .integer("adjustment_id", nullable: true),
      ],
      uniques: [Unique("game_id", "owner_id", "collection", "n")], indexes: [Index("account_id", "owner_id", "id")],
      checks: ["n > 0"])
  }
}
