import ArgumentParser
import Calculator
import Cube
import Foundation
import Gateways
import Insight
import Kernel
import Loyalty
import Storage
import Tables

struct PivotVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "pivot", abstract: "Ask the cube: rows by columns, with exact totals and distinct counts.",
    discussion: """
      Dimensions: \(Dimension.allCases.map(\.rawValue).joined(separator: ", ")); attribute:CODE for a field of members that is \
      yes or no or one of a dictionary, attribute:CODE[] for several of one.
      Values: \(Measure.allCases.map(\.rawValue).joined(separator: ", ")); formula:CODE for a formula of the programme, or one as it \
      is: "margin / sales:percent", "(sales - cost) / receipts:money", "points-spent / sales * 100:number.1".
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case table, csv, json, xlsx }

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CubeOptions
  @Option(help: ArgumentHelp("Dimensions of the rows, with commas between.", valueName: "dimensions")) var rows = ""
  @Option(help: ArgumentHelp("Dimensions of the columns.", valueName: "dimensions")) var columns = ""
  @Option(help: ArgumentHelp("What to show.", valueName: "values")) var values = "sales,receipts,members"
  @Option(name: .customLong("where"), help: ArgumentHelp("city=Kazan,Perm or city!=Kazan; may be repeated.", valueName: "filter"))
  var filters: [String] = []
  @Option(help: ArgumentHelp("The value to sort rows by, with a minus in front for the largest first.", valueName: "value"))
  var sort: String?
  @Option(help: ArgumentHelp("So many rows; the rest become one.", valueName: "number")) var top: Int?
  @Option(help: ArgumentHelp("The first business day.", valueName: "day")) var from: String?
  @Option(help: ArgumentHelp("The last business day.", valueName: "day")) var to: String?
  @Option(help: ArgumentHelp("Days that move on instead: last-month, month-to-date, last-7-days.", valueName: "period"))
  var period: String?
  @Option(
    help: ArgumentHelp(
      "Beside the days just before, the same days a year ago, those with holidays beside their own, or others: previous, year, holidays, 2025-11-01..2025-11-15.",
      valueName: "days"
    ))
  var compare: String?
  @Option(help: ArgumentHelp("The whole question as JSON instead: docs/formats/pivot.md.", valueName: "file")) var file: String?
  @Option(help: ArgumentHelp("A report that was saved in the console, instead.", valueName: "name")) var saved: String?
  @Option(help: "How the answer is written.") var format = Format.table
  @Option(help: ArgumentHelp("Where XLSX goes.", valueName: "file")) var out: String?
  @Option(help: "Words in Russian or English: ru, en.") var language = "en"
  @Flag(help: "With those whom the definitions leave out: employees, store cards, tests.") var everybody = false
  @Flag(help: "Say how long it took.") var time = false
  @Flag(help: "Say which walks it took, and whether the rolls or the column server did each.") var plan = false

  func validate() throws {
    if format == .xlsx, out == nil { throw ValidationError("--format xlsx needs --out FILE") }
    guard ReportLanguage(rawValue: language) != nil else { throw ValidationError("--language is ru or en") }
    if saved != nil, file != nil { throw ValidationError("say either --saved or --file") }
    if period != nil, from != nil || to != nil { throw ValidationError("say either --period or --from and --to") }
    if let period, RelativePeriod(period) == nil {
      throw ValidationError("--period is such as last-7-days, month-to-date or last-month")
    }
  }

  func run(at desk: Desk) async throws {
    let question = try question()
    try await desk.withWiring { wiring in
      let programme = try await wiring.programme(of.programme, of: wiring.account(of.account).id)
      let form = try await kept(programme, wiring) ?? question
      var asked = form.pivot(on: programme.settings.points.zone.civil(at: wiring.world.now()).day)
      if everybody { asked.isOfEverybody = true }
      let folder = desk.config.cubeFolder(of: programme)
      let columns = desk.config.columns.place.map(ClickHouseGateway.init)
      defer { if let columns { Task { try await columns.close() } } }
      let keeper = CubeKeeper(
        of: CubeScope(programme), on: wiring.database, zones: wiring.zoneNamed, in: folder,
        columns: columns.map { CubeKeeper.Columns($0, feeds: false) })
      let pivot = try await FormulaBook(of: programme).settled(asked, on: wiring.database)
      guard try await keeper.catchUp() != nil,
        let cube = try await keeper.cube(for: pivot, of: programme, at: desk.world.now())
      else { throw CubeFailure.none(folder.path) }
      let began = Date()
      if pivot.compare != nil, pivot.past == nil {
        throw Problem(
          .invalid, "not_comparable",
          "to compare, days have to be bounded by --period or --from and --to, and no row, column or filter may tell days apart")
      }
      let (table, before, walks) = try await cube.compared(pivot)
      let seconds = Date().timeIntervalSince(began)
      let names = try await keeper.names(of: table, ReportLanguage(rawValue: language) ?? .en)
      var sheet = PivotSheet(
        table, before: before, names, AmountForm(programme.settings.terms), ReportLanguage(rawValue: language) ?? .en,
        zone: programme.settings.points.zone)
      sheet.definitions = try await keeper.notes(for: pivot, of: programme, at: desk.world.now())
      try await write(sheet, programme)
      if format == .table { for note in sheet.notes { desk.console.line(note) } }
      if plan { for (place, walk) in walks.enumerated() { desk.console.line("walk \(place + 1): \(walk.text)") } }
      if time { desk.console.line("\(cube.lines) lines in \(Int(seconds * 1_000)) ms") }
    }
  }

  private func question() throws -> ReportForm {
    if let file { return try changed(ReportForm(SetupFile(file).json)) }
    return ReportForm(
      try PivotForm.pivot(
        rows: rows, columns: columns, values: values, filters: filters, sort: sort, top: top, from: from, to: to, compare: compare),
      period: period.flatMap(RelativePeriod.init))
  }

  /// A form that is kept somewhere, with the days that were named beside it.
  private func changed(_ form: ReportForm) throws -> ReportForm {
    var pivot = form.pivot
    if let compare { pivot.compare = try PivotForm.comparison(of: compare) }
    return ReportForm(pivot, period: period.flatMap(RelativePeriod.init) ?? form.period, chart: form.chart)
  }

  /// The saved report of the name that was given; nil where none was.
  private func kept(_ programme: Programme, _ wiring: Wiring) async throws -> ReportForm? {
    guard let saved else { return nil }
    let found = try await wiring.database.read { tx in try SavedReports(of: programme).report(named: saved, in: &tx) }
    guard let found, found.archivedAt == nil else {
      throw Problem(
        .notFound, "report_unknown", "no report \"\(saved)\" is kept; the console's room Analysis lists those there are")
    }
    guard case .pivot(let form) = found.details.question else {
      throw Problem(
        .invalid, "report_ready", "\"\(saved)\" is a ready report; regulars report --saved shows it")
    }
    return try changed(form)
  }

  private func write(_ sheet: PivotSheet, _ programme: Programme) async throws {
    switch format {
    case .table: try answer(aligned(sheet.lines) + (sheet.definitions.map { "\n\n" + Self.text($0, language) } ?? ""))
    case .json: try answer(sheet.json.pretty)
    case .csv, .xlsx:
      let file = try sheet.file(named: "pivot", title: "Pivot", sign: programme.settings.terms.currency.code)
      try await Self.write(file, format, to: out)
    }
  }

  /// What stands under figures on a terminal.
  static func text(_ notes: DefinitionNotes, _ language: String) -> String {
    let words = ReportLanguage(rawValue: language) ?? .en
    return notes.title[words] + "\n" + aligned(notes.rows(words))
  }

  /// Writes a table as CSV or XLSX. - Parameter out: nil for the standard output.
  static func write(_ file: TableFile, _ format: Format, to out: String?) async throws {
    let path = out ?? "/dev/stdout"
    guard FileManager.default.fileExists(atPath: path) || FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw FileTrouble(path, reason: "it cannot be written") }
    if out != nil { try handle.truncate(atOffset: 0) }
    try await file.write(as: format == .csv ? .csv : .xlsx) { bytes in try handle.write(contentsOf: Data(bytes)) }
    try handle.close()
  }
}
