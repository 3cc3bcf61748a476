import Cube
import Insight
import Kernel
import Testing

private func day(_ text: String) -> CivilDay { CivilDay(text) ?? CivilDay(number: 0) }

@Suite struct `A saved report's days` {
  @Test(arguments: [
    ("today", "2026-11-27", "2026-11-27"), ("yesterday", "2026-11-26", "2026-11-26"), ("last-7-days", "2026-11-20", "2026-11-26"),
    ("week-to-date", "2026-11-23", "2026-11-27"), ("last-week", "2026-11-16", "2026-11-22"),
    ("month-to-date", "2026-11-01", "2026-11-27"), ("last-month", "2026-10-01", "2026-10-31"),
    ("quarter-to-date", "2026-10-01", "2026-11-27"), ("last-quarter", "2026-07-01", "2026-09-30"),
    ("year-to-date", "2026-01-01", "2026-11-27"), ("last-year", "2025-01-01", "2025-12-31"),
  ]) func `move on with the calendar`(word: String, first: String, last: String) throws {
    let period = try #require(RelativePeriod(word))
    #expect(period.days(on: day("2026-11-27")) == day(first)...day(last))
    #expect(period.text == word)
  }

  @Test(arguments: [
    ("last-month", "2026-03-31", "2026-02-01", "2026-02-28"), ("last-month", "2028-03-01", "2028-02-01", "2028-02-29"),
    ("month-to-date", "2026-12-01", "2026-12-01", "2026-12-01"), ("last-week", "2026-11-23", "2026-11-16", "2026-11-22"),
    ("week-to-date", "2026-11-22", "2026-11-16", "2026-11-22"), ("last-quarter", "2026-01-01", "2025-10-01", "2025-12-31"),
    ("last-year", "2026-01-01", "2025-01-01", "2025-12-31"),
  ]) func `are right at the edges of months and weeks`(word: String, today: String, first: String, last: String) throws {
    #expect(try #require(RelativePeriod(word)).days(on: day(today)) == day(first)...day(last))
  }

  @Test func `are refused where nobody can tell them`() {
    for word in ["", "last", "last-0-days", "last-1097-days", "last-07-days", "last-day", "month", "to-date", "last-7-weeks"] {
      #expect(RelativePeriod(word) == nil, "\(word)")
    }
    #expect(Set(RelativePeriod.offered.map(\.text)).count == RelativePeriod.offered.count)
    for period in RelativePeriod.offered { #expect(RelativePeriod(period.text) == period) }
  }

  @Test func `stand in its JSON instead of days`() throws {
    let text = #"{"rows":["store"],"values":["sales"],"compare":"previous","period":"last-month","chart":"stacked"}"#
    let form = try ReportForm(JSON.parse(text))
    #expect(form.json.compact == text)
    // As it was kept before there was a choice.
    let old = #"{"rows":["store"],"values":["sales"],"period":"last-month","chart":"stacked","compare":true}"#
    #expect(try ReportForm(JSON.parse(old)) == form)
    let pivot = form.pivot(on: day("2026-11-27"))
    #expect(pivot.first == day("2026-10-01") && pivot.last == day("2026-10-31"))
    #expect(pivot.past?.days == day("2026-08-31")...day("2026-09-30"))
    let both = try JSON.parse(#"{"rows":["store"],"values":["sales"],"period":"last-month","from":"2026-01-01"}"#)
    let refused = #expect(throws: Problem.self) { try ReportForm(both) }
    #expect(refused?.issues.map(\.pointer) == ["/period"])
    let fixed = try ReportForm(JSON.parse(#"{"rows":["store"],"values":["sales"],"from":"2026-01-01","to":"2026-01-31"}"#))
    #expect(fixed.pivot(on: day("2026-11-27")).last == day("2026-01-31"))
  }

  @Test func `are drawn as lines over time and as bars else, where nobody chose`() {
    #expect(ReportForm(Pivot(rows: [.month], values: [.sales])).drawn == .line)
    #expect(ReportForm(Pivot(rows: [], columns: [.week], values: [.sales])).drawn == .line)
    #expect(ReportForm(Pivot(rows: [.month, .store], values: [.sales])).drawn == .bars)
    #expect(ReportForm(Pivot(rows: [.weekday], values: [.sales])).drawn == .bars)
    #expect(ReportForm(Pivot(rows: [], values: [.sales])).drawn == .none)
    #expect(ReportForm(Pivot(rows: [.month], values: [.sales]), chart: ChartKind.none).drawn == .none)
  }
}

@Suite struct `A rhythm of sending` {
  private static let berlin = Zone(
    name: "Europe/Berlin", initial: 3_600,
    transitions: [
      .init(at: 1_774_746_000, offset: 7_200), .init(at: 1_792_890_000, offset: 3_600),
    ])

  @Test(arguments: [
    ("day", 0, 8, "2026-11-27T04:59:59Z", "2026-11-27T05:00:00Z"), ("day", 0, 8, "2026-11-27T05:00:00Z", "2026-11-28T05:00:00Z"),
    ("week", 1, 8, "2026-11-27T05:00:00Z", "2026-11-30T05:00:00Z"), ("month", 1, 0, "2026-11-27T05:00:00Z", "2026-11-30T21:00:00Z"),
    ("month", 31, 9, "2026-02-01T00:00:00Z", "2026-02-28T06:00:00Z"),
    ("month", 31, 9, "2026-02-28T06:00:00Z", "2026-03-31T06:00:00Z"),
  ]) func `goes by the programme's clock`(word: String, number: Int, hour: Int, after: String, next: String) throws {
    let rhythm = try #require(ReportRhythm(word: word, day: number, hour: hour))
    #expect(rhythm.next(after: try #require(Instant(after)), in: .moscow) == Instant(next))
  }

  @Test func `keeps its hour when the clocks are put forward and back, once each day`() throws {
    let rhythm = try #require(ReportRhythm(.day, hour: 2))
    var (at, seen) = (try #require(Instant("2026-03-27T12:00:00Z")), [String]())
    for _ in 0..<3 {
      at = rhythm.next(after: at, in: Self.berlin)
      seen.append(at.text)
    }
    // There is no 02:00 on the 29th: it is sent at 03:00.
    #expect(seen == ["2026-03-28T01:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"])
    at = try #require(Instant("2026-10-24T12:00:00Z"))
    seen = []
    for _ in 0..<2 {
      at = rhythm.next(after: at, in: Self.berlin)
      seen.append(at.text)
    }
    #expect(seen == ["2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z"])
  }

  @Test func `has hours and days that exist`() {
    #expect(ReportRhythm(.day, hour: 24) == nil && ReportRhythm(.week(0), hour: 1) == nil && ReportRhythm(.week(8), hour: 1) == nil)
    #expect(ReportRhythm(.month(32), hour: 1) == nil && ReportRhythm(word: "year", day: 1, hour: 1) == nil)
  }
}
