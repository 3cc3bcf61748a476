import Calculator
import Kernel
import Loyalty
import Storage

// The end of a shift, and how all shifts stand.
extension TillDesk {
  /// `POST /till/v1/shift-closings`: the till states what it sold; the answer lists what is missing and what is too much.
  func closeShift(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let closing = try ShiftReading(ask).closing
      let (programme, ids, hash) = (ask.programme, ids, BodyHash.of(ask.body, ask.till))
      let answer = try await database.write(.till) { tx in
        try Shifts(of: programme.account, programme: programme.id, ids: ids).close(
          closing, bodyHash: hash, request: request, at: call.at, in: &tx)
      }
      meters.count("regulars_shifts_closed_total", "ties", answer.ties ? "yes" : "no")
      return Answer(201, ask.floor.shiftForm.json(answer))
    } catch let problem as Problem {
      keepRefusal(ask, "shift-closings", problem)
      throw problem
    }
  }

  /// `GET /till/v1/shift-closings/{key}`: the same against what has arrived by now; `store~register~shift~date`.
  func showShift(_ call: Call) async throws -> Answer {
    let (floor, _) = try await askByQuery(call)
    let key = try ReceiptPath.shift(call.path["key"] ?? "") { floor.store($0)?.id }
    let (programme, ids) = (floor.programme, ids)
    let shift = try await database.read { tx in
      try Shifts(of: programme.account, programme: programme.id, ids: ids).closing(of: key, at: call.at, in: &tx)
    }
    return Answer(200, floor.shiftForm.json(shift, in: floor.storeCode(key.store) ?? "\(key.store)"))
  }

  /// `GET /till/v1/board?from=…&to=…`: store × day.
  func board(_ call: Call) async throws -> Answer {
    let (floor, _) = try await askByQuery(call)
    let issues = IssueList()
    let last = day(call.query["to"], "?to", issues) ?? floor.programme.settings.points.zone.civil(at: call.at).day
    let first = day(call.query["from"], "?from", issues) ?? last.adding(days: -6)
    if first > last || last - first >= Limits.boardDays {
      issues.add("?from", "out_of_range", "a board shows 1 to \(Limits.boardDays) days, the first not after the last")
    }
    try issues.check("the query")
    let account = floor.programme.account
    let after = call.query["after"]
    let board = try await database.read { tx in
      try Board.read(of: account, days: first...last, after: after, hidesEmpty: call.query["all"] != "true", in: &tx)
    }
    return Answer(200, floor.shiftForm.json(board))
  }

  private func day(_ text: String?, _ pointer: String, _ issues: IssueList) -> CivilDay? {
    guard let text else { return nil }
    if let day = CivilDay(text), (2000...2100).contains(day.parts.year) { return day }
    issues.add(pointer, "not_a_day", "a day is expected here, for example 2026-11-21")
    return nil
  }
}

extension SalesFloor {
  var shiftForm: ShiftForm { ShiftForm(rules.terms.currency, pointsScale: rules.terms.pointsScale) }
}

/// A shift as a till states it.
private struct ShiftReading {
  let closing: ShiftClosing

  /// - Throws: `Problem.invalid` with every issue.
  init(_ ask: Ask) throws(Problem) {
    let node = JSONNode(ask.body)
    node.expect("store", "register", "shift", "day", "opened", "closed", "sales", "returns", "receipts")
    let reading = BasketReading(ask.floor, ask.till, .refusing, stated: false)
    let amounts = ask.floor.amounts
    let shift = node["shift"].required() ? node["shift"].int(0...Limits.amount) : nil
    let opened = node["opened"].required() ? reading.time(node["opened"]) : nil
    let closed = node["closed"].required() ? reading.time(node["closed"]) : nil
    _ = node["sales"].required()
    let sales = Self.sum(node["sales"], amounts)
    let returns = Self.sum(node["returns"], amounts)
    let zone = ask.till.facts.zone
    let day = node["day"].day() ?? zone.businessDay(at: opened ?? ask.call.at, dayStart: ask.till.facts.dayStart)
    var receipts: [ShiftReceipt]?
    if node["receipts"].isPresent {
      receipts = node["receipts"].items(max: Limits.shiftReceipts).compactMap { Self.receipt($0, amounts, day) }
    }
    try node.issues.check("the closing of the shift")
    let now = ask.call.at
    let key = ShiftKey(store: ask.till.store.id, register: ask.till.register, shift: shift ?? 0, day: day)
    closing = ShiftClosing(
      key, opened: opened ?? now, closed: closed ?? now, zone: zone, sales: sales, returns: returns, receipts: receipts)
  }

  private static func sum(_ node: JSONNode, _ amounts: AmountForm) -> ShiftSum {
    guard node.isPresent else { return ShiftSum() }
    node.expect("count", "amount")
    let count = node["count"].required() ? node["count"].int(0...Int64(Limits.shiftKeys)) : nil
    let amount = node["amount"].required() ? amounts.money(node["amount"], 0...Limits.amount) : nil
    return ShiftSum(count: Int(count ?? 0), amount: amount ?? .zero)
  }

  private static func receipt(_ node: JSONNode, _ amounts: AmountForm, _ day: CivilDay) -> ShiftReceipt? {
    node.expect("kind", "number", "date", "amount")
    let word = node["kind"].text() ?? "sale"
    guard word == "sale" || word == "return" else {
      node["kind"].refuse("unknown_word", "\"\(word)\" is not known here; known are sale, return")
      return nil
    }
    guard node["number"].required(), node["amount"].required(), let number = node["number"].code(),
      let amount = amounts.money(node["amount"], 0...Limits.amount)
    else { return nil }
    return ShiftReceipt(word == "sale" ? .sale : .return, number: number, date: node["date"].day() ?? day, amount: amount)
  }
}
