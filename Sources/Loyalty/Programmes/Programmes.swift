import Access
import Customers
import Kernel
import Storage

/// The programmes of one account.
public struct Programmes: Sendable {
  let account: AccountID
  private let zones: @Sendable (String) -> Zone?

  /// - Parameter zones: the time zone of a name, nil where this machine knows none.
  public init(of account: AccountID, zones: @escaping @Sendable (String) -> Zone?) {
    self.account = account
    self.zones = zones
  }

  /// Makes the programme, or gives the one with this code a next version of its settings. The same settings again are the same
  /// version. A limit of approval that is raised waits for a second person (`ApprovalChanges`); all else is saved.
  /// - Throws: `Problem.invalid` with an issue at every pointer that is wrong; `Problem.conflict` (`currency_fixed`) where a currency
  ///   or a scale of points would change under amounts that are already in the books.
  public func save(_ code: String, _ settings: JSON, by change: Change, in tx: inout Transaction) throws -> Programme {
    let read = try parsed(code, settings)
    try takeStructure(of: account, in: &tx)
    try refuseUnknownBrands(read, in: &tx)
    let known = try tx.row(ProgrammeSQL.byCode(account, code))
    try refuseUnknownTiers(read, of: known?.id(0), in: &tx)
    try refuseUnknownPlans(read, of: known?.id(0), in: &tx)
    guard let known else {
      let made = Programme(id: change.id(), account: account, code: code, version: 1, settings: read)
      try tx.enqueue(ProgrammeSQL.insert(made, change))
      return try keep(made, .made("programme", made.id, read.json), change, &tx)
    }
    let old = try programme(known)
    guard old.settings != read else { return old }
    try refuseOtherUnits(old.settings, read)
    try refuseLostPlans(old.settings, read)
    return try write(ApprovalChanges(of: old).heldBack(read, by: change, in: &tx), over: old, change, &tx)
  }

  private func write(
    _ settings: ProgrammeSettings, over old: Programme, _ change: Change, _ tx: inout Transaction
  ) throws -> Programme {
    guard old.settings != settings else { return old }
    let next = Programme(id: old.id, account: account, code: old.code, version: old.version + 1, settings: settings)
    try tx.enqueue(ProgrammeSQL.update(next))
    return try keep(next, .changed("programme", next.id, from: old.settings.json, to: settings.json), change, &tx)
  }

  /// The limit that two people agreed on.
  func setApproval(_ terms: ApprovalTerms?, of id: ProgrammeID, by change: Change, in tx: inout Transaction) throws {
    let old = try programme(id, in: &tx)
    var settings = old.settings
    settings.approval = terms
    _ = try write(settings, over: old, change, &tx)
  }

  /// - Throws: `Problem.notFound`, for another account's programme too.
  public func programme(_ id: ProgrammeID, in tx: inout Transaction) throws -> Programme {
    guard let row = try tx.row(ProgrammeSQL.byID(account, id)) else { throw ProgrammeProblem.unknown("\(id)") }
    return try programme(row)
  }

  /// - Throws: `Problem.notFound`.
  public func programme(code: String, in tx: inout Transaction) throws -> Programme {
    guard let row = try tx.row(ProgrammeSQL.byCode(account, code)) else {
      throw ProgrammeProblem.unknown("with the code \"\(code)\"")
    }
    return try programme(row)
  }

  /// The version of a programme's settings, for whoever keeps a copy of it. One small read.
  /// - Throws: `Problem.notFound`.
  public func version(of id: ProgrammeID, in tx: inout Transaction) throws -> Int64 {
    guard let row = try tx.row(ProgrammeSQL.currentVersion(account, id)) else { throw ProgrammeProblem.unknown("\(id)") }
    return row.int(0)
  }

  public func all(in tx: inout Transaction) throws -> [Programme] {
    try tx.rows(ProgrammeSQL.all(account, Limits.page)).map(programme)
  }

  /// The programme as it was at a version, for receipts that were priced by it.
  /// - Throws: `Problem.notFound`.
  public func programme(_ id: ProgrammeID, version: Int64, in tx: inout Transaction) throws -> Programme {
    guard let row = try tx.row(ProgrammeSQL.version(account, id, version)) else {
      throw ProgrammeProblem.unknown("\(id) at version \(version)")
    }
    return try programme(row)
  }

  /// Gives the programme a next version that somebody wrote with this one before their eyes. The same settings again are the same
  /// version, so a form that is sent twice saves once.
  /// - Throws: as `save`; `Problem.conflict` (`programme_changed`) where somebody else was faster.
  public func revise(
    _ id: ProgrammeID, _ settings: JSON, from version: Int64, by change: Change, in tx: inout Transaction
  ) throws -> Programme {
    try takeStructure(of: account, in: &tx)
    let known = try programme(id, in: &tx)
    if known.settings == (try parsed(known.code, settings)) { return known }
    guard known.version == version else { throw ProgrammeProblem.changed(known) }
    return try save(known.code, settings, by: change, in: &tx)
  }

  /// The settings as they were saved, latest first.
  /// - Parameter before: continue behind this version.
  public func versions(
    of id: ProgrammeID, before: Int64? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [ProgrammeVersion] {
    try tx.rows(ProgrammeSQL.versions(account, id, before ?? .max, min(max(1, limit), Limits.page))).map { row in
      ProgrammeVersion(
        version: row.int(0), settings: try storedJSON(row.text(1), in: "programme_version.settings"), madeAt: row.instant(2),
        actor: row.text(3))
    }
  }

  private func parsed(_ code: String, _ settings: JSON) throws(Problem) -> ProgrammeSettings {
    let issues = IssueList()
    if !isCode(code) { issues.add("", "not_a_code", "a programme's code has 1 to \(Limits.code) bytes without control characters") }
    let read = ProgrammeSettings(JSONNode(settings, issues: issues), zones: zones)
    try issues.check("the programme's settings")
    return read
  }

  private func refuseUnknownBrands(_ settings: ProgrammeSettings, in tx: inout Transaction) throws {
    guard !settings.brands.isEmpty else { return }
    let known = try Places(of: account).brands(in: &tx)
    let issues = IssueList()
    for (index, brand) in settings.brands.enumerated() where known[brand] == nil {
      issues.add("/brands/\(index)", "unknown_code", "there is no brand with the code \"\(brand)\"; make it first")
    }
    try issues.check("the programme's settings")
  }

  /// Tiers of a ladder are there, and each is higher than the one below it.
  private func refuseUnknownTiers(_ settings: ProgrammeSettings, of programme: ProgrammeID?, in tx: inout Transaction) throws {
    guard let ladder = settings.ladder else { return }
    let known = try programme.map { try Tiers(of: account, programme: $0).all(in: &tx) } ?? [:]
    let issues = IssueList()
    var rank = -1
    for (index, rung) in ladder.rungs.enumerated() {
      let pointer = "/ladder/rungs/\(index)/tier"
      guard let tier = known[rung.tier] else {
        issues.add(pointer, "unknown_code", "the programme has no tier \"\(rung.tier)\"; make it first")
        continue
      }
      if tier.details.rank <= rank {
        issues.add(
          pointer, "out_of_order", "the tier \"\(rung.tier)\" has the rank \(tier.details.rank), no higher than the one before it")
      }
      rank = tier.details.rank
    }
    try issues.check("the programme's settings")
  }

  /// Amounts in the books are integers of these units: another currency or scale would change what they mean.
  private func refuseOtherUnits(_ old: ProgrammeSettings, _ new: ProgrammeSettings) throws(Problem) {
    guard old.terms.currency != new.terms.currency || old.points.scale != new.points.scale else { return }
    throw Problem(
      .conflict, "currency_fixed", "the currency and the scale of points are fixed once a programme is made; make another programme"
    )
  }

  private func keep(_ programme: Programme, _ note: AuditNote, _ change: Change, _ tx: inout Transaction) throws -> Programme {
    try tx.enqueue(ProgrammeSQL.insertVersion(programme, change))
    try AuditTrail(of: account).record([note], by: change, in: &tx)
    return programme
  }

  private func programme(_ row: Row) throws -> Programme {
    let issues = IssueList()
    let settings = ProgrammeSettings(JSONNode(try storedJSON(row.text(3), in: "programme.settings"), issues: issues), zones: zones)
    guard issues.isEmpty else {
      throw StorageFailure.damaged(
        "programme.settings of \(row.text(1)): " + issues.issues.map(\.description).joined(separator: "; "))
    }
    return Programme(id: row.id(0), account: account, code: row.text(1), version: row.int(2), settings: settings)
  }
}

/// A programme's settings as they were saved once.
public struct ProgrammeVersion: Hashable, Sendable {
  public let version: Int64
  public let settings: JSON
  public let madeAt: Instant
  /// Who saved them, as the audit trail writes it.
  public let actor: String
}

enum ProgrammeProblem {
  static func unknown(_ what: String) -> Problem { Problem(.notFound, "programme_unknown", "there is no programme \(what)") }

  static func changed(_ known: Programme) -> Problem {
    Problem(
      .conflict, "programme_changed", "programme \(known.id) is at version \(known.version) by now; look at it again",
      cashier: LocalText(
        ru: "Пока вы правили, кто-то сохранил версию \(known.version)",
        en: "While you were writing, somebody saved version \(known.version)"))
  }
}
