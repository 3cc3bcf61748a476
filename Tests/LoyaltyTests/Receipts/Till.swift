import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit

/// A shop with one till, a programme that gives 5 % back, and shoppers.
struct Till: Sendable {
  /// 2026-11-21 12:00 in Moscow.
  static let noon = Instant(seconds: 1_795_251_600)
  static let tables = StorageSchema.tables + AccessSchema.tables + JobsSchema.tables + LoyaltySchema.tables
  static let account = AccountID(11)
  static let programme = ProgrammeID(12)
  static let milk = ProductID(501)
  static let tea = ProductID(502)

  let database: any Database
  let receipts: Receipts
  let wallets: Wallets
  let points: PointsTerms
  let rules: RuleShelf
  let ids: IDSource
  let store = StoreFacts(id: StoreID(77), zone: .moscow)

  init(
    _ database: any Database, promotions: [Promotion] = [], points: PointsTerms = PointsTerms(zone: .moscow),
    terms: ReturnTerms = ReturnTerms(), programme: ProgrammeTerms = ProgrammeTerms(), ids: IDSource = IDSource(node: 9),
    keys: KeyRing? = nil, hunts: Hunts = Hunts()
  ) {
    self.database = database
    self.ids = ids
    self.points = points
    rules = RuleShelf(RuleBook(version: 1, terms: programme, promotions: [Self.fiveBack] + promotions))
    receipts = Receipts(
      of: Self.account, programme: Self.programme, rules: rules, points: points, terms: terms, attachDays: 14, ids: ids,
      keys: keys, hunts: hunts)
    wallets = Wallets(of: Self.account, programme: Self.programme, terms: points, ids: ids)
  }

  static func on(
    _ kind: TestDatabase, promotions: [Promotion] = [], points: PointsTerms = PointsTerms(zone: .moscow),
    terms: ReturnTerms = ReturnTerms(), _ body: @Sendable (Till) async throws -> Void
  ) async throws {
    try await kind.withDatabase(tables) { database in
      try await body(Till(database, promotions: promotions, points: points, terms: terms))
    }
  }

  static var fiveBack: Promotion { promotion(1, .earnRate(.percent(5))) }

  static func promotion(
    _ id: Int64, _ benefit: Benefit, target: ProductFilter = .everything, condition: Condition = .all([]),
    limits: PromotionLimits = PromotionLimits()
  ) -> Promotion {
    Promotion(
      id: PromotionID(id), code: "P\(id)", name: LocalText(ru: "Акция \(id)", en: "Offer \(id)"), condition: condition,
      target: target,
      benefit: benefit, limits: limits)
  }

  func shopper(_ number: Int64) -> Shopper { .member(MemberSnapshot(id: MemberID(1000 + number))) }
  func key(_ number: Int64) -> ReceiptKey {
    ReceiptKey(store: store.id, register: "1", shift: 5, number: String(number), day: CivilDay(number: 20_778))
  }

  /// Milk at 100.00 and tea at 250.00, in pieces.
  func basket(milk: Int64 = 0, tea: Int64 = 0, spend: Int64 = 0, at time: Instant = Till.noon) -> Basket {
    var lines: [BasketLine] = []
    if milk > 0 {
      let product = ProductFacts(id: Self.milk, categories: [CategoryID(31), CategoryID(30)], flags: [])
      lines.append(BasketLine(id: "1", product: product, quantity: .pieces(milk), price: Money(minor: 10_000)))
    }
    if tea > 0 {
      let product = ProductFacts(id: Self.tea, brand: ProductBrandID(4), minPrice: Money(minor: 100))
      lines.append(BasketLine(id: "2", product: product, quantity: .pieces(tea), price: Money(minor: 25_000)))
    }
    return Basket(store: store, time: time, lines: lines, spend: spend > 0 ? .points(Points(units: spend)) : .nothing)
  }

  @discardableResult func sell(
    _ number: Int64, _ basket: Basket, to shopper: Shopper, request: String? = nil, stated: [Sale.StatedLine]? = nil,
    hold: HoldID? = nil,
    at now: Instant? = nil
  ) async throws -> Sold {
    let sale = Sale(key: key(number), basket: basket, stated: stated, hold: hold)
    let request = RequestKey(request ?? "sale \(number)")
    let time = now ?? basket.time
    return try await receipts.confirm(sale, by: shopper, request: request, at: time, on: database)
  }

  func goods(
    _ number: Int64, of original: Int64?, _ lines: [Return.Line], refund: ReturnTerms.Money? = nil,
    at time: Instant = Till.noon + .hours(1)
  ) -> Return {
    Return(
      key: key(9_000 + number), original: original.map { key($0) }, lines: lines, at: time, day: CivilDay(number: 20_778),
      refund: refund)
  }

  @discardableResult func takeBack(_ goods: Return, by shopper: Shopper = .nobody, request: String) async throws -> ReturnAnswer {
    try await database.write { tx in
      try receipts.takeBack(goods, by: shopper, request: RequestKey(request), at: goods.time, in: &tx)
    }
  }

  /// Points from another system, so that there is something to spend.
  func give(_ units: Int64, to shopper: Shopper, at now: Instant = Till.noon) async throws {
    guard let member = shopper.id else { return }
    let grant = Grant(Points(units: units), origin: .opening(ImportID(1)), activation: .atOnce)
    try await database.write { tx in
      let key: AdjustmentID = ids.next(at: now)
      let change = Change(by: .import, at: now, ids: ids)
      _ = try wallets.open(Opening(of: member, [grant]), from: ImportID(1), request: RequestKey("\(key)"), by: change, in: &tx)
    }
  }

  /// What a job does that begins a new period of tiers.
  func lowerStatus(by units: Int64, of shopper: Shopper, at now: Instant = Till.noon) async throws {
    guard let member = shopper.id else { return }
    let change = Change(by: .import, at: now, ids: ids)
    try await database.write { tx in
      _ = try wallets.count(
        status: Points(units: -units), of: member, because: "a new year", request: RequestKey("low"), by: change, in: &tx)
    }
  }

  func wallet(_ shopper: Shopper) async throws -> Wallet {
    let member = shopper.id ?? MemberID(0)
    return try await database.read { tx in try wallets.wallet(of: member, in: &tx) }
  }

  func receipt(_ number: Int64) async throws -> Receipt {
    let key = key(number)
    return try await database.read { tx in try receipts.receipt(key, in: &tx) }
  }

  /// What did not fit, oldest first.
  func discrepancies() async throws -> [Discrepancy] {
    let book = DiscrepancyBook(of: Self.account, programme: Self.programme)
    let day = Zone.moscow.civil(at: Self.noon).day
    let query = DiscrepancyQuery(day.adding(days: -30)...day.adding(days: 30), in: .moscow)
    return try await database.read { tx in try book.entries(query, limit: 100, in: &tx).reversed().map(\.found) }
  }

  func audit() async throws -> AuditReport {
    try await JournalAudit(of: Self.account, programme: Self.programme, terms: points, rules: rules).run(on: database)
  }
}
