import Access
import Calculator
import Jobs
import Kernel
import Storage

/// Turns that a receipt brought.
public struct GivenTurns: Hashable, Sendable {
  public let game: GameID
  public let count: Int64
  public init(game: GameID, count: Int64) { (self.game, self.count) = (game, count) }
}

extension Games {
  /// Nil where the member never had one.
  public func turns(of member: MemberID, in game: GameID, in tx: inout Transaction) throws -> Turns? {
    try tx.row(DrawSQL.turns(account, member.raw, [game], "")).map(DrawSQL.turns)
  }

  /// In all games of the account, the latest game first, `Limits.page` at most.
  public func turns(of member: MemberID, in tx: inout Transaction) throws -> [Turns] {
    try tx.rows(DrawSQL.turns(account, member, Limits.page)).map(DrawSQL.turns)
  }

  /// Latest first.
  /// - Parameters:
  ///   - prize: only draws that gave this place of the table.
  ///   - onlyFinds: of a hunt, only draws that found something.
  public func log(
    of edition: GameEdition, prize: Int? = nil, onlyFinds: Bool = false, before: Int64 = .max, limit: Int, in tx: inout Transaction
  ) throws -> [GameDraw] {
    let some = min(max(1, limit), Limits.page)
    if onlyFinds {
      return try tx.rows(DrawSQL.finds(account, edition.game, edition.number, before: before, some)).map(DrawSQL.draw)
    }
    let places = prize.map { Int64($0)...Int64($0) } ?? 0...Int64(Limits.prizes)
    return try tx.rows(
      DrawSQL.log(account, edition.game, edition.number, before: before, given: places, some)
    ).map(DrawSQL.draw)
  }

  /// Gives turns by hand. Sent again under the same request key it happens once; who did it and why stands in the member's audit trail.
  /// - Throws: `Problem.notFound` (`game_unknown`); `Problem.invalid` (`out_of_range`, a reason that is missing); `Problem.conflict`
  ///   (`game_over`, `request_key_reused`).
  public func give(
    _ count: Int64, of code: String, to member: MemberID, because reason: String, request: RequestKey, by change: Change,
    in tx: inout Transaction
  ) throws {
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    if !(1...Limits.turns).contains(count) {
      issues.add("/count", "out_of_range", "1 to \(Limits.turns) turns are given at once")
    }
    try issues.check("the turns")
    let game = try game(code: code, in: &tx)
    guard !game.details.isClosed else { throw Problem(.conflict, "game_over", "the game is over; its turns are worth nothing") }
    let id: TurnEntryID = change.id()
    var body = StableHash()
    for text in ["turns", reason] { body.mix(text) }
    for number in [game.id.raw, member.raw, count] { body.mix(number) }
    guard try NaturalKeys(of: account).once(request, owner: member.raw, target: id.raw, body: body, at: change.at, in: &tx) == nil
    else { return }
    try tx.enqueue(DrawSQL.bring(account, member.raw, game.id, count))
    try tx.enqueue(
      DrawSQL.note(
        id, account, member.raw, game.id, count, at: change.at, by: change.actor.description, because: reason))
    let after: JSON = .object(["game": .string(game.details.code), "turns": .int(count), "reason": .string(reason)])
    try AuditTrail(of: account).record([.did("turns.given", member, after: after)], by: change, in: &tx)
  }
}

// Turns on their way through a sale.
extension Receipts {
  /// What a sale brings a member; nothing where its rules give no turns.
  func turns(_ draft: SaleDraft, _ priced: Priced) -> [GivenTurns] {
    guard draft.shopper.id != nil, !draft.shopper.isBlocked else { return [] }
    let hidden = hunts.turns(at: draft.now)
    let given = priced.calculation.givenTurns
    return hidden.isEmpty ? given : given.filter { turns in !hidden.contains { $0.game == turns.game } } + hidden
  }

  /// Two statements for each game.
  func bringing(_ turns: [GivenTurns], to owner: Int64, on receipt: ReceiptID, at now: Instant) -> [SQL] {
    turns.flatMap { given in
      [
        DrawSQL.bring(account, owner, given.game, given.count),
        DrawSQL.note(ids.next(at: now), account, owner, given.game, given.count, at: now, receipt: receipt),
      ]
    }
  }

  /// What a stored receipt brought; no statement where the rules of its day give no turns.
  func turns(broughtBy receipt: Receipt, in tx: inout Transaction) throws -> [GivenTurns] {
    let mayBring = hunts.onReceipts || rules.book(of: receipt)?.asks.givesTurns ?? false
    guard receipt.hasMember, receipt.state != .beside, mayBring else { return [] }
    return try tx.rows(DrawSQL.brought(account, receipt.owner, on: receipt.id)).map { GivenTurns(game: $0.id(0), count: $0.int(1)) }
  }

  /// Takes back what a receipt brought and what stays of it would not, as far as it is not used: a draw stands. Turns are used in the order
  /// in which they came, so that no receipt's return takes what another brought.
  /// - Parameter survivor: who has the owner's turns since the two were found to be one person; else the owner.
  func takeBackTurns(
    of receipt: Receipt, _ owner: Int64, from survivor: Int64, but kept: [GivenTurns], at now: Instant, in tx: inout Transaction
  ) throws {
    let kept = Dictionary(kept.map { ($0.game, $0.count) }, uniquingKeysWith: +)
    let brought = try tx.rows(DrawSQL.brought(account, owner, on: receipt.id)).map { ($0.id(0) as GameID, $0.int(2)) }
    if !brought.isEmpty { try games.takeBackFinds(of: receipt.id, owner, from: survivor, but: kept, at: now, in: &tx) }
    let net = Dictionary(brought, uniquingKeysWith: { first, _ in first })
    let due = brought.compactMap { game, count -> GivenTurns? in
      let gone = count - (kept[game] ?? 0)
      return gone > 0 ? GivenTurns(game: game, count: gone) : nil
    }
    guard !due.isEmpty else { return }
    let rows = try tx.rows(DrawSQL.turns(account, owner, due.map(\.game), tx.dialect.forUpdate)).map(DrawSQL.turns)
    let held = Dictionary(rows.map { ($0.game, $0) }, uniquingKeysWith: { first, _ in first })
    let earlier = Dictionary(
      try tx.rows(DrawSQL.earlier(account, owner, than: receipt.id)).map { ($0.id(0) as GameID, $0.int(1)) },
      uniquingKeysWith: { first, _ in first })
    var left = held.mapValues(\.left)
    if survivor != owner {
      let theirs = try tx.rows(DrawSQL.turns(account, survivor, due.map(\.game), tx.dialect.forUpdate)).map(DrawSQL.turns)
      left = Dictionary(theirs.map { ($0.game, $0.left) }, uniquingKeysWith: { first, _ in first })
    }
    for turns in due {
      guard let held = held[turns.game], let whole = net[turns.game] else { continue }
      let used = min(whole, max(0, held.used - (earlier[turns.game] ?? 0)))
      let count = min(turns.count, whole - used, left[turns.game] ?? 0)
      guard count > 0 else { continue }
      try tx.enqueue(DrawSQL.takeBack(account, survivor, turns.game, count))
      try tx.enqueue(DrawSQL.note(ids.next(at: now), account, owner, turns.game, -count, at: now, receipt: receipt.id))
      guard survivor != owner else { continue }
      // The one who had left lacks nothing: what went back had moved.
      try tx.enqueue(DrawSQL.note(ids.next(at: now), account, owner, turns.game, count, at: now, because: MergeMoves.word))
      try tx.enqueue(DrawSQL.note(ids.next(at: now), account, survivor, turns.game, -count, at: now, because: MergeMoves.word))
    }
  }
}

extension Calculation {
  /// Turns that it gives, each game once, in an order of their own.
  var givenTurns: [GivenTurns] {
    var counts: [GameID: Int64] = [:]
    for given in rewards { if case .turns(let count, _, let game) = given.reward { counts[game, default: 0] += count } }
    return counts.sorted { $0.key < $1.key }.map { GivenTurns(game: $0.key, count: $0.value) }
  }
}
