import Jobs
import Kernel
import Loyalty
import Storage
import TestKit

/// Messages of tills about one receipt of two milks and a tea, and what is left when all of them have come.
struct OvertakingErrand: Sendable {
  enum Word: Hashable, Sendable {
    case sale
    case back(Int64)
    case cancellation
  }

  let till: Till
  var key: ReceiptKey
  var buyer: Shopper
  /// Who comes with the goods.
  var bringer: Shopper
  /// What comes back, by the number of its document.
  var goods: [Int64: [Return.Line]]
  /// What the till paid out for the first document.
  var stated: Money?
  var time = Till.noon + .hours(1)
  var takesEarning = false

  init(_ till: Till, to buyer: Shopper, number: Int64 = 1, goods: [Int64: [Return.Line]]) {
    self.till = till
    self.buyer = buyer
    self.goods = goods
    bringer = buyer
    key = till.key(number)
  }

  static let halves: [Int64: [Return.Line]] = [
    1: [.init(.line("1"))], 2: [.init(.product(Till.milk)), .init(.line("2"))],
  ]

  mutating func print(fiscal document: Int64) {
    key = ReceiptKey(
      store: key.store, register: key.register, shift: key.shift, number: key.number, day: key.day,
      fiscal: .init(drive: "9289000100012345", document: document))
  }

  private var number: String { key.number }
  /// Where there is a fiscal document, whoever takes goods or cancels knows nothing else.
  private var named: ReceiptKey { key.fiscal.map { ReceiptKey(fiscal: $0, near: key.store) } ?? key }

  @discardableResult func sell(_ request: String = "sale") async throws -> Sold {
    let sale = Sale(key: key, basket: till.basket(milk: 2, tea: 1, spend: buyer.id == nil ? 0 : 60))
    return try await till.receipts.confirm(
      sale, by: buyer, request: RequestKey("\(request) \(number)"), at: Till.noon + .hours(2), on: till.database)
  }

  @discardableResult func back(_ document: Int64, _ request: String = "back") async throws -> ReturnAnswer {
    var returned = Return(
      key: till.key(9_000 + 10 * (Int64(number) ?? 0) + document), original: named, lines: goods[document] ?? [], at: time,
      day: CivilDay(number: 20_778), stated: document == 1 ? stated : nil)
    if takesEarning { returned.goods = till.basket(milk: 2, tea: 1) }
    let goods = returned
    return try await till.database.write { tx in
      try till.receipts.takeBack(
        goods, by: bringer, request: RequestKey("\(request) \(number) \(document)"), at: Till.noon + .hours(2), in: &tx)
    }
  }

  @discardableResult func cancel(_ request: String = "no") async throws -> ReturnAnswer? {
    try await till.database.write { tx in
      try till.receipts.cancel(named, request: RequestKey("\(request) \(number)"), at: Till.noon + .hours(2), in: &tx)
    }
  }

  func tell(_ words: [Word]) async throws {
    for word in words {
      switch word {
      case .sale: try await sell()
      case .back(let document): try await back(document)
      case .cancellation: try await cancel()
      }
    }
  }

  func receipt() async throws -> Receipt { try await till.database.read { tx in try till.receipts.receipt(key, in: &tx) } }

  /// What must not depend on who came first: wallets, the receipt, what came back, and the sums that are made of events.
  func end() async throws -> [String] {
    let receipt = try await receipt()
    var lines = ["\(receipt.state) \(receipt.amount.minor) \(receipt.spent.units) \(receipt.earned.units)"]
    for shopper in Set([buyer, bringer]).sorted(by: { ($0.id?.raw ?? 0) < ($1.id?.raw ?? 0) }) {
      let wallet = try await till.wallet(shopper)
      lines.append("\(wallet.active.units) \(wallet.debt.units) \(wallet.history.purchases) \(wallet.history.paid.minor)")
    }
    return try await lines + sums()
  }

  /// The returns that count, what did not fit, and the days of stores and members: events are taken backwards, since any order will do.
  func sums() async throws -> [String] {
    try await till.database.write { tx in
      let events = try Outbox(of: Till.account).events(after: nil, limit: 1_000, in: &tx)
      // A day of a member is there with its sale, and has less then.
      let taken = try StoreDays(of: Till.account).take(events.reversed(), in: &tx)
      _ = try MemberDays(of: Till.account).take(events, in: &tx)
      return try ["\(taken.silent) silent"]
        + [(Self.returns, 5), (Self.notes, 4), (Self.stores, 12), (Self.members, 5)].map { text, columns in
          try tx.rows(SQL(prepared: text, [])).map { row in (0..<columns).map { "\(row.int($0))" }.joined(separator: " ") }
            .joined(separator: ", ")
        }
    }
  }

  private static let returns = """
    select count(*), count(receipt_id), cast(coalesce(sum(amount), 0) as bigint), cast(coalesce(sum(given_back), 0) as bigint),
      cast(coalesce(sum(taken_back), 0) as bigint) from receipt_return where matched_as is null
    """
  private static let notes = """
    select cast(length(cause) as bigint), cast(sum(stated) as bigint), cast(sum(expected) as bigint), count(*) from discrepancy
    group by cause order by cause
    """
  private static let stores = """
    select day, receipts, amount, member_receipts, member_amount, earned, spent, returns, returned, taken_back, given_back,
      discrepancies from store_day order by day
    """
  private static let members = "select owner_id, day, receipts, amount, points from member_day order by owner_id, day"
}

/// Collects what came of each order.
actor OvertakingEnds {
  private(set) var all: [[String]] = []
  func add(_ end: [String]) { all.append(end) }
}
