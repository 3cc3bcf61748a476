import Calculator
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `a return that overtakes its sale` {
  private static let orders: [[OvertakingErrand.Word]] = [
    [.sale, .sale, .back(1), .back(1), .back(2), .back(2)], [.back(1), .back(1), .back(2), .back(2), .sale, .sale],
    [.back(1), .sale, .sale, .back(1), .back(2), .back(2)], [.back(1), .back(2), .sale, .back(2), .back(1), .sale],
  ]

  @Test(arguments: TestDatabase.available, ["a member", "a member, by the fiscal document", "nobody", "another member"])
  func `ends as it does in the right order, each sent twice`(on kind: TestDatabase, to whom: String) async throws {
    let ends = OvertakingEnds()
    for order in Self.orders {
      try await Till.on(kind) { till in
        let buyer = whom == "nobody" ? Shopper.nobody : till.shopper(1)
        for shopper in [buyer, till.shopper(2)] { try await till.give(100, to: shopper) }
        var made = OvertakingErrand(till, to: buyer, goods: OvertakingErrand.halves)
        if whom.hasSuffix("document") { made.print(fiscal: 31) }
        if whom == "another member" { made.bringer = till.shopper(2) }
        made.stated = Money(minor: 9_999)
        let errand = made
        try await errand.tell(order)
        let sold = try await errand.sell()
        #expect(sold.amount == (try await errand.receipt()).amount && !sold.isBeside)
        let answers = [try await errand.back(1), try await errand.back(2)]
        #expect(answers.reduce(Money.zero) { $0 + $1.amount } == sold.amount)
        #expect(answers.reduce(Points.zero) { $0 + $1.givenBack } == sold.spent)
        #expect(answers.reduce(Points.zero) { $0 + $1.takenBack } == sold.earned)
        #expect(answers.map { $0.discrepancies.map(\.cause) } == [[.refund], []])
        for document in Int64(1)...2 {
          let again = try await errand.back(document, "again")
          #expect(again.refunds == answers[Int(document) - 1].refunds)
          #expect(try await errand.back(document, "again") == again)
        }
        #expect(try await errand.receipt().state == .returned)
        if buyer.id != nil { #expect(try await till.wallet(buyer).active == Points(units: 100)) }
        let report = try await till.audit()
        #expect(report.isClean, "\(order): \(report.differences)")
        await ends.add(try await errand.end())
      }
    }
    let all = await ends.all
    #expect(Set(all).count == 1 && all.count > 1, "\(all)")
  }

  @Test(arguments: TestDatabase.available) func `keeps the name that its till was told, and says what it came to`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.give(100, to: anna)
      let errand = OvertakingErrand(till, to: anna, goods: [1: [.init(.line("1"))]])
      let first = try await errand.back(1)
      #expect(first.discrepancies.map(\.cause) == [.unmatched] && first.takenBack == .zero && first.refunds.count == 1)
      #expect(try await errand.back(1) == first, "until the sale comes")
      let sold = try await errand.sell()
      #expect(sold.earned > .zero && sold.discrepancies.isEmpty)
      let then = try await errand.back(1)
      #expect(then.document == first.document && then.discrepancies.isEmpty)
      #expect(then.refunds.map(\.receipt) == [sold.receipt] && then.takenBack > .zero && then.givenBack > .zero)
      let receipt = try await errand.receipt()
      #expect(receipt.state == .partlyReturned)
      let history = try await till.database.read { tx in try ReceiptBook(of: Till.account).history(of: receipt, in: &tx) }
      #expect(history.remaining(of: receipt) == [.pieces(1), .pieces(1)] && history.steps.map(\.refund) == then.refunds)
      let shown = try await till.database.read { tx in
        try ReceiptBook(of: Till.account).returns(of: MemberID(1001), Till.programme, limit: 10, in: &tx)
      }
      #expect(shown.map(\.receipt) == [sold.receipt], "goods are shown once")
    }
  }

  @Test(arguments: TestDatabase.available, [[1: 5, 2: 1], [1: 1, 2: 0], [1: 2, 2: 2]] as [[Int64: Int64]])
  func `of more than was sold, or of what was not, leaves the rest`(on kind: TestDatabase, milk: [Int64: Int64]) async throws {
    let ends = OvertakingEnds()
    for order in Self.orders {
      try await Till.on(kind) { till in
        let anna = till.shopper(1)
        try await till.give(100, to: anna)
        let goods = milk.mapValues { count -> [Return.Line] in
          count > 0 ? [.init(.line("1"), quantity: .pieces(count))] : [.init(.line("9")), .init(.mark("0104600001"))]
        }
        var errand = OvertakingErrand(till, to: anna, goods: goods)
        errand.stated = Money(minor: 5_000)
        try await errand.tell(order)
        #expect(try await errand.back(1).discrepancies.contains { $0.cause == .unmatched } == false)
        #expect(try await till.audit().isClean)
        await ends.add(try await errand.end())
      }
    }
    let all = await ends.all
    #expect(Set(all).count == 1 && all.count > 1, "\(all)")
  }

  @Test(arguments: TestDatabase.available, [true, false]) func `waits beside a cancellation, whichever came first`(
    on kind: TestDatabase, returnFirst: Bool
  ) async throws {
    let ends = OvertakingEnds()
    let both: [OvertakingErrand.Word] = returnFirst ? [.back(1), .cancellation] : [.cancellation, .back(1)]
    for order in [[.sale] + both, both + [.sale], both + both + [.sale, .sale] + both] {
      try await Till.on(kind) { till in
        let anna = till.shopper(1)
        try await till.give(100, to: anna)
        let errand = OvertakingErrand(till, to: anna, goods: [1: [.init(.line("2"))]])
        try await errand.tell(order)
        #expect(try await errand.receipt().state == .cancelled)
        let (back, undone) = (try await errand.back(1), try #require(try await errand.cancel()))
        #expect(back.amount + undone.amount == (try await errand.receipt()).amount)
        #expect(back.refunds.isEmpty == !returnFirst)
        #expect(try await till.wallet(anna).active == Points(units: 100))
        #expect(try await till.audit().isClean)
        await ends.add(try await errand.end())
      }
    }
    let all = await ends.all
    #expect(Set(all).count == 1 && all.count > 1, "\(all)")
  }

  @Test(arguments: TestDatabase.available, [NegativePolicy.neverBelowZero, .belowZero])
  func `takes nothing twice where goods without a receipt lose what they would earn`(
    on kind: TestDatabase, negative: NegativePolicy
  ) async throws {
    for hasPoints in [true, false] { try await Self.takeNothingTwice(on: kind, negative, hasPoints) }
  }

  private static func takeNothingTwice(on kind: TestDatabase, _ negative: NegativePolicy, _ hasPoints: Bool) async throws {
    let ends = OvertakingEnds()
    for order in Self.orders {
      var made = PointsTerms(zone: .moscow)
      made.negative = negative
      let points = made
      try await Till.on(kind, points: points, terms: ReturnTerms(unmatched: .takeEarning)) { till in
        let (anna, bella) = (till.shopper(1), till.shopper(2))
        try await till.give(100, to: anna)
        if hasPoints { try await till.give(100, to: bella) }
        var made = OvertakingErrand(till, to: anna, goods: OvertakingErrand.halves)
        (made.bringer, made.takesEarning, made.stated) = (bella, true, Money(minor: 7_000))
        let errand = made
        if order.first == .back(1) {
          let first = try await errand.back(1)
          #expect(first.takenBack > .zero)
          #expect(first.discrepancies.contains { $0.cause == .takenBack } == !hasPoints)
        }
        try await errand.tell(order)
        let wallet = try await till.wallet(bella)
        #expect(wallet.active == Points(units: hasPoints ? 100 : 0) && wallet.debt == .zero)
        let report = try await till.audit()
        #expect(report.isClean && report.accounts[.discrepancy] ?? 0 == 0, "\(order): \(report.differences)")
        await ends.add(try await errand.end())
      }
    }
    let all = await ends.all
    #expect(Set(all).count == 1 && all.count > 1, "\(all)")
  }

  @Test(arguments: TestDatabase.available) func `leaves a receipt alone that was sold later under the same number`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.give(300, to: anna)
      // One microsecond decides: the sale is of noon.
      for (number, early) in [(Int64(1), true), (2, false)] {
        var errand = OvertakingErrand(till, to: anna, number: number, goods: OvertakingErrand.halves)
        errand.time = early ? Instant(micros: Till.noon.micros - 1) : Till.noon
        try await errand.tell([.back(1), .back(2), .sale, .sale])
        #expect(try await errand.receipt().state == (early ? .confirmed : .returned))
        #expect(try await errand.back(1).discrepancies.map(\.cause) == (early ? [.unmatched] : []))
        #expect(try await till.wallet(anna).history.purchases == 1)
      }
      let rows = try await till.database.read { tx in try tx.rows(SQL(prepared: "select count(*) from waiting_return", [])) }
      #expect(rows.first?.int(0) == 0, "nothing waits any more")
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `arrives together with it, and every round ends the same`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      var paid = Money.zero
      for round in Int64(1)...12 {
        let (anna, bella) = (till.shopper(round), till.shopper(100 + round))
        try await till.give(100, to: anna)
        var made = OvertakingErrand(till, to: anna, number: round, goods: OvertakingErrand.halves)
        made.bringer = round % 3 == 0 ? bella : anna
        if round % 2 == 0 { made.print(fiscal: round) }
        let errand = made
        try await withThrowingTaskGroup(of: Void.self) { group in
          for request in ["sale", "sale", "again"] { group.addTask { try await errand.sell(request) } }
          for request in ["back", "back", "again"] {
            for document in Int64(1)...2 { group.addTask { try await errand.back(document, request) } }
          }
          try await group.waitForAll()
        }
        let receipt = try await errand.receipt()
        #expect(receipt.state == .returned)
        paid += receipt.amount
        let answers = [try await errand.back(1), try await errand.back(2)]
        #expect(answers.allSatisfy { $0.discrepancies.isEmpty && $0.refunds.count == 1 })
        let wallet = try await till.wallet(anna)
        #expect(wallet.active == Points(units: 100) && wallet.history.purchases == 0)
      }
      let report = try await till.audit()
      #expect(report.isClean, "\(report.differences)")
      let errand = OvertakingErrand(till, to: .nobody, goods: [:])
      let sums = try await errand.sums()
      #expect(sums[2].isEmpty && sums[1].hasPrefix("24 24 \(paid.minor) "), "\(sums)")
    }
  }
}
