import Access
import Calculator
import Customers
import Jobs
import Kernel
import Storage

/// Points that members of one programme give to charities.
public struct Donations: Sendable {
  /// Whatever is good for everything.
  static let families: [LotFamily] = [.base, .promotional]

  let programme: Programme
  let wallets: Wallets

  /// - Parameter programme: with the settings as they are stored now, not as tills have them.
  public init(of programme: Programme, ids: IDSource) {
    self.programme = programme
    wallets = Wallets(of: programme, ids: ids)
  }

  var account: AccountID { programme.account }
  private var points: PointsTerms { programme.settings.points }
  public var charities: [Charity] { programme.settings.giving.charities }
  public func today(_ now: Instant) -> CivilDay { points.zone.civil(at: now).day }

  /// - Throws: `Problem.notFound` (`charity_unknown`).
  public func charity(_ code: String) throws -> Charity {
    guard let charity = programme.settings.giving.charity(code) else { throw CharityProblem.unknown(code) }
    return charity
  }

  /// What somebody asks for.
  public struct Ask: Sendable {
    public let giver: MemberID
    public let charity: String
    public let points: Points
    public let proof: TransferProof
    /// Limits or blocks stop the giver where this is asked.
    public var isStopped = false

    public init(_ points: Points, from giver: MemberID, to charity: String, proof: TransferProof) {
      (self.points, self.giver, self.charity, self.proof) = (points, giver, charity, proof)
    }
  }

  /// Gives points to a charity. Sent again under the same request key it is given once.
  /// - Throws: `Problem.notFound` (`member_unknown`, `charity_unknown`); `Problem.invalid` (`donation_amount`, a reason that is too long);
  ///   `Problem.conflict` with the words of `CharityProblem`, or `request_key_reused`.
  public func give(_ ask: Ask, request: (key: RequestKey, body: Int64), by change: Change, in tx: inout Transaction) throws
    -> Donation
  {
    let id: DonationID = change.id()
    var body = StableHash()
    body.mix("donation \(ask.charity)")
    for number in [ask.giver.raw, ask.points.units, request.body] { body.mix(number) }
    if let earlier = try wallets.once(request.key, ask.giver, id.raw, body, change, in: &tx) {
      return try find(DonationID(earlier), in: &tx)
    }
    let profile = try programme.members.profile(ask.giver, at: change.at, in: &tx)
    try check(ask, profile.member, on: today(change.at))
    var open = try wallets.open(profile.member.id.raw, at: change.at, in: &tx).alone
    let available = open.wallet.available(of: Self.families, points)
    guard ask.points <= available else { throw CharityProblem.lacking(wallets.text(available), wallets.text(ask.points)) }
    let made = Donation(
      id: id, giver: MemberID(open.owner), charity: ask.charity, points: ask.points, day: today(change.at), at: change.at,
      actor: change.actor.description, undone: nil)
    let left = open.wallet.giveAway(
      ask.points, of: Self.families, to: .charity, on: Occasion(.donation(id), at: change.at, posted: change.at), points)
    open.entries += left.entries
    try wallets.save(open, at: change.at, in: &tx)
    try tx.enqueue(CharitySQL.insert(made, left.given, account, programme.id))
    try tx.enqueue(CharitySQL.count(account, programme.id, made.charity, made.day, made.points))
    var reason: JSON?
    if case .told(let said) = ask.proof { reason = .string(said) }
    try note("points.donated", made, reason: reason, change, in: &tx)
    return made
  }

  private func check(_ ask: Ask, _ member: Member, on day: CivilDay) throws {
    let charity = try charity(ask.charity)
    if case .told(let reason) = ask.proof {
      let issues = IssueList()
      checkName(reason, at: "/reason", issues)
      try issues.check("the donation")
    }
    if !charity.takes(on: day) { throw CharityProblem.closed }
    if member.status != .active || ask.isStopped { throw CharityProblem.blocked }
    if !programme.settings.treatment(of: member.kind).spends { throw CharityProblem.kind }
    if case .shown(.typed, _) = ask.proof { throw CharityProblem.notProved }
    if ask.points <= .zero { throw CharityProblem.nothing }
  }

  /// Takes a donation back on its own day. Sent again it is the same.
  /// - Throws: `Problem.notFound` (`donation_unknown`); `Problem.invalid` (a reason that is missing); `Problem.conflict`
  ///   (`donation_too_old`).
  @discardableResult
  public func undo(
    _ id: DonationID, of member: MemberID, because reason: String, by change: Change, in tx: inout Transaction
  ) throws -> Donation {
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    try issues.check("the reason")
    let known = try find(id, in: &tx)
    guard known.giver == member else { throw CharityProblem.donationUnknown(id) }
    guard known.undone == nil else { return known }
    guard today(change.at) == known.day else { throw CharityProblem.late }
    var open = try wallets.open(known.giver.raw, at: change.at, in: &tx)
    // Whoever did the same meanwhile has done it.
    guard try find(id, in: &tx).undone == nil, let row = try tx.row(CharitySQL.parts(account, programme.id, id)) else {
      return try find(id, in: &tx)
    }
    let (given, shift) = (try ReceiptPoints(document: row.bytes(0)).spending, open.asked?.shift ?? 0)
    open.entries += open.wallet.takeHome(
      given.burns.map { $0.shifted(by: shift) }, from: .charity,
      on: Occasion(.donationBack(id), at: change.at, posted: change.at), points)
    try wallets.save(open.alone, at: change.at, in: &tx)
    let undone = Donation(
      id: id, giver: known.giver, charity: known.charity, points: known.points, day: known.day, at: known.at, actor: known.actor,
      undone: Donation.Undoing(at: change.at, actor: change.actor.description, reason: reason))
    try tx.enqueue(CharitySQL.undo(undone, account, programme.id))
    try tx.enqueue(CharitySQL.discount(account, programme.id, undone.charity, undone.day, undone.points))
    try note("donation.undone", undone, reason: .string(reason), change, in: &tx)
    return undone
  }

  private func note(
    _ act: String, _ donation: Donation, reason: JSON?, _ change: Change, in tx: inout Transaction
  ) throws {
    let after: JSON = .object([
      "donation": .string("\(donation.id)"), "points": .string(wallets.text(donation.points)),
      "charity": .string(donation.charity), "reason": reason,
    ])
    try AuditTrail(of: account).record([.did(act, donation.giver, after: after)], by: change, in: &tx)
    let event = Event(.pointsDonated, id: change.id(), owner: donation.giver.raw, subject: donation.id.raw, at: change.at)
    try Outbox(of: account).put(event, in: &tx)
  }
}

// What is known.
extension Donations {
  /// - Throws: `Problem.notFound` (`donation_unknown`).
  public func find(_ id: DonationID, in tx: inout Transaction) throws -> Donation {
    guard let row = try tx.row(CharitySQL.byID(account, programme.id, id)) else { throw CharityProblem.donationUnknown(id) }
    return CharitySQL.donation(row)
  }

  /// A member's, latest first.
  public func donations(
    of member: MemberID, besides guests: [MemberID] = [], before: DonationID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Donation] {
    let some = min(max(1, limit), Limits.page)
    let found = try ([member] + guests).flatMap { owner in
      try tx.rows(CharitySQL.donations(account, programme.id, of: owner, before: before ?? DonationID(.max), some))
        .map(CharitySQL.donation)
    }
    return Array(found.sorted { $0.id > $1.id }.prefix(some))
  }

  /// By the charity's code; one that was given nothing is missing. One statement.
  public func totals(in tx: inout Transaction) throws -> [String: CharityFigures] {
    var totals: [String: CharityFigures] = [:]
    for row in try tx.rows(CharitySQL.totals(account, programme.id)) {
      var figures = CharityFigures()
      (figures.donations, figures.points) = (row.int(1), row.points(2))
      totals[row.text(0)] = figures
    }
    return totals
  }

  /// What a charity was given on these days, at most ten years of them. Two statements.
  /// - Throws: `Problem.notFound` (`charity_unknown`).
  public func statement(
    of code: String, _ span: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> CharityStatement {
    let charity = try charity(code)
    let first = max(span.lowerBound, span.upperBound.adding(days: -3_660))
    let units = programme.settings.terms.unitsPerPoint
    let days = try tx.rows(CharitySQL.days(account, programme.id, code, first...span.upperBound)).map { row in
      CharityStatement.Day(
        day: row.day(0), donations: row.int(1), points: row.points(2),
        money: Money(minor: scaled(row.int(2), by: points.spendValue.minor, over: units, .halfUp)))
    }
    let givers = try tx.row(CharitySQL.givers(account, programme.id, code, first...span.upperBound))?.int(0) ?? 0
    return CharityStatement(
      charity: charity, span: first...span.upperBound, days: days.filter { $0.donations != 0 || $0.points != .zero },
      givers: givers,
      pointValue: points.spendValue)
  }
}
