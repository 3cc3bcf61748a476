import Access
import Calculator
import Conditions
import Customers
import Kernel
import Storage

/// What an action does to a few members, and how it takes it back.
struct BulkDeeds {
  let desk: BulkActions
  let action: BulkAction
  let change: Change

  var programme: Programme { desk.programme }
  private var segments: Segments { Segments(of: desk.account) }
  private var request: String { "bulk \(action.id)" }

  // MARK: who is left out

  /// Of each member of the programme why they are left out; nil for who is not. A statement or two for all of them.
  func reasons(_ members: [MemberID], in tx: inout Transaction) throws -> [MemberID: BulkReason?] {
    let profiles = try programme.members.profiles(members, at: change.at, in: &tx)
    let there = try listed(members, in: &tx)
    let tier = try tier(in: &tx)
    var reasons: [MemberID: BulkReason?] = [:]
    for (id, profile) in profiles {
      reasons[id] = .some(reason(profile) ?? (isAlready(profile, there, tier) ? .already : nil))
    }
    return reasons
  }

  private func reason(_ profile: MemberProfile) -> BulkReason? {
    let member = profile.member
    if member.status == .erased { return .erased }
    if member.mergedInto != nil { return .merged }
    guard action.deed.isBenefit else { return nil }
    if member.status == .blocked { return .blocked }
    if programme.settings.terms.control?.contains(member.id, at: change.at) ?? false { return .control }
    let treatment = programme.settings.treatment(of: member.kind)
    switch action.deed {
    case .points where !treatment.earns, .coupon where !treatment.receivesOffers: return .memberKind
    case .points, .coupon, .tier, .attribute, .list, .status: return nil
    }
  }

  private func isAlready(_ profile: MemberProfile, _ listed: Set<MemberID>, _ tier: TierID?) -> Bool {
    switch action.deed {
    case .attribute(let code, let value): profile.member.person?.attributes[code] == value
    case .list(_, let isIn): listed.contains(profile.member.id) == isIn
    case .tier: profile.tier == tier
    case .status(let isBlocked, _): (profile.member.status == .blocked) == isBlocked
    case .points, .coupon: false
    }
  }

  /// Those who are in the list that the action is about.
  private func listed(_ members: [MemberID], in tx: inout Transaction) throws -> Set<MemberID> {
    guard case .list(let code, _) = action.deed else { return [] }
    return try segments.listed(members, in: code, in: &tx)
  }

  private func tier(in tx: inout Transaction) throws -> TierID? {
    guard case .tier(let code, _, _) = action.deed else { return nil }
    return try programme.tiers.all(in: &tx)[code]?.id
  }

  // MARK: doing it

  func carryOut(_ members: [MemberID], in tx: inout Transaction) throws -> [BulkMember] {
    let reasons = try reasons(members, in: &tx)
    let fit = members.filter { reasons[$0] == .some(nil) }
    let done = try carryOut(fit, &tx)
    return members.map { member in
      guard reasons[member] == .some(nil) else { return settled(member, .leftOut, (reasons[member] ?? nil) ?? .erased) }
      return done[member] ?? settled(member, .leftOut, .already)
    }
  }

  private func settled(_ member: MemberID, _ state: BulkMember.State, _ reason: BulkReason? = nil, _ former: JSON? = nil)
    -> BulkMember
  {
    BulkMember(member: member, state: state, reason: reason, former: former, at: change.at)
  }

  private func carryOut(_ members: [MemberID], _ tx: inout Transaction) throws -> [MemberID: BulkMember] {
    guard !members.isEmpty else { return [:] }
    var done: [MemberID: BulkMember] = [:]
    switch action.deed {
    case .attribute(let code, let value):
      for (member, former) in try programme.members.setEach(code, to: value, of: members, by: change, in: &tx) {
        done[member] = settled(member, .changed, nil, .object(["value": former.map(\.json)]))
      }
    case .list(let code, let isIn):
      _ =
        try isIn
        ? segments.add(members, to: code, by: change, in: &tx) : segments.remove(members, from: code, by: change, in: &tx)
      for member in members { done[member] = settled(member, .changed) }
    case .points(let points, let course, let note):
      for member in members { done[member] = try give(points, course, note, to: member, &tx) }
    case .coupon(let series):
      for member in members { done[member] = try giveCoupon(series, to: member, &tx) }
    case .tier(let code, let day, let reason):
      let end = day.map { programme.settings.points.zone.instant($0.adding(days: 1)) }
      for member in members {
        let grant = try programme.tiers.grant(
          code, to: member, until: end, because: reason, request: RequestKey(request + " \(member)"), by: change, in: &tx)
        done[member] = settled(member, .changed, nil, .object(["grant": .string("\(grant)")]))
      }
    case .status(let isBlocked, let reason):
      for member in members {
        try isBlocked
          ? programme.members.block(member, because: reason, by: change, in: &tx)
          : programme.members.unblock(member, because: reason, by: change, in: &tx)
        done[member] = settled(member, .changed)
      }
    }
    return done
  }

  private var gifts: ActionGifts { ActionGifts(of: programme, ids: desk.ids) }

  /// A gift of this action: the member's wallet first and the total behind it, as all gifts are.
  private func give(
    _ points: Points, _ course: PointsCourse?, _ note: String, to member: MemberID, _ tx: inout Transaction
  ) throws -> BulkMember {
    let (account, gifts) = (desk.account, gifts)
    var open = try gifts.wallets.open(member.raw, at: change.at, in: &tx)
    let (subject, day) = ("\(action.id)", gifts.today(change.at))
    let had = try tx.row(
      GiftSQL.had(account, programme.id, [open.owner], ActionGift.bulk, subject, since: CivilDay(number: .min)))
    guard had?.intOrNil(3) == nil else { return settled(member, .leftOut, .already) }
    let kind = try programme.members.member(member, in: &tx).kind
    guard gifts.wallets.allow(points, as: kind, watching: programme.settings.watch, in: &open.wallet, on: day) else {
      return settled(member, .leftOut, .guardLimit)
    }
    try tx.run(
      GiftSQL.count(account, programme.id, ActionGift.bulk, points, isFirst: had?.int(0) == 0, within: Points(units: .max)))
    let gift = ActionGift(
      id: change.id(), member: MemberID(open.owner), action: ActionGift.bulk, subject: subject, day: day, points: points,
      at: change.at)
    try gifts.book(gift, course: course, called: LocalText(ru: note, en: note), on: &open, by: change, in: &tx)
    return settled(member, .changed, nil, .object(["gift": .string("\(gift.id)")]))
  }

  private func giveCoupon(_ series: String, to member: MemberID, _ tx: inout Transaction) throws -> BulkMember {
    guard let coupon = try Coupons(of: programme).give(series, to: member, by: change, in: &tx) else {
      return settled(member, .leftOut, .seriesEmpty)
    }
    return settled(member, .changed, nil, .object(["coupon": .string(coupon.code)]))
  }

  // MARK: taking it back

  func undo(_ members: [BulkMember], in tx: inout Transaction) throws -> [BulkMember] {
    let known = try programme.members.profiles(members.map(\.member), at: change.at, in: &tx)
    let there = try listed(members.map(\.member), in: &tx)
    return try members.map { one in
      guard let profile = known[one.member], profile.member.status != .erased else {
        return settled(one.member, .kept, .erased)
      }
      guard profile.member.mergedInto == nil else { return settled(one.member, .kept, .merged) }
      let reason = try undo(one, profile, there, &tx)
      return settled(one.member, reason == nil ? .undone : .kept, reason, one.former)
    }
  }

  /// - Returns: why it could not be undone.
  private func undo(
    _ one: BulkMember, _ profile: MemberProfile, _ listed: Set<MemberID>, _ tx: inout Transaction
  ) throws -> BulkReason? {
    switch action.deed {
    case .attribute(let code, let value):
      guard profile.member.person?.attributes[code] == value else { return .changedSince }
      let former = one.former?["value"].flatMap { json in
        Attributes(JSONNode(.object([JSON.Member(code, json)])), lists: true)[code]
      }
      // What was archived meanwhile may come back all the same: the member had it.
      _ = try programme.members.setEach(code, to: former, of: [one.member], isReturning: true, by: change, in: &tx)
      return nil
    case .list(let code, let isIn):
      guard listed.contains(one.member) == isIn else { return .changedSince }
      _ =
        try isIn
        ? segments.remove([one.member], from: code, by: change, in: &tx)
        : segments.add([one.member], to: code, by: change, in: &tx)
      return nil
    case .points: return try takeBack(one, &tx)
    case .coupon:
      guard let code = one.word("coupon"), let coupon = try Coupons(of: programme).coupon(code, in: &tx) else { return .used }
      guard coupon.state != .used, coupon.hold == nil || coupon.heldUntil.map({ $0 < change.at }) ?? false else { return .used }
      try Coupons(of: programme).void(code, because: action.name, by: change, in: &tx)
      return nil
    case .tier:
      guard let grant = one.word("grant").flatMap({ TierGrantID($0) }) else { return .changedSince }
      try programme.tiers.withdraw(grant, of: one.member, because: action.name, by: change, in: &tx)
      return nil
    case .status(let isBlocked, _):
      guard (profile.member.status == .blocked) == isBlocked else { return .changedSince }
      try isBlocked
        ? programme.members.unblock(one.member, because: action.name, by: change, in: &tx)
        : programme.members.block(one.member, because: action.name, by: change, in: &tx)
      return nil
    }
  }

  /// Of the gift what is not spent; nothing else of the wallet is touched.
  private func takeBack(_ one: BulkMember, _ tx: inout Transaction) throws -> BulkReason? {
    guard let id = one.word("gift").flatMap({ GiftID($0) }) else { return .used }
    let (account, gifts, terms) = (desk.account, gifts, programme.settings.points)
    guard let given = try gifts.find(id, ActionGift.bulk, of: one.member, in: &tx) else { return .used }
    var open = try gifts.wallets.open(one.member.raw, at: change.at, in: &tx)
    let rest = open.wallet.unspent(of: .gift(id), terms)
    guard rest > .zero else { return .used }
    let back = ActionGift(
      id: change.id(), member: MemberID(open.owner), action: ActionGift.bulk, subject: "\(action.id) back",
      day: gifts.today(change.at), points: .zero - rest, at: change.at)
    let occasion = Occasion(.gift(back.id), at: change.at, posted: change.at)
    open.entries += open.wallet.takeBack(rest, kind: .promotional, of: .gift(id), on: occasion, terms).entries
    let counted = min(rest, open.wallet.given(GuardTally.giving)?.given(on: given.day).points ?? .zero)
    if counted > .zero {
      open.wallet.discount(Use(promotion: GuardTally.giving, day: given.day, given: .init(uses: 1, points: counted)))
    }
    try tx.run(GiftSQL.takeOff(account, programme.id, ActionGift.bulk, back.points))
    try gifts.book(
      back, course: nil, called: LocalText(ru: action.name, en: action.name), on: &open, by: change, in: &tx)
    return rest < given.points ? .used : nil
  }
}

extension Wallet {
  /// What is left of an origin, as far as the programme lets it be taken back without touching other points.
  func unspent(of origin: Origin, _ terms: PointsTerms) -> Points {
    lots.reduce(.zero) { sum, lot in
      guard lot.kind == .promotional, terms.negative != .onlyPending || lot.isPending else { return sum }
      return sum + lot.amount(from: origin)
    }
  }
}
