import Kernel

/// The days that a pivot's own are set against.
public enum Comparison: Hashable, Sendable {
  /// The same number of days just before.
  case previous
  /// The same days a year ago, weekday upon weekday: 364 days earlier, as reports have it.
  case year
  /// The year before, a holiday beside the same holiday and any other day beside such a day of the same weekday: `DayPairs`.
  case holidays
  case days(ClosedRange<CivilDay>)
}

extension Pivot {
  private static let dated: Set<Dimension> = [.year, .quarter, .month, .week, .day]

  /// False where a row, a column or a filter tells days apart: nothing of other days would stand beside it.
  public var canStandBesideOtherDays: Bool { Self.dated.isDisjoint(with: rows + columns + filters.map(\.dimension)) }

  /// The days that a comparison is with; nil where its own are not bounded, or it tells days apart.
  public func pastDays(of comparison: Comparison) -> ClosedRange<CivilDay>? {
    guard canStandBesideOtherDays else { return nil }
    if case .days(let days) = comparison { return days }
    guard let first, let last, first <= last else { return nil }
    let length: Int
    switch comparison {
    case .previous: length = last - first + 1
    case .year, .holidays: length = DayPairs.year
    case .days: return nil
    }
    return first.adding(days: -length)...last.adding(days: -length)
  }

  /// The same question about the days that it is set against; nil where it is set against none, or cannot be.
  public var past: Pivot? { past(by: .none) }

  /// - Parameter holidays: that a comparison of holidays with their own is made by.
  public func past(by holidays: Holidays) -> Pivot? {
    guard let days = compare.flatMap(pastDays) else { return nil }
    var past = self
    (past.first, past.last, past.compare) = (days.lowerBound, days.upperBound, nil)
    if let pairs = pairs(by: holidays) {
      (past.first, past.last) = (pairs.span.lowerBound, pairs.span.upperBound)
      past.only = Set(pairs.past)
    }
    return past
  }

  /// Its days beside those of the year before; nil where it is not set against them so.
  public func pairs(by holidays: Holidays) -> DayPairs? {
    guard compare == .holidays, canStandBesideOtherDays, let first, let last, first <= last else { return nil }
    return DayPairs(first...last, by: holidays)
  }
}

extension PivotTable {
  /// The rows that stand on their own where only the top was asked for: those that the days it is set against have to show as well,
  /// whatever was on top then. Nil where all are shown.
  public var best: [String]? {
    guard pivot.top != nil else { return nil }
    return rows.filter { $0.labels.count == 1 }.map { $0.labels[0] }.filter { $0 != CubeFrame.others }
  }
}

/// An answer beside what it is set against.
public struct PivotChange: Sendable {
  public let now: PivotTable
  public let then: PivotTable
  private let rows: [[String]: Int]
  private let columns: [[String]: Int]

  public init(_ now: PivotTable, against then: PivotTable) {
    (self.now, self.then) = (now, then)
    rows = Dictionary(then.rows.enumerated().map { ($1.labels, $0) }, uniquingKeysWith: { first, _ in first })
    columns = Dictionary(then.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// What stood in a cell then. - Parameter row: a place among the rows of `now`; - Parameter column: one among its columns.
  public func before(_ measure: Measure, row: Int, column: Int) -> Int64? {
    guard let past = rows[now.rows[row].labels], let place = columns[now.columns[column]] else { return nil }
    return then.value(measure, row: past, column: place)
  }

  /// The change in parts per million of what stood there; of shares the difference itself, which is in points of percent. Nil where there
  /// was nothing to change from.
  public func change(_ measure: Measure, row: Int, column: Int) -> Int64? {
    guard let value = now.value(measure, row: row, column: column), let past = before(measure, row: row, column: column) else {
      return nil
    }
    if measure.unit == .percent { return value - past }
    return past > 0 ? scaled(value - past, by: 1_000_000, over: past, .halfUp) : nil
  }
}
