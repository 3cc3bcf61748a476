import Access
import Kernel
import Storage

/// Every statement about segments and who is in them.
enum SegmentSQL {
  static func upsert(_ account: AccountID, _ change: Change) -> Upsert<SegmentDetails> {
    Upsert(
      into: CustomersSchema.segment, ["id", "account_id", "code", "name_ru", "name_en", "kind", "made_at"],
      values: { id, segment in
        [
          id.value, account.value, segment.code.value, segment.name.ru.value, segment.name.en.value, segment.kind.rawValue.value,
          change.at.value,
        ]
      },
      update: { id, segment in
        SQL(
          "update segment set name_ru = $3, name_en = $4 where id = $1 and account_id = $2", id, account, segment.name.ru,
          segment.name.en)
      })
  }

  private static let columns = "id, code, name_ru, name_en, kind"

  static func byCodes(_ account: AccountID, _ codes: [String]) -> SQL {
    "select \(raw: columns) from segment where account_id = \(account) and code in (\(list: padded(codes)))"
  }

  static func all(_ account: AccountID, _ after: SegmentID?, _ limit: Int, archivedToo: Bool) -> SQL {
    let living = archivedToo ? "" : " and archived_at is null"
    return """
      select \(raw: columns) from segment where account_id = \(account) and id > \(after ?? SegmentID(0))\(raw: living)
      order by id limit \(limit)
      """
  }

  static func archived(_ account: AccountID, _ segment: SegmentID) -> SQL {
    SQL("select archived_at from segment where id = $1 and account_id = $2", segment, account)
  }

  static func archive(_ account: AccountID, _ segment: SegmentID, _ at: Instant?) -> SQL {
    SQL("update segment set archived_at = cast($3 as bigint) where id = $1 and account_id = $2", segment, account, at)
  }

  static func count(_ account: AccountID) -> SQL { SQL("select count(*) from segment where account_id = $1", account) }

  /// - Parameter first: the column from which on the segment stands in the row.
  static func known(_ row: Row, from first: Int = 0) throws -> Known<SegmentDetails> {
    guard let kind = SegmentDetails.Kind(rawValue: row.text(first + 4)) else {
      throw StorageFailure.damaged("segment.kind holds \(row.text(first + 4))")
    }
    let name = LocalText(ru: row.text(first + 2), en: row.text(first + 3))
    return Known(id: row.id(first), details: SegmentDetails(code: row.text(first + 1), name: name, kind: kind))
  }

  /// Those of the members that the account has and that are not erased.
  static func living(_ account: AccountID, _ members: [MemberID]) -> SQL {
    """
    select owner_id from member
    where account_id = \(account) and status <> 'erased' and owner_id in (\(list: padded(members)))
    """
  }

  /// Answers with those who were not in it.
  static func enter(_ segment: SegmentID, _ account: AccountID, _ members: [MemberID], _ now: Instant) -> SQL {
    """
    insert into segment_member (owner_id, segment_id, account_id, since)
    select m.owner_id, cast(\(segment) as bigint), m.account_id, cast(\(now) as bigint) from member m
    where m.account_id = \(account) and m.status <> 'erased' and m.owner_id in (\(list: padded(members)))
    on conflict do nothing returning owner_id
    """
  }

  /// Answers with those who were in it.
  static func leave(_ segment: SegmentID, _ account: AccountID, _ members: [MemberID]) -> SQL {
    """
    delete from segment_member
    where account_id = \(account) and segment_id = \(segment) and owner_id in (\(list: padded(members))) returning owner_id
    """
  }

  static func leaveAll(_ account: AccountID, _ member: MemberID) -> SQL {
    SQL("delete from segment_member where owner_id = $1 and account_id = $2", member, account)
  }

  static func members(_ segment: SegmentID, _ account: AccountID, _ after: MemberID?, _ limit: Int) -> SQL {
    """
    select owner_id from segment_member
    where account_id = \(account) and segment_id = \(segment) and owner_id > \(after ?? MemberID(0)) order by owner_id limit \(limit)
    """
  }

  static func among(_ segment: SegmentID, _ account: AccountID, _ members: [MemberID]) -> SQL {
    """
    select owner_id from segment_member
    where segment_id = \(segment) and owner_id in (\(list: padded(members))) and account_id = \(account)
    """
  }

  static func size(_ segment: SegmentID, _ account: AccountID) -> SQL {
    SQL("select count(*) from segment_member where account_id = $1 and segment_id = $2", account, segment)
  }

  /// The segments of the member `m`, for the select list of another statement.
  static func ofMember(_ dialect: Dialect) -> String {
    "(select \(dialect.joined("s.segment_id")) from segment_member s where s.owner_id = m.owner_id)"
  }

  static func ofMember(_ account: AccountID, _ member: MemberID, _ limit: Int) -> SQL {
    """
    select g.id, g.code, g.name_ru, g.name_en, g.kind, s.since from segment_member s join segment g on g.id = s.segment_id
    where s.owner_id = \(member) and s.account_id = \(account) order by s.since desc, g.id limit \(limit)
    """
  }

  static func ids(_ joined: String?) throws -> [SegmentID] {
    try (joined ?? "").split(separator: " ").map { text in
      guard let raw = Int64(text) else { throw StorageFailure.damaged("segment_member.segment_id holds \(text)") }
      return SegmentID(raw)
    }.sorted()
  }
}
