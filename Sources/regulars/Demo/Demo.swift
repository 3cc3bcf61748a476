import Access
import ArgumentParser
import Imports
import Jobs
import Kernel
import Loyalty
import Storage

struct Demo: Verb {
  static let configuration = CommandConfiguration(
    abstract: "Take a chain's year of purchases through a programme, and show what came out.",
    discussion: """
      script/demo fetches the year and calls this. The first run prices 1.47 million lines; later ones show the same summary from the \
      database. Ends with 1 when the audit of the points finds a difference.
      """)

  @OptionGroup var shared: SharedOptions
  @Option(help: ArgumentHelp("Where products.csv, stores.csv, members.csv and transactions.csv are.", valueName: "folder"))
  var data = "demo-data"
  @Option(help: ArgumentHelp("Where the programme, its rules and the mappings are.", valueName: "folder"))
  var files = "examples/complete-journey"
  @Option(help: ArgumentHelp("ru or en; the environment's language otherwise.", valueName: "language"))
  var language: String?

  @Flag(help: "Then serve: sell the last week over HTTP, close its shifts, and stay up, selling a trickle.")
  var live = false
  @Flag(help: "With --live: end when the week is sold and verified.")
  var once = false
  @Option(
    help: ArgumentHelp("With --live: where to listen, instead of the configured port; 0 takes a free one.", valueName: "number"))
  var port: Int?

  func validate() throws {
    guard live || (!once && port == nil) else { throw ValidationError("--once and --port belong to --live") }
    guard language.map({ DemoLanguage(rawValue: $0) != nil }) ?? true else { throw ValidationError("--language is ru or en") }
  }

  func run(at desk: Desk) async throws {
    let chosen = language.flatMap(DemoLanguage.init(rawValue:)) ?? DemoLanguage(systemEnvironment())
    _ = try await desk.withDatabase { try await Wiring.bringUp($0, at: desk.world.now()) }
    let differences = try await desk.withWiring { wiring in
      let setup = DemoSetup(wiring, desk, data: data, files: files)
      let summary = try await DemoYear(setup).summary()
      try answer(DemoText(language: chosen).summary(summary))
      guard live, summary.differences == 0 else { return summary.differences }
      return try await DemoLive(setup, chosen).run(port: port ?? desk.config.server.port, once: once)
    }
    if differences > 0 { throw ExitCode(Ending.trouble.rawValue) }
  }
}
