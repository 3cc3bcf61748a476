import Access
import Kernel
import Storage

/// One chunk of dated figures.
struct FigureImport {
  private let account: AccountID
  private let version: Int64
  private let rows: [Figure]
  private let products: [String: ProductID]
  private let zones: [String: PriceZoneID]
  private let known: [Figure.Place: Int64]

  init(_ rows: [Figure], of account: AccountID, _ version: Int64, in tx: inout Transaction) throws {
    (self.account, self.version) = (account, version)
    self.rows = rows
    try Self.check(rows)
    products = try FigureSQL.products(account, Set(rows.map(\.place.product)).sorted(), in: &tx)
    zones = rows.contains { $0.place.zone != nil } ? try Places(of: account).priceZones(in: &tx).mapValues(\.id) : [:]
    known = try FigureSQL.known(account, products, zones, in: &tx)
  }

  private static func check(_ rows: [Figure]) throws(Problem) {
    let issues = IssueList()
    if rows.count > Limits.bulk { issues.add("", "too_many", "at most \(Limits.bulk) rows go into one write, not \(rows.count)") }
    var seen: Set<Figure.Place> = []
    for (index, row) in rows.prefix(Limits.bulk).enumerated() {
      row.check(at: "/\(index)", issues)
      if !seen.insert(row.place).inserted { issues.add("/\(index)", "repeated", "the same figure stands twice in this write") }
    }
    try issues.check("the figures")
  }

  /// - Returns: how many were new or different.
  func carryOut(by change: Change, in tx: inout Transaction) throws -> Int {
    try refuseUnknown()
    var notes: [AuditNote] = []
    var fresh: [[Value]] = []
    for row in rows where known[row.place] != row.value {
      guard let product = products[row.place.product] else { continue }
      let zone = row.place.zone.flatMap { zones[$0] }
      if let old = known[row.place] {
        try tx.enqueue(FigureSQL.update(account, product, zone, row, version))
        notes.append(.changed("figure", product, from: Self.json(row.place, old), to: Self.json(row.place, row.value)))
      } else {
        fresh.append(FigureSQL.values(account, product, zone, row, version))
      }
    }
    try tx.insert(fresh, into: CatalogueSchema.figure, FigureSQL.inserted)
    let changed = notes.count
    if !fresh.isEmpty, let first = rows.first.flatMap({ products[$0.place.product] }) {
      notes.append(.did("figure.imported", first, after: .object(["rows": .int(Int64(fresh.count))])))
    }
    try AuditTrail(of: account).record(notes, by: change, in: &tx)
    return fresh.count + changed
  }

  /// The place as the name of the member, so that a change shows which figure changed.
  private static func json(_ place: Figure.Place, _ value: Int64) -> JSON {
    let name = [place.kind.rawValue, place.zone ?? "*", place.since.description].joined(separator: " ")
    return .object([JSON.Member(name, .int(value))])
  }

  private func refuseUnknown() throws(Problem) {
    let issues = IssueList()
    for (index, row) in rows.enumerated() {
      if products[row.place.product] == nil {
        issues.add("/\(index)/product", "unknown_code", "there is no product with the code \"\(row.place.product)\"; make it first")
      }
      if let zone = row.place.zone, zones[zone] == nil {
        issues.add("/\(index)/zone", "unknown_code", "there is no price zone with the code \"\(zone)\"; make it first")
      }
    }
    try issues.check("the figures")
  }
}
