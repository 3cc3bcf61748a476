import Kernel
import Storage

/// Every statement about sessions.
enum SessionSQL {
  static func insert(_ session: Session, hash: String) -> SQL {
    SQL(
      """
      insert into staff_session (id, account_id, staff_id, secret_hash, is_proven, made_at, seen_at, ends_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      """, session.id, session.account, session.staff.id, hash, session.isProven, session.madeAt, session.seenAt, session.endsAt)
  }

  /// Unscoped: a request is whose the session says; before it is found there is no account to name.
  static func byHash(_ hash: String) -> SQL {
    """
    select s.id, s.account_id, s.is_proven, s.made_at, s.seen_at, s.ends_at, m.id, m.login, m.name, m.role, m.must_change,
      m.is_blocked, m.made_at, m.mail, a.is_suspended
    from staff_session s join staff m on m.id = s.staff_id join account a on a.id = s.account_id where s.secret_hash = \(hash)
    """
  }

  static func touch(_ account: AccountID, _ id: SessionID, _ now: Instant) -> SQL {
    "update staff_session set seen_at = \(now) where account_id = \(account) and id = \(id) and seen_at < \(now)"
  }

  static func prove(_ account: AccountID, _ id: SessionID) -> SQL {
    "update staff_session set is_proven = 1 where account_id = \(account) and id = \(id)"
  }

  static func end(_ account: AccountID, _ id: SessionID) -> SQL {
    "delete from staff_session where account_id = \(account) and id = \(id)"
  }

  static func endAll(_ account: AccountID, _ staff: StaffID, but id: SessionID?) -> SQL {
    "delete from staff_session where account_id = \(account) and staff_id = \(staff) and id <> \(id ?? SessionID(0))"
  }

  static func endAll(_ account: AccountID) -> SQL { "delete from staff_session where account_id = \(account)" }

  static func isSuspended(_ row: Row) -> Bool { row.bool(14) }

  // Unscoped: what is over goes, whoever's it was.
  static func forget(before moment: Instant, _ limit: Int) -> SQL {
    "delete from staff_session where id in (select id from staff_session where ends_at < \(moment) order by ends_at limit \(limit))"
  }

  static func session(_ row: Row) throws -> Session {
    guard let role = Role(rawValue: row.text(9)) else { throw StorageFailure.damaged("staff.role holds \(row.text(9))") }
    let staff = StaffMember(
      id: row.id(6), login: row.text(7), name: row.text(8), role: role, mustChange: row.bool(10), isBlocked: row.bool(11),
      madeAt: row.instant(12), mail: row.textOrNil(13).flatMap { Email($0) })
    return Session(
      id: row.id(0), account: row.id(1), staff: staff, isProven: row.bool(2), madeAt: row.instant(3), seenAt: row.instant(4),
      endsAt: row.instant(5))
  }
}
