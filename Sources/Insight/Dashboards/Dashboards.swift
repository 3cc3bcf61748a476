import Access
import Cube
import Kernel
import Loyalty
import Storage

/// The dashboards that people of one programme put together, each with its owner and with whom it is shared.
public struct Dashboards: Sendable {
  private let account: AccountID
  private let programme: ProgrammeID

  public init(of programme: Programme) { (account, self.programme) = (programme.account, programme.id) }

  /// Those that somebody may see, by name; those in the archive come too. One statement of at most `Limits.dashboards` rows.
  public func all(for person: StaffMember, in tx: inout Transaction) throws -> [Dashboard] {
    try tx.rows(DashboardSQL.all(account, programme, Limits.dashboards)).map(DashboardSQL.dashboard).filter {
      $0.isVisible(to: person)
    }
  }

  /// Those with a ready report on them whose filters are such, whoever they belong to; archived ones left out. One statement like the other.
  func filtering(_ isMeant: (Pivot.Filter) -> Bool, in tx: inout Transaction) throws -> [Dashboard] {
    try tx.rows(DashboardSQL.all(account, programme, Limits.dashboards)).map(DashboardSQL.dashboard).filter { board in
      board.archivedAt == nil && board.details.tiles.contains { $0.content.filters.contains(where: isMeant) }
    }
  }

  /// - Throws: `Problem.notFound` also for what somebody may not see.
  public func dashboard(_ id: DashboardID, for person: StaffMember, in tx: inout Transaction) throws -> Dashboard {
    let known = try tx.row(DashboardSQL.byID(account, programme, id)).map(DashboardSQL.dashboard)
    guard let known, known.isVisible(to: person) else { throw Self.unknown(id) }
    return known
  }

  /// Keeps a new dashboard. The same again by the same person changes nothing.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`dashboard_name_taken`, `too_many_dashboards`).
  public func save(
    _ details: DashboardDetails, of owner: StaffID, by change: Change, in tx: inout Transaction
  ) throws -> DashboardID {
    try check(details)
    try takeStructure(of: account, in: &tx)
    if let known = try named(details.name, in: &tx) {
      guard known.owner == owner, known.details == details, known.archivedAt == nil else { throw Self.taken(known) }
      return known.id
    }
    guard let row = try tx.row(DashboardSQL.count(account, programme)), row.int(0) < Limits.dashboards else {
      throw Problem(
        .conflict, "too_many_dashboards", "a programme keeps at most \(Limits.dashboards) dashboards; change one that nobody needs",
        cashier: LocalText(ru: "Больше панелей завести нельзя", en: "No more dashboards can be kept"))
    }
    let id: DashboardID = change.id()
    try tx.run(DashboardSQL.insert(id, account, programme, details, owner, change.at))
    try AuditTrail(of: account).record([.made("dashboard", id, details.json)], by: change, in: &tx)
    return id
  }

  /// Changes what is said of a dashboard, or its tiles. The same again changes nothing.
  /// - Parameters:
  ///   - version: the one that was looked at.
  ///   - edit: from what it is to what it shall be.
  /// - Throws: `Problem.invalid`; `Problem.notFound`; `Problem.forbidden` (`dashboard_not_yours`); `Problem.conflict`
  ///   (`dashboard_changed`, `dashboard_name_taken`).
  public func change(
    _ id: DashboardID, seen version: Int64, by person: StaffMember, _ change: Change, in tx: inout Transaction,
    _ edit: (inout DashboardDetails) throws -> Void
  ) throws {
    try takeStructure(of: account, in: &tx)
    let known = try dashboard(id, for: person, in: &tx)
    guard known.mayBeChanged(by: person) else { throw Self.notYours }
    var details = known.details
    try edit(&details)
    try check(details)
    guard known.details != details else { return }
    guard known.version == version else { throw Self.changed }
    if let other = try named(details.name, in: &tx), other.id != id { throw Self.taken(other) }
    try tx.run(DashboardSQL.update(id, account, details, change.at))
    try AuditTrail(of: account).record(
      [.changed("dashboard", id, from: known.details.json, to: details.json)], by: change, in: &tx)
  }

  /// Puts a dashboard into the archive, or takes it out again. Harmless when repeated.
  public func setArchived(
    _ isArchived: Bool, _ id: DashboardID, by person: StaffMember, _ change: Change, in tx: inout Transaction
  ) throws {
    try takeStructure(of: account, in: &tx)
    let known = try dashboard(id, for: person, in: &tx)
    guard known.mayBeChanged(by: person) else { throw Self.notYours }
    guard (known.archivedAt != nil) != isArchived else { return }
    try tx.run(DashboardSQL.archive(id, account, isArchived ? change.at : nil))
    let note = AuditNote.did(isArchived ? "dashboard.archived" : "dashboard.restored", id)
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }

  private func named(_ name: String, in tx: inout Transaction) throws -> Dashboard? {
    try tx.row(DashboardSQL.byName(account, programme, folded(name))).map(DashboardSQL.dashboard)
  }

  private func check(_ details: DashboardDetails) throws(Problem) {
    let issues = IssueList()
    details.check(issues)
    try issues.check("the dashboard")
  }

  private static func unknown(_ id: DashboardID) -> Problem {
    Problem(
      .notFound, "dashboard_unknown", "there is no dashboard \(id) that you may see; the list has those there are",
      cashier: LocalText(
        ru: "Такой панели нет или она вам не открыта", en: "There is no such dashboard, or it is not shared with you"))
  }

  private static let notYours = Problem(
    .forbidden, "dashboard_not_yours", "only its owner and owners of the account change a dashboard; make one of your own",
    cashier: LocalText(
      ru: "Менять панель могут её автор и владелец. Заведите свою",
      en: "Its owner and owners of the account change a dashboard. Make one of your own"))

  private static let changed = Problem(
    .conflict, "dashboard_changed", "somebody changed the dashboard meanwhile; open it again",
    cashier: LocalText(
      ru: "Панель тем временем изменили. Откройте её заново", en: "Somebody changed the dashboard meanwhile. Open it again"))

  private static func taken(_ other: Dashboard) -> Problem {
    let words =
      other.archivedAt == nil
      ? LocalText(ru: "Панель с таким названием уже есть", en: "There is a dashboard of this name already")
      : LocalText(ru: "Панель с таким названием лежит в архиве", en: "A dashboard of this name is in the archive")
    return Problem(
      .conflict, "dashboard_name_taken", "there is a dashboard \"\(other.details.name)\"; take another name", cashier: words,
      issues: [Issue(pointer: "/name", code: "taken", message: "this name is taken")])
  }
}
