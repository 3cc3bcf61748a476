import Calculator
import Kernel
import Loyalty
import Storage

// Goods that come back, and receipts that were not printed after all.
extension TillDesk {
  /// `POST /till/v1/receipts/{key}/returns`: by the original.
  func takeBack(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    return try await takeBack(ask, original: receiptKey(call, ask.floor, ask.till, isFact: true))
  }

  /// `POST /till/v1/returns`: the shopper has no receipt.
  func takeBackUnmatched(_ call: Call) async throws -> Answer { try await takeBack(ask(call), original: nil) }

  private func takeBack(_ ask: Ask, original: ReceiptKey?) async throws -> Answer {
    do {
      let request = try ask.call.requestKey()
      let reading = try ReturnReading(ask, original: original)
      var floor = ask.floor
      var goods = reading.goods
      if !reading.unknownGoods.isEmpty {
        floor = try await admit(reading.unknownGoods, to: floor, ask.call)
        goods = try ReturnReading(
          Ask(call: ask.call, floor: floor, till: ask.till, body: ask.body), original: original
        ).goods
      }
      let (programme, receipts, call, returned) = (floor.programme, floor.receipts, ask.call, goods)
      let answer = try await database.write(.till) { tx in
        let found = try programme.identify(reading.showing, at: returned.time, in: &tx)
        return try receipts.takeBack(returned, by: found.shopper, request: request, at: call.at, in: &tx)
      }
      count(answer.discrepancies)
      return Answer(201, ReturnForm(floor).json(answer, leaving: reading.left))
    } catch let problem as Problem {
      keepRefusal(ask, original == nil ? "returns" : "receipts/returns", problem)
      throw problem
    }
  }

  /// `POST /till/v1/receipts/{key}/cancellation`: nothing was printed.
  func cancel(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let node = JSONNode(ask.body, issues: IssueList(leavingUnknown: true))
      node.expect("store", "register", "member", "hold", "time")
      let showing = BasketReading.showing(node["member"])
      let hold = node["hold"].text().flatMap { OwnedID<Entity.Hold>($0) }
      if node["hold"].isPresent, hold == nil { node["hold"].unknown("not_an_id", "this is no hold of ours") }
      let time = node["time"].isPresent ? BasketReading(ask.floor, ask.till, .accepting, stated: false).time(node["time"]) : nil
      try node.issues.check("the cancellation")
      let key = try receiptKey(call, ask.floor, ask.till, isFact: true)
      let (programme, receipts) = (ask.programme, ask.floor.receipts)
      let holder = hold.map { Showing(.member($0.member), shown: .typed) }
      let left = node.issues.left
      let answer = try await database.write(.till) { tx in
        let found = try programme.identify(holder ?? showing, at: call.at, in: &tx)
        return try receipts.cancel(
          key, hold: hold?.id, by: found.shopper, noting: Discrepancy.leaving(left).map { [$0] } ?? [], cancelledAt: time,
          request: request, at: call.at, in: &tx)
      }
      if let answer { count(answer.discrepancies) }
      let undone = answer.map { ReturnForm(ask.floor).json($0, leaving: []) } ?? .null
      return Answer(200, .object(["undone": undone, "leftAside": .leftAside(left)]))
    } catch let problem as Problem {
      keepRefusal(ask, "receipts/cancellation", problem)
      throw problem
    }
  }
}

/// A return as a till tells of it.
struct ReturnReading {
  let goods: Return
  let showing: Showing?
  let unknownGoods: [String]
  /// As in `SaleReading`.
  let left: [String]

  /// - Throws: `Problem.invalid` with every issue.
  /// - Parameter extra: members of the body besides those of a return.
  init(_ ask: Ask, original: ReceiptKey?, extra: [String] = []) throws {
    let node = JSONNode(ask.body, issues: IssueList(leavingUnknown: true))
    node.expect(
      ["store", "register", "receipt", "time", "member", "lines", "refund", "isDefect", "amount", "goods", "cashier"] + extra)
    var reading = BasketReading(ask.floor, ask.till, .accepting, stated: false)
    let time = node["time"].required() ? reading.time(node["time"]) ?? ask.call.at : ask.call.at
    let key = SaleReading.key(node["receipt"], ask.till, at: time)
    var unknown: [String] = []
    let lines = node["lines"].items(max: Limits.lines).compactMap { Self.line($0, ask.floor, &unknown) }
    if node["lines"].required(), lines.isEmpty { node["lines"].refuse("empty", "at least one line comes back") }
    var basket: Basket?
    if node["goods"].isPresent {
      basket = Basket(
        store: ask.till.facts, register: ask.till.profile, time: time, lines: reading.reader.lines(node["goods"]))
    }
    let day = ask.till.facts.zone.businessDay(at: time, dayStart: ask.till.facts.dayStart)
    let refund = node["refund"].word(ReturnTerms.Money.self)
    let amount = reading.reader.amounts.money(node["amount"])
    let isDefect = node["isDefect"].bool() ?? false
    showing = BasketReading.showing(node["member"])
    let cashier = BasketReading.cashier(node["cashier"])
    try node.issues.check("the return")
    var goods = Return(
      key: key, original: original, lines: lines, at: time, day: day, refund: refund, isDefect: isDefect, goods: basket,
      stated: amount)
    var hash = StableHash()
    hash.mix(BodyHash.of(ask.body, ask.till))
    hash.mix(ask.call.path["key"] ?? "")
    goods.bodyHash = Int64(bitPattern: hash.value)
    goods.cashier = cashier
    left = node.issues.left
    goods.notes = Discrepancy.leaving(left).map { [$0] } ?? []
    self.goods = goods
    unknownGoods = unknown + reading.unknownGoods
  }

  /// `{ "line": "3", "quantity": "1" }`, `{ "mark": "01…" }`, `{ "product": "4711" }` or `{ "barcode": "…" }`.
  private static func line(_ node: JSONNode, _ floor: SalesFloor, _ unknown: inout [String]) -> Return.Line? {
    node.expect("line", "mark", "product", "barcode", "quantity")
    let quantity = node["quantity"].isPresent ? Quantity.read(node["quantity"]) : .one
    guard let quantity else { return nil }
    let (line, mark) = (node["line"].code(), node["mark"].text())
    if node["line"].isPresent || node["mark"].isPresent {
      _ = (node["product"].code(), node["barcode"].code())
      return line.map { Return.Line(.line($0), quantity: quantity) } ?? mark.map { Return.Line(.mark($0), quantity: quantity) }
    }
    guard node["product"].isPresent || node["barcode"].isPresent else {
      node.refuse("missing", "say which goods: line, mark, product or barcode")
      return nil
    }
    guard let code = BasketReading.code(node) else { return nil }
    if let facts = floor.catalogue.facts(code: code) ?? Barcode(code).flatMap({ floor.catalogue.facts($0) }) {
      return Return.Line(.product(facts.id), quantity: quantity)
    }
    unknown.append(code)
    return Return.Line(.product(ProductID(0)), quantity: quantity)
  }
}

/// What a return gives back, as a till reads it.
struct ReturnForm {
  private let sold: SoldForm
  private var amounts: AmountForm { sold.amounts }

  init(_ floor: SalesFloor) { sold = SoldForm(floor) }

  /// - Parameter left: where something stood that was left aside.
  func json(_ answer: ReturnAnswer, leaving left: [String]) -> JSON {
    .object([
      "return": .string("\(answer.document)"), "amount": amounts.json(answer.amount),
      "pointsGivenBack": amounts.json(answer.givenBack), "pointsTakenBack": amounts.json(answer.takenBack),
      "refunds": .array(answer.refunds.map(refund)), "discrepancies": .array(answer.discrepancies.map(sold.discrepancy)),
      "leftAside": .leftAside(left),
    ])
  }

  private func refund(_ refund: Refund) -> JSON {
    .object([
      "receipt": refund.receipt.map { .string("\($0)") }, "policy": .string(refund.policy.rawValue),
      "amount": amounts.json(refund.amount), "pointsGivenBack": amounts.json(refund.givenBack),
      "pointsTakenBack": amounts.json(refund.takenBack), "lostBenefit": amounts.json(refund.lost),
      "lines": .array(refund.lines.map(line)), "documents": refund.reissue.map(documents),
      "certificates": refund.certificates.isEmpty
        ? nil
        : .array(
          refund.certificates.map { .object(["certificate": .string($0.code), "amount": amounts.json($0.amount)]) }),
    ])
  }

  private func line(_ line: RefundedLine) -> JSON {
    .object([
      "place": line.line < 0 ? nil : .int(Int64(line.line)), "quantity": .string(line.quantity.decimalText),
      "amount": amounts.json(line.amount), "paidWithPoints": amounts.json(line.paidWithPoints),
      "pointsGivenBack": amounts.json(line.points),
    ])
  }

  /// Where what stays was priced anew the till prints two: all comes back, what stays is sold again.
  private func documents(_ reissue: Reissue) -> JSON {
    .object([
      "returned": .array(reissue.returned.map(document)), "sold": .array(reissue.sold.map(document)),
      "refund": amounts.json(reissue.refund),
    ])
  }

  private func document(_ line: DocumentLine) -> JSON {
    .object([
      "place": .int(Int64(line.line)), "quantity": .string(line.quantity.decimalText), "amount": amounts.json(line.amount),
      "paidWithPoints": amounts.json(line.paidWithPoints), "points": amounts.json(line.points),
      "parts": .array(
        line.parts.map {
          .object([
            "quantity": .string($0.quantity.decimalText), "price": amounts.json($0.price), "amount": amounts.json($0.amount),
          ])
        }),
    ])
  }
}
