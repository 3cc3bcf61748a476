import Access
import Customers
import Insight
import Kernel

/// A report with its schedules, and the people that may get it.
struct ReportView: Sendable {
  let report: SavedReport
  /// What it asks, with the names of formulas.
  let question: KeptQuestion
  let schedules: [ReportSchedules.Whole]
  let staff: [StaffMember]
  /// Whom outside the staff the account allows.
  let allowed: [OutsideAddress]
  /// Fields of members, where it names any.
  let fields: [MemberFieldDetails]
}

/// What is said of a report, who gets it when, and what became of the latest letters.
struct SavedReportPage {
  let view: ReportView
  let hasMail: Bool
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var report: SavedReport { view.report }
  private var path: String { "\(ReportPages.path)/\(report.id)" }
  private var mayChange: Bool { report.mayBeChanged(by: visit.session.staff) }
  private var isArchived: Bool { report.archivedAt != nil }

  var page: Page {
    let details = report.details
    let owner = view.staff.first { $0.id == report.owner }?.name ?? "–"
    return Page(
      title: details.name,
      marks: isArchived ? "<span class=\"badge warn\">\(reader("в архиве", "in the archive"))</span>" : .nothing,
      actions:
        "<a class=\"button primary\" href=\"\(PivotState.path)?report=\(report.id)\">\(reader("Открыть отчёт", "Open the report"))</a>",
      notes: [
        ReportWords.question(view.question, reader), ReportWords.period(details.question, reader),
        reader("автор \(owner)", "owner \(owner)"),
      ],
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path), (reader("Отчёты", "Reports"), ReportPages.path)],
      body: """
        <div class="page-body">\(isOurs ? nil : refusal.map { Notice.refusal($0, reader) })<div class="columns"><div class="stack">\(schedules)</div>\
        <div class="stack">\(about)\(ending)</div></div></div>
        """)
  }

  /// The refusal stands in the form of what is said of the report.
  private var isOurs: Bool { visit.form.has("name") && refusal != nil }

  private var about: Markup {
    let details = report.details
    guard mayChange else {
      return FactList(rows: [
        (reader("Пояснение", "Note"), details.note.isEmpty ? nil : .text(details.note)),
        (reader("Папка", "Folder"), details.folder.isEmpty ? nil : .text(details.folder)),
        (reader("Кому открыт", "Shared with"), .text(ReportWords.roles(details.roles, reader))),
        (reader("Изменён", "Changed"), .text(reader.moment(report.changedAt))),
      ]).panel(reader("Об отчёте", "About it"))
    }
    let form = isOurs ? visit.form : ReportFormPage.form(of: details)
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Об отчёте", "About it"))</h2></header>\
      <form class="inline-form form" method="post" action="\(path)">\(visit.key)<input type="hidden" name="version" value="\(report.version.description)">\
      \(ReportFormPage.fields(form, isOurs ? refusal : nil, reader))<div><button class="button primary">\(reader("Сохранить", "Save"))</button></div></form></section>
      """
  }

  private var ending: Markup? {
    guard mayChange else { return nil }
    if isArchived {
      return ActButton(
        path: path + "/archive", label: reader("Вернуть из архива", "Take out of the archive"), fields: [("act", "restore")],
        icon: .undo, style: ""
      ).html(visit)
    }
    let count = view.schedules.count
    let uses =
      count == 0
      ? reader("Отчёт никому не рассылается.", "It is sent to nobody.")
      : reader(
        "Рассылки замолчат: \(reader.count(count, ("рассылка", "рассылки", "рассылок"), ("schedule", "schedules"))).",
        "What sends it rests: \(reader.count(count, ("рассылка", "рассылки", "рассылок"), ("schedule", "schedules"))).")
    return Farewell(
      label: reader("Убрать в архив", "Put into the archive"),
      warning: uses + " " + reader("Отчёт можно вернуть в любое время.", "It can be taken out again at any time."),
      button: ActButton(
        path: path + "/archive", label: reader("Убрать в архив", "Put into the archive"), fields: [("act", "archive")],
        style: "s danger")
    ).html(visit)
  }

  // MARK: schedules

  private var readers: [StaffMember] { view.staff.filter { report.isVisible(to: $0, knowing: view.fields) && $0.mail != nil } }

  private var schedules: Markup {
    let panels = view.schedules.map { whole in
      SchedulePanel(whole: whole, view: view, people: readers, path: "\(path)/schedules", mayChange: mayChange, visit: visit).html
    }
    return "\(panels)\(noMail)\(mayChange && !isArchived ? add : panels.isEmpty ? none : .nothing)"
  }

  private var noMail: Markup? {
    hasMail
      ? nil
      : Notice.warning(
        reader(
          "Почтовый сервер не настроен: письма не уйдут. Его задаёт администратор (mail.server).",
          "No mail server is configured, so no letter leaves. The administrator sets one (mail.server)."))
  }

  private var none: Markup {
    "<section class=\"panel\"><p class=\"panel-body muted\">\(reader("Отчёт никому не рассылается.", "It is sent to nobody."))</p></section>"
  }

  private var add: Markup {
    let isOpen: Markup = view.schedules.isEmpty ? " open" : ""
    return """
      <section class="panel"><div class="panel-body"><details class="fold"\(isOpen)><summary>\(Icon.right.usual)\(reader("Отправлять по почте", "Send it by mail"))</summary>\
      <form class="inline-form form" method="post" action="\(path)/schedules">\(visit.key)\
      <p class="soft">\(reader("Письмо с таблицей в XLSX и рисунком. Периоды вроде «прошлый месяц» считаются на день отправки.", "A letter with the table as XLSX and a picture. Periods such as “last month” are those of the day it is sent."))</p>\
      \(ScheduleFields(whole: nil, people: readers, allowed: view.allowed, reader: reader).html)\
      <div><button class="button primary">\(Icon.mail.small)\(reader("Завести рассылку", "Set it up"))</button></div></form></details></div></section>
      """
  }
}
