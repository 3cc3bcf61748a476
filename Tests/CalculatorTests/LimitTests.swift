import Calculator
import Conditions
import Kernel
import Testing

/// Limits and budgets on both sides of their bound, and what the answer says of them.
@Suite struct LimitTests {
  struct Case: Sendable {
    let name: String
    let limits: PromotionLimits
    var member = MemberUsage()
    var shared = SharedUsage()
    let cause: Cause?
  }

  static let counted: [Case] = [
    Case(name: "member", limits: PromotionLimits(perMember: 2), member: MemberUsage(uses: 1), cause: nil),
    Case(name: "member, used up", limits: PromotionLimits(perMember: 2), member: MemberUsage(uses: 2), cause: .limit(.member)),
    Case(name: "day", limits: PromotionLimits(perMemberDay: 2), member: MemberUsage(uses: 9, today: 1), cause: nil),
    Case(
      name: "day, used up", limits: PromotionLimits(perMemberDay: 2), member: MemberUsage(uses: 9, today: 2),
      cause: .limit(.memberDay)),
    Case(name: "store", limits: PromotionLimits(perStoreDay: 5), shared: SharedUsage(storeToday: 4, uses: 99), cause: nil),
    Case(
      name: "store, used up", limits: PromotionLimits(perStoreDay: 5), shared: SharedUsage(storeToday: 5), cause: .limit(.storeDay)),
    Case(name: "campaign", limits: PromotionLimits(total: 100), shared: SharedUsage(uses: 99), cause: nil),
    Case(name: "campaign, used up", limits: PromotionLimits(total: 100), shared: SharedUsage(uses: 100), cause: .limit(.total)),
    Case(name: "budget", limits: PromotionLimits(budgetMoney: .roubles(90)), shared: SharedUsage(money: .roubles(80)), cause: nil),
    Case(
      name: "budget, used up", limits: PromotionLimits(budgetMoney: .roubles(90)), shared: SharedUsage(money: .roubles(90)),
      cause: .limit(.budget)),
  ]

  @Test(arguments: counted) func `a promotion applies until its limit is used up`(_ each: Case) {
    var shop = SmallShop()
    shop.member?.usage = [PromotionID(1): each.member]
    shop.usage = [PromotionID(1): each.shared]
    let answer = shop.sell(SmallShop.promotion(.amount(.roubles(10)), limits: each.limits))
    #expect(answer.discount == (each.cause == nil ? .roubles(10) : .zero), "\(each.name)")
    #expect(answer.reasons.map(\.cause) == (each.cause.map { [$0] } ?? []), "\(each.name)")
  }

  @Test func `a stranger uses nothing that is limited per member`() {
    var shop = SmallShop()
    shop.member = nil
    let answer = shop.sell(SmallShop.promotion(.amount(.roubles(10)), limits: PromotionLimits(perMember: 1)))
    #expect(answer.discount == .zero && answer.reasons.map(\.cause) == [.unidentified])
  }

  struct Cut: Sendable {
    let name: String
    let benefit: Benefit
    let limits: PromotionLimits
    let discount: Int64
    let kind: LimitKind?
    var on: ProductFilter = .products([ProductID(1)])
    var shared = SharedUsage()
  }

  static let cuts: [Cut] = [
    Cut(
      name: "money", benefit: .percent(.percent(10), of: .reduced), limits: PromotionLimits(moneyPerReceipt: .roubles(20)),
      discount: 2_000, kind: nil),
    Cut(
      name: "money, cut", benefit: .percent(.percent(10), of: .reduced),
      limits: PromotionLimits(moneyPerReceipt: Money(minor: 1_999)),
      discount: 1_999, kind: .receipt),
    Cut(
      name: "units", benefit: .amountPerUnit(.roubles(5)), limits: PromotionLimits(quantityPerReceipt: .pieces(2)), discount: 1_000,
      kind: nil),
    Cut(
      name: "units, cut", benefit: .amountPerUnit(.roubles(5)), limits: PromotionLimits(quantityPerReceipt: .one), discount: 500,
      kind: .receipt),
    Cut(
      name: "less than a unit", benefit: .fixedPrice(.roubles(5)),
      limits: PromotionLimits(quantityPerReceipt: Quantity(thousandths: 999)),
      discount: 0, kind: .receipt),
    Cut(
      name: "kilograms, cut", benefit: .fixedPrice(.roubles(300)), limits: PromotionLimits(quantityPerReceipt: .one),
      discount: 10_000,
      kind: .receipt, on: .products([ProductID(3)])),
    Cut(
      name: "sets", benefit: .freeUnits(buy: 1, free: 1, rate: .whole, lands: .free, perProduct: true),
      limits: PromotionLimits(timesPerReceipt: 1), discount: 10_000, kind: nil),
    Cut(
      name: "sets, cut", benefit: .freeUnits(buy: 1, free: 1, rate: .percent(50), lands: .free, perProduct: true),
      limits: PromotionLimits(timesPerReceipt: 1), discount: 2_500, kind: .receipt, on: .products([ProductID(4)])),
    Cut(
      name: "budget, cut", benefit: .amount(.roubles(10)),
      limits: PromotionLimits(moneyPerReceipt: .roubles(9), budgetMoney: .roubles(50)),
      discount: 800, kind: .budget, shared: SharedUsage(money: .roubles(42))),
  ]

  @Test(arguments: cuts) func `a limit of the receipt cuts the benefit and says so`(_ each: Cut) {
    var shop = SmallShop()
    shop.usage = [PromotionID(1): each.shared]
    shop.basket.lines.append(
      BasketLine(id: "tea", product: ProductFacts(id: ProductID(4)), quantity: .pieces(4), price: .roubles(50)))
    let answer = shop.sell(SmallShop.promotion(each.benefit, on: each.on, limits: each.limits))
    #expect(answer.discount == Money(minor: each.discount), "\(each.name)")
    #expect(answer.reasons.map(\.cause) == (each.kind.map { [.limit($0)] } ?? []), "\(each.name)")
    if each.kind != nil, each.discount > 0, each.name != "sets, cut" {
      #expect(answer.trace.contains { $0.notes.contains(.capped) }, "\(each.name)")
    }
  }

  @Test(arguments: [
    (Benefit.earnRate(.percent(5)), PromotionLimits(pointsPerReceipt: Points(units: 65)), Points.zero, Int64(65), LimitKind?.none),
    (.earnRate(.percent(5)), PromotionLimits(pointsPerReceipt: Points(units: 64)), .zero, 64, .receipt),
    (.earnFixed(Points(units: 9)), PromotionLimits(budgetPoints: Points(units: 50)), Points(units: 44), 6, .budget),
    (.earnPerStep(Points(units: 2), step: .roubles(100)), PromotionLimits(timesPerReceipt: 13), .zero, 26, .none),
    (.earnPerStep(Points(units: 2), step: .roubles(100)), PromotionLimits(timesPerReceipt: 12), .zero, 24, .receipt),
  ]) func `points are cut by the receipt and by the budget`(
    benefit: Benefit, limits: PromotionLimits, used: Points, earned: Int64, kind: LimitKind?
  ) {
    var shop = SmallShop()
    shop.usage = [PromotionID(1): SharedUsage(points: used)]
    let answer = shop.sell(SmallShop.promotion(benefit, limits: limits))
    #expect(answer.earned == Points(units: earned))
    #expect(answer.reasons.map(\.cause) == (kind.map { [.limit($0)] } ?? []))
    #expect(answer.trace.allSatisfy { $0.notes.contains(.capped) } == (kind != nil))
  }

  @Test func `the universal control group and a promotion's own get public prices only`() {
    let everybody = ControlGroup(salt: "2026", share: .whole, since: Instant(seconds: 1_700_000_000))
    var open = SmallShop.promotion(.amount(.roubles(1)), id: 2)
    open.isPublic = true
    var own = SmallShop.promotion(.amount(.roubles(10)))
    var shop = SmallShop()
    #expect(shop.sell(own, open).discount == .roubles(11))
    own.control = everybody
    #expect(shop.sell(own, open).discount == .roubles(1))
    own.control = nil
    shop.terms.control = everybody
    let answer = shop.sell(own, open)
    #expect(answer.discount == .roubles(1) && answer.reasons.map(\.cause) == [.controlGroup])
    shop.terms.control = ControlGroup(salt: "2026", share: .whole, since: shop.basket.time + .seconds(1))
    #expect(shop.sell(own, open).discount == .roubles(11), "it begins later")
    shop.terms.control = everybody
    shop.member = nil
    #expect(shop.sell(own, open).discount == .roubles(11), "nobody known is in a control group")
  }

  @Test func `a control group is as large as it says and keeps its members`() {
    let group = ControlGroup(salt: "2026", share: .percent(10), since: Instant(seconds: 0))
    let time = Instant(seconds: 1)
    let inside = (1...20_000).filter { group.contains(MemberID(Int64($0)), at: time) }
    #expect((1_850...2_150).contains(inside.count))
    #expect(inside == (1...20_000).filter { group.contains(MemberID(Int64($0)), at: time) })
    let other = ControlGroup(salt: "2027", share: .percent(10), since: Instant(seconds: 0))
    let both = inside.filter { other.contains(MemberID(Int64($0)), at: time) }
    #expect((120...280).contains(both.count), "another salt is another draw")
  }
}
