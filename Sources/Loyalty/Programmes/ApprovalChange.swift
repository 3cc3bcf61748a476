import Access
import Calculator
import Jobs
import Kernel
import Storage

/// The wish to let one person launch dearer promotions alone, or any: it is itself a matter for two.
public struct ApprovalChange: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable {
    case asked, approved, declined
    /// Another wish or another setting came in its place.
    case overtaken
  }

  public let id: ApprovalChangeID
  /// Before and after; nil after: nobody is asked any more.
  public let from: ApprovalTerms
  public let to: ApprovalTerms?
  public let state: State
  /// Actors as the audit trail writes them.
  public let askedBy: String
  public let askedAt: Instant
  public let decidedBy: String?
  public let decidedAt: Instant?
  public let note: String
}

extension ApprovalTerms {
  /// True where these let one person do what took two before.
  static func isLooser(_ next: ApprovalTerms?, than old: ApprovalTerms?) -> Bool {
    guard let old else { return false }
    return next.map { $0.above > old.above } ?? true
  }
}

/// Changes of the limit above which a second person approves. Lower it anybody may who changes settings; whoever raises it, or does away with
/// it, waits for somebody else's word, while everything else that they changed is saved.
public struct ApprovalChanges: Sendable {
  let programme: Programme
  private var account: AccountID { programme.account }

  public init(of programme: Programme) { self.programme = programme }

  /// The one that waits; nil: none does.
  public func waiting(in tx: inout Transaction) throws -> ApprovalChange? {
    try tx.row(ApprovalChangeSQL.waiting(account, programme.id)).map(ApprovalChangeSQL.change)
  }

  /// Latest first.
  public func all(limit: Int, in tx: inout Transaction) throws -> [ApprovalChange] {
    try tx.rows(ApprovalChangeSQL.all(account, programme.id, min(max(1, limit), Limits.page))).map(ApprovalChangeSQL.change)
  }

  /// What of new settings may be saved at once. A looser limit is kept back and waits; the same wish again is the one that waits, another
  /// takes its place, and so does a limit that is changed without asking.
  func heldBack(_ next: ProgrammeSettings, by change: Change, in tx: inout Transaction) throws -> ProgrammeSettings {
    let old = programme.settings.approval
    guard next.approval != old, let old else { return next }
    let pending = try waiting(in: &tx)
    guard ApprovalTerms.isLooser(next.approval, than: old) else {
      if let pending { try overtake(pending, by: change, in: &tx) }
      return next
    }
    var kept = next
    kept.approval = old
    if let pending {
      if pending.to == next.approval, pending.from == old { return kept }
      try overtake(pending, by: change, in: &tx)
    }
    let wish = ApprovalChange(
      id: change.id(), from: old, to: next.approval, state: .asked, askedBy: change.actor.description, askedAt: change.at,
      decidedBy: nil, decidedAt: nil, note: "")
    try tx.run(ApprovalChangeSQL.insert(wish, account, programme.id))
    try note("approval_limit.asked", wish, by: change, in: &tx)
    return kept
  }

  /// Says yes, and the limit changes with it; or no. Harmless when repeated.
  /// - Throws: `Problem.notFound` (`approval_change_unknown`); `Problem.conflict` (`approval_own`: who asked cannot be the second person;
  ///   `approval_not_asked` where it waits no more); `Problem.invalid` (`empty`: why not, `too_long`).
  public func decide(
    _ id: ApprovalChangeID, isApproved: Bool, note: String, zones: @escaping @Sendable (String) -> Zone?, by change: Change,
    in tx: inout Transaction
  ) throws {
    guard note.count <= Limits.name else {
      throw Problem(.invalid, "too_long", "at most \(Limits.name) characters are allowed in a note")
    }
    try takeStructure(of: account, in: &tx)
    guard let row = try tx.row(ApprovalChangeSQL.one(account, programme.id, id)) else {
      throw Problem(.notFound, "approval_change_unknown", "nobody asked for the change \(id)")
    }
    let asked = try ApprovalChangeSQL.change(row)
    let state: ApprovalChange.State = isApproved ? .approved : .declined
    guard asked.state != state else { return }
    guard asked.state == .asked else { throw Self.notAsked }
    guard asked.askedBy != change.actor.description else { throw Self.own }
    if !isApproved, note.isEmpty {
      throw Problem(
        .invalid, "empty", "say why the limit stays as it is",
        cashier: LocalText(ru: "Напишите, почему нет", en: "Say why not"))
    }
    try tx.run(ApprovalChangeSQL.settle(asked, state, note, account, programme.id, change))
    try self.note(isApproved ? "approval_limit.approved" : "approval_limit.declined", asked, by: change, in: &tx)
    guard isApproved else { return }
    try Programmes(of: account, zones: zones).setApproval(asked.to, of: programme.id, by: change, in: &tx)
  }

  private func overtake(_ pending: ApprovalChange, by change: Change, in tx: inout Transaction) throws {
    try tx.run(ApprovalChangeSQL.settle(pending, .overtaken, "", account, programme.id, change))
    try note("approval_limit.overtaken", pending, by: change, in: &tx)
  }

  private func note(_ act: String, _ wish: ApprovalChange, by change: Change, in tx: inout Transaction) throws {
    let amounts = AmountForm(programme.settings.terms)
    let after: JSON = .object([
      "from": amounts.json(wish.from.above), "to": wish.to.map { amounts.json($0.above) } ?? .null,
    ])
    try AuditTrail(of: account).record([.did(act, programme.id, after: after)], by: change, in: &tx)
  }

  private static var notAsked: Problem {
    Problem(
      .conflict, "approval_not_asked", "this change waits for nobody's word any more",
      cashier: LocalText(ru: "Это изменение уже никто не ждёт", en: "This change waits for nobody's word any more"))
  }

  private static var own: Problem {
    Problem(
      .conflict, "approval_own", "who asked for a higher limit cannot approve it",
      cashier: LocalText(
        ru: "Свою просьбу не согласуют: это делает другой сотрудник", en: "Nobody approves their own wish: somebody else has to"))
  }
}
