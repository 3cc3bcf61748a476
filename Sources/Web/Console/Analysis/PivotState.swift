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
  /// Beside the days before, of the same length.
  var compares = false
  /// The dimension whose filter is open.
  var open: Dimension?

  /// What one sees who comes without a question: departments in the last four whole weeks.
  static func first(_ today: CivilDay) -> PivotState {
    var pivot = Pivot(rows: [.department], values: [.sales, .receipts, .members, .averageReceipt])
    pivot.order = .value(.sales, isDescending: true)
    return PivotState(ReportForm(pivot, period: .lastDays(28)), today: today)
  }

  /// A form as it is today.
  init(_ form: ReportForm, of report: SavedReportID? = nil, today: CivilDay) {
    (pivot, period, chart, compares) = (form.pivot(on: today), form.period, form.chart, form.compares)
    self.report = report
  }

  var form: ReportForm { ReportForm(pivot, period: period, chart: chart, compares: compares) }

  /// - Throws: `Problem.invalid` for an address that somebody changed.
  init(_ query: [String: String], today: CivilDay) throws(Problem) {
    guard let text = query["q"] else {
      self = Self.first(today)
      open = query["filter"].flatMap(Dimension.init(rawValue:))
      return
    }
    do {
      pivot = try PivotForm.pivot(JSON.parse(text))
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(.invalid, "invalid_input", "the address of this page was cut off; begin at \(Self.path)")
    }
    compares = query["before"] == "on"
    open = query["filter"].flatMap(Dimension.init(rawValue:))
    period = query["period"].flatMap(RelativePeriod.init)
    if let days = period?.days(on: today) { (pivot.first, pivot.last) = (days.lowerBound, days.upperBound) }
    chart = query["chart"].flatMap(ChartKind.init(rawValue:))
    report = query["report"].flatMap { SavedReportID($0) }
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
      ("period", period?.text), ("chart", chart?.rawValue), ("before", compares ? "on" : nil), ("report", report.map { "\($0)" }),
    ].compactMap { name, value in value.map { (name, $0) } }
  }

  /// With its `?`.
  var query: String {
    "?q=" + queryText(json) + others.map { "&\($0.name)=\(queryText($0.value))" }.joined()
      + (open.map { "&filter=" + $0.rawValue } ?? "")
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
    next.open = nil
    change(&next)
    // What rows were sorted by may be gone, and so may rows that the top was of.
    if case .value(let measure, _) = next.pivot.order, !next.pivot.values.contains(measure) { next.pivot.order = .natural }
    if next.pivot.rows.isEmpty { next.pivot.top = nil }
    if !next.canCompare { next.compares = false }
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

  var canCompare: Bool { pivot.before != nil }

  /// Only what lies in one cell.
  func inside(_ labels: [String], _ column: [String]) -> [Pivot.Filter] {
    zip(pivot.rows, labels).map { Pivot.Filter($0, [$1]) } + zip(pivot.columns, column).map { Pivot.Filter($0, [$1]) }
  }
}

/// Questions to begin with.
struct ReadyPivot {
  let name: LocalText
  let pivot: Pivot

  static let all: [ReadyPivot] = [
    ReadyPivot(
      name: LocalText(ru: "Разделы по месяцам", en: "Departments by month"),
      pivot: make(rows: [.department], columns: [.month], values: [.sales], sort: .sales)),
    ReadyPivot(
      name: LocalText(ru: "Магазины", en: "Stores"),
      pivot: make(rows: [.store], values: [.sales, .receipts, .members, .averageReceipt, .unitsPerReceipt], sort: .sales, top: 50)),
    ReadyPivot(
      name: LocalText(ru: "Часы и дни недели", en: "Hours and weekdays"),
      pivot: make(rows: [.hour], columns: [.weekday], values: [.receipts])),
    ReadyPivot(
      name: LocalText(ru: "Новые покупатели", en: "New members"),
      pivot: make(rows: [.month], values: [.newMembers, .members, .visits, .visitsPerMember, .perMember])),
    ReadyPivot(
      name: LocalText(ru: "С картой и без", en: "With and without a card"),
      pivot: make(rows: [.month], columns: [.card], values: [.sales, .receipts, .averageReceipt])),
    ReadyPivot(
      name: LocalText(ru: "Акции", en: "Promotions"),
      pivot: make(
        rows: [.promotion], values: [.sales, .discount, .pointsEarned, .receipts, .members, .averageReceipt], sort: .discount)),
    ReadyPivot(
      name: LocalText(ru: "Ценовые ступени", en: "Price bands"),
      pivot: make(rows: [.priceBand], columns: [.priceLevel], values: [.sales, .units])),
    ReadyPivot(
      name: LocalText(ru: "Возраст и пол", en: "Age and sex"),
      pivot: make(rows: [.age], columns: [.sex], values: [.sales, .members, .averageReceipt])),
    ReadyPivot(
      name: LocalText(ru: "Уровни", en: "Tiers"),
      pivot: make(rows: [.tier], columns: [.month], values: [.sales, .members])),
    ReadyPivot(
      name: LocalText(ru: "Товары", en: "Products"),
      pivot: make(rows: [.product], values: [.sales, .units, .price, .members, .discountShare], sort: .sales, top: 50)),
    ReadyPivot(
      name: LocalText(ru: "Баллы по месяцам", en: "Points by month"),
      pivot: make(
        rows: [.month], values: [.pointsEarned, .pointsSpent, .pointsExpired, .paidWithPoints, .discount, .discountShare])),
  ]

  private static func make(
    rows: [Dimension], columns: [Dimension] = [], values: [Measure], sort: Measure? = nil, top: Int? = nil
  ) -> Pivot {
    var pivot = Pivot(rows: rows, columns: columns, values: values)
    if let sort { pivot.order = .value(sort, isDescending: true) }
    pivot.top = top
    return pivot
  }
}
