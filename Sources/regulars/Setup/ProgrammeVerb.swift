import Access
import ArgumentParser
import Kernel
import Loyalty
import Storage

/// The loyalty programmes of an account.
struct ProgrammeVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "programme", abstract: "Make or change a loyalty programme, show its settings, list them.",
    subcommands: [ProgrammeSave.self, ProgrammeShow.self, ProgrammeList.self])
}

struct ProgrammeSave: Verb {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Make a programme, or give it a next version of its settings.",
    discussion: """
      The file holds the settings as JSON; what it leaves out has its default (`regulars programme show` prints them all). The same \
      settings again are the same version. What tills sell by changes when the rules are published the next time.
      """)

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The programme's code.") var code: String
  @Option(help: ArgumentHelp("The account it belongs to.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("Its settings.", valueName: "file")) var settings: String

  func run(at desk: Desk) async throws {
    let file = try SetupFile(settings)
    try await desk.withWiring { wiring in
      let (account, change, zones) = (try await wiring.account(account).id, wiring.change, wiring.zoneNamed)
      let (before, programme, limit) = try await file.named {
        try await wiring.database.write(.bulk) { [code] tx in
          let programmes = Programmes(of: account, zones: zones)
          let before = try programmes.all(in: &tx).first { $0.code == code }?.version
          let saved = try programmes.save(code, file.json, by: change, in: &tx)
          return (before, saved, try ApprovalChanges(of: saved).waiting(in: &tx))
        }
      }
      let word = before == nil ? "made" : before == programme.version ? "nothing changed" : "changed"
      try answer("programme \(code): \(word), version \(programme.version)")
      if limit != nil { try answer("the higher limit of approval awaits a second person: somebody else agrees in the console") }
    }
  }
}

struct ProgrammeShow: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print a programme's settings, defaults included, in the form that save reads.")

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The programme's code.") var code: String
  @Option(help: ArgumentHelp("The account it belongs to.", valueName: "code")) var account: String

  func run(at desk: Desk) async throws {
    let settings = try await desk.withWiring { wiring in
      try await wiring.programme(code, of: wiring.account(account).id).settings
    }
    try answer(settings.json.pretty)
  }
}

struct ProgrammeList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The programmes of an account, each with the rule book that is in force.")

  @OptionGroup var shared: SharedOptions
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String

  func run(at desk: Desk) async throws {
    let rows = try await desk.withWiring { wiring in
      let (account, zones) = (try await wiring.account(account).id, wiring.zoneNamed)
      return try await wiring.database.read { tx in
        try Programmes(of: account, zones: zones).all(in: &tx).map { programme in
          let book = try RuleBooks(of: programme).latest(in: &tx)
          return [
            programme.code, "version \(programme.version)", programme.settings.terms.currency.code,
            book.map { "rule book \($0.version): \($0.promotions) promotions" } ?? "no rules yet",
          ]
        }
      }
    }
    try answer(rows.isEmpty ? "no programmes; `regulars programme save` makes one" : aligned(rows))
  }
}

extension Wiring {
  /// - Throws: `Problem.notFound`.
  func programme(_ code: String, of account: AccountID) async throws -> Programme {
    try await database.read { [zoneNamed] tx in try Programmes(of: account, zones: zoneNamed).programme(code: code, in: &tx) }
  }
}
