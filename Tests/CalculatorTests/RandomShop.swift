import Calculator
import Conditions
import Kernel
import TestKit

/// Random programmes, rule books, members and baskets: small worlds in which promotions meet each other often.
struct RandomShop {
  private var random: SeededRandom
  private let status: StatusEarning?
  /// True where most promotions exclude each other and many of them come to hold, or cease to, while the basket is priced.
  private let isQuarrelsome: Bool
  /// Gifts are chosen in some shops; the dice say nothing to it, so that all other shops stay as they are.
  private let offersGifts: Bool

  init(seed: UInt64, isQuarrelsome: Bool = false) {
    random = SeededRandom(seed: seed)
    self.isQuarrelsome = isQuarrelsome
    offersGifts = seed % 4 == 0
    status = [nil, .asEarned, .perStep(Points(units: 3), step: Money(minor: 10_000))][Int(seed % 3)]
  }

  mutating func int(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
  mutating func chance(_ percent: Int64) -> Bool { int(1...100) <= percent }
  mutating func pick<T>(_ values: [T]) -> T { values[Int(int(0...Int64(values.count - 1)))] }

  // MARK: programme

  mutating func terms() -> ProgrammeTerms {
    let scale = Int(pick([0, 0, 2]))
    var terms = ProgrammeTerms(pointsScale: scale, spendValue: pick([100, 100, 50, 10]))
    terms.rounding = RoundingProfile(
      percent: pick(RoundingProfile.Percent.allCases), mode: pick(RoundingProfile.Mode.allCases),
      residue: pick([.largestRemainder, .dearest]))
    terms.spending.share = .percent(pick([20, 50, 99, 100]))
    terms.spending.shareOf = pick(SpendingTerms.Share.allCases)
    terms.spending.leastMoney = Money(minor: pick([0, 1, 100]))
    terms.spending.step = Points(units: pick([1, 1, 10, 100]))
    if chance(30) { terms.spending.exceptions = [SpendingException(goods: filter(), share: .percent(pick([0, 10, 90])))] }
    terms.earning = EarningTerms(
      whenPointsPay: pick(EarningTerms.WithPoints.allCases), place: pick(EarningTerms.Place.allCases),
      mode: pick([.down, .halfUp]),
      step: Points(units: pick([1, 1, 5])), status: status)
    if chance(20) { terms.receiptRounding = ReceiptRounding(step: Money(minor: pick([10, 100])), isDoneByTill: chance(30)) }
    return terms
  }

  // MARK: goods

  mutating func filter() -> ProductFilter {
    switch int(1...6) {
    case 1: .everything
    case 2: .categories(IDList([CategoryID(int(1...4)), CategoryID(int(1...4))]))
    case 3: .brands(IDList([ProductBrandID(int(1...3))]))
    case 4: .products(IDList((0..<3).map { _ in ProductID(int(1...12)) }))
    case 5: .none([.categories([CategoryID(int(1...4))])])
    default: .all([.categories([CategoryID(int(1...4))]), .price(atLeast: Money(minor: int(0...5_000)), atMost: nil)])
    }
  }

  /// The twelve products of the shop: the same id is always the same product.
  func product(_ id: Int64) -> ProductFacts {
    var facts = ProductFacts(
      id: ProductID(id), categories: [CategoryID(id % 4 + 1), CategoryID(9)], brand: ProductBrandID(id % 3 + 1))
    if id == 5 { facts.flags = [.discountForbidden, .pointsSpendForbidden, .earnForbidden] }
    if id == 6 { facts.minPrice = Money(minor: 4_000) }
    if id == 7 { facts.flags = [.pointsSpendForbidden] }
    return facts
  }

  mutating func line(_ number: Int) -> BasketLine {
    let id = int(1...12)
    let isWeighed = id % 5 == 0 && id != 5
    let quantity = isWeighed ? Quantity(thousandths: int(50...3_500)) : .pieces(pick([1, 1, 1, 2, 3, 7]))
    let price = id == 6 ? int(4_000...6_000) : int(1...30_000)
    var line = BasketLine(
      id: "L\(number)", product: product(id), quantity: quantity, price: Money(minor: price), kind: isWeighed ? .weighed : .goods)
    if !isWeighed, chance(4) { line.kind = pick([.giftCard, .bag, .delivery, .deposit]) }
    if chance(5) { line.isPriceLocked = true }
    if chance(8) {
      let shelf = line.price.times(line.quantity).minor
      line.tillReductions = [TillReduction(kind: "manual", amount: Money(minor: shelf / 10))]
    }
    if chance(5) { line.settlement = pick(Settlement.allCases) }
    if chance(5), line.quantity == .one { line.mark = "mark-\(number)" }
    if chance(15) { line.legalEntity = LegalEntityID(2) }
    return line
  }

  mutating func register() -> RegisterProfile {
    RegisterProfile(
      tolerance: pick([0, 0, 1]), split: pick(RegisterProfile.Split.allCases), leastPrice: Money(minor: pick([0, 1, 100])),
      maxLines: Int(pick([1000, 1000, 12])))
  }

  mutating func basket(lines: ClosedRange<Int64> = 1...10) -> Basket {
    var basket = Basket(
      store: StoreFacts(id: StoreID(int(1...3)), zone: .moscow), register: register(), time: Instant(seconds: 1_790_000_000),
      lines: (1...Int(int(lines))).map { line($0) }, coupons: chance(20) ? [PresentedCoupon(code: "SUMMER")] : [],
      tenders: chance(20) ? [Tender(kind: .giftCard, amount: Money(minor: int(1...20_000))), Tender(kind: .card)] : [],
      spend: pick([.nothing, .most, .points(Points(units: int(0...5_000)))]))
    if offersGifts {
      basket.choices = ["p1", "p2", "p3"].map { GiftWish(promotion: $0, code: "one", product: basket.lines.last?.product.id) }
    }
    return basket
  }

  mutating func member() -> MemberSnapshot {
    var pools = [PointsPool(amount: Points(units: int(0...20_000)))]
    if chance(25) { pools.insert(PointsPool(amount: Points(units: int(1...3_000)), only: filter()), at: 0) }
    return MemberSnapshot(
      id: MemberID(int(1...1_000)), tier: TierID(int(1...3)), segments: [SegmentID(int(1...3))], purchases: int(0...3), pools: pools
    )
  }

  // MARK: rules

  /// Upper bounds of what is left to pay, their contraries, and ways of paying.
  private mutating func lateCondition() -> Condition {
    switch int(1...4) {
    case 1: .amount(of: filter(), .reduced, Bounds(atMost: int(0...50_000)))
    case 2: .none([.amount(of: filter(), .reduced, Bounds(atLeast: int(1...50_000)))])
    case 3: .any([.tenders([.card]), .amount(of: .everything, .reduced, Bounds(atMost: int(0...50_000)))])
    default: .tenders([pick([.cash, .card])])
    }
  }

  mutating func condition(depth: Int = 0) -> Condition {
    if isQuarrelsome, chance(50) { return lateCondition() }
    return switch int(1...(depth < 2 ? 12 : 9)) {
    case 1...4: .all([])
    case 5: .amount(of: filter(), pick(AmountBasis.allCases), Bounds(atLeast: int(0...50_000)))
    case 6: .quantity(of: filter(), Bounds(atLeast: int(1...4) * 1000))
    case 7: .tiers([TierID(int(1...3))])
    case 8: .coupon("summer")
    case 9: .firstPurchase
    case 10: .all([condition(depth: depth + 1), condition(depth: depth + 1)])
    case 11: .any([condition(depth: depth + 1), condition(depth: depth + 1)])
    default: .none([condition(depth: depth + 1)])
    }
  }

  mutating func benefit() -> Benefit {
    switch int(1...16) {
    case 13: .staircase(staircase())
    case 14: .bundle(bundle())
    case 15: .prices(priceList())
    case 16: chance(50) ? .earnPerUnit(Points(units: int(1...20))) : .reward(.freeDelivery)
    case 1...2: .percent(.percent(int(1...60)), of: pick(PriceBasis.allCases))
    case 3: .amountPerUnit(Money(minor: int(1...2_000)))
    case 4: .amount(Money(minor: int(1...20_000)))
    case 5: .fixedPrice(Money(minor: int(1...9_000)))
    case 6: .fixedTotal(Money(minor: int(1...30_000)))
    case 7...8:
      .freeUnits(
        buy: int(1...3), free: int(1...2), rate: .percent(pick([50, 100])), lands: pick(Landing.allCases), perProduct: chance(50))
    case 9: gift(Money(minor: pick([0, 1, 100])))
    case 10: .earnRate(Rate(ppm: int(1...150_000)))
    case 11: .earnPerStep(Points(units: int(1...20)), step: Money(minor: int(1_000...20_000)))
    default: chance(50) ? .earnMultiplier(.percent(pick([150, 200, 300]))) : .earnFixed(Points(units: int(1...100)))
    }
  }

  private func gift(_ price: Money) -> Benefit {
    guard offersGifts else { return .gift(units: 1, price: price) }
    let gifts: [GiftChoice.Gift] = [
      .init(LocalText(ru: "Кружка", en: "A mug"), .products([ProductID(1), ProductID(2)]), codes: ["one", "two"]),
      .init(LocalText(ru: "Чай", en: "Tea"), .categories([CategoryID(4)]), units: 2),
    ]
    return .giftChoice(GiftChoice(gifts, picks: price == .zero ? 1 : 3, price: price, repeats: price != .zero))
  }

  private mutating func priceList() -> PriceList {
    let (one, other) = (ProductID(int(1...6)), ProductID(7))
    if chance(50) { return PriceList([one: Money(minor: int(1...9_000)), other: Money(minor: int(1...9_000))]) }
    let zones: [PriceZoneID?] = [PriceZoneID(1), nil]
    return PriceList([
      PriceList.Page(
        rows: [one: [.amount(Money(minor: int(1...9_000))), nil], other: [nil, .percent(.percent(int(1...60)))]], zones: zones),
      PriceList.Page(rows: [other: [.amount(Money(minor: int(1...9_000)))]], zones: [nil]),
    ])
  }

  private mutating func staircase() -> Staircase {
    let first = int(1...20_000)
    let steps = [(first, 5), (first * 2, 10), (first * 4, 20)].map { from, percent in
      Staircase.Step(from: from, chance(70) ? .percent(.percent(percent)) : .amountPerUnit(Money(minor: percent * 10)))
    }
    return Staircase(chance(60) ? .amount : .quantity, steps)
  }

  private mutating func bundle() -> Bundle {
    let parts = (0..<int(1...3)).map { _ in Bundle.Part(filter(), units: int(1...2)) }
    return Bundle(
      parts, pick([.price(Money(minor: int(1...30_000))), .amount(Money(minor: int(1...5_000))), .percent(.percent(int(1...60)))]))
  }

  mutating func promotion(_ number: Int64, groups: [PromotionGroup]) -> Promotion {
    let benefit = benefit()
    var limits = PromotionLimits()
    if chance(15) { limits.moneyPerReceipt = Money(minor: int(1...5_000)) }
    if chance(10) { limits.pointsPerReceipt = Points(units: int(1...50)) }
    if chance(10) { limits.timesPerReceipt = int(1...2) }
    if chance(10) { limits.quantityPerReceipt = .pieces(int(1...3)) }
    let isPercent = if case .percent = benefit { true } else { false }
    return Promotion(
      id: PromotionID(number), code: "p\(number)", name: LocalText(ru: "Акция", en: "Offer"),
      stage: isPercent && chance(40) ? .receipt : nil,
      group: pick(groups).name, priority: Int(int(1...3)),
      tags: chance(isQuarrelsome ? 70 : 30) ? [pick(["a", "b"])] : [],
      excludes: chance(isQuarrelsome ? 50 : 20) ? [pick(["a", "b"])] : [], condition: condition(), target: filter(),
      benefit: benefit, limits: limits,
      addsToTillReductions: chance(80))
  }

  mutating func rules() -> RuleBook {
    let groups = [
      PromotionGroup(name: "", policy: .all), PromotionGroup(name: "first", policy: .first),
      PromotionGroup(name: "shopper", policy: .bestForShopper), PromotionGroup(name: "shop", policy: .bestForShop),
    ]
    let promotions = (1...int(1...14)).map { promotion($0, groups: groups) }
    return RuleBook(version: 1, terms: terms(), groups: groups, promotions: promotions)
  }
}
