import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `points that wait for a word` {
  private static func on(
    _ kind: TestDatabase, _ activation: Activation = .onEvent, _ body: @Sendable (Till) async throws -> Void
  ) async throws {
    var terms = PointsTerms(zone: .moscow)
    terms.base.activation = activation
    try await Till.on(kind, points: terms, body)
  }

  private static func release(_ number: Int64, _ request: String, after days: Int64 = 2, in till: Till) async throws -> Released {
    let key = till.key(number)
    return try await till.database.write { tx in
      try till.receipts.release(key, request: RequestKey(request), at: Till.noon + .days(days), in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available) func `become active once, without what came back, and go with what comes back later`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { till in
      let anna = till.shopper(1)
      #expect(try await till.sell(1, till.basket(milk: 10), to: anna).earned == Points(units: 50))
      try await till.sell(2, till.basket(milk: 2), to: anna)
      let before = try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"), quantity: .pieces(4))]), request: "before")
      #expect(before.takenBack == Points(units: 20))
      #expect(try await till.wallet(anna).pending == Points(units: 40))
      let released = try await Self.release(1, "delivered", in: till)
      #expect(released.points == Points(units: 30) && released.balance?.active == Points(units: 30))
      #expect(released.balance?.pending == Points(units: 10), "the other order is on its way")
      let again = try await Self.release(1, "delivered", after: 3, in: till)
      #expect(again == released && again.balance?.active == Points(units: 30))
      #expect(try await Self.release(1, "told twice", in: till).points == .zero)
      await #expect(throws: Problem.self) { _ = try await Self.release(2, "delivered", in: till) }
      let after = try await till.takeBack(
        till.goods(2, of: 1, [.init(.line("1"), quantity: .pieces(6))], at: Till.noon + .days(4)), request: "after")
      #expect(after.takenBack == Points(units: 30))
      let wallet = try await till.wallet(anna)
      #expect(wallet.active == .zero && wallet.pending == Points(units: 10))
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `are none of a receipt that came back, of nobody's, and of one that nobody knows`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { till in
      let anna = till.shopper(1)
      try await till.sell(1, till.basket(milk: 10), to: anna)
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"), quantity: .pieces(10))]), request: "whole")
      #expect(try await Self.release(1, "one", in: till).points == .zero)
      try await till.sell(2, till.basket(milk: 10), to: .nobody)
      let nobody = try await Self.release(2, "two", in: till)
      #expect(nobody.points == .zero && nobody.balance == nil)
      let key = till.key(2)
      _ = try await till.database.write { tx in
        try till.receipts.attach(
          key, to: MemberSnapshot(id: MemberID(1002)), request: RequestKey("claim"), at: Till.noon + .days(1), in: &tx)
      }
      let claimed = try await Self.release(2, "three", in: till)
      #expect(claimed.points == Points(units: 50) && claimed.balance?.active == Points(units: 50))
      await #expect(throws: Problem.self) { _ = try await Self.release(77, "four", in: till) }
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `are not those that wait for a day`(on kind: TestDatabase) async throws {
    try await Self.on(kind, .startOfDay(after: 14)) { till in
      let anna = till.shopper(1)
      try await till.sell(1, till.basket(milk: 10), to: anna)
      #expect(try await Self.release(1, "delivered", in: till).points == .zero)
      #expect(try await till.wallet(anna).pending == Points(units: 50))
    }
  }

  @Test(arguments: TestDatabase.available) func `are made active by hand with a reason that stays, and not where none wait`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { till in
      try await till.sell(1, till.basket(milk: 10), to: till.shopper(1))
      let (key, change) = (till.key(1), Change(by: .demo, at: Till.noon + .days(2), ids: till.ids))
      func byHand(_ reason: String, _ request: String) async throws -> Released {
        try await till.database.write { tx in
          try till.receipts.release(key, because: reason, request: RequestKey(request), by: change, in: &tx)
        }
      }
      await #expect(throws: Problem.self) { _ = try await byHand("", "a") }
      let released = try await byHand("handed over", "b")
      #expect(released.points == Points(units: 50))
      #expect(try await byHand("handed over", "b") == released)
      await #expect(throws: Problem.self) { _ = try await byHand("once more", "c") }
      let entries = try await till.database.read { tx in
        try AuditTrail(of: Till.account).entries(of: released.receipt, limit: 10, in: &tx)
      }
      #expect(entries.map(\.act) == ["receipt.released"] && entries[0].after?["reason"] == .string("handed over"))
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }
}
