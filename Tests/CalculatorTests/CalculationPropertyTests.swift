import Calculator
import Conditions
import Kernel
import TestKit
import Testing

/// What holds for every basket under every rule book. Each seed makes a rule book, a member and a basket; a failing one is named.
@Suite struct CalculationPropertyTests {
  static let seeds = Seeds.some(1_500)
  /// Shops whose receipts are rounded to a step and hold lines that take only some amounts: one in a thousand, and once a fault.
  static let roundedShops: [UInt64] = [5_247_819_515_313, 6_458_242_225_977, 3_041_983_391_274]

  private func shop(_ seed: UInt64) -> (shop: RandomShop, rules: RuleBook, member: MemberSnapshot?, basket: Basket) {
    var shop = RandomShop(seed: seed)
    let rules = shop.rules()
    let member = shop.chance(85) ? shop.member() : nil
    return (shop, rules, member, shop.basket())
  }

  @Test func `the random shops are rich enough to prove anything`() {
    var (reduced, split, spent, earned, excluded, floors, residues, several) = (0, 0, 0, 0, 0, 0, 0, 0)
    for seed in Self.seeds {
      let (_, rules, member, basket) = shop(seed)
      let answer = calculate(basket, member: member, rules: rules)
      if answer.discount > .zero { reduced += 1 }
      if answer.lines.contains(where: { $0.secondPart != nil }) { split += 1 }
      if answer.pointsSpent > .zero { spent += 1 }
      if answer.earned > .zero { earned += 1 }
      if answer.exclusion != nil { excluded += 1 }
      if answer.trace.contains(where: { $0.notes.contains(.floor) }) { floors += 1 }
      if answer.trace.contains(where: { $0.kind == .printing }) { residues += 1 }
      if answer.promotions.count >= 3 { several += 1 }
    }
    let tenth = Self.seeds.count / 10
    #expect(reduced > 6 * tenth && spent > 3 * tenth && earned > 2 * tenth && several > tenth)
    #expect(split > tenth / 4 && excluded > tenth / 2 && floors > tenth && residues > tenth / 2)
  }

  @Test func `parts sum to the whole`() {
    for seed in Self.seeds {
      let (_, rules, member, basket) = shop(seed)
      let answer = calculate(basket, member: member, rules: rules)
      #expect(sumFaults(answer) == [], "seed \(seed)")
    }
  }

  private func sumFaults(_ answer: Calculation) -> [String] {
    var faults: [String] = []
    func check(_ holds: Bool, _ what: String) { if !holds { faults.append(what) } }
    for (index, line) in answer.lines.enumerated() {
      check(line.shelf == line.tillReduced + line.discount + line.paidWithPoints + line.rounding + line.amount, "line \(line.id)")
      check(line.parts.reduce(.zero) { $0 + $1.amount } == line.amount, "amounts of the parts of \(line.id)")
      check(line.parts.reduce(.zero) { $0 + $1.quantity } == line.quantity, "quantities of the parts of \(line.id)")
      let steps = answer.trace.filter { $0.line == Int32(index) }
      func traced(_ kinds: TraceStep.Kind...) -> Int64 { steps.filter { kinds.contains($0.kind) }.reduce(0) { $0 + $1.amount } }
      check(traced(.reduction) == line.discount.minor, "traced discount of \(line.id)")
      check(traced(.points) == line.paidWithPoints.minor, "traced points of \(line.id)")
      check(traced(.receiptRounding, .printing) == line.rounding.minor, "traced rounding of \(line.id)")
      check(traced(.earning) == line.earned.units, "traced earning of \(line.id)")
      check((0...line.amount.minor).contains(traced(.tender)), "traced tenders of \(line.id)")
    }
    check(answer.lines.reduce(.zero) { $0 + $1.amount } == answer.amount, "amount")
    check(answer.lines.reduce(.zero) { $0 + $1.earned } == answer.earned, "earned")
    check(answer.lines.reduce(.zero) { $0 + $1.pointsSpent } == answer.pointsSpent, "points spent")
    check(answer.promotions.reduce(.zero) { $0 + $1.money } == answer.discount, "promotions' money")
    check(answer.promotions.reduce(.zero) { $0 + $1.points } == answer.earned, "promotions' points")
    if !answer.spentByPool.isEmpty { check(answer.spentByPool.reduce(.zero, +) == answer.pointsSpent, "pools") }
    if !answer.tenders.isEmpty { check(answer.tenders.reduce(.zero) { $0 + $1.amount } == answer.amount, "tenders") }
    return faults
  }

  @Test func `every amount can be printed under every register profile`() {
    for seed in Self.seeds {
      let (_, rules, member, base) = shop(seed)
      for split in RegisterProfile.Split.allCases {
        for tolerance in Int64(0)...1 {
          var basket = base
          basket.register.split = split
          basket.register.tolerance = tolerance
          let answer = calculate(basket, member: member, rules: rules)
          #expect(printFaults(answer, basket) == [], "seed \(seed), split \(split.rawValue), tolerance \(tolerance)")
        }
      }
    }
  }

  /// An independent reading of what a register prints: price × thousandths, half up.
  private func printFaults(_ answer: Calculation, _ basket: Basket) -> [String] {
    var faults: [String] = []
    var printed = 0
    for (line, asked) in zip(answer.lines, basket.lines) {
      printed += line.parts.count
      if line.parts.count > 1, basket.register.split == .never || asked.kind == .weighed || asked.mark != nil {
        faults.append("split \(line.id)")
      }
      let isTills = line.discount == .zero && line.paidWithPoints == .zero && line.rounding == .zero && line.tillReduced > .zero
      for part in line.parts where !isTills {
        let sum = (part.price.minor * part.quantity.thousandths + 500) / 1000
        if abs(sum - part.amount.minor) > basket.register.tolerance { faults.append("\(line.id): \(part)") }
        if part.price.minor < 0 || part.quantity.thousandths <= 0 { faults.append("\(line.id): \(part)") }
      }
    }
    if printed > max(basket.register.maxLines, basket.lines.count) { faults.append("\(printed) lines") }
    return faults
  }

  @Test func `no line goes below its floor and nothing forbidden is touched`() {
    for seed in Self.seeds {
      let (_, rules, member, basket) = shop(seed)
      let answer = calculate(basket, member: member, rules: rules)
      for (line, asked) in zip(answer.lines, basket.lines) {
        let start = line.shelf - line.tillReduced
        let least = max(asked.product.minPrice ?? .zero, basket.register.leastPrice).times(asked.quantity)
        #expect(line.amount >= min(start, least), "seed \(seed), \(line.id)")
        #expect(line.amount <= start, "seed \(seed), \(line.id) became dearer")
        #expect(line.amount + line.paidWithPoints <= start, "seed \(seed), \(line.id): points made it dearer")
        if line.amount < start {
          let unit = max(asked.product.minPrice ?? .zero, basket.register.leastPrice)
          #expect(line.parts.allSatisfy { $0.price >= unit }, "seed \(seed), \(line.id) is printed below its least price")
        }
        if asked.kind.isMoney || asked.isPriceLocked || asked.product.flags.contains(.discountForbidden) {
          #expect(line.amount == start && line.paidWithPoints == .zero, "seed \(seed), \(line.id)")
        }
        if asked.product.flags.contains(.pointsSpendForbidden) { #expect(line.paidWithPoints == .zero, "seed \(seed), \(line.id)") }
        if asked.kind.isMoney || asked.product.flags.contains(.earnForbidden) || !asked.settlement.isHandover {
          #expect(line.earned == .zero, "seed \(seed), \(line.id)")
        }
      }
    }
  }

  @Test func `a preview, a confirmation and a full explanation come to the same`() {
    for seed in Self.seeds.prefix(500) {
      let (_, rules, member, basket) = shop(seed)
      let preview = calculate(basket, member: member, rules: rules)
      #expect(preview == calculate(basket, member: member, rules: rules), "seed \(seed)")
      let bare = calculate(basket, member: member, rules: rules, scope: CalculationScope(offersChoices: false))
      #expect(preview.lines == bare.lines && preview.promotions == bare.promotions && preview.trace == bare.trace, "seed \(seed)")
      let full = calculate(basket, member: member, rules: rules, scope: CalculationScope(explainsAll: true))
      #expect(preview.lines == full.lines && preview.promotions == full.promotions, "seed \(seed)")
      var silent = calculate(basket, member: member, rules: rules, scope: CalculationScope(offersChoices: false, explains: false))
      #expect(silent.trace.isEmpty && silent.reasons.isEmpty && silent.hints.isEmpty && silent.promotions.isEmpty)
      #expect(silent.gifts.isEmpty && silent.choices.isEmpty)
      (silent.gifts, silent.choices) = (bare.gifts, bare.choices)
      (silent.trace, silent.reasons, silent.hints, silent.promotions) = (bare.trace, bare.reasons, bare.hints, bare.promotions)
      #expect(silent == bare, "seed \(seed): what is not explained comes to the same")
    }
  }

  @Test func `the order in which goods are scanned does not matter`() {
    for seed in Self.seeds.prefix(700) {
      var (shop, rules, member, basket) = shop(seed)
      let answer = calculate(basket, member: member, rules: rules)
      for _ in basket.lines.indices {
        let (a, b) = (Int(shop.int(0...Int64(basket.lines.count - 1))), Int(shop.int(0...Int64(basket.lines.count - 1))))
        basket.lines.swapAt(a, b)
      }
      let other = calculate(basket, member: member, rules: rules)
      #expect(answer.amount == other.amount && answer.earned == other.earned, "seed \(seed)")
      #expect(answer.promotions == other.promotions && answer.tradeOff == other.tradeOff, "seed \(seed)")
      #expect(told(answer) == told(other), "seed \(seed): every line is told the same, wherever it stands")
    }
  }

  /// Each line's amounts and its trace, whatever its place; equal goods on two lines are told apart by what they come to.
  private func told(_ answer: Calculation) -> [String] {
    answer.lines.enumerated().map { place, line in
      var line = line
      if let name = line.id.split(separator: ".").first { line.id = String(name) }
      let steps = answer.trace.filter { $0.line == Int32(place) }.map { step in
        var step = step
        step.line = 0
        return step
      }
      return "\(line) \(steps)"
    }.sorted()
  }

  @Test func `lines of equal goods that differ in one fact only are told the same in any order`() {
    for seed in Self.seeds.prefix(300) {
      var (shop, rules, member, basket) = shop(seed)
      basket.lines = basket.lines.prefix(3).flatMap { line in
        (0..<3).map { copy in
          var twin = line
          twin.id = line.id + ".\(copy)"
          switch copy {
          case 0: twin.isPriceLocked.toggle()
          case 1: twin.legalEntity = LegalEntityID(3)
          default: twin.settlement = shop.pick(Settlement.allCases)
          }
          return twin
        }
      }
      let answer = calculate(basket, member: member, rules: rules)
      basket.lines.reverse()
      #expect(told(answer) == told(calculate(basket, member: member, rules: rules)), "seed \(seed)")
    }
  }

  @Test func `every document keeps its least money where points pay`() {
    var held = 0
    for seed in Self.seeds {
      var (shop, _, _, basket) = shop(seed)
      var terms = shop.terms()
      terms.spending.share = .whole
      terms.spending.leastMoney = Money(minor: shop.pick([1, 100, 1_000]))
      terms.receiptRounding = nil
      let promotions = shop.chance(50) ? [] : shop.rules().promotions.filter { $0.group.isEmpty }
      let rules = RuleBook(version: 1, terms: terms, promotions: promotions)
      basket.spend = .most
      let member = MemberSnapshot(id: MemberID(1), pools: [PointsPool(amount: Points(units: 10_000_000))])
      let answer = calculate(basket, member: member, rules: rules)
      for entity in Set(basket.lines.map(\.legalEntity)) {
        let lines = basket.lines.indices.filter { basket.lines[$0].legalEntity == entity }
        guard lines.contains(where: { answer.lines[$0].paidWithPoints > .zero }) else { continue }
        let money = lines.reduce(Money.zero) { $0 + answer.lines[$1].amount }
        #expect(money >= terms.spending.leastMoney, "seed \(seed): \(money)")
        if money == terms.spending.leastMoney { held += 1 }
      }
    }
    #expect(held > 100, "the bound is met often enough to prove something")
  }

  @Test func `more points never raise the price`() {
    for seed in Self.seeds.prefix(600) + Self.roundedShops {
      let (_, rules, member, base) = shop(seed)
      guard let member else { continue }
      var basket = base
      basket.spend = .most
      let most = calculate(basket, member: member, rules: rules).spending.most
      var last: Money?
      let samples = 24
      for sample in 0...samples {
        basket.spend = .points(Points(units: most.units * Int64(sample) / Int64(samples)))
        let answer = calculate(basket, member: member, rules: rules, scope: CalculationScope(offersChoices: false))
        if let last { #expect(answer.amount <= last, "seed \(seed), \(basket.spend)") }
        last = answer.amount
      }
    }
  }

  @Test func `one point more never costs more, step by step`() {
    for seed in Self.seeds.suffix(400) + Self.roundedShops {
      var (shop, rules, member, basket) = shop(seed)
      guard member != nil else { continue }
      basket.spend = .most
      let most = calculate(basket, member: member, rules: rules).spending.most
      let step = rules.terms.spending.step.units
      let start = shop.int(0...max(0, most.units / step - 1))
      var last: Money?
      for count in start..<(start + 40) {
        basket.spend = .points(Points(units: count * step))
        let answer = calculate(basket, member: member, rules: rules, scope: CalculationScope(offersChoices: false))
        if let last { #expect(answer.amount <= last, "seed \(seed), \(basket.spend)") }
        last = answer.amount
      }
    }
  }

  @Test func `every point of the trade-off is what a calculation gives`() {
    for seed in Self.seeds.prefix(400) {
      let (_, rules, member, base) = shop(seed)
      let answer = calculate(base, member: member, rules: rules)
      #expect(answer.tradeOff.count <= Limits.tradeOff, "seed \(seed)")
      if answer.spending.most > .zero { #expect(answer.tradeOff.first?.spend == .zero, "seed \(seed)") }
      for point in answer.tradeOff {
        var basket = base
        basket.spend = .points(point.spend)
        let again = calculate(basket, member: member, rules: rules, scope: CalculationScope(offersChoices: false))
        #expect(again.amount == point.amount && again.earned == point.earned, "seed \(seed), \(point)")
      }
    }
  }

  @Test func `limits of a receipt hold`() {
    for seed in Self.seeds {
      let (_, rules, member, basket) = shop(seed)
      for applied in calculate(basket, member: member, rules: rules).promotions {
        let limits = rules.promotions[applied.index].limits
        if let most = limits.moneyPerReceipt { #expect(applied.money <= most, "seed \(seed)") }
        if let most = limits.pointsPerReceipt { #expect(applied.points <= most, "seed \(seed)") }
        if let most = limits.timesPerReceipt { #expect(applied.times <= most, "seed \(seed)") }
      }
    }
  }
}
