import Access
import Calculator
import Conditions
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What members get to use and use up, by a seed: coupons by hand, offers that they activate, consents that they give and withdraw, tiers with
/// an end. What became of offers is written down beside the shop, from what its tills were answered.
struct RightLife {
  static let offers = Table(
    "truth_offer", owner: "Tests", family: .reference, scope: .installation(because: "it is a test's own"),
    key: .clustered(["place"]),
    columns: [
      .integer("place"), .integer("member"), .integer("promotion"), .integer("until", nullable: true),
      .integer("most", nullable: true), .integer("uses"),
    ])

  private struct Activation {
    let member: Int
    let promotion: PromotionID
    var until: Instant?
    let most: Int64?
    var uses: Int64 = 0
    var lastUse: Instant?
  }

  let shop: TruthShop
  let promotions: [String: PromotionID]
  let series: [String: CouponSeriesID]
  private let book: RuleBook
  private(set) var random: SeededRandom
  private(set) var now = Ground.start + .hours(1)
  private var activations: [Activation] = []
  private var codes: [(code: String, member: Int)] = []
  private var number = 0

  private static let lives = ["free": OfferLife(), "short": OfferLife(days: 7, uses: 2)]

  init(_ shop: TruthShop, seed: UInt64) async throws {
    (self.shop, random) = (shop, SeededRandom(seed: seed))
    let change = Change(by: .demo, at: now, ids: shop.ground.ids)
    let programme = shop.programme
    let ids = try await shop.ground.write { tx -> [String: PromotionID] in
      _ = try programme.tiers.save(
        [
          TierDetails(code: "silver", name: LocalText(ru: "С", en: "S"), rank: 1, privileges: [Self.privilege("parking")]),
          TierDetails(
            code: "gold", name: LocalText(ru: "З", en: "G"), rank: 2,
            privileges: [Self.privilege("lounge"), Self.privilege("line")]),
        ], by: change, in: &tx)
      let made = [("SPRING", 5), ("SUMMER", nil), ("CLOSED", nil)].map { (code: String, days: Int?) in
        CouponSeriesDetails(code: code, name: LocalText(ru: code, en: code), daysGood: days)
      }
      _ = try Coupons(of: programme).save(made, by: change, in: &tx)
      let details = Self.lives.sorted { $0.key < $1.key }.map { code, life in
        PromotionDetails(code: code, body: Self.body(code, life))
      }
      _ = try Promotions(of: programme).save(details, by: change, in: &tx)
      for code in Self.lives.keys { try Promotions(of: programme).set(code, .running, by: change, in: &tx) }
      return try Promotions(of: programme).promotions(codes: Array(Self.lives.keys), in: &tx).mapValues(\.id)
    }
    promotions = ids
    series = try await shop.ground.read { tx in
      try Coupons(of: programme).series(codes: ["SPRING", "SUMMER", "CLOSED"], in: &tx).mapValues(\.id)
    }
    let rules = ids.sorted { $0.key < $1.key }.map { code, id in
      Promotion(
        id: id, code: code, name: LocalText(ru: code, en: code),
        condition: .activated(Self.lives[code] ?? OfferLife(), id), benefit: .earnFixed(Points(units: 10)))
    }
    book = RuleBook(
      version: 1, terms: programme.settings.terms,
      promotions: [Till.promotion(41, .amount(Money(minor: 100)), condition: .any([.coupon("SPRING"), .coupon("SUMMER")]))] + rules)
  }

  private static func privilege(_ code: String) -> Privilege { Privilege(code: code, name: LocalText(ru: code, en: code)) }

  private static func body(_ code: String, _ life: OfferLife) -> JSON {
    .object([
      "code": .string(code), "name": .object(["ru": .string(code), "en": .string(code)]),
      "when": .object([
        "activated": .object(["days": life.days.map(JSON.int), "uses": life.uses.map(JSON.int)])
      ]),
      "benefit": .object(["earn": .object(["points": "10"])]),
    ])
  }

  mutating func happens() async throws {
    now = now + .hours(Int64.random(in: 2...14, using: &random))
    let member = Int.random(in: 0..<8, using: &random)
    do {
      switch Int.random(in: 0..<20, using: &random) {
      case 0...3: try await give(to: member)
      case 4: try await void()
      case 5...8: try await sell(to: member)
      case 9...12: try await activate(member)
      case 13: try await end(member)
      case 14...17: try await agree(member % 4)
      default: try await grant(member)
      }
    } catch let problem as Problem where ["offer_not_yours", "coupon_used"].contains(problem.code) {}
    try await keepTruth()
  }

  /// Nobody has any of it from then on.
  mutating func closes() async throws {
    let (change, programme) = (change(), shop.programme)
    let closed = CouponSeriesDetails(code: "CLOSED", name: LocalText(ru: "CLOSED", en: "CLOSED"), isClosed: true)
    _ = try await shop.ground.write { tx in try Coupons(of: programme).save([closed], by: change, in: &tx) }
  }

  private func change() -> Change { Change(by: .demo, at: now, ids: shop.ground.ids) }

  private mutating func give(to member: Int) async throws {
    let (change, programme, id) = (change(), shop.programme, shop.members[member])
    let code = try #require(["SPRING", "SUMMER", "CLOSED"].randomElement(using: &random))
    let given = try await shop.ground.write { tx in try Coupons(of: programme).give(code, to: id, by: change, in: &tx) }
    if let given { codes.append((given.code, member)) }
  }

  private mutating func void() async throws {
    guard let (code, _) = codes.randomElement(using: &random) else { return }
    let (change, programme) = (change(), shop.programme)
    try await shop.ground.write { tx in try Coupons(of: programme).void(code, because: "wrong", by: change, in: &tx) }
  }

  /// A piece of cheese, perhaps with a coupon. Every activation that holds gives something.
  private mutating func sell(to member: Int) async throws {
    number += 1
    let own = codes.filter { $0.member == member }.randomElement(using: &random)
    var basket = Basket(
      store: StoreFacts(id: shop.stores[0].id, zone: .moscow), time: now,
      lines: [BasketLine(id: "1", product: shop.goods[2], quantity: .one, price: Money(minor: 50_000))])
    if let own { basket.coupons = [PresentedCoupon(code: own.code)] }
    let key = ReceiptKey(
      store: shop.stores[0].id, register: "9", shift: 9, number: "r\(number)", day: shop.zone.civil(at: now).day)
    let buyer = Buyer.shown(
      Showing(.text("c\(member + 1)", .external), shown: .scanned), in: shop.programme, spending: .nothing, at: now)
    let receipts = Receipts(of: shop.programme, rules: RuleShelf(book), ids: shop.ground.ids)
    _ = try await receipts.confirm(
      Sale(key: key, basket: basket), boughtBy: buyer, request: RequestKey("right \(number)"), at: now, on: shop.ground.database)
    for place in activations.indices where activations[place].member == member && isOn(activations[place]) {
      activations[place].uses += 1
      activations[place].lastUse = now
    }
  }

  private func isOn(_ activation: Activation) -> Bool {
    (activation.until.map { now < $0 } ?? true) && (activation.most.map { activation.uses < $0 } ?? true)
  }

  private mutating func activate(_ member: Int) async throws {
    let code = try #require(["free", "short"].randomElement(using: &random))
    guard let promotion = promotions[code], let life = Self.lives[code] else { return }
    // Of what is activated again on the day of its last use nobody can tell afterwards which of both came first.
    let before = activations.filter { $0.member == member && $0.promotion == promotion }.compactMap(\.lastUse).max()
    if let before, now - before < .days(3) { return }
    let (change, id) = (change(), shop.members[member])
    let offers = Offers(of: shop.programme, book: book, ids: shop.ground.ids)
    _ = try await shop.ground.write { tx in try offers.activate(code, for: id, by: change, in: &tx) }
    guard !activations.contains(where: { $0.member == member && $0.promotion == promotion && isOn($0) }) else { return }
    activations.append(
      Activation(member: member, promotion: promotion, until: life.days.map { now + .days($0) }, most: life.uses))
  }

  private mutating func end(_ member: Int) async throws {
    guard let promotion = promotions["free"] else { return }
    let (change, id) = (change(), shop.members[member])
    let offers = Offers(of: shop.programme, book: book, ids: shop.ground.ids)
    _ = try await shop.ground.write { tx in try offers.deactivate("free", for: id, by: change, in: &tx) }
    for place in activations.indices
    where activations[place].member == member && activations[place].promotion == promotion
      && activations[place].until.map({ now < $0 }) ?? true
    {
      activations[place].until = now
    }
  }

  private mutating func agree(_ member: Int) async throws {
    let consent = try #require([Consent.sms, .email, .terms].randomElement(using: &random))
    // Some are told late.
    let at = now - .hours(Int64.random(in: 0...200, using: &random))
    let act = ConsentAct(consent, isGiven: Int.random(in: 0..<3, using: &random) > 0, text: "1", at: at, source: "till")
    let (change, id, members) = (change(), shop.members[member], shop.programme.members)
    _ = try await shop.ground.write { tx in try ConsentBook(of: members).record([(id, act)], by: change, in: &tx) }
  }

  private mutating func grant(_ member: Int) async throws {
    number += 1
    let tier = try #require(["silver", "gold"].randomElement(using: &random))
    let until = now + .days(Int64.random(in: 1...9, using: &random))
    let (change, id, tiers, request) = (change(), shop.members[member], shop.programme.tiers, RequestKey("grant \(number)"))
    _ = try await shop.ground.write { tx in
      try tiers.grant(tier, to: id, until: until, because: "a friend", request: request, by: change, in: &tx)
    }
  }

  private func keepTruth() async throws {
    let rows = activations.enumerated().map { place, one -> [Value] in
      [
        .int(Int64(place)), .int(shop.members[one.member].raw), .int(one.promotion.raw), one.until.value, one.most.value,
        .int(one.uses),
      ]
    }
    try await shop.ground.write { tx in
      try tx.run(SQL(prepared: "delete from truth_offer", []))
      _ = try tx.insert(rows, into: Self.offers, Self.offers.columns.map(\.name))
    }
  }

  // MARK: questions

  mutating func condition(depth: Int = 2) -> SegmentCondition {
    guard depth > 1, Int.random(in: 0..<10, using: &random) < 3 else { return leaf() }
    let parts = (0..<2).map { _ in condition(depth: depth - 1) }
    let groups: [SegmentCondition] = [.all(parts), .any(parts), .none(parts)]
    return groups.randomElement(using: &random) ?? .all(parts)
  }

  private mutating func leaf() -> SegmentCondition {
    func bounds(_ random: inout SeededRandom, _ most: Int64) -> Bounds {
      let least = Int64.random(in: 0...most, using: &random)
      return [Bounds(atLeast: max(1, least)), Bounds(atMost: least), Bounds(atLeast: least, atMost: least + 2)]
        .randomElement(using: &random) ?? Bounds(atLeast: 1)
    }
    let days = Bool.random(using: &random) ? nil : Int.random(in: 0...8, using: &random)
    switch Int.random(in: 0..<10, using: &random) {
    case 0...3:
      var held = SegmentCondition.HeldCoupons()
      if Bool.random(using: &random) { held.series = IDList(series.values.sorted().shuffled(using: &random).prefix(2)) }
      held.endingWithin = days
      return .coupons(held, bounds(&random, 3))
    case 4...6:
      var held = SegmentCondition.HeldOffers()
      if Bool.random(using: &random) { held.promotions = IDList(promotions.values.sorted().shuffled(using: &random).prefix(1)) }
      held.isUnused = Bool.random(using: &random)
      held.endingWithin = days
      return .offers(held)
    case 7, 8:
      let consents = [Consent.sms, .email, .terms].shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random))
      return .agreed(Array(consents), daysAgo: bounds(&random, 12))
    default: return .member(.privileges(Array(["lounge", "line", "parking"].shuffled(using: &random).prefix(1))))
    }
  }
}
