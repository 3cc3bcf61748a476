import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `a block at tills` {
  @Test(arguments: TestDatabase.available) func `has a reason, ends by itself, and stops points but no sale`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, nil) { shop in
      let (blocks, change, anna) = (GuardBlocks(of: shop.programme), shop.ground.change(), shop.members[0])
      let refusal = try await shop.ground.refusal { tx in
        try blocks.block(GuardPlace(anna), because: "", until: nil, by: change, in: &tx)
      }
      #expect(refusal?.kind == .invalid && refusal?.issues.map(\.pointer) == ["/reason"])
      let until = GuardShop.noon + .days(2)
      let ids = try await shop.ground.write { tx in
        try (0..<2).map { _ in try blocks.block(GuardPlace(anna), because: "a stolen card", until: until, by: change, in: &tx) }
      }
      #expect(Set(ids).count == 1)
      guard let post = try await shop.post() else {
        Issue.record("a blocked member stops nothing")
        return
      }
      let sold = try await shop.sell(1, to: anna, post)
      #expect(sold.earned == .zero && sold.amount == Money(minor: 100_000))
      #expect(sold.discrepancies == [Discrepancy(.stopped, stated: 50, expected: 0)])
      #expect(try await shop.sell(2, to: shop.members[1], post).earned == Points(units: 50))
      #expect(try await shop.post(at: until) == nil)
      #expect(try await shop.audit().isClean)
      #expect(try await shop.acts() == ["guard.blocked"])
    }
  }

  @Test(arguments: TestDatabase.available) func `of a till holds for whoever comes to it`(on kind: TestDatabase) async throws {
    try await GuardShop.on(kind, nil) { shop in
      let (blocks, change) = (GuardBlocks(of: shop.programme), shop.ground.change())
      let place = GuardPlace(.register, "1", at: shop.store.id)
      let id = try await shop.ground.write { tx in
        try blocks.block(place, because: "keys were lost", until: nil, by: change, in: &tx)
      }
      #expect(try await shop.post(register: "2") == nil)
      guard let post = try await shop.post() else {
        Issue.record("a blocked till stops nothing")
        return
      }
      #expect(try await shop.sell(1, to: shop.members[3], post).earned == .zero)
      try await shop.ground.write { tx in try blocks.end(id, because: "keys were found", by: change, in: &tx) }
      #expect(try await shop.post() == nil)
      #expect(try await shop.acts() == ["guard.unblocked", "guard.blocked"])
    }
  }

  @Test(arguments: TestDatabase.available) func `of points by hand is never gone over, whatever number of windows ask`(
    on kind: TestDatabase
  ) async throws {
    try await GuardShop.on(kind, [GuardShop.limit("operator", "by-hand", days: 7, soft: "300", hard: "500")]) { shop in
      let wallets = Wallets(of: shop.programme, ids: shop.ground.ids)
      guard let maria = Actor(.staff, "maria") else { return }
      let given = try await withThrowingTaskGroup(of: Bool.self) { group in
        for window in 0..<64 {
          group.addTask {
            let change = Change(by: maria, at: GuardShop.noon, ids: shop.ground.ids)
            let gift = Adjustment(Points(units: 100), because: .goodwill, note: "the milk was sour")
            let refusal = try await shop.ground.refusal { tx in
              try wallets.adjust(gift, of: shop.members[window % 8], request: RequestKey("gift \(window)"), by: change, in: &tx)
            }
            #expect(refusal == nil || refusal?.code == "guard_limit")
            return refusal == nil
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(given == 5)
      let alerts = try await shop.alerts()
      #expect(alerts.count == 2 && alerts.count { $0.isHard } == 1 && alerts.allSatisfy { $0.place.subject == "staff:maria" })
      // The same request again is the same act, and another's limit is another's.
      guard let boris = Actor(.staff, "boris") else { return }
      let change = Change(by: boris, at: GuardShop.noon, ids: shop.ground.ids)
      let gift = Adjustment(Points(units: 500), because: .goodwill, note: "the milk was sour")
      for _ in 0..<2 {
        _ = try await shop.ground.write { tx in
          try wallets.adjust(gift, of: shop.members[0], request: RequestKey("all at once"), by: change, in: &tx)
        }
      }
    }
  }
}

extension GuardShop {
  /// Sells one piece where somebody or something may be stopped, as a till does.
  fileprivate func sell(_ number: Int64, to member: MemberID, _ post: GuardPost) async throws -> Sold {
    var showing = Showing(.member(member), shown: .scanned)
    showing.post = post
    let buyer = Buyer.shown(showing, in: programme, spending: .nothing, at: Self.noon)
    return try await receipts.confirm(
      sale(number), boughtBy: buyer, request: RequestKey("sale \(number)"), at: Self.noon, on: ground.database)
  }
}
