import Calculator
import Customers
import Kernel
import Loyalty
import Storage

// What does this basket cost this person?
extension TillDesk {
  private static var members: [String] {
    [
      "store", "register", "time", "channel", "member", "basket", "lines", "coupons", "tenders", "spend", "choices", "hold",
      "explain", "cashier",
    ]
  }

  /// `POST /till/v1/calculations`: prices a basket and changes nothing, or sets aside what it takes where `hold` asks for it.
  func calculate(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let quoted = try await quote(ask)
      let answer = Answer(201, quoted.bytes, type: "application/json")
      keep(ask, "calculations", answer, member: quoted.member)
      if quoted.isHeld { meters.count("regulars_holds_total", "act", "made") }
      return answer
    } catch let problem as Problem {
      keepRefusal(ask, "calculations", problem)
      throw problem
    }
  }

  private func quote(_ ask: Ask) async throws -> (bytes: [UInt8], member: MemberID?, isHeld: Bool) {
    let node = JSONNode(ask.body)
    node.expect(Self.members)
    var reading = BasketReading(ask.floor, ask.till, .refusing, stated: false)
    let time = node["time"].isPresent ? reading.time(node["time"]) ?? ask.call.at : ask.call.at
    let basket = reading.basket(node, at: time)
    _ = node["lines"].required()
    let shown = BasketReading.showing(node["member"], on: ask, by: node["cashier"], at: time)
    let wish = Self.wish(node["hold"], reading)
    let scope = CalculationScope(explainsAll: Self.explainsAll(node["explain"]))
    _ = node["basket"].code()
    try node.issues.check("the basket")
    if basket.showsCodes { try guesses.pass(ask.call.token, at: ask.call.at) }
    let request = wish == nil ? nil : try ask.call.requestKey()
    let (floor, receipts, now) = (ask.floor, ask.floor.receipts, ask.call.at)
    let (found, quote): (Recognised, Quote)
    if let wish {
      (found, quote) = try await database.write(.till) { tx in
        let found = try floor.programme.identify(shown, at: time, in: &tx)
        let quote = try receipts.calculate(
          basket, for: found.shopper, scope: scope, holding: wish, request: request, bodyHash: BodyHash.of(ask.body, ask.till),
          at: now, in: &tx
        )
        guard !floor.programme.lacksCode(for: quote.calculation.pointsSpent, by: found, at: now) else {
          throw Self.codeRequired(floor.programme)
        }
        return (found, quote)
      }
    } else {
      let priced = try await receipts.quote(basket, for: shown, in: floor.programme, scope: scope, at: now, on: database)
      (found, quote) = (priced.found, priced.quote)
    }
    if basket.showsCodes { try await note(basket, quote.calculation, found.shopper.id, of: ask) }
    let name = CalculationName(ids.next(at: now), rules: quote.rules, time: basket.time)
    var form = CalculationAnswer(ask.floor, found, isKnown: shown == nil || found.shopper.id != nil)
    if receipts.sellsSubscriptions(basket) {
      form.subscriptions = try await database.read { tx in try receipts.foretell(basket, for: found.shopper, at: now, in: &tx) }
    }
    return (form.bytes(quote, name, unknownGoods: reading.unknownGoods, at: now), found.shopper.id, quote.hold != nil)
  }

  /// Whoever shows codes that are refused may be trying them.
  private func note(_ basket: Basket, _ calculation: Calculation, _ member: MemberID?, of ask: Ask) async throws {
    guesses.note(calculation, of: ask.call.token, at: ask.call.at)
    refusals.note(ask, calculation, member: member, at: basket.time)
    try await noteWrongPins(basket, calculation, ask.floor)
  }

  /// `true`, or `{ "until": … }`.
  private static func wish(_ node: JSONNode, _ reading: BasketReading) -> HoldWish? {
    guard node.isPresent else { return nil }
    if case .bool(let isWanted)? = node.json { return isWanted ? HoldWish() : nil }
    node.expect("until")
    return HoldWish(until: node["until"].isPresent ? reading.time(node["until"]) : nil)
  }

  private static func explainsAll(_ node: JSONNode) -> Bool {
    guard let text = node.text() else { return false }
    if text != "all" { node.refuse("unknown_word", "\"\(text)\" is not known here; known is all") }
    return text == "all"
  }

  static func codeRequired(_ programme: Programme) -> Problem {
    let above = programme.settings.codeAbove.map { Decimal.text($0.units, digits: programme.settings.points.scale) } ?? ""
    return Problem(
      .conflict, "confirmation_required",
      "spending more than \(above) points asks for a code: POST /till/v1/confirmations, then name it in member.confirmation",
      cashier: LocalText(
        ru: "Для списания больше \(above) баллов нужен код из СМС",
        en: "Spending more than \(above) points needs the code sent by SMS"))
  }
}

/// A quote as a till reads it.
struct CalculationAnswer {
  let floor: SalesFloor
  let found: Recognised
  /// False where somebody was shown whom nobody knows.
  let isKnown: Bool
  /// What the basket would begin or prolong.
  var subscriptions: [ToldSubscription] = []

  init(_ floor: SalesFloor, _ found: Recognised, isKnown: Bool) {
    self.floor = floor
    self.found = found
    self.isKnown = isKnown
  }

  /// The answer's bytes: what is the till's business first, then the calculation.
  func bytes(_ quote: Quote, _ name: CalculationName, unknownGoods: [String], at now: Instant) -> [UInt8] {
    let calculation = quote.calculation
    var out = JSONWriter(reserving: 12 * 1024)
    out.openObject()
    out.key("calculationId")
    out.string("\(name)")
    out.key("rules")
    out.int(quote.rules)
    out.key("member")
    out.value(memberJSON)
    if let hold = quote.hold, let member = found.shopper.id {
      out.key("hold")
      out.value(.object(["id": .string("\(OwnedID(hold, of: member))"), "ends": quote.ends.map { .string($0.text) }]))
    }
    if let above = floor.programme.settings.codeAbove {
      let lacksCode = floor.programme.lacksCode(for: calculation.spending.most, by: found, at: now)
      out.key("confirmation")
      out.value(.object(["above": floor.amounts.json(above), "isNeeded": .bool(lacksCode)]))
    }
    if !unknownGoods.isEmpty {
      out.key("unknownGoods")
      out.value(.array(unknownGoods.map(JSON.string)))
    }
    if !subscriptions.isEmpty {
      out.key("subscriptions")
      out.value(.array(subscriptions.map(SubscriptionAnswer(floor: floor).json)))
    }
    floor.form.write(calculation, to: &out)
    out.closeObject()
    return out.bytes
  }

  private static let stopped: JSON = .object([
    "cashierText": .object([
      "ru": "По этой покупке баллы не начисляются и не списываются. Скидки действуют",
      "en": "This purchase earns and spends no points. Discounts apply",
    ])
  ])

  private var memberJSON: JSON {
    guard case .member(let snapshot, let isBlocked) = found.shopper else {
      return isKnown ? .null : .object(["isFound": .bool(false)])
    }
    return .object([
      "isFound": .bool(true), "id": .string("\(snapshot.id)"), "kind": .string(snapshot.kind.rawValue),
      "tier": snapshot.tier.flatMap { floor.names.code(.tier, $0.raw) }.map(JSON.string), "isBlocked": .bool(isBlocked),
      "strength": .string(found.strength.rawValue), "maySpend": .bool(snapshot.maySpend && !isBlocked),
      "stopped": found.isStopped ? Self.stopped : nil,
    ])
  }
}
