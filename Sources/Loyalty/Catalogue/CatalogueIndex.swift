import Access
import Conditions
import Kernel
import Storage

/// An account's products in memory, as one version of the catalogue knows them: what rules ask of a line, found by code or barcode
/// without the database. An immutable value; whoever holds it swaps it for `refreshed`.
///
/// About 270 bytes a product: the way up from a category and equal sets of attributes are shared. At most `Limits.products`.
public struct CatalogueIndex: Sendable {
  public let account: AccountID
  /// The account's version that it was read at.
  public private(set) var version: Int64 = 0
  public private(set) var tree = CategoryTree([])
  private var treeVersion: Int64 = -1

  private var facts: [ProductFacts] = []
  private var flags: [ProductID: ProductFlags] = [:]
  private var units: [UnitOfMeasure] = []
  private var minAges: [UInt8] = []
  private var codes: [String] = []
  private(set) var names = ProductNames()
  /// Of the categories, in the order of their codes.
  private(set) var categoryNames = ProductNames()
  private(set) var categoryCodes: [String] = []
  private var rowOfCode: [String: Int32] = [:]
  private var rowOfID: [ProductID: Int32] = [:]
  private var rowOfBarcode: [String: Int32] = [:]
  private(set) var brands = CodeBook<Entity.ProductBrand>()
  private(set) var manufacturers = CodeBook<Entity.Manufacturer>()
  private(set) var attributes = AttributeBook()

  /// Knows nothing yet: every version is newer.
  public init(of account: AccountID) { self.account = account }

  public var count: Int { facts.count }

  /// Nil where the catalogue does not know the code.
  public func facts(code: String) -> ProductFacts? { rowOfCode[code].map { forbidden(facts[Int($0)]) } }
  public func facts(_ barcode: Barcode) -> ProductFacts? { rowOfBarcode[barcode.digits].map { forbidden(facts[Int($0)]) } }
  public func facts(_ id: ProductID) -> ProductFacts? { rowOfID[id].map { forbidden(facts[Int($0)]) } }

  /// The same catalogue, with what a programme forbids of single products besides. Found by code, barcode and id.
  func forbidding(_ flags: [ProductID: ProductFlags]) -> CatalogueIndex {
    var other = self
    other.flags = flags
    return other
  }

  private func forbidden(_ product: ProductFacts) -> ProductFacts {
    guard !flags.isEmpty, let more = flags[product.id] else { return product }
    var product = product
    product.flags.formUnion(more)
    return product
  }

  public func code(_ id: ProductID) -> String? { rowOfID[id].map { codes[Int($0)] } }
  public func unit(_ id: ProductID) -> UnitOfMeasure? { rowOfID[id].map { units[Int($0)] } }
  public func brandCode(_ id: ProductBrandID) -> String? { brands.code(id) }
  public func manufacturerCode(_ id: ManufacturerID) -> String? { manufacturers.code(id) }
  /// Years a buyer must have; nil where anyone may buy it.
  public func minAge(_ id: ProductID) -> Int? {
    rowOfID[id].flatMap { minAges[Int($0)] == 0 ? nil : Int(minAges[Int($0)]) }
  }

  // By place, 0 ..< count, in the order in which products were first read: for whoever keeps something beside each product.
  public func code(at place: Int) -> String { codes[place] }
  /// Of every product, in their order.
  public var everyFact: [ProductFacts] { facts }
  public func facts(at place: Int) -> ProductFacts { facts[place] }
  public func unit(at place: Int) -> UnitOfMeasure { units[place] }

  /// How many products lie in each category or below it, archived ones included. Linear in the products: some milliseconds for 100,000.
  public func counts() -> [CategoryID: Int] {
    // Products of one category share the array of the way up; each way is walked once.
    var own: [CategoryID: Int] = [:]
    for product in facts { if let nearest = product.categories.first { own[nearest, default: 0] += 1 } }
    var counts: [CategoryID: Int] = [:]
    for (category, count) in own {
      for above in tree.code(category).map(tree.lineage) ?? [category] { counts[above, default: 0] += count }
    }
    return counts
  }

  /// Codes of products in a category or below it, in the order in which they were first read. Linear in the products it walks over.
  /// - Parameter place: where the page before ended.
  /// - Returns: codes, and the place to go on from; nil at the end.
  public func codes(in category: CategoryID, from place: Int = 0, limit: Int) -> (codes: [String], next: Int?) {
    var found: [String] = []
    for next in facts.indices.dropFirst(max(0, place)) where facts[next].categories.contains(category) {
      if found.count == limit { return (found, next) }
      found.append(codes[next])
    }
    return (found, nil)
  }

  /// This index with everything that changed since. Costs one small read where nothing did; otherwise what changed, and one copy of
  /// the index while the old one is still in use. 100,000 products are read anew in well under a second.
  /// - Throws: `Problem.conflict` (`catalogue_too_large`) beyond `Limits.products`.
  public func refreshed(in tx: inout Transaction) throws -> CatalogueIndex {
    let current = try structureVersion(of: account, in: &tx)
    guard current != version else { return self }
    var next = self
    try next.readTree(in: &tx)
    next.brands = CodeBook(try tx.rows(ProductBrandSQL.all(account)))
    next.manufacturers = CodeBook(try tx.rows(ManufacturerSQL.all(account)))
    try next.readProducts(in: &tx)
    next.version = current
    return next
  }

  private mutating func readTree(in tx: inout Transaction) throws {
    let current = try tx.row(CategorySQL.version(account))?.int(0) ?? 0
    guard current != treeVersion else { return }
    tree = CategoryTree(try tx.rows(CategorySQL.all(account)).map(CategorySQL.known))
    treeVersion = current
    (categoryNames, categoryCodes) = (ProductNames(), [])
    for node in tree.nodes.values.map(\.details).sorted(by: { $0.code < $1.code }) {
      categoryNames.set(categoryCodes.count, code: node.code, ru: node.name.ru, en: node.name.en, isArchived: false)
      categoryCodes.append(node.code)
    }
    var ways: [CategoryID: [CategoryID]] = [:]
    for row in facts.indices {
      guard let nearest = facts[row].categories.first else { continue }
      facts[row].categories = way(nearest, &ways)
    }
  }

  /// From the category up, the same array for all products of the category.
  private func way(_ category: CategoryID, _ ways: inout [CategoryID: [CategoryID]]) -> [CategoryID] {
    if let known = ways[category] { return known }
    let way = tree.code(category).map(tree.lineage) ?? [category]
    ways[category] = way
    return way
  }

  private mutating func readProducts(in tx: inout Transaction) throws {
    var changed: [ProductID] = []
    var ways: [CategoryID: [CategoryID]] = [:]
    let isFirst = facts.isEmpty
    try tx.each(ProductSQL.changed(account, since: version)) { row in
      changed.append(row.id(0))
      try take(row, &ways)
    }
    guard !changed.isEmpty else { return }
    if isFirst {
      try readBarcodes(ProductSQL.allBarcodes(account), in: &tx)
    } else {
      let rows = Set(changed.compactMap { rowOfID[$0] })
      rowOfBarcode = rowOfBarcode.filter { !rows.contains($0.value) }
      for start in stride(from: 0, to: changed.count, by: Limits.bulk) {
        let some = Array(changed[start..<min(start + Limits.bulk, changed.count)])
        try readBarcodes(ProductSQL.barcodes(account, of: some), in: &tx)
      }
    }
  }

  private mutating func readBarcodes(_ sql: SQL, in tx: inout Transaction) throws {
    try tx.each(sql) { row in
      if let place = rowOfID[row.id(0)] { rowOfBarcode[row.text(1)] = place }
    }
  }

  private mutating func take(_ row: Row, _ ways: inout [CategoryID: [CategoryID]]) throws {
    let id: ProductID = row.id(0)
    let product = ProductFacts(
      id: id, categories: row.idOrNil(2, Entity.Category.self).map { way($0, &ways) } ?? [], brand: row.idOrNil(3),
      manufacturer: row.idOrNil(4), attributes: try attributes.ids(row.text(5)),
      flags: ProductFlags(rawValue: UInt8(truncatingIfNeeded: row.int(6))), minPrice: row.intOrNil(7).map { Money(minor: $0) },
      maxPrice: row.intOrNil(8).map { Money(minor: $0) })
    guard let unit = UnitOfMeasure(rawValue: row.text(10)) else {
      throw StorageFailure.damaged("product.unit holds \(row.text(10))")
    }
    let minAge = UInt8(clamping: row.intOrNil(9) ?? 0)
    let place = rowOfID[id].map(Int.init) ?? facts.count
    guard place < Limits.products else {
      throw Problem(
        .conflict, "catalogue_too_large",
        "account \(account) has more than \(Limits.products) products; archive the old ones' account")
    }
    names.set(place, code: row.text(1), ru: row.textOrNil(12), en: row.textOrNil(13), isArchived: row.bool(11))
    if place < facts.count {
      facts[place] = product
      units[place] = unit
      minAges[place] = minAge
      return
    }
    facts.append(product)
    units.append(unit)
    minAges.append(minAge)
    codes.append(row.text(1))
    rowOfCode[row.text(1)] = Int32(place)
    rowOfID[id] = Int32(place)
  }
}
