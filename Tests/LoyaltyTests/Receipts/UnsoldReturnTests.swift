import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `a return whose sale does not come` {
  private static func number(_ till: Till, _ statement: String) async throws -> Int64 {
    try await till.database.read { tx in try tx.rows(SQL(prepared: statement, [])).first?.int(0) ?? -1 }
  }

  private static func bring(
    _ number: Int64, of original: ReceiptKey, _ till: Till, stated: Money? = nil
  ) async throws -> ReturnAnswer {
    var goods = till.goods(number, of: nil, [.init(.line("1"))])
    (goods.original, goods.stated) = (original, stated)
    return try await till.takeBack(goods, by: till.shopper(1), request: "back \(number)")
  }

  @Test(arguments: TestDatabase.available) func `is listed after a day by what its till named, and not when the sale has come`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let fiscal = ReceiptKey.Fiscal(drive: "9289000100012345", document: 31)
      let plain = till.key(2)
      let both = ReceiptKey(
        store: plain.store, register: plain.register, shift: plain.shift, number: plain.number, day: plain.day, fiscal: fiscal)
      _ = try await Self.bring(1, of: till.key(1), till, stated: Money(minor: 9_900))
      _ = try await Self.bring(2, of: both, till)
      _ = try await Self.bring(3, of: ReceiptKey(fiscal: .init(drive: "9289", document: 7), near: plain.store), till)
      let unsold = UnsoldReturns(of: Till.account)
      // They came an hour after noon; one millisecond decides.
      for (time, expected) in [(Till.noon + .hours(25), 0), (Till.noon + .hours(25) + .seconds(1), 3)] {
        let (listed, count, gauges) = try await till.database.read { tx in
          (
            try unsold.longest(10, at: time, in: &tx), try unsold.count(at: time, in: &tx),
            try UnsoldReturns.gauge(time, &tx)
          )
        }
        #expect(listed.count == expected && count == expected)
        #expect(gauges == [Gauge("unsold_returns", Double(expected))])
        guard expected > 0 else { continue }
        #expect(
          listed.map(\.sale) == [.receipt(till.key(1)), .receipt(plain), .fiscal(drive: "9289", document: 7)])
        #expect(listed.map(\.stated) == [Money(minor: 9_900), nil, nil])
        #expect(listed.map(\.key) == (1...3).map { till.key(9_000 + $0) })
        #expect(listed.allSatisfy { $0.time == Till.noon + .hours(1) && $0.since == Till.noon + .hours(1) })
        let first = try await till.database.read { tx in try unsold.longest(1, at: time, in: &tx) }
        #expect(first.map(\.document) == [listed[0].document])
        let others = try await till.database.read { tx in try UnsoldReturns(of: AccountID(999)).count(at: time, in: &tx) }
        #expect(others == 0)
      }
      try await till.sell(1, till.basket(milk: 1), to: till.shopper(1))
      let left = try await till.database.read { tx in try unsold.count(at: Till.noon + .days(3), in: &tx) }
      #expect(left == 2)
    }
  }

  @Test(arguments: TestDatabase.available) func `waits no more after its time, and a sale that comes all the same stays whole`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let first = try await Self.bring(1, of: till.key(1), till)
      func forget(before moment: Instant) async throws -> Int {
        try await till.database.write { tx in try UnsoldReturns.forget(before: moment, in: &tx) }
      }
      #expect(try await forget(before: Till.noon + .hours(1)) == 0)
      #expect(try await forget(before: Till.noon + .hours(1) + .seconds(1)) == 1)
      #expect(try await Self.number(till, "select count(*) from waiting_return") == 0)
      let sold = try await till.sell(1, till.basket(milk: 1), to: till.shopper(1))
      #expect(sold.amount == Money(minor: 10_000))
      #expect(try await till.receipt(1).state == .confirmed)
      let again = try await Self.bring(1, of: till.key(1), till)
      #expect(
        again.refunds == first.refunds && again.discrepancies.map(\.cause) == [.unmatched], "goods without a receipt, as before")
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `one of very many finds its sale like the first`(on kind: TestDatabase) async throws
  {
    try await Till.on(kind) { till in
      let many = Int64(Limits.page) + 15
      for number in 1...many { _ = try await Self.bring(number, of: till.key(1), till) }
      #expect(try await Self.number(till, "select count(*) from waiting_return") == many)
      try await till.sell(1, till.basket(milk: many + 5), to: till.shopper(1))
      let receipt = try await till.receipt(1)
      let history = try await till.database.read { tx in try ReceiptBook(of: Till.account).history(of: receipt, in: &tx) }
      #expect(history.remaining(of: receipt) == [.pieces(5)] && history.steps.count == Int(many))
      #expect(
        try await Self.number(till, "select count(*) from receipt_return where receipt_id is null and matched_as is null") == 0)
      #expect(try await Self.number(till, "select count(*) from waiting_return") == 0)
      #expect(try await Self.bring(many, of: till.key(1), till).discrepancies.isEmpty)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `beyond a thousand of one receipt is goods without a receipt at once`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      _ = try await Self.bring(1, of: till.key(1), till)
      try await till.database.write { tx in
        for number in 1..<Limits.waitingReturns {
          try tx.enqueue(
            SQL(
              prepared: """
                insert into waiting_return (account_id, kind, key, document_id, owner_id, goods)
                select account_id, kind, key, document_id - $1, owner_id, goods from waiting_return
                order by document_id desc limit 1
                """, [Int64(number).value]))
        }
      }
      #expect(try await Self.number(till, "select count(*) from waiting_return") == Int64(Limits.waitingReturns))
      let next = try await Self.bring(2, of: till.key(1), till)
      #expect(next.discrepancies.map(\.cause) == [.unmatched])
      #expect(try await Self.number(till, "select count(*) from waiting_return") == Int64(Limits.waitingReturns))
      #expect(try await Self.bring(3, of: till.key(2), till).discrepancies.map(\.cause) == [.unmatched])
      #expect(try await Self.number(till, "select count(*) from waiting_return") == Int64(Limits.waitingReturns) + 1)
    }
  }
}
