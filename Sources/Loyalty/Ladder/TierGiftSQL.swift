import Kernel
import Storage

/// Every statement about tiers that promotions gave.
enum TierGiftSQL {
  private static let columns = "owner_id, receipt_id, promotion_id, tier_id, holder_id, grant_id, starts_at, ends_at"

  static func insert(
    _ given: GivenTier, _ owner: Int64, _ receipt: ReceiptID, _ account: AccountID, _ programme: ProgrammeID
  ) -> SQL {
    SQL(
      """
      insert into tier_gift (owner_id, receipt_id, promotion_id, account_id, programme_id, tier_id, holder_id, grant_id, starts_at, ends_at)
      values ($1, $2, $3, $4, $5, $6, $1, $7, $8, $9)
      """, owner, receipt, given.promotion, account, programme, given.tier, given.grant, given.since, given.until)
  }

  static func gift(_ row: Row) -> StandingTierGift {
    StandingTierGift(
      owner: row.int(0), receipt: row.id(1), holder: row.id(4),
      given: GivenTier(promotion: row.id(2), tier: row.id(3), since: row.instant(6), until: row.instant(7), grant: row.id(5)))
  }

  static func brought(_ account: AccountID, _ owner: Int64, on receipt: ReceiptID) -> SQL {
    """
    select \(raw: columns) from tier_gift
    where owner_id = \(owner) and receipt_id = \(receipt) and account_id = \(account) and taken_back_at is null order by promotion_id
    """
  }

  /// What a member has of it that has not ended; as many as one can have at a time.
  static func held(_ account: AccountID, _ programme: ProgrammeID, by holder: MemberID, after now: Instant) -> SQL {
    """
    select \(raw: columns) from tier_gift
    where holder_id = \(holder) and account_id = \(account) and programme_id = \(programme) and taken_back_at is null
      and ends_at > \(now)
    order by receipt_id, promotion_id
    """
  }

  static func takeBack(_ gift: StandingTierGift, _ account: AccountID, _ programme: ProgrammeID, at now: Instant) -> SQL {
    """
    update tier_gift set taken_back_at = \(now)
    where owner_id = \(gift.owner) and receipt_id = \(gift.receipt) and promotion_id = \(gift.given.promotion)
      and account_id = \(account) and programme_id = \(programme)
    """
  }

  static func move(
    _ gift: StandingTierGift, to member: MemberID, _ grant: TierGrantID, _ account: AccountID, _ programme: ProgrammeID
  ) -> SQL {
    """
    update tier_gift set holder_id = \(member), grant_id = \(grant)
    where owner_id = \(gift.owner) and receipt_id = \(gift.receipt) and promotion_id = \(gift.given.promotion)
      and account_id = \(account) and programme_id = \(programme)
    """
  }
}
