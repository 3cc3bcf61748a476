import Calculator
import Conditions
import Kernel
import TestKit
import Testing

/// What a check of rules finds about costs, budgets and payers' caps, and that the calculator says the same.
@Suite struct ConflictStakesTests {
  private static let now = Instant(seconds: 1_790_350_400)
  private static let (milk, tea) = (ProductID(1), ProductID(2))
  private let shop = SmallShop()

  private func off(_ percent: Int64, _ id: Int64, on target: ProductFilter = .everything) -> Promotion {
    SmallShop.promotion(.percent(.percent(percent), of: .reduced), id: id, on: target)
  }

  private func stakes(
    _ values: [ProductID: GoodsValue] = [:], usage: [PromotionID: SharedUsage] = [:], caps: [SharedCap] = []
  ) -> Stakes {
    Stakes(
      products: [ProductFacts(id: Self.milk), ProductFacts(id: Self.tea), ProductFacts(id: ProductID(3))], values: values,
      usage: usage, caps: caps, largest: .roubles(100_000))
  }

  /// Milk leaves 10 of 100, tea 150 of 250; the third product's cost is not known.
  private static let values = [
    milk: GoodsValue(price: .roubles(100), cost: .roubles(90)), tea: GoodsValue(price: .roubles(250), cost: .roubles(100)),
  ]

  private func report(_ promotions: [Promotion], groups: [PromotionGroup] = [], _ stakes: Stakes) -> (ConflictReport, RuleBook) {
    let book = RuleBook(version: 1, terms: shop.terms, groups: groups, promotions: promotions)
    let check = ConflictCheck(book, leastShare: .percent(1), zone: .moscow, now: Self.now).weighing(stakes)
    return (check.report(), book)
  }

  @Test func `finds pairs and sets below cost on the goods that bear least, and no more of them than are enough`() throws {
    let (alone, _) = report([off(11, 1)], stakes(Self.values))
    let one = try #require(alone.belowCost.first)
    #expect(one.promotions == [0] && one.shelf == .roubles(100) && one.amount == .roubles(89) && one.cost == .roubles(90))
    #expect(report([off(10, 1)], stakes(Self.values)).0.belowCost.isEmpty, "just at cost is not below it")
    let (pair, _) = report([off(6, 1), off(6, 2)], stakes(Self.values))
    #expect(pair.belowCost.map(\.promotions) == [[0, 1]] && pair.hasFindings)
    let (set, book) = report([off(4, 1), off(4, 2), off(4, 3)], stakes(Self.values))
    let three = try #require(set.belowCost.first)
    #expect(set.belowCost.count == 1 && three.promotions == [0, 1, 2] && three.example.basket.lines.count == 1)
    let answer = calculate(three.example.basket, member: three.example.member, rules: book)
    #expect(answer.lines[0].amount == three.amount && three.amount < three.cost)
    #expect(three.example.basket.lines[0].quantity == .pieces(1))
    let (kept, _) = report([off(11, 1), off(6, 2), off(6, 3)], stakes(Self.values))
    #expect(Set(kept.belowCost.map(\.promotions)) == [[0], [1, 2]], "a set that holds a smaller one is no news")
  }

  @Test func `looks where the kind of the reduction bites: little money for so much off, the dearest for a fixed price`() throws {
    let goods: [ProductID: GoodsValue] = [
      Self.milk: GoodsValue(price: .roubles(1_000), cost: .roubles(950)),
      Self.tea: GoodsValue(price: .roubles(30), cost: .roubles(20)),
    ]
    let (amount, _) = report([SmallShop.promotion(.amountPerUnit(.roubles(15)))], stakes(goods))
    #expect(try #require(amount.belowCost.first).example.basket.lines[0].product.id == Self.tea)
    let (fixed, _) = report([SmallShop.promotion(.fixedPrice(.roubles(900)))], stakes(goods))
    let finding = try #require(fixed.belowCost.first)
    #expect(finding.example.basket.lines[0].product.id == Self.milk && finding.amount == .roubles(900))
    let (other, _) = report([off(50, 1, on: .products([ProductID(3)]))], stakes(Self.values))
    #expect(other.belowCost.isEmpty, "of goods without a cost nothing is assumed")
    let (apart, _) = report(
      [off(6, 1, on: .products([Self.milk])), off(6, 2, on: .products([Self.tea]))], stakes(Self.values))
    #expect(apart.belowCost.isEmpty)
    let best = [PromotionGroup(name: "best", policy: .bestForShopper)]
    var (first, second) = (off(6, 1), off(6, 2))
    (first.group, second.group) = ("best", "best")
    #expect(report([first, second], groups: best, stakes(Self.values)).0.belowCost.isEmpty)
  }

  @Test func `finds a receipt that takes the rest of a budget, and a smaller one does not`() throws {
    var half = off(50, 1)
    half.limits.budgetMoney = .roubles(1_000)
    let used = [half.id: SharedUsage(money: .roubles(700))]
    let (report, _) = report([half], stakes(usage: used))
    let found = try #require(report.exhausting.first)
    #expect(found.left == .money(.roubles(300)) && found.shelf == .roubles(600))
    let example = try #require(found.example)
    let answer = calculate(example.basket, member: nil, rules: shop.book([half]), usage: used)
    #expect(answer.promotions.first?.money == .roubles(300))
    var fewer = example.basket
    fewer.lines[0].quantity = .pieces(example.basket.lines[0].quantity.thousandths / 1_000 - 1)
    #expect(calculate(fewer, member: nil, rules: shop.book([half]), usage: used).promotions.first?.money ?? .zero < .roubles(300))
    half.limits.moneyPerReceipt = .roubles(100)
    #expect(self.report([half], stakes(usage: used)).0.exhausting.isEmpty, "a limit for each receipt keeps the budget for others")
    half.limits = PromotionLimits(budgetMoney: .roubles(100_000))
    #expect(self.report([half], stakes()).0.exhausting.isEmpty, "no receipt is thought to be that large")
    let spent = try #require(
      self.report([half], stakes(usage: [half.id: SharedUsage(money: .roubles(100_000))])).0.exhausting.first)
    #expect(spent.example == nil && spent.left == .money(.zero))
    var points = SmallShop.promotion(.earnPerUnit(Points(units: 500)))
    points.limits.budgetPoints = Points(units: 1_600)
    let earning = try #require(self.report([points], stakes()).0.exhausting.first)
    #expect(earning.left == .points(Points(units: 1_600)) && earning.example?.basket.lines[0].quantity == .pieces(4))
  }

  @Test func `finds a receipt that takes what a store has for the promotion`() throws {
    var half = off(50, 1)
    half.limits = PromotionLimits(budgetMoney: .roubles(1_000))
    half.limits.moneyPerStore = .roubles(300)
    let store = try #require(report([half], stakes()).0.exhausting.first)
    #expect(store.scope == .store && store.left == .money(.roubles(300)) && store.shelf == .roubles(600))
    let used = [half.id: SharedUsage(money: .roubles(800))]
    let chain = try #require(report([half], stakes(usage: used)).0.exhausting.first)
    #expect(chain.scope == .total && chain.left == .money(.roubles(200)), "the chain has less left than each store may have")
    half.limits.moneyPerStoreDay = .roubles(100)
    #expect(report([half], stakes(usage: used)).0.exhausting.first?.scope == .storeDay)
    half.limits.moneyPerMember = .roubles(50)
    #expect(report([half], stakes(usage: used)).0.exhausting.isEmpty, "one member cannot take it")
  }

  @Test func `finds promotions that share a payer's cap and can go beyond it`() throws {
    let cap = SharedCap(payer: .supplier, code: "dairy", contract: "7", left: .roubles(500))
    func paid(_ id: Int64, budget: Int64?, share: Int64) -> Promotion {
      var promotion = off(10, id)
      promotion.limits.budgetMoney = budget.map { .roubles($0) }
      promotion.limits.moneyPerReceipt = .roubles(50)
      promotion.funding = [
        Funding(payer: .supplier, code: "dairy", share: .percent(share), contract: "7"),
        Funding(payer: .retailer, share: .percent(100 - share)),
      ]
      return promotion
    }
    let within = report([paid(1, budget: 400, share: 50), paid(2, budget: 300, share: 100), off(5, 3)], stakes(caps: [cap])).0
    #expect(within.overdrawn.isEmpty, "200 and 300 are just the cap")
    let beyond = report([paid(1, budget: 402, share: 50), paid(2, budget: 300, share: 100), off(5, 3)], stakes(caps: [cap])).0
    let found = try #require(beyond.overdrawn.first)
    #expect(found.promotions == [0, 1] && found.most == .roubles(501) && found.single == nil && beyond.hasFindings)
    let endless = report([paid(1, budget: nil, share: 50)], stakes(caps: [cap])).0
    #expect(try #require(endless.overdrawn.first).most == nil)
    var large = paid(1, budget: nil, share: 50)
    large.limits.moneyPerReceipt = nil
    let single = try #require(report([large], stakes(caps: [cap])).0.overdrawn.first?.single)
    // A tenth of 10,000 is 1,000, of which the payer bears 500.
    #expect(single.shelf == .roubles(10_000))
  }
}
