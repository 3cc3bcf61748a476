import Calculator
import Conditions
import Kernel
import Testing

/// What each benefit gives in a small shop: two milks at 100.00, wine at 500.00 (not below 450.00), 1.5 kg of cheese at 400.00.
@Suite struct BenefitTests {
  struct Case: Sendable {
    let name: String
    let promotion: Promotion
    /// What milk, wine and cheese cost then, in minor units.
    let amounts: [Int64]
  }

  private static let milk: ProductFilter = .products([ProductID(1)])
  private static func stairs(_ first: Reduction, _ second: Reduction, from: Int64, _ then: Int64) -> Staircase {
    Staircase(.amount, [.init(from: from, first), .init(from: then, second)])
  }

  private static let cheese: ProductFilter = .products([ProductID(3)])

  static let reductions: [Case] = [
    Case(
      name: "percent of lines", promotion: SmallShop.promotion(.percent(.percent(15), of: .reduced), on: milk),
      amounts: [17_000, 50_000, 60_000]),
    Case(
      name: "percent of lines stops at a floor", promotion: SmallShop.promotion(.percent(.percent(15), of: .reduced)),
      amounts: [17_000, 45_000, 51_000]),
    Case(
      name: "percent of the receipt is given in full",
      promotion: SmallShop.promotion(.percent(.percent(15), of: .reduced), stage: .receipt),
      // 195.00 in all: 50.00 on the wine, the rest by price. Two milks cannot make 163.75, so the wine takes a kopeck.
      amounts: [16_374, 45_001, 49_125]),
    Case(
      name: "amount for each unit",
      promotion: SmallShop.promotion(.amountPerUnit(.roubles(7)), on: .none([.products([ProductID(2)])])),
      amounts: [18_600, 50_000, 58_950]),
    Case(name: "amount on the receipt", promotion: SmallShop.promotion(.amount(.roubles(130))), amounts: [18_000, 45_000, 54_000]),
    Case(
      name: "amount on lines", promotion: SmallShop.promotion(.amount(.roubles(8)), on: milk, stage: .line),
      amounts: [19_200, 50_000, 60_000]),
    Case(
      name: "fixed price of pieces", promotion: SmallShop.promotion(.fixedPrice(.roubles(79)), on: milk),
      amounts: [15_800, 50_000, 60_000]),
    Case(
      name: "fixed price of a kilogram", promotion: SmallShop.promotion(.fixedPrice(Money(minor: 39_999)), on: cheese),
      // 1.5 × 399.99 = 599.985, half up.
      amounts: [20_000, 50_000, 59_999]),
    Case(
      name: "fixed price above the shelf's", promotion: SmallShop.promotion(.fixedPrice(.roubles(101)), on: milk),
      amounts: [20_000, 50_000, 60_000]),
    Case(
      name: "fixed total of goods",
      promotion: SmallShop.promotion(.fixedTotal(.roubles(720)), on: .none([.products([ProductID(2)])])),
      amounts: [18_000, 50_000, 54_000]),
    Case(
      name: "fixed total of the receipt", promotion: SmallShop.promotion(.fixedTotal(.roubles(1_170)), stage: .receipt),
      amounts: [18_000, 45_000, 54_000]),
    Case(
      name: "one plus one",
      promotion: SmallShop.promotion(.freeUnits(buy: 1, free: 1, rate: .whole, lands: .free, perProduct: true)),
      amounts: [10_000, 50_000, 60_000]),
    Case(
      name: "cheapest of three at half price",
      promotion: SmallShop.promotion(.freeUnits(buy: 2, free: 1, rate: .percent(50), lands: .free, perProduct: false)),
      amounts: [15_000, 50_000, 60_000]),
    Case(
      name: "cheapest free, on those paid for",
      promotion: SmallShop.promotion(.freeUnits(buy: 2, free: 1, rate: .percent(20), lands: .triggers, perProduct: false)),
      // 20.00 over wine 500.00 and one milk 100.00: 16.67 and 3.33. Two milks cannot make 196.67, so the wine takes a kopeck.
      amounts: [19_666, 48_334, 60_000]),
    Case(
      name: "first step of a staircase by amount",
      promotion: SmallShop.promotion(
        .staircase(Self.stairs(.percent(.percent(5)), .percent(.percent(10)), from: 120_000, 140_000))),
      // 5 % of 1 300.00 over the lines in proportion: 10.00, 25.00 and 30.00.
      amounts: [19_000, 47_500, 57_000]),
    Case(
      name: "second step of a staircase by amount",
      promotion: SmallShop.promotion(
        .staircase(Self.stairs(.percent(.percent(5)), .percent(.percent(10)), from: 120_000, 130_000))),
      amounts: [18_000, 45_000, 54_000]),
    Case(
      name: "below a staircase",
      promotion: SmallShop.promotion(
        .staircase(Self.stairs(.percent(.percent(5)), .percent(.percent(10)), from: 130_001, 140_000))),
      amounts: [20_000, 50_000, 60_000]),
    Case(
      name: "staircase by quantity",
      promotion: SmallShop.promotion(
        .staircase(
          Staircase(.quantity, [.init(from: 1_000, .amountPerUnit(.roubles(3))), .init(from: 2_000, .fixedPrice(.roubles(90)))])),
        on: milk),
      amounts: [18_000, 50_000, 60_000]),
    Case(
      name: "bundle at a price",
      promotion: SmallShop.promotion(
        .bundle(Bundle([.init(milk), .init(.products([ProductID(2)]))], .price(.roubles(540))))),
      // 600.00 together: 60.00 over one milk and the wine, 10.00 and 50.00.
      amounts: [19_000, 45_000, 60_000]),
    Case(
      name: "bundle that costs more than its goods",
      promotion: SmallShop.promotion(.bundle(Bundle([.init(milk), .init(.products([ProductID(2)]))], .price(.roubles(600))))),
      amounts: [20_000, 50_000, 60_000]),
    Case(
      name: "two sets of one group", promotion: SmallShop.promotion(.bundle(Bundle([.init(milk)], .amount(.roubles(15))))),
      amounts: [17_000, 50_000, 60_000]),
    Case(
      name: "percent off a bundle",
      promotion: SmallShop.promotion(.bundle(Bundle([.init(milk, units: 2)], .percent(.percent(25))))),
      amounts: [15_000, 50_000, 60_000]),
    Case(
      name: "price list",
      promotion: SmallShop.promotion(.prices(PriceList([ProductID(1): .roubles(80), ProductID(3): .roubles(500)]))),
      amounts: [16_000, 50_000, 60_000]),
    Case(
      name: "gift to choose",
      promotion: SmallShop.promotion(
        .giftChoice(GiftChoice([.init(LocalText(ru: "Молоко", en: "Milk"), milk, units: 2)], price: Money(minor: 1)))),
      amounts: [2, 50_000, 60_000]),
    Case(
      name: "gift", promotion: SmallShop.promotion(.gift(units: 1, price: Money(minor: 1)), on: milk),
      amounts: [10_001, 50_000, 60_000]),
  ]

  @Test(arguments: reductions) func `a benefit takes off what it promises`(_ each: Case) {
    let answer = SmallShop().sell(each.promotion)
    #expect(answer.lines.map(\.amount.minor) == each.amounts, "\(each.name)")
    #expect(Sums.violations(of: answer, SmallShop().basket) == [], "\(each.name)")
  }

  @Test func `a price per kilogram is what the register prints for it, whatever the weight`() {
    for thousandths in Int64(51)...2_400 where thousandths % 7 == 0 {
      var shop = SmallShop()
      shop.basket.lines[2].quantity = Quantity(thousandths: thousandths)
      shop.basket.lines[2].price = Money(minor: 40_037)
      let answer = shop.sell(SmallShop.promotion(.fixedPrice(Money(minor: 31_913)), on: Self.cheese))
      #expect(answer.lines[2].amount == Money(minor: 31_913).times(Quantity(thousandths: thousandths)), "\(thousandths) g")
    }
  }

  struct Earning: Sendable {
    let name: String
    let promotions: [Promotion]
    let earned: Int64
  }

  static let earnings: [Earning] = [
    Earning(
      name: "rate of a category", promotions: [SmallShop.promotion(.earnRate(.percent(5)), on: .categories([CategoryID(3)]))],
      earned: 30),
    Earning(
      name: "rate of a tier", promotions: [SmallShop.promotion(.earnRate(.percent(7)), when: .tiers([TierID(2)]))], earned: 91),
    Earning(
      name: "rate of another tier", promotions: [SmallShop.promotion(.earnRate(.percent(7)), when: .tiers([TierID(3)]))], earned: 0),
    Earning(
      name: "rate of a segment", promotions: [SmallShop.promotion(.earnRate(.percent(1)), when: .segments([SegmentID(3)]))],
      earned: 13),
    Earning(
      name: "rate with a multiplier for a brand",
      promotions: [
        SmallShop.promotion(.earnRate(.percent(5))),
        SmallShop.promotion(.earnMultiplier(.percent(300)), id: 2, on: .brands([ProductBrandID(2)])),
      ],
      // 5 % of 1 300.00, and twice as much again of the wine's 500.00.
      earned: 65 + 50),
    Earning(
      name: "two doublings",
      promotions: [
        SmallShop.promotion(.earnRate(.percent(10))), SmallShop.promotion(.earnMultiplier(.percent(200)), id: 2),
        SmallShop.promotion(.earnMultiplier(.percent(200)), id: 3),
      ], earned: 390),
    Earning(
      name: "points per step", promotions: [SmallShop.promotion(.earnPerStep(Points(units: 3), step: .roubles(250)))], earned: 15),
    Earning(
      name: "points per unit", promotions: [SmallShop.promotion(.earnPerUnit(Points(units: 20)))],
      // Two milks, a wine, and of 1.5 kg of cheese the whole kilogram.
      earned: 80),
    Earning(
      name: "points per unit, some units",
      promotions: [SmallShop.promotion(.earnPerUnit(Points(units: 20)), on: milk, limits: PromotionLimits(timesPerReceipt: 1))],
      earned: 20),
    Earning(name: "fixed bonus", promotions: [SmallShop.promotion(.earnFixed(Points(units: 77)), on: milk)], earned: 77),
    Earning(
      name: "fixed bonus without its goods",
      promotions: [SmallShop.promotion(.earnFixed(Points(units: 77)), on: .products([ProductID(9)]))],
      earned: 0),
  ]

  @Test(arguments: earnings) func `points are earned by rate, step, multiplier and at once`(_ each: Earning) {
    var shop = SmallShop()
    shop.scope.explainsAll = true
    let answer = calculate(shop.basket, member: shop.member, rules: shop.book(each.promotions), scope: shop.scope)
    #expect(answer.earned == Points(units: each.earned), "\(each.name)")
    if each.earned == 0 { #expect(answer.reasons.count == 1, "\(each.name)") }
  }

  @Test func `members who earn nothing are told so`() {
    var shop = SmallShop()
    shop.member?.kind = .storeCard
    let answer = shop.sell(SmallShop.promotion(.earnRate(.percent(5))))
    #expect(answer.earned == .zero && answer.reasons.map(\.cause) == [.otherMemberKind])
  }

  @Test func `a group gives what its policy says`() {
    let promotions = [
      SmallShop.promotion(.amount(.roubles(10)), id: 1, group: "g"), SmallShop.promotion(.amount(.roubles(30)), id: 2, group: "g"),
      SmallShop.promotion(.amount(.roubles(20)), id: 3, group: "g"),
    ]
    let expected: [(PromotionGroup.Policy, Int64)] = [(.all, 60), (.first, 10), (.bestForShopper, 30), (.bestForShop, 10)]
    for (policy, roubles) in expected {
      var shop = SmallShop()
      shop.groups = [PromotionGroup(name: "g", policy: policy)]
      let answer = calculate(shop.basket, member: shop.member, rules: shop.book(promotions))
      #expect(answer.discount == .roubles(roubles), "\(policy.rawValue)")
      #expect(answer.reasons.count == (policy == .all ? 0 : 2), "\(policy.rawValue)")
    }
  }
}
