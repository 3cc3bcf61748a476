import Access
import Kernel
import Storage

/// Points that an operator wants to give to make up for a failure, above what one gives alone.
public struct GoodwillRequest: Hashable, Sendable {
  public let id: GoodwillRequestID
  public let member: MemberID
  public let points: Points
  public let note: String
  public let askedBy: Actor
  public let askedAt: Instant
}

/// What waits for somebody's word: asked by one, decided by another. Whoever asks and whoever decides stand in the member's audit trail.
public struct GoodwillRequests: Sendable {
  let wallets: Wallets

  public init(_ wallets: Wallets) { self.wallets = wallets }

  /// True where one may give so many points alone.
  public func isAlone(_ points: Points) -> Bool { wallets.goodwill.soft.map { points <= $0 } ?? true }

  /// Asks for points. Sent again under the same request key it asks once.
  /// - Throws: `Problem.invalid` (a note that is missing), `Problem.conflict`: `goodwill_limit`, `request_key_reused`,
  ///   `too_many_requests_open`.
  public func ask(
    _ points: Points, for member: MemberID, note: String, request: RequestKey, by change: Change, in tx: inout Transaction
  ) throws -> GoodwillRequestID {
    let wish = Adjustment(points, because: .goodwill, note: note, approvedBy: .background)
    try wallets.check(wish, change)
    let id: GoodwillRequestID = change.id()
    var body = wish.body
    for number in [member.raw, wallets.programme.raw] { body.mix(number) }
    let earlier = try wallets.once(request, member, id.raw, body, change, in: &tx)
    if let earlier { return GoodwillRequestID(earlier) }
    guard try open(of: member, in: &tx).count < Limits.goodwillRequests else { throw Self.tooMany }
    try tx.enqueue(GoodwillSQL.insert(id, member, wallets.account, wallets.programme, points, note, change))
    let after: JSON = .object(["points": .string(wallets.text(points)), "note": .string(note), "request": .string("\(id)")])
    try AuditTrail(of: wallets.account).record([.did("goodwill.asked", member, after: after)], by: change, in: &tx)
    return id
  }

  /// Those of one member that wait.
  public func open(of member: MemberID, in tx: inout Transaction) throws -> [GoodwillRequest] {
    try tx.rows(GoodwillSQL.open(wallets.account, wallets.programme, member, Limits.goodwillRequests)).map(GoodwillSQL.request)
  }

  /// Those of all members that wait, the oldest first.
  public func open(limit: Int, in tx: inout Transaction) throws -> [GoodwillRequest] {
    try tx.rows(GoodwillSQL.open(wallets.account, wallets.programme, min(max(1, limit), Limits.page))).map(GoodwillSQL.request)
  }

  /// Gives the points, or does not. Harmless where it was decided before.
  /// - Throws: `Problem.notFound` (`goodwill_request_unknown`), `Problem.conflict` (`goodwill_own_request`): nobody agrees to what
  ///   they asked for themselves.
  public func decide(
    _ id: GoodwillRequestID, of member: MemberID, grants: Bool, by change: Change, in tx: inout Transaction
  ) throws {
    guard let row = try tx.row(GoodwillSQL.find(wallets.account, wallets.programme, member, id)) else { throw Self.unknown }
    let asked = try GoodwillSQL.request(row)
    guard !grants || asked.askedBy != change.actor else { throw Self.own }
    guard try tx.run(GoodwillSQL.decide(wallets.account, wallets.programme, member, id, grants, change)) == 1 else { return }
    let after: JSON = .object(["request": .string("\(id)"), "points": .string(wallets.text(asked.points))])
    try AuditTrail(of: wallets.account).record(
      [.did(grants ? "goodwill.granted" : "goodwill.declined", member, after: after)], by: change, in: &tx)
    guard grants else { return }
    let gift = Adjustment(asked.points, because: .goodwill, note: asked.note, approvedBy: change.actor)
    _ = try wallets.adjust(
      gift, of: member, request: RequestKey("goodwill \(id)"), by: Change(by: asked.askedBy, at: change.at, ids: change.ids),
      in: &tx)
  }

  private static let unknown = Problem(
    .notFound, "goodwill_request_unknown", "there is no such request",
    cashier: LocalText(ru: "Такой просьбы нет", en: "There is no such request"))
  private static let own = Problem(
    .conflict, "goodwill_own_request", "somebody else has to agree to what one asked for oneself",
    cashier: LocalText(ru: "Свою просьбу одобряет кто-то другой", en: "Somebody else has to agree to your own request"))
  private static let tooMany = Problem(
    .conflict, "too_many_requests_open", "\(Limits.goodwillRequests) requests for this member wait already",
    cashier: LocalText(
      ru: "Для этого участника уже ждут решения \(Limits.goodwillRequests)",
      en: "\(Limits.goodwillRequests) requests for this member wait already"))
}
