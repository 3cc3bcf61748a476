import Kernel
import Storage

/// Every statement about staff.
enum StaffSQL {
  private static let columns = "id, login, name, role, must_change, is_blocked, made_at, password, mail"

  static func insert(_ account: AccountID, _ member: StaffMember, _ password: Password) -> SQL {
    SQL(
      """
      insert into staff (id, account_id, login, name, role, password, must_change, is_blocked, made_at, mail)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, cast($10 as text)) on conflict do nothing
      """,
      member.id, account, member.login, member.name, member.role.rawValue, password.stored, member.mustChange, member.isBlocked,
      member.madeAt, member.mail?.text)
  }

  static func all(_ account: AccountID, _ limit: Int) -> SQL {
    "select \(raw: columns) from staff where account_id = \(account) order by login limit \(limit)"
  }

  static func byLogin(_ account: AccountID, _ login: String) -> SQL {
    "select \(raw: columns) from staff where account_id = \(account) and login = \(login)"
  }

  static func byID(_ account: AccountID, _ id: StaffID) -> SQL {
    "select \(raw: columns) from staff where account_id = \(account) and id = \(id)"
  }

  static func byMail(_ account: AccountID, _ mail: Email, _ limit: Int) -> SQL {
    "select \(raw: columns) from staff where account_id = \(account) and mail = \(mail.text) order by id limit \(limit)"
  }

  static func setMail(_ account: AccountID, _ id: StaffID, _ mail: Email?) -> SQL {
    "update staff set mail = cast(\(mail?.text) as text) where account_id = \(account) and id = \(id)"
  }

  static func setRole(_ account: AccountID, _ id: StaffID, _ role: Role) -> SQL {
    "update staff set role = \(role.rawValue) where account_id = \(account) and id = \(id)"
  }

  static func setBlocked(_ account: AccountID, _ id: StaffID, _ isBlocked: Bool) -> SQL {
    "update staff set is_blocked = \(isBlocked) where account_id = \(account) and id = \(id)"
  }

  static func setPassword(_ account: AccountID, _ id: StaffID, _ password: Password, _ mustChange: Bool) -> SQL {
    """
    update staff set password = \(password.stored), must_change = \(mustChange) where account_id = \(account) and id = \(id)
    """
  }

  static func member(_ row: Row) throws -> StaffMember {
    guard let role = Role(rawValue: row.text(3)) else { throw StorageFailure.damaged("staff.role holds \(row.text(3))") }
    return StaffMember(
      id: row.id(0), login: row.text(1), name: row.text(2), role: role, mustChange: row.bool(4), isBlocked: row.bool(5),
      madeAt: row.instant(6), mail: row.textOrNil(8).flatMap { Email($0) })
  }
}
