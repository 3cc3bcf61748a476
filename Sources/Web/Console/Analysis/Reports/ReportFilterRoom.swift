import Access
import Cube
import Insight
import Kernel
import Loyalty
import Storage

/// Filters of ready reports, and reports that are put on dashboards.
extension ConsoleDesk {
  var reportFilterDoors: [Door] {
    [
      .form("\(ReportState.path)/{report}/filter", .seeFigures, filterReport),
      .form("\(ReportState.path)/{report}/tile", .seeFigures, putReport),
    ]
  }

  /// Nil for a report that cannot be filtered.
  func filterBar(_ state: ReportState, _ visit: Visit, _ keeper: CubeKeeper, _ cube: Cube) async throws -> ReportFilterBar? {
    guard !state.name.filters.isEmpty else { return nil }
    let fields = try await seenFields(visit)
    let language = visit.reader.report
    guard let open = state.open, let table = Self.table(open, cube) else {
      var pivot = Pivot(rows: [], values: [])
      pivot.filters = state.filters
      let names = try await keeper.names(ofFilters: pivot, language)
      return ReportFilterBar(state: state, names: names, choices: nil, fields: fields, visit: visit)
    }
    let (choices, names) = try await keeper.choices(table, in: state.filters, searching: state.search, language)
    return ReportFilterBar(state: state, names: names, choices: choices, fields: fields, visit: visit)
  }

  /// What a form of a report's page carries of the report.
  private func sent(_ visit: Visit) throws(Problem) -> ReportState {
    let form = visit.form
    var asked: [String: String] = [:]
    for field in ReportState.fields where form.has(field) { asked[field] = form[field] }
    return try ReportState(visit.call.path["report"] ?? "", asked, today: today(visit))
  }

  /// Takes a filter's form and leads back to the report.
  private func filterReport(_ visit: Visit) async throws -> Answer {
    let (form, state) = (visit.form, try sent(visit))
    guard let dimension = Dimension(rawValue: form["by"]) else {
      throw Problem(.invalid, "invalid_input", "there is no such field to filter by")
    }
    try state.name.check([Pivot.Filter(dimension, [])])
    guard let (_, cube) = try await cube(visit, knowing: [dimension], over: state.period.days) else {
      return .redirect(state.address)
    }
    let table = try cube.frame.table(dimension)
    let next = state.with { state in
      // What was ticked so far is kept while one searches on.
      if form["act"] == "find" { (state.open, state.search) = (dimension, form["find"]) }
      state.filters = PivotFilterForm.filters(form, over: state.filters, table)
    }
    return .redirect(next.address + (next.open == nil ? "" : "#filter"))
  }

  /// Adds a tile. Sent twice it is refused: the dashboard has another version by then.
  private func putReport(_ visit: Visit) async throws -> Answer {
    let state = try sent(visit)
    guard let (id, version) = ReportTileForm.board(visit.form) else { throw Self.brokenForm }
    let tile = DashboardTile(.ready(state.name, part: visit.form["part"], where: state.filters), width: 2)
    let (boards, person, change) = (Dashboards(of: try visit.programme), visit.session.staff, change(visit))
    try await database.write { tx in
      try boards.change(id, seen: version, by: person, change, in: &tx) { $0.tiles.append(tile) }
    }
    return .redirect("\(Self.dashboardPath)/\(id)/edit")
  }
}
