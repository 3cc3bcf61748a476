import Access
import Customers
import Jobs
import Kernel
import Storage

/// What the rules of tiers do without being asked: follow what members buy, look at those whose tier ends, and go through everybody when a
/// ladder is new or another.
public struct LadderWork: Sendable {
  /// Members of one transaction, and transactions of one step.
  static let page = 500
  static let pages = 8

  let zones: @Sendable (String) -> Zone?
  let ids: IDSource

  public init(zones: @escaping @Sendable (String) -> Zone?, ids: IDSource) {
    self.zones = zones
    self.ids = ids
  }

  /// Adds up what these events say of members' days, and looks where those stand who bought or brought back. Each event exactly once.
  public func take(_ events: [Event], of account: AccountID, at now: Instant, in tx: inout Transaction) throws {
    let merged = events.filter { $0.kind == .memberMerged || $0.kind == .memberUnmerged }
    let members = try MemberDays(of: account).take(events, in: &tx) + merged.flatMap { [MemberID($0.owner), MemberID($0.subject)] }
    guard !members.isEmpty else { return }
    for ladders in try ladders(of: account, in: &tx) { try ladders.climb(members, by: change(now), in: &tx) }
  }

  /// The scheduled work, account by account, every minute. One account that cannot be done is reported and holds up no other.
  public func chore(
    on database: any Database, now: @escaping @Sendable () -> Instant, telling tell: @escaping @Sendable (WorkNote) -> Void
  ) -> Chore {
    Chore("tiers", every: .minutes(1)) { cursor in
      let after = cursor.flatMap { AccountID($0) } ?? AccountID(0)
      guard let account = try await database.read({ tx in try Accounts().all(after: after, limit: 1, in: &tx).first?.id }) else {
        return nil
      }
      do {
        for _ in 0..<Self.pages {
          let isMore = try await database.write(.bulk) { tx in try step(of: account, at: now(), in: &tx) }
          guard isMore else { return "\(account)" }
        }
        // The same account again: whoever comes before it in the order has been looked at.
        return "\(AccountID(account.raw - 1))"
      } catch {
        tell(.failed("tiers of account \(account)", error, again: .minutes(1)))
        return "\(account)"
      }
    }
  }

  /// A page of whoever is due, then a page of everybody where the ladder is another than the one they were looked at by.
  /// - Returns: true where more is to be done now.
  public func step(of account: AccountID, at now: Instant, in tx: inout Transaction) throws -> Bool {
    var isMore = false
    for programme in try Programmes(of: account, zones: zones).all(in: &tx) {
      guard let ladders = Ladders(of: programme) else {
        isMore = try Ladders.end(of: programme, limit: Self.page, by: change(now), in: &tx) || isMore
        continue
      }
      let due = try ladders.due(limit: Self.page, at: now, in: &tx)
      try ladders.climb(due, by: change(now), in: &tx)
      let isBehind = try ladders.goThrough(limit: Self.page, by: change(now), in: &tx)
      isMore = isMore || due.count == Self.page || isBehind
      if !isBehind { try ladders.count(at: now, in: &tx) }
    }
    return isMore
  }

  private func ladders(of account: AccountID, in tx: inout Transaction) throws -> [Ladders] {
    try Programmes(of: account, zones: zones).all(in: &tx).compactMap { Ladders(of: $0) }
  }

  private func change(_ now: Instant) -> Change { Change(by: .ladder, at: now, ids: ids) }
}

extension Ladders {
  /// How far everybody was looked at since the ladder became what it is.
  public struct Progress: Hashable, Sendable {
    public let isDone: Bool
    /// Members who were looked at.
    public let members: Int64
    fileprivate let last: Int64
    fileprivate let step: Int64?
  }

  private var walk: Checkpoints { Checkpoints(of: programme.account, for: "tier-rules") }
  private var tally: Checkpoints { Checkpoints(of: programme.account, for: "tier-counts") }
  private var key: String { "\(programme.id)" }

  /// Members whose tier is to be looked at by now.
  func due(limit: Int, at now: Instant, in tx: inout Transaction) throws -> [MemberID] {
    try tx.rows(LadderSQL.due(programme.id, programme.account, now, limit)).map { $0.id(0) }
  }

  public func progress(in tx: inout Transaction) throws -> Progress {
    let known = try walk.find(key, in: &tx)
    func number(_ name: String) -> Int64 {
      if case .int(let value)? = known?.state[name] { value } else { 0 }
    }
    guard let known, number("rules") == rules else { return Progress(isDone: false, members: 0, last: 0, step: known?.step) }
    return Progress(isDone: known.isDone, members: number("members"), last: number("last"), step: known.step)
  }

  /// Takes tiers that rules gave where the programme has no rules any more. - Returns: true where some are left.
  static func end(of programme: Programme, limit: Int, by change: Change, in tx: inout Transaction) throws -> Bool {
    let known = try tx.rows(LadderSQL.holders(programme.id, programme.account, limit, tx.dialect)).map(LadderSQL.known)
    let moves = known.filter { $0.grant != nil }.map {
      TierMove($0.member, from: $0.grant, to: nil, at: change.at, because: "rules ended")
    }
    _ = try programme.tiers.move(moves, by: change, in: &tx)
    for var standing in known {
      (standing.tier, standing.grant, standing.fallsAt) = (nil, nil, nil)
      try tx.enqueue(LadderSQL.update(standing, programme.id, programme.account))
    }
    return known.count == limit
  }

  /// Looks at the next members, where not everybody was looked at by this ladder, as soon as it is known what they paid on days that an older
  /// program counted. - Returns: true where some are left.
  func goThrough(limit: Int, by change: Change, in tx: inout Transaction) throws -> Bool {
    let done = try progress(in: &tx)
    guard !done.isDone, try MemberDayHistory.isDone(of: programme.account, in: &tx) else { return false }
    let next = try tx.rows(MemberDaySQL.owners(programme.account, after: done.last, limit)).map { $0.id(0, Entity.Member.self) }
    try climb(next, by: change, in: &tx)
    let isLast = next.count < limit
    let state: JSON = .object([
      "rules": .int(rules), "members": .int(done.members + Int64(next.count)), "last": .int(next.last?.raw ?? done.last),
    ])
    _ = try walk.reach(state, isDone: isLast, key: key, after: done.step, at: change.at, in: &tx)
    return !isLast
  }

  /// How many stand on each tier by the rules, as scheduled work counted it.
  public struct Counts: Sendable {
    public let at: Instant
    /// By tier: members, and those who step down within `Ladders.soon` if they buy nothing more.
    public let tiers: [TierID: (members: Int64, falling: Int64)]
  }

  /// How far ahead a step down is foretold in counts.
  public static var soon: Span { .days(30) }

  /// Counts who stands where, once an hour: a pass over the programme's standings that no page waits for.
  func count(at now: Instant, in tx: inout Transaction) throws {
    let known = try tally.find(key, in: &tx)
    if let known, now - known.at < .hours(1) { return }
    let rows = try tx.rows(LadderSQL.counts(programme.id, programme.account, fallingBefore: now + Self.soon))
    let counted = rows.map { JSON.array([.int($0.int(0)), .int($0.int(1)), .int($0.int(2))]) }
    _ = try tally.reach(.array(counted), isDone: true, key: key, after: known?.step, at: now, in: &tx)
  }

  /// Nil where nobody has counted yet.
  public func counts(in tx: inout Transaction) throws -> Counts? {
    guard let known = try tally.find(key, in: &tx), case .array(let rows) = known.state else { return nil }
    var tiers: [TierID: (members: Int64, falling: Int64)] = [:]
    for row in rows {
      guard case .array(let parts) = row, parts.count == 3, case .int(let tier) = parts[0], case .int(let members) = parts[1],
        case .int(let falling) = parts[2]
      else { throw StorageFailure.damaged("checkpoint.state of tier-counts is not [[tier, members, falling], …]") }
      tiers[TierID(tier)] = (members, falling)
    }
    return Counts(at: known.at, tiers: tiers)
  }
}
