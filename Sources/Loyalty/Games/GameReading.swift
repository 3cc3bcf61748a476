import Access
import Calculator
import Kernel
import Storage

/// The edition that is open, held fast, with what only draws read of it.
struct OpenEdition {
  var edition: GameEdition
  let sealed: String
  let day: CivilDay
  let dayDrawn: Int64
}

/// What an edition keeps under its seal.
struct EditionSecrets {
  let dice: SeededDice
  let marks: SecretMarks
}

extension GameEdition {
  /// The next place's counts.
  fileprivate mutating func note(_ row: Row) {
    given.append(row.int(2))
    days.append(DayTally(day: row.int(3), count: row.int(4)))
  }
}

extension Games {
  /// The edition that is open, locked until the transaction ends; nil where the game is over.
  func opened(_ id: GameID, in tx: inout Transaction) throws -> OpenEdition? {
    // On PostgreSQL a row that another transaction closed meanwhile is no answer; the one that it opened is found by asking again.
    for _ in 0..<2 {
      guard let row = try tx.row(GameSQL.open(account, id, tx.dialect.forUpdate)) else { continue }
      var edition = try GameSQL.edition(row, amounts)
      try count([edition], in: &tx) { edition.note($1) }
      return OpenEdition(edition: edition, sealed: row.text(8), day: row.day(9), dayDrawn: row.int(10))
    }
    return nil
  }

  /// - Throws: `SealBroken`; `Problem.conflict` (`secrets_key_configuration`).
  func secrets(_ opened: OpenEdition) throws -> EditionSecrets {
    try secrets(opened.sealed, of: opened.edition.game, opened.edition.number)
  }

  /// What an edition draws and marks with, open or over: the secret of its marks stays sealed. One statement.
  /// - Throws: `SealBroken`; `Problem.conflict` (`secrets_key_configuration`).
  func secrets(of edition: GameEdition, in tx: inout Transaction) throws -> EditionSecrets {
    guard let row = try tx.row(GameSQL.sealed(account, edition.game, edition.number)) else {
      throw StorageFailure.damaged("edition \(edition.number) of game \(edition.game) has no seed")
    }
    return try secrets(row.text(0), of: edition.game, edition.number)
  }

  /// The dice of an edition. Once it is over they need no key.
  func dice(of edition: GameEdition, in tx: inout Transaction) throws -> SeededDice {
    guard let seed = edition.seed else { return try secrets(of: edition, in: &tx).dice }
    guard let dice = SeededDice(revealed: seed) else { throw StorageFailure.damaged("game_edition.seed is no seed") }
    return dice
  }

  private func secrets(_ sealed: String, of game: GameID, _ number: Int64) throws -> EditionSecrets {
    guard let keys else { throw Self.keyless }
    let bytes = try keys.open(sealed, for: Self.place(game, number))
    guard bytes.count >= SeededDice.size else { throw StorageFailure.damaged("game_edition.sealed is too short") }
    let (seed, rest) = (Array(bytes.prefix(SeededDice.size)), Array(bytes.dropFirst(SeededDice.size)))
    // Editions of trial versions have the seed alone: their printed marks follow from it.
    return EditionSecrets(dice: SeededDice(seed: seed), marks: SecretMarks(secret: rest.isEmpty ? seed : rest))
  }

  /// What was given of the prizes of these editions, one of each game, in the order of their places.
  private func count(_ editions: [GameEdition], in tx: inout Transaction, _ body: (GameID, Row) -> Void) throws {
    guard let least = editions.map(\.number).min(), let most = editions.map(\.number).max() else { return }
    let numbers = Dictionary(editions.map { ($0.game, $0.number) }, uniquingKeysWith: { first, _ in first })
    for row in try tx.rows(GameSQL.prizes(account, Array(numbers.keys).sorted(), least...most)) {
      if numbers[row.id(0)] == row.int(1) { body(row.id(0), row) }
    }
  }

  /// The games with these codes, whatever their case; keys are the codes asked for.
  public func games(codes: [String], in tx: inout Transaction) throws -> [String: Known<GameDetails>] {
    guard !codes.isEmpty else { return [:] }
    let rows = try tx.rows(GameSQL.byCodes(account, programme, Array(codes.prefix(Limits.bulk))))
    let byKey = Dictionary(
      try rows.map { try GameSQL.game($0, amounts) }.map { (folded($0.details.code), $0) }, uniquingKeysWith: { first, _ in first })
    return Dictionary(codes.compactMap { code in byKey[folded(code)].map { (code, $0) } }, uniquingKeysWith: { first, _ in first })
  }

  /// - Throws: `Problem.notFound` (`game_unknown`).
  public func game(code: String, in tx: inout Transaction) throws -> Known<GameDetails> {
    guard let game = try games(codes: [code], in: &tx)[code] else { throw Self.unknown }
    return game
  }

  /// - Throws: `Problem.notFound` (`game_unknown`).
  public func game(_ id: GameID, in tx: inout Transaction) throws -> Known<GameDetails> {
    guard let row = try tx.row(GameSQL.byIDs(account, programme, [id])) else { throw Self.unknown }
    return try GameSQL.game(row, amounts)
  }

  /// Those of the programme among the ids. At most `Limits.page`.
  public func games(_ ids: [GameID], in tx: inout Transaction) throws -> [GameID: Known<GameDetails>] {
    guard !ids.isEmpty else { return [:] }
    let found = try tx.rows(GameSQL.byIDs(account, programme, Array(ids.prefix(Limits.page)))).map { try GameSQL.game($0, amounts) }
    return Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  static var unknown: Problem {
    Problem(
      .notFound, "game_unknown", "the programme has no such game",
      cashier: LocalText(ru: "Такой игры нет", en: "There is no such game"))
  }

  /// Latest first, page by page.
  public func all(before: GameID? = nil, limit: Int, in tx: inout Transaction) throws -> [Known<GameDetails>] {
    try tx.rows(GameSQL.all(account, programme, before: before ?? GameID(.max), min(max(1, limit), Limits.page)))
      .map { try GameSQL.game($0, amounts) }
  }

  /// All of a programme, in the order of their ids: what rules may name.
  static func everyCode(of programme: Programme, in tx: inout Transaction) throws -> [(String, GameID)] {
    try everyPage({ $0.1 }) { after in
      try tx.rows(GameSQL.ascending(programme.account, programme.id, after: after ?? GameID(0), Limits.page))
        .map { ($0.text(1), $0.id(0)) }
    }
  }

  /// Of each game the edition that is open, or the last, with what was given; for at most `Limits.page` games. Two statements.
  public func latest(of games: [GameID], in tx: inout Transaction) throws -> [GameID: GameEdition] {
    guard !games.isEmpty else { return [:] }
    var editions = try tx.rows(GameSQL.latest(account, Array(games.prefix(Limits.page)))).map { try GameSQL.edition($0, amounts) }
    let places = Dictionary(editions.indices.map { (editions[$0].game, $0) }, uniquingKeysWith: { first, _ in first })
    try count(editions, in: &tx) { game, row in
      if let place = places[game] { editions[place].note(row) }
    }
    return Dictionary(editions.map { ($0.game, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Latest first.
  public func editions(
    of game: GameID, before: Int64 = .max, limit: Int, in tx: inout Transaction
  ) throws -> [GameEdition] {
    try tx.rows(GameSQL.editions(account, game, before: before, min(max(1, limit), Limits.page)))
      .map { try GameSQL.edition($0, amounts) }
  }

  /// One edition with what was given.
  /// - Throws: `Problem.notFound` (`edition_unknown`).
  public func edition(_ number: Int64, of game: GameID, in tx: inout Transaction) throws -> GameEdition {
    guard number < .max, var edition = try editions(of: game, before: number + 1, limit: 1, in: &tx).first, edition.number == number
    else { throw Problem(.notFound, "edition_unknown", "the game has no such edition") }
    try count([edition], in: &tx) { edition.note($1) }
    return edition
  }

  /// What a member drew in all games, latest first, each with its edition. Two statements.
  public func draws(
    of member: MemberID, before: GameDrawID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [(draw: GameDraw, edition: GameEdition)] {
    let (last, some) = (before ?? GameDrawID(.max), min(max(1, limit), Limits.page))
    let draws = try tx.rows(DrawSQL.ofMember(account, member, before: last, some)).map(DrawSQL.draw)
    guard !draws.isEmpty else { return [] }
    let editions = Dictionary(
      try tx.rows(GameSQL.editions(account, ofDraws: draws.map(\.id), by: member)).map { try GameSQL.edition($0, amounts) }
        .map { ([$0.game.raw, $0.number], $0) }, uniquingKeysWith: { first, _ in first })
    return try draws.map { draw in
      guard let edition = editions[[draw.game.raw, draw.edition]] else {
        throw StorageFailure.damaged("draw \(draw.id) has no edition")
      }
      return (draw, edition)
    }
  }

  /// Seals the seeds of all accounts' editions under the first key, after a new one was put in front. Those that are over keep the secret
  /// of their marks.
  /// - Returns: the last game looked at; nil when all are sealed.
  /// - Throws: `SealBroken` where a seed opens with none of the keys.
  public static func reseal(after: GameID?, with keys: KeyRing, in tx: inout Transaction) throws -> GameID? {
    let rows = try tx.rows(GameSQL.sealed(after: after ?? GameID(0), Limits.page))
    for row in rows where !keys.isFresh(row.text(3)) {
      let (game, number, account): (GameID, Int64, AccountID) = (row.id(0), row.int(1), row.id(2))
      let seed = try keys.open(row.text(3), for: place(game, number))
      // Whoever changes prizes meanwhile puts another seed there, under the first key: it stays.
      try tx.run(GameSQL.reseal(row.text(3), as: try keys.seal(seed, for: place(game, number)), of: game, number, account))
    }
    return rows.last?.id(0)
  }
}
