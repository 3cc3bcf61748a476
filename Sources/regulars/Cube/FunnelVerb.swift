import Access
import ArgumentParser
import Calculator
import Cube
import Insight
import Kernel
import Loyalty
import Storage

/// Funnels on a command line.
struct FunnelVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "funnel", abstract: "Funnels over what visitors and members do: what they came to, and the kept ones.",
    discussion: "docs/marketer/sources-and-funnels.md says what is counted, and what a file of --file holds.",
    subcommands: [FunnelCountVerb.self, FunnelListVerb.self, FunnelSaveVerb.self, FunnelLostVerb.self])
}

/// Which funnel, and of which days.
struct FunnelOptions: ParsableArguments {
  @OptionGroup var of: CubeOptions
  @Option(help: ArgumentHelp("A funnel that is kept, by its name.", valueName: "text")) var name: String?
  @Option(help: ArgumentHelp("A file with a funnel as JSON.", valueName: "path")) var file: String?
  @Option(help: ArgumentHelp("The first day; usually 28 days before today.", valueName: "day")) var from: String?
  @Option(help: ArgumentHelp("The last day; usually yesterday.", valueName: "day")) var to: String?

  func validate() throws {
    if (name == nil) == (file == nil) { throw ValidationError("name a funnel with --name, or bring one with --file") }
  }

  func days(today: CivilDay) throws -> ClosedRange<CivilDay> {
    func day(_ text: String?, _ usual: CivilDay) throws -> CivilDay {
      guard let text else { return usual }
      guard let day = CivilDay(text) else { throw ValidationError("\(text) is no day; one is such as 2026-11-01") }
      return day
    }
    let last = try day(to, today.adding(days: -1))
    let first = try day(from, last.adding(days: -27))
    guard first <= last else { throw ValidationError("--from is after --to") }
    return first...last
  }
}

/// A funnel with everything that counts it.
private struct OpenFunnel {
  let programme: Programme
  let funnel: Funnel
  let desk: FunnelDesk
  let names: [LocalText]

  init(_ options: FunnelOptions, _ wiring: Wiring, _ desk: Desk) async throws {
    let programme = try await wiring.programme(options.of.programme, of: wiring.account(options.of.account).id)
    let folder = desk.config.cubeFolder(of: programme)
    let keeper = CubeKeeper(of: CubeScope(programme), on: wiring.database, zones: wiring.zoneNamed, in: folder)
    guard try await keeper.catchUp() != nil else { throw CubeFailure.none(folder.path) }
    let file = try options.file.map { try JSON.parse(readFile($0, atMost: Limits.body)) }
    let name = options.name
    let funnel = try await wiring.database.read { tx in
      let catalogue = try CatalogueIndex(of: programme.account).refreshed(in: &tx)
      let names = try AccountNames(of: programme, catalogue: catalogue, in: &tx)
      var form = FunnelForm(names: names, terms: programme.settings.terms)
      let body = try file ?? Funnels(of: programme).funnel(named: name ?? "", in: &tx).body
      return try form.funnel(body)
    }
    self.programme = programme
    self.funnel = funnel
    self.desk = FunnelDesk(
      of: programme, keeper, on: wiring.database, zones: wiring.zoneNamed, most: Limits.askedEventsAtLength)
    names = funnel.steps.map { step in
      switch step {
      case .event(let filter): filter.kind.title
      case .purchase: LocalText(ru: "Покупка", en: "Purchase")
      }
    }
  }

  var zone: Zone { programme.settings.points.zone }
}

struct FunnelCountVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "count", abstract: "How many came how far, how long it took, and against the days before.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var options: FunnelOptions
  @Option(help: ArgumentHelp("steps, or groups of a funnel that is split.", valueName: "code")) var part: String?
  @Option(help: "How the answer is written.") var format = PivotVerb.Format.table
  @Option(help: ArgumentHelp("Where XLSX goes.", valueName: "file")) var out: String?
  @Option(help: "Words in Russian or English: ru, en.") var language = "en"

  func validate() throws {
    if format == .xlsx, out == nil { throw ValidationError("--format xlsx needs --out FILE") }
    guard ReportLanguage(rawValue: language) != nil else { throw ValidationError("--language is ru or en") }
  }

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let open = try await OpenFunnel(options, wiring, desk)
      let now = desk.world.now()
      let days = try options.days(today: open.zone.civil(at: now).day)
      let counted = try await open.desk.count(open.funnel, days, at: now)
      let (amounts, words) = (AmountForm(open.programme.settings.terms), ReportLanguage(rawValue: language) ?? .en)
      let parts = counted.parts(open.names).filter { part == nil || $0.code == part }
      guard let first = parts.first else { throw ValidationError("this funnel has no table \(part ?? "")") }
      switch format {
      case .table:
        let tables = parts.map { aligned(counted.table($0, amounts, words).lines) }
        try answer(
          (["\(days.lowerBound) – \(days.upperBound)"] + tables + [PivotVerb.text(counted.notes, language)]).joined(
            separator: "\n\n"))
      case .json: try answer(counted.json(open.names, amounts, words).pretty)
      case .csv, .xlsx:
        let file = try counted.table(first, amounts, words).file(sign: open.programme.settings.terms.currency.code, zone: open.zone)
        try await PivotVerb.write(file, format, to: out)
      }
    }
  }
}

struct FunnelLostVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "lost", abstract: "The members who took a step and not the next, an id on each line.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var options: FunnelOptions
  @Option(help: ArgumentHelp("The step, from 1.", valueName: "number")) var after: Int

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let open = try await OpenFunnel(options, wiring, desk)
      guard (1..<open.funnel.steps.count).contains(after) else {
        throw ValidationError("--after is a step from 1 to \(open.funnel.steps.count - 1)")
      }
      let now = desk.world.now()
      let days = try options.days(today: open.zone.civil(at: now).day)
      let lost = try await open.desk.lost(after: after - 1, open.funnel, days, at: now)
      for start in stride(from: 0, to: lost.count, by: 1_000) {
        try answer(lost[start..<min(start + 1_000, lost.count)].map { "\($0)" }.joined(separator: "\n"))
      }
    }
  }
}

struct FunnelListVerb: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "The funnels that a programme keeps.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CubeOptions

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let programme = try await wiring.programme(of.programme, of: wiring.account(of.account).id)
      let all = try await wiring.database.read { tx in try Funnels(of: programme).all(in: &tx) }
      let rows = all.map { [$0.name, "version \($0.version)", $0.archivedAt == nil ? "" : "archived", $0.body.compact] }
      try answer(rows.isEmpty ? "no funnel is kept" : aligned(rows))
    }
  }
}

struct FunnelSaveVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Keep a funnel from a file, a new one or in place of the one that has the name.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CubeOptions
  @Option(help: ArgumentHelp("A file with the funnel as JSON.", valueName: "path")) var file: String
  @Option(help: ArgumentHelp("Its name.", valueName: "text")) var name: String

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let programme = try await wiring.programme(of.programme, of: wiring.account(of.account).id)
      let body = try JSON.parse(readFile(file, atMost: Limits.body))
      let (name, now, ids) = (name, desk.world.now(), wiring.ids)
      let id = try await wiring.database.write { tx -> FunnelID in
        let catalogue = try CatalogueIndex(of: programme.account).refreshed(in: &tx)
        var form = FunnelForm(
          names: try AccountNames(of: programme, catalogue: catalogue, in: &tx), terms: programme.settings.terms)
        let funnel = try form.funnel(body)
        return try Funnels(of: programme).save(name, form.json(funnel), by: Change(by: .commandLine, at: now, ids: ids), in: &tx)
      }
      try answer("kept as \(id)")
    }
  }
}
