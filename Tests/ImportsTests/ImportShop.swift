import Access
import Calculator
import Conditions
import Customers
import Imports
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing

/// Refused records, kept in memory as the front door keeps them in a file.
final class RefusedRecords: Sendable {
  private let bytes = Mutex<[UInt8]>([])

  var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

  var file: RefusedFile {
    RefusedFile(
      cut: { length in self.bytes.withLock { $0.removeLast(max(0, $0.count - Int(length))) } },
      add: { added in self.bytes.withLock { $0 += added } })
  }
}

/// An account with a brand and a legal entity, into which files are imported.
struct ImportShop: Sendable {
  static let now = Instant(seconds: 1_790_000_000)
  static let tables =
    StorageSchema.tables + JobsSchema.tables + AccessSchema.tables + CustomersSchema.tables + LoyaltySchema.tables

  let database: any Database
  let account: AccountID
  let programme: Programme
  let ids: IDSource

  init(_ database: any Database) async throws {
    self.database = database
    let ids = IDSource(node: 1)
    self.ids = ids
    (account, programme) = try await database.write { tx in
      let change = Change(by: .import, at: Self.now, ids: ids)
      let account = try Accounts().open(
        AccountDetails(code: "pantry", name: "Pantry", currency: .usd, country: "1"), by: change, in: &tx)
      _ = try Places(of: account).save([BrandDetails(code: "main", name: "Main")], by: change, in: &tx)
      _ = try Places(of: account).save([LegalEntityDetails(code: "llc", name: "Pantry LLC")], by: change, in: &tx)
      let settings: JSON = .object(["name": "Club", "zone": "Europe/Moscow", "terms": .object(["currency": "USD"])])
      let zones: @Sendable (String) -> Zone? = { $0 == "Europe/Moscow" ? .moscow : nil }
      return (account, try Programmes(of: account, zones: zones).save("club", settings, by: change, in: &tx))
    }
  }

  static let gold = TierID(77)

  /// Ten percent off everything, five percent of what is paid as points, and a dollar more off each receipt of gold members.
  var book: RuleBook {
    let promotions = [
      Promotion(
        id: PromotionID(1), code: "ten", name: LocalText(ru: "-10 %", en: "-10 %"), benefit: .percent(.percent(10), of: .reduced)),
      Promotion(id: PromotionID(2), code: "earn", name: LocalText(ru: "5 %", en: "5 %"), benefit: .earnRate(.percent(5))),
      Promotion(
        id: PromotionID(3), code: "gold", name: LocalText(ru: "Золото", en: "Gold"), condition: .tiers([Self.gold]),
        benefit: .amount(Money(minor: 100))),
    ]
    return RuleBook(version: 1, terms: programme.settings.terms, promotions: promotions)
  }

  var receipts: Receipts {
    Receipts(of: account, programme: programme.id, rules: RuleShelf(book), points: programme.settings.points, ids: ids)
  }

  var desk: ImportDesk { ImportDesk(programme, receipts: receipts, rules: book) }

  /// - Parameter chunks: after so many it is asked to stop.
  func run(
    _ text: String, _ mapping: String, _ refused: RefusedRecords = RefusedRecords(), chunks: Int = .max,
    _ options: (inout ImportOptions) -> Void = { _ in }
  ) async throws -> ImportReport {
    try await run(ImportFile(Array(text.utf8)), mapping, refused, chunks: chunks, options)
  }

  func run(
    _ file: ImportFile, _ mapping: String, _ refused: RefusedRecords = RefusedRecords(), chunks: Int = .max,
    _ options: (inout ImportOptions) -> Void = { _ in }
  ) async throws -> ImportReport {
    var chosen = ImportOptions()
    options(&chosen)
    let left = Atomic<Int>(chunks)
    let run = ImportRun(
      into: database, account: account, ids: ids, options: chosen, refused: refused.file, now: { Self.now },
      shouldStop: { left.subtract(1, ordering: .relaxed).newValue < 0 })
    let opened = try await OpenedFile(file, ImportMapping(Array(mapping.utf8)))
    return try await run.carryOut(opened, for: desk, zones: Self.zone)
  }

  func stores() async throws -> [Store] {
    try await database.read { [account] tx in try Places(of: account).stores(limit: Limits.page, in: &tx) }
  }

  func products(_ codes: [String]) async throws -> [String: Known<ProductDetails>] {
    try await database.read { [account] tx in try Catalogue(of: account).products(codes: codes, in: &tx) }
  }

  @Sendable static func zone(_ name: String) throws(Problem) -> Zone {
    guard name == "Europe/Moscow" else { throw Problem(.notFound, "zone_unknown", "no zone \(name)") }
    return .moscow
  }

  /// A mapping of `shop,town,zone`.
  static let storeMapping = """
    { "import": "stores",
      "fields": { "code": "shop", "city": "town", "brand": { "constant": "main" }, "legalEntity": { "constant": "llc" },
        "zone": { "column": "zone", "default": "Europe/Moscow" } } }
    """
}

extension ImportReport.Ending {
  var word: String {
    switch self {
    case .done: "done"
    case .wasDone: "was done"
    case .stopped: "stopped"
    case .tooManyRefused: "too many refused"
    }
  }
}
