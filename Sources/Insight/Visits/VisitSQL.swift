import Access
import Kernel
import Loyalty
import Storage

/// Every statement about sessions, whence they came, and whose visitors are.
enum VisitSQL {
  /// Waits for the batch before. Answers with a moment later than every one before it.
  static func enter(_ account: AccountID, _ programme: ProgrammeID, _ now: Instant) -> SQL {
    SQL(
      """
      insert into visit_gate (programme_id, account_id, taken_at) values ($1, $2, $3)
      on conflict (programme_id) do update
      set taken_at = case when excluded.taken_at > visit_gate.taken_at then excluded.taken_at else visit_gate.taken_at + 1 end
      where visit_gate.account_id = excluded.account_id returning taken_at
      """, programme, account, now)
  }

  static func takenAt(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL("select taken_at from visit_gate where programme_id = $1 and account_id = $2", programme, account)
  }

  // MARK: sources

  static func sources(_ account: AccountID, _ programme: ProgrammeID, _ marks: [String]) -> SQL {
    """
    select id, mark from traffic_source
    where programme_id = \(programme) and account_id = \(account) and mark in (\(list: padded(marks)))
    """
  }

  static func countSources(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL("select count(*) from traffic_source where programme_id = $1 and account_id = $2", programme, account)
  }

  static func insert(_ id: TrafficSourceID, _ account: AccountID, _ programme: ProgrammeID, _ source: TrafficSource) -> SQL {
    SQL(
      """
      insert into traffic_source (id, account_id, programme_id, mark, source, medium, campaign, content, term, referrer)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      """, id, account, programme, source.mark, source.source, source.medium, source.campaign, source.content, source.term,
      source.referrer)
  }

  static func everySource(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select id, source, medium, campaign, content, term, referrer from traffic_source
    where programme_id = \(programme) and account_id = \(account) limit \(Limits.trafficSources + 2)
    """
  }

  static func source(_ row: Row) -> (TrafficSourceID, TrafficSource) {
    var source = TrafficSource()
    (source.source, source.medium, source.campaign) = (row.text(1), row.text(2), row.text(3))
    (source.content, source.term, source.referrer) = (row.text(4), row.text(5), row.text(6))
    return (row.id(0), source)
  }

  // MARK: sessions

  static let columns = [
    "id", "account_id", "programme_id", "visitor", "session", "owner_id", "named_id", "started_at", "ended_at", "day", "source_id",
    "source_at", "events", "product_views", "carts", "orders",
  ]
  private static let selected = columns.joined(separator: ", ")

  /// Sessions of these visitors that events between these moments can belong to.
  static func near(
    _ account: AccountID, _ programme: ProgrammeID, _ visitors: [String], _ first: Instant, _ last: Instant
  ) -> SQL {
    """
    select \(raw: selected) from visit
    where programme_id = \(programme) and account_id = \(account) and visitor in (\(list: padded(visitors)))
      and ended_at >= \(first) and started_at <= \(last)
    """
  }

  /// Sessions of these visitors that the site itself named.
  static func named(
    _ account: AccountID, _ programme: ProgrammeID, _ visitors: [String], _ sessions: [String], since: Instant
  ) -> SQL {
    """
    select \(raw: selected) from visit
    where programme_id = \(programme) and account_id = \(account) and visitor in (\(list: padded(visitors)))
      and ended_at >= \(since) and session in (\(list: padded(sessions)))
    """
  }

  static func visit(_ row: Row) -> Visit {
    var visit = Visit(
      id: row.id(0), visitor: row.text(3), session: row.text(4), startedAt: row.instant(7), endedAt: row.instant(8),
      owner: row.idOrNil(5), named: row.idOrNil(6), source: row.id(10), sourceAt: row.instantOrNil(11))
    (visit.events, visit.productViews, visit.carts, visit.orders) = (row.int(12), row.int(13), row.int(14), row.int(15))
    return visit
  }

  static func values(_ visit: Visit, _ account: AccountID, _ programme: ProgrammeID, _ day: CivilDay) -> [Value] {
    [
      visit.id.value, account.value, programme.value, visit.visitor.value, visit.session.value, visit.owner.value,
      visit.named.value, visit.startedAt.value, visit.endedAt.value, day.value, visit.source.value, visit.sourceAt.value,
      visit.events.value, visit.productViews.value, visit.carts.value, visit.orders.value,
    ]
  }

  static func drop(_ account: AccountID, _ visitor: String, _ id: VisitID) -> SQL {
    SQL("delete from visit where visitor = $1 and id = $2 and account_id = $3", visitor, id, account)
  }

  // MARK: visitors

  static func visitors(_ account: AccountID, _ programme: ProgrammeID, _ visitors: [String]) -> SQL {
    """
    select visitor, owner_id, named_id, named_at from visitor
    where programme_id = \(programme) and account_id = \(account) and visitor in (\(list: padded(visitors)))
    """
  }

  static func link(
    _ account: AccountID, _ programme: ProgrammeID, _ visitor: String, _ owner: MemberID, _ named: MemberID, _ at: Instant
  ) -> SQL {
    SQL(
      """
      insert into visitor (visitor, programme_id, account_id, owner_id, named_id, named_at) values ($1, $2, $3, $4, $5, $6)
      on conflict (programme_id, visitor) do update
      set owner_id = excluded.owner_id, named_id = excluded.named_id, named_at = excluded.named_at
      where visitor.account_id = excluded.account_id
      """, visitor, programme, account, owner, named, at)
  }

  /// The sessions without a member that a sign-in counts for one.
  static func claimVisits(
    _ account: AccountID, _ programme: ProgrammeID, _ visitor: String, _ owner: MemberID, _ named: MemberID, since: Instant
  ) -> SQL {
    SQL(
      """
      update visit set owner_id = $4, named_id = $5
      where programme_id = $1 and account_id = $2 and visitor = $3 and ended_at >= $6 and owner_id is null returning day
      """, programme, account, visitor, owner, named, since)
  }

  static func touch(_ account: AccountID, _ programme: ProgrammeID, _ owner: MemberID, _ at: Instant) -> SQL {
    SQL(
      """
      insert into visit_touch (owner_id, programme_id, account_id, touched_at) values ($1, $2, $3, $4)
      on conflict (owner_id) do update set touched_at = excluded.touched_at where visit_touch.account_id = excluded.account_id
      """, owner, programme, account, at)
  }

  static func touched(
    _ account: AccountID, _ programme: ProgrammeID, since: Instant, after: MemberID, _ limit: Int
  ) -> SQL {
    """
    select owner_id from visit_touch
    where programme_id = \(programme) and account_id = \(account) and touched_at > \(since) and owner_id > \(after)
    order by owner_id limit \(limit)
    """
  }

  static func countTouched(_ account: AccountID, _ programme: ProgrammeID, since: Instant, _ limit: Int) -> SQL {
    """
    select count(*) from (select owner_id from visit_touch
      where programme_id = \(programme) and account_id = \(account) and touched_at > \(since) limit \(limit)) chunk
    """
  }
}
