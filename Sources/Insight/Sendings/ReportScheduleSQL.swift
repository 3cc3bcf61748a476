import Access
import Kernel
import Storage

/// Every statement about schedules of reports.
enum ReportScheduleSQL {
  private static let columns =
    "id, account_id, programme_id, report_id, rhythm, day, hour, language, staff_id, is_paused, next_at"

  static func byID(_ account: AccountID, _ id: ReportScheduleID) -> SQL {
    "select \(raw: columns) from report_schedule where account_id = \(account) and id = \(id)"
  }

  static func ofReport(_ account: AccountID, _ report: SavedReportID) -> SQL {
    """
    select \(raw: columns) from report_schedule where account_id = \(account) and report_id = \(report) order by id
    limit \(Limits.reportSchedules)
    """
  }

  // Unscoped: what is due is looked for in all accounts at once, by index.
  static func due(_ now: Instant, _ limit: Int) -> SQL {
    "select \(raw: columns) from report_schedule where next_at is not null and next_at <= \(now) order by next_at limit \(limit)"
  }

  static func insert(_ schedule: ReportSchedule, _ now: Instant) -> SQL {
    SQL(
      """
      insert into report_schedule (id, account_id, programme_id, report_id, rhythm, day, hour, language, staff_id, is_paused, next_at,
        made_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, cast($11 as bigint), $12)
      """, schedule.id, schedule.account, schedule.programme, schedule.report, schedule.rhythm.word, schedule.rhythm.day,
      schedule.rhythm.hour, schedule.language.rawValue, schedule.owner, schedule.isPaused, schedule.nextAt, now)
  }

  static func update(_ id: ReportScheduleID, _ account: AccountID, _ rhythm: ReportRhythm, _ language: ReportLanguage) -> SQL {
    """
    update report_schedule set rhythm = \(rhythm.word), day = \(rhythm.day), hour = \(rhythm.hour), language = \(language.rawValue)
    where id = \(id) and account_id = \(account)
    """
  }

  static func pause(_ id: ReportScheduleID, _ account: AccountID, _ isPaused: Bool, _ next: Instant?) -> SQL {
    """
    update report_schedule set is_paused = \(isPaused), next_at = cast(\(next) as bigint) where id = \(id) and account_id = \(account)
    """
  }

  static func setNext(_ id: ReportScheduleID, _ account: AccountID, _ next: Instant?) -> SQL {
    "update report_schedule set next_at = cast(\(next) as bigint) where id = \(id) and account_id = \(account)"
  }

  /// Goes on to the next moment; no row where another instance did.
  static func goOn(_ schedule: ReportSchedule, from known: Instant, to next: Instant) -> SQL {
    """
    update report_schedule set next_at = \(next)
    where id = \(schedule.id) and account_id = \(schedule.account) and next_at = \(known)
    """
  }

  /// With everything that hangs on it; in this order.
  static func remove(_ id: ReportScheduleID, _ account: AccountID) -> [SQL] {
    [
      """
      delete from report_letter where account_id = \(account)
        and sending_id in (select id from report_sending where schedule_id = \(id) and account_id = \(account))
      """, "delete from report_sending where schedule_id = \(id) and account_id = \(account)",
      "delete from report_reader where schedule_id = \(id) and account_id = \(account)",
      "delete from report_outsider where schedule_id = \(id) and account_id = \(account)",
      "delete from report_schedule where id = \(id) and account_id = \(account)",
    ]
  }

  // MARK: readers

  static func readers(_ schedules: [ReportScheduleID], _ account: AccountID) -> SQL {
    """
    select schedule_id, staff_id, is_off from report_reader
    where account_id = \(account) and schedule_id in (\(list: padded(schedules))) order by schedule_id, staff_id
    """
  }

  static func insertReader(_ schedule: ReportScheduleID, _ staff: StaffID, _ account: AccountID, _ now: Instant) -> SQL {
    SQL(
      """
      insert into report_reader (schedule_id, staff_id, account_id, added_at, is_off) values ($1, $2, $3, $4, 0) on conflict do nothing
      """, schedule, staff, account, now)
  }

  static func removeReader(_ schedule: ReportScheduleID, _ staff: StaffID, _ account: AccountID) -> SQL {
    "delete from report_reader where schedule_id = \(schedule) and staff_id = \(staff) and account_id = \(account) and is_off = 0"
  }

  static func setOff(_ schedule: ReportScheduleID, _ staff: StaffID, _ account: AccountID, _ isOff: Bool) -> SQL {
    """
    update report_reader set is_off = \(isOff)
    where schedule_id = \(schedule) and staff_id = \(staff) and account_id = \(account)
    """
  }

  static func schedule(_ row: Row) throws -> ReportSchedule {
    guard let rhythm = ReportRhythm(word: row.text(4), day: Int(row.int(5)), hour: Int(row.int(6))),
      let language = ReportLanguage(rawValue: row.text(7))
    else { throw StorageFailure.damaged("report_schedule \(row.int(0)) says no rhythm or language") }
    return ReportSchedule(
      id: row.id(0), account: row.id(1), programme: row.id(2), report: row.id(3), rhythm: rhythm, language: language,
      owner: row.id(8), isPaused: row.bool(9), nextAt: row.instantOrNil(10))
  }
}
