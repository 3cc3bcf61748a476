import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Unique coupons: issued in batches, looked up at the till, used once, set aside by holds, given back by returns.
@Suite struct CouponTests {
  @Test(arguments: TestDatabase.available) func `a coupon is good once, whatever its case, and the same request is the same`(
    on kind: TestDatabase
  ) async throws {
    try await CouponShop.open(kind) { shop in
      let (till, anna, code) = (shop.till, shop.till.shopper(1), shop.codes[0])
      #expect(shop.codes.count == 3 && Set(shop.codes).count == 3)
      let quoted = try await shop.quote(shop.basket(" " + code.lowercased()), anna)
      #expect(quoted.discount == Money(minor: 2_500) && quoted.promotions.first?.coupon == " " + code.lowercased())
      let sold = try await till.sell(1, shop.basket(code), to: anna)
      #expect(sold.amount == Money(minor: 22_500) && sold.discrepancies.isEmpty)
      #expect(try await till.sell(1, shop.basket(code), to: anna) == sold)
      let coupon = try await shop.coupon()
      #expect(coupon?.state == .used && coupon?.usedOn == sold.receipt && coupon?.usedAt == Till.noon)
      #expect(try await shop.used() == 1)
      let again = try await shop.quote(shop.basket(code), anna)
      #expect(again.discount == .zero && again.reasons.map(\.cause) == [.coupon(.used)])
      #expect(try await till.sell(2, shop.basket(code), to: till.shopper(2)).amount == Money(minor: 25_000))
      #expect(try await till.sell(3, shop.basket(shop.codes[1]), to: .nobody).amount == Money(minor: 22_500), "nobody's")
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `one that unlocks nothing is not used, and a name is no coupon`(
    on kind: TestDatabase
  ) async throws {
    try await CouponShop.open(kind) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      try await till.sell(1, shop.basket(shop.codes[0], tea: 0, milk: 1), to: anna)
      #expect(try await shop.coupon()?.state == .issued)
      for name in ["SPRING", "spring", "unheard-of"] {
        let quoted = try await shop.quote(shop.basket(name), anna)
        #expect(quoted.discount == .zero && quoted.reasons.map(\.cause) == [.coupon(.unknown)], "\(name)")
      }
      var forged = shop.basket()
      forged.coupons = [PresentedCoupon(code: "made up", series: "SPRING", state: .valid)]
      #expect(try await shop.quote(forged, anna).discount == .zero)
    }
  }

  @Test(arguments: TestDatabase.available) func `a coupon lives its days, from its beginning to the end of the last`(
    on kind: TestDatabase
  ) async throws {
    let late = CouponSeriesDetails(
      code: "SPRING", name: LocalText(ru: "Весна", en: "Spring"), daysBefore: 2, daysGood: 3)
    try await CouponShop.open(kind, late) { shop in
      let anna = shop.till.shopper(1)
      // Issued on the 21st; good from the 23rd through the 25th.
      for (day, state) in [(0, PresentedCoupon.State.notYetValid), (1, .notYetValid), (2, .valid), (4, .valid), (5, .expired)] {
        let quoted = try await shop.quote(shop.basket(shop.codes[0], at: Till.noon + .days(Int64(day))), anna)
        #expect(quoted.discount == (state == .valid ? Money(minor: 2_500) : .zero), "day \(day)")
        if state != .valid { #expect(quoted.reasons.map(\.cause) == [.coupon(state)], "day \(day)") }
      }
    }
    let ended = CouponSeriesDetails(
      code: "HELLO", name: LocalText(ru: "Привет", en: "Hello"), kind: .general, until: Till.noon + .hours(1))
    let promotion = Till.promotion(2, .amount(Money(minor: 1_000)), condition: .coupon("HELLO"))
    try await CouponShop.open(kind, ended, promotions: [promotion]) { shop in
      let anna = shop.till.shopper(1)
      #expect(try await shop.quote(shop.basket("hello"), anna).discount == Money(minor: 1_000))
      let later = try await shop.quote(shop.basket("hello", at: Till.noon + .hours(1)), anna)
      #expect(later.reasons.map(\.cause) == [.coupon(.expired)])
    }
  }

  @Test(arguments: TestDatabase.available) func `a hold sets a coupon aside until it ends, and its receipt uses it`(
    on kind: TestDatabase
  ) async throws {
    try await CouponShop.open(kind) { shop in
      let (till, anna, boris, code) = (shop.till, shop.till.shopper(1), shop.till.shopper(2), shop.codes[0])
      let quote = try await till.database.write { tx in
        try till.receipts.calculate(
          shop.basket(code), for: anna, holding: HoldWish(until: Till.noon + .minutes(10)), request: RequestKey("hold"),
          at: Till.noon, in: &tx)
      }
      #expect(quote.calculation.discount == Money(minor: 2_500))
      let meanwhile = try await shop.quote(shop.basket(code), boris)
      #expect(meanwhile.reasons.map(\.cause) == [.coupon(.held)])
      #expect(try await shop.quote(shop.basket(code), boris, at: Till.noon + .minutes(11)).discount == Money(minor: 2_500))
      let sold = try await till.sell(1, shop.basket(code), to: anna, hold: quote.hold)
      #expect(sold.amount == Money(minor: 22_500))
      #expect(try await shop.coupon()?.state == .used)
      // Let go, it is free for the next.
      let second = try await till.database.write { tx in
        try till.receipts.calculate(
          shop.basket(shop.codes[1]), for: anna, holding: HoldWish(), request: RequestKey("other"), at: Till.noon, in: &tx)
      }
      let (hold, member) = (try #require(second.hold), try #require(anna.id))
      try await till.database.write { tx in try till.receipts.release(hold, of: member, at: Till.noon, in: &tx) }
      #expect(try await shop.quote(shop.basket(shop.codes[1]), boris).discount == Money(minor: 2_500))
    }
  }

  @Test(arguments: TestDatabase.available, ReturnTerms.Money.allCases)
  func `a return gives a coupon back once nothing is left for it to unlock`(
    on kind: TestDatabase, money: ReturnTerms.Money
  ) async throws {
    try await CouponShop.open(kind, money: money) { shop in
      let (till, anna, code) = (shop.till, shop.till.shopper(1), shop.codes[0])
      try await till.sell(1, shop.basket(code, tea: 2, milk: 1), to: anna)
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "one tea")
      #expect(try await shop.coupon()?.state == .used, "the other tea needs it")
      try await till.takeBack(till.goods(2, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "the other")
      let back = try await shop.coupon()
      #expect(back?.state == .issued && back?.usedOn == nil)
      #expect(try await shop.used() == 0)
      try await till.takeBack(till.goods(3, of: 1, [.init(.line("1"), quantity: .pieces(1))]), request: "the milk")
      // A coupon on its last day lives on for as long as points that come back.
      let last = Till.noon + .days(9)
      try await till.sell(4, shop.basket(shop.codes[1], at: last), to: anna)
      try await till.takeBack(
        till.goods(4, of: 4, [.init(.line("2"), quantity: .pieces(1))], at: last + .days(5)), request: "late")
      #expect(try await shop.coupon(1)?.until == last + .days(19))
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `the last coupon of 64 clients is one client's, and no sale is refused`(
    on kind: TestDatabase
  ) async throws {
    try await CouponShop.open(kind, codes: 1) { shop in
      let till = shop.till
      let sold = try await withThrowingTaskGroup(of: Sold.self) { group in
        for number in 1...64 {
          group.addTask { try await till.sell(Int64(number), shop.basket(shop.codes[0]), to: till.shopper(Int64(number))) }
        }
        return try await group.reduce(into: [Sold]()) { $0.append($1) }
      }
      #expect(sold.count { $0.amount == Money(minor: 22_500) } == 1)
      #expect(sold.count { $0.amount == Money(minor: 25_000) } == 63)
      #expect(sold.count { $0.discrepancies.map(\.cause) == [.coupon] } == 63)
      #expect(try await shop.used() == 1)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `what a till printed stands, and what was offline is used`(
    on kind: TestDatabase
  ) async throws {
    try await CouponShop.open(kind) { shop in
      let (till, anna, code) = (shop.till, shop.till.shopper(1), shop.codes[0])
      try await till.sell(1, shop.basket(code), to: anna)
      let stated = [Sale.StatedLine(amount: Money(minor: 22_500))]
      let second = try await till.sell(2, shop.basket(code), to: till.shopper(2), stated: stated)
      #expect(second.amount == Money(minor: 22_500))
      #expect(Set(second.discrepancies.map(\.cause)) == [.coupon, .amount])
      #expect(try await shop.used() == 1)
      var offline = Sale(key: till.key(3), basket: shop.basket(shop.codes[1]), stated: stated, isOffline: true)
      offline.bodyHash = 3
      let late = offline
      let third = try await till.receipts.confirm(
        late, by: anna, request: RequestKey("3"), at: Till.noon + .hours(1), on: till.database)
      #expect(third.discrepancies.isEmpty)
      #expect(try await shop.coupon(1)?.state == .used)
    }
  }

  @Test(arguments: TestDatabase.available) func `a void coupon and a closed series are nobody's any more`(
    on kind: TestDatabase
  ) async throws {
    try await CouponShop.open(kind) { shop in
      let (till, anna, coupons) = (shop.till, shop.till.shopper(1), shop.coupons)
      let change = Change(by: .demo, at: Till.noon, ids: till.ids)
      for _ in 0..<2 {
        try await till.database.write { tx in try coupons.void(shop.codes[0], because: "printed twice", by: change, in: &tx) }
      }
      #expect(try await shop.quote(shop.basket(shop.codes[0]), anna).reasons.map(\.cause) == [.coupon(.unknown)])
      try await till.sell(1, shop.basket(shop.codes[1]), to: anna)
      await #expect(throws: Problem.self) {
        try await till.database.write { tx in try coupons.void(shop.codes[1], because: "late", by: change, in: &tx) }
      }
      let closed = CouponSeriesDetails(code: "SPRING", name: CouponShop.spring.name, daysGood: 10, isClosed: true)
      try await till.database.write { tx in _ = try coupons.save([closed], by: change, in: &tx) }
      #expect(try await shop.quote(shop.basket(shop.codes[2]), anna).reasons.map(\.cause) == [.coupon(.expired)])
      await #expect(throws: Problem.self) {
        try await till.database.write { tx in
          _ = try coupons.order(1, of: "SPRING", label: "more", key: "more", by: change, in: &tx)
        }
      }
    }
  }
}
