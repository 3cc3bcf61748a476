import Insight
import Kernel

/// A report and its days, as they stand in the address of its page.
struct ReportState: Sendable {
  static let path = PivotState.path + "/reports"

  let name: ReportName
  let period: ReportPeriod
  let today: CivilDay
  /// Two segments instead of two periods.
  let segments: SegmentPair?

  /// - Throws: `Problem.notFound` and `Problem.invalid` for an address that somebody changed.
  init(_ name: String, _ query: [String: String], today: CivilDay) throws(Problem) {
    self.name = try ReportName(named: name)
    self.today = today
    let pair = (query["segment"] ?? "", query["against"] ?? "")
    segments = pair.0.isEmpty || pair.1.isEmpty ? nil : try SegmentPair(pair.0, against: pair.1)
    guard query["from"] ?? query["to"] != nil else {
      period = ReportPeriod(today.adding(days: -self.name.usualDays)...today.adding(days: -1))
      return
    }
    guard let from = query["from"].flatMap({ CivilDay($0) }), let to = query["to"].flatMap({ CivilDay($0) }), from <= to else {
      throw Problem(
        .invalid, "invalid_input", "from and to are days such as 2026-11-01, the first not after the last",
        cashier: LocalText(
          ru: "Период – это две даты, первая не позже второй", en: "A period is two days, the first not after the second"))
    }
    period = ReportPeriod(from...to)
  }

  static func path(_ name: ReportName) -> String { "\(path)/\(name.rawValue)" }

  static func query(_ days: ClosedRange<CivilDay>) -> String { "?from=\(days.lowerBound)&to=\(days.upperBound)" }

  var query: String { Self.query(period.days) + segmentQuery }

  /// Behind the days.
  var segmentQuery: String {
    segments.map { "&segment=\(queryText($0.one))&against=\(queryText($0.other))" } ?? ""
  }

  /// Periods to choose from: whole weeks that end yesterday, the month so far and the last whole one.
  func choices(_ reader: Reader) -> [(name: String, days: ClosedRange<CivilDay>)] {
    let yesterday = today.adding(days: -1)
    let month = today.firstOfMonth
    let before = month.adding(days: -1)
    var choices = [28, 84, 364].map { length in
      (
        length == 364 ? reader("52 недели", "52 weeks") : reader.count(length, ("день", "дня", "дней"), ("day", "days")),
        today.adding(days: -length)...yesterday
      )
    }
    if month <= yesterday { choices.append((reader.month(month), month...yesterday)) }
    choices.append((reader.month(before), before.firstOfMonth...before))
    return choices
  }
}
