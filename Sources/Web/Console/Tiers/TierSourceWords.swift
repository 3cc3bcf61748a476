import Calculator
import Conditions
import Customers
import Kernel
import Loyalty

extension TierWords {
  /// Why a member has a tier: the rules, a promotion, a subscription, or what somebody wrote.
  func reason(_ grant: TierGrant) -> String {
    if grant.isByRules { return reader("по правилам", "by the rules") }
    switch TierSource(grant) {
    case .promotion(let code, _): return reader("по акции \(code)", "by the promotion \(code)")
    case .subscription(let plan): return reader("по подписке \(plan)", "by the subscription \(plan)")
    case nil: return grant.reason
    }
  }
}

/// Where promotions name a tier.
enum TierUse {
  case gives, asks

  /// How a promotion names the tier; nil where it does not.
  init?(_ promotion: Promotion, of tier: TierID) {
    if case .reward(.tier(let gift)) = promotion.benefit, gift.tier == tier {
      self = .gives
    } else if promotion.condition.flattened.contains(where: { if case .tiers(let ids) = $0 { ids.contains(tier) } else { false } })
    {
      self = .asks
    } else {
      return nil
    }
  }
}

extension TierListPage {
  /// Running promotions that give the tier or ask for it, a few of them by name.
  func uses(of tier: TierID) -> Markup {
    let all = view.promotions.compactMap { promotion in TierUse(promotion, of: tier).map { (promotion, $0) } }
    guard !all.isEmpty else { return "<span class=\"muted\">–</span>" }
    let some = all.prefix(4).map { promotion, use -> Markup in
      let says =
        switch use {
        case .gives: reader("дарит", "gives it")
        case .asks: reader("спрашивает", "asks for it")
        }
      return """
        <a href="/console/promotions/\(promotion.id)">\(reader(promotion.name))</a> <small class="muted">\(says)</small><br>
        """
    }
    let more = all.count - some.count
    let rest: Markup = more > 0 ? "<small class=\"muted\">\(reader("и ещё \(more)", "and \(more) more"))</small>" : ""
    return Markup(some) + rest
  }
}
