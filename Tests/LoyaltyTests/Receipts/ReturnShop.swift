import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A till where one receipt has everything that can come back: points both ways, limits, budgets, sums, coupons and certificates.
struct ReturnShop: Sendable {
  static let visits = Accumulator(.visits, within: .week)
  static let pieces = Accumulator(.quantity, of: .products(IDList([Till.milk])), within: .always)

  /// What there is at one moment.
  struct Ground: Hashable, Sendable {
    let wallet: Wallet
    /// Promotion, uses, money, points: in all, and per store and day.
    let used: [[Int64]]
    let perStore: [[Int64]]
    /// The one that the basket shows.
    let coupon: Coupon.State?
    let couponsMade: Int
    /// Of those for next time, how many can be used.
    let couponsGood: Int
    /// On the certificate that pays.
    let paying: Money
    /// The one that is sold.
    let bought: Certificate.State
    let owed: Int64

    private func one(_ promotion: Int64, _ column: Int) -> Int64 { used.first { $0[0] == promotion }?[column] ?? 0 }
    func uses(_ promotion: Int64) -> Int64 { one(promotion, 1) }
    func money(_ promotion: Int64) -> Int64 { one(promotion, 2) }
    func points(_ promotion: Int64) -> Int64 { one(promotion, 3) }

    /// What comes and goes without a trace: that a coupon was made and taken back stays known.
    static func == (a: Ground, b: Ground) -> Bool {
      let (one, other) = (a.wallet, b.wallet)
      return one.balances == other.balances && one.lots == other.lots && one.tallies == other.tallies && one.status == other.status
        && one.history == other.history && one.slides == other.slides && a.used == b.used && a.perStore == b.perStore
        && a.coupon == b.coupon && a.couponsGood == b.couponsGood && a.paying == b.paying && a.bought == b.bought
        && a.owed == b.owed
    }

    func hash(into hasher: inout Hasher) { hasher.combine(used) }
  }

  struct Step: Sendable {
    let amount: Money
    let givenBack: Points
    let takenBack: Points
    let ontoCertificate: Int64
    let isClean: Bool

    init(_ answer: ReturnAnswer) {
      (amount, givenBack, takenBack) = (answer.amount, answer.givenBack, answer.takenBack)
      ontoCertificate = answer.certificates.reduce(0) { $0 + $1.amount.minor }
      isClean = answer.discrepancies.isEmpty
    }
  }

  /// A basket that is given up, then sold and brought back: one milk of three, one tea of two, the rest.
  struct Story: Sendable {
    let before, held, givenUp, sold, withoutMilk, withoutTea, after: Ground
    /// The same basket sold once more, and what the till's cancel of it left.
    let soldAgain, cancelled: Ground
    /// What the cancel paid back.
    let cancelledAmount: Money
    /// What another till is told of the coupon and the certificate meanwhile.
    let whileHeld: [Calculator.Cause]
    let steps: [Step]
    /// Whether free delivery is promised: when it was sold, and after the first two steps.
    let promised: [Bool]
  }

  let certificates: CertificateShop
  let coupons: Coupons
  let code: String

  var till: Till { certificates.till }
  var anna: Shopper { till.shopper(1) }

  /// Milk 270.00 and tea 450.00, of which points pay 95.00; a certificate for 1,000.00 besides; 100.00 of it all paid with another.
  func basket() -> Basket {
    var basket = certificates.paying(0, milk: 3, tea: 2, amount: 10_000, at: Till.noon + .minutes(5))
    basket.spend = .points(Points(units: 95))
    basket.coupons = [PresentedCoupon(code: code)]
    let gift = ProductFacts(id: ProductID(503))
    basket.lines.append(BasketLine(id: "3", product: gift, price: Money(minor: 100_000), kind: .giftCard))
    basket.certificates = [SoldCertificate(line: "3", certificate: PresentedCertificate(code: certificates.codes[1]))]
    return basket
  }

  @discardableResult func sell(_ number: Int64) async throws -> Sold {
    let sold = try await till.sell(number, basket(), to: anna)
    #expect(sold.discrepancies.isEmpty && sold.amount == Money(minor: 162_500) && sold.spent == Points(units: 95))
    return sold
  }

  func state(of code: String) async throws -> Coupon.State? {
    try await till.database.read { tx in try coupons.coupon(code, in: &tx)?.state }
  }

  func ground() async throws -> Ground {
    let (wallet, paying, owed) = (try await till.wallet(anna), try await certificates.balance(), try await certificates.owed())
    let bought = try await certificates.certificate(1).state
    return try await till.database.read { tx in
      let all = try coupons.coupons(of: try #require(anna.id), limit: 50, in: &tx)
      return Ground(
        wallet: wallet, used: try Self.numbers(Self.inAll, in: &tx),
        perStore: try Self.numbers(Self.byStore, in: &tx) + Self.numbers(Self.inDays, in: &tx),
        coupon: try coupons.coupon(code, in: &tx)?.state, couponsMade: all.count,
        couponsGood: all.count { $0.coupon.state == .issued }, paying: Money(minor: paying), bought: bought, owed: owed)
    }
  }

  func story() async throws -> Story {
    let before = try await ground()
    let (till, anna) = (till, anna)
    let quote = try await till.database.write { tx in
      try till.receipts.calculate(
        basket(), for: anna, holding: HoldWish(until: Till.noon + .minutes(30)), request: RequestKey("open"),
        at: Till.noon + .minutes(5), in: &tx)
    }
    let (held, hold, member) = (try await ground(), try #require(quote.hold), try #require(anna.id))
    let causes = try await certificates.quote(basket(), till.shopper(2)).reasons.map(\.cause)
    try await till.database.write { tx in try till.receipts.release(hold, of: member, at: Till.noon + .minutes(6), in: &tx) }
    let givenUp = try await ground()
    try await sell(2)
    var (grounds, steps, promised) = ([try await ground()], [Step](), [try await isDeliveryFree(2)])
    let parts: [[(String, Int64)]] = [[("1", 1)], [("2", 1)], [("1", 2), ("2", 1), ("3", 1)]]
    for (number, part) in parts.enumerated() {
      let lines = part.map { Return.Line(.line($0.0), quantity: .pieces($0.1)) }
      steps.append(Step(try await till.takeBack(till.goods(Int64(number), of: 2, lines), request: "step \(number)")))
      grounds.append(try await ground())
      if number < 2 { promised.append(try await isDeliveryFree(2)) }
    }
    try await sell(3)
    let soldAgain = try await ground()
    let undone = try await cancel(3)
    return Story(
      before: before, held: held, givenUp: givenUp, sold: grounds[0], withoutMilk: grounds[1], withoutTea: grounds[2],
      after: grounds[3], soldAgain: soldAgain, cancelled: try await ground(), cancelledAmount: undone.amount, whileHeld: causes,
      steps: steps, promised: promised)
  }

  /// As the till does it.
  @discardableResult func cancel(_ number: Int64, at time: Instant = Till.noon + .minutes(9)) async throws -> ReturnAnswer {
    let (till, anna) = (till, anna)
    let answer = try await till.database.write { tx in
      try till.receipts.cancel(till.key(number), hold: nil, by: anna, request: RequestKey("no \(number)"), at: time, in: &tx)
    }
    return try #require(answer)
  }

  private func isDeliveryFree(_ number: Int64) async throws -> Bool {
    let priced = try await till.receipt(number).priced(by: till.rules.current)
    return priced.rewards.contains { $0.reward == .freeDelivery }
  }

  private static let inAll = """
    select promotion_id, cast(sum(uses) as bigint), cast(sum(money) as bigint), cast(sum(points) as bigint) from (
      select promotion_id, uses, money, points from promotion_usage where store_id = 0 and day = 0
      union all select promotion_id, - uses, - money, - points from promotion_slice) used
    group by promotion_id order by promotion_id
    """
  private static let inDays = """
    select promotion_id, cast(sum(uses) as bigint), cast(sum(money) as bigint), cast(sum(points) as bigint) from (
      select promotion_id, day, uses, money, points from promotion_usage where store_id = 0 and day <> 0
      union all select promotion_id, day, - uses, - money, - points from promotion_day_slice) used
    group by promotion_id, day order by promotion_id, day
    """
  private static let byStore = """
    select promotion_id, uses, money, points from promotion_usage where store_id <> 0 and uses <> 0 order by promotion_id, store_id, day
    """

  private static func numbers(_ statement: String, in tx: inout Transaction) throws -> [[Int64]] {
    try tx.rows(SQL(prepared: statement, [])).map { [$0.int(0), $0.int(1), $0.int(2), $0.int(3)] }.filter { $0[1...] != [0, 0, 0] }
  }

  private static let twoTeas = Condition.quantity(of: .products(IDList([Till.tea])), Bounds(atLeast: 2_000))
  static let card = StampCard(code: "milk", name: LocalText(ru: "Молоко", en: "Milk"), stamps: 5)
  /// A word for a stamp.
  private static var word: Promotion {
    var word = Till.promotion(12, .reward(.message(CertificateShop.name, to: .receipt)), condition: twoTeas)
    word.takes = StampTake(card: "milk", stamps: 1)
    return word
  }

  private static var promotions: [Promotion] {
    var all = PromotionLimits(perMember: 9, perMemberDay: 9, perStoreDay: 9, total: 90, budgetMoney: Money(minor: 100_000))
    var points = PromotionLimits(perMember: 9, perStoreDay: 9, total: 90, budgetPoints: Points(units: 1_000))
    for scope in LimitScope.allCases {
      all[scope].money = Money(minor: 100_000)
      points[scope].points = Points(units: 1_000)
    }
    all[.day].uses = 90
    return [
      CouponShop.tenOff,
      Till.promotion(3, .reward(.coupon(series: "NEXT", isPersonal: true)), condition: .all([twoTeas, .coupon("spring")])),
      Till.promotion(4, .reward(.certificate(series: "BONUS", Money(minor: 30_000))), condition: twoTeas),
      Till.promotion(5, .percent(.percent(10), of: .reduced), target: .products(IDList([Till.milk])), limits: all),
      Till.promotion(6, .earnFixed(Points(units: 50)), condition: twoTeas, limits: points),
      Till.promotion(7, .reward(.freeDelivery), condition: twoTeas),
      Till.promotion(8, .earnFixed(Points(units: 1)), condition: .accumulated(visits, Bounds(atLeast: 100))),
      Till.promotion(9, .earnFixed(Points(units: 1)), condition: .accumulated(pieces, Bounds(atLeast: 1_000_000))),
      Till.promotion(10, .amount(Money(minor: 5_000)), target: .products(IDList([Till.tea])), condition: .coupon("next")),
      Till.promotion(11, .reward(.stamps(StampGrant(card: "milk", stamps: 1, per: .unit))), target: .products(IDList([Till.milk]))),
      word,
    ]
  }

  static func open(
    _ kind: TestDatabase, _ money: ReturnTerms.Money, _ body: @Sendable (ReturnShop) async throws -> Void
  ) async throws {
    var terms = ProgrammeTerms()
    terms.earning.status = .perStep(Points(units: 1), step: Money(minor: 10_000))
    terms.stampCards = [card]
    try await CertificateShop.open(kind, money: money, promotions: promotions, programme: terms) { shop in
      let till = shop.till
      let coupons = Coupons(of: Till.account, programme: Till.programme, zone: .moscow)
      let next = CouponSeriesDetails(code: "NEXT", name: LocalText(ru: "Потом", en: "Later"), daysGood: 30)
      let bonus = CertificateSeriesDetails(
        code: "BONUS", name: CertificateShop.name, face: .free(Money(minor: 100)...Money(minor: 100_000)))
      let code = try await till.database.write { tx -> String in
        _ = try coupons.save([CouponShop.spring, next], by: shop.change, in: &tx)
        _ = try shop.certificates.save([bonus], by: shop.change, in: &tx)
        let batch = try coupons.order(1, of: "SPRING", label: "first", key: "1", by: shop.change, in: &tx)
        var dice = Dice(seed: 8)
        _ = try coupons.makeNext(of: batch.id, using: &dice, in: &tx)
        return try #require(try coupons.coupons(of: batch.id, limit: 1, in: &tx).first?.code)
      }
      let returns = ReturnShop(certificates: shop, coupons: coupons, code: code)
      try await till.give(100, to: returns.anna)
      try await till.sell(1, till.basket(milk: 1), to: returns.anna)
      try await body(returns)
    }
  }
}
