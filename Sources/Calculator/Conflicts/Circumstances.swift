import Conditions
import Kernel

/// Why promotions cannot apply to one receipt.
public enum Contradiction: String, Hashable, Sendable, CaseIterable {
  /// Its time is over.
  case over
  /// No hour suits: periods, weekdays, hours, holidays.
  case time
  case place, channel, member, coupon, tender, goods
  /// The earlier of two prices is never above the later, which so has nothing to lower.
  case price
}

/// Where, when and to whom: a basket without lines and a member that meet conditions, found literal by literal.
struct Circumstances {
  var basket: Basket
  var member: MemberSnapshot?

  /// Days looked through for an hour that suits: weekdays and holidays come round within them.
  static let days = 800

  /// - Parameter literals: all must hold. Those of goods are not looked at here.
  static func find(
    _ literals: [Literal<Condition>], of promotions: [Promotion], terms: ProgrammeTerms, zone: Zone, now: Instant
  ) -> Result<Circumstances, Contradiction> {
    var finder = CircumstanceFinder(literals: literals, promotions: promotions, terms: terms, zone: zone, now: now)
    do throws(Contradiction) { return .success(try finder.found()) } catch { return .failure(error) }
  }
}

extension Contradiction: Error {}

struct CircumstanceFinder {
  let literals: [Literal<Condition>]
  let promotions: [Promotion]
  let terms: ProgrammeTerms
  let zone: Zone
  let now: Instant

  mutating func found() throws(Contradiction) -> Circumstances {
    let time = try time()
    var basket = Basket(store: try store(), channel: try channel(), time: time, lines: [])
    basket.coupons = try coupons()
    basket.tenders = try tenders()
    try show(certificates: &basket)
    return Circumstances(basket: basket, member: try member(at: time))
  }

  // MARK: Time

  private func time() throws(Contradiction) -> Instant {
    if promotions.contains(where: { $0.until.map { $0 <= now } ?? false }) { throw .over }
    if promotions.contains(where: { $0.course?.isOver(on: zone.civil(at: now).day) ?? false }) { throw .over }
    let earliest = promotions.compactMap(\.from).reduce(now) { max($0, $1) }
    let latest = promotions.compactMap(\.until).min()
    if let latest, latest <= earliest { throw .time }
    var first = zone.civil(at: earliest).day
    for case .days(let from?, _) in wanted { first = max(first, from) }
    let clocks = [Clock(second: 12 * 3600)] + boundaries
    for number in 0...Circumstances.days {
      let day = first.adding(days: number)
      guard suits(day) else { continue }
      for clock in clocks where suits(clock) {
        let instant = max(zone.instant(day, clock), earliest)
        let civil = zone.civil(at: instant)
        if latest.map({ instant < $0 }) ?? true, suits(civil.day), suits(civil.clock) { return instant }
      }
    }
    throw .time
  }

  private var wanted: [Condition] { literals.filter(\.holds).map(\.question) }

  /// Hours at which some answer may change.
  private var boundaries: [Clock] {
    var clocks: Set<Clock> = [.midnight, Clock(second: 24 * 3600 - 1)]
    for literal in literals {
      if case .hours(let from, let until) = literal.question { clocks.formUnion([from, until]) }
    }
    return clocks.sorted()
  }

  private func suits(_ day: CivilDay) -> Bool {
    literals.allSatisfy { literal in literal.question.holds(on: day, holidays: terms.holidays).map { $0 == literal.holds } ?? true }
  }

  private func suits(_ clock: Clock) -> Bool {
    literals.allSatisfy { literal in literal.question.holds(at: clock).map { $0 == literal.holds } ?? true }
  }

  // MARK: Place

  private func store() throws(Contradiction) -> StoreFacts {
    var (stores, brands, zones) = (Picks<Int64>(), Picks<Int64>(), Picks<Int64>())
    var (regions, cities, formats) = (Picks<String>(), Picks<String>(), Picks<String>())
    for literal in literals {
      switch literal.question {
      case .stores(let ids): stores.take(ids.raws, literal.holds)
      case .storeBrands(let ids): brands.take(ids.raws, literal.holds)
      case .priceZones(let ids): zones.take(ids.raws, literal.holds)
      case .regions(let names): regions.take(names.map(folded), literal.holds)
      case .cities(let names): cities.take(names.map(folded), literal.holds)
      case .storeFormats(let names): formats.take(names.map(folded), literal.holds)
      default: break
      }
    }
    guard let store = stores.one, let brand = brands.one, let priceZone = zones.one, let region = regions.one,
      let city = cities.one, let format = formats.one
    else { throw .place }
    let usual = (1...).first { !stores.barred.contains($0) } ?? 0
    return StoreFacts(
      id: StoreID(store ?? usual), brand: brand.map { BrandID($0) }, zone: zone,
      place: StorePlace(priceZone: priceZone.map { PriceZoneID($0) }, region: region, city: city, format: format))
  }

  private func channel() throws(Contradiction) -> Channel {
    var channels = Picks<Channel>()
    for literal in literals { if case .channels(let list) = literal.question { channels.take(list, literal.holds) } }
    guard let channel = channels.one(of: Channel.allCases) else { throw .channel }
    return channel
  }

  private func coupons() throws(Contradiction) -> [PresentedCoupon] {
    var shown: [String: Bool] = [:]
    for literal in literals {
      guard case .coupon(let series) = literal.question else { continue }
      if let known = shown[couponKey(series)], known != literal.holds { throw .coupon }
      shown[couponKey(series)] = literal.holds
    }
    return shown.filter(\.value).keys.sorted().map { PresentedCoupon(code: $0, series: $0) }
  }

  private func tenders() throws(Contradiction) -> [Tender] {
    var kinds = Picks<TenderKind>()
    for literal in literals { if case .tenders(let list) = literal.question { kinds.take(list, literal.holds) } }
    guard let chosen = kinds.several else { throw .tender }
    return chosen.map { Tender(kind: $0) }
  }

  // MARK: The member

  private func member(at time: Instant) throws(Contradiction) -> MemberSnapshot? {
    let asked = literals.filter(\.question.asksMember)
    // Points go to somebody, and uses of one member are counted of one.
    let needsMember = promotions.contains {
      $0.limits.countsMember || $0.benefit.isEarning || $0.takes != nil || $0.benefit.givesStamps
    }
    guard needsMember || asked.contains(where: \.holds) else { return nil }
    if asked.contains(Literal(.identified, false)) { throw .member }
    var member = MemberSnapshot(id: outsideControls(at: time))
    var (tiers, segments, kinds) = (Picks<Int64>(), Picks<Int64>(), Picks<MemberKind>())
    if promotions.contains(where: { !$0.isPublic }) { kinds.take(terms.kindsWithoutOffers, false) }
    for literal in asked {
      switch literal.question {
      case .tiers(let ids): tiers.take(ids.raws, literal.holds)
      case .segments(let ids): segments.take(ids.raws, literal.holds)
      case .memberKinds(let list): kinds.take(list, literal.holds)
      case .accumulated(let sum, let bounds) where literal.holds:
        member.usage[sum.id] = MemberUsage(uses: max(bounds.atLeast ?? 0, member.usage[sum.id]?.uses ?? 0))
      default: break
      }
    }
    guard let tier = tiers.one, let chosen = segments.several, let kind = kinds.one(of: MemberKind.allCases) else { throw .member }
    member.tier = tier.map { TierID($0) }
    member.segments = chosen.map { SegmentID($0) }.sorted()
    member.kind = kind
    member.attributes = try attributes(asked)
    try count(asked, &member)
    try buy(asked, &member)
    try stamp(asked, &member)
    member.consents = try consents(asked)
    try privilege(asked, &member)
    try activate(asked, at: time, &member)
    member.birthday = birthday(asked, zone.civil(at: time).day)
    return member
  }

  private func outsideControls(at time: Instant) -> MemberID {
    let controls = (terms.control.map { [$0] } ?? []) + promotions.compactMap(\.control)
    let free = (1...1_000).first { id in !controls.contains { $0.contains(MemberID(Int64(id)), at: time) } }
    return MemberID(Int64(free ?? 1))
  }

  private func attributes(_ asked: [Literal<Condition>]) throws(Contradiction) -> [String: AttributeValue] {
    var questions: [String: [(comparison: Comparison, holds: Bool)]] = [:]
    for literal in asked {
      if case .memberAttribute(let name, let comparison) = literal.question {
        questions[name, default: []].append((comparison, literal.holds))
      }
    }
    var values: [String: AttributeValue] = [:]
    for (name, list) in questions {
      let candidates: [AttributeValue?] = [nil] + list.flatMap { question in Self.candidates(question.comparison) }
      let found = candidates.first { value in list.allSatisfy { $0.comparison.holds(for: value) == $0.holds } }
      guard let found else { throw .member }
      values[name] = found
    }
    return values
  }

  /// Values about which a comparison changes its mind, on both sides.
  private static func candidates(_ comparison: Comparison) -> [AttributeValue] {
    switch comparison {
    case .isPresent: [.flag(true)]
    case .isOneOf(let values): values
    case .isNoneOf(let values): values + [.text("another")]
    case .number(let bounds): sides(bounds).map { .number($0) }
    case .day(let from, let through):
      [from ?? through ?? CivilDay(number: 0), through, from?.adding(days: -1), through?.adding(days: 1)].compactMap { $0 }
        .map { .day($0) }
    }
  }

  /// Numbers within the bounds and beside them; without any, any number is within.
  private static func sides(_ bounds: Bounds) -> [Int64] {
    [bounds.atLeast ?? bounds.atMost ?? 0, bounds.atMost, bounds.atLeast.map { $0 &- 1 }, bounds.atMost.map { $0 &+ 1 }]
      .compactMap { $0 }
  }

  private func count(_ asked: [Literal<Condition>], _ member: inout MemberSnapshot) throws(Contradiction) {
    var questions: [String: [(bounds: Bounds, holds: Bool)]] = [:]
    for literal in asked {
      switch literal.question {
      case .household(let bounds):
        questions[MemberCounter.household.rawValue, default: []].append((bounds.ofHousehold, literal.holds))
      case .accumulated(let sum, _) where sum.whose == .household && literal.holds:
        questions[MemberCounter.household.rawValue, default: []].append((Bounds().ofHousehold, true))
      case .counter(let name, let bounds): questions[name, default: []].append((bounds, literal.holds))
      case .firstPurchase: questions[MemberCounter.purchases.rawValue, default: []].append((Bounds(atMost: 0), literal.holds))
      // Whoever bought these goods before has bought something.
      case .firstPurchaseOf where !literal.holds:
        questions[MemberCounter.purchases.rawValue, default: []].append((Bounds(atMost: 0), false))
      default: break
      }
    }
    for (name, list) in questions {
      let isPurchases = name == MemberCounter.purchases.rawValue
      let candidates: [Int64?] = [0, 1, nil] + list.flatMap { Self.sides($0.bounds) }
      let found = candidates.first { value in
        if isPurchases, value.map({ $0 < 0 }) ?? false { return false }
        return list.allSatisfy { MemberCounter.holds(name, value, within: $0.bounds) == $0.holds }
      }
      guard let found else { throw .member }
      if isPurchases { member.purchases = found ?? 0 } else { member.counters[name] = found }
    }
  }

  /// Goods that were bought before, where somebody asks for that.
  private func buy(_ asked: [Literal<Condition>], _ member: inout MemberSnapshot) throws(Contradiction) {
    var first: [PromotionID: Bool] = [:]
    for literal in asked {
      guard case .firstPurchaseOf(let sum) = literal.question else { continue }
      if let known = first[sum.id], known != literal.holds { throw .member }
      first[sum.id] = literal.holds
      member.usage[sum.id] = literal.holds ? nil : MemberUsage(uses: 1)
    }
  }

  /// On each card that somebody asks about, what all of them can take from.
  private func stamp(_ asked: [Literal<Condition>], _ member: inout MemberSnapshot) throws(Contradiction) {
    var cards: [String: (needed: Int64, questions: [(bounds: Bounds, holds: Bool)])] = [:]
    for take in promotions.compactMap(\.takes) { cards[take.card, default: (0, [])].needed += take.stamps }
    for literal in asked {
      if case .stamps(let card, let bounds) = literal.question {
        cards[card, default: (0, [])].questions.append((bounds, literal.holds))
      }
    }
    for (card, wanted) in cards {
      let candidates = [wanted.needed] + wanted.questions.flatMap { Self.sides($0.bounds) }
      let found = candidates.first { value in
        value >= wanted.needed && wanted.questions.allSatisfy { $0.bounds.contains(value) == $0.holds }
      }
      guard let found else { throw .member }
      if found > 0 { member.usage[StampTally.id(of: card)] = MemberUsage(uses: found) }
    }
  }

  /// Today where a birthday is wanted; half a year off where it is only ruled out.
  private func birthday(_ asked: [Literal<Condition>], _ day: CivilDay) -> CivilDay? {
    let wanted = asked.filter { if case .birthday = $0.question { true } else { false } }
    if wanted.isEmpty { return nil }
    return wanted.contains(where: \.holds) ? day : day.adding(days: 183)
  }
}

extension Condition {
  fileprivate var asksMember: Bool {
    switch self {
    case .identified, .memberKinds, .tiers, .privileges, .segments, .memberAttribute, .firstPurchase, .firstPurchaseOf, .birthday,
      .household, .counter, .accumulated, .stamps, .consents, .activated:
      true
    default: false
    }
  }
}
