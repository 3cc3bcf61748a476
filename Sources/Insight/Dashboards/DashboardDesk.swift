import Access
import Cube
import Kernel
import Loyalty
import Storage

/// Answers the tiles of a dashboard.
///
/// Figures of one dashboard cost one walk through the columns together, each ready report and each saved one its own: a dashboard of two
/// dozen tiles is as many reports, and no more than that.
public struct DashboardDesk: Sendable {
  /// What a tile shows.
  public enum Shown: Sendable {
    /// A row of the board: now, before, the change, a year ago, the change, the target, over the target.
    case figure(KeyMeasure, [ReportSheet.Cell], DefinitionNotes)
    case ready(ReportSheet, ReportSheet.Part)
    case saved(SavedReport, table: PivotTable, before: PivotTable?, PivotNames, DefinitionNotes)
    /// A saved report of a ready one, of its own days: what it is headed by.
    case kept(SavedReport, ReportSheet, ReportSheet.Part)
    case note(String)
    /// A saved report that is in the archive, or not shared with whoever looks.
    case closed
    /// There is nothing to tell yet.
    case nothing
    /// A report that cannot be asked for any more, such as one of a segment that is gone.
    case refused(Problem)
  }

  private let programme: Programme
  private let keeper: CubeKeeper
  private let database: any Database

  public init(of programme: Programme, _ keeper: CubeKeeper, on database: any Database) {
    (self.programme, self.keeper, self.database) = (programme, keeper, database)
  }

  /// - Parameters:
  ///   - days: of figures and ready reports.
  ///   - person: who looks; reports that they may not see stay closed.
  /// - Returns: in the order of the tiles; nil while there is no cube.
  public func shown(
    _ tiles: [DashboardTile], _ days: ClosedRange<CivilDay>, to person: StaffMember, in language: ReportLanguage, at now: Instant
  ) async throws -> [Shown]? {
    let today = programme.settings.points.zone.civil(at: now).day
    let wanted = Set(tiles.compactMap { tile in if case .saved(let id) = tile.content { id } else { nil } })
    let reports = try await database.read { [programme] tx in
      let seen = try SavedReports(of: programme).all(for: person, in: &tx).map(\.report).filter { wanted.contains($0.id) }
      let book = FormulaBook(of: programme)
      let own = seen.filter { $0.details.question.pivot != nil }
      let pivots = try book.settled(own.compactMap { $0.details.question.pivot?.pivot(on: today) }, in: &tx)
      let ready = seen.filter { $0.details.question.pivot == nil }.map { Asked(report: $0, pivot: nil) }
      let all = zip(own, pivots).map { Asked(report: $0, pivot: $1) } + ready
      return Dictionary(uniqueKeysWithValues: all.map { ($0.report.id, $0) })
    }
    // Marks are of a report's own days: those have a cube of their own.
    let filtered = tiles.flatMap(\.content.filters).map(\.dimension)
    let dimensions = reports.values.compactMap(\.pivot).filter { !$0.asksMarks }.reduce(into: Set(filtered)) {
      $0.formUnion($1.dimensions)
    }
    guard let cube = try await keeper.cube(knowing: dimensions, of: programme, at: now) else { return nil }
    var sheets: [Ready: ReportSheet] = [:]
    var shown: [Shown] = []
    for tile in tiles {
      do {
        shown.append(try await self.shown(tile, days, reports, cube, language, now, &sheets))
      } catch let problem as Problem { shown.append(.refused(problem)) }
    }
    return shown
  }

  private func shown(
    _ tile: DashboardTile, _ days: ClosedRange<CivilDay>, _ reports: [SavedReportID: Asked], _ cube: Cube,
    _ language: ReportLanguage, _ now: Instant, _ sheets: inout [Ready: ReportSheet]
  ) async throws -> Shown {
    switch tile.content {
    case .note(let text): return .note(text)
    case .figure(let measure):
      let sheet = try await sheet(Ready(name: .board, filters: []), days, cube, now, &sheets)
      let place = KeyMeasure.allCases.firstIndex(of: measure) ?? 0
      guard let rows = sheet.part("figures")?.rows, rows.indices.contains(place) else { return .nothing }
      return .figure(measure, Array(rows[place].dropFirst()), DefinitionNotes(measure, of: sheet))
    case .ready(let name, let code, let filters):
      let sheet = try await sheet(Ready(name: name, filters: filters), days, cube, now, &sheets)
      // A part that there is nothing to say of is left out of an answer: nobody is owed points yet.
      guard let part = sheet.parts.first(where: { $0.code == code }) else { return .nothing }
      return .ready(sheet, part)
    case .saved(let id):
      guard let asked = reports[id], asked.report.archivedAt == nil else { return .closed }
      let report = asked.report
      guard let pivot = asked.pivot else { return try await kept(report, now) }
      let own = pivot.asksMarks || pivot.asksExpired ? try await keeper.cube(for: pivot, of: programme, at: now) : cube
      guard let own else { return .nothing }
      let who = try await keeper.whoIsCounted(by: pivot.days?.upperBound, of: programme, at: now)
      let (table, before, _) = try await own.leavingOut(who.leftOut).compared(pivot)
      return .saved(
        report, table: table, before: before, try await keeper.names(of: table, language),
        DefinitionNotes(who, pivot, by: programme.holidays))
    }
  }

  /// What stands under a dashboard: the words of all its tiles, once for each version of the definitions that tiles go by, and apart for
  /// tiles that count everybody.
  public static func notes(of shown: [Shown]) -> [DefinitionNotes] {
    DefinitionNotes.joined(
      shown.compactMap { one in
        switch one {
        case .figure(_, _, let notes), .saved(_, _, _, _, let notes): notes
        case .ready(let sheet, _), .kept(_, let sheet, _): DefinitionNotes(sheet)
        case .note, .closed, .nothing, .refused: nil
        }
      })
  }

  private func kept(_ report: SavedReport, _ now: Instant) async throws -> Shown {
    let today = programme.settings.points.zone.civil(at: now).day
    guard case .ready(let form) = report.details.question,
      let sheet = try await form.answer(on: today, of: programme, keeper, on: database, at: now), let part = sheet.headline
    else { return .nothing }
    return .kept(report, sheet, part)
  }

  /// A saved report and what it asks today; nil where that is a ready report.
  private struct Asked: Sendable {
    let report: SavedReport
    let pivot: Pivot?
  }

  /// A ready report as tiles ask for it: several tiles can show parts of one.
  private struct Ready: Hashable {
    let name: ReportName
    let filters: [Pivot.Filter]
  }

  private func sheet(
    _ one: Ready, _ days: ClosedRange<CivilDay>, _ cube: Cube, _ now: Instant, _ sheets: inout [Ready: ReportSheet]
  ) async throws -> ReportSheet {
    if let known = sheets[one] { return known }
    let sheet = try await ReportDesk(of: programme, cube, keeper, on: database).report(
      one.name, ReportPeriod(days), where: one.filters, at: now)
    sheets[one] = sheet
    return sheet
  }
}
