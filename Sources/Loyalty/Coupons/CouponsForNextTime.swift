import Access
import Calculator
import Kernel
import Storage

/// A coupon that a receipt brought.
public struct IssuedCoupon: Hashable, Sendable {
  /// In capitals, as it is printed.
  public let code: String
  public let series: String
  public let from: Instant?
  public let until: Instant?
}

extension Coupons {
  /// Tries to draw a code that nobody has; a series holds ten thousand times as many as it gives out, so that the second try is rare.
  private static var tries: Int { 20 }

  /// Makes one coupon of each series, for whoever shows it or for the member. A series that is closed or gone, or whose
  /// codes could be guessed, gives none.
  /// - Parameter receipt: nil where it was won.
  func give(
    _ wanted: [(series: String, isPersonal: Bool)], to member: MemberID?, on receipt: ReceiptID?, at now: Instant,
    using generator: inout some RandomNumberGenerator, in tx: inout Transaction
  ) throws -> [IssuedCoupon] {
    guard !wanted.isEmpty else { return [] }
    let known = try series(codes: Array(Set(wanted.map(\.series))).sorted(), in: &tx)
    var issued: [IssuedCoupon] = []
    for (code, isPersonal) in wanted {
      guard let series = known[code], series.details.mayBeBrought, !series.details.isClosed else { continue }
      let (from, until) = series.details.span(issuedAt: now, in: zone)
      for _ in 0..<Self.tries {
        let drawn = series.details.pattern.code(using: &generator)
        let row: [Value] = [
          account.value, folded(drawn).value, series.id.value, CouponBatchID?.none.value, (isPersonal ? member : nil).value,
          now.value, from.value, until.value, receipt.value,
        ]
        guard try tx.insert([row], into: CouponsSchema.coupon, CouponSQL.inserted, skippingKnown: true) == 1 else { continue }
        issued.append(IssuedCoupon(code: drawn.uppercased(), series: series.details.code, from: from, until: until))
        break
      }
    }
    return issued.sorted { $0.code < $1.code }
  }

  /// The coupons that a receipt brought, by their codes.
  func given(on receipt: ReceiptID, in tx: inout Transaction) throws -> [IssuedCoupon] {
    let coupons = try tx.rows(CouponSQL.issued(account, on: receipt)).map(CouponSQL.coupon)
    guard !coupons.isEmpty else { return [] }
    let series = try tx.rows(CouponSQL.byIDs(account, programme, Array(Set(coupons.map(\.series))))).map(CouponSQL.series)
    let codes = Dictionary(series.map { ($0.id, $0.details.code) }, uniquingKeysWith: { first, _ in first })
    return coupons.map { IssuedCoupon(code: $0.code, series: codes[$0.series] ?? "", from: $0.from, until: $0.until) }
  }

  /// Takes back what a receipt brought and what stays of it would not: coupons that were used stay used.
  func takeBack(from receipt: ReceiptID, but kept: [String], in tx: inout Transaction) throws {
    let series = try series(codes: kept, in: &tx).values.map(\.id)
    try tx.enqueue(CouponSQL.takeBack(account, of: receipt, but: series))
  }
}
