import Storage

/// The table of wallets that moved because two members are one person.
enum MergingSchema {
  static var tables: [Table] { [merge] }

  /// The wallet of a merged member as it was when everything left it, and what else a till moves that went with it. `shift` is by how much
  /// the numbers of its lots are higher in the survivor's wallet; `slides` are the survivor's sliding dates before and behind the merge.
  /// `last_return` is the latest return that the merged member's receipts had by then; `ended_at` is when what was left went back.
  static var merge: Table {
    Table(
      "wallet_merge", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "id"]),
      columns: [
        .integer("owner_id"), .integer("id"), .integer("account_id"), .integer("programme_id"), .integer("survivor_id"),
        .integer("merged_at"), .integer("shift"), .integer("last_return"), .bytes("before"), .text("slides"), .text("moved"),
        .integer("ended_at", nullable: true),
      ], checks: ["survivor_id <> owner_id", "shift >= 0"])
  }
}
