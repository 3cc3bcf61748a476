/// How long points live once they are active. Days are days of the programme's zone, and points may be spent to the end of
/// their last day: a date on a screen is easier to keep than an hour, and points of one day share one expiry.
public enum Life: Hashable, Sendable {
  case forever
  /// The day of activation and so many more.
  case days(Int)
  /// To the end of the month, quarter or year of activation, or of a later one.
  case through(CalendarPeriod, later: Int)
  /// To the end of this day; points activated after it die at once.
  case until(CivilDay)
  /// One date per wallet and kind: the day of the last purchase and so many more.
  case sliding(days: Int)

  /// When points that became active at `start` expire. Sliding points answer with the date their own activation would set.
  public func expiry(activeFrom start: Instant, in zone: Zone) -> Instant? {
    let day = zone.civil(at: start).day
    switch self {
    case .forever: return nil
    case .days(let count), .sliding(let count): return zone.instant(day.adding(days: count + 1))
    case .through(let period, let later):
      let months =
        switch period {
        case .month: later
        case .quarter: later * 3
        case .year: later * 12
        }
      return zone.instant(day.adding(months: months).end(of: period).adding(days: 1))
    case .until(let last): return zone.instant(last.adding(days: 1))
    }
  }
}

/// When earned points become active.
public enum Activation: Hashable, Sendable {
  case atOnce
  /// So long after the purchase, to the second.
  case after(Span)
  /// At the start of the day so many days after the purchase's, in the programme's zone.
  case startOfDay(after: Int)
  /// When somebody says so: a delivery, the end of a right to return, a manual release.
  case onEvent

  /// Nil where an event decides. Whole seconds, rounded up.
  public func start(after event: Instant, in zone: Zone) -> Instant? {
    switch self {
    case .atOnce: return event
    case .after(let span): return (event + span).secondsUp
    case .startOfDay(let count): return zone.instant(zone.civil(at: event).day.adding(days: count))
    case .onEvent: return nil
    }
  }
}

/// How points come and go: when they become active, and how long they live then.
public struct Course: Hashable, Sendable {
  public var activation: Activation
  public var life: Life
  public init(activation: Activation, life: Life) {
    self.activation = activation
    self.life = life
  }
}

extension Instant {
  /// The next whole second: wallets keep no fractions.
  public var secondsUp: Instant {
    let whole = Instant(seconds: seconds)
    return whole == self ? self : Instant(seconds: seconds + 1)
  }
}
