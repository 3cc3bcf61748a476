import Cube

/// How an answer is drawn above its table.
public enum ChartKind: String, CaseIterable, Sendable {
  /// Not at all.
  case none
  case bars
  /// Parts of a whole, one upon the other.
  case stacked
  /// Over time.
  case line

  /// What suits a pivot whose reader chose nothing: a line where rows are days, weeks, months and the like, bars else. A single total is no
  /// chart.
  public static func suited(to pivot: Pivot) -> ChartKind {
    guard let first = pivot.rows.first else { return pivot.columns.first.map { $0.isTime ? .line : .bars } ?? .none }
    if first.isTime, pivot.rows.count == 1 { return .line }
    return .bars
  }
}

extension Dimension {
  /// Its members follow one another as time does.
  public var isTime: Bool { [.year, .quarter, .month, .week, .day].contains(self) }
}
