import Calculator
import Conditions
import Kernel

/// Other ways to calculate one receipt with the promotions that took part in it, until one comes to the other side's answer.
struct ShadowTrial {
  private let record: ShadowRecord
  private let book: RuleBook
  private let rules: RulesFile
  /// What we applied.
  private let own: [Promotion]
  private let side: ShadowSide
  private let terms: ProgrammeTerms

  /// More promotions than this are not tried in every order.
  static var mostInOrder: Int { 4 }

  init(_ record: ShadowRecord, _ ours: Calculation, _ book: RuleBook, _ rules: RulesFile, _ terms: ProgrammeTerms) {
    self.record = record
    self.terms = terms
    self.book = book
    self.rules = rules
    own = ours.promotions.map { book.promotions[$0.index] }
    side = ShadowSide(ours, book)
  }

  private func agrees(_ promotions: [Promotion]) -> Bool {
    let small = RuleBook(version: 1, terms: terms, groups: rules.groups, promotions: promotions)
    return ShadowSide(record.calculated(by: small), small).agrees(with: record.answer)
  }

  /// Without what the other side did not apply; with what it applied, whatever our conditions for it are.
  func otherPromotions() -> ShadowVerdict? {
    if let named = record.answer.promotions {
      let theirs = Set(named.map(\.code))
      let ours = Set(own.map(\.code))
      let dropped = own.filter { !theirs.contains($0.code) }.map(\.code)
      let added = rules.promotions.filter { theirs.contains($0.code) && !ours.contains($0.code) }.map(\.unconditional)
      if !dropped.isEmpty, agrees(own.filter { theirs.contains($0.code) }) { return ShadowVerdict(.rule, .onlyOurs(dropped)) }
      if !added.isEmpty, agrees(own.filter { theirs.contains($0.code) } + added) {
        return ShadowVerdict(.rule, .onlyTheirs(added.map(\.code)))
      }
      return dropped.isEmpty ? nil : ShadowVerdict(.rule, .onlyOurs(dropped), isProven: false)
    }
    for promotion in own where agrees(own.filter { $0.code != promotion.code }) {
      return ShadowVerdict(.rule, .onlyOurs([promotion.code]))
    }
    return nil
  }

  /// The same promotions in every order, with percents of the other base, or of the other stage.
  func otherOrder() -> ShadowVerdict? {
    let money = own.filter(\.benefit.isReduction)
    guard (2...Self.mostInOrder).contains(money.count) else { return nil }
    let earning = own.filter(\.benefit.isEarning)
    for basis in PriceBasis.allCases {
      let turned = money.map { $0.percent(of: basis) }
      if turned != money, agrees(turned + earning) { return ShadowVerdict(.order, .basis(basis)) }
    }
    let moved = money.map(\.inOtherStage)
    for order in permutations(money.indices.map { $0 }) {
      for candidates in [money, moved] {
        let ordered = order.enumerated().map { place, index in
          var promotion = candidates[index]
          promotion.priority = place
          return promotion
        }
        if agrees(ordered + earning) {
          return ShadowVerdict(.order, candidates == money ? .order(ordered.map(\.code)) : .stage)
        }
      }
    }
    return nil
  }

  /// One of the promotions at another rate.
  func otherRate() -> ShadowVerdict? {
    let form = AmountForm(book.terms)
    for (place, promotion) in own.enumerated() {
      for benefit in candidates(promotion) where benefit != promotion.benefit {
        var changed = own
        changed[place].benefit = benefit
        if agrees(changed) {
          return ShadowVerdict(
            .rule, .rate(promotion.code, ours: promotion.benefit.size(form), theirs: benefit.size(form)))
        }
      }
    }
    return nil
  }

  /// Sizes of the benefit by which it would come to what the other side gave.
  private func candidates(_ promotion: Promotion) -> [Benefit] {
    guard let ours = side.promotions?.first(where: { $0.code == promotion.code }) else { return [] }
    let named = record.answer.promotions?.first { $0.code == promotion.code }
    let money = (named?.money ?? ours.money + record.answer.discount - side.discount).minor
    let points = (named?.points ?? (ours.points ?? .zero) + record.answer.earned - side.earned).units
    let gave = (ours.points ?? .zero).units
    switch promotion.benefit {
    case .percent(let rate, let basis): return rates(rate, ours.money.minor, money).map { .percent($0, of: basis) }
    case .earnRate(let rate): return rates(rate, gave, points).map { .earnRate($0) }
    case .earnMultiplier(let rate): return rates(rate, gave, points).map { .earnMultiplier($0) }
    case .earnFixed: return points > 0 ? [.earnFixed(Points(units: points))] : []
    case .amount: return money > 0 ? [.amount(Money(minor: money))] : []
    case .amountPerUnit(let amount):
      guard ours.money.minor > 0, money > 0 else { return [] }
      return [.amountPerUnit(Money(minor: scaled(amount.minor, by: money, over: ours.money.minor, .halfUp)))]
    case .fixedPrice, .fixedTotal, .freeUnits, .gift, .giftChoice, .staircase, .bundle, .prices, .earnPerStep, .earnPerUnit,
      .reward:
      return []
    }
  }

  /// Rates near the one that would give `theirs` where this one gives `ours`: people choose round ones.
  private func rates(_ rate: Rate, _ ours: Int64, _ theirs: Int64) -> [Rate] {
    guard ours > 0, theirs > 0, theirs < Limits.amount / 1_000_000 else { return [] }
    let near = scaled(rate.ppm, by: theirs, over: ours, .halfUp)
    var found: [Rate] = []
    for step in [Int64(10_000), 5_000, 1_000] {
      for rounding in [Rounding.halfUp, .up, .down] {
        let candidate = Rate(ppm: scaled(near, by: 1, over: step, rounding) * step)
        if candidate != rate, candidate > .zero, candidate.ppm <= 1_000_000, !found.contains(candidate) { found.append(candidate) }
      }
    }
    return found
  }

  private func permutations(_ items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.flatMap { first in permutations(items.filter { $0 != first }).map { [first] + $0 } }
  }
}

extension Promotion {
  fileprivate var unconditional: Promotion {
    var free = self
    (free.condition, free.from, free.until, free.limits) = (.all([]), nil, nil, PromotionLimits())
    return free
  }

  fileprivate func percent(of basis: PriceBasis) -> Promotion {
    guard case .percent(let rate, _) = benefit else { return self }
    var turned = self
    turned.benefit = .percent(rate, of: basis)
    return turned
  }

  fileprivate var inOtherStage: Promotion {
    guard case .percent = benefit, stage == .line || stage == .receipt else { return self }
    var moved = self
    moved.stage = stage == .line ? .receipt : .line
    return moved
  }
}

extension Benefit {
  /// The number in it.
  fileprivate func size(_ form: AmountForm) -> String {
    switch self {
    case .percent(let rate, _), .earnRate(let rate), .earnMultiplier(let rate): rate.percentText + " %"
    case .amountPerUnit(let money), .amount(let money), .fixedPrice(let money), .fixedTotal(let money), .gift(_, let money):
      form.text(money)
    case .earnFixed(let points), .earnPerStep(let points, _), .earnPerUnit(let points): form.text(points)
    case .freeUnits(let buy, let free, _, _, _): "\(buy) + \(free)"
    case .staircase(let staircase): "\(staircase.steps.count) steps"
    case .giftChoice(let choice): "\(choice.picks) of \(choice.gifts.count) gifts"
    case .bundle(let bundle): "\(bundle.size) units"
    case .prices(let list): "\(list.count) prices"
    case .reward: "a reward"
    }
  }
}
