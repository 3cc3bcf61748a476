import Access
import Conditions
import Kernel
import Storage

/// A member as a moment's rules see them: who they are, the tier they had then, and the segments they are in.
public struct MemberProfile: Hashable, Sendable {
  public let member: Member
  /// The highest tier in force at the moment; nil for none.
  public let tier: TierID?
  /// As of now, ascending.
  public let segments: [SegmentID]
  /// Codes of the favourite categories that are chosen for the moment.
  public let favourites: [String]
  /// That stand now.
  public let consents: Consents
  /// Activated by the member, over or not.
  public let offers: [ActivatedOffer]
  /// Whom the member pools points with; nearly always nobody.
  public let household: HouseholdID?
}

extension Members {
  /// One statement: what a till must know of a member beside their wallet.
  /// - Parameter time: of the sale. A grant that is over by then, withdrawn or not begun gives no tier.
  /// - Throws: `Problem.notFound`, for another programme's member too.
  public func profile(_ id: MemberID, at time: Instant, in tx: inout Transaction) throws -> MemberProfile {
    guard let profile = try knownProfile(id, at: time, in: &tx) else { throw MemberProblem.unknown(id) }
    return profile
  }

  /// The same; nil where there is no such member. Of one who was merged it is the profile of whoever stands for them, at the price of
  /// another statement.
  public func knownProfile(_ id: MemberID, at time: Instant, in tx: inout Transaction) throws -> MemberProfile? {
    let found = try tx.row(MemberSQL.profile(account, programme, id, time, tx.dialect)).map { try MemberSQL.profile($0, at: time) }
    guard let survivor = found?.member.mergedInto else { return found }
    return try tx.row(MemberSQL.profile(account, programme, survivor, time, tx.dialect)).map { try MemberSQL.profile($0, at: time) }
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
    let profile = try answers[1].map { try MemberSQL.profile($0, at: time) }.first { $0.member.id == found.member }
    return profile.map { (found, $0) }
  }

  /// What one till was shown, among many who ask together.
  public struct Inquiry: Sendable {
    /// Found before, by our own id; nil: by the readings.
    let member: MemberID?
    /// Likeliest first; the first four count.
    let readings: [Identifier]
    /// Of the sale: the tier is the one in force then.
    let time: Instant

    public init(_ readings: [Identifier], at time: Instant) { (member, self.readings, self.time) = (nil, readings, time) }
    public init(_ member: MemberID, at time: Instant) { (self.member, readings, self.time) = (member, [], time) }

    var asked: [Identifier] { Array(readings.prefix(4)) }
  }

  /// Answers many tills at once, as `recognise` and `knownProfile` answer one: on PostgreSQL one statement, on SQLite one after the other.
  /// - Returns: in the order of the inquiries; nil where it is nobody's, `found` nil where the member was named by id.
  public func recognise(
    _ inquiries: [Inquiry], in tx: inout Transaction
  ) throws -> [(found: Identifiers.Found?, profile: MemberProfile)?] {
    guard tx.dialect == .postgres else {
      var answers: [(found: Identifiers.Found?, profile: MemberProfile)?] = []
      for inquiry in inquiries {
        if let id = inquiry.member {
          answers.append(try knownProfile(id, at: inquiry.time, in: &tx).map { (nil, $0) })
        } else {
          answers.append(try recognise(inquiry.readings, at: inquiry.time, in: &tx).map { ($0.found, $0.profile) })
        }
      }
      return answers
    }
    let asked = inquiries.filter { $0.member != nil || !$0.readings.isEmpty }
    guard !asked.isEmpty else { return inquiries.map { _ in nil } }
    var rows: [Int64: Row] = [:]
    for row in try tx.rows(MemberSQL.profiles(account, programme, asked)) { rows[row.int(20)] = row }
    var number: Int64 = 0
    return try inquiries.map { inquiry in
      let readings = inquiry.asked
      let isNamed = inquiry.member != nil
      guard isNamed || !readings.isEmpty else { return nil }
      let numbers = number + 1...number + Int64(max(1, readings.count))
      number = numbers.upperBound
      guard let first = numbers.first(where: { rows[$0] != nil }), let row = rows[first] else { return nil }
      let profile = try MemberSQL.profile(row, at: inquiry.time)
      guard !isNamed else {
        return try profile.member.mergedInto == nil
          ? (nil, profile) : knownProfile(profile.member.id, at: inquiry.time, in: &tx).map { (nil, $0) }
      }
      return (
        Identifiers.Found(
          member: profile.member.id, identifier: readings[Int(first - numbers.lowerBound)], isBlocked: row.bool(21),
          verifiedAt: row.instantOrNil(22)), profile
      )
    }
  }

  /// Those of the members that are there, at most `Limits.bulk`. One statement.
  public func profiles(_ ids: [MemberID], at time: Instant, in tx: inout Transaction) throws -> [MemberID: MemberProfile] {
    guard !ids.isEmpty else { return [:] }
    let rows = try tx.rows(MemberSQL.profiles(account, programme, Array(ids.prefix(Limits.bulk)), time, tx.dialect))
    let found = try rows.map { try MemberSQL.profile($0, at: time) }
    return Dictionary(uniqueKeysWithValues: found.map { ($0.member.id, $0) })
  }
}

// Which household a member is in stands with the member, where every till reads it; what a household is knows the wing of loyalty.
extension Members {
  /// - Returns: false where the member is in one already, is blocked or gone.
  public func enter(_ household: HouseholdID, _ member: MemberID, in tx: inout Transaction) throws -> Bool {
    try tx.run(MemberSQL.enter(account, programme, member, household)) == 1
  }

  /// Nobody else changes what stands with the member until the transaction has ended. One statement on PostgreSQL; nothing where there is
  /// one writer.
  public func hold(_ member: MemberID, in tx: inout Transaction) throws {
    guard !tx.dialect.forUpdate.isEmpty else { return }
    _ = try tx.row(MemberSQL.hold(account, programme, member, tx.dialect))
  }

  /// Harmless for those who are not in it. One statement.
  public func leave(_ household: HouseholdID, _ members: [MemberID], in tx: inout Transaction) throws {
    guard !members.isEmpty else { return }
    try tx.enqueue(MemberSQL.leave(account, programme, members, household))
  }
}
