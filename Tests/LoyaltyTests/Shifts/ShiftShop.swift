import Access
import Calculator
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit

/// A chain with a few stores whose tills close their shifts.
struct ShiftShop: Sendable {
  let till: Till
  let shifts: Shifts
  let stores: [StoreFacts]
  /// Of the printed receipts.
  static let date = CivilDay(number: 20_778)

  static func on(_ kind: TestDatabase, stores count: Int = 1, _ body: @Sendable (ShiftShop) async throws -> Void) async throws {
    try await Till.on(kind) { till in
      let change = Change(by: .demo, at: Till.noon, ids: till.ids)
      let rows = (1...count).map { number in
        StoreDetails(
          code: "S\(number)", name: "Shop \(number)", brand: "green", legalEntity: "llc", zone: "Europe/Moscow", dayStart: .midnight
        )
      }
      let ids = try await till.database.write { tx in
        try tx.run(
          "insert into account values (\(Till.account), 'pantry', 'Pantry', 'RUB', '7', 0, 0, \(Till.noon))")
        let places = Places(of: Till.account)
        _ = try places.save([BrandDetails(code: "green", name: "Green")], by: change, in: &tx)
        _ = try places.save([LegalEntityDetails(code: "llc", name: "Green LLC")], by: change, in: &tx)
        return try places.save(rows, by: change, in: &tx).ids
      }
      let shifts = Shifts(of: Till.account, programme: Till.programme, ids: till.ids)
      try await body(ShiftShop(till: till, shifts: shifts, stores: ids.map { StoreFacts(id: $0, zone: .moscow) }))
    }
  }

  func key(_ number: Int64, store: Int = 0, shift: Int64 = 5, date: CivilDay = ShiftShop.date) -> ReceiptKey {
    ReceiptKey(store: stores[store].id, register: "1", shift: shift, number: String(number), day: date)
  }

  func shift(_ number: Int64 = 5, store: Int = 0) -> ShiftKey {
    ShiftKey(store: stores[store].id, register: "1", shift: number, day: Self.date)
  }

  @discardableResult func sell(
    _ number: Int64, milk: Int64 = 1, spend: Int64 = 0, to shopper: Shopper = .nobody, store: Int = 0,
    date: CivilDay = ShiftShop.date,
    at time: Instant = Till.noon, request: String? = nil
  ) async throws -> Sold {
    var basket = till.basket(milk: milk, spend: spend, at: time)
    basket.store = stores[store]
    let sale = Sale(key: key(number, store: store, date: date), basket: basket)
    let request = RequestKey(request ?? "sale \(store) \(number)")
    return try await till.receipts.confirm(sale, by: shopper, request: request, at: time, on: till.database)
  }

  @discardableResult func takeBack(
    _ number: Int64, of original: Int64?, milk: Int64 = 1, store: Int = 0, stated: Money? = nil, request: String? = nil
  ) async throws -> ReturnAnswer {
    let goods = Return(
      key: key(number, store: store), original: original.map { key($0, store: store) },
      lines: [Return.Line(.product(Till.milk), quantity: .pieces(milk))], at: Till.noon + .hours(1), day: Self.date, stated: stated)
    return try await till.takeBack(goods, request: request ?? "back \(store) \(number)")
  }

  func cancel(_ number: Int64, store: Int = 0) async throws {
    let key = key(number, store: store)
    _ = try await till.database.write { tx in
      try till.receipts.cancel(key, request: RequestKey("cancel \(store) \(number)"), at: Till.noon + .hours(1), in: &tx)
    }
  }

  static func sale(_ number: Int64, _ roubles: Int64, date: CivilDay = ShiftShop.date) -> ShiftReceipt {
    ShiftReceipt(.sale, number: String(number), date: date, amount: Money(minor: roubles * 100))
  }
  static func back(_ number: Int64, _ roubles: Int64) -> ShiftReceipt {
    ShiftReceipt(.return, number: String(number), date: date, amount: Money(minor: roubles * 100))
  }

  /// A statement whose sums are those of its receipts; they are listed, or not.
  func closing(_ receipts: [ShiftReceipt], listed: Bool = true, shift: ShiftKey? = nil, hours: Int64 = 10) -> ShiftClosing {
    func sum(_ kind: ShiftReceipt.Kind) -> ShiftSum {
      let some = receipts.filter { $0.kind == kind }
      return ShiftSum(count: some.count, amount: some.reduce(.zero) { $0 + $1.amount })
    }
    return ShiftClosing(
      shift ?? self.shift(), opened: Till.noon - .hours(4), closed: Till.noon - .hours(4) + .hours(hours), zone: .moscow,
      sales: sum(.sale), returns: sum(.return), receipts: listed ? receipts : nil)
  }

  @discardableResult func close(
    _ closing: ShiftClosing, request: String = "close", hash: Int64 = 1, at now: Instant = Till.noon + .hours(9)
  ) async throws -> ShiftAnswer {
    try await till.database.write { tx in
      try shifts.close(closing, bodyHash: hash, request: RequestKey(request), at: now, in: &tx)
    }
  }

  func now(_ key: ShiftKey? = nil) async throws -> ShiftAnswer {
    let key = key ?? shift()
    return try await till.database.read { tx in try shifts.closing(of: key, at: Till.noon + .hours(20), in: &tx) }.answer
  }

  func board(_ days: ClosedRange<CivilDay> = date...date, hidesEmpty: Bool = true) async throws -> Board {
    try await till.database.read { tx in try Board.read(of: Till.account, days: days, hidesEmpty: hidesEmpty, in: &tx) }
  }

  func events() async throws -> [Event] {
    try await till.database.read { tx in try Outbox(of: Till.account).events(after: nil, limit: 1_000, in: &tx) }
  }

  @discardableResult func take(_ events: [Event]) async throws -> StoreDays.Taken {
    try await till.database.write { tx in try StoreDays(of: Till.account).take(events, in: &tx) }
  }
}
