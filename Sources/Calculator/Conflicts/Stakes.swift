import Conditions
import Kernel

/// What a unit regularly sells for and what it costs the retailer.
public struct GoodsValue: Hashable, Sendable {
  public var price: Money
  public var cost: Money
  public init(price: Money, cost: Money) {
    self.price = price
    self.cost = cost
  }
}

/// A sum that one payer bears in all, whatever promotions it goes to.
public struct SharedCap: Hashable, Sendable {
  public var payer: Funding.Payer
  /// Empty where rules name none.
  public var code: String
  public var contract: String
  /// What is left of it.
  public var left: Money
  public init(payer: Funding.Payer, code: String, contract: String, left: Money) {
    self.payer = payer
    self.code = code
    self.contract = contract
    self.left = left
  }

  /// The share of a promotion that it bears; nil where the promotion does not name it.
  func share(of promotion: Promotion) -> Rate? {
    let ppm = promotion.funding.filter { $0.payer == payer && $0.code ?? "" == code && $0.contract ?? "" == contract }
      .reduce(0) { $0 + $1.share.ppm }
    return ppm > 0 ? Rate(ppm: ppm) : nil
  }
}

/// What a rule book puts at stake beyond shelf prices: goods with their costs, budgets as far as they are used, caps of payers.
public struct Stakes: Sendable {
  public var products: [ProductFacts]
  /// Products without a known cost are missing: nothing is assumed of them.
  public var values: [ProductID: GoodsValue]
  /// Of promotions whose budgets are used already.
  public var usage: [PromotionID: SharedUsage]
  public var caps: [SharedCap]
  /// Receipts above this are not thought of.
  public var largest: Money

  public init(
    products: [ProductFacts] = [], values: [ProductID: GoodsValue] = [:], usage: [PromotionID: SharedUsage] = [:],
    caps: [SharedCap] = [], largest: Money
  ) {
    self.products = products
    self.values = values
    self.usage = usage
    self.caps = caps
    self.largest = largest
  }
}

/// Goods whose costs are known, the ones that bear least first.
struct CostedGoods: Sendable {
  /// What a reduction takes decides which goods bear it least.
  enum Order: CaseIterable {
    /// A percent: those with the least margin for their price.
    case share
    /// So much off: those with the least margin in money.
    case margin
    /// A fixed price: the dearest.
    case cost
  }

  private let goods: [Order: ListedGoods]

  /// Cost: for each order that these promotions need, products × their filters.
  init(_ stakes: Stakes, for promotions: [Promotion]) {
    let prices = stakes.values.mapValues(\.price)
    var goods: [Order: ListedGoods] = [:]
    for order in Set(promotions.compactMap(\.benefit.order)) {
      let known = stakes.products.compactMap { product in stakes.values[product.id].map { (product, $0) } }
      let others = stakes.products.filter { stakes.values[$0.id] == nil }
      let sorted = known.sorted { a, b in
        let (one, other) = (order.rank(a.1), order.rank(b.1))
        return one != other ? one < other : a.0.id < b.0.id
      }
      goods[order] = ListedGoods(sorted.map(\.0) + others, for: promotions, at: prices)
    }
    self.goods = goods
  }

  func goods(for promotions: [Promotion]) -> [ListedGoods] {
    let wanted = Set(promotions.compactMap(\.benefit.order))
    return Order.allCases.filter(wanted.contains).compactMap { goods[$0] }
  }
}

extension CostedGoods.Order {
  /// Smaller bears less.
  func rank(_ value: GoodsValue) -> Int64 {
    switch self {
    case .share:
      value.price > .zero ? scaled(value.price.minor - value.cost.minor, by: 1_000_000, over: value.price.minor, .down) : .min
    case .margin: value.price.minor - value.cost.minor
    case .cost: -value.cost.minor
    }
  }
}

extension Benefit {
  /// Nil where it takes nothing off.
  fileprivate var order: CostedGoods.Order? {
    switch self {
    case .percent, .freeUnits: .share
    case .amountPerUnit, .amount, .staircase: .margin
    case .fixedPrice, .fixedTotal, .gift, .giftChoice, .bundle, .prices: .cost
    case .earnRate, .earnPerStep, .earnMultiplier, .earnPerUnit, .earnFixed, .reward: nil
    }
  }
}
