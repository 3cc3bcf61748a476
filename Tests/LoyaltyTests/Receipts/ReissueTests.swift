import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Returns that price what stays anew, and their two documents.
@Suite struct ReissueTests {
  private static var repricing: ReturnTerms { ReturnTerms(money: .reprice) }
  private static let thirdFree = Till.promotion(
    2, .freeUnits(buy: 2, free: 1, rate: .whole, lands: .proRata, perProduct: false), target: .products(IDList([Till.milk])))

  private static func percent(_ ppm: Int64, from minor: Int64) -> Promotion {
    Till.promotion(
      2, .percent(Rate(ppm: ppm), of: .reduced), condition: .amount(of: .everything, .reduced, Bounds(atLeast: minor)))
  }

  /// `[line, pieces, sum]` and then `[pieces, price]` of each part.
  private static func figures(_ lines: [DocumentLine]) -> [[Int64]] {
    lines.map { line in
      [Int64(line.line), line.quantity.thousandths / 1000, line.amount.minor]
        + line.parts.flatMap { [$0.quantity.thousandths / 1000, $0.price.minor] }
    }
  }

  @Test(arguments: TestDatabase.available) func `a repriced return answers with a full return and a new sale`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind, promotions: [Self.thirdFree], terms: Self.repricing) { till in
      try await till.sell(1, till.basket(milk: 3, tea: 1), to: till.shopper(1))
      let goods = till.goods(1, of: 1, [.init(.line("2"))])
      let tea = try await till.takeBack(goods, request: "a")
      let first = try #require(tea.refunds[0].reissue)
      #expect(Self.figures(first.returned) == [[0, 3, 20_000, 1, 6_666, 2, 6_667], [1, 1, 25_000, 1, 25_000]])
      #expect(Self.figures(first.sold) == [[0, 3, 20_000, 1, 6_666, 2, 6_667]])
      #expect(first.refund == Money(minor: 25_000) && tea.amount == first.refund)
      #expect(try await till.takeBack(goods, request: "a") == tea, "the same request has the same documents")
      #expect(try await till.takeBack(goods, request: "another") == tea)
      let milk = try await till.takeBack(till.goods(2, of: 1, [.init(.line("1"))]), request: "b")
      let second = try #require(milk.refunds[0].reissue)
      #expect(second.returned == first.sold, "what comes back is what was sold last")
      #expect(Self.figures(second.sold) == [[0, 2, 20_000, 2, 10_000]] && milk.amount == .zero, "two cost what three did")
      let rest = try await till.takeBack(till.goods(3, of: 1, [.init(.line("1"), quantity: .pieces(2))]), request: "c")
      let last = try #require(rest.refunds[0].reissue)
      #expect(last.returned == second.sold && last.sold.isEmpty && rest.amount == Money(minor: 20_000))
      #expect(try await till.wallet(till.shopper(1)).balances == Balances())
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `what an older calculator sold goes back at the printed price, where today's would have sold it otherwise`(
    on kind: TestDatabase
  ) async throws {
    var terms = Self.repricing
    terms.takesLostBenefit = true
    try await Till.on(kind, promotions: [Self.thirdFree], terms: terms) { till in
      let stated = [Sale.StatedLine(amount: Money(minor: 21_000))]
      for number in Int64(1)...3 {
        try await till.sell(number, till.basket(milk: 3), to: till.shopper(number), stated: number == 3 ? nil : stated)
      }
      try await till.database.write { tx in
        _ = try tx.run(SQL(prepared: "update receipt set calculator = calculator - 1 where owner_id in (1002, 1003)", []))
      }
      var refunds: [Refund] = []
      for number in Int64(1)...3 {
        let goods = till.goods(number, of: number, [.init(.line("1"), quantity: .pieces(1))])
        refunds += try await till.takeBack(goods, request: "one of \(number)").refunds
      }
      #expect(refunds.map(\.amount.minor) == [1_000, 7_000, 0] && refunds.map(\.policy) == [.reprice, .paidPrice, .reprice])
      #expect(refunds[1].lost == .zero && refunds[1].reissue == nil)
      #expect(refunds[1].takenBack == Points(units: 3), "10 of 210.00, 7 of 140.00")
      let report = try await till.audit()
      #expect(report.outdated == 2 && report.recalculated == 0 && report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `what stays never costs more than was paid, and prints`(on kind: TestDatabase)
    async throws
  {
    // Four at 66.67 are 266.68; three without the discount would be 300.00.
    for (split, sold, refund) in [
      (RegisterProfile.Split.twoParts, [0, 3, 26_668, 2, 8_889, 1, 8_890], 0), (.never, [0, 3, 26_667, 3, 8_889], 1),
    ] as [(RegisterProfile.Split, [Int64], Int64)] {
      try await Till.on(kind, promotions: [Self.percent(333_300, from: 40_000)], terms: Self.repricing) { till in
        var basket = till.basket(milk: 4)
        basket.register.split = split
        try await till.sell(1, basket, to: till.shopper(1))
        let one = try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"))]), request: "a")
        #expect(try Self.figures(#require(one.refunds[0].reissue).sold) == [sold])
        #expect(one.amount == Money(minor: refund))
        let two = try await till.takeBack(till.goods(2, of: 1, [.init(.line("1"))]), request: "b")
        #expect(try Self.figures(#require(two.refunds[0].reissue).sold) == [[0, 2, 20_000, 2, 10_000]])
        #expect(two.amount == Money(minor: 6_668 - refund), "paid, less what stays, less what went back")
        let rest = try await till.takeBack(till.goods(3, of: 1, [.init(.line("1"), quantity: .pieces(2))]), request: "c")
        #expect(rest.amount == Money(minor: 20_000))
        #expect(try await till.audit().isClean)
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `a defect comes back as printed last, whatever the till asks for`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind, promotions: [Self.percent(300_000, from: 50_000)], terms: Self.repricing) { till in
      try await till.sell(1, till.basket(milk: 5), to: till.shopper(1))
      let one = try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"))]), request: "a")
      #expect(try Self.figures(#require(one.refunds[0].reissue).sold) == [[0, 4, 35_000, 4, 8_750]] && one.amount == .zero)
      var broken = till.goods(2, of: 1, [.init(.line("1"))], refund: .reprice)
      broken.isDefect = true
      let defect = try await till.takeBack(broken, request: "b")
      #expect(defect.refunds[0].policy == .paidPrice && defect.refunds[0].reissue == nil)
      #expect(defect.amount == Money(minor: 8_750), "the new sale is what was paid for it")
      let rest = try await till.takeBack(till.goods(3, of: 1, [.init(.line("1"), quantity: .pieces(3))]), request: "c")
      #expect(rest.amount == Money(minor: 26_250))
      #expect(try Self.figures(#require(rest.refunds[0].reissue).returned) == [[0, 3, 26_250, 3, 8_750]])
      #expect(try await till.wallet(till.shopper(1)).balances == Balances())
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `points stay on the lines they paid for`(on kind: TestDatabase) async throws {
    try await Till.on(kind, promotions: [Self.percent(100_000, from: 40_000)], terms: Self.repricing) { till in
      let anna = till.shopper(1)
      try await till.give(50, to: anna)
      let sold = try await till.sell(1, till.basket(milk: 2, tea: 1, spend: 50), to: anna)
      #expect(sold.amount == Money(minor: 35_500) && sold.earned == Points(units: 17))
      let tea = try await till.takeBack(till.goods(1, of: 1, [.init(.line("2"))]), request: "a")
      // Milk: 200.00 without the discount, 22.22 of it paid with points.
      let milk = try #require(tea.refunds[0].reissue).sold
      #expect(Self.figures(milk) == [[0, 2, 17_778, 2, 8_889]])
      #expect(milk[0].paidWithPoints == Money(minor: 2_222) && milk[0].points == Points(units: 22))
      #expect(tea.amount == Money(minor: 17_722) && tea.givenBack == Points(units: 28))
      #expect(tea.takenBack == Points(units: 9), "five percent of 177.78 stay")
      let rest = try await till.takeBack(till.goods(2, of: 1, [.init(.line("1"), quantity: .pieces(2))]), request: "b")
      #expect(rest.amount == Money(minor: 17_778) && rest.givenBack == Points(units: 22))
      #expect(try await till.wallet(anna).active == Points(units: 50))
      #expect(try await till.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a benefit that is not lost any more is given again`(on kind: TestDatabase)
    async throws
  {
    let terms = ReturnTerms(takesLostBenefit: true)
    try await Till.on(kind, promotions: [Self.percent(100_000, from: 50_000)], terms: terms) { till in
      let anna = till.shopper(1)
      try await till.give(500, to: anna)
      try await till.sell(1, till.basket(milk: 5), to: anna)
      var lost: [Int64] = []
      for step in Int64(1)...5 {
        var goods = till.goods(step, of: 1, [.init(.line("1"))])
        goods.isDefect = step == 3
        lost.append(try await till.takeBack(goods, request: "step \(step)").refunds[0].lost.units)
      }
      #expect(lost == [40, -10, -10, -10, -10], "four, three, two, one and none that cost 10.00 less than without the rest")
      #expect(try await till.wallet(anna).active == Points(units: 500), "all came back, so nothing is lost")
      try await till.sell(2, till.basket(milk: 5), to: anna)
      var broken = till.goods(6, of: 2, [.init(.line("1"))])
      broken.isDefect = true
      #expect(try await till.takeBack(broken, request: "defect").refunds[0].lost == .zero)
      #expect(try await till.audit().isClean)
    }
  }

  /// The money of all steps so far is what was paid less what the rest costs by the rules, and never falls; documents print, follow each
  /// other without a gap, and differ by the refund.
  @Test(arguments: TestDatabase.available, seeds(6)) func `documents of any shop add up step by step`(
    on kind: TestDatabase, seed: UInt64
  ) async throws {
    var dice = Dice(seed: seed)
    let promotions = [
      Self.thirdFree,
      Till.promotion(
        3, .percent(Rate(ppm: dice.roll(50_000...400_000)), of: .reduced),
        condition: .amount(of: .everything, .reduced, Bounds(atLeast: dice.roll(30_000...90_000)))),
      Till.promotion(4, .amount(Money(minor: dice.roll(1_000...9_999))), target: .products(IDList([Till.tea]))),
    ]
    let start = dice
    try await Till.on(kind, promotions: promotions, terms: Self.repricing) { till in
      var dice = start
      for number in Int64(1)...8 {
        let (milk, tea) = (dice.roll(1...7), dice.roll(0...4))
        let basket = till.basket(milk: milk, tea: tea)
        let sold = try await till.sell(number, basket, to: till.shopper(1))
        var stays = [milk, tea]
        var standing: [DocumentLine]?
        var paidBack: Int64 = 0
        var step: Int64 = 0
        while stays != [0, 0] {
          step += 1
          let place = stays[0] == 0 ? 1 : stays[1] == 0 ? 0 : Int(dice.roll(0...1))
          let pieces = dice.roll(1...stays[place])
          stays[place] -= pieces
          let goods = till.goods(number * 20 + step, of: number, [.init(.line(String(place + 1)), quantity: .pieces(pieces))])
          let answer = try await till.takeBack(goods, request: "\(number) \(step)")
          let reissue = try #require(answer.refunds[0].reissue)
          #expect(reissue.refund == answer.amount)
          if let standing { #expect(reissue.returned == standing, "seed \(seed)") }
          standing = reissue.sold
          let rest = calculate(till.basket(milk: stays[0], tea: stays[1]), member: nil, rules: till.rules.current)
          paidBack = max(paidBack, sold.amount.minor - rest.amount.minor)
          let so = sold.amount - reissue.sold.reduce(.zero) { $0 + $1.amount }
          #expect(so == Money(minor: paidBack), "seed \(seed), receipt \(number), step \(step)")
          for line in reissue.sold {
            #expect(line.parts.allSatisfy { $0.price.times($0.quantity) == $0.amount })
            #expect(line.parts.reduce(.zero) { $0 + $1.amount } == line.amount)
            #expect(line.parts.reduce(Quantity.zero) { $0 + $1.quantity } == line.quantity)
          }
        }
        #expect(paidBack == sold.amount.minor)
      }
      #expect(try await till.wallet(till.shopper(1)).balances == Balances())
      let report = try await till.audit()
      #expect(report.isClean, "seed \(seed): \(report.differences)")
    }
  }
}
