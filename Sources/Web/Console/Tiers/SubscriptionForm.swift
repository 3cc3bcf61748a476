import Calculator
import Customers
import Kernel
import Loyalty

/// A plan as a form.
struct SubscriptionForm {
  /// Nil for a new one.
  let plan: SubscriptionPlan?
  /// From the lowest up.
  let tiers: [TierDetails]
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private static let fields: Set = [
    "code", "ru", "en", "products", "tier", "length", "unit", "trial", "grace", "notice",
  ]
  private var reader: Reader { visit.reader }

  static var blank: Form { Form(["unit": "months", "length": "1", "grace": "0", "notice": "7", "isOnSale": "on"]) }

  static func form(of plan: SubscriptionPlan) -> Form {
    let (unit, length) =
      switch plan.length {
      case .months(let months): ("months", months)
      case .days(let days): ("days", days)
      }
    return Form([
      "code": plan.code, "ru": plan.name.ru, "en": plan.name.en, "products": plan.products.joined(separator: "\n"),
      "tier": plan.tier,
      "unit": unit, "length": String(length), "trial": plan.trialDays.map(String.init) ?? "", "grace": String(plan.graceDays),
      "notice": String(plan.noticeDays), "earns": plan.earns ? "on" : "", "takesDiscounts": plan.takesDiscounts ? "on" : "",
      "counts": plan.counts ? "on" : "", "isOnSale": plan.isOnSale ? "on" : "",
    ])
  }

  /// What was typed, read as settings are; the code stays as it was.
  /// - Throws: `Problem.invalid` with the field of each fault.
  static func plan(_ form: Form, over old: SubscriptionPlan?) throws(Problem) -> SubscriptionPlan {
    let issues = IssueList()
    let plan = SubscriptionPlan(JSONNode(json(form, old), issues: issues))
    let shown = IssueList()
    for issue in issues.issues { shown.add("/" + field(issue.pointer), issue.code, issue.message) }
    try shown.check("the subscription")
    guard let plan else { throw ConsoleDesk.incomplete }
    return plan
  }

  private static func json(_ form: Form, _ old: SubscriptionPlan?) -> JSON {
    func text(_ field: String) -> JSON? { form[field].isEmpty ? nil : .string(form[field]) }
    func whole(_ field: String) -> JSON? {
      let digits = form[field].filter { !$0.isWhitespace }
      return digits.isEmpty ? nil : Int64(digits).map(JSON.int) ?? .string(digits)
    }
    let codes = form["products"].split { $0.isNewline || $0 == "," || $0 == ";" }.map { $0.trimmed }.filter { !$0.isEmpty }
    let length = whole("length").map { JSON.object([JSON.Member(form["unit"] == "days" ? "days" : "months", $0)]) }
    return .object([
      "code": old.map { .string($0.code) } ?? text("code"), "name": .object(["ru": text("ru"), "en": text("en")]),
      "products": .array(codes.map { .string(String($0)) }), "tier": text("tier"), "length": length, "trialDays": whole("trial"),
      "graceDays": whole("grace"), "noticeDays": whole("notice"), "earns": .bool(form["earns"] == "on"),
      "takesDiscounts": .bool(form["takesDiscounts"] == "on"), "counts": .bool(form["counts"] == "on"),
      "isOnSale": .bool(form["isOnSale"] == "on"),
    ])
  }

  /// The field that a place of the plan, or of the settings with it, is typed in.
  static func field(_ pointer: String) -> String {
    var steps = pointer.split(separator: "/").map(String.init)
    if steps.first == "subscriptions" { steps = Array(steps.dropFirst(2)) }
    switch steps.first {
    case "name": return steps.last ?? "ru"
    case "trialDays": return "trial"
    case "graceDays": return "grace"
    case "noticeDays": return "notice"
    case "length": return "length"
    case let known?: return known
    case nil: return "code"
    }
  }

  /// Issues of the settings as a whole stand at their place in the list of plans.
  private var placed: Problem? {
    guard let refusal, refusal.issues.contains(where: { $0.pointer.hasPrefix("/subscriptions/") }) else { return refusal }
    let issues = refusal.issues.map { Issue(pointer: "/" + Self.field($0.pointer), code: $0.code, message: $0.message) }
    return Problem(refusal.kind, refusal.code, refusal.detail, issues: issues)
  }

  var page: Page {
    var crumbs = [
      (name: reader("Уровни", "Tiers"), path: "/console/tiers"),
      (name: reader("Подписки", "Subscriptions"), path: ConsoleDesk.subscriptionsPath),
    ]
    if let plan { crumbs.append((reader(plan.name), "\(ConsoleDesk.subscriptionsPath)/\(plan.code)")) }
    return Page(
      title: plan == nil ? reader("Новая подписка", "New subscription") : reader("Изменить подписку", "Edit the subscription"),
      crumbs: crumbs,
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private var ticks: Markup {
    func tick(_ name: String, _ label: String) -> Markup { Tick(name: name, label: label, isOn: form[name] == "on").html }
    return """
      <div class="ticks">\(tick("earns", reader("Начислять баллы за неё", "Earns points")))\
      \(tick("takesDiscounts", reader("Давать на неё скидки и платить баллами", "Takes discounts, may be paid with points")))\
      \(tick("counts", reader("Считать в пороги уровней и акций", "Counts towards tiers and amounts of promotions")))\
      \(tick("isOnSale", reader("Продаётся", "On sale")))</div>
      """
  }

  private var unit: Choice {
    Choice(
      name: "unit", label: reader("Чего", "Of what"),
      options: [("months", reader("месяцев", "months")), ("days", reader("дней", "days"))], chosen: form["unit"])
  }

  private var html: Markup {
    let faults = FormFaults(placed, fields: Self.fields, reader)
    func field(
      _ name: String, _ label: String, hint: String? = nil, limit: Int = Limits.name, unit: String? = nil, needs: Bool = false
    ) -> Markup {
      Field(
        name: name, label: label, value: form[name], hint: hint, fault: faults[name], limit: limit, isRequired: needs, unit: unit
      )
      .html
    }
    let back = plan.map { "\(ConsoleDesk.subscriptionsPath)/\($0.code)" } ?? ConsoleDesk.subscriptionsPath
    let days = reader("дней", "days")
    let code: Markup? =
      plan == nil
      ? field(
        "code", reader("Код", "Code"), hint: reader("латинские буквы, цифры и дефис", "letters, digits, hyphens"),
        limit: Limits.code,
        needs: true) : nil
    let tier = Choice(
      name: "tier", label: reader("Даёт уровень", "Gives the tier"), options: tiers.map { ($0.code, reader($0.name)) },
      chosen: form["tier"], fault: faults["tier"])
    let products = TextBox(
      name: "products", label: reader("Товары", "Goods"), value: form["products"],
      hint: reader(
        "коды по одному в строке; цена подписки – это цена товара", "codes, one on each line; the price is the product's"),
      fault: faults["products"], lines: 3)
    return """
      <form class="form" method="post" action="\(back)">\(visit.key)\(faults.notice)\(code.map { code -> Markup in "<div class=\"fields\">\(code)</div>" })\
      <div class="fields">\(field("ru", reader("Название по-русски", "Name in Russian"), needs: true))\
      \(field("en", reader("Название по-английски", "Name in English"), needs: true))</div>\
      <div class="fields">\(products.html)\(tier.html)</div>\
      <div class="fields narrow">\(field("length", reader("Срок", "Lasts"), limit: 4, needs: true))\(unit.html)\
      \(field("trial", reader("Пробный срок", "Trial"), hint: reader("пусто: нет; один раз", "empty: none; once"), limit: 3, unit: days))</div>\
      <div class="fields narrow">\(field("grace", reader("Отсрочка", "Grace"), hint: reader("уровень ещё держится", "the tier stays so long"), limit: 2, unit: days))\
      \(field("notice", reader("Предупредить за", "Told ahead"), hint: reader("событие для других систем", "an event for other systems"), limit: 2, unit: days))</div>\
      \(ticks)\
      <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }
}
