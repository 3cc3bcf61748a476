import Conditions
import Kernel

// Price, line and receipt promotions, group by group.
extension Run {
  mutating func runStages() {
    var start = 0
    while start < candidates.count {
      let first = book.rules[candidates[start]]
      if first.stage == .earning { return }
      if start == 0 || book.rules[candidates[start - 1]].stage != first.stage { stageAmount = amount }
      var end = start
      while end < candidates.count, book.rules[candidates[end]].group == first.group, book.rules[candidates[end]].stage == first.stage {
        end += 1
      }
      runGroup(Array(candidates[start..<end]), book.groups[first.group].policy)
      start = end
    }
  }

  private mutating func runGroup(_ positions: [Int], _ policy: PromotionGroup.Policy) {
    let ready = positions.filter { position in
      if let by = excluded[position] {
        fail(position, .excluded(by: by))
        return false
      }
      guard let cause = obstacle(position) else { return true }
      fail(position, cause)
      noteHint(position, cause)
      return false
    }
    switch policy {
    case .all: for position in ready { attempt(position) }
    case .first:
      var winner: Int?
      for position in ready {
        if let winner { fail(position, .notFirst(after: winner)) } else if attempt(position) { winner = position }
      }
    case .bestForShopper, .bestForShop: best(ready, isForShopper: policy == .bestForShopper)
    }
  }

  @discardableResult private mutating func attempt(_ position: Int) -> Bool {
    let effect = effect(of: position)
    guard effect.total > 0 else {
      let cause = effect.obstacle ?? .nothingToReduce
      fail(position, cause)
      noteHint(position, cause)
      return false
    }
    commit(effect, position)
    return true
  }

  private mutating func best(_ positions: [Int], isForShopper: Bool) {
    var winner: (position: Int, effect: Effect)?
    for position in positions {
      let effect = effect(of: position)
      guard effect.total > 0 else {
        fail(position, effect.obstacle ?? .nothingToReduce)
        continue
      }
      guard let leader = winner else {
        winner = (position, effect)
        continue
      }
      // Equal effects: priority, then id, which is the order they come in.
      let isBetter = isForShopper ? effect.total > leader.effect.total : effect.total < leader.effect.total
      if isBetter { winner = (position, effect) }
    }
    guard let winner else { return }
    for position in positions where position != winner.position && !failures.contains(where: { $0.promotion == position }) {
      fail(position, .notBest(than: winner.position))
    }
    commit(winner.effect, winner.position)
  }

  private mutating func commit(_ effect: Effect, _ position: Int) {
    for line in effect.delta.indices where effect.delta[line] != 0 {
      amount[line] -= effect.delta[line]
      isTouched[line] = true
    }
    guard keepsRecord else { return }
    for line in effect.delta.indices where effect.delta[line] != 0 || effect.notes[line].contains(.floor) {
      trace.append(
        TraceStep(
          kind: .reduction, line: line, promotion: position, base: effect.base[line], rate: effect.rate, amount: effect.delta[line],
          notes: effect.notes[line]))
    }
    let promotion = book.promotions[position]
    applied.append(
      AppliedPromotion(
        index: position, id: promotion.id, money: Money(minor: effect.total), times: effect.times, coupon: coupon(of: promotion)))
  }

  /// The presented coupon that the promotion asked for.
  func coupon(of promotion: Promotion) -> String? {
    basket.coupons.isEmpty ? nil : promotion.condition.couponSeries.lazy.compactMap { self.presented($0) }.first { $0.state == .valid }?.code
  }

  /// A near miss is worth a word to the shopper: one set of goods or up to half the threshold away.
  mutating func noteHint(_ position: Int, _ cause: Cause) {
    guard keepsRecord, hints.count < Limits.reasons else { return }
    let promotion = book.promotions[position]
    switch cause {
    case .amount(let have, let bounds):
      guard let least = bounds.atLeast, have.minor < least, have.minor * 2 >= least else { return }
      hints.append(Hint(promotion: position, missing: .amount(Money(minor: least - have.minor))))
    case .quantity(let have, let bounds):
      guard let least = bounds.atLeast, have < least, have > 0, have * 2 >= least else { return }
      hints.append(Hint(promotion: position, missing: .quantity(Quantity(thousandths: least - have))))
    case .noGoods:
      if case .gift(let units, let price) = promotion.benefit {
        hints.append(Hint(promotion: position, missing: .gift(units: units, price: price)))
      }
    default: return
    }
  }
}

extension Condition {
  /// Coupon series that the condition speaks of, outside of what must not hold.
  var couponSeries: [String] {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.flatMap(\.couponSeries)
    case .coupon(let series): [series]
    default: []
    }
  }
}
