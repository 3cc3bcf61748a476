import Access
import Customers
import Jobs
import Kernel
import Storage

/// Which tier the rules gave a member, as it is stored.
public struct KnownStanding: Hashable, Sendable {
  let member: MemberID
  public var tier: TierID?
  var grant: TierGrantID?
  /// When the tier is to be looked at again.
  public var fallsAt: Instant?
  /// The fingerprint of the ladder that gave it.
  var rules: Int64
}

/// Members of one programme on its ladder.
///
/// A tier by the rules is a grant like any other, given and withdrawn by this room; one that somebody gave by hand stands beside it, and
/// of several the highest is the member's. Purchases count as soon as their events are followed, a second after the till, and no sale waits
/// for that.
public struct Ladders: Sendable {
  /// Members of one set of statements.
  static let page = 200

  let programme: Programme
  let ladder: Ladder
  let rules: Int64

  /// Nil for a programme whose tiers follow no rules.
  public init?(of programme: Programme) {
    guard let ladder = programme.settings.ladder else { return nil }
    self.programme = programme
    self.ladder = ladder
    rules = ladder.fingerprint(programme.settings.terms)
  }

  private var account: AccountID { programme.account }
  private var zone: Zone { programme.settings.points.zone }

  /// Looks where these members stand now, and moves those whose tier is another. The same again moves nobody.
  ///
  /// Costs five reading statements for 200 members, one writing where somebody is new, and one more for each who stands elsewhere than before.
  /// - Returns: how many changed their tier.
  @discardableResult public func climb(_ members: [MemberID], by change: Change, in tx: inout Transaction) throws -> Int {
    var moved = 0
    let all = Array(Set(members)).sorted()
    for start in stride(from: 0, to: all.count, by: Self.page) {
      moved += try climb(page: Array(all[start..<min(start + Self.page, all.count)]), by: change, in: &tx)
    }
    return moved
  }

  private func climb(page: [MemberID], by change: Change, in tx: inout Transaction) throws -> Int {
    var all = try programme.members.members(page, in: &tx)
    // Whoever was merged climbs as the one who stands for them.
    let survivors = Set(all.values.compactMap(\.mergedInto)).filter { all[$0] == nil }.sorted()
    if !survivors.isEmpty { all.merge(try programme.members.members(survivors, in: &tx)) { known, _ in known } }
    let members = all.filter { Self.climbs($0.value, in: programme) }
    try postpone(all.keys.filter { members[$0] == nil }.sorted(), at: change.at, in: &tx)
    let ids = members.keys.sorted()
    guard !ids.isEmpty else { return 0 }
    let known = try standings(ids, in: &tx)
    let today = zone.civil(at: change.at).day
    let days = try days(of: ids, on: today, in: &tx)
    let tiers = try programme.tiers.all(in: &tx)
    var (next, moves) = ([KnownStanding](), [TierMove]())
    for standing in known {
      guard let member = members[standing.member] else { continue }
      let now = ladder.standing(of: days[member.id] ?? [], joined: zone.civil(at: member.joinedAt).day, on: today)
      let (after, move) = settle(standing, now, tiers, at: change.at)
      guard after != standing else { continue }
      next.append(after)
      if let move { moves.append(move) }
    }
    let grants = try programme.tiers.move(moves, by: change, in: &tx)
    for var standing in next {
      if let begun = grants[standing.member] { standing.grant = begun }
      try tx.enqueue(LadderSQL.update(standing, programme.id, account))
    }
    return moves.count
  }

  /// Locked; those that are not there yet are made.
  private func standings(_ ids: [MemberID], in tx: inout Transaction) throws -> [KnownStanding] {
    let known = try tx.rows(LadderSQL.standings(programme.id, account, ids, tx.dialect)).map(LadderSQL.known)
    guard known.count < ids.count else { return known }
    let new = Set(ids).subtracting(known.map(\.member)).sorted()
    let rows = new.map { [$0.value, programme.id.value, account.value, rules.value] as [Value] }
    try tx.insert(rows, into: LadderSchema.standing, LadderSQL.opened, skippingKnown: true)
    return try known + tx.rows(LadderSQL.standings(programme.id, account, new, tx.dialect)).map(LadderSQL.known)
  }

  /// Whoever is blocked, or earns nothing any more, keeps what they have and is looked at again a day later: they stand in nobody's way.
  private func postpone(_ members: [MemberID], at now: Instant, in tx: inout Transaction) throws {
    guard !members.isEmpty else { return }
    try tx.enqueue(LadderSQL.postpone(programme.id, programme.account, members, due: now, to: now + .days(1)))
  }

  /// What the rules say now, against what they said before.
  private func settle(
    _ known: KnownStanding, _ now: LadderStanding, _ tiers: [String: Known<TierDetails>], at moment: Instant
  ) -> (KnownStanding, TierMove?) {
    let place = ladder.rungs.firstIndex { known.tier != nil && tiers[$0.tier]?.id == known.tier }
    // Whoever stands higher than a changed ladder allows stays until the day on which they would have been looked at anyway.
    if let place, known.rules != rules, now.rung.map({ $0 < place }) ?? true, let end = known.fallsAt, end > moment {
      return (known, nil)
    }
    var after = known
    after.tier = now.rung.flatMap { tiers[ladder.rungs[$0].tier]?.id }
    after.rules = rules
    after.fallsAt = now.fall.map { zone.instant($0.on) }
    guard after.tier != known.tier else { return (after, nil) }
    if after.tier == nil { after.grant = nil }
    // What time takes is taken when its time came, however late somebody looks; what goods take that come back, now.
    let isTime = known.rules == rules && known.fallsAt.map { $0 <= moment } ?? false && (now.rung ?? -1) < (place ?? -1)
    let at = isTime ? known.fallsAt ?? moment : moment
    let said = "rules \(ladder.measure.rawValue) \(now.sum)"
    return (after, TierMove(known.member, from: known.grant, to: after.tier, at: at, because: said))
  }

  /// Whoever earns climbs; a blocked member keeps what they have.
  static func climbs(_ member: Member, in programme: Programme) -> Bool {
    member.status == .active && member.mergedInto == nil && programme.settings.treatment(of: member.kind).earns
  }

  /// - Parameter known: whom each of the members stands for; nil: looked up.
  private func days(
    of members: [MemberID], on today: CivilDay, standingFor known: [MemberID: [MemberID]]? = nil, in tx: inout Transaction
  ) throws -> [MemberID: [LadderDay]] {
    let families = try known ?? programme.merges.families(of: members, in: &tx)
    let survivors = Dictionary(families.flatMap { one, many in many.map { ($0, one) } }, uniquingKeysWith: { first, _ in first })
    var sums: [MemberID: [CivilDay: (amount: Int64, points: Int64)]] = [:]
    for row in try tx.rows(LadderSQL.days(account, members + survivors.keys.sorted(), from: ladder.horizon(on: today))) {
      let (owner, day) = (row.id(0) as MemberID, row.day(1))
      let known = sums[survivors[owner] ?? owner]?[day] ?? (0, 0)
      sums[survivors[owner] ?? owner, default: [:]][day] = (known.amount + row.int(2), known.points + row.int(3))
    }
    // A day on which both came is one visit.
    return sums.mapValues { days in
      days.sorted { $0.key < $1.key }.map { LadderDay($0.key, ladder.value(amount: $0.value.amount, points: $0.value.points)) }
    }
  }

  /// Where a member stands, worked out from what they bought. One read where it is known for whom the member stands, else two.
  /// - Parameter guests: who was merged into the member, as the wallet has them; nil: not known.
  public func standing(
    of member: Member, with guests: [MemberID]? = nil, at now: Instant, in tx: inout Transaction
  ) throws -> LadderStanding {
    let today = zone.civil(at: now).day
    let days = try days(of: [member.id], on: today, standingFor: guests.map { [member.id: $0] }, in: &tx)[member.id] ?? []
    return ladder.standing(
      of: Self.climbs(member, in: programme) ? days : [], joined: zone.civil(at: member.joinedAt).day, on: today)
  }
}

extension Ladder {
  func value(amount: Int64, points: Int64) -> Int64 {
    switch measure {
    case .spend: amount
    case .points: points
    case .visits: amount > 0 ? 1 : 0
    }
  }
}
