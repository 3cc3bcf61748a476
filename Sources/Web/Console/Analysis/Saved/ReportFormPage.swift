import Access
import Insight
import Kernel

/// What is said of a report that is to be kept.
struct ReportFormPage {
  /// What is to be kept, as its form carries it, as it is called, and where it is looked at.
  struct Asked {
    let question: KeptQuestion
    let hidden: Markup
    let back: String
    /// A choice of days, where they are not said yet.
    var period: Markup?

    /// - Parameter state: with the names of formulas.
    init(_ state: PivotState) {
      (question, hidden, back) = (.pivot(state.form), state.hidden, state.address)
    }

    init(_ saving: ReadySaving, _ form: Form, today: CivilDay) throws(Problem) {
      question = try ReadySaving.read(form, today: today).question
      (hidden, back) = (saving.hidden, saving.state.address)
      period = saving.period(chosen: form.has("period") ? form["period"] : nil)
    }
  }

  let form: Form
  let asked: Asked
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }

  static let blank = Form()

  static func details(_ form: Form, asking question: KeptQuestion) -> SavedReportDetails {
    SavedReportDetails(
      name: form["name"], note: form["note"], folder: form["folder"], asking: question,
      roles: Set(SavedReportDetails.readers.filter { form["role-" + $0.rawValue] == "on" }))
  }

  static func form(of details: SavedReportDetails) -> Form {
    var values = ["name": details.name, "note": details.note, "folder": details.folder]
    for role in details.roles { values["role-" + role.rawValue] = "on" }
    return Form(values)
  }

  var page: Page {
    Page(
      title: reader("Сохранить отчёт", "Save a report"),
      notes: [ReportWords.question(asked.question, reader)]
        + (asked.period == nil ? [ReportWords.period(asked.question, reader)] : []),
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path), (reader("Отчёты", "Reports"), ReportPages.path)],
      body: """
        <div class="page-body"><section class="panel form-panel"><form class="inline-form form" method="post" action="\(ReportPages.path)">\
        \(visit.key)\(asked.hidden)\(asked.period)\(Self.fields(form, refusal, reader))<div class="row"><button class="button primary">\
        \(reader("Сохранить", "Save"))</button><a class="button ghost" href="\(asked.back)">\(reader("Отмена", "Cancel"))</a></div></form></section></div>
        """)
  }

  /// Name, folder, note and roles.
  static func fields(_ form: Form, _ refusal: Problem?, _ reader: Reader) -> Markup {
    let faults = FormFaults(refusal, fields: ["name", "note", "folder"], reader)
    let ticks = SavedReportDetails.readers.map { role in
      Tick(name: "role-" + role.rawValue, label: RoleWords.name(role, reader), isOn: form["role-" + role.rawValue] == "on")
    }
    return """
      \(faults.notice)\(Field(name: "name", label: reader("Название", "Name"), value: form["name"], fault: faults["name"], limit: 100).html)\
      \(Field(name: "folder", label: reader("Папка", "Folder"), value: form["folder"], hint: reader("Отчёты с одной папкой стоят в списке рядом", "Reports of one folder stand together in the list"), fault: faults["folder"], limit: 60, isRequired: false).html)\
      \(TextBox(name: "note", label: reader("Пояснение", "Note"), value: form["note"], hint: reader("На что смотреть, что значат цифры", "What to look at, what the figures mean"), fault: faults["note"], limit: Limits.note).html)\
      \(TickGroup(label: reader("Кому открыть", "Share with"), ticks: ticks, hint: reader("Только роли, которые видят цифры. Менять отчёт могут автор и владелец", "Only roles that see figures. Its owner and owners of the account may change it")).html)
      """
  }
}
