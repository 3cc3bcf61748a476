import Conditions
import Kernel

// Near misses: what is missing for a promotion that would then apply.
extension Run {
  /// A near miss is worth a word to the shopper: one set of goods or up to half the threshold away, or a card not shown yet. Goods
  /// that may not be advertised are not.
  mutating func noteHint(_ rule: CompiledRule, _ cause: Cause) {
    guard keepsRecord, hints.count < Limits.reasons, let missing = missing(rule, cause) else { return }
    let lines = missing == .favourites ? columns.lines(rule.target.offering(scene.terms.favourites)) : targetLines(rule)
    if !lines.isEmpty, !lines.contains(where: columns.mayBeAdvertised) { return }
    hints.append(Hint(promotion: rule.position, missing: missing))
  }

  private func missing(_ rule: CompiledRule, _ cause: Cause) -> Hint.Missing? {
    switch cause {
    case .amount(let have, let bounds):
      guard let least = bounds.atLeast, have.minor < least, have.minor * 2 >= least else { return nil }
      return .amount(Money(minor: least - have.minor))
    case .quantity(let have, let bounds):
      guard let least = bounds.atLeast, have < least, have > 0, have * 2 >= least else { return nil }
      return .quantity(Quantity(thousandths: least - have))
    case .accumulated(let measure, let have, let bounds):
      guard let least = bounds.atLeast, have < least, have * 2 >= least else { return nil }
      switch measure {
      case .amount: return .amount(Money(minor: least - have))
      case .quantity: return .quantity(Quantity(thousandths: least - have))
      case .receipts, .visits: return .visits(least - have)
      }
    case .stamps(let card, let have, let bounds):
      // How many are wanted; what is missing of them is known once the receipt is paid.
      guard let least = bounds.atLeast, have < least else { return nil }
      return .stamps(least, card: card)
    case .noGoods:
      guard case .gift(let units, let price) = rule.benefit else { return nil }
      return .gift(units: units, price: price)
    case .giftNotChosen(let left):
      guard case .giftChoice(let choice) = rule.benefit else { return nil }
      return .gift(units: left, price: choice.price)
    case .notActivated: return appliesOnceActivated(rule) ? .activation : nil
    case .noFavourites: return .favourites
    case .unidentified: return !scene.hasMember && appliesToAnyMember(rule) ? .identification : nil
    default: return nil
    }
  }

  /// True where the promotion would do something for whoever shows a card. Limits per member are taken for unused.
  private func appliesToAnyMember(_ rule: CompiledRule) -> Bool {
    guard holdsForAnyMember(rule.condition) == true else { return false }
    let lines = targetLines(rule)
    if rule.stage == .earning { return lines.contains { columns.canEarn($0) && stageAmount[$0] > 0 } }
    let effect = effect(of: rule, on: lines)
    return effect.total > 0 || effect.unchosen != nil
  }

  /// True where nothing but the activation is missing.
  private func appliesOnceActivated(_ rule: CompiledRule) -> Bool {
    guard holdsOnceActivated(rule.condition) else { return false }
    let lines = targetLines(rule)
    switch rule.stage {
    case .earning: return lines.contains { columns.canEarn($0) && stageAmount[$0] > 0 }
    case .reward: return !lines.isEmpty
    case .price, .line, .receipt:
      let effect = effect(of: rule, on: lines)
      return effect.total > 0 || effect.unchosen != nil
    }
  }

  private func holdsOnceActivated(_ condition: Condition) -> Bool {
    switch condition {
    case .all(let conditions): conditions.allSatisfy { holdsOnceActivated($0) }
    case .any(let conditions): conditions.contains { holdsOnceActivated($0) }
    case .none(let conditions): !conditions.contains { holdsOnceActivated($0) }
    case .activated: true
    default: cause(condition) == nil
    }
  }

  /// Whether the condition holds for every member, for none (false), or that depends on who it is (nil): Kleene's logic.
  private func holdsForAnyMember(_ condition: Condition) -> Bool? {
    switch condition {
    case .all(let conditions):
      let answers = conditions.map { holdsForAnyMember($0) }
      return answers.contains(false) ? false : answers.contains(nil) ? nil : true
    case .any(let conditions):
      let answers = conditions.map { holdsForAnyMember($0) }
      return answers.contains(true) ? true : answers.contains(nil) ? nil : false
    case .none(let conditions): return holdsForAnyMember(.any(conditions)).map { !$0 }
    case .identified: return true
    case .memberKinds, .tiers, .privileges, .segments, .memberAttribute, .firstPurchase, .firstPurchaseOf, .birthday, .household,
      .counter, .accumulated,
      .stamps, .consents, .activated:
      return nil
    case .amount, .quantity, .weight, .products, .lines, .stores, .storeBrands, .priceZones, .regions, .cities, .storeFormats,
      .channels,
      .weekdays,
      .hours, .days, .holidays, .tenders, .coupon, .certificate:
      return cause(condition) == nil
    }
  }
}
