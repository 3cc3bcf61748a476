import Access
import Kernel
import Storage

/// Every statement about alerts.
enum GuardAlertSQL {
  private static let columns = """
    id, kind, store_id, subject, limit_code, measure, days, hours, day, is_hard, figure, threshold, receipts_seen, state, at, decided_at,
      decided_by, note
    """

  static func insert(_ alert: GuardAlert, _ programme: Programme) -> SQL {
    SQL(
      """
      insert into guard_alert (id, account_id, programme_id, limit_code, kind, store_id, subject, day, is_hard, measure, days, hours,
        figure, threshold, receipts_seen, state, at, told_as)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'open', $16, $17) on conflict do nothing
      """, alert.id, programme.account, programme.id, alert.limit, alert.place.kind.rawValue, alert.place.store,
      alert.place.subject,
      alert.day, alert.isHard, alert.measure.rawValue, alert.window.days ?? 0, alert.window.hours ?? 0, alert.figure,
      alert.threshold, alert.receipts.text, alert.at,
      alert.place.key(alert.limit + (alert.isHard ? " hard" : " soft"), alert.day))
  }

  /// The one that was told already within the window.
  static func within(_ limit: GuardLimit, _ isHard: Bool, _ day: GuardDay, _ programme: Programme) -> SQL {
    """
    select \(raw: columns) from guard_alert
    where programme_id = \(programme.id) and account_id = \(programme.account) and limit_code = \(limit.code) and is_hard = \(isHard)
      and kind = \(day.place.kind.rawValue) and store_id = \(day.place.store) and subject = \(day.place.subject)
      and day >= \(limit.span(through: day.day).lowerBound) and day <= \(day.day)
    order by day desc limit 1
    """
  }

  static func raise(_ id: GuardAlertID, to figure: Int64, _ receipts: GuardReceipts, _ programme: Programme) -> SQL {
    """
    update guard_alert set figure = \(figure), receipts_seen = \(receipts.text)
    where id = \(id) and programme_id = \(programme.id) and account_id = \(programme.account)
    """
  }

  static func find(_ id: GuardAlertID, _ programme: Programme) -> SQL {
    "select \(raw: columns) from guard_alert where id = \(id) and programme_id = \(programme.id) and account_id = \(programme.account)"
  }

  static func all(_ states: [GuardAlert.State], before: GuardAlertID, _ limit: Int, _ programme: Programme) -> SQL {
    """
    select \(raw: columns) from guard_alert
    where programme_id = \(programme.id) and account_id = \(programme.account) and state in (\(list: states.map(\.rawValue)))
      and id < \(before)
    order by id desc limit \(limit)
    """
  }

  /// New ones in all and of one day, as far as they are counted.
  static func open(_ day: CivilDay, _ limit: Int, _ programme: Programme) -> SQL {
    """
    select count(*), coalesce(sum(case when day = \(day) then 1 else 0 end), 0) from (
      select day from guard_alert
      where programme_id = \(programme.id) and account_id = \(programme.account) and state = 'open'
      order by id desc limit \(limit)) as counted
    """
  }

  static func all(of place: GuardPlace, _ limit: Int, _ programme: Programme) -> SQL {
    """
    select \(raw: columns) from guard_alert
    where programme_id = \(programme.id) and account_id = \(programme.account) and kind = \(place.kind.rawValue)
      and store_id = \(place.store) and subject = \(place.subject)
    order by id desc limit \(limit)
    """
  }

  static func decide(
    _ id: GuardAlertID, _ state: GuardAlert.State, _ note: String, _ programme: Programme, _ change: Change
  ) -> SQL {
    """
    update guard_alert set state = \(state.rawValue), note = \(note), decided_at = \(change.at),
      decided_by = \(change.actor.description)
    where id = \(id) and programme_id = \(programme.id) and account_id = \(programme.account)
    """
  }

  static func alert(_ row: Row) throws -> GuardAlert {
    guard let kind = GuardSubject(rawValue: row.int(1)), let measure = GuardMeasure(rawValue: row.text(5)),
      let state = GuardAlert.State(rawValue: row.text(13))
    else { throw StorageFailure.damaged("guard_alert holds \(row.int(1)), \(row.text(5)), \(row.text(13))") }
    return GuardAlert(
      id: row.id(0), place: GuardPlace(kind, row.text(3), at: row.id(2)), limit: row.text(4), measure: measure,
      window: row.int(7) > 0 ? .hours(Int(row.int(7))) : .days(Int(row.int(6))),
      day: row.day(8), isHard: row.bool(9), figure: row.int(10), threshold: row.int(11),
      receipts: GuardReceipts(text: row.text(12)),
      state: state, at: row.instant(14), decidedAt: row.instantOrNil(15), decidedBy: row.textOrNil(16), note: row.textOrNil(17))
  }
}
