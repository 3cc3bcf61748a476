import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What receipts of a what-if leave to those after them. The answer is known: the same baskets sold with the draft in force.
@Suite struct WhatIfMemoryTests {
  private struct Basket: Sendable {
    let milk: Int64
    let tea: Int64
    let time: Instant
    /// Nil for nobody.
    let member: Int64?
  }

  /// Two weeks of some members who often come twice a day.
  private static func baskets(_ seed: UInt64) -> [Basket] {
    var dice = Dice(seed: seed)
    var time = Till.noon
    return (0..<70).map { _ in
      time = time + .hours(dice.roll(1...9))
      return Basket(
        milk: dice.roll(0...3), tea: dice.roll(1...2), time: time, member: dice.roll(0...5) == 0 ? nil : dice.roll(1...4))
    }
  }

  private static func sell(_ baskets: [Basket], _ till: Till) async throws -> (amount: Money, earned: Points) {
    var (amount, earned) = (Money.zero, Points.zero)
    for (number, basket) in baskets.enumerated() {
      let sold = try await till.sell(
        Int64(number), till.basket(milk: basket.milk, tea: basket.tea, at: basket.time),
        to: basket.member.map { till.shopper($0) } ?? .nobody)
      amount += sold.amount
      earned += sold.earned
    }
    return (amount, earned)
  }

  private static let tenOff = Benefit.percent(.percent(10), of: .reduced)
  private static let visits = Accumulator(.visits, within: .week)
  private static let spent = Accumulator(.amount, of: .products(IDList([Till.milk])), within: .month)

  private static func limited(_ limits: PromotionLimits) -> Promotion { Till.promotion(2, tenOff, limits: limits) }

  private static func each(_ scope: LimitScope, uses: Int64? = nil, money: Int64? = nil) -> PromotionLimits {
    var limits = PromotionLimits()
    limits[scope] = LimitSizes(uses: uses, money: money.map { Money(minor: $0) })
    return limits
  }

  /// Kinds of memory by name.
  private static let drafts: [(String, [Promotion])] = [
    ("once for each member", [limited(PromotionLimits(perMember: 1))]),
    ("twice a day for each member", [limited(PromotionLimits(perMemberDay: 2))]),
    ("three times a day in a store", [limited(PromotionLimits(perStoreDay: 3))]),
    ("eight times a day in all stores", [limited(each(.day, uses: 8))]),
    ("so many roubles a day in all stores", [limited(each(.day, money: 9_000))]),
    ("twenty times in all", [limited(PromotionLimits(total: 20))]),
    ("so many roubles for each member", [limited(each(.member, money: 9_000))]),
    ("so many roubles a day for each member", [limited(each(.memberDay, money: 2_000))]),
    ("so many roubles a day in a store", [limited(each(.storeDay, money: 5_000))]),
    ("so many roubles in a store", [limited(each(.store, money: 40_000))]),
    ("a budget of money", [limited(PromotionLimits(budgetMoney: Money(minor: 30_000)))]),
    (
      "a budget of points",
      [Till.promotion(2, .earnFixed(Points(units: 50)), limits: PromotionLimits(perMember: 9, budgetPoints: Points(units: 700)))]
    ),
    ("until the first milk", [Till.promotion(2, tenOff, condition: .firstPurchaseOf(.bought(.products(IDList([Till.milk])))))]),
    ("from the third visit of the week", [Till.promotion(2, tenOff, condition: .accumulated(visits, Bounds(atLeast: 3)))]),
    (
      "for a thousand roubles of milk a month, and once",
      [
        Till.promotion(
          2, tenOff, condition: .accumulated(spent, Bounds(atLeast: 100_000)), limits: PromotionLimits(perMember: 2)),
        Till.promotion(3, .earnFixed(Points(units: 9)), condition: .accumulated(visits, Bounds(atLeast: 2, atMost: 4))),
      ]
    ),
  ]

  @Test(arguments: TestDatabase.available) func `a draft that counts comes to what selling with it comes to`(
    on kind: TestDatabase
  ) async throws {
    for (number, (name, promotions)) in Self.drafts.enumerated() {
      let baskets = Self.baskets(UInt64(number))
      // On PostgreSQL members come one after another, so what all share is used up by others.
      let isShared = promotions.contains { $0.limits.countsAll }
      let (report, now) = try await WhatIfTests.open(kind) { till, programme in
        let sold = try await Self.sell(baskets, till)
        let draft = RuleBook(
          version: 2, terms: till.rules.current.terms, promotions: till.rules.current.promotions + promotions)
        let whatIf = WhatIf(draft, against: till.rules.current, of: programme)
        let report = try await whatIf.run(WhatIfTests.whole(till), on: till.database)
        let sample = try await whatIf.run(.sample(since: Till.noon, most: 1_000), on: till.database)
        #expect(isShared && !kind.isSQLite || sample.change == report.change, "a sample of everything, \(name)")
        return (report, sold)
      }
      #expect(report.remembers && report.receipts == baskets.count)
      let then = try await WhatIfTests.open(kind, promotions: promotions) { till, _ in try await Self.sell(baskets, till) }
      #expect(now.amount > then.amount || now.earned < then.earned, "the draft does something: \(name)")
      guard !isShared || kind.isSQLite else { continue }
      #expect(report.change.discount == now.amount - then.amount, "\(name)")
      #expect(report.change.points == then.earned - now.earned, "\(name)")
    }
  }
}

extension TestDatabase {
  fileprivate var isSQLite: Bool { if case .sqlite = self { true } else { false } }
}
