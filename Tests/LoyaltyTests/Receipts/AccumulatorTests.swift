import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Sums over a member's receipts of a period: kept with each sale, taken back with each return.
@Suite struct AccumulatorTests {
  private static let visits = Accumulator(.visits, within: .week)
  private static let milk = Accumulator(.amount, of: .products(IDList([Till.milk])), within: .month)
  private static let pieces = Accumulator(.quantity, of: .products(IDList([Till.milk])), within: .always)
  private static let receipts = Accumulator(.receipts, of: .products(IDList([Till.tea])), within: .day)

  /// A hundred points for the third visit of a week, a rouble off every milk once milk for 500.00 was bought in a month.
  private static let promotions = [
    Till.promotion(2, .earnFixed(Points(units: 100)), condition: .accumulated(visits, Bounds(atLeast: 3, atMost: 3))),
    Till.promotion(
      3, .amountPerUnit(Money(minor: 100)), target: .products(IDList([Till.milk])),
      condition: .accumulated(milk, Bounds(atLeast: 50_000))),
    Till.promotion(4, .earnFixed(Points(units: 7)), condition: .accumulated(pieces, Bounds(atLeast: 1_000_000))),
    Till.promotion(5, .earnFixed(Points(units: 9)), condition: .accumulated(receipts, Bounds(atLeast: 5))),
  ]

  /// Monday of the week that `Till.noon`, a Saturday, lies in.
  private static func day(_ number: Int64) -> Instant { Till.noon + .days(number - 5) }

  @Test(arguments: TestDatabase.available) func `the third visit of a week is known, whatever comes between`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind, promotions: Self.promotions) { till in
      let anna = till.shopper(1)
      // The Sunday before belongs to the week before.
      for (number, day) in [-1, 0, 2].enumerated() {
        let sold = try await till.sell(Int64(number), till.basket(tea: 1, at: Self.day(Int64(day))), to: anna)
        #expect(sold.earned == Points(units: 12), "day \(day)")
      }
      let second = till.basket(tea: 1, at: Self.day(2) + .hours(3))
      #expect(try await till.sell(3, second, to: anna).earned == Points(units: 12), "the same day in the same store is one visit")
      let third = try await till.sell(4, till.basket(tea: 1, at: Self.day(4)), to: anna)
      #expect(third.earned == Points(units: 112))
      #expect(try await till.sell(4, till.basket(tea: 1, at: Self.day(4)), to: anna) == third, "asked again")
      #expect(try await till.sell(5, till.basket(tea: 1, at: Self.day(5)), to: anna).earned == Points(units: 12), "the fourth")
      let receipt = try await till.receipt(4)
      let again = try receipt.priced(by: till.rules.current)
      #expect(again.earned == receipt.earned, "by its own facts, in years")
      let wallet = try await till.wallet(anna)
      #expect(wallet.given(Self.visits.id)?.total.uses == 5)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `an amount counts across the receipts of its month, this one included`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind, promotions: Self.promotions) { till in
      let anna = till.shopper(1)
      let first = try await till.sell(1, till.basket(milk: 3), to: anna)
      #expect(first.amount == Money(minor: 30_000))
      // 300.00 before and 200.00 now make it; what is counted is what was paid in the end.
      #expect(try await till.sell(2, till.basket(milk: 2, at: Till.noon + .hours(1)), to: anna).amount == Money(minor: 19_800))
      #expect(try await till.wallet(anna).given(Self.milk.id)?.total.money == Money(minor: 49_800))
      let december = Till.noon + .days(12)
      #expect(try await till.sell(3, till.basket(milk: 2, at: december), to: anna).amount == Money(minor: 20_000), "a new month")
      #expect(try await till.sell(4, till.basket(milk: 2), to: till.shopper(2)).amount == Money(minor: 20_000), "somebody else")
      #expect(try await till.sell(5, till.basket(milk: 9), to: .nobody).amount == Money(minor: 90_000), "nobody has no month")
    }
  }

  @Test(arguments: TestDatabase.available, ReturnTerms.Money.allCases)
  func `what goes back is not counted any more, in one step or in many`(
    on kind: TestDatabase, money: ReturnTerms.Money
  ) async throws {
    try await Till.on(kind, promotions: Self.promotions, terms: ReturnTerms(money: money)) { till in
      let anna = till.shopper(1)
      try await till.sell(1, till.basket(milk: 1, tea: 1), to: anna)
      let before = try await till.wallet(anna)
      for (round, steps) in [[[3, 2]], [[1, 0], [1, 1], [1, 1]], [[0, 2], [3, 0]]].enumerated() {
        let number = Int64(10 + round)
        try await till.sell(number, till.basket(milk: 3, tea: 2, at: Till.noon + .minutes(number)), to: anna)
        let sold = try await till.wallet(anna)
        #expect(sold.given(Self.pieces.id)?.total.money == Money(minor: 4_000), "thousandths of milk")
        #expect(sold.given(Self.visits.id)?.total.uses == 1, "the same visit")
        for (step, pieces) in steps.enumerated() {
          let lines = [
            Return.Line(.line("1"), quantity: .pieces(Int64(pieces[0]))), .init(.line("2"), quantity: .pieces(Int64(pieces[1]))),
          ]
          try await till.takeBack(
            till.goods(number * 10 + Int64(step), of: number, lines.filter { $0.quantity > .zero }), request: "\(number) \(step)")
          if step == 0, steps.count == 3 {
            let wallet = try await till.wallet(anna)
            #expect(wallet.given(Self.milk.id)?.total.money == Money(minor: 30_000), "one milk of three is back")
            #expect(wallet.given(Self.receipts.id)?.total.uses == 2, "its tea stayed")
          }
        }
        let after = try await till.wallet(anna)
        #expect(after.tallies == before.tallies && after.history == before.history && after.balances == before.balances)
      }
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a receipt that finds its member late counts, and its return takes it back`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind, promotions: Self.promotions) { till in
      let anna = till.shopper(1)
      try await till.sell(1, till.basket(milk: 3), to: .nobody)
      guard case .member(let member, _) = anna else { return }
      let key = till.key(1)
      try await till.database.write { tx in
        _ = try till.receipts.attach(key, to: member, request: RequestKey("late"), at: Till.noon + .hours(2), in: &tx)
      }
      #expect(try await till.wallet(anna).given(Self.milk.id)?.total.money == Money(minor: 30_000))
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"), quantity: .pieces(1))]), request: "one back")
      #expect(try await till.wallet(anna).given(Self.milk.id)?.total.money == Money(minor: 20_000))
      try await till.takeBack(till.goods(2, of: 1, [.init(.line("1"), quantity: .pieces(2))]), request: "the rest")
      #expect(try await till.wallet(anna).tallies.isEmpty)
    }
  }

  @Test func `visits of long ago are forgotten, sums are not`() {
    var wallet = Wallet()
    let points = PointsTerms(zone: .moscow)
    for (number, store) in (1...3).enumerated() {
      let day = CivilDay(number: 20_700 + Int32(number) * 10)
      let uses = [
        Use(promotion: Accumulator.visits(of: StoreID(Int64(store))), day: day, given: Given(uses: 1)),
        Use(promotion: Self.visits.id, day: Self.visits.period.start(of: day), given: Given(uses: 1)),
      ]
      wallet.record(.zero, at: Till.noon, uses: uses, points)
    }
    #expect(wallet.tallies.filter { Accumulator.isVisit($0.promotion) }.map(\.latest.first?.day.number) == [20_720])
    #expect(wallet.given(Self.visits.id)?.total.uses == 3)
    let old = Use(promotion: Accumulator.visits(of: StoreID(1)), day: CivilDay(number: 20_700), given: Given(uses: 1))
    wallet.unrecord(.zero, uses: [old], sale: nil, points)
    #expect(wallet.given(old.promotion) == nil && wallet.fault == nil)
  }

  @Test func `periods begin where the calendar says`() {
    // Saturday, 21 November 2026.
    let day = CivilDay(year: 2026, month: 11, day: 21) ?? CivilDay(number: 0)
    let starts = Accumulator.Period.allCases.map { $0.start(of: day).description }
    #expect(starts == ["2026-11-21", "2026-11-16", "2026-11-01", "2026-10-01", "2026-01-01", "1970-01-01"])
  }

  @Test func `equal questions are one sum, others are others`() {
    let again = Accumulator(.amount, of: .products(IDList([Till.milk, Till.milk])), within: .month)
    #expect(again.id == Self.milk.id)
    let all = [Self.visits, Self.milk, Self.pieces, Self.receipts, Accumulator(.amount, within: .month)]
    let nested = [ProductFilter.all([.everything]), .any([.everything]), .none([.everything]), .all([.everything, .everything])]
    #expect(Set((all + nested.map { Accumulator(.amount, of: $0, within: .month) }).map(\.id)).count == 9)
  }
}
