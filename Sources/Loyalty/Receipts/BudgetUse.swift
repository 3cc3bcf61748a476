import Calculator
import Kernel
import Storage

/// How far the shared limits of promotions are used, for whoever looks; tills lock them (`Budgets`).
public struct BudgetUse: Hashable, Sendable {
  public let uses: Int64
  public let money: Money
  public let points: Points

  /// Those that were used at all. One statement by key. - Precondition: at most `Limits.bulk`.
  public static func read(
    of account: AccountID, _ promotions: [PromotionID], in tx: inout Transaction
  ) throws -> [PromotionID: BudgetUse] {
    guard !promotions.isEmpty else { return [:] }
    let budgets = Budgets(account: account, node: 0)
    return try budgets.peek(promotions, store: BudgetSQL.everywhere, day: BudgetSQL.always, countsDay: false, in: &tx)
      .mapValues { BudgetUse(uses: $0.uses, money: $0.money, points: $0.points) }
  }

  /// What a promotion has used in each of these stores, ever or on a business day, where a limit counts it there. One statement by key.
  /// - Precondition: at most `Limits.bulk`.
  public static func read(
    of account: AccountID, _ promotion: PromotionID, in stores: [StoreID], on day: CivilDay? = nil, in tx: inout Transaction
  ) throws -> [StoreID: BudgetUse] {
    guard !stores.isEmpty else { return [:] }
    var found: [StoreID: BudgetUse] = [:]
    for row in try tx.rows(BudgetSQL.inStores(account, promotion, stores, day ?? BudgetSQL.always)) {
      found[row.id(0)] = BudgetUse(uses: row.int(1), money: row.money(2), points: row.points(3))
    }
    return found
  }
}

extension BudgetUse {
  public var used: Used { Used(uses: uses, money: money, points: points) }
}
