import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

/// What a code to a member's phone is for, where it is not to spend points.
enum CodePurpose: String, CaseIterable { case household, transfer }

// Households, as a till, an app or a shop lets members form them. Every act is harmless when repeated, so none needs a request key.
extension TillDesk {
  /// `GET /till/v1/members/{id}/household`: the household of a member, and where they are invited to.
  func showHousehold(_ call: Call) async throws -> Answer {
    let (floor, _) = try await askByQuery(call)
    let member = try Self.member(in: call)
    return try await Answer(200, householdAnswer(of: member, floor, at: call.at))
  }

  /// `POST /till/v1/members/{id}/household`: the member founds one.
  func foundHousehold(_ call: Call) async throws -> Answer {
    try await changeHousehold(call) { ask in
      let node = JSONNode(ask.body)
      node.expect("store", "register", "name")
      let name = node["name"].text(max: Limits.name) ?? ""
      try node.issues.check("the household")
      return { households, member, change, tx in _ = try households.make(name, by: member, change, in: &tx) }
    }
  }

  /// `POST /till/v1/members/{id}/household/invitations`: the owner asks somebody to join.
  func inviteToHousehold(_ call: Call) async throws -> Answer {
    try await changeHousehold(call) { ask in
      let node = JSONNode(ask.body)
      node.expect("store", "register", "member")
      _ = node["member"].required()
      let showing = BasketReading.showing(node["member"])
      try node.issues.check("the invitation")
      let programme = ask.programme
      return { households, owner, change, tx in
        guard let guest = try programme.identify(showing, at: change.at, in: &tx).shopper.id else { throw MemberCalls.unknown }
        _ = try households.invite(guest, by: owner, change, in: &tx)
      }
    }
  }

  /// `POST /till/v1/members/{id}/household/acceptance`: who was invited agrees, by a code that was sent to them.
  func acceptHousehold(_ call: Call) async throws -> Answer {
    try await changeHousehold(call) { ask in
      let node = JSONNode(ask.body)
      node.expect("store", "register", "household", "confirmation")
      let household = node["household"].required() ? node["household"].text().flatMap { HouseholdID($0) } : nil
      let confirmation =
        node["confirmation"].required() ? node["confirmation"].text().flatMap { OwnedID<Entity.Confirmation>($0) } : nil
      try node.issues.check("the acceptance")
      return { households, member, change, tx in
        let consent = HouseholdConsent.code(confirmation?.member == member ? confirmation?.id ?? ID(0) : ID(0))
        _ = try households.accept(household ?? ID(0), by: member, consent, change, in: &tx)
      }
    }
  }

  /// `DELETE /till/v1/members/{id}/household`: the member leaves.
  func leaveHousehold(_ call: Call) async throws -> Answer {
    let floor = try await floor(call)
    let (member, households, change) = (try Self.member(in: call), Households(of: floor.programme), change(call))
    try await database.write(.till) { tx in
      _ = try floor.programme.members.member(member, in: &tx)
      try households.leave(member, by: change, in: &tx)
    }
    return try await Answer(200, householdAnswer(of: member, floor, at: call.at))
  }

  private typealias HouseholdAct = @Sendable (Households, MemberID, Change, inout Transaction) throws -> Void

  private func changeHousehold(_ call: Call, _ read: (Ask) throws -> HouseholdAct) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let act = try read(ask)
      let (member, households, change) = (try Self.member(in: call), Households(of: ask.programme), change(call))
      try await database.write(.till) { tx in try act(households, member, change, &tx) }
      return try await Answer(200, householdAnswer(of: member, ask.floor, at: call.at))
    } catch let problem as Problem {
      keepRefusal(ask, "household", problem)
      throw problem
    }
  }

  private static func member(in call: Call) throws(Problem) -> MemberID {
    guard let id = call.path["id"].flatMap({ MemberID($0) }) else { throw MemberCalls.unknown }
    return id
  }

  private func householdAnswer(of member: MemberID, _ floor: SalesFloor, at now: Instant) async throws -> JSON {
    let (households, ids, amounts) = (Households(of: floor.programme), ids, floor.amounts)
    return try await database.read { tx in
      let standing = try households.standing(of: member, in: &tx)
      let pool = try standing.map { try households.pool(of: $0.household.id, at: now, ids: ids, in: &tx) }
      let invitations = try households.invitations(to: member, at: now, in: &tx)
      return .object([
        "household": standing.map { HouseholdForm(amounts: amounts, member: member).json($0, pool, at: now) },
        "invitations": .array(
          invitations.map { .object(["household": .string("\($0.household)"), "ends": .string($0.invitationEnds.text)]) }),
      ])
    }
  }
}

/// A household as a till and an app read it: who is in it by our ids, nothing about them.
struct HouseholdForm {
  let amounts: AmountForm
  let member: MemberID

  func json(_ standing: HouseholdStanding, _ pool: HouseholdPool?, at now: Instant) -> JSON {
    let household = standing.household
    return .object([
      "id": .string("\(household.id)"), "name": household.name.isEmpty ? nil : .string(household.name),
      "isOwner": .bool(household.owner == member), "spenders": .string(household.spenders.rawValue),
      "points": pool.map { amounts.json($0.total) },
      "members": .array(
        standing.members.map { stay in
          .object([
            "id": .string("\(stay.member)"), "isOwner": .bool(stay.member == household.owner),
            "since": .string((stay.joinedAt ?? stay.invitedAt).text),
          ])
        }),
      "invited": .array(
        standing.invited(at: now).map { .object(["id": .string("\($0.member)"), "ends": .string($0.invitationEnds.text)]) }),
    ])
  }
}
