import Kernel

/// When a report is sent: at an hour by the programme's clock, every day, on a day of the week, or on one of the month.
public struct ReportRhythm: Hashable, Sendable {
  public enum Round: Hashable, Sendable {
    case day
    /// 1 Monday to 7 Sunday.
    case week(Int)
    /// 1 to 31; the last day of months that are shorter.
    case month(Int)
  }

  public let round: Round
  /// 0 to 23.
  public let hour: Int

  /// Nil where there is no such hour or day.
  public init?(_ round: Round, hour: Int) {
    guard (0...23).contains(hour) else { return nil }
    switch round {
    case .day: break
    case .week(let day): guard (1...7).contains(day) else { return nil }
    case .month(let day): guard (1...31).contains(day) else { return nil }
    }
    (self.round, self.hour) = (round, hour)
  }

  /// As it is stored: `day`, `week` or `month`, and which day of it.
  public init?(word: String, day: Int, hour: Int) {
    switch word {
    case "day": self.init(.day, hour: hour)
    case "week": self.init(.week(day), hour: hour)
    case "month": self.init(.month(day), hour: hour)
    default: return nil
    }
  }

  public var word: String {
    switch round {
    case .day: "day"
    case .week: "week"
    case .month: "month"
    }
  }

  /// 0 for every day.
  public var day: Int {
    switch round {
    case .day: 0
    case .week(let day), .month(let day): day
    }
  }

  private func falls(on day: CivilDay) -> Bool {
    switch round {
    case .day: return true
    case .week(let weekday): return day.weekday == weekday
    case .month(let number):
      let (year, month, date) = day.parts
      return date == min(number, CivilDay.length(ofMonth: month, year: year))
    }
  }

  /// The first moment behind an instant. An hour that the clocks skip is the one after it; of one that they show twice the first counts.
  public func next(after instant: Instant, in zone: Zone) -> Instant {
    var day = zone.civil(at: instant).day
    while true {
      let moment = zone.instant(day, Clock(second: Int32(hour * 3_600)))
      if moment > instant, falls(on: day) { return moment }
      day = day.adding(days: 1)
    }
  }

  /// The latest moment that has come, beginning with one that has; how many lie before it, and the next to wait for.
  func due(from first: Instant, at now: Instant, in zone: Zone) -> (latest: Instant, passed: Int, next: Instant) {
    var (latest, passed) = (first, 0)
    while true {
      let next = next(after: latest, in: zone)
      guard next <= now else { return (latest, passed, next) }
      (latest, passed) = (next, passed + 1)
    }
  }
}
