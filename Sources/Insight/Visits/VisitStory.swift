import Kernel
import Loyalty
import Storage

/// A session of a member in short: when, whence, and what they did in it.
public struct VisitStory: Sendable {
  /// Events of one kind about one product, or about none.
  public struct Deed: Hashable, Sendable {
    public let kind: EventKind
    public let product: String?
    public let count: Int64
    /// In minor units, of all of them; nil where none told one.
    public let amount: Int64?
  }

  public let id: VisitID
  public let startedAt: Instant
  public let endedAt: Instant
  public let source: TrafficSource
  /// Those without a product first, then in the order in which they happened first. None where the events are kept no more.
  public internal(set) var deeds: [Deed] = []

  public func count(_ kind: EventKind) -> Int64 { deeds.reduce(0) { $0 + ($1.kind == kind ? $1.count : 0) } }

  /// Codes of the goods that events of a kind were about, each once.
  public func products(_ kind: EventKind) -> [String] { deeds.compactMap { $0.kind == kind ? $0.product : nil } }
}

extension VisitBook {
  /// Sessions that count for a member, those recorded last first, each folded into one. One statement, whatever they hold.
  ///
  /// A session belongs to whom it named last; of what was done in it only the member's own events are told.
  /// - Parameter before: the session to go on behind.
  /// - Returns: with the session behind which more may follow; nil where that was all.
  public func stories(
    of member: MemberID, before: VisitID, limit: Int, in tx: inout Transaction
  ) throws -> (list: [VisitStory], next: VisitID?) {
    let most = Limits.bulk
    let rows = try tx.rows(VisitStorySQL.ofMember(account, programme.id, member, before: before, limit, deeds: most))
    var list: [VisitStory] = []
    for row in rows {
      if list.last?.id != row.id(0) { list.append(VisitStorySQL.story(row)) }
      if let deed = try VisitStorySQL.deed(row) { list[list.count - 1].deeds.append(deed) }
    }
    // Where the rows ended within a session, it stands whole on the next page; but a session of that many goods alone is told as far.
    let isCut = rows.count == most
    if isCut, list.count > 1 { list.removeLast() }
    return (list, isCut || list.count == limit ? list.last?.id : nil)
  }
}
