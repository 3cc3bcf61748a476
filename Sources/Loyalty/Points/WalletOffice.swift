import Access
import Jobs
import Kernel
import Storage

/// How much an operator may give to make up for a failure, each time.
public struct GoodwillLimits: Hashable, Sendable {
  /// Above this somebody else must approve; nil: never.
  public var soft: Points?
  /// Above this nobody may; nil: no limit.
  public var hard: Points?

  public init(soft: Points? = nil, hard: Points? = nil) {
    self.soft = soft
    self.hard = hard
  }
}

/// A change of a balance by hand, and why.
public struct Adjustment: Hashable, Sendable {
  /// Below zero: points are taken.
  public let points: Points
  /// Of what is given; what is taken goes in burn order.
  public let kind: LotKind
  public let reason: AdjustmentReason
  /// What the operator says about it, 1 to `Limits.name` characters.
  public let note: String
  /// Who agreed, where the points are more than one may give alone.
  public let approvedBy: Actor?

  public init(
    _ points: Points, kind: LotKind = .base, because reason: AdjustmentReason, note: String, approvedBy: Actor? = nil
  ) {
    self.points = points
    self.kind = kind
    self.reason = reason
    self.note = note
    self.approvedBy = approvedBy
  }

  var body: StableHash {
    var hash = StableHash()
    for text in ["adjustment", kind.text, reason.rawValue, note, approvedBy?.description ?? ""] { hash.mix(text) }
    hash.mix(points.units)
    return hash
  }
}

/// Points that come from another system, with their own times.
public struct Opening: Hashable, Sendable {
  public let member: MemberID
  public let grants: [Grant]
  public let status: Points

  public init(of member: MemberID, _ grants: [Grant], status: Points = .zero) {
    self.member = member
    self.grants = grants
    self.status = status
  }
}

/// What people and files do to wallets. Every verb has a key: sent again it changes nothing.
extension Wallets {
  /// Adds or takes points by hand. Sent again under the same request key it gives the same answer and has one effect; who did it and
  /// why stands in the audit trail of the member.
  /// - Throws: `Problem.invalid` (a note that is missing); `Problem.conflict`: `insufficient_points` where the programme does not let
  ///   wallets go below zero, `goodwill_limit`, `goodwill_needs_approval`, `guard_limit`,
  ///   `request_key_reused`.
  public func adjust(
    _ adjustment: Adjustment, of member: MemberID, request: RequestKey, by change: Change, in tx: inout Transaction
  ) throws -> AdjustmentID {
    try check(adjustment, change)
    let id: AdjustmentID = change.id()
    var body = adjustment.body
    for number in [member.raw, programme.raw] { body.mix(number) }
    let earlier = try once(request, member, id.raw, body, change, in: &tx)
    if let earlier { return AdjustmentID(earlier) }
    if let watched, let terms = watched.settings.watch {
      let operators = GuardOperators(programme: programme, account: account, terms: terms, points: self.terms)
      try operators.count(adjustment.points, of: watched, by: change, in: &tx)
    }
    var open = try open(member.raw, at: change.at, in: &tx)
    do {
      let occasion = Occasion(.adjustment(id), at: change.at, posted: change.at)
      open.entries += try open.wallet.adjust(
        adjustment.points, kind: adjustment.kind, because: adjustment.reason, id: id, on: occasion, terms)
    } catch {
      throw error.problem(terms)
    }
    try save(open, at: change.at, in: &tx)
    let after: JSON = .object([
      "adjustment": .string("\(id)"), "programme": .string("\(programme)"), "points": .string(text(adjustment.points)),
      "kind": .string(adjustment.kind.text), "reason": .string(adjustment.reason.rawValue), "note": .string(adjustment.note),
      "approvedBy": adjustment.approvedBy.map { .string($0.description) },
    ])
    try AuditTrail(of: account).record([.did("points.adjusted", member, after: after)], by: change, in: &tx)
    try tell(.pointsAdjusted, open, subject: id.raw, at: change.at, in: &tx)
    return id
  }

  /// Moves the counter for tiers by hand, or for a new period; never below zero. Key and trail as for `adjust`.
  /// - Throws: `Problem.invalid` (a note that is missing), `Problem.conflict` (`request_key_reused`).
  @discardableResult
  public func count(
    status points: Points, of member: MemberID, because note: String, request: RequestKey, by change: Change,
    in tx: inout Transaction
  ) throws -> AdjustmentID {
    try check(note)
    let id: AdjustmentID = change.id()
    var body = StableHash()
    for text in ["status", note] { body.mix(text) }
    for number in [member.raw, programme.raw, points.units] { body.mix(number) }
    let earlier = try once(request, member, id.raw, body, change, in: &tx)
    if let earlier { return AdjustmentID(earlier) }
    var open = try open(member.raw, at: change.at, in: &tx)
    let before = open.wallet.status
    open.entries += open.wallet.count(status: points, on: Occasion(.adjustment(id), at: change.at, posted: change.at))
    try save(open, at: change.at, in: &tx)
    let after: JSON = .object([
      "adjustment": .string("\(id)"), "programme": .string("\(programme)"),
      "status": .string(text(open.wallet.status - before)), "note": .string(note),
    ])
    try AuditTrail(of: account).record([.did("status.adjusted", member, after: after)], by: change, in: &tx)
    try tell(.pointsAdjusted, open, subject: id.raw, at: change.at, in: &tx)
    return id
  }

  /// Takes over one member's points from another system. Sent again under the same request key it happens once.
  /// - Returns: the import that the points came with first.
  /// - Throws: `Problem.conflict` (`request_key_reused`).
  public func open(
    _ opening: Opening, from source: ImportID, request: RequestKey, by change: Change, in tx: inout Transaction
  ) throws -> ImportID {
    var body = StableHash()
    body.mix("opening")
    for number in [opening.member.raw, programme.raw, opening.status.units, Int64(opening.grants.count)] { body.mix(number) }
    for grant in opening.grants {
      body.mix(grant.kind.text)
      body.mix(grant.amount.units)
      body.mix(grant.life?.json.compact ?? "")
      body.mix(grant.activation?.json.compact ?? "")
    }
    let earlier = try NaturalKeys(of: account).once(
      request, owner: opening.member.raw, target: source.raw, body: body, at: change.at, in: &tx)
    if let earlier { return ImportID(earlier) }
    try open([opening], from: source, by: change, in: &tx)
    return source
  }

  /// Takes over many members' points, each once however often they are sent: by a key that never ends, 64 in a statement.
  /// - Parameter openings: with what the other system calls each, at most 100 bytes.
  /// - Returns: how many were taken over now; the others had been before.
  public func open(
    _ openings: [(code: String, Opening)], from source: ImportID, by change: Change, in tx: inout Transaction
  ) throws -> Int {
    // The source may come again, an id made here cannot: it tells which keys are ours.
    let mine: ImportID = change.id()
    let claims = openings.map { code, opening in
      KeyClaim(key: openingKey(code), owner: opening.member.raw, target: mine.raw, bodyHash: 0)
    }
    var ours = try NaturalKeys(of: account).claim(claims, at: change.at, in: &tx)
    let count = ours.count
    let due = openings.filter { ours.removeValue(forKey: openingKey($0.code).text) != nil }.map(\.1)
    try open(due, from: source, by: change, in: &tx)
    return count
  }

  private func openingKey(_ code: String) -> NaturalKey { NaturalKey(.imported, "opening \(programme) \(code)") }

  /// What the member's audit trail says of an opening.
  func trace(of opening: Opening, from source: ImportID) -> AuditNote {
    let total = opening.grants.reduce(Points.zero) { $0 + $1.amount }
    let after: JSON = .object([
      "import": .string("\(source)"), "programme": .string("\(programme)"), "points": .string(text(total)),
      "status": opening.status == .zero ? nil : .string(text(opening.status)),
    ])
    return .did("points.opened", opening.member, after: after)
  }

  func text(_ points: Points) -> String { Decimal.text(points.units, digits: terms.scale) }

  private func check(_ note: String) throws(Problem) {
    let issues = IssueList()
    checkName(note, at: "/note", issues)
    try issues.check("the adjustment")
  }

  /// The request's key for something about a member; what it made first, where it was sent before.
  func once(
    _ request: RequestKey, _ member: MemberID, _ target: Int64, _ body: StableHash, _ change: Change, in tx: inout Transaction
  ) throws -> Int64? {
    try NaturalKeys(of: account).once(request, owner: member.raw, target: target, body: body, at: change.at, in: &tx)
  }

  func check(_ adjustment: Adjustment, _ change: Change) throws(Problem) {
    try check(adjustment.note)
    guard adjustment.reason == .goodwill, adjustment.points > .zero else { return }
    if let hard = goodwill.hard, adjustment.points > hard {
      throw Problem(
        .conflict, "goodwill_limit", "\(text(adjustment.points)) points are more than the \(text(hard)) that may be given at once",
        cashier: LocalText(
          ru: "За один раз можно подарить не больше \(text(hard)) баллов", en: "At most \(text(hard)) points may be given at once"))
    }
    if let soft = goodwill.soft, adjustment.points > soft, adjustment.approvedBy.map({ $0 == change.actor }) ?? true {
      throw Problem(
        .conflict, "goodwill_needs_approval",
        "more than \(text(soft)) points are given with somebody else's approval; name who approved",
        cashier: LocalText(
          ru: "Больше \(text(soft)) баллов дарят с согласия другого сотрудника",
          en: "More than \(text(soft)) points are given with somebody else's approval"))
    }
  }
}

extension LotKind {
  /// For the audit trail and for telling requests apart.
  var text: String {
    switch self {
    case .base: "base"
    case .promotional: "promotional"
    case .targeted(let scope): "targeted \(scope)"
    }
  }
}
