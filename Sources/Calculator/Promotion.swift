import Conditions
import Kernel

/// Conditions, a benefit, limits and manners towards other promotions.
public struct Promotion: Hashable, Sendable {
  public var id: PromotionID
  /// The marketer's code, unique in the rule book.
  public var code: String
  public var name: LocalText
  public var version: Int
  public var stage: Stage
  /// The group within the stage; groups run in the order of the rule book.
  public var group: String
  /// Smaller goes first.
  public var priority: Int
  public var tags: [String]
  /// Tags of promotions that cannot apply beside this one.
  public var excludes: [String]
  /// In force from the first instant until before the second.
  public var from: Instant?
  public var until: Instant?
  public var condition: Condition {
    didSet { if condition.offerLife != nil { condition = condition.asked(by: id) } }
  }
  /// The goods that the benefit lands on.
  public var target: ProductFilter
  public var benefit: Benefit
  public var limits: PromotionLimits
  /// What it costs in stamps each time.
  public var takes: StampTake?
  /// How the points that it gives come and go, where not as the programme's; only where it earns.
  public var course: PointsCourse?
  /// False: lines that the till itself reduced are left alone.
  public var addsToTillReductions: Bool
  /// A public shelf price: never withheld from the control group or from unnamed shoppers.
  public var isPublic: Bool
  /// This promotion's own control group.
  public var control: ControlGroup?
  /// Who pays for it, in shares that sum to the whole; nobody named: the retailer.
  public var funding: [Funding]
  /// Which tills have it; the rules themselves do not say so.
  public var reach: Reach = .everywhere

  public init(
    id: PromotionID, code: String, name: LocalText, version: Int = 1, stage: Stage? = nil, group: String = "", priority: Int = 100,
    tags: [String] = [], excludes: [String] = [], from: Instant? = nil, until: Instant? = nil, condition: Condition = .all([]),
    target: ProductFilter = .everything, benefit: Benefit, limits: PromotionLimits = PromotionLimits(),
    addsToTillReductions: Bool = true, isPublic: Bool = false, control: ControlGroup? = nil, funding: [Funding] = []
  ) {
    self.id = id
    self.code = code
    self.name = name
    self.version = version
    self.stage = stage ?? benefit.usualStage
    self.group = group
    self.priority = priority
    self.tags = tags
    self.excludes = excludes
    self.from = from
    self.until = until
    self.condition = condition.offerLife == nil ? condition : condition.asked(by: id)
    self.target = target
    self.benefit = benefit
    self.limits = limits
    takes = nil
    course = nil
    self.addsToTillReductions = addsToTillReductions
    self.isPublic = isPublic
    self.control = control
    self.funding = funding
  }
}

/// The stages that promotions take part in, in their order.
public enum Stage: String, Sendable, CaseIterable, Comparable {
  case price, line, receipt, earning, reward
  private var order: Int {
    switch self {
    case .price: 0
    case .line: 1
    case .receipt: 2
    case .earning: 3
    case .reward: 4
    }
  }
  public static func < (a: Stage, b: Stage) -> Bool { a.order < b.order }
}

/// What a percent is a percent of.
public enum PriceBasis: String, Sendable, CaseIterable { case reduced, regular }

/// What the shopper gets.
public enum Benefit: Hashable, Sendable {
  /// A share off the target lines (price and line stage) or off their sum (receipt stage).
  case percent(Rate, of: PriceBasis)
  /// So much off each unit of the target lines.
  case amountPerUnit(Money)
  /// So much off the target lines together, spread in proportion.
  case amount(Money)
  /// The price of one unit, where it is lower than the line's own.
  case fixedPrice(Money)
  /// The target lines together cost this, where that is less.
  case fixedTotal(Money)
  /// Of every `buy + free` units of the target goods, the cheapest `free` ones are reduced by the rate.
  case freeUnits(buy: Int64, free: Int64, rate: Rate, lands: Landing, perProduct: Bool)
  /// So many units of the target goods at this price each, the cheapest first; offered as a hint where they are not in the basket.
  case gift(units: Int64, price: Money)
  /// So many gifts of a list, as the shopper chooses; told to the till whether or not they are in the basket.
  case giftChoice(GiftChoice)
  /// The more of the target goods is bought, the more comes off them.
  case staircase(Staircase)
  /// Sets of goods of several groups.
  case bundle(Bundle)
  /// A price of its own for each product, where it is lower.
  case prices(PriceList)
  /// Points worth this share of what is paid for the target lines.
  case earnRate(Rate)
  /// So many points for each full step of money paid for the target lines.
  case earnPerStep(Points, step: Money)
  /// What rates earn on the target lines, times this (2 000 000 ppm doubles it).
  case earnMultiplier(Rate)
  /// So many points for each unit of the target goods; weighed goods count by the whole kilogram.
  case earnPerUnit(Points)
  /// So many points, once.
  case earnFixed(Points)
  /// Neither money nor points.
  case reward(Reward)

  public var usualStage: Stage {
    switch self {
    case .fixedPrice, .prices: .price
    case .percent, .amountPerUnit, .fixedTotal, .freeUnits, .gift, .giftChoice, .bundle: .line
    case .staircase(let staircase): staircase.measure == .amount ? .receipt : .line
    case .amount: .receipt
    case .earnRate, .earnPerStep, .earnMultiplier, .earnPerUnit, .earnFixed: .earning
    case .reward: .reward
    }
  }

  public var isEarning: Bool { usualStage == .earning }
  public var isReward: Bool { usualStage == .reward }
  /// True where it takes money off.
  public var isReduction: Bool { !isEarning && !isReward }
}

/// Where the benefit of a set lands.
public enum Landing: String, Sendable, CaseIterable {
  /// On the units that are free.
  case free
  /// On all units of the set, in proportion to their prices.
  case proRata = "pro-rata"
  /// On the units that were paid for.
  case triggers
}

public struct Funding: Hashable, Sendable {
  public enum Payer: String, Sendable, CaseIterable { case retailer, supplier, partner }
  public var payer: Payer
  /// The supplier's or partner's code.
  public var code: String?
  public var share: Rate
  public var contract: String?
  public init(payer: Payer, code: String? = nil, share: Rate, contract: String? = nil) {
    self.payer = payer
    self.code = code
    self.share = share
    self.contract = contract
  }
}

/// How promotions of one group get along.
public struct PromotionGroup: Hashable, Sendable {
  public enum Policy: String, Sendable, CaseIterable {
    case all, first, bestForShopper = "best-for-shopper", bestForShop = "best-for-shop"
  }
  public var name: String
  public var policy: Policy
  public init(name: String, policy: Policy) {
    self.name = name
    self.policy = policy
  }
}
