import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `refused coupons and certificates` {
  private static func refusal(
    _ code: String, _ shop: GuardShop, basket: String? = "b", member: MemberID? = nil, at time: Instant = GuardShop.noon
  ) -> GuardRefusal {
    GuardRefusal(
      .coupon(.unknown), of: code, basket: basket, store: shop.store.id, register: "1", cashier: "K-1", member: member,
      on: shop.today, at: time)
  }

  @Test(arguments: TestDatabase.available) func `count once for a basket, for the cashier, the till and the member`(
    on kind: TestDatabase
  ) async throws {
    let limits = [
      GuardShop.limit("cashier", "refused-codes", hours: 1, soft: 4), GuardShop.limit("member", "refused-codes", soft: 3),
    ]
    try await GuardShop.on(kind, limits) { shop in
      let anna = shop.members[0]
      let three = ["A", "B", "C"].map { Self.refusal($0, shop, member: anna) }
      for _ in 0..<3 { try await shop.refuse(three) }
      let (cashier, till) = (GuardPlace(.cashier, "K-1", at: shop.store.id), GuardPlace(.register, "1", at: shop.store.id))
      for place in [cashier, till, GuardPlace(anna)] { #expect(try await shop.figures(place)?.refused == 3) }
      #expect(try await shop.alerts().map(\.place) == [GuardPlace(anna)])
      // Of nobody, an hour later: the cashier's day has four, no hour has.
      try await shop.refuse([Self.refusal("A", shop, basket: "c", at: GuardShop.noon + .hours(1))])
      #expect(try await shop.figures(cashier)?.refused == 4)
      #expect(try await shop.alerts().count == 1)
      try await shop.refuse([Self.refusal("D", shop, basket: nil)])
      #expect(try await shop.alerts().contains { $0.place == cashier && $0.figure == 4 })
      let (programme, today) = (shop.programme, shop.today)
      let latest = try await shop.ground.read { tx in
        try [cashier, GuardPlace(anna)].map { try GuardRefusal.latest(of: $0, in: programme, through: today, limit: 9, in: &tx) }
      }
      #expect(latest.map(\.count) == [5, 3] && latest[0][0].at == GuardShop.noon + .hours(1))
      #expect(latest[1].allSatisfy { $0.reason == .coupon(.unknown) && $0.member == anna && $0.cashier == "K-1" })
    }
  }

  @Test(arguments: TestDatabase.available) func `count once, whatever number of instances tell of them`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("register", "refused-codes", soft: 8)]) { shop in
      let codes = (0..<8).map { Self.refusal("\($0)", shop) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<16 { group.addTask { try await shop.refuse(codes) } }
        try await group.waitForAll()
      }
      #expect(try await shop.figures(GuardPlace(.register, "1", at: shop.store.id))?.refused == 8)
      #expect(try await shop.alerts().map(\.figure) == [8])
      let told = try await shop.ground.told().filter { $0.kind == .guardAlerted }
      #expect(told.map(\.owner) == [shop.store.id.raw])
    }
  }
}
