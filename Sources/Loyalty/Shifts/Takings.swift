import Access
import Kernel
import Storage

/// What all stores of an account came to, day by day.
public struct Takings: Sendable {
  public let days: ClosedRange<CivilDay>
  private let byDay: [CivilDay: DayTotals]

  /// One statement over an index of the account's days: its cost grows with stores × days, not with receipts.
  public static func read(of account: AccountID, days: ClosedRange<CivilDay>, in tx: inout Transaction) throws -> Takings {
    var byDay: [CivilDay: DayTotals] = [:]
    for row in try tx.rows(StoreDaySQL.takings(account, days)) { byDay[row.day(1)] = StoreDaySQL.totals(row) }
    return Takings(days: days, byDay: byDay)
  }

  public subscript(_ day: CivilDay) -> DayTotals { byDay[day] ?? DayTotals() }

  /// Of these days, which lie within `days`.
  public func total(_ days: ClosedRange<CivilDay>) -> DayTotals {
    var total = DayTotals()
    for (day, totals) in byDay where days.contains(day) { total += totals }
    return total
  }
}
