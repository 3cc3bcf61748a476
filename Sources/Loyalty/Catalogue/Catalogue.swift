import Access
import Kernel
import Storage

/// The goods of one account: categories, brands, manufacturers, products and what is dated about them.
///
/// Rows are found by their codes: what is new is made, what differs is changed, what is the same is left alone. A write takes at most
/// `Limits.bulk` rows and costs at most seven reading statements, and one or two writing ones for each row that is new or differs.
public struct Catalogue: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Parents may stand in the same write, in any order. What moves takes everything below it along.
  public func save(_ rows: [CategoryDetails], by change: Change, in tx: inout Transaction) throws -> Saved<Entity.Category> {
    try check(rows, "the categories")
    let version = try takeStructure(of: account, in: &tx)
    let known = try categories(in: &tx)
    let next = try known.placing(rows) { change.id() }
    return try CategorySQL.save(rows, known, next, version, in: account, by: change, in: &tx)
  }

  public func save(_ rows: [ProductBrandDetails], by change: Change, in tx: inout Transaction) throws -> Saved<Entity.ProductBrand>
  {
    try check(rows, "the brands of products")
    guard !rows.isEmpty else { return Saved() }
    try takeStructure(of: account, in: &tx)
    let known = try tx.rows(ProductBrandSQL.byCodes(account, rows.map(\.code))).map(ProductBrandSQL.known)
    return try ProductBrandSQL.upsert(account).save(rows, known: byCode(known), in: account, by: change, in: &tx)
  }

  public func save(_ rows: [ManufacturerDetails], by change: Change, in tx: inout Transaction) throws -> Saved<Entity.Manufacturer>
  {
    try check(rows, "the manufacturers")
    guard !rows.isEmpty else { return Saved() }
    try takeStructure(of: account, in: &tx)
    let known = try tx.rows(ManufacturerSQL.byCodes(account, rows.map(\.code))).map(ManufacturerSQL.known)
    return try ManufacturerSQL.upsert(account).save(rows, known: byCode(known), in: account, by: change, in: &tx)
  }

  /// Categories, brands and manufacturers that products name must be there; a barcode belongs to one product.
  /// - Throws: `Problem.invalid` and `Problem.conflict` (`barcode_taken`) with issues that point at rows; nothing is written then.
  public func save(_ rows: [ProductDetails], by change: Change, in tx: inout Transaction) throws -> Saved<Entity.Product> {
    try check(rows, "the products")
    guard !rows.isEmpty else { return Saved() }
    let version = try takeStructure(of: account, in: &tx)
    return try ProductImport(rows, of: account, version, in: &tx).carryOut(by: change, in: &tx)
  }

  /// VAT, costs and regular prices from a day on.
  public func save(_ rows: [Figure], by change: Change, in tx: inout Transaction) throws -> Int {
    guard !rows.isEmpty else { return 0 }
    let version = try takeStructure(of: account, in: &tx)
    return try FigureImport(rows, of: account, version, in: &tx).carryOut(by: change, in: &tx)
  }

  public func categories(in tx: inout Transaction) throws -> CategoryTree {
    CategoryTree(try tx.rows(CategorySQL.all(account)).map(CategorySQL.known))
  }

  /// What these categories are called and how deep they lie, roots at 1; at most `Limits.page` of them. One statement.
  public func categories(
    _ ids: [CategoryID], in tx: inout Transaction
  ) throws -> [CategoryID: (name: CatalogueName, depth: Int)] {
    guard !ids.isEmpty else { return [:] }
    let rows = try tx.rows(CategorySQL.named(account, Array(ids.prefix(Limits.page))))
    return Dictionary(
      rows.map { ($0.id(0), (name: CatalogueName(ru: $0.textOrNil(1), en: $0.textOrNil(2)), depth: Int($0.int(3)))) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The products with these codes; what is not there is missing from the answer. At most `Limits.bulk` codes.
  public func products(codes: [String], in tx: inout Transaction) throws -> [String: Known<ProductDetails>] {
    guard !codes.isEmpty else { return [:] }
    let rows = try tx.rows(ProductSQL.byCodes(account, Array(codes.prefix(Limits.bulk))))
    return byCode(try withBarcodes(rows, in: &tx))
  }

  /// What products are called, by code. One statement; none for no codes.
  public func names(codes: [String], in tx: inout Transaction) throws -> [String: CatalogueName] {
    guard !codes.isEmpty else { return [:] }
    let rows = try tx.rows(ProductSQL.names(account, Array(codes.prefix(Limits.bulk))))
    return Dictionary(
      rows.map { ($0.text(0), CatalogueName(ru: $0.textOrNil(1), en: $0.textOrNil(2))) }, uniquingKeysWith: { first, _ in first })
  }

  /// All products, page by page, by id.
  public func products(after: ProductID? = nil, limit: Int, in tx: inout Transaction) throws -> [Known<ProductDetails>] {
    try withBarcodes(try tx.rows(ProductSQL.all(account, after, min(max(1, limit), Limits.bulk))), in: &tx)
  }

  /// By code, those whose code begins like this, page by page; everything for an empty beginning. Two statements.
  /// - Parameter after: the code of the last product on the page before; one that does not begin so is no such code.
  public func products(
    beginning: String, after: String? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Known<ProductDetails>] {
    let (some, last) = (min(max(1, limit), Limits.page), after.flatMap { $0.hasPrefix(beginning) ? $0 : nil })
    return try withBarcodes(try tx.rows(ProductSQL.byCode(account, beginning: beginning, after: last, some)), in: &tx)
  }

  /// - Throws: `Problem.notFound` (`product_unknown`), for another account's product too.
  public func product(_ id: ProductID, in tx: inout Transaction) throws -> Known<ProductDetails> {
    guard let known = try withBarcodes(try tx.rows(ProductSQL.byID(account, id)), in: &tx).first else {
      throw Problem(
        .notFound, "product_unknown", "there is no product \(id)",
        cashier: LocalText(ru: "Такого товара нет", en: "There is no such product"))
    }
    return known
  }

  /// The brands of products with these codes; what is not there is missing. At most `Limits.bulk` codes.
  public func productBrands(codes: [String], in tx: inout Transaction) throws -> [String: Known<ProductBrandDetails>] {
    guard !codes.isEmpty else { return [:] }
    return byCode(try tx.rows(ProductBrandSQL.byCodes(account, Array(codes.prefix(Limits.bulk)))).map(ProductBrandSQL.known))
  }

  /// The manufacturers with these codes; what is not there is missing. At most `Limits.bulk` codes.
  public func manufacturers(codes: [String], in tx: inout Transaction) throws -> [String: Known<ManufacturerDetails>] {
    guard !codes.isEmpty else { return [:] }
    return byCode(try tx.rows(ManufacturerSQL.byCodes(account, Array(codes.prefix(Limits.bulk)))).map(ManufacturerSQL.known))
  }

  /// Every brand and every manufacturer of products, by code. One statement each.
  public func everyProductBrand(in tx: inout Transaction) throws -> [Known<ProductBrandDetails>] {
    try tx.rows(ProductBrandSQL.all(account)).map(ProductBrandSQL.known).sorted { $0.details.code < $1.details.code }
  }

  public func everyManufacturer(in tx: inout Transaction) throws -> [Known<ManufacturerDetails>] {
    try tx.rows(ManufacturerSQL.all(account)).map(ManufacturerSQL.known).sorted { $0.details.code < $1.details.code }
  }

  /// The product under these bars, or nil.
  public func product(_ barcode: Barcode, in tx: inout Transaction) throws -> Known<ProductDetails>? {
    try withBarcodes(try tx.rows(ProductSQL.byBarcode(account, barcode)), in: &tx).first
  }

  /// What holds on a day: a zone's own figure before the one for all zones, the latest that has begun. Products without any are
  /// missing from the answer. At most `Limits.bulk` products.
  public func figures(
    of products: [ProductID], zone: PriceZoneID?, on day: CivilDay, in tx: inout Transaction
  ) throws -> [ProductID: Figures] {
    guard !products.isEmpty else { return [:] }
    var found: [ProductID: Figures] = [:]
    for row in try tx.rows(FigureSQL.inForce(account, Array(products.prefix(Limits.bulk)), zone, day)) {
      // General ones first, then the zone's own, each in the order of their days: the last word is the one that holds.
      found[row.id(0), default: Figures()].set(try FigureSQL.kind(row.text(1)), row.int(2))
    }
    return found
  }

  /// What was and will be in force for one product, the latest day first; at most `Limits.page`.
  public func dated(_ product: Known<ProductDetails>, in tx: inout Transaction) throws -> [Figure] {
    let zones = try Places(of: account).priceZones(in: &tx)
    let codes = Dictionary(zones.values.map { ($0.id.raw, $0.details.code) }, uniquingKeysWith: { first, _ in first })
    return try tx.rows(FigureSQL.dated(account, product.id, Limits.page)).map { row in
      Figure(
        product: product.details.code, zone: row.int(1) == 0 ? nil : codes[row.int(1)] ?? "\(row.int(1))",
        kind: try FigureSQL.kind(row.text(0)), since: row.day(2), value: row.int(3))
    }
  }

  private func withBarcodes(_ rows: [Row], in tx: inout Transaction) throws -> [Known<ProductDetails>] {
    guard !rows.isEmpty else { return [] }
    var barcodes: [ProductID: [Barcode]] = [:]
    try tx.each(ProductSQL.barcodes(account, of: rows.map { $0.id(0) })) { row in
      barcodes[row.id(0), default: []].append(Barcode(stored: row.text(1)))
    }
    return try rows.map { try ProductSQL.known($0, barcodes) }
  }

  private func byCode<D: Coded>(_ known: [Known<D>]) -> [String: Known<D>] {
    Dictionary(known.map { ($0.details.code, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
