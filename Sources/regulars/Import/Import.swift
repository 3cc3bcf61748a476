import Access
import ArgumentParser
import Imports
import Kernel
import Storage

struct Import: Verb {
  static let configuration = CommandConfiguration(
    abstract: "Take in a CSV file: catalogue, stores, members, receipts, certificates or events.",
    discussion: """
      A mapping says what the columns mean; docs/administrator/import.md tells how. The same command given again goes on where it \
      was stopped, and a file that was imported is not imported twice. Ends with 1 when records were refused.
      """)

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The CSV file.") var file: String
  @Option(help: ArgumentHelp("What the columns mean.", valueName: "path")) var mapping: String
  @Option(help: ArgumentHelp("The account it belongs to.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The programme of members, receipts, certificates and events.", valueName: "code")) var programme:
    String?
  @Option(help: ArgumentHelp("Where refused records go; FILE.refused.csv otherwise.", valueName: "path")) var refused: String?
  @Option(help: ArgumentHelp("Stop after so many refused records.", valueName: "count")) var maxRefused = 1_000
  @Flag(help: "Read and check everything, write nothing.") var dryRun = false
  @Flag(help: "Import a file that was imported before.") var again = false

  func validate() throws {
    guard maxRefused >= 0 else { throw ValidationError("--max-refused is a number from 0") }
  }

  func run(at desk: Desk) async throws {
    let mapping = try ImportMapping(readFile(mapping, atMost: Limits.mappingFile))
    let opened = try await OpenedFile(ImportFile(path: file), mapping)
    let report = try await desk.withWiring { wiring in try await carryOut(opened, wiring, desk) }
    try answer(report.text(mapping.kind, isDryRun: dryRun, refused: refusedPath))
    if mapping.isOfThePast, !dryRun, report.tally.made > 0 { desk.console.line(ImportReport.aboutColumns) }
    switch report.ending {
    case .stopped: throw Stop.Asked()
    case .tooManyRefused: throw ExitCode(Ending.refused.rawValue)
    case .done, .wasDone: if report.tally.refused > 0 { throw ExitCode(Ending.trouble.rawValue) }
    }
  }

  private var refusedPath: String { refused ?? file + ".refused.csv" }

  private func carryOut(_ opened: OpenedFile, _ wiring: Wiring, _ desk: Desk) async throws -> ImportReport {
    let account = try await wiring.account(account)
    var programmeDesk: ImportDesk?
    if let programme { programmeDesk = try await wiring.importDesk(account.id, programme) }
    var options = ImportOptions()
    options.isDryRun = dryRun
    options.isAgain = again
    options.maxRefused = maxRefused
    let noun = opened.mapping.kind.noun
    let progress = desk.progress((dryRun ? "checking " : "importing ") + noun, unit: "lines", total: opened.lines)
    defer { progress.finish() }
    let run = ImportRun(
      into: wiring.database, account: account.id, ids: wiring.ids, options: options, refused: RefusedFile(path: refusedPath),
      now: desk.world.now, shouldStop: { desk.stop.isAsked })
    let zones = desk.world.zones
    return try await run.carryOut(
      opened, for: programmeDesk, zones: { (name) throws(Problem) in try zones.zone(named: name) },
      progress: { progress.reached($0.tally.line) })
  }
}
