import Access
import Kernel
import Loyalty
import Storage

/// The statement of a member's sessions with what was done in them.
enum VisitStorySQL {
  /// The events are found by their session. The member is asked of them in a way that no index answers: by their owner a database would
  /// read all the member ever did, once for each session.
  static func ofMember(
    _ account: AccountID, _ programme: ProgrammeID, _ owner: MemberID, before: VisitID, _ limit: Int, deeds: Int
  ) -> SQL {
    """
    select v.id, v.started_at, v.ended_at, s.source, s.medium, s.campaign, s.content, s.term, s.referrer, e.kind, e.product, count(*),
      cast(sum(e.amount) as bigint)
    from (select id, started_at, ended_at, source_id from visit
        where owner_id = \(owner) and account_id = \(account) and programme_id = \(programme) and id < \(before)
        order by id desc limit \(limit)) v
      join traffic_source s on s.id = v.source_id
      left join visit_event e on e.visit_id = v.id and e.account_id = \(account) and coalesce(e.owner_id, 0) = \(owner)
    group by v.id, v.started_at, v.ended_at, s.source, s.medium, s.campaign, s.content, s.term, s.referrer, e.kind, e.product
    order by v.id desc, case when e.product is null then 0 else 1 end, min(e.at), e.kind, e.product limit \(deeds)
    """
  }

  static func sessions(
    _ account: AccountID, _ programme: ProgrammeID, _ owner: MemberID, before: (at: Instant, id: VisitID), _ limit: Int
  ) -> SQL {
    """
    select v.id, v.started_at, v.ended_at, s.source, s.medium, s.campaign, s.content, s.term, s.referrer, v.visitor, v.session
    from visit v join traffic_source s on s.id = v.source_id
    where v.owner_id = \(owner) and v.account_id = \(account) and v.programme_id = \(programme)
      and (v.started_at, v.id) < (\(before.at), \(before.id))
    order by v.started_at desc, v.id desc limit \(limit)
    """
  }

  static func session(_ row: Row) -> MemberVisit {
    MemberVisit(
      id: row.id(0), visitor: row.text(9), session: row.text(10), startedAt: row.instant(1), endedAt: row.instant(2),
      source: source(row))
  }

  /// Without the programme: by that a database would go through all its visitors.
  static func devices(_ account: AccountID, _ owner: MemberID, after visitor: String, _ limit: Int) -> SQL {
    """
    select visitor, named_at from visitor
    where owner_id = \(owner) and account_id = \(account) and visitor > \(visitor)
    order by visitor limit \(limit)
    """
  }

  private static func source(_ row: Row) -> TrafficSource {
    var source = TrafficSource()
    (source.source, source.medium, source.campaign) = (row.text(3), row.text(4), row.text(5))
    (source.content, source.term, source.referrer) = (row.text(6), row.text(7), row.text(8))
    return source
  }

  static func story(_ row: Row) -> VisitStory {
    VisitStory(id: row.id(0), startedAt: row.instant(1), endedAt: row.instant(2), source: source(row))
  }

  /// Nil where the session has none.
  static func deed(_ row: Row) throws -> VisitStory.Deed? {
    guard let code = row.textOrNil(9) else { return nil }
    guard let kind = EventKind(code) else { throw StorageFailure.damaged("visit_event.kind holds \(code)") }
    return VisitStory.Deed(kind: kind, product: row.textOrNil(10), count: row.int(11), amount: row.intOrNil(12))
  }
}
