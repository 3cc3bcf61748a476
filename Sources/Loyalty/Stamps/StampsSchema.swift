import Storage

/// The tables of stamp cards. The stamps themselves stand in wallets, the cards in the programme's settings.
enum StampsSchema {
  static var tables: [Table] { [holder, change] }

  /// One member's stamps of one card as the last change left them, for whoever counts members. The wallet is the truth of it.
  /// `given` and `taken` sum up everything, less what returns undid; stamps live through `last_day`.
  static var holder: Table {
    Table(
      "stamp_holder", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "programme_id", "card"]),
      columns: [
        .integer("owner_id"), .integer("programme_id"), .text("card"), .integer("account_id"), .integer("stamps"),
        .integer("last_day", nullable: true), .integer("given"), .integer("taken"),
      ],
      indexes: [Index("programme_id", "card", "stamps")])
  }

  /// Stamps that somebody put on a card or took off it by hand, day by day; never edited.
  static var change: Table {
    Table(
      "stamp_change", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "id", "day"]),
      columns: [
        .integer("owner_id"), .integer("id"), .integer("day"), .integer("account_id"), .integer("programme_id"), .text("card"),
        .integer("given"), .integer("taken"), .text("note"), .text("actor"), .integer("made_at"),
      ],
      checks: ["given >= 0", "taken >= 0", "given + taken > 0"])
  }
}
