import Calculator
import Conditions
import Kernel
import TestKit
import Testing

/// Gifts of a list, as the shopper chooses.
@Suite struct GiftChoiceTests {
  private static let (mug, scarf, tea) = (ProductID(11), ProductID(12), ProductID(13))

  private static func gift(_ name: String, _ goods: ProductFilter, units: Int64 = 1) -> GiftChoice.Gift {
    GiftChoice.Gift(LocalText(ru: name, en: name), goods, units: units, codes: [name])
  }

  /// A mug, a scarf, or two packets of tea.
  private static let gifts = [
    gift("mug", .products([mug])), gift("scarf", .products([scarf])), gift("tea", .products([tea]), units: 2),
  ]

  private static func offer(
    picks: Int64 = 1, price: Money = .zero, repeats: Bool = false, when condition: Condition = .all([]),
    limits: PromotionLimits = PromotionLimits(), group: String = ""
  ) -> Promotion {
    SmallShop.promotion(
      .giftChoice(GiftChoice(gifts, picks: picks, price: price, repeats: repeats)), when: condition, limits: limits, group: group)
  }

  /// The small shop with lines of these goods beside: a mug at 250.00, a scarf at 900.00, tea at 120.00 a packet.
  private func shop(_ goods: (ProductID, Int64)..., choosing: ProductID...) -> SmallShop {
    let prices = [Self.mug: Int64(25_000), Self.scarf: 90_000, Self.tea: 12_000]
    var shop = SmallShop()
    for (product, pieces) in goods {
      shop.basket.lines.append(
        BasketLine(
          id: "g\(product.raw)", product: ProductFacts(id: product, categories: [CategoryID(9)]), quantity: .pieces(pieces),
          price: Money(minor: prices[product] ?? 0)))
    }
    shop.basket.choices = choosing.map { GiftWish(promotion: "p1", code: "\($0.raw)", product: $0) }
    return shop
  }

  private func amount(_ answer: Calculation, _ product: ProductID) -> Int64? {
    answer.lines.first { $0.id == "g\(product.raw)" }?.amount.minor
  }

  @Test func `a gift that is not chosen yet is told with its list, and nothing is refused`() throws {
    let answer = shop().sell(Self.offer(picks: 2))
    #expect(answer.discount == .zero && answer.promotions.isEmpty)
    #expect(answer.reasons == [Reason(promotion: 0, cause: .giftNotChosen(left: 2))])
    #expect(answer.hints == [Hint(promotion: 0, missing: .gift(units: 2, price: .zero))])
    let offer = try #require(answer.gifts.first)
    #expect(answer.gifts.count == 1 && offer.left == 2)
    #expect(offer.taken.allSatisfy { $0.isOpen && $0.picks == 0 && $0.units == 0 && $0.missing == 0 })
  }

  @Test func `the good that is put into the basket becomes the gift`() throws {
    let answer = shop((Self.mug, 2)).sell(Self.offer())
    #expect(amount(answer, Self.mug) == 25_000, "one of two")
    #expect(answer.promotions.map(\.money) == [.roubles(250)] && answer.reasons.isEmpty && answer.hints.isEmpty)
    let offer = try #require(answer.gifts.first)
    #expect(offer.left == 0 && offer.taken.map(\.units) == [1, 0, 0] && !offer.taken.contains(where: \.isOpen))
    #expect(offer.taken[0].pieces == [GiftOffer.Piece(line: "g11", units: 1)])
    #expect(Sums.violations(of: answer, shop((Self.mug, 2)).basket) == [])
  }

  @Test func `a gift of pieces whose price is no whole kopeck costs its price to the kopeck`() {
    var shop = shop((Self.tea, 3))
    // 360.00 less 260.00: three packets for 100.00, 33.33 and a third each.
    shop.basket.lines[3].tillReductions = [TillReduction(kind: "markdown", amount: .roubles(260))]
    func sell(_ units: Int64, _ price: Money) -> Int64? {
      let choice = GiftChoice([Self.gift("tea", .products([Self.tea]), units: units)], price: price)
      return amount(shop.sell(SmallShop.promotion(.giftChoice(choice))), Self.tea)
    }
    #expect(sell(3, .zero) == 0 && sell(3, .roubles(1)) == 300)
    #expect(sell(1, .zero) == 6_667 && sell(2, .zero) == 3_334)
  }

  @Test func `without a word of the shopper the cheapest whole gift is theirs, with a word the one they chose`() {
    let goods = [(Self.mug, Int64(1)), (Self.scarf, 1)]
    #expect(amount(shop(goods[0], goods[1]).sell(Self.offer()), Self.mug) == 0)
    let chosen = shop(goods[0], goods[1], choosing: Self.scarf).sell(Self.offer())
    #expect(amount(chosen, Self.mug) == 25_000 && amount(chosen, Self.scarf) == 0)
    #expect(chosen.choices.map(\.state) == [.given])
    // One packet of tea is cheaper than the mug, and half a gift.
    let half = shop((Self.mug, 1), (Self.tea, 1)).sell(Self.offer())
    #expect(amount(half, Self.mug) == 0 && amount(half, Self.tea) == 12_000)
    let alone = shop((Self.tea, 1)).sell(Self.offer())
    #expect(amount(alone, Self.tea) == 0 && alone.gifts.first?.taken[2].missing == 1)
  }

  @Test func `the promotion's own goods bring the gift, and need not be one`() {
    func sell(on goods: ProductFilter, isAdded: Bool = true) -> Calculation {
      var shop = shop((Self.mug, 1))
      shop.basket.lines[3].tillReductions = [TillReduction(kind: "markdown", amount: .roubles(50))]
      var promotion = SmallShop.promotion(.giftChoice(GiftChoice(Self.gifts)), on: goods)
      promotion.addsToTillReductions = isAdded
      return shop.sell(promotion)
    }
    #expect(amount(sell(on: .products([ProductID(1)])), Self.mug) == 0, "milk")
    #expect(amount(sell(on: .products([ProductID(1)]), isAdded: false), Self.mug) == 20_000, "the till reduced it")
    let none = sell(on: .products([ProductID(77)]))
    #expect(none.gifts.isEmpty && amount(none, Self.mug) == 20_000)
  }

  @Test func `what was chosen keeps its place while it is fetched`() {
    let answer = shop((Self.mug, 1), choosing: Self.scarf).sell(Self.offer())
    #expect(amount(answer, Self.mug) == 25_000 && answer.choices.map(\.state) == [.notInBasket])
    #expect(answer.gifts.first?.left == 0 && answer.gifts.first?.taken[1].missing == 1)
    #expect(answer.reasons.map(\.cause) == [.giftNotChosen(left: 0)] && answer.hints.isEmpty)
  }

  @Test func `each word that a till tells is answered`() {
    func states(_ shop: SmallShop, _ promotion: Promotion) -> [AnsweredWish.State] { shop.sell(promotion).choices.map(\.state) }
    #expect(states(shop((Self.mug, 1), (Self.scarf, 1), choosing: Self.mug, Self.scarf), Self.offer()) == [.given, .tooMany])
    #expect(states(shop((Self.mug, 2), choosing: Self.mug, Self.mug), Self.offer(picks: 2)) == [.given, .tooMany])
    #expect(states(shop((Self.mug, 2), choosing: Self.mug, Self.mug), Self.offer(picks: 2, repeats: true)) == [.given, .given])
    #expect(states(shop((Self.mug, 1), choosing: ProductID(1)), Self.offer()) == [.notAGift], "milk")
    #expect(states(shop(choosing: ProductID(99)), Self.offer()) == [.notInBasket])
    #expect(states(shop((Self.mug, 1), choosing: Self.mug), Self.offer(when: .firstPurchase)) == [.notOffered])
    var unknown = shop((Self.mug, 1))
    unknown.basket.choices = [
      GiftWish(promotion: "p1", code: "nobody", product: nil), GiftWish(promotion: "other", code: "11", product: Self.mug),
    ]
    let answer = unknown.sell(Self.offer())
    #expect(answer.choices.map(\.state) == [.notAGift, .notOffered] && amount(answer, Self.mug) == 0)
  }

  @Test func `a symbolic price, a register that prints no nought, and a price that cannot come down`() {
    #expect(amount(shop((Self.mug, 2)).sell(Self.offer(picks: 2, price: .roubles(1), repeats: true)), Self.mug) == 200)
    var register = shop((Self.mug, 1))
    register.basket.register.leastPrice = .roubles(1)
    let floored = register.sell(Self.offer())
    #expect(amount(floored, Self.mug) == 100 && floored.trace.contains { $0.notes.contains(.floor) })
    var locked = shop((Self.mug, 1), choosing: Self.mug)
    locked.basket.lines[3].isPriceLocked = true
    let answer = locked.sell(Self.offer())
    #expect(amount(answer, Self.mug) == 25_000 && answer.choices.map(\.state) == [.notAGift])
  }

  @Test func `limits end the offer, and a budget cuts the gift`() {
    var used = shop((Self.mug, 1))
    var limits = PromotionLimits()
    limits[.total] = LimitSizes(uses: 5)
    used.usage = [PromotionID(1): SharedUsage(uses: 5)]
    let over = used.sell(Self.offer(limits: limits))
    #expect(over.gifts.isEmpty && over.reasons.map(\.cause) == [.limit(.total)] && amount(over, Self.mug) == 25_000)
    limits[.total] = LimitSizes(money: .roubles(300))
    used.usage = [PromotionID(1): SharedUsage(uses: 1, money: .roubles(200))]
    let cut = used.sell(Self.offer(limits: limits))
    #expect(amount(cut, Self.mug) == 15_000 && cut.reasons.map(\.cause) == [.limit(.budget)])
    #expect(cut.trace.contains { $0.notes.contains(.capped) })
  }

  @Test func `among promotions of which one applies a gift is offered where no other stands`() {
    for policy in [PromotionGroup.Policy.first, .bestForShopper] {
      var shop = shop()
      shop.groups = [PromotionGroup(name: "one", policy: policy)]
      let tenth = SmallShop.promotion(.percent(.percent(10), of: .reduced), id: 2, stage: .line, group: "one")
      let alone = shop.sell(Self.offer(group: "one"))
      #expect(alone.gifts.count == 1 && alone.hints.count == 1, "\(policy)")
      let both = shop.sell(Self.offer(group: "one"), tenth)
      #expect(both.promotions.map(\.index) == [1], "\(policy)")
      #expect(both.gifts.isEmpty == (policy == .bestForShopper), "the first of two stands before the other: \(policy)")
    }
  }

  @Test func `whoever has shown no card is told that it brings a gift`() {
    var shop = shop()
    shop.member = nil
    let answer = shop.sell(Self.offer(when: .identified))
    #expect(answer.gifts.isEmpty && answer.hints.map(\.missing) == [.identification])
  }

  @Test func `the till is told in a sentence what to do about the gifts`() {
    func said(_ shop: SmallShop, picks: Int64 = 1, price: Money = .zero) -> String? {
      let rules = shop.book([Self.offer(picks: picks, price: price)])
      let answer = CalculationForm(rules: rules).json(calculate(shop.basket, member: shop.member, rules: rules))
      return answer["gifts"]?.items.first?["sentence"]?.text("ru").map { $0.replacing("\u{a0}", with: " ") }
    }
    #expect(said(shop()) == "Предложите подарок на выбор: mug; scarf; tea, 2 шт. – «Акция».")
    #expect(said(shop(), picks: 2, price: .roubles(1)) == "Предложите на выбор (2) по 1 ₽: mug; scarf; tea, 2 шт. – «Акция».")
    #expect(said(shop((Self.mug, 1)), picks: 2) == "Предложите подарок на выбор: scarf; tea, 2 шт. – «Акция».")
    #expect(said(shop(choosing: Self.scarf)) == "Положите в чек выбранный подарок: scarf.")
    #expect(said(shop((Self.mug, 1))) == "Подарок выбран: mug.")
  }

  /// Against a reading of its own, over random baskets: how much each gift takes and what its goods cost then.
  @Test func `in any basket no more is given than was promised, and what is given costs its price`() {
    var given = 0
    for seed in Seeds.some(600) {
      var random = RandomShop(seed: seed)
      let (picks, price) = (random.int(1...3), Money(minor: random.pick([0, 1, 100])))
      let list = (1...Int(random.int(1...4))).map { Self.gift("g\($0)", random.filter(), units: random.int(1...3)) }
      let choice = GiftChoice(list, picks: picks, price: price, repeats: random.chance(50))
      var basket = random.basket()
      basket.spend = .nothing
      for _ in 0..<random.int(0...2) {
        basket.choices.append(GiftWish(promotion: "p1", code: "x", product: ProductID(random.int(1...12))))
      }
      let rules = RuleBook(version: 1, terms: ProgrammeTerms(), promotions: [SmallShop.promotion(.giftChoice(choice))])
      let answer = calculate(basket, member: nil, rules: rules)
      #expect(Sums.violations(of: answer, basket) == [], "seed \(seed)")
      guard let offer = answer.gifts.first else { continue }
      #expect(faults(offer, answer, basket) == [], "seed \(seed)")
      if offer.taken.contains(where: { $0.units > 0 }) { given += 1 }
      basket.lines.reverse()
      let other = calculate(basket, member: nil, rules: rules)
      #expect(other.amount == answer.amount && other.gifts.first?.left == offer.left, "seed \(seed): another order of scanning")
    }
    #expect(given > 200, "\(given)")
  }

  private func faults(_ offer: GiftOffer, _ answer: Calculation, _ basket: Basket) -> [String] {
    var faults: [String] = []
    let choice = offer.choice
    let most = choice.repeats ? choice.picks : 1
    if offer.taken.reduce(0, { $0 + $1.picks }) + offer.left != choice.picks { faults.append("picks do not sum up") }
    var pieces: [String: Int64] = [:]
    for (gift, taken) in zip(choice.gifts, offer.taken) {
      if taken.picks > most { faults.append("chosen too often") }
      if taken.units + taken.missing != gift.units * taken.picks { faults.append("pieces do not sum up") }
      for piece in taken.pieces {
        pieces[piece.line, default: 0] += piece.units
        let line = basket.lines.first { $0.id == piece.line }
        if line.map({ gift.goods.holds(for: $0.product, price: $0.price) }) != true { faults.append("\(piece.line) is no gift") }
      }
    }
    for (line, asked) in zip(answer.lines, basket.lines) {
      let count = pieces[line.id] ?? 0
      if count * 1000 > asked.quantity.thousandths { faults.append("\(line.id): more than there is") }
      if count == 0, line.discount != .zero { faults.append("\(line.id) is reduced and no gift") }
      let least = max(choice.price, max(asked.product.minPrice ?? .zero, basket.register.leastPrice)).minor * count
      let whole = count * 1000 == asked.quantity.thousandths
      if count > 0, whole, line.shelf - line.tillReduced - line.discount != Money(minor: least) {
        faults.append("\(line.id) costs \(line.amount), not \(least)")
      }
    }
    return faults
  }
}
