import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A till whose programme has a series, and codes of it that were issued at noon.
struct CouponShop: Sendable {
  let till: Till
  let coupons: Coupons
  let codes: [String]

  func coupon(_ place: Int = 0) async throws -> Coupon? {
    try await till.database.read { tx in try coupons.coupon(codes[place], in: &tx) }
  }

  func used() async throws -> Int64 {
    try await till.database.read { tx in
      let all = try coupons.all(limit: 10, in: &tx)
      return try coupons.totals(of: all.map(\.id), in: &tx).values.reduce(0) { $0 + $1.used }
    }
  }

  /// Tea at 250.00 with codes shown.
  func basket(_ codes: String..., tea: Int64 = 1, milk: Int64 = 0, at time: Instant = Till.noon) -> Basket {
    var basket = till.basket(milk: milk, tea: tea, at: time)
    basket.coupons = codes.map { PresentedCoupon(code: $0) }
    return basket
  }

  func quote(_ basket: Basket, _ shopper: Shopper, at now: Instant? = nil) async throws -> Calculation {
    try await till.database.read { tx in
      try till.receipts.calculate(basket, for: shopper, at: now ?? basket.time, in: &tx).calculation
    }
  }

  static let spring = CouponSeriesDetails(
    code: "SPRING", name: LocalText(ru: "Весна", en: "Spring"), daysGood: 10)
  static let tenOff = Till.promotion(
    2, .percent(.percent(10), of: .reduced), target: .products(IDList([Till.tea])), condition: .coupon("spring"))

  /// Writes the account and the programme that a series hangs on.
  static func found(in tx: inout Transaction) throws {
    try tx.run(
      SQL(
        "insert into account (id, code, name, currency, country, is_suspended, structure_version, made_at) values ($1, 'shop', 'Shop', 'RUB', 'RU', $2, 1, 0)",
        Till.account, false))
    try tx.run(
      SQL(
        "insert into programme (id, account_id, code, version, settings, made_at) values ($1, $2, 'club', 1, $3, 0)",
        Till.programme, Till.account, #"{"name":{"ru":"Клуб","en":"Club"},"zone":"Europe/Moscow"}"#))
  }

  static func open(
    _ kind: TestDatabase, _ series: CouponSeriesDetails = spring, promotions: [Promotion] = [tenOff], codes: Int64 = 3,
    money: ReturnTerms.Money = .paidPrice, _ body: @Sendable (CouponShop) async throws -> Void
  ) async throws {
    try await Till.on(kind, promotions: promotions, terms: ReturnTerms(money: money)) { till in
      let coupons = Coupons(of: Till.account, programme: Till.programme, zone: .moscow)
      let change = Change(by: .demo, at: Till.noon, ids: till.ids)
      let made = try await till.database.write { tx -> [String] in
        try found(in: &tx)
        _ = try coupons.save([series], by: change, in: &tx)
        guard series.kind == .unique else { return [] }
        let batch = try coupons.order(codes, of: series.code, label: "first", key: "1", by: change, in: &tx)
        var dice = Dice(seed: 7)
        _ = try coupons.makeNext(of: batch.id, using: &dice, in: &tx)
        return try coupons.coupons(of: batch.id, limit: 100, in: &tx).map(\.code)
      }
      try await body(CouponShop(till: till, coupons: coupons, codes: made))
    }
  }
}
