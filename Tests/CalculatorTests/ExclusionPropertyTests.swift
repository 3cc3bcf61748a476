import Calculator
import Conditions
import Kernel
import TestKit
import Testing

/// What holds for every basket where promotions exclude each other, in usual shops and in those where most do.
@Suite struct ExclusionPropertyTests {
  private func shop(_ seed: UInt64, isQuarrelsome: Bool) -> (rules: RuleBook, member: MemberSnapshot?, basket: Basket) {
    var shop = RandomShop(seed: seed, isQuarrelsome: isQuarrelsome)
    let rules = shop.rules()
    let member = shop.chance(85) ? shop.member() : nil
    return (rules, member, shop.basket())
  }

  @Test(arguments: [false, true]) func `promotions that exclude each other never apply together`(isQuarrelsome: Bool) {
    var solved = 0
    for seed in Seeds.some(1_500) {
      let (rules, member, basket) = shop(seed, isQuarrelsome: isQuarrelsome)
      let answer = calculate(basket, member: member, rules: rules)
      if answer.exclusion != nil { solved += 1 }
      let applied = answer.promotions.map { rules.promotions[$0.index] }
      for (place, a) in applied.enumerated() {
        for b in applied.dropFirst(place + 1) {
          #expect(
            !a.excludes.contains(where: b.tags.contains) && !b.excludes.contains(where: a.tags.contains),
            "seed \(seed): \(a.code), \(b.code)")
        }
      }
    }
    #expect(solved > 50, "exclusions are met often enough to prove something")
  }

  @Test func `the price of a way of paying is what a purchase paid so comes to`() {
    var priced = 0
    for seed in Seeds.some(700) {
      var (rules, member, basket) = shop(seed, isQuarrelsome: true)
      basket.tenders = []
      for price in calculate(basket, member: member, rules: rules).tenderPrices {
        basket.tenders = [Tender(kind: price.kind)]
        let paid = calculate(basket, member: member, rules: rules, scope: CalculationScope(offersChoices: false))
        #expect(paid.amount == price.amount && paid.earned == price.earned, "seed \(seed), \(price.kind)")
        priced += 1
      }
    }
    #expect(priced > 300, "ways of paying are asked about often enough to prove something")
  }
}
