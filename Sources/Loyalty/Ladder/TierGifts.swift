import Access
import Calculator
import Customers
import Jobs
import Kernel
import Storage

/// A tier that a promotion gave with a receipt, or with a receipt that found its member later.
public struct GivenTier: Hashable, Sendable {
  public let promotion: PromotionID
  public let tier: TierID
  public let since: Instant
  public let until: Instant
  let grant: TierGrantID
}

/// A given tier that has not ended, with the receipt that brought it and whoever has it now.
struct StandingTierGift {
  let owner: Int64
  let receipt: ReceiptID
  let holder: MemberID
  let given: GivenTier
}

// Tiers on their way through a sale. Each receipt gives a grant of its own, from the sale to its end: of several the highest is the member's
// and of equals the longest, so that purchases extend and never shorten, and a return takes back exactly what its receipt gave.
extension Receipts {
  var tiers: Tiers { Tiers(of: account, programme: programme) }

  /// What a sale brings a member; nothing where its rules give no tiers.
  func tiers(_ draft: SaleDraft, _ priced: Priced, _ book: RuleBook) -> [GivenTier] {
    guard draft.shopper.id != nil, !draft.shopper.isBlocked else { return [] }
    return tiers(priced.calculation, book, boughtAt: draft.sale.moment, from: draft.sale.moment, posted: draft.now)
  }

  /// - Parameter start: from when it holds, the sale or the moment at which the receipt found its member.
  func tiers(
    _ calculation: Calculation, _ book: RuleBook, boughtAt moment: Instant, from start: Instant, posted now: Instant
  ) -> [GivenTier] {
    calculation.rewards.compactMap { given in
      guard case .tier(let gift) = given.reward else { return nil }
      let end = gift.end(boughtAt: moment, in: points.zone)
      guard end > start else { return nil }
      return GivenTier(
        promotion: book.promotions[given.promotion].id, tier: gift.tier, since: start, until: end, grant: ids.next(at: now))
    }
  }

  /// Three statements for each tier.
  func granting(
    _ given: [GivenTier], to owner: Int64, on receipt: ReceiptID, _ book: RuleBook?, at now: Instant, _ dialect: Dialect
  ) -> [SQL] {
    given.flatMap { given -> [SQL] in
      let code = book?.promotions.first { $0.id == given.promotion }?.code ?? "\(given.promotion)"
      let grant = TierGrant(
        given.grant, of: given.tier, since: given.since, until: given.until, because: TierSource.promotion(code, receipt).reason,
        by: .promotions)
      let event = Event(.tierGranted, id: ids.next(at: now), owner: owner, subject: given.grant.raw, at: now)
      return [
        TierGiftSQL.insert(given, owner, receipt, account, programme), tiers.granting(grant, to: MemberID(owner)),
        Outbox(of: account).putting(event, dialect),
      ]
    }
  }

  func granting(_ given: [GivenTier], of receipt: Receipt, _ dialect: Dialect) -> [SQL] {
    given.isEmpty
      ? [] : granting(given, to: receipt.owner, on: receipt.id, rules.book(of: receipt), at: receipt.postedAt, dialect)
  }

  /// What a stored receipt brought, and has not given back; no statement where the rules of its day give no tiers.
  func tiers(broughtBy receipt: Receipt, in tx: inout Transaction) throws -> [GivenTier] {
    guard receipt.hasMember, receipt.state != .beside, rules.book(of: receipt)?.asks.givesTiers ?? false else { return [] }
    return try tx.rows(TierGiftSQL.brought(account, receipt.owner, on: receipt.id)).map { TierGiftSQL.gift($0).given }
  }

  /// Promotions whose tier what stays of a receipt would still bring; nil where its rules give none.
  ///
  /// A receipt that found its member later says nothing of them among its facts: what its whole would not bring to somebody of whom nothing
  /// is known is asked of the rest neither, and stays until the whole comes back.
  func keptTiers(
    _ undoing: Undoing, _ stays: Calculation?, owner: Int64?, _ book: RuleBook, _ quantities: [Int64]
  ) -> Set<PromotionID>? {
    guard book.asks.givesTiers else { return nil }
    guard let stays else { return [] }
    guard undoing.facts.member == nil, let owner else { return Set(stays.givenTiers(book)) }
    var facts = undoing.facts
    facts.member = MemberSnapshot(id: MemberID(owner))
    let gone = facts.basket.lines.indices.map {
      facts.basket.lines[$0].quantity.thousandths - undoing.remaining($0).thousandths + quantities[$0]
    }
    func given(_ basket: Basket) -> Set<PromotionID> {
      let scope = CalculationScope(offersChoices: false)
      let calculation = Calculator.calculate(basket, member: facts.member, rules: book, usage: facts.usage, scope: scope)
      return Set(calculation.givenTiers(book))
    }
    let (whole, rest) = (given(facts.basket), given(undoing.stays(gone: gone)))
    let all = book.promotions.compactMap { promotion -> PromotionID? in
      if case .reward(.tier) = promotion.benefit { promotion.id } else { nil }
    }
    return Set(all.filter { rest.contains($0) || !whole.contains($0) })
  }

  /// Ends the grants that a receipt brought and what stays of it would not.
  func takeBackTiers(
    of receipt: Receipt, _ owner: Int64, but kept: Set<PromotionID>, at now: Instant, in tx: inout Transaction
  ) throws {
    for row in try tx.rows(TierGiftSQL.brought(account, owner, on: receipt.id)) {
      let gift = TierGiftSQL.gift(row)
      guard !kept.contains(gift.given.promotion) else { continue }
      try tx.enqueue(TierGiftSQL.takeBack(gift, account, programme, at: now))
      try tiers.end(gift.given.grant, of: gift.holder, by: Change(by: .promotions, at: now, ids: ids), in: &tx)
    }
  }
}

// Tiers that come along when two members are found to be one person, and go back when they are not.
extension Merging {
  /// What promotions and subscriptions gave.
  func moveTiers(of merged: MemberID, to survivor: MemberID, by change: Change, in tx: inout Transaction) throws {
    try Subscriptions(of: programme, ids: wallets.ids).move(from: merged, to: survivor, by: change, in: &tx)
    for gift in try standing(TierGiftSQL.held(account, programme.id, by: merged, after: change.at), in: &tx) {
      try move(gift, to: survivor, by: change, in: &tx)
    }
  }

  /// What the member's own receipts gave, and those of whoever they stand for themselves.
  func giveBackTiers(
    of owners: [MemberID], to merged: MemberID, from survivor: MemberID, by change: Change, in tx: inout Transaction
  ) throws {
    try Subscriptions(of: programme, ids: wallets.ids).move(
      from: survivor, to: merged, owners: owners.map(\.raw), by: change, in: &tx)
    for gift in try standing(TierGiftSQL.held(account, programme.id, by: survivor, after: change.at), in: &tx)
    where owners.contains(MemberID(gift.owner)) {
      try move(gift, to: merged, by: change, in: &tx)
    }
  }

  private func standing(_ sql: SQL, in tx: inout Transaction) throws -> [StandingTierGift] {
    try tx.rows(sql).map(TierGiftSQL.gift)
  }

  private func move(_ gift: StandingTierGift, to member: MemberID, by change: Change, in tx: inout Transaction) throws {
    try programme.tiers.end(gift.given.grant, of: gift.holder, by: change, in: &tx)
    let reason = try programme.tiers.grant(gift.given.grant, of: gift.holder, in: &tx)?.reason
    let grant = TierGrant(
      change.id(), of: gift.given.tier, since: max(gift.given.since, change.at), until: gift.given.until,
      because: reason ?? TierSource.promotion("\(gift.given.promotion)", gift.receipt).reason, by: .promotions)
    try programme.tiers.give(grant, to: member, by: change, in: &tx)
    try tx.enqueue(TierGiftSQL.move(gift, to: member, grant.id, account, programme.id))
  }
}

extension Calculation {
  /// Promotions that give a tier, in the order in which they did.
  func givenTiers(_ book: RuleBook) -> [PromotionID] {
    rewards.compactMap { if case .tier = $0.reward { book.promotions[$0.promotion].id } else { nil } }
  }
}
