import Access
import Kernel
import Storage

/// Every statement about wallets that moved, and what moves with them.
enum MergingSQL {
  static func insert(
    _ id: MergeID, _ account: AccountID, _ programme: ProgrammeID, _ merged: MemberID, into survivor: MemberID,
    _ wallet: MergedWallet, _ moved: MovedThings, after last: ReturnID, at now: Instant
  ) -> SQL {
    SQL(
      """
      insert into wallet_merge (owner_id, id, account_id, programme_id, survivor_id, merged_at, shift, last_return, before, slides,
        moved)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      """, merged, id, account, programme, survivor, now, Int64(wallet.shift), last, wallet.before.document, wallet.slides,
      moved.text)
  }

  static func merge(_ account: AccountID, _ programme: ProgrammeID, _ merged: MemberID, _ id: MergeID) -> SQL {
    """
    select shift, before, slides, moved, last_return from wallet_merge
    where owner_id = \(merged) and id = \(id) and account_id = \(account) and programme_id = \(programme) and ended_at is null
    """
  }

  static func end(_ account: AccountID, _ programme: ProgrammeID, _ merged: MemberID, _ id: MergeID, at now: Instant) -> SQL {
    """
    update wallet_merge set ended_at = \(now)
    where owner_id = \(merged) and id = \(id) and account_id = \(account) and programme_id = \(programme)
    """
  }

  /// The latest return of receipts that these members had bought; 0 for none.
  static func lastReturn(_ account: AccountID, _ programme: ProgrammeID, _ owners: [Int64]) -> SQL {
    """
    select coalesce(max(id), 0) from receipt_return
    where account_id = \(account) and programme_id = \(programme) and owner_id in (\(list: padded(owners)))
    """
  }

  /// What came back later than that.
  static func returns(_ account: AccountID, _ programme: ProgrammeID, _ owners: [Int64], after last: ReturnID) -> SQL {
    """
    select \(raw: ReturnSQL.columns) from receipt_return
    where account_id = \(account) and programme_id = \(programme) and owner_id in (\(list: padded(owners))) and id > \(last)
      and receipt_id is not null
    """
  }

  /// How many of these members' receipts came back as a whole by that.
  static func wholeReturns(_ account: AccountID, _ programme: ProgrammeID, _ owners: [Int64], after last: ReturnID) -> SQL {
    """
    select count(*) from (
      select distinct owner_id, receipt_id from receipt_return
      where account_id = \(account) and programme_id = \(programme) and owner_id in (\(list: padded(owners)))
        and id > \(last) and receipt_id is not null
    ) b
    where exists (select 1 from receipt r where r.owner_id = b.owner_id and r.id = b.receipt_id and r.state in (2, 4))
      or exists (
        select 1 from receipt_alias a where a.owner_id = b.owner_id and a.receipt_id = b.receipt_id and a.is_returned = 1)
    """
  }

  /// Coupons that nobody has used; answers with their codes.
  static func moveCoupons(_ account: AccountID, from owner: MemberID, to other: MemberID) -> SQL {
    """
    update coupon set owner_id = \(other)
    where account_id = \(account) and state = 0
      and code in (select code from coupon where account_id = \(account) and owner_id = \(owner))
    returning code
    """
  }

  static func moveCoupons(_ account: AccountID, _ codes: [String], from owner: MemberID, to other: MemberID) -> SQL {
    """
    update coupon set owner_id = \(other)
    where account_id = \(account) and owner_id = \(owner) and state = 0 and code in (\(list: padded(codes)))
    """
  }

  static func countCoupons(_ account: AccountID, of member: MemberID) -> SQL {
    """
    select count(*) from coupon
    where account_id = \(account) and state = 0
      and code in (select code from coupon where account_id = \(account) and owner_id = \(member))
    """
  }
}
