import Access
import Calculator
import Jobs
import Kernel
import Storage

/// The games of one programme: what they are, their editions, turns and draws.
public struct Games: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  let amounts: AmountForm
  /// What is won ends in these; their days are those that daily limits count.
  let wallets: Wallets
  /// Nil where the configuration names no key: seeds cannot be sealed, so that no game can be made or played.
  let keys: KeyRing?

  public init(of programme: Programme, ids: IDSource, keys: KeyRing?) {
    self.init(
      of: programme.account, programme: programme.id, amounts: AmountForm(programme.settings.terms),
      wallets: Wallets(of: programme, ids: ids), keys: keys)
  }

  /// The programme is the account's: whoever loaded it for that account has made sure.
  init(of account: AccountID, programme: ProgrammeID, amounts: AmountForm, wallets: Wallets, keys: KeyRing?) {
    self.account = account
    self.programme = programme
    self.amounts = amounts
    self.wallets = wallets
    self.keys = keys
  }

  var zone: Zone { wallets.terms.zone }
  var coupons: Coupons { Coupons(of: account, programme: programme, zone: zone) }
  var certificates: Certificates {
    Certificates(of: account, programme: programme, zone: zone, currency: amounts.currency, ids: wallets.ids, keys: keys)
  }

  /// Makes games and changes those with a known code; the same again changes nothing. Prizes of a game that nobody has played yet are
  /// changed in place, under another seed.
  /// - Parameter seen: where somebody has played, this edition ends, its seed is revealed, and another begins with the prizes given. Sent
  ///   again it begins none.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`game_fixed` without `after`, `edition_over` and `stock_moved` with it, `game_closed`,
  ///   `too_many_games`, `secrets_key_configuration`).
  public func save(
    _ rows: [GameDetails], after seen: SeenEdition? = nil, by change: Change, in tx: inout Transaction
  ) throws -> Saved<Entity.Game> {
    try check(rows, "the games")
    guard !rows.isEmpty else { return Saved() }
    try takeStructure(of: account, in: &tx)
    let known = try games(codes: rows.map(\.code), in: &tx)
    // Of prizes that stand already nothing is asked: a game is renamed and closed whatever became of its series.
    let offered = rows.enumerated().filter { _, row in
      guard !row.isClosed else { return false }
      let old = known[row.code]?.details
      return seen != nil || old?.table.published != row.table.published || old?.hunt != row.hunt
    }
    try checkSeries(offered.map { (place: $0.offset, row: $0.element) }, in: &tx)
    for row in rows { if let old = known[row.code]?.details { try mayBecome(row, old) } }
    try checkFinds(rows, known)
    let fresh = rows.count { known[$0.code] == nil }
    if fresh > 0, Int(try tx.row(GameSQL.count(account, programme))?.int(0) ?? 0) + fresh > Limits.games {
      throw Problem(.conflict, "too_many_games", "a programme has at most \(Limits.games) games")
    }
    let saved = try GameSQL.upsert(account, programme, change).save(rows, known: known, in: account, by: change, in: &tx)
    for (id, row) in zip(saved.ids, rows) {
      try settle(row, id, known[row.code]?.details, after: seen, by: change, in: &tx)
      if row.hunt != known[row.code]?.details.hunt { try keepCollections(of: row, id, in: &tx) }
    }
    return saved
  }

  private func mayBecome(_ row: GameDetails, _ old: GameDetails) throws(Problem) {
    if old.isClosed, row != old {
      throw Problem(.conflict, "game_closed", "the game \"\(old.code)\" is over for good; make another game")
    }
    guard old.kind == row.kind, old.code == row.code, old.hunt?.receipts == row.hunt?.receipts else {
      throw Problem(
        .conflict, "game_fixed",
        "the game \"\(old.code)\" keeps its code, its kind and which receipts hide something; make another game")
    }
  }

  /// Prizes must be such that they can be given.
  private func checkSeries(_ rows: [(place: Int, row: GameDetails)], in tx: inout Transaction) throws {
    let issues = IssueList()
    for (place, row) in rows {
      for (number, prize) in row.table.all.enumerated() {
        let pointer = "/\(place)/" + (number == row.table.last ? "consolation" : "prizes/\(number)")
        try checkSeries(of: prize.gift, at: pointer, issues, in: &tx)
      }
      for (number, collection) in (row.hunt?.collections ?? []).enumerated() {
        try checkSeries(of: collection.gift, at: "/\(place)/collections/\(number)", issues, in: &tx)
      }
    }
    try issues.check("the games")
  }

  private func checkSeries(
    of gift: Prize.Gift, at pointer: String, _ issues: IssueList, in tx: inout Transaction
  ) throws {
    switch gift {
    case .nothing, .points, .thing: break
    case .coupon(let series):
      guard let found = try coupons.series(codes: [series], in: &tx)[series]?.details, found.mayBeBrought, !found.isClosed else {
        return issues.add(
          pointer + "/coupon", "series_unfit", "there is no open series of coupons \"\(series)\" with long codes of its own")
      }
    case .certificate(let series, let amount):
      guard let found = try certificates.series(codes: [series], in: &tx)[series]?.details, found.mayBeBrought(with: amount) else {
        return issues.add(
          pointer + "/certificate", "series_unfit",
          "there is no open series of certificates \"\(series)\" of that worth, with long codes and no PIN")
      }
    }
  }

  /// What a saved game means for its editions.
  private func settle(
    _ row: GameDetails, _ id: GameID, _ old: GameDetails?, after seen: SeenEdition?, by change: Change, in tx: inout Transaction
  ) throws {
    guard let old else { return try begin(1, of: row, id, after: nil, by: change, in: &tx) }
    let isOther = row.table.published != old.table.published
    guard row.isClosed || isOther || seen != nil else { return }
    guard let opened = try opened(id, in: &tx) else { return }
    if row.isClosed { return try close(opened, row, by: change, in: &tx) }
    if let seen, seen.number != opened.edition.number {
      // Sent twice: the edition that it asked for is open.
      if seen.number == opened.edition.number - 1, !isOther { return }
      throw Problem(
        .conflict, "edition_over",
        "edition \(seen.number) of the game \"\(old.code)\" is not open; \(opened.edition.number) is: look at it, and begin anew",
        cashier: LocalText(
          ru: "Тем временем начали другой выпуск. Посмотрите на него и, если нужно, начните ещё один",
          en: "Another edition began meanwhile. Look at it, and begin one more if you have to"))
    }
    if let seen, seen.isOutdated(by: opened.edition) {
      throw Problem(
        .conflict, "stock_moved", "prizes were won meanwhile; look at what is left, and save again",
        cashier: LocalText(
          ru: "Пока форма была открыта, призы выигрывали. Запас исправлен: проверьте его и начните выпуск снова",
          en: "Prizes were won while the form was open. The stock is put right: look at it, and begin the edition again"))
    }
    if opened.edition.drawn == 0 { return isOther ? try replace(opened.edition, row, by: change, in: &tx) : () }
    guard seen != nil else {
      throw Problem(
        .conflict, "game_fixed",
        "somebody has played the game \"\(old.code)\": its prizes and chances stand as published; begin a new edition")
    }
    try close(opened, row, by: change, in: &tx)
    try begin(opened.edition.number + 1, of: row, id, after: opened, by: change, in: &tx)
  }

  /// Ends a game for good and reveals the seed of its edition; harmless when repeated.
  /// - Throws: `Problem.notFound` (`game_unknown`).
  public func close(_ id: GameID, by change: Change, in tx: inout Transaction) throws {
    _ = try save([game(id, in: &tx).details.closed], by: change, in: &tx)
  }

  // Editions.

  /// A seed, and behind it a secret for marks, which is never revealed: both under one seal.
  private func newSeed(_ id: GameID, _ number: Int64) throws -> (sealed: String, dice: SeededDice) {
    guard let keys else { throw Self.keyless }
    let (seed, marks) = (keys.secret(SeededDice.size), keys.secret(SeededDice.size))
    return (try keys.seal(seed + marks, for: Self.place(id, number)), SeededDice(seed: seed))
  }

  private func begin(
    _ number: Int64, of row: GameDetails, _ id: GameID, after last: OpenEdition?, by change: Change, in tx: inout Transaction
  ) throws {
    guard !row.isClosed else {
      throw Problem(.conflict, "game_closed", "a game begins open; close it when it is over")
    }
    let (sealed, dice) = try newSeed(id, number)
    let table = bound(row, at: change.at)
    let values: [Value] = [
      id.value, number.value, account.value, sealed.value, dice.commitment.value, table.text(amounts).value, change.at.value,
      // The day's draws go on being counted.
      (last?.day ?? CivilDay(number: 0)).value, (last?.dayDrawn ?? 0).value,
    ]
    try tx.insert([values], into: GamesSchema.edition, GameSQL.insertedEdition)
    try insertPrizes(of: table, id, number, in: &tx)
    try note("game.began", id, number, dice.commitment, table, by: change, in: &tx)
  }

  private func replace(_ edition: GameEdition, _ row: GameDetails, by change: Change, in tx: inout Transaction) throws {
    let (sealed, dice) = try newSeed(edition.game, edition.number)
    let table = bound(row, at: change.at)
    let text = table.text(amounts)
    guard
      try tx.run(
        GameSQL.replace(account, edition.game, edition.number, sealed, dice.commitment, text, at: change.at)) == 1
    else { return }
    try tx.run(GameSQL.forget(account, edition.game, prizesOf: edition.number))
    try insertPrizes(of: table, edition.game, edition.number, in: &tx)
    try note("game.began", edition.game, edition.number, dice.commitment, table, by: change, in: &tx)
  }

  private func close(_ opened: OpenEdition, _ row: GameDetails, by change: Change, in tx: inout Transaction) throws {
    let edition = opened.edition
    let dice = try secrets(opened).dice
    try tx.run(GameSQL.close(account, edition.game, edition.number, revealing: dice.revealed, at: change.at))
    try note("game.revealed", edition.game, edition.number, dice.commitment, edition.table, by: change, in: &tx)
  }

  private func insertPrizes(of table: PrizeTable, _ id: GameID, _ number: Int64, in tx: inout Transaction) throws {
    let rows = table.all.enumerated().map { place, prize -> [Value] in
      [id.value, number.value, Int64(place).value, account.value, (place == table.last ? nil : prize.stock).value]
    }
    try tx.insert(rows, into: GamesSchema.prize, GameSQL.insertedPrize)
  }

  private func note(
    _ act: String, _ id: GameID, _ number: Int64, _ commitment: String, _ table: PrizeTable, by change: Change,
    in tx: inout Transaction
  ) throws {
    let after: JSON = .object([
      "edition": .int(number), "commitment": .string(commitment), "fingerprint": .string(fingerprint(of: table.text(amounts))),
    ])
    try AuditTrail(of: account).record([.did(act, id, after: after)], by: change, in: &tx)
  }

  /// The table as its edition publishes it: a hunt's says where its days begin.
  private func bound(_ row: GameDetails, at now: Instant) -> PrizeTable {
    var table = row.table
    if row.hunt != nil { table.dayOffset = Int64(zone.offset(at: now)) }
    return table
  }

  static func place(_ id: GameID, _ edition: Int64) -> String { "game \(id) \(edition)" }

  static var keyless: Problem {
    Problem(
      .conflict, "secrets_key_configuration",
      "a game's seed is sealed under a key, and the configuration has no secrets.key; name one")
  }
}
