import Calculator
import Conditions
import Kernel
import Testing

@Suite struct LargeBasketTests {
  /// A yacht and its tender: fifty and thirty million roubles, points pay for a part.
  @Test func `points pay for a very dear basket, and its trade-off is told`() {
    let lines = [5_000_000_000, 3_000_000_000].enumerated().map { place, price in
      BasketLine(id: "\(place)", product: ProductFacts(id: ProductID(Int64(place + 1))), price: Money(minor: Int64(price)))
    }
    var basket = Basket(store: StoreFacts(id: StoreID(1), zone: .moscow), time: Instant(seconds: 1_773_480_000), lines: lines)
    basket.spend = .most
    let member = MemberSnapshot(id: MemberID(1), pools: [PointsPool(amount: Points(units: 1_000_000_000))])
    let answer = calculate(basket, member: member, rules: RuleBook(version: 1, terms: ProgrammeTerms(), promotions: []))
    #expect(answer.pointsSpent == Points(units: 40_000_000))
    #expect(answer.amount == Money(minor: 4_000_000_000))
    #expect(answer.tradeOff.map(\.spend) == [.zero, Points(units: 40_000_000)])
  }

  /// A hundred whole rates and a hundred tenfold multipliers on the dearest basket that is accepted: 10²⁰ in money × ppm and 10⁵ times
  /// the price in points, far beyond 64 bits.
  @Test(arguments: EarningTerms.Place.allCases)
  func `rates on the dearest basket earn the most that a receipt earns, and no more`(place: EarningTerms.Place) {
    var shop = SmallShop()
    shop.terms = ProgrammeTerms(pointsScale: 4, spendValue: 1, earning: EarningTerms(place: place))
    shop.basket.lines = (0..<4).map { index in
      BasketLine(id: "\(index)", product: SmallShop.milk, price: Money(minor: Limits.basketAmount / 4))
    }
    let rates = (1...100).map { SmallShop.promotion(.earnRate(.whole), id: $0) }
    let multipliers = (101...200).map { SmallShop.promotion(.earnMultiplier(.percent(1_000)), id: $0) }
    let answer = calculate(shop.basket, member: shop.member, rules: shop.book(rates + multipliers))
    #expect(answer.earned == Points(units: Limits.amount))
    #expect(Sums.violations(of: answer, shop.basket) == [])
    // Rounded promotion by promotion, the first take all and the others hear why; rounded together, each gives a part.
    if place == .rule { #expect(answer.reasons.contains { $0.cause == .limit(.receipt) }) }
  }

  @Test func `twelve whole rates and a tenfold multiplier on the dearest basket are exact to the last point`() {
    var shop = SmallShop()
    shop.basket.lines = [
      BasketLine(id: "1", product: SmallShop.milk, price: Money(minor: Limits.basketAmount - 333)),
      BasketLine(id: "2", product: SmallShop.wine, price: Money(minor: 333)),
    ]
    let rates = (1...12).map { SmallShop.promotion(.earnRate(.whole), id: $0) }
    let answer = calculate(
      shop.basket, member: shop.member, rules: shop.book(rates + [SmallShop.promotion(.earnMultiplier(.percent(1_000)), id: 13)]))
    // 12 × 10¹² kopecks and nine times as much again: 120 × 10¹⁰ points.
    #expect(answer.earned == Points(units: 1_200_000_000_000))
    // The small line's 12 × 3.33 and 359.64: the larger remainders of .67 and .64 are rounded up, those of .33 down.
    #expect(answer.lines[1].earned == Points(units: 12 * 3 + 360))
    #expect(Sums.violations(of: answer, shop.basket) == [])
  }

  @Test func `steps and exclusions on the dearest basket stay within bounds`() {
    var shop = SmallShop()
    shop.terms = ProgrammeTerms(pointsScale: 0, spendValue: 1_000_000)
    shop.basket.lines = [BasketLine(id: "1", product: SmallShop.milk, price: Money(minor: Limits.basketAmount))]
    var one = SmallShop.promotion(.earnPerStep(Points(units: 1_000_000), step: Money(minor: 1)), id: 1)
    var two = SmallShop.promotion(.earnPerStep(Points(units: 999_999), step: Money(minor: 1)), id: 2)
    (one.tags, two.tags, one.excludes) = (["a"], ["b"], ["b"])
    let answer = calculate(shop.basket, member: shop.member, rules: shop.book([one, two]))
    #expect(answer.earned == Points(units: Limits.amount))
    #expect(answer.promotions.map(\.id) == [PromotionID(1)])
  }
}
