import Access
import Kernel
import Storage

/// What the tills of one store stated for one business day against what arrived here: sums of closed shifts as they were last looked at, and
/// what the store sold by its own receipts.
public struct ShiftBalance: Hashable, Sendable {
  public let store: StoreID
  public let day: CivilDay
  public internal(set) var shifts = ShiftTotals.none
  /// By the tills, and by the receipts that carry the numbers of their shifts.
  public internal(set) var statedSales = ShiftSum()
  public internal(set) var foundSales = ShiftSum()
  public internal(set) var statedReturns = ShiftSum()
  public internal(set) var foundReturns = ShiftSum()
  /// Of the whole day, in shifts that were closed or not.
  public internal(set) var totals = DayTotals()

  init(store: StoreID, day: CivilDay) { (self.store, self.day) = (store, day) }

  /// Of many days or stores together; the store and day are those of the first.
  public static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.shifts = a.shifts + b.shifts
    sum.statedSales = a.statedSales + b.statedSales
    sum.foundSales = a.foundSales + b.foundSales
    sum.statedReturns = a.statedReturns + b.statedReturns
    sum.foundReturns = a.foundReturns + b.foundReturns
    sum.totals += b.totals
    return sum
  }

  /// What arrived and is in no closed shift, or in one of another day: below zero where a shift has more than its day.
  public var outside: ShiftSum {
    ShiftSum(count: totals.receipts - foundSales.count, amount: totals.amount - foundSales.amount)
  }

  /// Something was sold and no till has closed a shift.
  public var isUnclosed: Bool { shifts.closed == 0 && (totals.receipts > 0 || totals.returns > 0) }

  public var agrees: Bool {
    shifts.closed == shifts.tied && outside == ShiftSum() && statedSales == foundSales && statedReturns == foundReturns
  }

  /// Every day of these stores on which something was sold, returned or closed, by store and day. Two statements for each `Limits.page` stores,
  /// which read a row for each store and day and one for each shift.
  public static func read(
    of account: AccountID, stores: [StoreID], days: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> [ShiftBalance] {
    var all: [StoreID: [CivilDay: ShiftBalance]] = [:]
    for page in stores.paged(by: Limits.page) {
      let ids = padded(Array(page))
      for row in try tx.rows(StoreDaySQL.days(account, ids, days)) {
        let (store, day): (StoreID, CivilDay) = (row.id(0), row.day(1))
        all[store, default: [:]][day, default: ShiftBalance(store: store, day: day)].totals = StoreDaySQL.totals(row)
      }
      for row in try tx.rows(ShiftSQL.balances(account, ids, days)) {
        let (store, day): (StoreID, CivilDay) = (row.id(0), row.day(1))
        all[store, default: [:]][day, default: ShiftBalance(store: store, day: day)].take(row)
      }
    }
    return stores.flatMap { store in (all[store] ?? [:]).sorted { $0.key < $1.key }.map(\.value) }
  }

  /// The columns of `ShiftSQL.balances`.
  private mutating func take(_ row: Row) {
    shifts = StoreDaySQL.shifts(row)
    func sum(_ place: Int) -> ShiftSum { ShiftSum(count: Int(row.int(place)), amount: row.money(place + 1)) }
    (statedSales, foundSales) = (sum(7), sum(9))
    (statedReturns, foundReturns) = (sum(11), sum(13))
  }
}

extension ShiftSum {
  fileprivate static func + (a: Self, b: Self) -> Self { ShiftSum(count: a.count + b.count, amount: a.amount + b.amount) }
}
