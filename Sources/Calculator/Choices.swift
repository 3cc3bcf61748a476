import Conditions
import Kernel

// What else the shopper could do: spend other points, pay another way.
extension Run {
  /// Nothing, the most, the chosen spend and every point where the slope changes, at most `Limits.tradeOff`; each one calculated,
  /// none interpolated. Empty where there is nothing to choose.
  mutating func tradeOff(_ plan: SpendingPlan, chosen: Settled, earned chosenEarned: Points) -> [TradeOffPoint] {
    let most = plan.limits.most
    guard most > .zero else { return [] }
    let step = terms.spending.step.units
    var spends: Set<Points> = [.zero, most, chosen.points]
    if terms.spending.least > .zero { spends.insert(terms.spending.least) }
    if terms.earning.whenPointsPay == .nothing { spends.insert(plan.granted(.points(Points(units: max(step, terms.spending.least.units))))) }
    let kinks = Set(plan.kinks().map { Points(units: ($0.units + step - 1) / step * step) }).union(earningSteps(plan))
    for kink in kinks.sorted() where spends.count < Limits.tradeOff && kink > terms.spending.least && kink < most { spends.insert(kink) }
    var points: [TradeOffPoint] = []
    for spend in spends.sorted() where spend <= most {
      if spend == chosen.points {
        points.append(TradeOffPoint(spend: spend, amount: Money(minor: chosen.total), earned: chosenEarned))
        continue
      }
      let settled = settle(plan, spending: spend)
      stageAmount = settled.lines.map(\.amount)
      let earned = earning(on: earningBase(settled))
      points.append(TradeOffPoint(spend: settled.points, amount: Money(minor: settled.total), earned: earned.total))
    }
    return points
  }

  /// Spends behind which one full step of an "N points per step" promotion is lost, where there are few of them.
  private func earningSteps(_ plan: SpendingPlan) -> [Points] {
    var found: [Points] = []
    let total = amount.reduce(0, +)
    for candidate in candidates {
      guard case .earnPerStep(_, let step) = candidate.rule.benefit, obstacle(candidate) == nil else { continue }
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

  /// For every way of paying that a touched promotion asks about: what it would come to.
  func tenderPrices() -> [TenderPrice] {
    let kinds = Set(candidates.flatMap { $0.rule.condition.tenderKinds })
    return TenderKind.allCases.filter(kinds.contains).map { kind in
      var other = self
      other.keepsRecord = false
      other.tenderKinds = [kind]
      for place in other.candidates.indices where other.candidates[place].rule.asksTender { other.candidates[place].verdict = nil }
      other.runStages()
      let plan = SpendingPlan(other)
      let settled = other.settle(plan, spending: plan.granted(basket.spend))
      other.stageAmount = settled.lines.map(\.amount)
      let earned = other.earning(on: other.earningBase(settled))
      return TenderPrice(kind: kind, amount: Money(minor: settled.total), earned: earned.total)
    }
  }
}
