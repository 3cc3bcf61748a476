import Access
import Kernel
import Storage

/// Every statement about sendings of reports and their letters.
enum ReportSendingSQL {
  private static let columns =
    "id, account_id, programme_id, schedule_id, moment, staff_id, passed_over, state, reason, ended_at"

  static func byID(_ account: AccountID, _ id: ReportSendingID) -> SQL {
    "select \(raw: columns) from report_sending where account_id = \(account) and id = \(id)"
  }

  static func latest(_ account: AccountID, _ schedule: ReportScheduleID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from report_sending where account_id = \(account) and schedule_id = \(schedule)
    order by moment desc limit \(limit)
    """
  }

  /// No row where the moment has its sending already.
  static func insert(
    _ id: ReportSendingID, _ schedule: ReportSchedule, _ moment: Instant, only: StaffID?, passedOver: Int, _ now: Instant
  ) -> SQL {
    SQL(
      """
      insert into report_sending (id, account_id, programme_id, schedule_id, moment, staff_id, passed_over, state, made_at)
      values ($1, $2, $3, $4, $5, cast($6 as bigint), $7, 'waiting', $8) on conflict do nothing
      """, id, schedule.account, schedule.programme, schedule.id, moment, only, passedOver, now)
  }

  static func end(
    _ id: ReportSendingID, _ account: AccountID, _ state: ReportSending.State, _ reason: String?, _ at: Instant?
  ) -> SQL {
    """
    update report_sending set state = \(state.rawValue), reason = cast(\(reason) as text), ended_at = cast(\(at) as bigint)
    where id = \(id) and account_id = \(account)
    """
  }

  static func letters(_ sendings: [ReportSendingID], _ account: AccountID) -> SQL {
    """
    select sending_id, staff_id, state, reason, at from report_letter
    where account_id = \(account) and sending_id in (\(list: padded(sendings))) order by sending_id, staff_id
    """
  }

  /// Takes a letter for handing over; no row where somebody has it, or it came to its end.
  static func take(_ sending: ReportSendingID, _ staff: StaffID, _ account: AccountID, _ now: Instant) -> SQL {
    SQL(
      """
      insert into report_letter (sending_id, staff_id, account_id, state, reason, at) values ($1, $2, $3, 'handing', null, $4)
      on conflict (sending_id, staff_id) do update set state = 'handing', at = excluded.at where report_letter.state = 'failed'
      """, sending, staff, account, now)
  }

  static func put(
    _ sending: ReportSendingID, _ staff: StaffID, _ account: AccountID, _ state: ReportLetterState.State, _ reason: String?,
    _ now: Instant
  ) -> SQL {
    """
    update report_letter set state = \(state.rawValue), reason = cast(\(reason) as text), at = \(now)
    where sending_id = \(sending) and staff_id = \(staff) and account_id = \(account)
    """
  }

  /// Letters that an instance began to hand over and never came back to.
  static func losing(_ sending: ReportSendingID, _ account: AccountID, before: Instant, _ now: Instant) -> SQL {
    """
    update report_letter set state = 'unknown', at = \(now)
    where sending_id = \(sending) and account_id = \(account) and state = 'handing' and at < \(before)
    """
  }

  /// What did not arrive for certain is to be handed over once more.
  static func reopen(_ sending: ReportSendingID, _ account: AccountID) -> SQL {
    """
    update report_letter set state = 'failed'
    where sending_id = \(sending) and account_id = \(account) and state in ('refused', 'unknown')
    """
  }

  // Unscoped: what is old goes, whosever it is.
  static func oldest(_ before: Instant, _ limit: Int) -> SQL {
    "select id, account_id from report_sending where made_at < \(before) order by made_at limit \(limit)"
  }

  static func forgetLetters(_ id: ReportSendingID, _ account: AccountID) -> SQL {
    "delete from report_letter where sending_id = \(id) and account_id = \(account)"
  }

  static func forget(_ id: ReportSendingID, _ account: AccountID) -> SQL {
    "delete from report_sending where id = \(id) and account_id = \(account)"
  }

  static func sending(_ row: Row) throws -> ReportSending {
    guard let state = ReportSending.State(rawValue: row.text(7)) else {
      throw StorageFailure.damaged("report_sending.state holds \(row.text(7))")
    }
    return ReportSending(
      id: row.id(0), account: row.id(1), programme: row.id(2), schedule: row.id(3), moment: row.instant(4),
      only: row.intOrNil(5).map { StaffID($0) }, passedOver: Int(row.int(6)), state: state, reason: row.textOrNil(8),
      endedAt: row.instantOrNil(9))
  }

  static func letter(_ row: Row) throws -> ReportLetterState {
    guard let state = ReportLetterState.State(rawValue: row.text(2)) else {
      throw StorageFailure.damaged("report_letter.state holds \(row.text(2))")
    }
    return ReportLetterState(sending: row.id(0), staff: row.id(1), state: state, reason: row.textOrNil(3), at: row.instant(4))
  }
}
