import Calculator
import Conditions
import Customers
import Kernel
import Loyalty

/// An action as a form: first what is done, then to whom and how.
struct BulkForm {
  struct View: Sendable {
    var segments: [SegmentDetails] = []
    var fields = FieldCatalogue()
    var series: [CouponSeriesDetails] = []
    /// From the lowest up.
    var tiers: [TierDetails] = []
  }

  let view: View
  /// Nil before one is chosen.
  let word: BulkDeed.Word?
  let form: Form
  let request: String
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }

  /// What was typed.
  /// - Throws: `Problem.invalid` with the field of each fault; `Problem.forbidden` for a field that one may not change.
  static func deed(
    _ form: Form, _ fields: FieldCatalogue, _ amounts: AmountForm, _ visit: Visit
  ) throws(Problem) -> BulkDeed {
    func text(_ name: String) -> JSON? { form[name].isEmpty ? nil : .string(form[name]) }
    if form["do"] == BulkDeed.Word.attribute.rawValue { return try attribute(form, fields, visit) }
    let typed = form["points"].filter { !$0.isWhitespace }.replacing(",", with: ".")
    let issues = IssueList()
    let node = JSONNode(
      .object([
        "do": text("do"), "segment": text("list"), "in": form["do"] == "list" ? .bool(form["in"] != "out") : nil,
        "points": typed.isEmpty ? nil : .string(typed), "course": form["do"] == "points" ? CourseFields.json(form) : nil,
        "reason": text("reason"), "series": text("series"), "tier": text("tier"), "through": text("through"),
        "blocked": form["do"] == "status" ? .bool(form["blocked"] != "no") : nil,
      ]), issues: issues)
    let deed = BulkDeed(node, amounts)
    let places = Dictionary(CourseFields.places + [("/segment", "list")], uniquingKeysWith: { first, _ in first })
    let shown = IssueList()
    for issue in issues.issues {
      shown.add("/" + (places[issue.pointer] ?? String(issue.pointer.dropFirst())), issue.code, issue.message)
    }
    try shown.check("the action")
    guard let deed else { throw ConsoleDesk.incomplete }
    return deed
  }

  private static func attribute(_ form: Form, _ fields: FieldCatalogue, _ visit: Visit) throws(Problem) -> BulkDeed {
    guard let field = fields[form["field"]] else { throw ConsoleDesk.incomplete }
    guard field.isChanged(by: visit.session.staff.role, seesPersons: visit.may(.seePersons)) else { throw ConsoleDesk.noRight }
    let name = FieldInputs.prefix + field.code
    let ticked = fields.values(of: field).filter { form.has("\(name)-\($0.code)") }.map(\.code)
    let typed = ticked.isEmpty ? form[name] : ticked.joined(separator: "\n")
    do throws(FieldCatalogue.Fault) { return .attribute(field.code, try fields.value(.text(typed), of: field, true)) } catch {
      throw Problem(
        .invalid, error.code, error.message,
        issues: [Issue(pointer: "/value", code: error.code, message: visit.reader(error.words))])
    }
  }

  var page: Page {
    Page(
      title: reader("Новое действие", "New action"),
      crumbs: [
        (reader("Сегменты", "Segments"), SegmentState.path),
        (reader("Действия", "Actions"), ConsoleDesk.bulkPath),
      ],
      body: """
        <div class="page-body"><section class="panel"><div class="panel-body stack">\(kinds)\(word.map { html($0) })</div></section></div>
        """)
  }

  private func address(_ word: BulkDeed.Word, field: String = "") -> String {
    let segment = form["segment"].isEmpty ? "" : "&segment=" + queryText(form["segment"])
    return "\(ConsoleDesk.bulkPath)/new?do=\(word.rawValue)\(field.isEmpty ? "" : "&field=" + queryText(field))\(segment)"
  }

  private var kinds: Markup {
    let links = BulkDeed.Word.allCases.map { other -> Markup in
      let mark: Markup = other == word ? " aria-current=\"true\"" : ""
      return "<li><a class=\"chip filter\" href=\"\(address(other))\"\(mark)>\(BulkWords.kind(other, reader))</a></li>"
    }
    return """
      <nav aria-label="\(reader("Что сделать", "What to do"))"><p class="soft">\(reader("Что сделать с каждым в сегменте", "What is done to everybody in the segment"))</p><ul class="row wrap">\(links)</ul></nav>
      """
  }

  private func html(_ word: BulkDeed.Word) -> Markup {
    let names: Set = [
      "name", "segment", "list", "points", "reason", "series", "tier", "through", "value", "course-start", "course-start-days",
      "course-start-on", "course-life", "course-life-days", "course-life-until",
    ]
    let faults = FormFaults(refusal, fields: names, reader)
    if word == .attribute, view.fields[form["field"]] == nil { return choosing }
    let segments = view.segments.map { ($0.code, "\(reader($0.name)) (\($0.code))") }
    let name = Field(
      name: "name", label: reader("Как назвать", "What to call it"), value: form["name"],
      hint: reader("видно в журнале и в отменах", "shown in the audit trail and where it is undone"), fault: faults["name"])
    let segment = Choice(
      name: "segment", label: reader("Сегмент", "Segment"), options: segments, chosen: form["segment"], fault: faults["segment"])
    return """
      <form class="form" method="post" action="\(ConsoleDesk.bulkPath)">\(visit.key)<input type="hidden" name="request" value="\(request)">\
      <input type="hidden" name="do" value="\(word.rawValue)">\(faults.notice)<div class="fields">\(segment.html)\(name.html)</div>\
      \(fields(word, faults))<p class="hint">\(reader("Дальше – подсчёт: кого затронет, кто пропущен и почему. Ничего не изменится, пока вы не подтвердите.", "Then it is counted: whom it concerns, who is left out and why. Nothing changes before you confirm it."))</p>\
      <div class="row"><button class="button primary">\(reader("Посчитать", "Count"))</button><a class="button ghost" href="\(ConsoleDesk.bulkPath)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }

  /// Which field, before its value can be asked for.
  private var choosing: Markup {
    let role = visit.session.staff.role
    let shown = view.fields.fields.filter { $0.isChanged(by: role, seesPersons: visit.may(.seePersons)) }
    guard !shown.isEmpty else {
      return Notice.info(
        reader(
          "Полей, которые вы можете менять, нет. Их заводят в «Полях анкеты».",
          "There are no fields that you may change. They are made under “Member fields”."))
    }
    let links = shown.map { field -> Markup in
      "<li><a class=\"chip filter\" href=\"\(address(.attribute, field: field.code))\">\(reader(field.name))</a></li>"
    }
    return "<div><p class=\"soft\">\(reader("Какое поле", "Which field"))</p><ul class=\"row wrap\">\(links)</ul></div>"
  }

  private func line(
    _ name: String, _ label: String, _ faults: FormFaults, _ hint: String? = nil, type: String = "text",
    limit: Int = Limits.name, needs: Bool = true
  ) -> Markup {
    Field(
      name: name, label: label, value: form[name], type: type, hint: hint, fault: faults[name], limit: limit, isRequired: needs
    ).html
  }

  private func fields(_ word: BulkDeed.Word, _ faults: FormFaults) -> Markup {
    let reason = line(
      "reason", reader("Причина", "Reason"), faults, reader("останется у каждого участника", "stays with every member"))
    switch word {
    case .attribute: return attribute(faults)
    case .list: return list(faults)
    case .points:
      return """
        <div class="fields">\(line("points", reader("Баллов каждому", "Points for each"), faults, limit: 20))\(reason)</div>\
        <fieldset class="field"><legend>\(reader("Срок баллов", "How the points come and go"))</legend>\(CourseFields.html(form, reader) { faults[$0] })</fieldset>
        """
    case .coupon:
      let series = view.series.map { ($0.code, "\(reader($0.name)) (\($0.code))") }
      return """
        <div class="fields">\(Choice(name: "series", label: reader("Серия", "Series"), options: series, chosen: form["series"], hint: reader("у каждого будет свой код", "everybody has a code of their own"), fault: faults["series"]).html)</div>
        """
    case .tier:
      let tiers = view.tiers.map { ($0.code, reader($0.name)) }
      return """
        <div class="fields">\(Choice(name: "tier", label: reader("Уровень", "Tier"), options: tiers, chosen: form["tier"], fault: faults["tier"]).html)\
        \(line("through", reader("По день включительно", "Through the day"), faults, reader("пусто – без срока", "empty: without an end"), type: "date", limit: 10, needs: false))</div>\(reason)
        """
    case .status:
      let how = Choice(
        name: "blocked", label: reader("Что сделать", "What to do"),
        options: [("yes", reader("заблокировать", "block")), ("no", reader("разблокировать", "unblock"))], chosen: form["blocked"])
      return "<div class=\"fields\">\(how.html)\(reason)</div>"
    }
  }

  private func attribute(_ faults: FormFaults) -> Markup {
    guard let field = view.fields[form["field"]] else { return .nothing }
    let bad = faults["value"].map { [field.code: $0] } ?? [:]
    return """
      <input type="hidden" name="field" value="\(field.code)">\
      <div class="fields">\(FieldInputs(fields: view.fields, form: form, faults: bad, visit: visit).input(field, isRequired: false))</div>\
      <p class="hint">\(reader("Пусто – очистить поле.", "Empty clears the field."))</p>
      """
  }

  private func list(_ faults: FormFaults) -> Markup {
    let lists = view.segments.filter { $0.kind == .static }.map { ($0.code, "\(reader($0.name)) (\($0.code))") }
    let how = Choice(
      name: "in", label: reader("Что сделать", "What to do"),
      options: [("in", reader("внести в список", "put on the list")), ("out", reader("убрать из списка", "take off the list"))],
      chosen: form["in"])
    let list = Choice(
      name: "list", label: reader("Список", "List"), options: lists, chosen: form["list"],
      hint: reader("список и есть метка: его видят условия и кассы", "a list is the tag: conditions and tills see it"),
      fault: faults["list"])
    return "<div class=\"fields\">\(how.html)\(list.html)</div>"
  }
}
