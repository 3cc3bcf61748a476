import Cube
import Insight
import Kernel

/// One tile of a dashboard.
struct DashboardTilePanel {
  /// Rows of a table; the report has all of them.
  private static let rows = 8
  /// Bars of a chart.
  private static let bars = 12

  let tile: DashboardTile
  let shown: DashboardDesk.Shown
  let days: ClosedRange<CivilDay>
  let id: String
  let visit: Visit

  private var reader: Reader { visit.reader }

  var html: Markup {
    switch shown {
    case .figure(let measure, let cells, _): figure(measure, cells)
    case .ready(let sheet, let part):
      panel(
        reader(sheet.name.tileParts.count == 1 ? sheet.name.title : part.title),
        link: ReportState.path(sheet.name) + ReportState.query(days) + ReportState.query(sheet.filters.map(\.filter)),
        note: sheet.filters.isEmpty ? nil : sheet.filters.map { reader($0.text) }.joined(separator: "; "), ready(part))
    case .saved(let report, let table, let before, let names, _):
      panel(
        report.details.name, link: "\(PivotState.path)?report=\(report.id)",
        note: ReportWords.period(report.details.question, reader),
        saved(report, table, before, names))
    case .kept(let report, _, let part):
      panel(
        report.details.name, link: "\(PivotState.path)?report=\(report.id)",
        note: "\(reader(part.title)) · \(ReportWords.period(report.details.question, reader))", ready(part))
    case .note(let text): "<li class=\"panel tile w\(tile.width)\"><p class=\"panel-body tile-note\">\(text)</p></li>"
    case .closed:
      panel(
        name, link: nil, note: nil,
        quiet(
          reader("Отчёт в архиве или вам не открыт.", "The report is in the archive, or not shared with you.")))
    case .nothing: panel(name, link: nil, note: nil, quiet(reader("Пока показывать нечего.", "There is nothing to show yet.")))
    case .refused(let problem): panel(name, link: nil, note: nil, Notice.refusal(problem, reader))
    }
  }

  /// Of a tile whose content cannot be told.
  private var name: String {
    switch tile.content {
    case .figure(let measure): reader(measure.title)
    case .ready(let report, _, _): reader(report.title)
    case .saved: reader("Сохранённый отчёт", "A saved report")
    case .note: reader("Пояснение", "Note")
    }
  }

  private func quiet(_ text: String) -> Markup { "<p class=\"panel-body soft\">\(text)</p>" }

  private func panel(_ title: String, link: String?, note: String?, _ body: Markup) -> Markup {
    let head: Markup = if let link { "<a href=\"\(link)\">\(title)</a>" } else { "\(title)" }
    let under = note.map { note -> Markup in "<span class=\"soft\">\(note)</span>" }
    return """
      <li class="panel tile w\(tile.width)" aria-labelledby="\(id)"><header class="panel-head"><h2 id="\(id)">\(head)</h2>\(under)</header>\
      \(body)</li>
      """
  }

  // MARK: figures

  private func figure(_ measure: KeyMeasure, _ cells: [ReportSheet.Cell]) -> Markup {
    func cell(_ place: Int, _ unit: ReportSheet.Unit = .own) -> Markup? {
      guard cells.indices.contains(place), cells[place] != .empty else { return nil }
      return reader.cell(cells[place], unit)
    }
    let change = ReportSheet.Unit.change(isGood: measure.isGood)
    let link = ReportState.path(.board) + ReportState.query(days)
    let lines: [Markup?] = [
      line(cell(2, change), reader("к", "to"), cell(1)), line(cell(4, change), reader("год назад", "a year ago"), cell(3)),
      line(cell(6, change), reader("план", "target"), cell(5)),
    ]
    return """
      <li class="panel tile figure w\(tile.width)" aria-labelledby="\(id)"><a class="tile-figure" href="\(link)">\
      <h2 id="\(id)">\(reader(measure.title))</h2><p class="value">\(cell(0) ?? "–")</p></a><ul class="tile-lines">\(lines.compactMap { $0 })</ul></li>
      """
  }

  private func line(_ change: Markup?, _ word: String, _ value: Markup?) -> Markup? {
    guard let value else { return nil }
    return "<li>\(change ?? .nothing) <span class=\"soft\">\(word) \(value)</span></li>"
  }

  // MARK: reports

  private func ready(_ part: ReportSheet.Part) -> Markup {
    if let chart = ReportChart(part: part.first(Self.bars), reader: reader).html { return chart }
    let lines = ReportLines(part: part, reader: reader)
    let totals = part.rows.count - part.totals
    let rows = part.rows.prefix(Self.rows).enumerated().map { index, row in lines.row(row, isTotal: index >= totals) }
    return table("<thead><tr>\(lines.heads)</tr></thead><tbody>\(rows)</tbody>")
  }

  private func table(_ body: Markup) -> Markup {
    "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"\(id)\"><table class=\"table tight pivot report\">\(body)</table></div>"
  }

  private func saved(_ report: SavedReport, _ found: PivotTable, _ before: PivotTable?, _ names: PivotNames) -> Markup {
    let title = reader(found.pivot.values[0].title)
    if let data = ChartData(
      found, names, as: report.details.question.pivot?.drawn ?? ChartKind.suited(to: found.pivot), total: title)
    {
      return "<div class=\"panel-body\">\(data.chart(title: "\(report.details.name): \(title)", reader).html)</div>"
    }
    guard !found.pivot.rows.isEmpty else { return totals(found, before) }
    let pivot = found.pivot
    guard let whole = found.columns.firstIndex(where: \.isEmpty) else { return quiet("–") }
    let shown = found.rows.indices.filter { found.rows[$0].labels.count == 1 }.prefix(Self.rows)
    let rows = shown.map { row -> Markup in
      let cells = pivot.values.map { measure -> Markup in
        let value = found.value(measure, row: row, column: whole).map { reader.figure($0, measure) } ?? "–"
        return "<td class=\"num\">\(value)</td>"
      }
      return "<tr><th scope=\"row\">\(names.text(found.rows[row].labels[0], pivot.rows[0]))</th>\(cells)</tr>"
    }
    let heads = pivot.values.map { "<th scope=\"col\" class=\"num\">\(reader($0.title))</th>" as Markup }
    return table("<thead><tr><th scope=\"col\">\(reader(pivot.rows[0].title))</th>\(heads)</tr></thead><tbody>\(rows)</tbody>")
  }

  /// A pivot without rows: each value in a line.
  private func totals(_ found: PivotTable, _ before: PivotTable?) -> Markup {
    guard let whole = found.columns.firstIndex(where: \.isEmpty) else { return quiet("–") }
    let past = before?.columns.firstIndex(where: \.isEmpty)
    let rows = found.pivot.values.map { measure -> (String, Markup?) in
      let now = found.value(measure, row: 0, column: whole).map { reader.figure($0, measure) } ?? "–"
      let then = past.flatMap { before?.value(measure, row: 0, column: $0) }.map { reader.figure($0, measure) }
      return (reader(measure.title), then.map { "\(now) <span class=\"soft\">\(reader("было", "was")) \($0)</span>" } ?? "\(now)")
    }
    return "<div class=\"panel-body\">\(FactList(rows: rows.map { (name: $0.0, value: $0.1) }).html)</div>"
  }
}

extension ReportSheet.Part {
  /// The same with so many rows and no totals; what is drawn by days or in steps stays whole.
  fileprivate func first(_ count: Int) -> ReportSheet.Part {
    guard case .bars = chart else { return self }
    var part = ReportSheet.Part(code, title, columns, Array(rows.dropLast(totals).prefix(count)))
    (part.note, part.chart) = (note, chart)
    return part
  }
}
