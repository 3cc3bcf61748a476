import Access
import Kernel
import Loyalty
import Storage

/// The reports that people of one programme keep, each with its owner and with whom it is shared.
public struct SavedReports: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  /// By whose clock days and hours are.
  let zone: Zone

  public init(of programme: Programme) {
    (account, self.programme, zone) = (programme.account, programme.id, programme.settings.points.zone)
  }

  /// A line of the list.
  public struct Listed: Sendable {
    public let report: SavedReport
    /// Schedules that send it.
    public let schedules: Int
  }

  /// Those that somebody may see, by folder and name; those in the archive come too. One statement of at most `Limits.savedReports` rows.
  public func all(for person: StaffMember, in tx: inout Transaction) throws -> [Listed] {
    try tx.rows(SavedReportSQL.all(account, programme, Limits.savedReports)).map { row in
      Listed(report: try SavedReportSQL.report(row), schedules: Int(row.int(11)))
    }.filter { $0.report.isVisible(to: person) }
  }

  /// - Throws: `Problem.notFound`.
  public func report(_ id: SavedReportID, in tx: inout Transaction) throws -> SavedReport {
    guard let row = try tx.row(SavedReportSQL.byID(account, programme, id)) else { throw Self.unknown("\(id)") }
    return try SavedReportSQL.report(row)
  }

  /// - Throws: `Problem.notFound` also for what somebody may not see.
  public func report(_ id: SavedReportID, for person: StaffMember, in tx: inout Transaction) throws -> SavedReport {
    let known = try report(id, in: &tx)
    guard known.isVisible(to: person) else { throw Self.unknown("\(id)") }
    return known
  }

  /// By its name, however that is written; nil where there is none.
  public func report(named name: String, in tx: inout Transaction) throws -> SavedReport? {
    try tx.row(SavedReportSQL.byName(account, programme, folded(name))).map(SavedReportSQL.report)
  }

  /// Those that cut by a field of members or ask for its values, archived ones left out. One statement of at most `Limits.savedReports` rows.
  func naming(_ naming: FieldNaming, in tx: inout Transaction) throws -> [SavedReport] {
    try tx.rows(SavedReportSQL.all(account, programme, Limits.savedReports)).map(SavedReportSQL.report).filter { report in
      report.archivedAt == nil && report.details.question.isNamed(by: naming)
    }
  }

  /// Those that show only members of a segment, leave them out or set them against others; archived ones left out. One statement like the other.
  func filtering(bySegment code: String, in tx: inout Transaction) throws -> [SavedReport] {
    try tx.rows(SavedReportSQL.all(account, programme, Limits.savedReports)).map(SavedReportSQL.report).filter { report in
      report.archivedAt == nil && report.details.question.segments.contains(code)
    }
  }

  /// Those that show only receipts of a promotion, or leave them out; archived ones left out. One statement like the others.
  func filtering(byPromotion code: String, in tx: inout Transaction) throws -> [SavedReport] {
    try tx.rows(SavedReportSQL.all(account, programme, Limits.savedReports)).map(SavedReportSQL.report).filter { report in
      report.archivedAt == nil
        && report.details.question.filters.contains { $0.dimension == .promotion && $0.labels.contains(code) }
    }
  }

  static func unknown(_ what: String) -> Problem {
    Problem(
      .notFound, "report_unknown", "there is no report \(what.prefix(Limits.code)) that you may see; the list has those there are",
      cashier: LocalText(ru: "Такого отчёта нет или он вам не открыт", en: "There is no such report, or it is not shared with you"))
  }

  /// Keeps a new report. The same again by the same person changes nothing.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`report_name_taken`, `too_many_reports`).
  public func save(
    _ details: SavedReportDetails, of owner: StaffID, by change: Change, in tx: inout Transaction
  ) throws -> SavedReportID {
    try check(details)
    try takeStructure(of: account, in: &tx)
    if let known = try report(named: details.name, in: &tx) {
      guard known.owner == owner, known.details == details, known.archivedAt == nil else { throw Self.taken(known) }
      return known.id
    }
    guard let row = try tx.row(SavedReportSQL.count(account, programme)), row.int(0) < Limits.savedReports else {
      throw Problem(
        .conflict, "too_many_reports", "a programme keeps at most \(Limits.savedReports) reports; change one that nobody needs",
        cashier: LocalText(ru: "Больше отчётов сохранить нельзя", en: "No more reports can be kept"))
    }
    let id: SavedReportID = change.id()
    try tx.run(SavedReportSQL.insert(id, account, programme, details, owner, change.at))
    try AuditTrail(of: account).record([.made("saved_report", id, details.json)], by: change, in: &tx)
    return id
  }

  /// Changes what is said of a report, or what it asks. The same again changes nothing.
  /// - Parameter version: the one that was looked at.
  /// - Throws: `Problem.invalid`; `Problem.notFound`; `Problem.forbidden` (`report_not_yours`); `Problem.conflict` (`report_changed`,
  ///   `report_name_taken`).
  public func change(
    _ id: SavedReportID, to details: SavedReportDetails, seen version: Int64, by person: StaffMember, _ change: Change,
    in tx: inout Transaction
  ) throws {
    try check(details)
    try takeStructure(of: account, in: &tx)
    let known = try report(id, for: person, in: &tx)
    guard known.mayBeChanged(by: person) else { throw Self.notYours }
    guard known.details != details else { return }
    guard known.version == version else { throw Self.changed }
    if let other = try report(named: details.name, in: &tx), other.id != id { throw Self.taken(other) }
    try tx.run(SavedReportSQL.update(id, account, details, change.at))
    try AuditTrail(of: account).record(
      [.changed("saved_report", id, from: known.details.json, to: details.json)], by: change, in: &tx)
  }

  /// Puts a report into the archive: its schedules rest. Or takes it out again: they go on with their next moment. Harmless when repeated.
  public func setArchived(
    _ isArchived: Bool, _ id: SavedReportID, by person: StaffMember, _ change: Change, in tx: inout Transaction
  ) throws {
    try takeStructure(of: account, in: &tx)
    let known = try report(id, for: person, in: &tx)
    guard known.mayBeChanged(by: person) else { throw Self.notYours }
    guard (known.archivedAt != nil) != isArchived else { return }
    try tx.run(SavedReportSQL.archive(id, account, isArchived ? change.at : nil))
    for schedule in try tx.rows(ReportScheduleSQL.ofReport(account, id)).map(ReportScheduleSQL.schedule) {
      let next = isArchived || schedule.isPaused ? nil : schedule.rhythm.next(after: change.at, in: zone)
      try tx.run(ReportScheduleSQL.setNext(schedule.id, account, next))
    }
    let note = AuditNote.did(isArchived ? "saved_report.archived" : "saved_report.restored", id)
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }

  private func check(_ details: SavedReportDetails) throws(Problem) {
    let issues = IssueList()
    details.check(issues)
    try issues.check("the report")
    guard details.question.json.compact.utf8.count <= Limits.jobBody else {
      throw Problem(
        .invalid, "report_too_large", "what a report asks has at most \(Limits.jobBody) bytes; name fewer words in filters")
    }
  }

  static let notYours = Problem(
    .forbidden, "report_not_yours", "only its owner and owners of the account change a report; save it under another name",
    cashier: LocalText(
      ru: "Менять отчёт могут его автор и владелец. Сохраните свой под другим названием",
      en: "Its owner and owners of the account change a report. Save your own under another name"))
  static let changed = Problem(
    .conflict, "report_changed", "somebody changed the report meanwhile; open it again",
    cashier: LocalText(
      ru: "Отчёт тем временем изменили. Откройте его заново", en: "Somebody changed the report meanwhile. Open it again"))

  private static func taken(_ other: SavedReport) -> Problem {
    let words =
      other.archivedAt == nil
      ? LocalText(ru: "Отчёт с таким названием уже есть", en: "There is a report of this name already")
      : LocalText(
        ru: "Отчёт с таким названием лежит в архиве", en: "A report of this name is in the archive")
    return Problem(
      .conflict, "report_name_taken", "there is a report \"\(other.details.name)\"; take another name", cashier: words,
      issues: [Issue(pointer: "/name", code: "taken", message: "this name is taken")])
  }
}
