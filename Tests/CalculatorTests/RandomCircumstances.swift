import Calculator
import Conditions
import Kernel

/// Conditions that ask nothing about goods, and baskets and members drawn from the same few values, so that they often meet.
struct RandomCircumstances {
  private var shop: RandomShop
  let start = Instant(seconds: 1_790_000_000)
  var terms = ProgrammeTerms(kindsWithoutOffers: [.test])

  init(seed: UInt64) {
    shop = RandomShop(seed: seed)
    terms.holidays = [day(5), day(20)].sorted()
  }

  private func day(_ number: Int) -> CivilDay { Zone.moscow.civil(at: start).day.adding(days: number) }
  private mutating func ids<E: Identified>() -> IDList<E> { IDList((0..<shop.int(1...2)).map { _ in ID(shop.int(1...3)) }) }
  private mutating func bounds() -> Bounds {
    let least = shop.int(0...3)
    return Bounds(atLeast: shop.chance(70) ? least : nil, atMost: shop.chance(40) ? least + shop.int(0...2) : nil)
  }

  mutating func condition(depth: Int = 0) -> Condition {
    switch shop.int(1...(depth < 2 ? 24 : 18)) {
    case 1: .weekdays([Int(shop.int(1...7)), Int(shop.int(1...7)), Int(shop.int(1...7))])
    case 2: .hours(from: Clock(second: Int32(shop.int(0...23)) * 3600), until: Clock(second: Int32(shop.int(0...23)) * 3600))
    case 3: .days(from: shop.chance(50) ? day(Int(shop.int(0...10))) : nil, through: day(Int(shop.int(10...25))))
    case 4: .holidays(before: Int(shop.int(0...4)), after: Int(shop.int(0...4)))
    case 5: .stores(ids())
    case 6: .storeBrands(ids())
    case 7: .priceZones(ids())
    case 8: shop.chance(50) ? .regions([shop.pick(["North", "SOUTH"])]) : .storeFormats([shop.pick(["Hyper", "EXPRESS"])])
    case 9: .channels([shop.pick(Channel.allCases), shop.pick([.till, .app])])
    case 10: .memberKinds([shop.pick(MemberKind.allCases), .person])
    case 11: .tiers(ids())
    case 12: .segments(ids())
    case 13: .memberAttribute("pet", shop.pick([.isOneOf([.text("cat")]), .isNoneOf([.text("cat")]), .isPresent(shop.chance(50))]))
    case 14: .memberAttribute("age", .number(bounds()))
    case 15: shop.pick([.firstPurchase, .identified, .birthday(before: 3, after: 3), .household(Bounds(atLeast: 2))])
    case 16: .counter(shop.pick(["purchases", "memberDays", "visits"]), bounds())
    case 17: .coupon(shop.pick(["A", "b"]))
    case 18: .tenders([shop.pick([.cash, .card]), shop.pick([.card, .credit])])
    case 19, 20: .all([condition(depth: depth + 1), condition(depth: depth + 1)])
    case 21, 22: .any([condition(depth: depth + 1), condition(depth: depth + 1)])
    default: .none([condition(depth: depth + 1)])
    }
  }

  mutating func situation() -> (Basket, MemberSnapshot?) {
    let time = start + .minutes(shop.int(0...40_000))
    var basket = Basket(
      store: StoreFacts(
        id: StoreID(shop.int(1...3)), brand: shop.chance(70) ? BrandID(shop.int(1...3)) : nil, zone: .moscow,
        place: StorePlace(
          priceZone: shop.chance(70) ? PriceZoneID(shop.int(1...3)) : nil, region: shop.pick([nil, "north", "South"]),
          format: shop.pick([nil, "hyper", "Express"]))),
      time: time,
      lines: [BasketLine(id: "1", product: ProductFacts(id: ProductID(1)), price: Money(minor: 10_000))])
    basket.channel = shop.pick(Channel.allCases)
    basket.coupons = ["a", "B"].filter { _ in shop.chance(40) }.map { PresentedCoupon(code: $0) }
    basket.tenders = [TenderKind.cash, .card, .credit].filter { _ in shop.chance(40) }.map { Tender(kind: $0) }
    guard shop.chance(80) else { return (basket, nil) }
    var member = MemberSnapshot(
      id: MemberID(shop.int(1...9)), kind: shop.pick(MemberKind.allCases), tier: shop.pick([nil, TierID(1), TierID(2), TierID(3)]),
      segments: [1, 2, 3].filter { _ in shop.chance(40) }.map { SegmentID($0) }, purchases: shop.int(0...4))
    if shop.chance(60) { member.attributes["pet"] = .text(shop.pick(["cat", "dog"])) }
    if shop.chance(60) { member.attributes["age"] = .number(shop.int(0...5)) }
    for name in ["memberDays", "visits"] where shop.chance(70) { member.counters[name] = shop.int(0...5) }
    member.birthday = shop.chance(60) ? day(Int(shop.int(0...30))) : nil
    return (basket, member)
  }
}
