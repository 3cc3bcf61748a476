import Access
import Kernel
import Storage

/// The shifts of one store and day.
public struct ShiftTotals: Hashable, Sendable {
  public let closed: Int
  public let tied: Int
  /// Receipts over all of them, as they were last looked at.
  public let missing: Int
  public let surplus: Int
  public let different: Int

  public init(closed: Int, tied: Int, missing: Int, surplus: Int, different: Int) {
    self.closed = closed
    self.tied = tied
    self.missing = missing
    self.surplus = surplus
    self.different = different
  }

  public static func + (a: ShiftTotals, b: ShiftTotals) -> ShiftTotals {
    ShiftTotals(
      closed: a.closed + b.closed, tied: a.tied + b.tied, missing: a.missing + b.missing, surplus: a.surplus + b.surplus,
      different: a.different + b.different)
  }

  public static var none: ShiftTotals { ShiftTotals(closed: 0, tied: 0, missing: 0, surplus: 0, different: 0) }
}

/// Store × day at one look: what was sold, and which shifts tie.
public struct Board: Sendable {
  public struct Row: Hashable, Sendable {
    public let store: StoreID
    public let code: String
    public let name: String
    public let day: CivilDay
    public let totals: DayTotals
    public let shifts: ShiftTotals

    public var isEmpty: Bool { totals == DayTotals() && shifts == .none }
  }

  public let days: ClosedRange<CivilDay>
  /// By the store's code, then by day.
  public let rows: [Row]
  /// The code of the last store on this page, to go on behind; nil on the last page.
  public let next: String?

  public init(days: ClosedRange<CivilDay>, rows: [Row], next: String?) {
    self.days = days
    self.rows = rows
    self.next = next
  }

  /// Reads one page: every day of each store, at most `Limits.boardDays` of `Limits.boardStores`. Three statements, each bounded by
  /// stores × days.
  /// - Parameters:
  ///   - after: the code of a store to go on behind.
  ///   - stores: on one page.
  ///   - hidesEmpty: leaves out days on which nothing was sold, returned or closed.
  /// - Throws: `Problem.invalid` (`days_out_of_range`).
  public static func read(
    of account: AccountID, days: ClosedRange<CivilDay>, after: String? = nil, stores limit: Int = Limits.boardStores,
    hidesEmpty: Bool = true, in tx: inout Transaction
  ) throws -> Board {
    let length = days.upperBound - days.lowerBound + 1
    guard length <= Limits.boardDays else {
      throw Problem(.invalid, "days_out_of_range", "the board shows at most \(Limits.boardDays) days at a time, not \(length)")
    }
    let some = min(max(1, limit), Limits.boardStores)
    let stores = try Places(of: account).stores(afterCode: after, limit: some, in: &tx)
    let rows = try Self.rows(of: account, stores, days, in: &tx)
    return Board(
      days: days, rows: hidesEmpty ? rows.filter { !$0.isEmpty } : rows,
      next: stores.count == some ? stores.last?.details.code : nil)
  }

  /// Every day of these stores. Two statements, each bounded by stores × days.
  public static func read(
    of account: AccountID, stores: [Store], days: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> Board {
    Board(days: days, rows: try rows(of: account, stores, days, in: &tx), next: nil)
  }

  private static func rows(
    of account: AccountID, _ stores: [Store], _ days: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> [Row] {
    guard !stores.isEmpty else { return [] }
    let ids = padded(stores.map(\.id))
    var totals: [StoreID: [CivilDay: DayTotals]] = [:]
    for row in try tx.rows(StoreDaySQL.days(account, ids, days)) {
      totals[row.id(0), default: [:]][row.day(1)] = StoreDaySQL.totals(row)
    }
    var shifts: [StoreID: [CivilDay: ShiftTotals]] = [:]
    for row in try tx.rows(StoreDaySQL.shifts(account, ids, days)) {
      shifts[row.id(0), default: [:]][row.day(1)] = StoreDaySQL.shifts(row)
    }
    return stores.flatMap { store in
      (0...(days.upperBound - days.lowerBound)).map { offset in
        let day = days.lowerBound.adding(days: offset)
        return Row(
          store: store.id, code: store.details.code, name: store.details.name, day: day,
          totals: totals[store.id]?[day] ?? DayTotals(), shifts: shifts[store.id]?[day] ?? .none)
      }
    }
  }
}
