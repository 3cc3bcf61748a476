import Access
import Conditions
import Customers
import Jobs
import Kernel
import Storage

/// The households of one programme: who founds one, who is invited and joins, who leaves. Every act may be sent twice, and stands in the
/// trail of the member whom it is about.
///
/// A household is locked before anything of it changes, and its members' wallets are locked after it: a purchase of one of them comes before
/// or after.
public struct Households: Sendable {
  let programme: Programme

  public init(of programme: Programme) { self.programme = programme }

  var account: AccountID { programme.account }
  public var terms: HouseholdTerms? { programme.settings.households }

  /// A member founds a household and owns it. Who owns one already is answered that one.
  /// - Throws: `Problem.conflict`: `households_off`, `household_kind`, `household_member`, `household_cooling_off`, `member_inactive`;
  ///   `Problem.invalid` (a name that is too long); `Problem.notFound`.
  public func make(
    _ name: String, by owner: MemberID, _ change: Change, in tx: inout Transaction
  ) throws -> HouseholdStanding {
    let terms = try opened()
    // Sent twice at once, the second finds what the first has made.
    try programme.members.hold(owner, in: &tx)
    if let known = try standing(of: owner, in: &tx) {
      guard known.household.owner == owner else { throw HouseholdProblem.isMember }
      return known
    }
    try check(name)
    try check(owner, terms, at: change.at, in: &tx)
    let made = Household(
      id: change.id(), name: name, owner: owner, spenders: terms.spenders, madeAt: change.at, endedAt: nil)
    try tx.enqueue(HouseholdSQL.insert(made, account, programme.id))
    let stay = HouseholdStay(
      id: change.id(), household: made.id, member: owner, invitedAt: change.at, invitationEnds: change.at, joinedAt: change.at,
      entrance: .made, leftAt: nil, end: nil, reason: nil)
    try tx.enqueue(HouseholdSQL.insert(stay, account, programme.id))
    guard try programme.members.enter(made.id, owner, in: &tx) else { throw HouseholdProblem.isMember }
    try note("household.made", owner, made.id, ["name": name.isEmpty ? nil : .string(name)], change, &tx)
    try tell(.householdJoined, owner, made.id, change, &tx)
    return HouseholdStanding(household: made, stays: [stay])
  }

  /// The owner asks somebody to join; who is asked already is asked no second time, but has longer to answer.
  /// - Throws: `Problem.conflict`: `households_off`, `household_over`, `household_owner`, `household_kind`, `household_member`,
  ///   `household_full`, `member_inactive`; `Problem.notFound`.
  public func invite(
    _ member: MemberID, by owner: MemberID, _ change: Change, in tx: inout Transaction
  ) throws -> HouseholdStay {
    let terms = try opened()
    let known = try lock(of: owner, in: &tx)
    guard known.household.owner == owner else { throw HouseholdProblem.notOwner }
    let profile = try programme.members.profile(member, at: change.at, in: &tx)
    if let stay = known.stay(of: profile.member.id) {
      if stay.isMember || stay.isInvited(at: change.at) { return stay }
      try close([stay], as: .lapsed, because: nil, change, in: &tx)
    }
    guard profile.household == nil else { throw HouseholdProblem.isMember }
    try check(profile.member, terms)
    let invited = known.invited(at: change.at).count
    guard known.members.count + invited < terms.members, invited < Limits.householdInvitations else {
      throw HouseholdProblem.full(terms.members)
    }
    let stay = HouseholdStay(
      id: change.id(), household: known.household.id, member: profile.member.id, invitedAt: change.at,
      invitationEnds: change.at + .days(Int64(terms.invitationDays)), joinedAt: nil, entrance: nil, leftAt: nil, end: nil,
      reason: nil)
    try tx.enqueue(HouseholdSQL.insert(stay, account, programme.id))
    try note("household.invited", stay.member, known.household.id, ["by": .string("\(owner)")], change, &tx)
    return stay
  }

  /// Somebody who was invited agrees. Who is in it already is answered the same.
  /// - Throws: `Problem.conflict`: `households_off`, `household_over`, `household_not_invited`, `household_code`, `household_kind`,
  ///   `household_member`, `household_full`, `household_cooling_off`, `member_inactive`; `Problem.invalid` (a reason that is missing);
  ///   `Problem.notFound`.
  public func accept(
    _ household: HouseholdID, by member: MemberID, _ consent: HouseholdConsent, _ change: Change, in tx: inout Transaction
  ) throws -> HouseholdStanding {
    let terms = try opened()
    let known = try lock(household, in: &tx)
    let stay = known.stay(of: member)
    if stay?.isMember == true { return known }
    guard let stay, stay.isInvited(at: change.at) else { throw HouseholdProblem.notInvited }
    let (entrance, reason) = try agreed(consent, by: member, at: change.at, in: &tx)
    try check(member, terms, at: change.at, in: &tx)
    guard known.members.count < terms.members else { throw HouseholdProblem.full(terms.members) }
    guard try programme.members.enter(household, member, in: &tx) else { throw HouseholdProblem.isMember }
    try tx.enqueue(HouseholdSQL.join(stay, account, at: change.at, by: entrance, because: reason))
    try note(
      "household.joined", member, household, ["by": .string(entrance.rawValue), "reason": reason.map(JSON.string)], change, &tx)
    try tell(.householdJoined, member, household, change, &tx)
    return try read(known.household, in: &tx)
  }

  /// Who may spend, and what it is called. - Throws: `Problem.notFound`, `Problem.conflict` (`household_over`), `Problem.invalid`.
  public func change(
    _ household: HouseholdID, name: String? = nil, spenders: HouseholdSpenders? = nil, owner: MemberID? = nil, by change: Change,
    in tx: inout Transaction
  ) throws {
    let known = try lock(household, in: &tx)
    if let name { try check(name) }
    if let owner, known.stay(of: owner)?.isMember != true { throw HouseholdProblem.notIn }
    let old = known.household
    let new = Household(
      id: old.id, name: name ?? old.name, owner: owner ?? old.owner, spenders: spenders ?? old.spenders, madeAt: old.madeAt,
      endedAt: nil)
    guard new != old else { return }
    try tx.enqueue(HouseholdSQL.update(new, account, programme.id))
    let notes = AuditNote.changed("household", old.id, from: old.json, to: new.json)
    try AuditTrail(of: account).record([notes], by: change, in: &tx)
  }
}

// What is known.
extension Households {
  /// Two statements. - Throws: `Problem.notFound`.
  public func standing(_ id: HouseholdID, in tx: inout Transaction) throws -> HouseholdStanding {
    guard let found = try find(id, in: &tx) else { throw HouseholdProblem.unknown(id) }
    return found
  }

  public func find(_ id: HouseholdID, in tx: inout Transaction) throws -> HouseholdStanding? {
    try tx.row(HouseholdSQL.byID(account, programme.id, id)).map(HouseholdSQL.household).map { try read($0, in: &tx) }
  }

  /// The one that a member is in; nil for none. One statement for a member of none.
  /// - Throws: `Problem.notFound` (`member_unknown`).
  public func standing(of member: MemberID, in tx: inout Transaction) throws -> HouseholdStanding? {
    let profile = try programme.members.profile(member, at: Instant(micros: 0), in: &tx)
    return try profile.household.flatMap { try find($0, in: &tx) }
  }

  /// Invitations that a member can still accept, latest first.
  public func invitations(to member: MemberID, at now: Instant, in tx: inout Transaction) throws -> [HouseholdStay] {
    try stays(of: member, in: &tx).filter { $0.isInvited(at: now) }
  }

  /// Where a member was and was asked to be, latest first. One statement.
  public func stays(of member: MemberID, in tx: inout Transaction) throws -> [HouseholdStay] {
    try tx.rows(HouseholdSQL.stays(account, programme.id, of: member, Limits.page)).map(HouseholdSQL.stay)
  }

  /// Everybody who was ever in it or asked to be, latest first.
  public func history(of household: HouseholdID, in tx: inout Transaction) throws -> [HouseholdStay] {
    try tx.rows(HouseholdSQL.past(account, household, Limits.page)).map(HouseholdSQL.stay)
  }

  /// Those that were founded last, latest first.
  public func latest(before: HouseholdID? = nil, limit: Int, in tx: inout Transaction) throws -> [Household] {
    let some = min(max(1, limit), Limits.page)
    return try tx.rows(HouseholdSQL.latest(account, programme.id, before: before ?? HouseholdID(.max), some)).map(
      HouseholdSQL.household)
  }

  /// What its members have, as of now; who is blocked, or stopped by a limit, lends nothing. Three statements.
  public func pool(of household: HouseholdID, at now: Instant, ids: IDSource, in tx: inout Transaction) throws -> HouseholdPool {
    let wallets = Wallets(of: programme, ids: ids)
    let rows = try tx.rows(HouseholdSQL.wallets(programme.id, household))
    let today = programme.settings.points.zone.civil(at: now).day
    let lenders = try wallets.lenders(among: rows.map { $0.id(0) }, on: today, at: now, in: &tx)
    return HouseholdPool(
      parts: try rows.map { row in
        var wallet = row.intOrNil(3) == nil ? Wallet() : try WalletSQL.wallet(row.bytes(4), of: row.int(0))
        _ = wallet.advance(to: now, wallets.terms)
        return HouseholdPool.Part(
          member: row.id(0), balance: Balance(wallet), lendable: lenders.contains(row.id(0)) ? wallet.lendableAmount : .zero)
      })
  }

  func read(_ household: Household, in tx: inout Transaction) throws -> HouseholdStanding {
    HouseholdStanding(household: household, stays: try tx.rows(HouseholdSQL.present(account, household.id)).map(HouseholdSQL.stay))
  }

  /// The same, nil for one that was dissolved meanwhile.
  func lockOpen(_ id: HouseholdID, in tx: inout Transaction) throws -> HouseholdStanding? {
    guard let row = try tx.row(HouseholdSQL.byID(account, programme.id, id, lock: tx.dialect.forUpdate)) else {
      throw HouseholdProblem.unknown(id)
    }
    let household = try HouseholdSQL.household(row)
    return household.endedAt == nil ? try read(household, in: &tx) : nil
  }

  func lock(_ id: HouseholdID, in tx: inout Transaction) throws -> HouseholdStanding {
    guard let known = try lockOpen(id, in: &tx) else { throw HouseholdProblem.over }
    return known
  }

  private func lock(of member: MemberID, in tx: inout Transaction) throws -> HouseholdStanding {
    guard let id = try programme.members.profile(member, at: Instant(micros: 0), in: &tx).household else {
      throw HouseholdProblem.notIn
    }
    return try lock(id, in: &tx)
  }
}

// What speaks against it.
extension Households {
  private func opened() throws(Problem) -> HouseholdTerms {
    if let terms { return terms }
    throw HouseholdProblem.off
  }

  private func check(_ name: String) throws(Problem) {
    let issues = IssueList()
    if !name.isEmpty { checkName(name, at: "/name", issues) }
    try issues.check("the household")
  }

  private func check(_ member: Member, _ terms: HouseholdTerms) throws(Problem) {
    guard member.status == .active, member.mergedInto == nil else { throw HouseholdProblem.inactive }
    guard terms.kinds.contains(member.kind) else { throw HouseholdProblem.kind(member.kind) }
  }

  /// Whoever joins now.
  private func check(_ member: MemberID, _ terms: HouseholdTerms, at now: Instant, in tx: inout Transaction) throws {
    let profile = try programme.members.profile(member, at: now, in: &tx)
    guard profile.household == nil else { throw HouseholdProblem.isMember }
    guard profile.member.id == member else { throw HouseholdProblem.inactive }
    try check(profile.member, terms)
    let left = try tx.row(HouseholdSQL.lastLeft(account, programme.id, member))?.instantOrNil(0)
    guard let left else { return }
    let free = left + .days(Int64(terms.coolingOffDays))
    if now < free { throw HouseholdProblem.coolingOff(until: free, terms.coolingOffDays) }
  }

  private func agreed(
    _ consent: HouseholdConsent, by member: MemberID, at now: Instant, in tx: inout Transaction
  ) throws -> (HouseholdStay.Entrance, String?) {
    switch consent {
    case .told(let reason):
      let issues = IssueList()
      checkName(reason, at: "/reason", issues)
      try issues.check("the reason")
      return (.operator, reason)
    case .code(let id):
      // A code for points agrees to points, and to nothing else.
      guard let code = try programme.confirmations.find(id, of: member, in: &tx), code.verifiedAt != nil, now < code.endsAt,
        code.purpose == .household
      else { throw HouseholdProblem.code }
      return (.code, nil)
    }
  }

  func note(
    _ act: String, _ member: MemberID, _ household: HouseholdID, _ more: [String: JSON?], _ change: Change,
    _ tx: inout Transaction
  ) throws {
    var members = [JSON.Member("household", .string("\(household)"))]
    for (key, value) in more.sorted(by: { $0.key < $1.key }) { if let value { members.append(JSON.Member(key, value)) } }
    try AuditTrail(of: account).record([.did(act, member, after: .object(members))], by: change, in: &tx)
  }

  func tell(
    _ kind: Event.Kind, _ member: MemberID, _ household: HouseholdID, _ change: Change, _ tx: inout Transaction
  ) throws {
    let event = Event(kind, id: change.id(), owner: member.raw, subject: household.raw, at: change.at)
    try Outbox(of: account).put(event, in: &tx)
  }
}

extension Household {
  /// As the trail keeps it.
  var json: JSON {
    .object(["name": .string(name), "owner": .string("\(owner)"), "spenders": .string(spenders.rawValue)])
  }
}
