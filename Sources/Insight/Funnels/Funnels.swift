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

  /// Keeps a funnel under a name: a new one, or another body for the one that has the name. The same again changes nothing.
  /// - Parameter version: the one that was looked at; nil: whichever there is.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`funnel_changed`, `too_many_funnels`, `funnel_archived`).
  @discardableResult
  public func save(_ name: String, _ body: JSON, seen version: Int64? = nil, by change: Change, in tx: inout Transaction) throws -> FunnelID {
    let issues = IssueList()
    checkName(name, at: "/name", issues, max: 100)
    try issues.check("the funnel")
    try takeStructure(of: account, in: &tx)
    guard let row = try tx.row(FunnelSQL.byName(account, programme, folded(name))) else { return try make(name, body, change, &tx) }
    let known = try FunnelSQL.funnel(row)
    guard known.archivedAt == nil else {
      throw Problem(
        .conflict, "funnel_archived", "a funnel of this name is in the archive; take it out, or take another name",
        cashier: LocalText(ru: "Воронка с таким названием лежит в архиве", en: "A funnel of this name is in the archive"))
    }
    guard known.body != body || known.name != name else { return known.id }
    guard version == nil || version == known.version else {
      throw Problem(
        .conflict, "funnel_changed", "somebody changed the funnel meanwhile; open it again",
        cashier: LocalText(
          ru: "Воронку тем временем изменили. Откройте её заново", en: "Somebody changed the funnel meanwhile. Open it again"))
    }
    try tx.run(FunnelSQL.update(known.id, account, name, body.compact, change.at))
    try AuditTrail(of: account).record([.changed("funnel", known.id, from: known.body, to: body)], by: change, in: &tx)
    return known.id
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
