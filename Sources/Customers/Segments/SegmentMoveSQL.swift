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

  /// Who was in a segment ($1) of an account ($2) at a moment ($3): who is in it and did not move since, and whose first move since was out
  /// of it.
  private static func past(_ more: String = "", _ less: String = "") -> String {
    """
    select * from (
      select h.owner_id, cast(null as bigint) as left_at from segment_member h
      where h.segment_id = $1 and h.account_id = $2 and h.since < $3\(more) and not exists (
        select 1 from segment_move v where v.owner_id = h.owner_id and v.segment_id = $1 and v.account_id = $2 and v.at >= $3)\(less)) here
    union all
    select * from (
      select h.owner_id, h.at as left_at from segment_move h
      where h.segment_id = $1 and h.account_id = $2 and h.at >= $3 and h.is_in = 0\(more) and not exists (
        select 1 from segment_move v where v.owner_id = h.owner_id and v.segment_id = $1 and v.account_id = $2 and v.at >= $3
          and (v.at < h.at or v.at = h.at and v.id < h.id))\(less)) gone
    """
  }

  static func past(_ segment: SegmentID, _ account: AccountID, _ moment: Instant, _ after: MemberID?, _ limit: Int) -> SQL {
    let page = past(" and h.owner_id > $4", " order by h.owner_id limit $5")
    return SQL(
      prepared: "select owner_id, left_at from (\(page)) been order by owner_id limit $5",
      [segment.value, account.value, moment.value, (after ?? MemberID(0)).value, limit.value])
  }

  static func past(_ segment: SegmentID, _ account: AccountID, _ moment: Instant, among members: [MemberID]) -> SQL {
    let some = padded(members)
    let places = some.indices.map { "$\($0 + 4)" }.joined(separator: ", ")
    return SQL(
      prepared: "select owner_id, left_at from (\(past(" and h.owner_id in (\(places))"))) been",
      [segment.value, account.value, moment.value] + some.map(\.value))
  }

  static func pastSize(_ segment: SegmentID, _ account: AccountID, _ moment: Instant) -> SQL {
    SQL(prepared: "select count(*), count(left_at) from (\(past())) been", [segment.value, account.value, moment.value])
  }

  // Unscoped: since when moves are kept is the same for every account.
  static let first = SQL("select min(at) from segment_move")

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
