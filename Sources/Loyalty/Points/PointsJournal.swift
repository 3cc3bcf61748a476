import Access
import Kernel
import Storage

/// The journal entry by entry, for whoever keeps it in another form: the retailer's own warehouse.
///
/// What a hold sets aside counts as active here until it is spent: setting aside and letting go are no entries.
public struct PointsJournal: Sendable {
  public struct Line: Sendable {
    public let posting: EntryID
    /// Its place among the posting's entries, from 1.
    public let number: Int
    /// The member, as an id.
    public let owner: Int64
    public let entry: Entry
  }

  /// Owners of a page: some thousand entries.
  private static let owners = 200

  private let programme: ProgrammeID

  public init(of programme: Programme) { self.programme = programme.id }

  /// The entries of the next owners, by owner and then by time. Two statements.
  /// - Returns: nil for `next` at the end.
  public func page(after owner: Int64?, in tx: inout Transaction) throws -> (lines: [Line], next: Int64?) {
    let rows = try tx.rows(WalletSQL.page(programme, after: owner ?? .min, Self.owners))
    let last = rows.count < Self.owners ? nil : rows.last?.int(0)
    guard let end = rows.last?.int(0) else { return ([], nil) }
    var lines: [Line] = []
    try tx.each(WalletSQL.postings(programme, from: owner.map { $0 + 1 } ?? .min, through: last ?? end)) { row in
      lines += try Self.lines(row)
    }
    return (lines, last)
  }

  /// What was posted to each of these owners since the moment that stands with them, and perhaps a little of what was posted before.
  /// One round trip on PostgreSQL, one indexed statement each.
  public func lines(since moments: [(owner: Int64, moment: Instant)], in tx: inout Transaction) throws -> [Line] {
    let asked = moments.map { WalletSQL.postings($0.owner, programme, from: EntryID(least: $0.moment)) }
    return try tx.answers(toEach: asked).flatMap { rows in try rows.flatMap(Self.lines) }
  }

  private static func lines(_ row: Row) throws -> [Line] {
    let posting = try WalletSQL.posting(row)
    return posting.entries.enumerated().compactMap { place, entry in
      let plain = entry.withoutHolds
      return plain.from == plain.to ? nil : Line(posting: row.id(6), number: place + 1, owner: row.int(0), entry: plain)
    }
  }
}

extension Entry {
  fileprivate var withoutHolds: Entry {
    Entry(amount, from: from == .held ? .active : from, to: to == .held ? .active : to, lot: lot, on: occasion)
  }
}
