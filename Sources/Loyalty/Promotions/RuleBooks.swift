import Access
import Calculator
import Conditions
import Kernel
import Storage

/// A rule book as it was published: the settings and the running promotions of one moment, whole.
public struct StoredRuleBook: Hashable, Sendable {
  /// Counts the rule books of the programme, from 1.
  public let version: Int64
  public let programmeVersion: Int64
  /// How many promotions it holds.
  public let promotions: Int
  /// `{ "programme": settings, "promotions": [ { "id", "code", "version", "rules" } ] }`; a promotion that is on trial says so in
  /// `versions` instead (`BookEntry`).
  public let body: JSON
  public let madeAt: Instant

  var entries: [BookEntry] {
    if case .array(let entries)? = body["promotions"] { entries.map(BookEntry.init) } else { [] }
  }

  /// The version that tills have of a promotion where no pilot takes place; nil where they have none.
  public func version(of id: PromotionID) -> Int64? { entries.first { $0.id == id }?.kept }
}

/// What was in force when: the rule books of one programme. A book is never changed; receipts name the one that priced them.
public struct RuleBooks: Sendable {
  let programme: Programme

  public init(of programme: Programme) { self.programme = programme }

  /// What of the book is made anew; the rest stays as tills have it.
  public enum Part: Hashable, Sendable {
    case everything
    /// The programme's settings, with the promotions as they are in force.
    case settings
    /// One promotion: taken in where it is running, left out where it is not. Half-finished work on others stays out of the tills.
    case promotion(PromotionID)
    /// One promotion as it was at a version, whatever was saved since; nil: left out. For the end of its pilot.
    case version(PromotionID, Int64?)
  }

  /// Puts the running promotions and the settings in force as they are now, or a part of them. Nothing new is published where nothing
  /// changed. Before the first book every part is everything.
  /// - Parameters:
  ///   - names: what the account's rules may name (`AccountNames`); a book that names anything else is not published.
  ///   - insisting: promotions that somebody just asked for by name. Of others a version whose pilot was stopped stays out of everything.
  /// - Throws: `Problem.invalid` with every issue at its pointer in the book; `Problem.conflict` (`programme_changed`) where the
  ///   programme has a newer version than the one given, (`approval_needed`) where a second person's word is missing.
  public func publish(
    _ names: any Names, _ part: Part = .everything, insisting: Set<PromotionID> = [], by change: Change, in tx: inout Transaction
  ) throws -> StoredRuleBook {
    try takeStructure(of: programme.account, in: &tx)
    let last = try latest(in: &tx)
    let draft = try draft(part, after: last, insisting, in: &tx)
    if let last, last.body == draft.body { return last }
    let book = StoredRuleBook(
      version: (last?.version ?? 0) + 1, programmeVersion: draft.programmeVersion, promotions: draft.promotions, body: draft.body,
      madeAt: change.at)
    let rules = try book.rules(names)
    try Approvals(of: programme).check(
      Self.changed(rules.promotions, since: last), programme.settings.approval, programme.settings.terms, in: &tx)
    let packed = try RuleParts(of: programme.account).pack([book.body], in: &tx).first ?? book.body
    try tx.enqueue(PromotionSQL.insertBook(programme.account, programme.id, book, packed, change))
    let firsts = rules.promotions.flatMap(\.condition.accumulators).filter(\.isFromHistory)
    try FirstPurchases(of: programme).ask(Set(firsts.map(\.id)), by: book.version, at: change.at, in: &tx)
    let after: JSON = .object([
      "version": .int(book.version), "programmeVersion": .int(book.programmeVersion), "promotions": .int(Int64(book.promotions)),
    ])
    try AuditTrail(of: programme.account).record([.did("rule_book.published", programme.id, after: after)], by: change, in: &tx)
    return book
  }

  /// Promotions that tills do not have, or have at another version, or in fewer places.
  private static func changed(_ promotions: [Promotion], since last: StoredRuleBook?) -> [Promotion] {
    let known = Dictionary(
      (last?.entries ?? []).compactMap { entry in entry.id.map { ($0, entry) } }, uniquingKeysWith: { first, _ in first })
    return promotions.filter { promotion in
      let entry = known[promotion.id]
      guard promotion.reach.isTrial else { return entry?.kept != Int64(promotion.version) }
      // A pilot is never changed: where it is of this version, it is the same one, or somebody has to look again.
      return entry?.trial != Int64(promotion.version)
    }
  }

  private func draft(
    _ part: Part, after last: StoredRuleBook?, _ insisting: Set<PromotionID>, in tx: inout Transaction
  ) throws -> (body: JSON, programmeVersion: Int64, promotions: Int) {
    let entries: [BookEntry]
    var (settings, version) = (programme.settings.json, programme.version)
    switch (part, last) {
    case (.everything, _), (_, nil): entries = try everything(after: last, insisting, in: &tx)
    case (.settings, let last?): entries = last.entries
    case (.promotion(let id), let last?):
      let changed = try Promotions(of: programme).promotion(id, in: &tx)
      entries = last.entries(replacing: id, with: try entry(changed, in: &tx))
      (settings, version) = (last.body["programme"] ?? settings, last.programmeVersion)
    case (.version(let id, let wanted), let last?):
      let changed = try Promotions(of: programme).promotion(id, in: &tx)
      let next = try wanted.map { BookEntry(changed, $0, try body(of: id, $0, in: &tx)) }
      entries = last.entries(replacing: id, with: next)
      (settings, version) = (last.body["programme"] ?? settings, last.programmeVersion)
    }
    if version == programme.version { try refuseOldProgramme(in: &tx) }
    return (.object(["programme": settings, "promotions": .array(entries.map(\.json))]), version, entries.count)
  }

  /// What runs, and what is only tried, in the order of their ids.
  private func everything(
    after last: StoredRuleBook?, _ insisting: Set<PromotionID>, in tx: inout Transaction
  ) throws -> [BookEntry] {
    let pilots = try Pilots(of: programme).running(in: &tx)
    let stopped = try Pilots(of: programme).stopped(in: &tx)
    let running = try runningPromotions(in: &tx)
    let known = Set(running.map(\.id))
    let tried = try pilots.keys.filter { !known.contains($0) }.map { try Promotions(of: programme).promotion($0, in: &tx) }
    return try (running + tried).sorted { $0.id < $1.id }.compactMap { promotion in
      if stopped.contains(promotion.id), !insisting.contains(promotion.id), pilots[promotion.id] == nil,
        let kept = last?.entries.first(where: { $0.id == promotion.id })
      {
        return kept
      }
      return try entry(promotion, pilots[promotion.id], in: &tx)
    }
  }

  private func entry(_ promotion: StoredPromotion, in tx: inout Transaction) throws -> BookEntry? {
    try entry(promotion, Pilots(of: programme).running(of: promotion.id, in: &tx), in: &tx)
  }

  /// Nil where tills have nothing of it.
  private func entry(
    _ promotion: StoredPromotion, _ pilot: PromotionPilot?, in tx: inout Transaction
  ) throws -> BookEntry? {
    guard let pilot else {
      return promotion.status == .running ? BookEntry(promotion, promotion.version, promotion.body) : nil
    }
    let kept = try pilot.kept.map { ($0, try body(of: promotion.id, $0, in: &tx)) }
    return BookEntry(promotion, kept: kept, pilot, try body(of: promotion.id, pilot.version, in: &tx))
  }

  private func body(of id: PromotionID, _ version: Int64, in tx: inout Transaction) throws -> JSON {
    try Promotions(of: programme).body(of: id, version: version, in: &tx)
  }

  /// The version in force; 0 before the first. One small read, for whoever keeps a compiled book and asks whether it is old.
  public func latestVersion(in tx: inout Transaction) throws -> Int64 {
    try tx.row(PromotionSQL.lastBookVersion(programme.account, programme.id))?.int(0) ?? 0
  }

  /// The book in force, nil before the first.
  public func latest(in tx: inout Transaction) throws -> StoredRuleBook? {
    try tx.row(PromotionSQL.lastBook(programme.account, programme.id)).map { row in try book(row, in: &tx) }
  }

  /// - Throws: `Problem.notFound`.
  public func book(_ version: Int64, in tx: inout Transaction) throws -> StoredRuleBook {
    guard let row = try tx.row(PromotionSQL.book(programme.account, programme.id, version)) else {
      throw Problem(.notFound, "rule_book_unknown", "programme \(programme.id) has no rule book \(version)")
    }
    return try book(row, in: &tx)
  }

  private func refuseOldProgramme(in tx: inout Transaction) throws {
    guard let row = try tx.row(ProgrammeSQL.byID(programme.account, programme.id)) else {
      throw ProgrammeProblem.unknown("\(programme.id)")
    }
    guard row.int(2) == programme.version else {
      throw Problem(
        .conflict, "programme_changed",
        "programme \(programme.id) is at version \(row.int(2)), not \(programme.version); load it again")
    }
  }

  private func runningPromotions(in tx: inout Transaction) throws -> [StoredPromotion] {
    try everyPage(\.id) { try Promotions(of: programme).all(.running, after: $0, limit: Limits.page, in: &tx) }
  }

  private func book(_ row: Row, in tx: inout Transaction) throws -> StoredRuleBook {
    let packed = try storedJSON(row.text(3), in: "rule_book.body")
    let body = try RuleParts(of: programme.account).unpack([packed], in: &tx).first ?? packed
    return StoredRuleBook(
      version: row.int(0), programmeVersion: row.int(1), promotions: Int(row.int(2)), body: body, madeAt: row.instant(4))
  }
}
