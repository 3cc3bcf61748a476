import Access
import Kernel
import Storage

/// A member as a moment's rules see them: who they are, the tier they had then, and the segments they are in.
public struct MemberProfile: Hashable, Sendable {
  public let member: Member
  /// The highest tier in force at the moment; nil for none.
  public let tier: TierID?
  /// As of now, ascending.
  public let segments: [SegmentID]
}

extension Members {
  /// One statement: what a till must know of a member beside their wallet.
  /// - Parameter time: of the sale. A grant that is over by then, withdrawn or not begun gives no tier.
  /// - Throws: `Problem.notFound`, for another programme's member too.
  public func profile(_ id: MemberID, at time: Instant, in tx: inout Transaction) throws -> MemberProfile {
    guard let profile = try profiles([id], at: time, in: &tx)[id] else { throw MemberProblem.unknown(id) }
    return profile
  }

  /// Those of the members that are there, at most `Limits.bulk`. One statement.
  public func profiles(_ ids: [MemberID], at time: Instant, in tx: inout Transaction) throws -> [MemberID: MemberProfile] {
    guard !ids.isEmpty else { return [:] }
    let rows = try tx.rows(MemberSQL.profiles(account, programme, Array(ids.prefix(Limits.bulk)), time, tx.dialect))
    let found = try rows.map(MemberSQL.profile)
    return Dictionary(uniqueKeysWithValues: found.map { ($0.member.id, $0) })
  }
}
