import Calculator
import Imports
import Kernel
import Loyalty
import Storage
import Synchronization

/// What shoppers of one file bring to the tills, as a till would send it.
struct DemoBaskets: Sendable {
  struct Purchase: Sendable {
    let receipt: String
    let store: String
    let member: String
    let time: Instant
    let businessDay: CivilDay
    let wantsToSpend: Bool
    /// The line that is brought back an hour later.
    let returned: BasketLine?
    let basket: Basket
  }

  /// In the order of time.
  let purchases: [Purchase]

  /// Reads a file as the import would, and keeps what it would have sold instead of selling it.
  init(_ file: String, _ setup: DemoSetup, _ account: AccountID, _ floor: SalesFloor) async throws {
    let (members, sales) = (Kept<String>(), Kept<Sale>())
    var shoppers = DemoShoppers.all
    let wish = shoppers.wish
    shoppers.wish = { receipt, member in
      members.keep(member, for: receipt)
      return wish(receipt, member)
    }
    shoppers.after = { receipt, sale, _, _, _ in sales.keep(sale, for: receipt) }
    let importDesk = try await setup.wiring.importDesk(account, DemoSetup.programme, shoppers)
    var options = ImportOptions()
    options.isDryRun = true
    let run = ImportRun(
      into: setup.wiring.database, account: account, ids: setup.wiring.ids, options: options, refused: nil,
      now: setup.desk.world.now)
    _ = try await setup.carryOut(file, setup.mapping("receipts.json"), for: importDesk, run, saying: "reading ")
    let who = members.all
    purchases = sales.all.compactMap { receipt, sale in
      // Receipts all of whose lines had neither quantity nor amount have nothing that a till could send.
      guard let member = who[receipt], let store = floor.storeCode(sale.key.store), !sale.basket.lines.isEmpty else { return nil }
      return Purchase(
        receipt: receipt, store: store, member: member, time: sale.basket.time, businessDay: sale.businessDay,
        wantsToSpend: sale.basket.spend != .nothing, returned: DemoShoppers.lineThatComesBack(of: sale.basket, receipt),
        basket: sale.basket)
    }.sorted { ($0.time, $0.receipt) < ($1.time, $1.receipt) }
  }

  /// A dry run prices a chunk again where the database asks for it; the last answer counts.
  private final class Kept<Value: Sendable>: Sendable {
    private let values = Mutex<[String: Value]>([:])
    var all: [String: Value] { values.withLock { $0 } }
    func keep(_ value: Value, for receipt: String) { values.withLock { $0[receipt] = value } }
  }
}

extension DemoBaskets.Purchase {
  /// What the till asks: the basket, who stands there, and whether they want to spend points.
  func basketJSON(_ floor: SalesFloor, at time: Instant) -> [JSON.Member] {
    let amounts = AmountForm(floor.rules.terms)
    var members = [
      JSON.Member("store", .string(store)), JSON.Member("register", "1"), JSON.Member("time", .string(time.text)),
      JSON.Member("cashier", .string(cashier(floor, at: time))),
      JSON.Member("member", .object(["identifier": .string(member), "kind": "external", "shown": "app"])),
      JSON.Member("lines", .array(basket.lines.map { line($0, floor, amounts, nil) })),
    ]
    if !basket.coupons.isEmpty {
      members.append(
        JSON.Member(
          "coupons",
          .array(basket.coupons.map { .object(["code": .string($0.code), "series": $0.series.map(JSON.string)]) })))
    }
    if !basket.tenders.isEmpty {
      members.append(
        JSON.Member(
          "tenders",
          .array(
            basket.tenders.map { .object(["kind": .string($0.kind.rawValue), "amount": $0.amount.map(amounts.json)]) })))
    }
    return members
  }

  /// What was sold, at the amounts that the calculation gave and the till printed.
  func receiptJSON(_ floor: SalesFloor, _ quote: JSON, shift: Int64, number: String, at time: Instant) -> JSON {
    var members = basketJSON(floor, at: time).filter { $0.key != "lines" }
    let amounts = AmountForm(floor.rules.terms)
    var answers: [JSON] = []
    if case .array(let items)? = quote["lines"] { answers = items }
    members.append(
      JSON.Member("lines", .array(zip(basket.lines, answers).map { line($0, floor, amounts, $1) })))
    members.append(JSON.Member("receipt", .object(["shift": .int(shift), "number": .string(number)])))
    if let name = quote["calculationId"] { members.append(JSON.Member("calculationId", name)) }
    if let spent = quote["totals"]?["pointsSpent"] { members.append(JSON.Member("spend", spent)) }
    return .object(members)
  }

  /// Two people sit at each till, one until three in the afternoon.
  func cashier(_ floor: SalesFloor, at time: Instant) -> String {
    let zone = floor.till(store: store, register: "1")?.facts.zone ?? .utc
    return zone.civil(at: time).clock.second < 15 * 3_600 ? "K-1" : "K-2"
  }

  private func line(_ line: BasketLine, _ floor: SalesFloor, _ amounts: AmountForm, _ answer: JSON?) -> JSON {
    .object([
      "id": .string(line.id), "product": .string(floor.catalogue.code(line.product.id) ?? "\(line.product.id)"),
      "quantity": .string(line.quantity.decimalText), "price": amounts.json(line.price), "kind": .string(line.kind.rawValue),
      "tillReductions": line.tillReductions.isEmpty
        ? nil
        : .array(line.tillReductions.map { .object(["kind": .string($0.kind), "amount": amounts.json($0.amount)]) }),
      "isPriceLocked": line.isPriceLocked ? true : nil, "amount": answer?["amount"], "paidWithPoints": answer?["paidWithPoints"],
    ])
  }
}
