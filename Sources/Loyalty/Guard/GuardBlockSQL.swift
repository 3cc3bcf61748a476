import Access
import Kernel
import Storage

/// Every statement about blocks.
enum GuardBlockSQL {
  private static let columns =
    "id, kind, store_id, subject, reason, limit_code, day, made_at, made_by, ends_at, ended_at, ended_by"

  static func insert(_ block: GuardBlock, _ programme: Programme, isStop: Bool = false) -> SQL {
    SQL(
      prepared: isStop ? stopping : inserting,
      [
        block.id.value, programme.account.value, programme.id.value, block.place.kind.rawValue.value, block.place.store.value,
        block.place.subject.value, block.reason.value, block.limit.value, block.day.value, block.madeAt.value, block.madeBy.value,
        block.endsAt.value, block.day.map { block.place.key(block.limit ?? "", $0) }.value,
      ])
  }

  private static let inserting = """
    insert into guard_block (id, account_id, programme_id, kind, store_id, subject, reason, limit_code, day, made_at, made_by, ends_at,
      told_as)
    values ($1, $2, $3, $4, $5, $6, $7, cast($8 as text), cast($9 as bigint), $10, $11, cast($12 as bigint), cast($13 as text))
    """
  private static let stopping =
    inserting + """
       on conflict (programme_id, told_as) do update
      set ended_at = null, ended_by = null, ends_at = excluded.ends_at
      where guard_block.ended_by = 'lifted'
        or (coalesce(guard_block.ended_by, 'itself') = 'itself' and guard_block.ends_at < excluded.ends_at)
      """

  /// What people wrote when they stopped somebody or looked at an alert about them.
  static func forgetWords(_ programme: Programme, of member: MemberID) -> [SQL] {
    [
      """
      update guard_block set reason = 'erased'
      where programme_id = \(programme.id) and account_id = \(programme.account) and kind = \(GuardSubject.member.rawValue)
        and subject = \("\(member)")
      """,
      """
      update guard_alert set note = 'erased'
      where programme_id = \(programme.id) and account_id = \(programme.account) and kind = \(GuardSubject.member.rawValue)
        and subject = \("\(member)") and note is not null
      """,
    ]
  }

  static func find(_ id: GuardBlockID, _ programme: Programme) -> SQL {
    "select \(raw: columns) from guard_block where id = \(id) and programme_id = \(programme.id) and account_id = \(programme.account)"
  }

  static func end(_ id: GuardBlockID, _ programme: Programme, _ change: Change) -> SQL {
    """
    update guard_block set ended_at = \(change.at), ended_by = \(change.actor.description)
    where id = \(id) and programme_id = \(programme.id) and account_id = \(programme.account) and ended_at is null
    """
  }

  /// - Parameter end: of a limit by the hour, the last end of a stop that is known to be too long.
  static func lift(
    _ place: GuardPlace, _ limit: String, _ day: CivilDay, through end: Instant?, _ programme: Programme, at now: Instant
  ) -> SQL {
    """
    update guard_block set ended_at = \(now), ended_by = 'lifted'
    where programme_id = \(programme.id) and account_id = \(programme.account) and limit_code = \(limit)
      and kind = \(place.kind.rawValue) and store_id = \(place.store) and subject = \(place.subject) and day = \(day) and ended_at is null
      and (ends_at is null or (ends_at > \(now) and ends_at <= \(end ?? now)))
    """
  }

  static func live(_ programme: Programme, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from guard_block
    where programme_id = \(programme.id) and account_id = \(programme.account) and ended_at is null order by id desc limit \(limit)
    """
  }

  /// Of these members, as far as nobody ended them.
  static func live(_ members: [MemberID], _ programme: ProgrammeID, _ account: AccountID) -> SQL {
    """
    select \(raw: columns) from guard_block
    where programme_id = \(programme) and account_id = \(account) and kind = \(GuardSubject.member.rawValue)
      and subject in (\(list: padded(members.map { "\($0)" }))) and ended_at is null
    """
  }

  static func all(_ place: GuardPlace, _ programme: Programme, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from guard_block
    where programme_id = \(programme.id) and account_id = \(programme.account) and kind = \(place.kind.rawValue)
      and store_id = \(place.store) and subject = \(place.subject)
    order by id desc limit \(limit)
    """
  }

  static func sweep(_ programme: Programme, _ now: Instant, before day: CivilDay) -> SQL {
    """
    update guard_block set ended_at = coalesce(ends_at, \(now)), ended_by = 'itself'
    where programme_id = \(programme.id) and account_id = \(programme.account) and ended_at is null
      and (ends_at <= \(now) or (ends_at is null and day < \(day)))
    """
  }

  static func block(_ row: Row) throws -> GuardBlock {
    guard let kind = GuardSubject(rawValue: row.int(1)) else {
      throw StorageFailure.damaged("guard_block.kind holds \(row.int(1))")
    }
    return GuardBlock(
      id: row.id(0), place: GuardPlace(kind, row.text(3), at: row.id(2)), reason: row.text(4), limit: row.textOrNil(5),
      day: row.intOrNil(6).map { CivilDay(number: Int32($0)) }, madeAt: row.instant(7), madeBy: row.text(8),
      endsAt: row.instantOrNil(9), endedAt: row.instantOrNil(10), endedBy: row.textOrNil(11))
  }
}
