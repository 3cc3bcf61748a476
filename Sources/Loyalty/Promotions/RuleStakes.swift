import Access
import Calculator
import Kernel
import Storage

extension Stakes {
  /// Receipts beyond are not thought of when budgets are weighed, in minor units.
  public static var usualLargest: Money { Money(minor: 10_000_000) }

  /// What a programme's rules put at stake today: regular prices and costs of goods in all zones without their own, budgets as far as they
  /// are used, caps of payers. A statement for each `Limits.bulk` products and promotions, some for each contract with a cap.
  public static func read(
    of programme: Programme, _ book: RuleBook, _ catalogue: CatalogueIndex, on day: CivilDay, largest: Money,
    in tx: inout Transaction
  ) throws -> Stakes {
    var stakes = Stakes(products: catalogue.everyFact, largest: largest)
    stakes.values = try GoodsValue.read(of: programme.account, catalogue, on: day, in: &tx)
    try stakes.readBudgets(of: programme, book, on: day, in: &tx)
    return stakes
  }

  /// The part that tills and acts move: budgets and caps.
  public mutating func readBudgets(
    of programme: Programme, _ book: RuleBook, on day: CivilDay, in tx: inout Transaction
  ) throws {
    let limited = book.promotions.filter { $0.limits.budgetMoney != nil || $0.limits.budgetPoints != nil }.map(\.id)
    for start in stride(from: 0, to: limited.count, by: Limits.bulk) {
      let some = Array(limited[start..<min(start + Limits.bulk, limited.count)])
      for (id, use) in try BudgetUse.read(of: programme.account, some, in: &tx) {
        usage[id] = SharedUsage(uses: use.uses, money: use.money, points: use.points)
      }
    }
    caps = try FundingOffice(of: programme).caps(today: day, in: &tx)
  }
}

extension GoodsValue {
  /// Of every product that has both a regular price and a cost.
  public static func read(
    of account: AccountID, _ catalogue: CatalogueIndex, on day: CivilDay, in tx: inout Transaction
  ) throws -> [ProductID: GoodsValue] {
    var values: [ProductID: GoodsValue] = [:]
    let products = catalogue.everyFact.map(\.id)
    for start in stride(from: 0, to: products.count, by: Limits.bulk) {
      let some = Array(products[start..<min(start + Limits.bulk, products.count)])
      for (id, figures) in try Catalogue(of: account).figures(of: some, zone: nil, on: day, in: &tx) {
        if let price = figures.regularPrice, let cost = figures.cost, price > .zero {
          values[id] = GoodsValue(price: price, cost: cost)
        }
      }
    }
    return values
  }
}
