import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit

/// A shop of goods at 1,000.00 with offers that members activate: `week`, ten percent off for seven days and two receipts; `gift`, 100
/// points; `staff`, for employees. And `news`, 50.00 off for whoever takes advertising by SMS.
struct OfferShop: Sendable {
  static let noon = Ground.start
  static var promotions: [Promotion] {
    func promotion(_ id: Int64, _ code: String, _ benefit: Benefit, _ condition: Condition) -> Promotion {
      Promotion(id: PromotionID(id), code: code, name: LocalText(ru: code, en: code), condition: condition, benefit: benefit)
    }
    let any = PromotionID(0)
    var week = promotion(
      31, "week", .percent(.percent(10), of: .reduced), .all([.identified, .activated(OfferLife(days: 7, uses: 2), any)]))
    week.until = noon + .days(60)
    var late = promotion(34, "late", .percent(.percent(1), of: .reduced), .activated(OfferLife(), any))
    late.from = noon + .days(90)
    return [
      week, promotion(32, "gift", .earnFixed(Points(units: 100)), .activated(OfferLife(), any)),
      promotion(
        33, "staff", .percent(.percent(50), of: .reduced), .all([.memberKinds([.employee]), .activated(OfferLife(), any)])),
      late, promotion(35, "news", .amount(Money(minor: 5_000)), .consents([.sms])),
    ]
  }

  let ground: Ground
  let programme: Programme
  let book: RuleBook
  let receipts: Receipts
  let members: [MemberID]
  let store = StoreFacts(id: StoreID(77), zone: .moscow)
  var anna: MemberID { members[0] }
  var offers: Offers { Offers(of: programme, book: book, ids: ground.ids) }
  var consents: ConsentBook { ConsentBook(of: programme.members) }

  static func on(_ kind: TestDatabase, _ promotions: [Promotion] = promotions, _ body: @Sendable (OfferShop) async throws -> Void)
    async throws
  {
    try await Ground.on(kind) { ground in
      let change = ground.change(-3_600)
      let programme = try await ground.write { tx in
        try ProgrammesTests.programmes(ground.account).save("club", ProgrammesTests.plain, by: change, in: &tx)
      }
      let book = RuleBook(version: 1, terms: programme.settings.terms, promotions: promotions)
      try await body(
        OfferShop(
          ground: ground, programme: programme, book: book,
          receipts: Receipts(of: programme, rules: RuleShelf(book), ids: ground.ids),
          members: try await ground.join(3, programme.id)))
    }
  }

  /// The same shop with other promotions; what was sold before keeps its own.
  func edited(_ promotions: [Promotion]) -> OfferShop {
    let (before, after) = (book, RuleBook(version: book.version + 1, terms: programme.settings.terms, promotions: promotions))
    let shelf = RuleShelf(after, byVersion: { version in [before, after].first { $0.version == version } }, byTime: { _ in after })
    return OfferShop(
      ground: ground, programme: programme, book: after, receipts: Receipts(of: programme, rules: shelf, ids: ground.ids),
      members: members)
  }

  func key(_ number: Int64) -> ReceiptKey {
    ReceiptKey(store: store.id, register: "1", shift: 1, number: "\(number)", day: CivilDay(number: 20_514))
  }

  /// Sells one piece at 1,000.00, or says that a till without a network did for so much.
  @discardableResult func sell(
    _ number: Int64, at time: Instant, offline amount: Int64? = nil, posted: Instant? = nil
  ) async throws -> Sold {
    let line = BasketLine(id: "1", product: ProductFacts(id: ProductID(501)), quantity: .one, price: Money(minor: 100_000))
    let stated = amount.map { [Sale.StatedLine(amount: Money(minor: $0))] }
    let sale = Sale(
      key: key(number), basket: Basket(store: store, time: time, lines: [line]), stated: stated, isOffline: amount != nil)
    return try await ground.write { tx in
      let shopper = try programme.shopper(anna, shown: .possessed, at: time, in: &tx)
      return try receipts.confirm(sale, by: shopper, request: RequestKey("sale \(number)"), at: posted ?? time, in: &tx)
    }
  }

  func takeBack(_ number: Int64, at time: Instant) async throws {
    let goods = Return(
      key: key(9_000 + number), original: key(number), lines: [Return.Line(.line("1"))], at: time,
      day: store.zone.businessDay(at: time, dayStart: .midnight))
    _ = try await ground.write { tx in
      try receipts.takeBack(goods, request: RequestKey("back \(number)"), at: time, in: &tx)
    }
  }

  func change(at time: Instant) -> Change { Change(by: .demo, at: time, ids: ground.ids) }

  @discardableResult func activate(
    _ code: String, _ member: MemberID? = nil, at time: Instant, in register: Pilot.Register? = nil
  ) async throws -> Offer {
    let change = change(at: time)
    let offers = Offers(of: programme, book: book, ids: ground.ids, in: register)
    return try await ground.write { tx in try offers.activate(code, for: member ?? anna, by: change, in: &tx) }
  }

  func end(_ code: String, at time: Instant) async throws {
    let change = change(at: time)
    _ = try await ground.write { tx in try offers.deactivate(code, for: anna, by: change, in: &tx) }
  }

  /// What a till would tell of the member.
  func listed(_ member: MemberID? = nil, at time: Instant, in register: Pilot.Register? = nil) async throws -> [Offer] {
    let (member, offers) = (member ?? anna, Offers(of: programme, book: book, ids: ground.ids, in: register))
    return try await ground.read { tx in
      let shopper = try programme.shopper(member, shown: .typed, at: time, in: &tx)
      return offers.offers(to: shopper, holding: try receipts.wallet(of: member, programme, ground.ids, in: &tx), at: time)
    }
  }

  func told(_ act: String) async throws -> Int {
    try await ground.read { tx in
      try AuditTrail(of: ground.account).entries(of: anna, limit: Limits.page, in: &tx).count { $0.act == act }
    }
  }

  /// What stands by the member's row, and by the acts.
  func standing() async throws -> (row: Consents, acts: Consents, count: Int) {
    try await ground.read { tx in
      let acts = try consents.records(of: anna, limit: Limits.page, in: &tx).map(\.act)
      return (try programme.members.profile(anna, at: Self.noon, in: &tx).consents, Consents(after: acts), acts.count)
    }
  }

  func record(_ acts: [ConsentAct], at time: Instant = noon) async throws -> Int {
    let change = change(at: time)
    return try await ground.write { tx in try consents.record(acts.map { (anna, $0) }, by: change, in: &tx) }
  }

  static func act(_ consent: Consent, _ isGiven: Bool, hour: Int64) -> ConsentAct {
    ConsentAct(
      consent, isGiven: isGiven, text: "2026-05", at: noon - .days(2) + .hours(hour), source: "till", proof: "form \(hour)")
  }
}

extension Receipts {
  fileprivate func wallet(
    of member: MemberID, _ programme: Programme, _ ids: IDSource, in tx: inout Transaction
  ) throws -> Wallet {
    try Wallets(of: programme, ids: ids).wallet(of: member, in: &tx)
  }
}
