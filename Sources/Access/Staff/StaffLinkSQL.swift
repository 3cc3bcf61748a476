import Kernel
import Storage

/// Every statement about links in letters.
enum StaffLinkSQL {
  private static let columns = "id, account_id, staff_id, purpose, made_at, ends_at"

  static func insert(_ link: StaffLink, hash: String) -> SQL {
    SQL(
      """
      insert into staff_link (id, account_id, staff_id, purpose, secret_hash, made_at, ends_at)
      values ($1, $2, $3, $4, $5, $6, $7)
      """, link.id, link.account, link.staff, link.purpose.rawValue, hash, link.madeAt, link.endsAt)
  }

  /// Unscoped: whose it is the link says; before it is found there is no account to name.
  static func byHash(_ hash: String) -> SQL { "select \(raw: columns) from staff_link where secret_hash = \(hash)" }

  static func all(_ account: AccountID, _ staff: StaffID) -> SQL {
    "select \(raw: columns) from staff_link where account_id = \(account) and staff_id = \(staff) order by id limit 10"
  }

  static func all(_ account: AccountID, _ limit: Int) -> SQL {
    "select \(raw: columns) from staff_link where account_id = \(account) order by id limit \(limit)"
  }

  static func end(_ account: AccountID, _ staff: StaffID) -> SQL {
    "delete from staff_link where account_id = \(account) and staff_id = \(staff)"
  }

  static func end(_ account: AccountID, _ staff: StaffID, _ purpose: StaffLink.Purpose) -> SQL {
    "delete from staff_link where account_id = \(account) and staff_id = \(staff) and purpose = \(purpose.rawValue)"
  }

  // Unscoped: what is over goes, whoever's it was.
  static func forget(before moment: Instant, _ limit: Int) -> SQL {
    "delete from staff_link where id in (select id from staff_link where ends_at < \(moment) order by ends_at limit \(limit))"
  }

  static func link(_ row: Row) throws -> StaffLink {
    guard let purpose = StaffLink.Purpose(rawValue: row.text(3)) else {
      throw StorageFailure.damaged("staff_link.purpose holds \(row.text(3))")
    }
    return StaffLink(
      id: row.id(0), account: row.id(1), staff: row.id(2), purpose: purpose, madeAt: row.instant(4), endsAt: row.instant(5))
  }
}
