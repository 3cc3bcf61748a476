import Conditions
import Kernel

/// A promotion that a member activates, as it stands for one member at one moment.
public struct OfferView: Hashable, Sendable {
  /// The promotion's place in the rule book's list.
  public let promotion: Int
  /// Nil: not activated, or over.
  public let activation: ActivatedOffer?
}

extension RuleBook {
  /// What a member may activate now, and what of it is activated: promotions in force whose questions about the member hold, whatever
  /// basket, store and hour they ask for besides.
  public func offers(to member: MemberSnapshot, at now: Instant) -> [OfferView] {
    guard !asks.offers.isEmpty else { return [] }
    // A basket of nothing: only questions that it cannot answer are put.
    let nowhere = Basket(store: StoreFacts(id: StoreID(0), zone: .utc), time: now, lines: [])
    let run = Run(Scene(basket: nowhere, member: member, book: self, usage: [:], scope: CalculationScope(offersChoices: false)))
    var views: [OfferView] = []
    for rule in rules where asks.offers[rule.id] != nil && run.isOffered(rule) {
      views.append(OfferView(promotion: rule.position, activation: member.activation(of: rule.id, at: now)))
    }
    return views
  }

  public func offer(_ code: String) -> Promotion? { promotions.first { $0.code == code && asks.offers[$0.id] != nil } }
}

extension Run {
  fileprivate func isOffered(_ rule: CompiledRule) -> Bool {
    switch lastingObstacle(rule) {
    case nil, .stamps, .limit(.memberDay): mayHold(rule.condition) != false
    default: false
    }
  }

  /// Whether it holds for the member, or that depends on the basket, the place or the hour (nil): Kleene's logic.
  private func mayHold(_ condition: Condition) -> Bool? {
    switch condition {
    case .all(let conditions):
      let answers = conditions.map { mayHold($0) }
      return answers.contains(false) ? false : answers.contains(nil) ? nil : true
    case .any(let conditions):
      let answers = conditions.map { mayHold($0) }
      return answers.contains(true) ? true : answers.contains(nil) ? nil : false
    case .none(let conditions): return mayHold(.any(conditions)).map { !$0 }
    case .identified, .memberKinds, .tiers, .segments, .memberAttribute, .firstPurchase, .counter, .consents:
      return cause(condition) == nil
    case .activated, .birthday, .accumulated, .stamps, .amount, .quantity, .weight, .products, .lines, .stores, .storeBrands,
      .priceZones, .regions, .cities, .channels, .weekdays, .hours, .days, .holidays, .tenders, .coupon, .certificate:
      return nil
    }
  }
}
