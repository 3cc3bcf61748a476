import Calculator
import Conditions
import Kernel

/// The chain's promotions: earning of every kind, prices, sets, coupons, limits per member, day and store, budgets small enough to run
/// dry within the year, and what is given besides: stamps, turns and certificates.
struct ChainRules: Sendable {
  let version: Int
  let seed: Int64
  /// What turns are for.
  let game: GameID

  /// Filled by one category and paid with for goods of another; on every second seed its stamps go after a while.
  var card: StampCard {
    StampCard(code: "CUP", name: LocalText(ru: "Чашка", en: "Cup"), stamps: 3, life: seed % 2 == 1 ? .days(25) : .forever)
  }

  var book: RuleBook {
    var terms = ProgrammeTerms()
    terms.earning.whenPointsPay = EarningTerms.WithPoints.allCases[Int((seed / 3) % 3)]
    terms.earning.status = [nil, .asEarned, .perStep(Points(units: 2), step: Money(minor: 10_000))][Int(seed % 3)]
    terms.spending.mostPerDay = seed % 2 == 0 ? Points(units: 400) : nil
    terms.stampCards = [card]
    // On other seeds what a certificate pays earns nothing, as is usual.
    if seed % 2 == 0 { terms.earning.tendersWithoutEarning = [] }
    return RuleBook(
      version: Int64(version), terms: terms, groups: [PromotionGroup(name: "shelf", policy: .bestForShopper)],
      promotions: earning + prices + limited + given)
  }

  /// What everything earns; each version gives more.
  static func percent(_ version: Int64) -> Int64 { 3 + version }

  private var earning: [Promotion] {
    [
      offer(1, .earnRate(.percent(Self.percent(Int64(version))))),
      living(
        PointsCourse(start: .days(3), life: .days(20)),
        offer(2, .earnMultiplier(Rate(ppm: 2_000_000)), target: .categories([CategoryID(31)]))),
      living(
        PointsCourse(life: .days(10)),
        offer(3, .earnPerStep(Points(units: 3), step: Money(minor: 20_000)), target: .categories([CategoryID(33)]))),
      offer(4, .earnFixed(Points(units: 100)), condition: .firstPurchase, limits: PromotionLimits(perMember: 1)),
    ]
  }

  private var prices: [Promotion] {
    [
      offer(5, .fixedPrice(Money(minor: 4_990)), target: .products([ProductID(505), ProductID(510 + Int64(version))])),
      offer(6, .percent(.percent(20), of: .reduced), target: .categories([CategoryID(32)]), group: "shelf"),
      offer(
        7, .freeUnits(buy: 2, free: 1, rate: .percent(100), lands: .free, perProduct: false), target: .categories([CategoryID(32)]),
        group: "shelf"),
      offer(8, .percent(.percent(10), of: .regular), condition: .memberKinds([.employee])),
      offer(
        9, .percent(.percent(7), of: .reduced), condition: .hours(from: Clock(second: 28_800), until: Clock(second: 39_600)),
        limits: daily),
    ]
  }

  /// Over all stores together.
  private var daily: PromotionLimits {
    var limits = PromotionLimits()
    limits[.day] = LimitSizes(uses: 6, money: Money(minor: 30_000))
    return limits
  }

  private var limited: [Promotion] {
    var (store, member) = (PromotionLimits(perStoreDay: 2), PromotionLimits(perMemberDay: 1))
    store.moneyPerStore = Money(minor: 40_000)
    member.moneyPerMember = Money(minor: 4_000)
    return [
      offer(
        10, .amount(Money(minor: 15_000)), condition: .all([.identified, atLeast(150_000)]),
        limits: PromotionLimits(budgetMoney: Money(minor: 900_000))),
      offer(11, .percent(.percent(15), of: .reduced), condition: .coupon("SPRING"), limits: PromotionLimits(total: 25)),
      offer(12, .earnFixed(Points(units: 200)), condition: .coupon("ONCE"), limits: PromotionLimits(perMember: 1)),
      offer(
        13, .earnFixed(Points(units: 50)), condition: atLeast(100_000), limits: PromotionLimits(budgetPoints: Points(units: 2_500))),
      offer(
        14, .percent(.percent(10), of: .reduced), target: .categories([CategoryID(30)]),
        condition: .hours(from: .midnight, until: Clock(second: 72_000)), limits: store),
      offer(
        15, .amountPerUnit(Money(minor: 700)), target: .categories([CategoryID(34)]), condition: .identified, limits: member),
    ]
  }

  /// Stamps and what they buy, turns of the game, certificates for next time.
  private var given: [Promotion] {
    var cup = offer(17, .gift(units: 1, price: .zero), target: .products(IDList([504, 509, 519, 524, 529].map { ProductID($0) })))
    cup.takes = StampTake(card: card.code, stamps: card.stamps)
    return [
      offer(16, .reward(.stamps(StampGrant(card: card.code, stamps: 1, per: .unit))), target: .categories([CategoryID(33)])), cup,
      offer(18, .reward(.turns(1, game: SimulatedGround.wheelCode, game)), condition: .all([.identified, atLeast(250_000)])),
      offer(
        19, .reward(.certificate(series: SimulatedGround.bonus.code, Money(minor: 10_000))),
        condition: .all([.identified, atLeast(400_000)])),
    ]
  }

  /// The offer with points of a course of their own.
  private func living(_ course: PointsCourse, _ offer: Promotion) -> Promotion {
    var offer = offer
    offer.course = course
    return offer
  }

  private func atLeast(_ minor: Int64) -> Condition { .amount(of: .everything, .reduced, Bounds(atLeast: minor)) }

  private func offer(
    _ id: Int64, _ benefit: Benefit, target: ProductFilter = .everything, condition: Condition = .all([]), group: String = "",
    limits: PromotionLimits = PromotionLimits()
  ) -> Promotion {
    Promotion(
      id: PromotionID(id), code: "P\(id)", name: LocalText(ru: "Акция \(id)", en: "Offer \(id)"), group: group,
      condition: condition,
      target: target, benefit: benefit, limits: limits)
  }
}
