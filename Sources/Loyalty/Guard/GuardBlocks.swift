import Access
import Customers
import Kernel
import Storage
import Synchronization

/// Somebody, or a till, who gets no points: sales go on without them.
public struct GuardBlock: Hashable, Sendable {
  public let id: GuardBlockID
  public let place: GuardPlace
  public let reason: String
  /// The hard limit that stopped it, for this one business day or until its hours are over; nil where a person did.
  public let limit: String?
  public let day: CivilDay?
  public let madeAt: Instant
  public let madeBy: String
  public let endsAt: Instant?
  public let endedAt: Instant?
  public let endedBy: String?

  /// The business day with which it ends; nil of what ends at a moment, or not by itself.
  public var lastDay: CivilDay? { endsAt == nil ? day : nil }

  /// A stop by a limit of days ends with its business day, all others at their moment.
  public func isLive(at now: Instant, on today: CivilDay) -> Bool {
    endedAt == nil && (endsAt.map { $0 > now } ?? true) && (lastDay.map { $0 >= today } ?? true)
  }
}

/// What stops at one till: the till or cashier itself, or who is shown.
public struct GuardPost: Hashable, Sendable {
  let stopsAll: Bool
  let members: Set<MemberID>
  /// By their fingerprints.
  let cards: Set<String>

  func stops(_ member: MemberID) -> Bool { stopsAll || members.contains(member) }
}

/// Everybody who is stopped in a programme now, in memory: tills ask without a statement. A lock guards it; it is as old as the last look,
/// which comes a few times a second.
public final class GuardStops: Sendable {
  private struct State {
    var blocks: [GuardPlace: [GuardBlock]] = [:]
    var members: [GuardBlock] = []
    var cards: [GuardBlock] = []
  }

  private let state = Mutex(State())

  public init(_ blocks: [GuardBlock] = []) { set(blocks) }

  func set(_ blocks: [GuardBlock]) {
    let members = blocks.filter { $0.place.kind == .member }
    let cards = blocks.filter { $0.place.kind == .card }
    let others = Dictionary(grouping: blocks.filter { $0.place.kind != .member && $0.place.kind != .card }, by: \.place)
    state.withLock { $0 = State(blocks: others, members: members, cards: cards) }
  }

  /// The same for a sale.
  public func post(for sale: Sale, at now: Instant) -> GuardPost? {
    post(store: sale.key.store, register: sale.key.register, cashier: sale.cashier, on: sale.businessDay, at: now)
  }

  /// Nil where nobody is stopped: nothing more is to be done then.
  /// - Parameter day: the business day of the sale.
  public func post(store: StoreID, register: String, cashier: String?, on day: CivilDay, at now: Instant) -> GuardPost? {
    state.withLock { state in
      guard !state.blocks.isEmpty || !state.members.isEmpty || !state.cards.isEmpty else { return nil }
      func isLive(_ block: GuardBlock) -> Bool {
        (block.endsAt.map { $0 > now } ?? true) && (block.lastDay.map { $0 == day } ?? true)
      }
      let places = [GuardPlace(.register, register, at: store)] + (cashier.map { [GuardPlace(.cashier, $0, at: store)] } ?? [])
      let stopsAll = places.contains { state.blocks[$0]?.contains(where: isLive) ?? false }
      let members = Set(state.members.filter(isLive).compactMap(\.place.member))
      let cards = Set(state.cards.filter(isLive).map(\.place.subject))
      guard stopsAll || !members.isEmpty || !cards.isEmpty else { return nil }
      return GuardPost(stopsAll: stopsAll, members: members, cards: cards)
    }
  }
}

/// Blocks of one programme, by people and by limits. Every one stands in the audit trail.
public struct GuardBlocks: Sendable {
  let programme: Programme

  public init(of programme: Programme) { self.programme = programme }

  /// Blocks a member, a card, a cashier or a till. Harmless where the same is blocked already.
  /// - Parameter until: the first moment at which it is not blocked any more; nil for ever.
  /// - Throws: `Problem.invalid` (`reason_missing` and the like, `out_of_range` for an end that is over), `Problem.notFound` (`member_unknown`).
  @discardableResult
  public func block(
    _ place: GuardPlace, because reason: String, until: Instant? = nil, by change: Change, in tx: inout Transaction
  ) throws -> GuardBlockID {
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    if let until, until <= change.at { issues.add("/until", "out_of_range", "the end of a block lies ahead") }
    if place.kind == .operator || !isCode(place.subject) || place.kind == .card && !GuardPlace.isCard(place.subject) {
      issues.add("/subject", "not_a_code", "a member, a card, a cashier or a till is blocked; staff is blocked where it is let in")
    }
    try issues.check("the block")
    if let member = place.member { _ = try programme.members.member(member, in: &tx) }
    let live = try live(of: place, in: &tx).filter { $0.limit == nil && $0.isLive(at: change.at, on: CivilDay(number: .min)) }
    if let known = live.first(where: { $0.endsAt == until }) { return known.id }
    for old in live { try tx.enqueue(GuardBlockSQL.end(old.id, programme, change)) }
    let id: GuardBlockID = change.id()
    try tx.enqueue(
      GuardBlockSQL.insert(
        GuardBlock(
          id: id, place: place, reason: reason, limit: nil, day: nil, madeAt: change.at, madeBy: change.actor.description,
          endsAt: until, endedAt: nil, endedBy: nil), programme))
    let after: JSON = .object([
      "kind": .string(place.kind.word), "subject": .string(place.subject), "reason": .string(reason),
      "until": until.map { .string($0.text) },
    ])
    try trail.record([.did("guard.blocked", id, after: after)], by: change, in: &tx)
    return id
  }

  /// Ends a block or a stop. Harmless where it has ended.
  /// - Throws: `Problem.notFound` (`block_unknown`), `Problem.invalid` (a reason that is missing).
  public func end(_ id: GuardBlockID, because reason: String, by change: Change, in tx: inout Transaction) throws {
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    try issues.check("the end of the block")
    guard let row = try tx.row(GuardBlockSQL.find(id, programme)) else {
      throw Problem(
        .notFound, "block_unknown", "there is no such block",
        cashier: LocalText(ru: "Такой блокировки нет", en: "There is no such block"))
    }
    let block = try GuardBlockSQL.block(row)
    guard try tx.run(GuardBlockSQL.end(id, programme, change)) == 1 else { return }
    let after: JSON = .object([
      "kind": .string(block.place.kind.word), "subject": .string(block.place.subject), "reason": .string(reason),
    ])
    try trail.record([.did("guard.unblocked", id, after: after)], by: change, in: &tx)
  }

  /// A hard limit was reached: nothing is earned and spent there until the business day is over, or the hours are. Harmless when repeated;
  /// a stop that somebody ended stays ended for this day.
  func stop(
    _ place: GuardPlace, by limit: GuardLimit, on day: CivilDay, until: Instant?, _ change: Change, in tx: inout Transaction
  ) throws {
    if let until, until <= change.at { return }
    let id: GuardBlockID = change.id()
    let stop = GuardBlock(
      id: id, place: place, reason: limit.code, limit: limit.code, day: day, madeAt: change.at, madeBy: change.actor.description,
      endsAt: until, endedAt: nil, endedBy: nil)
    guard try tx.run(GuardBlockSQL.insert(stop, programme, isStop: true)) == 1 else { return }
    let after: JSON = .object([
      "kind": .string(place.kind.word), "subject": .string(place.subject), "limit": .string(limit.code),
      "day": .string(day.description), "until": until.map { .string($0.text) },
    ])
    try trail.record([.did("guard.stopped", id, after: after)], by: change, in: &tx)
  }

  /// What came back took the figure below the limit again.
  func lift(
    _ place: GuardPlace, by limit: GuardLimit, on day: CivilDay, through end: Instant?, _ change: Change, in tx: inout Transaction
  ) throws {
    try tx.run(GuardBlockSQL.lift(place, limit.code, day, through: end, programme, at: change.at))
  }

  /// Everybody who is stopped or blocked now, the latest first.
  public func live(at now: Instant, in tx: inout Transaction) throws -> [GuardBlock] {
    // A store's business day may lie a day behind the calendar.
    let today = programme.settings.points.zone.civil(at: now).day.adding(days: -1)
    return try tx.rows(GuardBlockSQL.live(programme, Limits.guardBlocks)).map(GuardBlockSQL.block).filter {
      $0.isLive(at: now, on: today)
    }
  }

  /// Of one subject, also what is over, the latest first.
  public func all(of place: GuardPlace, in tx: inout Transaction) throws -> [GuardBlock] {
    try tx.rows(GuardBlockSQL.all(place, programme, Limits.page)).map(GuardBlockSQL.block)
  }

  private func live(of place: GuardPlace, in tx: inout Transaction) throws -> [GuardBlock] {
    try all(of: place, in: &tx).filter { $0.endedAt == nil }
  }

  /// Closes what ended by itself, so that tills have less to read; nothing depends on when that happens.
  /// - Returns: how many.
  public func sweep(at now: Instant, in tx: inout Transaction) throws -> Int {
    let today = programme.settings.points.zone.civil(at: now).day
    return try tx.run(GuardBlockSQL.sweep(programme, now, before: today.adding(days: -2)))
  }

  private var trail: AuditTrail { AuditTrail(of: programme.account) }
}
