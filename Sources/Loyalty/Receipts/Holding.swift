import Calculator
import Jobs
import Kernel
import Storage

/// Points that were set aside without a basket.
public struct HeldPoints: Hashable, Sendable {
  public let id: HoldID
  public let amount: Points
  public let ends: Instant
}

extension Receipts {
  /// Prices a basket and sets aside what it takes: points, and uses of promotions with limits, until the hold ends by itself.
  ///
  /// Sent again under the same request key it makes no second hold.
  /// - Throws: `Problem.conflict` (`request_key_reused`, `insufficient_points`, `too_many_holds`), `Problem.invalid` (`hold_end_out_of_range`),
  ///   `Problem.invalid` (`member_required`) without a member: there is nothing to hold for nobody.
  public func calculate(
    _ basket: Basket, for shopper: Shopper, scope: CalculationScope = CalculationScope(), holding wish: HoldWish,
    request: RequestKey? = nil, bodyHash: Int64 = 0, at now: Instant, in tx: inout Transaction
  ) throws -> Quote {
    guard let member = shopper.id else {
      throw Problem(.invalid, "member_required", "points and limits are held for a member; calculate without a hold instead")
    }
    let id: HoldID = ids.next(at: now)
    if let request, let earlier = try held(by: request, bodyHash, for: member, as: id, at: now, in: &tx) {
      return try quoteAgain(basket, shopper, member, earlier, scope, at: now, in: &tx)
    }
    let basket = try lookedUp(basket, for: shopper, at: now, lock: true, in: &tx)
    var open = try open(shopper, visiting: basket.store, at: now, in: &tx)
    let priced = try price(basket, shopper, open.wallet, open.pool, rules.current, scope, .locked, in: &tx)
    let sale = Sale(
      key: ReceiptKey(store: basket.store.id, register: "", shift: 0, number: "", day: CivilDay(number: 0)), basket: basket)
    let settlement = Settlement(sale, priced.scopes, rules.current, priced.calculation, fixed: nil)
    var uses =
      settlement.uses
      + open.wallet.stampUses(settlement.stamps, rules.current.terms.stampCards, on: sale.businessDay).settingAside
    if let use = spendingUse(settlement.request.amount, sale.businessDay) { uses.append(use) }
    let ends = wish.until ?? now + points.holdLength
    do {
      try open.reserve(
        settlement.request, uses: uses, at: basket.store.id, as: id, until: ends,
        on: Occasion(.hold(id), at: now, posted: now), points)
    } catch {
      throw error.problem(points)
    }
    try budgets.count(shared(uses, rules.current), at: basket.store.id, in: &tx)
    try coupons.hold(basket.used(by: priced.calculation).map(\.code), by: id, until: ends, in: &tx)
    try certificates.hold(priced.calculation.tenders.compactMap(\.certificate), by: id, until: ends, in: &tx)
    try wallets.save(open, at: now, in: &tx)
    return Quote(calculation: priced.calculation, rules: rules.current.version, hold: id, ends: ends)
  }

  /// The quote of a hold that was asked for before: with what the hold set aside as if it were free.
  private func quoteAgain(
    _ basket: Basket, _ shopper: Shopper, _ member: MemberID, _ hold: HoldID, _ scope: CalculationScope, at now: Instant,
    in tx: inout Transaction
  ) throws -> Quote {
    var open =
      try peek(shopper, visiting: basket.store, at: now, in: &tx) ?? OpenWallet(owner: member.raw, version: 0, wallet: Wallet())
    wallets.advance(&open, at: now)
    let released = open.release(hold, on: Occasion(.hold(hold), at: now, posted: now), points)
    let basket = try lookedUp(basket, for: shopper, by: hold, at: now, in: &tx)
    let priced = try price(basket, shopper, open.wallet, open.pool, rules.current, scope, .peeked, in: &tx)
    return Quote(
      calculation: priced.calculation, rules: rules.current.version, hold: hold, ends: released?.ends ?? now)
  }

  private func held(
    by request: RequestKey, _ bodyHash: Int64, for member: MemberID, as id: HoldID, at now: Instant, in tx: inout Transaction
  ) throws -> HoldID? {
    var body = StableHash()
    body.mix("hold")
    body.mix(bodyHash)
    return try NaturalKeys(of: account).once(request, owner: member.raw, target: id.raw, body: body, at: now, in: &tx)
      .map(HoldID.init)
  }

  /// Sets points aside for a receipt that will come. Sent again under the same request key it is one hold.
  /// - Throws: `Problem.conflict` (`request_key_reused`, `insufficient_points`, `too_many_holds`), `Problem.invalid`
  ///   (`hold_end_out_of_range`, `amount_out_of_range`).
  /// - Parameter shopper: the member as rules see them, where others of the household may give what is missing.
  public func hold(
    _ amount: Points, of member: MemberID, as shopper: Shopper = .nobody, at store: StoreID, until end: Instant?,
    request: RequestKey, bodyHash: Int64, now: Instant, in tx: inout Transaction
  ) throws -> HeldPoints {
    let id: HoldID = ids.next(at: now)
    let ends = end ?? now + points.holdLength
    if let earlier = try held(by: request, bodyHash, for: member, as: id, at: now, in: &tx) {
      let known = try wallets.wallet(of: member, in: &tx).hold(earlier)
      // Others set aside what was missing when it was made.
      let isWhole = known.map { $0.lenders.isEmpty || $0.ends <= now } ?? true
      return HeldPoints(id: earlier, amount: isWhole ? known?.amount ?? .zero : amount, ends: known?.ends ?? now)
    }
    var open = shopper.id == member ? try open(shopper, at: now, in: &tx) : try wallets.open(member.raw, at: now, in: &tx)
    do {
      try open.reserve(
        SpendRequest(amount), at: store, as: id, until: ends, on: Occasion(.hold(id), at: now, posted: now), points)
    } catch {
      throw error.problem(points)
    }
    try wallets.save(open, at: now, in: &tx)
    return HeldPoints(id: id, amount: amount, ends: open.wallet.hold(id)?.ends ?? ends)
  }
}
