import Access
import Kernel
import Storage

/// Every statement about dashboards.
enum DashboardSQL {
  private static let columns = "id, name, note, period, tiles, roles, staff_id, version, made_at, changed_at, archived_at"

  static func byID(_ account: AccountID, _ programme: ProgrammeID, _ id: DashboardID) -> SQL {
    """
    select \(raw: columns) from dashboard
    where account_id = \(account) and programme_id = \(programme) and id = \(id)
    """
  }

  static func byName(_ account: AccountID, _ programme: ProgrammeID, _ key: String) -> SQL {
    """
    select \(raw: columns) from dashboard
    where account_id = \(account) and programme_id = \(programme) and name_key = \(key)
    """
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from dashboard
    where account_id = \(account) and programme_id = \(programme) order by name_key limit \(limit)
    """
  }

  static func count(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "select count(*) from dashboard where account_id = \(account) and programme_id = \(programme)"
  }

  static func insert(
    _ id: DashboardID, _ account: AccountID, _ programme: ProgrammeID, _ details: DashboardDetails, _ owner: StaffID, _ now: Instant
  ) -> SQL {
    SQL(
      """
      insert into dashboard (id, account_id, programme_id, name, name_key, note, period, tiles, roles, staff_id, version, made_at,
        changed_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11)
      """, id, account, programme, details.name, folded(details.name), details.note, details.period.text, tiles(details),
      roles(details), owner, now)
  }

  static func update(_ id: DashboardID, _ account: AccountID, _ details: DashboardDetails, _ now: Instant) -> SQL {
    SQL(
      """
      update dashboard set name = $3, name_key = $4, note = $5, period = $6, tiles = $7, roles = $8, version = version + 1,
        changed_at = $9
      where id = $1 and account_id = $2
      """, id, account, details.name, folded(details.name), details.note, details.period.text, tiles(details), roles(details), now)
  }

  static func archive(_ id: DashboardID, _ account: AccountID, _ at: Instant?) -> SQL {
    "update dashboard set archived_at = cast(\(at) as bigint) where id = \(id) and account_id = \(account)"
  }

  private static func tiles(_ details: DashboardDetails) -> String { JSON.array(details.tiles.map(\.json)).compact }

  private static func roles(_ details: DashboardDetails) -> String {
    Role.allCases.filter(details.roles.contains).map(\.rawValue).joined(separator: " ")
  }

  /// - Throws: `StorageFailure.damaged`.
  static func dashboard(_ row: Row) throws -> Dashboard {
    guard let period = RelativePeriod(row.text(3)), case .array(let tiles) = try storedJSON(row.text(4), in: "dashboard.tiles")
    else {
      throw StorageFailure.damaged("dashboard \(row.int(0)): its period or its tiles")
    }
    let roles = row.text(5).split(separator: " ").compactMap { Role(rawValue: String($0)) }
    return Dashboard(
      id: row.id(0),
      details: DashboardDetails(
        name: row.text(1), note: row.text(2), period: period, tiles: tiles.compactMap(DashboardTile.init), roles: Set(roles)),
      owner: row.id(6), version: row.int(7), madeAt: row.instant(8), changedAt: row.instant(9), archivedAt: row.instantOrNil(10))
  }
}
