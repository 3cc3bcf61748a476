import Access
import Cube
import Kernel

/// A page of tiles that somebody put together.
public struct DashboardDetails: Hashable, Sendable {
  /// Tells it apart from the programme's others, however it is written.
  public var name: String
  public var note: String
  /// What figures and ready reports on it are of; saved reports have periods of their own.
  public var period: RelativePeriod
  public var tiles: [DashboardTile]
  /// Who sees it besides its owner.
  public var roles: Set<Role>

  public init(
    name: String, note: String = "", period: RelativePeriod = .lastDays(28), tiles: [DashboardTile] = [], roles: Set<Role> = []
  ) {
    (self.name, self.note, self.period, self.tiles, self.roles) = (name, note, period, tiles, roles)
  }

  func check(_ issues: IssueList) {
    checkName(name, at: "/name", issues, max: 100)
    if note.count > Limits.note { issues.add("/note", "too_long", "at most \(Limits.note) characters are allowed here") }
    if tiles.count > Limits.tiles { issues.add("/tiles", "too_many", "a dashboard has at most \(Limits.tiles) tiles") }
    for (place, tile) in tiles.enumerated() { tile.check(at: "/tiles/\(place)", issues) }
    for role in roles.sorted(by: { $0.rawValue < $1.rawValue }) where !SavedReportDetails.readers.contains(role) {
      issues.add("/roles", "role_sees_no_figures", "the role \(role.rawValue) sees no figures; do not share dashboards with it")
    }
  }

  var json: JSON {
    .object([
      "name": .string(name), "note": .string(note), "period": .string(period.text), "tiles": .array(tiles.map(\.json)),
      "roles": .array(Role.allCases.filter(roles.contains).map { .string($0.rawValue) }),
    ])
  }
}

/// One thing on a dashboard.
public struct DashboardTile: Hashable, Sendable {
  public enum Content: Hashable, Sendable {
    /// A figure of the board, beside the period before, the year before and the target.
    case figure(KeyMeasure)
    /// A part of a ready report: its chart, or its first rows; filtered or not.
    case ready(ReportName, part: String, where: [Pivot.Filter] = [])
    /// A report that somebody keeps.
    case saved(SavedReportID)
    case note(String)

    /// Of a ready report.
    var filters: [Pivot.Filter] { if case .ready(_, _, let filters) = self { filters } else { [] } }
  }

  public let content: Content
  /// In fourths of the page.
  public let width: Int

  public init(_ content: Content, width: Int) { (self.content, self.width) = (content, width) }

  func check(at pointer: String, _ issues: IssueList) {
    if !(1...4).contains(width) { issues.add(pointer + "/width", "out_of_range", "a width is 1 to 4 fourths of the page") }
    if case .note(let text) = content, text.isEmpty || text.count > Limits.note {
      issues.add(pointer + "/note", "not_a_note", "a note has 1 to \(Limits.note) characters")
    }
    if case .ready(let report, let part, let filters) = content {
      if !report.tileParts.contains(part) {
        issues.add(pointer + "/part", "unknown_part", "the report \(report.rawValue) has no such part for a dashboard")
      }
      do { try report.check(filters) } catch { issues.add(pointer + "/where", "filter_not_of_report", error.detail) }
    }
  }

  var json: JSON {
    let width = JSON.int(Int64(width))
    return switch content {
    case .figure(let measure): .object(["figure": .string(measure.rawValue), "width": width])
    case .ready(let report, let part, let filters):
      .object([
        "ready": .string(report.rawValue), "part": .string(part), "where": filters.isEmpty ? nil : PivotForm.json(filters),
        "width": width,
      ])
    case .saved(let report): .object(["saved": .string("\(report)"), "width": width])
    case .note(let text): .object(["note": .string(text), "width": width])
    }
  }

  /// Nil for one that this program does not know: what another version of it wrote is passed over.
  init?(_ json: JSON) {
    guard case .int(let width)? = json["width"] else { return nil }
    func word(_ key: String) -> String? { if case .string(let text)? = json[key] { text } else { nil } }
    let content: Content? =
      if let name = word("figure") {
        KeyMeasure(rawValue: name).map { .figure($0) }
      } else if let name = word("ready") {
        Self.ready(name, word("part"), json["where"])
      } else if let id = word("saved") {
        SavedReportID(id).map { .saved($0) }
      } else {
        word("note").map { .note($0) }
      }
    guard let content else { return nil }
    self.init(content, width: Int(width))
  }

  /// Nil also where a filter cannot be read: what it lets in must not be shown as if it were everything.
  private static func ready(_ name: String, _ part: String?, _ filters: JSON?) -> Content? {
    guard let report = ReportName(rawValue: name), let part else { return nil }
    guard let filters else { return .ready(report, part: part) }
    do throws(Problem) { return .ready(report, part: part, where: try PivotForm.filters(filters)) } catch { return nil }
  }
}

extension ReportName {
  /// Parts that every answer of the report has, for tiles.
  public var tileParts: [String] {
    switch self {
    case .board: ["days", "figures", "liability", "owed"]
    case .rfm: ["grid"]
    case .cohorts: ["retention", "sales"]
    case .lifeCycle: ["stages", "flows"]
    case .tree: ["before"]
    case .points: ["months"]
    case .affinities: ["pairs", "follows"]
    case .stores: ["before"]
    case .discounts: ["bands"]
    case .traffic: ["channels", "sources"]
    case .promotions: ["promotions", "coupons"]
    case .certificates: ["ages", "flows"]
    case .shifts: ["stores"]
    case .pointsByEntity: ["entities"]
    case .priceBands: ["depths"]
    }
  }
}

/// A dashboard that is kept.
public struct Dashboard: Hashable, Sendable, Shared {
  public var roles: Set<Role> { details.roles }
  public let id: DashboardID
  public let details: DashboardDetails
  public let owner: StaffID
  /// Counts its changes, from 1.
  public let version: Int64
  public let madeAt: Instant
  public let changedAt: Instant
  /// Nil while it is in use.
  public let archivedAt: Instant?
}
