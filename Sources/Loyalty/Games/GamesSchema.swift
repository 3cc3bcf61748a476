import Storage

/// Games: what they are, their editions, prizes, draws, and the turns of members.
enum GamesSchema {
  static var tables: [Table] { [game, edition, prize, draw, turn, entry] + HuntSchema.tables }

  static var game: Table {
    Table(
      "game", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("code"), .text("code_key"), .text("body"),
        .integer("made_at"),
      ],
      uniques: [Unique("programme_id", "code_key")], foreignKeys: [ForeignKey("programme_id", to: "programme")],
      checks: ["length(code) > 0"])
  }

  /// Its row is where draws of a game wait for one another: it has the next number.
  static var edition: Table {
    Table(
      "game_edition", owner: "Loyalty", family: .byValue(of: "game_id"), key: .clustered(["game_id", "edition"]),
      columns: [
        .integer("game_id"), .integer("edition"), .integer("account_id"), .text("sealed"), .text("commitment"), .text("prizes"),
        .integer("opened_at"), .integer("closed_at", nullable: true), .text("seed", nullable: true), .integer("drawn", default: 0),
        .integer("day", default: 0), .integer("day_drawn", default: 0),
      ],
      checks: ["edition > 0", "drawn >= 0", "(closed_at is null) = (seed is null)"])
  }

  /// No more of a prize can be given than there are: the schema refuses it.
  static var prize: Table {
    Table(
      "game_prize", owner: "Loyalty", family: .byValue(of: "game_id"), key: .clustered(["game_id", "edition", "place"]),
      columns: [
        .integer("game_id"), .integer("edition"), .integer("place"), .integer("account_id"), .integer("stock", nullable: true),
        .integer("given", default: 0), .integer("day", default: 0), .integer("day_given", default: 0),
      ],
      checks: ["given >= 0", "stock is null or given <= stock"])
  }

  static var draw: Table {
    Table(
      "game_draw", owner: "Loyalty", family: .byValue(of: "game_id"), key: .clustered(["game_id", "edition", "n"]),
      columns: [
        .integer("game_id"), .integer("edition"), .integer("n"), .integer("id"), .integer("account_id"), .integer("owner_id"),
        .integer("store_id", nullable: true), .integer("drawn_at"), .integer("roll"), .integer("hit"), .integer("given"),
        .text("code", nullable: true), .integer("adjustment_id", nullable: true),
        .integer("is_empty", default: 0),
      ],
      uniques: [Unique("game_id", "id")],
      indexes: [Index("account_id", "owner_id", "id"), Index("game_id", "edition", "n", where: "is_empty = 0")],
      checks: ["n > 0", "roll between 0 and 999999", "hit >= 0", "given >= hit"])
  }

  /// Nobody uses more turns than they were given: the schema refuses it.
  static var turn: Table {
    Table(
      "game_turn", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "game_id"]),
      columns: [
        .integer("owner_id"), .integer("game_id"), .integer("account_id"), .integer("given"), .integer("used", default: 0),
        .integer("day", default: 0), .integer("day_used", default: 0),
      ],
      indexes: [Index("game_id", "owner_id")], checks: ["used between 0 and given"])
  }

  /// Where turns came from and which a return took back.
  static var entry: Table {
    Table(
      "game_turn_entry", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "game_id", "id"]),
      columns: [
        .integer("owner_id"), .integer("game_id"), .integer("id"), .integer("account_id"), .integer("change"), .integer("at"),
        .integer("receipt_id", nullable: true), .text("actor", nullable: true), .text("reason", nullable: true),
      ],
      indexes: [Index("owner_id", "receipt_id", where: "receipt_id is not null")], checks: ["change <> 0"])
  }
}
