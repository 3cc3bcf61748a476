import Access
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
  /// How members come to a tier that has no threshold: what sells it, what gives it, or people alone.
  func origin(of tier: Known<TierDetails>) -> Markup {
    let plans = view.programme.settings.subscriptions.filter { $0.tier == tier.details.code }.map { plan -> Markup in
      let rest = plan.isOnSale ? "" : reader(", больше не продаётся", ", not sold any more")
      return """
        \(reader("по подписке", "by the subscription")) <a href="\(ConsoleDesk.subscriptionsPath)/\(plan.code)">\(reader(plan.name))</a>\(rest)<br>
        """
    }
    let isGift = view.promotions.contains { promotion in if case .gives? = TierUse(promotion, of: tier.id) { true } else { false } }
    let gift: Markup = isGift ? "\(reader("в подарок по акции", "as a promotion's gift"))" : .nothing
    if plans.isEmpty, !isGift { return "\(reader("даёт человек", "given by hand"))" }
    return Markup(plans) + gift
  }

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
