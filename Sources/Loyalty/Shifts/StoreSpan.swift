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
    var shifts: [StoreID: ShiftTotals] = [:]
    for row in try tx.rows(StoreDaySQL.shifts(account, padded(rows.map { $0.id(0) }), days)) {
      shifts[row.id(0)] = (shifts[row.id(0)] ?? .none) + StoreDaySQL.shifts(row)
    }
    return rows.map { row in
      StoreSpan(store: row.id(0), totals: StoreDaySQL.totals(row), shifts: shifts[row.id(0)] ?? .none)
    }
  }
}
