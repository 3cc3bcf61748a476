import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct ConfirmTests {
  @Test(arguments: TestDatabase.available) func `a purchase earns, spends and can be read again`(on kind: TestDatabase) async throws
  {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.give(100, to: anna)
      let sold = try await till.sell(1, till.basket(milk: 2, tea: 1, spend: 50), to: anna)
      #expect(sold.amount == Money(minor: 40_000) && sold.spent == Points(units: 50) && sold.earned == Points(units: 20))
      #expect(sold.discrepancies.isEmpty && !sold.isBeside)
      let wallet = try await till.wallet(anna)
      #expect(wallet.active == Points(units: 70))
      #expect(wallet.history.purchases == 1 && wallet.history.paid == sold.amount && wallet.history.last == Till.noon)
      let receipt = try await till.receipt(1)
      #expect(receipt.state == .confirmed && receipt.lines.map(\.product) == [Till.milk, Till.tea])
      #expect(try receipt.basket() == till.basket(milk: 2, tea: 1, spend: 50), "every fact of the basket is kept")
      #expect(try receipt.steps().contains { $0.kind == .earning } && receipt.steps().contains { $0.kind == .points })
      #expect(receipt.points.spending.burns.map(\.amount.units) == [50])
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a preview changes nothing and says what the confirm then does`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.give(100, to: anna)
      let before = try await till.wallet(anna)
      let basket = till.basket(tea: 2, spend: 30)
      let quote = try await till.database.read { tx in try till.receipts.calculate(basket, for: anna, at: Till.noon, in: &tx) }
      #expect(try await till.wallet(anna) == before && quote.hold == nil)
      let sold = try await till.sell(1, basket, to: anna)
      #expect(sold.amount == quote.calculation.amount && sold.earned == quote.calculation.earned)
      #expect(sold.spent == quote.calculation.pointsSpent)
      #expect(try await till.receipt(1).steps() == quote.calculation.trace, "step by step")
    }
  }

  @Test(arguments: TestDatabase.available) func `a cause that only a newer server knows is told by its own word`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      let stated = [Sale.StatedLine(amount: Money(minor: 9_000))]
      let first = try await till.sell(1, till.basket(milk: 2), to: anna, stated: stated)
      #expect(first.discrepancies.map(\.cause) == [.amount])
      try await till.takeBack(till.goods(1, of: nil, [.init(.product(Till.tea))]), request: "nobody's")
      // As it finds them while servers are upgraded one by one.
      _ = try await till.database.write { tx in
        try tx.run(SQL("update discrepancy set cause = $1 where cause in ('amount', 'unmatched')", "moon-phase"))
      }
      let again = try await till.sell(1, till.basket(milk: 2), to: anna, stated: stated)
      #expect(again.discrepancies.map(\.word) == ["moon-phase"] && again.discrepancies.map(\.cause) == [nil])
      #expect(again.discrepancies[0].stated == first.discrepancies[0].stated && again.receipt == first.receipt)
      let back = try await till.takeBack(till.goods(1, of: nil, [.init(.product(Till.tea))]), request: "nobody's")
      #expect(back.discrepancies.map(\.word) == ["moon-phase"])
      #expect(try await till.discrepancies().map(\.word) == ["moon-phase", "moon-phase"])
    }
  }

  @Test(arguments: TestDatabase.available) func `the same request gives the same answer and one effect`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.give(10, to: anna)
      let stated = [Sale.StatedLine(amount: Money(minor: 9_000), paidWithPoints: Money(minor: 9_999))]
      let first = try await till.sell(1, till.basket(milk: 2, spend: 99), to: anna, stated: stated)
      #expect(first.discrepancies.map(\.cause) == [.amount, .points])
      let wallet = try await till.wallet(anna)
      #expect(try await till.sell(1, till.basket(milk: 2, spend: 99), to: anna, stated: stated) == first)
      #expect(try await till.sell(1, till.basket(milk: 2, spend: 99), to: anna, request: "another", stated: stated) == first)
      #expect(try await till.sell(1, till.basket(milk: 2, spend: 99), to: anna, request: "another", stated: stated) == first)
      #expect(try await till.wallet(anna) == wallet)
      let refusal = await #expect(throws: Problem.self) {
        try await till.sell(2, till.basket(milk: 3), to: anna, request: "sale 1")
      }
      #expect(refusal?.code == "request_key_reused" && refusal?.kind == .conflict)
      #expect(try await till.wallet(anna) == wallet)
    }
  }

  @Test(arguments: TestDatabase.available) func `another body under the same receipt key stands beside the first`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      let first = try await till.sell(1, till.basket(milk: 1), to: anna)
      let wallet = try await till.wallet(anna)
      let second = try await till.sell(1, till.basket(milk: 2), to: anna, request: "other")
      #expect(second.isBeside && second.receipt != first.receipt && second.earned == .zero)
      #expect(second.discrepancies.map(\.cause) == [.keyReused])
      #expect(try await till.sell(1, till.basket(milk: 2), to: anna, request: "other") == second)
      #expect(try await till.wallet(anna) == wallet)
      #expect(try await till.receipt(1).id == first.receipt)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `points above the wallet are a discrepancy, never a refusal`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.give(30, to: anna)
      let stated = [Sale.StatedLine(amount: Money(minor: 4_000), paidWithPoints: Money(minor: 6_000))]
      let sold = try await till.sell(1, till.basket(milk: 1, spend: 60), to: anna, stated: stated)
      #expect(sold.amount == Money(minor: 4_000) && sold.spent == Points(units: 60))
      #expect(sold.discrepancies.contains(Discrepancy(.points, stated: 60, expected: 30)))
      #expect(sold.earned == Points(units: 2), "earned on what the till says was paid")
      #expect(try await till.wallet(anna).active == Points(units: 2))
      let nobody = try await till.sell(
        2, till.basket(milk: 1, spend: 20), to: .nobody,
        stated: [.init(amount: Money(minor: 8_000), paidWithPoints: Money(minor: 2_000))])
      #expect(nobody.discrepancies.map(\.cause).contains(.unknownMember) && nobody.earned == .zero)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a blocked member's sale stands and earns nothing`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      let blocked = Shopper.member(MemberSnapshot(id: MemberID(1)), isBlocked: true)
      let sold = try await till.sell(1, till.basket(tea: 1), to: blocked)
      #expect(sold.earned == .zero && sold.discrepancies.map(\.cause) == [.blockedMember])
      #expect(try await till.wallet(blocked).balances == Balances())
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a hold keeps points for its receipt and ends by itself`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.give(100, to: anna)
      let basket = till.basket(tea: 1, spend: 80)
      let hold: @Sendable (Instant) async throws -> Quote = { now in
        try await till.database.write { tx in try till.receipts.calculate(basket, for: anna, holding: HoldWish(), at: now, in: &tx)
        }
      }
      let quote = try await hold(Till.noon)
      #expect(try await till.wallet(anna).active == Points(units: 20))
      let sold = try await till.sell(1, basket, to: anna, hold: quote.hold)
      #expect(sold.spent == Points(units: 80) && sold.discrepancies.isEmpty)
      #expect(try await till.wallet(anna).held == .zero)
      try await till.give(71, to: anna)
      let late = try await hold(Till.noon + .minutes(1))
      let after = Till.noon + .minutes(40)
      let other = till.basket(tea: 1, spend: 60, at: after)
      try await till.sell(2, other, to: anna)
      let stated = [Sale.StatedLine(amount: Money(minor: 17_000), paidWithPoints: Money(minor: 8_000))]
      let confirmed = try await till.sell(3, basket, to: anna, stated: stated, hold: late.hold, at: after + .minutes(1))
      #expect(
        confirmed.discrepancies.map(\.cause).contains(.lateConfirm) && !confirmed.discrepancies.map(\.cause).contains(.points))
      let wallet = try await till.wallet(anna)
      #expect(wallet.active >= .zero && wallet.debt == .zero)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a batch of a till without a network can be sent again`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      let batch = (Int64(1)...5).map { number in
        let stated = [Sale.StatedLine(amount: Money(minor: 9_500))]
        let sale = Sale(key: till.key(number), basket: till.basket(milk: 1, at: Till.noon - .hours(number)), stated: stated)
        return OfflineSale(sale, by: anna, request: RequestKey("offline \(number)"))
      }
      let first = try await till.receipts.record(batch, at: Till.noon, in: till.database)
      let again = try await till.receipts.record(batch + [batch[0]], at: Till.noon + .hours(1), in: till.database)
      #expect(first.count == 5 && Array(again.prefix(5)) == first && again[5] == first[0])
      let wallet = try await till.wallet(anna)
      #expect(wallet.active == Points(units: 20), "4.75 points each, rounded down")
      #expect(wallet.history.purchases == 5 && wallet.history.first == Till.noon - .hours(5))
      #expect(try first[0].get().discrepancies.isEmpty, "a till's own price is a fact")
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `who was nobody at the till can claim the receipt once`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      try await till.sell(1, till.basket(tea: 2), to: .nobody)
      let anna = MemberSnapshot(id: MemberID(1001))
      let boris = MemberSnapshot(id: MemberID(1002))
      let claim: @Sendable (MemberSnapshot, String, Instant) async throws -> Attached = { member, request, now in
        try await till.database.write { tx in
          try till.receipts.attach(till.key(1), to: member, request: RequestKey(request), at: now, in: &tx)
        }
      }
      let tooLate = await #expect(throws: Problem.self) { try await claim(anna, "late", Till.noon + .days(15)) }
      #expect(tooLate?.code == "attachment_too_late")
      let attached = try await claim(anna, "a", Till.noon + .days(2))
      #expect(attached.earned == Points(units: 25))
      #expect(try await claim(anna, "a", Till.noon + .days(3)) == attached)
      #expect(try await claim(anna, "b", Till.noon + .days(3)) == attached)
      let taken = await #expect(throws: Problem.self) { try await claim(boris, "c", Till.noon + .days(3)) }
      #expect(taken?.code == "receipt_attached")
      #expect(try await till.wallet(till.shopper(1)).active == Points(units: 25))
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("2"), quantity: .pieces(2))]), request: "back")
      let wallet = try await till.wallet(till.shopper(1))
      #expect(wallet.active == .zero && wallet.history == Wallet().history)
      let report = try await till.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `ten lines with their trace take at most 800 bytes`(on kind: TestDatabase)
    async throws
  {
    let promotions = [
      Till.promotion(2, .percent(.percent(7), of: .reduced)), Till.promotion(3, .amountPerUnit(Money(minor: 130))),
      Till.promotion(4, .earnPerStep(Points(units: 1), step: Money(minor: 5_000))),
    ]
    try await Till.on(kind, promotions: promotions) { till in
      var ids = IDSequence(node: 3)
      let catalogue: [ProductID] = (0..<4_000).map { _ in ids.next(at: Till.noon - .days(300)) }
      let categories: [CategoryID] = (0..<200).map { _ in ids.next(at: Till.noon - .days(300)) }
      var basket = till.basket(milk: 1)
      basket.store = StoreFacts(id: ids.next(at: Till.noon - .days(300)), zone: .moscow)
      basket.lines = (0..<10).map { line in
        let product = ProductFacts(
          id: catalogue[(line * 977) % 4_000], categories: [categories[line * 7 + 20], categories[line], categories[0]],
          brand: ProductBrandID(categories[line * 3].raw), manufacturer: ManufacturerID(categories[line * 5].raw))
        return BasketLine(
          id: String(line + 1), product: product, quantity: .pieces(Int64(line % 3) + 1),
          price: Money(minor: Int64(4_990 + line * 1_700)))
      }
      basket.tenders = [Tender(kind: .card)]
      let member = MemberSnapshot(id: ids.next(at: Till.noon - .days(200)), birthday: CivilDay(number: 7_000))
      try await till.sell(1, basket, to: .member(member))
      let receipt = try await till.receipt(1)
      #expect(try receipt.steps().count >= 40 && receipt.basket() == basket)
      let bytes = try await till.database.read { tx in
        try tx.row(SQL(prepared: "select length(lines) + length(facts) + length(trace) + length(points) from receipt", []))?.int(0)
      }
      #expect(bytes ?? .max <= 800, "\(bytes ?? 0) bytes")
    }
  }
}
