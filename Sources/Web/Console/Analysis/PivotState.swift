import Cube
import Insight
import Kernel

/// A pivot as it stands in the address of its page, and the addresses that lead on from it.
struct PivotState {
  static let path = "/console/analysis"
  /// Lengths of periods that can be chosen. Multiples of a week: a Saturday is compared with a Saturday.
  static let lengths = [7, 28, 84, 364]

  enum Side: String, CaseIterable { case rows, columns, values }

  var pivot: Pivot
  /// Beside the days before, of the same length.
  var compares = false
  /// The dimension whose filter is open.
  var open: Dimension?

  /// What one sees who comes without a question: departments in the last four whole weeks.
  static func first(_ today: CivilDay) -> PivotState {
    var pivot = Pivot(rows: [.department], values: [.sales, .receipts, .members, .averageReceipt])
    pivot.order = .value(.sales, isDescending: true)
    (pivot.first, pivot.last) = (today.adding(days: -28), today.adding(days: -1))
    return PivotState(pivot: pivot)
  }

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
  }

  init(pivot: Pivot) { self.pivot = pivot }

  var json: String { PivotForm.json(pivot).compact }

  /// With its `?`.
  var query: String {
    "?q=" + queryText(json) + (compares ? "&before=on" : "") + (open.map { "&filter=" + $0.rawValue } ?? "")
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

  func lasting(_ length: Int?, today: CivilDay) -> PivotState {
    with { state in
      state.pivot.first = length.map { today.adding(days: -$0) }
      state.pivot.last = length.map { _ in today.adding(days: -1) }
    }
  }

  /// The same length of days before; only where the days are bounded and no row or column tells days apart.
  var before: Pivot? {
    guard let first = pivot.first, let last = pivot.last, canCompare else { return nil }
    let length = last - first + 1
    var before = pivot
    (before.first, before.last) = (first.adding(days: -length), last.adding(days: -length))
    return before
  }

  /// Everything that its page shows.
  var dimensions: Set<Dimension> { open.map { pivot.dimensions.union([$0]) } ?? pivot.dimensions }

  var canCompare: Bool {
    let dated: Set<Dimension> = [.year, .quarter, .month, .week, .day]
    return pivot.first != nil && pivot.last != nil && dated.isDisjoint(with: pivot.rows + pivot.columns)
  }

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
      pivot: make(rows: [.month], values: [.pointsEarned, .pointsSpent, .paidWithPoints, .discount, .discountShare])),
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
