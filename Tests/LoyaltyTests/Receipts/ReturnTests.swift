import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct ReturnTests {
  @Test(arguments: TestDatabase.available) func `a full return restores the member exactly, in one step or in many`(
    on kind: TestDatabase
  ) async throws {
    let limited = Till.promotion(
      2, .percent(.percent(10), of: .reduced), target: .products(IDList([Till.tea])), limits: PromotionLimits(perMember: 3))
    try await Till.on(kind, promotions: [limited]) { till in
      let anna = till.shopper(1)
      try await till.give(100, to: anna)
      try await till.sell(1, till.basket(milk: 1), to: anna)
      let before = try await till.wallet(anna)
      for (round, steps) in [[[3, 2]], [[1, 0], [1, 1], [1, 1]], [[0, 2], [3, 0]]].enumerated() {
        let number = Int64(10 + round)
        let sold = try await till.sell(number, till.basket(milk: 3, tea: 2, spend: 95, at: Till.noon + .minutes(number)), to: anna)
        #expect(sold.spent == Points(units: 95) && sold.earned > .zero)
        #expect(try await till.wallet(anna).given(PromotionID(2))?.total.uses == 1)
        var money = Money.zero
        for (step, pieces) in steps.enumerated() {
          let lines = [
            Return.Line(.line("1"), quantity: .pieces(Int64(pieces[0]))), .init(.line("2"), quantity: .pieces(Int64(pieces[1]))),
          ]
          let answer = try await till.takeBack(
            till.goods(number * 10 + Int64(step), of: number, lines.filter { $0.quantity > .zero }),
            request: "back \(number) \(step)")
          #expect(answer.discrepancies.isEmpty)
          money += answer.amount
        }
        #expect(money == sold.amount, "the parts sum to the whole")
        let after = try await till.wallet(anna)
        #expect(after.balances == before.balances && after.lots == before.lots)
        #expect(after.history == before.history && after.tallies == before.tallies && after.slides == before.slides)
        #expect(try await till.receipt(number).state == .returned)
      }
      let report = try await till.audit()
      #expect(report.isClean && report.returns == 6, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a receipt that found its member later gives back its share of the points, piece by piece`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      try await till.sell(1, till.basket(tea: 2), to: .nobody)
      let anna = MemberSnapshot(id: MemberID(1001))
      _ = try await till.database.write { tx in
        try till.receipts.attach(till.key(1), to: anna, request: RequestKey("claim"), at: Till.noon + .days(1), in: &tx)
      }
      #expect(try await till.wallet(till.shopper(1)).active == Points(units: 25))
      let first = try await till.takeBack(till.goods(2, of: 1, [.init(.line("2"))]), request: "first")
      #expect(first.takenBack == Points(units: 13), "what stays keeps 12.5, rounded down")
      #expect(try await till.wallet(till.shopper(1)).active == Points(units: 12))
      let second = try await till.takeBack(till.goods(3, of: 1, [.init(.line("2"))]), request: "second")
      #expect(second.takenBack == Points(units: 12))
      #expect(try await till.wallet(till.shopper(1)).history == Wallet().history)
      let report = try await till.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `what is returned twice is refunded once`(on kind: TestDatabase) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.sell(1, till.basket(milk: 2), to: anna)
      let goods = till.goods(1, of: 1, [.init(.line("1"), quantity: .pieces(2))])
      let first = try await till.takeBack(goods, request: "r")
      #expect(first.amount == Money(minor: 20_000) && first.takenBack == Points(units: 10))
      #expect(try await till.takeBack(goods, request: "r") == first)
      #expect(try await till.takeBack(goods, request: "again") == first)
      let second = try await till.takeBack(till.goods(2, of: 1, [.init(.line("1"))]), request: "s")
      #expect(second.amount == .zero && second.discrepancies == [Discrepancy(.quantity, stated: 1000, expected: 0)])
      #expect(try await till.wallet(anna).balances == Balances())
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a bonus for a threshold goes when what stays is below it`(on kind: TestDatabase)
    async throws
  {
    let bonus = Till.promotion(
      2, .earnFixed(Points(units: 200)), condition: .amount(of: .everything, .reduced, Bounds(atLeast: 50_000)))
    try await Till.on(kind, promotions: [bonus]) { till in
      let anna = till.shopper(1)
      let sold = try await till.sell(1, till.basket(milk: 3, tea: 1), to: anna)
      #expect(sold.earned == Points(units: 227))
      let first = try await till.takeBack(till.goods(1, of: 1, [.init(.product(Till.milk), quantity: .pieces(1))]), request: "a")
      #expect(first.amount == Money(minor: 10_000) && first.takenBack == Points(units: 205))
      #expect(try await till.wallet(anna).lots.map(\.kind) == [.base])
      let second = try await till.takeBack(till.goods(2, of: 1, [.init(.line("2"))]), request: "b")
      #expect(second.takenBack == Points(units: 12))
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `repricing refunds the difference, and the whole in any order`(
    on kind: TestDatabase
  ) async throws {
    let three = Till.promotion(
      2, .freeUnits(buy: 2, free: 1, rate: .whole, lands: .proRata, perProduct: false), target: .products(IDList([Till.milk])))
    var terms = ReturnTerms()
    terms.money = .reprice
    try await Till.on(kind, promotions: [three], terms: terms) { till in
      let anna = till.shopper(1)
      let sold = try await till.sell(1, till.basket(milk: 3, tea: 1), to: anna)
      #expect(sold.amount == Money(minor: 45_000))
      let one = try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"))]), request: "a")
      #expect(one.amount == .zero, "two cost what three did")
      let defect = till.goods(2, of: 1, [.init(.line("2"))], refund: .paidPrice)
      #expect(try await till.takeBack(defect, request: "b").amount == Money(minor: 25_000))
      let rest = try await till.takeBack(till.goods(3, of: 1, [.init(.line("1"), quantity: .pieces(2))]), request: "c")
      #expect(rest.amount == Money(minor: 20_000))
      #expect(try await till.wallet(anna).balances == Balances())
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available, [25_000, 15_000])
  func `returns under both policies give back what was paid, no more and no less`(
    on kind: TestDatabase, milk: Int64
  ) async throws {
    try await Till.on(kind) { till in
      // Milk is 200.00 by the rules; the till sold it dearer, or cheaper.
      let stated = [milk, 25_000].map { Sale.StatedLine(amount: Money(minor: $0)) }
      let sold = try await till.sell(1, till.basket(milk: 2, tea: 1), to: till.shopper(1), stated: stated)
      let tea = try await till.takeBack(till.goods(1, of: 1, [.init(.line("2"))], refund: .reprice), request: "a")
      #expect(tea.amount == sold.amount - Money(minor: 20_000), "what stays is priced anew")
      let rest = till.goods(2, of: 1, [.init(.line("1"), quantity: .pieces(2))], refund: .paidPrice)
      #expect(try await till.takeBack(rest, request: "b").amount == Money(minor: 20_000), "and not the printed price")
      #expect(try await till.wallet(till.shopper(1)).balances == Balances())
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `the worth of a lost benefit can be taken from points`(on kind: TestDatabase)
    async throws
  {
    let bulk = Till.promotion(
      2, .percent(.percent(10), of: .reduced), condition: .amount(of: .everything, .reduced, Bounds(atLeast: 50_000)))
    var terms = ReturnTerms()
    terms.takesLostBenefit = true
    try await Till.on(kind, promotions: [bulk], terms: terms) { till in
      let anna = till.shopper(1)
      try await till.give(500, to: anna)
      let sold = try await till.sell(1, till.basket(milk: 5), to: anna)
      #expect(sold.amount == Money(minor: 45_000) && sold.earned == Points(units: 22))
      let answer = try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"))]), request: "a")
      #expect(answer.amount == Money(minor: 9_000), "as printed")
      #expect(answer.refunds[0].lost == Points(units: 40), "four would have cost 400.00, not 360.00")
      #expect(answer.takenBack == Points(units: 44))
      #expect(try await till.wallet(anna).active == Points(units: 478))
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `without a receipt the latest unreturned units are found, and nothing else gives points`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.give(200, to: anna)
      try await till.sell(1, till.basket(milk: 1, spend: 40), to: anna)
      try await till.sell(2, till.basket(milk: 1, spend: 20, at: Till.noon + .minutes(5)), to: anna, at: Till.noon + .minutes(5))
      let goods = till.goods(1, of: nil, [.init(.product(Till.milk), quantity: .pieces(3))])
      let answer = try await till.takeBack(goods, by: anna, request: "a")
      #expect(answer.refunds.map(\.givenBack.units) == [20, 40, 0] && answer.refunds[2].receipt == nil)
      #expect(answer.discrepancies == [Discrepancy(.unmatched, stated: 1000, expected: 0)])
      #expect(try await till.takeBack(goods, by: anna, request: "a") == answer)
      #expect(try await till.wallet(anna).active == Points(units: 200))
      let stranger = try await till.takeBack(till.goods(2, of: nil, [.init(.product(Till.tea))]), request: "b")
      #expect(stranger.givenBack == .zero && stranger.discrepancies.map(\.cause) == [.unmatched])
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `an exchange is a return and a sale that know each other`(on kind: TestDatabase)
    async throws
  {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.sell(1, till.basket(tea: 1), to: anna)
      let goods = till.goods(1, of: 1, [.init(.line("2"))])
      let sale = Sale(key: till.key(2), basket: till.basket(milk: 4, at: goods.time))
      let exchange: @Sendable () async throws -> (ReturnAnswer, Sold) = {
        try await till.database.write { tx in
          try till.receipts.exchange(goods, for: sale, by: anna, request: RequestKey("x"), at: goods.time, in: &tx)
        }
      }
      let first = try await exchange()
      #expect(first.0.takenBack == Points(units: 12) && first.1.earned == Points(units: 20))
      #expect(try await exchange() == first)
      let wallet = try await till.wallet(anna)
      #expect(wallet.active == Points(units: 20) && wallet.history.purchases == 1)
    }
  }

  @Test(arguments: TestDatabase.available) func `a cancel frees a hold, and undoes what was confirmed all the same`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind) { till in
      let anna = till.shopper(1)
      try await till.give(100, to: anna)
      let before = try await till.wallet(anna)
      let basket = till.basket(tea: 1, spend: 80)
      let quote = try await till.database.write { tx in
        try till.receipts.calculate(basket, for: anna, holding: HoldWish(), at: Till.noon, in: &tx)
      }
      let cancel: @Sendable (String) async throws -> ReturnAnswer? = { request in
        try await till.database.write { tx in
          try till.receipts.cancel(
            till.key(1), hold: quote.hold, by: anna, request: RequestKey(request), at: Till.noon + .minutes(1), in: &tx)
        }
      }
      #expect(try await cancel("a") == nil)
      #expect(try await till.wallet(anna).balances == before.balances)
      try await till.sell(1, till.basket(tea: 1, spend: 80, at: Till.noon + .minutes(2)), to: anna)
      let answer = try await cancel("b")
      #expect(answer?.givenBack == Points(units: 80) && answer?.discrepancies.map(\.cause) == [.cancelledLate])
      #expect(try await cancel("b") == answer)
      #expect(try await till.wallet(anna).balances == before.balances)
      #expect(try await till.receipt(1).state == .cancelled)
      #expect(try await till.audit().isClean)
    }
  }
}
