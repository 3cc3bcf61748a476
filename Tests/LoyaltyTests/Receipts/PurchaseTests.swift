import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What the domain's page says of a purchase, where no other test would notice that it is not so.
@Suite struct PurchaseTests {
  /// The same till under a first rule book that gave ten percent back, and since noon under one that gives five.
  private static func sinceNoon(_ till: Till) -> Receipts {
    let old = RuleBook(version: 1, terms: ProgrammeTerms(), promotions: [Till.promotion(1, .earnRate(.percent(10)))])
    let new = RuleBook(version: 2, terms: ProgrammeTerms(), promotions: [Till.fiveBack])
    let shelf = RuleShelf(new, byVersion: { $0 == 1 ? old : nil }, byTime: { $0 < Till.noon ? old : new })
    return Receipts(of: Till.account, programme: Till.programme, rules: shelf, points: till.points, ids: till.ids)
  }

  @Test(arguments: TestDatabase.available) func `the rules of a sale are those it was calculated by, or else of its time`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let receipts = Self.sinceNoon(till)
      let sell: @Sendable (Int64, Instant, Int64?, Bool) async throws -> Int64 = { number, time, rules, isOffline in
        let amounts = isOffline ? [Sale.StatedLine(amount: Money(minor: 20_000))] : nil
        let basket = till.basket(milk: 2, at: time)
        let sale = Sale(key: till.key(number), basket: basket, stated: amounts, rules: rules, isOffline: isOffline)
        return try await till.database.write { tx in
          try receipts.confirm(
            sale, by: till.shopper(1), request: RequestKey("s \(number)"), at: Till.noon + .hours(3), in: &tx)
        }.earned.units
      }
      let before = Till.noon - .hours(1)
      let ofItsTime = [try await sell(1, before, nil, false), try await sell(2, Till.noon, nil, false)]
      #expect(ofItsTime == [20, 10])
      let calculatedBefore = try await sell(3, Till.noon + .seconds(5), 1, false)
      #expect(calculatedBefore == 20, "calculated before the rules changed")
      let offline = [try await sell(4, before, nil, true), try await sell(5, Till.noon, nil, true)]
      #expect(offline == [20, 10], "sold without a network before and after the rules changed")
    }
  }

  @Test(arguments: TestDatabase.available) func `a marked unit comes back by its code, once`(on kind: TestDatabase) async throws {
    try await Till.on(kind) { till in
      var basket = till.basket(milk: 1)
      basket.lines = [("1", "AAA", Int64(10_000)), ("2", "BBB", Int64(12_000))].map { id, mark, price in
        BasketLine(id: id, product: ProductFacts(id: Till.milk), price: Money(minor: price), mark: mark)
      }
      try await till.sell(1, basket, to: till.shopper(1))
      let second = try await till.takeBack(till.goods(1, of: 1, [.init(.mark("BBB"))]), request: "a")
      #expect(second.amount == Money(minor: 12_000) && second.refunds[0].lines.map(\.line) == [1])
      let again = try await till.takeBack(till.goods(2, of: 1, [.init(.mark("BBB"))]), request: "b")
      #expect(again.amount == .zero && again.discrepancies == [Discrepancy(.quantity, stated: 1000, expected: 0)])
      let other = try await till.takeBack(till.goods(3, of: 1, [.init(.mark("CCC"))]), request: "c")
      #expect(other.refunds.isEmpty && other.discrepancies.map(\.cause) == [.quantity])
      #expect(try await till.takeBack(till.goods(4, of: 1, [.init(.mark("AAA"))]), request: "d").amount == Money(minor: 10_000))
      #expect(try await till.receipt(1).state == .returned)
    }
  }

  @Test(arguments: TestDatabase.available) func `without a receipt only sales of the last days are looked at`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind, terms: ReturnTerms(matchDays: 10)) { till in
      let anna = till.shopper(1)
      try await till.give(40, to: anna)
      try await till.sell(1, till.basket(milk: 1, spend: 40), to: anna)
      let late = till.goods(1, of: nil, [.init(.product(Till.milk))], at: Till.noon + .days(10) + .seconds(1))
      let nothing = try await till.takeBack(late, by: anna, request: "late")
      #expect(nothing.givenBack == .zero && nothing.discrepancies.map(\.cause) == [.unmatched])
      let inTime = till.goods(2, of: nil, [.init(.product(Till.milk))], at: Till.noon + .days(10))
      let found = try await till.takeBack(inTime, by: anna, request: "in time")
      #expect(found.givenBack == Points(units: 40) && found.discrepancies.isEmpty)
      #expect(try await till.receipt(1).state == .returned)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `goods without a receipt take back what they would earn, where the programme says so`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind, terms: ReturnTerms(unmatched: .takeEarning)) { till in
      let anna = till.shopper(1)
      try await till.give(100, to: anna)
      var goods = till.goods(1, of: nil, [.init(.product(Till.tea), quantity: .pieces(2))])
      goods.goods = till.basket(milk: 3, tea: 2)
      let answer = try await till.takeBack(goods, by: anna, request: "a")
      #expect(answer.takenBack == Points(units: 25), "of the tea, not of the milk")
      #expect(answer.givenBack == .zero && answer.discrepancies.map(\.cause) == [.unmatched])
      #expect(try await till.wallet(anna).active == Points(units: 75))
      #expect(try await till.takeBack(goods, by: anna, request: "a") == answer)
      #expect(try await till.wallet(anna).active == Points(units: 75))
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a cancel takes back what returns had left, and once`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.give(60, to: anna)
      let sold = try await till.sell(1, till.basket(milk: 3, tea: 1, spend: 60), to: anna)
      let part = try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"))]), request: "part")
      let cancel: @Sendable (String) async throws -> ReturnAnswer? = { request in
        try await till.database.write { tx in
          try till.receipts.cancel(till.key(1), by: anna, request: RequestKey(request), at: Till.noon + .hours(2), in: &tx)
        }
      }
      let rest = try #require(try await cancel("a"))
      #expect(part.amount + rest.amount == sold.amount && part.givenBack + rest.givenBack == sold.spent)
      #expect(try await cancel("b") == nil, "there is nothing left")
      #expect(try await till.receipt(1).state == .cancelled)
      let wallet = try await till.wallet(anna)
      #expect(wallet.active == Points(units: 60) && wallet.history.purchases == 0 && wallet.history.paid == .zero)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `an exchange is one visit with the net of both, and each names the other`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.sell(1, till.basket(milk: 1, tea: 1), to: anna)
      let goods = till.goods(1, of: 1, [.init(.line("1")), .init(.line("2"))])
      let sale = Sale(key: till.key(2), basket: till.basket(milk: 4, at: goods.time))
      let (returned, sold) = try await till.database.write { tx in
        try till.receipts.exchange(goods, for: sale, by: anna, request: RequestKey("x"), at: goods.time, in: &tx)
      }
      let named = try await till.database.read { tx in
        try tx.rows(SQL(prepared: "select document_id, sale_id from receipt_return", [])).flatMap { [$0.int(0), $0.int(1)] }
      }
      #expect(named == [returned.document.raw, sold.receipt.raw])
      let history = try await till.wallet(anna).history
      #expect(history.purchases == 1 && history.paid == Money(minor: 40_000) && history.first == goods.time)
    }
  }

  @Test(arguments: TestDatabase.available) func `a receipt can be claimed until the end of its last day, not after`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      for number in Int64(1)...2 { try await till.sell(number, till.basket(tea: 2, spend: 0), to: .nobody) }
      let claim: @Sendable (Int64, Instant) async throws -> Attached = { number, now in
        try await till.database.write { tx in
          try till.receipts.attach(
            till.key(number), to: MemberSnapshot(id: MemberID(1001)), request: RequestKey("c \(number)"), at: now, in: &tx)
        }
      }
      #expect(try await claim(1, Till.noon + .days(14)).earned == Points(units: 25))
      let late = await #expect(throws: Problem.self) { try await claim(2, Till.noon + .days(14) + .seconds(1)) }
      #expect(late?.code == "attachment_too_late")
      let receipt = try await till.receipt(1)
      #expect(receipt.amount == Money(minor: 50_000) && receipt.earned == .zero, "earning only, and the receipt stays as it was")
      let soldToMember = try await till.sell(3, till.basket(tea: 1), to: till.shopper(2))
      let refusal = await #expect(throws: Problem.self) { try await claim(3, Till.noon) }
      #expect(refusal?.code == "receipt_has_member" && soldToMember.earned == Points(units: 12))
      try await till.sell(4, till.basket(milk: 2), to: .nobody)
      try await till.takeBack(till.goods(1, of: 4, [.init(.line("1"))]), request: "back")
      let returned = await #expect(throws: Problem.self) { try await claim(4, Till.noon) }
      #expect(returned?.code == "receipt_returned")
    }
  }

  @Test(arguments: TestDatabase.available) func `a member's last use goes to one of many tills`(on kind: TestDatabase) async throws
  {
    for limits in [PromotionLimits(perMember: 1), PromotionLimits(perMemberDay: 1)] {
      let once = Till.promotion(2, .percent(.percent(50), of: .reduced), limits: limits)
      try await Till.on(kind, promotions: [once]) { till in
        let sold = try await withThrowingTaskGroup(of: Sold.self) { group in
          for number in Int64(1)...12 { group.addTask { try await till.sell(number, till.basket(milk: 1), to: till.shopper(1)) } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(sold.count { $0.amount == Money(minor: 5_000) } == 1)
        #expect(try await till.wallet(till.shopper(1)).given(PromotionID(2))?.total.uses == 1)
        #expect(try await till.audit().isClean)
      }
    }
  }
}
