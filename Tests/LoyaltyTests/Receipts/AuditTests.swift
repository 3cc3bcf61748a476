import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct AuditTests {
  /// A shopper who bought, spent, returned and was given points.
  private static func trade(_ till: Till) async throws {
    for number in Int64(1)...6 {
      let anna = till.shopper(number % 2)
      try await till.give(50, to: anna)
      try await till.sell(number, till.basket(milk: number, tea: 1, spend: 20), to: anna)
    }
    try await till.takeBack(till.goods(1, of: 3, [.init(.line("1"), quantity: .pieces(2))]), request: "back")
  }

  @Test(
    arguments: TestDatabase.available,
    [
      "update wallet set active = active + 1 where owner_id = 1001",
      "update wallet set doc = (select w.doc from wallet w where w.owner_id = 1000) where owner_id = 1001",
      "update receipt set earned = earned + 1 where owner_id = 1001 and state = 1",
      "update receipt set amount = amount + 1 where owner_id = 1000",
      "update receipt_return set given_back = given_back + 1",
      "update posting set entries = '[[10,2,5,1]]' where owner_id = 1001 and cause = 1",
      "delete from posting where owner_id = 1000 and cause = 7",
      "delete from receipt where owner_id = 1000",
      "update posting set owner_id = 4711 where owner_id = 1000 and cause = 1",
    ])
  func `whatever is tampered with is found`(on kind: TestDatabase, tampering: String) async throws {
    try await Till.on(kind) { till in
      try await Self.trade(till)
      let before = try await till.audit()
      #expect(before.isClean && before.receipts == 6 && before.returns == 1 && before.wallets == 2, "\(before.differences)")
      #expect(before.recalculated == 6)
      let changed = try await till.database.write { tx in try tx.run(SQL(prepared: tampering, [])) }
      #expect(changed > 0)
      let after = try await till.audit()
      #expect(!after.isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `points of members who do not come activate and expire in small chunks`(
    on kind: TestDatabase
  ) async throws {
    var points = PointsTerms(zone: .moscow)
    points.base = PointsTerms.Course(activation: .startOfDay(after: 14), life: .days(30))
    try await Till.on(kind, points: points) { till in
      for number in Int64(1)...5 { try await till.sell(number, till.basket(tea: 2), to: till.shopper(number)) }
      let advance: @Sendable (Instant) async throws -> Int = { now in
        try await till.database.write(.bulk) { tx in try till.wallets.advanceDue(limit: 3, at: now, in: &tx) }
      }
      #expect(try await advance(Till.noon + .days(13)) == 0)
      let active = Till.noon + .days(14)
      #expect(try await [advance(active), advance(active), advance(active)] == [3, 2, 0])
      #expect(try await till.wallet(till.shopper(5)).active == Points(units: 25))
      let over = Till.noon + .days(50)
      #expect(try await [advance(over), advance(over), advance(over)] == [3, 2, 0])
      #expect(try await till.wallet(till.shopper(5)).balances == Balances())
      let report = try await till.audit()
      #expect(report.isClean && report.accounts[.expired] == 125, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available, seeds(4)) func `a random year of a till leaves clean books`(
    on kind: TestDatabase, seed: UInt64
  ) async throws {
    let promotions = [
      Till.promotion(
        2, .percent(.percent(10), of: .reduced), condition: .amount(of: .everything, .reduced, Bounds(atLeast: 40_000))),
      Till.promotion(3, .earnFixed(Points(units: 30)), limits: PromotionLimits(perMember: 3, perMemberDay: 1)),
      Till.promotion(
        4, .amountPerUnit(Money(minor: 700)), target: .products(IDList([Till.tea])), limits: PromotionLimits(total: 9)),
    ]
    var points = PointsTerms(zone: .moscow)
    var dice = Dice(seed: seed)
    points.negative = dice.pick(NegativePolicy.allCases)
    points.base = PointsTerms.Course(
      activation: dice.pick([.atOnce, .startOfDay(after: 3)]), life: dice.pick([.days(20), .sliding(days: 30)]))
    let start = dice
    try await Till.on(kind, promotions: promotions, points: points) { till in
      var dice = start
      var now = Till.noon
      for number in Int64(1)...40 {
        now = now + .seconds(dice.roll(1...400_000))
        let shopper = dice.chance(10) ? Shopper.nobody : till.shopper(dice.roll(1...3))
        let basket = till.basket(milk: dice.roll(1...4), tea: dice.roll(0...2), spend: dice.roll(0...60), at: now)
        let stated =
          dice.chance(20)
          ? basket.lines.map { Sale.StatedLine(amount: Money(minor: $0.price.minor), paidWithPoints: Money(minor: 900)) } : nil
        try await till.sell(number, basket, to: shopper, stated: stated)
        if dice.chance(40) {
          let original = dice.roll(1...number)
          let lines = [Return.Line(.product(dice.pick([Till.milk, Till.tea])), quantity: .pieces(dice.roll(1...3)))]
          try await till.takeBack(till.goods(number, of: original, lines, at: now + .seconds(5)), request: "back \(number)")
        }
      }
      let report = try await till.audit()
      #expect(report.isClean && report.receipts == 40, "seed \(seed): \(report.differences)")
    }
  }
}
