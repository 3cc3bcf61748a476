import Access
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
    StorageSchema.tables + JobsSchema.tables + AccessSchema.tables + CustomersSchema.tables + CatalogueSchema.tables

  let database: any Database
  let account: AccountID
  let programme = ProgrammeID(7)
  let ids: IDSource

  init(_ database: any Database) async throws {
    self.database = database
    let ids = IDSource(node: 1)
    self.ids = ids
    account = try await database.write { tx in
      let change = Change(by: .import, at: Self.now, ids: ids)
      let account = try Accounts().open(
        AccountDetails(code: "pantry", name: "Pantry", currency: .usd, country: "1"), by: change, in: &tx)
      _ = try Places(of: account).save([BrandDetails(code: "main", name: "Main")], by: change, in: &tx)
      _ = try Places(of: account).save([LegalEntityDetails(code: "llc", name: "Pantry LLC")], by: change, in: &tx)
      return account
    }
  }

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
    return try await run.carryOut(file, ImportMapping(Array(mapping.utf8)), programme: programme) {
      $0 == "Europe/Moscow" ? .moscow : nil
    }
  }

  func stores() async throws -> [Store] {
    try await database.read { [account] tx in try Places(of: account).stores(limit: Limits.page, in: &tx) }
  }

  func products(_ codes: [String]) async throws -> [String: Known<ProductDetails>] {
    try await database.read { [account] tx in try Catalogue(of: account).products(codes: codes, in: &tx) }
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
