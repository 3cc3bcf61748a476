import Calculator
import Conditions
import Kernel
import TestKit
import Testing

/// A bundle takes the sets that the shopper gains most by.
@Suite struct BundleTests {
  /// Baskets small enough to try every way of putting units into sets.
  private struct Case {
    var basket: Basket
    let bundle: Bundle
    /// Price of each unit, and the parts that it may serve.
    let units: [(price: Int64, serves: [Bool])]
  }

  private func random(_ dice: inout Dice) -> Case {
    let categories = (0..<3).map { CategoryID(Int64($0 + 1)) }
    var lines: [BasketLine] = []
    var units: [(Int64, [CategoryID])] = []
    for number in 0..<Int(dice.roll(1...4)) {
      let own = categories.filter { _ in dice.chance(55) }
      let (price, pieces) = (dice.roll(1...40) * 100, dice.roll(1...2))
      lines.append(
        BasketLine(
          id: "\(number)", product: ProductFacts(id: ProductID(Int64(number + 1)), categories: own), quantity: .pieces(pieces),
          price: Money(minor: price)))
      for _ in 0..<pieces { units.append((price, own)) }
    }
    let parts = (0..<Int(dice.roll(1...3))).map { _ in
      Bundle.Part(.categories(IDList([dice.pick(categories), dice.pick(categories)])), units: dice.roll(1...2))
    }
    let serves = units.map { unit in
      parts.map { part in if case .categories(let ids) = part.goods { unit.1.contains(where: ids.contains) } else { false } }
    }
    var basket = SmallShop().basket
    basket.lines = lines
    return Case(
      basket: basket, bundle: Bundle(parts, .price(Money(minor: dice.roll(1...60) * 100))),
      units: zip(units, serves).map { ($0.0, $1) })
  }

  /// The most that any number of sets of any units takes off: every unit in each part in turn, or in none.
  private func best(_ each: Case) -> Int64 {
    guard case .price(let price) = each.bundle.offer else { return 0 }
    var best = Int64(0)
    func put(_ unit: Int, _ taken: [Int64], _ cost: Int64) {
      let sets = taken[0] / each.bundle.parts[0].units
      if zip(taken, each.bundle.parts).allSatisfy({ $0 == $1.units * sets }) { best = max(best, cost - price.minor * sets) }
      guard unit < each.units.count else { return }
      put(unit + 1, taken, cost)
      for part in taken.indices where each.units[unit].serves[part] {
        var more = taken
        more[part] += 1
        put(unit + 1, more, cost + each.units[unit].price)
      }
    }
    put(0, Array(repeating: 0, count: each.bundle.parts.count), 0)
    return best
  }

  @Test func `no other choice of goods takes off more`() {
    for seed in seeds(400) {
      var dice = Dice(seed: seed)
      let each = random(&dice)
      let rules = RuleBook(
        version: 1, terms: ProgrammeTerms(), promotions: [SmallShop.promotion(.bundle(each.bundle))])
      let answer = calculate(each.basket, member: nil, rules: rules)
      #expect(answer.discount.minor == best(each), "seed \(seed)")
      #expect(Sums.violations(of: answer, each.basket) == [], "seed \(seed)")
    }
  }

  @Test func `a great many units cost as little as a few`() {
    var shop = SmallShop()
    shop.basket.lines[0].quantity = .pieces(900_000)
    shop.basket.lines[1].quantity = .pieces(1_000)
    let wine: ProductFilter = .products([ProductID(2)])
    let answer = shop.sell(
      SmallShop.promotion(.bundle(Bundle([.init(.products([ProductID(1)]), units: 2), .init(wine)], .price(.roubles(690))))))
    // A thousand sets of two milks at 100.00 and a wine at 500.00, 10.00 off each.
    #expect(answer.discount == .roubles(10_000))
    #expect(answer.promotions.first?.times == 1_000)
  }

  @Test func `a limit on sets is told, and what is missing for a set is a hint`() {
    let milk: ProductFilter = .products([ProductID(1)])
    var shop = SmallShop()
    let one = SmallShop.promotion(.bundle(Bundle([.init(milk)], .price(.roubles(70)))), limits: PromotionLimits(timesPerReceipt: 1))
    let answer = shop.sell(one)
    #expect(answer.discount == .roubles(30) && answer.reasons.map(\.cause) == [.limit(.receipt)])
    shop.basket.lines.removeLast(2)
    let three = shop.sell(SmallShop.promotion(.bundle(Bundle([.init(milk, units: 3)], .percent(.percent(50))))))
    #expect(three.discount == .zero && three.hints.map(\.missing) == [.quantity(.one)])
  }
}
