import Conditions
import Kernel

/// What people may use, in a phrase: coupons, offers that they activated, privileges.
extension PhraseParse {
  mutating func right() -> Step? {
    attempt { $0.coupons() } ?? attempt { $0.offer() } ?? attempt { $0.privilege() }
  }

  /// С неиспользованным купоном «Осень», нет купонов, with no unused coupon, 2 coupons expiring within 7 days.
  private mutating func coupons() -> Step? {
    while take("с") || take("есть") || take("у") || take("with") || take("holding") || take(.filler) {}
    let hasNone = take("нет") || take("no") || take("none")
    let number = hasNone ? nil : bounds()
    _ = take("of") || take("any")
    _ = take("их")
    let isUnused = take(.unused)
    guard take(.coupon) else { return nil }
    if let number, !number.isWhole || number.isMoney { return .broken(.unknown) }
    var held = SegmentCondition.HeldCoupons()
    _ = take("серии") || take("of") && take("series") || take("of")
    switch named([.couponSeries]) {
    case .name(let name, let count)?:
      guard let id = codes.id(.couponSeries, name.code) else { return .broken(.unknown) }
      held.series = IDList([CouponSeriesID(id)])
      at += count
    case .several(let names, _)?: return .broken(.several(names))
    case nil: break
    }
    guard ending(&held.endingWithin) else { return .broken(.unknown) }
    // A coupon that somebody used is asked of purchases.
    guard isUnused || number != nil || hasNone || held.endingWithin != nil || held.series.count > 0 || endsHere else { return nil }
    return .done([.coupons(held, hasNone ? Bounds(atMost: 0) : number?.bounds(unit: 1_000) ?? Bounds(atLeast: 1))])
  }

  /// Активировали предложение «Чай» и не использовали, activated an offer, with an activated offer not used yet.
  private mutating func offer() -> Step? {
    while take("с") || take("есть") || take("у") || take("with") || take(.filler) {}
    var held = SegmentCondition.HeldOffers()
    held.isUnused = take(.unused)
    guard take(.activated) else { return nil }
    if has(.and, at), has(.unused, at + 1) { at += 1 }
    held.isUnused = take(.unused) || held.isUnused
    _ = take("an") || take("the") || take("any")
    guard take(.offer) else { return nil }
    switch named([.promotion]) {
    case .name(let name, let count)?:
      guard let id = codes.id(.promotion, name.code) else { return .broken(.unknown) }
      held.promotions = IDList([PromotionID(id)])
      at += count
    case .several(let names, _)?: return .broken(.several(names))
    case nil: break
    }
    guard ending(&held.endingWithin) else { return .broken(.unknown) }
    held.isUnused = isNotUsed() || held.isUnused
    return .done([.offers(held)])
  }

  /// С привилегией «Зал», with the privilege lounge.
  private mutating func privilege() -> Step? {
    while take("с") || take("есть") || take("у") || take("with") || take(.filler) {}
    guard take(.privilege) else { return nil }
    var found: [String] = []
    repeat {
      guard case .name(let name, let count)? = named([.privilege]) else { return .broken(.unknown) }
      found.append(name.code)
      at += count
    } while joinsName([.privilege]) && has(.or, at) && take(.or)
    return .done([.member(.privileges(found))])
  }

  /// Истекающими в ближайшие 7 дней, expiring within a week. False where it begins so and goes on otherwise.
  private mutating func ending(_ days: inout Int?) -> Bool {
    let before = at
    _ = take(",")
    _ = take("которые") || take("которое") || take("который") || take("that") || take("which")
    guard take(.ending) else {
      at = before
      return true
    }
    if take("сегодня") || take("today") {
      days = 0
      return true
    }
    guard take(.within) || take("через") else { return false }
    _ = take("течение")
    _ = take("the")
    _ = take(.next)
    guard let count = self.days(), (0...3_650).contains(count) else { return false }
    days = Int(count)
    return true
  }

  /// И не использовали, but did not use it, not used yet.
  private mutating func isNotUsed() -> Bool {
    attempt { parse -> Bool? in
      if parse.isSign(",", parse.at) { parse.at += 1 }
      _ = parse.take("и") || parse.take("но") || parse.take("and") || parse.take("but")
      if parse.take("еще") || parse.take("have") {}
      guard parse.has(.not, parse.at) || parse.text(parse.at) == "did" else { return nil }
      if parse.take("did") { guard parse.has(.not, parse.at) else { return nil } }
      parse.at += 1
      guard parse.take(.used) else { return nil }
      _ = parse.take("его") || parse.take("it") || parse.take("them")
      _ = parse.take("yet") || parse.take("еще")
      return true
    } ?? false
  }

  /// Whether nothing more is said of what was just read.
  private var endsHere: Bool {
    guard words.indices.contains(at) else { return true }
    if case .sign = words[at].kind { return true }
    return has(.and, at) || has(.or, at) || text(at) == "но" || text(at) == "but"
  }
}

extension PhraseLexicon {
  fileprivate static let used = PhraseLexicon.of(
    "used use использовал использовала использовали использовано использован применил применили применяли")
}
