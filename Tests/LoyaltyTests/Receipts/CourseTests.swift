import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Points that come and go as their promotion says: lots of their own, and a return takes back exactly these.
@Suite struct CourseTests {
  static let december = PromotionID(2)
  static let month = PromotionID(3)

  /// 120 points from 1 December for 30 days; 3 % to the end of the month; the till itself gives 5 % as the programme does.
  static var promotions: [Promotion] {
    var fixed = Till.promotion(2, .earnFixed(Points(units: 120)))
    fixed.course = PointsCourse(start: .on(day(2026, 12, 1)), life: .days(30))
    var rate = Till.promotion(3, .earnRate(.percent(3)))
    rate.course = PointsCourse(life: .through(.month, later: 0))
    return [fixed, rate]
  }

  static func day(_ year: Int, _ month: Int, _ day: Int) -> CivilDay {
    CivilDay(year: year, month: month, day: day) ?? CivilDay(number: 0)
  }

  static func lots(_ fixed: Int64, _ rate: Int64, until: CivilDay = day(2026, 11, 30), from: CivilDay = day(2026, 11, 21))
    -> [Earned]
  {
    [
      Earned(
        Points(units: fixed), kind: .promotional, by: december, LotDays(from: day(2026, 12, 1), until: day(2026, 12, 31))),
      Earned(Points(units: rate), kind: .base, by: month, LotDays(from: from, until: until)),
    ]
  }

  private static func left(_ wallet: Wallet, _ receipt: ReceiptID) -> [Origin: Int64] {
    var left: [Origin: Int64] = [:]
    for lot in wallet.lots where lot.first.origin.receipt == receipt { left[lot.first.origin] = lot.amount.units }
    return left
  }

  @Test(arguments: TestDatabase.available) func `a sale makes a lot for each, says their days, and says them again`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind, promotions: Self.promotions) { till in
      let anna = till.shopper(1)
      let basket = till.basket(milk: 10)
      let quote = try await till.database.read { tx in
        try till.receipts.calculate(basket, for: anna, at: Till.noon, in: &tx)
      }
      #expect(quote.calculation.lots.map(\.points.units) == [120, 30])
      #expect(quote.calculation.lots.map(\.days) == Self.lots(120, 30).map(\.days))
      let sold = try await till.sell(1, basket, to: anna)
      #expect(sold.earned == Points(units: 200) && sold.lots == Self.lots(120, 30))
      #expect(try await till.sell(1, basket, to: anna, at: Till.noon + .days(40)).lots == sold.lots, "the same answer, later")
      let wallet = try await till.wallet(anna)
      #expect(
        Self.left(wallet, sold.receipt) == [
          .receipt(sold.receipt): 50, .earned(sold.receipt, by: Self.december): 120, .earned(sold.receipt, by: Self.month): 30,
        ])
      #expect(wallet.pending == Points(units: 120) && wallet.active == Points(units: 80))
      var later = wallet
      _ = later.advance(to: Till.noon + .days(11), till.points)
      #expect(later.active == Points(units: 170) && later.pending == .zero, "December has come, the month's points are over")
      _ = later.advance(to: Till.noon + .days(42), till.points)
      #expect(later.active == Points(units: 50))
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `a return takes back the lots of its own receipt, piece by piece`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind, promotions: Self.promotions) { till in
      let anna = till.shopper(1)
      let first = try await till.sell(1, till.basket(milk: 10), to: anna)
      let second = try await till.sell(2, till.basket(milk: 10), to: anna)
      let half = try await till.takeBack(till.goods(1, of: 1, [.init(.line("1"), quantity: .pieces(5))]), request: "half")
      #expect(half.takenBack == Points(units: 40) && half.discrepancies.isEmpty)
      #expect(
        Self.left(try await till.wallet(anna), first.receipt) == [
          .receipt(first.receipt): 25, .earned(first.receipt, by: Self.december): 120, .earned(first.receipt, by: Self.month): 15,
        ])
      let rest = try await till.takeBack(till.goods(2, of: 1, [.init(.line("1"), quantity: .pieces(5))]), request: "rest")
      #expect(rest.takenBack == Points(units: 160) && rest.discrepancies.isEmpty)
      let wallet = try await till.wallet(anna)
      #expect(Self.left(wallet, first.receipt).isEmpty)
      #expect(Self.left(wallet, second.receipt).values.sorted() == [30, 50, 120], "the other receipt's stand")
      let given = (half.refunds + rest.refunds).compactMap(\.given)
      #expect(
        given.map { $0[Giver(Self.december)].points.units } == [0, 120]
          && given.map { $0[Giver(Self.month)].points.units } == [15, 15])
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available, ReturnTerms.Money.allCases)
  func `fractions go from one lot to another and nothing is lost`(on kind: TestDatabase, money: ReturnTerms.Money) async throws {
    try await Till.on(kind, promotions: Self.promotions, terms: ReturnTerms(money: money)) { till in
      let anna = till.shopper(1)
      var basket = till.basket(milk: 7, tea: 3)
      basket.lines[0].price = Money(minor: 3_333)
      basket.lines[1].price = Money(minor: 1_717)
      let sold = try await till.sell(1, basket, to: anna)
      var (left, step) = (sold.earned, Int64(0))
      for line in ["1", "2", "1", "1", "2", "1", "1", "1", "2", "1"] {
        step += 1
        let answer = try await till.takeBack(till.goods(step, of: 1, [.init(.line(line))]), request: "step \(step)")
        left -= answer.takenBack
        let wallet = try await till.wallet(anna)
        #expect(wallet.active + wallet.pending == left && left >= .zero && answer.discrepancies.isEmpty, "step \(step)")
        #expect(try await till.audit().differences.map(\.description) == [], "step \(step)")
      }
      #expect(left == .zero)
      #expect(try await till.wallet(anna).lots.isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `without a network and for a receipt that is claimed later, days count from the sale`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind, promotions: Self.promotions) { till in
      let (anna, boris) = (till.shopper(1), MemberSnapshot(id: MemberID(1_002)))
      let stated = [Sale.StatedLine(amount: Money(minor: 100_000))]
      let offline = Sale(
        key: till.key(1), basket: till.basket(milk: 10, at: Till.noon - .days(2)), stated: stated, isOffline: true)
      let sold = try await till.database.write { tx in
        try till.receipts.confirm(offline, by: anna, request: RequestKey("offline"), at: Till.noon, in: &tx)
      }
      #expect(sold.lots == Self.lots(120, 30, from: Self.day(2026, 11, 19)))
      try await till.sell(2, till.basket(milk: 10), to: .nobody)
      let key = till.key(2)
      let attached = try await till.database.write { tx in
        try till.receipts.attach(key, to: boris, request: RequestKey("claim"), at: Till.noon + .days(3), in: &tx)
      }
      #expect(attached.earned == Points(units: 200) && attached.lots == Self.lots(120, 30))
      let again = try await till.database.write { tx in
        try till.receipts.attach(key, to: boris, request: RequestKey("claim"), at: Till.noon + .days(9), in: &tx)
      }
      #expect(again == attached)
      let wallet = try await till.wallet(.member(boris))
      #expect(Self.left(wallet, attached.receipt).values.sorted() == [30, 50, 120])
      let ends = wallet.lots.compactMap { lot in if case .active(.at(let end)) = lot.phase { end } else { nil } }
      #expect(ends.contains(Zone.moscow.instant(Self.day(2026, 12, 1))), "to the end of November, when it was sold")
      let back = try await till.takeBack(
        till.goods(1, of: 2, [.init(.line("1"), quantity: .pieces(10))], at: Till.noon + .days(4)), request: "back")
      #expect(back.takenBack == Points(units: 200))
      #expect(try await till.wallet(.member(boris)).lots.isEmpty)
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `points that wait for an event become active with the receipt's, a named day stands`(
    on kind: TestDatabase
  ) async throws {
    var terms = PointsTerms(zone: .moscow)
    terms.base.activation = .onEvent
    try await Till.on(kind, promotions: Self.promotions, points: terms) { till in
      let anna = till.shopper(1)
      let sold = try await till.sell(1, till.basket(milk: 10), to: anna)
      #expect(sold.lots.map(\.days) == [LotDays(from: Self.day(2026, 12, 1), until: Self.day(2026, 12, 31)), LotDays()])
      #expect(try await till.wallet(anna).active == .zero)
      let key = till.key(1)
      let released = try await till.database.write { tx in
        try till.receipts.release(key, request: RequestKey("delivered"), at: Till.noon + .days(1), in: &tx)
      }
      #expect(released.receipt == sold.receipt && released.points == Points(units: 80))
      let wallet = try await till.wallet(anna)
      #expect(wallet.active == Points(units: 80) && wallet.pending == Points(units: 120))
      #expect(try await till.audit().differences.map(\.description) == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `days are the programme's, whatever the store's clock says`(
    on kind: TestDatabase
  ) async throws {
    try await Till.on(kind, promotions: Self.promotions) { till in
      // 30 November in Moscow, and 1 December already where the store is.
      var basket = till.basket(milk: 10, at: Zone.moscow.instant(Self.day(2026, 11, 30)) + .hours(19))
      basket.store = StoreFacts(id: till.store.id, zone: Zone(name: "Asia/Kamchatka", initial: 43_200, transitions: []))
      let time = basket.time
      let (anna, asked) = (till.shopper(1), basket)
      let quote = try await till.database.read { tx in try till.receipts.calculate(asked, for: anna, at: time, in: &tx) }
      let sold = try await till.sell(1, basket, to: anna)
      #expect(sold.lots == Self.lots(120, 30, from: Self.day(2026, 11, 30)))
      #expect(quote.calculation.lots.map(\.days) == sold.lots.map(\.days))
    }
  }
}
