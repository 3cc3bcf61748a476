import Access
import Kernel
import Storage

/// Statements about how many coupons were issued, used and left unused.
enum CouponCountSQL {
  static let insertedStanding = [
    "programme_id", "series_id", "account_id", "issued", "active", "waiting", "reserved", "used", "expired", "void", "ends_in_week",
    "ends_in_month", "at",
  ]
  static let insertedDay = ["programme_id", "series_id", "day", "account_id", "issued", "used", "expired"]

  static func page(_ account: AccountID, after code: String, _ limit: Int) -> SQL {
    """
    select code, series_id, state, issued_at, good_from, good_until, used_at, held_until from coupon
    where account_id = \(account) and code > \(code) order by code limit \(limit)
    """
  }

  static func clearStandings(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "delete from coupon_standing where account_id = \(account) and programme_id = \(programme)"
  }

  /// What is kept by series and day.
  static func days(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select series_id, day, issued, used, expired from coupon_day
    where account_id = \(account) and programme_id = \(programme) order by series_id, day
    """
  }

  static func remove(_ place: CodeTally.Place, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    delete from coupon_day
    where account_id = \(account) and programme_id = \(programme) and series_id = \(place.series) and day = \(place.part)
    """
  }

  static func standings(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select series_id, issued, active, waiting, reserved, used, expired, void, ends_in_week, ends_in_month, at from coupon_standing
    where account_id = \(account) and programme_id = \(programme) order by series_id
    """
  }

  static func standing(_ row: Row) -> CouponStanding {
    CouponStanding(
      series: row.id(0), issued: row.int(1), active: row.int(2), waiting: row.int(3), reserved: row.int(4), used: row.int(5),
      expired: row.int(6), void: row.int(7), endsInWeek: row.int(8), endsInMonth: row.int(9), at: row.instant(10))
  }

  static func flows(_ account: AccountID, _ programme: ProgrammeID, _ days: ClosedRange<CivilDay>) -> SQL {
    """
    select series_id, cast(sum(issued) as bigint), cast(sum(used) as bigint), cast(sum(expired) as bigint) from coupon_day
    where account_id = \(account) and programme_id = \(programme) and day >= \(days.lowerBound) and day <= \(days.upperBound)
    group by series_id order by series_id
    """
  }
}
