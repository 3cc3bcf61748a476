import Access
import Insight
import Kernel

/// Where a dashboard's tiles are put together: each with its place and width, and forms that add one.
struct DashboardEditPage {
  let board: Dashboard
  /// That may be put on it.
  let reports: [SavedReport]
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var path: String { "\(ConsoleDesk.dashboardPath)/\(board.id)" }
  /// The refusal stands in the form of what is said of the dashboard.
  private var isOurs: Bool { visit.form.has("name") && refusal != nil }

  var page: Page {
    Page(
      title: reader("Настроить панель", "Edit the dashboard"), marks: .nothing,
      actions: "<a class=\"button primary\" href=\"\(path)\">\(reader("Показать", "Show it"))</a>", notes: [board.details.name],
      crumbs: [
        (reader("Аналитика", "Analysis"), PivotState.path), (reader("Панели", "Dashboards"), ConsoleDesk.dashboardPath),
        (board.details.name, path),
      ],
      body: """
        <div class="page-body two-one"><div class="stack">\(isOurs ? nil : refusal.map { Notice.refusal($0, reader) })\(tiles)\(adding)</div>\
        <div class="stack">\(about)\(ending)</div></div>
        """)
  }

  // MARK: tiles

  private var tiles: Markup {
    let all = board.details.tiles
    guard !all.isEmpty else {
      return Notice.info(reader("Плиток ещё нет: добавьте первую.", "There are no tiles yet: add the first one."))
    }
    let rows = all.enumerated().map { place, tile in row(tile, place, of: all.count) }
    return DataTable(
      label: reader("Плитки", "Tiles"),
      columns: [
        .text(reader("Плитка", "Tile")), .text(reader("Ширина", "Width")), .acts(reader("Действия", "Acts")),
      ], rows: rows, files: .none
    ).panel()
  }

  private func row(_ tile: DashboardTile, _ place: Int, of count: Int) -> Markup {
    let (name, kind) = words(tile)
    let widths = (1...4).map { width -> Markup in
      let mark: Markup = width == tile.width ? " aria-pressed=\"true\"" : ""
      let label = reader("Ширина \(width) из 4", "Width \(width) of 4")
      return
        "<button class=\"button s\(width == tile.width ? "" : " ghost")\" name=\"act\" value=\"width-\(width)\" aria-label=\"\(label): \(name)\"\(mark)>\(width)</button>"
    }
    func act(_ value: String, _ label: String, _ icon: Icon, _ isOff: Bool = false) -> Markup {
      let off: Markup = isOff ? " disabled" : ""
      return
        "<button class=\"button ghost s square\" name=\"act\" value=\"\(value)\" aria-label=\"\(label): \(name)\" title=\"\(label)\"\(off)>\(icon.small)</button>"
    }
    let acts: [Markup] = [
      act("up", reader("Выше", "Up"), .arrowUp, place == 0), act("down", reader("Ниже", "Down"), .down, place == count - 1),
      act("remove", reader("Убрать", "Remove"), .close),
    ]
    let form: (Markup) -> Markup = { body in
      """
      <form class="row" method="post" action="\(path)/tiles">\(visit.key)<input type="hidden" name="version" value="\(board.version.description)">\
      <input type="hidden" name="place" value="\(place)">\(body)</form>
      """
    }
    return """
      <tr><th scope="row">\(name)<small>\(kind)</small></th><td>\(form(Markup(widths)))</td><td>\(form(Markup(acts)))</td></tr>
      """
  }

  private func words(_ tile: DashboardTile) -> (name: String, kind: String) {
    switch tile.content {
    case .figure(let measure): (reader(measure.title), reader("показатель", "a figure"))
    case .ready(let report, let part, let filters):
      (
        Self.name(report, part, reader),
        filters.isEmpty
          ? reader("готовый отчёт", "a ready report")
          : reader("готовый отчёт с фильтром: ", "a ready report, filtered: ")
            + filters.map { reader($0.dimension.title) }.joined(separator: ", ")
      )
    case .saved(let id):
      (
        reports.first { $0.id == id }?.details.name ?? reader("Отчёт, который вам не открыт", "A report not shared with you"),
        reader("сохранённый отчёт", "a saved report")
      )
    case .note(let text): (text.count > 60 ? String(text.prefix(59)) + "…" : text, reader("пояснение", "a note"))
    }
  }

  /// `Ключевые показатели: по дням` where a report has several parts.
  static func name(_ report: ReportName, _ part: String, _ reader: Reader) -> String {
    guard report.tileParts.count > 1 else { return reader(report.title) }
    let words: [String: LocalText] = [
      "days": LocalText(ru: "выручка по дням", en: "revenue by day"), "figures": LocalText(ru: "все показатели", en: "all figures"),
      "owed": LocalText(ru: "бонусы на счетах", en: "points owed"), "retention": LocalText(ru: "удержание", en: "retention"),
      "sales": LocalText(ru: "выручка когорт", en: "revenue of cohorts"), "stages": LocalText(ru: "стадии", en: "stages"),
      "flows": LocalText(ru: "потоки", en: "flows"), "pairs": LocalText(ru: "вместе", en: "together"),
      "follows": LocalText(ru: "потом", en: "afterwards"), "channels": LocalText(ru: "по каналам", en: "by channel"),
      "sources": LocalText(ru: "по источникам", en: "by source"),
      "promotions": LocalText(ru: "акции", en: "promotions"), "coupons": LocalText(ru: "купоны", en: "coupons"),
      "ages": LocalText(ru: "по возрасту", en: "by age"),
    ]
    return "\(reader(report.title)): \(words[part].map { reader($0) } ?? part)"
  }

  // MARK: adding

  private var adding: Markup {
    let figures = KeyMeasure.allCases.map { ($0.rawValue, reader($0.title)) }
    let ready = ReportName.allCases.flatMap { report in
      report.tileParts.map { ("\(report.rawValue)/\($0)", Self.name(report, $0, reader)) }
    }
    let saved = reports.map { ("\($0.id)", $0.details.name) }
    let forms: [Markup] = [
      form(
        "figure", reader("Показатель", "A figure"), width: 1,
        Choice(name: "what", label: reader("Какой", "Which"), options: figures, id: "add-figure").html),
      form(
        "ready", reader("Готовый отчёт", "A ready report"), width: 2,
        Choice(name: "what", label: reader("Какой", "Which"), options: ready, id: "add-ready").html),
      saved.isEmpty
        ? "<p class=\"soft\">\(reader("Сохранённых отчётов пока нет.", "No report is kept yet."))</p>"
        : form(
          "saved", reader("Сохранённый отчёт", "A saved report"), width: 2,
          Choice(name: "what", label: reader("Какой", "Which"), options: saved, id: "add-saved").html),
      form(
        "note", reader("Пояснение", "A note"), width: 4,
        TextBox(name: "what", label: reader("Текст", "Text"), limit: Limits.note, id: "add-note").html),
    ]
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Добавить плитку", "Add a tile"))</h2></header>\
      <div class="panel-body stack">\(forms)</div></section>
      """
  }

  private func form(_ kind: String, _ name: String, width: Int, _ field: Markup) -> Markup {
    let isOpen: Markup = board.details.tiles.isEmpty && kind == "figure" ? " open" : ""
    return """
      <details class="fold"\(isOpen)><summary>\(Icon.right.usual)\(name)</summary><form class="inline-form form" method="post" action="\(path)/tiles">\
      \(visit.key)<input type="hidden" name="version" value="\(board.version.description)"><input type="hidden" name="act" value="add">\
      <input type="hidden" name="kind" value="\(kind)"><input type="hidden" name="width" value="\(width)">\(field)\
      <div><button class="button">\(Icon.plus.small)\(reader("Добавить", "Add"))</button></div></form></details>
      """
  }

  /// What a form of this page does with the tiles.
  /// - Throws: `Problem.invalid` for a form that nobody was shown.
  static func edit(_ tiles: inout [DashboardTile], _ form: Form) throws(Problem) {
    if form["act"] == "add" {
      guard let content = content(form["kind"], form["what"]), let width = Int(form["width"]) else { throw ConsoleDesk.brokenForm }
      tiles.append(DashboardTile(content, width: width))
      return
    }
    guard let place = Int(form["place"]), tiles.indices.contains(place) else { throw ConsoleDesk.brokenForm }
    switch form["act"] {
    case "up" where place > 0: tiles.swapAt(place, place - 1)
    case "down" where place < tiles.count - 1: tiles.swapAt(place, place + 1)
    case "remove": tiles.remove(at: place)
    case "width-1", "width-2", "width-3", "width-4":
      tiles[place] = DashboardTile(tiles[place].content, width: Int(form["act"].suffix(1)) ?? 1)
    default: throw ConsoleDesk.brokenForm
    }
  }

  private static func content(_ kind: String, _ what: String) -> DashboardTile.Content? {
    switch kind {
    case "figure": return KeyMeasure(rawValue: what).map { .figure($0) }
    case "ready":
      let parts = what.split(separator: "/").map(String.init)
      guard parts.count == 2, let report = ReportName(rawValue: parts[0]) else { return nil }
      return .ready(report, part: parts[1])
    case "saved": return SavedReportID(what).map { .saved($0) }
    case "note": return .note(what)
    default: return nil
    }
  }

  // MARK: about it

  private var about: Markup {
    let form = isOurs ? visit.form : DashboardFormPage.form(of: board.details)
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("О панели", "About it"))</h2></header>\
      <form class="inline-form form" method="post" action="\(path)">\(visit.key)<input type="hidden" name="version" value="\(board.version.description)">\
      \(DashboardFormPage.fields(form, isOurs ? refusal : nil, reader))<div><button class="button primary">\(reader("Сохранить", "Save"))</button></div></form></section>
      """
  }

  private var ending: Markup {
    if board.archivedAt != nil {
      return ActButton(
        path: path + "/archive", label: reader("Вернуть из архива", "Take out of the archive"), fields: [("act", "restore")],
        icon: .undo, style: ""
      ).html(visit)
    }
    return Farewell(
      label: reader("Убрать в архив", "Put into the archive"),
      warning: reader("Панель можно вернуть в любое время.", "It can be taken out again at any time."),
      button: ActButton(
        path: path + "/archive", label: reader("Убрать в архив", "Put into the archive"), fields: [("act", "archive")],
        style: "s danger")
    ).html(visit)
  }
}
