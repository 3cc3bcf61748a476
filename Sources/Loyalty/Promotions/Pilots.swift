import Access
import Calculator
import Conditions
import Kernel
import Storage

/// Versions of promotions on trial in some places while the rest keeps what it had. A pilot does nothing at a till until the promotion is
/// published: `RuleBooks.publish` in the same transaction.
///
/// A pilot begins with the latest version of a promotion; what is saved later waits until the pilot is over. What limits the promotion
/// counts for both versions together: they are one promotion.
public struct Pilots: Sendable {
  let programme: Programme
  private let promotions: Promotions
  private var account: AccountID { programme.account }

  public init(of programme: Programme) {
    self.programme = programme
    promotions = Promotions(of: programme)
  }

  /// The pilot of a promotion that runs; nil where none does.
  public func running(of id: PromotionID, in tx: inout Transaction) throws -> PromotionPilot? {
    try tx.row(PilotSQL.running(account, programme.id, id)).map(PilotSQL.pilot)
  }

  /// Every pilot that runs, by its promotion. One statement; there are as many as promotions at the most.
  public func running(in tx: inout Transaction) throws -> [PromotionID: PromotionPilot] {
    let all = try tx.rows(PilotSQL.running(account, programme.id, Limits.promotions)).map(PilotSQL.pilot)
    return Dictionary(all.map { ($0.promotion, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Promotions whose latest version was tried and found wanting.
  func stopped(in tx: inout Transaction) throws -> Set<PromotionID> {
    Set(try tx.rows(PilotSQL.stopped(account, programme.id, Limits.promotions)).map { $0.id(0) })
  }

  /// The pilots of a promotion, the latest first.
  public func all(of id: PromotionID, limit: Int, in tx: inout Transaction) throws -> [PromotionPilot] {
    try tx.rows(PilotSQL.all(account, programme.id, id, min(max(1, limit), Limits.page))).map(PilotSQL.pilot)
  }

  /// Tries the version that was looked at where the scope says. Harmless when repeated.
  /// - Parameters:
  ///   - scope: `{ "stores", "registers", "members", "testCards", "from", "until" }`.
  ///   - names: what the scope may name.
  /// - Throws: `Problem.notFound`; `Problem.invalid` with every issue at its pointer; `Problem.conflict` (`promotion_moved`,
  ///   `promotion_archived`, `pilot_runs`, `pilot_same`).
  @discardableResult public func begin(
    _ id: PromotionID, version: Int64, where scope: JSON, _ names: any Names, by change: Change, in tx: inout Transaction
  ) throws -> PilotID {
    try takeStructure(of: account, in: &tx)
    let stored = try promotions.promotion(id, in: &tx)
    if stored.status == .archived { throw PromotionProblem.archived(stored.code) }
    let node = JSONNode(scope)
    var reader = RuleReader(names: names, terms: programme.settings.terms)
    let pilot = reader.scope(node)
    try node.issues.check("the pilot")
    guard let pilot else { throw PilotProblem.none(stored.code) }
    let written = RuleWriter(names: reader.names, amounts: AmountForm(programme.settings.terms)).pilot(pilot)
    if let known = try running(of: id, in: &tx) {
      guard known.version == version, known.scope == written else { throw PilotProblem.runs(stored.code) }
      return known.id
    }
    guard stored.version == version else { throw PromotionProblem.moved(stored) }
    let books = RuleBooks(of: programme)
    let last = try books.latest(in: &tx)
    let kept = stored.status == .running ? last?.version(of: id) : nil
    guard kept != version else { throw PilotProblem.same(stored.code, version) }
    let begun = PromotionPilot(
      id: change.id(), promotion: id, version: version, kept: kept, scope: written, state: .running,
      sinceRules: (last?.version ?? 0) + 1, untilRules: nil, begunAt: change.at, begunBy: change.actor.description, endedAt: nil,
      endedBy: nil)
    try tx.run(PilotSQL.insert(begun, account, programme.id))
    try note("promotion.pilot_begun", begun, stored.code, by: change, in: &tx)
    return begun.id
  }

  /// Gives every till the version that was tried. Harmless when repeated.
  /// - Returns: what to publish; nil where it was done before.
  /// - Throws: `Problem.notFound`; `Problem.conflict` (`pilot_none`, `pilot_moved`).
  public func rollOut(
    _ id: PromotionID, pilot: PilotID, by change: Change, in tx: inout Transaction
  ) throws -> RuleBooks.Part? {
    guard let ended = try end(id, pilot, .rolledOut, by: change, in: &tx) else { return nil }
    return .version(id, ended.version)
  }

  /// Gives every till what the others had. Harmless when repeated.
  /// - Returns, throws: as `rollOut`.
  public func stop(_ id: PromotionID, pilot: PilotID, by change: Change, in tx: inout Transaction) throws -> RuleBooks.Part? {
    guard let ended = try end(id, pilot, .stopped, by: change, in: &tx) else { return nil }
    return .version(id, ended.kept)
  }

  private func end(
    _ id: PromotionID, _ pilot: PilotID, _ state: PromotionPilot.State, by change: Change, in tx: inout Transaction
  ) throws -> PromotionPilot? {
    try takeStructure(of: account, in: &tx)
    let stored = try promotions.promotion(id, in: &tx)
    guard let known = try running(of: id, in: &tx) else {
      // Sent twice, it finds its work done.
      if try all(of: id, limit: 1, in: &tx).first.map({ $0.id == pilot && $0.state == state }) ?? false { return nil }
      throw PilotProblem.none(stored.code)
    }
    guard known.id == pilot else { throw PilotProblem.moved(stored.code) }
    try close(known, stored.code, state, by: change, in: &tx)
    if state == .rolledOut { try promotions.set(stored.code, .running, by: change, in: &tx) }
    return known
  }

  /// A promotion that leaves the tills takes its pilot with it.
  func leave(_ stored: StoredPromotion, by change: Change, in tx: inout Transaction) throws {
    guard let known = try running(of: stored.id, in: &tx) else { return }
    try close(known, stored.code, .stopped, by: change, in: &tx)
  }

  private func close(
    _ pilot: PromotionPilot, _ code: String, _ state: PromotionPilot.State, by change: Change, in tx: inout Transaction
  ) throws {
    let rules = try RuleBooks(of: programme).latestVersion(in: &tx) + 1
    try tx.run(PilotSQL.end(pilot, state, rules, account, change))
    try note(state == .rolledOut ? "promotion.pilot_rolled_out" : "promotion.pilot_stopped", pilot, code, by: change, in: &tx)
  }

  private func note(
    _ act: String, _ pilot: PromotionPilot, _ code: String, by change: Change, in tx: inout Transaction
  ) throws {
    let after: JSON = .object([
      "code": .string(code), "version": .int(pilot.version), "kept": pilot.kept.map(JSON.int),
      "scope": pilot.scopeWithoutPeople,
    ])
    try AuditTrail(of: account).record([.did(act, pilot.promotion, after: after)], by: change, in: &tx)
  }

  /// What the two versions gave by the rule books of a pilot, as far as days are added up. Two statements by key.
  public func results(of pilot: PromotionPilot, in tx: inout Transaction) throws -> PilotResults {
    func sum(_ isTrial: Bool) throws -> GiftDay {
      let row = try tx.row(SettlementSQL.sum(account, pilot.promotion, pilot.sinceRules, pilot.untilRules, isTrial: isTrial))
      return row.map { SettlementSQL.gift($0, at: 0) } ?? GiftDay()
    }
    return PilotResults(trial: try sum(true), kept: try sum(false))
  }
}
