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
    guard let profile = try knownProfile(id, at: time, in: &tx) else { throw MemberProblem.unknown(id) }
    return profile
  }

  /// The same; nil where there is no such member.
  public func knownProfile(_ id: MemberID, at time: Instant, in tx: inout Transaction) throws -> MemberProfile? {
    try tx.row(MemberSQL.profile(account, programme, id, time, tx.dialect)).map(MemberSQL.profile)
  }

  /// Whom what was shown finds, and what rules may ask of them: on PostgreSQL two statements in one round trip, on SQLite one after
  /// the other.
  /// - Parameter readings: likeliest first (`IdentifierRules.readings`).
  /// - Returns: nil where it is nobody's.
  public func recognise(
    _ readings: [Identifier], at time: Instant, in tx: inout Transaction
  ) throws -> (found: Identifiers.Found, profile: MemberProfile)? {
    let identifiers = Identifiers(of: account, programme: programme)
    let asked = Array(readings.prefix(4))
    guard !asked.isEmpty else { return nil }
    if tx.dialect == .sqlite {
      guard let found = try identifiers.find(asked, in: &tx), let profile = try knownProfile(found.member, at: time, in: &tx) else {
        return nil
      }
      return (found, profile)
    }
    let answers = try tx.answers(
      to: IdentifierSQL.find(account, programme, asked), MemberSQL.profiles(account, programme, asked, time))
    guard let found = try Identifiers.likeliest(of: asked, in: answers[0]) else { return nil }
    let profile = try answers[1].map(MemberSQL.profile).first { $0.member.id == found.member }
    return profile.map { (found, $0) }
  }

  /// Those of the members that are there, at most `Limits.bulk`. One statement.
  public func profiles(_ ids: [MemberID], at time: Instant, in tx: inout Transaction) throws -> [MemberID: MemberProfile] {
    guard !ids.isEmpty else { return [:] }
    let rows = try tx.rows(MemberSQL.profiles(account, programme, Array(ids.prefix(Limits.bulk)), time, tx.dialect))
    let found = try rows.map(MemberSQL.profile)
    return Dictionary(uniqueKeysWithValues: found.map { ($0.member.id, $0) })
  }
}
