import Kernel

/// A question to the cube, the same for pages, files, interfaces and the command line.
public struct Pivot: Hashable, Sendable {
  public struct Filter: Hashable, Sendable {
    public let dimension: Dimension
    /// Labels; any of them.
    public let labels: [String]
    /// None of them.
    public let isExcluded: Bool
    public init(_ dimension: Dimension, _ labels: [String], isExcluded: Bool = false) {
      (self.dimension, self.labels, self.isExcluded) = (dimension, labels, isExcluded)
    }
  }

  /// The order of rows: as their dimension has them, or by a value in the column of totals.
  public enum Order: Hashable, Sendable {
    case natural
    case value(Measure, isDescending: Bool)
  }

  public var rows: [Dimension]
  public var columns: [Dimension]
  public var values: [Measure]
  public var filters: [Filter] = []
  public var order = Order.natural
  /// So many of the first row dimension; all the rest are one row of their own, counted from the facts like any other. Nil: all.
  public var top: Int?
  public var first: CivilDay?
  public var last: CivilDay?
  /// Of the days from the first to the last these alone: what a period stands beside whose holidays moved. Nil: all of them.
  var only: Set<CivilDay>?
  /// With the receipts of those whom the definitions leave out, too.
  public var isOfEverybody = false
  /// Nil: beside no other days.
  public var compare: Comparison?

  public init(rows: [Dimension], columns: [Dimension] = [], values: [Measure]) {
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  /// Dimensions on one side.
  static let depth = 4
  /// Cells of one answer, empty ones and those of sub-totals included.
  static let cells = 4_000_000

  /// - Throws: what cannot be asked, with its place.
  public func check() throws(Problem) {
    let issues = IssueList()
    if values.isEmpty { issues.add("/values", "required", "say at least one value to show, such as sales") }
    if values.count > 8 { issues.add("/values", "too_many", "at most 8 values are shown at a time") }
    if rows.count > Self.depth { issues.add("/rows", "too_many", "at most \(Self.depth) dimensions on one side") }
    if columns.count > Self.depth { issues.add("/columns", "too_many", "at most \(Self.depth) dimensions on one side") }
    let both = rows + columns
    for dimension in Set(both) where both.filter({ $0 == dimension }).count > 1 {
      issues.add("/rows", "twice", "\(dimension.rawValue) is asked for twice")
    }
    if let top, !(1...1_000).contains(top) { issues.add("/top", "out_of_range", "top is 1 to 1,000") }
    if top != nil, rows.isEmpty { issues.add("/top", "needs_rows", "top needs rows to choose from") }
    if case .value(let measure, _) = order, !values.contains(measure) {
      issues.add("/sort", "not_shown", "rows are sorted by a value that is shown; \(measure.rawValue) is not")
    }
    if let first, let last, last < first { issues.add("/last", "before_first", "the last day is before the first") }
    try issues.check("the pivot")
  }
}

extension Problem {
  /// One thing that cannot be asked.
  static func pivot(_ pointer: String, _ code: String, _ message: String) -> Problem {
    Problem(.invalid, "invalid_input", message, issues: [Issue(pointer: pointer, code: code, message: message)])
  }
}
