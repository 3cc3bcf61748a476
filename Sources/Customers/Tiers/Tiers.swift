import Access
import Jobs
import Kernel
import Storage

/// The tiers of one programme, and who was given one.
public struct Tiers: Sendable {
  let account: AccountID
  let programme: ProgrammeID

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(of account: AccountID, programme: ProgrammeID) {
    self.account = account
    self.programme = programme
  }

  /// Makes tiers and changes those with a known code; the same again changes nothing. There is no way to take one away: receipts
  /// and rule books name it.
  /// - Throws: `Problem.invalid` (a rank that two tiers would share, too many tiers).
  public func save(_ rows: [TierDetails], by change: Change, in tx: inout Transaction) throws -> Saved<Entity.Tier> {
    try check(rows, "the tiers")
    guard !rows.isEmpty else { return Saved() }
    try takeStructure(of: account, in: &tx)
    let known = try all(in: &tx)
    try refuseSharedRanks(rows, known)
    return try TierSQL.upsert(account, programme).save(rows, known: known, in: account, by: change, in: &tx)
  }

  /// By code.
  public func all(in tx: inout Transaction) throws -> [String: Known<TierDetails>] {
    let found = try tx.rows(TierSQL.all(account, programme)).map(TierSQL.known)
    return Dictionary(found.map { ($0.details.code, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Gives a member a tier from now, or another moment, until the end. Sent again under the same request key it is one grant.
  /// - Throws: `Problem.notFound` (`tier_unknown`, `member_unknown`), `Problem.conflict` (`member_erased`, `request_key_reused`),
  ///   `Problem.invalid` (an end that is over or before the beginning, a reason that is missing).
  public func grant(
    _ code: String, to member: MemberID, from start: Instant? = nil, until end: Instant?, because reason: String,
    request: RequestKey, by change: Change, in tx: inout Transaction
  ) throws -> TierGrantID {
    try refuseBad(reason, from: start ?? change.at, until: end, change)
    guard let tier = try all(in: &tx)[code]?.id else { throw TierProblem.unknown(code) }
    let known = try Members(of: account, programme: programme).member(member, in: &tx)
    guard known.status != .erased else { throw MemberProblem.erased(member) }
    let id: TierGrantID = change.id()
    var body = StableHash()
    for text in ["tier", code, reason] { body.mix(text) }
    for number in [member.raw, start?.micros ?? .min, end?.micros ?? .max] { body.mix(number) }
    let earlier = try NaturalKeys(of: account).once(
      request, owner: member.raw, target: id.raw, body: body, at: change.at, in: &tx)
    if let earlier { return TierGrantID(earlier) }
    let grant = TierGrant(
      id: id, tier: tier, since: start ?? change.at, until: end, withdrawnAt: nil, reason: reason, actor: change.actor.description)
    try tx.enqueue(TierSQL.insert(grant, member, account, programme))
    let after: JSON = .object([
      "tier": .string(code), "grant": .string("\(id)"), "since": .string(grant.since.text), "until": end.map { .string($0.text) },
      "reason": .string(reason),
    ])
    try tell(.tierGranted, .did("tier.granted", member, after: after), member, id, change, &tx)
    return id
  }

  /// Ends a grant now, before its time. Harmless when repeated.
  /// - Throws: `Problem.notFound` (`tier_grant_unknown`), `Problem.invalid` (a reason that is missing).
  public func withdraw(
    _ id: TierGrantID, of member: MemberID, because reason: String, by change: Change, in tx: inout Transaction
  ) throws {
    try refuseBad(reason, from: change.at, until: nil, change)
    guard try tx.run(TierSQL.withdraw(id, member, account, programme, change.at)) == 1 else {
      guard try tx.row(TierSQL.grant(id, member, account, programme)) == nil else { return }
      throw Problem(.notFound, "tier_grant_unknown", "member \(member) has no grant \(id)")
    }
    let after: JSON = .object(["grant": .string("\(id)"), "reason": .string(reason)])
    try tell(.tierWithdrawn, .did("tier.withdrawn", member, after: after), member, id, change, &tx)
  }

  /// Gives and withdraws what rules say, of many members at once. The grants themselves tell what happened and why; the audit trail is for
  /// what people do.
  /// - Returns: by member, the grant that began; none for a member without a tier.
  public func move(
    _ moves: [TierMove], by change: Change, in tx: inout Transaction
  ) throws -> [MemberID: TierGrantID?] {
    var (grants, events, begun) = ([[Value]](), [Event](), [MemberID: TierGrantID?]())
    for move in moves {
      if let old = move.from {
        try tx.enqueue(TierSQL.withdraw(old, move.member, account, programme, move.at))
        events.append(Event(.tierWithdrawn, id: change.id(), owner: move.member.raw, subject: old.raw, at: change.at))
      }
      let id: TierGrantID? = move.to.map { _ in change.id() }
      begun[move.member] = .some(id)
      guard let id, let tier = move.to else { continue }
      let grant = TierGrant(
        id: id, tier: tier, since: move.at, until: nil, withdrawnAt: nil, reason: move.reason, actor: change.actor.description)
      grants.append(TierSQL.values(grant, move.member, account, programme))
      events.append(Event(.tierGranted, id: change.id(), owner: move.member.raw, subject: id.raw, at: change.at))
    }
    try tx.insert(grants, into: CustomersSchema.tierGrant, TierSQL.insertedGrant)
    try Outbox(of: account).put(events, in: &tx)
    return begun
  }

  /// Writes a grant that a promotion or a subscription gives, for whoever writes it later. The event of it is the caller's.
  public func granting(_ grant: TierGrant, to member: MemberID) -> SQL { TierSQL.insert(grant, member, account, programme) }

  /// Gives what a promotion or a subscription says. Who gave it and why stands in the grant; the audit trail is for what people do.
  /// - Parameter telling: false where it only goes on from another of the same tier.
  public func give(
    _ grant: TierGrant, to member: MemberID, telling: Bool = true, by change: Change, in tx: inout Transaction
  ) throws {
    try tx.enqueue(granting(grant, to: member))
    guard telling else { return }
    let event = Event(.tierGranted, id: change.id(), owner: member.raw, subject: grant.id.raw, at: change.at)
    try Outbox(of: account).put(event, in: &tx)
  }

  /// Ends such a grant now. Harmless when repeated.
  public func end(
    _ id: TierGrantID, of member: MemberID, telling: Bool = true, by change: Change, in tx: inout Transaction
  ) throws {
    guard try tx.run(TierSQL.withdraw(id, member, account, programme, change.at)) == 1, telling else { return }
    let event = Event(.tierWithdrawn, id: change.id(), owner: member.raw, subject: id.raw, at: change.at)
    try Outbox(of: account).put(event, in: &tx)
  }

  public func grant(_ id: TierGrantID, of member: MemberID, in tx: inout Transaction) throws -> TierGrant? {
    try tx.row(TierSQL.grant(id, member, account, programme)).map(TierSQL.grant)
  }

  /// What a member was given, newest first.
  public func grants(
    of member: MemberID, before: TierGrantID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [TierGrant] {
    let some = min(max(1, limit), Limits.page)
    return try tx.rows(TierSQL.grants(member, account, programme, before: before, some)).map(TierSQL.grant)
  }

  private func refuseBad(_ reason: String, from start: Instant, until end: Instant?, _ change: Change) throws(Problem) {
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    if let end, end <= start { issues.add("/until", "over", "a grant ends after it begins, not at \(end.text)") }
    if let end, end <= change.at { issues.add("/until", "over", "a grant that is over by now gives nothing: \(end.text)") }
    try issues.check("the grant of a tier")
  }

  private func refuseSharedRanks(_ rows: [TierDetails], _ known: [String: Known<TierDetails>]) throws(Problem) {
    let issues = IssueList()
    let written = Set(rows.map(\.code))
    var holders = Dictionary(
      known.values.filter { !written.contains($0.details.code) }.map { ($0.details.rank, $0.details.code) },
      uniquingKeysWith: { first, _ in first })
    for (index, row) in rows.enumerated() {
      if let holder = holders.updateValue(row.code, forKey: row.rank) {
        issues.add("/\(index)/rank", "repeated", "the tier \"\(holder)\" has the rank \(row.rank) already")
      }
    }
    if known.count + rows.count(where: { known[$0.code] == nil }) > Limits.tiers {
      issues.add("", "too_many", "a programme has at most \(Limits.tiers) tiers")
    }
    try issues.check("the tiers")
  }

  private func tell(
    _ kind: Event.Kind, _ note: AuditNote, _ member: MemberID, _ grant: TierGrantID, _ change: Change, _ tx: inout Transaction
  ) throws {
    try AuditTrail(of: account).record([note], by: change, in: &tx)
    let event = Event(kind, id: change.id(), owner: member.raw, subject: grant.raw, at: change.at)
    try Outbox(of: account).put(event, in: &tx)
  }
}

enum TierProblem {
  static func unknown(_ code: String) -> Problem {
    Problem(.notFound, "tier_unknown", "the programme has no tier \"\(code)\"; make it first")
  }
}
