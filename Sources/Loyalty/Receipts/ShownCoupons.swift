import Calculator
import Kernel
import Storage

// Coupons on their way through a sale: looked up before it is priced, used when it is recorded, given back by returns.
extension Receipts {
  /// The basket with its coupons and certificates looked up. No statement where none was shown.
  func lookedUp(
    _ basket: Basket, for shopper: Shopper, by hold: HoldID? = nil, at now: Instant, lock: Bool = false, in tx: inout Transaction
  ) throws -> Basket {
    guard basket.showsCodes else { return basket }
    var basket = basket
    basket.coupons = try coupons.look(
      at: basket.coupons, for: shopper.id, by: hold, at: basket.time, now: now, lock: lock, in: &tx)
    return try certificates.look(at: basket, by: hold, now: now, lock: lock, in: &tx)
  }

  /// The draft with its coupons and certificates looked up and held fast until the transaction ends. The request stays the one that was sent.
  func lookedUp(_ draft: SaleDraft, in tx: inout Transaction) throws -> SaleDraft {
    guard draft.sale.basket.showsCodes else { return draft }
    var sale = draft.sale
    sale.bodyHash = draft.hash
    sale.basket = try lookedUp(sale.basket, for: draft.shopper, by: sale.hold, at: draft.now, lock: true, in: &tx)
    // The till sold by what we told it; a coupon that somebody else used meanwhile is for people to look into.
    let late = Coupons.single(sale.basket.coupons).count { $0.state == .used || $0.state == .held }
    if late > 0 { sale.notes.append(Discrepancy(.coupon, stated: Int64(late), expected: 0)) }
    return SaleDraft(sale, by: draft.shopper, request: draft.request, id: draft.id, at: draft.now)
  }

  /// Coupons that a sale without a network took: whatever it could be used for, it is used now.
  func redeem(_ draft: SaleDraft, _ priced: Priced, in tx: inout Transaction) throws {
    let basket = draft.sale.basket
    guard !basket.coupons.isEmpty else { return }
    let shown = Coupons.single(basket.coupons).filter { $0.state == .valid }
    let used: [(code: String, series: String)]
    if draft.sale.isOffline {
      used = shown.map { ($0.code, $0.series ?? "") }
    } else {
      used = basket.used(by: priced.calculation) + (priced.fixed.map { basket.used(by: $0) } ?? [])
    }
    try coupons.redeeming(used, on: draft.id, of: draft.owner, at: basket.store.id, draft.sale.moment, in: &tx)
  }

  /// Coupons for next time. Codes are drawn where the sale is written: nobody may foresee one, and none is made for a sale that is not.
  func issueCoupons(
    _ draft: SaleDraft, _ priced: Priced, _ limits: LimitAccess, in tx: inout Transaction
  ) throws -> [IssuedCoupon] {
    guard !draft.sale.isOffline, !draft.shopper.isBlocked else { return [] }
    let wanted = priced.calculation.rewards.compactMap { given -> (series: String, isPersonal: Bool)? in
      if case .coupon(let series, let isPersonal) = given.reward { (series, isPersonal) } else { nil }
    }
    guard !wanted.isEmpty else { return [] }
    if case .outOfReach = limits { throw LimitsOutOfReach() }
    var generator = SystemRandomNumberGenerator()
    return try coupons.give(wanted, to: draft.shopper.id, on: draft.id, at: draft.sale.moment, using: &generator, in: &tx)
  }

  /// Coupons of the receipt that what stays does not need: good again.
  func freeCoupons(of receipt: Receipt, _ worked: WorkedReturn, at now: Instant, in tx: inout Transaction) throws {
    if let kept = worked.keptSeries { try coupons.takeBack(from: receipt.id, but: kept, in: &tx) }
    guard !worked.freedCoupons.isEmpty else { return }
    try coupons.giveBack(
      worked.freedCoupons, of: receipt.id, at: receipt.store, goodUntil: now + points.returnedLife, in: &tx)
  }
}

extension Basket {
  /// The single coupons that unlocked something, each once.
  func used(by calculation: Calculation) -> [(code: String, series: String)] {
    let unlocked = Set(calculation.promotions.compactMap(\.coupon))
    return Coupons.single(coupons).filter { unlocked.contains($0.code) }.map { ($0.code, $0.series ?? "") }
  }
}
