import Cube
import Customers
import Insight
import Kernel

/// What a ready report is filtered by, as chips that lead on, what else it can be filtered by, and the form of the filter that is open: those
/// of a pivot.
struct ReportFilterBar {
  let state: ReportState
  let names: PivotNames
  /// Of the open filter.
  let choices: FilterChoices?
  /// Attributes of members that this reader may see.
  let fields: [MemberFieldDetails]
  let visit: Visit

  private var reader: Reader { visit.reader }

  var html: Markup {
    let name = reader("Фильтры", "Filters")
    let label = reader("Добавить фильтр", "Add a filter")
    let links = PivotPage.grouped(fields, reader) { state.name.canBeFiltered(by: $0) ? opened($0) : nil }
    return """
      <section class="panel zones" aria-label="\(name)"><div class="zone"><span class="zone-name">\(name)</span>\(chips)\
      <details class="pick"><summary class="button ghost s square" aria-label="\(label)" title="\(label)">\(Icon.plus.small)</summary><ul>\(links)</ul></details></div></section>\(form)
      """
  }

  /// For a form that leads on from here.
  var hidden: Markup {
    state.filters.isEmpty
      ? .nothing : "<input type=\"hidden\" name=\"where\" value=\"\(PivotForm.json(state.filters).compact)\">"
  }

  private func opened(_ dimension: Dimension) -> String { state.with { $0.open = dimension }.address + "#filter" }

  private var chips: [Markup] {
    state.filters.enumerated().map { place, filter in
      let text = names.text(filter, upTo: 3)
      let away = state.with { $0.filters.remove(at: place) }.address
      let label = reader("Убрать: \(text)", "Take away: \(text)")
      return """
        <span class="chip"><a href="\(opened(filter.dimension))">\(text)</a><a class="off" href="\(away)" aria-label="\(label)">\(Icon.close.small)</a></span>
        """
    }
  }

  private var form: Markup? {
    choices.map { choices in
      PivotFilterForm(
        choices: choices, filters: state.filters, names: names, search: state.search,
        path: "\(ReportState.path(state.name))/filter",
        hidden: state.hidden, back: state.with { _ in }.address, visit: visit
      ).html
    }
  }
}

/// Puts a part of a report on a dashboard as it is seen: with its filters.
struct ReportTileForm {
  let state: ReportState
  let boards: [Dashboard]
  let visit: Visit

  private var reader: Reader { visit.reader }

  /// Nothing where there is no dashboard to put it on, or where it sets segments against each other, which tiles do not.
  var html: Markup {
    guard !boards.isEmpty, state.segments == nil else { return .nothing }
    let parts = state.name.tileParts.map { ($0, DashboardEditPage.name(state.name, $0, reader)) }
    let part = Choice(name: "part", label: reader("Что", "What"), options: parts, id: "tile-part")
    let board = Choice(
      name: "board", label: reader("Куда", "Where"), options: boards.map { ("\($0.id) \($0.version)", $0.details.name) },
      id: "tile-board")
    return """
      <details class="pick end"><summary class="button">\(Icon.chart.small)\(reader("На панель", "To a dashboard"))</summary><ul><li class="own">\
      <form class="pick-form" method="post" action="\(ReportState.path(state.name))/tile">\(visit.key)\(state.hidden)\(part.html)\(board.html)\
      <button class="button s">\(reader("Добавить", "Add"))</button></form></li></ul></details>
      """
  }

  /// The dashboard that was chosen, and the version of it that was seen.
  static func board(_ form: Form) -> (id: DashboardID, version: Int64)? {
    let words = form["board"].split(separator: " ").map(String.init)
    guard words.count == 2, let id = DashboardID(words[0]), let version = Int64(words[1]) else { return nil }
    return (id, version)
  }
}
