import Access
import Calculator
import Conditions
import Kernel
import Loyalty

/// A favourite category as a form.
struct FavouriteForm {
  /// Nil for a new one.
  let category: FavouriteCategory?
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private static let fields: Set = ["code", "ru", "en", "icon", "categories", "products", "except", "goods"]

  private var reader: Reader { visit.reader }

  static func form(of category: FavouriteCategory, _ names: AccountNames) -> Form {
    var values = ["code": category.code, "ru": category.name.ru, "en": category.name.en, "icon": category.icon ?? ""]
    let goods = CertificateGoods(category.goods)
    for (field, codes) in goods.codes(names) { values[field] = codes.joined(separator: "\n") }
    return Form(values)
  }

  /// What was typed, as settings have it. Goods that a form cannot show stay as they were.
  /// - Throws: `Problem.invalid` with the field of each fault.
  static func json(_ form: Form, code: String, _ names: AccountNames) throws(Problem) -> JSON {
    let issues = IssueList()
    let goods = CertificateGoods.read(form, names, issues)
    if goods == nil, issues.isEmpty { issues.add("/categories", "missing", "name the goods of this category") }
    try issues.check("the favourite category")
    func text(_ field: String) -> JSON? { form[field].isEmpty ? nil : .string(form[field]) }
    let writer = RuleWriter(names: names, amounts: AmountForm(ProgrammeTerms()))
    let json: JSON = .object([
      "code": code.isEmpty ? nil : .string(code), "name": .object(["ru": text("ru"), "en": text("en")]), "icon": text("icon"),
      "goods": goods.flatMap(writer.filter),
    ])
    // Read once as settings are, so that faults are told at their fields.
    let node = JSONNode(JSON.array([json]))
    var reader = RuleReader(names: InternedNames())
    _ = reader.favourites(node)
    try node.issues.check("the favourite category")
    return json
  }

  var page: Page {
    Page(
      title: category.map { reader($0.name) } ?? reader("Новая категория", "New favourite category"),
      crumbs: [(reader("Любимые категории", "Favourites"), "/console/favourites")],
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section>\(removal)</div>")
  }

  private var html: Markup {
    let faults = FormFaults(refusal, fields: Self.fields, reader)
    func field(_ name: String, _ label: String, hint: String? = nil, limit: Int = Limits.name, needs: Bool = true) -> Markup {
      Field(
        name: name, label: label, value: form[name], hint: hint, fault: faults[name], limit: limit, isRequired: needs
      ).html
    }
    func box(_ name: String, _ label: String) -> Markup {
      let hint = reader("по одному коду в строке", "one code on each line")
      return TextBox(name: name, label: label, value: form[name], hint: hint, fault: faults[name]).html
    }
    let address = category.map { "/console/favourites/\($0.code)" } ?? "/console/favourites"
    let code =
      category == nil
      ? field(
        "code", reader("Код", "Code"), hint: reader("строчные латинские буквы, цифры, дефис", "small letters, digits, hyphens"),
        limit: Limits.code) : .nothing
    let icon = field(
      "icon", reader("Значок", "Icon"),
      hint: reader("один знак для приложения, можно пусто", "one picture character for the app; may be empty"),
      limit: 16, needs: false)
    return """
      <form class="form" method="post" action="\(address)">\(visit.key)\(faults.notice)\(other)<div class="fields">\
      \(field("ru", reader("По-русски", "In Russian")))\(field("en", reader("По-английски", "In English")))</div>\
      <div class="fields narrow">\(code)\(icon)</div><div class="fields">\(box("categories", reader("Категории каталога", "Categories of the catalogue")))\
      \(box("products", reader("Товары", "Products")))\(box("except", reader("Кроме категорий", "All but these categories")))</div>\
      <div class="row"><button class="button primary" name="act" value="save">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="/console/favourites">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }

  /// Said where the goods were written as text and say more than three lists can.
  private var other: Markup? {
    guard let category, CertificateGoods(category.goods).isOther else { return nil }
    return Notice.warning(
      reader(
        "Товары заданы текстом и сложнее этой формы: сохранение заменит их тем, что ниже.",
        "The goods were written as text and say more than this form: saving replaces them by what stands below."))
  }

  private var removal: Markup? {
    guard let category else { return nil }
    let says = reader(
      "Кто её выбрал, больше ничего за неё не получит. Старые чеки считаются как прежде.",
      "Whoever chose it gets nothing for it any more. Old receipts are priced as before.")
    return """
      <section class="panel"><div class="panel-body stack s"><p class="muted">\(says)</p>\
      <form method="post" action="/console/favourites/\(category.code)">\(visit.key)\
      <button class="button danger" name="act" value="remove">\(reader("Больше не предлагать", "Offer it no more"))</button></form></div></section>
      """
  }
}
