import Cube
import Insight
import Kernel

/// What of a pivot's answer is drawn: its first value, by the first dimension, in as many series as there are colours.
struct ChartData {
  /// Bars of one chart; a line may have more points.
  static let bars = 20
  static let points = 400

  let kind: ChartKind
  let labels: [String]
  let series: [PivotChart.Series]
  let measure: Measure
  /// Categories and series that found no room.
  let hidden: Int
  let hiddenSeries: Int

  /// Nil where there is nothing to draw.
  init?(_ table: PivotTable, _ names: PivotNames, as wanted: ChartKind, total: String) {
    let pivot = table.pivot
    guard wanted != .none, let measure = pivot.values.first else { return nil }
    let isAcross = pivot.rows.isEmpty
    guard !isAcross || !pivot.columns.isEmpty else { return nil }
    let kind: ChartKind = wanted == .stacked && !(measure.addsUp && Self.hasParts(pivot)) ? .bars : wanted
    // Categories: the first level of rows, or of columns where there are none.
    let places =
      isAcross
      ? table.columns.indices.filter { table.columns[$0].count == 1 }
      : table.rows.indices.filter { table.rows[$0].labels.count == 1 }
    let shown = kind == .line ? Array(places.suffix(Self.points)) : Array(places.prefix(Self.bars))
    guard !shown.isEmpty else { return nil }
    let axis = isAcross ? pivot.columns[0] : pivot.rows[0]
    labels = shown.map { place in names.text(isAcross ? table.columns[place][0] : table.rows[place].labels[0], axis) }
    hidden = places.count - shown.count
    let all = isAcross ? Self.alone(table, shown, measure, total) : Self.series(table, names, shown, measure, total)
    series = Array(all.prefix(PivotChart.colours))
    hiddenSeries = all.count - series.count
    (self.kind, self.measure) = (kind, measure)
  }

  /// True where the series are parts of a whole: none of them counts what another does.
  static func hasParts(_ pivot: Pivot) -> Bool {
    guard !pivot.rows.isEmpty, let parts = pivot.columns.first ?? pivot.rows.dropFirst().first else { return false }
    return !parts.isMany
  }

  /// One series over columns.
  private static func alone(_ table: PivotTable, _ places: [Int], _ measure: Measure, _ total: String) -> [PivotChart.Series] {
    [PivotChart.Series(name: total, values: places.map { table.value(measure, row: 0, column: $0) })]
  }

  /// A series for each member of the first dimension of columns, or of the second of rows; else one. The largest first.
  private static func series(
    _ table: PivotTable, _ names: PivotNames, _ rows: [Int], _ measure: Measure, _ total: String
  ) -> [PivotChart.Series] {
    let pivot = table.pivot
    let whole = table.columns.firstIndex(where: \.isEmpty) ?? 0
    if let dimension = pivot.columns.first {
      let columns = table.columns.indices.filter { table.columns[$0].count == 1 }
      let ranked =
        dimension.isTime
        ? Array(columns.suffix(PivotChart.colours))
        : columns.sorted { a, b in
          (table.value(measure, row: 0, column: a) ?? 0, b) > (table.value(measure, row: 0, column: b) ?? 0, a)
        }
      return ranked.map { column in
        PivotChart.Series(
          name: names.text(table.columns[column][0], dimension),
          values: rows.map { table.value(measure, row: $0, column: column) })
      }
    }
    guard pivot.rows.count > 1 else {
      return [PivotChart.Series(name: total, values: rows.map { table.value(measure, row: $0, column: whole) })]
    }
    return inner(table, names, rows, measure, whole)
  }

  /// By the second dimension of rows.
  private static func inner(
    _ table: PivotTable, _ names: PivotNames, _ rows: [Int], _ measure: Measure, _ whole: Int
  ) -> [PivotChart.Series] {
    let place = Dictionary(rows.enumerated().map { (table.rows[$1].labels[0], $0) }, uniquingKeysWith: { first, _ in first })
    var found: [String: [Int64?]] = [:]
    var sums: [String: Int64] = [:]
    for (index, row) in table.rows.enumerated() where row.labels.count == 2 {
      guard let at = place[row.labels[0]], let value = table.value(measure, row: index, column: whole) else { continue }
      found[row.labels[1], default: Array(repeating: nil, count: rows.count)][at] = value
      sums[row.labels[1], default: 0] += value
    }
    return found.keys.sorted { (sums[$0] ?? 0, $1) > (sums[$1] ?? 0, $0) }.map { label in
      PivotChart.Series(name: names.text(label, table.pivot.rows[1]), values: found[label] ?? [])
    }
  }
}

extension Measure {
  /// Parts of it come to the whole, so that they may stand upon one another.
  var addsUp: Bool {
    [.sales, .discount, .reduced, .paidWithPoints, .pointsSpent, .pointsEarned, .pointsExpired, .units, .lines, .cost, .margin]
      .contains(
        self)
  }
}

extension ChartData {
  func chart(title: String, _ reader: Reader) -> PivotChart {
    let measure = measure
    let said = labels.map { label in CivilDay(label).map { reader.day($0) } ?? label }
    return PivotChart(
      kind: kind == .line ? .line : kind == .stacked ? .stacked : .bars, labels: said, series: series, title: title,
      figure: { reader.short($0, measure) }, axis: { reader.short($0, measure) })
  }
}

extension Reader {
  /// A value of a pivot as short as it can be said.
  func short(_ value: Int64, _ measure: Measure) -> String {
    measure.unit == .money
      ? axis(Money(minor: value)) : figure(value, measure) + (measure.unit == .percent ? "\u{a0}%" : "")
  }
}
