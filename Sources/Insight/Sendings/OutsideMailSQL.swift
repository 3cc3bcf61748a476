import Access
import Kernel
import Storage

/// Every statement about whom outside the staff reports are sent to.
enum OutsideMailSQL {
  static func allowed(_ account: AccountID) -> SQL {
    "select pattern from report_outside where account_id = \(account) order by pattern limit \(Limits.outsideAddresses)"
  }

  static func allow(_ account: AccountID, _ address: OutsideAddress, _ now: Instant) -> SQL {
    SQL(
      "insert into report_outside (account_id, pattern, added_at) values ($1, $2, $3) on conflict do nothing", account,
      address.text, now)
  }

  static func disallow(_ account: AccountID, _ address: OutsideAddress) -> SQL {
    SQL("delete from report_outside where account_id = $1 and pattern = $2", account, address.text)
  }

  // MARK: of schedules

  static func outsiders(_ schedules: [ReportScheduleID], _ account: AccountID) -> SQL {
    """
    select schedule_id, id, mail from report_outsider
    where account_id = \(account) and schedule_id in (\(list: padded(schedules))) order by schedule_id, mail
    """
  }

  static func outsider(_ row: Row) throws -> ReportOutsider {
    guard let mail = Email(row.text(2)) else { throw StorageFailure.damaged("report_outsider.mail holds no address") }
    return ReportOutsider(id: row.id(1), mail: mail)
  }

  static func insert(_ id: ReportOutsiderID, _ schedule: ReportScheduleID, _ mail: Email, _ account: AccountID, _ now: Instant)
    -> SQL
  {
    SQL(
      """
      insert into report_outsider (id, schedule_id, account_id, mail, added_at) values ($1, $2, $3, $4, $5) on conflict do nothing
      """, id, schedule, account, mail.text, now)
  }

  static func remove(_ schedule: ReportScheduleID, _ mail: Email, _ account: AccountID) -> SQL {
    SQL("delete from report_outsider where schedule_id = $1 and mail = $2 and account_id = $3", schedule, mail.text, account)
  }
}
