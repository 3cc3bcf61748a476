import Access
import Calculator
import Kernel
import Storage

/// Coupons as a till shows them: looked up, set aside, used, given back.
extension Coupons {
  /// What was shown, as it is: of which series, and whether it is good for this shopper at the moment of the sale. Two statements in one
  /// round trip; none where nothing was shown. What no coupon and no series of ours answers to stays a general code, as rules name it.
  /// - Parameters:
  ///   - hold: what it set aside is free for whoever comes with it.
  ///   - lock: holds the rows until the transaction ends, so that nobody else uses them meanwhile.
  func look(
    at shown: [PresentedCoupon], for member: MemberID?, by hold: HoldID?, at time: Instant, now: Instant, lock: Bool,
    in tx: inout Transaction
  ) throws -> [PresentedCoupon] {
    guard !shown.isEmpty else { return [] }
    let keys = shown.map { folded($0.code) }
    let answers = try tx.answers(
      to: CouponSQL.byCodes(account, keys, lock ? tx.dialect.forUpdate : ""),
      CouponSQL.byCodes(account, programme, keys + shown.compactMap(\.series)))
    let coupons = Dictionary(
      try answers[0].map { (folded($0.text(0)), try CouponSQL.coupon($0)) }, uniquingKeysWith: { first, _ in first })
    var series = try answers[1].map(CouponSQL.series)
    let others = Set(coupons.values.map(\.series)).subtracting(series.map(\.id))
    if !others.isEmpty { series += try tx.rows(CouponSQL.byIDs(account, programme, Array(others))).map(CouponSQL.series) }
    let byID = Dictionary(series.map { ($0.id, $0.details) }, uniquingKeysWith: { first, _ in first })
    let byKey = Dictionary(series.map { (folded($0.details.code), $0.details) }, uniquingKeysWith: { first, _ in first })
    return zip(shown, keys).map { shown, key in
      if let coupon = coupons[key] {
        // Another programme's coupons are unknown here.
        guard let series = byID[coupon.series] else { return PresentedCoupon(code: shown.code, state: .unknown) }
        return PresentedCoupon(
          code: shown.code, series: series.code, state: coupon.state(in: series, for: member, by: hold, at: time, now: now))
      }
      guard let named = byKey[shown.series.map(folded) ?? key] else { return shown }
      // The name of a series is no coupon of it, and neither is what a till says of a code that we do not know.
      return PresentedCoupon(
        code: shown.code, series: nil, state: named.kind == .general ? named.state(at: time) : .unknown)
    }
  }

  /// Which of the codes shown are single coupons of ours, by what `look` made of them.
  static func single(_ shown: [PresentedCoupon]) -> [PresentedCoupon] { shown.filter { $0.series != nil } }

  /// What a sale does to its coupons: those that unlocked something are used.
  func redeeming(
    _ codes: [(code: String, series: String)], on receipt: ReceiptID, of owner: Int64, at store: StoreID,
    _ time: Instant, in tx: inout Transaction
  ) throws {
    guard !codes.isEmpty else { return }
    let keys = codes.map { folded($0.code) }
    guard try tx.run(CouponSQL.redeem(account, keys, on: receipt, of: owner, at: time)) > 0 else { return }
    let series = try series(codes: Array(Set(codes.map(\.series))).sorted(), in: &tx)
    for (code, known) in series.sorted(by: { $0.value.id < $1.value.id }) {
      let used = codes.count { $0.series == code }
      try tx.enqueue(CouponSQL.count(Int64(used), of: known.id, at: store, account))
    }
  }

  /// What a return or a cancellation gives back: good again, and at least until then.
  func giveBack(
    _ codes: [String], of receipt: ReceiptID, at store: StoreID, goodUntil least: Instant, in tx: inout Transaction
  ) throws {
    guard !codes.isEmpty else { return }
    let rows = try tx.rows(CouponSQL.giveBack(account, codes.map(folded), of: receipt, goodUntil: least))
    var used: [CouponSeriesID: Int64] = [:]
    for row in rows { used[row.id(0), default: 0] += 1 }
    for (series, count) in used.sorted(by: { $0.key < $1.key }) {
      try tx.enqueue(CouponSQL.count(-count, of: series, at: store, account))
    }
  }

  func hold(_ codes: [String], by hold: HoldID, until end: Instant, in tx: inout Transaction) throws {
    guard !codes.isEmpty else { return }
    try tx.enqueue(CouponSQL.hold(account, codes.map(folded), by: hold, until: end))
  }

  func release(_ hold: HoldID, in tx: inout Transaction) throws { try tx.enqueue(CouponSQL.release(account, hold)) }
}

extension Coupon {
  fileprivate func state(
    in series: CouponSeriesDetails, for shopper: MemberID?, by holder: HoldID?, at time: Instant, now: Instant
  ) -> PresentedCoupon.State {
    switch state {
    case .used: return .used
    case .void: return .unknown
    case .issued: break
    }
    if series.isClosed { return .expired }
    if let member, member != shopper { return .notYours }
    if let from, time < from { return .notYetValid }
    if let until, time >= until { return .expired }
    if let hold, hold != holder, let heldUntil, now < heldUntil { return .held }
    return .valid
  }
}

extension CouponSeriesDetails {
  fileprivate func state(at time: Instant) -> PresentedCoupon.State {
    if isClosed { return .expired }
    if let from, time < from { return .notYetValid }
    if let until, time >= until { return .expired }
    return .valid
  }
}
