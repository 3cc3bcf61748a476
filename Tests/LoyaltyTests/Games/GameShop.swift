import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing

/// A till whose programme has one game.
struct GameShop: Sendable {
  /// Each shop has seeds and secrets of its own that come again when a test is run again.
  static func ring(_ fills: UInt8...) -> KeyRing? {
    let dice = Mutex(Dice(seed: 41))
    return KeyRing(fills.map { Array(repeating: $0, count: KeyRing.size) }) { dice.withLock { $0.next() } }
  }
  static func name(_ text: String) -> LocalText { LocalText(ru: "ру \(text)", en: text) }

  let till: Till
  let games: Games
  let id: GameID

  var change: Change { change(at: Till.noon) }
  func change(at now: Instant) -> Change { Change(by: .demo, at: now, ids: till.ids) }

  static func table(_ prizes: Prize..., consolation: Prize.Gift = .nothing) -> PrizeTable {
    PrizeTable(prizes, consolation: Prize(name("next time"), chance: .zero, gift: consolation))
  }

  static func prize(_ text: String, _ ppm: Int64, stock: Int64? = nil, _ gift: Prize.Gift = .nothing) -> Prize {
    Prize(name(text), chance: Rate(ppm: ppm), stock: stock, gift: gift)
  }

  static func details(_ table: PrizeTable, memberDaily: Int64? = nil, gameDaily: Int64? = nil, until: Instant? = nil) -> GameDetails
  {
    GameDetails(
      code: "WHEEL", name: name("Wheel"), until: until, memberDaily: memberDaily, gameDaily: gameDaily, table: table)
  }

  func give(_ turns: Int64, to member: Int64, key: String = "") async throws {
    try await till.database.write { tx in
      try games.give(
        turns, of: "wheel", to: MemberID(1000 + member), because: "sorry", request: RequestKey("turns \(member) \(key)"),
        by: change,
        in: &tx)
    }
  }

  @discardableResult func draw(_ member: Int64, _ request: String, at now: Instant = Till.noon) async throws -> Won {
    try await till.database.write(.till) { tx in
      try games.draw(
        "WHEEL", by: MemberID(1000 + member), at: StoreID(77), request: RequestKey("draw \(request)"), change: change(at: now),
        in: &tx)
    }
  }

  /// Why it was refused.
  func refusal(_ member: Int64, _ request: String, at now: Instant = Till.noon) async throws -> String? {
    do {
      try await draw(member, request, at: now)
      return nil
    } catch let problem as Problem { return problem.code }
  }

  func turns(_ member: Int64) async throws -> Turns? {
    try await till.database.read { tx in try games.turns(of: MemberID(1000 + member), in: id, in: &tx) }
  }

  func edition() async throws -> GameEdition {
    try await till.database.read { tx in try #require(try games.latest(of: [id], in: &tx)[id]) }
  }

  func save(_ details: GameDetails, anew: Bool = false) async throws {
    let seen = anew ? try await edition().seen : nil
    try await save(details, after: seen)
  }

  func save(_ details: GameDetails, after seen: SeenEdition?) async throws {
    try await till.database.write { tx in _ = try games.save([details], after: seen, by: change, in: &tx) }
  }

  /// The published log of the latest edition.
  func proof() async throws -> String {
    let edition = try await edition()
    return try await till.database.read { tx in
      let lines = try games.proofLines(of: edition, "WHEEL", after: 0, limit: Limits.bulk, in: &tx).lines
      return ([GameProof.head("WHEEL", edition)] + lines).joined(separator: "\n")
    }
  }

  func isClean() async throws -> Bool {
    let report = try await GameAudit(of: games).run(on: till.database)
    #expect(report.isClean && report.sealed == 0, "\(report.differences)")
    let certificates = try await CertificateAudit(of: till.receipts.certificates).run(on: till.database)
    let books = try await till.audit()
    return report.isClean && certificates.isClean && books.isClean
  }

  static func open(
    _ kind: TestDatabase, _ details: GameDetails, promotions: @Sendable (GameID) -> [Promotion] = { _ in [] },
    money: ReturnTerms.Money = .paidPrice, _ body: @Sendable (GameShop) async throws -> Void
  ) async throws {
    try await kind.withDatabase(Till.tables) { database in
      let keys = ring(7)
      let bare = Till(database, keys: keys)
      let id = try await database.write { tx -> GameID in
        try CouponShop.found(in: &tx)
        let change = Change(by: .demo, at: Till.noon, ids: bare.ids)
        _ = try Coupons(of: Till.account, programme: Till.programme, zone: .moscow).save([CouponShop.spring], by: change, in: &tx)
        _ = try bare.receipts.certificates.save([CertificateShop.gift], by: change, in: &tx)
        return try bare.receipts.games.save([details], by: change, in: &tx).ids[0]
      }
      let hunts = Hunts([Known(id: id, details: details)])
      let till = Till(
        database, promotions: promotions(id), terms: ReturnTerms(money: money), ids: bare.ids, keys: keys, hunts: hunts)
      try await body(GameShop(till: till, games: till.receipts.games, id: id))
    }
  }
}

extension GameEdition {
  /// As a form that is filled in now sees it.
  var seen: SeenEdition { SeenEdition(number, given: given) }
}
