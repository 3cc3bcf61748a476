import Calculator
import Conditions
import Kernel
import Testing

/// Near misses, and the small print of a trace.
@Suite struct HintTests {
  private func stranger() -> SmallShop {
    var shop = SmallShop()
    shop.member = nil
    return shop
  }

  private static let hundred: Condition = .amount(of: .everything, .reduced, Bounds(atLeast: 130_000))

  @Test(arguments: [
    (Condition.identified, true), (.all([.identified, hundred]), true), (.any([.tiers([TierID(1)]), .identified]), true),
    (.all([.identified, .amount(of: .everything, .reduced, Bounds(atLeast: 130_001))]), false),
    (.all([.identified, .stores([StoreID(1)])]), false), (.tiers([TierID(2)]), false),
    (.all([.identified, .firstPurchase]), false),
    (.all([.identified, .none([.segments([SegmentID(1)])])]), false), (.all([.identified, .none([.stores([StoreID(1)])])]), true),
  ]) func `a stranger is asked for the card where it would help whoever shows one`(condition: Condition, helps: Bool) {
    for benefit in [Benefit.amount(.roubles(1)), .earnRate(.percent(5))] {
      let answer = stranger().sell(SmallShop.promotion(benefit, when: condition))
      #expect(answer.hints == (helps ? [Hint(promotion: 0, missing: .identification)] : []), "\(benefit)")
      #expect(answer.discount == .zero && answer.earned == .zero)
    }
    #expect(
      SmallShop().sell(SmallShop.promotion(.amount(.roubles(1)), when: condition)).hints.allSatisfy {
        $0.missing != .identification
      })
  }

  @Test func `a stranger is told that points would be earned, and why there are none`() {
    let answer = stranger().sell(SmallShop.promotion(.earnRate(.percent(5))))
    #expect(answer.hints.map(\.missing) == [.identification])
    #expect(answer.reasons.map(\.cause) == [.unidentified])
    // Where nothing could be earned, the card would not help.
    var tobacco = stranger()
    for line in tobacco.basket.lines.indices { tobacco.basket.lines[line].product.flags = [.earnForbidden] }
    #expect(tobacco.sell(SmallShop.promotion(.earnRate(.percent(5)))).hints == [])
  }

  @Test func `what may not be advertised is not hinted at`() {
    let third = Benefit.freeUnits(buy: 2, free: 1, rate: .whole, lands: .free, perProduct: true)
    var shop = SmallShop()
    shop.basket.lines[1].quantity = .pieces(2)
    #expect(shop.sell(SmallShop.promotion(third, on: .products([ProductID(1)]))).hints.map(\.missing) == [.quantity(.one)])
    #expect(shop.sell(SmallShop.promotion(third, on: .products([ProductID(2)]))).hints == [], "wine")
  }

  @Test func `a step says that it was rounded, and only then`() {
    func notes(_ benefit: Benefit, _ on: ProductFilter, stage: Stage? = nil) -> [TraceNotes] {
      SmallShop().sell(SmallShop.promotion(benefit, on: on, stage: stage)).trace.map(\.notes)
    }
    let milk: ProductFilter = .products([ProductID(1)])
    let cheese: ProductFilter = .products([ProductID(3)])
    #expect(notes(.percent(.percent(7), of: .reduced), milk) == [.byUnit])
    #expect(notes(.percent(Rate(ppm: 70_003), of: .reduced), cheese) == [.rounded])
    #expect(notes(.amount(.roubles(8)), .none([.products([ProductID(2)])])) == [[], []])
    #expect(notes(.amount(Money(minor: 801)), .none([.products([ProductID(2)])])) == [.rounded, .rounded])
    #expect(notes(.earnRate(.percent(5)), cheese) == [[]])
    #expect(notes(.earnRate(Rate(ppm: 50_001)), cheese) == [.rounded])
    #expect(notes(.earnPerStep(Points(units: 4), step: .roubles(800)), .none([.products([ProductID(2)])])) == [[], []])
    #expect(notes(.earnPerStep(Points(units: 5), step: .roubles(800)), .none([.products([ProductID(2)])])) == [.rounded, .rounded])
    #expect(notes(.fixedPrice(Money(minor: 39_999)), cheese) == [.rounded])
  }

  @Test func `what gift cards pay stands in the trace and is left out of what earns`() throws {
    var shop = SmallShop()
    shop.basket.tenders = [Tender(kind: .giftCard, amount: .roubles(130)), Tender(kind: .card)]
    let answer = shop.sell(SmallShop.promotion(.earnRate(.percent(10))))
    #expect(answer.trace.filter { $0.kind == .tender }.map(\.amount) == [2_000, 5_000, 6_000])
    for step in answer.trace where step.kind == .earning {
      let paid = try #require(answer.trace.first { $0.kind == .tender && $0.line == step.line })
      #expect(step.base == answer.lines[Int(step.line)].amount.minor - paid.amount)
    }
    #expect(answer.earned == Points(units: 117))
    shop.basket.tenders = [Tender(kind: .card)]
    #expect(shop.sell(SmallShop.promotion(.earnRate(.percent(10)))).trace.allSatisfy { $0.kind != .tender })
  }

  @Test func `where floors hold points back, the floors are named`() {
    var shop = SmallShop()
    shop.member?.pools = [PointsPool(amount: Points(units: 10_000))]
    #expect(shop.sell().spending.brake == .floor)
    // Half of milk and cheese, and the 50.00 that the wine may come down.
    #expect(shop.sell().spending.most == Points(units: 450))
    shop.basket.lines[1].product.minPrice = .roubles(250)
    #expect(shop.sell().spending.brake == .share)
    #expect(shop.sell().spending.most == Points(units: 650))
    for line in shop.basket.lines.indices { shop.basket.lines[line].product.minPrice = shop.basket.lines[line].price }
    #expect(shop.sell().spending.brake == .floor && shop.sell().spending.most == .zero)
    for line in shop.basket.lines.indices { shop.basket.lines[line].product.flags = [.pointsSpendForbidden] }
    #expect(shop.sell().spending.brake == .goods)
  }

  @Test func `a step of points says what a line's own bound stopped and who took over`() {
    var shop = SmallShop()
    shop.member?.pools = [PointsPool(amount: Points(units: 10_000))]
    shop.basket.spend = .points(Points(units: 260))
    let notes = shop.sell().trace.filter { $0.kind == .points }.map(\.notes)
    #expect(notes == [.redistributed, .capped, .redistributed])
  }
}
