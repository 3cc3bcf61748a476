import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What rules ask about a household.
@Suite struct HouseholdRuleTests {
  private static let bought = Accumulator(.amount, within: .month, by: .household)
  private static let visits = Accumulator(.visits, within: .week, by: .household)

  private static func off(_ id: Int64, _ money: Int64, _ condition: Condition) -> Promotion {
    Till.promotion(id, .amount(Money(minor: money)), condition: condition)
  }

  @Test(arguments: TestDatabase.available) func `the size of a household, as it is when the basket is priced`(
    on kind: TestDatabase
  ) async throws {
    let promotions = [
      Self.off(2, 100, .household(Bounds())), Self.off(3, 1_000, .household(Bounds(atLeast: 3))),
      Self.off(4, 10, .none([.household(Bounds())])),
    ]
    try await HouseholdShop.on(kind, promotions: promotions) { shop in
      let household = try await shop.found(1)
      @Sendable func off(_ place: Int) async throws -> Int64 {
        10_000 - (try await shop.quote(1, to: shop.members[place], spend: 0).calculation.amount.minor)
      }
      let found = [try await off(0), try await off(1), try await off(2)]
      #expect(found == [100, 100, 10])
      try await shop.join(shop.members[2], household)
      #expect(try await off(0) == 1_100)
      #expect(try await shop.sell(1, 1, to: shop.members[0]).amount == Money(minor: 8_900))
      try await shop.ground.write { tx in try shop.households.leave(shop.members[0], by: shop.change(), in: &tx) }
      #expect(try await off(0) == 10)
      // The receipt keeps what it was sold by.
      #expect(try await shop.takeBack(1, 1, of: 1).amount == Money(minor: 8_900))
      let report = try await shop.audit()
      #expect(report.isClean && report.recalculated == 1, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `sums over a household are those of its members, whoever bought and brought back`(
    on kind: TestDatabase
  ) async throws {
    let promotions = [
      Self.off(2, 100, .accumulated(Self.bought, Bounds(atLeast: 50_000))),
      Self.off(3, 1_000, .accumulated(Self.visits, Bounds(atLeast: 3))),
      Self.off(4, 10, .accumulated(Self.bought.ofMember, Bounds(atLeast: 50_000))),
    ]
    try await HouseholdShop.on(kind, promotions: promotions) { shop in
      let (anna, boris) = (shop.members[0], shop.members[1])
      let household = try await shop.found(1)
      #expect(try await shop.sell(1, 2, to: anna).amount == Money(minor: 20_000))
      #expect(try await shop.sell(2, 2, to: boris).amount == Money(minor: 40_000 - 20_000))
      // 400.00 so far and two visits: with this one it is the third, if another of them comes.
      try await shop.join(shop.members[2], household)
      #expect(try await shop.sell(3, 1, to: shop.members[2]).amount == Money(minor: 10_000 - 100 - 1_000))
      try await shop.takeBack(1, 2, of: 2)
      #expect(try await shop.sell(4, 1, to: anna).amount == Money(minor: 10_000))
      // Alone one has nobody's sums but one's own, and a household's sum is nothing to who is in none.
      try await shop.ground.write { tx in try shop.households.leave(anna, by: shop.change(), in: &tx) }
      #expect(try await shop.sell(5, 2, to: anna).amount == Money(minor: 20_000 - 10))
      let report = try await shop.audit()
      #expect(report.isClean && report.recalculated == 5, "\(report.differences)")
    }
  }
}
