import Access
import Kernel
import Loyalty
import Storage

/// Every statement about the packed days of sessions.
enum VisitDaySQL {
  static func spoil(_ account: AccountID, _ programme: ProgrammeID, _ day: CivilDay, _ now: Instant) -> SQL {
    SQL(
      """
      insert into visit_day (programme_id, day, account_id, stale_at, visits, events) values ($1, $2, $3, $4, 0, 0)
      on conflict (programme_id, day) do update set stale_at = excluded.stale_at
      where visit_day.account_id = excluded.account_id
      """, programme, day, account, now)
  }

  /// A day that has to be added up, the one that waits longest first.
  static func stale(_ limit: Int) -> SQL {
    // Unscoped: whoever adds days up goes through all accounts.
    "select programme_id, account_id, day, stale_at from visit_day where stale_at is not null order by stale_at limit \(limit)"
  }

  static func visits(
    _ account: AccountID, _ programme: ProgrammeID, _ day: CivilDay, after: VisitID, _ limit: Int
  ) -> SQL {
    """
    select id, visitor, owner_id, started_at, source_id, events, product_views, carts, orders from visit
    where programme_id = \(programme) and account_id = \(account) and day = \(day) and id > \(after) order by id limit \(limit)
    """
  }

  /// Nothing where something came meanwhile.
  static func keep(
    _ account: AccountID, _ programme: ProgrammeID, _ day: CivilDay, _ packed: VisitDay, staleAt: Instant
  ) -> SQL {
    SQL(
      """
      update visit_day set stale_at = null, visits = $5, events = $6, body = $7
      where programme_id = $1 and day = $2 and account_id = $3 and stale_at = $4
      """, programme, day, account, staleAt, packed.visits.count, packed.visits.reduce(Int64(0)) { $0 + $1.events }, packed.bytes)
  }

  static func days(_ account: AccountID, _ programme: ProgrammeID, _ days: ClosedRange<CivilDay>) -> SQL {
    """
    select day, body, stale_at from visit_day
    where programme_id = \(programme) and account_id = \(account) and day >= \(days.lowerBound) and day <= \(days.upperBound)
    order by day
    """
  }

  static func firstDay(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "select day from visit_day where programme_id = \(programme) and account_id = \(account) order by day limit 1"
  }

  static func lastDay(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "select day from visit_day where programme_id = \(programme) and account_id = \(account) order by day desc limit 1"
  }

  static func forget(_ account: AccountID, _ programme: ProgrammeID, before day: CivilDay) -> SQL {
    SQL("delete from visit_day where programme_id = $1 and account_id = $2 and day < $3", programme, account, day)
  }
}
