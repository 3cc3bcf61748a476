import Access
import ArgumentParser
import Customers
import Kernel
import Loyalty
import Storage

/// Members who are one person: who they may be, making one of two, and two again.
struct MembersVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "members", abstract: "Members who may be one person: list them, merge two, take them apart.",
    subcommands: [MembersDuplicates.self, MembersMerge.self, MembersUnmerge.self])
}

struct MembersOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The programme.", valueName: "code")) var programme: String

  func programme(_ wiring: Wiring) async throws -> Programme {
    try await wiring.programme(programme, of: wiring.account(account).id)
  }
}

extension Programme {
  /// By our own id, or by whatever a till would take.
  /// - Throws: `Problem.notFound` (`member_unknown`).
  func member(_ text: String, in tx: inout Transaction) throws -> MemberID {
    if let id = MemberID(text) { return try members.member(id, in: &tx).id }
    let readings = settings.identifiers.readings(of: text) + (Identifier(external: text).map { [$0] } ?? [])
    guard let found = try identifiers.find(readings, in: &tx) else {
      throw Problem(.notFound, "member_unknown", "nobody is found by what was named; give an id, a telephone, a card or a code")
    }
    return found.member
  }
}

struct MembersDuplicates: Verb {
  static let configuration = CommandConfiguration(
    commandName: "duplicates", abstract: "Pairs of members who may be one person, the likeliest first.",
    discussion: """
      Background work finds them as members come and change. One line for each pair: likeness out of a hundred, both members' ids, \
      what they have in common. Names are not shown.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: MembersOptions
  @Option(help: ArgumentHelp("How many at most.", valueName: "number")) var limit = 20
  @Option(help: ArgumentHelp("Pairs of this likeness or more.", valueName: "score")) var atLeast = 1

  func run(at desk: Desk) async throws {
    let (rows, isWhole) = try await desk.withWiring { wiring in
      let programme = try await of.programme(wiring)
      return try await wiring.database.read { tx in
        let pairs = try programme.duplicates.open(limit: limit, in: &tx).filter { $0.score >= atLeast }
        let rows = pairs.map { ["\($0.score)", "\($0.first)", "\($0.second)", $0.reasons.map(\.rawValue).joined(separator: " ")] }
        return (rows, try DuplicateWork.isDone(of: programme.account, programme.id, in: &tx))
      }
    }
    if !isWhole { desk.console.line("not everybody was looked at yet; `regulars serve` or `regulars work` does it") }
    try answer(rows.isEmpty ? "no members look alike" : aligned(rows))
  }
}

struct MembersMerge: Verb {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Make one member of two; what the survivor lacks comes from the other.",
    discussion: """
      Points, identifiers and everything else move to the survivor, receipts stay where they are and are seen with them. Sent again \
      under the same --key it happens once; `regulars members unmerge` takes the two apart again. --dry-run only tells what would move.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: MembersOptions
  @Argument(help: "Who becomes part of the other: an id, a telephone, a card, a code.") var merged: String
  @Option(help: ArgumentHelp("Who stays.", valueName: "member")) var into: String
  @Option(help: ArgumentHelp("Why it is one person, for the audit trail.", valueName: "text")) var reason: String
  @Option(
    help: ArgumentHelp(
      "A field that the other one is right about: kind, familyName, givenName, patronymic, birthday, sex, language, city, attributes.",
      valueName: "field"))
  var take: [String] = []
  @Option(help: ArgumentHelp("A field that the survivor is right about; needed for birthdays that differ.", valueName: "field"))
  var keep: [String] = []
  @Option(help: ArgumentHelp("What makes this the same when it is sent again; without it the two members.", valueName: "text"))
  var key: String?
  @Flag(help: "Tell what would move, and change nothing.") var dryRun = false

  private func choice() throws -> MergeChoice {
    var sides: [PersonField: MergeChoice.Side] = [:]
    for (names, side) in [(keep, MergeChoice.Side.survivor), (take, .merged)] {
      for name in names {
        guard let field = PersonField(rawValue: name) else {
          throw ValidationError("\"\(name)\" is no field; one of \(PersonField.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        sides[field] = side
      }
    }
    return MergeChoice(sides)
  }

  func run(at desk: Desk) async throws {
    let choice = try choice()
    let said = try await desk.withWiring { wiring in
      let (programme, change) = (try await of.programme(wiring), wiring.change)
      let merging = Merging(of: programme, ids: wiring.ids)
      let (one, two) = try await wiring.database.read { tx in
        (try programme.member(into, in: &tx), try programme.member(merged, in: &tx))
      }
      if dryRun {
        let seen = try await wiring.database.read { tx in try merging.preview(two, into: one, choice, at: change.at, in: &tx) }
        return text(seen, programme)
      }
      let request = RequestKey("members merge " + (key ?? "\(two) \(one)"))
      let id = try await wiring.database.write(.bulk) { tx in
        try merging.merge(two, into: one, choice, because: reason, request: request, by: change, in: &tx)
      }
      return "\(two) is part of \(one) now: \(id)"
    }
    try answer(said)
  }

  private func text(_ seen: MergePreview, _ programme: Programme) -> String {
    if let obstacle = seen.obstacle { return "\(obstacle.code): \(obstacle.detail)" }
    func points(_ points: Points) -> String { Decimal.text(points.units, digits: programme.settings.points.scale) }
    func row(_ name: String, _ side: MergePreview.Side) -> [String] {
      [
        name, "\(side.member.id)", "\(points(side.wallet.active)) points", "\(points(side.wallet.pending)) pending",
        "\(side.wallet.history.purchases) receipts", "\(side.identifiers.count) identifiers",
      ]
    }
    let count = seen.survivor.identifiers.count + seen.merged.identifiers.count
    return aligned([
      row("stays", seen.survivor), row("moves", seen.merged),
      [
        "then", "\(seen.survivor.member.id)", "\(points(seen.wallet.active)) points", "\(points(seen.wallet.pending)) pending",
        "\(seen.wallet.history.purchases) receipts", "\(count) identifiers",
      ],
    ])
  }
}

struct MembersUnmerge: Verb {
  static let configuration = CommandConfiguration(
    commandName: "unmerge", abstract: "Take a merged member apart from the survivor again.",
    discussion: """
      What is left of what moved goes back; what was spent or expired since stays with the survivor. --dry-run only tells how much.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: MembersOptions
  @Argument(help: "The id of the member who was merged.") var merged: String
  @Option(help: ArgumentHelp("What makes this the same when it is sent again; without it the merge.", valueName: "text")) var key:
    String?
  @Flag(help: "Tell what would go back, and change nothing.") var dryRun = false

  func run(at desk: Desk) async throws {
    guard let member = MemberID(merged) else { throw ValidationError("\"\(merged)\" is no member's id") }
    let said = try await desk.withWiring { wiring in
      let (programme, change) = (try await of.programme(wiring), wiring.change)
      let merging = Merging(of: programme, ids: wiring.ids)
      func points(_ points: Points) -> String { Decimal.text(points.units, digits: programme.settings.points.scale) }
      let seen = try await wiring.database.read { tx in try merging.previewUnmerge(member, at: change.at, in: &tx) }
      let told = "\(points(seen.goesBack)) points go back, \(points(seen.stays)) stay with \(seen.merge.survivor)"
      if dryRun { return seen.obstacle.map { "\($0.code): \($0.detail)" } ?? told }
      let request = RequestKey("members unmerge " + (key ?? "\(seen.merge.id)"))
      try await wiring.database.write(.bulk) { tx in try merging.unmerge(member, request: request, by: change, in: &tx) }
      return "\(member) stands alone again: \(told)"
    }
    try answer(said)
  }
}
