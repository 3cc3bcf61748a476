import Calculator
import Conditions
import Kernel
import TestKit
import Testing

/// Examples of goods that members choose themselves.
@Suite struct FavouriteConflictTests {
  @Test(arguments: [nil, [ProductFacts(id: ProductID(1), categories: [CategoryID(1)])]])
  func `finds goods that somebody could have chosen as favourites`(catalogue: [ProductFacts]?) throws {
    let first: ProductFilter = .categories([CategoryID(1)])
    var terms = SmallShop().terms
    terms.favourites = [FavouriteCategory(code: "one", name: LocalText(ru: "Один", en: "One"), goods: first)]
    func verdict(_ a: Promotion, _ b: Promotion) -> PairVerdict {
      let goods: any ExampleGoods = catalogue.map { ListedGoods($0, for: [a, b]) } ?? ImaginedGoods()
      let book = RuleBook(version: 1, terms: terms, promotions: [a, b])
      return ConflictCheck(book, goods: goods, leastShare: .percent(50), zone: .moscow, now: Instant(seconds: 1_790_350_400))
        .verdict(0, 1)
    }
    func off(_ percent: Int64, _ id: Int64, when condition: Condition = .all([]), on target: ProductFilter) -> Promotion {
      SmallShop.promotion(.percent(.percent(percent), of: .reduced), id: id, when: condition, on: target)
    }
    let chosen = off(10, 1, on: .favourites)
    guard case .meeting(let meeting) = verdict(chosen, off(20, 2, on: first)) else {
      Issue.record("a favourite of the category and the category meet on its goods")
      return
    }
    #expect(meeting.example.member?.favourites == ["one"])
    let other = off(20, 2, when: .none([.lines(of: first, Bounds(atLeast: 1))]), on: .categories([CategoryID(9)]))
    #expect(verdict(chosen, other) != verdict(chosen, off(20, 2, on: first)))
  }
}
