import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit

/// A shop that sells a subscription – a month of gold, three days of grace, a fortnight for trying – and whose promotions give silver for a
/// time: for ten days with tea, to the end of the month from 5,000.00.
struct SubscriptionShop: Sendable {
  /// 31 January 2027, noon in Moscow.
  static let noon = Instant("2027-01-31T09:00:00Z") ?? Instant(seconds: 0)
  static let plus = JSON.object([
    "code": "plus", "name": .object(["ru": "Плюс", "en": "Plus"]), "products": ["PLUS"], "tier": "gold",
    "length": .object(["months": 1]), "trialDays": 14, "graceDays": 3, "noticeDays": 7,
  ])

  let ground: Ground
  let programme: Programme
  let receipts: Receipts
  let members: [MemberID]
  let goods: (plus: ProductFacts, tea: ProductFacts)
  let tiers: [String: TierID]
  let store = StoreFacts(id: StoreID(77), zone: .moscow)
  var subscriptions: Subscriptions { Subscriptions(of: programme, ids: ground.ids) }
  var work: SubscriptionWork { SubscriptionWork(zones: { _ in .moscow }, ids: ground.ids) }
  var anna: MemberID { members[0] }

  static func settings(_ more: [JSON.Member]) -> JSON {
    .object([JSON.Member("name", "Club"), JSON.Member("zone", "Europe/Moscow")] + more)
  }

  static func promotions(_ tiers: [String: TierID]) -> [Promotion] {
    let (silver, gold) = (tiers["silver"] ?? TierID(0), tiers["gold"] ?? TierID(0))
    return [
      Till.promotion(
        2, .reward(.tier(TierGift("silver", silver, for: .days(10)))), target: .products(IDList([Till.tea]))),
      Till.promotion(
        3, .reward(.tier(TierGift("silver", silver, for: .through(.month)))),
        condition: .amount(of: .everything, .reduced, Bounds(atLeast: 500_000))),
      Till.promotion(4, .percent(.percent(10), of: .reduced), condition: .tiers(IDList([gold]))),
    ]
  }

  static func on(
    _ kind: TestDatabase, plan: JSON = plus, ladder: JSON? = nil, _ body: @Sendable (SubscriptionShop) async throws -> Void
  ) async throws {
    try await Ground.on(kind, StorageSchema.tables) { ground in
      try await ground.write { tx in try Epochs.beginFirst("made", at: Ground.start, in: &tx) }
      let change = ground.change(-3_600)
      let (programme, shelf, plans, tiers) = try await ground.write { tx in
        let programmes = ProgrammesTests.programmes(ground.account)
        _ = try Catalogue(of: ground.account).save([ProductDetails(code: "PLUS", name: "Plus, a month")], by: change, in: &tx)
        let plain = try programmes.save("club", settings([]), by: change, in: &tx)
        _ = try plain.tiers.save(TiersTests.metals, by: change, in: &tx)
        let more = [JSON.Member("subscriptions", .array([plan]))] + (ladder.map { [JSON.Member("ladder", $0)] } ?? [])
        let programme = try programmes.save("club", settings(more), by: ground.change(-3_000), in: &tx)
        let catalogue = try CatalogueIndex(of: ground.account).refreshed(in: &tx)
        let names = try AccountNames(of: programme, catalogue: catalogue, in: &tx)
        let tiers = try programme.tiers.all(in: &tx).mapValues(\.id)
        let book = RuleBook(version: 1, terms: programme.settings.terms, promotions: [Till.fiveBack] + promotions(tiers))
        return (programme, RuleShelf(book), SubscriptionShelf(programme.settings.subscriptions, names: names), tiers)
      }
      let receipts = Receipts(of: programme, rules: shelf, ids: ground.ids, plans: plans)
      var facts = ProductFacts(id: plans.flags.keys.first ?? ProductID(1))
      facts.flags = plans.flags[facts.id] ?? []
      try await body(
        SubscriptionShop(
          ground: ground, programme: programme, receipts: receipts, members: try await ground.join(3, programme.id),
          goods: (facts, ProductFacts(id: Till.tea)), tiers: tiers))
    }
  }

  func key(_ number: Int64, at time: Instant) -> ReceiptKey {
    ReceiptKey(
      store: store.id, register: "1", shift: 1, number: "\(number)", day: store.zone.businessDay(at: time, dayStart: .midnight))
  }

  /// Months of the subscription at 300.00, tea at 1,000.00.
  func basket(plus: Int64 = 0, tea: Int64 = 0, at time: Instant) -> Basket {
    var lines: [BasketLine] = []
    if plus > 0 {
      lines.append(BasketLine(id: "p", product: goods.plus, quantity: .pieces(plus), price: Money(minor: 30_000), kind: .service))
    }
    if tea > 0 { lines.append(BasketLine(id: "t", product: goods.tea, quantity: .pieces(tea), price: Money(minor: 100_000))) }
    return Basket(store: store, time: time, lines: lines)
  }

  @discardableResult func sell(
    _ number: Int64, plus: Int64 = 0, tea: Int64 = 0, to member: MemberID?, at time: Instant = noon, arriving: Instant? = nil,
    request: String? = nil
  ) async throws -> Sold {
    var sale = Sale(key: key(number, at: time), basket: basket(plus: plus, tea: tea, at: time))
    sale.isOffline = arriving != nil
    let shopper = try await ground.read { tx in
      try member.map { try programme.shopper($0, shown: .possessed, at: time, in: &tx) } ?? .nobody
    }
    return try await receipts.confirm(
      sale, by: shopper, request: RequestKey(request ?? "sale \(number)"), at: arriving ?? time, on: ground.database)
  }

  func takeBack(
    _ number: Int64, soldAt: Instant = noon, plus: Int64 = 0, tea: Int64 = 0, at time: Instant, money: ReturnTerms.Money? = nil
  ) async throws {
    var lines: [Return.Line] = []
    if plus > 0 { lines.append(Return.Line(.line("p"), quantity: .pieces(plus))) }
    if tea > 0 { lines.append(Return.Line(.line("t"), quantity: .pieces(tea))) }
    let goods = Return(
      key: key(9_000 + number * 10 + plus + tea, at: time), original: key(number, at: soldAt), lines: lines, at: time,
      day: store.zone.businessDay(at: time, dayStart: .midnight), refund: money)
    _ = try await ground.write { tx in
      try receipts.takeBack(goods, request: RequestKey("back \(number) \(plus) \(tea) \(time.micros)"), at: time, in: &tx)
    }
  }

  /// As the till does it. - Returns: whether there was something to cancel.
  func cancel(_ number: Int64, soldAt: Instant, at time: Instant) async throws -> Bool {
    let key = key(number, at: soldAt)
    return try await ground.write { tx in
      try receipts.cancel(key, request: RequestKey("cancel \(number)"), at: time, in: &tx) != nil
    }
  }

  func attach(_ number: Int64, soldAt: Instant, to member: MemberID, at time: Instant) async throws {
    let key = key(number, at: soldAt)
    _ = try await ground.write { tx in
      try receipts.attach(
        key, to: MemberSnapshot(id: member), request: RequestKey("attach \(number)"), at: time, in: &tx)
    }
  }

  func act(_ act: Subscriptions.Act, to member: MemberID, at time: Instant, request: String = "act") async throws {
    let change = Change(by: .demo, at: time, ids: ground.ids)
    try await ground.write { tx in
      try subscriptions.act(
        act, "plus", of: member, because: "why", request: RequestKey(request), wallets: Wallets(of: programme, ids: ground.ids),
        by: change, in: &tx)
    }
  }

  func tick(at time: Instant) async throws {
    while try await work.step(of: ground.account, at: time, on: ground.database) {}
  }

  func tier(_ member: MemberID, at time: Instant) async throws -> String? {
    try await ground.read { tx in
      let profile = try programme.members.profile(member, at: time, in: &tx)
      return tiers.first { $0.value == profile.tier }?.key
    }
  }

  func plus(of member: MemberID) async throws -> Subscription? {
    try await ground.read { tx in try subscriptions.all(of: member, in: &tx).first }
  }

  /// The last day that is paid for; nil where nothing runs.
  func through(_ member: MemberID, at time: Instant) async throws -> String? {
    guard let one = try await plus(of: member), one.isActive(at: time) else { return nil }
    return "\(one.lastDay(in: .moscow))"
  }

  func told(
    _ kinds: Set<Event.Kind> = [
      .subscriptionStarted, .subscriptionRenewed, .subscriptionEnded, .subscriptionCancelled, .subscriptionEnding,
      .subscriptionChanged,
    ]
  ) async throws -> [Event.Kind] {
    try await ground.told().map(\.kind).filter(kinds.contains)
  }

  func report(at time: Instant) async throws -> SubscriptionMonth? {
    let day = Zone.moscow.civil(at: time).day
    return try await ground.read { tx in try subscriptions.report(through: day, months: 1, in: &tx).total.last }
  }
}

extension SubscriptionShop {
  static func day(_ text: String, hour: Int64 = 12) -> Instant { (Instant(text + "T00:00:00+03:00") ?? noon) + .hours(hour) }
}
