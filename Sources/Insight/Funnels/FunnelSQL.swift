import Access
import Kernel
import Loyalty
import Storage

/// Every statement about funnels that are kept.
enum FunnelSQL {
  private static let columns = "id, name, body, version, made_at, changed_at, archived_at"

  static func byID(_ account: AccountID, _ programme: ProgrammeID, _ id: FunnelID) -> SQL {
    "select \(raw: columns) from funnel where id = \(id) and account_id = \(account) and programme_id = \(programme)"
  }

  static func byName(_ account: AccountID, _ programme: ProgrammeID, _ key: String) -> SQL {
    "select \(raw: columns) from funnel where programme_id = \(programme) and account_id = \(account) and name_key = \(key)"
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select \(raw: columns) from funnel where programme_id = \(programme) and account_id = \(account)
    order by name_key limit \(Limits.funnels)
    """
  }

  static func count(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "select count(*) from funnel where programme_id = \(programme) and account_id = \(account)"
  }

  static func insert(_ id: FunnelID, _ account: AccountID, _ programme: ProgrammeID, _ name: String, _ body: String, _ at: Instant)
    -> SQL
  {
    SQL(
      """
      insert into funnel (id, account_id, programme_id, name, name_key, body, version, made_at, changed_at)
      values ($1, $2, $3, $4, $5, $6, 1, $7, $7)
      """, id, account, programme, name, folded(name), body, at)
  }

  static func update(_ id: FunnelID, _ account: AccountID, _ name: String, _ body: String, _ at: Instant) -> SQL {
    SQL(
      """
      update funnel set name = $3, name_key = $4, body = $5, version = version + 1, changed_at = $6
      where id = $1 and account_id = $2
      """, id, account, name, folded(name), body, at)
  }

  static func archive(_ id: FunnelID, _ account: AccountID, _ at: Instant?) -> SQL {
    "update funnel set archived_at = cast(\(at) as bigint) where id = \(id) and account_id = \(account)"
  }

  static func funnel(_ row: Row) throws -> KeptFunnel {
    KeptFunnel(
      id: row.id(0), name: row.text(1), body: try storedJSON(row.text(2), in: "funnel.body"), version: row.int(3),
      madeAt: row.instant(4), changedAt: row.instant(5), archivedAt: row.instantOrNil(6))
  }
}
