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
  /// basket, store and hour they ask for besides. So it is with a pilot: those for whom it is may activate what it tries, wherever they are.
  /// - Parameter register: where both versions of a promotion could be the member's, it has the one that it sells by; nobody's has the
  ///   version of everybody.
  /// - Parameter zone: whose days the points of promotions end by.
  public func offers(
    to member: MemberSnapshot, at now: Instant, in register: Pilot.Register? = nil, zone: Zone = .utc
  ) -> [OfferView] {
    guard !asks.offers.isEmpty else { return [] }
    // A basket of nothing: only questions that it cannot answer are put.
    var nothing = Basket(store: StoreFacts(id: register?.store ?? StoreID(0), zone: zone), time: now, lines: [])
    nothing.till = register?.code
    let laid = LaidBasket(nothing, member: member, terms: terms)
    let run = Run(Scene(laid, member: member, book: self, usage: [:], scope: CalculationScope(offersChoices: false)))
    let offered = rules.filter { isOffer(at: $0.position) && run.isOffered($0) }
    return offered.compactMap { rule in
      let isOther = !rule.isInForce(nothing, member) && offered.contains { $0.id == rule.id && $0.position != rule.position }
      return isOther ? nil : OfferView(promotion: rule.position, activation: member.activation(of: rule.id, at: now))
    }
  }

  /// A promotion that members activate, by its code; of two versions that of everybody, where it is one.
  public func offer(_ code: String) -> Promotion? {
    let versions = promotions.indices.lazy.filter { isOffer(at: $0) }.map { promotions[$0] }.filter { $0.code == code }
    return versions.first { !$0.reach.isTrial } ?? versions.first
  }

  /// True where the version at this place is for whoever activated it.
  public func isOffer(at place: Int) -> Bool {
    asks.offers.contains(promotions[place].id) && promotions[place].condition.offerLife != nil
  }
}

extension Run {
  fileprivate func isOffered(_ rule: CompiledRule) -> Bool {
    guard untimely(rule) == nil, mayBeInForce(rule.promotion.reach) else { return false }
    switch usedUp(rule) {
    case nil, .stamps, .limit(.memberDay), .limit(.memberDayBudget): return mayHold(rule.condition) != false
    default: return false
    }
  }

  /// Whether some basket of the member is priced by this version.
  private func mayBeInForce(_ reach: Reach) -> Bool {
    guard let pilot = reach.pilot else { return true }
    let mayBeTried = pilot.isOpen(at: scene.basket.time) && pilot.isFor(scene.member)
    return reach.isTrial ? mayBeTried : pilot.listsPlaces || !mayBeTried
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
    case .identified, .memberKinds, .tiers, .privileges, .segments, .memberAttribute, .firstPurchase, .firstPurchaseOf, .counter,
      .consents:
      return cause(condition) == nil
    case .activated, .birthday, .household, .accumulated, .stamps, .amount, .quantity, .weight, .products, .lines, .stores,
      .storeBrands,
      .priceZones, .regions, .cities, .storeFormats, .channels, .weekdays, .hours, .days, .holidays, .tenders, .coupon,
      .certificate:
      return nil
    }
  }
}
