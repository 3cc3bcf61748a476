import Access
import Customers
import Kernel

/// A field as a form.
struct FieldForm {
  /// Nil for a new one.
  let field: MemberFieldDetails?
  let dictionaries: [DictionaryDetails]
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private static let names: Set = [
    "code", "ru", "en", "note", "group", "kind", "dictionary", "most", "atLeast", "atMost", "rank",
  ]

  private var reader: Reader { visit.reader }

  static func blank(_ code: String) -> Form {
    Form(["kind": "text", "code": code, "ru": code, "rank": "0"])
  }

  static func form(of field: MemberFieldDetails) -> Form {
    var values = [
      "code": field.code, "ru": field.name.ru, "en": field.name.en, "note": field.note, "group": field.group,
      "kind": field.kind.word.rawValue, "rank": "\(field.rank)", "isRequired": field.isRequired ? "on" : "",
      "isPersonal": field.isPersonal ? "on" : "",
    ]
    switch field.kind {
    case .text(let most): values["most"] = "\(most)"
    case .number(let least, let most):
      (values["atLeast"], values["atMost"]) = (least.map { "\($0)" } ?? "", most.map { "\($0)" } ?? "")
    case .day, .flag: break
    case .one(let code): values["dictionary"] = code
    case .several(let code, let most): (values["dictionary"], values["most"]) = (code, "\(most)")
    }
    for role in field.seenBy { values["seen-\(role.rawValue)"] = "on" }
    for role in field.changedBy { values["changed-\(role.rawValue)"] = "on" }
    return Form(values)
  }

  /// What was typed; code, kind and dictionary stay as they were.
  /// - Throws: `Problem.invalid` with the field of each fault.
  static func field(_ form: Form, over old: MemberFieldDetails?) throws(Problem) -> MemberFieldDetails {
    func text(_ name: String) -> JSON? { form[name].isEmpty ? nil : .string(form[name]) }
    func whole(_ name: String) -> JSON? {
      let digits = form[name].filter { !$0.isWhitespace }
      return digits.isEmpty ? nil : Int64(digits).map(JSON.int) ?? .string(digits)
    }
    func roles(_ prefix: String) -> JSON {
      .array(Role.allCases.filter { form.has(prefix + $0.rawValue) }.map { .string($0.rawValue) })
    }
    let kind = old?.kind.word ?? MemberFieldDetails.Kind.Word(rawValue: form["kind"]) ?? .text
    let isOfDictionary = kind == .one || kind == .several
    let issues = IssueList()
    let node = JSONNode(
      .object([
        "name": .object(["ru": text("ru"), "en": text("en")]), "note": text("note"), "group": text("group"),
        "kind": .string(kind.rawValue), "required": form.has("isRequired") ? true : nil,
        "personal": form.has("isPersonal") ? true : nil, "seenBy": roles("seen-"), "changedBy": roles("changed-"),
        "rank": whole("rank"), "most": kind == .text || kind == .several ? whole("most") : nil,
        "atLeast": kind == .number ? whole("atLeast") : nil, "atMost": kind == .number ? whole("atMost") : nil,
        "dictionary": isOfDictionary ? old?.kind.dictionary.map { .string($0) } ?? text("dictionary") : nil,
      ]), issues: issues)
    let code = old?.code ?? form["code"]
    let field = MemberFieldDetails(code: code, node)
    if !isCode(code) { issues.add("/code", "not_a_code", "a code has 1 to \(Limits.code) bytes and no spaces around it") }
    field?.check(at: "", issues)
    try issues.check("the field")
    guard let field else { throw ConsoleDesk.incomplete }
    return field
  }

  var page: Page {
    var crumbs = [(name: reader("Поля анкеты", "Member fields"), path: ConsoleDesk.fieldsPath)]
    if let field { crumbs.append((reader(field.name), "\(ConsoleDesk.fieldsPath)/\(queryText(field.code))")) }
    return Page(
      title: field == nil ? reader("Новое поле", "New field") : reader("Изменить поле", "Edit the field"), crumbs: crumbs,
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private var html: Markup {
    let faults = FormFaults(refusal, fields: Self.names, reader)
    let back = field.map { "\(ConsoleDesk.fieldsPath)/\(queryText($0.code))" } ?? ConsoleDesk.fieldsPath
    func line(_ name: String, _ label: String, _ hint: String? = nil, limit: Int = Limits.name, needs: Bool = false) -> Markup {
      Field(name: name, label: label, value: form[name], hint: hint, fault: faults[name], limit: limit, isRequired: needs).html
    }
    return """
      <form class="form" method="post" action="\(back)">\(visit.key)\(faults.notice)\
      <div class="fields">\(line("ru", reader("Название по-русски", "Name in Russian"), needs: true))\(line("en", reader("Название по-английски", "Name in English"), reader("пусто: как по-русски", "empty: as in Russian")))</div>\
      \(code(faults))\(kind(faults))\
      <div class="fields">\(line("group", reader("Раздел анкеты", "Heading on the card"), reader("поля с одним разделом стоят вместе", "fields with one heading stand together")))\(line("rank", reader("Порядок", "Order"), reader("меньшее – выше", "the lower comes first"), limit: 5))</div>\
      \(line("note", reader("Пояснение", "What it is for"), reader("подсказка под полем", "shown under the input"), limit: 400))\
      <div class="ticks">\(Tick(name: "isRequired", label: reader("Анкету не сохранить без него", "The card's form needs it"), note: reader("касс и файлов не касается", "tills and files may leave it out"), isOn: form.has("isRequired")).html)\
      \(Tick(name: "isPersonal", label: reader("Личные данные", "Personal data"), note: reader("скрыто от тех, кому личные данные не видны", "hidden from whoever may not see personal data"), isOn: form.has("isPersonal")).html)</div>\
      \(roles("seen-", reader("Кто видит", "Who sees it")))\(roles("changed-", reader("Кто меняет", "Who changes it")))\
      <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button><a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }

  private func code(_ faults: FormFaults) -> Markup? {
    guard field == nil else { return nil }
    let code = Field(
      name: "code", label: reader("Код", "Code"), value: form["code"],
      hint: reader(
        "по нему поле называют условия, файлы и программы: без двоеточий, запятых, кавычек, / и =; потом не меняется",
        "conditions, files and programs name the field by it: no colons, commas, quotes, / or =; it cannot be changed later"),
      fault: faults["code"],
      limit: Limits.code)
    return "<div class=\"fields narrow\">\(code.html)</div>"
  }

  private func kind(_ faults: FormFaults) -> Markup {
    func number(_ name: String, _ label: String, _ hint: String? = nil) -> Markup {
      Field(name: name, label: label, value: form[name], hint: hint, fault: faults[name], limit: 16, isRequired: false).html
    }
    let choice: Markup? =
      field == nil
      ? Choice(
        name: "kind", label: reader("Тип", "Kind"),
        options: MemberFieldDetails.Kind.Word.allCases.map { ($0.rawValue, FieldWords.kind($0, reader)) }, chosen: form["kind"],
        hint: reader("потом не меняется", "cannot be changed later"), fault: faults["kind"]
      ).html : nil
    let word = field?.kind.word
    let list: Markup? =
      field == nil
      ? Choice(
        name: "dictionary", label: reader("Справочник", "Dictionary"),
        options: [("", "–")] + dictionaries.map { ($0.code, reader($0.name)) }, chosen: form["dictionary"],
        hint: reader("для полей «из справочника»", "for fields “of a dictionary”"), fault: faults["dictionary"]
      ).html : nil
    let most: Markup? =
      word == nil || word == .text || word == .several
      ? number(
        "most", reader("Не больше", "At most"),
        word == .text
          ? reader("знаков", "characters")
          : word == .several
            ? reader("значений", "values") : reader("знаков текста или значений", "characters of a text, or values"))
      : nil
    let bounds: Markup? =
      word == nil || word == .number
      ? "\(number("atLeast", reader("Число от", "Number from")))\(number("atMost", reader("до", "to")))" : nil
    return "<div class=\"fields\">\(choice)\(list)</div><div class=\"fields narrow\">\(most)\(bounds)</div>"
  }

  private func roles(_ prefix: String, _ label: String) -> Markup {
    let ticks = Role.allCases.filter { $0 != .owner && $0.rights.contains(.seeMembers) }.map { role in
      Tick(name: prefix + role.rawValue, label: FieldWords.role(role, reader), isOn: form.has(prefix + role.rawValue))
    }
    return TickGroup(
      label: label, ticks: ticks,
      hint: reader(
        "владелец – всегда; никого не отметить – все, кому это вообще можно", "owners always; none ticked: everybody who may at all"
      )
    ).html
  }
}
