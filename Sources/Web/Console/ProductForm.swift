import Access
import Conditions
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  func newProduct(_ visit: Visit) async throws -> Answer {
    productForm(visit, nil, Form(["unit": UnitOfMeasure.piece.rawValue]), nil)
  }

  func editProduct(_ visit: Visit) async throws -> Answer {
    let (id, account) = (try Self.productID(visit), visit.account.id)
    let product = try await database.read { tx in try Catalogue(of: account).product(id, in: &tx) }
    return productForm(visit, product, Form(product.details, visit.reader.currency), nil)
  }

  private func productForm(_ visit: Visit, _ product: Known<ProductDetails>?, _ form: Form, _ refusal: Problem?) -> Answer {
    var answer = visit.show(ProductFormPage(product: product, form: form, refusal: refusal, visit: visit).page, in: .catalogue)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Sent twice it makes one product: the second time it is there already, just so.
  func makeProduct(_ visit: Visit) async throws -> Answer {
    let (form, account, change, currency) = (visit.form, visit.account.id, change(visit), visit.reader.currency)
    do {
      let details = try form.product(code: form["code"], currency)
      let id = try await database.write { tx -> ProductID in
        let catalogue = Catalogue(of: account)
        try takeStructure(of: account, in: &tx)
        if let known = try catalogue.products(codes: [details.code], in: &tx)[details.code], known.details != details {
          throw Self.taken("code")
        }
        return try catalogue.save([details], by: change, in: &tx).ids[0]
      }
      try await refreshFloor(visit)
      return .redirect("/console/catalogue/products/\(id)")
    } catch let problem as Problem { return productForm(visit, nil, form, problem) }
  }

  func changeProduct(_ visit: Visit) async throws -> Answer {
    let (id, form, account, change) = (try Self.productID(visit), visit.form, visit.account.id, change(visit))
    let currency = visit.reader.currency
    let product = try await database.read { tx in try Catalogue(of: account).product(id, in: &tx) }
    do {
      let details = try form.product(code: product.details.code, currency)
      _ = try await database.write { tx in try Catalogue(of: account).save([details], by: change, in: &tx) }
    } catch let problem as Problem { return productForm(visit, product, form, problem) }
    try await refreshFloor(visit)
    return .redirect("/console/catalogue/products/\(id)")
  }
}

extension Form {
  fileprivate init(_ details: ProductDetails, _ currency: Currency) {
    var values = [
      "name": details.name.ru ?? "", "nameEn": details.name.en ?? "", "category": details.category ?? "",
      "brand": details.brand ?? "", "manufacturer": details.manufacturer ?? "", "unit": details.unit.rawValue,
      "barcodes": details.barcodes.map(\.digits).joined(separator: "\n"), "attributes": AttributeLines.text(details.attributes),
      "minPrice": details.minPrice.map { Decimal.text($0.minor, digits: currency.digits) } ?? "",
      "maxPrice": details.maxPrice.map { Decimal.text($0.minor, digits: currency.digits) } ?? "",
      "minAge": details.minAge.map(String.init) ?? "", "archived": details.isArchived ? "on" : "",
    ]
    for (name, flag) in ProductFlags.named where details.flags.contains(flag) { values[name] = "on" }
    self.init(values)
  }

  fileprivate func product(code: String, _ currency: Currency) throws -> ProductDetails {
    let issues = IssueList()
    var flags: ProductFlags = []
    for (name, flag) in ProductFlags.named where self[name] == "on" { flags.insert(flag) }
    let bars = self["barcodes"].split { $0.isWhitespace || $0 == "," }.map { Barcode(String($0)) }
    if bars.contains(nil) { issues.add("/barcodes", "not_a_barcode", "bars are expected here, one on each line") }
    let attributes = AttributeLines.read(self["attributes"])
    if attributes == nil { issues.add("/attributes", "not_attributes", "one attribute on each line: name = value") }
    let age = text("minAge").map { Int($0) } ?? nil
    if age == nil, text("minAge") != nil { issues.add("/minAge", "out_of_range", "a whole number is expected here") }
    let unit = UnitOfMeasure(rawValue: self["unit"])
    if unit == nil { issues.add("/unit", "missing", "choose a unit") }
    let (least, most) = (price("minPrice", currency, issues), price("maxPrice", currency, issues))
    try issues.check("the product")
    return ProductDetails(
      code: code, name: CatalogueName(ru: text("name"), en: text("nameEn")), category: text("category"), brand: text("brand"),
      manufacturer: text("manufacturer"), unit: unit ?? .piece, barcodes: bars.compactMap { $0 },
      attributes: attributes ?? Attributes(),
      flags: flags, minPrice: least, maxPrice: most, minAge: age, isArchived: self["archived"] == "on")
  }

  private func price(_ name: String, _ currency: Currency, _ issues: IssueList) -> Money? {
    guard let typed = text(name) else { return nil }
    let plain = typed.map { $0 == "," ? "." : String($0) }.joined()
    guard let minor = Decimal.parse(plain, digits: currency.digits) else {
      issues.add("/" + name, "not_a_decimal", "a price is expected here")
      return nil
    }
    return Money(minor: minor)
  }
}

/// Attributes as people write them: one on each line, `name = value`. Numbers, days, true and false are read as such, unless they
/// stand in quotes.
enum AttributeLines {
  static func text(_ attributes: Attributes) -> String {
    attributes.values.sorted { $0.key < $1.key }.map { "\($0.key) = \(text($0.value))" }.joined(separator: "\n")
  }

  private static func text(_ value: AttributeValue) -> String {
    switch value {
    case .number(let number): "\(number)"
    case .flag(let flag): "\(flag)"
    case .day(let day): "\(day)"
    case .list(let codes): codes.joined(separator: ", ")
    case .text(let text): Self.value(text) == value ? text : "\"\(text)\""
    }
  }

  /// Nil where a line is no attribute, or a name stands twice.
  static func read(_ text: String) -> Attributes? {
    var values: [String: AttributeValue] = [:]
    for line in text.split(whereSeparator: \.isNewline) where !trimmed(line).isEmpty {
      guard let mark = line.firstIndex(of: "=") else { return nil }
      let (name, value) = (trimmed(line[..<mark]), trimmed(line[line.index(after: mark)...]))
      guard !name.isEmpty, values.updateValue(Self.value(value), forKey: name) == nil else { return nil }
    }
    return Attributes(values)
  }

  private static func value(_ text: String) -> AttributeValue {
    if text.count >= 2, text.first == "\"", text.last == "\"" { return .text(String(text.dropFirst().dropLast())) }
    if text == "true" || text == "false" { return .flag(text == "true") }
    if let number = Int64(text), abs(number) <= Limits.amount, "\(number)" == text { return .number(number) }
    return CivilDay(text).map { .day($0) } ?? .text(text)
  }

  private static func trimmed(_ text: Substring) -> String {
    let text = text.drop(while: \.isWhitespace)
    return String(text.reversed().drop(while: \.isWhitespace).reversed())
  }
}

struct ProductFormPage {
  let product: Known<ProductDetails>?
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var path: String { product.map { "/console/catalogue/products/\($0.id)" } ?? "/console/catalogue" }
  private static let fields: Set = [
    "code", "name", "nameEn", "category", "brand", "manufacturer", "unit", "barcodes", "attributes", "minPrice", "maxPrice",
    "minAge",
  ]

  var page: Page {
    var crumbs = [(name: reader("Каталог", "Catalogue"), path: "/console/catalogue")]
    if let product { crumbs.append((reader.name(product.details.name), path)) }
    return Page(
      title: product == nil ? reader("Новый товар", "New product") : reader("Изменить товар", "Edit the product"),
      notes: [reader("Кассы узнают об изменениях за секунду", "Tills learn of changes within a second")], crumbs: crumbs,
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private func field(
    _ faults: FormFaults, _ name: String, _ ru: String, _ en: String, hint: String? = nil, limit: Int = Limits.name,
    needs: Bool = false
  ) -> Markup {
    Field(
      name: name, label: reader(ru, en), value: form[name], hint: hint, fault: faults[name], limit: limit, isRequired: needs
    ).html
  }

  private var html: Markup {
    let faults = FormFaults(refusal, fields: Self.fields, reader)
    let code: Markup? =
      product == nil
      ? field(
        faults, "code", "Код", "Code",
        hint: reader("Как его знает касса. Потом не меняется", "As tills know it. Cannot be changed later"),
        limit: Limits.code, needs: true) : nil
    let units = UnitOfMeasure.allCases.map { ($0.rawValue, CatalogueWords.unit($0, reader)) }
    return """
      <form class="form" method="post" action="\(path)">\(visit.key)\(faults.notice)\(code)\
      <div class="fields">\(field(faults, "name", "Название по-русски", "Name in Russian"))\(field(faults, "nameEn", "Название по-английски", "Name in English", hint: reader("Без него читается русское", "Without it the Russian one is read")))</div>\
      <div class="fields">\(field(faults, "category", "Код категории", "Category's code", limit: Limits.code))\
      \(Choice(name: "unit", label: reader("Единица", "Unit"), options: units, chosen: form["unit"], fault: faults["unit"]).html)</div>\
      <div class="fields">\(field(faults, "brand", "Код бренда", "Brand's code", limit: Limits.code))\(field(faults, "manufacturer", "Код производителя", "Manufacturer's code", limit: Limits.code))</div>\
      \(TextBox(name: "barcodes", label: reader("Штрихкоды", "Barcodes"), value: form["barcodes"], hint: reader("По одному на строке", "One on each line"), fault: faults["barcodes"]).html)\
      \(TextBox(name: "attributes", label: reader("Признаки", "Attributes"), value: form["attributes"], hint: reader("По одному на строке: сезон = зима", "One on each line: season = winter"), fault: faults["attributes"], limit: 20_000).html)\
      <div class="fields">\(field(faults, "minPrice", "Не дешевле", "Never below", hint: reader("Алкоголь: скидка не опустит цену ниже", "Alcohol: no reduction goes below it"), limit: 20))\
      \(field(faults, "maxPrice", "Не дороже", "Never above", hint: reader("Табак: наибольшая цена с пачки", "Tobacco: the price on the packet"), limit: 20))\
      \(field(faults, "minAge", "Возраст покупателя", "Buyer's age", limit: 3))</div>\
      \(flags)<div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(path)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }

  private var flags: Markup {
    let ticks = ProductFlags.named.map { name, _ -> Markup in
      let words = CatalogueWords.flag(named: name, reader)
      return Tick(name: name, label: words.name, note: words.effect, isOn: form[name] == "on").html
    }
    let archived = Tick(
      name: "archived", label: reader("в архиве", "archived"),
      note: reader("Больше не продаётся; чеки его помнят", "No longer sold; receipts still know it"),
      isOn: form["archived"] == "on"
    ).html
    return "<fieldset class=\"field\"><legend>\(reader("Особенности", "Marks"))</legend>\(ticks)\(archived)</fieldset>"
  }
}
