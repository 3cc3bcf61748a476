import ArgumentParser
import Calculator
import Conditions
import Foundation
import Kernel
import Loyalty
import Storage

/// Where rules come from: a file, or what a programme has in force.
struct RulesSource: ParsableArguments {
  @Option(help: ArgumentHelp("The account, for the rules in force.", valueName: "code")) var account: String?
  @Option(help: ArgumentHelp("The programme, for the rules in force.", valueName: "code")) var programme: String?

  /// The rules in force as a document: terms, groups, promotions.
  func document(_ desk: Desk) async throws -> JSON {
    guard let account, let programme else {
      throw ValidationError("name a file, or the rules in force with --account and --programme")
    }
    return try await desk.withWiring { wiring in
      let known = try await wiring.programme(programme, of: wiring.account(account).id)
      return try await wiring.database.read { tx in
        let names = try AccountNames(of: known, catalogue: CatalogueIndex(of: known.account).refreshed(in: &tx), in: &tx)
        let stored = try RuleBooks(of: known).latest(in: &tx)
        let book = try stored.map { try $0.rules(names).book(version: $0.version) }
        // Versions count the changes of one database and say nothing to another.
        let promotions = (book?.promotions ?? []).map { promotion in
          var promotion = promotion
          promotion.version = 1
          return promotion
        }
        let terms = known.settings.wholeTerms(names)
        return RulesFile(terms: terms, groups: known.settings.groups, promotions: promotions).json(names: names)
      }
    }
  }
}

struct RulesExport: Verb {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the rules in force, or those of a file, as one file: terms, groups and promotions.",
    discussion: """
      As YAML, always in the same order, so that versions of the file can be compared line by line. A file that is there already keeps its \
      comments. A file whose name ends in .json is JSON.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var source: RulesSource
  @Option(help: ArgumentHelp("The rules of this file instead.", valueName: "file")) var rules: String?
  @Option(help: ArgumentHelp("Where to; without it, to the standard output.", valueName: "file")) var to: String?

  func run(at desk: Desk) async throws {
    let json: JSON
    if let rules { json = try await SetupFile(rules).canonical } else { json = try await source.document(desk) }
    guard let to else { return try answer(YAMLText.write(json).trimmedEnd) }
    if to.hasSuffix(".json") { return try writeFile(json.pretty, to: to) }
    var text = try YAMLText.write(json)
    if FileManager.default.fileExists(atPath: to) {
      let old = String(decoding: try readFile(to, atMost: Limits.rulesFile), as: UTF8.self)
      text = try await SetupFile.named(to) { try YAMLComments(of: old).added(to: text) }
    }
    try writeFile(text.trimmedEnd, to: to)
  }
}

struct RulesTest: Verb {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Calculate the baskets of a file of tests and compare them with what it expects.",
    discussion: "docs/marketer/rules-as-text.md describes the file. Ends with 1 where a test fails.")

  @OptionGroup var shared: SharedOptions
  @Option(help: ArgumentHelp("The rules.", valueName: "file")) var rules: String
  @Option(help: ArgumentHelp("The tests.", valueName: "file")) var tests: String

  func run(at desk: Desk) async throws {
    let (book, examples) = (try SetupFile(rules), try SetupFile(tests))
    let all = try await examples.named { try RuleTests(examples.json) }
    // What cannot be read in the rules is told with the rules' name, and not with a test's.
    try await book.named {
      var names: any Names = InternedNames()
      _ = try RulesFile(book.rules, names: &names)
    }
    let outcomes = try await examples.named { try all.run(by: book.rules, zones: desk.world.zones) }
    let failed = outcomes.filter { !$0.faults.isEmpty }
    for outcome in failed { try answer("failed: \(outcome.name)\n" + outcome.faults.map { "    \($0)" }.joined(separator: "\n")) }
    try answer("\(outcomes.count) tests, \(failed.count) failed")
    if !failed.isEmpty { throw ExitCode(Ending.trouble.rawValue) }
  }
}

struct RulesDiffVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "What a file of rules changes: against another, or against what is in force.",
    discussion: "Ends with 1 where there is a difference.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var source: RulesSource
  @Option(help: ArgumentHelp("The new rules.", valueName: "file")) var rules: String
  @Option(help: ArgumentHelp("The old rules; without it, those in force.", valueName: "file")) var from: String?

  func run(at desk: Desk) async throws {
    let new = try SetupFile(rules)
    let before: JSON
    if let from { before = try await SetupFile(from).canonical } else { before = try await source.document(desk) }
    let diff = RulesDiff(from: before, to: try await new.canonical(like: before))
    try answer(diff.text)
    if !diff.isEmpty { throw ExitCode(Ending.trouble.rawValue) }
  }
}

extension SetupFile {
  /// The rules in their one form, whatever the file's.
  var canonical: JSON { get async throws { try await canonical(like: nil) } }

  /// - Parameter old: rules whose terms and groups hold where the file has none: amounts are written in them.
  func canonical(like old: JSON?) async throws -> JSON {
    try await named {
      var names: any Names = InternedNames()
      let terms = ["programme", "groups"].compactMap { name in
        json[name] == nil ? old?[name].map { JSON.Member(name, $0) } : nil
      }
      guard case .object(let members) = rules else { return try RulesFile(rules, names: &names).json(names: names) }
      let written = try RulesFile(.object(members + terms), names: &names).json(names: names)
      guard case .object(let all) = written else { return written }
      let borrowed = Set(terms.map(\.key))
      return .object(all.filter { !borrowed.contains($0.key) })
    }
  }
}

extension String {
  /// Without the line feeds at its end: whoever writes it adds one.
  var trimmedEnd: String { String(reversed().drop { $0.isNewline }.reversed()) }
}
