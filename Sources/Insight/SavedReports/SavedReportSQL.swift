import Access
import Kernel
import Storage

/// Every statement about saved reports.
enum SavedReportSQL {
  private static let columns =
    "r.id, r.name, r.note, r.folder, r.form, r.roles, r.staff_id, r.version, r.made_at, r.changed_at, r.archived_at"

  static func byID(_ account: AccountID, _ programme: ProgrammeID, _ id: SavedReportID) -> SQL {
    """
    select \(raw: columns) from saved_report r
    where r.account_id = \(account) and r.programme_id = \(programme) and r.id = \(id)
    """
  }

  static func byName(_ account: AccountID, _ programme: ProgrammeID, _ key: String) -> SQL {
    """
    select \(raw: columns) from saved_report r
    where r.account_id = \(account) and r.programme_id = \(programme) and r.name_key = \(key)
    """
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select \(raw: columns), (select count(*) from report_schedule s where s.report_id = r.id) from saved_report r
    where r.account_id = \(account) and r.programme_id = \(programme) order by r.folder, r.name_key limit \(limit)
    """
  }

  static func count(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "select count(*) from saved_report where account_id = \(account) and programme_id = \(programme)"
  }

  static func insert(
    _ id: SavedReportID, _ account: AccountID, _ programme: ProgrammeID, _ details: SavedReportDetails, _ owner: StaffID,
    _ now: Instant
  ) -> SQL {
    SQL(
      """
      insert into saved_report (id, account_id, programme_id, name, name_key, note, folder, form, roles, staff_id, version, made_at,
        changed_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11)
      """, id, account, programme, details.name, folded(details.name), details.note, details.folder, details.question.json.compact,
      text(details.roles), owner, now)
  }

  static func update(_ id: SavedReportID, _ account: AccountID, _ details: SavedReportDetails, _ now: Instant) -> SQL {
    SQL(
      """
      update saved_report set name = $3, name_key = $4, note = $5, folder = $6, form = $7, roles = $8, version = version + 1,
        changed_at = $9
      where id = $1 and account_id = $2
      """, id, account, details.name, folded(details.name), details.note, details.folder, details.question.json.compact,
      text(details.roles), now)
  }

  static func archive(_ id: SavedReportID, _ account: AccountID, _ at: Instant?) -> SQL {
    "update saved_report set archived_at = cast(\(at) as bigint) where id = \(id) and account_id = \(account)"
  }

  private static func text(_ roles: Set<Role>) -> String {
    Role.allCases.filter(roles.contains).map(\.rawValue).joined(separator: " ")
  }

  static func report(_ row: Row) throws -> SavedReport {
    let roles = row.text(5).split(separator: " ").compactMap { Role(rawValue: String($0)) }
    let question: KeptQuestion
    do { question = try KeptQuestion(storedJSON(row.text(4), in: "saved_report.form")) } catch let problem as Problem {
      throw StorageFailure.damaged("saved_report.form of \(row.int(0)): \(problem.code)")
    }
    return SavedReport(
      id: row.id(0),
      details: SavedReportDetails(
        name: row.text(1), note: row.text(2), folder: row.text(3), asking: question, roles: Set(roles)),
      owner: row.id(6), version: row.int(7), madeAt: row.instant(8), changedAt: row.instant(9), archivedAt: row.instantOrNil(10))
  }
}
