import Cube
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
  /// As a pivot has them.
  var filters: [Pivot.Filter]
  /// The saved report that it began with.
  var saved: SavedReportID?
  /// The dimension whose filter is open, and what is searched among its words.
  var open: Dimension?
  var search = ""

  /// What its forms carry it in.
  static let fields = ["from", "to", "segment", "against", "where", "saved"]

  /// - Throws: `Problem.notFound` and `Problem.invalid` for an address that somebody changed.
  init(_ name: String, _ query: [String: String], today: CivilDay) throws(Problem) {
    let known = try ReportName(named: name)
    (self.name, self.today) = (known, today)
    filters = try query["where"].map(Self.filters) ?? []
    try known.check(filters)
    open = query["filter"].flatMap(Dimension.init(rawValue:)).flatMap { known.canBeFiltered(by: $0) ? $0 : nil }
    search = String((query["find"] ?? "").prefix(Limits.name))
    saved = query["saved"].flatMap { SavedReportID($0) }
    let pair = (query["segment"] ?? "", query["against"] ?? "")
    segments = pair.0.isEmpty || pair.1.isEmpty ? nil : try SegmentPair(pair.0, against: pair.1)
    guard query["from"] ?? query["to"] != nil else {
      period = ReportPeriod(today.adding(days: -known.usualDays)...today.adding(days: -1))
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

  /// A saved report as it is today.
  init(_ form: ReadyForm, of saved: SavedReportID, today: CivilDay) {
    (name, period, segments, filters) = (form.name, form.period(on: today), form.segments, form.filters)
    (self.saved, self.today) = (saved, today)
  }

  /// What is kept of it.
  /// - Parameter period: nil: its days stand still.
  func form(_ period: RelativePeriod?) -> ReadyForm {
    ReadyForm(name, period.map { .moving($0) } ?? .fixed(self.period.days), between: segments, where: filters)
  }

  static func path(_ name: ReportName) -> String { "\(path)/\(name.rawValue)" }

  static func query(_ days: ClosedRange<CivilDay>) -> String { "?from=\(days.lowerBound)&to=\(days.upperBound)" }

  private static func filters(_ text: String) throws(Problem) -> [Pivot.Filter] {
    let json: JSON
    do { json = try JSON.parse(text) } catch {
      throw Problem(.invalid, "invalid_input", "the address of this page was cut off; begin at \(path)")
    }
    return try PivotForm.filters(json)
  }

  /// Behind the days; nothing where nothing is filtered.
  static func query(_ filters: [Pivot.Filter]) -> String {
    filters.isEmpty ? "" : "&where=" + queryText(PivotForm.json(filters).compact)
  }

  var query: String { Self.query(period.days) + more }

  /// Behind the days.
  var more: String { segmentQuery + Self.query(filters) + (saved.map { "&saved=\($0)" } ?? "") }

  /// With the form of a filter, where one is open.
  var address: String {
    Self.path(name) + query + (open.map { "&filter=" + queryText($0.rawValue) } ?? "")
      + (search.isEmpty ? "" : "&find=" + queryText(search))
  }

  /// What the cube has to know for its page.
  var dimensions: Set<Dimension> { Set(filters.map(\.dimension) + (open.map { [$0] } ?? [])) }

  /// The same in a form.
  var hidden: Markup {
    let days = [("from", "\(period.days.lowerBound)"), ("to", "\(period.days.upperBound)")]
    return Self.hidden(days + behind)
  }

  /// The same but for the days.
  var hiddenMore: Markup { Self.hidden(behind) }

  private var behind: [(String, String)] {
    let pair = segments.map { [("segment", $0.one), ("against", $0.other)] } ?? []
    return pair + (filters.isEmpty ? [] : [("where", PivotForm.json(filters).compact)]) + (saved.map { [("saved", "\($0)")] } ?? [])
  }

  private static func hidden(_ fields: [(String, String)]) -> Markup {
    Markup(fields.map { name, value -> Markup in "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">" })
  }

  func with(_ change: (inout ReportState) -> Void) -> ReportState {
    var next = self
    (next.open, next.search) = (nil, "")
    change(&next)
    return next
  }

  private var segmentQuery: String {
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
