import Calculator
import Conditions
import Kernel
import TestKit
import Testing

extension ConditionTests {
  static let firstPurchaseCases: [Case] = [
    Case(
      name: "first purchase of goods", holds: .firstPurchaseOf(.bought(milk)), fails: .none([.firstPurchaseOf(.bought(milk))]),
      cause: "excluded-circumstance",
      // Milk lies in the basket itself, and other goods were bought before.
      change: { $0.member?.usage[Accumulator.bought(.products([ProductID(3)])).id] = MemberUsage(uses: 4) }),
    Case(
      name: "goods that were bought before", holds: .none([.firstPurchaseOf(.bought(milk))]),
      fails: .firstPurchaseOf(.bought(milk)),
      cause: "bought-before", change: { $0.member?.usage[Accumulator.bought(milk).id] = MemberUsage(uses: 1) }),
    Case(
      name: "goods whose past nobody has counted", holds: .none([.firstPurchaseOf(.bought(milk))]),
      fails: .firstPurchaseOf(.bought(milk)), cause: "past-uncounted",
      change: { $0.member?.usage[Accumulator.bought(milk).id] = MemberUsage(uses: Accumulator.uncounted) }),
  ]
}

@Suite struct `a first purchase of goods` {
  private static let first: ProductFilter = .categories([CategoryID(1)])

  private func verdict(_ a: Condition, _ b: Condition) -> PairVerdict {
    let promotions = [a, b].enumerated().map { place, condition in
      SmallShop.promotion(.percent(.percent(10), of: .reduced), id: Int64(place + 1), when: condition)
    }
    let (shop, now) = (SmallShop(), Instant(seconds: 1_790_350_400))
    let book = RuleBook(version: 1, terms: shop.terms, groups: [], promotions: promotions)
    let check = ConflictCheck(book, goods: ImaginedGoods(), leastShare: .percent(50), zone: .moscow, now: now)
    return check.verdict(0, 1)
  }

  @Test func `and a later one never meet, nor a later one and the very first purchase`() {
    let isFirst = Condition.firstPurchaseOf(.bought(Self.first))
    #expect(verdict(isFirst, .none([isFirst])) == .apart(.member))
    #expect(verdict(.firstPurchase, .none([isFirst])) == .apart(.member))
    for other in [Condition.firstPurchase, isFirst, .none([.firstPurchaseOf(.bought(.categories([CategoryID(2)])))])] {
      guard case .meeting = verdict(isFirst, other) else {
        Issue.record("\(other) may hold at a first purchase")
        continue
      }
    }
  }

  @Test func `is another sum than one that begins with the rules, and one for all who ask`() {
    let sum = Accumulator.bought(Self.first)
    #expect(sum.id != Accumulator(.receipts, of: Self.first, within: .always).id && sum == .bought(Self.first))
    let book = RuleBook(
      version: 1, terms: ProgrammeTerms(),
      promotions: [
        SmallShop.promotion(.percent(.percent(10), of: .reduced), id: 1, when: .firstPurchaseOf(sum)),
        SmallShop.promotion(.percent(.percent(5), of: .reduced), id: 2, when: .none([.firstPurchaseOf(sum)])),
      ])
    #expect(book.asks.firsts == [sum] && book.asks.accumulators == [sum])
  }
}
