import Calculator
import Cube
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What others make of a return that came before its sale: shifts, the board, settlements, guards, the cube, imports.
@Suite struct `sums of a return that overtakes its sale` {
  @Test(arguments: TestDatabase.available) func `tie with the till's shift, and the board is that of the right order`(
    on kind: TestDatabase
  ) async throws {
    for overtakes in [false, true] {
      try await ShiftShop.on(kind) { shop in
        if overtakes { try await Self.bringBack(in: shop) }
        for number in Int64(1)...3 { try await shop.sell(number, milk: number) }
        if !overtakes { try await Self.bringBack(in: shop) }
        let stated = [
          ShiftShop.sale(1, 100), ShiftShop.sale(2, 200), ShiftShop.sale(3, 300), ShiftShop.back(10, 100), ShiftShop.back(11, 200),
        ]
        let answer = try await shop.close(shop.closing(stated))
        #expect(answer.ties, "\(answer.different) \(answer.missing) \(answer.surplus)")
        try await shop.take(shop.events().reversed())
        let totals = try await shop.board().rows.map(\.totals)
        #expect(totals.map(\.returns) == [2] && totals.map(\.returned) == [Money(minor: 30_000)])
        #expect(totals.map(\.receipts) == [3] && totals.map(\.discrepancies) == [1], "what the till paid out")
        let left = try await shop.till.discrepancies().map(\.cause)
        #expect(left == [.refund])
      }
    }
  }

  /// Of 100.00 the till paid out 90.00.
  private static func bringBack(in shop: ShiftShop) async throws {
    try await shop.takeBack(10, of: 1, stated: Money(minor: 9_000))
    try await shop.takeBack(11, of: 2, milk: 2)
  }

  @Test(arguments: TestDatabase.available) func `of a shift that was closed between the two tie when the sale has come`(
    on kind: TestDatabase
  ) async throws {
    try await ShiftShop.on(kind) { shop in
      try await shop.takeBack(10, of: 1)
      let stated = [ShiftShop.sale(1, 100), ShiftShop.back(10, 100)]
      #expect(try await shop.close(shop.closing(stated)).ties == false)
      try await shop.sell(1)
      #expect(try await shop.now().ties)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `of promotions and stores are what the rows say, and what was taken twice is taken off`(
    on kind: TestDatabase
  ) async throws {
    for order in [0, 1] {
      try await FundingShop.on(kind, terms: ReturnTerms(unmatched: .takeEarning)) { shop in
        let anna = shop.till.shopper(1)
        try await shop.till.give(500, to: anna)
        var goods = Return(
          key: shop.key(10_001), original: shop.key(1), lines: [Return.Line(.product(Till.milk), quantity: .pieces(2))],
          at: Till.noon + .hours(1), day: FundingShop.date)
        goods.goods = shop.till.basket(milk: 2)
        let back = goods
        let first = try await shop.till.takeBack(back, by: anna, request: "back")
        #expect(first.takenBack > .zero && first.refunds.first?.receipt == nil)
        // The first half is taken before the sale comes, or all at once.
        var taken = 0
        if order == 1 {
          taken = try await shop.events().count
          try await shop.take(shop.events())
        }
        var basket = shop.till.basket(milk: 4, tea: 1)
        basket.store = shop.stores[0]
        _ = try await shop.till.receipts.confirm(
          Sale(key: shop.key(1), basket: basket), by: anna, request: RequestKey("sale"), at: Till.noon + .hours(2),
          on: shop.till.database)
        try await shop.take(Array(shop.events().dropFirst(taken)))
        let report = try await shop.audit()
        #expect(report.isClean, "\(report.differences)")
        let returns = try await shop.till.database.read { tx in
          try tx.rows(
            SQL(
              prepared: "select cast(sum(returns) as bigint), cast(sum(taken_back) as bigint) from clearing_day", []))
        }
        let then = try await shop.till.takeBack(back, by: anna, request: "back")
        #expect(returns.first?.int(0) == 1 && returns.first?.int(1) == then.takenBack.units)
        #expect(try await shop.till.audit().isClean)
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `of cashiers, tills and members are those of the right order`(on kind: TestDatabase)
    async throws
  {
    var ends: [[GuardFigures?]] = []
    for overtakes in [false, true] {
      let end = Kept<[GuardFigures?]>()
      try await GuardShop.on(kind, [GuardShop.limit("cashier", "returns", soft: 5)]) { shop in
        let anna = shop.members[0]
        if overtakes {
          try await shop.takeBack(1, pieces: 1, cashier: "K-2")
          try await shop.follow()
        }
        try await shop.sell(1, 3, to: anna, cashier: "K-1")
        if !overtakes { try await shop.takeBack(1, pieces: 1, cashier: "K-2") }
        try await shop.follow()
        let places = [
          GuardPlace(.cashier, "K-1", at: shop.store.id), GuardPlace(.cashier, "K-2", at: shop.store.id),
          GuardPlace(.register, "1", at: shop.store.id), GuardPlace(anna),
        ]
        var figures: [GuardFigures?] = []
        for place in places { figures.append(try await shop.figures(place)) }
        #expect(figures[1]?.returns == 1 && figures[2]?.returns == 1)
        #expect(try await shop.audit().isClean)
        await end.keep(figures)
      }
      ends.append(await end.value ?? [])
    }
    #expect(ends[0] == ends[1] && ends[0].count == 4)
  }

  @Test(arguments: TestDatabase.available) func `of the cube know the goods once, by their receipt`(on kind: TestDatabase)
    async throws
  {
    try await CubeShopLife.shop(on: kind) { till, keeper, folder in
      let errand = OvertakingErrand(till, to: till.shopper(1), goods: OvertakingErrand.halves)
      try await errand.back(1)
      _ = try await Relay(as: "one", now: { Till.noon + .hours(9) }).turn(on: till.database)
      #expect(try await keeper.catchUp()?.lines == 1)
      try await errand.tell([.back(2), .sale])
      _ = try await Relay(as: "one", now: { Till.noon + .hours(9) }).turn(on: till.database)
      let followed = try #require(try await keeper.catchUp())
      let table = try await followed.answer(Pivot(rows: [], values: [.sales, .units]))
      #expect(table.value(.sales, row: 0, column: 0) == 0 && table.value(.units, row: 0, column: 0) == 0)
      let again = CubeFolder(folder.path + "-again")
      _ = try await CubeShopLife.making(till, again).make(at: Till.noon)
      let rebuilt = try #require(try await CubeShopLife.keeper(till, again).catchUp())
      #expect(rebuilt.lines == 5)
      let pivot = Pivot(rows: [.product, .kind], values: [.sales, .units, .receipts, .members])
      #expect(try await CubeShopLife.text(followed.answer(pivot)) == CubeShopLife.text(rebuilt.answer(pivot)))
    }
  }

  @Test(arguments: TestDatabase.available) func `of an exchange and of a till without a network are the same`(on kind: TestDatabase)
    async throws
  {
    let ends = OvertakingEnds()
    for overtakes in [false, true] {
      try await Till.on(kind) { till in
        let anna = till.shopper(1)
        try await till.give(100, to: anna)
        let sale = Sale(key: till.key(1), basket: till.basket(milk: 2, tea: 1))
        let batch = [OfflineSale(sale, by: anna, request: RequestKey("offline"))]
        let record = { () async throws in
          let answers = try await till.receipts.record(batch, at: Till.noon + .hours(3), in: till.database)
          #expect(try answers.map { try $0.get().amount } == [Money(minor: 45_000)])
        }
        if !overtakes { try await record() }
        let (goods, other) = (
          till.goods(1, of: 1, [.init(.line("2"))]), Sale(key: till.key(2), basket: till.basket(milk: 4, at: Till.noon + .hours(1)))
        )
        for _ in 0..<2 {
          let both = try await till.database.write { tx in
            try till.receipts.exchange(goods, for: other, by: anna, request: RequestKey("x"), at: goods.time, in: &tx)
          }
          #expect(both.sold.amount == Money(minor: 40_000))
          if overtakes { try await record() }
        }
        let named = try await till.database.read { tx in
          try tx.rows(
            SQL(
              prepared: "select count(*), count(sale_id) from receipt_return where matched_as is null and receipt_id is not null",
              []))
        }
        #expect(named.first?.int(0) == 1 && named.first?.int(1) == 1, "the return names the sale that was made of it")
        #expect(try await till.audit().isClean)
        await ends.add(try await OvertakingErrand(till, to: anna, goods: [:]).end())
      }
    }
    let all = await ends.all
    #expect(Set(all).count == 1 && all.count > 1, "\(all)")
  }

  @Test(arguments: TestDatabase.available) func `of a receipt of the past that is imported after its goods came back`(
    on kind: TestDatabase
  ) async throws {
    let ends = OvertakingEnds()
    for overtakes in [false, true] {
      try await Till.on(kind) { till in
        let past = till.receipts.prepare(
          PastReceipt(key: till.key(1), member: MemberID(1001), basket: till.basket(milk: 2, tea: 1)))
        let errand = OvertakingErrand(till, to: till.shopper(1), goods: OvertakingErrand.halves)
        let record = { () async throws -> [PastOutcome] in
          try await till.database.write { tx in try till.receipts.record([past, past], at: Till.noon + .hours(9), in: &tx) }
        }
        if !overtakes { #expect(try await record() == [.recorded, .known]) }
        let key = till.key(1)
        try await errand.tell([.back(1), .back(2)])
        let known = try await till.database.read { tx in try till.receipts.known([key], in: &tx) }
        #expect(known.isEmpty == overtakes)
        if overtakes { #expect(try await record() == [.recorded, .known]) }
        #expect(try await record() == [.known, .known])
        #expect(try await errand.receipt().state == .returned)
        #expect(try await errand.back(2).discrepancies.isEmpty)
        let report = try await till.audit()
        #expect(report.isClean, "\(report.differences)")
        await ends.add(try await errand.end())
      }
    }
    let all = await ends.all
    #expect(Set(all).count == 1 && all.count > 1, "\(all)")
  }
}

private actor Kept<Value: Sendable> {
  private(set) var value: Value?
  func keep(_ value: Value) { self.value = value }
}
