import Conditions
import Kernel

// What else the shopper could do: spend other points, pay another way.
extension Run {
  /// Nothing, the most, the chosen spend and every point where the slope changes, at most `Limits.tradeOff`; each one calculated,
  /// none interpolated. Empty where there is nothing to choose.
  mutating func tradeOff(_ plan: SpendingPlan, chosen: Settled, earned chosenEarned: Points) -> [TradeOffPoint] {
    guard plan.limits.most > .zero else { return [] }
    var points: [TradeOffPoint] = []
    points.reserveCapacity(Limits.tradeOff)
    for spend in sensibleSpends(plan, chosen.points) {
      if spend == chosen.points {
        points.append(TradeOffPoint(spend: spend, amount: Money(minor: chosen.total), earned: chosenEarned))
        continue
      }
      let settled = settle(plan, spending: spend)
      points.append(TradeOffPoint(spend: settled.points, amount: Money(minor: settled.total), earned: earnedPoints(settled)))
    }
    return points
  }

  /// What so much earns, as thresholds see it then.
  private mutating func earnedPoints(_ settled: Settled) -> Points {
    for line in stageAmount.indices { stageAmount[line] = settled.lines[line].amount }
    putStampsOn()
    return earning(on: earningBase(settled)).total
  }

  /// Ascending, each once.
  private func sensibleSpends(_ plan: SpendingPlan, _ chosen: Points) -> [Points] {
    let most = plan.limits.most
    let spending = scene.terms.spending
    let step = spending.step.units
    var spends: [Points] = []
    spends.reserveCapacity(Limits.tradeOff)
    func add(_ spend: Points) { if !spends.contains(spend) { spends.append(spend) } }
    for spend in [.zero, most, chosen] { add(spend) }
    if spending.least > .zero { add(spending.least) }
    if scene.terms.earning.whenPointsPay == .nothing { add(plan.granted(.points(Points(units: max(step, spending.least.units))))) }
    var kinks = plan.kinks().map { Points(units: ($0.units + step - 1) / step * step) } + earningSteps(plan)
    kinks.sort()
    for kink in kinks where spends.count < Limits.tradeOff && kink > spending.least && kink < most { add(kink) }
    spends.sort()
    return spends.filter { $0 <= most }
  }

  /// Spends behind which one full step of an "N points per step" promotion is lost, where there are few of them.
  private func earningSteps(_ plan: SpendingPlan) -> [Points] {
    var found: [Points] = []
    let total = amount.reduce(0, +)
    let terms = scene.terms
    for place in candidates.indices {
      guard case .earnPerStep(_, let step) = candidates[place].rule.benefit, obstacle(at: place) == nil else { continue }
      let most = terms.money(for: plan.limits.most).minor
      var level = total % step.minor
      while level <= most, found.count < Limits.tradeOff {
        found.append(terms.points(for: Money(minor: level), .down))
        level += step.minor
      }
    }
    let least = terms.spending.step.units
    return found.map { Points(units: $0.units / least * least) }
  }

  /// For every way of paying that a touched promotion asks about: what it would come to. Asked before the stages have run.
  func tenderPrices() -> [TenderPrice] {
    var kinds: Set<TenderKind> = []
    for candidate in candidates { kinds.formUnion(candidate.rule.condition.tenderKinds) }
    return TenderKind.allCases.filter(kinds.contains).map { kind in
      var other = copied()
      other.tenderKinds = [kind]
      for place in other.candidates.indices where other.candidates[place].rule.asksTender { other.reopen(place) }
      // Paid so, other promotions may meet their foes.
      other.excluded = [:]
      other.settleExclusions()
      other.runStages()
      let plan = SpendingPlan(other)
      let settled = other.settle(plan, spending: plan.granted(scene.basket.spend))
      return TenderPrice(kind: kind, amount: Money(minor: settled.total), earned: other.earnedPoints(settled))
    }
  }
}
