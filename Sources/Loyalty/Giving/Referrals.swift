import Access
import Customers
import Jobs
import Kernel
import Storage

/// Who brought whom in one programme: codes, newcomers who name them, and what the report tells. What comes of it is worked out behind it
/// (`ReferralWork`): a newcomer's purchase counts once it cannot come back.
public struct Referrals: Sendable {
  static let alphabet = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
  static let codeLength = 8

  let programme: Programme
  let gifts: ActionGifts

  /// - Parameter programme: with the settings as they are stored now.
  public init(of programme: Programme, ids: IDSource) {
    self.programme = programme
    gifts = ActionGifts(of: programme, ids: ids)
  }

  var account: AccountID { programme.account }
  var terms: ReferralTerms? { programme.settings.giving.referral }

  /// The member's code; nil where none was asked for yet.
  public func code(of member: MemberID, in tx: inout Transaction) throws -> String? {
    try tx.row(ReferralSQL.code(account, programme.id, of: member))?.text(0)
  }

  /// The member's code, made where there is none: asked for again it is the same.
  /// - Throws: `Problem.notFound` (`member_unknown`); `Problem.conflict` (`referral_stopped`, `referral_member_kind`,
  ///   `referral_not_active`).
  public func makeCode(
    of member: MemberID, using dice: inout some RandomNumberGenerator, at now: Instant, in tx: inout Transaction
  ) throws -> String {
    guard terms?.isActive ?? false else { throw ReferralRefusal.stopped.problem }
    let known = try programme.members.profile(member, at: now, in: &tx).member
    if let refusal = unfit(known) { throw refusal.problem }
    if let code = try code(of: known.id, in: &tx) { return code }
    for _ in 0..<8 {
      let code = String((0..<Self.codeLength).map { _ in Self.alphabet[Int.random(in: 0..<Self.alphabet.count, using: &dice)] })
      if try tx.run(ReferralSQL.take(code, account, programme.id, for: known.id, at: now)) == 1 { return code }
    }
    throw Problem(.unavailable, "referral_codes_taken", "no free code was found; ask again")
  }

  /// The newcomer says who brought them. Said again it is the same.
  /// - Throws: `Problem.notFound` (`referral_code_unknown`, `member_unknown`); `Problem.conflict`: `referral_named` where somebody else was
  ///   named before, and the words of `ReferralRefusal`.
  @discardableResult
  public func name(
    _ code: String, by newcomer: MemberID, change: Change, in tx: inout Transaction
  ) throws -> Referral {
    guard let terms, terms.isActive else { throw ReferralRefusal.stopped.problem }
    let text = code.uppercased().filter { $0.isLetter || $0.isNumber }
    guard (1...Limits.code).contains(text.utf8.count),
      let owner = try tx.row(ReferralSQL.owner(of: text, account, programme.id))?.id(0, Entity.Member.self)
    else { throw Self.unknown }
    let (one, other) = (
      try programme.members.profile(newcomer, at: change.at, in: &tx).member,
      try programme.members.profile(owner, at: change.at, in: &tx).member
    )
    if let known = try referral(of: one.id, in: &tx) { return try same(known, other.id) }
    if let refusal = try protect(one, from: other, in: &tx) ?? late(one, terms, at: change.at, in: &tx) { throw refusal.problem }
    let made = try tx.run(ReferralSQL.insert(one.id, by: other.id, account, programme.id, at: change.at))
    guard let known = try referral(of: one.id, in: &tx) else { throw StorageFailure.damaged("a referral is gone as it was made") }
    guard made == 1 else { return try same(known, other.id) }
    let after: JSON = .object(["referrer": .string("\(other.id)")])
    try AuditTrail(of: account).record([.did("referral.named", one.id, after: after)], by: change, in: &tx)
    return known
  }

  private func same(_ known: Referral, _ referrer: MemberID) throws(Problem) -> Referral {
    guard known.referrer == referrer else { throw Self.named }
    return known
  }

  private func late(
    _ member: Member, _ terms: ReferralTerms, at now: Instant, in tx: inout Transaction
  ) throws -> ReferralRefusal? {
    if now > member.joinedAt + .days(Int64(terms.nameDays)) { return .tooLate }
    return try tx.row(ReferralSQL.anything(account, owners(of: member.id, in: &tx))) == nil ? nil : .hasBought
  }

  /// The member, and those whom they stand for.
  func owners(of member: MemberID, in tx: inout Transaction) throws -> [Int64] {
    [member.raw] + (try programme.merges.family(of: member, in: &tx).map(\.raw))
  }

  private func unfit(_ member: Member) -> ReferralRefusal? {
    if member.status != .active { return .notActive }
    return member.kind == .person && programme.settings.treatment(of: .person).earns ? nil : .memberKind
  }

  /// What stands against this newcomer being brought by that member, now as when the points are given.
  func protect(_ one: Member, from other: Member, in tx: inout Transaction) throws -> ReferralRefusal? {
    if one.id == other.id { return .oneself }
    if let refusal = unfit(one) ?? unfit(other) { return refusal }
    let family = try programme.merges.family(of: one.id, in: &tx)
    let merged = try programme.members.members(family, in: &tx).values
    if merged.contains(where: { $0.joinedAt < one.joinedAt }) { return .oldMember }
    let (mine, theirs) = (
      try programme.identifiers.all(of: one.id, in: &tx).map(\.identifier),
      try programme.identifiers.all(of: other.id, in: &tx).map(\.identifier)
    )
    let own = Set([one.id] + family)
    if try !programme.identifiers.formerOwners(of: mine, in: &tx).isSubset(of: own) { return .oldMember }
    if try !programme.identifiers.formerOwners(of: theirs, in: &tx).isDisjoint(with: own) { return .oldMember }
    if try programme.duplicates.pairs(of: one.id, in: &tx).contains(where: { $0.second == one.id || $0.first == other.id }) {
      return .oldMember
    }
    return try referral(of: other.id, in: &tx).map { own.contains($0.referrer) } ?? false ? .circle : nil
  }

  // Reading.

  /// Who brought this member; nil where nobody did.
  public func referral(of newcomer: MemberID, in tx: inout Transaction) throws -> Referral? {
    try tx.row(ReferralSQL.find(account, programme.id, [newcomer], "")).map(ReferralSQL.referral)
  }

  /// Whom this member brought, latest first.
  public func brought(by referrer: MemberID, limit: Int, in tx: inout Transaction) throws -> [Referral] {
    try tx.rows(ReferralSQL.brought(account, programme.id, by: referrer, min(max(1, limit), Limits.page))).map(ReferralSQL.referral)
  }

  /// Who was brought by whom and what they bought since, latest newcomers first. Two statements.
  public func lines(before: MemberID? = nil, limit: Int, in tx: inout Transaction) throws -> [ReferralLine] {
    let some = min(max(1, limit), Limits.page)
    let found = try tx.rows(ReferralSQL.latest(account, programme.id, before: before ?? MemberID(.max), some))
      .map(ReferralSQL.referral)
    guard !found.isEmpty else { return [] }
    var paid: [MemberID: (days: Int64, money: Money)] = [:]
    for row in try tx.rows(ReferralSQL.since(account, found.map(\.newcomer.raw))) {
      paid[row.id(0)] = (row.int(1), row.money(2))
    }
    return found.map { ReferralLine(referral: $0, paid: paid[$0.newcomer]?.money ?? .zero, days: paid[$0.newcomer]?.days ?? 0) }
  }

  public func figures(in tx: inout Transaction) throws -> ReferralFigures {
    var figures = ReferralFigures()
    for row in try tx.rows(ReferralSQL.states(account, programme.id)) {
      if let state = Referral.State(rawValue: row.text(0)) { figures.count[state] = row.int(1) }
    }
    figures.points = try gifts.totals(in: &tx)[ActionGift.referral]?.points ?? .zero
    return figures
  }

  private static var unknown: Problem {
    Problem(
      .notFound, "referral_code_unknown", "nobody has this code",
      cashier: LocalText(ru: "Такого кода приглашения нет", en: "There is no such referral code"))
  }

  private static var named: Problem {
    Problem(
      .conflict, "referral_named", "somebody else was named before; a newcomer is brought once",
      cashier: LocalText(ru: "Уже назван код другого участника", en: "Another member's code was named before"))
  }
}
