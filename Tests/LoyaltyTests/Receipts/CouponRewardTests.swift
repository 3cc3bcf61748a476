import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Coupons that a receipt brings for next time.
@Suite struct CouponRewardTests {
  private static func reward(isPersonal: Bool) -> Promotion {
    Till.promotion(
      3, .reward(.coupon(series: "SPRING", isPersonal: isPersonal)),
      condition: .amount(of: .everything, .reduced, Bounds(atLeast: 50_000)))
  }

  @Test(arguments: TestDatabase.available) func `a receipt brings a coupon once, and the next one uses it`(
    on kind: TestDatabase
  ) async throws {
    try await CouponShop.open(kind, promotions: [CouponShop.tenOff, Self.reward(isPersonal: true)]) { shop in
      let (till, anna, boris) = (shop.till, shop.till.shopper(1), shop.till.shopper(2))
      let sold = try await till.sell(1, shop.basket(tea: 2), to: anna)
      let brought = try #require(sold.coupons.first)
      #expect(sold.coupons.count == 1 && brought.series == "SPRING" && CouponShop.spring.pattern.fits(brought.code))
      #expect(brought.until == Instant("2026-12-01T00:00:00+03:00"), "ten days from the 21st, through the last")
      #expect(try await till.sell(1, shop.basket(tea: 2), to: anna) == sold, "asked again")
      #expect(try await till.sell(2, shop.basket(tea: 1), to: anna).coupons.isEmpty, "too small")
      let stolen = try await shop.quote(shop.basket(brought.code), boris)
      #expect(stolen.reasons.map(\.cause).contains(.coupon(.notYours)))
      #expect(try await till.sell(3, shop.basket(brought.code), to: anna).amount == Money(minor: 22_500))
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `what comes back takes an unused coupon along, a used one stays used`(
    on kind: TestDatabase
  ) async throws {
    try await CouponShop.open(kind, promotions: [CouponShop.tenOff, Self.reward(isPersonal: false)]) { shop in
      let (till, anna, boris) = (shop.till, shop.till.shopper(1), shop.till.shopper(2))
      let (first, second) = (
        try await till.sell(1, shop.basket(tea: 3), to: anna), try await till.sell(2, shop.basket(tea: 2), to: .nobody)
      )
      let (one, other) = (try #require(first.coupons.first).code, try #require(second.coupons.first).code)
      func state(_ code: String) async throws -> Coupon.State? {
        try await till.database.read { tx in try shop.coupons.coupon(code, in: &tx)?.state }
      }
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "one of three")
      #expect(try await state(one) == .issued, "two teas still bring it")
      try await till.takeBack(till.goods(2, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "two of three")
      #expect(try await state(one) == .void)
      try await till.sell(3, shop.basket(other), to: boris)
      try await till.takeBack(till.goods(3, of: 2, [.init(.line("2"), quantity: .pieces(2))]), request: "all")
      #expect(try await state(other) == .used)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a series that is closed or can be guessed gives none, and nobody waits for it`(
    on kind: TestDatabase
  ) async throws {
    try await CouponShop.open(kind, promotions: [Self.reward(isPersonal: false)]) { shop in
      let change = Change(by: .demo, at: Till.noon, ids: shop.till.ids)
      let name = CouponShop.spring.name
      let closed = CouponSeriesDetails(code: "SPRING", name: name, daysGood: 10, isClosed: true)
      let short = CouponSeriesDetails(code: "SPRING", name: name, daysGood: 10, pattern: CodePattern(length: 7))
      for (number, series) in [closed, short].enumerated() {
        try await shop.till.database.write { tx in _ = try shop.coupons.save([series], by: change, in: &tx) }
        let sold = try await shop.till.sell(Int64(number + 1), shop.basket(tea: 3), to: shop.till.shopper(1))
        #expect(sold.coupons.isEmpty && sold.amount == Money(minor: 75_000) && sold.discrepancies.isEmpty)
      }
    }
  }
}
