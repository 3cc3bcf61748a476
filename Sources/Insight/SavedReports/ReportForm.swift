import Cube
import Kernel

/// A pivot as people keep one: the question, days that move on with the calendar, and how the answer is shown. In JSON it is a pivot
/// (`PivotForm`) with up to two members more: `"period": "last-month"` instead of `from` and `to`, and `"chart": "line"`.
public struct ReportForm: Hashable, Sendable {
  /// Its days are those of the period where there is one, as of when it was resolved last.
  public var pivot: Pivot
  /// Nil: the days of the pivot, whenever it is opened.
  public var period: RelativePeriod?
  /// Nil: what suits it.
  public var chart: ChartKind?

  public init(_ pivot: Pivot, period: RelativePeriod? = nil, chart: ChartKind? = nil) {
    (self.pivot, self.period, self.chart) = (pivot, period, chart)
    if period != nil { (self.pivot.first, self.pivot.last) = (nil, nil) }
  }

  /// - Throws: `Problem.invalid` with every place to mend.
  public init(_ json: JSON) throws(Problem) {
    let node = JSONNode(json)
    let word = node["period"].isPresent ? node["period"].text() : nil
    period = word.flatMap(RelativePeriod.init)
    if word != nil, period == nil {
      node["period"].refuse("unknown_period", "a period is such as last-7-days, month-to-date or last-month")
    }
    if word != nil, node["from"].isPresent || node["to"].isPresent {
      node["period"].refuse("one_of", "say either a period or days from and to")
    }
    chart = node["chart"].isPresent ? node["chart"].word() : nil
    try node.issues.check("the report")
    pivot = try PivotForm.pivot(Self.without(["period", "chart"], json))
  }

  private static func without(_ names: Set<String>, _ json: JSON) -> JSON {
    guard case .object(let members) = json else { return json }
    return .object(members.filter { !names.contains($0.key) })
  }

  public var json: JSON {
    var kept = pivot
    if period != nil { (kept.first, kept.last) = (nil, nil) }
    guard case .object(var members) = PivotForm.json(kept) else { return PivotForm.json(kept) }
    if let period { members.append(.init("period", .string(period.text))) }
    if let chart { members.append(.init("chart", .string(chart.rawValue))) }
    return .object(members)
  }

  /// The question as of a day.
  public func pivot(on today: CivilDay) -> Pivot {
    guard let days = period?.days(on: today) else { return pivot }
    var dated = pivot
    (dated.first, dated.last) = (days.lowerBound, days.upperBound)
    return dated
  }

  /// How the answer is drawn.
  public var drawn: ChartKind { chart ?? ChartKind.suited(to: pivot) }
}
