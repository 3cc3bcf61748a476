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
    return try budgets.peek(promotions, store: BudgetSQL.everywhere, day: BudgetSQL.always, in: &tx).mapValues { usage in
      BudgetUse(uses: usage.uses, money: usage.money, points: usage.points)
    }
  }
}
