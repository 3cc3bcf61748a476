import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Receipts that found their member later, on the acts of those who pay for the points.
@Suite struct ClaimedGoodsTests {
  private static func rebuild(_ shop: FundingShop) async throws -> RebuildReport {
    try await SettlementRebuild(of: Till.account, programme: Till.programme, books: shop.books)
      .run(.funding, isCheck: true, on: shop.till.database, position: { _ in (0, 0) })
  }

  private static func goods(_ shop: FundingShop, _ contract: FundingContract) async throws -> [String] {
    let head = try await shop.issue(contract, FundingShop.date...FundingShop.date.adding(days: 2))
    let act = try await shop.till.database.read { tx in try shop.office.act(head.number, of: contract.id, in: &tx).act }
    return act.goods.map {
      "\($0.code) \($0.product == "\(Till.milk)" ? "milk" : "tea") \($0.quantity.thousandths) back \($0.returned.thousandths) points \($0.points.units)"
    }.sorted()
  }

  @Test(arguments: TestDatabase.available)
  func `name the goods that the points were for, and what of them came back`(on kind: TestDatabase) async throws {
    // Only points, so that the sale itself gives nobody anything.
    let bonus = FundingShop.promotions.filter { $0.id == PromotionID(4) }
    try await FundingShop.on(kind, promotions: bonus) { shop in
      try await shop.sell(1, milk: 1, tea: 3)
      try await shop.sell(2, tea: 1)
      try await shop.claim(1)
      let contract = try await shop.contract(FundingShop.teaHouse)
      try await shop.takeBack(1, of: 1, tea: 1, days: 1)
      try await shop.take(shop.events())
      let report = try await Self.rebuild(shop)
      #expect(report.isClean, "\(report.differences)")
      let audit = try await shop.audit()
      #expect(audit.isClean, "\(audit.differences)")
      #expect(
        try await Self.goods(shop, contract) == ["P4 tea 3000 back 1000 points 31"],
        "milk earned nothing, nor did what nobody claimed")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are the same whichever event is counted first, and in a sale with other promotions`(on kind: TestDatabase) async throws {
    try await FundingShop.on(kind) { shop in
      try await shop.sell(1, milk: 3, tea: 2)
      try await shop.claim(1)
      try await shop.takeBack(1, of: 1, milk: 1, tea: 2, days: 1)
      // One by one from the end: the return before its claim, the claim before its sale.
      let events = try await shop.events()
      try await shop.number()
      for event in events.reversed() { try await shop.take([event]) }
      let report = try await Self.rebuild(shop)
      #expect(report.isClean, "\(report.differences)")
      let contract = try await shop.contract(FundingShop.teaHouse)
      #expect(try await Self.goods(shop, contract) == ["P4 tea 2000 back 2000 points 31"])
    }
  }
}
