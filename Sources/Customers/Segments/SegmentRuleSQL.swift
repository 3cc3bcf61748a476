import Access
import Kernel
import Storage

/// Every statement about conditions of segments.
enum SegmentRuleSQL {
  static func byID(_ account: AccountID, _ segment: SegmentID) -> SQL {
    SQL("select condition from segment_rule where segment_id = $1 and account_id = $2", segment, account)
  }

  static func save(_ segment: SegmentID, _ account: AccountID, _ programme: ProgrammeID, _ condition: String, _ now: Instant) -> SQL
  {
    SQL(
      """
      insert into segment_rule (segment_id, account_id, programme_id, condition, changed_at, counted_at, members)
      values ($1, $2, $3, $4, $5, null, null)
      on conflict (segment_id) do update set condition = excluded.condition, programme_id = excluded.programme_id,
        changed_at = excluded.changed_at, counted_at = null, members = null
      """, segment, account, programme, condition, now)
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select s.id, s.code, s.name_ru, s.name_en, s.kind, r.condition, r.changed_at, r.counted_at, r.members
    from segment_rule r join segment s on s.id = r.segment_id
    where r.account_id = \(account) and r.programme_id = \(programme) and s.archived_at is null order by s.code
    """
  }

  private static let summary = """
    s.id, s.code, s.name_ru, s.name_en, s.kind, s.archived_at, r.condition, r.programme_id, r.changed_at, r.counted_at, r.members
    """

  static func shelf(_ account: AccountID, _ archived: Bool, _ before: SegmentID?, _ limit: Int) -> SQL {
    let which = archived ? "s.archived_at is not null" : "s.archived_at is null"
    return """
      select \(raw: summary) from segment s left join segment_rule r on r.segment_id = s.id
      where s.account_id = \(account) and \(raw: which) and s.id < \(before ?? SegmentID(.max)) order by s.id desc limit \(limit)
      """
  }

  static func one(_ account: AccountID, _ segment: SegmentID) -> SQL {
    """
    select \(raw: summary) from segment s left join segment_rule r on r.segment_id = s.id
    where s.id = \(segment) and s.account_id = \(account)
    """
  }

  static func stale(_ segment: SegmentID, _ account: AccountID) -> SQL {
    SQL("update segment_rule set counted_at = null, members = null where segment_id = $1 and account_id = $2", segment, account)
  }

  static func counted(_ segment: SegmentID, _ account: AccountID, _ members: Int, _ now: Instant, _ changedAt: Instant) -> SQL {
    """
    update segment_rule set counted_at = \(now), members = \(members)
    where segment_id = \(segment) and account_id = \(account) and changed_at = \(changedAt)
    """
  }
}
