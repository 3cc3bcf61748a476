import Kernel
import Storage

/// Statements that mend days of promotions and stores: each changes a row only where it still is as it was read, so that the follower that
/// adds to it, or somebody else who mends, is never undone.
enum SettlementRebuildSQL {
  static func insert(_ day: GiftDay, _ at: SettlementSums.GiftPlace, _ account: AccountID) -> SQL {
    """
    insert into \(raw: SettlementSQL.days(at.giver.isTrial)) (promotion_id, rules, day, store_id, account_id, programme_id, receipts,
      money, points, returns, money_back, points_back)
    values (\(at.giver.promotion), \(at.rules), \(at.day), 0, \(account), \(at.programme), \(day.receipts), \(day.money),
      \(day.points), \(day.returns), \(day.moneyBack), \(day.pointsBack))
    on conflict do nothing
    """
  }

  static func update(_ day: GiftDay, from old: GiftDay, _ at: SettlementSums.GiftPlace, _ account: AccountID) -> SQL {
    """
    update \(raw: SettlementSQL.days(at.giver.isTrial)) set receipts = \(day.receipts), money = \(day.money), points = \(day.points),
      returns = \(day.returns), money_back = \(day.moneyBack), points_back = \(day.pointsBack)
    where promotion_id = \(at.giver.promotion) and rules = \(at.rules) and store_id = 0 and day = \(at.day)
      and account_id = \(account) and receipts = \(old.receipts) and money = \(old.money) and points = \(old.points)
      and returns = \(old.returns) and money_back = \(old.moneyBack) and points_back = \(old.pointsBack)
    """
  }

  static func remove(_ old: GiftDay, _ at: SettlementSums.GiftPlace, _ account: AccountID) -> SQL {
    """
    delete from \(raw: SettlementSQL.days(at.giver.isTrial))
    where promotion_id = \(at.giver.promotion) and rules = \(at.rules) and store_id = 0 and day = \(at.day)
      and account_id = \(account) and receipts = \(old.receipts) and money = \(old.money) and points = \(old.points)
      and returns = \(old.returns) and money_back = \(old.moneyBack) and points_back = \(old.pointsBack)
    """
  }

  static func insert(_ day: ClearingDay, _ at: SettlementSums.StorePlace, _ account: AccountID) -> SQL {
    """
    insert into clearing_day (store_id, programme_id, day, account_id, receipts, amount, earned, spent, returns, taken_back, given_back)
    values (\(at.store), \(at.programme), \(at.day), \(account), \(day.receipts), \(day.amount), \(day.earned), \(day.spent),
      \(day.returns), \(day.takenBack), \(day.givenBack))
    on conflict do nothing
    """
  }

  static func update(_ day: ClearingDay, from old: ClearingDay, _ at: SettlementSums.StorePlace, _ account: AccountID) -> SQL {
    """
    update clearing_day set receipts = \(day.receipts), amount = \(day.amount), earned = \(day.earned), spent = \(day.spent),
      returns = \(day.returns), taken_back = \(day.takenBack), given_back = \(day.givenBack)
    where store_id = \(at.store) and programme_id = \(at.programme) and day = \(at.day) and account_id = \(account)
      and receipts = \(old.receipts) and amount = \(old.amount) and earned = \(old.earned) and spent = \(old.spent)
      and returns = \(old.returns) and taken_back = \(old.takenBack) and given_back = \(old.givenBack)
    """
  }

  static func remove(_ old: ClearingDay, _ at: SettlementSums.StorePlace, _ account: AccountID) -> SQL {
    """
    delete from clearing_day
    where store_id = \(at.store) and programme_id = \(at.programme) and day = \(at.day) and account_id = \(account)
      and receipts = \(old.receipts) and amount = \(old.amount) and earned = \(old.earned) and spent = \(old.spent)
      and returns = \(old.returns) and taken_back = \(old.takenBack) and given_back = \(old.givenBack)
    """
  }

  /// In the order of `SettlementSQL.insertedPayer`.
  static func payers(_ account: AccountID, _ programme: ProgrammeID, _ rules: Int64, isTrial: Bool) -> SQL {
    """
    select promotion_id, rules, place, account_id, programme_id, payer, code, contract, shares, spend_value, points_scale, promotion_code,
      name_ru, name_en
    from \(raw: SettlementSQL.payers(isTrial))
    where account_id = \(account) and programme_id = \(programme) and rules = \(rules) order by promotion_id, place
    """
  }

  static func removePayers(_ account: AccountID, _ programme: ProgrammeID, _ rules: Int64, isTrial: Bool) -> SQL {
    """
    delete from \(raw: SettlementSQL.payers(isTrial))
    where account_id = \(account) and programme_id = \(programme) and rules = \(rules)
    """
  }

  static func values(_ row: Row) -> [Value] {
    (0..<14).map { (5...8).contains($0) || $0 > 10 ? row.text($0).value : row.int($0).value }
  }
}
