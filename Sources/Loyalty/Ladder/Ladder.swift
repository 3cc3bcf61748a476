import Kernel

/// By what members rise and fall between tiers: what is counted, over which time, and from how much each tier is theirs.
public struct Ladder: Hashable, Sendable {
  public enum Measure: String, Sendable, CaseIterable {
    /// Money paid, less what went back.
    case spend
    /// Status points.
    case points
    /// Business days on which something was paid.
    case visits
  }

  public enum Period: Hashable, Sendable {
    /// So many months back from each day, to the day.
    case rolling(months: Int)
    /// Months, quarters or years of the calendar. A tier holds to the end of the period in which it was reached and so many more.
    case calendar(CalendarPeriod, later: Int)
    /// Years from the day of joining.
    case anniversary(later: Int)
  }

  public enum Descent: String, Sendable, CaseIterable {
    /// The next lower tier, and from there another step a period later; of a rolling period a month later.
    case oneStep = "one-step"
    /// The tier that the count gives.
    case atOnce = "at-once"
  }

  public struct Rung: Hashable, Sendable {
    /// The tier's code.
    public let tier: String
    /// Minor units, units of points, or visits; above zero.
    public let from: Int64

    public init(tier: String, from: Int64) {
      self.tier = tier
      self.from = from
    }
  }

  public var measure: Measure
  public var period: Period
  /// Days that a tier stays when the count is not enough for it any more.
  public var graceDays: Int
  public var descent: Descent
  /// What was bought before this day does not count.
  public var since: CivilDay?
  /// Ascending, each from more than the one below.
  public var rungs: [Rung]

  public init(
    _ measure: Measure, over period: Period, graceDays: Int = 0, descent: Descent = .oneStep, since: CivilDay? = nil, rungs: [Rung]
  ) {
    self.measure = measure
    self.period = period
    self.graceDays = graceDays
    self.descent = descent
    self.since = since
    self.rungs = rungs
  }

  /// The highest rung that so much is enough for, −1 for none.
  func level(_ sum: Int64) -> Int { (rungs.firstIndex { $0.from > sum } ?? rungs.count) - 1 }

  /// No day before this one can say anything about the tier on `today`: the longest count, and a step down for each rung behind it.
  func horizon(on today: CivilDay) -> CivilDay {
    let steps = rungs.count + 1
    let months =
      switch period {
      case .rolling(let months): months + steps
      case .calendar(let calendar, let later): calendar.months * (1 + later + steps)
      case .anniversary(let later): 12 * (1 + later + steps)
      }
    let first = today.adding(months: -months).adding(days: -graceDays)
    return max(first, since ?? first)
  }

  /// The first day of the period that a day lies in, and of the one so many later; nil for a rolling period, which has none.
  func start(of day: CivilDay, later: Int = 0, joined: CivilDay) -> CivilDay? {
    switch period {
    case .rolling: return nil
    case .calendar(let calendar, _):
      let end = day.end(of: calendar)
      return end.adding(days: 1).adding(months: calendar.months * (later - 1))
    case .anniversary:
      var years = day.parts.year - joined.parts.year
      if joined.adding(months: 12 * years) > day { years -= 1 }
      return joined.adding(months: 12 * (years + later))
    }
  }
}

extension CalendarPeriod {
  var months: Int {
    switch self {
    case .month: 1
    case .quarter: 3
    case .year: 12
    }
  }
}

/// What one business day of a member counts.
public struct LadderDay: Hashable, Sendable {
  public let day: CivilDay
  public let value: Int64

  public init(_ day: CivilDay, _ value: Int64) {
    self.day = day
    self.value = value
  }
}

/// Where a member stands on the ladder on one day.
public struct LadderStanding: Hashable, Sendable {
  /// A step down that comes by itself if nothing more is bought.
  public struct Fall: Hashable, Sendable {
    public let on: CivilDay
    /// The place of the rung that is left then; nil for none.
    public let to: Int?

    public init(on day: CivilDay, to rung: Int?) {
      on = day
      to = rung
    }
  }

  /// The place of the rung; nil for none.
  public internal(set) var rung: Int?
  public internal(set) var since: CivilDay?
  /// What the current period counts.
  public internal(set) var sum: Int64 = 0
  /// The last day of the period that `sum` is of; nil for a rolling period.
  public internal(set) var ends: CivilDay?
  public internal(set) var fall: Fall?
}
