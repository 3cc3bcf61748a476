import Access
import Calculator
import Kernel
import Storage

/// Statements about games and their editions.
enum GameSQL {
  static func upsert(_ account: AccountID, _ programme: ProgrammeID, _ change: Change) -> Upsert<GameDetails> {
    Upsert(
      into: GamesSchema.game, ["id", "account_id", "programme_id", "code", "code_key", "body", "made_at"],
      values: { id, game in
        [
          id.value, account.value, programme.value, game.code.value, folded(game.code).value, game.json.compact.value,
          change.at.value,
        ]
      },
      update: { id, game in
        SQL("update game set body = $3 where id = $1 and account_id = $2", id, account, game.json.compact)
      })
  }

  static func byCodes(_ account: AccountID, _ programme: ProgrammeID, _ codes: [String]) -> SQL {
    """
    select id, code, body from game
    where account_id = \(account) and programme_id = \(programme) and code_key in (\(list: padded(codes.map(folded))))
    """
  }

  static func byIDs(_ account: AccountID, _ programme: ProgrammeID, _ ids: [GameID]) -> SQL {
    """
    select id, code, body from game
    where account_id = \(account) and programme_id = \(programme) and id in (\(list: padded(ids)))
    """
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID, before: GameID, _ limit: Int) -> SQL {
    """
    select id, code, body from game
    where account_id = \(account) and programme_id = \(programme) and id < \(before) order by id desc limit \(limit)
    """
  }

  static func ascending(_ account: AccountID, _ programme: ProgrammeID, after: GameID, _ limit: Int) -> SQL {
    """
    select id, code, body from game
    where account_id = \(account) and programme_id = \(programme) and id > \(after) order by id limit \(limit)
    """
  }

  static func count(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL("select count(*) from game where account_id = $1 and programme_id = $2", account, programme)
  }

  static func game(_ row: Row, _ amounts: AmountForm) throws -> Known<GameDetails> {
    let body = try storedJSON(row.text(2), in: "game.body")
    guard let details = GameDetails(code: row.text(1), JSONNode(body), amounts) else {
      throw StorageFailure.damaged("game.body of \(row.text(1)) cannot be read")
    }
    return Known(id: row.id(0), details: details)
  }

  // Editions.

  private static let editionColumns = """
    game_id, edition, commitment, prizes, opened_at, closed_at, seed, drawn, sealed, day, day_drawn
    """

  static let insertedEdition = [
    "game_id", "edition", "account_id", "sealed", "commitment", "prizes", "opened_at", "day", "day_drawn",
  ]

  static func edition(_ row: Row, _ amounts: AmountForm) throws -> GameEdition {
    guard let table = PrizeTable(JSONNode(try storedJSON(row.text(3), in: "game_edition.prizes")), amounts) else {
      throw StorageFailure.damaged("game_edition.prizes of \(row.int(0)) cannot be read")
    }
    return GameEdition(
      game: row.id(0), number: row.int(1), commitment: row.text(2), tableText: row.text(3), table: table, openedAt: row.instant(4),
      closedAt: row.instantOrNil(5), seed: row.textOrNil(6), drawn: row.int(7))
  }

  /// The one that is open, if any.
  static func open(_ account: AccountID, _ game: GameID, _ lock: String) -> SQL {
    """
    select \(raw: editionColumns) from game_edition
    where account_id = \(account) and game_id = \(game) and closed_at is null order by edition desc limit 1\(raw: lock)
    """
  }

  /// Latest first.
  static func editions(_ account: AccountID, _ game: GameID, before: Int64, _ limit: Int) -> SQL {
    """
    select \(raw: editionColumns) from game_edition
    where account_id = \(account) and game_id = \(game) and edition < \(before) order by edition desc limit \(limit)
    """
  }

  /// Those in which a member made these draws, each once.
  static func editions(_ account: AccountID, ofDraws draws: [GameDrawID], by member: MemberID) -> SQL {
    """
    select \(raw: editionColumns) from game_edition
    where account_id = \(account) and (game_id, edition) in (
      select d.game_id, d.edition from game_draw d
      where d.account_id = \(account) and d.owner_id = \(member) and d.id in (\(list: padded(draws))))
    """
  }

  /// Of each game the one that is open, or the last.
  static func latest(_ account: AccountID, _ games: [GameID]) -> SQL {
    """
    select \(raw: editionColumns) from game_edition e
    where account_id = \(account) and game_id in (\(list: padded(games)))
      and edition = (select max(edition) from game_edition m where m.game_id = e.game_id)
    """
  }

  static func close(
    _ account: AccountID, _ game: GameID, _ edition: Int64, revealing seed: String, at now: Instant
  ) -> SQL {
    """
    update game_edition set closed_at = \(now), seed = \(seed)
    where account_id = \(account) and game_id = \(game) and edition = \(edition) and closed_at is null
    """
  }

  /// Where nobody has drawn yet: other prizes under another seed.
  static func replace(
    _ account: AccountID, _ game: GameID, _ edition: Int64, _ sealed: String, _ commitment: String, _ prizes: String,
    at now: Instant
  ) -> SQL {
    """
    update game_edition set sealed = \(sealed), commitment = \(commitment), prizes = \(prizes), opened_at = \(now)
    where account_id = \(account) and game_id = \(game) and edition = \(edition) and drawn = 0 and closed_at is null
    """
  }

  static func forget(_ account: AccountID, _ game: GameID, prizesOf edition: Int64) -> SQL {
    "delete from game_prize where account_id = \(account) and game_id = \(game) and edition = \(edition)"
  }

  static let insertedPrize = ["game_id", "edition", "place", "account_id", "stock"]

  static func prizes(_ account: AccountID, _ games: [GameID], _ editions: ClosedRange<Int64>) -> SQL {
    """
    select game_id, edition, given, day, day_given from game_prize
    where account_id = \(account) and game_id in (\(list: padded(games)))
      and edition >= \(editions.lowerBound) and edition <= \(editions.upperBound)
    order by game_id, edition, place
    """
  }

  // Sealed seeds.

  static func sealed(_ account: AccountID, _ game: GameID, _ edition: Int64) -> SQL {
    "select sealed from game_edition where account_id = \(account) and game_id = \(game) and edition = \(edition)"
  }

  /// All editions of so many games.
  static func sealed(after: GameID, _ limit: Int) -> SQL {
    // Unscoped: a key is replaced for the whole installation.
    SQL(
      """
      select game_id, edition, account_id, sealed from game_edition
      where game_id in (select id from game where id > $1 order by id limit $2) order by game_id, edition
      """, after, limit)
  }

  /// Changes nothing where another seed was sealed meanwhile.
  static func reseal(_ read: String, as sealed: String, of game: GameID, _ edition: Int64, _ account: AccountID) -> SQL {
    """
    update game_edition set sealed = \(sealed)
    where account_id = \(account) and game_id = \(game) and edition = \(edition) and sealed = \(read)
    """
  }
}
