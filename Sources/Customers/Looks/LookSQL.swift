import Kernel
import Storage

/// Every statement about who looked at whom.
enum LookSQL {
  /// The slot keeps two who come at the same moment from being written both; what stands before it covers the seam between two slots.
  static func insert(_ look: MemberLook, _ account: AccountID, _ programme: ProgrammeID, together span: Span) -> SQL {
    let since = MemberLookID(least: look.at - span)
    return SQL(
      """
      insert into member_look (id, owner_id, account_id, programme_id, staff_id, what, is_full, at, slot)
      select cast($1 as bigint), cast($2 as bigint), cast($3 as bigint), cast($4 as bigint), cast($5 as bigint), cast($6 as text),
        cast($7 as bigint), cast($8 as bigint), cast($9 as bigint)
      where not exists (
        select 1 from member_look where owner_id = $2 and account_id = $3 and id > $10 and at > $11 and staff_id = $5 and what = cast($6 as text)
          and is_full = $7)
      on conflict do nothing
      """, look.id, look.member, account, programme, look.staff, look.what.rawValue, look.isFull, look.at,
      look.at.micros / span.micros, since, look.at - span)
  }

  static func latest(
    _ account: AccountID, _ programme: ProgrammeID, _ staff: StaffID?, _ member: MemberID?, before: MemberLookID, _ limit: Int
  ) -> SQL {
    var sql = SQL.StringInterpolation(literalCapacity: 240, interpolationCount: 6)
    sql.appendLiteral("select id, owner_id, staff_id, what, is_full, at from member_look where account_id = ")
    sql.appendInterpolation(account)
    sql.appendLiteral(" and programme_id = ")
    sql.appendInterpolation(programme)
    if let staff {
      sql.appendLiteral(" and staff_id = ")
      sql.appendInterpolation(staff)
    }
    if let member {
      sql.appendLiteral(" and owner_id = ")
      sql.appendInterpolation(member)
    }
    sql.appendLiteral(" and id < ")
    sql.appendInterpolation(before)
    sql.appendLiteral(" order by id desc limit ")
    sql.appendInterpolation(limit)
    return SQL(stringInterpolation: sql)
  }

  /// On SQLite the id alone is the key, and its planner (3.40) finds nothing where a pair that ends with it is sought in a list.
  static func forget(before moment: Instant, _ limit: Int, _ dialect: Dialect) -> SQL {
    switch dialect {
    case .sqlite:
      // Unscoped: what is old goes whoever's it was.
      "delete from member_look where id in (select id from member_look where at < \(moment) order by at limit \(limit))"
    case .postgres:
      // Unscoped: the same.
      """
      delete from member_look where (owner_id, id) in
        (select owner_id, id from member_look where at < \(moment) order by at limit \(limit))
      """
    }
  }

  static func look(_ row: Row) throws -> MemberLook {
    guard let what = MemberLook.What(rawValue: row.text(3)) else {
      throw StorageFailure.damaged("member_look.what holds \(row.text(3))")
    }
    return MemberLook(id: row.id(0), member: row.id(1), staff: row.id(2), what: what, isFull: row.bool(4), at: row.instant(5))
  }
}
