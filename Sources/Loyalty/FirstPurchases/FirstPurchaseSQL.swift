import Access
import Conditions
import Kernel
import Storage

/// Every statement about what is counted of the past.
enum FirstPurchaseSQL {
  /// A rule book asks. Where the one before did not, nobody counted what was sold meanwhile: all is counted anew.
  static func ask(_ sum: PromotionID, _ programme: ProgrammeID, _ account: AccountID, by book: Int64, at now: Instant) -> SQL {
    """
    insert into first_purchase (programme_id, sum_id, account_id, book, asked_at, last_owner, counted_at)
    values (\(programme), \(sum), \(account), \(book), \(now), 0, null)
    on conflict (programme_id, sum_id) do update set
      counted_at = case when first_purchase.book = excluded.book - 1 then first_purchase.counted_at else null end,
      last_owner = case when first_purchase.book = excluded.book - 1 then first_purchase.last_owner else 0 end,
      asked_at = case when first_purchase.book = excluded.book - 1 then first_purchase.asked_at else excluded.asked_at end,
      book = excluded.book
    where first_purchase.account_id = excluded.account_id
    """
  }

  static func counted(_ programme: ProgrammeID, _ account: AccountID) -> SQL {
    SQL(
      """
      select sum_id from first_purchase where programme_id = $1 and account_id = $2 and counted_at is not null order by sum_id
      """, programme, account)
  }

  /// What is still to be counted, those first that are behind.
  static func waiting(_ programme: ProgrammeID, _ account: AccountID, askedBefore moment: Instant, _ limit: Int) -> SQL {
    """
    select sum_id, book, last_owner from first_purchase
    where account_id = \(account) and programme_id = \(programme) and counted_at is null and asked_at <= \(moment)
    order by last_owner, sum_id limit \(limit)
    """
  }

  /// Goes on, but only where nobody has done so or asked anew meanwhile.
  static func reach(
    _ sum: WaitingSum, _ programme: ProgrammeID, _ account: AccountID, through owner: Int64, countedAt: Instant?
  ) -> SQL {
    SQL(
      """
      update first_purchase set last_owner = $1, counted_at = cast($2 as bigint)
      where programme_id = $3 and sum_id = $4 and account_id = $5 and counted_at is null and last_owner = $6 and book = $7
      """, owner, countedAt, programme, sum.id, account, sum.lastOwner, sum.book)
  }

  /// No rule book asks any more.
  static func forget(_ sum: WaitingSum, _ programme: ProgrammeID, _ account: AccountID) -> SQL {
    """
    delete from first_purchase
    where programme_id = \(programme) and sum_id = \(sum.id) and account_id = \(account) and book = \(sum.book)
    """
  }

  static func waiting(_ row: Row) -> WaitingSum { WaitingSum(id: row.id(0), book: row.int(1), lastOwner: row.int(2)) }

  /// Members with a wallet, in their order.
  static func owners(_ programme: ProgrammeID, after owner: Int64, _ limit: Int) -> SQL {
    SQL(
      "select owner_id from wallet where programme_id = $1 and owner_id > $2 order by owner_id limit $3", programme, owner, limit)
  }

  /// Receipts of nobody that found this member later and were not returned as a whole.
  static func claims(_ account: AccountID, _ programme: ProgrammeID, _ owner: Int64) -> SQL {
    SQL(
      """
      select receipt_id, sold_by, points from receipt_alias
      where owner_id = $1 and account_id = $2 and programme_id = $3 and is_returned = 0 order by receipt_id
      """, owner, account, programme)
  }

  /// What a member bought and kept at least in part, a page at a time.
  static func receipts(_ account: AccountID, _ programme: ProgrammeID, _ owner: Int64, after id: ReceiptID, _ limit: Int) -> SQL {
    SQL(
      prepared: """
        select \(ReceiptSQL.columns) from receipt
        where owner_id = $1 and id > $2 and account_id = $3 and programme_id = $4 and state in (1, 3) order by id limit $5
        """, [owner.value, id.value, account.value, programme.value, limit.value])
  }
}
