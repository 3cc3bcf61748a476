import Kernel

/// When a limit ends at the pace of late.
public enum BudgetForecast: Hashable, Sendable {
  /// It has ended.
  case used
  case on(CivilDay)
  /// Of today.
  case at(Instant)
  /// Not before the promotion ends.
  case lasts
  /// Not today.
  case lastsToday
  /// Not within a year.
  case years
  /// Nothing was given yet, or of late, that it could be told from.
  case unknown
}

/// The moment at which forecasts are made.
public struct BudgetClock: Sendable {
  public let now: Instant
  public let zone: Zone

  public init(now: Instant, zone: Zone) { (self.now, self.zone) = (now, zone) }

  public var today: CivilDay { zone.civil(at: now).day }

  /// So little of a day says nothing of it.
  static let leastOfDay = Span.minutes(30)

  /// By what was given in some whole days before today.
  public func forecast(_ used: Int64, of most: Int64, _ given: Int64, in days: Int, until last: CivilDay?) -> BudgetForecast {
    guard used < most else { return .used }
    guard given > 0, days > 0 else { return .unknown }
    // Widened, since what is left may be large.
    let left = (Int128(most - used) * Int128(days)) / Int128(given)
    if let last, left > Int128(last - today) { return .lasts }
    return left <= 365 ? .on(today.adding(days: Int(left))) : .years
  }

  /// By what was given since the day began.
  public func forecastToday(_ used: Int64, of most: Int64) -> BudgetForecast {
    guard used < most else { return .used }
    let (begin, end) = (zone.instant(today), zone.instant(today.adding(days: 1)))
    let gone = now - begin
    guard used > 0, gone >= Self.leastOfDay else { return .unknown }
    let left = Int128(most - used) * Int128(gone.micros) / Int128(used)
    guard left < Int128((end - now).micros) else { return .lastsToday }
    return .at(now + Span(micros: Int64(left)))
  }
}
