import Access
import Calculator
import Kernel
import Loyalty

/// A charity as a form.
struct CharityForm {
  /// Nil for a new one.
  let charity: Charity?
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private static let fields: Set = [
    "code", "ru", "en", "about-ru", "about-en", "payee", "taxNumber", "contract", "from", "until", "target",
  ]
  private var reader: Reader { visit.reader }

  static func form(of charity: Charity, _ reader: Reader) -> Form {
    Form([
      "code": charity.code, "ru": charity.name.ru, "en": charity.name.en, "about-ru": charity.about?.ru ?? "",
      "about-en": charity.about?.en ?? "", "payee": charity.payee, "taxNumber": charity.taxNumber, "contract": charity.contract,
      "from": charity.from?.description ?? "", "until": charity.until?.description ?? "",
      "target": charity.target.map(reader.points) ?? "", "isActive": charity.isActive ? "on" : "",
    ])
  }

  /// What was typed, read as settings are; the code stays as it was.
  /// - Throws: `Problem.invalid` with the field of each fault.
  static func charity(_ form: Form, over old: Charity?, _ amounts: AmountForm) throws(Problem) -> Charity {
    func text(_ field: String) -> JSON? { form[field].isEmpty ? nil : .string(form[field]) }
    let target = form["target"].filter { !$0.isWhitespace }.replacing(",", with: ".")
    let about: JSON? =
      form["about-ru"].isEmpty && form["about-en"].isEmpty
      ? nil : .object(["ru": .string(form["about-ru"]), "en": .string(form["about-en"])])
    let json: JSON = .object([
      "code": old.map { .string($0.code) } ?? text("code"), "name": .object(["ru": text("ru"), "en": text("en")]), "about": about,
      "payee": text("payee"), "taxNumber": text("taxNumber"), "contract": text("contract"), "from": text("from"),
      "until": text("until"), "target": target.isEmpty ? nil : .string(target), "active": form["isActive"] == "on" ? nil : false,
    ])
    let issues = IssueList()
    let read = Charity(JSONNode(json, issues: issues), amounts)
    let shown = IssueList()
    for issue in issues.issues {
      let place = issue.pointer.hasPrefix("/about/") ? "/about-" + issue.pointer.dropFirst("/about/".count) : issue.pointer
      shown.add(place, issue.code, issue.message)
    }
    try shown.check("the charity")
    guard let read else { throw ConsoleDesk.incomplete }
    return read
  }

  var page: Page {
    var crumbs = [
      (name: reader("Поощрения", "Rewards"), path: "/console/rewards"), (reader("Фонды", "Charities"), "/console/charity"),
    ]
    if let charity { crumbs.append((reader(charity.name), "/console/charity/\(charity.code)")) }
    return Page(
      title: charity == nil ? reader("Новый фонд", "New charity") : reader("Изменить фонд", "Edit the charity"), crumbs: crumbs,
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private func field(
    _ name: String, _ label: String, _ faults: FormFaults, type: String = "text", hint: String? = nil, limit: Int = Limits.name,
    needs: Bool = false
  ) -> Markup {
    Field(
      name: name, label: label, value: form[name], type: type, hint: hint, fault: faults[name], limit: limit, isRequired: needs
    ).html
  }

  private func box(_ name: String, _ label: String, _ faults: FormFaults) -> Markup {
    TextBox(name: name, label: label, value: form[name], fault: faults[name], lines: 3, limit: Limits.note).html
  }

  private var html: Markup {
    let faults = FormFaults(refusal, fields: Self.fields, reader)
    let back = charity.map { "/console/charity/\($0.code)" } ?? "/console/charity"
    let code: Markup? =
      charity == nil
      ? field(
        "code", reader("Код", "Code"), faults,
        hint: reader("латинские буквы, цифры и дефис", "letters, digits, hyphens"), limit: Limits.code, needs: true) : nil
    return """
      <form class="form" method="post" action="\(back)">\(visit.key)\(faults.notice)\
      \(code.map { code -> Markup in "<div class=\"fields\">\(code)</div>" })\
      <div class="fields">\(field("ru", reader("Название по-русски", "Name in Russian"), faults, needs: true))\
      \(field("en", reader("Название по-английски", "Name in English"), faults, needs: true))</div>\
      <div class="fields">\(box("about-ru", reader("На что собирают, по-русски", "What for, in Russian"), faults))\
      \(box("about-en", reader("На что собирают, по-английски", "What for, in English"), faults))</div>\
      <div class="fields">\(field("payee", reader("Кому платят", "Who is paid"), faults, hint: reader("как в документах", "as documents name them"), needs: true))\
      \(field("taxNumber", reader("ИНН", "Tax number"), faults, limit: Limits.code))\(field("contract", reader("Договор", "Contract"), faults, limit: Limits.code))</div>\
      <div class="fields narrow">\(field("from", reader("С дня", "From the day"), faults, type: "date", limit: 10))\
      \(field("until", reader("По день", "Through the day"), faults, type: "date", limit: 10))\
      \(field("target", reader("Цель, баллов", "Target in points"), faults, hint: reader("пусто: без цели; после неё сбор идёт дальше", "empty: none; giving goes on beyond it"), limit: 16))</div>\
      <div class="ticks">\(Tick(name: "isActive", label: reader("Принимает баллы", "Takes points"), isOn: form["isActive"] == "on").html)</div>\
      <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }
}
