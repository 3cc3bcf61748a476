import Insight
import Kernel

/// The chart of a part of a report: a bar for each row, drawn on the server. Its table says the same, so readers of screens skip it.
struct ReportChart {
  private static let bars = 30

  let part: ReportSheet.Part
  let reader: Reader

  /// Nothing where there is no chart, or nothing to draw.
  var html: Markup? {
    switch part.chart {
    case nil: nil
    case .bars(let column, let against): bars(column, against)
    case .days(let column, let before): days(column, before)
    case .steps(let column): steps(column)
    }
  }

  private var rows: ArraySlice<[ReportSheet.Cell]> { part.rows.dropLast(part.totals).prefix(Self.bars) }

  private func value(_ cell: ReportSheet.Cell) -> Int64 {
    switch cell {
    case .number(let value), .value(let value, _): value
    case .empty, .word, .text, .month, .day: 0
    }
  }

  private func bars(_ column: Int, _ against: Int?) -> Markup? {
    let most = rows.map { row in max(value(row[column]), against.map { value(row[$0]) } ?? 0) }.max() ?? 0
    guard most > 0 else { return nil }
    let bars = rows.map { row -> Markup in
      let width = Self.place(max(0, value(row[column])), most)
      let before = against.map { column -> Markup in
        "<rect class=\"ink before\" x=\"0\" y=\"8\" width=\"\(Self.place(max(0, value(row[column])), most))\" height=\"3\"/>"
      }
      return line(
        row, column, "<rect class=\"ink\" x=\"0\" y=\"1\" width=\"\(width)\" height=\"\(against == nil ? "10" : "6")\"/>\(before)")
    }
    let legend = against.map { before -> Markup in
      """
      <ul class="legend"><li><i class="key"></i>\(reader(part.columns[column].title))</li>\
      <li><i class="key before"></i>\(reader(part.columns[before].title))</li></ul>
      """
    }
    return "<div class=\"panel-body bar-chart\" aria-hidden=\"true\">\(legend)\(bars)</div>"
  }

  private func days(_ column: Int, _ before: Int) -> Markup? {
    let rows = Array(part.rows.reversed())
    guard rows.count > 1 else { return nil }
    let labels = (0...4).map { step -> String in
      if case .day(let day) = rows[(rows.count - 1) * step / 4][0] { reader.day(day) } else { "" }
    }
    let line = LineChart(
      values: rows.map { value($0[column]) }, before: rows.map { value($0[before]) }, labels: labels, title: reader(part.title),
      table: "t-\(part.code)"
    ) { [reader] value in reader.axis(Money(minor: value)) }
    return """
      <div class="panel-body stack"><ul class="legend"><li><i class="key"></i>\(reader(part.columns[column].title))</li>\
      <li><i class="key dash"></i>\(reader(part.columns[before].title))</li></ul>\(line.html)</div>
      """
  }

  /// Each begins where the one before ended, so that together they lead from nought to their sum.
  private func steps(_ column: Int) -> Markup? {
    let steps = ReportSteps(part, column)
    let (least, most) = (steps.least, steps.most)
    guard most > least else { return nil }
    let zero = Self.place(-least, most - least)
    let bars = zip(part.rows, steps.all).map { row, span -> Markup in
      let (low, high) = (min(span.0, span.1), max(span.0, span.1))
      let style = span.1 >= span.0 ? "up" : "down"
      return line(
        row, column,
        """
        <path class="axis" d="M\(zero) 0V12"/><rect class="ink \(style)" x="\(Self.place(low - least, most - least))" y="1" \
        width="\(Self.place(high - low, most - least))" height="10"/>
        """)
    }
    return "<div class=\"panel-body bar-chart\" aria-hidden=\"true\">\(bars)</div>"
  }

  private func line(_ row: [ReportSheet.Cell], _ column: Int, _ drawing: Markup) -> Markup {
    """
    <div><span class="truncate">\(reader.cell(row[0], part.columns[0].unit))</span>\
    <svg class="svg-chart" viewBox="0 0 100 12" preserveAspectRatio="none">\(drawing)</svg>\
    <span class="num">\(reader.cell(row[column], part.columns[column].unit))</span></div>
    """
  }

  /// Hundredths of the width.
  private static func place(_ value: Int64, _ most: Int64) -> String {
    Decimal.text(scaled(value, by: 10_000, over: most, .halfUp), digits: 2)
  }
}

/// Where the steps of a part begin and end: each where the one before ended, totals from nought.
struct ReportSteps {
  let all: [(Int64, Int64)]
  let least: Int64
  let most: Int64

  init(_ part: ReportSheet.Part, _ column: Int) {
    let values = part.rows.map { row -> Int64 in
      switch row[column] {
      case .number(let value), .value(let value, _): value
      case .empty, .word, .text, .month, .day: 0
      }
    }
    var (level, spans) = (Int64(0), [(Int64, Int64)]())
    for (place, value) in values.enumerated() {
      let isTotal = place >= values.count - part.totals
      spans.append(isTotal ? (0, value) : (level, level + value))
      if !isTotal { level += value }
    }
    all = spans
    least = spans.reduce(Int64(0)) { min($0, $1.0, $1.1) }
    most = spans.reduce(Int64(0)) { max($0, $1.0, $1.1) }
  }
}
