import Access
import Customers
import Kernel
import Loyalty
import Storage

/// A household as a desk sees it.
struct HouseholdView: Sendable {
  let standing: HouseholdStanding
  let pool: HouseholdPool
  /// Everybody who was ever in it or asked to be, latest first.
  let history: [HouseholdStay]
  let members: [MemberID: Member]
  /// Of those without a name.
  let telling: [MemberID: Identifier]

  static func read(
    _ id: HouseholdID, _ households: Households, _ programme: Programme, _ ids: IDSource, at now: Instant, in tx: inout Transaction
  ) throws -> HouseholdView {
    let standing = try households.standing(id, in: &tx)
    let history = try households.history(of: id, in: &tx)
    let named = Set(history.map(\.member) + [standing.household.owner])
    let members = try programme.members.members(named.sorted(), in: &tx)
    return HouseholdView(
      standing: standing, pool: try households.pool(of: id, at: now, ids: ids, in: &tx), history: history, members: members,
      telling: try programme.identifiers.telling(ConsoleDesk.nameless(members), in: &tx))
  }
}

extension ConsoleDesk {
  var householdDoors: [Door] {
    [
      .page("/console/households/{household}", .seeMembers) { try await self.household($0, nil) },
      .form("/console/households/{household}", .changeMembers, changeHousehold),
      .form("/console/members/{id}/household", .changeMembers, changeMemberHousehold),
    ] + householdListDoors
  }

  private static func householdID(_ visit: Visit) throws -> HouseholdID {
    guard let id = visit.call.path["household"].flatMap({ HouseholdID($0) }) else { throw noPage }
    return id
  }

  private func household(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (id, programme, ids, at) = (try Self.householdID(visit), try visit.programme, ids, visit.call.at)
    let households = Households(of: programme)
    let view = try await database.read { tx in try HouseholdView.read(id, households, programme, ids, at: at, in: &tx) }
    for stay in view.standing.members { try await remember(.card, at: stay.member, visit) }
    var answer = visit.show(HouseholdPage(view: view, visit: visit, terms: households.terms, refusal: refusal).page, in: .members)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Invites, lets somebody in or out, says who may spend, or dissolves it. Harmless when repeated.
  func changeHousehold(_ visit: Visit) async throws -> Answer {
    let (id, programme, form, change) = (try Self.householdID(visit), try visit.programme, visit.form, change(visit))
    let (households, member) = (Households(of: programme), MemberID(form["member"]))
    do {
      try await database.write { tx in
        switch form["act"] {
        case "invite":
          let found = try Self.find(form["with"], nil, size: 2, programme, in: &tx).members
          guard !form["with"].isEmpty, found.count == 1, let guest = found.first else { throw Self.nobodyFound }
          let owner = try households.standing(id, in: &tx).household.owner
          _ = try households.invite(guest.id, by: owner, change, in: &tx)
        case "accept":
          guard let member else { throw Self.brokenForm }
          guard !form["reason"].isEmpty else { throw Self.noReason }
          _ = try households.accept(id, by: member, .told(reason: form["reason"]), change, in: &tx)
        case "exclude":
          guard let member else { throw Self.brokenForm }
          let reason = form["reason"].isEmpty ? nil : form["reason"]
          try households.exclude(member, from: id, because: reason, by: change, in: &tx)
        case "change":
          guard let spenders = HouseholdSpenders(rawValue: form["spenders"]), let owner = MemberID(form["owner"]) else {
            throw Self.brokenForm
          }
          try households.change(id, name: form["name"], spenders: spenders, owner: owner, by: change, in: &tx)
        case "dissolve":
          guard !form["reason"].isEmpty else { throw Self.noReason }
          try households.dissolve(id, because: form["reason"], by: change, in: &tx)
        default: throw Self.brokenForm
        }
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await household(visit, problem)
    }
    return .redirect("/console/households/\(id)")
  }

  /// A member founds a household, joins one, does not want to, or leaves. Harmless when repeated.
  func changeMemberHousehold(_ visit: Visit) async throws -> Answer {
    let (id, form, change) = (try Self.memberID(visit), visit.form, change(visit))
    let (households, household) = (Households(of: try visit.programme), HouseholdID(form["household"]))
    do {
      try await database.write { tx in
        switch form["act"] {
        case "make": _ = try households.make(form["name"], by: id, change, in: &tx)
        case "accept":
          guard let household else { throw Self.brokenForm }
          guard !form["reason"].isEmpty else { throw Self.noReason }
          _ = try households.accept(household, by: id, .told(reason: form["reason"]), change, in: &tx)
        case "decline":
          guard let household else { throw Self.brokenForm }
          try households.decline(household, by: id, change, in: &tx)
        case "leave": try households.leave(id, by: change, in: &tx)
        default: throw Self.brokenForm
        }
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await member(visit, MemberRefusal(place: .household, problem: problem))
    }
    return .redirect("/console/members/\(id)#household")
  }

  private static let nobodyFound = Problem(
    .invalid, "member_unknown", "exactly one member is expected by a card, a telephone or an id",
    cashier: LocalText(
      ru: "По этому номеру не найден один участник: назовите карту, телефон или код целиком",
      en: "This finds no single member: give a whole card, telephone or id"))
}
