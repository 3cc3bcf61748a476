import Cube
import Kernel

/// A ready report as people keep one: which it is, its days, and what it is filtered by or sets against each other.
///
/// `{"ready": "stores", "period": "last-month", "where": [{"by": "city", "in": ["Kazan"]}]}`; `from` and `to` instead of `period` where the
/// days stand still, `"segment": "vip", "against": "new"` where the report sets two segments against each other.
public struct ReadyForm: Hashable, Sendable {
  public enum Days: Hashable, Sendable {
    case moving(RelativePeriod)
    case fixed(ClosedRange<CivilDay>)
  }

  public var name: ReportName
  public var days: Days
  public var segments: SegmentPair?
  public var filters: [Pivot.Filter]

  public init(_ name: ReportName, _ days: Days, between segments: SegmentPair? = nil, where filters: [Pivot.Filter] = []) {
    (self.name, self.days, self.segments, self.filters) = (name, days, segments, filters)
  }

  /// - Throws: `Problem.invalid` with every place to mend.
  public init(_ json: JSON) throws(Problem) {
    let node = JSONNode(json)
    node.expect("ready", "period", "from", "to", "where", "segment", "against")
    let name: ReportName? = node["ready"].word()
    let days = Self.days(node)
    let pair = node["segment"].isPresent || node["against"].isPresent ? (node["segment"].text(), node["against"].text()) : nil
    try node.issues.check("the report")
    guard let name, let days else { throw Problem(.invalid, "invalid_input", "a report has a name and days") }
    (self.name, self.days) = (name, days)
    segments = nil
    if let one = pair?.0, let other = pair?.1 { segments = try SegmentPair(one, against: other) }
    filters = try json["where"].map { json throws(Problem) in try PivotForm.filters(json) } ?? []
    try check()
  }

  private static func days(_ node: JSONNode) -> Days? {
    guard node["period"].isPresent else {
      guard let from = node["from"].day(), let to = node["to"].day() else { return nil }
      if from > to { node["to"].refuse("before_from", "the last day is not before the first") }
      return from <= to ? .fixed(from...to) : nil
    }
    if node["from"].isPresent || node["to"].isPresent {
      node["period"].refuse("one_of", "say either a period or days from and to")
    }
    guard let period = node["period"].text().flatMap(RelativePeriod.init) else {
      node["period"].refuse("unknown_period", "a period is such as last-7-days, month-to-date or last-month")
      return nil
    }
    return .moving(period)
  }

  /// - Throws: `Problem.invalid` for filters and segments that the report cannot honour, and for days that are too many.
  func check() throws(Problem) {
    try name.check(filters)
    if segments != nil, name != .tree { throw SegmentPair.other(name) }
    if case .fixed(let days) = days, ReportPeriod(days).length > Definitions.longest {
      throw .report("too_long", "a report is of at most \(Definitions.longest) days")
    }
  }

  public var json: JSON {
    var members: [JSON.Member] = [.init("ready", .string(name.rawValue))]
    switch days {
    case .moving(let period): members.append(.init("period", .string(period.text)))
    case .fixed(let days):
      members.append(.init("from", .string("\(days.lowerBound)")))
      members.append(.init("to", .string("\(days.upperBound)")))
    }
    if !filters.isEmpty { members.append(.init("where", PivotForm.json(filters))) }
    if let segments {
      members.append(.init("segment", .string(segments.one)))
      members.append(.init("against", .string(segments.other)))
    }
    return .object(members)
  }

  /// Its days as of a day.
  public func period(on today: CivilDay) -> ReportPeriod {
    switch days {
    case .moving(let period): ReportPeriod(period.days(on: today))
    case .fixed(let days): ReportPeriod(days)
    }
  }

  /// What the columns have to know.
  public var dimensions: Set<Dimension> { Set(filters.map(\.dimension)) }
}

extension Pivot {
  /// Nothing but filters.
  static func filtering(_ filters: [Pivot.Filter]) -> Pivot {
    var pivot = Pivot(rows: [], values: [])
    pivot.filters = filters
    return pivot
  }
}

/// What a kept report asks: a pivot of its own, or a ready report.
public enum KeptQuestion: Hashable, Sendable {
  case pivot(ReportForm)
  case ready(ReadyForm)

  /// - Throws: `Problem.invalid` with every place to mend.
  public init(_ json: JSON) throws(Problem) {
    self = json["ready"] == nil ? .pivot(try ReportForm(json)) : .ready(try ReadyForm(json))
  }

  public var json: JSON {
    switch self {
    case .pivot(let form): form.json
    case .ready(let form): form.json
    }
  }

  /// Nil where it is of a ready report.
  public var pivot: ReportForm? { if case .pivot(let form) = self { form } else { nil } }

  public var filters: [Pivot.Filter] {
    switch self {
    case .pivot(let form): form.pivot.filters
    case .ready(let form): form.filters
    }
  }

  /// Attributes of members by their codes: what it cuts by, filters by or shows.
  public var attributes: Set<String> {
    let cut = pivot.map { Array($0.pivot.dimensions) } ?? []
    return Set((cut + filters.map(\.dimension)).compactMap(\.attribute))
  }

  /// Segments that it names.
  var segments: Set<String> {
    let filtered = filters.filter { $0.dimension == .segment }.flatMap(\.labels)
    guard case .ready(let form) = self, let pair = form.segments else { return Set(filtered) }
    return Set(filtered + [pair.one, pair.other])
  }

  func isNamed(by naming: FieldNaming) -> Bool {
    switch self {
    case .pivot(let form): naming.isNamed(in: form.pivot(on: CivilDay(number: 0)))
    case .ready(let form): naming.isNamed(in: Pivot.filtering(form.filters))
    }
  }
}
