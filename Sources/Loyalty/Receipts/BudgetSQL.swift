import Kernel
import Storage

/// Every statement about shared limits.
enum BudgetSQL {
  static func select(_ account: AccountID, _ promotions: [PromotionID], _ store: StoreID, _ day: CivilDay, _ dialect: Dialect)
    -> SQL
  {
    """
    select promotion_id, store_id, uses, money, points from promotion_usage
    where account_id = \(account) and promotion_id in (\(list: promotions))
      and ((store_id = 0 and day = 0) or (store_id = \(store) and day = \(day)))
    order by promotion_id, store_id, day\(raw: dialect.forUpdate)
    """
  }

  static func open(_ account: AccountID, _ promotions: [PromotionID], _ store: StoreID, _ day: CivilDay) -> SQL {
    var binds: [Value] = [account.value, store.value, day.value]
    var rows: [String] = []
    for promotion in promotions {
      binds.append(promotion.value)
      rows.append("($1, $\(binds.count), 0, 0, 0, 0, 0), ($1, $\(binds.count), $2, $3, 0, 0, 0)")
    }
    return SQL(
      prepared: """
        insert into promotion_usage (account_id, promotion_id, store_id, day, uses, money, points)
        values \(rows.joined(separator: ", "))
        on conflict do nothing
        """, binds)
  }

  static func add(_ account: AccountID, _ promotion: PromotionID, _ given: Given, _ store: StoreID, _ day: CivilDay) -> SQL {
    SQL(
      """
      update promotion_usage set uses = uses + $3, money = money + $4, points = points + $5
      where account_id = $1 and promotion_id = $2 and ((store_id = 0 and day = 0) or (store_id = $6 and day = $7))
      """, account, promotion, given.uses, given.money, given.points, store, day)
  }
}
