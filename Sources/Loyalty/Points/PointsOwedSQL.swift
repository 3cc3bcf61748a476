import Kernel
import Storage

/// Statements about what programmes owe.
enum PointsOwedSQL {
  static func programme(from programme: ProgrammeID) -> SQL {
    // Unscoped: scheduled work goes through the programmes of all accounts.
    SQL("select id, account_id from programme where id >= $1 order by id limit 1", programme)
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "select month, points, wallets, at from points_owed where account_id = \(account) and programme_id = \(programme) order by month"
  }

  static func clear(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "delete from points_owed where account_id = \(account) and programme_id = \(programme)"
  }

  static func insert(
    _ account: AccountID, _ programme: ProgrammeID, _ month: CivilDay, _ points: Int64, _ wallets: Int64, _ now: Instant
  ) -> SQL {
    SQL(
      "insert into points_owed (programme_id, month, account_id, points, wallets, at) values ($1, $2, $3, $4, $5, $6)", programme,
      month,
      account, points, wallets, now)
  }

  static func ages(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "select month, points, at from points_age where account_id = \(account) and programme_id = \(programme) order by month"
  }

  static func clearAges(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "delete from points_age where account_id = \(account) and programme_id = \(programme)"
  }

  static func owed(_ row: Row) -> PointsOwed {
    let month = row.day(0)
    return PointsOwed(
      month: month == PointsOwed.never ? nil : month, points: row.points(1), wallets: Int(row.int(2)), at: row.instant(3))
  }
}
