import Calculator
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing

/// Sales that arrive together where many transactions can run side by side.
@Suite struct SaleGroupTests {
  private static let postgres = TestDatabase.available.filter { if case .postgres = $0 { true } else { false } }

  /// All at the same time, while the first of them wait before a closed door.
  private static func rush(
    _ sales: [Sale], by shopper: @escaping @Sendable (Int) -> Shopper, _ request: @escaping @Sendable (Int) -> String, _ till: Till
  ) async throws -> (answers: [Result<Sold, any Error>], writes: Int) {
    let database = DoorDatabase(till.database)
    return try await withThrowingTaskGroup(of: (Int, Result<Sold, any Error>).self) { group in
      for (place, sale) in sales.enumerated() {
        group.addTask {
          do {
            let sold = try await till.receipts.confirm(
              sale, by: shopper(place), request: RequestKey(request(place)), at: Till.noon, on: database)
            return (place, .success(sold))
          } catch { return (place, .failure(error)) }
        }
      }
      try await Task.sleep(for: .milliseconds(200))
      database.open()
      var answers: [Int: Result<Sold, any Error>] = [:]
      for try await (place, answer) in group { answers[place] = answer }
      return (sales.indices.compactMap { answers[$0] }, database.writes)
    }
  }

  private static func sale(_ till: Till, _ number: Int64, key: Int64) -> Sale {
    let stated = number % 5 == 4 ? [Sale.StatedLine(amount: Money(minor: 9_000))] : nil
    let basket = till.basket(milk: 1 + number % 3, tea: stated == nil ? number % 2 : 0, spend: number % 4 * 30)
    return Sale(key: till.key(key), basket: basket, stated: stated)
  }

  @Test(arguments: postgres) func `are written together, and each is what it would be alone`(on kind: TestDatabase) async throws {
    try await Till.on(kind) { till in
      let count: Int64 = 48
      @Sendable func shopper(_ number: Int64) -> Shopper { number % 6 == 5 ? .nobody : till.shopper(number) }
      for number in 0..<count where number % 6 != 5 {
        try await till.give(100, to: till.shopper(number))
        try await till.give(100, to: till.shopper(1000 + number))
      }
      let sales = (0..<count).map { Self.sale(till, $0, key: $0) }
      let (answers, writes) = try await Self.rush(sales, by: { shopper(Int64($0)) }, { "together \($0)" }, till)
      #expect(writes < 20, "\(writes) transactions for \(count) sales")
      for number in 0..<count {
        let together = try answers[Int(number)].get()
        let other: Shopper = number % 6 == 5 ? .nobody : till.shopper(1000 + number)
        let alone = try await till.database.write { tx in
          try till.receipts.confirm(
            Self.sale(till, number, key: 1000 + number), by: other, request: RequestKey("alone \(number)"), at: Till.noon, in: &tx)
        }
        #expect(together.amount == alone.amount && together.earned == alone.earned && together.spent == alone.spent)
        #expect(together.discrepancies == alone.discrepancies && together.balance == alone.balance)
        let (one, two) = (try await till.receipt(number), try await till.receipt(1000 + number))
        #expect(try one.lines == two.lines && one.steps() == two.steps() && one.state == two.state)
        guard number % 6 != 5 else { continue }
        let (left, right) = (try await till.wallet(shopper(number)), try await till.wallet(other))
        #expect(left.active == right.active && left.history == right.history && left.tallies == right.tallies)
      }
      let told = try await till.database.read { tx in
        try Outbox(of: Till.account).events(after: nil, limit: 1000, in: &tx).count { $0.kind == .receiptConfirmed }
      }
      #expect(told == Int(count) * 2)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: postgres) func `leave their neighbours whole where one is refused, repeated, odd or new`(
    on kind: TestDatabase
  ) async throws {
    let last = Till.promotion(
      2, .percent(.percent(50), of: .reduced), target: .products([Till.tea]), limits: PromotionLimits(total: 1))
    try await Till.on(kind, promotions: [last]) { till in
      for number in Int64(0)..<10 { try await till.give(100, to: till.shopper(number)) }
      try await till.sell(900, till.basket(milk: 1), to: till.shopper(0), request: "used")
      // Ten plain ones; a request key that means another; one receipt sent four times; one key for two receipts; three of one member;
      // members without wallets; the last use of a promotion, twice.
      let plain = (Int64(0)..<10).map { (key: $0, shopper: $0, basket: till.basket(milk: 1), request: "plain \($0)") }
      let odd: [(key: Int64, shopper: Int64, basket: Basket, request: String)] =
        [(100, 1, till.basket(milk: 1), "used")] + (0..<4).map { _ in (110, 2, till.basket(milk: 2), "again") } + [
          (120, 3, till.basket(milk: 1), "first"), (120, 3, till.basket(milk: 3), "second"),
          (130, 20, till.basket(milk: 1), "new 1"),
          (131, 21, till.basket(milk: 1), "new 2"), (140, 4, till.basket(tea: 1), "tea 1"), (141, 5, till.basket(tea: 1), "tea 2"),
        ] + (Int64(150)..<153).map { ($0, 6, till.basket(milk: 1, spend: 40), "same \($0)") }
      let all = plain + odd
      let sales = all.map { Sale(key: till.key($0.key), basket: $0.basket) }
      let (answers, _) = try await Self.rush(sales, by: { till.shopper(all[$0].shopper) }, { all[$0].request }, till)
      for place in plain.indices { #expect(try answers[place].get().earned == Points(units: 5), "\(place)") }
      #expect(throws: Problem.self) { try answers[10].get() }
      #expect(Set(try answers[11..<15].map { try $0.get() }).count == 1)
      #expect(try answers[15..<17].count { try $0.get().isBeside } == 1)
      #expect(try answers[17..<19].allSatisfy { try $0.get().earned == Points(units: 5) })
      #expect(try answers[19..<21].map { try $0.get().amount.minor }.sorted() == [12_500, 25_000])
      let spent = try answers[21..<24].reduce(0) { $0 + (try $1.get().spent.units) }
      #expect(spent > 80)
      #expect(try await till.wallet(till.shopper(6)).active >= .zero)
      #expect(try await till.wallet(till.shopper(2)).history.purchases == 2)
      let report = try await till.audit()
      #expect(report.isClean && report.receipts == 1 + 10 + 1 + 2 + 2 + 2 + 3, "\(report.receipts)")
    }
  }
}

/// Lets nobody write before the door is opened, and counts who wrote.
final class DoorDatabase: Database {
  private struct State {
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    var writes = 0
  }

  private let inner: any Database
  private let state = Mutex(State())

  init(_ inner: any Database) { self.inner = inner }

  var dialect: Dialect { inner.dialect }
  var figures: [DatabaseFigure] { inner.figures }
  var writes: Int { state.withLock { $0.writes } }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      return state.waiting
    }
    for one in waiting { one.resume() }
  }

  func write<R: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (inout Transaction) throws -> R
  ) async throws -> R {
    await withCheckedContinuation { one in
      let isOpen = state.withLock { state in
        state.writes += 1
        if !state.isOpen { state.waiting.append(one) }
        return state.isOpen
      }
      if isOpen { one.resume() }
    }
    return try await inner.write(urgency, body)
  }

  func read<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await inner.read(body)
  }
  func close() async { await inner.close() }
}
