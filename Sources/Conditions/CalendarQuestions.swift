import Kernel

// What a condition asks of the calendar and the clock, answered in one place.
extension Condition {
  /// Whether it holds on the day; nil where it does not ask for days.
  ///
  /// - Parameter holidays: of the programme.
  public func holds(on day: CivilDay, holidays: [CivilDay]) -> Bool? {
    switch self {
    case .weekdays(let days): days.contains(day.weekday)
    case .days(let from, let through): from.map { $0 <= day } ?? true && through.map { day <= $0 } ?? true
    case .holidays(let before, let after):
      holidays.contains { $0.adding(days: -before) <= day && day <= $0.adding(days: after) }
    default: nil
    }
  }

  /// Whether it holds at the time of day; nil where it does not ask for hours.
  public func holds(at clock: Clock) -> Bool? {
    guard case .hours(let from, let until) = self else { return nil }
    return from <= until ? from <= clock && clock < until : clock >= from || clock < until
  }
}
