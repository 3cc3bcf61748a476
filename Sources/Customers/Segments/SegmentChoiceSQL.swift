import Access
import Kernel
import Storage

/// Every statement about who is in a computed segment, or out of it, by choice, and about how segments grew.
enum SegmentChoiceSQL {
  /// Answers with those of whom something else was said, or nothing.
  static func put(_ segment: SegmentID, _ account: AccountID, _ members: [MemberID], _ isIn: Bool, _ now: Instant) -> SQL {
    let flag = isIn ? 1 : 0
    return """
      insert into segment_choice (owner_id, segment_id, account_id, is_in, since)
      select m.owner_id, cast(\(segment) as bigint), m.account_id, \(raw: "\(flag)"), cast(\(now) as bigint) from member m
      where m.account_id = \(account) and m.status <> 'erased' and m.owner_id in (\(list: padded(members)))
      on conflict (owner_id, segment_id) do update set is_in = excluded.is_in, since = excluded.since
      where segment_choice.is_in <> excluded.is_in returning owner_id
      """
  }

  static func drop(_ segment: SegmentID, _ account: AccountID, _ members: [MemberID]) -> SQL {
    """
    delete from segment_choice
    where account_id = \(account) and segment_id = \(segment) and owner_id in (\(list: padded(members))) returning owner_id
    """
  }

  static func dropAll(_ account: AccountID, _ member: MemberID) -> SQL {
    SQL("delete from segment_choice where owner_id = $1 and account_id = $2", member, account)
  }

  static func all(_ segment: SegmentID, _ account: AccountID, _ after: MemberID?, _ limit: Int) -> SQL {
    """
    select owner_id, is_in from segment_choice
    where account_id = \(account) and segment_id = \(segment) and owner_id > \(after ?? MemberID(0)) order by owner_id limit \(limit)
    """
  }

  static func some(_ segment: SegmentID, _ account: AccountID, _ members: [MemberID]) -> SQL {
    """
    select owner_id, is_in from segment_choice
    where account_id = \(account) and segment_id = \(segment) and owner_id in (\(list: padded(members)))
    """
  }

  static func count(_ segment: SegmentID, _ account: AccountID) -> SQL {
    SQL("select count(*) from segment_choice where account_id = $1 and segment_id = $2", account, segment)
  }

  static func counts(_ segment: SegmentID, _ account: AccountID) -> SQL {
    SQL(
      """
      select count(*), cast(coalesce(sum(is_in), 0) as bigint) from segment_choice where account_id = $1 and segment_id = $2
      """, account, segment)
  }

  // Sizes.

  static func keepSize(_ segment: SegmentID, _ account: AccountID, _ day: CivilDay, _ members: Int, _ now: Instant) -> SQL {
    SQL(
      """
      insert into segment_size (segment_id, day, account_id, members, counted_at) values ($1, $2, $3, $4, $5)
      on conflict (segment_id, day) do update set members = excluded.members, counted_at = excluded.counted_at
      """, segment, day, account, members, now)
  }

  static func dropSizes(_ segment: SegmentID, _ account: AccountID, before day: CivilDay) -> SQL {
    SQL("delete from segment_size where segment_id = $1 and account_id = $2 and day < $3", segment, account, day)
  }

  static func sizes(_ segments: [SegmentID], _ account: AccountID, since day: CivilDay) -> SQL {
    """
    select segment_id, day, members from segment_size
    where account_id = \(account) and segment_id in (\(list: padded(segments))) and day >= \(day) order by segment_id, day
    """
  }
}
