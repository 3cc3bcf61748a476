import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A tier that a promotion gives with a receipt, for a time.
@Suite struct TierGiftTests {
  private static let noon = SubscriptionShop.noon
  private static func day(_ text: String, hour: Int64 = 12) -> Instant { SubscriptionShop.day(text, hour: hour) }

  @Test(arguments: TestDatabase.available)
  func `a receipt gives it from the sale to its end, and says so again`(on kind: TestDatabase) async throws {
    try await SubscriptionShop.on(kind) { shop in
      let first = try await shop.sell(1, tea: 1, to: shop.anna)
      let gift = try #require(first.tiers.first)
      #expect(gift.since == Self.noon && gift.until == Self.day("2027-02-11", hour: 0) && first.tiers.count == 1)
      let again = try await shop.sell(1, tea: 1, to: shop.anna)
      #expect(again.tiers == first.tiers)
      #expect(try await shop.tier(shop.anna, at: Self.noon - .seconds(1)) == nil)
      #expect(try await shop.tier(shop.anna, at: Self.noon) == "silver")
      #expect(try await shop.tier(shop.anna, at: Self.day("2027-02-10", hour: 23)) == "silver")
      #expect(try await shop.tier(shop.anna, at: Self.day("2027-02-11", hour: 0)) == nil)
      let grants = try await shop.ground.read { tx in try shop.programme.tiers.grants(of: shop.anna, limit: 9, in: &tx) }
      #expect(grants.count == 1 && TierSource(grants[0]) == .promotion("P2", first.receipt))
      #expect(try await shop.sell(2, tea: 1, to: nil).tiers.isEmpty, "nobody has a tier")
      // Of two the longer one holds, and a higher tier is not lowered by either.
      try await shop.sell(3, tea: 1, to: shop.anna, at: Self.day("2027-02-05"))
      #expect(try await shop.tier(shop.anna, at: Self.day("2027-02-15")) == "silver")
      try await shop.sell(4, plus: 1, to: shop.anna, at: Self.day("2027-02-06"))
      try await shop.sell(5, tea: 1, to: shop.anna, at: Self.day("2027-02-07"))
      #expect(try await shop.tier(shop.anna, at: Self.day("2027-02-08")) == "gold")
    }
  }

  /// What the table of returns says of tiers.
  static func checkReturns(_ kind: TestDatabase, _ money: ReturnTerms.Money) async throws {
    try await SubscriptionShop.on(kind) { shop in
      try await shop.sell(1, tea: 1, to: shop.anna)
      // Six teas are 6,000.00: silver for ten days, and to the end of the month.
      let sold = try await shop.sell(2, tea: 6, to: shop.anna, at: day("2027-02-01"))
      #expect(sold.tiers.map(\.until) == [day("2027-02-12", hour: 0), day("2027-03-01", hour: 0)])
      try await shop.takeBack(2, soldAt: day("2027-02-01"), tea: 1, at: day("2027-02-02"), money: money)
      #expect(try await shop.tier(shop.anna, at: day("2027-02-20")) == "silver", "five still reach the amount")
      try await shop.takeBack(2, soldAt: day("2027-02-01"), tea: 2, at: day("2027-02-03"), money: money)
      #expect(try await shop.tier(shop.anna, at: day("2027-02-20")) == nil, "three do not")
      #expect(try await shop.tier(shop.anna, at: day("2027-02-11")) == "silver")
      try await shop.takeBack(2, soldAt: day("2027-02-01"), tea: 3, at: day("2027-02-04"), money: money)
      #expect(try await shop.tier(shop.anna, at: day("2027-02-11")) == nil)
      #expect(try await shop.tier(shop.anna, at: day("2027-02-10")) == "silver", "what the other receipt gave stays")
      try await shop.takeBack(1, tea: 1, at: day("2027-02-05"), money: money)
      #expect(try await shop.tier(shop.anna, at: day("2027-02-05")) == nil)
      try await shop.sell(3, tea: 1, to: shop.anna, at: day("2027-02-06"))
      #expect(try await shop.tier(shop.anna, at: day("2027-02-07")) == "silver")
      #expect(try await shop.cancel(3, soldAt: day("2027-02-06"), at: day("2027-02-07")))
      #expect(try await shop.tier(shop.anna, at: day("2027-02-07")) == nil, "cancelled")
    }
  }

  @Test(arguments: TestDatabase.available, ReturnTerms.Money.allCases)
  func `a return takes back exactly what its receipt gave`(on kind: TestDatabase, money: ReturnTerms.Money) async throws {
    try await Self.checkReturns(kind, money)
  }

  @Test(arguments: TestDatabase.available)
  func `a receipt that finds its member gives it then, and a part that comes back is asked again`(on kind: TestDatabase)
    async throws
  {
    try await SubscriptionShop.on(kind) { shop in
      try await shop.sell(1, tea: 6, to: nil, at: Self.day("2027-02-01"))
      try await shop.attach(1, soldAt: Self.day("2027-02-01"), to: shop.anna, at: Self.day("2027-02-03"))
      #expect(try await shop.tier(shop.anna, at: Self.day("2027-02-02")) == nil)
      #expect(try await shop.tier(shop.anna, at: Self.day("2027-02-28", hour: 23)) == "silver")
      try await shop.takeBack(1, soldAt: Self.day("2027-02-01"), tea: 2, at: Self.day("2027-02-04"))
      #expect(try await shop.tier(shop.anna, at: Self.day("2027-02-28")) == nil)
      #expect(try await shop.tier(shop.anna, at: Self.day("2027-02-10")) == "silver", "tea is still there")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `offline it holds as of the sale, and moves with its member`(on kind: TestDatabase) async throws {
    try await SubscriptionShop.on(kind) { shop in
      let (anna, double) = (shop.anna, shop.members[1])
      try await shop.sell(1, tea: 1, to: double, at: Self.day("2027-02-01"), arriving: Self.day("2027-02-05"))
      #expect(try await shop.tier(double, at: Self.day("2027-02-02")) == "silver")
      let merging = Merging(of: shop.programme, ids: shop.ground.ids)
      let change = Change(by: .demo, at: Self.day("2027-02-06"), ids: shop.ground.ids)
      _ = try await shop.ground.write { tx in
        try merging.merge(double, into: anna, because: "one person", request: RequestKey("merge"), by: change, in: &tx)
      }
      #expect(try await shop.tier(anna, at: Self.day("2027-02-07")) == "silver")
      try await shop.takeBack(1, soldAt: Self.day("2027-02-01"), tea: 1, at: Self.day("2027-02-08"))
      #expect(try await shop.tier(anna, at: Self.day("2027-02-08")) == nil, "it goes from whoever has it now")
      let apart = Change(by: .demo, at: Self.day("2027-02-09"), ids: shop.ground.ids)
      try await shop.ground.write { tx in try merging.unmerge(double, request: RequestKey("apart"), by: apart, in: &tx) }
      #expect(try await shop.tier(double, at: Self.day("2027-02-09")) == nil)
    }
  }
}
