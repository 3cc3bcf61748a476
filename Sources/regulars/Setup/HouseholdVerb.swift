import Access
import ArgumentParser
import Customers
import Kernel
import Loyalty
import Storage

/// Households from the command line: look at one, put members together, take them apart.
struct HouseholdVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "household", abstract: "Households: show one, found one, join, leave, dissolve.",
    subcommands: [HouseholdShow.self, HouseholdFound.self, HouseholdJoin.self, HouseholdLeave.self, HouseholdDissolve.self])
}

extension HouseholdStanding {
  /// A line for each who is in it or was asked to be.
  fileprivate func text(_ pool: HouseholdPool, _ programme: Programme, at now: Instant) -> String {
    func points(_ points: Points) -> String { Decimal.text(points.units, digits: programme.settings.points.scale) }
    let head = [
      "\(household.id)", household.name.isEmpty ? "-" : household.name, "spends: \(household.spenders.rawValue)",
      household.endedAt.map { "dissolved \($0.text)" } ?? "\(points(pool.total)) points together",
    ].joined(separator: "  ")
    let rows =
      members.map { stay in
        let part = pool.parts.first { $0.member == stay.member }
        return [
          "\(stay.member)", stay.member == household.owner ? "owner" : "member", (stay.joinedAt ?? stay.invitedAt).text,
          "\(points(part?.lendable ?? .zero)) points",
        ]
      } + invited(at: now).map { ["\($0.member)", "invited", "until \($0.invitationEnds.text)", ""] }
    return rows.isEmpty ? head : head + "\n" + aligned(rows)
  }
}

/// What every one of these verbs ends with: the household as it is then.
private func said(
  _ household: HouseholdID, _ programme: Programme, _ wiring: Wiring
) async throws -> String {
  let (households, ids, now) = (Households(of: programme), wiring.ids, wiring.change.at)
  return try await wiring.database.read { tx in
    try households.standing(household, in: &tx)
      .text(households.pool(of: household, at: now, ids: ids, in: &tx), programme, at: now)
  }
}

struct HouseholdShow: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Who is in a household, who was invited, what they have together.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: MembersOptions
  @Argument(help: "The household's id, or a member of it: an id, a telephone, a card, a code.") var which: String

  func run(at desk: Desk) async throws {
    let text = try await desk.withWiring { wiring in
      let programme = try await of.programme(wiring)
      if let id = HouseholdID(which) { return try await said(id, programme, wiring) }
      let standing = try await wiring.database.read { tx in
        try Households(of: programme).standing(of: programme.member(which, in: &tx), in: &tx)
      }
      guard let standing else { return "the member is in no household" }
      return try await said(standing.household.id, programme, wiring)
    }
    try answer(text)
  }
}

struct HouseholdFound: Verb {
  static let configuration = CommandConfiguration(
    commandName: "found", abstract: "Found a household for a member, who owns it; who owns one already keeps it.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: MembersOptions
  @Argument(help: "Who owns it: an id, a telephone, a card, a code.") var owner: String
  @Option(help: ArgumentHelp("What its members call it.", valueName: "text")) var name = ""

  func run(at desk: Desk) async throws {
    let text = try await desk.withWiring { wiring in
      let (programme, change) = (try await of.programme(wiring), wiring.change)
      let made = try await wiring.database.write(.bulk) { tx in
        try Households(of: programme).make(name, by: programme.member(owner, in: &tx), change, in: &tx)
      }
      return try await said(made.household.id, programme, wiring)
    }
    try answer(text)
  }
}

struct HouseholdJoin: Verb {
  static let configuration = CommandConfiguration(
    commandName: "join", abstract: "Invite a member to a household and let them in.",
    discussion: "For whoever agreed in a way that no code says: the reason stays with the household and in the audit trail.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: MembersOptions
  @Argument(help: "Who joins: an id, a telephone, a card, a code.") var member: String
  @Option(help: ArgumentHelp("The household's id.", valueName: "id")) var household: String
  @Option(help: ArgumentHelp("How the member agreed.", valueName: "text")) var reason: String

  func run(at desk: Desk) async throws {
    guard let id = HouseholdID(household) else { throw ValidationError("\"\(household)\" is no household's id") }
    let text = try await desk.withWiring { wiring in
      let (programme, change) = (try await of.programme(wiring), wiring.change)
      let households = Households(of: programme)
      try await wiring.database.write(.bulk) { tx in
        let joining = try programme.member(member, in: &tx)
        _ = try households.invite(joining, by: households.standing(id, in: &tx).household.owner, change, in: &tx)
        _ = try households.accept(id, by: joining, .told(reason: reason), change, in: &tx)
      }
      return try await said(id, programme, wiring)
    }
    try answer(text)
  }
}

struct HouseholdLeave: Verb {
  static let configuration = CommandConfiguration(
    commandName: "leave", abstract: "Take a member out of their household; their points go along.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: MembersOptions
  @Argument(help: "Who leaves: an id, a telephone, a card, a code.") var member: String

  func run(at desk: Desk) async throws {
    let text = try await desk.withWiring { wiring in
      let (programme, change) = (try await of.programme(wiring), wiring.change)
      let id = try await wiring.database.write(.bulk) { tx in
        let leaving = try programme.member(member, in: &tx)
        try Households(of: programme).leave(leaving, by: change, in: &tx)
        return leaving
      }
      return "\(id) is in no household"
    }
    try answer(text)
  }
}

struct HouseholdDissolve: Verb {
  static let configuration = CommandConfiguration(
    commandName: "dissolve", abstract: "End a household; everybody keeps their own points.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: MembersOptions
  @Argument(help: "The household's id.") var household: String
  @Option(help: ArgumentHelp("Why, for the audit trail.", valueName: "text")) var reason: String

  func run(at desk: Desk) async throws {
    guard let id = HouseholdID(household) else { throw ValidationError("\"\(household)\" is no household's id") }
    let text = try await desk.withWiring { wiring in
      let (programme, change) = (try await of.programme(wiring), wiring.change)
      try await wiring.database.write(.bulk) { tx in
        try Households(of: programme).dissolve(id, because: reason, by: change, in: &tx)
      }
      return try await said(id, programme, wiring)
    }
    try answer(text)
  }
}
