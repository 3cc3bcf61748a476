import Access
import Conditions
import Cube
import Customers
import Kernel
import Loyalty
import Storage

/// Answers ready reports about one programme.
public struct ReportDesk: Sendable {
  let programme: Programme
  let database: any Database
  let keeper: CubeKeeper
  var cube: Cube
  /// What is looked at; nil: everything.
  var filter: ReceiptFilter?
  var filters: [Pivot.Filter] = []

  public init(of programme: Programme, _ cube: Cube, _ keeper: CubeKeeper, on database: any Database) {
    (self.programme, self.cube, self.keeper, self.database) = (programme, cube, keeper, database)
  }

  /// What every report of a period works with.
  struct Ground: Sendable {
    let period: ReportPeriod
    let version: DefinitionVersion
    let leftOut: [Bits]?
    /// The same members by their ids.
    let idsLeftOut: Set<Int64>
    let countLeftOut: Int
    var definitions: Definitions { version.definitions }
  }

  /// - Parameters:
  ///   - segments: sets one segment against another instead of periods; for `tree` only.
  ///   - filters: as pivots have them: the report is as if nothing else had been sold.
  /// - Throws: `Problem.invalid` for days that cannot be asked, for filters that the report cannot honour, and for segments and words that
  ///   are not there.
  public func report(
    _ name: ReportName, _ period: ReportPeriod, between segments: SegmentPair? = nil, where filters: [Pivot.Filter] = [],
    at now: Instant
  ) async throws -> ReportSheet {
    try check(period)
    try name.check(filters)
    var sheet = try await looking(at: filters, of: name, period, at: now).answer(name, period, segments, at: now)
    sheet.filters = try await spoken(filters)
    return sheet
  }

  private func answer(
    _ name: ReportName, _ period: ReportPeriod, _ segments: SegmentPair?, at now: Instant
  ) async throws -> ReportSheet {
    let ground = try await ground(period, at: now)
    if let segments {
      guard name == .tree else { throw SegmentPair.other(name) }
      return try await tree(of: segments, ground, at: now)
    }
    return switch name {
    case .board: try await board(ground)
    case .rfm: await rfm(ground)
    case .cohorts: try await cohorts(ground)
    case .lifeCycle: await lifeCycle(ground)
    case .tree: await tree(ground)
    case .points: try await points(ground)
    case .affinities: try await affinities(ground)
    case .stores: try await stores(ground)
    case .discounts: await discounts(ground)
    case .traffic: try await traffic(ground, at: now)
    case .promotions: try await promotions(ground, at: now)
    case .certificates: try await certificates(ground)
    case .shifts: try await shifts(ground)
    case .pointsByEntity: try await pointsByEntity(ground)
    case .priceBands: try await priceBands(ground, at: now)
    }
  }

  /// Ten years at most, and no days that receipts cannot have.
  private func check(_ period: ReportPeriod) throws(Problem) {
    guard period.length <= Definitions.longest, period.yearAgo.lowerBound.number > 0, period.days.upperBound.number <= UInt16.max
    else {
      throw .report("too_long", "a report is of at most \(Definitions.longest) days since 1971")
    }
  }

  /// What everybody scores in a period, as the report RFM has it: by its definitions, those whom they leave out not among them. Two walks.
  /// - Parameter isWanted: of which members the marks are kept.
  func marks(
    over days: ClosedRange<CivilDay>, at now: Instant, where isWanted: @escaping @Sendable (RFMMarks.Mark) -> Bool = { _ in true }
  ) async throws -> [Int64: RFMMarks.Mark] {
    let period = ReportPeriod(days)
    try check(period)
    let ground = try await ground(period, at: now)
    let spread = RFMSpread([period.all[0]])
    let found = await walk(RFMMarks(spread.grid(await walk(spread, ground)), where: isWanted), ground)
    return Dictionary(found.map { ($0.member, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The columns for pivots of the report: without those whom its walks leave out, too.
  func counted(_ cube: Cube, _ ground: Ground) -> Cube { cube.leavingOut(ground.idsLeftOut.sorted()) }

  private func ground(_ period: ReportPeriod, at now: Instant) async throws -> Ground {
    let who = try await keeper.whoIsCounted(by: period.days.upperBound, of: programme, at: now)
    let out = who.leftOut
    return Ground(
      period: period, version: who.version, leftOut: out.isEmpty ? nil : cube.sets(of: out), idsLeftOut: Set(out),
      countLeftOut: out.count)
  }

  /// One walk with all processors.
  func walk<Report: CubeReport>(_ report: Report, _ ground: Ground) async -> Report.Found {
    let (cube, leftOut, filter) = (cube, ground.leftOut, filter)
    return await Hands.walk(cube.parts(of: report), from: report.nothing) { part, found in
      cube.add(part, report, without: leftOut, where: filter, to: &found)
    } joining: { all, one in
      report.join(one, into: &all)
    }
  }

  func sheet(_ name: ReportName, _ ground: Ground, _ parts: [ReportSheet.Part]) -> ReportSheet {
    ReportSheet(name, ground.period, parts, ground.version, leftOut: ground.countLeftOut)
  }
}

extension Problem {
  static func report(_ code: String, _ message: String) -> Problem {
    Problem(.invalid, "invalid_input", message, issues: [Issue(pointer: "/from", code: code, message: message)])
  }
}

extension LocalText {
  /// What is written alike in every language: a cell's name, a span of numbers.
  static func sign(_ text: String) -> LocalText { LocalText(ru: text, en: text) }
  /// One behind the other, in each language.
  static func + (one: LocalText, other: LocalText) -> LocalText { LocalText(ru: one.ru + other.ru, en: one.en + other.en) }
}

extension ReportSheet.Cell {
  /// How much it changed, in parts per million of what it was; empty where that was nothing.
  static func change(_ now: Int64?, _ before: Int64?) -> Self {
    guard let now, let before, before > 0 else { return .empty }
    return .number(scaled(now - before, by: 1_000_000, over: before, .halfUp))
  }

  static func share(_ part: Int64, of whole: Int64) -> Self {
    whole <= 0 ? .empty : .number(scaled(part, by: 1_000_000, over: whole, .halfUp))
  }

  static func average(_ sum: Int64, of count: Int64, _ scale: Int64 = 1) -> Self {
    count <= 0 ? .empty : .number(scaled(sum, by: scale, over: count, .halfUp))
  }

  static func optional(_ value: Int64?) -> Self { value.map { .number($0) } ?? .empty }
}
