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
    entries[product].flatMap { Self.cost($0, zone, day) }
  }

  private static func cost(_ known: [Entry], _ zone: PriceZoneID?, _ day: CivilDay) -> Money? {
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

  /// A unit that somebody sold.
  struct Unit: Sendable {
    let product: ProductID
    let zone: PriceZoneID?
    let day: CivilDay
  }

  /// What these cost, each; nil where the catalogue has no cost. Nobody gets the book itself: it would be copied each time that somebody learns
  /// something.
  func costs(of units: [Unit], on database: any Database) async throws -> [Money?] {
    while true {
      let (costs, unknown) = book.withLock { $0.costs(of: units) }
      guard !unknown.isEmpty else { return costs }
      let empty = CostBook(of: account)
      let learned = try await database.read { tx in
        var more = empty
        try more.learn(unknown, in: &tx)
        return more
      }
      book.withLock { $0.add(learned) }
    }
  }
}

extension CostBook {
  /// With the products that were not asked about yet.
  fileprivate func costs(of units: [SharedCosts.Unit]) -> (costs: [Money?], unknown: Set<ProductID>) {
    var (costs, unknown) = ([Money?](), Set<ProductID>())
    costs.reserveCapacity(units.count)
    for unit in units {
      guard let known = entries[unit.product] else {
        unknown.insert(unit.product)
        continue
      }
      costs.append(known.isEmpty ? nil : Self.cost(known, unit.zone, unit.day))
    }
    return (costs, unknown)
  }
}
