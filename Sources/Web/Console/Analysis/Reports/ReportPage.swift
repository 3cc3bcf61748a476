import Access
import Customers
import Insight
import Kernel

/// A report: its period, every part as a chart with its table, and the definitions that it used.
struct ReportPage {
  /// Rows of a table that a page shows; files have everything.
  private static let rows = 32

  let state: ReportState
  let sheet: ReportSheet
  let took: Int64
  let visit: Visit
  /// To set against each other, where the report can.
  var segments: [Known<SegmentDetails>] = []
  /// The saved report that it began with.
  var saved: SavedReport?
  /// What it can be filtered by, and is.
  var filters: ReportFilterBar?
  /// Dashboards that its parts can be put on.
  var boards: [Dashboard] = []

  private var reader: Reader { visit.reader }

  var page: Page {
    let warnings = sheet.warnings.map { Notice.warning(reader($0)) } + sheet.remarks.map { Notice.good(reader($0)) }
    return Page(
      title: saved?.details.name ?? reader(sheet.name.title), actions: actions,
      notes: (saved.map { [reader(sheet.name.title), $0.details.note].filter { !$0.isEmpty } } ?? []) + notes,
      crumbs: [
        (reader("Аналитика", "Analysis"), PivotState.path),
        saved == nil
          ? (reader("Отчёты", "Reports"), ReportState.path) : (reader("Сохранённые отчёты", "Saved reports"), ReportPages.path),
      ],
      body: """
        <div class="page-body">\(period)\(pair)\(filters?.html)\(warnings)\(sheet.parts.map(panel))\(definitions)</div>
        """)
  }

  private var actions: Markup {
    let targets: Markup =
      sheet.name == .board
      ? "<a class=\"button\" href=\"\(TargetsPage.path)\">\(reader("План", "Targets"))</a>" : .nothing
    let tile = ReportTileForm(state: state, boards: boards, visit: visit).html
    return "\(targets)\(tile)\(ReadySaving(state: state, saved: saved, visit: visit).acts)"
  }

  private var notes: [String] {
    let period = sheet.period
    func days(_ days: ClosedRange<CivilDay>) -> String { "\(reader.date(days.lowerBound)) – \(reader.date(days.upperBound))" }
    let took = reader("посчитано за \(took)\u{a0}мс", "counted in \(took)\u{a0}ms")
    guard sheet.name.compares, state.segments == nil else { return [days(period.days), took] }
    return [
      days(period.days), reader("прошлый период \(days(period.before))", "the period before \(days(period.before))"),
      reader("год назад \(days(period.yearAgo))", "a year ago \(days(period.yearAgo))"), took,
    ]
  }

  private var period: Markup {
    let path = ReportState.path(sheet.name)
    let links = state.choices(reader).map { name, days -> Markup in
      let mark: Markup = days == sheet.period.days ? " aria-current=\"true\"" : ""
      return "<a href=\"\(path)\(ReportState.query(days))\(state.more)\"\(mark)>\(name)</a>"
    }
    let days = sheet.period.days
    return """
      <form class="row wrap report-period" method="get" action="\(path)"><div class="segmented wraps" role="group" aria-label="\(reader("Период", "Period"))">\(links)</div>\
      <span class="row"><input class="input" type="date" name="from" value="\(days.lowerBound)" aria-label="\(reader("С", "From"))" required>\
      <span aria-hidden="true">–</span><input class="input" type="date" name="to" value="\(days.upperBound)" aria-label="\(reader("По", "To"))" required>\
      <button class="button">\(reader("Показать", "Show"))</button></span>\(state.hiddenMore)</form>
      """
  }

  /// Two segments instead of two periods.
  private var pair: Markup {
    guard sheet.name == .tree, segments.count > 1 else { return .nothing }
    func list(_ name: String, _ label: String, _ chosen: String?) -> Markup {
      let options = segments.map { segment -> Markup in
        let mark: Markup = segment.details.code == chosen ? " selected" : ""
        return "<option value=\"\(segment.details.code)\"\(mark)>\(reader(segment.details.name))</option>"
      }
      return """
        <select class="input" name="\(name)" aria-label="\(label)"><option value="">\(reader("сегмент…", "segment…"))</option>\(options)</select>
        """
    }
    let days = sheet.period.days
    let back: Markup =
      state.segments == nil
      ? .nothing
      : "<a class=\"text-link\" href=\"\(ReportState.path(.tree))\(ReportState.query(days))\(ReportState.query(state.filters))\">\(reader("Сравнить периоды", "Compare periods"))</a>"
    return """
      <form class="row wrap report-period" method="get" action="\(ReportState.path(.tree))"><input type="hidden" name="from" value="\(days.lowerBound)">\
      <input type="hidden" name="to" value="\(days.upperBound)">\(filters?.hidden)<span class="soft">\(reader("Или сегмент против сегмента", "Or a segment against another"))</span>\
      \(list("segment", reader("Сегмент", "Segment"), state.segments?.one))\
      \(list("against", reader("Против сегмента", "Against the segment"), state.segments?.other))\
      <button class="button">\(reader("Сравнить", "Compare"))</button>\(back)</form>
      """
  }

  // MARK: parts

  private func panel(_ part: ReportSheet.Part) -> Markup {
    var isFolded = false
    if case .days = part.chart { isFolded = true }
    // Totals are shown however many rows there are.
    let all = part.rows.count - part.totals
    let shown = isFolded ? all : min(all, Self.rows)
    let lines = ReportLines(part: part, reader: reader)
    let rows = part.rows.prefix(shown).enumerated().map { index, row in
      lines.row(row, to: index < part.links.count ? part.links[index]?.path : nil)
    }
    let totals = part.rows.suffix(part.totals).map { lines.row($0, isTotal: true) }
    let id = "h-\(part.code)"
    let note = part.note.map { note -> Markup in "<p class=\"panel-body soft report-note\">\(reader(note))</p>" }
    let foot: Markup = totals.isEmpty ? .nothing : "<tfoot>\(totals)</tfoot>"
    let table: Markup = """
      <div class="scroll" tabindex="0" role="group" aria-labelledby="\(id)"><table class="table tight pivot report" id="t-\(part.code)">\
      <thead><tr>\(lines.heads)</tr></thead><tbody>\(rows)</tbody>\(foot)</table></div>
      """
    let hidden = all - shown
    let more: Markup =
      hidden > 0
      ? "<span>\(reader("Ещё \(reader.count(hidden, ("строка", "строки", "строк"), ("row", "rows"))) в файлах", "\(reader.count(hidden, ("строка", "строки", "строк"), ("more row", "more rows"))) in the files"))</span>"
      : "<span></span>"
    return """
      <section class="panel" aria-labelledby="\(id)"><header class="panel-head"><h2 id="\(id)">\(reader(part.title))</h2></header>\(note)\
      \(ReportChart(part: part, reader: reader).html)\
      \(isFolded ? .nothing : table)<footer class="panel-foot">\(isFolded ? fold(table) : more)\(reader.files("\(ReportState.path(sheet.name))/table", "\(state.query)&part=\(part.code)"))</footer></section>
      """
  }

  /// A table as long as the period, which its chart tells already.
  private func fold(_ table: Markup) -> Markup {
    "<details class=\"fold\"><summary>\(Icon.right.usual)\(reader("Таблица", "Table"))</summary>\(table)</details>"
  }

  // MARK: definitions

  private var definitions: Markup { DefinitionPanel(notes: DefinitionNotes(sheet), reader: reader).html }
}

/// The heads and rows of a report's table.
struct ReportLines {
  private let part: ReportSheet.Part
  private let reader: Reader
  private let heats: [ReportHeat?]

  init(part: ReportSheet.Part, reader: Reader) {
    (self.part, self.reader) = (part, reader)
    heats = part.columns.indices.map { ReportHeat(part, column: $0, whole: part.chart == nil) }
  }

  var heads: [Markup] {
    part.columns.map { column in
      let isNumber: Markup = column.unit == .text ? "" : " class=\"num\""
      return "<th scope=\"col\"\(isNumber)>\(reader(column.title))</th>"
    }
  }

  /// - Parameters:
  ///   - isTotal: a sum is not set among the others by how warm it is.
  ///   - path: of the page of what it tells of.
  func row(_ row: [ReportSheet.Cell], isTotal: Bool = false, to path: String? = nil) -> Markup {
    let cells = zip(row, part.columns).enumerated().map { place, pair -> Markup in
      let (cell, column) = pair
      let text = reader.cell(cell, column.unit)
      if place == 0 {
        return path.map { "<th scope=\"row\"><a class=\"text-link\" href=\"\($0)\">\(text)</a></th>" }
          ?? "<th scope=\"row\">\(text)</th>"
      }
      if column.unit == .text { return "<td>\(text)</td>" }
      var warmth: Markup = ""
      if !isTotal, case .number(let value) = cell, let heat = heats[place] { warmth = heat.style(value) }
      return "<td class=\"num\(warmth)\">\(text)</td>"
    }
    return "<tr>\(cells)</tr>"
  }
}

/// How warm a figure is among the others of its column, or of all warm columns of its table: ten steps.
struct ReportHeat {
  private let least: Int64
  private let most: Int64

  /// - Parameter whole: all warm columns are of one scale.
  /// - Returns: nil for a column that is not warm.
  init?(_ part: ReportSheet.Part, column: Int, whole: Bool) {
    guard part.columns[column].isHeat else { return nil }
    let columns = whole ? part.columns.indices.filter { part.columns[$0].isHeat } : [column]
    let values = part.rows.dropLast(part.totals).flatMap { row in
      columns.compactMap { place -> Int64? in if case .number(let value) = row[place] { value } else { nil } }
    }
    (least, most) = (min(0, values.min() ?? 0), values.max() ?? 0)
  }

  /// 0 to 9.
  func step(_ value: Int64) -> Int { most > least ? Int(scaled(value - least, by: 9, over: most - least, .halfUp)) : 0 }

  func style(_ value: Int64) -> Markup {
    let step = step(value)
    return step == 0 ? "" : " heat h\(step)"
  }
}

extension Reader {
  /// A cell of a report as people read it.
  func cell(_ cell: ReportSheet.Cell, _ unit: ReportSheet.Unit) -> Markup {
    switch cell {
    case .empty: "<span class=\"muted\">–</span>"
    case .word(let word): "\(self(word))"
    case .text(let text): "\(text)"
    case .month(let month): "\(self.month(month))"
    case .day(let day): "\(weekday(day)), \(self.day(day))"
    case .number(let value): figure(value, unit)
    case .value(let value, let own): figure(value, own)
    }
  }

  func figure(_ value: Int64, _ unit: ReportSheet.Unit) -> Markup {
    switch unit {
    case .text, .count, .own: return "\(number(value))"
    case .money: return "\(amount(Money(minor: value)))"
    case .points: return "\(points(Points(units: value)))"
    case .quantity: return "\(decimal(divided(value, by: 10, .halfUp), digits: 2))"
    case .percent: return "\(decimal(divided(value, by: 1_000, .halfUp), digits: 1))\u{a0}%"
    case .change(let isGood), .difference(let isGood):
      let permille = divided(value, by: 1_000, .halfUp)
      let sign: Markup = if case .difference = unit { "\(self("п.\u{a0}п.", "pp"))" } else { "%" }
      let style = permille == 0 ? "" : isGood.map { $0 == (permille > 0) ? " good" : " bad" } ?? ""
      return "<span class=\"delta\(style)\">\(signed(decimal(permille, digits: 1), isPositive: permille > 0))\u{a0}\(sign)</span>"
    }
  }
}

extension ReportSheet.Link {
  /// Of the page that tells more.
  var path: String {
    switch self {
    case .promotion(let id): "/console/promotions/\(id)"
    case .coupons(let id): "/console/coupons/\(id)"
    case .certificates(let id): "/console/certificates/\(id)"
    case .shifts(let store, let day): "/console/shifts/\(store)/\(day)"
    case .shift(let key): key.path
    }
  }
}
