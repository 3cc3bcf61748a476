import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Storage

/// Points that members of one programme are given without a purchase.
///
/// A gift takes the member's wallet first and the action's total behind it, always in this order: told by any number of systems at once, an
/// action is rewarded as often as it says, and its budget is never overshot.
public struct ActionGifts: Sendable {
  let programme: Programme
  let wallets: Wallets

  /// - Parameter programme: with the settings as they are stored now, not as tills have them.
  public init(of programme: Programme, ids: IDSource) {
    self.programme = programme
    wallets = Wallets(of: programme, ids: ids)
  }

  var account: AccountID { programme.account }
  var zone: Zone { programme.settings.points.zone }
  public func today(_ now: Instant) -> CivilDay { zone.civil(at: now).day }

  /// Rewards an action that somebody tells of. Sent again under the same request key, or about the same subject, it is rewarded once.
  ///
  /// Seven statements where it gives something.
  /// - Parameter request: with the hash of its body; nil where nobody sends it, then the subject alone tells it from others.
  /// - Throws: `Problem.notFound` (`action_unknown`, `member_unknown`); `Problem.invalid` (`action_found_here`); `Problem.conflict`
  ///   (`request_key_reused`).
  public func tell(
    _ code: String, of member: MemberID, subject: String, request: (key: RequestKey, body: Int64)?, by change: Change,
    in tx: inout Transaction
  ) throws -> ActionAnswer {
    guard let action = programme.settings.giving.action(code) else { throw Self.unknown(code) }
    guard !action.kind.isFound || request == nil else { throw Self.foundHere(action) }
    let ask = Ask(action: action, subject: subject, request: request.map { ($0.key, Self.hash(action, subject, $0.body)) })
    if let known = try answered(ask, of: member, in: &tx) { return .given(known) }
    let profile = try programme.members.profile(member, at: change.at, in: &tx)
    if let reason = try refusal(action, profile, on: today(change.at), in: &tx) { return .nothing(reason) }
    return try give(ask, to: profile, by: change, in: &tx)
  }

  /// An action as somebody tells of it.
  private struct Ask {
    let action: RewardedAction
    let subject: String
    let request: (key: RequestKey, body: StableHash)?
  }

  private static func hash(_ action: RewardedAction, _ subject: String, _ body: Int64) -> StableHash {
    var hash = StableHash()
    hash.mix("action \(action.code) \(subject)")
    hash.mix(body)
    return hash
  }

  /// What the same request was given before. A key is kept with a gift alone: what nothing came of is looked at anew when sent again.
  private func answered(_ ask: Ask, of member: MemberID, in tx: inout Transaction) throws -> ActionGift? {
    guard let (key, body) = ask.request, let held = try NaturalKeys(of: account).holders([key.natural], in: &tx).values.first else {
      return nil
    }
    guard held.bodyHash == Int64(bitPattern: body.value) else { throw key.reused }
    return try find(GiftID(held.target), ask.action.code, of: member, in: &tx)
  }

  private func refusal(
    _ action: RewardedAction, _ profile: MemberProfile, on day: CivilDay, in tx: inout Transaction
  ) throws -> NothingGiven? {
    if !action.isActive { return .stopped }
    if let from = action.from, day < from { return .notBegun }
    if !action.lasts(on: day) { return .over }
    if profile.member.status != .active { return .memberBlocked }
    if !programme.settings.treatment(of: profile.member.kind).earns { return .memberKind }
    guard !action.tiers.isEmpty else { return nil }
    let tiers = try programme.tiers.all(in: &tx)
    return action.tiers.contains { tiers[$0].map { $0.id == profile.tier } ?? false } ? nil : .otherTier
  }

  private func give(
    _ ask: Ask, to profile: MemberProfile, by change: Change, in tx: inout Transaction
  ) throws -> ActionAnswer {
    let (action, member) = (ask.action, profile.member)
    var open = try wallets.open(member.id.raw, at: change.at, in: &tx)
    let (day, owners) = (today(change.at), [open.owner] + open.wallet.guests.map(\.raw))
    let since = action.since(day) ?? CivilDay(number: .max)
    let had = try tx.row(GiftSQL.had(account, programme.id, owners, action.code, ask.subject, since: since))
    let (gifts, recent, points) = (had?.int(0) ?? 0, had?.int(1) ?? 0, had?.points(2) ?? .zero)
    if had?.intOrNil(3) != nil {
      // The same request may have been faster, on another connection.
      return try answered(ask, of: member.id, in: &tx).map { .given($0) } ?? .nothing(.alreadyGiven)
    }
    if recent > 0 { return .nothing(.enoughForNow) }
    if let cap = action.memberCap, points + action.points > cap { return .nothing(.memberCap) }
    guard wallets.allow(action.points, as: member.kind, watching: programme.settings.watch, in: &open.wallet, on: day)
    else { return .nothing(.guardLimit) }
    let budget = action.budget ?? Points(units: .max)
    let counted = try tx.run(
      GiftSQL.count(account, programme.id, action.code, action.points, isFirst: gifts == 0, within: budget))
    guard counted == 1 else { return .nothing(.budgetSpent) }
    let gift = ActionGift(
      id: change.id(), member: MemberID(open.owner), action: action.code, subject: ask.subject, day: day, points: action.points,
      at: change.at)
    if let (key, body) = ask.request { _ = try wallets.once(key, member.id, gift.id.raw, body, change, in: &tx) }
    try book(gift, course: action.course, called: action.name, on: &open, by: change, in: &tx)
    return .given(gift)
  }

  /// Writes a gift that was counted: the wallet, the journal, the gift, its day, trail and event.
  func book(
    _ gift: ActionGift, course: PointsCourse?, called name: LocalText, on open: inout OpenWallet, by change: Change,
    in tx: inout Transaction
  ) throws {
    let terms = programme.settings.points
    let occasion = Occasion(.gift(gift.id), at: gift.at, posted: gift.at)
    if gift.points > .zero {
      let grant = Grant(
        gift.points, kind: .promotional, origin: .gift(gift.id), activation: course?.activation(after: gift.at, in: terms.zone),
        life: course?.life)
      open.entries += open.wallet.give(grant, on: occasion, terms)
    }
    try wallets.save(open, at: change.at, in: &tx)
    try tx.enqueue(GiftSQL.insert(gift, account, programme.id, change))
    try tx.enqueue(
      GiftSQL.count(account, programme.id, gift.action, gift.points, on: gift.day, gifts: gift.points > .zero ? 1 : 0))
    let after: JSON = .object([
      "gift": .string("\(gift.id)"), "points": .string(wallets.text(gift.points)), "name": name.json,
      "action": .string(gift.action),
    ])
    try AuditTrail(of: account).record([.did("points.given", gift.member, after: after)], by: change, in: &tx)
    let day: JSON = .object(["d": .int(Int64(gift.day.number)), "e": .int(gift.points.units), "p": .int(programme.id.raw)])
    let event = Event(
      .pointsGiven, id: change.id(), owner: gift.member.raw, subject: gift.id.raw, at: change.at, body: day)
    try Outbox(of: account).put(event, in: &tx)
  }

  func find(
    _ id: GiftID, _ action: String, of member: MemberID, in tx: inout Transaction
  ) throws -> ActionGift? {
    let wallet = try wallets.peek(member.raw, in: &tx)
    let owners = [wallet?.owner ?? member.raw] + (wallet?.wallet.guests.map(\.raw) ?? [])
    return try tx.row(GiftSQL.find(account, programme.id, owners, action, id)).map(GiftSQL.gift)
  }

  // Figures.

  /// By action; one that never gave anything is missing. One statement.
  public func totals(in tx: inout Transaction) throws -> [String: ActionFigures] {
    var totals: [String: ActionFigures] = [:]
    for row in try tx.rows(GiftSQL.totals(account, programme.id)) {
      var figures = ActionFigures()
      (figures.gifts, figures.members, figures.points) = (row.int(1), row.int(2), row.points(3))
      totals[row.text(0)] = figures
    }
    return totals
  }

  /// Days on which the action gave something, in order; at most a year of them. One statement.
  public func days(of action: String, _ days: ClosedRange<CivilDay>, in tx: inout Transaction) throws -> [ActionDay] {
    let first = max(days.lowerBound, days.upperBound.adding(days: -366))
    return try tx.rows(GiftSQL.days(account, programme.id, action, first...days.upperBound)).map {
      ActionDay(day: $0.day(0), gifts: $0.int(1), points: $0.points(2))
    }
  }

  /// Latest first.
  public func gifts(of action: String, before: GiftID? = nil, limit: Int, in tx: inout Transaction) throws -> [ActionGift] {
    try tx.rows(GiftSQL.latest(account, programme.id, action, before: before ?? GiftID(.max), min(max(1, limit), Limits.page)))
      .map(GiftSQL.gift)
  }

  private static func unknown(_ code: String) -> Problem {
    Problem(
      .notFound, "action_unknown", "the programme rewards no action \"\(code.prefix(Limits.code))\"",
      cashier: LocalText(ru: "За такое действие баллов не дают", en: "There are no points for such an action"))
  }

  private static func foundHere(_ action: RewardedAction) -> Problem {
    Problem(
      .invalid, "action_found_here", "the server sees by itself when a \(action.kind.rawValue) is rewarded; nobody tells of it",
      cashier: LocalText(ru: "Это действие сервер замечает сам", en: "The server sees this by itself"))
  }
}

extension Wallets {
  /// Adds to what the member earned on the day, where a hard limit of the guard counts it.
  /// - Returns: false where the limit would be exceeded; nothing is changed then.
  func allow(
    _ points: Points, as kind: MemberKind, watching terms: GuardTerms?, in wallet: inout Wallet, on day: CivilDay
  ) -> Bool {
    guard let watch = terms?.ofDays, !watch.kindsLeftOut.contains(kind) else { return true }
    let isOver = watch.limits.contains { limit in
      limit.measure == .earned && GuardTerms.figure(limit, wallet, day) + points.units > (limit.hard ?? .max)
    }
    guard !isOver else { return false }
    wallet.count(Use(promotion: GuardTally.giving, day: day, given: Given(uses: 1, points: points)))
    return true
  }
}
