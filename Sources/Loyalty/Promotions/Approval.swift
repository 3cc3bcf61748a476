import Access
import Calculator
import Kernel
import Storage

/// When a promotion goes to the tills only with a second person's word.
public struct ApprovalTerms: Hashable, Sendable {
  /// Where it can cost more than this, or nothing says how much it can cost at the most.
  public var above: Money

  public init(above: Money) { self.above = above }

  public func isNeeded(for promotion: Promotion, _ terms: ProgrammeTerms) -> Bool {
    promotion.mostCost(terms).map { $0 > above } ?? true
  }
}

extension Promotion {
  /// The most that it can cost the shop by its own limits; nil where they do not say. Points at what they are worth when they are spent.
  public func mostCost(_ terms: ProgrammeTerms) -> Money? {
    switch benefit {
    case .reward(.certificate(_, let amount)):
      guard let total = limits.total else { return nil }
      let (most, isOver) = amount.minor.multipliedReportingOverflow(by: total)
      return isOver ? nil : Money(minor: most)
    // What a coupon unlocks has limits of its own.
    case .reward: return .zero
    default: return benefit.isEarning ? limits.budgetPoints.map { terms.money(for: $0) } : limits.budgetMoney
    }
  }
}

/// A second person's word on one version of a promotion, or the wish for one.
public struct PromotionApproval: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable { case asked, approved, declined }

  public let promotion: PromotionID
  public let version: Int64
  public let state: State
  /// Actors as the audit trail writes them.
  public let askedBy: String
  public let askedAt: Instant
  public let decidedBy: String?
  public let decidedAt: Instant?
  /// What was said last: with the wish, or with the word.
  public let note: String
}

/// Who asked for a word on which promotion, and what was said. A word is about one version: an edit needs another.
public struct Approvals: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  private let promotions: Promotions

  public init(of programme: Programme) {
    account = programme.account
    self.programme = programme.id
    promotions = Promotions(of: programme)
  }

  /// Nil where nobody asked.
  public func approval(of id: PromotionID, version: Int64, in tx: inout Transaction) throws -> PromotionApproval? {
    try tx.row(PromotionSQL.approval(account, id, version)).map(PromotionSQL.approval)
  }

  /// Those that wait for a word, about the latest versions, the longest waiting first.
  public func waiting(limit: Int, in tx: inout Transaction) throws -> [(promotion: StoredPromotion, approval: PromotionApproval)] {
    let rows = try tx.rows(PromotionSQL.waiting(account, programme, min(max(1, limit), Limits.page)))
    let promotions = try rows.map(PromotionSQL.promotion).unpacked(of: account, in: &tx)
    return try zip(promotions, rows).map { ($0, try PromotionSQL.approval($1, at: 5)) }
  }

  /// Asks for somebody's word on the version that was looked at. Harmless when repeated; asks anew where it was sent back.
  /// - Returns: who cannot give it, the asker and who wrote the version, as the trail writes them; nil where nothing new is asked.
  /// - Throws: `Problem.notFound`; `Problem.conflict` (`promotion_moved`, `promotion_archived`); `Problem.invalid` (`too_long`).
  @discardableResult
  public func ask(
    _ id: PromotionID, version: Int64, note: String, by change: Change, in tx: inout Transaction
  ) throws -> Set<String>? {
    let stored = try looked(at: id, version, note, in: &tx)
    let known = try approval(of: id, version: version, in: &tx)
    guard known == nil || known?.state == .declined else { return nil }
    let asked = PromotionApproval(
      promotion: id, version: version, state: .asked, askedBy: change.actor.description, askedAt: change.at, decidedBy: nil,
      decidedAt: nil, note: note)
    try write(asked, "promotion.asked", stored, by: change, in: &tx)
    let author = try promotions.versions(of: id, before: version + 1, limit: 1, in: &tx).first?.actor
    return Set([asked.askedBy, author].compactMap { $0 })
  }

  /// Says yes, or sends it back. Harmless when repeated.
  /// - Throws: `Problem.notFound`; `Problem.conflict` (`promotion_moved`, `promotion_archived`, `approval_not_asked`, `approval_own`: who wrote
  ///   the version or asked cannot be the second person); `Problem.invalid` (`empty`: why it goes back).
  public func decide(
    _ id: PromotionID, version: Int64, isApproved: Bool, note: String, by change: Change, in tx: inout Transaction
  ) throws {
    let stored = try looked(at: id, version, note, in: &tx)
    guard let asked = try approval(of: id, version: version, in: &tx) else { throw Self.notAsked(stored.code) }
    let state: PromotionApproval.State = isApproved ? .approved : .declined
    guard asked.state != state else { return }
    guard asked.state == .asked else { throw Self.notAsked(stored.code) }
    let actor = change.actor.description
    let author = try promotions.versions(of: id, before: version + 1, limit: 1, in: &tx).first?.actor
    guard actor != asked.askedBy, actor != author else { throw Self.own(stored.code) }
    if !isApproved, note.isEmpty {
      throw Problem(
        .invalid, "empty", "say why the promotion goes back",
        cashier: LocalText(ru: "Напишите, что исправить", en: "Say what is to be mended"))
    }
    let decided = PromotionApproval(
      promotion: id, version: version, state: state, askedBy: asked.askedBy, askedAt: asked.askedAt, decidedBy: actor,
      decidedAt: change.at, note: note)
    try write(decided, isApproved ? "promotion.approved" : "promotion.declined", stored, by: change, in: &tx)
  }

  private func looked(at id: PromotionID, _ version: Int64, _ note: String, in tx: inout Transaction) throws -> StoredPromotion {
    guard note.count <= Limits.name else {
      throw Problem(.invalid, "too_long", "at most \(Limits.name) characters are allowed in a note")
    }
    try takeStructure(of: account, in: &tx)
    let stored = try promotions.promotion(id, in: &tx)
    if stored.status == .archived { throw PromotionProblem.archived(stored.code) }
    guard stored.version == version else { throw PromotionProblem.moved(stored) }
    return stored
  }

  private func write(
    _ approval: PromotionApproval, _ act: String, _ stored: StoredPromotion, by change: Change, in tx: inout Transaction
  ) throws {
    try tx.enqueue(PromotionSQL.upsert(approval, account))
    let after: JSON = .object([
      "code": .string(stored.code), "version": .int(approval.version), "note": approval.note.isEmpty ? nil : .string(approval.note),
    ])
    try AuditTrail(of: account).record([.did(act, stored.id, after: after)], by: change, in: &tx)
  }

  /// Refuses rules of which some need a word that nobody gave.
  /// - Parameter changed: promotions that are new at the tills or of another version.
  func check(
    _ changed: [Promotion], _ terms: ApprovalTerms?, _ programmeTerms: ProgrammeTerms, in tx: inout Transaction
  ) throws {
    guard let terms else { return }
    let needed = changed.filter { terms.isNeeded(for: $0, programmeTerms) }
    var missing: [String] = []
    for promotion in needed {
      let known = try approval(of: promotion.id, version: Int64(promotion.version), in: &tx)
      if known?.state != .approved { missing.append(promotion.code) }
    }
    guard missing.isEmpty else { throw Self.needed(missing) }
  }

  private static func needed(_ codes: [String]) -> Problem {
    let some = codes.prefix(5).joined(separator: ", ") + (codes.count > 5 ? ", …" : "")
    return Problem(
      .conflict, "approval_needed", "a second person has to approve first: \(some)",
      cashier: LocalText(
        ru: "Сначала акцию должен согласовать второй человек: \(some)", en: "A second person has to approve this first: \(some)"))
  }

  private static func notAsked(_ code: String) -> Problem {
    Problem(
      .conflict, "approval_not_asked", "nobody waits for a word on \"\(code)\" at this version",
      cashier: LocalText(ru: "Согласования этой версии никто не ждёт", en: "Nobody waits for a word on this version"))
  }

  private static func own(_ code: String) -> Problem {
    Problem(
      .conflict, "approval_own", "who wrote or sent in \"\(code)\" cannot approve it",
      cashier: LocalText(
        ru: "Свою акцию не согласуют: это делает другой сотрудник", en: "Nobody approves their own: somebody else has to"))
  }
}
