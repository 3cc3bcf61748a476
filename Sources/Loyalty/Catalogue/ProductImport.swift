import Access
import Kernel
import Storage

/// One chunk of products: everything that is known about its rows, read with few statements, then what has to be written.
struct ProductImport {
  private let account: AccountID
  private let rows: [ProductDetails]
  private let version: Int64
  private let known: [String: Known<ProductDetails>]
  private let categories: [String: CategoryID]
  private let brands: [String: ProductBrandID]
  private let manufacturers: [String: ManufacturerID]
  /// Whose the barcodes of the chunk are now.
  private let owners: [Barcode: ProductID]

  init(_ rows: [ProductDetails], of account: AccountID, _ version: Int64, in tx: inout Transaction) throws {
    self.account = account
    self.rows = rows
    self.version = version
    known = try Catalogue(of: account).products(codes: rows.map(\.code), in: &tx)
    categories = try Self.ids(CategorySQL.ids, account, rows.compactMap(\.category), &tx)
    brands = try Self.ids(ProductBrandSQL.ids, account, rows.compactMap(\.brand), &tx)
    manufacturers = try Self.ids(ManufacturerSQL.ids, account, rows.compactMap(\.manufacturer), &tx)
    owners = try ProductSQL.owners(account, of: rows.flatMap(\.barcodes), in: &tx)
  }

  private static func ids<T: Identified>(
    _ statement: (AccountID, [String]) -> SQL, _ account: AccountID, _ codes: [String], _ tx: inout Transaction
  ) throws -> [String: ID<T>] {
    let distinct = Set(codes).sorted()
    guard !distinct.isEmpty else { return [:] }
    let found = try tx.rows(statement(account, distinct)).map { ($0.text(1), $0.id(0, T.self)) }
    return Dictionary(found, uniquingKeysWith: { first, _ in first })
  }

  func carryOut(by change: Change, in tx: inout Transaction) throws -> Saved<Entity.Product> {
    try refuseUnknown()
    try refuseTaken()
    let saved = try upsert.save(rows, known: known, in: account, by: change, in: &tx)
    try setBarcodes(saved.ids, &tx)
    return saved
  }

  private var upsert: Upsert<ProductDetails> {
    Upsert(
      into: CatalogueSchema.product, ProductSQL.inserted,
      values: { id, details in ProductSQL.values(id, account, details, binds(details)) },
      update: { id, details in ProductSQL.update(id, account, details, binds(details)) })
  }

  private func binds(_ details: ProductDetails) -> [Value] {
    [
      details.category.flatMap { categories[$0] }.value, details.brand.flatMap { brands[$0] }.value,
      details.manufacturer.flatMap { manufacturers[$0] }.value, version.value,
    ]
  }

  private func setBarcodes(_ ids: [ProductID], _ tx: inout Transaction) throws {
    var fresh: [[Value]] = []
    for (row, id) in zip(rows, ids) {
      let old = known[row.code]?.details.barcodes ?? []
      guard old != row.barcodes else { continue }
      for barcode in old where !row.barcodes.contains(barcode) { try tx.enqueue(ProductSQL.deleteBarcode(account, barcode)) }
      for barcode in row.barcodes where !old.contains(barcode) { fresh.append([account.value, barcode.digits.value, id.value]) }
    }
    try tx.insert(fresh, into: CatalogueSchema.barcode, ["account_id", "digits", "product_id"])
  }

  private func refuseUnknown() throws(Problem) {
    let issues = IssueList()
    for (index, row) in rows.enumerated() {
      if let code = row.category, categories[code] == nil { missing(code, "category", index, issues) }
      if let code = row.brand, brands[code] == nil { missing(code, "brand", index, issues) }
      if let code = row.manufacturer, manufacturers[code] == nil { missing(code, "manufacturer", index, issues) }
    }
    try issues.check("the products")
  }

  private func missing(_ code: String, _ member: String, _ index: Int, _ issues: IssueList) {
    issues.add("/\(index)/\(member)", "unknown_code", "there is no \(member) with the code \"\(code)\"; make it first")
  }

  private func refuseTaken() throws(Problem) {
    let issues = IssueList()
    var seen: Set<Barcode> = []
    for (index, row) in rows.enumerated() {
      for barcode in row.barcodes {
        if let owner = owners[barcode], owner != known[row.code]?.id {
          issues.add("/\(index)/barcodes", "barcode_taken", "\(barcode) stands on another product, \(owner)")
        } else if !seen.insert(barcode).inserted {
          issues.add("/\(index)/barcodes", "barcode_taken", "\(barcode) stands on another product of this write")
        }
      }
    }
    guard issues.isEmpty else {
      throw Problem(.conflict, "barcode_taken", "\(issues.issues.count) barcodes stand on other products", issues: issues.issues)
    }
  }
}
