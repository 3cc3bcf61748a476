import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Sales that are worked out beside the writer.
@Suite struct DraftTests {
  @Test(arguments: TestDatabase.available) func `a sale made ready beside the writer is what the writer would have made of it`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      try await till.give(500, to: till.shopper(1))
      try await till.give(500, to: till.shopper(2))
      for number in Int64(1)...6 {
        let basket = till.basket(milk: number, tea: number % 3, spend: number * 20, at: Till.noon + .minutes(number))
        let stated = number == 4 ? [Sale.StatedLine(amount: Money(minor: 9_900)), .init(amount: Money(minor: 100))] : nil
        @Sendable func sale(_ key: Int64) -> Sale { Sale(key: till.key(key), basket: basket, stated: stated) }
        let ready = try await till.receipts.confirm(
          sale(number), by: till.shopper(1), request: RequestKey("ready \(number)"), at: basket.time, on: till.database)
        let written = try await till.database.write { tx in
          try till.receipts.confirm(
            sale(100 + number), by: till.shopper(2), request: RequestKey("written \(number)"), at: basket.time, in: &tx)
        }
        #expect(ready.amount == written.amount && ready.earned == written.earned && ready.spent == written.spent)
        #expect(ready.discrepancies == written.discrepancies)
        let (one, other) = (try await till.receipt(number), try await till.receipt(100 + number))
        #expect(one.lines == other.lines && one.amount == other.amount && one.rules == other.rules)
        #expect(try one.steps() == other.steps())
      }
      let (one, other) = (try await till.wallet(till.shopper(1)), try await till.wallet(till.shopper(2)))
      #expect(one.active == other.active && one.history == other.history && one.tallies == other.tallies)
      #expect(try await till.audit().isClean)
    }
  }

  @Test func `a wallet that moved after the sale was made ready is looked at again`() async throws {
    try await Till.on(.sqlite) { till in
      let anna = till.shopper(1)
      try await till.give(100, to: anna)
      let between = InterruptedDatabase(inner: till.database) {
        try await till.sell(1, till.basket(milk: 1, spend: 80), to: anna)
      }
      let sale = Sale(key: till.key(2), basket: till.basket(milk: 1, spend: 80))
      let sold = try await till.receipts.confirm(sale, by: anna, request: RequestKey("second"), at: Till.noon, on: between)
      // Eighty of a hundred points and a handful earned are gone: the draft thought that all of them were there.
      #expect(sold.spent < Points(units: 80))
      let wallet = try await till.wallet(anna)
      #expect(wallet.history.purchases == 2 && wallet.active >= .zero)
      #expect(try await till.audit().isClean)
    }
  }

  @Test func `a key that was taken after the sale was made ready stays taken`() async throws {
    try await Till.on(.sqlite) { till in
      let anna = till.shopper(1)
      try await till.give(100, to: anna)
      let between = InterruptedDatabase(inner: till.database) {
        try await till.sell(1, till.basket(milk: 1), to: anna, request: "same")
      }
      let sale = Sale(key: till.key(1), basket: till.basket(milk: 1))
      let again = try await till.receipts.confirm(sale, by: anna, request: RequestKey("same"), at: Till.noon, on: between)
      #expect(try await again.receipt == till.receipt(1).id)
      #expect(try await till.wallet(anna).history.purchases == 1)
      let other = Sale(key: till.key(3), basket: till.basket(milk: 2))
      let problem = await #expect(throws: Problem.self) {
        try await till.receipts.confirm(other, by: anna, request: RequestKey("same"), at: Till.noon, on: till.database)
      }
      #expect(problem?.code == "request_key_reused")
      #expect(try await till.wallet(anna).history.purchases == 1)
      #expect(try await till.audit().isClean)
    }
  }
}

/// Lets something happen after a draft was made and before it is written.
private struct InterruptedDatabase: Database {
  let inner: any Database
  let between: @Sendable () async throws -> Void

  init(inner: any Database, _ between: @escaping @Sendable () async throws -> Void) {
    self.inner = inner
    self.between = between
  }

  var dialect: Dialect { inner.dialect }
  var figures: [DatabaseFigure] { inner.figures }

  func write<R: Sendable>(_ urgency: Urgency, _ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await inner.write(urgency, body)
  }

  func write<D: Sendable, R: Sendable>(
    _ urgency: Urgency, drafting: @escaping @Sendable (inout Transaction) throws -> D?,
    body: @escaping @Sendable (D?, inout Transaction) throws -> R
  ) async throws -> R {
    let draft = try await inner.read(drafting)
    #expect(draft != nil, "there must be a draft, or nothing is shown")
    try await between()
    return try await inner.write(urgency) { tx in try body(draft, &tx) }
  }

  func read<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await inner.read(body)
  }

  func close() async { await inner.close() }
}
