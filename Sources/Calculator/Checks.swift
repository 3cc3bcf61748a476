import Conditions
import Kernel

// Whether a promotion may apply, and if not, why.
extension Run {
  /// The first cause that keeps the promotion from applying; nil where nothing does.
  func obstacle(_ rule: CompiledRule) -> Cause? { lastingObstacle(rule) ?? cause(rule.condition) }

  /// What stands against the promotion whatever its condition says; it cannot change while the basket is priced.
  func lastingObstacle(_ rule: CompiledRule) -> Cause? {
    if let cause = untimely(rule) { return cause }
    if rule.isPiloted, !rule.isInForce(scene.basket, scene.member) { return .pilotElsewhere }
    return usedUp(rule)
  }

  /// What the hour says against it.
  func untimely(_ rule: CompiledRule) -> Cause? {
    if let from = rule.promotion.from, scene.basket.time < from { return .notStarted }
    if let until = rule.promotion.until, scene.basket.time >= until { return .ended }
    if let course = rule.course, course.isOver(on: scene.now.day) { return .ended }
    return nil
  }

  /// What stands against it of the buyer's: that it is withheld from them, or that they have used it up.
  func usedUp(_ rule: CompiledRule) -> Cause? {
    if !rule.promotion.isPublic, let cause = withheld(rule.promotion) { return cause }
    if !rule.lasting.isEmpty, let cause = spentLimit(rule) { return cause }
    if let take = rule.takes, rule.stage < .earning {
      guard scene.hasMember else { return .unidentified }
      let have = scene.stamps(on: take.card)
      if have < take.stamps { return .stamps(take.card, have: max(0, have), bounds: Bounds(atLeast: take.stamps)) }
    }
    return nil
  }

  private func withheld(_ promotion: Promotion) -> Cause? {
    guard let member = scene.member else { return nil }
    if scene.isInControl { return .controlGroup }
    if let control = promotion.control, control.contains(member.id, at: scene.basket.time) { return .controlGroup }
    if scene.terms.kindsWithoutOffers.contains(member.kind) { return .otherMemberKind }
    return nil
  }

  private func spentLimit(_ rule: CompiledRule) -> Cause? {
    if rule.limits.countsMember, !scene.hasMember { return .unidentified }
    for (scope, most) in rule.lasting {
      let used = used(rule.id, scope)
      if let uses = most.uses, used.uses >= uses { return .limit(scope.kind) }
      if let money = most.money, used.money >= money { return .limit(scope.budget) }
      if let points = most.points, used.points >= points { return .limit(scope.budget) }
    }
    return nil
  }

  func used(_ promotion: PromotionID, _ scope: LimitScope) -> Used {
    switch scope {
    case .member: scene.member?.usage[promotion]?.all ?? .nothing
    case .memberDay: scene.member?.usage[promotion]?.day ?? .nothing
    case .storeDay: scene.usage[promotion]?.storeDay ?? .nothing
    case .store: scene.usage[promotion]?.store ?? .nothing
    case .day: scene.usage[promotion]?.day ?? .nothing
    case .total: scene.usage[promotion]?.all ?? .nothing
    }
  }

  /// What the receipt's limit and those that outlive it leave of money or points, in their smallest units, and which of them decides.
  func allowance(
    _ rule: CompiledRule, receipt: Int64?, _ size: (LimitSizes) -> Int64?, _ gone: (Used) -> Int64
  ) -> (most: Int64, limit: LimitKind) {
    var least = (most: receipt ?? .max, limit: LimitKind.receipt)
    for (scope, most) in rule.lasting {
      guard let size = size(most) else { continue }
      let left = max(0, size - gone(used(rule.id, scope)))
      if left < least.most { least = (left, scope.budget) }
    }
    return least
  }

  /// Nil where the condition holds.
  func cause(_ condition: Condition) -> Cause? {
    switch condition {
    case .all(let conditions):
      for condition in conditions { if let cause = cause(condition) { return cause } }
      return nil
    case .any(let conditions):
      var first: Cause?
      for condition in conditions {
        guard let cause = cause(condition) else { return nil }
        if first == nil { first = cause }
      }
      return first
    case .none(let conditions): return conditions.contains { cause($0) == nil } ? .excludedCircumstance : nil
    case .amount, .quantity, .weight, .products, .lines: return basketCause(condition)
    case .stores, .storeBrands, .priceZones, .regions, .cities, .storeFormats, .channels: return placeCause(condition)
    case .weekdays, .hours, .days, .holidays, .tenders, .coupon, .certificate: return circumstanceCause(condition)
    case .identified, .memberKinds, .tiers, .privileges, .segments, .memberAttribute, .firstPurchase, .firstPurchaseOf, .birthday,
      .household, .counter,
      .accumulated, .stamps, .consents, .activated:
      return scene.hasMember ? memberCause(condition) : .unidentified
    }
  }

  private func basketCause(_ condition: Condition) -> Cause? {
    switch condition {
    case .amount(let filter, let basis, let bounds):
      let have = sum(filter) { basis == .regular ? columns.shelf($0) : stageAmount[$0] }
      return told(.amount(have: Money(minor: have), bounds: bounds), have, bounds, filter)
    case .quantity(let filter, let bounds):
      let have = sum(filter) { columns.quantity($0) }
      return told(.quantity(have: have, bounds: bounds), have, bounds, filter)
    case .weight(let filter, let bounds):
      let have = sum(filter) { columns.pieces($0) == 0 ? columns.quantity($0) : 0 }
      return told(.quantity(have: have, bounds: bounds), have, bounds, filter)
    case .products(let filter, let bounds):
      var seen: Set<Int64> = []
      for line in columns.lines(filter) where columns.counts(line) { seen.insert(columns.product(line)) }
      return told(.productCount(have: Int64(seen.count), bounds: bounds), Int64(seen.count), bounds, filter)
    case .lines(let filter, let bounds):
      var have: Int64 = 0
      for line in columns.lines(filter) where columns.counts(line) { have += 1 }
      return told(.productCount(have: have, bounds: bounds), have, bounds, filter)
    default: return nil
    }
  }

  /// Nil within the bounds. Below them it is told first where none of the goods is there for want of a choice.
  private func told(_ cause: Cause, _ have: Int64, _ bounds: Bounds, _ goods: ProductFilter) -> Cause? {
    if bounds.contains(have) { return nil }
    guard let least = bounds.atLeast, have < least else { return cause }
    return favouritesMissing(in: goods) ?? cause
  }

  private func sum(_ filter: ProductFilter, _ value: (Int) -> Int64) -> Int64 {
    var total: Int64 = 0
    for line in 0..<columns.count where columns.counts(line) && columns.matches(filter, line) { total += value(line) }
    return total
  }

  private func placeCause(_ condition: Condition) -> Cause? {
    let store = scene.basket.store
    switch condition {
    case .stores(let ids): return ids.contains(store.id) ? nil : .otherStore
    case .storeBrands(let ids): return store.brand.map(ids.contains) ?? false ? nil : .otherStore
    case .priceZones(let ids): return store.place.priceZone.map(ids.contains) ?? false ? nil : .otherStore
    case .regions(let names): return isNamed(store.place.region, in: names) ? nil : .otherStore
    case .cities(let names): return isNamed(store.place.city, in: names) ? nil : .otherStore
    case .storeFormats(let names): return isNamed(store.place.format, in: names) ? nil : .otherStore
    case .channels(let channels): return channels.contains(scene.basket.channel) ? nil : .otherChannel
    default: return nil
    }
  }

  /// - Parameter names: folded when the rules were compiled.
  private func isNamed(_ place: String?, in names: [String]) -> Bool { place.map { names.contains(folded($0)) } ?? false }

  private func circumstanceCause(_ condition: Condition) -> Cause? {
    switch condition {
    case .weekdays, .days, .holidays:
      return condition.holds(on: scene.now.day, holidays: scene.terms.holidays) ?? true ? nil : .otherDay
    case .hours: return condition.holds(at: scene.now.clock) ?? true ? nil : .otherHour
    case .tenders(let kinds): return tenderKinds.contains(where: kinds.contains) ? nil : .otherTender
    case .coupon(let series): return couponCause(series)
    case .certificate(let series): return certificateCause(series)
    default: return nil
    }
  }

  private func couponCause(_ series: String) -> Cause? {
    guard let coupon = presented(series) else { return .couponMissing(series) }
    return coupon.state == .valid ? nil : .coupon(coupon.state)
  }

  private func certificateCause(_ series: String) -> Cause? {
    var found: PresentedCertificate?
    for tender in scene.basket.tenders {
      guard let shown = tender.certificate, let its = shown.series, folded(its) == folded(series) else { continue }
      if shown.state == .valid { return nil }
      if found == nil { found = shown }
    }
    return found.map { .certificate($0.state) } ?? .certificateMissing(series)
  }

  /// The coupon that answers to this series, a valid one before others.
  func presented(_ series: String) -> PresentedCoupon? {
    guard !scene.basket.coupons.isEmpty else { return nil }
    let key = couponKey(series)
    let matching = scene.basket.coupons.filter { couponKey($0.series ?? $0.code) == key }
    return matching.first { $0.state == .valid } ?? matching.first
  }

  /// What the condition asks of the member, who is known.
  private func memberCause(_ condition: Condition) -> Cause? {
    switch condition {
    case .memberKinds(let kinds): return scene.member.map { kinds.contains($0.kind) } ?? false ? nil : .otherMemberKind
    case .tiers(let ids): return scene.member?.tier.map(ids.contains) ?? false ? nil : .otherTier
    case .privileges(let codes): return scene.member?.hasPrivilege(among: codes) ?? false ? nil : .noPrivilege(codes)
    case .segments(let ids): return scene.member?.segments.contains(where: ids.contains) ?? false ? nil : .otherSegment
    case .memberAttribute(let name, let comparison):
      return comparison.holds(for: scene.member?.attributes[name]) ? nil : .memberAttribute(name)
    case .firstPurchase: return scene.member?.purchases == 0 ? nil : .notFirstPurchase
    case .firstPurchaseOf(let sum):
      let have = earlier(sum)
      return have == 0 ? nil : have < 0 ? .pastUncounted : .boughtBefore(receipts: have)
    case .birthday(let before, let after): return isBirthday(before, after) ? nil : .notBirthday
    case .household(let bounds): return householdCause(bounds)
    case .counter(let name, let bounds): return counterCause(name, bounds)
    case .accumulated(let accumulator, let bounds):
      if accumulator.whose == .household, let cause = householdCause(Bounds()) { return cause }
      let have = earlier(accumulator) + contribution(accumulator)
      return bounds.contains(have) ? nil : .accumulated(accumulator.measure, have: have, bounds: bounds)
    case .stamps(let card, let bounds):
      let have = max(0, scene.stamps(on: card))
      return bounds.contains(have) ? nil : .stamps(card, have: have, bounds: bounds)
    case .consents(let wanted):
      return wanted.contains { scene.member?.consents.contains($0) ?? false } ? nil : .noConsent(wanted)
    case .activated(_, let promotion):
      return scene.member?.activation(of: promotion, at: scene.basket.time) == nil ? .notActivated : nil
    default: return nil
    }
  }

  private func householdCause(_ bounds: Bounds) -> Cause? {
    let have = scene.member?.counters[MemberCounter.household.rawValue] ?? 0
    return bounds.ofHousehold.contains(have) ? nil : .household(have: have, bounds: bounds.ofHousehold)
  }

  private func counterCause(_ name: String, _ bounds: Bounds) -> Cause? {
    let known = name == MemberCounter.purchases.rawValue ? scene.member?.purchases : scene.member?.counters[name]
    return MemberCounter.holds(name, known, within: bounds) ? nil : .counter(name, have: known ?? 0, bounds: bounds)
  }

  /// What earlier receipts of the period came to.
  private func earlier(_ accumulator: Accumulator) -> Int64 { scene.member?.usage[accumulator.id]?.uses ?? 0 }

  /// What this basket adds, as it stands when the rule's stage begins.
  private func contribution(_ accumulator: Accumulator) -> Int64 {
    scene.contribution(to: accumulator, amounts: stageAmount)
  }

  /// Looks at the birthdays of this year and its neighbours, so that a window over New Year holds. Whoever was born on 29 February
  /// celebrates on the 28th in common years.
  private func isBirthday(_ before: Int, _ after: Int) -> Bool {
    guard let (_, month, day) = scene.member?.birthday?.parts else { return false }
    let year = scene.now.day.parts.year
    for year in (year - 1)...(year + 1) {
      let length = CivilDay.length(ofMonth: month, year: year)
      guard let birthday = CivilDay(year: year, month: month, day: min(day, length)) else { continue }
      if scene.now.day >= birthday.adding(days: -before), scene.now.day <= birthday.adding(days: after) { return true }
    }
    return false
  }
}
