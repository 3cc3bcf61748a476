import Cube
import Customers
import Insight
import Kernel

/// A pivot: its fields as chips that lead on, the table, and what it can be taken away as. Every step is a link or a form; `pivot.js` only
/// lets chips be dragged.
struct PivotPage {
  let view: PivotView
  let today: CivilDay
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var state: PivotState { view.state }
  private var pivot: Pivot { state.pivot }

  var page: Page {
    Page(
      title: view.report?.details.name ?? reader("Аналитика", "Analysis"), actions: acts,
      notes: (view.report.map { $0.details.note.isEmpty ? [] : [$0.details.note] } ?? []) + [
        reader(
          "Считано \(reader.count(view.lines, ("строка", "строки", "строк"), ("line", "lines"))) чеков за \(view.took)\u{a0}мс",
          "\(reader.count(view.lines, ("строка", "строки", "строк"), ("line", "lines"))) of receipts read in \(view.took)\u{a0}ms")
      ] + server + incomparable + view.table.notes(view.names.title).map { reader($0) },
      crumbs: view.report == nil ? [] : [(reader("Сохранённые отчёты", "Saved reports"), ReportPages.path)],
      body: """
        <div class="page-body">\(view.report == nil ? ready : .nothing)\(zones)\(filter)<div class="pivot-grid">\(PivotFieldList(view: view, visit: visit).html)\
        <div class="pivot-main">\(ChartPanel(view: view, visit: visit).html)\(PivotGrid(view: view, visit: visit).html)</div></div>\(DefinitionPanel(notes: view.notes, reader: reader).html)</div>
        """)
  }

  /// Where there is a column server, whether it was what answered.
  private var server: [String] {
    let elsewhere = view.walks.compactMap { walk -> CubeDecline? in
      if case .rollsInstead(let why) = walk.place { why } else { nil }
    }
    guard let why = elsewhere.first else {
      return view.walks.contains { $0.place == .server } ? [reader("ответил ClickHouse", "answered by ClickHouse")] : []
    }
    switch why {
    case .asksMembers:
      return [reader("без ClickHouse: разрез по покупателям", "without ClickHouse: it asks what members are")]
    case .asksIntervals: return [reader("без ClickHouse: дни между визитами", "without ClickHouse: days between visits")]
    case .isTooLong: return [reader("без ClickHouse: вопрос слишком длинный", "without ClickHouse: the question is too long")]
    case .isBehind: return [reader("без ClickHouse: он ещё догоняет", "without ClickHouse: it is still catching up")]
    case .failed: return [reader("без ClickHouse: он не отвечает", "without ClickHouse: it does not answer")]
    }
  }

  /// Why nothing stands beside it, where that was asked for.
  private var incomparable: [String] {
    guard pivot.compare != nil, view.past == nil else { return [] }
    return [
      reader(
        "сравнить не с чем: дни не ограничены или видны по отдельности",
        "nothing to compare with: days are not bounded, or are told apart")
    ]
  }

  /// What can be kept of it.
  private var acts: Markup {
    let list: Markup = "<a class=\"button\" href=\"\(ReportPages.path)\">\(Icon.star.small)\(reader("Сохранённые", "Saved"))</a>"
    let reports: Markup = "<a class=\"button\" href=\"\(ReportState.path)\">\(Icon.list.small)\(reader("Отчёты", "Reports"))</a>"
    let effect: Markup =
      "<a class=\"button\" href=\"\(ConsoleDesk.effectPath)\">\(Icon.flask.small)\(reader("Эффект", "Effect"))</a>"
    let fresh: Markup = """
      <a class="button\(view.report == nil ? " primary" : "")" href="\(ReportPages.path)/new\(state.query)">\
      \(view.report == nil ? reader("Сохранить отчёт", "Save as a report") : reader("Сохранить как…", "Save as…"))</a>
      """
    let boards: Markup =
      "<a class=\"button\" href=\"\(ConsoleDesk.dashboardPath)\">\(Icon.chart.small)\(reader("Панели", "Dashboards"))</a>"
    guard let report = view.report else { return "\(boards)\(reports)\(effect)\(list)\(fresh)" }
    let page: Markup =
      "<a class=\"button\" href=\"\(ReportPages.path)/\(report.id)\">\(Icon.settings.small)\(reader("Об отчёте", "About it"))</a>"
    guard report.mayBeChanged(by: visit.session.staff), report.details.question != .pivot(state.form) else {
      return "\(page)\(fresh)"
    }
    return """
      \(page)\(fresh)<form method="post" action="\(ReportPages.path)/\(report.id)/question">\(visit.key)\(state.hidden)\
      <input type="hidden" name="version" value="\(report.version.description)">\
      <button class="button primary">\(reader("Сохранить", "Save"))</button></form>
      """
  }

  private var ready: Markup {
    let links = ReadyPivot.all.map { ready -> Markup in
      var pivot = ready.pivot
      (pivot.first, pivot.last) = (state.pivot.first, state.pivot.last)
      pivot.compare = pivot.canStandBesideOtherDays ? state.pivot.compare : nil
      let mark: Markup = pivot == state.pivot ? " aria-current=\"true\"" : ""
      var next = PivotState(pivot: pivot)
      next.period = state.period
      return "<li><a class=\"chip filter\" href=\"\(next.address)\"\(mark)>\(reader(ready.name))</a></li>"
    }
    return "<nav aria-label=\"\(reader("Готовые вопросы", "Ready questions"))\"><ul class=\"row wrap\">\(links)</ul></nav>"
  }

  // MARK: fields

  private var zones: Markup {
    """
    <section class="panel zones" aria-label="\(reader("Поля отчёта", "Fields of the report"))" data-pivot="\(state.json)" \
    data-path="\(state.base)" data-many="\(Dimension.allCases.filter(\.isMany).map(\.rawValue).joined(separator: " "))"><div class="zone-grid">\(dimensions(.rows, pivot.rows))\(dimensions(.columns, pivot.columns))\(values)\(filters)</div></section>
    """
  }

  private func zone(_ side: String, _ name: String, _ chips: [Markup], _ more: Markup) -> Markup {
    """
    <div class="zone" data-zone="\(side)"><span class="zone-name">\(name)</span>\(chips)\(more)</div>
    """
  }

  /// A chip with a cross that takes it away.
  private func chip(_ name: String, code: String, away: PivotState) -> Markup {
    let label = reader("Убрать: \(name)", "Take away: \(name)")
    return """
      <span class="chip" draggable="true" data-field="\(code)">\(Icon.drag.small)\(name)<a class="off" href="\(away.address)" aria-label="\(label)">\(Icon.close.small)</a></span>
      """
  }

  /// A list that opens under a plus.
  private func menu(_ label: String, _ links: [Markup]) -> Markup {
    """
    <details class="pick"><summary class="button ghost s square" aria-label="\(label)" title="\(label)">\(Icon.plus.small)</summary><ul>\(links)</ul></details>
    """
  }

  /// All dimensions under the heads of their families. - Parameter address: nil leaves one out.
  private func grouped(_ address: (Dimension) -> String?) -> [Markup] {
    Self.grouped(view.fields, reader, address)
  }

  /// The same for whatever has filters.
  static func grouped(_ fields: [MemberFieldDetails], _ reader: Reader, _ address: (Dimension) -> String?) -> [Markup] {
    Dimension.Family.allCases.flatMap { family -> [Markup] in
      let links = family.dimensions.compactMap { dimension in
        address(dimension).map { "<li><a href=\"\($0)\">\(reader(dimension.title))</a></li>" as Markup }
      }
      let own = family == .people ? fields : []
      let more = own.compactMap { field -> Markup? in
        guard let dimension = field.dimension else { return nil }
        return address(dimension).map { "<li><a href=\"\($0)\">\(reader(field.name))</a></li>" }
      }
      return links.isEmpty && more.isEmpty ? [] : ["<li class=\"head\">\(reader(family.title))</li>"] + links + more
    }
  }

  private func dimensions(_ side: PivotState.Side, _ chosen: [Dimension]) -> Markup {
    let name = side == .rows ? reader("Строки", "Rows") : reader("Столбцы", "Columns")
    let chips = chosen.enumerated().map { place, dimension in
      chip(reader(view.names.title(dimension)), code: dimension.rawValue, away: state.without(side, place))
    }
    let links = grouped { dimension in chosen.contains(dimension) ? nil : state.adding(dimension, to: side).address }
    let more = menu(reader("Добавить: \(name)", "Add: \(name)"), links)
    return zone(
      side.rawValue, name, chips,
      side == .rows && !chosen.isEmpty ? "\(more)\(PivotMenus(view: view, today: today, visit: visit).top)" : more)
  }

  private var values: Markup {
    let name = reader("Значения", "Values")
    let chips = pivot.values.enumerated().map { place, measure -> Markup in
      pivot.values.count == 1
        ? "<span class=\"chip\" data-field=\"\(measure.rawValue)\">\(reader(measure.title))</span>"
        : chip(reader(measure.title), code: measure.rawValue, away: state.without(.values, place))
    }
    let links =
      Measure.allCases.filter { !pivot.values.contains($0) }.map { measure -> Markup in
        "<li><a href=\"\(state.adding(measure).address)\">\(reader(measure.title))</a></li>"
      } + formulas
    return zone("values", name, chips, pivot.values.count < 8 ? menu(reader("Добавить: \(name)", "Add: \(name)"), links) : .nothing)
  }

  /// Formulas of the programme, and the way to their page.
  private var formulas: [Markup] {
    let links = view.formulas.map { one in (one, Measure.formula(Formula(named: one.details.code))) }.filter {
      !pivot.values.contains($1)
    }.map { one, measure -> Markup in
      "<li><a href=\"\(state.adding(measure).address)\">\(reader(one.details.name))</a></li>"
    }
    let all = reader("Все формулы…", "All formulas…")
    return ["<li class=\"head\">\(reader("Формулы", "Formulas"))</li>"] + links
      + ["<li><a href=\"\(FormulaPages.path)\">\(all)</a></li>"]
  }

  private var filters: Markup {
    let name = reader("Фильтры", "Filters")
    let menus = PivotMenus(view: view, today: today, visit: visit)
    let chips = pivot.filters.enumerated().map { place, filter -> Markup in
      let away = state.with { $0.pivot.filters.remove(at: place) }
      let text = view.names.text(filter, upTo: 3)
      let label = reader("Убрать: \(text)", "Take away: \(text)")
      return """
        <span class="chip" draggable="true" data-field="\(filter.dimension.rawValue)">\(Icon.drag.small)<a href="\(opened(filter.dimension))">\(text)</a><a class="off" href="\(away.address)" aria-label="\(label)">\(Icon.close.small)</a></span>
        """
    }
    let links = grouped(opened)
    return zone(
      "filters", name, [menus.period, menus.comparison] + (people.map { [$0] } ?? []) + chips,
      menu(reader("Добавить: \(name)", "Add: \(name)"), links))
  }

  /// Who is left out by the definitions, and the way to count everybody; nil where that is nobody.
  private var people: Markup? {
    guard pivot.isOfEverybody || view.notes.leftOut > 0 else { return nil }
    let next = state.with { $0.pivot.isOfEverybody.toggle() }.address
    let count = reader.count(view.notes.leftOut, ("участника", "участников", "участников"), ("member", "members"))
    guard pivot.isOfEverybody else {
      let why = reader("Определения не учитывают их; показать со всеми", "The definitions leave them out; count everybody")
      return "<a class=\"chip\" href=\"\(next)\" title=\"\(why)\">\(reader("Без \(count)", "Without \(count)"))</a>"
    }
    let label = reader("Снова без тех, кого определения не учитывают", "Again without those whom the definitions leave out")
    return """
      <span class="chip">\(reader("Учтены все", "Everybody is counted"))<a class="off" href="\(next)" aria-label="\(label)">\(Icon.close.small)</a></span>
      """
  }

  private func opened(_ dimension: Dimension) -> String { state.with { $0.open = dimension }.address + "#filter" }

  // MARK: the open filter

  private var filter: Markup? {
    view.choices.map { choices in
      PivotFilterForm(
        choices: choices, filters: pivot.filters, names: view.names, search: state.search, path: "\(PivotState.path)/filter",
        hidden: state.hidden, back: state.with { _ in }.address, visit: visit
      ).html
    }
  }
}
