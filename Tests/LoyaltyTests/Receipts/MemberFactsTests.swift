import Calculator
import Conditions
import Kernel
import Loyalty
import Testing

@Suite struct MemberFactsTests {
  /// What was added to a member's facts later lies behind one byte: whatever of it there is, the document is read as it was written.
  @Test(arguments: [true, false], [true, false]) func `a receipt keeps favourites, consents and offers, each or none`(
    chose: Bool, activated: Bool
  ) throws {
    let noon = Instant(seconds: 1_772_442_000)
    let store = StoreFacts(id: StoreID(7), zone: .utc)
    for (maySpend, agreed) in [(true, true), (true, false), (false, true), (false, false)] {
      var member = MemberSnapshot(id: MemberID(12), kind: .employee, maySpend: maySpend)
      member.segments = [SegmentID(3)]
      member.pools = [PointsPool(amount: Points(units: 90))]
      member.usage = [PromotionID(31): MemberUsage(uses: 2, today: 1)]
      if chose { member.favourites = ["coffee", "fruit"] }
      if agreed { member.consents = Consents([Consent.sms, .terms]) }
      if activated {
        member.offers = [
          ActivatedOffer(PromotionID(31), since: noon, until: noon + .days(7), usesUpTo: 4),
          ActivatedOffer(PromotionID(32), since: noon),
        ]
      }
      let basket = Basket(store: store, time: noon, lines: [])
      let facts = SaleFacts(basket: basket, member: member, usage: [PromotionID(31): SharedUsage(uses: 5)], isBlocked: true)
      let read = try SaleFacts(document: facts.document, lines: [])
      #expect(read.member == member)
      #expect(read.usage == facts.usage && read.isBlocked)
    }
  }

  @Test(arguments: [true, false], [SpendWish.nothing, .points(Points(units: 70)), .most])
  func `a receipt keeps the gifts that were chosen, with certificates and without`(sells: Bool, spend: SpendWish) throws {
    let noon = Instant(seconds: 1_772_442_000)
    let wishes = [
      GiftWish(promotion: "spring", code: "MUG", product: ProductID(501)),
      GiftWish(promotion: "spring", code: "ghost", product: nil),
    ]
    for choices in [wishes, []] {
      var basket = Basket(store: StoreFacts(id: StoreID(7), zone: .utc), time: noon, lines: [], spend: spend)
      if sells { basket.certificates = [SoldCertificate(line: "1", certificate: PresentedCertificate(code: "G1"))] }
      basket.choices = choices
      let facts = SaleFacts(basket: basket, member: MemberSnapshot(id: MemberID(12)))
      let read = try SaleFacts(document: facts.document, lines: [])
      #expect(read.basket.choices == choices && read.basket.spend == spend)
      #expect(read.basket.certificates == basket.certificates && read.member?.id == MemberID(12))
    }
  }

  @Test(arguments: [(true, true), (true, false), (false, true), (false, false)], [true, false])
  func `a receipt keeps budgets of members, stores and days, each or none, behind the rest`(
    parts: (ofMember: Bool, ofStore: Bool), ofDay: Bool
  ) throws {
    let noon = Instant(seconds: 1_772_442_000)
    func used(_ uses: Int64, _ money: Int64, _ points: Int64) -> Used {
      Used(uses: uses, money: Money(minor: money), points: Points(units: points))
    }
    var member = MemberSnapshot(id: MemberID(12))
    member.pools = [PointsPool(amount: Points(units: 90))]
    member.usage = [PromotionID(31): MemberUsage(uses: 2, today: 1), PromotionID(40): MemberUsage(uses: 1)]
    var usage = [PromotionID(31): SharedUsage(storeToday: 3, uses: 5, money: Money(minor: 700), points: Points(units: 9))]
    if parts.ofMember { member.usage[PromotionID(31)] = MemberUsage(all: used(2, 500, 7), day: used(1, 200, 0)) }
    if parts.ofStore {
      usage[PromotionID(31)]?.store = used(4, 600, 8)
      usage[PromotionID(31)]?.storeDay = used(3, 100, 0)
      usage[PromotionID(33)] = SharedUsage(store: used(2, 0, 0))
    }
    if ofDay {
      usage[PromotionID(31)]?.day = used(6, 900, 0)
      usage[PromotionID(34)] = SharedUsage(day: used(1, 0, 11))
    }
    let basket = Basket(store: StoreFacts(id: StoreID(7), zone: .utc), time: noon, lines: [])
    for isBlocked in [true, false] {
      let facts = SaleFacts(basket: basket, member: member, usage: usage, isBlocked: isBlocked)
      let read = try SaleFacts(document: facts.document, lines: [])
      #expect(read.member == member && read.usage == usage && read.isBlocked == isBlocked)
    }
  }

  @Test func `what rules ask of a store is kept with the sale: where it lies, what kind of shop, both or neither`() throws {
    let noon = Instant(seconds: 1_772_442_000)
    for place in [
      StorePlace(), StorePlace(format: "Экспресс"), StorePlace(region: "Тверская область", city: "Тверь"),
      StorePlace(priceZone: PriceZoneID(4), city: "Тверь", format: "у дома"),
    ] {
      for brand in [nil, BrandID(8)] {
        let store = StoreFacts(id: StoreID(7), brand: brand, zone: .utc, place: place)
        let facts = SaleFacts(basket: Basket(store: store, time: noon, lines: []), member: nil, usage: [:])
        let read = try SaleFacts(document: facts.document, lines: []).basket.store
        #expect(read.place == place && read.brand == brand)
      }
    }
  }
}
