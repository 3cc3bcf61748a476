import Calculator
import Conditions
import Kernel
import TestKit
import Testing

/// What a check of rules proves, what it confirms, and what it leaves open.
@Suite struct ConflictTests {
  private static let now = Instant(seconds: 1_790_350_400)
  private let shop = SmallShop()

  /// - Parameter catalogue: nil: goods are imagined.
  private func check(_ promotions: [Promotion], groups: [PromotionGroup] = [], catalogue: [ProductFacts]? = nil)
    -> (check: ConflictCheck, book: RuleBook)
  {
    let book = RuleBook(version: 1, terms: shop.terms, groups: groups, promotions: promotions)
    let goods: any ExampleGoods = if let catalogue { ListedGoods(catalogue, for: promotions) } else { ImaginedGoods() }
    return (ConflictCheck(book, goods: goods, leastShare: .percent(50), zone: .moscow, now: Self.now), book)
  }

  private func verdict(_ a: Promotion, _ b: Promotion, catalogue: [ProductFacts]? = nil) -> PairVerdict {
    check([a, b], catalogue: catalogue).check.verdict(0, 1)
  }

  private func off(_ percent: Int64, _ id: Int64, when condition: Condition = .all([]), on target: ProductFilter = .everything)
    -> Promotion
  { SmallShop.promotion(.percent(.percent(percent), of: .reduced), id: id, when: condition, on: target) }

  private static let first: ProductFilter = .categories([CategoryID(1)])

  @Test func `points of a course of their own are shown to apply, as the programme's are`() {
    for benefit in [Benefit.earnRate(.percent(5)), .earnFixed(Points(units: 10)), .earnPerUnit(Points(units: 3))] {
      var promotion = SmallShop.promotion(benefit)
      promotion.course = PointsCourse(start: .days(14), life: .through(.quarter, later: 0))
      let report = check([promotion]).check.report()
      #expect(report.unproven.isEmpty && report.never.isEmpty, "\(benefit)")
      promotion.course = PointsCourse(life: .until(CivilDay("2026-01-31") ?? CivilDay(number: 0)))
      #expect(check([promotion]).check.report().never.map(\.why) == [.over], "\(benefit): its points ended")
    }
  }

  @Test(arguments: [
    (Condition.weekdays([1, 2]), Condition.weekdays([3]), Contradiction.time),
    (
      .hours(from: Clock(second: 8 * 3600), until: Clock(second: 10 * 3600)),
      .hours(from: Clock(second: 10 * 3600), until: Clock(second: 12 * 3600)), .time
    ),
    (.days(from: nil, through: CivilDay("2027-01-31")), .days(from: CivilDay("2027-02-01"), through: nil), .time),
    (.stores([StoreID(1), StoreID(2)]), .none([.stores([StoreID(1), StoreID(2), StoreID(3)])]), .place),
    (.regions(["Москва"]), .regions(["Тверь"]), .place),
    (.storeFormats(["экспресс"]), .storeFormats(["у дома"]), .place),
    (.channels([.till]), .channels([.app, .web]), .channel),
    (.tiers([TierID(1)]), .tiers([TierID(2)]), .member),
    (.segments([SegmentID(1)]), .none([.segments([SegmentID(1)])]), .member),
    (.firstPurchase, .counter("purchases", Bounds(atLeast: 3)), .member),
    (.identified, .none([.identified]), .member),
    (.memberAttribute("pet", .isOneOf([.text("cat")])), .memberAttribute("pet", .isOneOf([.text("dog")])), .member),
    (.coupon("A"), .none([.coupon("a")]), .coupon),
    (.stamps("milk", Bounds(atLeast: 5)), .stamps("milk", Bounds(atMost: 4)), .member),
    (.tenders([.cash]), .none([.tenders([.cash, .card])]), .tender),
    (.quantity(of: .everything, Bounds(atLeast: 5000)), .quantity(of: .everything, Bounds(atMost: 4000)), .goods),
  ])
  func `proves that contradicting conditions never meet`(_ a: Condition, _ b: Condition, _ why: Contradiction) {
    #expect(verdict(off(10, 1, when: a), off(10, 2, when: b)) == .apart(why))
    #expect(verdict(off(10, 1, when: .any([a, b])), off(10, 2, when: b)) != .apart(why))
  }

  @Test func `proves that goods never meet, by the catalogue where there is one`() {
    let dairy = off(10, 1, on: Self.first)
    let branded = off(10, 2, on: .brands([ProductBrandID(2)]))
    #expect(verdict(off(10, 1, on: .products([ProductID(1)])), off(10, 2, on: .products([ProductID(2)]))) == .apart(.goods))
    guard case .meeting = verdict(dairy, branded) else { return #expect(Bool(false), "imagined goods may be both") }
    let catalogue = [SmallShop.milk, SmallShop.wine, SmallShop.cheese]
    #expect(verdict(dairy, branded, catalogue: catalogue) == .apart(.goods))
    let cheap = off(10, 3, on: .price(atLeast: nil, atMost: .roubles(10)))
    #expect(verdict(cheap, off(10, 4, on: .price(atLeast: .roubles(11), atMost: nil)), catalogue: catalogue) == .apart(.goods))
  }

  @Test func `compares prices, and looks at two alone where others leave them nothing`() {
    let (check, _) = check([
      SmallShop.promotion(.fixedPrice(.roubles(70)), id: 1), SmallShop.promotion(.fixedPrice(.roubles(80)), id: 2),
      SmallShop.promotion(.fixedPrice(.roubles(60)), id: 3), off(100, 4), off(10, 5), off(20, 6),
    ])
    #expect(check.verdict(0, 1) == .apart(.price))
    guard case .meeting(let prices) = check.verdict(0, 2), case .meeting(let pair) = check.verdict(4, 5) else {
      return #expect(Bool(false), "they meet")
    }
    #expect(!prices.isAlone && prices.amount == .zero)
    #expect(pair.isAlone && pair.promotions == [4, 5] && pair.share == Rate(ppm: 720_000))
  }

  @Test func `finds the set that leaves too little, with a basket that the calculator confirms`() throws {
    let (check, book) = check([
      off(30, 1), off(30, 2, when: .amount(of: .everything, .reduced, Bounds(atLeast: 50_000))),
      off(20, 3, when: .all([.tiers([TierID(2)]), .coupon("SPRING"), .weekdays([7])]), on: Self.first),
      off(5, 4, when: .channels([.phone])),
    ])
    let report = check.report()
    #expect(report.pairs == 6 && report.meeting + report.undecided.count == 6 && report.never.isEmpty)
    let worst = try #require(report.below.first)
    #expect(worst.promotions == [0, 1, 2, 3] && worst.share == Rate(ppm: 372_400))
    let again = calculate(worst.example.basket, member: worst.example.member, rules: book)
    #expect(again.lines[0].amount == worst.amount && worst.example.basket.channel == .phone)
    #expect(report.below.count == 1, "smaller sets of the same are not told beside it")
  }

  @Test func `tells what can never apply, and what another hides`() {
    let groups = [PromotionGroup(name: "best", policy: .bestForShopper), PromotionGroup(name: "one", policy: .first)]
    var over = off(10, 1)
    over.until = Self.now
    let torn = off(10, 2, when: .all([.channels([.till]), .none([.channels([.till])])]))
    func `in`(_ group: String, _ percent: Int64, _ id: Int64, when condition: Condition = .all([])) -> Promotion {
      SmallShop.promotion(.percent(.percent(percent), of: .reduced), id: id, when: condition, group: group)
    }
    let (check, book) = check(
      [
        over, torn, `in`("best", 10, 3), `in`("best", 5, 4, when: .identified), `in`("best", 15, 5, when: .identified),
        `in`("one", 5, 6), `in`("one", 50, 7, when: .coupon("X")),
      ], groups: groups)
    let report = check.report()
    #expect(report.never.map { book.promotions[$0.promotion].id.raw } == [1, 2])
    #expect(report.never.map(\.why) == [.over, .channel])
    #expect(report.hidden.map { book.promotions[$0.promotion].id.raw } == [4, 7])
    #expect(report.hidden.map { book.promotions[$0.by].id.raw } == [3, 6])
    #expect(report.hasFindings && report.keptApart == 4)
    let points = self.check([
      SmallShop.promotion(.earnRate(.percent(5))), SmallShop.promotion(.earnMultiplier(.percent(200)), id: 2),
    ])
    #expect(points.check.report().unproven.isEmpty, "a multiplier needs what it multiplies")
  }

  @Test func `shows one promotion beside all others, and by a catalogue only where goods bring them together`() throws {
    let (check, _) = check([
      off(50, 1, on: Self.first), off(30, 2), off(20, 3, when: .weekdays([1])), off(10, 4, on: .brands([ProductBrandID(2)])),
      off(10, 5, on: .products([ProductID(3)])),
    ])
    let company = check.company(of: 0)
    #expect(company.never == nil && company.hidden == nil && company.apart == 0)
    #expect(company.meetings.map(\.promotion) == [2, 3, 4, 1], "\(company.meetings.map(\.promotion))")
    let together = try #require(company.together)
    #expect(together.promotions == [0, 1, 2, 3, 4] && together.share == Rate(ppm: 226_800))
    let real = check.company(of: 0, settled: 10, by: { [SmallShop.milk, SmallShop.wine, SmallShop.cheese] })
    #expect(real.apart == 2 && Set(real.meetings.map(\.promotion)) == [1, 2])
    #expect(real.together?.promotions == [0, 1, 2])
    #expect(real.meetings.allSatisfy { $0.meeting.example.basket.lines[0].product == SmallShop.milk })
  }

  @Test func `finds a basket for every mechanic`() {
    let mechanics: [Benefit] = [
      .percent(.percent(10), of: .regular), .amountPerUnit(.roubles(1)), .amount(.roubles(10)), .fixedPrice(.roubles(50)),
      .fixedTotal(.roubles(50)), .freeUnits(buy: 2, free: 1, rate: .percent(100), lands: .free, perProduct: false),
      .gift(units: 1, price: .zero), .prices(PriceList([ProductID(1): .roubles(60)])),
      .giftChoice(GiftChoice([.init(LocalText(ru: "Кружка", en: "A mug"), Self.first, units: 2)])),
      .staircase(Staircase(.amount, [.init(from: 50_000, .percent(.percent(5)))])),
      .bundle(Bundle([.init(Self.first), .init(.categories([CategoryID(2)]), units: 2)], .price(.roubles(99)))),
      .earnRate(.percent(5)), .earnPerStep(Points(units: 1), step: .roubles(300)), .earnFixed(Points(units: 10)),
      .earnPerUnit(Points(units: 3)), .reward(.freeDelivery),
    ]
    let conditions: [Condition] = [
      .all([]), .weight(of: Self.first, Bounds(atLeast: 1_500)), .products(of: .everything, Bounds(atLeast: 3)),
      .birthday(before: 3, after: 3), .accumulated(Accumulator(.visits, within: .week, by: .household), Bounds(atLeast: 3)),
      .accumulated(Accumulator(.amount, of: Self.first, within: .month), Bounds(atLeast: 100_000)),
      .none([.quantity(of: Self.first, Bounds(atLeast: 100_000))]), .counter("memberDays", Bounds(atLeast: 30, atMost: 60)),
      .any([.cities(["Тверь"]), .household(Bounds(atLeast: 3))]), .memberAttribute("children", .number(Bounds(atLeast: 2))),
    ]
    for (number, benefit) in mechanics.enumerated() {
      for (other, condition) in conditions.enumerated() {
        let report = check([SmallShop.promotion(benefit, when: condition)]).check.report()
        #expect(report.unproven.isEmpty && report.never.isEmpty, "mechanic \(number) under condition \(other)")
      }
    }
  }

  /// The proof that counts: nothing that was called impossible happens in any basket, whether goods are imagined or the shop's.
  @Test func `never calls impossible what happens`() {
    var (met, confirmed, undecided) = (0, 0, 0)
    for seed in Seeds.some(600) {
      var random = RandomShop(seed: seed)
      let book = random.rules()
      let goods = ListedGoods((1...12).map { random.product($0) }, for: book.promotions)
      let now = Instant(seconds: 1_789_999_000)
      let checks = [ImaginedGoods() as any ExampleGoods, goods].map {
        ConflictCheck(book, goods: $0, leastShare: .percent(50), zone: .moscow, now: now)
      }
      let never = Set(checks.flatMap { $0.report().never.map(\.promotion) })
      var seen: Set<[Int]> = []
      for _ in 0..<12 {
        let basket = random.basket()
        let answer = calculate(basket, member: random.chance(85) ? random.member() : nil, rules: book)
        for applied in answer.promotions { #expect(!never.contains(applied.index), "seed \(seed), promotion \(applied.index)") }
        seen.formUnion(Self.pairs(answer))
      }
      for (pair, check) in seen.flatMap({ pair in checks.map { (pair, $0) } }) {
        met += 1
        let verdict = check.verdict(pair[0], pair[1])
        if Self.isImpossible(verdict) { #expect(Bool(false), "seed \(seed): \(pair) met, and \(verdict) was proved") }
        if case .meeting = verdict { confirmed += 1 } else { undecided += 1 }
      }
    }
    #expect(met > 500 && confirmed > 4 * undecided, "\(met) pairs met, \(confirmed) found again, \(undecided) not decided")
  }

  private static func isImpossible(_ verdict: PairVerdict) -> Bool {
    switch verdict {
    case .apart, .keptApart: true
    case .meeting, .undecided: false
    }
  }

  /// The same for every question about the moment, the place, the member and what was shown: two rules that both applied are not apart.
  @Test func `never calls circumstances impossible that occur`() {
    var (both, apart) = (0, 0)
    for seed in Seeds.some(3_000) {
      var random = RandomCircumstances(seed: seed)
      let promotions = [off(10, 1, when: random.condition()), off(20, 2, when: random.condition())]
      let book = RuleBook(version: 1, terms: random.terms, promotions: promotions)
      let verdict = ConflictCheck(book, leastShare: .percent(50), zone: .moscow, now: random.start).verdict(0, 1)
      if Self.isImpossible(verdict) { apart += 1 }
      for _ in 0..<20 {
        let (basket, member) = random.situation()
        let applied = calculate(basket, member: member, rules: book).promotions
        guard applied.count == 2 else { continue }
        both += 1
        if Self.isImpossible(verdict) { #expect(Bool(false), "seed \(seed): both applied, and \(verdict) was proved") }
      }
    }
    #expect(both > 1_000 && apart > 50, "\(both) times both, \(apart) pairs apart")
  }

  /// Filters are asked of products here and of baskets' columns there.
  @Test func `means the same goods as baskets do`() {
    var held = 0
    for seed in Seeds.some(1_000) {
      var random = RandomShop(seed: seed)
      let filter = random.filter()
      let line = random.line(1)
      let basket = Basket(store: StoreFacts(id: StoreID(1), zone: .utc), time: Self.now, lines: [line])
      let rule = SmallShop.promotion(.reward(.freeDelivery), when: .lines(of: filter, Bounds(atLeast: 1)))
      let counts = !line.kind.isMoney && !line.product.flags.contains(.doesNotCount)
      let holds = filter.holds(for: line.product, price: line.price)
      if holds { held += 1 }
      #expect(!calculate(basket, member: nil, rules: shop.book([rule])).rewards.isEmpty == (holds && counts), "seed \(seed)")
    }
    #expect(held > 200)
  }

  /// Reductions that took something off one line together.
  private static func pairs(_ answer: Calculation) -> Set<[Int]> {
    var byLine: [Int32: Set<Int>] = [:]
    for step in answer.trace where step.kind == .reduction && step.amount > 0 {
      byLine[step.line, default: []].insert(Int(step.promotion))
    }
    var pairs: Set<[Int]> = []
    for places in byLine.values.map({ $0.sorted() }) {
      for (number, first) in places.enumerated() { for second in places[(number + 1)...] { pairs.insert([first, second]) } }
    }
    return pairs
  }

  @Test func `writes its examples as documents that calculate to the same`() throws {
    var written = 0
    for seed in Seeds.some(150) {
      var random = RandomShop(seed: seed)
      let book = random.rules()
      let check = ConflictCheck(book, leastShare: .percent(100), zone: .moscow, now: Instant(seconds: 1_789_999_000))
      for meeting in check.report().below.filter({ !$0.isAlone }).prefix(3) {
        let form = ExampleForm(book, names: InternedNames())
        var names: any Names = NumberNames()
        let file = try BasketFile(form.basket(meeting.example), for: book, names: &names, zone: { _ in .moscow })
        let member = try form.member(meeting.example).map { try MemberFile($0, for: book, names: &names).member }
        let answer = calculate(file.basket, member: member, rules: book)
        #expect(answer.lines[0].amount == meeting.amount, "seed \(seed)")
        written += 1
      }
    }
    #expect(written > 50)
  }
}

/// Names that are the ids' own texts.
private struct NumberNames: Names {
  mutating func id(_ kind: NameKind, _ code: String) -> Int64? {
    switch kind {
    case .product: ProductID(code)?.raw
    case .category: CategoryID(code)?.raw
    case .productBrand: ProductBrandID(code)?.raw
    case .manufacturer: ManufacturerID(code)?.raw
    case .attribute: AttributeID(code)?.raw
    case .store: StoreID(code)?.raw
    case .brand: BrandID(code)?.raw
    case .priceZone: PriceZoneID(code)?.raw
    case .tier: TierID(code)?.raw
    case .segment: SegmentID(code)?.raw
    case .legalEntity: LegalEntityID(code)?.raw
    case .promotion: PromotionID(code)?.raw
    case .couponSeries, .certificateSeries, .game: nil
    }
  }
  func code(_ kind: NameKind, _ id: Int64) -> String? { nil }
}
