import Calculator
import Kernel
import Storage

/// Every statement about slices of what limits allow on one day of the whole chain, on PostgreSQL.
enum DaySliceSQL {
  /// The instance's slices that have what is wished.
  static func lockSlices(_ account: AccountID, _ node: Int64, _ day: CivilDay, _ wishes: [BudgetWish]) -> SQL {
    var binds: [Value] = [account.value, node.value, day.value]
    let choices = BudgetSQL.choices(wishes, of: .day, &binds)
    return SQL(
      prepared: """
        select promotion_id, uses, money, points from promotion_day_slice
        where account_id = $1 and node = $2 and day = $3 and (\(choices))
        order by promotion_id for update
        """, binds)
  }

  static func lockSlice(_ account: AccountID, _ node: Int64, _ promotion: PromotionID, _ day: CivilDay) -> SQL {
    """
    select uses, money, points from promotion_day_slice
    where account_id = \(account) and promotion_id = \(promotion) and day = \(day) and node = \(node) for update
    """
  }

  /// Ends the slices of all other instances and says what was in them.
  static func callIn(_ account: AccountID, besides node: Int64, _ promotion: PromotionID, _ day: CivilDay) -> SQL {
    """
    delete from promotion_day_slice
    where account_id = \(account) and promotion_id = \(promotion) and day = \(day) and node <> \(node)
    returning uses, money, points
    """
  }

  static func enlarge(
    _ account: AccountID, _ node: Int64, _ promotion: PromotionID, _ day: CivilDay, by grant: Given
  ) -> SQL {
    SQL(
      """
      insert into promotion_day_slice (account_id, promotion_id, day, node, uses, money, points) values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (promotion_id, day, node) do update set uses = promotion_day_slice.uses + excluded.uses,
        money = promotion_day_slice.money + excluded.money, points = promotion_day_slice.points + excluded.points
      """, account, promotion, day, node, grant.uses, grant.money, grant.points)
  }
}
