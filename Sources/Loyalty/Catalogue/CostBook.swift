import Access
import Kernel
import Storage
import Synchronization

/// What units cost the retailer, by product, price zone and day: as much of an account's costs as somebody asked about.
public struct CostBook: Sendable {
  private struct Entry: Sendable {
    /// 0: all zones that have no cost of their own.
    let zone: Int64
    let since: CivilDay
    let cost: Money
  }

  private let account: AccountID
  /// Ascending by zone, then by day; empty for a product without any, which so is not asked about again.
  private var entries: [ProductID: [Entry]] = [:]

  public init(of account: AccountID) { self.account = account }

  /// The unit's cost: the zone's own before the one for all zones, the latest that has begun; nil where the catalogue has none.
  public func cost(of product: ProductID, zone: PriceZoneID?, on day: CivilDay) -> Money? {
    guard let known = entries[product], !known.isEmpty else { return nil }
    var general: Money?
    var own: Money?
    for entry in known where entry.since <= day {
      if entry.zone == 0 { general = entry.cost } else if entry.zone == zone?.raw { own = entry.cost }
    }
    return own ?? general
  }

  public func isKnown(_ product: ProductID) -> Bool { entries[product] != nil }

  /// One statement for each `Limits.bulk` products that were not asked about yet.
  public mutating func learn(_ products: Set<ProductID>, in tx: inout Transaction) throws {
    let fresh = products.filter { entries[$0] == nil }.sorted()
    for start in stride(from: 0, to: fresh.count, by: Limits.bulk) {
      let some = Array(fresh[start..<min(start + Limits.bulk, fresh.count)])
      for product in some { entries[product] = [] }
      try tx.each(FigureSQL.costs(account, some)) { row in
        entries[row.id(0), default: []].append(Entry(zone: row.int(1), since: row.day(2), cost: row.money(3)))
      }
    }
  }

  /// Products whose costs came or changed behind a version of the account, and the first day that it may matter for. One statement.
  public static func changes(
    of account: AccountID, since version: Int64, in tx: inout Transaction
  ) throws -> [ProductID: CivilDay] {
    var days: [ProductID: CivilDay] = [:]
    try tx.each(FigureSQL.costsChanged(account, since: version)) { row in days[row.id(0)] = row.day(1) }
    return days
  }

  mutating func add(_ other: CostBook) { entries.merge(other.entries) { known, _ in known } }

  /// Of these products alone; products without a cost need no place.
  fileprivate func part(of products: Set<ProductID>) -> CostBook {
    var part = CostBook(of: account)
    for product in products { if let known = entries[product], !known.isEmpty { part.entries[product] = known } }
    return part
  }

  /// Of those that were asked about.
  fileprivate func unknown(of products: Set<ProductID>) -> Set<ProductID> { products.filter { entries[$0] == nil } }
}

/// A book of costs that several threads read on in. What they read is kept, so that each product is asked about once or, by threads that
/// meet, a few times.
final class SharedCosts: Sendable {
  private let account: AccountID
  private let book: Mutex<CostBook>

  init(of account: AccountID) {
    self.account = account
    book = Mutex(CostBook(of: account))
  }

  /// What these cost. Nobody gets the whole book: it would be copied each time that somebody learns something.
  func book(knowing products: Set<ProductID>, on database: any Database) async throws -> CostBook {
    let unknown = book.withLock { $0.unknown(of: products) }
    if !unknown.isEmpty {
      let empty = CostBook(of: account)
      let learned = try await database.read { tx in
        var more = empty
        try more.learn(unknown, in: &tx)
        return more
      }
      book.withLock { $0.add(learned) }
    }
    return book.withLock { $0.part(of: products) }
  }
}
