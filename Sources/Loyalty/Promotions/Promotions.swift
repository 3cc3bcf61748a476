import Access
import Kernel
import Storage

/// The promotions of one programme. A change is a new version and does nothing at a till until a rule book is published.
public struct Promotions: Sendable {
  let home: Programme
  var account: AccountID { home.account }
  var programme: ProgrammeID { home.id }

  public init(of programme: Programme) { home = programme }

  /// Makes promotions as drafts and changes those with a known code; the same body again is the same version.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`promotion_archived`, `too_many_promotions`).
  public func save(_ rows: [PromotionDetails], by change: Change, in tx: inout Transaction) throws -> Saved<Entity.Promotion> {
    try check(rows, "the promotions")
    guard !rows.isEmpty else { return Saved() }
    try takeStructure(of: account, in: &tx)
    let known = try promotions(codes: rows.map(\.code), in: &tx)
    if let over = rows.compactMap({ known[$0.code] }).first(where: { $0.status == .archived }) {
      throw PromotionProblem.archived(over.code)
    }
    try refuseTooMany(rows.count { known[$0.code] == nil }, in: &tx)
    let fresh = rows.filter { known[$0.code]?.body != $0.body }
    let packed = Dictionary(
      zip(fresh.map(\.code), try RuleParts(of: account).pack(fresh.map(\.body), in: &tx)), uniquingKeysWith: { first, _ in first })
    let upsert = Upsert<PromotionDetails>(
      into: ProgrammesSchema.promotion, PromotionSQL.inserted,
      values: { id, row in PromotionSQL.values(id, account, programme, row, packed[row.code] ?? row.body, change.at) },
      update: { id, row in
        let version = (known[row.code]?.version ?? 0) + 1
        return PromotionSQL.update(id, account, programme, packed[row.code] ?? row.body, version, change.at)
      })
    let (noted, before) = noted(rows, known)
    let saved = try upsert.save(noted, known: before, in: account, by: change, in: &tx)
    for (row, id) in zip(rows, saved.ids) {
      guard let body = packed[row.code] else { continue }
      try tx.enqueue(PromotionSQL.insertVersion(id, (known[row.code]?.version ?? 0) + 1, account, body, change))
    }
    return saved
  }

  /// The rows and what was there before as the audit trail tells of them: of sheets only what differs.
  private func noted(
    _ rows: [PromotionDetails], _ known: [String: StoredPromotion]
  ) -> ([PromotionDetails], [String: Known<PromotionDetails>]) {
    var before = known.mapValues { Known(id: $0.id, details: PromotionDetails(code: $0.code, body: $0.body)) }
    let noted = rows.map { row -> PromotionDetails in
      guard let old = known[row.code] else { return PromotionDetails(code: row.code, body: RuleParts.summary(row.body)) }
      guard old.body != row.body else { return row }
      let sides = RuleParts.noted(old.body, row.body)
      // In another order only: it is told whole.
      guard sides.old != sides.new else { return row }
      before[row.code] = Known(id: old.id, details: PromotionDetails(code: row.code, body: sides.old))
      return PromotionDetails(code: row.code, body: sides.new)
    }
    return (noted, before)
  }

  /// Launches, pauses or archives; an archived promotion stays so. Harmless when repeated. What leaves the tills takes its pilot with it.
  /// - Throws: `Problem.notFound`; `Problem.conflict` (`promotion_status`, `pilot_runs`).
  public func set(_ code: String, _ status: StoredPromotion.Status, by change: Change, in tx: inout Transaction) throws {
    try takeStructure(of: account, in: &tx)
    guard let known = try promotions(codes: [code], in: &tx)[code] else { throw PromotionProblem.unknown(code) }
    guard known.status.mayBecome(status) else { throw PromotionProblem.status(known, status) }
    if status == .running, known.status != .running, try Pilots(of: home).running(of: known.id, in: &tx) != nil {
      throw PilotProblem.runs(code)
    }
    if status == .paused || status == .archived { try Pilots(of: home).leave(known, by: change, in: &tx) }
    guard known.status != status else { return }
    try tx.enqueue(PromotionSQL.setStatus(known.id, account, programme, status, change.at))
    let note = AuditNote.changed(
      "promotion", known.id, from: .object(["status": .string(known.status.rawValue)]),
      to: .object(["status": .string(status.rawValue)]))
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }

  /// The promotions with these codes; what is not there is missing from the answer. At most `Limits.bulk` codes.
  public func promotions(codes: [String], in tx: inout Transaction) throws -> [String: StoredPromotion] {
    guard !codes.isEmpty else { return [:] }
    let found = try tx.rows(PromotionSQL.byCodes(account, programme, Array(codes.prefix(Limits.bulk)))).map(PromotionSQL.promotion)
      .unpacked(of: account, in: &tx)
    return Dictionary(found.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// All promotions in the order of their ids, perhaps only those of one status, page by page.
  public func all(
    _ status: StoredPromotion.Status? = nil, after: PromotionID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [StoredPromotion] {
    let some = min(max(1, limit), Limits.page)
    return try tx.rows(PromotionSQL.all(account, programme, status, after, some)).map(PromotionSQL.promotion)
      .unpacked(of: account, in: &tx)
  }

  /// What a promotion said at a version.
  /// - Throws: `Problem.notFound`.
  public func body(of id: PromotionID, version: Int64, in tx: inout Transaction) throws -> JSON {
    guard let row = try tx.row(PromotionSQL.body(id, version, account, programme)) else {
      throw PromotionProblem.unknown("\(id) at version \(version)")
    }
    let body = try storedJSON(row.text(0), in: "promotion_version.body")
    return try RuleParts(of: account).unpack([body], in: &tx).first ?? body
  }

  private func refuseTooMany(_ fresh: Int, in tx: inout Transaction) throws {
    guard fresh > 0 else { return }
    let count = try tx.row(PromotionSQL.count(account, programme))?.int(0) ?? 0
    guard Int(count) + fresh > Limits.promotions else { return }
    throw Problem(
      .conflict, "too_many_promotions",
      "a programme has at most \(Limits.promotions) promotions that are not archived; archive old ones")
  }
}

enum PromotionProblem {
  static func unknown(_ code: String) -> Problem {
    Problem(
      .notFound, "promotion_unknown", "there is no promotion \(code)",
      cashier: LocalText(ru: "Такой акции нет", en: "There is no such promotion"))
  }

  static func archived(_ code: String) -> Problem {
    Problem(
      .conflict, "promotion_archived", "the promotion \"\(code)\" is archived; make another under a new code",
      cashier: LocalText(
        ru: "Акция «\(code)» в архиве и больше не меняется. Сделайте её копию под новым кодом",
        en: "The promotion “\(code)” is archived and changes no more. Make a copy under a new code"))
  }

  static func status(_ known: StoredPromotion, _ next: StoredPromotion.Status) -> Problem {
    Problem(
      .conflict, "promotion_status",
      "the promotion \"\(known.code)\" is \(known.status.rawValue) and cannot become \(next.rawValue)",
      cashier: LocalText(
        ru: "Из нынешнего состояния акции «\(known.code)» так сделать нельзя",
        en: "The promotion “\(known.code)” cannot go there from its present state"))
  }

  static func moved(_ known: StoredPromotion) -> Problem {
    Problem(
      .conflict, "promotion_moved", "the promotion \"\(known.code)\" is at version \(known.version) by now; look at it again",
      cashier: LocalText(
        ru: "Пока вы правили, кто-то сохранил версию \(known.version)",
        en: "While you were writing, somebody saved version \(known.version)"))
  }

  static func taken(_ code: String) -> Problem {
    Problem(
      .conflict, "code_taken", "there is a promotion with the code \"\(code)\" already; choose another",
      cashier: LocalText(
        ru: "Акция с кодом «\(code)» уже есть. Выберите другой код",
        en: "There is a promotion with the code “\(code)” already. Choose another"))
  }
}
