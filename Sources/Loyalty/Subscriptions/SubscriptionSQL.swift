import Access
import Kernel
import Storage

/// Every statement about subscriptions.
enum SubscriptionSQL {
  // Periods.

  private static let periodColumns =
    """
    id, owner_id, holder_id, plan, kind, receipt_id, at, units, units_left, months, days, grace_days, tier_id, amount, lines, counts,
    actor, reason
    """

  static func insert(_ period: SubscriptionPeriod, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    let (months, days) = parts(period.length)
    let lines = period.lines.map(String.init).joined(separator: ",")
    return """
      insert into subscription_period (owner_id, id, account_id, programme_id, holder_id, plan, kind, receipt_id, at, units, units_left,
        months, days, grace_days, tier_id, amount, lines, counts, actor, reason)
      values (\(period.owner), \(period.id), \(account), \(programme), \(period.holder), \(period.plan), \(period.kind.rawValue),
        cast(\(period.receipt) as bigint), \(period.at), \(period.units), \(period.left), \(months), \(days),
        \(Int64(period.graceDays)), \(period.tier), \(period.amount), \(lines), \(period.counts ? Int64(1) : 0),
        cast(\(period.actor) as text), cast(\(period.reason) as text))
      """
  }

  private static func parts(_ length: SubscriptionPlan.Length) -> (months: Int64, days: Int64) {
    switch length {
    case .months(let months): (Int64(months), 0)
    case .days(let days): (0, Int64(days))
    }
  }

  static func period(_ row: Row) throws -> SubscriptionPeriod {
    guard let kind = SubscriptionPeriod.Kind(rawValue: row.text(4)) else {
      throw StorageFailure.damaged("subscription_period.kind is \(row.text(4))")
    }
    let (months, days) = (Int(row.int(9)), Int(row.int(10)))
    return SubscriptionPeriod(
      id: row.id(0), owner: row.int(1), holder: row.id(2), plan: row.text(3), kind: kind, receipt: row.idOrNil(5),
      at: row.instant(6),
      units: row.int(7), left: row.int(8), length: months > 0 ? .months(months) : .days(days), graceDays: Int(row.int(11)),
      tier: row.id(12), amount: row.money(13), lines: row.text(14).split(separator: ",").compactMap { Int($0) },
      counts: row.int(15) != 0, actor: row.textOrNil(16), reason: row.textOrNil(17))
  }

  /// The latest of one holder, newest first.
  static func periods(
    _ account: AccountID, _ programme: ProgrammeID, heldBy holder: MemberID, _ plan: String, _ limit: Int
  ) -> SQL {
    """
    select \(raw: periodColumns) from subscription_period
    where holder_id = \(holder) and plan = \(plan) and account_id = \(account) and programme_id = \(programme)
    order by id desc limit \(limit)
    """
  }

  static func onReceipt(_ account: AccountID, _ owner: Int64, _ receipt: ReceiptID) -> SQL {
    """
    select \(raw: periodColumns) from subscription_period
    where owner_id = \(owner) and receipt_id = \(receipt) and account_id = \(account) order by id
    """
  }

  static func setLeft(_ period: SubscriptionPeriod, _ left: Int64, _ account: AccountID) -> SQL {
    """
    update subscription_period set units_left = \(left)
    where owner_id = \(period.owner) and id = \(period.id) and account_id = \(account)
    """
  }

  static func plans(_ account: AccountID, _ programme: ProgrammeID, heldBy holder: MemberID) -> SQL {
    """
    select distinct plan from subscription_period
    where holder_id = \(holder) and account_id = \(account) and programme_id = \(programme) order by plan
    """
  }

  static func move(
    _ account: AccountID, _ programme: ProgrammeID, from holder: MemberID, to other: MemberID, owners: [Int64]
  ) -> SQL {
    """
    update subscription_period set holder_id = \(other)
    where holder_id = \(holder) and account_id = \(account) and programme_id = \(programme) and owner_id in (\(list: padded(owners)))
    """
  }

  static func owners(_ account: AccountID, _ programme: ProgrammeID, heldBy holder: MemberID) -> SQL {
    """
    select distinct owner_id from subscription_period
    where holder_id = \(holder) and account_id = \(account) and programme_id = \(programme) order by owner_id
    """
  }

  static func forgetReasons(_ account: AccountID, _ programme: ProgrammeID, of member: MemberID) -> SQL {
    """
    update subscription_period set reason = 'erased'
    where owner_id = \(member) and account_id = \(account) and programme_id = \(programme) and reason is not null
    """
  }

  // How subscriptions stand.

  private static let columns =
    "owner_id, plan, id, state, tier_id, since, ends_at, until, renewals, grant_id, noticed, due_at, changed_at"

  static func subscription(_ row: Row) throws -> Subscription {
    guard let state = Subscription.State(rawValue: row.text(3)) else {
      throw StorageFailure.damaged("subscription.state is \(row.text(3))")
    }
    return Subscription(
      id: row.id(2), member: row.id(0), plan: row.text(1), state: state, tier: row.id(4), since: row.instant(5),
      ends: row.instant(6),
      until: row.instant(7), renewals: Int(row.int(8)), grant: row.idOrNil(9), noticed: row.instantOrNil(10),
      due: row.instantOrNil(11), changedAt: row.instant(12))
  }

  static func one(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ plan: String, _ lock: String) -> SQL {
    """
    select \(raw: columns) from subscription
    where owner_id = \(member) and programme_id = \(programme) and plan = \(plan) and account_id = \(account)\(raw: lock)
    """
  }

  static func ofMember(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID) -> SQL {
    """
    select \(raw: columns) from subscription
    where owner_id = \(member) and programme_id = \(programme) and account_id = \(account) order by plan
    """
  }

  /// How they stand, and in the same columns what happened to them, with a word at the end.
  static func story(
    _ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ guests: [MemberID], _ before: EventID, _ limit: Int
  ) -> SQL {
    """
    select * from (
      select owner_id, plan, id, state, tier_id, since, ends_at, until, renewals, grant_id, noticed, due_at, changed_at,
        cast(null as text) as kind
      from subscription where owner_id = \(member) and programme_id = \(programme) and account_id = \(account)) standing
    union all
    select * from (
      select owner_id, plan, id, '' as state, cast(0 as bigint) as tier_id, at as since, at as ends_at, at as until,
        cast(0 as bigint) as renewals, cast(null as bigint) as grant_id, cast(null as bigint) as noticed,
        cast(null as bigint) as due_at, at as changed_at, kind
      from subscription_change
      where owner_id in (\(list: padded([member] + guests))) and +programme_id = \(programme) and account_id = \(account)
        and id < \(before) and kind in ('started', 'renewed', 'ended', 'cancelled')
      order by id desc limit \(limit)) been
    """
  }

  static func due(_ account: AccountID, _ programme: ProgrammeID, _ now: Instant, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from subscription
    where programme_id = \(programme) and account_id = \(account) and due_at is not null and due_at <= \(now) order by due_at limit \(limit)
    """
  }

  /// Latest first.
  static func page(_ account: AccountID, _ programme: ProgrammeID, before: SubscriptionID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from subscription
    where programme_id = \(programme) and account_id = \(account) and id < \(before) order by id desc limit \(limit)
    """
  }

  static func save(_ one: Subscription, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    insert into subscription (owner_id, programme_id, plan, id, account_id, state, tier_id, since, ends_at, until, renewals, grant_id,
      noticed, due_at, changed_at)
    values (\(one.member), \(programme), \(one.plan), \(one.id), \(account), \(one.state.rawValue), \(one.tier), \(one.since), \(one.ends),
      \(one.until), \(Int64(one.renewals)), cast(\(one.grant) as bigint), cast(\(one.noticed) as bigint), cast(\(one.due) as bigint),
      \(one.changedAt))
    on conflict (owner_id, programme_id, plan) do update set state = excluded.state, tier_id = excluded.tier_id, since = excluded.since,
      ends_at = excluded.ends_at, until = excluded.until, renewals = excluded.renewals, grant_id = excluded.grant_id,
      noticed = excluded.noticed, due_at = excluded.due_at, changed_at = excluded.changed_at
    where subscription.account_id = excluded.account_id
    """
  }

  // What happened.

  static func note(
    _ id: EventID, _ kind: SubscriptionMonth.Kind, _ plan: String, _ owner: Int64, _ month: Int64, _ at: Instant, _ amount: Money,
    _ account: AccountID, _ programme: ProgrammeID
  ) -> SQL {
    """
    insert into subscription_change (owner_id, id, account_id, programme_id, plan, kind, month, at, amount)
    values (\(owner), \(id), \(account), \(programme), \(plan), \(kind.rawValue), \(month), \(at), \(amount))
    """
  }

  static func months(_ account: AccountID, _ programme: ProgrammeID, _ from: Int64, _ to: Int64) -> SQL {
    """
    select plan, month, kind, count(*), cast(coalesce(sum(amount), 0) as bigint) from subscription_change
    where programme_id = \(programme) and account_id = \(account) and month between \(from) and \(to)
    group by plan, month, kind order by plan, month, kind
    """
  }

  static func before(_ account: AccountID, _ programme: ProgrammeID, _ month: Int64) -> SQL {
    """
    select plan, kind, count(*) from subscription_change
    where programme_id = \(programme) and account_id = \(account) and month < \(month)
    group by plan, kind order by plan, kind
    """
  }

  // What subscribers saved.

  static func save(
    _ saved: TierSaving, _ owner: Int64, _ receipt: ReceiptID, _ account: AccountID, _ programme: ProgrammeID
  ) -> SQL {
    """
    insert into subscription_saving (owner_id, receipt_id, account_id, programme_id, tier_id, month, at, amount)
    values (\(owner), \(receipt), \(account), \(programme), \(saved.tier), \(saved.month), \(saved.at), \(saved.amount))
    """
  }

  static func lessSaved(_ account: AccountID, _ owner: Int64, _ receipt: ReceiptID, by amount: Money) -> SQL {
    """
    update subscription_saving set amount = amount - \(amount)
    where owner_id = \(owner) and receipt_id = \(receipt) and account_id = \(account)
    """
  }

  static func unknownSavings(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select owner_id, receipt_id, tier_id, at from subscription_saving
    where programme_id = \(programme) and account_id = \(account) and plan is null order by receipt_id limit \(limit)
    """
  }

  static func setPlan(_ account: AccountID, _ owner: Int64, _ receipt: ReceiptID, _ plan: String) -> SQL {
    "update subscription_saving set plan = \(plan) where owner_id = \(owner) and receipt_id = \(receipt) and account_id = \(account)"
  }

  static func removeSaving(_ account: AccountID, _ owner: Int64, _ receipt: ReceiptID) -> SQL {
    "delete from subscription_saving where owner_id = \(owner) and receipt_id = \(receipt) and account_id = \(account)"
  }

  static func saved(_ account: AccountID, _ programme: ProgrammeID, _ from: Int64, _ to: Int64) -> SQL {
    """
    select plan, month, cast(coalesce(sum(amount), 0) as bigint) from subscription_saving
    where programme_id = \(programme) and account_id = \(account) and month between \(from) and \(to) and plan is not null
    group by plan, month order by plan, month
    """
  }
}
