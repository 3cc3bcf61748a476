import Insight
import Kernel

/// A part of a ready report as one SVG for light paper: bars and lines as a pivot's, steps of what changed sales, and a table for what has no
/// chart, warm cells darker.
struct ReadyDrawing {
  let part: ReportSheet.Part
  let title: String
  let reader: Reader

  private static let bars = 20
  private static let (rows, columns) = (18, 8)
  private static let (width, ink, faint) = (640, "#1d1b18", "#6b655c")

  /// Nil where there is nothing to draw.
  var svg: String? {
    switch part.chart {
    case .bars(let column, let against): chart(.bars, Array(body.prefix(Self.bars)), [column] + (against.map { [$0] } ?? []))
    case .days(let column, let before): chart(.line, body.reversed(), [column, before])
    case .steps(let column): steps(column)
    case nil: part.rows.isEmpty ? nil : paper(table.drawn, table.height)
    }
  }

  private var body: ArraySlice<[ReportSheet.Cell]> { part.rows.dropLast(part.totals) }

  private func value(_ cell: ReportSheet.Cell) -> Int64? {
    switch cell {
    case .number(let value), .value(let value, _): value
    case .empty, .word, .text, .month, .day: nil
    }
  }

  private func chart(_ kind: PivotChart.Kind, _ rows: [[ReportSheet.Cell]], _ columns: [Int]) -> String? {
    guard !rows.isEmpty else { return nil }
    let series = columns.map { column in
      PivotChart.Series(name: reader(part.columns[column].title), values: rows.map { value($0[column]) })
    }
    let unit = part.columns[columns[0]].unit
    let labels = rows.map { reader.said($0[0], part.columns[0].unit) }
    let figure: (Int64) -> String = { [reader] value in reader.said(.number(value), unit) }
    return PivotDrawing(
      chart: PivotChart(kind: kind, labels: labels, series: series, title: title, figure: figure, axis: figure), title: title
    ).svg
  }

  // MARK: steps

  private func steps(_ column: Int) -> String? {
    let spans = ReportSteps(part, column)
    guard spans.most > spans.least else { return nil }
    let (left, room, row) = (200, Int64(300), 24)
    func place(_ value: Int64) -> Int { left + Int(scaled(value - spans.least, by: room, over: spans.most - spans.least, .halfUp)) }
    let drawn = zip(part.rows, spans.all).enumerated().map { index, pair -> Markup in
      let (cells, span) = pair
      let (y, low, high) = (index * row, min(span.0, span.1), max(span.0, span.1))
      let colour = span.1 >= span.0 ? "#0f6b73" : "#9a4a63"
      return """
        <text x="\(left - 8)" y="\(y + 12)" text-anchor="end" fill="\(Self.ink)">\(cut(reader.said(cells[0], part.columns[0].unit), 26))</text>\
        <rect x="\(place(low))" y="\(y)" width="\(max(1, place(high) - place(low)))" height="16" fill="\(colour)"/>\
        <text x="\(place(high) + 8)" y="\(y + 12)" fill="\(Self.faint)">\(reader.said(cells[column], part.columns[column].unit))</text>
        """
    }
    let axis: Markup = "<path d=\"M\(place(0)) 0V\(part.rows.count * row)\" stroke=\"#e6e2da\"/>"
    return paper("\(axis)\(Markup(drawn))", part.rows.count * row)
  }

  // MARK: a table

  private var table: (drawn: Markup, height: Int) {
    let count = min(part.columns.count, Self.columns)
    let (left, row) = (180, 22)
    let each = (Self.width - left - 16) / max(1, count - 1)
    let heats = part.columns.indices.map { ReportHeat(part, column: $0, whole: true) }
    let heads = (1..<max(1, count)).map { column -> Markup in
      "<text x=\"\(left + column * each - 6)\" y=\"14\" text-anchor=\"end\" font-size=\"10\" fill=\"\(Self.faint)\">\(cut(reader(part.columns[column].title), max(6, each / 7)))</text>"
    }
    let lines = part.rows.prefix(Self.rows).enumerated().map { index, cells -> Markup in
      let y = (index + 1) * row
      let isTotal = index >= part.rows.count - part.totals
      let drawn = (1..<max(1, count)).map { column -> Markup in
        let warmth = isTotal ? 0 : value(cells[column]).flatMap { heats[column]?.step($0) } ?? 0
        let fill: Markup =
          warmth == 0
          ? .nothing
          : "<rect x=\"\(left + (column - 1) * each)\" y=\"\(y)\" width=\"\(each)\" height=\"\(row)\" fill=\"#0f6b73\" fill-opacity=\"\(Decimal.text(Int64(warmth) * 5, digits: 2))\"/>"
        return
          "\(fill)<text x=\"\(left + column * each - 6)\" y=\"\(y + 15)\" text-anchor=\"end\" fill=\"\(Self.ink)\">\(reader.said(cells[column], part.columns[column].unit))</text>"
      }
      let weight: Markup = isTotal ? " font-weight=\"bold\"" : .nothing
      return
        "<g\(weight)><text x=\"16\" y=\"\(y + 15)\" fill=\"\(Self.ink)\">\(cut(reader.said(cells[0], part.columns[0].unit), 24))</text>\(drawn)</g>"
    }
    return ("\(heads)\(lines)", (lines.count + 1) * row)
  }

  private func cut(_ text: String, _ length: Int) -> String { text.count > length ? String(text.prefix(length - 1)) + "…" : text }

  private func paper(_ drawn: Markup, _ tall: Int) -> String {
    let height = tall + 60
    let whole: Markup = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width)" height="\(height)" viewBox="0 0 \(Self.width) \(height)" \
      font-family="DejaVu Sans, sans-serif" font-size="12"><rect width="\(Self.width)" height="\(height)" fill="#ffffff"/>\
      <text x="16" y="28" font-size="15" font-weight="bold" fill="\(Self.ink)">\(cut(title, 70))</text>\
      <g transform="translate(0 44)">\(drawn)</g></svg>
      """
    return whole.source
  }
}

extension Reader {
  /// A cell of a report in plain text.
  func said(_ cell: ReportSheet.Cell, _ unit: ReportSheet.Unit) -> String {
    switch cell {
    case .empty: "–"
    case .word(let word): self(word)
    case .text(let text): text
    case .month(let month): self.month(month)
    case .day(let day): self.day(day)
    case .number(let value): said(value, unit)
    case .value(let value, let own): said(value, own)
    }
  }

  private func said(_ value: Int64, _ unit: ReportSheet.Unit) -> String {
    switch unit {
    case .text, .count, .own: return number(value)
    case .money: return money(Money(minor: value))
    case .points: return points(Points(units: value))
    case .quantity: return decimal(divided(value, by: 10, .halfUp), digits: 2)
    case .percent: return "\(decimal(divided(value, by: 1_000, .halfUp), digits: 1))\u{a0}%"
    case .change, .difference:
      let permille = divided(value, by: 1_000, .halfUp)
      let sign = if case .difference = unit { self("п.\u{a0}п.", "pp") } else { "%" }
      return "\(signed(decimal(permille, digits: 1), isPositive: permille > 0))\u{a0}\(sign)"
    }
  }
}
