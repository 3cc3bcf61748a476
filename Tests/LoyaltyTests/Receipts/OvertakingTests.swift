import Calculator
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Two messages of one till about one receipt, and what is left when both have come, each of them twice.
private struct Overtaking: Sendable {
  enum Word: Hashable, Sendable { case sale, cancellation }

  let till: Till
  var key: ReceiptKey
  let shopper: Shopper
  var cancelledAt: Instant?

  init(_ till: Till, to shopper: Shopper, fiscal: Bool = false) {
    let printed = till.key(1)
    self.till = till
    self.shopper = shopper
    key = ReceiptKey(
      store: printed.store, register: printed.register, shift: printed.shift, number: printed.number, day: printed.day,
      fiscal: fiscal ? .init(drive: "9289000100012345", document: 31) : nil)
  }

  func sell(_ request: String = "sale", at now: Instant = Till.noon + .hours(1)) async throws -> Sold {
    let sale = Sale(key: key, basket: till.basket(milk: 2, tea: 1, spend: shopper.id == nil ? 0 : 60))
    return try await till.receipts.confirm(sale, by: shopper, request: RequestKey(request), at: now, on: till.database)
  }

  @discardableResult
  func cancel(_ request: String = "no", at now: Instant = Till.noon + .hours(1)) async throws -> ReturnAnswer? {
    // Where there is a fiscal document, the cancellation knows nothing else.
    let named = self.key.fiscal.map { ReceiptKey(fiscal: $0, near: self.key.store) } ?? self.key
    return try await till.database.write { tx in
      try till.receipts.cancel(named, by: shopper, cancelledAt: cancelledAt, request: RequestKey(request), at: now, in: &tx)
    }
  }

  func receipt() async throws -> Receipt { try await till.database.read { tx in try till.receipts.receipt(key, in: &tx) } }

  /// What must not depend on who came first.
  func end() async throws -> [String] {
    let (wallet, receipt) = (try await till.wallet(shopper), try await self.receipt())
    let tables = try await till.database.read { tx in
      try [Self.receipts, Self.returns, Self.discrepancies, Self.events].map { text in
        try tx.rows(SQL(prepared: text, [])).map { "\($0.text(0)) \($0.int(1))" }.joined(separator: ", ")
      }
    }
    let sums = "\(receipt.state) \(receipt.amount.minor) \(receipt.spent.units) \(receipt.earned.units)"
    return [sums, "\(wallet.active.units) \(wallet.history.purchases) \(wallet.history.paid.minor)"] + tables
  }

  private static let receipts = "select key, count(*) from receipt group by key"
  private static let returns = "select cast(policy as text), count(*) from receipt_return group by policy"
  private static let discrepancies = "select cause, count(*) from discrepancy group by cause order by cause"
  private static let events = "select cast(kind as text), count(*) from outbox group by kind order by kind"
}

private actor Ends {
  private(set) var all: [[String]] = []
  func add(_ end: [String]) { all.append(end) }
}

@Suite struct `a cancellation that overtakes its sale` {
  @Test(arguments: TestDatabase.available, ["a member", "a member, by the fiscal document", "nobody"])
  func `ends as it does in the right order, each sent twice`(on kind: TestDatabase, to whom: String) async throws {
    let ends = Ends()
    for order in [[Overtaking.Word.sale, .sale, .cancellation, .cancellation], [.cancellation, .cancellation, .sale, .sale]] {
      try await Till.on(kind) { till in
        let shopper = whom == "nobody" ? Shopper.nobody : till.shopper(1)
        try await till.give(100, to: shopper)
        let before = try await till.wallet(shopper)
        let both = Overtaking(till, to: shopper, fiscal: whom.hasSuffix("document"))
        var sold: [Sold] = []
        for word in order {
          switch word {
          case .sale: sold.append(try await both.sell())
          case .cancellation: try await both.cancel()
          }
        }
        #expect(sold[0] == sold[1])
        #expect((sold[0].earned > .zero) == (shopper.id != nil) && !sold[0].isBeside)
        let undone = try #require(try await both.cancel())
        #expect(undone.amount == sold[0].amount && undone.givenBack == sold[0].spent && undone.takenBack == sold[0].earned)
        #expect(undone.discrepancies.map(\.cause) == [.cancelledLate])
        #expect(try await both.cancel("another") == nil, "nothing is left")
        #expect(try await till.wallet(shopper).balances == before.balances)
        #expect(try await till.audit().isClean)
        #expect(try await both.receipt().state == .cancelled)
        await ends.add(try await both.end())
      }
    }
    let all = await ends.all
    #expect(all.count == 2 && all[0] == all[1])
  }

  @Test(arguments: TestDatabase.available) func `is nothing that could be looked up, returned or given to a member`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let both = Overtaking(till, to: .nobody)
      #expect(try await both.cancel() == nil)
      let unknown = await #expect(throws: Problem.self) { try await both.receipt() }
      #expect(unknown?.code == "receipt_unknown")
      let claim = await #expect(throws: Problem.self) {
        try await till.database.write { tx in
          try till.receipts.attach(
            both.key, to: MemberSnapshot(id: MemberID(1001)), request: RequestKey("claim"), at: Till.noon, in: &tx)
        }
      }
      #expect(claim?.code == "receipt_unknown")
      let back = try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"))]), request: "back")
      #expect(back.discrepancies.map(\.cause) == [.unmatched])
      #expect(try await both.sell().amount == Money(minor: 45_000))
      #expect(try await both.receipt().state == .cancelled)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `leaves a receipt alone that was sold later under the same number`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.give(300, to: anna)
      // One microsecond decides: the sale is of noon.
      for (number, early) in [(Int64(1), true), (2, false)] {
        var both = Overtaking(till, to: anna)
        both.key = till.key(number)
        both.cancelledAt = early ? Instant(micros: Till.noon.micros - 1) : Till.noon
        #expect(try await both.cancel("no \(number)") == nil)
        #expect(try await both.sell("sale \(number)").spent == Points(units: 60))
        #expect(try await both.sell("sale \(number)").spent == Points(units: 60))
        #expect(try await both.receipt().state == (early ? .confirmed : .cancelled))
        #expect(try await till.wallet(anna).history.purchases == 1)
        if early { #expect(try await both.cancel("no \(number)") == nil, "it had found nothing") }
      }
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `arrives together with it, and every round ends the same`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      for round in Int64(1)...12 {
        let anna = till.shopper(round)
        try await till.give(100, to: anna)
        var made = Overtaking(till, to: anna)
        made.key = till.key(round)
        let both = made
        try await withThrowingTaskGroup(of: Void.self) { group in
          // The same receipt under two request keys is one receipt.
          for request in ["sale \(round)", "sale \(round)", "again \(round)"] { group.addTask { _ = try await both.sell(request) } }
          for _ in 0..<2 { group.addTask { _ = try await both.cancel("no \(round)") } }
          try await group.waitForAll()
        }
        #expect(try await both.receipt().state == .cancelled)
        #expect(try await both.cancel("no \(round)")?.givenBack == Points(units: 60))
        let wallet = try await till.wallet(anna)
        #expect(wallet.active == Points(units: 100) && wallet.history.purchases == 0)
      }
      #expect(try await till.audit().isClean)
    }
  }
}
