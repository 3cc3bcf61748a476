import Calculator
import Conditions
import Kernel
import Testing

/// Every condition on both sides of its bound: where it holds, a rouble goes off; where it does not, the answer says which cause.
@Suite struct ConditionTests {
  struct Case: Sendable {
    let name: String
    let holds: Condition
    let fails: Condition
    let cause: String
    var change: @Sendable (inout SmallShop) -> Void = { _ in }
  }

  static let milk: ProductFilter = .products([ProductID(1)])

  static let basketCases: [Case] = [
    Case(
      name: "amount of the receipt", holds: .amount(of: .everything, .reduced, Bounds(atLeast: 130_000)),
      fails: .amount(of: .everything, .reduced, Bounds(atLeast: 130_001)), cause: "amount"),
    Case(
      name: "amount at most", holds: .amount(of: milk, .regular, Bounds(atMost: 20_000)),
      fails: .amount(of: milk, .regular, Bounds(atMost: 19_999)), cause: "amount"),
    Case(
      name: "amount of a category", holds: .amount(of: .categories([CategoryID(2)]), .reduced, Bounds(atLeast: 50_000)),
      fails: .amount(of: .categories([CategoryID(2)]), .reduced, Bounds(atLeast: 50_001)), cause: "amount"),
    Case(
      name: "amount of a brand", holds: .amount(of: .brands([ProductBrandID(1)]), .reduced, Bounds(atLeast: 80_000)),
      fails: .amount(of: .brands([ProductBrandID(1)]), .reduced, Bounds(atLeast: 80_001)), cause: "amount"),
    Case(
      name: "amount of a manufacturer", holds: .amount(of: .manufacturers([ManufacturerID(2)]), .reduced, Bounds(atLeast: 50_000)),
      fails: .amount(of: .manufacturers([ManufacturerID(3)]), .reduced, Bounds(atLeast: 1)), cause: "amount"),
    Case(
      name: "amount of an attribute", holds: .amount(of: .attributes([AttributeID(2)]), .reduced, Bounds(atLeast: 50_000)),
      fails: .amount(of: .attributes([AttributeID(3)]), .reduced, Bounds(atLeast: 1)), cause: "amount"),
    Case(
      name: "amount of flagged goods", holds: .amount(of: .flagged([.advertForbidden]), .reduced, Bounds(atLeast: 50_000)),
      fails: .amount(of: .flagged([.advertForbidden, .marked]), .reduced, Bounds(atLeast: 1)), cause: "amount"),
    Case(
      name: "amount of goods at a price",
      holds: .amount(of: .price(atLeast: Money(minor: 40_000), atMost: Money(minor: 50_000)), .reduced, Bounds(atLeast: 110_000)),
      fails: .amount(of: .price(atLeast: Money(minor: 40_001), atMost: Money(minor: 49_999)), .reduced, Bounds(atLeast: 1)),
      cause: "amount"),
    Case(
      name: "amount of all, any and none",
      holds: .amount(
        of: .all([.categories([CategoryID(9)]), .any([milk, .brands([ProductBrandID(1)])]), .none([.products([ProductID(3)])])]),
        .reduced, Bounds(atLeast: 20_000, atMost: 20_000)),
      fails: .amount(of: .none([.categories([CategoryID(9)])]), .reduced, Bounds(atLeast: 1)), cause: "amount"),
    Case(
      name: "pieces", holds: .quantity(of: milk, Bounds(atLeast: 2_000)), fails: .quantity(of: milk, Bounds(atLeast: 2_001)),
      cause: "quantity"),
    Case(
      name: "kilograms", holds: .quantity(of: .products([ProductID(3)]), Bounds(atLeast: 1_500)),
      fails: .quantity(of: .products([ProductID(3)]), Bounds(atLeast: 1_501)), cause: "quantity"),
    Case(
      name: "weight", holds: .weight(of: .everything, Bounds(atLeast: 1_500, atMost: 1_500)),
      fails: .weight(of: .everything, Bounds(atLeast: 1_501)), cause: "quantity"),
    Case(
      name: "different products", holds: .products(of: .everything, Bounds(atLeast: 3)),
      fails: .products(of: .everything, Bounds(atLeast: 4)), cause: "product-count",
      change: { $0.basket.lines.append(BasketLine(id: "more", product: SmallShop.milk, price: .roubles(1))) }),
    Case(
      name: "lines", holds: .lines(of: milk, Bounds(atLeast: 2, atMost: 2)), fails: .lines(of: milk, Bounds(atMost: 1)),
      cause: "product-count",
      change: { $0.basket.lines.append(BasketLine(id: "more", product: SmallShop.milk, price: .roubles(1))) }),
    Case(
      name: "goods that do not count", holds: .amount(of: .everything, .regular, Bounds(atLeast: 130_000)),
      fails: .amount(of: .everything, .regular, Bounds(atLeast: 130_001)), cause: "amount",
      change: { shop in
        var product = SmallShop.milk
        product.flags = [.doesNotCount]
        shop.basket.lines.append(BasketLine(id: "tobacco", product: product, price: .roubles(200)))
        shop.basket.lines.append(BasketLine(id: "card", product: SmallShop.milk, price: .roubles(900), kind: .giftCard))
      }),
  ]

  static let placeCases: [Case] = [
    Case(name: "store", holds: .stores([StoreID(6), StoreID(7)]), fails: .stores([StoreID(6)]), cause: "other-store"),
    Case(name: "brand of the store", holds: .storeBrands([BrandID(8)]), fails: .storeBrands([BrandID(7)]), cause: "other-store"),
    Case(
      name: "price zone", holds: .priceZones([PriceZoneID(4)]), fails: .priceZones([PriceZoneID(5)]), cause: "other-store",
      change: { $0.basket.store.place.priceZone = PriceZoneID(4) }),
    Case(
      name: "region, whatever its case", holds: .regions(["Псковская область", "тверская ОБЛАСТЬ"]), fails: .regions(["Тверь"]),
      cause: "other-store", change: { $0.basket.store.place.region = "Тверская область" }),
    Case(
      name: "city", holds: .cities(["Тверь"]), fails: .cities(["Москва"]), cause: "other-store",
      change: { $0.basket.store.place.city = "Тверь" }),
    Case(
      name: "format of the store, whatever its case", holds: .storeFormats(["гипермаркет", "ЭКСПРЕСС"]),
      fails: .storeFormats(["Гипермаркет"]), cause: "other-store", change: { $0.basket.store.place.format = "Экспресс" }),
    Case(
      name: "format that nobody told", holds: .none([.storeFormats(["Экспресс"])]), fails: .storeFormats(["Экспресс"]),
      cause: "other-store"),
    Case(name: "place that nobody told", holds: .none([.cities(["Тверь"])]), fails: .cities(["Тверь"]), cause: "other-store"),
    Case(
      name: "holiday ahead", holds: .holidays(before: 1, after: 0), fails: .holidays(before: 0, after: 5), cause: "other-day",
      change: { $0.terms.holidays = [day(9, 26)].compactMap { $0 } }),
    Case(
      name: "holiday behind", holds: .holidays(before: 0, after: 2), fails: .holidays(before: 9, after: 1), cause: "other-day",
      change: { $0.terms.holidays = [day(5, 9), day(9, 23)].compactMap { $0 } }),
    Case(name: "channel", holds: .channels([.web, .till]), fails: .channels([.web, .app]), cause: "other-channel"),
    Case(name: "weekday", holds: .weekdays([5]), fails: .weekdays([1, 2, 3, 4, 6, 7]), cause: "other-day"),
    Case(
      name: "hours", holds: .hours(from: Clock(second: 66_800), until: Clock(second: 66_801)),
      fails: .hours(from: Clock(second: 66_801), until: Clock(second: 66_802)), cause: "other-hour"),
    Case(
      name: "hours end before their end", holds: .hours(from: Clock(second: 0), until: Clock(second: 66_801)),
      fails: .hours(from: Clock(second: 0), until: Clock(second: 66_800)), cause: "other-hour"),
    Case(
      name: "hours over midnight", holds: .hours(from: Clock(second: 66_800), until: Clock(second: 3_600)),
      fails: .hours(from: Clock(second: 66_801), until: Clock(second: 66_800)), cause: "other-hour"),
    Case(
      name: "days", holds: .days(from: day(9, 25), through: day(9, 25)), fails: .days(from: day(9, 26), through: nil),
      cause: "other-day"),
    Case(
      name: "days until", holds: .days(from: nil, through: day(9, 25)), fails: .days(from: nil, through: day(9, 24)),
      cause: "other-day"),
    Case(
      name: "the store's own clock", holds: .weekdays([6]), fails: .weekdays([5]), cause: "other-day",
      change: { $0.basket.time = Instant(seconds: 1_790_370_001) }),
    Case(
      name: "way of paying", holds: .tenders([.fastPayment]), fails: .tenders([.card, .cash]), cause: "other-tender",
      change: { $0.basket.tenders = [Tender(kind: .giftCard, amount: .roubles(5)), Tender(kind: .fastPayment)] }),
    Case(
      name: "coupon of a series, whatever its case", holds: .coupon(" summer"), fails: .coupon("WINTER"), cause: "coupon-missing",
      change: { $0.basket.coupons = [PresentedCoupon(code: "A-1", series: "SUMMER")] }),
    Case(
      name: "used coupon", holds: .coupon("GOOD"), fails: .coupon("SUMMER"), cause: "coupon-used",
      change: { $0.basket.coupons = [PresentedCoupon(code: "SUMMER", state: .used), PresentedCoupon(code: "good")] }),
  ]

  static let memberCases: [Case] = [
    Case(name: "known member", holds: .identified, fails: .none([.identified]), cause: "excluded-circumstance"),
    Case(
      name: "kind of member", holds: .memberKinds([.employee]), fails: .memberKinds([.person, .company]),
      cause: "other-member-kind",
      change: { $0.member?.kind = .employee }),
    Case(name: "tier", holds: .tiers([TierID(2)]), fails: .tiers([TierID(1), TierID(3)]), cause: "other-tier"),
    Case(
      name: "segment", holds: .segments([SegmentID(1), SegmentID(3)]), fails: .segments([SegmentID(1)]), cause: "other-segment"),
    Case(
      name: "attribute is", holds: .memberAttribute("size", .isOneOf([.number(42), .text("L")])),
      fails: .memberAttribute("size", .isOneOf([.text("42")])), cause: "member-attribute", change: { $0.knowSize() }),
    Case(
      name: "attribute is not", holds: .memberAttribute("size", .isNoneOf([.number(41)])),
      fails: .memberAttribute("size", .isNoneOf([.number(42)])), cause: "member-attribute", change: { $0.knowSize() }),
    Case(
      name: "attribute within bounds", holds: .memberAttribute("size", .number(Bounds(atLeast: 42))),
      fails: .memberAttribute("size", .number(Bounds(atLeast: 43))), cause: "member-attribute", change: { $0.knowSize() }),
    Case(
      name: "attribute present", holds: .memberAttribute("colour", .isPresent(false)),
      fails: .memberAttribute("colour", .isPresent(true)), cause: "member-attribute"),
    Case(
      name: "attribute that is a day", holds: .memberAttribute("since", .day(from: day(1, 1), through: day(1, 1))),
      fails: .memberAttribute("since", .day(from: day(1, 2), through: nil)), cause: "member-attribute", change: { $0.knowSize() }),
    Case(
      name: "first purchase", holds: .firstPurchase, fails: .none([.firstPurchase]), cause: "excluded-circumstance",
      change: { $0.member?.purchases = 0 }),
    Case(name: "not the first purchase", holds: .none([.firstPurchase]), fails: .firstPurchase, cause: "not-first-purchase"),
    Case(
      name: "birthday ahead", holds: .birthday(before: 3, after: 0), fails: .birthday(before: 2, after: 9), cause: "not-birthday",
      change: { $0.member?.birthday = CivilDay(year: 1990, month: 9, day: 28) }),
    Case(
      name: "birthday behind", holds: .birthday(before: 0, after: 3), fails: .birthday(before: 9, after: 2), cause: "not-birthday",
      change: { $0.member?.birthday = CivilDay(year: 1990, month: 9, day: 22) }),
    Case(
      name: "birthday over New Year", holds: .birthday(before: 5, after: 0), fails: .birthday(before: 4, after: 0),
      cause: "not-birthday",
      change: { shop in
        shop.member?.birthday = CivilDay(year: 1990, month: 1, day: 2)
        // 28 December 2026.
        shop.basket.time = Instant(seconds: 1_790_350_400 + 94 * 86_400)
      }),
    Case(
      name: "in a household", holds: .household(Bounds()), fails: .none([.household(Bounds())]), cause: "excluded-circumstance",
      change: { $0.member?.counters["household"] = 1 }),
    Case(name: "in no household", holds: .none([.household(Bounds())]), fails: .household(Bounds()), cause: "household"),
    Case(
      name: "a household's size", holds: .household(Bounds(atLeast: 3, atMost: 3)), fails: .household(Bounds(atLeast: 4)),
      cause: "household", change: { $0.member?.counters["household"] = 3 }),
    Case(
      name: "a household's receipts",
      holds: .accumulated(Accumulator(.receipts, within: .week, by: .household), Bounds(atLeast: 3)),
      fails: .accumulated(Accumulator(.receipts, within: .week, by: .household), Bounds(atLeast: 4)), cause: "accumulated",
      change: { shop in
        shop.member?.counters["household"] = 2
        shop.member?.usage[Accumulator(.receipts, within: .week, by: .household).id] = MemberUsage(uses: 2)
      }),
    Case(
      name: "counter", holds: .counter("visits", Bounds(atLeast: 5)), fails: .counter("visits", Bounds(atLeast: 6)),
      cause: "counter",
      change: { $0.member?.counters = ["visits": 5] }),
    Case(
      name: "days without a purchase", holds: .counter("daysSincePurchase", Bounds(atLeast: 60)),
      fails: .counter("daysSincePurchase", Bounds(atLeast: 61)), cause: "counter",
      change: { $0.member?.counters = ["daysSincePurchase": 60] }),
    Case(
      name: "days since a purchase that never was", holds: .none([.counter("daysSincePurchase", Bounds(atMost: 7))]),
      fails: .counter("daysSincePurchase", Bounds(atMost: 7)), cause: "counter"),
    Case(
      name: "amount of a period", holds: .accumulated(coffee, Bounds(atLeast: 100_000)),
      fails: .accumulated(coffee, Bounds(atLeast: 100_001)), cause: "accumulated",
      // 800.00 before, and the two milks.
      change: { $0.member?.usage[coffee.id] = MemberUsage(uses: 80_000) }),
    Case(
      name: "third visit of a week", holds: .accumulated(visits, Bounds(atLeast: 3, atMost: 3)),
      fails: .accumulated(visits, Bounds(atLeast: 4)), cause: "accumulated",
      change: { $0.member?.usage[visits.id] = MemberUsage(uses: 2) }),
    Case(
      name: "second receipt of a visit", holds: .accumulated(visits, Bounds(atMost: 2)),
      fails: .accumulated(visits, Bounds(atLeast: 3)), cause: "accumulated",
      change: { shop in
        shop.member?.usage[visits.id] = MemberUsage(uses: 2)
        shop.member?.usage[Accumulator.visits(of: StoreID(7))] = MemberUsage(uses: 1, today: 1)
      }),
    Case(
      name: "purchases so far", holds: .counter("purchases", Bounds(atLeast: 4)), fails: .counter("purchases", Bounds(atMost: 3)),
      cause: "counter"),
  ]

  static let nestedCases: [Case] = [
    Case(
      name: "all", holds: .all([.identified, .stores([StoreID(7)])]), fails: .all([.identified, .stores([StoreID(6)])]),
      cause: "other-store"),
    Case(
      name: "any", holds: .any([.stores([StoreID(6)]), .tiers([TierID(2)])]),
      fails: .any([.tiers([TierID(1)]), .stores([StoreID(6)])]),
      cause: "other-tier"),
    Case(
      name: "none", holds: .none([.tiers([TierID(1)]), .stores([StoreID(6)])]),
      fails: .none([.tiers([TierID(1)]), .stores([StoreID(7)])]),
      cause: "excluded-circumstance"),
    Case(
      name: "nested",
      holds: .any([.all([.identified, .stores([StoreID(6)])]), .none([.any([.tiers([TierID(1)]), .stores([StoreID(6)])])])]),
      fails: .all([.any([.identified]), .none([.all([.tiers([TierID(2)]), .segments([SegmentID(3)])])])]),
      cause: "excluded-circumstance"),
  ]

  private static let coffee = Accumulator(.amount, of: milk, within: .month)
  private static let visits = Accumulator(.visits, within: .week)

  private static func day(_ month: Int, _ day: Int) -> CivilDay? { CivilDay(year: 2026, month: month, day: day) }

  @Test(arguments: basketCases + placeCases + memberCases + firstPurchaseCases + nestedCases)
  func `a condition holds on one side of its bound and is named on the other`(_ each: Case) {
    var shop = SmallShop()
    each.change(&shop)
    shop.scope.explainsAll = true
    let yes = shop.sell(SmallShop.promotion(.amount(.roubles(1)), when: each.holds))
    #expect(yes.discount == .roubles(1), "\(each.name): \(yes.reasons)")
    let no = shop.sell(SmallShop.promotion(.amount(.roubles(1)), when: each.fails))
    #expect(no.discount == .zero, "\(each.name)")
    #expect(no.reasons.first { $0.promotion == 0 }?.cause.word == each.cause, "\(each.name)")
    // The index must find what applies and may miss only what does not.
    shop.scope.explainsAll = false
    #expect(
      shop.sell(SmallShop.promotion(.amount(.roubles(1)), when: each.holds)).discount == .roubles(1), "\(each.name), by the index")
  }

  @Test func `what asks for a member does not apply to a stranger and says so`() {
    for each in Self.memberCases + Self.firstPurchaseCases {
      var shop = SmallShop()
      each.change(&shop)
      shop.member = nil
      shop.scope.explainsAll = true
      let answer = shop.sell(SmallShop.promotion(.amount(.roubles(1)), when: .all([.identified, each.holds])))
      #expect(answer.discount == .zero && answer.reasons.map(\.cause) == [.unidentified], "\(each.name)")
    }
  }

  @Test func `a promotion is in force from its first instant until before its last`() {
    var shop = SmallShop()
    var promotion = SmallShop.promotion(.amount(.roubles(1)))
    promotion.from = shop.basket.time
    promotion.until = shop.basket.time + .seconds(10)
    #expect(shop.sell(promotion).discount == .roubles(1))
    shop.basket.time = shop.basket.time + .seconds(10)
    #expect(shop.sell(promotion).reasons.map(\.cause) == [.ended])
    shop.basket.time = shop.basket.time + .seconds(-11)
    #expect(shop.sell(promotion).reasons.map(\.cause) == [.notStarted])
  }
}

extension SmallShop {
  fileprivate mutating func knowSize() {
    member?.attributes = ["size": .number(42)]
    member?.attributes["since"] = CivilDay(year: 2026, month: 1, day: 1).map(AttributeValue.day)
  }
}
