import Calculator
import Conditions
import Kernel
import TestKit
import Testing

/// Limits of a line, and limits of every scope in uses, money and points.
@Suite struct LimitScopeTests {
  /// Of milk for 200.00, wine for 500.00 and cheese for 600.00.
  @Test(arguments: [
    (Benefit.percent(.percent(10), of: .reduced), ProductFilter.everything, Int64(6_000), Int64(13_000), [Int]()),
    (.percent(.percent(10), of: .reduced), .everything, 5_999, 12_999, [2]),
    (.percent(.percent(10), of: .reduced), .everything, 4_000, 10_000, [1, 2]),
    (.amountPerUnit(.roubles(50)), .products([ProductID(1)]), 6_000, 6_000, [0]),
    (.fixedPrice(.roubles(60)), .products([ProductID(1)]), 5_000, 5_000, [0]),
    (.freeUnits(buy: 1, free: 1, rate: .whole, lands: .free, perProduct: true), .products([ProductID(1)]), 3_000, 3_000, [0]),
    (.amount(.roubles(80)), .products([ProductID(1), ProductID(3)]), 5_000, 7_000, [2]),
  ]) func `a line gets no more off than its limit, and no other line gets the rest`(
    benefit: Benefit, on: ProductFilter, most: Int64, discount: Int64, cut: [Int]
  ) {
    let limits = PromotionLimits(moneyPerLine: Money(minor: most))
    let answer = SmallShop().sell(SmallShop.promotion(benefit, on: on, limits: limits))
    #expect(answer.discount == Money(minor: discount))
    #expect(answer.trace.filter { $0.notes.contains(.capped) }.map { Int($0.line) } == cut)
    #expect(answer.reasons.map(\.cause) == (cut.isEmpty ? [] : [.limit(.line)]))
  }

  @Test(arguments: [
    (Benefit.earnRate(.percent(5)), Int64(30), Int64(65), [Int]()), (.earnRate(.percent(5)), 29, 64, [2]),
    (.earnRate(.percent(5)), 25, 60, [2]), (.earnRate(.percent(5)), 9, 27, [0, 1, 2]),
    (.earnFixed(Points(units: 130)), 50, 120, [2]), (.earnPerUnit(Points(units: 7)), 10, 24, [0]),
  ]) func `a line earns no more than its limit`(benefit: Benefit, most: Int64, earned: Int64, cut: [Int]) {
    for place in EarningTerms.Place.allCases {
      var shop = SmallShop()
      shop.terms.earning.place = place
      let answer = shop.sell(SmallShop.promotion(benefit, limits: PromotionLimits(pointsPerLine: Points(units: most))))
      #expect(answer.earned == Points(units: earned), "\(place)")
      #expect(answer.trace.filter { $0.notes.contains(.capped) }.map { Int($0.line) } == cut, "\(place)")
      #expect(answer.reasons.map(\.cause) == (cut.isEmpty ? [] : [.limit(.line)]), "\(place)")
    }
  }

  @Test(arguments: EarningTerms.Place.allCases) func `the best of a group is chosen by what the line's limit leaves of it`(
    place: EarningTerms.Place
  ) {
    var shop = SmallShop()
    shop.terms.earning.place = place
    shop.groups = [PromotionGroup(name: "best", policy: .bestForShopper)]
    let fixed = SmallShop.promotion(.earnFixed(Points(units: 40)), id: 2, group: "best")
    for (most, earned) in [(Int64(10), Int64(40)), (20, 50)] {
      let limits = PromotionLimits(pointsPerLine: Points(units: most))
      let rate = SmallShop.promotion(.earnRate(.percent(5)), limits: limits, group: "best")
      #expect(shop.sell(rate, fixed).earned == Points(units: earned), "\(most) a line")
    }
  }

  @Test func `a receipt's limit holds behind that of a line`() {
    let limits = PromotionLimits(moneyPerReceipt: .roubles(90), moneyPerLine: .roubles(40))
    let answer = SmallShop().sell(SmallShop.promotion(.percent(.percent(10), of: .reduced), limits: limits))
    #expect(answer.discount == .roubles(90) && answer.reasons.map(\.cause) == [.limit(.receipt)])
  }

  /// A shop where so much is used in the scope, and a great deal in all others.
  private static func shop(_ used: Used, in scope: LimitScope) -> SmallShop {
    func part(_ other: LimitScope) -> Used {
      scope == other ? used : Used(uses: 10_000, money: .roubles(10_000), points: Points(units: 10_000))
    }
    var shop = SmallShop()
    shop.member?.usage = [PromotionID(1): MemberUsage(all: part(.member), day: part(.memberDay))]
    shop.usage = [PromotionID(1): SharedUsage(all: part(.total), store: part(.store), storeDay: part(.storeDay), day: part(.day))]
    return shop
  }

  @Test(arguments: LimitScope.allCases) func `every scope counts its own uses, money and points to the last one`(scope: LimitScope)
  {
    let (money, points) = (Benefit.amount(.roubles(10)), Benefit.earnFixed(Points(units: 10)))
    for (used, left) in [(Int64(90), Int64(10)), (95, 5), (100, 0), (120, 0)] {
      var limits = PromotionLimits()
      limits[scope].money = .roubles(100)
      let cheaper = Self.shop(Used(money: .roubles(used)), in: scope).sell(SmallShop.promotion(money, limits: limits))
      #expect(cheaper.discount == .roubles(left), "\(used)")
      #expect(cheaper.reasons.map(\.cause) == (left == 10 ? [] : [.limit(scope.budget)]), "\(used)")
      limits = PromotionLimits()
      limits[scope].points = Points(units: 100)
      let earned = Self.shop(Used(points: Points(units: used)), in: scope).sell(SmallShop.promotion(points, limits: limits))
      #expect(earned.earned == Points(units: left), "\(used)")
      #expect(earned.reasons.map(\.cause) == (left == 10 ? [] : [.limit(scope.budget)]), "\(used)")
    }
    var limits = PromotionLimits()
    limits[scope].uses = 3
    for (uses, isOpen) in [(Int64(2), true), (3, false)] {
      let answer = Self.shop(Used(uses: uses), in: scope).sell(SmallShop.promotion(money, limits: limits))
      #expect(answer.discount == (isOpen ? .roubles(10) : .zero))
      #expect(answer.reasons.map(\.cause) == (isOpen ? [] : [.limit(scope.kind)]))
    }
  }

  @Test func `of several budgets the one decides that has least left`() {
    var limits = PromotionLimits(moneyPerReceipt: .roubles(8), budgetMoney: .roubles(100))
    limits.moneyPerStore = .roubles(50)
    limits.moneyPerMember = .roubles(20)
    var shop = SmallShop()
    shop.member?.usage = [PromotionID(1): MemberUsage(all: Used(money: .roubles(14)), day: .nothing)]
    shop.usage = [PromotionID(1): SharedUsage(all: Used(money: .roubles(93)), store: Used(money: .roubles(45)))]
    let promotion = SmallShop.promotion(.amount(.roubles(10)), limits: limits)
    let answer = shop.sell(promotion)
    #expect(answer.discount == .roubles(5) && answer.reasons.map(\.cause) == [.limit(.storeBudget)])
    shop.member = nil
    #expect(shop.sell(promotion).reasons.map(\.cause) == [.unidentified], "whose money it is cannot be told")
  }

  @Test func `random receipts stay within all limits of their promotions`() {
    var cuts: Set<LimitKind> = []
    for seed in UInt64(1)...400 {
      var shop = RandomShop(seed: seed)
      let (rules, member) = (shop.rules(), shop.member())
      var promotions = rules.promotions
      var usage: [PromotionID: SharedUsage] = [:]
      for place in promotions.indices where !promotions[place].benefit.isReward {
        let isEarning = promotions[place].benefit.isEarning
        let scope = shop.pick(LimitScope.allCases)
        promotions[place].limits[scope] = LimitSizes(
          money: isEarning ? nil : Money(minor: shop.int(1...9_000)), points: isEarning ? Points(units: shop.int(1...90)) : nil)
        if isEarning { promotions[place].limits.pointsPerLine = Points(units: shop.int(1...40)) }
        if !isEarning { promotions[place].limits.moneyPerLine = Money(minor: shop.int(1...4_000)) }
        let used = Used(money: Money(minor: shop.int(0...3_000)), points: Points(units: shop.int(0...30)))
        usage[promotions[place].id] = SharedUsage(all: used, store: used, storeDay: used, day: used)
      }
      let book = RuleBook(version: 1, terms: rules.terms, groups: rules.groups, promotions: promotions)
      let answer = calculate(shop.basket(), member: member, rules: book, usage: usage)
      for reason in answer.reasons { if case .limit(let kind) = reason.cause { cuts.insert(kind) } }
      for applied in answer.promotions { expect(applied, of: answer, within: book, usage, seed) }
    }
    #expect(
      cuts.isSuperset(of: [.line, .memberBudget, .memberDayBudget, .storeDayBudget, .storeBudget, .dayBudget, .budget]), "\(cuts)")
  }

  private func expect(
    _ applied: AppliedPromotion, of answer: Calculation, within book: RuleBook, _ usage: [PromotionID: SharedUsage], _ seed: UInt64
  ) {
    let limits = book.promotions[applied.index].limits
    let shared = usage[applied.id] ?? SharedUsage()
    let used: [LimitScope: Used] = [
      .total: shared.all, .day: shared.day, .store: shared.store, .storeDay: shared.storeDay,
    ]
    for scope in LimitScope.allCases {
      let before = used[scope] ?? .nothing
      if let most = limits[scope].money { #expect(before.money + applied.money <= most, "seed \(seed): \(scope)") }
      if let most = limits[scope].points { #expect(before.points + applied.points <= most, "seed \(seed): \(scope)") }
    }
    for step in answer.trace where Int(step.promotion) == applied.index {
      let most = step.kind == .earning ? limits.pointsPerLine?.units : limits.moneyPerLine?.minor
      if let most { #expect(step.amount <= most, "seed \(seed): line \(step.line)") }
    }
  }
}
