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
  /// `{ "programme": settings, "promotions": [ { "id", "code", "version", "rules" } ] }`
  public let body: JSON
  public let madeAt: Instant

  fileprivate var entries: [JSON] {
    if case .array(let entries)? = body["promotions"] { entries } else { [] }
  }

  fileprivate static func id(of entry: JSON) -> PromotionID? {
    if case .string(let text)? = entry["id"] { PromotionID(text) } else { nil }
  }
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
  }

  /// Puts the running promotions and the settings in force as they are now, or a part of them. Nothing new is published where nothing
  /// changed. Before the first book every part is everything.
  /// - Parameter names: what the account's rules may name (`AccountNames`); a book that names anything else is not published.
  /// - Throws: `Problem.invalid` with every issue at its pointer in the book; `Problem.conflict` (`programme_changed`) where the
  ///   programme has a newer version than the one given, (`approval_needed`) where a second person's word is missing.
  public func publish(
    _ names: any Names, _ part: Part = .everything, by change: Change, in tx: inout Transaction
  ) throws -> StoredRuleBook {
    try takeStructure(of: programme.account, in: &tx)
    let last = try latest(in: &tx)
    let draft = try draft(part, after: last, in: &tx)
    if let last, last.body == draft.body { return last }
    let book = StoredRuleBook(
      version: (last?.version ?? 0) + 1, programmeVersion: draft.programmeVersion, promotions: draft.promotions, body: draft.body,
      madeAt: change.at)
    let rules = try book.rules(names)
    try Approvals(of: programme).check(
      Self.changed(rules.promotions, since: last), programme.settings.approval, programme.settings.terms, in: &tx)
    try tx.enqueue(PromotionSQL.insertBook(programme.account, programme.id, book, change))
    let after: JSON = .object([
      "version": .int(book.version), "programmeVersion": .int(book.programmeVersion), "promotions": .int(Int64(book.promotions)),
    ])
    try AuditTrail(of: programme.account).record([.did("rule_book.published", programme.id, after: after)], by: change, in: &tx)
    return book
  }

  /// Promotions that tills do not have, or have at another version.
  private static func changed(_ promotions: [Promotion], since last: StoredRuleBook?) -> [Promotion] {
    var known: [PromotionID: Int64] = [:]
    for entry in last?.entries ?? [] {
      if let id = StoredRuleBook.id(of: entry), case .int(let version)? = entry["version"] { known[id] = version }
    }
    return promotions.filter { known[$0.id] != Int64($0.version) }
  }

  private func draft(
    _ part: Part, after last: StoredRuleBook?, in tx: inout Transaction
  ) throws -> (body: JSON, programmeVersion: Int64, promotions: Int) {
    let entries: [JSON]
    var (settings, version) = (programme.settings.json, programme.version)
    switch (part, last) {
    case (.everything, _), (_, nil):
      entries = try runningPromotions(in: &tx).map(Self.entry)
    case (.settings, let last?): entries = last.entries
    case (.promotion(let id), let last?):
      let changed = try Promotions(of: programme).promotion(id, in: &tx)
      let others = last.entries.filter { StoredRuleBook.id(of: $0) != id }
      entries = (changed.status == .running ? others + [Self.entry(changed)] : others).sorted {
        (StoredRuleBook.id(of: $0) ?? PromotionID(0)) < (StoredRuleBook.id(of: $1) ?? PromotionID(0))
      }
      (settings, version) = (last.body["programme"] ?? settings, last.programmeVersion)
    }
    if version == programme.version { try refuseOldProgramme(in: &tx) }
    return (.object(["programme": settings, "promotions": .array(entries)]), version, entries.count)
  }

  private static func entry(_ promotion: StoredPromotion) -> JSON {
    .object([
      "id": .string("\(promotion.id)"), "code": .string(promotion.code), "version": .int(promotion.version),
      "rules": promotion.body,
    ])
  }

  /// The version in force; 0 before the first. One small read, for whoever keeps a compiled book and asks whether it is old.
  public func latestVersion(in tx: inout Transaction) throws -> Int64 {
    try tx.row(PromotionSQL.lastBookVersion(programme.account, programme.id))?.int(0) ?? 0
  }

  /// The book in force, nil before the first.
  public func latest(in tx: inout Transaction) throws -> StoredRuleBook? {
    try tx.row(PromotionSQL.lastBook(programme.account, programme.id)).map(Self.book)
  }

  /// - Throws: `Problem.notFound`.
  public func book(_ version: Int64, in tx: inout Transaction) throws -> StoredRuleBook {
    guard let row = try tx.row(PromotionSQL.book(programme.account, programme.id, version)) else {
      throw Problem(.notFound, "rule_book_unknown", "programme \(programme.id) has no rule book \(version)")
    }
    return try Self.book(row)
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

  private static func book(_ row: Row) throws -> StoredRuleBook {
    StoredRuleBook(
      version: row.int(0), programmeVersion: row.int(1), promotions: Int(row.int(2)),
      body: try storedJSON(row.text(3), in: "rule_book.body"), madeAt: row.instant(4))
  }
}
