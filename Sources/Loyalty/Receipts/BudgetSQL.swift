import Calculator
import Kernel
import Storage

/// Every statement about shared limits.
enum BudgetSQL {
  /// Store and day of the row that counts all in all. The rows of a store that count all its days have the same day, those of a day of all
  /// stores the same store, so that lists of both find just the four by the key.
  static let everywhere = StoreID(0)
  static let always = CivilDay(number: 0)

  static func given(_ row: Row, at column: Int) -> Given {
    Given(uses: row.int(column), money: row.money(column + 1), points: row.points(column + 2))
  }

  /// What each promotion has used or taken into slices, ever and on the day, what is in slices, and what was used in the store, ever and on
  /// the day. Of the two kinds of slices a row has one at most.
  /// - Parameter countsDay: one of them has a limit of a day of the chain. Where none has, slices of days are not looked for: PostgreSQL joins
  ///   them in another way by how many there are, and none of the ways is for nothing.
  static func state(
    _ account: AccountID, _ promotions: [PromotionID], _ store: StoreID, _ day: CivilDay, countsDay: Bool
  ) -> SQL {
    guard countsDay else { return state(account, promotions, store, day) }
    return """
      select u.promotion_id, u.store_id, u.uses, u.money, u.points, cast(coalesce(sum(s.uses), sum(d.uses), 0) as bigint),
        cast(coalesce(sum(s.money), sum(d.money), 0) as bigint), cast(coalesce(sum(s.points), sum(d.points), 0) as bigint),
        count(s.node) + count(d.node), coalesce(min(s.uses), min(d.uses), 0), coalesce(min(s.money), min(d.money), 0),
        coalesce(min(s.points), min(d.points), 0), u.day
      from promotion_usage u left join promotion_slice s
        on s.account_id = u.account_id and s.promotion_id = u.promotion_id and u.store_id = 0 and u.day = 0
      left join promotion_day_slice d on d.account_id = u.account_id and d.promotion_id = u.promotion_id and d.day = u.day
        and u.store_id = 0 and u.day <> 0
      where u.account_id = \(account) and u.promotion_id in (\(list: promotions))
        and u.store_id in (0, \(store)) and u.day in (0, \(day))
      group by u.promotion_id, u.store_id, u.day, u.uses, u.money, u.points
      order by u.promotion_id, u.store_id
      """
  }

  /// Without what was used on the day in the whole chain: nothing says so without its slices.
  private static func state(_ account: AccountID, _ promotions: [PromotionID], _ store: StoreID, _ day: CivilDay) -> SQL {
    """
    select u.promotion_id, u.store_id, u.uses, u.money, u.points, cast(coalesce(sum(s.uses), 0) as bigint),
      cast(coalesce(sum(s.money), 0) as bigint), cast(coalesce(sum(s.points), 0) as bigint), count(s.node),
      coalesce(min(s.uses), 0), coalesce(min(s.money), 0), coalesce(min(s.points), 0), u.day
    from promotion_usage u left join promotion_slice s
      on s.account_id = u.account_id and s.promotion_id = u.promotion_id and u.store_id = 0 and u.day = 0
    where u.account_id = \(account) and u.promotion_id in (\(list: promotions))
      and u.store_id in (0, \(store)) and u.day in (0, \(day)) and (u.store_id <> 0 or u.day = 0)
    group by u.promotion_id, u.store_id, u.day, u.uses, u.money, u.points
    order by u.promotion_id, u.store_id
    """
  }

  static func open(_ account: AccountID, _ promotions: [PromotionID], _ store: StoreID, _ day: CivilDay) -> SQL {
    var binds: [Value] = [account.value, store.value, day.value]
    var rows: [String] = []
    for promotion in promotions {
      binds.append(promotion.value)
      rows.append("($1, $\(binds.count), $2, $3, 0, 0, 0)")
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
      where account_id = $1 and promotion_id = $2 and store_id in (0, $6) and day in (0, $7)
      """, account, promotion, given.uses, given.money, given.points, store, day)
  }

  /// What was used in each of these stores, on the day or on all.
  static func inStores(_ account: AccountID, _ promotion: PromotionID, _ stores: [StoreID], _ day: CivilDay) -> SQL {
    """
    select store_id, uses, money, points from promotion_usage
    where account_id = \(account) and promotion_id = \(promotion) and store_id in (\(list: stores)) and day = \(day)
    """
  }

  /// What was used in those of the stores that used most of each promotion, on each of these days or on all: by uses, by money and by points so
  /// many each. A limit is the same in all stores, so the fullest of either is among them.
  static func fullest(
    _ account: AccountID, _ promotions: [PromotionID], _ stores: [StoreID], _ days: [CivilDay], _ most: Int
  ) -> SQL {
    """
    select promotion_id, day, store_id, uses, money, points from (
      select promotion_id, day, store_id, uses, money, points,
        row_number() over (partition by promotion_id, day order by uses desc, store_id) as by_uses,
        row_number() over (partition by promotion_id, day order by money desc, store_id) as by_money,
        row_number() over (partition by promotion_id, day order by points desc, store_id) as by_points
      from promotion_usage
      where account_id = \(account) and promotion_id in (\(list: promotions)) and store_id in (\(list: stores))
        and day in (\(list: days))) used
    where by_uses <= \(most) or by_money <= \(most) or by_points <= \(most)
    """
  }

  /// The rows of one store, of all its days and of this one, in an order that all its tills keep.
  static func lockStore(_ account: AccountID, _ promotions: [PromotionID], _ store: StoreID, _ day: CivilDay) -> SQL {
    """
    select promotion_id, day, uses, money, points from promotion_usage
    where account_id = \(account) and promotion_id in (\(list: promotions)) and store_id = \(store) and day in (0, \(day))
    order by promotion_id, day for update
    """
  }

  /// The instance's slices that have what is wished. Others are not locked: whoever needs more locks the whole first.
  static func lockSlices(_ account: AccountID, _ node: Int64, _ wishes: [BudgetWish]) -> SQL {
    var binds: [Value] = [account.value, node.value]
    let choices = choices(wishes, of: .total, &binds)
    return SQL(
      prepared: """
        select promotion_id, uses, money, points from promotion_slice
        where account_id = $1 and node = $2 and (\(choices))
        order by promotion_id for update
        """, binds)
  }

  /// Which slices have what is wished of the limits of a scope.
  static func choices(_ wishes: [BudgetWish], of scope: LimitScope, _ binds: inout [Value]) -> String {
    var choices: [String] = []
    for wish in wishes {
      let (most, given) = (wish.limits[scope], wish.given)
      // A dimension without a limit counts down from nothing, so there it asks for nothing.
      binds += [
        wish.promotion.value, (most.uses == nil ? Int64.min : given.uses).value,
        (most.money == nil ? Int64.min : given.money.minor).value, (most.points == nil ? Int64.min : given.points.units).value,
      ]
      let last = binds.count
      choices.append("(promotion_id = $\(last - 3) and uses >= $\(last - 2) and money >= $\(last - 1) and points >= $\(last))")
    }
    return choices.joined(separator: " or ")
  }

  static func lockWhole(_ account: AccountID, _ promotion: PromotionID, _ day: CivilDay) -> SQL {
    """
    select uses, money, points from promotion_usage
    where account_id = \(account) and promotion_id = \(promotion) and store_id = 0 and day = \(day) for update
    """
  }

  static func setWhole(_ account: AccountID, _ promotion: PromotionID, _ day: CivilDay, _ taken: Given) -> SQL {
    """
    update promotion_usage set uses = \(taken.uses), money = \(taken.money), points = \(taken.points)
    where account_id = \(account) and promotion_id = \(promotion) and store_id = 0 and day = \(day)
    """
  }

  static func lockSlice(_ account: AccountID, _ node: Int64, _ promotion: PromotionID) -> SQL {
    """
    select uses, money, points from promotion_slice
    where account_id = \(account) and promotion_id = \(promotion) and node = \(node) for update
    """
  }

  /// Ends the slices of all other instances and says what was in them, in one statement: what comes back to one between a look and a
  /// deletion would be lost.
  static func callIn(_ account: AccountID, besides node: Int64, _ promotion: PromotionID) -> SQL {
    """
    delete from promotion_slice where account_id = \(account) and promotion_id = \(promotion) and node <> \(node)
    returning uses, money, points
    """
  }

  static func enlarge(_ account: AccountID, _ node: Int64, _ promotion: PromotionID, by grant: Given) -> SQL {
    SQL(
      """
      insert into promotion_slice (account_id, promotion_id, node, uses, money, points) values ($1, $2, $3, $4, $5, $6)
      on conflict (promotion_id, node) do update set uses = promotion_slice.uses + excluded.uses,
        money = promotion_slice.money + excluded.money, points = promotion_slice.points + excluded.points
      """, account, promotion, node, grant.uses, grant.money, grant.points)
  }

  /// Counts in the instance's slices, of always and of the day, which are made where they are not there: uses that come back may be another
  /// instance's.
  static func addToSlice(
    _ account: AccountID, _ node: Int64, _ promotion: PromotionID, _ given: Given, _ store: StoreID, _ day: CivilDay
  ) -> SQL {
    SQL(
      """
      with today as (
        update promotion_usage set uses = uses + $3, money = money + $4, points = points + $5
        where account_id = $1 and promotion_id = $2 and store_id = $6 and day in (0, $7)
      ), daily as (
        insert into promotion_day_slice (account_id, promotion_id, day, node, uses, money, points)
        select account_id, promotion_id, day, cast($8 as bigint), - cast($3 as bigint), - cast($4 as bigint), - cast($5 as bigint)
        from promotion_usage where account_id = $1 and promotion_id = $2 and store_id = 0 and day = $7
        on conflict (promotion_id, day, node) do update set uses = promotion_day_slice.uses + excluded.uses,
          money = promotion_day_slice.money + excluded.money, points = promotion_day_slice.points + excluded.points
      )
      insert into promotion_slice (account_id, promotion_id, node, uses, money, points)
      select account_id, promotion_id, cast($8 as bigint), - cast($3 as bigint), - cast($4 as bigint), - cast($5 as bigint)
      from promotion_usage where account_id = $1 and promotion_id = $2 and store_id = 0 and day = 0
      on conflict (promotion_id, node) do update set uses = promotion_slice.uses + excluded.uses,
        money = promotion_slice.money + excluded.money, points = promotion_slice.points + excluded.points
      """, account, promotion, given.uses, given.money, given.points, store, day, node)
  }
}
