import Access
import Customers
import Jobs
import Kernel
import Storage

// The ways out. Points go with whose they are; what is set aside for a receipt of another stays so until that receipt or its hold ends.
extension Households {
  /// A member leaves. Where the owner does, it is the longest there who owns it next; the last one to go dissolves it. Harmless for a member
  /// of none.
  public func leave(_ member: MemberID, by change: Change, in tx: inout Transaction) throws {
    try leave(member, as: .left, because: nil, change, in: &tx)
  }

  /// Somebody goes whom the owner or an operator does not want in it, or an invitation is taken back. Harmless where there is none.
  /// - Throws: `Problem.notFound`, `Problem.conflict` (`household_over`), `Problem.invalid` (a reason that is too long).
  public func exclude(
    _ member: MemberID, from household: HouseholdID, because reason: String?, by change: Change, in tx: inout Transaction
  ) throws {
    try check(reason)
    let known = try lock(household, in: &tx)
    guard let stay = known.stay(of: member) else { return }
    try go(stay, of: known, as: stay.isMember ? .excluded : .withdrawn, because: reason, change, in: &tx)
  }

  /// Somebody who was invited does not want to. Harmless where there is no invitation.
  public func decline(
    _ household: HouseholdID, by member: MemberID, _ change: Change, in tx: inout Transaction
  ) throws {
    guard let stay = try lock(household, in: &tx).stay(of: member), !stay.isMember else { return }
    try close([stay], as: .declined, because: nil, change, in: &tx)
    try note("household.declined", member, household, [:], change, &tx)
  }

  /// Everybody goes, and it is over. Harmless when repeated.
  /// - Throws: `Problem.notFound`, `Problem.invalid` (a reason that is too long).
  public func dissolve(
    _ household: HouseholdID, because reason: String?, by change: Change, in tx: inout Transaction
  ) throws {
    try check(reason)
    guard let known = try lockOpen(household, in: &tx) else { return }
    try dissolve(known, because: reason, change, in: &tx)
  }

  /// Before a person is forgotten: leaves, and what operators said about it goes.
  func forget(_ member: MemberID, by change: Change, in tx: inout Transaction) throws {
    try leave(member, as: .erased, because: nil, change, in: &tx)
    try tx.enqueue(HouseholdSQL.forgetReasons(account, programme.id, of: member))
  }

  /// Before two members become one: who stands for both takes the place of the other, unless they have one. It stays theirs where the two
  /// come apart again.
  func follow(_ merged: MemberID, into survivor: MemberID, by change: Change, in tx: inout Transaction) throws {
    let profiles = try programme.members.profiles([merged, survivor], at: change.at, in: &tx)
    guard let id = profiles[merged]?.household else { return }
    guard let known = try lockOpen(id, in: &tx), let stay = known.stay(of: merged), stay.isMember else { return }
    try close([stay], as: .merged, because: nil, change, in: &tx)
    try programme.members.leave(id, [merged], in: &tx)
    try note("household.left", merged, id, ["as": "merged"], change, &tx)
    try tell(.householdLeft, merged, id, change, &tx)
    if profiles[survivor]?.household == nil {
      if let asked = known.stay(of: survivor) { try close([asked], as: .lapsed, because: nil, change, in: &tx) }
      let place = HouseholdStay(
        id: change.id(), household: id, member: survivor, invitedAt: change.at, invitationEnds: change.at, joinedAt: change.at,
        entrance: .merge, leftAt: nil, end: nil, reason: nil)
      try tx.enqueue(HouseholdSQL.insert(place, account, programme.id))
      guard try programme.members.enter(id, survivor, in: &tx) else { throw HouseholdProblem.isMember }
      try note("household.joined", survivor, id, ["by": "merge"], change, &tx)
      try tell(.householdJoined, survivor, id, change, &tx)
      if known.household.owner == merged { try own(known.household, survivor, change, in: &tx) }
    } else {
      let others = known.members.filter { $0.member != merged }
      let isSame = profiles[survivor]?.household == id
      try goOn(known.household, others, without: merged, next: isSame ? survivor : nil, change, in: &tx)
    }
  }
}

extension Households {
  private func leave(
    _ member: MemberID, as end: HouseholdStay.End, because reason: String?, _ change: Change, in tx: inout Transaction
  ) throws {
    guard let id = try programme.members.profiles([member], at: change.at, in: &tx)[member]?.household else { return }
    // The last one's leave, sent twice at once, finds that it is over.
    guard let known = try lockOpen(id, in: &tx), let stay = known.stay(of: member) else { return }
    try go(stay, of: known, as: end, because: reason, change, in: &tx)
  }

  private func go(
    _ stay: HouseholdStay, of known: HouseholdStanding, as end: HouseholdStay.End, because reason: String?, _ change: Change,
    in tx: inout Transaction
  ) throws {
    let id = known.household.id
    try close([stay], as: end, because: reason, change, in: &tx)
    let act = stay.isMember ? "household.left" : "household.uninvited"
    try note(act, stay.member, id, ["as": .string(end.rawValue), "reason": reason.map(JSON.string)], change, &tx)
    guard stay.isMember else { return }
    try programme.members.leave(id, [stay.member], in: &tx)
    try tell(.householdLeft, stay.member, id, change, &tx)
    let others = known.members.filter { $0.member != stay.member }
    try goOn(known.household, others, without: stay.member, next: nil, change, in: &tx)
  }

  /// Somebody owns it, or it is over.
  private func goOn(
    _ household: Household, _ others: [HouseholdStay], without gone: MemberID, next: MemberID?, _ change: Change,
    in tx: inout Transaction
  ) throws {
    guard let heir = next ?? others.min(by: { ($0.joinedAt ?? change.at, $0.id) < ($1.joinedAt ?? change.at, $1.id) })?.member
    else {
      return try dissolve(try read(household, in: &tx), because: nil, change, in: &tx)
    }
    if household.owner == gone { try own(household, heir, change, in: &tx) }
  }

  private func own(_ household: Household, _ member: MemberID, _ change: Change, in tx: inout Transaction) throws {
    let owned = household.owned(by: member)
    try tx.enqueue(HouseholdSQL.update(owned, account, programme.id))
    let note = AuditNote.changed("household", household.id, from: household.json, to: owned.json)
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }

  private func dissolve(
    _ known: HouseholdStanding, because reason: String?, _ change: Change, in tx: inout Transaction
  ) throws {
    let household = known.household
    let members = known.members.map(\.member)
    let asked = known.stays.filter { !$0.isMember }
    try close(known.members, as: .dissolved, because: reason, change, in: &tx)
    try close(asked, as: .withdrawn, because: nil, change, in: &tx)
    try programme.members.leave(household.id, members, in: &tx)
    // What they called it is forgotten with them.
    let over = Household(
      id: household.id, name: "", owner: household.owner, spenders: household.spenders, madeAt: household.madeAt, endedAt: change.at
    )
    try tx.enqueue(HouseholdSQL.update(over, account, programme.id))
    for member in members {
      try note(
        "household.left", member, household.id, ["as": "dissolved", "reason": reason.map(JSON.string)], change, &tx)
      try tell(.householdLeft, member, household.id, change, &tx)
    }
    let note = AuditNote.did("household.dissolved", household.id, after: .object(["reason": reason.map(JSON.string)]))
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }

  func close(
    _ stays: [HouseholdStay], as end: HouseholdStay.End, because reason: String?, _ change: Change, in tx: inout Transaction
  ) throws {
    guard let first = stays.first else { return }
    try tx.enqueue(HouseholdSQL.end(stays, of: first.household, account, at: change.at, as: end, because: reason))
  }

  private func check(_ reason: String?) throws(Problem) {
    guard let reason else { return }
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    try issues.check("the reason")
  }
}
