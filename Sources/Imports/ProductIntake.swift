import Access
import Conditions
import Kernel
import Loyalty
import Storage
import Tables

/// One record of a catalogue: a product and what must be there before it.
struct ProductRecord: Sendable {
  var product: ProductDetails
  /// From the top down to the product's own category, each with its code.
  let categories: [CategoryDetails]
  let brand: ProductBrandDetails?
  let manufacturer: ManufacturerDetails?
  let figures: [Figure]
}

/// Products: found by their code. Categories, brands and manufacturers that a product names are made along the way.
struct ProductIntake: Intake {
  static let fields =
    [
      "code", "name", "nameEn", "category", "brand", "manufacturer", "unit", "barcodes", "attributes", "minPrice", "maxPrice",
      "minAge", "archived", "vat", "cost", "price", "since", "priceZone",
    ] + ProductFlags.named.map(\.name)

  let groupedBy: [Int] = []
  private let account: AccountID
  private let digits: Int
  private let code, name: BoundSource
  private let nameEn, category, brand, manufacturer, unit, barcodes, minPrice, maxPrice, minAge, archived: BoundSource?
  private let vat, cost, price, since, priceZone: BoundSource?
  private let flags: [(flag: ProductFlags, source: BoundSource)]
  private let attributes: [(name: String, source: BoundSource)]

  init(_ mapping: ImportMapping, header: [String], account: Account) throws(Problem) {
    let map = FieldMap(mapping, header: header, known: Self.fields)
    map.node.expect("import", "file", "zone", "fields")
    let (code, name) = (map.required("code"), map.required("name"))
    nameEn = map.optional("nameEn")
    category = map.optional("category")
    brand = map.optional("brand")
    manufacturer = map.optional("manufacturer")
    unit = map.optional("unit")
    barcodes = map.optional("barcodes")
    minPrice = map.optional("minPrice")
    maxPrice = map.optional("maxPrice")
    minAge = map.optional("minAge")
    archived = map.optional("archived")
    (vat, cost, price) = (map.optional("vat"), map.optional("cost"), map.optional("price"))
    // A figure without a first day would be true of no receipt.
    since = vat == nil && cost == nil && price == nil ? map.optional("since") : map.required("since")
    priceZone = map.optional("priceZone")
    flags = ProductFlags.named.compactMap { flag in map.optional(flag.name).map { (flag.flag, $0) } }
    attributes = map.named("attributes", max: Limits.attributes)
    try map.check()
    guard let code, let name else { throw Problem(.invalid, "missing", "the mapping lacks a field that products need") }
    (self.code, self.name) = (code, name)
    self.account = account.id
    digits = account.details.currency.digits
  }

  func read(_ block: TableBlock, _ rows: Range<Int>, _ notes: inout Notes) -> ProductRecord? {
    let row = rows.lowerBound
    guard let code = notes.text(code, block, row), let name = notes.text(name, block, row) else { return nil }
    let categories = categories(block, row)
    let brand = brand?.text(block, row).map { ProductBrandDetails(code: shortCode($0), name: $0) }
    let manufacturer = manufacturer?.text(block, row).map { ManufacturerDetails(code: shortCode($0), name: $0) }
    var product = ProductDetails(
      code: code, name: CatalogueName(ru: name, en: nameEn?.text(block, row) ?? name), category: categories.last?.code,
      brand: brand?.code, manufacturer: manufacturer?.code)
    addLimits(&product, block, row, &notes)
    if let text = unit?.text(block, row) {
      if let unit = UnitOfMeasure(rawValue: text) { product.unit = unit } else { refuseUnit(text, row, &notes) }
    }
    for (flag, source) in flags where notes.value(row, { () throws(CellFault) in try source.flag(block, row) }) == true {
      product.flags.insert(flag)
    }
    var values: [String: AttributeValue] = [:]
    for (name, source) in attributes { values[name] = source.text(block, row).map(AttributeValue.text) }
    product.attributes = Attributes(values)
    product.barcodes = barcodes(block, row, &notes)
    return ProductRecord(
      product: product, categories: categories, brand: brand, manufacturer: manufacturer,
      figures: figures(of: code, block, row, &notes))
  }

  private func categories(_ block: TableBlock, _ row: Int) -> [CategoryDetails] {
    var found: [CategoryDetails] = []
    var path = ""
    for level in category?.path(block, row) ?? [] {
      path += path.isEmpty ? level : "/" + level
      found.append(CategoryDetails(code: shortCode(path), name: CatalogueName(level), parent: found.last?.code))
    }
    return found
  }

  private func addLimits(_ product: inout ProductDetails, _ block: TableBlock, _ row: Int, _ notes: inout Notes) {
    product.minPrice = amount(minPrice, block, row, &notes).map { Money(minor: $0) }
    product.maxPrice = amount(maxPrice, block, row, &notes).map { Money(minor: $0) }
    product.minAge = notes.value(row) { () throws(CellFault) in try minAge?.decimal(block, row, digits: 0) }.map(Int.init)
    product.isArchived = notes.value(row) { () throws(CellFault) in try archived?.flag(block, row) } ?? false
  }

  private func refuseUnit(_ text: String, _ row: Int, _ notes: inout Notes) {
    let known = UnitOfMeasure.allCases.map(\.rawValue).joined(separator: ", ")
    notes.refuse(row, unit?.column, "\"\(text.prefix(40))\" is no unit of measure; say in \"words\" which of \(known) it means")
  }

  private func barcodes(_ block: TableBlock, _ row: Int, _ notes: inout Notes) -> [Barcode] {
    var found: [Barcode] = []
    for text in barcodes?.texts(block, row) ?? [] {
      if let barcode = Barcode(text) {
        found.append(barcode)
      } else {
        notes.refuse(row, barcodes?.column, "\"\(text.prefix(40))\" is no barcode: digits with a right check digit")
      }
    }
    return found
  }

  private func amount(_ source: BoundSource?, _ block: TableBlock, _ row: Int, _ notes: inout Notes) -> Int64? {
    notes.value(row) { () throws(CellFault) in try source?.decimal(block, row, digits: digits) }
  }

  private func figures(of code: String, _ block: TableBlock, _ row: Int, _ notes: inout Notes) -> [Figure] {
    // A rate of 20 % with four digits is 200 000 parts per million.
    let rate = notes.value(row) { () throws(CellFault) in try vat?.decimal(block, row, digits: 4) }
    let values: [(Figure.Kind, Int64?)] = [
      (.vat, rate), (.cost, amount(cost, block, row, &notes)), (.regularPrice, amount(price, block, row, &notes)),
    ]
    guard values.contains(where: { $0.1 != nil }) else { return [] }
    guard let day = notes.value(row, { () throws(CellFault) in try since?.day(block, row) }) else {
      notes.refuse(row, since?.column, "the day is missing from which price, cost or VAT hold")
      return []
    }
    let zone = priceZone?.text(block, row)
    return values.compactMap { kind, value in
      value.map { Figure(product: code, zone: zone, kind: kind, since: day, value: $0) }
    }
  }

  func write(_ items: [ProductRecord], by change: Change, in tx: inout Transaction) throws -> Outcome {
    let catalogue = Catalogue(of: account)
    try makeSurroundings(of: items, catalogue, change, &tx)
    return try inBulk(items) { part in
      let outcome = try saveApart(part) { try catalogue.save($0.map(\.product), by: change, in: &tx) }
      let refused = Set(outcome.refused.map(\.item))
      let figures = part.indices.filter { !refused.contains($0) }.flatMap { part[$0].figures }
      for piece in pieces(figures) { _ = try catalogue.save(piece, by: change, in: &tx) }
      return outcome
    }
  }

  private func makeSurroundings(
    of items: [ProductRecord], _ catalogue: Catalogue, _ change: Change, _ tx: inout Transaction
  ) throws {
    let tree = try catalogue.categories(in: &tx)
    var seen: Set<String> = []
    let categories = items.flatMap(\.categories).filter { tree.id($0.code) == nil && seen.insert($0.code).inserted }
    for part in pieces(categories) { _ = try catalogue.save(part, by: change, in: &tx) }
    let brands = Dictionary(items.compactMap(\.brand).map { ($0.code, $0) }) { first, _ in first }.values.sorted {
      $0.code < $1.code
    }
    for part in pieces(brands) { _ = try catalogue.save(part, by: change, in: &tx) }
    let makers = Dictionary(items.compactMap(\.manufacturer).map { ($0.code, $0) }) { first, _ in first }
    for part in pieces(makers.values.sorted { $0.code < $1.code }) { _ = try catalogue.save(part, by: change, in: &tx) }
  }
}

private func pieces<T>(_ all: [T]) -> [[T]] {
  stride(from: 0, to: all.count, by: Limits.bulk).map { Array(all[$0..<min(all.count, $0 + Limits.bulk)]) }
}

/// The text as a code; where it is longer than codes may be, its beginning and a hash of the whole.
func shortCode(_ text: String) -> String {
  guard text.utf8.count > Limits.code else { return text }
  var hash = StableHash()
  hash.mix(text)
  let digits = String(hash.value, radix: 16)
  var head = ""
  for character in text where head.utf8.count + String(character).utf8.count <= Limits.code - 18 { head.append(character) }
  return head + "~" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
}
