import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Many tills at one moment.
@Suite struct RushTests {
  @Test(arguments: TestDatabase.available) func `the same receipt from 32 callers has one effect and one answer`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      let answers = try await withThrowingTaskGroup(of: Sold.self) { group in
        for caller in 0..<32 {
          group.addTask { try await till.sell(1, till.basket(milk: 2), to: anna, request: "caller \(caller % 8)") }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.count == 32 && Set(answers).count == 1)
      let wallet = try await till.wallet(anna)
      #expect(wallet.active == Points(units: 10) && wallet.history.purchases == 1)
      let report = try await till.audit()
      #expect(report.receipts == 1 && report.isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `the last use of a promotion goes to one shopper`(on kind: TestDatabase)
    async throws
  {
    let last = Till.promotion(2, .percent(.percent(50), of: .reduced), limits: PromotionLimits(total: 1))
    try await Till.on(kind, promotions: [last]) { till in
      let answers = try await withThrowingTaskGroup(of: Sold.self) { group in
        for caller in Int64(1)...16 {
          group.addTask { try await till.sell(caller, till.basket(milk: 1), to: till.shopper(caller)) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.count { $0.amount == Money(minor: 5_000) } == 1)
      #expect(answers.count { $0.amount == Money(minor: 10_000) } == 15)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a budget is never overshot, to the last kopeck, and returns refill it`(
    on kind: TestDatabase
  ) async throws {
    let budget = Till.promotion(2, .amount(Money(minor: 3_000)), limits: PromotionLimits(budgetMoney: Money(minor: 10_000)))
    try await Till.on(kind, promotions: [budget]) { till in
      let answers = try await withThrowingTaskGroup(of: Sold.self) { group in
        for caller in Int64(1)...12 {
          group.addTask { try await till.sell(caller, till.basket(milk: 1), to: till.shopper(caller)) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let given = answers.reduce(0) { $0 + 10_000 - $1.amount.minor }
      #expect(given == 10_000)
      for caller in Int64(1)...12 {
        try await till.takeBack(till.goods(caller, of: caller, [.init(.line("1"))]), request: "back \(caller)")
      }
      #expect(try await till.sell(20, till.basket(milk: 1), to: till.shopper(20)).amount == Money(minor: 7_000))
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `sales at the till's own amounts earn within the same budget`(on kind: TestDatabase)
    async throws
  {
    let budget = Till.promotion(2, .earnFixed(Points(units: 50)), limits: PromotionLimits(budgetPoints: Points(units: 100)))
    try await Till.on(kind, promotions: [budget]) { till in
      let own = [Sale.StatedLine(amount: Money(minor: 9_000))]
      var earned: Int64 = 0
      for number in Int64(1)...4 {
        var sale = Sale(key: till.key(number), basket: till.basket(milk: 1), stated: own)
        sale.isOffline = number % 2 == 0
        let (stated, request) = (sale, RequestKey("own \(number)"))
        let sold = try await till.database.write { tx in
          try till.receipts.confirm(stated, by: till.shopper(number), request: request, at: Till.noon, in: &tx)
        }
        earned += sold.earned.units
      }
      #expect(earned == 4 * 4 + 100, "five percent of 90.00 each, and the budget")
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a hold reserves the last use until it ends`(on kind: TestDatabase) async throws {
    let last = Till.promotion(2, .percent(.percent(50), of: .reduced), limits: PromotionLimits(total: 1))
    try await Till.on(kind, promotions: [last]) { till in
      let anna = till.shopper(1)
      let quote = try await till.database.write { tx in
        try till.receipts.calculate(till.basket(milk: 1), for: anna, holding: HoldWish(), at: Till.noon, in: &tx)
      }
      #expect(quote.calculation.amount == Money(minor: 5_000))
      #expect(try await till.sell(2, till.basket(milk: 1), to: till.shopper(2)).amount == Money(minor: 10_000))
      #expect(try await till.sell(1, till.basket(milk: 1), to: anna, hold: quote.hold).amount == Money(minor: 5_000))
      #expect(try await till.sell(3, till.basket(milk: 1), to: till.shopper(3)).amount == Money(minor: 10_000))
    }
  }

  @Test(arguments: TestDatabase.available) func `a wallet is spent once by many tills`(on kind: TestDatabase) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.give(100, to: anna)
      let answers = try await withThrowingTaskGroup(of: Sold.self) { group in
        for caller in Int64(1)...8 { group.addTask { try await till.sell(caller, till.basket(milk: 1, spend: 30), to: anna) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let earned = answers.reduce(0) { $0 + $1.earned.units }
      let spent = answers.reduce(0) { $0 + $1.spent.units }
      #expect(try await till.wallet(anna).active.units == 100 + earned - spent)
      #expect(answers.allSatisfy { $0.discrepancies.isEmpty })
      #expect(try await till.audit().isClean)
    }
  }
}
