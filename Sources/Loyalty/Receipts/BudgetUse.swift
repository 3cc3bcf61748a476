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

/// What a promotion has used in a store: ever, or on a business day.
public struct StoreBudgetUse: Hashable, Sendable {
  public let promotion: PromotionID
  public let store: StoreID
  public let isOfDay: Bool
  public let used: Used

  /// The stores that used most of each of these promotions, ever and on the day: `most` by each of what a limit can count. Reads a row for each
  /// promotion, store and of the two, `Limits.budgetRows` at the most (70 ms); a statement for each `Limits.bulk` stores.
  /// - Parameters:
  ///   - ever: what was used on all days is wanted.
  ///   - day: what was used on it is wanted as well.
  /// - Returns: in no order; and how many of the stores were looked at.
  public static func fullest(
    of account: AccountID, _ promotions: [PromotionID], in stores: [StoreID], ever: Bool, on day: CivilDay?, most: Int,
    in tx: inout Transaction
  ) throws -> (uses: [StoreBudgetUse], seen: Int) {
    let days = (ever ? [BudgetSQL.always] : []) + (day.map { [$0] } ?? [])
    guard !promotions.isEmpty, !days.isEmpty else { return ([], stores.count) }
    let some = stores.prefix(Limits.budgetRows / (days.count * promotions.count))
    var uses: [StoreBudgetUse] = []
    for page in Array(some).paged(by: Limits.bulk) {
      for row in try tx.rows(BudgetSQL.fullest(account, promotions, Array(page), days, most)) {
        let use = BudgetUse(uses: row.int(3), money: row.money(4), points: row.points(5))
        uses.append(StoreBudgetUse(promotion: row.id(0), store: row.id(2), isOfDay: row.int(1) != 0, used: use.used))
      }
    }
    return (uses, some.count)
  }
}

extension BudgetUse {
  public var used: Used { Used(uses: uses, money: money, points: points) }
}
