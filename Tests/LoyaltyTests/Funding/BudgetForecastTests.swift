import Kernel
import Loyalty
import Testing

/// When budgets end, by what was given of late.
@Suite struct BudgetForecastTests {
  /// Noon of 28 November 2026 in Moscow.
  private static let clock = BudgetClock(now: Instant("2026-11-28T09:00:00Z") ?? Instant(seconds: 0), zone: .moscow)
  private static let today = CivilDay("2026-11-28") ?? CivilDay(number: 0)

  @Test func `a budget ends on the day on which the pace of the last days uses up what is left`() {
    let clock = Self.clock
    #expect(clock.today == Self.today)
    let cases: [(used: Int64, most: Int64, given: Int64, days: Int, until: Int?, says: BudgetForecast)] = [
      (400, 1_000, 700, 7, nil, .on(Self.today.adding(days: 6))), (401, 1_000, 700, 7, nil, .on(Self.today.adding(days: 5))),
      (950, 1_000, 700, 7, nil, .on(Self.today)), (1_000, 1_000, 700, 7, nil, .used), (1_200, 1_000, 0, 0, nil, .used),
      (400, 1_000, 0, 7, nil, .unknown), (400, 1_000, -50, 7, nil, .unknown), (400, 1_000, 100, 0, nil, .unknown),
      (400, 1_000, 700, 7, 6, .on(Self.today.adding(days: 6))), (400, 1_000, 700, 7, 5, .lasts),
      (0, 365, 7, 7, nil, .on(Self.today.adding(days: 365))), (0, 366, 7, 7, nil, .years), (0, 500, 7, 7, 400, .lasts),
      (0, 500, 7, 7, 600, .years), (0, .max, 1, 7, nil, .years), (0, 1_000, 100, 1, nil, .on(Self.today.adding(days: 10))),
    ]
    for (used, most, given, days, until, says) in cases {
      let last = until.map { Self.today.adding(days: $0) }
      #expect(
        clock.forecast(used, of: most, given, in: days, until: last) == says,
        "\(used) of \(most), \(given) in \(days), \(until ?? -1)")
    }
  }

  @Test func `a day's budget ends at the hour to which the day's pace carries it, or not today`() {
    let noon = Self.clock.now
    // Half the day is gone.
    for (used, most, says) in [
      (Int64(300), Int64(400), BudgetForecast.at(noon + .hours(4))), (400, 400, .used), (0, 400, .unknown), (200, 400, .lastsToday),
      (201, 400, .at(noon + Span(micros: 43_200_000_000 * 199 / 201))), (1, .max, .lastsToday),
    ] {
      #expect(Self.clock.forecastToday(used, of: most) == says, "\(used) of \(most)")
    }
    let early = BudgetClock(now: noon - .hours(12) + .minutes(29), zone: .moscow)
    #expect(early.forecastToday(50, of: 400) == .unknown, "half an hour says nothing of a day")
    let later = BudgetClock(now: noon - .hours(12) + .minutes(30), zone: .moscow)
    #expect(later.forecastToday(50, of: 400) == .at(later.now + .minutes(210)))
  }
}
