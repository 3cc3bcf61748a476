import Calculator
import Conditions
import Kernel
import Testing

/// Promotions that exclude each other, where one comes to hold only after others have taken something off.
@Suite struct ExclusionTests {
  private static let belowThousand = Condition.amount(of: .everything, .reduced, Bounds(atMost: 100_000))
  private static let notFromThousand = Condition.none([.amount(of: .everything, .reduced, Bounds(atLeast: 100_001))])

  struct Pair: Sendable {
    let name: String
    let first: Benefit
    let firstStage: Stage?
    let late: Benefit
    let lateStage: Stage?
    var condition = ExclusionTests.belowThousand
  }

  /// The first takes 1 300.00 below 1 000.00, where the late one comes true.
  static let pairs: [Pair] = [
    Pair(name: "price, line", first: .fixedPrice(.roubles(10)), firstStage: .price, late: .amount(.roubles(50)), lateStage: .line),
    Pair(
      name: "price, receipt", first: .fixedPrice(.roubles(10)), firstStage: .price, late: .percent(.percent(5), of: .reduced),
      lateStage: .receipt
    ),
    Pair(
      name: "line, receipt", first: .percent(.percent(40), of: .reduced), firstStage: .line,
      late: .percent(.percent(5), of: .reduced), lateStage: .receipt),
    Pair(
      name: "line, receipt, said by its contrary", first: .percent(.percent(40), of: .reduced), firstStage: .line,
      late: .percent(.percent(5), of: .reduced),
      lateStage: .receipt, condition: ExclusionTests.notFromThousand),
    Pair(
      name: "price, earning", first: .fixedPrice(.roubles(10)), firstStage: .price, late: .earnFixed(Points(units: 9)),
      lateStage: nil),
    Pair(
      name: "receipt, earning", first: .percent(.percent(40), of: .reduced), firstStage: .receipt, late: .earnRate(.percent(5)),
      lateStage: nil,
      condition: ExclusionTests.notFromThousand),
  ]

  @Test(arguments: pairs) func `hold against what comes true in a later stage`(_ pair: Pair) {
    for lateExcludes in [true, false] {
      var first = SmallShop.promotion(pair.first, id: 1, stage: pair.firstStage)
      var late = SmallShop.promotion(pair.late, id: 2, when: pair.condition, stage: pair.lateStage)
      #expect(SmallShop().sell(first, late).promotions.map(\.index) == [0, 1], "\(pair.name): without the exclusion both apply")
      if lateExcludes { (first.tags, late.excludes) = (["x"], ["x"]) } else { (first.excludes, late.tags) = (["x"], ["x"]) }
      let answer = SmallShop().sell(first, late)
      #expect(answer.promotions.map(\.index) == [0], "\(pair.name)")
      #expect(answer.exclusion == ExclusionNote(method: .exact, candidates: 2), "\(pair.name)")
      #expect(answer.reasons.map(\.cause) == [.excluded(by: 0)], "\(pair.name)")
    }
  }

  @Test(arguments: pairs) func `hold so where too many exclude each other to try all`(_ pair: Pair) {
    var first = SmallShop.promotion(pair.first, id: 1, stage: pair.firstStage)
    var late = SmallShop.promotion(pair.late, id: 2, when: pair.condition, stage: pair.lateStage)
    (first.tags, late.excludes, late.tags) = (["x"], ["x"], ["late"])
    let small = (3...15).map { (id: Int64) -> Promotion in
      var other = SmallShop.promotion(.amount(Money(minor: id)), id: id)
      (other.tags, other.excludes) = (["x"], ["x"])
      return other
    }
    first.excludes = ["x"]
    let shop = SmallShop()
    let answer = calculate(shop.basket, member: shop.member, rules: shop.book([first, late] + small))
    #expect(answer.exclusion == ExclusionNote(method: .greedy, candidates: 15), "\(pair.name)")
    #expect(answer.promotions.map(\.id) == [PromotionID(1)], "\(pair.name)")
  }

  @Test func `let the late one win where that is better for the shopper`() {
    let opener = SmallShop.promotion(.percent(.percent(40), of: .reduced), id: 1)
    var small = SmallShop.promotion(.amount(.roubles(10)), id: 2, stage: .line)
    var late = SmallShop.promotion(.percent(.percent(20), of: .reduced), id: 3, when: Self.belowThousand, stage: .receipt)
    (small.tags, late.excludes) = (["x"], ["x"])
    let answer = SmallShop().sell(opener, small, late)
    #expect(answer.promotions.map(\.id) == [PromotionID(1), PromotionID(3)])
    #expect(answer.reasons.map(\.cause) == [.excluded(by: 2)])
  }

  @Test func `leave its own reason to what has not come true`() {
    var first = SmallShop.promotion(.amount(.roubles(10)), id: 1, stage: .line)
    var late = SmallShop.promotion(.percent(.percent(20), of: .reduced), id: 2, when: Self.belowThousand, stage: .receipt)
    (first.tags, late.excludes) = (["x"], ["x"])
    let answer = SmallShop().sell(first, late)
    #expect(answer.promotions.map(\.id) == [PromotionID(1)])
    #expect(answer.reasons.map(\.cause) == [.amount(have: .roubles(1_290), bounds: Bounds(atMost: 100_000))])
  }

  @Test func `do not count what can no longer come true`() {
    var first = SmallShop.promotion(.amount(.roubles(10)), id: 1, stage: .line)
    var far = SmallShop.promotion(
      .percent(.percent(20), of: .reduced), id: 2, when: .amount(of: .everything, .reduced, Bounds(atLeast: 200_000)),
      stage: .receipt)
    (first.tags, far.excludes) = (["x"], ["x"])
    let answer = SmallShop().sell(first, far)
    #expect(answer.promotions.map(\.id) == [PromotionID(1)] && answer.exclusion == nil)
  }

  @Test func `hold in the price of another way of paying`() {
    var byCard = SmallShop.promotion(.percent(.percent(20), of: .reduced), id: 1, when: .tenders([.card]), stage: .receipt)
    var always = SmallShop.promotion(.amount(.roubles(10)), id: 2, stage: .line)
    (byCard.tags, always.excludes) = (["x"], ["x"])
    var shop = SmallShop()
    let asked = shop.sell(byCard, always)
    #expect(asked.promotions.map(\.id) == [PromotionID(2)])
    shop.basket.tenders = [Tender(kind: .card)]
    let paid = shop.sell(byCard, always)
    #expect(paid.promotions.map(\.id) == [PromotionID(1)])
    #expect(asked.tenderPrices == [TenderPrice(kind: .card, amount: paid.amount, earned: paid.earned)])
  }
}
