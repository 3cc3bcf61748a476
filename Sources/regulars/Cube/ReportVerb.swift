import ArgumentParser
import Calculator
import Cube
import Foundation
import Insight
import Kernel
import Loyalty
import Storage
import Tables

/// Ready reports on a command line.
struct ReportVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "A ready report of a programme: figures, who moved where, what changed sales.",
    discussion: """
      Reports: \(ReportName.allCases.map(\.rawValue).joined(separator: ", ")). Each has several tables; --part names one, for CSV and XLSX the \
      first where nothing is said. docs/marketer/reports.md says what is in them.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CubeOptions
  @Argument(help: ArgumentHelp("The report.", valueName: "name")) var name: String?
  @Option(help: ArgumentHelp("A ready report that was saved in the console, instead.", valueName: "name")) var saved: String?
  @Option(help: ArgumentHelp("The first business day; usually 28 or 364 days before today.", valueName: "day")) var from: String?
  @Option(help: ArgumentHelp("The last business day; usually yesterday.", valueName: "day")) var to: String?
  @Option(help: ArgumentHelp("One of its tables.", valueName: "code")) var part: String?
  @Option(help: ArgumentHelp("With kpi-tree: a segment instead of the period …", valueName: "code")) var segment: String?
  @Option(help: ArgumentHelp("… and the one that it is set against.", valueName: "code")) var against: String?
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("city=Kazan,Perm or city!=Kazan, where the report can be filtered so; may be repeated.", valueName: "filter")
  )
  var filters: [String] = []
  @Option(help: "How the answer is written.") var format = PivotVerb.Format.table
  @Option(help: ArgumentHelp("Where XLSX goes.", valueName: "file")) var out: String?
  @Option(help: "Words in Russian or English: ru, en.") var language = "en"

  func validate() throws {
    if (name == nil) == (saved == nil) { throw ValidationError("say either which report, or --saved") }
    if saved != nil, segment != nil || !filters.isEmpty {
      throw ValidationError("--saved brings its own filters and segments; take those away")
    }
    if format == .xlsx, out == nil { throw ValidationError("--format xlsx needs --out FILE") }
    if (segment == nil) != (against == nil) { throw ValidationError("--segment and --against go together") }
    guard ReportLanguage(rawValue: language) != nil else { throw ValidationError("--language is ru or en") }
  }

  func run(at desk: Desk) async throws {
    let named = try name.map { word throws(Problem) in try ReportName(named: word) }
    let filters = try PivotForm.filters(words: filters)
    try named?.check(filters)
    try await desk.withWiring { wiring in
      let programme = try await wiring.programme(of.programme, of: wiring.account(of.account).id)
      let folder = desk.config.cubeFolder(of: programme)
      let keeper = CubeKeeper(of: CubeScope(programme), on: wiring.database, zones: wiring.zoneNamed, in: folder)
      guard let cube = try await keeper.catchUp() else { throw CubeFailure.none(folder.path) }
      let now = desk.world.now()
      let today = programme.settings.points.zone.civil(at: now).day
      let (form, period) = try await asked(named, filters, programme, wiring, today)
      let sheet = try await ReportDesk(of: programme, cube, keeper, on: wiring.database).report(
        form.name, period, between: form.segments, where: form.filters, at: now)
      try await write(sheet, programme)
    }
  }

  /// What was asked, or is kept, with its days; those that were named beside it come first.
  private func asked(
    _ name: ReportName?, _ filters: [Pivot.Filter], _ programme: Programme, _ wiring: Wiring, _ today: CivilDay
  ) async throws -> (ReadyForm, ReportPeriod) {
    if let name {
      let pair = try segment.flatMap { one in try against.map { try SegmentPair(one, against: $0) } }
      let period = try period(name, today: today)
      return (ReadyForm(name, .fixed(period.days), between: pair, where: filters), period)
    }
    let saved = saved ?? ""
    let found = try await wiring.database.read { tx in try SavedReports(of: programme).report(named: saved, in: &tx) }
    guard let found, found.archivedAt == nil, case .ready(let form) = found.details.question else {
      throw Problem(
        .notFound, "report_unknown", "no ready report \"\(saved)\" is kept; the console's room Analysis lists those there are")
    }
    return (form, from ?? to == nil ? form.period(on: today) : try period(form.name, today: today))
  }

  private func period(_ name: ReportName, today: CivilDay) throws -> ReportPeriod {
    func day(_ text: String?, _ usual: CivilDay) throws -> CivilDay {
      guard let text else { return usual }
      guard let day = CivilDay(text) else { throw ValidationError("\(text) is no day; one is such as 2026-11-01") }
      return day
    }
    let last = try day(to, today.adding(days: -1))
    let first = try day(from, last.adding(days: 1 - name.usualDays))
    guard first <= last else { throw ValidationError("--from is after --to") }
    return ReportPeriod(first...last)
  }

  private func write(_ sheet: ReportSheet, _ programme: Programme) async throws {
    let amounts = AmountForm(programme.settings.terms)
    let words = ReportLanguage(rawValue: language) ?? .en
    let parts = part == nil ? sheet.parts : sheet.parts.filter { $0.code == part }
    guard let first = parts.first else {
      throw ValidationError(
        "\(sheet.name.rawValue) has no table \(part ?? ""); it has \(sheet.parts.map(\.code).joined(separator: ", "))")
    }
    switch format {
    case .table: try answer(text(sheet, parts, amounts, words))
    case .json: try answer(sheet.json(amounts, words).pretty)
    case .csv, .xlsx:
      let file = try ReportTable(sheet, first, amounts, words).file(
        sign: programme.settings.terms.currency.code, zone: programme.settings.points.zone)
      try await PivotVerb.write(file, format, to: out)
    }
  }

  private func text(
    _ sheet: ReportSheet, _ parts: [ReportSheet.Part], _ amounts: AmountForm, _ words: ReportLanguage
  ) -> String {
    func said(_ text: LocalText) -> String { words == .ru ? text.ru : text.en }
    let days = sheet.period.days
    var lines = ["\(said(sheet.name.title)), \(days.lowerBound) – \(days.upperBound)"]
    lines += sheet.filters.map { said($0.text) }
    lines += sheet.warnings.map { "! " + said($0) } + sheet.remarks.map(said)
    for part in parts { lines += ["", said(part.title), aligned(ReportTable(sheet, part, amounts, words).lines)] }
    lines += ["", PivotVerb.text(DefinitionNotes(sheet), language)]
    return lines.joined(separator: "\n")
  }
}
