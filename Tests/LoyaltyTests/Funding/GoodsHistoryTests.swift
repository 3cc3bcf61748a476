import Access
import Calculator
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Goods of days that an older program counted without them.
@Suite struct GoodsHistoryTests {
  /// Everything that happened is numbered and counted, as in a shop that is open.
  private static func follow(_ shop: FundingShop) async throws {
    _ = try await Relay(as: "test", now: { Till.noon }).turn(on: shop.till.database)
    let books = shop.books
    while true {
      let taken = try await SettlementDays.follower.step(limit: 100, at: Till.noon, on: shop.till.database) { page, tx in
        let events = page.events.compactMap { event in
          event.kind.map { Event($0, id: event.id, owner: event.owner, subject: event.subject, at: event.at, body: event.body) }
        }
        try SettlementDays(of: Till.account, books: books).take(events, in: &tx)
      }
      guard taken > 0 else { return }
    }
  }

  private static func begin(_ shop: FundingShop) async throws {
    try await shop.till.database.write { tx in
      try Epochs.beginFirst("made", at: Till.noon, in: &tx)
      _ = try tx.run(SQL(prepared: "update programme set settings = '{\"name\":\"Pantry\",\"zone\":\"Europe/Moscow\"}'", []))
    }
  }

  private static func history(_ shop: FundingShop, at now: Instant, holding most: Int = Limits.goodsHeld) -> GoodsHistory {
    GoodsHistory(on: shop.till.database, books: shop.books, zones: { _ in .moscow }, now: { now }, holding: most)
  }

  /// One round of the scheduled work.
  private static func round(_ history: GoodsHistory) async throws -> Int {
    var (cursor, steps): (String?, Int) = (nil, 0)
    repeat {
      cursor = try await history.step(cursor)
      steps += 1
      #expect(steps < 20)
    } while cursor != nil && steps < 20
    return steps
  }

  private static func goods(_ shop: FundingShop) async throws -> Set<String> {
    let text =
      "select promotion_id, day, product_id, quantity, money, points, quantity_back, rules, is_trial from promotion_goods_day"
    return try await shop.till.database.read { tx in
      Set(try tx.rows(SQL(prepared: text, [])).map { row in (0..<9).map { "\(row.int($0))" }.joined(separator: " ") })
    }
  }

  private static func isDone(_ shop: FundingShop) async throws -> Bool? {
    try await shop.till.database.read { tx in
      let programme = try Programmes(of: Till.account, zones: { _ in .moscow }).programme(Till.programme, in: &tx)
      return try GoodsHistory.progress(of: programme, in: &tx)?.isDone
    }
  }

  private static func rebuild(_ shop: FundingShop) async throws -> RebuildReport {
    try await SettlementRebuild(of: Till.account, programme: Till.programme, books: shop.books)
      .run(.funding, isCheck: true, on: shop.till.database, position: { _ in (0, 0) })
  }

  @Test(arguments: TestDatabase.available)
  func `are filled in from receipts once, and then nothing is read any more`(on kind: TestDatabase) async throws {
    try await FundingShop.on(kind) { shop in
      try await Self.begin(shop)
      try await shop.sell(1, milk: 3, tea: 1, to: shop.till.shopper(1))
      try await shop.sell(2, tea: 2, to: shop.till.shopper(2), store: 1)
      try await shop.sell(3, tea: 1)
      try await shop.takeBack(1, of: 1, milk: 1, tea: 1, days: 1)
      try await shop.claim(3)
      try await Self.follow(shop)
      let whole = try await Self.goods(shop)
      #expect(whole.count > 4)
      // As an older program left it: some rows are missing, one was counted from its middle on.
      _ = try await shop.till.database.write { tx in
        try tx.run(SQL(prepared: "delete from promotion_goods_day where promotion_id <> 2", []))
        return try tx.run(SQL(prepared: "update promotion_goods_day set quantity = quantity - 1000 where quantity > 1000", []))
      }
      #expect(try await Self.isDone(shop) == nil)
      let history = Self.history(shop, at: Till.noon + .days(3))
      _ = try await Self.round(history)
      #expect(try await Self.goods(shop) == whole)
      #expect(try await Self.isDone(shop) == true)
      // What is damaged later is the operator's to find: the work is done once.
      _ = try await shop.till.database.write { tx in try tx.run(SQL(prepared: "delete from promotion_goods_day", [])) }
      _ = try await Self.round(history)
      #expect(try await Self.goods(shop).isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are filled in day after day where they are too many for one pass`(on kind: TestDatabase) async throws {
    try await FundingShop.on(kind) { shop in
      try await Self.begin(shop)
      try await shop.sell(1, milk: 3, tea: 1, to: shop.till.shopper(1))
      try await shop.takeBack(1, of: 1, milk: 1, tea: 1, days: 1)
      try await Self.follow(shop)
      let whole = try await Self.goods(shop)
      let days = Set(whole.map { $0.split(separator: " ")[1] })
      #expect(days.count == 2 && whole.count > 2)
      _ = try await shop.till.database.write { tx in try tx.run(SQL(prepared: "delete from promotion_goods_day", [])) }
      let at = Till.noon + .days(3)
      // As much as one step does is one pass: the first day alone.
      let first = Self.history(shop, at: at, holding: 1)
      var cursor = try await first.step(nil)
      while try await Self.goods(shop).isEmpty, cursor != nil { cursor = try await first.step(cursor) }
      #expect(Set(try await Self.goods(shop).map { $0.split(separator: " ")[1] }).count == 1)
      #expect(try await Self.isDone(shop) == false)
      // Another process goes on behind it, at once.
      _ = try await Self.round(Self.history(shop, at: at, holding: 1))
      #expect(try await Self.goods(shop) == whole)
      #expect(try await Self.isDone(shop) == true)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are never counted twice with what tills sell meanwhile`(on kind: TestDatabase) async throws {
    try await FundingShop.on(kind) { shop in
      try await Self.begin(shop)
      try await shop.sell(1, milk: 3, tea: 2, to: shop.till.shopper(1))
      try await shop.sell(2, tea: 2, store: 1)
      try await Self.follow(shop)
      _ = try await shop.till.database.write { tx in try tx.run(SQL(prepared: "delete from promotion_goods_day", [])) }
      // Sold, and the follower has not come to it.
      try await shop.sell(9, milk: 1, to: shop.till.shopper(2))
      let history = Self.history(shop, at: Till.noon)
      _ = try await Self.round(history)
      let first = try await Self.goods(shop)
      let milk = "2 \(FundingShop.date.number) \(Till.milk.raw) "
      #expect(first.count > 2 && !first.contains { $0.hasPrefix(milk) }, "milk with this promotion is on its way: \(first)")
      #expect(try await Self.isDone(shop) == false)
      try await Self.follow(shop)
      _ = try await Self.round(history)
      #expect(try await Self.isDone(shop) == false, "it waits some hours")
      // Another process goes on: nothing of it is in memory.
      _ = try await Self.round(Self.history(shop, at: Till.noon + .hours(4)))
      #expect(try await Self.isDone(shop) == true)
      let report = try await Self.rebuild(shop)
      #expect(report.isClean, "\(report.differences)")
    }
  }
}
