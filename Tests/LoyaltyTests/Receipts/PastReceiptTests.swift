import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `receipts of the past` {
  private static func ready(_ number: Int64, _ till: Till, milk: Int64 = 1, of member: Int64?, hour: Int64 = 0) -> ReadyReceipt {
    let basket = till.basket(milk: milk, at: Till.noon + .hours(hour))
    return till.receipts.prepare(PastReceipt(key: till.key(number), member: member.map { MemberID(1000 + $0) }, basket: basket))
  }

  private static func record(_ past: [ReadyReceipt], _ till: Till) async throws -> [PastOutcome] {
    try await till.database.write { tx in try till.receipts.record(past, at: Till.noon + .hours(9), in: &tx) }
  }

  @Test(arguments: TestDatabase.available) func `are recorded once each, in whatever order they come`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      let past = [
        Self.ready(1, till, milk: 2, of: 5, hour: 3), Self.ready(2, till, of: nil), Self.ready(3, till, milk: 4, of: 5, hour: 1),
        Self.ready(4, till, of: 2), Self.ready(1, till, milk: 2, of: 5, hour: 3), Self.ready(4, till, milk: 9, of: 2),
      ]
      #expect(try await Self.record(past, till) == [.recorded, .recorded, .recorded, .recorded, .known, .taken])
      let wallet = try await till.wallet(till.shopper(5))
      #expect(wallet.history.purchases == 2 && wallet.history.paid == Money(minor: 60_000))
      #expect(wallet.history.first == Till.noon + .hours(1) && wallet.history.last == Till.noon + .hours(3))
      #expect(try await till.wallet(till.shopper(2)).history.paid == Money(minor: 10_000))
      let stored = try await till.receipt(1)
      #expect(stored.owner == 1005 && stored.amount == Money(minor: 20_000) && stored.soldAt == Till.noon + .hours(3))
      #expect(stored.postedAt == Till.noon + .hours(9) && stored.state == .confirmed)
      #expect(try stored.basket() == till.basket(milk: 2, at: Till.noon + .hours(3)) && stored.steps().isEmpty)
      #expect(try await till.receipt(2).hasMember == false)

      let again = [Self.ready(3, till, milk: 4, of: 5, hour: 1), Self.ready(5, till, of: 5), Self.ready(2, till, of: 5)]
      #expect(try await Self.record(again, till) == [.known, .recorded, .taken])
      #expect(try await till.wallet(till.shopper(5)).history.purchases == 3)
      let report = try await till.audit()
      #expect(report.isClean && report.receipts == 5, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `can come back like any other`(on kind: TestDatabase) async throws {
    try await Till.on(kind) { till in
      #expect(try await Self.record([Self.ready(1, till, milk: 2, of: 5)], till) == [.recorded])
      let answer = try await till.takeBack(
        till.goods(1, of: 1, [Return.Line(.line("1"), quantity: .pieces(1))], at: Till.noon + .hours(10)), by: till.shopper(5),
        request: "back")
      #expect(answer.amount == Money(minor: 10_000) && answer.discrepancies.isEmpty)
      #expect(try await till.audit().isClean)
    }
  }
}
