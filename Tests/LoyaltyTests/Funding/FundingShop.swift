import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit

/// A chain with three stores whose promotions a dairy, a tea house and the retailer pay for in shares that leave kopecks over.
struct FundingShop: Sendable {
  static let dairy = FundingKey(payer: .supplier, code: "dairy", contract: "7/26")
  static let teaHouse = FundingKey(payer: .supplier, code: "tea", contract: "")
  static let date = CivilDay(number: 20_778)

  let till: Till
  let stores: [StoreFacts]
  let office = FundingOffice(of: Till.account, programme: Till.programme, zone: .moscow)

  static var promotions: [Promotion] {
    let dairy = Funding(payer: .supplier, code: "dairy", share: Rate(ppm: 333_333), contract: "7/26")
    let own = Funding(payer: .retailer, share: Rate(ppm: 666_667))
    var off = Till.promotion(2, .percent(.percent(7), of: .reduced))
    off.funding = [dairy, own]
    var third = Till.promotion(
      3, .freeUnits(buy: 2, free: 1, rate: .whole, lands: .free, perProduct: true), target: .products(IDList([Till.milk])))
    third.funding = [Funding(payer: .supplier, code: "dairy", share: .percent(100), contract: "7/26")]
    var bonus = Till.promotion(4, .earnFixed(Points(units: 31)), target: .products(IDList([Till.tea])))
    bonus.funding = [
      Funding(payer: .supplier, code: "tea", share: .percent(50)),
      Funding(payer: .supplier, code: "dairy", share: .percent(50), contract: "7/26"),
    ]
    return [off, third, bonus]
  }

  static func on(
    _ kind: TestDatabase, terms: ReturnTerms = ReturnTerms(), promotions: [Promotion] = promotions,
    _ body: @Sendable (FundingShop) async throws -> Void
  ) async throws {
    try await Till.on(kind, promotions: promotions, terms: terms) { till in
      try await till.database.write { tx in
        try tx.run("insert into account values (\(Till.account), 'pantry', 'Pantry', 'RUB', '7', 0, 0, \(Till.noon))")
        try tx.run("insert into programme values (\(Till.programme), \(Till.account), 'P', 1, '{}', \(Till.noon))")
      }
      try await body(FundingShop(till: till, stores: (0..<3).map { StoreFacts(id: StoreID(70 + $0), zone: .moscow) }))
    }
  }

  var books: GiftBooks { GiftBooks { _, _, _, _ in till.rules.current } }

  /// - Parameter days: from the shop's day on.
  func key(_ number: Int64, store: Int = 0, days: Int = 0) -> ReceiptKey {
    ReceiptKey(store: stores[store].id, register: "1", shift: 5, number: String(number), day: Self.date.adding(days: days))
  }

  @discardableResult func sell(
    _ number: Int64, milk: Int64 = 0, tea: Int64 = 0, spend: Int64 = 0, to shopper: Shopper = .nobody, store: Int = 0,
    at time: Instant = Till.noon, days: Int = 0, posted: Instant? = nil, request: String? = nil
  ) async throws -> Sold {
    var basket = till.basket(milk: milk, tea: tea, spend: spend, at: time)
    basket.store = stores[store]
    let request = RequestKey(request ?? "sale \(store) \(number)")
    let sale = Sale(key: key(number, store: store, days: days), basket: basket)
    return try await till.receipts.confirm(sale, by: shopper, request: request, at: posted ?? time, on: till.database)
  }

  @discardableResult func takeBack(
    _ number: Int64, of original: Int64?, milk: Int64 = 0, tea: Int64 = 0, from: Int = 0, in store: Int = 0, days: Int = 0,
    soldBefore sold: Int = 0, refund: ReturnTerms.Money? = nil
  ) async throws -> ReturnAnswer {
    var lines: [Return.Line] = []
    if milk > 0 { lines.append(Return.Line(.product(Till.milk), quantity: .pieces(milk))) }
    if tea > 0 { lines.append(Return.Line(.product(Till.tea), quantity: .pieces(tea))) }
    let goods = Return(
      key: key(10_000 + number, store: store), original: original.map { key($0, store: from, days: -sold) }, lines: lines,
      at: Till.noon + .hours(1) + .days(Int64(days)), day: Self.date.adding(days: days), refund: refund)
    return try await till.takeBack(goods, request: "back \(store) \(number)")
  }

  func cancel(_ number: Int64, store: Int = 0) async throws {
    let key = key(number, store: store)
    _ = try await till.database.write { tx in
      try till.receipts.cancel(key, request: RequestKey("cancel \(store) \(number)"), at: Till.noon + .hours(2), in: &tx)
    }
  }

  /// False where nothing of the receipt can be claimed any more.
  @discardableResult func claim(_ number: Int64, store: Int = 0) async throws -> Bool {
    let (key, member) = (key(number, store: store), MemberSnapshot(id: MemberID(1001)))
    do {
      _ = try await till.database.write { tx in
        try till.receipts.attach(
          key, to: member, request: RequestKey("claim \(store) \(number)"), at: Till.noon + .hours(2), in: &tx)
      }
      return true
    } catch let problem as Problem {
      guard problem.code == "receipt_returned" else { throw problem }
      return false
    }
  }

  func events() async throws -> [Event] {
    try await till.database.read { tx in try Outbox(of: Till.account).events(after: nil, limit: 1_000, in: &tx) }
  }

  /// Gives all events their positions, as the relay does where they have none.
  func number() async throws {
    let columns = "id, account_id, owner_id, kind, subject_id, at, body"
    try await till.database.write { tx in
      guard tx.dialect == .postgres else { return }
      _ = try tx.run(
        SQL(prepared: "insert into event (position, \(columns)) select row_number() over (order by id), \(columns) from outbox", [])
      )
      _ = try tx.run("delete from outbox")
    }
  }

  func take(_ events: [Event]) async throws {
    let books = books
    try await till.database.write { tx in try SettlementDays(of: Till.account, books: books).take(events, in: &tx) }
  }

  func audit() async throws -> SettlementReport {
    try await SettlementAudit(of: Till.account, programme: Till.programme, books: books)
      .run(on: till.database, position: { _ in (0, 0) })
  }

  func contract(_ key: FundingKey = dairy, cap: Int64? = nil) async throws -> FundingContract {
    let change = Change(by: .demo, at: Till.noon, ids: till.ids)
    let details = FundingDetails(name: "Dairy LLC", taxNumber: "7701234567", cap: cap.map { Money(minor: $0) })
    return try await till.database.write { tx in
      try office.contract(office.save(key, details, by: change, in: &tx), in: &tx)
    }
  }

  func preview(_ contract: FundingContract, _ days: ClosedRange<CivilDay> = date...date) async throws -> FundingAct {
    try await till.database.read { tx in try office.preview(of: contract, days, in: &tx) }
  }

  @discardableResult func issue(
    _ contract: FundingContract, _ days: ClosedRange<CivilDay> = date...date, seen: Money? = nil, after: Int64 = 10
  ) async throws -> FundingActHead {
    let change = Change(by: .demo, at: Till.noon + .days(after), ids: till.ids)
    return try await till.database.write { tx in try office.issue(contract.id, days, seen: seen, by: change, in: &tx) }
  }
}
