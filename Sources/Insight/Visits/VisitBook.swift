import Access
import Kernel
import Loyalty
import Storage

/// What is known of visitors' events of one programme, for reading.
public struct VisitBook: Sendable {
  let programme: Programme
  var account: AccountID { programme.account }

  public init(of programme: Programme) { self.programme = programme }

  /// When the last batch was taken; nil where none ever was.
  func takenAt(in tx: inout Transaction) throws -> Instant? {
    try tx.row(VisitSQL.takenAt(account, programme.id))?.instant(0)
  }

  /// Every source, at most `Limits.trafficSources` and two.
  public func sources(in tx: inout Transaction) throws -> [TrafficSourceID: TrafficSource] {
    let found = try tx.rows(VisitSQL.everySource(account, programme.id)).map(VisitSQL.source)
    return Dictionary(found, uniquingKeysWith: { first, _ in first })
  }

  /// A member's events, the latest first, with the session of each.
  public func events(
    of member: MemberID, since: Instant, before: (at: Instant, id: Int64)? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [SeenEvent] {
    let end = before ?? (Instant.distantFuture, Int64.max)
    return try tx.rows(
      VisitEventSQL.ofMember(account, programme.id, member, since: since, before: end, min(max(1, limit), Limits.bulk))
    ).map(VisitEventSQL.event)
  }

  /// Members about whose events something else is so since a moment, or nil where they are more than so many.
  func touched(since: Instant, most: Int, in tx: inout Transaction) throws -> [MemberID]? {
    let count = try tx.row(VisitSQL.countTouched(account, programme.id, since: since, most + 1))?.int(0) ?? 0
    guard count <= most else { return nil }
    guard count > 0 else { return [] }
    return try tx.rows(VisitSQL.touched(account, programme.id, since: since, after: MemberID(0), most)).map { $0.id(0) }
  }
}
