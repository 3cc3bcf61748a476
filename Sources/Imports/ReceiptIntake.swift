import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import Synchronization
import Tables

/// What happens to receipts besides being priced: a simulated year has shoppers who spend points, show coupons and bring goods back.
public struct Shoppers: Sendable {
  /// How many points the shopper of this receipt wants to spend.
  public var wish: @Sendable (_ receipt: String, _ member: String) -> SpendWish = { _, _ in .nothing }
  /// Codes that are shown with this receipt.
  public var coupons: @Sendable (_ receipt: String, _ member: String, _ soldAt: Instant) -> [PresentedCoupon] = { _, _, _ in [] }
  /// After a receipt was confirmed, in its transaction.
  public var after: @Sendable (_ receipt: String, Sale, Sold, Receipts, inout Transaction) throws -> Void = { _, _, _, _, _ in }

  public init() {}
}

/// A receipt with the member it names, ready to be written.
struct ReceiptEntry: Sendable {
  var record: ReceiptRecord
  /// Nil where nobody is named, or a member who is not known.
  let member: MemberID?
  /// Of history, where all its goods are known: the row, so that the transaction only has to put it into the table.
  var ready: ReadyReceipt?
}

/// Receipts of one programme: as history, or priced by its rules.
struct ReceiptIntake: Intake {
  let columns: ReceiptColumns
  private let reading: ReceiptReading
  let programme: Programme
  let receipts: Receipts
  let shoppers: Shoppers
  private let members: MemberCache
  private let seen = SeenReceipts()

  let groupedBy: [Int]
  var shelf: Shelf { reading.shelf }

  /// As many lines as are written within some hundredths of a second: tills wait behind them.
  var chunkRecords: Int { columns.treatment == .history ? 5_000 : 2_000 }

  init(_ columns: ReceiptColumns, _ surroundings: ReceiptSurroundings, _ receipts: Receipts, _ shoppers: Shoppers) {
    self.columns = columns
    self.receipts = receipts
    self.shoppers = shoppers
    programme = surroundings.programme
    members = MemberCache(surroundings.programme)
    groupedBy = [columns.receipt.columns, columns.store.columns].flatMap { $0 }
    let kinds = Dictionary(
      uniqueKeysWithValues: columns.kinds.compactMap { code, kind in surroundings.index.tree.id(code).map { ($0, kind) } })
    reading = ReceiptReading(
      columns: columns, digits: surroundings.programme.settings.terms.currency.digits, stores: surroundings.stores,
      shelf: Shelf(surroundings.index, counts: columns.counts, kinds: kinds), shoppers: shoppers)
  }

  func read(_ block: TableBlock, _ rows: Range<Int>, _ notes: inout Notes) -> ReceiptRecord? {
    let first = rows.lowerBound
    let key = groupedBy.reduce(into: UInt64(0)) { $0 = ($0 &* 31) ^ block.field(first, $1).hash }
    guard seen.insert(key) else {
      notes.refuse(
        first, columns.receipt.column,
        "lines of this receipt stand further up already; sort the file so that they follow each other")
      return nil
    }
    return reading.read(block, rows, &notes)
  }

  func prepare(_ items: [ReceiptRecord], in database: any Database) async throws -> [ReceiptEntry] {
    let members = try await members.members(items.map(\.member), in: database)
    let isHistory = columns.treatment == .history
    return zip(items, members).map { record, member in
      var entry = ReceiptEntry(record: record, member: member, ready: nil)
      if isHistory, record.unknown.isEmpty { entry.ready = past(entry) }
      return entry
    }
  }

  func past(_ entry: ReceiptEntry) -> ReadyReceipt {
    receipts.prepare(PastReceipt(key: entry.record.key, member: entry.member, basket: entry.record.basket))
  }

  func write(_ entries: [ReceiptEntry], by change: Change, in tx: inout Transaction) throws -> Outcome {
    var chunk = ReceiptChunk(self, entries)
    try chunk.resolve(by: change, in: &tx)
    switch columns.treatment {
    case .history: try chunk.record(at: change.at, in: &tx)
    case .priced: try chunk.sell(in: &tx)
    }
    return chunk.outcome
  }
}

/// The receipts read last, so that lines which stand apart are noticed. At most a million are remembered; what lies further apart is
/// found by the receipt's key.
final class SeenReceipts: Sendable {
  private static let most = 500_000
  private let sets = Mutex<(young: Set<UInt64>, old: Set<UInt64>)>(([], []))

  /// False where it was seen.
  func insert(_ key: UInt64) -> Bool {
    sets.withLock { sets in
      if sets.old.contains(key) || !sets.young.insert(key).inserted { return false }
      if sets.young.count >= Self.most {
        sets.old = sets.young
        sets.young = []
      }
      return true
    }
  }
}

/// What receipts are read against, as it was when the import began.
struct ReceiptSurroundings: Sendable {
  let programme: Programme
  let stores: [String: StoreFacts]
  let index: CatalogueIndex

  /// - Throws: `Problem` where a store's zone is not known to this system.
  init(_ programme: Programme, zones: (String) throws(Problem) -> Zone, in database: any Database) async throws {
    let account = programme.account
    let (stores, index) = try await database.read { tx in
      var all: [Store] = []
      while true {
        let page = try Places(of: account).stores(after: all.last?.id, limit: Limits.page, in: &tx)
        all += page
        if page.count < Limits.page { break }
      }
      return (all, try CatalogueIndex(of: account).refreshed(in: &tx))
    }
    var clocks: [String: Zone] = [:]
    var facts: [String: StoreFacts] = [:]
    for store in stores {
      let details = store.details
      let zone = try clocks[details.zone] ?? zones(details.zone)
      clocks[details.zone] = zone
      facts[details.code] = StoreFacts(id: store.id, brand: store.brand, zone: zone, dayStart: details.dayStart)
    }
    self.programme = programme
    self.index = index
    self.stores = facts
  }
}

/// Members by the retailer's code. Those met last are remembered, at most a million; others are asked for again.
final class MemberCache: Sendable {
  private static let most = 500_000
  private let programme: Programme
  private let known = Mutex<(young: [String: MemberID], old: [String: MemberID])>(([:], [:]))

  init(_ programme: Programme) { self.programme = programme }

  /// The members with these codes, each at its place; nil where none is named or known.
  func members(_ codes: [String?], in database: any Database) async throws -> [MemberID?] {
    let missing = known.withLock { known in
      Set(codes.compactMap { $0 }.filter { known.young[$0] == nil && known.old[$0] == nil })
    }
    let found =
      missing.isEmpty ? [:] : try await database.read { [programme] tx in try Self.read(missing.sorted(), of: programme, in: &tx) }
    return known.withLock { known in
      let members = codes.map { code in code.flatMap { found[$0] ?? known.young[$0] ?? known.old[$0] } }
      known.young.merge(found) { first, _ in first }
      if known.young.count >= Self.most { known = ([:], known.young) }
      return members
    }
  }

  private static func read(
    _ codes: [String], of programme: Programme, in tx: inout Transaction
  ) throws -> [String: MemberID] {
    var found: [String: MemberID] = [:]
    for start in stride(from: 0, to: codes.count, by: Limits.bulk) {
      let identifiers = codes[start..<min(start + Limits.bulk, codes.count)].compactMap { Identifier(external: $0) }
      for (identifier, id) in try programme.identifiers.owners(of: identifiers, in: &tx) { found[identifier.value] = id }
    }
    return found
  }
}
