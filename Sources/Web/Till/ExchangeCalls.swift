import Calculator
import Kernel
import Loyalty
import Storage

// What happens to a sale afterwards besides a return: goods for other goods, and points that were waiting for the delivery.
extension TillDesk {
  /// `POST /till/v1/exchanges`: goods come back and others are sold, as one.
  func exchange(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      var reading = try ExchangeReading(ask)
      var floor = ask.floor
      if !reading.unknownGoods.isEmpty {
        floor = try await admit(reading.unknownGoods, to: floor, ask.call)
        reading = try ExchangeReading(Ask(call: call, floor: floor, till: ask.till, body: ask.body))
      }
      let (receipts, read) = (floor.receipts, reading)
      let buyer = Buyer.shown(
        read.showing, in: floor.programme, spending: read.sale.basket.spend, at: read.sale.basket.time)
      let (returned, sold) = try await database.write(.till) { tx in
        try receipts.exchange(read.goods, for: read.sale, boughtBy: buyer, request: request, at: call.at, in: &tx)
      }
      count(returned.discrepancies)
      count(sold)
      let (amounts, net) = (floor.amounts, sold.amount - returned.amount)
      return Answer(
        201,
        .object([
          "returned": ReturnForm(floor).json(returned, leaving: read.leftOfReturn),
          "sold": SoldForm(floor).json(sold, key: read.sale.key, leaving: read.leftOfSale),
          "toPay": amounts.json(max(net, .zero)), "toPayBack": amounts.json(max(.zero - net, .zero)),
          "leftAside": .leftAside(read.left),
        ]))
    } catch let problem as Problem {
      keepRefusal(ask, "exchanges", problem)
      throw problem
    }
  }

  /// `POST /till/v1/receipts/{key}/activations`: what points of the receipt waited for has happened.
  func activatePoints(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let node = JSONNode(ask.body)
      node.expect("store", "register")
      try node.issues.check("the activation")
      let key = try receiptKey(call, ask.floor, ask.till)
      let receipts = ask.floor.receipts
      let released = try await database.write(.till) { tx in
        try receipts.release(key, request: request, at: call.at, in: &tx)
      }
      let form = SoldForm(ask.floor)
      return Answer(
        201,
        .object([
          "receipt": .string("\(released.receipt)"), "activated": form.amounts.json(released.points),
          "balance": released.balance.map(form.balance),
        ]))
    } catch let problem as Problem {
      keepRefusal(ask, "receipts/activations", problem)
      throw problem
    }
  }
}

/// An exchange as a till tells of it: a return and a sale, each as it would be told alone.
struct ExchangeReading {
  let goods: Return
  let sale: Sale
  /// Of the sale, else of the return: both are one shopper's.
  let showing: Showing?
  let unknownGoods: [String]
  /// Where something stood that nobody here knows: in each part, and around them.
  let leftOfReturn: [String]
  let leftOfSale: [String]
  let left: [String]

  /// - Throws: `Problem.invalid` with every issue of the part that cannot be read; `Problem.notFound` (`receipt_unknown`) where `of` is no key.
  init(_ ask: Ask) throws {
    let node = JSONNode(ask.body, issues: IssueList(leavingUnknown: true))
    node.expect("store", "register", "returned", "sold")
    for part in ["returned", "sold"] { _ = node[part].required() }
    let named = node["returned"]["of"].text(max: Limits.name)
    SaleReading.refuseOther(ask.till, node["returned"])
    try node.issues.check("the exchange")
    left = node.issues.left
    let (back, sold) = (node["returned"].json ?? .null, node["sold"].json ?? .null)
    let original = try named.map { text in
      try ReceiptPath.key(text, in: ask.till.store.id, isFact: true) { ask.floor.store($0)?.id }
    }
    let returning = try Self.part("returned") {
      try ReturnReading(Ask(call: ask.call, floor: ask.floor, till: ask.till, body: back), original: original, extra: ["of"])
    }
    let selling = try Self.part("sold") {
      try SaleReading(sold, ask.floor, ask.till, offline: false, at: ask.call.at)
    }
    (goods, sale) = (returning.goods, selling.sale)
    showing = selling.showing ?? returning.showing
    unknownGoods = returning.unknownGoods + selling.unknownGoods
    (leftOfReturn, leftOfSale) = (returning.left, selling.left)
  }

  /// With the part's name before the pointers of what is wrong in it.
  private static func part<Reading>(_ name: String, _ read: () throws -> Reading) throws -> Reading {
    do { return try read() } catch let problem as Problem where problem.kind == .invalid {
      let issues = problem.issues.map { Issue(pointer: "/\(name)\($0.pointer)", code: $0.code, message: $0.message) }
      throw Problem(problem.kind, problem.code, problem.detail, cashier: problem.cashier, remedy: problem.remedy, issues: issues)
    }
  }
}
