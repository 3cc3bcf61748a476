import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `goods taken back by hand` {
  private static let why = "покупатель передумал"

  private static func change(_ till: Till, _ minute: Int64) -> Change {
    Change(by: Actor(.staff, "oleg") ?? .background, at: Till.noon + .hours(1) + .minutes(minute), ids: till.ids)
  }

  private static func preview(_ till: Till, _ goods: Return, _ number: Int64) async throws -> ReturnPreview? {
    let receipt = try await till.receipt(number)
    return try await till.database.read { tx in try till.receipts.preview(goods, of: receipt, at: goods.time, in: &tx) }
  }

  /// Every step of random returns, under every policy.
  @Test(arguments: TestDatabase.available) func `come to what was shown`(on kind: TestDatabase) async throws {
    let four = Till.promotion(
      2, .percent(.percent(10), of: .reduced), target: .products(IDList([Till.milk])),
      condition: .quantity(of: .products(IDList([Till.milk])), Bounds(atLeast: 4000)))
    for (round, money) in [ReturnTerms.Money.paidPrice, .reprice].enumerated() {
      let seed = UInt64(40 + round)
      let terms = ReturnTerms(money: money, takesLostBenefit: round == 0)
      try await Till.on(kind, promotions: [four], terms: terms) { till in
        var random = SeededRandom(seed: seed)
        let anna = till.shopper(1)
        try await till.give(500, to: anna)
        for number in Int64(1)...4 {
          let (milk, tea) = (4 + Int64(random.next() % 3), 1 + Int64(random.next() % 3))
          let spend = Int64(random.next() % 90)
          try await till.sell(number, till.basket(milk: milk, tea: tea, spend: spend), to: anna)
          var left = [milk, tea]
          for step in Int64(0)..<3 {
            let some = left.map { step == 2 ? $0 : Int64(random.next() % UInt64($0 + 1)) }
            let lines = some.enumerated().filter { $0.element > 0 }.map {
              Return.Line(.line(String($0.offset + 1)), quantity: .pieces($0.element))
            }
            guard !lines.isEmpty else { continue }
            left = zip(left, some).map { $0 - $1 }
            let goods = till.goods(number * 10 + step, of: number, lines)
            let shown = try #require(try await Self.preview(till, goods, number))
            let answer = try await till.takeBack(goods, request: "back \(number) \(step)")
            let refund = try #require(answer.refunds.first)
            #expect(shown.refund.lines == refund.lines, "seed \(seed), receipt \(number), step \(step)")
            #expect(shown.sums.text == "\(answer.amount.minor)/\(answer.givenBack.units)/\(answer.takenBack.units)")
            #expect(shown.refund.lost == refund.lost && shown.refund.reissue == refund.reissue)
            #expect(shown.isWhole == (left == [0, 0]) && shown.excess == .zero)
            #expect(shown.balance == Balance(try await till.wallet(anna)), "seed \(seed), receipt \(number), step \(step)")
            #expect((shown.shortage > .zero) == answer.discrepancies.contains { $0.cause == .takenBack })
          }
        }
        #expect(try await till.audit().isClean)
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `once, however often the form is sent, and with a name behind it`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.sell(1, till.basket(milk: 3, tea: 1), to: anna)
      var goods = till.goods(1, of: 1, [.init(.line("1"), quantity: .pieces(2))])
      goods.bodyHash = 7
      let sums = try #require(try await Self.preview(till, goods, 1)).sums
      #expect(sums == ReturnSums("20000/0/10"))
      for minute in Int64(0)..<3 {
        let sent = goods
        let answer = try await till.database.write { tx in
          try till.receipts.takeBack(
            sent, shown: sums, because: Self.why, request: RequestKey("form"), by: Self.change(till, minute), in: &tx)
        }
        #expect(answer.amount == Money(minor: 20_000) && answer.takenBack == Points(units: 10))
      }
      let receipt = try await till.receipt(1)
      let (history, audit) = try await till.database.read { tx in
        (
          try ReceiptBook(of: Till.account).history(of: receipt, in: &tx),
          try AuditTrail(of: Till.account).entries(of: receipt.id, limit: 10, in: &tx)
        )
      }
      #expect(history.steps.count == 1 && history.remaining(of: receipt) == [.pieces(1), .pieces(1)])
      #expect(audit.map(\.act) == ["receipt.returned"] && audit.first?.actor == "staff:oleg")
      #expect(audit.first?.after?["reason"] == .string(Self.why))
      #expect(audit.first?.after?["return"] == .string("\(try #require(history.steps.first).document)"))
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `not at all where they come to something else by now`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      try await till.sell(1, till.basket(milk: 3), to: till.shopper(1))
      let goods = till.goods(1, of: 1, [.init(.line("1"), quantity: .pieces(2))])
      let sums = try #require(try await Self.preview(till, goods, 1)).sums
      try await till.takeBack(till.goods(2, of: 1, [.init(.line("1"), quantity: .pieces(2))]), request: "a till")
      let before = try await till.wallet(till.shopper(1))
      for (reason, code) in [(Self.why, "return_changed"), ("", "reason_missing")] {
        let refused = await #expect(throws: Problem.self) {
          try await till.database.write { tx in
            try till.receipts.takeBack(
              goods, shown: sums, because: reason, request: RequestKey("form"), by: Self.change(till, 0), in: &tx)
          }
        }
        #expect(refused?.code == code)
      }
      #expect(try await till.wallet(till.shopper(1)) == before)
      let receipt = try await till.receipt(1)
      let steps = try await till.database.read { tx in try ReceiptBook(of: Till.account).history(of: receipt, in: &tx).steps }
      #expect(steps.count == 1 && receipt.state == .partlyReturned)
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `as a whole where the receipt was void`(on kind: TestDatabase) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.give(200, to: anna)
      let before = try await till.wallet(anna)
      try await till.sell(1, till.basket(milk: 2, tea: 1, spend: 100), to: anna)
      let receipt = try await till.receipt(1)
      let goods = try till.receipts.cancellation(of: receipt, till.key(1), at: Till.noon + .hours(1))
      let sums = try #require(try await Self.preview(till, goods, 1)).sums
      #expect(sums == ReturnSums("35000/100/17"))
      for minute in Int64(0)..<2 {
        let answer = try await till.database.write { tx in
          try till.receipts.cancel(
            till.key(1), shown: sums, because: Self.why, request: RequestKey("form"), by: Self.change(till, minute), in: &tx)
        }
        #expect(answer.discrepancies.map(\.cause) == [.cancelledLate])
      }
      #expect(try await till.wallet(anna).balances == before.balances)
      let after = try await till.receipt(1)
      let history = try await till.database.read { tx in try ReceiptBook(of: Till.account).history(of: after, in: &tx) }
      #expect(after.state == .cancelled && history.steps.map(\.key) == [till.key(1)])
      #expect(history.steps.first?.discrepancies.map(\.cause) == [.cancelledLate])
      let refused = await #expect(throws: Problem.self) {
        try await till.database.write { tx in
          try till.receipts.cancel(
            till.key(1), shown: sums, because: Self.why, request: RequestKey("again"), by: Self.change(till, 5), in: &tx)
        }
      }
      #expect(refused?.code == "nothing_to_return")
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `or given to a member, for the points that were shown`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      try await till.sell(1, till.basket(tea: 2), to: .nobody)
      let (receipt, anna) = (try await till.receipt(1), MemberSnapshot(id: MemberID(1001)))
      let end = till.receipts.attachmentEnds(receipt)
      #expect(end == Till.noon + .days(14))
      let shown = try await till.database.read { tx in
        try till.receipts.previewAttachment(of: receipt, to: anna, at: end, in: &tx)
      }
      #expect(shown.earned == Points(units: 25))
      #expect(try await till.wallet(till.shopper(1)) == Wallet(), "nothing is written")
      let late = await #expect(throws: Problem.self) {
        try await till.database.read { tx in
          try till.receipts.previewAttachment(of: receipt, to: anna, at: end + .seconds(1), in: &tx)
        }
      }
      #expect(late?.code == "attachment_too_late")
      for minute in Int64(0)..<2 {
        let given = try await till.database.write { tx in
          try till.receipts.attach(
            till.key(1), to: anna, because: Self.why, request: RequestKey("form"), by: Self.change(till, minute), in: &tx)
        }
        #expect(given.earned == shown.earned)
      }
      let (claim, audit) = try await till.database.read { tx in
        (
          try ReceiptBook(of: Till.account).history(of: receipt, in: &tx).claim,
          try AuditTrail(of: Till.account).entries(of: receipt.id, limit: 10, in: &tx)
        )
      }
      #expect(claim?.member == MemberID(1001) && claim?.earned == Points(units: 25))
      #expect(audit.map(\.act) == ["receipt.attached"])
      #expect(try await till.wallet(till.shopper(1)).active == Points(units: 25))
      #expect(try await till.audit().isClean)
    }
  }
}
