import Calculator
import Conditions
import Kernel
import Testing

/// Stamps that a basket puts on cards and takes off them.
@Suite struct StampTests {
  private static let milk = ProductFilter.products([ProductID(1)])

  /// Two milks at 100.00, a wine at 500.00 and cheese for 600.00; a card of five.
  private func shop(had: Int64 = 0, today: Int64 = 0, _ change: (inout StampCard) -> Void = { _ in }) -> SmallShop {
    var shop = SmallShop()
    var card = StampCard(code: "milk", name: LocalText(ru: "Молоко", en: "Milk"), stamps: 5)
    change(&card)
    shop.terms.stampCards = [card]
    shop.member?.usage[card.tally] = MemberUsage(uses: had, today: today)
    return shop
  }

  private func giving(_ per: StampGrant.Measure, _ stamps: Int64 = 1, id: Int64 = 9, on goods: ProductFilter = milk) -> Promotion {
    SmallShop.promotion(.reward(.stamps(StampGrant(card: "milk", stamps: stamps, per: per))), id: id, on: goods)
  }

  private func taking(_ benefit: Benefit, _ stamps: Int64 = 5, id: Int64 = 1, group: String = "") -> Promotion {
    var promotion = SmallShop.promotion(benefit, id: id, on: Self.milk, group: group)
    promotion.takes = StampTake(card: "milk", stamps: stamps)
    return promotion
  }

  private let free = Benefit.gift(units: 1, price: .zero)

  private func given(_ answer: Calculation) -> [Int64] {
    answer.stamps.flatMap { [$0.had, $0.given, $0.taken, $0.has, $0.lacks] }
  }

  @Test func `stamps come for a receipt, for each unit, for each full step of money`() {
    let cases: [(StampGrant.Measure, Int64, Int64)] = [
      (.receipt, 1, 1), (.receipt, 3, 3), (.unit, 1, 2), (.unit, 2, 4), (.step(.roubles(100)), 1, 2), (.step(.roubles(150)), 1, 1),
      (.step(.roubles(201)), 1, 0),
    ]
    for (per, stamps, expected) in cases {
      let answer = shop(had: 1).sell(giving(per, stamps))
      #expect(given(answer) == [1, expected, 0, 1 + expected, max(0, 4 - expected)], "\(per) × \(stamps)")
      #expect(answer.promotions.map(\.stamps) == (expected > 0 ? [expected] : []), "\(per) × \(stamps)")
      #expect(answer.reasons.map(\.cause) == (expected > 0 ? [] : [.roundedToNothing]))
    }
    var nobody = shop()
    nobody.member = nil
    #expect(nobody.sell(giving(.unit)).stamps.isEmpty)
  }

  @Test func `what costs nothing brings no stamp, and reductions count`() {
    let answer = shop(had: 5).sell(taking(free), giving(.unit))
    #expect(given(answer) == [5, 1, 5, 1, 4], "one of two milks is free")
    #expect(answer.amount == .roubles(1_200) && answer.promotions.map(\.stamps) == [-5, 1])
    let half = SmallShop.promotion(.percent(.percent(50), of: .reduced), id: 2, on: Self.milk)
    #expect(given(shop().sell(half, giving(.step(.roubles(100))))) == [0, 1, 0, 1, 4])
  }

  @Test func `a card cuts what is too much for a receipt, a day, or a card that is full`() {
    let cases: [(Int64, Int64, (inout StampCard) -> Void, Int64, Cause?)] = [
      (0, 0, { $0.mostPerReceipt = 1 }, 1, .limit(.receipt)), (0, 0, { $0.mostPerReceipt = 2 }, 2, nil),
      (4, 3, { $0.mostPerDay = 4 }, 1, .limit(.memberDay)), (4, 4, { $0.mostPerDay = 4 }, 0, .limit(.memberDay)),
      (4, 0, { $0.countsOn = false }, 1, .cardFull("milk")), (5, 0, { $0.countsOn = false }, 0, .cardFull("milk")),
      (4, 0, { $0.countsOn = true }, 2, nil),
    ]
    for (place, (had, today, change, expected, cause)) in cases.enumerated() {
      let answer = shop(had: had, today: today, change).sell(giving(.unit))
      #expect(
        answer.stamps.map(\.given) == [expected] && answer.reasons.map(\.cause) == (cause.map { [$0] } ?? []), "case \(place)")
    }
    let two = shop { $0.mostPerReceipt = 3 }.sell(giving(.unit), giving(.receipt, 2, id: 10))
    #expect(two.stamps.map(\.given) == [3] && two.promotions.map(\.stamps) == [2, 1])
  }

  @Test func `a reduction takes what was there before the receipt, each stamp once`() {
    #expect(given(shop(had: 4).sell(taking(free), giving(.unit))) == [4, 2, 0, 6, 0], "those of this receipt are for next time")
    let third = Benefit.freeUnits(buy: 0, free: 1, rate: .whole, lands: .free, perProduct: false)
    for (had, free) in [(Int64(4), Int64(0)), (5, 1), (9, 1), (10, 2), (50, 2)] {
      let answer = shop(had: had).sell(taking(third))
      #expect(answer.stamps.map(\.taken) == [free * 5] && answer.discount == .roubles(100 * free), "\(had) stamps")
    }
    let answer = shop(had: 9).sell(taking(free), taking(.amount(.roubles(50)), id: 2))
    #expect(answer.stamps.map(\.taken) == [5] && answer.promotions.map(\.id) == [PromotionID(1)])
    #expect(answer.reasons.map(\.cause) == [.stamps("milk", have: 4, bounds: Bounds(atLeast: 5))])
  }

  @Test func `of a group of the best only the winner takes its stamps`() {
    var shop = shop(had: 5)
    shop.groups = [PromotionGroup(name: "best", policy: .bestForShopper)]
    let cheap = SmallShop.promotion(.amount(.roubles(10)), id: 2, on: Self.milk, stage: .line, group: "best")
    let answer = shop.sell(taking(free, group: "best"), cheap)
    #expect(answer.promotions.map(\.id) == [PromotionID(1)] && answer.stamps.map(\.taken) == [5])
    let dear = SmallShop.promotion(.amount(.roubles(150)), id: 2, on: Self.milk, stage: .line, group: "best")
    let other = shop.sell(taking(free, group: "best"), dear)
    #expect(other.promotions.map(\.id) == [PromotionID(2)] && other.stamps.map(\.taken) == [0])
    var rival = cheap
    (rival.tags, rival.group) = (["rival"], "")
    var loser = taking(free)
    loser.excludes = ["rival"]
    #expect(shop.sell(loser, rival).stamps.map(\.taken) == [5], "what is worth more to the shopper stands")
  }

  @Test func `a full card brings points or a coupon with the very receipt that fills it`() {
    let coupon = Benefit.reward(.coupon(series: "NEXT", isPersonal: true))
    for (had, isFull) in [(Int64(2), false), (3, true), (4, true)] {
      let points = shop(had: had).sell(taking(.earnFixed(Points(units: 70))), giving(.unit))
      #expect(points.earned == Points(units: isFull ? 70 : 0) && points.stamps.map(\.taken) == [isFull ? 5 : 0], "\(had)")
      let brought = shop(had: had).sell(taking(coupon), giving(.unit))
      #expect(brought.rewards.count == (isFull ? 1 : 0) && brought.stamps.map(\.has) == [had + 2 - (isFull ? 5 : 0)], "\(had)")
    }
    let both = shop(had: 3).sell(taking(.earnFixed(Points(units: 70))), taking(coupon, id: 2), giving(.unit))
    #expect(both.earned == Points(units: 70) && both.rewards.isEmpty && both.stamps.map(\.has) == [0], "the same stamps once")
  }

  @Test func `a near miss says how many are missing behind this receipt`() {
    func missing(_ had: Int64) -> [Hint.Missing] { shop(had: had).sell(taking(free), giving(.unit)).hints.map(\.missing) }
    #expect(missing(0) == [], "two of five are not half")
    #expect(missing(1) == [.stamps(2, card: "milk")] && missing(2) == [.stamps(1, card: "milk")])
    #expect(missing(3) == [.stamps(0, card: "milk")] && missing(4) == [.stamps(0, card: "milk")] && missing(5) == [])
    let form = CalculationForm(rules: shop(had: 2).book([taking(free), giving(.unit)]))
    let said = form.json(shop(had: 2).sell(taking(free), giving(.unit)))["hints"]
    #expect(said?.compact.contains("1\u{a0}stamp more on the card “Milk” and “Offer” applies.") == true, "\(said?.compact ?? "")")
  }

  @Test func `whoever has too many is missing none, and a reward counts each stamp once`() {
    let asked = SmallShop.promotion(.amount(.roubles(10)), when: .stamps("milk", Bounds(atLeast: 1, atMost: 3)))
    #expect(shop(had: 4).sell(asked, giving(.unit)).hints.isEmpty)
    #expect(shop(had: 0).sell(asked, giving(.unit)).hints.map(\.missing) == [.stamps(0, card: "milk")])
    let coupon = taking(.reward(.coupon(series: "NEXT", isPersonal: true)))
    #expect(shop(had: 2).sell(coupon, giving(.unit)).hints.map(\.missing) == [.stamps(1, card: "milk")], "four of five")
  }

  @Test func `a condition looks at what was there before, and a member may have too many`() {
    for (had, holds) in [(Int64(1), false), (2, true), (3, true), (4, false)] {
      let asked = SmallShop.promotion(.amount(.roubles(10)), when: .stamps("milk", Bounds(atLeast: 2, atMost: 3)))
      #expect(shop(had: had).sell(asked, giving(.unit)).discount == .roubles(holds ? 10 : 0), "\(had)")
    }
  }

  @Test func `what is owed is made up for before anything is bought`() {
    for benefit in [Benefit.reward(.coupon(series: "NEXT", isPersonal: true)), .earnFixed(Points(units: 70))] {
      let answer = shop(had: -4).sell(taking(benefit), giving(.receipt, 5))
      #expect(answer.rewards.isEmpty && answer.earned == .zero && given(answer) == [-4, 5, 0, 1, 4], "\(benefit)")
      #expect(answer.reasons.map(\.cause) == [.stamps("milk", have: 1, bounds: Bounds(atLeast: 5))])
      #expect(given(shop(had: -4).sell(taking(benefit), giving(.receipt, 9))) == [-4, 9, 5, 0, 5], "\(benefit)")
    }
    let asked = SmallShop.promotion(.amount(.roubles(10)), when: .stamps("milk", Bounds(atLeast: 1)))
    #expect(shop(had: -4).sell(asked).reasons.map(\.cause) == [.stamps("milk", have: 0, bounds: Bounds(atLeast: 1))])
    let told = CalculationForm(rules: shop().book([giving(.receipt, 5)])).json(shop(had: -4).sell(giving(.receipt, 5)))
    #expect(told["stamps"]?.compact.contains(#""had":0,"given":5,"taken":0,"has":1,"lacks":4"#) == true, "\(told.compact)")
  }

  @Test func `in a group of the first whoever lacks stamps or brings none leaves the turn to the next`() {
    func first(had: Int64, _ change: (inout StampCard) -> Void = { _ in }) -> SmallShop {
      var shop = shop(had: had, change)
      shop.groups = [PromotionGroup(name: "first", policy: .first)]
      return shop
    }
    func stamp(_ grant: StampGrant.Measure, id: Int64, group: String = "first") -> Promotion {
      var promotion = giving(grant, id: id)
      promotion.group = group
      return promotion
    }
    let coupon = taking(.reward(.coupon(series: "NEXT", isPersonal: true)), group: "first")
    let short = first(had: 4).sell(coupon, stamp(.receipt, id: 9))
    #expect(given(short) == [4, 1, 0, 5, 0] && short.rewards.isEmpty, "the stamp that fills the card is the next receipt's")
    #expect(short.reasons.map(\.cause) == [.stamps("milk", have: 4, bounds: Bounds(atLeast: 5))])
    let full = first(had: 5).sell(coupon, stamp(.receipt, id: 9))
    #expect(given(full) == [5, 0, 5, 0, 5] && full.rewards.count == 1)
    #expect(full.reasons.map(\.cause) == [.notFirst(after: 0)])
    let beside = first(had: 4).sell(coupon, stamp(.receipt, id: 9), stamp(.receipt, id: 10, group: ""))
    #expect(given(beside) == [4, 1, 5, 0, 5] && beside.rewards.count == 1, "those of another group count")
    let points = taking(.earnFixed(Points(units: 70)), id: 2)
    let earned = first(had: 5).sell(coupon, points, stamp(.receipt, id: 9))
    #expect(given(earned) == [5, 1, 5, 1, 4] && earned.rewards.isEmpty && earned.earned == Points(units: 70))
    var other = giving(.receipt, id: 10)
    (other.group, other.benefit) = ("first", .reward(.freeDelivery))
    let cut = first(had: 5) { $0.countsOn = false }.sell(stamp(.receipt, id: 9), other)
    #expect(cut.rewards.map(\.reward) == [.freeDelivery] && cut.reasons.map(\.cause) == [.cardFull("milk")])
  }

  @Test func `among promotions that exclude each other stamps of the receipt count, and who lacks them stands before nobody`() {
    func rivals(_ benefit: Benefit, _ rival: Benefit) -> [Promotion] {
      var taker = taking(benefit)
      taker.excludes = ["rival"]
      var other = SmallShop.promotion(rival, id: 2, on: Self.milk)
      other.tags = ["rival"]
      return [taker, other]
    }
    func sell(had: Int64, _ rivals: [Promotion]) -> Calculation {
      let shop = shop(had: had)
      return calculate(
        shop.basket, member: shop.member, rules: shop.book(rivals + [giving(.receipt)]), usage: shop.usage, scope: shop.scope)
    }
    let points = rivals(.earnFixed(Points(units: 7_000)), .amount(.roubles(10)))
    let filled = sell(had: 4, points)
    #expect(filled.earned == Points(units: 7_000) && filled.discount == .zero, "the receipt itself fills the card")
    let short = sell(had: 3, points)
    #expect(short.earned == .zero && short.discount == .roubles(10))
    let gifts = rivals(.reward(.coupon(series: "NEXT", isPersonal: true)), .reward(.freeDelivery))
    #expect(sell(had: 3, gifts).rewards.map(\.reward) == [.freeDelivery])
    #expect(sell(had: 4, gifts).rewards.map(\.reward) == [.coupon(series: "NEXT", isPersonal: true)])
  }

  @Test func `rules name only cards that there are, and what gives stamps takes none`() throws {
    func issues(_ promotion: String) -> [String] {
      let text = """
        {"format":"regulars.rules/1","programme":{"stampCards":[{"code":"milk","name":{"ru":"М","en":"M"},"stamps":5}]},
        "promotions":[{"code":"a","name":{"ru":"а","en":"a"},\(promotion)}]}
        """
      var names: any Names = InternedNames()
      do {
        _ = try RulesFile(try JSON.parse(text), names: &names)
        return []
      } catch let problem as Problem { return problem.issues.map { "\($0.pointer) \($0.code)" } } catch { return ["\(error)"] }
    }
    #expect(issues(#""benefit":{"reward":{"stamps":1,"card":"milk"}}"#) == [])
    #expect(issues(#""benefit":{"reward":{"stamps":1,"card":"tea"}}"#) == ["/promotions/0/benefit/reward/card unknown_name"])
    #expect(
      issues(#""takes":{"stamps":5,"card":"tea"},"benefit":{"amount":"10"}"#) == ["/promotions/0/takes/card unknown_name"])
    #expect(
      issues(#""when":{"stamps":{"card":"tea","atLeast":1}},"benefit":{"amount":"10"}"#) == [
        "/promotions/0/when/stamps/card unknown_name"
      ])
    #expect(
      issues(#""takes":{"stamps":5,"card":"milk"},"benefit":{"reward":{"stamps":1,"card":"milk"}}"#) == [
        "/promotions/0/takes wrong_take"
      ])
    #expect(
      issues(#""benefit":{"reward":{"stamps":1,"card":"milk","perUnit":true,"perStep":"5"}}"#) == [
        "/promotions/0/benefit/reward/perUnit not_one_case"
      ])
  }
}
