import Conditions
import Kernel

// Price, line and receipt promotions, group by group.
extension Run {
  mutating func runStages() {
    var start = 0
    while start < candidates.count {
      let first = candidates[start].rule
      if first.stage >= .earning { return }
      if start == 0 || candidates[start - 1].rule.stage != first.stage { stageAmount = amount }
      var end = start
      while end < candidates.count, candidates[end].rule.group == first.group, candidates[end].rule.stage == first.stage {
        end += 1
      }
      runGroup(start..<end, scene.book.groups[first.group].policy)
      start = end
    }
  }

  private mutating func runGroup(_ places: Range<Int>, _ policy: PromotionGroup.Policy) {
    var ready: [Int] = []
    for place in places where mayApply(place) { ready.append(place) }
    switch policy {
    case .all: for place in ready { attempt(place) }
    case .first:
      var winner: Int?
      for place in ready {
        let rule = candidates[place].rule
        if let winner {
          fail(rule.position, .notFirst(after: winner))
        } else if attempt(place) {
          winner = rule.position
        }
      }
    case .bestForShopper, .bestForShop: best(ready, isForShopper: policy == .bestForShopper)
    }
  }

  private mutating func mayApply(_ place: Int) -> Bool {
    let rule = candidates[place].rule
    if let cause = exclusion(of: place) {
      fail(rule.position, cause)
      return false
    }
    guard let cause = obstacle(at: place) else { return true }
    fail(rule.position, cause)
    noteHint(rule, cause)
    return false
  }

  @discardableResult private mutating func attempt(_ place: Int) -> Bool {
    let rule = candidates[place].rule
    let effect = effect(of: rule, on: candidates[place].lines)
    guard effect.total > 0 else {
      let cause = effect.obstacle ?? .nothingToReduce
      fail(rule.position, cause)
      if let gifts = effect.unchosen { offer(gifts, rule) } else { noteHint(rule, cause) }
      return false
    }
    commit(effect, rule)
    return true
  }

  private mutating func best(_ places: [Int], isForShopper: Bool) {
    var winner: (place: Int, effect: Effect)?
    var losers: [Int] = []
    var unchosen: [(gifts: GiftHand, rule: CompiledRule)] = []
    for place in places {
      let effect = effect(of: candidates[place].rule, on: candidates[place].lines)
      guard effect.total > 0 else {
        fail(candidates[place].rule.position, effect.obstacle ?? .nothingToReduce)
        if let gifts = effect.unchosen { unchosen.append((gifts, candidates[place].rule)) }
        continue
      }
      guard let leader = winner else {
        winner = (place, effect)
        continue
      }
      // Equal effects: priority, then id, which is the order they come in.
      let isBetter = isForShopper ? effect.total > leader.effect.total : effect.total < leader.effect.total
      losers.append(isBetter ? leader.place : place)
      if isBetter { winner = (place, effect) }
    }
    guard let winner else {
      // What is chosen then would stand alone.
      for (gifts, rule) in unchosen { offer(gifts, rule) }
      return
    }
    let best = candidates[winner.place].rule
    for place in losers { fail(candidates[place].rule.position, .notBest(than: best.position)) }
    commit(winner.effect, best)
  }

  private mutating func commit(_ effect: Effect, _ rule: CompiledRule) {
    noteFree(effect, rule)
    if let gifts = effect.gifts { offer(gifts, rule) }
    for line in effect.cells.indices where effect.cells[line].delta != 0 {
      amount[line] -= effect.cells[line].delta
      isTouched[line] = true
    }
    let taken = take(rule, times: rule.benefit.isOfSets ? effect.times : 1)
    guard keepsRecord else { return }
    for line in effect.cells.indices where effect.cells[line].delta != 0 || effect.cells[line].notes.contains(.floor) {
      trace.append(
        TraceStep(
          kind: .reduction, line: line, promotion: rule.position, base: effect.cells[line].base, rate: effect.rate,
          amount: effect.cells[line].delta,
          notes: effect.cells[line].notes))
    }
    applied.append(
      AppliedPromotion(
        index: rule.position, id: rule.id, money: Money(minor: effect.total), times: effect.times, coupon: coupon(of: rule),
        stamps: -taken))
    if let cut = effect.cut { fail(rule.position, (effect.isShortOfStamps ? lacksStamps(rule) : nil) ?? .limit(cut)) }
  }

  /// The presented coupon that the promotion asked for.
  func coupon(of rule: CompiledRule) -> String? {
    guard !scene.basket.coupons.isEmpty else { return nil }
    for series in rule.couponSeries { if let coupon = presented(series), coupon.state == .valid { return coupon.code } }
    return nil
  }
}
