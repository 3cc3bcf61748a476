import Kernel
import Storage

/// Every statement about days of stores.
enum StoreDaySQL {
  static func add(_ totals: DayTotals, _ store: StoreID, _ day: CivilDay, _ account: AccountID) -> SQL {
    SQL(
      """
      insert into store_day (account_id, store_id, day, receipts, amount, member_receipts, member_amount, earned, spent, returns,
        returned, taken_back, given_back, discrepancies)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
      on conflict (store_id, day) do update set receipts = store_day.receipts + excluded.receipts,
        amount = store_day.amount + excluded.amount, member_receipts = store_day.member_receipts + excluded.member_receipts,
        member_amount = store_day.member_amount + excluded.member_amount, earned = store_day.earned + excluded.earned,
        spent = store_day.spent + excluded.spent, returns = store_day.returns + excluded.returns,
        returned = store_day.returned + excluded.returned, taken_back = store_day.taken_back + excluded.taken_back,
        given_back = store_day.given_back + excluded.given_back, discrepancies = store_day.discrepancies + excluded.discrepancies
      where store_day.account_id = excluded.account_id
      """, account, store, day, totals.receipts, totals.amount, totals.memberReceipts, totals.memberAmount, totals.earned,
      totals.spent, totals.returns, totals.returned, totals.takenBack, totals.givenBack, totals.discrepancies)
  }

  static func days(_ account: AccountID, _ stores: [StoreID], _ days: ClosedRange<CivilDay>) -> SQL {
    """
    select store_id, day, receipts, amount, member_receipts, member_amount, earned, spent, returns, returned, taken_back,
      given_back, discrepancies
    from store_day
    where account_id = \(account) and store_id in (\(list: stores)) and day >= \(days.lowerBound) and day <= \(days.upperBound)
    """
  }

  private static let sums = [
    "receipts", "amount", "member_receipts", "member_amount", "earned", "spent", "returns", "returned", "taken_back", "given_back",
    "discrepancies",
  ].map { "cast(sum(\($0)) as bigint)" }.joined(separator: ", ")

  static func takings(_ account: AccountID, _ days: ClosedRange<CivilDay>) -> SQL {
    """
    select account_id, day, \(raw: sums)
    from store_day
    where account_id = \(account) and day >= \(days.lowerBound) and day <= \(days.upperBound)
    group by account_id, day
    """
  }

  static func largest(_ account: AccountID, _ days: ClosedRange<CivilDay>, _ limit: Int) -> SQL {
    """
    select store_id, 0, \(raw: sums)
    from store_day
    where account_id = \(account) and day >= \(days.lowerBound) and day <= \(days.upperBound)
    group by store_id order by sum(amount) desc, store_id limit \(limit)
    """
  }

  static func totals(_ row: Row) -> DayTotals {
    var totals = DayTotals()
    (totals.receipts, totals.amount) = (Int(row.int(2)), row.money(3))
    (totals.memberReceipts, totals.memberAmount) = (Int(row.int(4)), row.money(5))
    (totals.earned, totals.spent) = (row.points(6), row.points(7))
    (totals.returns, totals.returned) = (Int(row.int(8)), row.money(9))
    (totals.takenBack, totals.givenBack, totals.discrepancies) = (row.points(10), row.points(11), Int(row.int(12)))
    return totals
  }

  static func shifts(_ account: AccountID, _ stores: [StoreID], _ days: ClosedRange<CivilDay>) -> SQL {
    """
    select owner_id, business_day, count(*), cast(sum(ties) as bigint), cast(sum(missing) as bigint), cast(sum(surplus) as bigint),
      cast(sum(different) as bigint)
    from shift_closing
    where account_id = \(account) and owner_id in (\(list: stores)) and business_day >= \(days.lowerBound)
      and business_day <= \(days.upperBound) and replaced_at is null
    group by owner_id, business_day
    """
  }

  static func shifts(_ row: Row) -> ShiftTotals {
    ShiftTotals(
      closed: Int(row.int(2)), tied: Int(row.int(3)), missing: Int(row.int(4)), surplus: Int(row.int(5)),
      different: Int(row.int(6)))
  }
}
