import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `what did not fit` {
  private static let book = DiscrepancyBook(of: Till.account, programme: Till.programme)
  private static let today = Zone.moscow.civil(at: Till.noon).day

  /// Two sales for another sum and a return without a receipt; a day later a return that was paid out wrong.
  private static func fill(_ till: Till) async throws {
    let anna = till.shopper(1)
    for (number, cashier) in [(Int64(1), "K-1"), (2, "K-2")] {
      var sale = Sale(
        key: till.key(number), basket: till.basket(milk: 2), stated: [Sale.StatedLine(amount: Money(minor: 19_000 + number))])
      sale.cashier = cashier
      let made = sale
      _ = try await till.receipts.confirm(made, by: anna, request: RequestKey("\(number)"), at: Till.noon, on: till.database)
    }
    try await till.takeBack(till.goods(1, of: nil, [.init(.product(Till.tea))]), request: "nobody's")
    var late = till.goods(2, of: 1, [.init(.line("1"))], at: Till.noon + .days(1))
    (late.stated, late.cashier) = (Money(minor: 1), "K-1")
    try await till.takeBack(late, request: "late")
  }

  @Test(arguments: TestDatabase.available) func `is counted by cause, till, cashier and day, and leads to its receipt`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      try await Self.fill(till)
      let all = DiscrepancyQuery(Self.today...Self.today.adding(days: 1), in: .moscow)
      let (sums, entries) = try await till.database.read { tx in
        (try Self.book.sums(all, in: &tx), try Self.book.entries(all, limit: 50, in: &tx))
      }
      let amount = try #require(sums.causes.first { $0.word == "amount" })
      #expect(amount.count == 2 && amount.stated == 38_003 && amount.expected == 40_000)
      #expect(sums.causes.contains { $0.word == "unmatched" && $0.stated == 1_000 })
      #expect(sums.count == entries.count && sums.days.reduce(0, +) == entries.count && sums.days.count == 2)
      #expect(sums.days[1] == entries.filter { $0.at >= Till.noon + .days(1) }.count && sums.days[1] > 0)
      #expect(sums.stores.map(\.store) == [till.store.id] && sums.stores[0].count == entries.count)
      #expect(sums.registers.map(\.code) == ["1"] && sums.registers[0].count == entries.count)
      #expect(Set(sums.cashiers.compactMap(\.code)) == ["K-1", "K-2"])
      let first = try await till.receipt(1)
      for entry in entries {
        #expect(entry.key != nil && entry.register == "1", "\(entry.found)")
        #expect((entry.receipt == nil) == (entry.found.cause == .unmatched), "\(entry.found)")
      }
      let refund = try #require(entries.first { $0.found.cause == .refund })
      #expect(refund.isReturn && refund.cashier == "K-1" && refund.receipt == ReceiptBook.Place(owner: first.owner, id: first.id))
      #expect(entries.map(\.id) == entries.map(\.id).sorted(by: >))
    }
  }

  @Test(arguments: TestDatabase.available) func `is found by each filter and by page`(on kind: TestDatabase) async throws {
    try await Till.on(kind) { till in
      try await Self.fill(till)
      let all = DiscrepancyQuery(Self.today...Self.today.adding(days: 1), in: .moscow)
      func found(_ query: DiscrepancyQuery, before: DiscrepancyID? = nil, limit: Int = 50) async throws -> [DiscrepancyBook.Entry] {
        try await till.database.read { tx in try Self.book.entries(query, before: before, limit: limit, in: &tx) }
      }
      var query = all
      query.cause = "amount"
      #expect(try await found(query).count == 2)
      query.cashier = "K-2"
      #expect(try await found(query).map(\.found.stated) == [19_002])
      let sums = try await till.database.read { [query] tx in try Self.book.sums(query, in: &tx) }
      #expect(sums.count == 1 && sums.days == [1, 0])
      query = all
      query.store = StoreID(78)
      #expect(try await found(query).isEmpty)
      query.store = till.store.id
      query.register = "2"
      #expect(try await found(query).isEmpty)
      #expect(try await found(DiscrepancyQuery(Self.today...Self.today, in: .moscow)).allSatisfy { $0.found.cause != .refund })
      let whole = try await found(all)
      var (pages, before): ([DiscrepancyID], DiscrepancyID?) = ([], nil)
      while true {
        let page = try await found(all, before: before, limit: 2)
        pages += page.map(\.id)
        guard let last = page.last else { break }
        before = last.id
      }
      #expect(pages == whole.map(\.id) && pages.count == 4)
      let counts = try await till.database.read { tx in
        try [3, 100].map { try Self.book.count(all, upTo: $0, in: &tx) }
      }
      #expect(counts == [3, whole.count])
      let others = DiscrepancyBook(of: AccountID(99), programme: Till.programme)
      #expect(try await till.database.read { tx in try others.entries(all, limit: 50, in: &tx) }.isEmpty)
    }
  }

  @Test func `is asked of no more days than the board shows`() {
    let query = DiscrepancyQuery(Self.today.adding(days: -1_000)...Self.today, in: .moscow)
    #expect(query.all.count == Limits.boardDays && query.days.upperBound == Self.today)
  }
}
