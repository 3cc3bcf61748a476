import Access
import Calculator
import Cube
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import Tables

/// An answered pivot as its page shows it.
struct PivotView {
  let state: PivotState
  /// The saved report that it began with, where its reader may see it.
  var report: SavedReport?
  let table: PivotTable
  /// Beside the days that it is set against.
  let past: PivotChange?
  let names: PivotNames
  /// What the open filter offers.
  var choices: FilterChoices?
  /// Lines that were looked at.
  let lines: Int
  /// What it took, and where that was done.
  let walks: [CubeWalkNote]
  /// It took, in milliseconds.
  let took: Int64
  /// Attributes of members that it can be cut by.
  var fields: [MemberFieldDetails] = []
  /// Values that the programme makes of others.
  var formulas: [DefinedFormula] = []
  /// What its words mean, and who is left out.
  let notes: DefinitionNotes
}

extension ConsoleDesk {
  var analysisDoors: [Door] {
    [
      .page(PivotState.path, .seeFigures, pivot),
      .form("\(PivotState.path)/filter", .seeFigures, filterPivot),
    ] + Door.file("\(PivotState.path)/pivot", .seeFigures, pivotFile) + drillDoors + savedReportDoors + dashboardDoors + effectDoors
      + funnelDoors + formulaDoors
  }

  func pivot(_ visit: Visit) async throws -> Answer {
    let (state, report) = try await asked(visit)
    if case .ready(let form)? = report?.details.question {
      return .redirect("\(ReportState.path(form.name))?saved=\(report?.id.description ?? "")")
    }
    guard var view = try await answer(state, visit) else { return visit.show(try await waiting(visit), in: .analysis) }
    view.report = report
    view.fields = try await seenFields(visit)
    let book = FormulaBook(of: try visit.programme)
    view.formulas = try await database.read { tx in try book.all(in: &tx) }.filter { $0.archivedAt == nil }
    return visit.show(PivotPage(view: view, today: today(visit), visit: visit).page, in: .analysis)
  }

  func today(_ visit: Visit) -> CivilDay { visit.reader.zone.civil(at: visit.call.at).day }

  /// What the address asks, and the saved report that it names: as that is kept, where the address asks nothing of its own.
  private func asked(_ visit: Visit) async throws -> (PivotState, SavedReport?) {
    var state = try PivotState(visit.call.query, today: today(visit))
    guard let text = visit.call.query["report"], let id = SavedReportID(text) else {
      state.pivot = try await settled(state.pivot, visit)
      return (state, nil)
    }
    let (reports, person) = (SavedReports(of: try visit.programme), visit.session.staff)
    let known = try await database.read { tx in try reports.report(id, for: person, in: &tx) }
    guard case .pivot(let form) = known.details.question else { return (state, known) }
    if visit.call.query["q"] == nil {
      let open = state.open
      state = PivotState(form, of: id, today: today(visit))
      state.open = open
    }
    state.pivot = try await settled(state.pivot, visit)
    return (state, known)
  }

  /// A question with what its formulas mean.
  func settled(_ pivot: Pivot, _ visit: Visit) async throws -> Pivot {
    try await FormulaBook(of: visit.programme).settled(pivot, on: database)
  }

  /// Nil while there is no cube.
  private func answer(_ state: PivotState, _ visit: Visit) async throws -> PivotView? {
    guard let (keeper, cube) = try await cube(visit, knowing: state.dimensions, over: state.pivot.days, expiring: state.pivot)
    else { return nil }
    let began = ContinuousClock.now
    let (table, before, walks) = try await cube.compared(state.pivot)
    let took = (ContinuousClock.now - began).components
    let (choices, names) = try await words(of: table, state, keeper, cube, visit.reader.report)
    return PivotView(
      state: state, table: table, past: before.map { PivotChange(table, against: $0) }, names: names, choices: choices,
      lines: cube.lines, walks: walks, took: took.seconds * 1_000 + took.attoseconds / 1_000_000_000_000_000,
      notes: try await keeper.notes(for: state.pivot, of: visit.programme, at: visit.call.at))
  }

  /// What the open filter offers, and what everything that is shown is called.
  private func words(
    of table: PivotTable, _ state: PivotState, _ keeper: CubeKeeper, _ cube: Cube, _ language: ReportLanguage
  ) async throws -> (FilterChoices?, PivotNames) {
    guard let open = state.open, let known = Self.table(open, cube) else {
      return (nil, try await keeper.names(of: table, language))
    }
    let (choices, names) = try await keeper.choices(known, of: table, searching: state.search, language)
    return (choices, names)
  }

  /// Nil for a field that is gone: it has nothing to offer.
  static func table(_ dimension: Dimension, _ cube: Cube) -> DimensionTable? {
    do { return try cube.frame.table(dimension) } catch { return nil }
  }

  /// - Parameter dimensions: that it has to know.
  /// - Parameter days: that the question is about.
  func cube(
    _ visit: Visit, knowing dimensions: Set<Dimension>, over days: ClosedRange<CivilDay>? = nil, expiring pivot: Pivot? = nil
  ) async throws -> (CubeKeeper, Cube)? {
    guard let cubes else { return nil }
    let programme = try visit.programme
    let asked = Set(dimensions.compactMap(\.attribute))
    if !asked.isEmpty {
      let hidden = try await database.read { tx in try FieldBook(of: programme.account).catalogue(.nothing, in: &tx) }
      guard !(hidden.fields + hidden.archived).contains(where: { asked.contains($0.code) && !visit.sees($0) }) else {
        throw Self.noRight
      }
    }
    let keeper = await cubes.keeper(of: programme)
    guard let cube = try await keeper.cube(knowing: dimensions, of: programme, at: visit.call.at, over: days, expiring: pivot)
    else { return nil }
    return (keeper, cube)
  }

  /// Attributes that this reader may see and that have few values.
  func seenFields(_ visit: Visit) async throws -> [MemberFieldDetails] {
    let account = visit.account.id
    let fields = try await database.read { tx in try FieldBook(of: account).catalogue(.nothing, in: &tx) }
    return fields.fields.filter { $0.dimension != nil && visit.sees($0) }
  }

  /// Said while the columns are made for the first time.
  func waiting(_ visit: Visit) async throws -> Page {
    let programme = try visit.programme
    let lines = await cubes?.progress(of: programme.id)
    let reader = visit.reader
    let says =
      if let lines {
        reader(
          "Прочитано строк: \(reader.number(Int64(lines))). Обновите страницу через минуту.",
          "\(reader.number(Int64(lines))) lines read so far. Look again in a minute.")
      } else {
        reader(
          "Сервер делает их сам после запуска. Если этого не происходит, администратору скажет журнал сервера; вручную их делает команда regulars cube rebuild.",
          "The server makes them by itself after it starts. Where it does not, its log tells the administrator why; by hand they are made with regulars cube rebuild."
        )
      }
    return Page(
      title: reader("Аналитика", "Analysis"),
      body: """
        <div class="page-body"><section class="panel"><div class="empty"><div><h2>\(reader("Столбцы для анализа готовятся", "The columns for analysis are being made"))</h2>\
        <p>\(says)</p></div></div></section></div>
        """)
  }

  /// The table as the screen shows it, all rows of it.
  func pivotFile(_ visit: Visit) async throws -> TableFile {
    let (state, report) = try await asked(visit)
    guard report.map({ $0.details.question.pivot != nil }) ?? true else { throw Self.noPage }
    guard let view = try await answer(state, visit) else {
      throw Problem(.conflict, "cube_missing", "the columns for analysis are not made yet; try again in a minute")
    }
    var sheet = PivotSheet(
      view.table, before: view.past?.then, view.names,
      AmountForm(currency: visit.reader.currency, pointsScale: visit.reader.pointsScale),
      visit.reader.report,
      zone: visit.reader.zone)
    sheet.definitions = view.notes
    return try sheet.file(named: "pivot", title: visit.reader("Сводная", "Pivot"), sign: visit.reader.sign)
  }

  /// Takes a filter's form and leads back to the pivot.
  func filterPivot(_ visit: Visit) async throws -> Answer {
    let form = visit.form
    let asked = PivotState.fields.filter { form.has($0) }.map { ($0, form[$0]) }
    let state = try PivotState(Dictionary(uniqueKeysWithValues: asked), today: today(visit))
    guard let dimension = Dimension(rawValue: form["by"]) else {
      throw Problem(.invalid, "invalid_input", "there is no such field to filter by")
    }
    guard let (_, cube) = try await cube(visit, knowing: [dimension], over: state.pivot.days, expiring: state.pivot) else {
      return .redirect(state.address)
    }
    let table = try cube.frame.table(dimension)
    let next = state.with { state in
      // What was ticked so far is kept while one searches on.
      if form["act"] == "find" { (state.open, state.search) = (dimension, form["find"]) }
      state.pivot.filters = PivotFilterForm.filters(form, over: state.pivot.filters, table)
    }
    return .redirect(next.address + (next.open == nil ? "" : "#filter"))
  }
}

extension Reader {
  var report: ReportLanguage { language == .ru ? .ru : .en }
}
