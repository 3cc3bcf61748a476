import Access
import Kernel
import Storage

/// Every statement about how members came into segments and left them.
enum SegmentMoveSQL {
  static let inserted = ["owner_id", "id", "account_id", "segment_id", "is_in", "at"]

  static func values(
    _ member: MemberID, _ id: EventID, _ account: AccountID, _ segment: SegmentID, _ isIn: Bool, _ at: Instant
  ) -> [Value] {
    [member.value, id.value, account.value, segment.value, isIn.value, at.value]
  }

  /// Where the member is, as moves without a number, and how they came and went.
  static func story(
    _ account: AccountID, _ member: MemberID, _ guests: [MemberID], _ before: EventID, _ moves: Int, _ present: Int
  ) -> SQL {
    """
    select h.id, h.is_in, h.at, g.id, g.code, g.name_ru, g.name_en, g.kind from (
      select * from (
        select cast(0 as bigint) as id, cast(1 as bigint) as is_in, since as at, segment_id from segment_member
        where owner_id = \(member) and account_id = \(account) order by since desc, segment_id limit \(present)) here
      union all
      select * from (
        select id, is_in, at, segment_id from segment_move
        where owner_id in (\(list: padded([member] + guests))) and account_id = \(account) and id < \(before)
        order by id desc limit \(moves)) been
    ) h join segment g on g.id = h.segment_id and g.account_id = \(account)
    """
  }

  static func drop(_ account: AccountID, _ member: MemberID) -> SQL {
    SQL("delete from segment_move where owner_id = $1 and account_id = $2", member, account)
  }

  // Unscoped: what is old goes whoever's it was.
  static func forget(before moment: Instant, _ limit: Int) -> SQL {
    """
    delete from segment_move where (owner_id, id) in
      (select owner_id, id from segment_move where at < \(moment) order by at limit \(limit))
    """
  }
}
