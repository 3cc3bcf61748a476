import Calculator
import Conditions
import Kernel

/// A shop of a few goods, for tests that look at one rule at a time. Friday, 25 September 2026, 18:33 in Moscow.
struct SmallShop {
  static let milk = ProductFacts(
    id: ProductID(1), categories: [CategoryID(1), CategoryID(9)], brand: ProductBrandID(1), manufacturer: ManufacturerID(1),
    attributes: [AttributeID(1)])
  static let wine = ProductFacts(
    id: ProductID(2), categories: [CategoryID(2), CategoryID(9)], brand: ProductBrandID(2), manufacturer: ManufacturerID(2),
    attributes: [AttributeID(2)], flags: [.advertForbidden], minPrice: Money(minor: 45_000))
  static let cheese = ProductFacts(id: ProductID(3), categories: [CategoryID(3), CategoryID(9)], brand: ProductBrandID(1))

  var terms = ProgrammeTerms()
  var groups: [PromotionGroup] = []
  var member: MemberSnapshot? = MemberSnapshot(id: MemberID(1), tier: TierID(2), segments: [SegmentID(3)], purchases: 4)
  var usage: [PromotionID: SharedUsage] = [:]
  var scope = CalculationScope()
  var basket: Basket

  /// Two milks at 100.00, a wine at 500.00 and 1.5 kg of cheese at 400.00: 1 300.00 in all.
  init() {
    basket = Basket(
      store: StoreFacts(id: StoreID(7), brand: BrandID(8), zone: .moscow), time: Instant(seconds: 1_790_350_400),
      lines: [
        BasketLine(id: "milk", product: Self.milk, quantity: .pieces(2), price: Money(minor: 10_000)),
        BasketLine(id: "wine", product: Self.wine, price: Money(minor: 50_000)),
        BasketLine(
          id: "cheese", product: Self.cheese, quantity: Quantity(thousandths: 1_500), price: Money(minor: 40_000), kind: .weighed),
      ])
  }

  func book(_ promotions: [Promotion]) -> RuleBook { RuleBook(version: 1, terms: terms, groups: groups, promotions: promotions) }

  func sell(_ promotions: Promotion...) -> Calculation {
    calculate(basket, member: member, rules: book(promotions), usage: usage, scope: scope)
  }

  static func promotion(
    _ benefit: Benefit, id: Int64 = 1, when condition: Condition = .all([]), on target: ProductFilter = .everything,
    limits: PromotionLimits = PromotionLimits(), stage: Stage? = nil, group: String = ""
  ) -> Promotion {
    Promotion(
      id: PromotionID(id), code: "p\(id)", name: LocalText(ru: "Акция", en: "Offer"), stage: stage, group: group,
      condition: condition,
      target: target, benefit: benefit, limits: limits)
  }
}

extension Money {
  static func roubles(_ whole: Int64) -> Money { Money(minor: whole * 100) }
}
