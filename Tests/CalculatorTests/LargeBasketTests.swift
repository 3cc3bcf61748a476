import Calculator
import Conditions
import Kernel
import Testing

@Suite struct LargeBasketTests {
  /// A yacht and its tender: fifty and thirty million roubles, points pay for a part.
  @Test func `points pay for a very dear basket, and its trade-off is told`() {
    let lines = [5_000_000_000, 3_000_000_000].enumerated().map { place, price in
      BasketLine(id: "\(place)", product: ProductFacts(id: ProductID(Int64(place + 1))), price: Money(minor: Int64(price)))
    }
    var basket = Basket(store: StoreFacts(id: StoreID(1), zone: .moscow), time: Instant(seconds: 1_773_480_000), lines: lines)
    basket.spend = .most
    let member = MemberSnapshot(id: MemberID(1), pools: [PointsPool(amount: Points(units: 1_000_000_000))])
    let answer = calculate(basket, member: member, rules: RuleBook(version: 1, terms: ProgrammeTerms(), promotions: []))
    #expect(answer.pointsSpent == Points(units: 40_000_000))
    #expect(answer.amount == Money(minor: 4_000_000_000))
    #expect(answer.tradeOff.map(\.spend) == [.zero, Points(units: 40_000_000)])
  }
}
