import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Status points: what receipts count towards a tier, and returns take back.
@Suite struct StatusTests {
  /// Three points for every full 100.00 of money.
  static let perStep = StatusEarning.perStep(Points(units: 3), step: Money(minor: 10_000))

  private static func on(
    _ kind: TestDatabase, _ way: StatusEarning?, promotions: [Promotion] = [], refund: ReturnTerms = ReturnTerms(),
    _ change: (inout ProgrammeTerms) -> Void = { _ in }, _ test: @Sendable (Till) async throws -> Void
  ) async throws {
    var terms = ProgrammeTerms()
    terms.earning.status = way
    change(&terms)
    let programme = terms
    try await kind.withDatabase(Till.tables) { database in
      try await test(Till(database, promotions: promotions, terms: refund, programme: programme))
    }
  }

  @Test(
    arguments: TestDatabase.available,
    [(nil, 0, 0), (perStep, 12, 12), (.asEarned, 24, 20)] as [(StatusEarning?, Int64, Int64)])
  func `a receipt counts as its programme says, and the counter cannot be spent`(
    on kind: TestDatabase, setting: (way: StatusEarning?, whole: Int64, paidWithPoints: Int64)
  ) async throws {
    try await Self.on(kind, setting.way) { till in
      let (anna, boris) = (till.shopper(1), till.shopper(2))
      // 490.00: four full hundreds, and 24 points at 5 %.
      var basket = till.basket(milk: 2, tea: 1)
      basket.lines[1].price = Money(minor: 29_000)
      let sold = try await till.sell(1, basket, to: anna)
      #expect(sold.status == Points(units: setting.whole))
      let wallet = try await till.wallet(anna)
      #expect(wallet.status == sold.status && wallet.active == sold.earned)
      try await till.give(50, to: boris)
      let less = try await till.sell(2, till.basket(milk: 2, tea: 1, spend: 50), to: boris)
      #expect(less.status == Points(units: setting.paidWithPoints), "what points pay does not count")
      #expect(try await till.sell(1, basket, to: anna) == sold, "asked again")
      #expect(try await till.wallet(anna).status == sold.status)
      #expect(try await till.sell(3, basket, to: .nobody).status == .zero)
      let report = try await till.audit()
      #expect(report.isClean, "\(report.differences)")
      #expect(report.accounts[.status] ?? 0 == setting.whole + setting.paidWithPoints)
      #expect(report.accounts[.statusIssued] ?? 0 == -setting.whole - setting.paidWithPoints)
    }
  }

  @Test(arguments: TestDatabase.available, ReturnTerms.Money.allCases)
  func `returns take back what the rest does not count, and all of it in the end`(
    on kind: TestDatabase, money: ReturnTerms.Money
  ) async throws {
    try await Self.on(kind, Self.perStep, refund: ReturnTerms(money: money)) { till in
      let anna = till.shopper(1)
      try await till.sell(1, till.basket(milk: 3, tea: 1), to: anna)
      #expect(try await till.wallet(anna).status == Points(units: 15), "550.00 are five full hundreds")
      // What stays: 300.00, 200.00, nothing.
      let steps: [(String, Int64, Int64)] = [("2", 1, 9), ("1", 1, 6), ("1", 2, 0)]
      for (number, (line, pieces, left)) in steps.enumerated() {
        let lines = [Return.Line(.line(line), quantity: .pieces(pieces))]
        try await till.takeBack(till.goods(Int64(number), of: 1, lines), request: "back \(number)")
        #expect(try await till.wallet(anna).status == Points(units: left), "\(left)")
        let report = try await till.audit()
        #expect(report.isClean, "\(report.differences)")
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `a counter that was lowered meanwhile stops at zero`(on kind: TestDatabase)
    async throws
  {
    try await Self.on(kind, Self.perStep) { till in
      let anna = till.shopper(1)
      try await till.sell(1, till.basket(milk: 3), to: anna)
      try await till.sell(2, till.basket(milk: 1), to: anna)
      try await till.lowerStatus(by: 8, of: anna)
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"), quantity: .pieces(3))]), request: "back")
      #expect(try await till.wallet(anna).status == .zero)
      let report = try await till.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `an amount of the till's own counts as it was paid`(on kind: TestDatabase)
    async throws
  {
    try await Self.on(kind, Self.perStep) { till in
      let stated = [Sale.StatedLine(amount: Money(minor: 19_999), paidWithPoints: .zero)]
      let sold = try await till.sell(1, till.basket(milk: 3), to: till.shopper(1), stated: stated)
      #expect(sold.status == Points(units: 3), "199.99 is one full hundred")
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a receipt that finds its member later counts for them`(on kind: TestDatabase)
    async throws
  {
    try await Self.on(kind, Self.perStep) { till in
      let (anna, later) = (till.shopper(1), Till.noon + .days(2))
      try await till.sell(1, till.basket(milk: 4), to: .nobody)
      let key = till.key(1)
      guard case .member(let snapshot, _) = anna else { return }
      for _ in 0..<2 {
        _ = try await till.database.write { tx in
          try till.receipts.attach(key, to: snapshot, request: RequestKey("claim"), at: later, in: &tx)
        }
      }
      #expect(try await till.wallet(anna).status == Points(units: 12))
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"), quantity: .pieces(4))], at: later), request: "back")
      #expect(try await till.wallet(anna).status == .zero)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `who earns nothing counts nothing`(on kind: TestDatabase) async throws {
    let control = ControlGroup(salt: "2026", share: .percent(100), since: Till.noon)
    try await Self.on(kind, Self.perStep, { $0.control = control }) { till in
      let sold = try await till.sell(1, till.basket(milk: 4), to: till.shopper(1))
      #expect(sold.status == .zero, "the control group")
    }
    try await Self.on(kind, Self.perStep) { till in
      let card = Shopper.member(MemberSnapshot(id: MemberID(5), kind: .storeCard))
      #expect(try await till.sell(1, till.basket(milk: 4), to: card).status == .zero, "a shop's own card")
      let blocked = Shopper.member(MemberSnapshot(id: MemberID(6)), isBlocked: true)
      #expect(try await till.sell(2, till.basket(milk: 4), to: blocked).status == .zero, "a blocked member")
      let gift = Till.promotion(9, .earnFixed(Points(units: 70)))
      #expect(try await till.audit().isClean)
      try await Self.on(kind, .asEarned, promotions: [gift]) { till in
        let sold = try await till.sell(3, till.basket(milk: 4), to: till.shopper(1))
        #expect(sold.status == Points(units: 20) && sold.earned == Points(units: 90), "what is given once does not count")
      }
    }
  }

  @Test(
    arguments: TestDatabase.available,
    [
      "update posting set entries = '[[20,5,13,0]]' where cause = 1",
      "update wallet set status = status + 1",
      "update receipt set points = (select r.points from receipt r where r.owner_id = 1002) where owner_id = 1001",
    ])
  func `a counter that was tampered with is found`(on kind: TestDatabase, tampering: String) async throws {
    try await Self.on(kind, Self.perStep) { till in
      try await till.sell(1, till.basket(milk: 4), to: till.shopper(1))
      try await till.sell(2, till.basket(milk: 5), to: till.shopper(2))
      #expect(try await till.audit().isClean)
      let changed = try await till.database.write { tx in try tx.run(SQL(prepared: tampering, [])) }
      #expect(changed > 0)
      #expect(try await !till.audit().isClean)
    }
  }
}
