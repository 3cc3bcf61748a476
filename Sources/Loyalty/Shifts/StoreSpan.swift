import Access
import Kernel
import Storage

/// What one store came to over some days, and how its shifts stand.
public struct StoreSpan: Hashable, Sendable {
  public let store: StoreID
  public let totals: DayTotals
  public let shifts: ShiftTotals

  /// The stores that sold most, by revenue. Two statements: one groups the account's days, one reads the shifts of the stores found.
  public static func largest(
    of account: AccountID, days: ClosedRange<CivilDay>, limit: Int, in tx: inout Transaction
  ) throws -> [StoreSpan] {
    let rows = try tx.rows(StoreDaySQL.largest(account, days, min(max(1, limit), Limits.page)))
    guard !rows.isEmpty else { return [] }
    let shifts = try shifts(of: account, rows.map { $0.id(0) }, days, in: &tx)
    return rows.map { row in
      StoreSpan(store: row.id(0), totals: StoreDaySQL.totals(row), shifts: shifts[row.id(0)] ?? .none)
    }
  }

  /// What these stores came to, in their order, also those that sold nothing. Two statements, bounded by stores × days. At most
  /// `Limits.page` stores.
  public static func read(
    of account: AccountID, stores: [StoreID], days: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> [StoreSpan] {
    let some = Array(stores.prefix(Limits.page))
    guard !some.isEmpty else { return [] }
    var totals: [StoreID: DayTotals] = [:]
    for row in try tx.rows(StoreDaySQL.days(account, padded(some), days)) {
      totals[row.id(0), default: DayTotals()] += StoreDaySQL.totals(row)
    }
    let shifts = try shifts(of: account, some, days, in: &tx)
    return some.map { StoreSpan(store: $0, totals: totals[$0] ?? DayTotals(), shifts: shifts[$0] ?? .none) }
  }

  private static func shifts(
    of account: AccountID, _ stores: [StoreID], _ days: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> [StoreID: ShiftTotals] {
    var shifts: [StoreID: ShiftTotals] = [:]
    for row in try tx.rows(StoreDaySQL.shifts(account, padded(stores), days)) {
      shifts[row.id(0)] = (shifts[row.id(0)] ?? .none) + StoreDaySQL.shifts(row)
    }
    return shifts
  }
}
