import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Storage

/// A subscription as an answer to a till tells of it.
public struct ToldSubscription: Hashable, Sendable {
  public let plan: SubscriptionPlan
  /// Nil where nobody was named: it begins when the receipt finds its member.
  public let since: Instant?
  /// The last day that is paid for.
  public let lastDay: CivilDay?
  public let until: Instant?
  /// It goes on from an end that was there before.
  public let isRenewal: Bool

  /// For the cashier and the shopper.
  public var sentence: LocalText {
    guard let lastDay else {
      return LocalText(
        ru: "Подписка «\(plan.name.ru)» начнётся, когда чек найдёт своего участника: спросите карту.",
        en: "The subscription “\(plan.name.en)” begins when the receipt finds its member: ask for the card.")
    }
    let (day, month, year) = (lastDay.parts.day, lastDay.parts.month, lastDay.parts.year)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return isRenewal
      ? LocalText(
        ru: "Подписка «\(plan.name.ru)» продлевается до \(two(day)).\(two(month)).\(year) включительно.",
        en: "The subscription “\(plan.name.en)” goes on through \(lastDay).")
      : LocalText(
        ru: "Подписка «\(plan.name.ru)» действует до \(two(day)).\(two(month)).\(year) включительно.",
        en: "The subscription “\(plan.name.en)” holds through \(lastDay).")
  }
}

// Subscriptions on their way through a sale, a return and a late claim.
extension Receipts {
  var subscriptions: Subscriptions {
    Subscriptions(of: account, programme: programme, zone: points.zone, plans: plans.plans.map(\.plan), ids: ids)
  }

  /// What a sale to a member sells.
  func subscriptions(_ shopper: Shopper, _ lines: [SoldLine]) -> [SubscriptionSale] {
    shopper.id == nil ? [] : plans.sales(lines)
  }

  /// Writes them behind the receipt, where the member's wallet is held.
  func begin(_ sales: [SubscriptionSale], of receipt: Receipt, in tx: inout Transaction) throws {
    let change = Change(by: .subscriptions, at: receipt.postedAt, ids: ids)
    for sale in sales {
      try subscriptions.sell(sale, to: receipt.owner, on: receipt.id, at: receipt.soldAt, by: change, in: &tx)
    }
  }

  /// A receipt that found its member begins what it sold when it does.
  func beginLate(_ receipt: Receipt, of member: MemberID, at now: Instant, in tx: inout Transaction) throws {
    let change = Change(by: .subscriptions, at: now, ids: ids)
    for sale in plans.sales(receipt.lines) {
      try subscriptions.sell(sale, to: member.raw, on: receipt.id, at: now, by: change, in: &tx)
    }
  }

  /// What a stored receipt sold, as the subscriptions stand now; no statement where the programme has none.
  func told(ofSubscriptionsOn receipt: Receipt, in tx: inout Transaction) throws -> [ToldSubscription] {
    guard !plans.isEmpty, receipt.hasMember, receipt.state != .beside else { return [] }
    let periods = try tx.rows(SubscriptionSQL.onReceipt(account, receipt.owner, receipt.id)).map(SubscriptionSQL.period)
    return try periods.compactMap { period in
      guard let plan = plans.plan(period.plan)?.plan, let one = try subscriptions.one(period.plan, of: period.holder, &tx) else {
        return nil
      }
      return ToldSubscription(
        plan: plan, since: one.since, lastDay: one.lastDay(in: points.zone), until: one.until, isRenewal: one.renewals > 0)
    }
  }

  /// True where some of the goods are a subscription's.
  public func sellsSubscriptions(_ basket: Basket) -> Bool {
    !plans.isEmpty && basket.lines.contains { line in plans.plans.contains { $0.products.contains(line.product.id) } }
  }

  /// What a basket would begin or prolong. One statement for each plan that it sells, none for other baskets.
  public func foretell(_ basket: Basket, for shopper: Shopper, at now: Instant, in tx: inout Transaction) throws
    -> [ToldSubscription]
  {
    guard !plans.isEmpty else { return [] }
    let sales = plans.sales(basket.lines.map { ($0.product.id, $0.quantity, .zero) })
    return try sales.map { sale in
      guard let member = shopper.id, let run = try subscriptions.foretell(sale, to: member, at: now, in: &tx) else {
        return ToldSubscription(plan: sale.plan, since: nil, lastDay: nil, until: nil, isRenewal: false)
      }
      return ToldSubscription(
        plan: sale.plan, since: run.since, lastDay: run.lastDay, until: run.until, isRenewal: run.renewals > 0)
    }
  }

  /// Takes back what a receipt sold and what does not stay of it.
  /// - Parameter remaining: of each line of the receipt.
  func takeBackSubscriptions(
    _ periods: [SubscriptionPeriod], remaining: [Quantity], at now: Instant, in tx: inout Transaction
  ) throws {
    let change = Change(by: .subscriptions, at: now, ids: ids)
    for period in periods {
      let left = period.lines.reduce(Int64(0)) { sum, line in
        remaining.indices.contains(line) ? sum + remaining[line].thousandths / 1_000 : sum
      }
      try subscriptions.takeBack(period, but: left, by: change, in: &tx)
    }
  }

  /// Money on these lines that does not count towards tiers by rules.
  func uncounted(_ lines: [SoldLine]) -> Money {
    plans.sales(lines).reduce(.zero) { $1.plan.counts ? $0 : $0 + $1.amount }
  }

  /// The same of what came back, as it was when it was sold.
  static func uncounted(_ refund: Refund, _ periods: [SubscriptionPeriod]) -> Money {
    let lines = Set(periods.filter { !$0.counts }.flatMap(\.lines))
    return refund.lines.reduce(.zero) { lines.contains($1.line) ? $0 + $1.amount : $0 }
  }

  /// Subscriptions that a receipt sold; no statement where the programme has none, and for a receipt of nobody.
  func periods(of receipt: Receipt, _ owner: Int64?, in tx: inout Transaction) throws -> [SubscriptionPeriod] {
    guard !plans.isEmpty, let owner else { return [] }
    return try tx.rows(SubscriptionSQL.onReceipt(account, owner, receipt.id)).map(SubscriptionSQL.period)
  }

  /// What promotions for the member's tier take off, where a plan gives that tier.
  func saving(_ priced: Priced, _ book: RuleBook, on sale: Sale) -> TierSaving? {
    guard !plans.isEmpty, let tier = priced.member?.tier, plans.gives(tier) else { return nil }
    let amount = priced.calculation.promotions.reduce(Money.zero) { sum, applied in
      book.promotions[applied.index].condition.asks(forTier: tier) ? sum + applied.money : sum
    }
    guard amount > .zero else { return nil }
    return TierSaving(tier: tier, month: points.zone.civil(at: sale.moment).day.monthNumber, at: sale.moment, amount: amount)
  }

  func keeping(_ saving: TierSaving?, of receipt: Receipt) -> [SQL] {
    saving.map { [SubscriptionSQL.save($0, receipt.owner, receipt.id, account, programme)] } ?? []
  }

  /// What of that is gone with goods that come back.
  func loseSaving(_ refund: Refund, of receipt: Receipt, _ book: RuleBook?, in tx: inout Transaction) throws {
    guard !plans.isEmpty, receipt.hasMember, let book, let given = refund.given, let tier = try receipt.readFacts().member?.tier,
      plans.gives(tier)
    else { return }
    let lost = book.promotions.reduce(Money.zero) { sum, promotion in
      promotion.condition.asks(forTier: tier) ? sum + given[Giver(promotion)].money : sum
    }
    if lost != .zero { try tx.enqueue(SubscriptionSQL.lessSaved(account, receipt.owner, receipt.id, by: lost)) }
  }
}

extension Condition {
  /// True where the tier is among those that it asks for, not among those that it leaves out.
  func asks(forTier tier: TierID) -> Bool {
    if case .tiers(let ids) = self { return ids.contains(tier) }
    if case .all(let conditions) = self { return conditions.contains { $0.asks(forTier: tier) } }
    if case .any(let conditions) = self { return conditions.contains { $0.asks(forTier: tier) } }
    return false
  }
}
