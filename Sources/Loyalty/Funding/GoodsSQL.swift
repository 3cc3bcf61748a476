import Kernel
import Storage

/// Every statement about goods of promotions that somebody else pays for.
enum GoodsSQL {
  static func add(_ day: GoodsDay, _ at: SettlementSums.GoodsPlace, _ account: AccountID) -> SQL {
    """
    insert into promotion_goods_day (promotion_id, rules, is_trial, day, product_id, account_id, programme_id, quantity, money, points,
      quantity_back)
    values (\(at.gift.giver.promotion), \(at.gift.rules), \(flag(at)), \(at.gift.day), \(at.product), \(account),
      \(at.gift.programme), \(day.quantity), \(day.money), \(day.points), \(day.quantityBack))
    on conflict (promotion_id, rules, is_trial, day, product_id) do update set
      quantity = promotion_goods_day.quantity + excluded.quantity, money = promotion_goods_day.money + excluded.money,
      points = promotion_goods_day.points + excluded.points,
      quantity_back = promotion_goods_day.quantity_back + excluded.quantity_back
    where promotion_goods_day.account_id = excluded.account_id
    """
  }

  private static func flag(_ at: SettlementSums.GoodsPlace) -> Int64 { at.gift.giver.isTrial ? 1 : 0 }

  /// What the promotions of one payer's contract gave on each product, the most first.
  static func ofContract(
    _ account: AccountID, _ programme: ProgrammeID, _ contract: FundingKey, _ days: ClosedRange<CivilDay>, _ limit: Int
  ) -> SQL {
    """
    select g.promotion_id, p.promotion_code, g.product_id, d.code, d.name_ru, d.name_en, cast(sum(g.quantity) as bigint),
      cast(sum(g.money) as bigint), cast(sum(g.points) as bigint), cast(sum(g.quantity_back) as bigint)
    from (
      select distinct promotion_id, rules, 0 as is_trial, promotion_code from promotion_payer
      where account_id = \(account) and programme_id = \(programme) and payer = \(contract.payer.rawValue)
        and code = \(contract.code) and contract = \(contract.contract)
      union
      select distinct promotion_id, rules, 1 as is_trial, promotion_code from promotion_trial_payer
      where account_id = \(account) and programme_id = \(programme) and payer = \(contract.payer.rawValue)
        and code = \(contract.code) and contract = \(contract.contract)) p
    join promotion_goods_day g on g.promotion_id = p.promotion_id and g.rules = p.rules and g.is_trial = p.is_trial
    left join product d on d.id = g.product_id
    where g.account_id = \(account) and g.programme_id = \(programme) and g.day >= \(days.lowerBound) and g.day <= \(days.upperBound)
    group by g.promotion_id, p.promotion_code, g.product_id, d.code, d.name_ru, d.name_en
    order by p.promotion_code, sum(g.money) desc, d.code limit \(limit)
    """
  }

  // For a rebuild.

  /// Whether anybody but the retailer ever paid for a promotion of the programme.
  static func isFunded(_ account: AccountID, _ programme: ProgrammeID, isTrial: Bool) -> SQL {
    """
    select 1 from \(raw: SettlementSQL.payers(isTrial))
    where account_id = \(account) and programme_id = \(programme) and payer <> 'retailer' limit 1
    """
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select promotion_id, rules, is_trial, day, product_id, quantity, money, points, quantity_back from promotion_goods_day
    where account_id = \(account) and programme_id = \(programme)
    """
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID, on days: ClosedRange<CivilDay>) -> SQL {
    """
    select promotion_id, rules, is_trial, day, product_id, quantity, money, points, quantity_back from promotion_goods_day
    where account_id = \(account) and programme_id = \(programme) and day >= \(days.lowerBound) and day <= \(days.upperBound)
    """
  }

  static func day(_ row: Row, at place: Int) -> GoodsDay {
    var day = GoodsDay()
    (day.quantity, day.money) = (Quantity(thousandths: row.int(place)), row.money(place + 1))
    (day.points, day.quantityBack) = (row.points(place + 2), Quantity(thousandths: row.int(place + 3)))
    return day
  }

  static func insert(_ day: GoodsDay, _ at: SettlementSums.GoodsPlace, _ account: AccountID) -> SQL {
    """
    insert into promotion_goods_day (promotion_id, rules, is_trial, day, product_id, account_id, programme_id, quantity, money, points,
      quantity_back)
    values (\(at.gift.giver.promotion), \(at.gift.rules), \(flag(at)), \(at.gift.day), \(at.product), \(account),
      \(at.gift.programme), \(day.quantity), \(day.money), \(day.points), \(day.quantityBack))
    on conflict do nothing
    """
  }

  static func update(_ day: GoodsDay, from old: GoodsDay, _ at: SettlementSums.GoodsPlace, _ account: AccountID) -> SQL {
    """
    update promotion_goods_day set quantity = \(day.quantity), money = \(day.money), points = \(day.points),
      quantity_back = \(day.quantityBack)
    where promotion_id = \(at.gift.giver.promotion) and rules = \(at.gift.rules) and is_trial = \(flag(at)) and day = \(at.gift.day)
      and product_id = \(at.product) and account_id = \(account) and quantity = \(old.quantity) and money = \(old.money)
      and points = \(old.points) and quantity_back = \(old.quantityBack)
    """
  }

  static func remove(_ old: GoodsDay, _ at: SettlementSums.GoodsPlace, _ account: AccountID) -> SQL {
    """
    delete from promotion_goods_day
    where promotion_id = \(at.gift.giver.promotion) and rules = \(at.gift.rules) and is_trial = \(flag(at)) and day = \(at.gift.day)
      and product_id = \(at.product) and account_id = \(account) and quantity = \(old.quantity) and money = \(old.money)
      and points = \(old.points) and quantity_back = \(old.quantityBack)
    """
  }
}
