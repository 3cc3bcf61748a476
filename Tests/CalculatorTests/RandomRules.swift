import Calculator
import Conditions
import Kernel
import TestKit

/// Rule books in which, over a few dozen seeds, every case of every enum and every optional member turns up.
struct RandomRules {
  var dice: Dice
  private var offersFavourites = false
  private(set) var names: any Names = InternedNames()

  init(seed: UInt64) { dice = Dice(seed: seed) }

  mutating func file() -> RulesFile {
    let terms = terms()
    let groups = PromotionGroup.Policy.allCases.prefix(Int(dice.roll(0...4))).map {
      PromotionGroup(name: "group-" + $0.rawValue, policy: $0)
    }
    let promotions = (0..<dice.roll(1...8)).map { promotion("promotion-\($0)", groups) }
    var pilots = RandomPilots(seed: UInt64(bitPattern: dice.roll(0...999_999)), store: StoreID(names.id(.store, "store-1") ?? 0))
    return RulesFile(terms: terms, groups: groups, promotions: promotions.flatMap { pilots.versions(of: $0) })
  }

  mutating func maybe<T>(_ make: (inout Self) -> T) -> T? { dice.chance(50) ? make(&self) : nil }

  private mutating func words<T: CaseIterable>(_: T.Type = T.self) -> [T] where T.AllCases == [T] {
    Array(T.allCases.shuffled(using: &dice).prefix(Int(dice.roll(1...3))))
  }

  mutating func money() -> Money { Money(minor: dice.roll(1...1_000_000)) }
  mutating func points() -> Points { Points(units: dice.roll(1...100_000)) }
  mutating func rate() -> Rate { Rate(ppm: dice.chance(50) ? dice.roll(1...100) * 10_000 : dice.roll(1...1_000_000)) }
  private mutating func instant() -> Instant {
    Instant(micros: dice.roll(1_700_000_000...1_800_000_000) * 1_000_000 + dice.roll(0...1) * 250_000)
  }
  mutating func day() -> CivilDay { CivilDay(number: Int32(dice.roll(18_000...21_000))) }

  mutating func ids<E: Identified>(_ kind: NameKind) -> IDList<E> {
    let codes = (0..<dice.roll(1...4)).map { _ in
      kind == .attribute ? "origin=\(dice.roll(1...9))" : "\(kind.rawValue)-\(dice.roll(1...9))"
    }
    return IDList(codes.compactMap { names.id(kind, $0).map { ID<E>($0) } })
  }

  private mutating func terms() -> ProgrammeTerms {
    var terms = ProgrammeTerms(pointsScale: Int(dice.roll(0...4)), spendValue: dice.roll(1...1000))
    if dice.chance(30), let yen = Currency("JPY") { terms.currency = yen }
    terms.rounding = RoundingProfile(
      percent: dice.pick(RoundingProfile.Percent.allCases), mode: dice.pick(RoundingProfile.Mode.allCases),
      residue: dice.pick(RoundingProfile.Residue.allCases))
    terms.spending = SpendingTerms(
      share: rate(), shareOf: dice.pick(SpendingTerms.Share.allCases),
      exceptions: (0..<dice.roll(0...2)).map { _ in SpendingException(goods: filter(2), share: rate()) }, step: points(),
      least: points(),
      mostPerReceipt: maybe { $0.points() }, mostPerDay: maybe { $0.points() }, leastMoney: money(), kindsWithoutSpending: words())
    terms.earning = EarningTerms(
      whenPointsPay: dice.pick(EarningTerms.WithPoints.allCases), tendersWithoutEarning: words(),
      place: dice.pick(EarningTerms.Place.allCases), mode: dice.pick(Rounding.allCases), step: points(),
      kindsWithoutEarning: words(),
      status: maybe { $0.dice.chance(30) ? .asEarned : .perStep($0.points(), step: $0.money()) })
    terms.receiptRounding = maybe { ReceiptRounding(step: $0.money(), tenders: $0.words(), isDoneByTill: $0.dice.chance(50)) }
    terms.control = maybe { $0.control() }
    terms.kindsWithoutOffers = dice.chance(30) ? [] : words()
    terms.stampCards = stampCards()
    let mine = FavouriteCategory(code: "f-1", name: LocalText(ru: "Моё", en: "Mine"), icon: "☕", goods: .flagged(.marked))
    (terms.favourites, offersFavourites) = ([mine], true)
    terms.holidays = Set((0..<dice.roll(0...3)).map { _ in day() }).sorted()
    for day in terms.holidays where dice.chance(50) { terms.holidayNames[day] = dice.pick(["Easter", "Майские праздники"]) }
    return terms
  }

  private mutating func control() -> ControlGroup {
    ControlGroup(salt: "salt-\(dice.roll(1...99))", share: rate(), since: instant())
  }

  private mutating func promotion(_ code: String, _ groups: [PromotionGroup]) -> Promotion {
    let benefit = benefit()
    let id = names.id(.promotion, code) ?? 0
    var promotion = Promotion(
      id: PromotionID(id), code: code, name: LocalText(ru: "Акция «\(code)»", en: "Offer \"\(code)\""), benefit: benefit)
    promotion.version = Int(dice.roll(1...3))
    if benefit.isReduction { promotion.stage = dice.pick([.price, .line, .receipt]) }
    promotion.group = groups.isEmpty || dice.chance(30) ? "" : dice.pick(groups).name
    promotion.priority = Int(dice.pick([1, 100, 200]))
    promotion.tags = (0..<dice.roll(0...2)).map { "tag-\($0)" }
    promotion.excludes = (0..<dice.roll(0...2)).map { "other-\($0)" }
    promotion.from = maybe { $0.instant() }
    promotion.until = (promotion.from ?? instant()) + .days(dice.roll(1...90))
    if dice.chance(80) { promotion.condition = condition(3) }
    promotion.target = dice.chance(30) ? .everything : filter(3)
    promotion.limits = limits(benefit, promotion.stage)
    if case .reward(.stamps) = benefit {
    } else if dice.chance(20) {
      promotion.takes = StampTake(card: "card-0", stamps: dice.roll(1...9))
    }
    if benefit.isEarning { promotion.course = maybe { $0.dice.course(around: $0.day()) } }
    promotion.addsToTillReductions = dice.chance(70)
    promotion.isPublic = dice.chance(30)
    promotion.control = maybe { $0.control() }
    promotion.funding = funding()
    return promotion
  }

  private mutating func benefit() -> Benefit {
    switch dice.roll(0...16) {
    case 16: .giftChoice(giftChoice())
    case 0: .percent(rate(), of: dice.pick(PriceBasis.allCases))
    case 1: .amountPerUnit(money())
    case 2: .amount(money())
    case 3: .fixedPrice(money())
    case 4: .fixedTotal(money())
    case 5:
      .freeUnits(
        buy: dice.roll(1...5), free: dice.roll(1...2), rate: dice.chance(50) ? .whole : rate(), lands: dice.pick(Landing.allCases),
        perProduct: dice.chance(50))
    case 6: .gift(units: dice.roll(1...3), price: dice.chance(50) ? .zero : money())
    case 7: .earnRate(rate())
    case 8: .earnPerStep(points(), step: money())
    case 9: .earnMultiplier(Rate(ppm: dice.roll(1_000_001...10_000_000)))
    case 10: .earnPerUnit(points())
    case 11: .staircase(staircase())
    case 12: .bundle(bundle())
    case 13: .prices(priceList())
    case 14:
      dice.chance(30)
        ? .reward(
          dice.pick([
            .freeDelivery, .stamps(stampGrant()), .coupon(series: "NEXT", isPersonal: dice.chance(50)),
            .certificate(series: "GIFT", money()),
            .turns(dice.roll(1...9), game: "WHEEL", ID<Entity.Game>(1)), .tier(tierGift()), .tier(tierGift()),
          ]))
        : .reward(.message(LocalText(ru: "Скажите спасибо", en: "Say thanks"), to: dice.pick(Reward.Reader.allCases)))
    default: .earnFixed(points())
    }
  }

  private mutating func giftChoice() -> GiftChoice {
    let gifts = (0..<dice.roll(1...4)).map { number -> GiftChoice.Gift in
      let goods = filter(1)
      var codes: [String] = []
      if case .products(let ids) = goods { codes = ids.compactMap { names.code(.product, $0.raw) } }
      let name = LocalText(ru: "Подарок \(number)", en: "Gift \(number)")
      return GiftChoice.Gift(name, goods, units: dice.roll(1...3), codes: codes)
    }
    let repeats = dice.chance(50)
    return GiftChoice(
      gifts, picks: dice.roll(1...(repeats ? 5 : Int64(gifts.count))), price: dice.chance(50) ? .zero : money(), repeats: repeats)
  }

  private mutating func tierGift() -> TierGift {
    let code = "\(NameKind.tier.rawValue)-\(dice.roll(1...9))"
    let length: TierGift.Length = dice.chance(50) ? .days(Int(dice.roll(1...400))) : .through(dice.pick([.month, .quarter, .year]))
    return TierGift(code, TierID(names.id(.tier, code) ?? 0), for: length)
  }

  private mutating func staircase() -> Staircase {
    var from = Int64(0)
    let steps = (0..<dice.roll(1...4)).map { _ in
      from += dice.roll(1...9_999)
      let reduction: Reduction =
        switch dice.roll(0...3) {
        case 0: .percent(rate())
        case 1: .amountPerUnit(money())
        case 2: .amount(money())
        default: .fixedPrice(money())
        }
      return Staircase.Step(from: from, reduction)
    }
    return Staircase(dice.pick(Staircase.Measure.allCases), steps)
  }

  private mutating func bundle() -> Bundle {
    let parts = (0..<dice.roll(1...4)).map { _ in Bundle.Part(filter(1), units: dice.roll(1...3)) }
    switch dice.roll(0...2) {
    case 0: return Bundle(parts, .price(money()))
    case 1: return Bundle(parts, .amount(money()))
    default: return Bundle(parts, .percent(rate()))
    }
  }

  private mutating func accumulator() -> Accumulator {
    Accumulator(
      dice.pick(Accumulator.Measure.allCases), of: dice.chance(50) ? .everything : filter(1),
      within: dice.pick(Accumulator.Period.allCases), by: dice.pick(Accumulator.Whose.allCases))
  }

  /// The first is the one that promotions speak of.
  private mutating func stampCards() -> [StampCard] {
    (0..<dice.roll(1...3)).map { number in
      var card = StampCard(code: "card-\(number)", name: LocalText(ru: "Кофе", en: "Coffee"), stamps: dice.roll(1...100))
      card.life = dice.pick([.forever, .days(90), .through(.month), .through(.quarter), .through(.year), .until(day())])
      card.mostPerReceipt = maybe { $0.dice.roll(1...9) }
      card.mostPerDay = maybe { $0.dice.roll(1...9) }
      card.countsOn = dice.chance(50)
      return card
    }
  }

  private mutating func stampGrant() -> StampGrant {
    StampGrant(card: "card-0", stamps: dice.roll(1...9), per: dice.pick([.receipt, .unit, .step(money())]))
  }

  private mutating func funding() -> [Funding] {
    guard dice.chance(50), case let share = Rate(ppm: dice.roll(1...999_999)) else { return [] }
    return [
      Funding(payer: dice.pick([.supplier, .partner]), code: "dairy", share: share, contract: maybe { _ in "contract 7 of 2026" }),
      Funding(payer: .retailer, share: Rate(ppm: Rate.whole.ppm - share.ppm)),
    ]
  }

  private mutating func bounds(_ make: (inout Self) -> Int64) -> Bounds {
    let least = make(&self)
    switch dice.roll(0...2) {
    case 0: return Bounds(atLeast: least)
    case 1: return Bounds(atMost: least)
    default: return Bounds(atLeast: least, atMost: least + make(&self))
    }
  }

  private mutating func filter(_ depth: Int64) -> ProductFilter {
    switch dice.roll(depth > 0 ? 0...9 : 3...9) {
    case 0: return .all((0..<dice.roll(0...2)).map { _ in filter(depth - 1) })
    case 1: return .any((0..<dice.roll(1...2)).map { _ in filter(depth - 1) })
    case 2: return .none((0..<dice.roll(1...2)).map { _ in filter(depth - 1) })
    case 3: return .products(ids(.product))
    case 4: return .categories(ids(.category))
    case 5: return .brands(ids(.productBrand))
    case 6: return .manufacturers(ids(.manufacturer))
    case 7: return .attributes(ids(.attribute))
    case 8: return .flagged(ProductFlags(ProductFlags.named.map(\.flag).shuffled(using: &dice).prefix(2)))
    default:
      let bounds = bounds { $0.dice.roll(1...99_999) }
      if offersFavourites, bounds.atMost == nil { return .favourites }
      return .price(atLeast: bounds.atLeast.map(Money.init(minor:)), atMost: bounds.atMost.map(Money.init(minor:)))
    }
  }

  private mutating func condition(_ depth: Int64) -> Condition {
    switch dice.roll(depth > 0 ? 0...31 : 3...31) {
    case 0: return .all((0..<dice.roll(1...3)).map { _ in condition(depth - 1) })
    case 1: return .any((0..<dice.roll(1...3)).map { _ in condition(depth - 1) })
    case 2: return .none((0..<dice.roll(1...3)).map { _ in condition(depth - 1) })
    case 3: return .amount(of: filter(1), dice.pick(AmountBasis.allCases), bounds { $0.dice.roll(1...500_000) })
    case 4: return .quantity(of: filter(0), bounds { $0.dice.roll(1...9_999) })
    case 5: return .products(of: filter(0), bounds { $0.dice.roll(1...20) })
    case 6: return .lines(of: filter(0), bounds { $0.dice.roll(1...20) })
    case 7: return .stores(ids(.store))
    case 8: return .storeBrands(ids(.brand))
    case 9: return .channels(words())
    case 10: return .weekdays([Int](1...7).shuffled(using: &dice).prefix(2).map { $0 })
    case 11:
      return .hours(from: Clock(second: Int32(dice.roll(0...43_199))), until: Clock(second: Int32(dice.roll(43_200...86_399))))
    case 12:
      let first = day()
      return dice.chance(50) ? .days(from: first, through: first.adding(days: 3)) : .days(from: nil, through: first)
    case 13: return .weight(of: filter(0), bounds { $0.dice.roll(1...9_999) })
    case 14: return .priceZones(ids(.priceZone))
    case 15: return dice.pick([.regions(["Тверская область"]), .cities(["Тверь", "Москва"]), .storeFormats(["Экспресс"])])
    case 16: return .holidays(before: Int(dice.roll(0...7)), after: Int(dice.roll(0...7)))
    case 17: return .accumulated(accumulator(), bounds { $0.dice.roll(1...9_999) })
    case 18: return .stamps("card-0", bounds { $0.dice.roll(1...9) })
    case 19: return dice.pick([.consents(words()), .certificate("GIFT"), .privileges(["lounge", "courier"])])
    case 20: return .activated(OfferLife(days: 7, uses: 3), PromotionID(0))
    default: return memberCondition(dice.roll(0...9))
    }
  }

  private mutating func memberCondition(_ face: Int64) -> Condition {
    switch face {
    case 0, 5: dice.pick([.identified, .firstPurchase, .firstPurchaseOf(.bought(.categories(ids(.category))))])
    case 1: .memberKinds(words())
    case 2: .tiers(ids(.tier))
    case 3: .segments(ids(.segment))
    case 4: .memberAttribute("shoe size", comparison())
    case 6: dice.pick([.birthday(before: 7, after: 0), .household(Bounds()), .household(Bounds(atLeast: 2, atMost: 5))])
    case 7: .counter("visits", bounds { $0.dice.roll(1...50) })
    case 8: .coupon("SUMMER-\(dice.roll(1...9))")
    default: .tenders(words())
    }
  }

  private mutating func comparison() -> Comparison {
    let first = day()
    let values: [AttributeValue] = [.text("blue"), .number(42), .flag(true), .day(first), .text("")]
    switch dice.roll(0...4) {
    case 0: return .isPresent(dice.chance(50))
    case 1: return .isOneOf(values.shuffled(using: &dice).suffix(3))
    case 2: return .isNoneOf(values.shuffled(using: &dice).suffix(2))
    case 3: return .number(bounds { $0.dice.roll(1...60) })
    default: return .day(from: dice.chance(50) ? nil : first, through: first.adding(days: 30))
    }
  }
}
