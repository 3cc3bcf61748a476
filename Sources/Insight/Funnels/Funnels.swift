import Access
import Kernel
import Loyalty
import Storage

/// A funnel that is kept. Its body names goods by their codes, so it is read with the names of the day.
public struct KeptFunnel: Sendable {
  public let id: FunnelID
  public let name: String
  public let body: JSON
  /// Counts its changes, from 1.
  public let version: Int64
  public let madeAt: Instant
  public let changedAt: Instant
  public let archivedAt: Instant?
}

/// The funnels that a programme keeps.
public struct Funnels: Sendable {
  private let account: AccountID
  private let programme: ProgrammeID

  public init(of programme: Programme) { (account, self.programme) = (programme.account, programme.id) }

  /// By name, those in the archive among them; at most `Limits.funnels`.
  public func all(in tx: inout Transaction) throws -> [KeptFunnel] {
    try tx.rows(FunnelSQL.all(account, programme)).map(FunnelSQL.funnel)
  }

  /// - Throws: `Problem.notFound` (`funnel_unknown`).
  public func funnel(_ id: FunnelID, in tx: inout Transaction) throws -> KeptFunnel {
    guard let row = try tx.row(FunnelSQL.byID(account, programme, id)) else { throw Self.unknown("\(id)") }
    return try FunnelSQL.funnel(row)
  }

  /// - Throws: `Problem.notFound` (`funnel_unknown`).
  public func funnel(named name: String, in tx: inout Transaction) throws -> KeptFunnel {
    guard let row = try tx.row(FunnelSQL.byName(account, programme, folded(name))) else { throw Self.unknown(name) }
    return try FunnelSQL.funnel(row)
  }

  /// Keeps a new funnel. The same again is the one that is there.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`funnel_name_taken`, `too_many_funnels`).
  public func keep(_ name: String, _ body: JSON, by change: Change, in tx: inout Transaction) throws -> FunnelID {
    try check(name, &tx)
    guard let row = try tx.row(FunnelSQL.byName(account, programme, folded(name))) else { return try make(name, body, change, &tx) }
    let known = try FunnelSQL.funnel(row)
    guard known.body == body, known.archivedAt == nil else { throw Self.taken(known) }
    return known.id
  }

  /// Changes a funnel that was looked at. The same again changes nothing.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`funnel_changed`, `funnel_name_taken`).
  @discardableResult
  public func change(
    _ known: KeptFunnel, _ name: String, _ body: JSON, seen version: Int64, by change: Change, in tx: inout Transaction
  ) throws -> FunnelID {
    try check(name, &tx)
    let known = try funnel(known.id, in: &tx)
    guard known.body != body || known.name != name else { return known.id }
    guard version == known.version else {
      throw Problem(
        .conflict, "funnel_changed", "somebody changed the funnel meanwhile; open it again",
        cashier: LocalText(
          ru: "Воронку тем временем изменили. Откройте её заново", en: "Somebody changed the funnel meanwhile. Open it again"))
    }
    if let row = try tx.row(FunnelSQL.byName(account, programme, folded(name))) {
      let other = try FunnelSQL.funnel(row)
      guard other.id == known.id else { throw Self.taken(other) }
    }
    try tx.run(FunnelSQL.update(known.id, account, name, body.compact, change.at))
    try AuditTrail(of: account).record([.changed("funnel", known.id, from: known.body, to: body)], by: change, in: &tx)
    return known.id
  }

  /// A funnel from a file: a new one, or another body for the one that has the name.
  @discardableResult
  public func save(_ name: String, _ body: JSON, by change: Change, in tx: inout Transaction) throws -> FunnelID {
    guard let row = try tx.row(FunnelSQL.byName(account, programme, folded(name))) else {
      return try keep(name, body, by: change, in: &tx)
    }
    let known = try FunnelSQL.funnel(row)
    guard known.archivedAt == nil else { throw Self.taken(known) }
    return try self.change(known, name, body, seen: known.version, by: change, in: &tx)
  }

  private func check(_ name: String, _ tx: inout Transaction) throws {
    let issues = IssueList()
    checkName(name, at: "/name", issues, max: 100)
    try issues.check("the funnel")
    try takeStructure(of: account, in: &tx)
  }

  private static func taken(_ other: KeptFunnel) -> Problem {
    let words =
      other.archivedAt == nil
      ? LocalText(ru: "Воронка с таким названием уже есть", en: "There is a funnel of this name already")
      : LocalText(ru: "Воронка с таким названием лежит в архиве", en: "A funnel of this name is in the archive")
    return Problem(
      .conflict, "funnel_name_taken", "there is a funnel \"\(other.name)\"; take another name", cashier: words,
      issues: [Issue(pointer: "/name", code: "taken", message: "this name is taken")])
  }

  private func make(_ name: String, _ body: JSON, _ change: Change, _ tx: inout Transaction) throws -> FunnelID {
    guard let row = try tx.row(FunnelSQL.count(account, programme)), row.int(0) < Limits.funnels else {
      throw Problem(
        .conflict, "too_many_funnels", "a programme keeps at most \(Limits.funnels) funnels; change one that nobody needs",
        cashier: LocalText(ru: "Больше воронок сохранить нельзя", en: "No more funnels can be kept"))
    }
    let id: FunnelID = change.id()
    try tx.run(FunnelSQL.insert(id, account, programme, name, body.compact, change.at))
    try AuditTrail(of: account).record([.made("funnel", id, body)], by: change, in: &tx)
    return id
  }

  /// Puts a funnel into the archive or takes it out again. Harmless when repeated.
  public func setArchived(_ isArchived: Bool, _ id: FunnelID, by change: Change, in tx: inout Transaction) throws {
    let known = try funnel(id, in: &tx)
    guard (known.archivedAt != nil) != isArchived else { return }
    try tx.run(FunnelSQL.archive(id, account, isArchived ? change.at : nil))
    let note = AuditNote.did(isArchived ? "funnel.archived" : "funnel.restored", id)
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }

  private static func unknown(_ what: String) -> Problem {
    Problem(
      .notFound, "funnel_unknown", "there is no funnel \(what.prefix(Limits.name)); the list has those there are",
      cashier: LocalText(ru: "Такой воронки нет", en: "There is no such funnel"))
  }
}
