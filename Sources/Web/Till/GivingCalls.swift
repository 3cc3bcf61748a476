import Access
import Calculator
import Kernel
import Loyalty
import Storage

// Points without a purchase: an app, a site or a till tells what a member did, and who brought whom.
extension TillDesk {
  /// `POST /till/v1/actions/{code}`: a member did something that the programme rewards.
  func tellAction(_ call: Call) async throws -> Answer {
    let (floor, body, till) = try await askOfRewards(call)
    let request = try call.requestKey()
    let node = JSONNode(body)
    node.expect("store", "register", "member", "subject")
    _ = node["member"].required()
    let showing = BasketReading.showing(node["member"])
    let subject = node["subject"].required() ? node["subject"].text(max: Limits.name) : nil
    try node.issues.check("the action")
    let (code, change, ids, hash) = (call.path["code"] ?? "", change(call), ids, BodyHash.of(body, of: till))
    let programmes = floors.programmes(of: floor.programme.account)
    let (member, answer) = try await database.write(.till) { tx in
      let programme = try programmes.programme(floor.programme.id, in: &tx)
      guard let member = try programme.identify(showing, at: call.at, in: &tx).shopper.id else { throw MemberCalls.unknown }
      let answer = try ActionGifts(of: programme, ids: ids).tell(
        code, of: member, subject: subject ?? "", request: (request, hash), by: change, in: &tx)
      return (member, answer)
    }
    switch answer {
    case .given:
      meters.count("regulars_actions_total", "answer", "given")
      return Answer(201, GivingAnswer.json(answer, member, floor.amounts))
    case .nothing(let reason):
      meters.count("regulars_actions_total", "answer", reason.rawValue)
      return Answer(200, GivingAnswer.json(answer, member, floor.amounts))
    }
  }

  /// `POST /till/v1/members/{id}/referral-code`: the code by which the member brings others, made where there is none.
  func makeReferralCode(_ call: Call) async throws -> Answer {
    let (floor, body, _) = try await askOfRewards(call)
    let node = JSONNode(body)
    node.expect("store", "register")
    try node.issues.check("the request")
    let (member, ids) = (try Self.memberOfPath(call), ids)
    let programmes = floors.programmes(of: floor.programme.account)
    let code = try await database.write(.till) { tx in
      var dice = SystemRandomNumberGenerator()
      let programme = try programmes.programme(floor.programme.id, in: &tx)
      return try Referrals(of: programme, ids: ids).makeCode(of: member, using: &dice, at: call.at, in: &tx)
    }
    return Answer(200, .object(["member": .string("\(member)"), "code": .string(code)]))
  }

  /// `POST /till/v1/members/{id}/referrer`: a newcomer says by whose code they came. Said again it is the same.
  func nameReferrer(_ call: Call) async throws -> Answer {
    let (floor, body, _) = try await askOfRewards(call)
    let node = JSONNode(body)
    node.expect("store", "register", "code")
    let code = node["code"].required() ? node["code"].text(max: Limits.code) : nil
    try node.issues.check("the request")
    let (member, change, ids) = (try Self.memberOfPath(call), change(call), ids)
    let programmes = floors.programmes(of: floor.programme.account)
    let referral = try await database.write(.till) { tx in
      let programme = try programmes.programme(floor.programme.id, in: &tx)
      return try Referrals(of: programme, ids: ids).name(code ?? "", by: member, change: change, in: &tx)
    }
    // Who brought them is no business of whoever asks: only that somebody did.
    return Answer(
      200,
      .object([
        "member": .string("\(member)"), "state": .string(referral.state.rawValue), "namedAt": .string(referral.namedAt.text),
      ]))
  }

  /// Another system need not say a store: what it tells of happened in none. A till's own token says which till it is.
  private func askOfRewards(_ call: Call) async throws -> (floor: SalesFloor, body: JSON, till: SalesFloor.Till?) {
    let floor = try await floor(call)
    let body = try JSON.parse(call.body)
    guard case .object = body else { throw Problem(.invalid, "not_an_object", "the body is a JSON object") }
    let node = JSONNode(body)
    if case .register? = call.token?.bearer { return (floor, body, try till(call, floor, node)) }
    guard node["store"].isPresent || node["register"].isPresent else { return (floor, body, nil) }
    return (floor, body, try till(call, floor, node))
  }

  private static func memberOfPath(_ call: Call) throws(Problem) -> MemberID {
    guard let member = MemberID(call.path["id"] ?? "") else { throw MemberCalls.unknown }
    return member
  }
}

/// What became of an action, as another system reads it.
enum GivingAnswer {
  static func json(_ answer: ActionAnswer, _ member: MemberID, _ amounts: AmountForm) -> JSON {
    switch answer {
    case .given(let gift):
      .object([
        "member": .string("\(member)"), "action": .string(gift.action), "subject": .string(gift.subject),
        "points": amounts.json(gift.points), "gift": .string("\(gift.id)"), "at": .string(gift.at.text),
      ])
    case .nothing(let reason):
      .object([
        "member": .string("\(member)"), "points": amounts.json(Points.zero),
        "reason": .object(["code": .string(reason.rawValue), "message": reason.sentence.json]),
      ])
    }
  }
}
