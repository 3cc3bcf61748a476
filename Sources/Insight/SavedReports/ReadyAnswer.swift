import Cube
import Kernel
import Loyalty
import Storage

extension ReadyForm {
  /// What the report finds, as of a day; nil while there is no cube.
  /// - Throws: `Problem.invalid` where a segment or a word that it names is gone.
  public func answer(
    on today: CivilDay, of programme: Programme, _ keeper: CubeKeeper, on database: any Database, at now: Instant
  ) async throws -> ReportSheet? {
    let period = period(on: today)
    guard let cube = try await keeper.cube(knowing: dimensions, of: programme, at: now, over: period.days) else { return nil }
    return try await ReportDesk(of: programme, cube, keeper, on: database).report(
      name, period, between: segments, where: filters, at: now)
  }
}

extension ReportSheet {
  /// What a letter, a picture and a tile show of the whole: the first part that there is something to say of; of the board its figures.
  public var headline: Part? {
    let wanted = name == .board ? "figures" : name.tileParts[0]
    return parts.first { $0.code == wanted } ?? parts.first
  }

  /// What is drawn of the whole: the first part that has a chart, or else what it is headed by.
  public var drawn: Part? { parts.first { $0.chart != nil && $0.rows.count > $0.totals } ?? headline }
}
