import Access
import ArgumentParser
import Customers
import Insight
import Kernel
import Loyalty
import Storage

struct SegmentSaveVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Keep a condition as a segment, which rules can then name.",
    discussion: """
      A dynamic segment follows what happens within seconds, while a server runs; a snapshot is computed once and stays. Sent again with the \
      same condition nothing changes.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var segment: SegmentOptions
  @Option(help: ArgumentHelp("The segment's code.", valueName: "code")) var code: String
  @Option(help: ArgumentHelp("Its name in Russian.", valueName: "text")) var ru: String
  @Option(help: ArgumentHelp("Its name in English.", valueName: "text")) var en: String
  @Flag(help: "Compute it once, and let it stay.") var snapshot = false

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let open = try await OpenSegment(segment, wiring, desk)
      let details = SegmentDetails(code: code, name: LocalText(ru: ru, en: en), kind: snapshot ? .snapshot : .dynamic)
      let (condition, programme, change) = (open.form.json(open.condition), open.programme, wiring.change)
      let id = try await wiring.database.write(.bulk) { tx in
        try Segments(of: programme.account).save(details, condition: condition, programme: programme.id, by: change, in: &tx)
      }
      try answer("\(id): \(code); a running server computes its members")
    }
  }
}

struct SegmentRulesVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Segments that have a condition, and how many are in them.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CubeOptions

  func run(at desk: Desk) async throws {
    let rows = try await desk.withWiring { wiring in
      let programme = try await wiring.programme(of.programme, of: wiring.account(of.account).id)
      return try await wiring.database.read { tx in
        try Segments(of: programme.account).rules(of: programme.id, in: &tx).map { rule in
          [
            rule.code, rule.kind.rawValue, rule.counted.map { "\($0.members) members" } ?? "not counted yet",
            rule.condition.compact,
          ]
        }
      }
    }
    try answer(rows.isEmpty ? "no segment of this programme has a condition yet" : aligned(rows))
  }
}
