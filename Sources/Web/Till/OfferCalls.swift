import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage

// Offers that members activate, and what they agree to: called by tills, web shops and apps.
extension TillDesk {
  /// `POST /till/v1/members/{id}/offers/{promotion}`: activates an offer; one that is active stays as it is.
  func activateOffer(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let node = JSONNode(ask.body)
      node.expect("store", "register")
      try node.issues.check("the activation")
      let (member, code, change) = (try Self.member(call), call.path["promotion"] ?? "", change(call))
      let offers = Offers(of: ask.programme, book: ask.floor.rules, ids: ids, in: ask.till.place)
      let offer = try await database.write(.till) { tx in try offers.activate(code, for: member, by: change, in: &tx) }
      return Answer(200, OfferAnswer.json(offer))
    } catch let problem as Problem {
      keepRefusal(ask, "members/offers", problem)
      throw problem
    }
  }

  /// `DELETE /till/v1/members/{id}/offers/{promotion}`: ends an activation. Harmless when repeated.
  func deactivateOffer(_ call: Call) async throws -> Answer {
    let (floor, _) = try await askByQuery(call)
    let (member, code, change) = (try Self.member(call), call.path["promotion"] ?? "", change(call))
    let offers = Offers(of: floor.programme, book: floor.rules, ids: ids)
    let offer = try await database.write(.till) { tx in try offers.deactivate(code, for: member, by: change, in: &tx) }
    return Answer(200, OfferAnswer.json(offer))
  }

  /// `GET /till/v1/members/{id}/consents`: what stands, and the latest acts.
  func listConsents(_ call: Call) async throws -> Answer {
    let (floor, _) = try await askByQuery(call)
    let (member, members) = (try Self.member(call), floor.programme.members)
    let records = try await database.read { tx in
      _ = try members.member(member, in: &tx)
      return try ConsentBook(of: members).records(of: member, limit: Limits.page, in: &tx)
    }
    return Answer(200, OfferAnswer.json(member, records))
  }

  /// `POST /till/v1/members/{id}/consents`: a consent is given or withdrawn.
  func recordConsent(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let (request, member, change) = (try call.requestKey(), try Self.member(call), change(call))
      let act = try Self.consent(JSONNode(ask.body), at: call.at)
      let (programme, hash) = (ask.programme, BodyHash.of(ask.body, ask.till))
      let records = try await database.write(.till) { tx in
        let book = ConsentBook(of: programme.members)
        let earlier = try request.earlier("consent", hash, account: programme.account, member, member.raw, at: call.at, in: &tx)
        if earlier == nil { _ = try book.record([(member, act)], by: change, in: &tx) }
        return try book.records(of: member, limit: Limits.page, in: &tx)
      }
      return Answer(201, OfferAnswer.json(member, records))
    } catch let problem as Problem {
      keepRefusal(ask, "members/consents", problem)
      throw problem
    }
  }

  private static func member(_ call: Call) throws(Problem) -> MemberID {
    guard let member = MemberID(call.path["id"] ?? "") else { throw MemberCalls.unknown }
    return member
  }

  /// - Throws: `Problem.invalid` with every issue.
  private static func consent(_ node: JSONNode, at now: Instant) throws(Problem) -> ConsentAct {
    node.expect("store", "register", "consent", "isGiven", "text", "at", "source", "proof")
    let consent = node["consent"].required() ? node["consent"].word(Consent.self) : nil
    let isGiven = node["isGiven"].required() ? node["isGiven"].bool() : nil
    if isGiven == true { _ = node["text"].required() }
    let source = node["source"].required() ? node["source"].text(max: Limits.name) : nil
    let act = ConsentAct(
      consent ?? .terms, isGiven: isGiven ?? false, text: node["text"].text(max: Limits.name) ?? "",
      at: node["at"].instant() ?? now, source: source ?? "", proof: node["proof"].text(max: Limits.name))
    try node.issues.check("the consent")
    return act
  }
}

extension SalesFloor.Till {
  /// As pilots name it.
  var place: Pilot.Register { Pilot.Register(store: facts.id, code: register) }
}

/// Offers and consents as a till reads them.
enum OfferAnswer {
  static func json(_ offer: Offer) -> JSON {
    .object([
      "promotion": .string(offer.code), "name": offer.name.json, "isActivated": .bool(offer.activation != nil),
      "since": offer.activation.map { .string($0.since.text) },
      "until": offer.activation?.until.map { .string($0.text) }, "usesLeft": offer.activation?.usesLeft.map(JSON.int),
      "days": offer.life.days.map(JSON.int), "uses": offer.life.uses.map(JSON.int),
    ])
  }

  /// - Parameter records: latest first.
  static func json(_ member: MemberID, _ records: [ConsentRecord]) -> JSON {
    .object([
      "member": .string("\(member)"),
      "given": .array(Consents(after: records.map(\.act)).all.map { .string($0.rawValue) }),
      "acts": .array(
        records.map { record in
          let act = record.act
          return .object([
            "consent": .string(act.consent.rawValue), "isGiven": .bool(act.isGiven), "at": .string(act.at.text),
            "text": .string(act.text), "source": .string(act.source),
          ])
        }),
    ])
  }
}
