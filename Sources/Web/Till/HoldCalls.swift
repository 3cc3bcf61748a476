import Calculator
import Customers
import Kernel
import Loyalty
import Storage

// Points set aside before a receipt, and the code that a member is sent.
extension TillDesk {
  /// `POST /till/v1/holds`.
  func hold(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let node = JSONNode(ask.body)
      node.expect("store", "register", "member", "points", "until")
      let amounts = ask.floor.amounts
      _ = node["member"].required()
      let showing = BasketReading.showing(node["member"])
      let points = node["points"].required() ? amounts.points(node["points"], 1...Limits.amount) : nil
      let reading = BasketReading(ask.floor, ask.till, .refusing, stated: false)
      let until = node["until"].isPresent ? reading.time(node["until"]) : nil
      try node.issues.check("the hold")
      let (programme, receipts, store) = (ask.programme, ask.floor.receipts, ask.till.store.id)
      let hash = BodyHash.of(ask.body, ask.till)
      let (member, held) = try await database.write(.till) { tx in
        let found = try programme.identify(showing, at: call.at, in: &tx)
        let member = try MemberCalls.spender(found)
        guard !programme.lacksCode(for: points ?? .zero, by: found, at: call.at) else { throw Self.codeRequired(programme) }
        let held = try receipts.hold(
          points ?? .zero, of: member, as: found.shopper, at: store, until: until, request: request, bodyHash: hash, now: call.at,
          in: &tx)
        return (member, held)
      }
      meters.count("regulars_holds_total", "act", "made")
      return Answer(
        201,
        .object([
          "hold": .string("\(OwnedID(held.id, of: member))"), "points": amounts.json(held.amount), "ends": .string(held.ends.text),
        ]))
    } catch let problem as Problem {
      keepRefusal(ask, "holds", problem)
      throw problem
    }
  }

  /// `DELETE /till/v1/holds/{id}`: harmless when repeated, and for a hold that has ended.
  func release(_ call: Call) async throws -> Answer {
    let floor = try await floor(call)
    guard let hold = OwnedID<Entity.Hold>(call.path["id"] ?? "") else {
      throw Problem(.notFound, "hold_unknown", "this is no hold of ours")
    }
    let (programme, receipts) = (floor.programme, floor.receipts)
    let wasHeld = try await database.write(.till) { tx in
      // Another programme's member is unknown here, and so is their hold.
      _ = try programme.members.member(hold.member, in: &tx)
      return try receipts.letGo(hold.id, of: hold.member, at: call.at, in: &tx)
    }
    if wasHeld { meters.count("regulars_holds_total", "act", "released") }
    return Answer(200, .object(["hold": .string("\(hold)"), "isHeld": .bool(false)]))
  }

  /// `POST /till/v1/confirmations`: sends a code to the member's phone.
  func askForCode(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let node = JSONNode(ask.body)
      node.expect("store", "register", "member", "points", "purpose")
      let amounts = ask.floor.amounts
      _ = node["member"].required()
      let showing = BasketReading.showing(node["member"])
      let points: Points?
      let purpose: CodePurpose? = node["purpose"].isPresent ? node["purpose"].word() : nil
      if purpose == .household {
        if node["points"].isPresent {
          node["points"].refuse("not_together", "a code to join a household is for no points; leave this out")
        }
        points = nil
      } else {
        points = node["points"].required() ? amounts.points(node["points"], 1...Limits.amount) : nil
      }
      try node.issues.check("the confirmation")
      let made = try await makeCode(ask, request, showing, points ?? .zero, isTransfer: purpose == .transfer)
      return Answer(
        201,
        .object([
          "confirmation": .string("\(OwnedID(made.id, of: made.member))"), "sentTo": .string(made.sentTo),
          "ends": .string(made.endsAt.text), "triesLeft": .int(Int64(made.triesLeft)), "isVerified": .bool(made.verifiedAt != nil),
        ]))
    } catch let problem as Problem {
      keepRefusal(ask, "confirmations", problem)
      throw problem
    }
  }

  private func makeCode(
    _ ask: Ask, _ request: RequestKey, _ showing: Showing?, _ points: Points, isTransfer: Bool
  ) async throws -> Confirmation {
    let (programme, store, call, desk) = (ask.programme, ask.till.store.id, ask.call, self)
    let (id, code): (ConfirmationID, String) = (ids.next(at: call.at), ConfirmationMessage.code(random: random))
    let hash = BodyHash.of(ask.body, ask.till)
    return try await database.write(.till) { tx in
      let found = try programme.identify(showing, at: call.at, in: &tx)
      guard let member = found.shopper.id else { throw MemberCalls.unknown }
      let earlier = try request.earlier("confirmation", hash, account: programme.account, member, id.raw, at: call.at, in: &tx)
      return try programme.confirmations.ask(
        earlier.map(ConfirmationID.init) ?? id, points, for: isTransfer ? .transfer : nil, of: member, in: store, code: code,
        at: call.at, in: &tx
      ) { message, tx in try desk.sendCode(message, call.at, &tx) }
    }
  }

  /// `POST /till/v1/confirmations/{id}/verification`: the cashier types what the member says.
  func verifyCode(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let node = JSONNode(ask.body)
      node.expect("store", "register", "code")
      let code = node["code"].required() ? node["code"].text(max: 10) : nil
      try node.issues.check("the code")
      guard let owned = OwnedID<Entity.Confirmation>(call.path["id"] ?? "") else { throw Self.codeOver }
      let confirmations = ask.programme.confirmations
      let outcome = try await database.write(.till) { tx in
        try confirmations.verify(owned.id, of: owned.member, code: code ?? "", at: call.at, in: &tx)
      }
      switch outcome {
      case .right(let made):
        return Answer(
          200,
          .object([
            "confirmation": .string("\(owned)"), "isVerified": true, "ends": .string(made.endsAt.text),
            "points": ask.floor.amounts.json(made.points),
          ]))
      case .wrong(let left): throw Self.codeWrong(left)
      case .over: throw Self.codeOver
      case .throttled: throw Confirmations.tooMany
      }
    } catch let problem as Problem {
      keepRefusal(ask, "confirmations/verification", problem)
      throw problem
    }
  }

  private static func codeWrong(_ left: Int) -> Problem {
    Problem(
      .conflict, "confirmation_wrong", "the code is not the one that was sent; \(left) tries are left",
      cashier: LocalText(ru: "Неверный код. Осталось попыток: \(left)", en: "Wrong code. Tries left: \(left)"))
  }

  private static var codeOver: Problem {
    Problem(
      .notFound, "confirmation_unknown", "there is no such confirmation, or it has ended; ask for another code",
      cashier: LocalText(ru: "Код больше не действует. Запросите новый", en: "The code has ended. Ask for another"))
  }
}
