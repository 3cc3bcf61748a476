import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Storage

/// Members' subscriptions to the plans of one programme.
///
/// What was sold, given and cancelled are rows that only a return takes from; how a subscription stands is worked out from them each time, so
/// that whatever comes back leaves exactly what would have been without it. Whoever writes has the member's wallet first: of many tills one
/// comes after the other.
public struct Subscriptions: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  let zone: Zone
  let plans: [SubscriptionPlan]
  let tiers: Tiers
  let ids: IDSource

  public init(of programme: Programme, ids: IDSource) {
    self.init(
      of: programme.account, programme: programme.id, zone: programme.settings.points.zone, plans: programme.settings.subscriptions,
      ids: ids)
  }

  init(of account: AccountID, programme: ProgrammeID, zone: Zone, plans: [SubscriptionPlan], ids: IDSource) {
    (self.account, self.programme, self.zone, self.plans, self.ids) = (account, programme, zone, plans, ids)
    tiers = Tiers(of: account, programme: programme)
  }

  /// Of one member, all plans, ended ones too. One statement.
  public func all(of member: MemberID, in tx: inout Transaction) throws -> [Subscription] {
    try tx.rows(SubscriptionSQL.ofMember(account, programme, member)).map(SubscriptionSQL.subscription)
  }

  /// Latest first.
  public func page(before: SubscriptionID? = nil, limit: Int, in tx: inout Transaction) throws -> [Subscription] {
    try tx.rows(SubscriptionSQL.page(account, programme, before: before ?? SubscriptionID(.max), min(max(1, limit), Limits.page)))
      .map(SubscriptionSQL.subscription)
  }

  /// What a member's subscription is made of, newest first.
  public func periods(of member: MemberID, _ plan: String, in tx: inout Transaction) throws -> [SubscriptionPeriod] {
    try tx.rows(SubscriptionSQL.periods(account, programme, heldBy: member, plan, Limits.subscriptionPeriods))
      .map(SubscriptionSQL.period)
  }

  func one(_ plan: String, of member: MemberID, _ tx: inout Transaction) throws -> Subscription? {
    try tx.row(SubscriptionSQL.one(account, programme, member, plan, tx.dialect.forUpdate)).map(SubscriptionSQL.subscription)
  }

  /// How it would stand with one more purchase; nothing is written.
  func foretell(_ sale: SubscriptionSale, to member: MemberID, at now: Instant, in tx: inout Transaction) throws -> SubscriptionRun?
  {
    var all = try periods(of: member, sale.plan.code, in: &tx)
    all.append(period(sale, owner: member.raw, on: nil, at: now, posted: now))
    return SubscriptionRun.runs(of: all, in: zone).last
  }

  func period(
    _ sale: SubscriptionSale, owner: Int64, on receipt: ReceiptID?, at moment: Instant, posted now: Instant
  ) -> SubscriptionPeriod {
    SubscriptionPeriod(
      id: ids.next(at: now), owner: owner, holder: MemberID(owner), plan: sale.plan.code, kind: .sale, receipt: receipt, at: moment,
      units: sale.units, left: sale.units, length: sale.plan.length, graceDays: sale.plan.graceDays, tier: sale.tier,
      amount: sale.amount, lines: sale.lines, counts: sale.plan.counts, actor: nil, reason: nil)
  }

  /// Writes what was sold, and how the subscription stands with it. The caller has the member's wallet.
  func sell(
    _ sale: SubscriptionSale, to owner: Int64, on receipt: ReceiptID, at moment: Instant, by change: Change,
    in tx: inout Transaction
  ) throws {
    let period = period(sale, owner: owner, on: receipt, at: moment, posted: change.at)
    try tx.run(SubscriptionSQL.insert(period, account, programme))
    try note(.sold, sale.plan.code, owner, sale.amount, change, &tx)
    try settle(sale.plan.code, of: period.holder, by: change, in: &tx)
  }

  /// Takes back units of a sale that came back with a receipt. The caller has the holder's wallet.
  func takeBack(_ period: SubscriptionPeriod, but left: Int64, by change: Change, in tx: inout Transaction) throws {
    guard left < period.left else { return }
    try tx.run(SubscriptionSQL.setLeft(period, left, account))
    // To the last kopeck of what was paid, in however many steps.
    func paid(_ units: Int64) -> Int64 { scaled(period.amount.minor, by: units, over: max(1, period.units), .halfUp) }
    try note(.returned, period.plan, period.owner, Money(minor: paid(period.left) - paid(left)), change, &tx)
    try settle(period.plan, of: period.holder, isReturn: true, by: change, in: &tx)
  }

  /// Works out anew how a member's subscription stands, gives and ends its tier, and tells of what is different. Harmless when repeated.
  func settle(
    _ plan: String, of member: MemberID, isReturn: Bool = false, telling: Bool = true, by change: Change, in tx: inout Transaction
  ) throws {
    let (now, known) = (change.at, try one(plan, of: member, &tx))
    let runs = SubscriptionRun.runs(of: try periods(of: member, plan, in: &tx), in: zone)
    let run = runs.last { $0.since <= now } ?? runs.first
    guard known != nil || run != nil else { return }
    var next =
      known
      ?? Subscription(
        id: change.id(), member: member, plan: plan, state: .ended, tier: run?.tier ?? TierID(0), since: now, ends: now, until: now,
        renewals: 0, changedAt: now)
    let isActive = run?.isActive(at: now) ?? false
    if let run {
      (next.tier, next.since, next.ends, next.until, next.renewals) = (run.tier, run.since, run.ends, run.until, run.renewals)
    }
    next.state = isActive ? .active : isReturn || run?.cancelledAt != nil ? .cancelled : .ended
    // What came to its end by itself stays so, whatever is sent back later.
    if let known, !isActive, known.state != .active { next.state = known.state }
    next.due = isActive ? due(next, plan, at: now) : nil
    if !isActive { next.grant = try endGrant(of: known, by: change, &tx) } else { try grant(&next, known, by: change, &tx) }
    guard next != known else { return }
    next.changedAt = now
    try tx.run(SubscriptionSQL.save(next, account, programme))
    if telling { try tell(next, known, by: change, &tx) }
  }

  private func due(_ one: Subscription, _ plan: String, at now: Instant) -> Instant {
    let days = plans.first { $0.code == plan }?.noticeDays ?? 0
    let notice = one.ends - .days(Int64(days))
    guard days > 0, one.noticed != one.ends, notice > one.since else { return one.until }
    return notice
  }

  /// The tier for as long as it runs now. Where the end is another the grant is replaced, and nobody is told that a tier went and came.
  private func grant(_ next: inout Subscription, _ known: Subscription?, by change: Change, _ tx: inout Transaction) throws {
    let had = known.flatMap { $0.state == .active && change.at < $0.until ? $0.grant : nil }
    if had != nil, known?.until == next.until, known?.tier == next.tier { return }
    let isQuiet = had != nil && known?.tier == next.tier
    if let had { try tiers.end(had, of: next.member, telling: !isQuiet, by: change, in: &tx) }
    let grant = TierGrant(
      change.id(), of: next.tier, since: had == nil ? next.since : change.at, until: next.until,
      because: TierSource.subscription(next.plan).reason, by: .subscriptions)
    try tiers.give(grant, to: next.member, telling: !isQuiet, by: change, in: &tx)
    next.grant = grant.id
  }

  private func endGrant(of known: Subscription?, by change: Change, _ tx: inout Transaction) throws -> TierGrantID? {
    guard let known, let grant = known.grant else { return nil }
    if change.at < known.until { try tiers.end(grant, of: known.member, by: change, in: &tx) }
    return nil
  }

  private func tell(_ next: Subscription, _ known: Subscription?, by change: Change, _ tx: inout Transaction) throws {
    let was = known.map { $0.state == .active } ?? false
    let kind: Event.Kind
    switch (was, next.state) {
    case (false, .active):
      kind = .subscriptionStarted
      try note(.started, next.plan, next.member.raw, .zero, change, &tx)
    case (true, .active):
      guard next.ends != known?.ends || next.tier != known?.tier else { return }
      let isRenewed = next.ends > known?.ends ?? next.ends
      kind = isRenewed ? .subscriptionRenewed : .subscriptionChanged
      if isRenewed { try note(.renewed, next.plan, next.member.raw, .zero, change, &tx) }
    case (true, .ended):
      kind = .subscriptionEnded
      try note(.ended, next.plan, next.member.raw, .zero, change, &tx)
    case (true, .cancelled):
      kind = .subscriptionCancelled
      try note(.cancelled, next.plan, next.member.raw, .zero, change, &tx)
    case (false, .ended), (false, .cancelled): return
    }
    try put(kind, next, by: change, &tx)
  }

  func put(_ kind: Event.Kind, _ one: Subscription, by change: Change, _ tx: inout Transaction) throws {
    let event = Event(
      kind, id: change.id(), owner: one.member.raw, subject: one.id.raw, at: change.at,
      body: .object(["plan": .string(one.plan), "ends": .string(one.ends.text), "until": .string(one.until.text)]))
    try Outbox(of: account).put(event, in: &tx)
  }

  func note(
    _ kind: SubscriptionMonth.Kind, _ plan: String, _ owner: Int64, _ amount: Money, _ change: Change, _ tx: inout Transaction
  ) throws {
    let month = zone.civil(at: change.at).day.monthNumber
    try tx.enqueue(SubscriptionSQL.note(change.id(), kind, plan, owner, month, change.at, amount, account, programme))
  }
}
