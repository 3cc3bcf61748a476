import Access
import Calculator
import Conditions
import Kernel
import Loyalty

/// A series as a form.
struct CertificateForm {
  /// Nil for a new one.
  let series: Known<CertificateSeriesDetails>?
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private static let fields: Set = Set([
    "code", "ru", "en", "worth", "least", "most", "daysGood", "pinDigits", "categories", "products", "except",
  ]).union(CodePatternFields.names)

  private var reader: Reader { visit.reader }

  static var blank: Form {
    Form([
      "face": "fixed", "use": CertificateSeriesDetails.Use.partial.rawValue, "daysGood": "365", "pinDigits": "0",
      "alphabet": "letters", "length": "14", "check": "on",
    ])
  }

  static func form(of details: CertificateSeriesDetails, _ floor: SalesFloor?, _ reader: Reader) -> Form {
    var values = [
      "ru": details.name.ru, "en": details.name.en, "use": details.use.rawValue,
      "daysGood": details.daysGood.map(String.init) ?? "", "pinDigits": String(details.pinDigits),
      "closed": details.isClosed ? "on" : "",
    ]
    switch details.face {
    case .fixed(let face): values.merge(["face": "fixed", "worth": reader.amount(face)]) { $1 }
    case .free(let range):
      values.merge(["face": "free", "least": reader.amount(range.lowerBound), "most": reader.amount(range.upperBound)]) { $1 }
    }
    for (field, codes) in CertificateGoods(details.goods).codes(floor) { values[field] = codes.joined(separator: "\n") }
    return Form(values.merging(CodePatternFields.values(of: details.pattern)) { $1 })
  }

  /// What was typed. What printed cards say stays as it was.
  /// - Throws: `Problem.invalid` with the field of each fault.
  static func details(
    _ form: Form, over old: CertificateSeriesDetails?, _ floor: SalesFloor?, _ reader: Reader
  ) throws(Problem) -> CertificateSeriesDetails {
    let issues = IssueList()
    func whole(_ field: String, _ range: ClosedRange<Int>) -> Int? {
      let digits = form[field].filter { !$0.isWhitespace }
      if digits.isEmpty { return nil }
      if let number = Int(digits), range.contains(number) { return number }
      issues.add("/" + field, "out_of_range", "a whole number from \(range.lowerBound) to \(range.upperBound) is expected here")
      return nil
    }
    func money(_ field: String) -> Money {
      if let money = reader.money(typed: form[field]), money > .zero, money.minor <= Limits.certificate { return money }
      issues.add(
        "/" + field, "not_an_amount",
        "an amount above nought and up to \(reader.money(Money(minor: Limits.certificate))) is expected here")
      return Money(minor: 1)
    }
    let face: CertificateSeriesDetails.Face
    if let old {
      face = old.face
    } else if form["face"] == "free" {
      let (least, most) = (money("least"), money("most"))
      if least > most { issues.add("/most", "bounds_crossed", "this may not be below the least amount") }
      face = .free(least...max(least, most))
    } else {
      face = .fixed(money("worth"))
    }
    let goods = CertificateGoods.read(form, floor, issues)
    let details = CertificateSeriesDetails(
      code: old?.code ?? form["code"], name: LocalText(ru: form["ru"], en: form["en"]), face: face,
      use: old?.use ?? CertificateSeriesDetails.Use(rawValue: form["use"]) ?? .partial, goods: goods,
      daysGood: whole("daysGood", 1...3_650), pattern: CodePatternFields.pattern(form, length: whole("length", 4...32)),
      pinDigits: old?.pinDigits ?? whole("pinDigits", 0...8) ?? 0, isClosed: form.has("closed"), currency: reader.currency)
    try issues.check("the series of certificates")
    return details
  }

  var page: Page {
    var crumbs = [(name: reader("Сертификаты", "Certificates"), path: "/console/certificates")]
    if let series { crumbs.append((reader(series.details.name), "/console/certificates/\(series.id)")) }
    return Page(
      title: series == nil
        ? reader("Новая серия сертификатов", "New series of certificates") : reader("Изменить серию", "Edit the series"),
      crumbs: crumbs,
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private var html: Markup {
    let faults = FormFaults(refusal, fields: Self.fields, reader)
    func field(
      _ name: String, _ ru: String, _ en: String, unit: String? = nil, hint: String? = nil, limit: Int = Limits.name,
      needs: Bool = false
    ) -> Markup {
      Field(
        name: name, label: reader(ru, en), value: form[name], hint: hint, fault: faults[name], limit: limit, isRequired: needs,
        unit: unit
      ).html
    }
    func goods(_ name: String, _ ru: String, _ en: String, _ hint: String) -> Markup {
      TextBox(name: name, label: reader(ru, en), value: form[name], hint: hint, fault: faults[name]).html
    }
    let back = series.map { "/console/certificates/\($0.id)" } ?? "/console/certificates"
    let perLine = reader("по одному коду в строке; пусто: все", "one code on each line; empty: all")
    let hasGoods = ["categories", "products", "except"].contains { !form[$0].isEmpty }
    return """
      <form class="form" method="post" action="\(back)">\(visit.key)\(faults.notice)\(series == nil ? fixed(field) : nil)\
      <div class="fields">\(field("ru", "Название по-русски", "Name in Russian", needs: true))\(field("en", "Название по-английски", "Name in English", needs: true))</div>\
      <div class="fields narrow">\(field("daysGood", "Действует после продажи", "Good after it is sold", unit: reader("дней", "days"), hint: reader("пусто: без срока", "empty: without end"), limit: 4))</div>\
      <details class="fold within"\(hasGoods ? " open" : "" as Markup)><summary>\(Icon.right.usual)\(reader("Только за некоторые товары", "For some goods only"))</summary>\
      <div class="stack pad-s wide">\(goods("categories", "Категории", "Categories", perLine))\(goods("products", "Товары", "Products", perLine))\
      \(goods("except", "Кроме категорий", "All but these categories", reader("по одному коду в строке", "one code on each line")))</div></details>\
      \(CodePatternFields(form: form, faults: faults, reader: reader).html)\
      <div class="ticks">\(Tick(name: "closed", label: reader("Больше не продавать. Проданные остаются в силе: за них заплачено", "Sell no more. What is out stays good: it is paid for"), isOn: form.has("closed")).html)</div>\
      <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }

  /// What cannot be changed later, because cards are printed with it.
  private func fixed(_ field: (String, String, String, String?, String?, Int, Bool) -> Markup) -> Markup {
    let words = CertificateWords(reader: reader)
    let face = Choice(
      name: "face", label: reader("Сколько стоит", "What it is worth"),
      options: [
        ("fixed", reader("одна сумма, напечатана на карте", "one amount, printed on the card")),
        ("free", reader("сколько захочет покупатель", "whatever the buyer wishes")),
      ], chosen: form["face"])
    let use = Choice(
      name: "use", label: reader("Как тратится", "How it is used"),
      options: CertificateSeriesDetails.Use.allCases.map { ($0.rawValue, words.use($0)) }, chosen: form["use"])
    return """
      <div class="fields">\(field("code", "Код серии", "The series' code", nil, reader("Эта часть формы потом не меняется: она напечатана на картах", "This part of the form cannot be changed later: cards say so"), Limits.code, true))\
      \(field("pinDigits", "Цифр в ПИН", "Digits of the PIN", nil, reader("под защитным слоем; 0: без ПИН, иначе 4–8", "under the strip; 0: none, otherwise 4–8"), 1, false))</div>\
      <div class="fields">\(face.html)\(use.html)</div>\
      <div class="fields narrow">\(field("worth", "Номинал", "Worth", reader.sign, reader("для одной суммы", "where it is one amount"), 20, false))\
      \(field("least", "От", "From", reader.sign, reader("для суммы на выбор", "where the buyer chooses"), 20, false))\
      \(field("most", "До", "Up to", reader.sign, nil, 20, false))</div>
      """
  }
}

/// Which goods a series pays for, as three lists of codes.
struct CertificateGoods {
  private var categories: [CategoryID] = []
  private var products: [ProductID] = []
  private var except: [CategoryID] = []
  /// The filter asks something else; a form cannot show it.
  private(set) var isOther = false

  init(_ filter: ProductFilter?) {
    switch filter {
    case nil: break
    case .categories(let ids)?: categories = Array(ids)
    case .products(let ids)?: products = Array(ids)
    case .any(let parts)?: for part in parts { merge(CertificateGoods(part)) }
    case .none(let parts)?:
      for part in parts { if case .categories(let ids) = part { except += Array(ids) } else { isOther = true } }
    case .all(let parts)?: for part in parts { merge(CertificateGoods(part)) }
    case .everything?: break
    case .brands?, .manufacturers?, .attributes?, .flagged?, .price?, .favourites?: isOther = true
    }
  }

  private mutating func merge(_ other: CertificateGoods) {
    categories += other.categories
    products += other.products
    except += other.except
    isOther = isOther || other.isOther
  }

  func codes(_ floor: SalesFloor?) -> [String: [String]] { codes(floor?.names) }

  func codes(_ known: AccountNames?) -> [String: [String]] {
    func names<Of: Identified>(_ kind: NameKind, _ ids: [ID<Of>]) -> [String] {
      ids.map { known?.code(kind, $0.raw) ?? "\($0)" }
    }
    return ["categories": names(.category, categories), "products": names(.product, products), "except": names(.category, except)]
  }

  /// - Returns: nil for everything.
  static func read(_ form: Form, _ floor: SalesFloor?, _ issues: IssueList) -> ProductFilter? { read(form, floor?.names, issues) }

  static func read(_ form: Form, _ names: AccountNames?, _ issues: IssueList) -> ProductFilter? {
    func ids<Of: Identified>(_ field: String, _ kind: NameKind) -> [ID<Of>] {
      let lines = form[field].split(whereSeparator: \.isNewline).map { String($0.trimmed) }.filter { !$0.isEmpty }
      if lines.count > ListField.longest {
        issues.add("/" + field, "too_many", "at most \(ListField.longest) lines are allowed here")
        return []
      }
      return lines.compactMap { line in
        if let id = names?.id(kind, line) { return ID(id) }
        issues.add("/" + field, "unknown_name", "not found: \(line)")
        return nil
      }
    }
    let (categories, products): ([CategoryID], [ProductID]) = (ids("categories", .category), ids("products", .product))
    let except: [CategoryID] = ids("except", .category)
    var sets: [ProductFilter] = []
    if !categories.isEmpty { sets.append(.categories(IDList(categories))) }
    if !products.isEmpty { sets.append(.products(IDList(products))) }
    let wanted: ProductFilter? = sets.count > 1 ? .any(sets) : sets.first
    let unwanted: ProductFilter? = except.isEmpty ? nil : .none([.categories(IDList(except))])
    guard let wanted, let unwanted else { return wanted ?? unwanted }
    return .all([wanted, unwanted])
  }
}
