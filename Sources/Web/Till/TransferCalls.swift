import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

// Points that members give away: to each other, and to charities.
extension TillDesk {
  /// `POST /till/v1/members/{id}/transfers`: the member gives points to another.
  func transferPoints(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let (node, form) = (JSONNode(ask.body), ask.floor.amounts)
      node.expect("store", "register", "cashier", "shown", "confirmation", "to", "points", "message")
      let giver = try GivingAwayReading.giver(ask)
      let points = node["points"].required() ? form.points(node["points"], 1...Limits.basketAmount) : nil
      _ = node["to"].required()
      let receiver = BasketReading.showing(node["to"])
      let message = node["message"].isPresent ? node["message"].text(max: Limits.name) : nil
      try node.issues.check("the transfer")
      let (change, ids, hash) = (change(call), ids, BodyHash.of(ask.body, ask.till))
      let programmes = floors.programmes(of: ask.account)
      let made = try await database.write(.till) { tx in
        let programme = try programmes.programme(ask.programme.id, in: &tx)
        let who = try GivingAwayReading.known(programme.identify(giver, at: call.at, in: &tx), giver)
        guard let other = try programme.identify(receiver, at: call.at, in: &tx).shopper.id else {
          throw GivingAwayReading.receiverUnknown
        }
        var wanted = Transfers.Ask(
          points ?? .zero, from: who.member, to: other, message: message, proof: .shown(who.strength, giver.confirmation))
        wanted.isStopped = who.isStopped
        return try Transfers(of: programme, ids: ids).give(wanted, request: (request, hash), by: change, in: &tx)
      }
      meters.count("regulars_transfers_total", "programme", ask.programme.code)
      return Answer(201, GivingAwayForm(amounts: form).json(made, of: made.giver))
    } catch let problem as Problem {
      keepRefusal(ask, "transfers", problem)
      throw problem
    }
  }

  /// `GET /till/v1/members/{id}/transfers`: what the member gave and got, the latest first, and what they could give now.
  func listTransfers(_ call: Call) async throws -> Answer {
    let (floor, _) = try await askByQuery(call)
    let (member, form) = (try GivingAwayReading.member(call), GivingAwayForm(amounts: floor.amounts))
    let (programme, ids, at) = (floor.programme, ids, call.at)
    let before = try GivingAwayReading.before(call, Entity.Transfer.self)
    let json = try await database.read { tx -> JSON in
      let known = try programme.members.profile(member, at: at, in: &tx).member
      let transfers = Transfers(of: programme, ids: ids)
      let guests = try programme.merges.family(of: known.id, in: &tx)
      let own = Set([known.id] + guests)
      let found = try transfers.transfers(of: known.id, besides: guests, before: before, limit: GivingAwayForm.page, in: &tx)
      let room = try transfers.room(of: known.id, at: at, in: &tx)
      return form.json(found, own, room, transfers.terms)
    }
    return Answer(200, json)
  }

  /// `POST /till/v1/members/{id}/donations`: the member gives points to a charity.
  func donatePoints(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let (node, form) = (JSONNode(ask.body), ask.floor.amounts)
      node.expect("store", "register", "cashier", "shown", "confirmation", "charity", "points")
      let giver = try GivingAwayReading.giver(ask)
      let points = node["points"].required() ? form.points(node["points"], 1...Limits.basketAmount) : nil
      let charity = node["charity"].required() ? node["charity"].code() : nil
      try node.issues.check("the donation")
      let (change, ids, hash) = (change(call), ids, BodyHash.of(ask.body, ask.till))
      let programmes = floors.programmes(of: ask.account)
      let made = try await database.write(.till) { tx in
        let programme = try programmes.programme(ask.programme.id, in: &tx)
        let who = try GivingAwayReading.known(programme.identify(giver, at: call.at, in: &tx), giver)
        var wanted = Donations.Ask(
          points ?? .zero, from: who.member, to: charity ?? "", proof: .shown(who.strength, giver.confirmation))
        wanted.isStopped = who.isStopped
        return try Donations(of: programme, ids: ids).give(wanted, request: (request, hash), by: change, in: &tx)
      }
      return Answer(201, form.json(made))
    } catch let problem as Problem {
      keepRefusal(ask, "donations", problem)
      throw problem
    }
  }

  /// `GET /till/v1/members/{id}/donations`: what the member gave, and to which charities they could give.
  func listDonations(_ call: Call) async throws -> Answer {
    let (floor, _) = try await askByQuery(call)
    let (member, form) = (try GivingAwayReading.member(call), floor.amounts)
    let (programme, ids, at) = (floor.programme, ids, call.at)
    let before = try GivingAwayReading.before(call, Entity.Donation.self)
    let json = try await database.read { tx -> JSON in
      let known = try programme.members.profile(member, at: at, in: &tx).member
      let donations = Donations(of: programme, ids: ids)
      let guests = try programme.merges.family(of: known.id, in: &tx)
      let found = try donations.donations(of: known.id, besides: guests, before: before, limit: GivingAwayForm.page, in: &tx)
      let (totals, today) = (try donations.totals(in: &tx), donations.today(at))
      return .object([
        "donations": .array(found.map(form.json)),
        "charities": .array(donations.charities.filter { $0.takes(on: today) }.map { form.json($0, totals[$0.code]) }),
      ])
    }
    return Answer(200, json)
  }
}

/// Reads who gives something away, and how that is known.
enum GivingAwayReading {
  static func member(_ call: Call) throws(Problem) -> MemberID {
    guard let id = MemberID(call.path["id"] ?? "") else { throw MemberCalls.unknown }
    return id
  }

  static func before<T: Identified>(_ call: Call, _: T.Type) throws(Problem) -> ID<T>? {
    guard let text = call.query["before"], !text.isEmpty else { return nil }
    if let id = ID<T>(text) { return id }
    let issues = IssueList()
    issues.add("?before", "not_an_id", "the id that an earlier answer ended with is expected here")
    try issues.check("the request")
    return nil
  }

  /// The member of the path, as the body says they were shown.
  static func giver(_ ask: Ask) throws(Problem) -> Showing {
    let (id, node) = (try member(ask.call), JSONNode(ask.body))
    let shown: Shown = node["shown"].word() ?? .typed
    var confirmation: ConfirmationID?
    if let text = node["confirmation"].text() {
      confirmation = OwnedID<Entity.Confirmation>(text)?.id
      if confirmation == nil { node["confirmation"].refuse("not_an_id", "this is no confirmation of ours") }
    }
    let (till, now) = (ask.till, ask.call.at)
    let cashier = BasketReading.cashier(node["cashier"])
    try node.issues.check("the request")
    var showing = Showing(.member(id), shown: shown, confirmation: confirmation)
    showing.post = ask.floor.stops.post(
      store: till.store.id, register: till.register, cashier: cashier,
      on: till.facts.zone.businessDay(at: now, dayStart: till.facts.dayStart), at: now)
    return showing
  }

  /// - Throws: `Problem.notFound` (`member_unknown`).
  static func known(
    _ found: Recognised, _ showing: Showing
  ) throws(Problem) -> (member: MemberID, strength: Strength, isStopped: Bool) {
    guard let id = found.shopper.id else { throw MemberCalls.unknown }
    return (id, found.strength, found.isStopped)
  }

  static var receiverUnknown: Problem {
    Problem(
      .notFound, "receiver_unknown", "nobody in the programme has this identifier or id",
      cashier: LocalText(ru: "Получатель не найден. Проверьте номер", en: "The receiver was not found. Check the number"))
  }
}

/// What members gave away, as a till and an app read it: others by our ids, nothing about them.
struct GivingAwayForm {
  static let page = 50

  let amounts: AmountForm

  func json(_ transfer: Transfer, of member: MemberID) -> JSON { json(transfer, [member]) }

  private func json(_ transfer: Transfer, _ own: Set<MemberID>) -> JSON {
    let isGiven = own.contains(transfer.giver)
    return .object([
      "transfer": .string("\(transfer.id)"), "direction": .string(isGiven ? "given" : "received"),
      "member": .string("\(isGiven ? transfer.receiver : transfer.giver)"), "points": amounts.json(transfer.points),
      "fee": amounts.json(transfer.fee), "received": amounts.json(transfer.received), "message": transfer.message.map(JSON.string),
      "at": .string(transfer.at.text),
      "takenBack": transfer.undone.map { .object(["at": .string($0.at.text), "points": amounts.json($0.points)]) },
    ])
  }

  func json(_ found: [Transfer], _ own: Set<MemberID>, _ room: TransferRoom?, _ terms: TransferTerms?) -> JSON {
    var could: JSON?
    if let room, let terms {
      could = .object([
        "points": amounts.json(room.most(terms)), "available": amounts.json(room.available), "least": amounts.json(terms.least),
        "leftToday": room.today.map(amounts.json), "leftThisMonth": room.thisMonth.map(amounts.json),
        "fee": .string(terms.fee.percentText), "needsCode": .bool(terms.needsCode), "to": .string(terms.whom.rawValue),
      ])
    }
    return .object(["transfers": .array(found.map { json($0, own) }), "couldGive": could])
  }
}

extension AmountForm {
  func json(_ donation: Donation) -> JSON {
    .object([
      "donation": .string("\(donation.id)"), "charity": .string(donation.charity), "points": json(donation.points),
      "at": .string(donation.at.text), "takenBack": donation.undone.map { .string($0.at.text) },
    ])
  }

  func json(_ charity: Charity, _ figures: CharityFigures?) -> JSON {
    .object([
      "charity": .string(charity.code), "name": charity.name.json, "about": charity.about?.json,
      "until": charity.until.map { .string($0.description) }, "target": charity.target.map { json($0) },
      "collected": json(figures?.points ?? .zero),
    ])
  }
}
