import Access
import Calculator
import Jobs
import Kernel
import Storage

/// What a draw came to, for whoever plays.
public struct Won: Hashable, Sendable {
  public let game: Known<GameDetails>
  public let draw: GameDraw
  /// The edition's, and that of its table.
  public let commitment: String
  public let fingerprint: String
  /// By which the member finds the draw in the published log.
  public let mark: String
  public let prize: Prize
  /// Until when the coupon or certificate is good, as it stands when this is said.
  public let until: Instant?
  public let turnsLeft: Int64
  /// Collections that what was found completed.
  public var completions: [Completion] = []
}

extension Games {
  /// One turn of a member becomes one draw. Sent again under the same request key it is the same draw with the same answer.
  ///
  /// Draws of one game come one after another at the row of its edition: ten statements, and those of a wallet where points are won.
  /// - Throws: `Problem.notFound` (`game_unknown`); `Problem.conflict`: `game_not_begun`, `game_over`, `no_turns`, `member_daily_limit`,
  ///   `game_daily_limit`, `prize_undeliverable`, `secrets_key_configuration`, `request_key_reused`.
  public func draw(
    _ code: String, by member: MemberID, at store: StoreID?, request: RequestKey, bodyHash: Int64 = 0, change: Change,
    in tx: inout Transaction
  ) throws -> Won {
    let game = try game(code: code, in: &tx)
    let id: GameDrawID = change.id()
    var body = StableHash()
    body.mix("draw")
    for number in [game.id.raw, member.raw, bodyHash] { body.mix(number) }
    let earlier = try NaturalKeys(of: account).once(
      request, owner: member.raw, target: id.raw, body: body, at: change.at, in: &tx)
    if let earlier { return try answer(GameDrawID(earlier), of: game, in: &tx) }
    return try play(id, of: game, by: member, at: store, .turn, change, in: &tx)
  }

  /// A draw that nobody has made yet, under an id of its own.
  func play(
    _ id: GameDrawID, of game: Known<GameDetails>, by member: MemberID, at store: StoreID?, _ source: DrawSource, _ change: Change,
    in tx: inout Transaction
  ) throws -> Won {
    let today = zone.civil(at: change.at).day
    try mayPlay(game.details, member, try turns(of: member, in: game.id, in: &tx), today, at: change.at)
    guard let opened = try opened(game.id, in: &tx) else { throw Self.over }
    let edition = opened.edition
    let drawnToday = opened.day == today ? opened.dayDrawn : 0
    if let cap = game.details.gameDaily, drawnToday >= cap { throw Self.gameDailyLimit(cap) }
    let secrets = try secrets(opened)
    let number = edition.drawn + 1
    let roll = Int64(secrets.dice.roll(GameEdition.text(game.details.code, edition.number, number), below: UInt64(Rate.whole.ppm)))
    let hit = edition.table.place(of: roll)
    var draw = GameDraw(
      id: id, game: game.id, edition: edition.number, number: number, member: member, store: store, at: change.at, roll: roll,
      hit: hit, given: edition.table.given(hit, after: edition.given), code: nil, adjustment: nil)
    let (tally, done) = try give(&draw, in: edition, of: game, source, change, in: &tx)
    // The last of them to be locked, as a sale does it, which has the wallet by then.
    try use(of: game, member, today, at: change.at, in: &tx)
    try tx.enqueue(DrawSQL.count(account, game.id, edition.number, to: number, on: today, drawnToday + 1))
    try tx.enqueue(tally.map { HuntSQL.give(account, draw, $0) } ?? DrawSQL.give(account, game.id, edition.number, draw.given))
    try tx.insert([DrawSQL.values(draw, account)], into: GamesSchema.draw, DrawSQL.inserted)
    var won = try told(draw, game, edition, secrets.marks, in: &tx)
    won.completions = try dated(done, in: &tx)
    return won
  }

  /// What was drawn: a prize is delivered, a find is put into the album where its day's limits let it be found.
  /// - Returns: the day's count of a find that has limits, and the collections that it completed.
  private func give(
    _ draw: inout GameDraw, in edition: GameEdition, of game: Known<GameDetails>, _ source: DrawSource, _ change: Change,
    in tx: inout Transaction
  ) throws -> (tally: DayTally?, done: [Completion]) {
    let table = edition.table
    guard game.details.hunt != nil else {
      let gift = try deliver(
        table.all[draw.given], draw: "\(game.details.code)-\(edition.number):\(draw.number)", to: draw.member, change, in: &tx)
      (draw.code, draw.adjustment) = (gift.code, gift.adjustment)
      return (nil, [])
    }
    var tally: DayTally?
    if let find = table.all[draw.given].find, find.isCapped {
      tally = try admitted(draw, find, edition, in: &tx)
      if tally == nil { draw.given = table.last }
    }
    guard let find = table.all[draw.given].find else {
      draw.isEmpty = true
      return (nil, [])
    }
    return (tally, try collect(find.code, draw, of: game, source, change, in: &tx))
  }

  private func use(
    of game: Known<GameDetails>, _ member: MemberID, _ today: CivilDay, at now: Instant, in tx: inout Transaction
  ) throws {
    let cap = game.details.memberDaily ?? .max
    guard try tx.run(DrawSQL.use(account, member, game.id, on: today, atMost: cap)) == 1 else {
      try mayPlay(game.details, member, try turns(of: member, in: game.id, in: &tx), today, at: now)
      throw Self.noTurns
    }
  }

  private func mayPlay(
    _ game: GameDetails, _ member: MemberID, _ turns: Turns?, _ today: CivilDay, at now: Instant
  ) throws(Problem) {
    if game.isClosed { throw Self.over }
    if let from = game.from, now < from {
      throw Problem(
        .conflict, "game_not_begun", "the game begins at \(from.text)",
        cashier: LocalText(ru: "Игра ещё не началась", en: "The game has not begun"))
    }
    if let until = game.until, now >= until { throw Self.over }
    guard let turns, turns.left > 0 else { throw Self.noTurns }
    if let cap = game.memberDaily, turns.used(on: today) >= cap {
      throw Problem(
        .conflict, "member_daily_limit", "a member plays at most \(cap) times a day; the turns stay for another day",
        cashier: LocalText(
          ru: "На сегодня попытки кончились. Остальные останутся на завтра", en: "No more today. The other turns stay for tomorrow")
      )
    }
  }

  private static func gameDailyLimit(_ cap: Int64) -> Problem {
    Problem(
      .conflict, "game_daily_limit", "the game is played at most \(cap) times a day; turns stay for another day",
      cashier: LocalText(
        ru: "Сегодня сыграли все розыгрыши дня. Попытка останется", en: "All draws of the day are played. The turn stays"))
  }

  private static var noTurns: Problem {
    Problem(
      .conflict, "no_turns", "the member has no turn left in this game",
      cashier: LocalText(ru: "Попыток не осталось", en: "No turns are left"))
  }

  private static var over: Problem {
    Problem(.conflict, "game_over", "the game is over", cashier: LocalText(ru: "Игра окончена", en: "The game is over"))
  }

  /// Gives what was won.
  func deliver(
    _ prize: Prize, draw name: String, to member: MemberID, _ change: Change, in tx: inout Transaction
  ) throws -> (code: String?, adjustment: AdjustmentID?) {
    var generator = SystemRandomNumberGenerator()
    switch prize.gift {
    case .nothing, .thing: return (nil, nil)
    case .points(let points):
      return (nil, try wallets.award(points, to: member, for: name, change, in: &tx))
    case .coupon(let series):
      guard let coupon = try coupons.give(series, to: member, by: change, in: &tx) else {
        throw Self.undeliverable(name, series)
      }
      return (coupon.code, nil)
    case .certificate(let series, let amount):
      let given = try certificates.give(
        [(series: series, amount: amount)], at: change.at, now: change.at, using: &generator, in: &tx)
      guard let certificate = given.first else { throw Self.undeliverable(name, series) }
      try certificates.save(
        given.map(\.given), because: .staff(change.actor.description, reason: "won, \(name)"), at: change.at,
        on: zone.civil(at: change.at).day, now: change.at, in: &tx)
      return (certificate.code.uppercased(), nil)
    }
  }

  private static func undeliverable(_ draw: String, _ series: String) -> Problem {
    Problem(
      .conflict, "prize_undeliverable",
      "draw \(draw) cannot be made: the series \"\(series)\" gives nothing any more; open it again, or close the game",
      cashier: LocalText(ru: "Розыгрыш приостановлен. Попытка останется", en: "The game has paused. The turn stays"))
  }

  func answer(_ id: GameDrawID, of game: Known<GameDetails>, in tx: inout Transaction) throws -> Won {
    guard let draw = try tx.row(DrawSQL.byID(account, game.id, id)).map(DrawSQL.draw) else {
      throw StorageFailure.damaged("draw \(id) has a request key and no row")
    }
    let edition = try edition(draw.edition, of: game.id, in: &tx)
    var won = try told(draw, game, edition, secrets(of: edition, in: &tx).marks, in: &tx)
    if won.prize.find != nil {
      let done = try tx.rows(HuntSQL.completions(account, game.id, of: draw.member, by: draw.id))
      won.completions = try dated(done.map { try HuntSQL.completion($0, amounts) }, in: &tx)
    }
    return won
  }

  private func told(
    _ draw: GameDraw, _ game: Known<GameDetails>, _ edition: GameEdition, _ marks: SecretMarks, in tx: inout Transaction
  ) throws -> Won {
    let prize = edition.table.all[draw.given]
    let until = try draw.code.flatMap { try end(of: prize.gift, $0, in: &tx) }
    return Won(
      game: game, draw: draw, commitment: edition.commitment, fingerprint: edition.fingerprint,
      mark: marks.mark(Self.markText(game.details.code, draw)), prize: prize,
      until: until, turnsLeft: try turns(of: draw.member, in: game.id, in: &tx)?.left ?? 0)
  }

  /// Until when a code that was won is good.
  private func end(of gift: Prize.Gift, _ code: String, in tx: inout Transaction) throws -> Instant? {
    switch gift {
    case .coupon: try coupons.coupon(code, in: &tx)?.until
    case .certificate: try certificates.certificate(code, in: &tx)?.certificate.until
    case .nothing, .points, .thing: nil
    }
  }

  /// With the ends of their codes.
  private func dated(_ completions: [Completion], in tx: inout Transaction) throws -> [Completion] {
    try completions.map { completion in
      var dated = completion
      if let code = completion.code { dated.until = try end(of: completion.prize.gift, code, in: &tx) }
      return dated
    }
  }

  /// A member has one mark in an edition, and another in the next: nobody follows them from one to the other.
  static func markText(_ code: String, _ draw: GameDraw) -> String { "\(code)-\(draw.edition)/\(draw.member)" }
}

extension Wallets {
  /// Promotional points that a member won: booked with an origin of their own, spendable at once.
  func award(
    _ amount: Points, to member: MemberID, for draw: String, _ change: Change, in tx: inout Transaction
  ) throws -> AdjustmentID {
    let id: AdjustmentID = change.id()
    var open = try open(member.raw, at: change.at, in: &tx)
    let grant = Grant(amount, kind: .promotional, origin: .adjustment(id), activation: .atOnce)
    open.entries += open.wallet.earn([grant], on: Occasion(.adjustment(id), at: change.at, posted: change.at), terms)
    try save(open, at: change.at, in: &tx)
    let after: JSON = .object([
      "adjustment": .string("\(id)"), "programme": .string("\(programme)"), "points": .string(text(amount)), "draw": .string(draw),
    ])
    try AuditTrail(of: account).record([.did("points.won", member, after: after)], by: change, in: &tx)
    try tell(.pointsAdjusted, open, subject: id.raw, at: change.at, in: &tx)
    return id
  }
}
