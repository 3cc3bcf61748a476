import Access
import Cube
import Insight
import Kernel

/// Reports that somebody may see, folder by folder.
struct ReportListPage {
  let all: [SavedReports.Listed]
  let names: [StaffID: String]
  /// What they ask, with the names of formulas.
  let questions: [SavedReportID: KeptQuestion]
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var showsArchive: Bool { visit.call.query["archive"] == "on" }
  private var shown: [SavedReports.Listed] { all.filter { ($0.report.archivedAt != nil) == showsArchive } }

  var page: Page {
    Page(
      title: showsArchive ? reader("Архив отчётов", "Archive of reports") : reader("Отчёты", "Reports"),
      actions: showsArchive
        ? .nothing
        : "<a class=\"button primary\" href=\"\(PivotState.path)\">\(Icon.plus.small)\(reader("Новый отчёт", "New report"))</a>",
      notes: [
        reader(
          "Ваши отчёты и те, что открыты вашей роли. Цифры считаются, когда отчёт открывают",
          "Yours, and those shared with your role. Figures are counted when a report is opened")
      ],
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path)]
        + (showsArchive ? [(reader("Отчёты", "Reports"), ReportPages.path)] : []),
      body: "<div class=\"page-body\">\(shown.isEmpty ? empty : folders)\(archive)</div>")
  }

  private var archive: Markup? {
    let count = all.count { $0.report.archivedAt != nil }
    guard !showsArchive, count > 0 else { return nil }
    return "<p><a class=\"text-link\" href=\"\(ReportPages.path)?archive=on\">\(reader("Архив", "Archive")): \(count)</a></p>"
  }

  private var empty: Markup {
    guard !showsArchive else { return Notice.info(reader("В архиве ничего нет.", "The archive is empty.")) }
    return """
      <section class="panel"><div class="empty">\(Icon.table.usual)<h2>\(reader("Сохранённых отчётов ещё нет", "No report is kept yet"))</h2>\
      <p>\(reader("Задайте вопрос в аналитике и нажмите «Сохранить отчёт». Период вроде «прошлый месяц» движется сам, отчёт можно открыть коллегам и отправлять по почте.", "Ask a question in Analysis and press “Save as a report”. A period such as “last month” moves on by itself; a report can be shared with colleagues and sent by mail."))</p>\
      <a class="button primary" href="\(PivotState.path)">\(reader("Задать вопрос", "Ask a question"))</a></div></section>
      """
  }

  private var folders: Markup {
    let names = shown.reduce(into: [String]()) { names, one in
      if !names.contains(one.report.details.folder) { names.append(one.report.details.folder) }
    }
    let rows = names.flatMap { name -> [Markup] in
      let title = name.isEmpty ? reader("Без папки", "Without a folder") : name
      let head: Markup = "<tr><th scope=\"rowgroup\" colspan=\"7\" class=\"folder\">\(title)</th></tr>"
      let own = shown.filter { $0.report.details.folder == name }.map(row)
      return names.count == 1 && name.isEmpty ? own : [head] + own
    }
    return DataTable(
      label: reader("Отчёты", "Reports"),
      columns: [
        .text(reader("Отчёт", "Report")), .text(reader("Период", "Period")), .text(reader("Автор", "Owner")),
        .text(reader("Кому открыт", "Shared with")), .number(reader("Рассылки", "Schedules")), .text(reader("Изменён", "Changed")),
        .acts(reader("Об отчёте", "About it")),
      ], rows: rows
    ).panel()
  }

  private func row(_ one: SavedReports.Listed) -> Markup {
    let (report, details) = (one.report, one.report.details)
    let note = details.note.isEmpty ? ReportWords.question(questions[report.id] ?? details.question, reader) : details.note
    return """
      <tr><th scope="row"><a href="\(PivotState.path)?report=\(report.id)">\(details.name)</a><small>\(note)</small></th>\
      <td>\(ReportWords.period(details.question, reader))</td><td>\(names[report.owner] ?? "–")</td>\
      <td>\(ReportWords.roles(details.roles, reader))</td><td class="num">\(one.schedules)</td>\
      <td>\(reader.date(report.changedAt))</td>\
      <td><a class="button ghost s square" href="\(ReportPages.path)/\(report.id)" aria-label="\(reader("Об отчёте", "About")): \(details.name)" \
      title="\(reader("Об отчёте", "About it"))">\(Icon.settings.small)</a></td></tr>
      """
  }
}

/// What reports are called in lists and forms.
enum ReportWords {
  static func period(_ question: KeptQuestion, _ reader: Reader) -> String {
    switch question {
    case .pivot(let form): period(form, reader)
    case .ready(let form):
      switch form.days {
      case .moving(let period): reader(period.title)
      case .fixed(let days): "\(reader.date(days.lowerBound)) – \(reader.date(days.upperBound))"
      }
    }
  }

  static func period(_ form: ReportForm, _ reader: Reader) -> String {
    if let period = form.period { return reader(period.title) }
    guard let first = form.pivot.first, let last = form.pivot.last else { return reader("Все дни", "All days") }
    return "\(reader.date(first)) – \(reader.date(last))"
  }

  /// A pivot's sides, or which ready report it is and what it is cut by.
  static func question(_ question: KeptQuestion, _ reader: Reader) -> String {
    switch question {
    case .pivot(let form): return self.question(form.pivot, reader)
    case .ready(let form):
      let pair = form.segments.map { ["\($0.one) – \($0.other)"] } ?? []
      let cuts = pair + form.filters.map { reader($0.dimension.title) }
      return ([reader(form.name.title)] + cuts).joined(separator: " · ")
    }
  }

  /// Rows, columns and values in a line.
  static func question(_ pivot: Pivot, _ reader: Reader) -> String {
    let sides = [pivot.rows, pivot.columns].filter { !$0.isEmpty }.map { side in
      side.map { reader($0.title) }.joined(separator: ", ")
    }
    let values = pivot.values.map { reader($0.title) }.joined(separator: ", ")
    return sides.isEmpty ? values : "\(sides.joined(separator: " × ")): \(values)"
  }

  static func roles(_ roles: Set<Role>, _ reader: Reader) -> String {
    if roles.isEmpty { return reader("только автору", "nobody else") }
    return SavedReportDetails.readers.filter(roles.contains).map { RoleWords.name($0, reader) }.joined(separator: ", ")
  }
}
