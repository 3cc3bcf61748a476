import Access
import Calculator
import Jobs
import Kernel
import Storage

/// How far a card is used.
public struct StampCardTotals: Hashable, Sendable {
  /// Members who ever had a stamp.
  public var members: Int64 = 0
  public var given: Int64 = 0
  public var taken: Int64 = 0
  public init() {}
}

/// How many members have so many stamps.
public struct StampSpread: Hashable, Sendable {
  public let stamps: Int64
  public let members: Int64
}

/// Something that was done to a card by hand.
public struct StampChange: Hashable, Sendable {
  public let id: StampChangeID
  public let card: String
  public let given: Int64
  public let taken: Int64
  public let note: String
  /// As the audit trail writes it.
  public let actor: String
  public let madeAt: Instant
}

/// What members have on the stamp cards of one programme, and changes of that by hand. The cards stand in the programme's settings.
public struct StampCards: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  public let cards: [StampCard]
  private let wallets: Wallets
  private let zone: Zone

  public init(of programme: Programme, ids: IDSource) {
    self.init(
      of: programme.account, programme: programme.id, programme.settings.terms, programme.settings.points, ids: ids)
  }

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(
    of account: AccountID, programme: ProgrammeID, _ terms: ProgrammeTerms, _ points: PointsTerms, ids: IDSource
  ) {
    self.account = account
    self.programme = programme
    cards = terms.stampCards
    wallets = Wallets(of: account, programme: programme, terms: points, ids: ids)
    zone = points.zone
  }

  public func today(_ now: Instant) -> CivilDay { zone.civil(at: now).day }

  /// By the cards' codes; a card that nobody ever had is missing. One statement.
  public func totals(in tx: inout Transaction) throws -> [String: StampCardTotals] {
    var totals: [String: StampCardTotals] = [:]
    for row in try tx.rows(StampSQL.totals(account, programme)) {
      var one = StampCardTotals()
      (one.members, one.given, one.taken) = (row.int(1), row.int(2), row.int(3))
      totals[row.text(0)] = one
    }
    return totals
  }

  /// Members by the stamps that live, fewest first. One statement.
  public func spread(of card: String, at now: Instant, in tx: inout Transaction) throws -> [StampSpread] {
    try tx.rows(StampSQL.spread(account, programme, card, on: today(now))).map {
      StampSpread(stamps: $0.int(0), members: $0.int(1))
    }
  }

  /// What was done to a member's cards by hand, latest first.
  public func changes(of member: MemberID, limit: Int, in tx: inout Transaction) throws -> [StampChange] {
    try tx.rows(StampSQL.latest(account, programme, member, min(max(1, limit), Limits.page))).map { row in
      StampChange(
        id: row.id(0), card: row.text(1), given: row.int(2), taken: row.int(3), note: row.text(4), actor: row.text(5),
        madeAt: row.instant(6))
    }
  }

  /// Puts stamps on a member's card, or takes them off where the count is below zero. Sent again under the same request key it has one
  /// effect; who did it and why stands in the member's audit trail.
  /// - Returns: what is on the card then.
  /// - Throws: `Problem.invalid` (a note that is missing, `out_of_range`), `Problem.notFound` (`stamp_card_unknown`),
  ///   `Problem.conflict` (`too_few_stamps`, `request_key_reused`).
  @discardableResult
  public func change(
    _ count: Int64, on code: String, of member: MemberID, because note: String, request: RequestKey, by change: Change,
    in tx: inout Transaction
  ) throws -> Int64 {
    try Self.check(count, note)
    guard let card = cards.first(where: { $0.code == code }) else { throw StampProblem.unknown(code) }
    let (id, today): (StampChangeID, CivilDay) = (change.id(), today(change.at))
    var body = StableHash()
    for text in ["stamps", code, note] { body.mix(text) }
    for number in [member.raw, programme.raw, count] { body.mix(number) }
    guard try wallets.once(request, member, id.raw, body, change, in: &tx) == nil else {
      return try wallets.wallet(of: member, in: &tx).stamps(on: card, at: today)
    }
    var open = try wallets.open(member.raw, at: change.at, in: &tx)
    let before = open.wallet.stampsLeft(on: card, at: today)
    guard count > 0 || before + count >= 0 else { throw StampProblem.tooFew(card, max(0, before)) }
    let has = max(0, before + count)
    let uses = open.wallet.stampUses([code: (max(0, count), max(0, -count))], [card], on: today)
    for use in uses { open.wallet.count(use) }
    open.wallet.sweepStamps([card], on: today)
    try wallets.save(open, at: change.at, in: &tx)
    for use in uses { try tx.enqueue(StampSQL.insert(id, MemberID(open.owner), account, programme, code, use, note, change)) }
    for standing in open.wallet.standings(after: uses, [card], on: today) {
      try tx.enqueue(StampSQL.hold(open.owner, account, programme, standing))
    }
    let after: JSON = .object([
      "card": .string(code), "stamps": .int(count), "has": .int(has), "note": .string(note),
    ])
    try AuditTrail(of: account).record([.did("stamps.changed", member, after: after)], by: change, in: &tx)
    return has
  }

  private static func check(_ count: Int64, _ note: String) throws(Problem) {
    let issues = IssueList()
    checkName(note, at: "/note", issues)
    if count == 0 || !(-Limits.stamps...Limits.stamps).contains(count) {
      issues.add("/stamps", "out_of_range", "put 1 to \(Limits.stamps) stamps on the card or take as many off it")
    }
    try issues.check("the stamps")
  }
}

enum StampProblem {
  static func unknown(_ code: String) -> Problem {
    Problem(
      .notFound, "stamp_card_unknown", "the programme has no stamp card \"\(code)\"",
      cashier: LocalText(ru: "Такой карточки штампов нет", en: "There is no such stamp card"))
  }

  static func tooFew(_ card: StampCard, _ has: Int64) -> Problem {
    Problem(
      .conflict, "too_few_stamps", "the card \"\(card.code)\" has \(has) stamps; no more can be taken off it",
      cashier: LocalText(
        ru: "На карточке «\(card.name.ru)» только \(has): больше снять нельзя",
        en: "There are only \(has) on the card “\(card.name.en)”: no more can be taken off it"))
  }
}
