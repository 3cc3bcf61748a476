import Access
import Calculator
import Customers
import Kernel
import Loyalty

/// An action as a form.
struct RewardForm {
  /// Nil for a new one.
  let action: RewardedAction?
  /// From the lowest up.
  let tiers: [TierDetails]
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private static let fields: Set = [
    "code", "ru", "en", "points", "every", "memberCap", "budget", "from", "until", "fields", "daysBefore", "daysAfter",
    "course-start", "course-start-days", "course-start-on", "course-life", "course-life-days", "course-life-until",
  ]

  private var reader: Reader { visit.reader }
  private var words: GivingWords { GivingWords(reader: reader) }

  static var blank: Form {
    Form([
      "kind": "review", "every": "day", "isActive": "on", "daysBefore": "0", "daysAfter": "7", "field-givenName": "on",
      "field-birthday": "on", "field-phone": "on",
    ])
  }

  static func form(of action: RewardedAction, _ reader: Reader) -> Form {
    var values = [
      "code": action.code, "ru": action.name.ru, "en": action.name.en, "kind": action.kind.rawValue,
      "points": reader.points(action.points), "every": action.pace.rawValue,
      "memberCap": action.memberCap.map(reader.points) ?? "", "budget": action.budget.map(reader.points) ?? "",
      "from": action.from?.description ?? "", "until": action.until?.description ?? "", "isActive": action.isActive ? "on" : "",
      "daysBefore": String(action.daysBefore), "daysAfter": String(action.daysAfter),
    ]
    for tier in action.tiers { values["tier-\(tier)"] = "on" }
    for field in action.fields { values["field-\(field.rawValue)"] = "on" }
    for (field, text) in action.course.map(CourseFields.texts) ?? [] { values[field] = text }
    return Form(values)
  }

  /// What was typed, read as settings are; the code stays as it was.
  /// - Throws: `Problem.invalid` with the field of each fault.
  static func action(_ form: Form, over old: RewardedAction?, _ amounts: AmountForm) throws(Problem) -> RewardedAction {
    let kind = RewardedAction.Kind(rawValue: form["kind"])
    let issues = IssueList()
    let node = JSONNode(json(form, kind, old), issues: issues)
    let action = RewardedAction(node, amounts)
    let places = Dictionary(CourseFields.places, uniquingKeysWith: { first, _ in first })
    let shown = IssueList()
    for issue in issues.issues {
      shown.add("/" + (places[issue.pointer] ?? String(issue.pointer.dropFirst())), issue.code, issue.message)
    }
    try shown.check("the action")
    guard let action else { throw ConsoleDesk.incomplete }
    return action
  }

  private static func json(_ form: Form, _ kind: RewardedAction.Kind?, _ old: RewardedAction?) -> JSON {
    func text(_ field: String) -> JSON? { form[field].isEmpty ? nil : .string(form[field]) }
    func amount(_ field: String) -> JSON? {
      let typed = form[field].filter { !$0.isWhitespace }.replacing(",", with: ".")
      return typed.isEmpty ? nil : .string(typed)
    }
    func whole(_ field: String) -> JSON? {
      let digits = form[field].filter { !$0.isWhitespace }
      return digits.isEmpty ? nil : Int64(digits).map(JSON.int) ?? .string(digits)
    }
    func ticked(_ prefix: String) -> [JSON] {
      form.values.keys.filter { $0.hasPrefix(prefix) }.sorted().map { .string(String($0.dropFirst(prefix.count))) }
    }
    let only = kind.flatMap(RewardedAction.pace(of:))
    return .object([
      "code": old.map { .string($0.code) } ?? text("code"), "name": .object(["ru": text("ru"), "en": text("en")]),
      "kind": text("kind"), "points": amount("points"), "course": CourseFields.json(form),
      "every": only.map { .string($0.rawValue) } ?? text("every"), "memberCap": amount("memberCap"), "budget": amount("budget"),
      "from": text("from"), "until": text("until"), "active": (form["isActive"] == "on") ? nil : false,
      "tiers": .array(ticked("tier-")),
      "fields": kind == .profile
        ? .array(RewardedAction.Field.allCases.filter { form["field-" + $0.rawValue] == "on" }.map { .string($0.rawValue) }) : nil,
      "daysBefore": kind == .birthday ? whole("daysBefore") : nil, "daysAfter": kind == .birthday ? whole("daysAfter") : nil,
    ])
  }

  var page: Page {
    var crumbs = [(name: reader("Поощрения", "Rewards"), path: "/console/rewards")]
    if let action { crumbs.append((reader(action.name), "/console/rewards/actions/\(action.code)")) }
    return Page(
      title: action == nil ? reader("Новое действие", "New action") : reader("Изменить действие", "Edit the action"),
      crumbs: crumbs,
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

  private var html: Markup {
    let faults = FormFaults(refusal, fields: Self.fields, reader)
    let back = action.map { "/console/rewards/actions/\($0.code)" } ?? "/console/rewards"
    let code: Markup? =
      action == nil
      ? field(
        "code", reader("Код", "Code"), faults,
        hint: reader(
          "латинские буквы, цифры и дефис; по нему о действии сообщают", "letters, digits, hyphens; others tell of it by this"),
        limit: Limits.code, needs: true) : nil
    return """
      <form class="form" method="post" action="\(back)">\(visit.key)\(faults.notice)\
      \(code.map { code -> Markup in "<div class=\"fields\">\(code)</div>" })\
      <div class="fields">\(field("ru", reader("Название по-русски", "Name in Russian"), faults, needs: true))\
      \(field("en", reader("Название по-английски", "Name in English"), faults, needs: true))</div>\
      <div class="fields narrow">\(choice("kind", reader("За что", "For what"), RewardedAction.Kind.allCases.map { ($0.rawValue, words.kind($0)) }, faults))\
      \(field("points", reader("Баллов за раз", "Points each"), faults, limit: 16, needs: true))\
      \(choice("every", reader("Как часто", "How often"), RewardedAction.Pace.allCases.map { ($0.rawValue, words.pace($0)) }, faults, hint: reader("профиль – один раз, день рождения – раз в год", "a profile once, a birthday once a year")))</div>\
      \(limits(faults))\(audience)\(found(faults))\
      <fieldset class="field"><legend>\(reader("Срок баллов", "How the points come and go"))</legend>\(CourseFields.html(form, reader) { faults[$0] })</fieldset>\
      <div class="ticks">\(Tick(name: "isActive", label: reader("Действует", "Running"), isOn: (form["isActive"] == "on")).html)</div>\
      <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }

  private func choice(
    _ name: String, _ label: String, _ options: [(String, String)], _ faults: FormFaults, hint: String? = nil
  ) -> Markup {
    Choice(name: name, label: label, options: options, chosen: form[name], hint: hint, fault: faults[name]).html
  }

  private func limits(_ faults: FormFaults) -> Markup {
    let none = reader("пусто: без предела", "empty: no limit")
    return """
      <div class="fields narrow">\(field("memberCap", reader("Одному не больше баллов", "One member at most"), faults, hint: none, limit: 16))\
      \(field("budget", reader("Бюджет баллов", "Budget of points"), faults, hint: none, limit: 16))</div>\
      <div class="fields narrow">\(field("from", reader("С дня", "From the day"), faults, type: "date", limit: 10))\
      \(field("until", reader("По день", "Through the day"), faults, type: "date", limit: 10))</div>
      """
  }

  private var audience: Markup? {
    guard !tiers.isEmpty else { return nil }
    let ticks = tiers.map { Tick(name: "tier-" + $0.code, label: reader($0.name), isOn: form["tier-" + $0.code] == "on") }
    return TickGroup(
      label: reader("Для каких уровней", "For which tiers"), ticks: ticks,
      hint: reader("ни одного: для всех", "none: for everybody")
    ).html
  }

  private func found(_ faults: FormFaults) -> Markup {
    let ticks = RewardedAction.Field.allCases.map {
      Tick(name: "field-" + $0.rawValue, label: words.field($0), isOn: form["field-" + $0.rawValue] == "on")
    }
    let group = TickGroup(
      label: reader("Что должно быть заполнено", "What has to be filled"), ticks: ticks,
      hint: reader("только для профиля", "only for a profile"), fault: faults["fields"])
    return """
      \(group.html)<div class="fields narrow">\
      \(field("daysBefore", reader("Дней до дня рождения", "Days before the birthday"), faults, hint: reader("только для дня рождения", "only for a birthday"), limit: 2))\
      \(field("daysAfter", reader("Дней после", "Days after"), faults, hint: reader("если дату узнали позже", "where the date is learnt later"), limit: 2))</div>
      """
  }
}
