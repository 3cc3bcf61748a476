import Kernel
import Loyalty
import Storage

/// A session of a member with everything that is kept of it, for whoever asks what is known of them.
public struct MemberVisit: Sendable {
  public let id: VisitID
  /// The device's id, by which the site or the app knows it.
  public let visitor: String
  /// The site's own name of the session; empty where it was formed by silence.
  public let session: String
  public let startedAt: Instant
  public let endedAt: Instant
  public let source: TrafficSource
}

/// A device whose visitor's id is known to be a member's.
public struct MemberDevice: Sendable {
  public let visitor: String
  /// When somebody last signed in under it.
  public let namedAt: Instant
}

extension VisitBook {
  /// Sessions that count for a member, the latest first. One indexed statement.
  /// - Parameter before: the session to go on behind.
  public func sessions(
    of member: MemberID, before: (at: Instant, id: VisitID)? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [MemberVisit] {
    let end = before ?? (Instant.distantFuture, VisitID(.max))
    return try tx.rows(
      VisitStorySQL.sessions(account, programme.id, member, before: end, min(max(1, limit), Limits.bulk))
    ).map(VisitStorySQL.session)
  }

  /// Devices that a member signed in on last, in the order of their ids.
  public func devices(
    of member: MemberID, after visitor: String? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [MemberDevice] {
    try tx.rows(
      VisitStorySQL.devices(account, member, after: visitor ?? "", min(max(1, limit), Limits.bulk))
    ).map { MemberDevice(visitor: $0.text(0), namedAt: $0.instant(1)) }
  }
}
