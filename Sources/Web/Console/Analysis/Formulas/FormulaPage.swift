import Access
import Cube
import Insight
import Kernel

/// One formula: its form, what shows it, and what was done to it.
struct FormulaPage {
  /// Nil for a new one.
  let view: FormulaView?
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var path: String { view.map { "\(FormulaPages.path)/\($0.formula.id)" } ?? "\(FormulaPages.path)/new" }
  private var isArchived: Bool { view?.formula.archivedAt != nil }
  private var mayChange: Bool { visit.may(.changeProgramme) && !isArchived }

  var page: Page {
    Page(
      title: view.map { reader($0.formula.details.name) } ?? reader("Новая формула", "New formula"), actions: act,
      notes: [
        reader(
          "Считается в каждой ячейке и в каждом итоге из показателей этой самой ячейки: итог – не сумма частных",
          "Worked out in every cell and every total from the values of that very cell: a total is no sum of quotients")
      ],
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path), (reader("Формулы", "Formulas"), FormulaPages.path)],
      body: "<div class=\"page-body\">\(archived)\(mayChange ? fields : facts)\(uses)\(history)\(ending)</div>")
  }

  /// The formula in a question to go on from.
  private var act: Markup {
    guard let view else { return .nothing }
    let measure = Measure.formula(Formula(named: view.formula.details.code))
    let state = PivotState(pivot: Pivot(rows: [.month], values: [measure]))
    return
      "<a class=\"button\" href=\"\(state.address)\">\(Icon.table.small)\(reader("Посмотреть по месяцам", "See it by month"))</a>"
  }

  private var archived: Markup? {
    isArchived
      ? Notice.info(
        reader(
          "Формула в архиве: её нет в списках, но старые ссылки и отчёты считаются.",
          "The formula is in the archive: lists leave it out, old links and reports go on.")) : nil
  }

  private var fields: Markup {
    """
    <section class="panel form-panel"><form class="inline-form form" method="post" action="\(path)">\(visit.key)\
    <input type="hidden" name="version" value="\(form["version"])">\(FormulaFields(form: form, refusal: refusal, isNew: view == nil, reader: reader).html)\
    <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
    <a class="button ghost" href="\(FormulaPages.path)">\(reader("Отмена", "Cancel"))</a></div></form></section>
    """
  }

  private var facts: Markup? {
    guard let details = view?.formula.details else { return nil }
    let notice = refusal.map { Notice.refusal($0, reader) }
    let list = FactList(rows: [
      (reader("Код", "Code"), "<code>\(details.code)</code>"), (reader("Формула", "Formula"), "<code>\(details.text)</code>"),
      (reader("Вид", "Shown as"), .text(FormulaFields.format(details.format, reader))),
      (reader("Пояснение", "Note"), details.note.isEmpty ? nil : .text(details.note)),
    ]).panel(reader("О формуле", "About it"))
    return "\(notice)\(list)"
  }

  private var uses: Markup? {
    guard let view else { return nil }
    let name = reader("Где показана", "Where it is shown")
    let body: Markup =
      view.uses.isEmpty
      ? "<p class=\"panel-body soft\">\(reader("Сохранённых отчётов с ней нет.", "No saved report shows it."))</p>"
      : """
      <ul class="items ruled">\(view.uses.map { report -> Markup in
        let title: Markup =
          report.isVisible(to: visit.session.staff)
          ? "<a href=\"\(ReportPages.path)/\(report.id)\">\(report.details.name)</a>" : "\(report.details.name)"
        return "<li>\(Icon.table.usual)<div>\(title)</div></li>"
      })</ul>
      """
    return "<section class=\"panel\"><header class=\"panel-head\"><h2>\(name)</h2></header>\(body)</section>"
  }

  private var history: Markup? {
    guard let view, !view.history.isEmpty else { return nil }
    let items = view.history.map { entry -> Markup in
      let said = entry.after?["formula"].flatMap { json -> String? in if case .string(let text) = json { text } else { nil } }
      let text = said.map { text -> Markup in ": <code>\(text)</code>" }
      return """
        <li>\(Icon.history.usual)<div>\(ActWords.name(entry.act, reader) ?? entry.act)\(text)<p>\(reader.moment(entry.at)), \(entry.actor)</p></div></li>
        """
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Изменения", "Changes"))</h2></header>\
      <ul class="items ruled">\(items)</ul></section>
      """
  }

  private var ending: Markup? {
    guard view != nil, visit.may(.changeProgramme) else { return nil }
    if isArchived {
      return ActButton(
        path: path + "/archive", label: reader("Вернуть из архива", "Take out of the archive"), fields: [("act", "restore")],
        icon: .undo, style: ""
      ).html(visit)
    }
    return Farewell(
      label: reader("Убрать в архив", "Put into the archive"),
      warning: reader(
        "Можно, пока формулу не показывает ни один сохранённый отчёт. Её можно вернуть в любое время.",
        "Possible while no saved report shows it. It can be taken out again at any time."),
      button: ActButton(
        path: path + "/archive", label: reader("Убрать в архив", "Put into the archive"), fields: [("act", "archive")],
        style: "s danger")
    ).html(visit)
  }
}
