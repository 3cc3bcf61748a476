import Access
import Kernel
import Storage

/// Points of a programme that ran out, posting by posting in the order in which the books learnt of them: those whose time came, and those
/// of whoever was forgotten. Together they are what `PointsFlows` has as expired.
public struct PointsExpiry: Sendable {
  public struct Fact: Hashable, Sendable {
    /// The member, as an id.
    public let owner: Int64
    public let place: Place
    /// In the smallest units; what would come back is below zero.
    public let points: Int64
  }

  /// Where a reading goes on.
  public struct Place: Hashable, Comparable, Sendable {
    public let posted: Instant
    public let id: EntryID

    public init(_ posted: Instant, _ id: EntryID) { (self.posted, self.id) = (posted, id) }
    /// Before everything that was posted at the moment or later.
    public init(before moment: Instant) { self.init(moment - Span(micros: 1), EntryID(.max)) }

    public static func < (a: Place, b: Place) -> Bool { (a.posted, a.id) < (b.posted, b.id) }
  }

  private let programme: ProgrammeID

  public init(of programme: Programme) { self.programme = programme.id }

  /// One indexed statement. - Returns: nil for `next` at the end.
  public func page(after place: Place, limit: Int, in tx: inout Transaction) throws -> (facts: [Fact], next: Place?) {
    let rows = try tx.rows(PointsExpirySQL.postings(programme, after: place, limit))
    let facts = try rows.compactMap { row -> Fact? in
      let points = try WalletSQL.posting(row).entries.reduce(Int64(0)) { sum, entry in
        if entry.from.isSpendable, entry.to == .expired { return sum + entry.amount.units }
        return entry.from == .expired && entry.to.isSpendable ? sum - entry.amount.units : sum
      }
      return points == 0 ? nil : Fact(owner: row.int(0), place: Place(row.instant(4), row.id(6)), points: points)
    }
    guard rows.count == limit, let last = rows.last else { return (facts, nil) }
    return (facts, Place(last.instant(4), last.id(6)))
  }
}
