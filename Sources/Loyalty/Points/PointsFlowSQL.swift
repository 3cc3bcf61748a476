import Access
import Kernel
import Storage

/// Statements about what the journal moved by months.
enum PointsFlowSQL {
  static func all(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select month, from_account, to_account, points, at from points_flow
    where account_id = \(account) and programme_id = \(programme) order by month, from_account, to_account
    """
  }

  static func clear(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "delete from points_flow where account_id = \(account) and programme_id = \(programme)"
  }

  static func insert(
    _ account: AccountID, _ programme: ProgrammeID, _ month: CivilDay, _ from: UInt8, _ to: UInt8, _ points: Int64, _ now: Instant
  ) -> SQL {
    SQL(
      """
      insert into points_flow (programme_id, month, from_account, to_account, account_id, points, at)
      values ($1, $2, $3, $4, $5, $6, $7)
      """, programme, month, Int64(from), Int64(to), account, points, now)
  }
}
