import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Days of promotions and stores made anew from receipts, and goods on acts.
@Suite struct RebuildTests {
  private static func rebuild(_ shop: FundingShop, _ part: SettlementRebuild.Part, check: Bool = false) async throws
    -> RebuildReport
  {
    try await SettlementRebuild(of: Till.account, programme: Till.programme, books: shop.books)
      .run(part, isCheck: check, on: shop.till.database, position: { _ in (0, 0) })
  }

  /// Sales of three promotions, a return of a part and one claimed late.
  private static func live(_ shop: FundingShop) async throws {
    try await shop.sell(1, milk: 3, tea: 1, to: shop.till.shopper(1))
    try await shop.sell(2, tea: 2, to: shop.till.shopper(2), store: 1)
    try await shop.sell(3, tea: 1)
    try await shop.takeBack(1, of: 1, milk: 1, tea: 1, days: 1)
    try await shop.claim(3)
    try await shop.take(shop.events())
  }

  private static func rows(_ shop: FundingShop) async throws -> [[String]] {
    try await shop.till.database.read { tx in
      try [
        "select promotion_id, rules, day, receipts, money, points, returns, money_back, points_back from promotion_day order by 1, 2, 3",
        "select store_id, day, receipts, amount, earned, spent, returns, taken_back, given_back from clearing_day order by 1, 2",
        "select promotion_id, day, product_id, quantity, money, points, quantity_back, rules, is_trial from promotion_goods_day order by 1, 2, 3",
        "select promotion_id, rules, place, spend_value, points_scale, rules, rules, rules, rules from promotion_payer order by 1, 2, 3",
      ].map { text in try tx.rows(SQL(prepared: text, [])).map { row in (0..<9).map { "\(row.int($0))" }.joined(separator: " ") } }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a damaged projection is found, mended, and found whole again`(on kind: TestDatabase) async throws {
    try await FundingShop.on(kind) { shop in
      try await Self.live(shop)
      let whole = try await Self.rows(shop)
      #expect(whole.allSatisfy { !$0.isEmpty })
      for part in SettlementRebuild.Part.allCases { #expect(try await Self.rebuild(shop, part, check: true).isClean, "\(part)") }
      try await shop.till.database.write { tx in
        try tx.run(SQL(prepared: "update promotion_day set money = money + 1 where promotion_id = 2", []))
        try tx.run(SQL(prepared: "delete from promotion_day where promotion_id = 3", []))
        try tx.run(
          SQL(
            prepared:
              "insert into promotion_day select 9, rules, 0, day, account_id, programme_id, 5, 5, 5, 0, 0, 0 from promotion_day where promotion_id = 4",
            []))
        try tx.run(SQL(prepared: "delete from promotion_goods_day where promotion_id = 2", []))
        try tx.run(SQL(prepared: "delete from promotion_payer where promotion_id = 4", []))
        try tx.run(SQL(prepared: "update clearing_day set earned = earned + 7", []))
      }
      let found = try await Self.rebuild(shop, .funding, check: true)
      #expect(!found.isClean && found.mended == 0)
      #expect(try await Self.rows(shop) != whole, "a check changes nothing")
      let mended = try await Self.rebuild(shop, .funding)
      #expect(mended.mended == found.differences.count && !mended.wasMoving)
      #expect(try await Self.rows(shop).map(\.count) == whole.map(\.count))
      #expect(try await Self.rebuild(shop, .funding, check: true).isClean)
      #expect(try await !Self.rebuild(shop, .partners, check: true).isClean, "the other part is left alone")
      #expect(try await Self.rebuild(shop, .partners).mended > 0)
      #expect(try await Self.rows(shop) == whole)
      #expect(try await Self.rebuild(shop, .partners).mended == 0, "again it finds nothing to do")
      #expect(try await shop.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `while the stream goes on nothing is touched`(on kind: TestDatabase) async throws {
    try await FundingShop.on(kind) { shop in
      try await Self.live(shop)
      _ = try await shop.till.database.write { tx in try tx.run(SQL(prepared: "update clearing_day set earned = earned + 7", [])) }
      let before = try await Self.rows(shop)
      let report = try await SettlementRebuild(of: Till.account, programme: Till.programme, books: shop.books)
        .run(.partners, isCheck: false, on: shop.till.database, position: { _ in (3, 4) })
      #expect(report.wasMoving && report.mended == 0)
      #expect(try await Self.rows(shop) == before)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an act names its goods, who issues it and its currency, and keeps them`(on kind: TestDatabase) async throws {
    try await FundingShop.on(kind) { shop in
      try await Self.live(shop)
      let contract = try await shop.contract()
      let span = FundingShop.date...FundingShop.date.adding(days: 1)
      let head = try await shop.issue(contract, span)
      let act = try await shop.till.database.read { tx in try shop.office.act(head.number, of: contract.id, in: &tx).act }
      #expect(act.issuer?.name == "Pantry", "no legal entity: the company")
      let goods = act.goods.map {
        "\($0.code) \($0.product == "\(Till.milk)" ? "milk" : "tea") \($0.quantity.thousandths) \($0.returned.thousandths) \($0.discount.minor)"
      }
      // Seven per cent off three milks and four teas, of which one each came back; every third milk free; points on three teas with a card and on
      // one that found its card later.
      #expect(goods.sorted().count == 4, "\(goods)")
      #expect(goods.contains { $0.hasPrefix("P2 milk 3000 1000 ") } && goods.contains { $0.hasPrefix("P2 tea 4000 1000 ") })
      #expect(goods.contains { $0.hasPrefix("P3 milk ") } && goods.contains { $0.hasPrefix("P4 tea 4000 1000 0") })
      #expect(
        act.goods.reduce(Money.zero) { $0 + $1.discount } == act.lines.filter { !$0.isReturned }.reduce(.zero) { $0 + $1.discount })
    }
  }
}
