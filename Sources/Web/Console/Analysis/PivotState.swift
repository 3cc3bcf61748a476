import Cube
import Insight
import Kernel

/// A pivot as it stands in the address of its page, and the addresses that lead on from it.
struct PivotState {
  static let path = "/console/analysis"
  enum Side: String, CaseIterable { case rows, columns, values }

  var pivot: Pivot
  /// Days that move on with the calendar; the pivot has what they are today.
  var period: RelativePeriod?
  /// Nil: what suits it.
  var chart: ChartKind?
  /// The saved report that it began with.
  var report: SavedReportID?
  /// The dimension whose filter is open, and what is searched among its words.
  var open: Dimension?
  var search = ""

  /// What one sees who comes without a question: departments in the last four whole weeks.
  static func first(_ today: CivilDay) -> PivotState {
    var pivot = Pivot(rows: [.department], values: [.sales, .receipts, .members, .averageReceipt])
    pivot.order = .value(.sales, isDescending: true)
    return PivotState(ReportForm(pivot, period: .lastDays(28)), today: today)
  }

  /// A form as it is today.
  init(_ form: ReportForm, of report: SavedReportID? = nil, today: CivilDay) {
    (pivot, period, chart) = (form.pivot(on: today), form.period, form.chart)
    self.report = report
  }

  var form: ReportForm { ReportForm(pivot, period: period, chart: chart) }

  /// What pages and forms carry a question in.
  static let fields = ["q", "before", "period", "chart", "report"]

  /// - Throws: `Problem.invalid` for an address that somebody changed, and for days and numbers that nobody can read.
  init(_ query: [String: String], today: CivilDay) throws(Problem) {
    open = query["filter"].flatMap(Dimension.init(rawValue:))
    search = String((query["find"] ?? "").prefix(Limits.name))
    if let text = query["q"] {
      do {
        pivot = try PivotForm.pivot(JSON.parse(text))
      } catch let problem as Problem {
        throw problem
      } catch {
        throw Problem(.invalid, "invalid_input", "the address of this page was cut off; begin at \(Self.path)")
      }
      // So addresses said it while there was nothing to choose.
      if query["before"] == "on", pivot.compare == nil { pivot.compare = .previous }
      period = query["period"].flatMap(RelativePeriod.init)
      if let days = period?.days(on: today) { (pivot.first, pivot.last) = (days.lowerBound, days.upperBound) }
      chart = query["chart"].flatMap(ChartKind.init(rawValue:))
      report = query["report"].flatMap { SavedReportID($0) }
    } else {
      let (open, search) = (open, search)
      self = Self.first(today)
      (self.open, self.search) = (open, search)
    }
    try take(query)
  }

  init(pivot: Pivot) { self.pivot = pivot }

  /// The question without days that follow from the period.
  var json: String {
    var kept = pivot
    if period != nil { (kept.first, kept.last) = (nil, nil) }
    return PivotForm.json(kept).compact
  }

  /// Everything but the question, as names and values of an address or a form.
  var others: [(name: String, value: String)] {
    [
      ("period", period?.text), ("chart", chart?.rawValue), ("report", report.map { "\($0)" }),
    ].compactMap { name, value in value.map { (name, $0) } }
  }

  /// With its `?`.
  var query: String {
    "?q=" + queryText(json) + others.map { "&\($0.name)=\(queryText($0.value))" }.joined()
      + (open.map { "&filter=" + queryText($0.rawValue) } ?? "") + (search.isEmpty ? "" : "&find=" + queryText(search))
  }

  /// The same in a form.
  var hidden: Markup {
    let fields = [(name: "q", value: json)] + others
    return Markup(fields.map { field -> Markup in "<input type=\"hidden\" name=\"\(field.name)\" value=\"\(field.value)\">" })
  }

  /// What `pivot.js` puts another question to.
  var base: String {
    others.isEmpty ? Self.path : Self.path + "?" + others.map { "\($0.name)=\(queryText($0.value))" }.joined(separator: "&")
  }

  var address: String { Self.path + query }

  func with(_ change: (inout PivotState) -> Void) -> PivotState {
    var next = self
    (next.open, next.search) = (nil, "")
    change(&next)
    // What rows were sorted by may be gone, and so may rows that the top was of.
    if case .value(let measure, _) = next.pivot.order, !next.pivot.values.contains(measure) { next.pivot.order = .natural }
    if next.pivot.rows.isEmpty { next.pivot.top = nil }
    if next.pivot.past == nil { next.pivot.compare = nil }
    return next
  }

  func without(_ side: Side, _ place: Int) -> PivotState {
    with { state in
      switch side {
      case .rows: state.pivot.rows.remove(at: place)
      case .columns: state.pivot.columns.remove(at: place)
      case .values: state.pivot.values.remove(at: place)
      }
    }
  }

  func adding(_ dimension: Dimension, to side: Side) -> PivotState {
    with { state in
      state.pivot.rows.removeAll { $0 == dimension }
      state.pivot.columns.removeAll { $0 == dimension }
      // Of those of which a line can have many only one is shown.
      if dimension.isMany {
        state.pivot.rows.removeAll(where: \.isMany)
        state.pivot.columns.removeAll(where: \.isMany)
      }
      if side == .rows { state.pivot.rows.append(dimension) } else { state.pivot.columns.append(dimension) }
    }
  }

  func adding(_ measure: Measure) -> PivotState { with { $0.pivot.values.append(measure) } }

  func sorted(by measure: Measure) -> PivotState {
    with { state in
      let isDown = state.pivot.order == .value(measure, isDescending: true)
      state.pivot.order = .value(measure, isDescending: !isDown)
    }
  }

  /// Nil: all days.
  func lasting(_ period: RelativePeriod?, today: CivilDay) -> PivotState {
    with { state in
      let days = period?.days(on: today)
      state.period = period
      (state.pivot.first, state.pivot.last) = (days?.lowerBound, days?.upperBound)
    }
  }

  func drawn(as chart: ChartKind) -> PivotState { with { $0.chart = chart } }

  /// Everything that its page shows.
  var dimensions: Set<Dimension> { open.map { pivot.dimensions.union([$0]) } ?? pivot.dimensions }

  /// True where there are days to set against other days.
  var canCompare: Bool { pivot.canStandBesideOtherDays && pivot.days != nil }

  /// Only what lies in one cell.
  func inside(_ labels: [String], _ column: [String]) -> [Pivot.Filter] {
    zip(pivot.rows, labels).map { Pivot.Filter($0, [$1]) } + zip(pivot.columns, column).map { Pivot.Filter($0, [$1]) }
  }
}
