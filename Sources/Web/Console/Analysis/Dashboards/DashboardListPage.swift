import Access
import Insight
import Kernel

/// Dashboards that somebody may see.
struct DashboardListPage {
  let all: [Dashboard]
  let names: [StaffID: String]
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var showsArchive: Bool { visit.call.query["archive"] == "on" }
  private var shown: [Dashboard] { all.filter { ($0.archivedAt != nil) == showsArchive } }

  var page: Page {
    Page(
      title: showsArchive ? reader("Архив панелей", "Archive of dashboards") : reader("Панели", "Dashboards"),
      actions: showsArchive
        ? .nothing
        : "<a class=\"button primary\" href=\"\(ConsoleDesk.dashboardPath)/new\">\(Icon.plus.small)\(reader("Новая панель", "New dashboard"))</a>",
      notes: [
        reader("Ваши панели и те, что открыты вашей роли", "Yours, and those shared with your role")
      ],
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path)]
        + (showsArchive ? [(reader("Панели", "Dashboards"), ConsoleDesk.dashboardPath)] : []),
      body: "<div class=\"page-body\">\(shown.isEmpty ? empty : table)\(archive)</div>")
  }

  private var archive: Markup? {
    let count = all.count { $0.archivedAt != nil }
    guard !showsArchive, count > 0 else { return nil }
    return
      "<p><a class=\"text-link\" href=\"\(ConsoleDesk.dashboardPath)?archive=on\">\(reader("Архив", "Archive")): \(count)</a></p>"
  }

  private var empty: Markup {
    guard !showsArchive else { return Notice.info(reader("В архиве ничего нет.", "The archive is empty.")) }
    return """
      <section class="panel"><div class="empty">\(Icon.chart.usual)<h2>\(reader("Панелей ещё нет", "There is no dashboard yet"))</h2>\
      <p>\(reader("Панель – страница из плиток: показатели с планом, готовые и сохранённые отчёты. Соберите свою или начните с утренней.", "A dashboard is a page of tiles: figures with their targets, ready reports and saved ones. Put one together, or begin with the morning’s."))</p>\
      <form method="post" action="\(ConsoleDesk.dashboardPath)">\(visit.key)<input type="hidden" name="begin" value="morning">\
      <input type="hidden" name="name" value="\(reader("Утро", "Morning"))"><input type="hidden" name="period" value="last-28-days">\
      <button class="button primary">\(reader("Собрать утреннюю", "Make the morning’s"))</button></form></div></section>
      """
  }

  private var table: Markup {
    DataTable(
      label: reader("Панели", "Dashboards"),
      columns: [
        .text(reader("Панель", "Dashboard")), .number(reader("Плиток", "Tiles")), .text(reader("Автор", "Owner")),
        .text(reader("Кому открыта", "Shared with")), .text(reader("Изменена", "Changed")),
      ], rows: shown.map(row)
    ).panel()
  }

  private func row(_ board: Dashboard) -> Markup {
    let details = board.details
    let note: Markup = details.note.isEmpty ? "" : "<small>\(details.note)</small>"
    return """
      <tr><th scope="row"><a href="\(ConsoleDesk.dashboardPath)/\(board.id)">\(details.name)</a>\(note)</th>\
      <td class="num">\(details.tiles.count)</td><td>\(names[board.owner] ?? "–")</td>\
      <td>\(ReportWords.roles(details.roles, reader))</td><td>\(reader.date(board.changedAt))</td></tr>
      """
  }
}

/// What is said of a dashboard that is to be made.
struct DashboardFormPage {
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }

  /// Without tiles. An unknown period is the usual one.
  static func details(_ form: Form) -> DashboardDetails {
    DashboardDetails(
      name: form["name"], note: form["note"], period: RelativePeriod(form["period"]) ?? .lastDays(28),
      roles: Set(SavedReportDetails.readers.filter { form["role-" + $0.rawValue] == "on" }))
  }

  static func form(of details: DashboardDetails) -> Form {
    var values = ["name": details.name, "note": details.note, "period": details.period.text]
    for role in details.roles { values["role-" + role.rawValue] = "on" }
    return Form(values)
  }

  var page: Page {
    Page(
      title: reader("Новая панель", "New dashboard"),
      crumbs: [
        (reader("Аналитика", "Analysis"), PivotState.path), (reader("Панели", "Dashboards"), ConsoleDesk.dashboardPath),
      ],
      body: """
        <div class="page-body"><section class="panel form-panel"><form class="inline-form form" method="post" action="\(ConsoleDesk.dashboardPath)">\
        \(visit.key)\(Self.fields(form, refusal, reader))\
        \(Choice(name: "begin", label: reader("Начать", "Begin"), options: [("", reader("с пустой", "with an empty one")), ("morning", reader("с утренней: показатели, выручка, магазины", "with the morning’s: figures, revenue, stores"))], chosen: form["begin"]).html)\
        <div class="row"><button class="button primary">\(reader("Создать", "Make it"))</button>\
        <a class="button ghost" href="\(ConsoleDesk.dashboardPath)">\(reader("Отмена", "Cancel"))</a></div></form></section></div>
        """)
  }

  /// Name, note, period and roles.
  static func fields(_ form: Form, _ refusal: Problem?, _ reader: Reader) -> Markup {
    let faults = FormFaults(refusal, fields: ["name", "note"], reader)
    let ticks = SavedReportDetails.readers.map { role in
      Tick(name: "role-" + role.rawValue, label: RoleWords.name(role, reader), isOn: form["role-" + role.rawValue] == "on")
    }
    let periods = RelativePeriod.offered.map { ($0.text, reader($0.title)) }
    let hint = reader(
      "За это время показатели и готовые отчёты; сохранённые – за своё", "For figures and ready reports; saved ones have their own")
    return """
      \(faults.notice)\(Field(name: "name", label: reader("Название", "Name"), value: form["name"], fault: faults["name"], limit: 100).html)\
      \(Choice(name: "period", label: reader("Период", "Period"), options: periods, chosen: form.has("period") ? form["period"] : "last-28-days", hint: hint).html)\
      \(TextBox(name: "note", label: reader("Пояснение", "Note"), value: form["note"], hint: reader("На что смотреть, что значат цифры", "What to look at, what the figures mean"), fault: faults["note"], limit: Limits.note).html)\
      \(TickGroup(label: reader("Кому открыть", "Share with"), ticks: ticks, hint: reader("Только роли, которые видят цифры. Сохранённый отчёт на панели увидит тот, кому открыт и он сам", "Only roles that see figures. A saved report on it is seen by those with whom it is shared itself")).html)
      """
  }
}
