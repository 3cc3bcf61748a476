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

/// Receipts of one programme: as history, or priced by its rules.
struct ReceiptIntake: Intake {
  let columns: ReceiptColumns
  private let reading: ReceiptReading
  let programme: Programme
  let receipts: Receipts
  let shoppers: Shoppers
  let stores: [String: Store]
  let clocks: [String: Zone]
  let index: CatalogueIndex
  /// Lines that are not goods, by their category.
  let kinds: [CategoryID: LineKind]
  let members: MemberCache
  private let seen = SeenReceipts()

  var groupedBy: [Int] { [columns.receipt.columns, columns.store.columns].flatMap { $0 } }

  init(_ columns: ReceiptColumns, _ surroundings: ReceiptSurroundings, _ receipts: Receipts, _ shoppers: Shoppers) {
    self.columns = columns
    self.receipts = receipts
    self.shoppers = shoppers
    programme = surroundings.programme
    stores = surroundings.stores
    clocks = surroundings.clocks
    index = surroundings.index
    kinds = Dictionary(
      uniqueKeysWithValues: columns.kinds.compactMap { code, kind in surroundings.index.tree.id(code).map { ($0, kind) } })
    members = MemberCache(surroundings.programme)
    reading = ReceiptReading(columns: columns, digits: surroundings.programme.settings.terms.currency.digits, zones: clocks) {
      [index] code in
      index.facts(code: code).flatMap { index.unit($0.id) }
    }
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

  func write(_ items: [ReceiptRecord], by change: Change, in tx: inout Transaction) throws -> Outcome {
    var chunk = ReceiptChunk(self, items)
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
  let stores: [String: Store]
  let clocks: [String: Zone]
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
    var known: [String: Zone] = [:]
    for store in stores where known[store.details.zone] == nil { known[store.details.zone] = try zones(store.details.zone) }
    self.programme = programme
    self.index = index
    self.stores = Dictionary(uniqueKeysWithValues: stores.map { ($0.details.code, $0) })
    clocks = self.stores.compactMapValues { known[$0.details.zone] }
  }
}

/// Members by the retailer's code, as rules see them; each is read once.
final class MemberCache: Sendable {
  private let programme: Programme
  private let known = Mutex<[String: MemberSnapshot]>([:])

  init(_ programme: Programme) { self.programme = programme }

  /// Those of the codes that are members.
  func members(_ codes: Set<String>, in tx: inout Transaction) throws -> [String: Shopper] {
    var found = known.withLock { known in known.filter { codes.contains($0.key) } }
    let missing = codes.filter { found[$0] == nil }.sorted()
    let identifiers = missing.compactMap { Identifier(external: $0) }
    if !identifiers.isEmpty {
      let owners = try programme.identifiers.owners(of: identifiers, in: &tx)
      let members = try programme.members.members(Set(owners.values).sorted(), in: &tx)
      for (identifier, id) in owners {
        guard let member = members[id] else { continue }
        found[identifier.value] = MemberSnapshot(
          id: id, kind: member.kind, birthday: member.person?.birthday, attributes: member.person?.attributes.values ?? [:])
      }
      known.withLock { [found] known in known.merge(found) { first, _ in first } }
    }
    return found.mapValues { .member($0) }
  }
}
