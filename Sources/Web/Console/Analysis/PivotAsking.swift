import Cube
import Insight
import Kernel

/// What the small forms of a pivot's page add to its address: own days, days to compare with, and how many rows stand on their own.
extension PivotState {
  /// The names of their fields.
  static let (from, to) = ("from", "to")
  static let (thanFrom, thanTo) = ("than-from", "than-to")
  static let top = "top"

  /// Takes what such a form sent beside the question.
  mutating func take(_ query: [String: String]) throws(Problem) {
    if let days = try Self.days(query, Self.from, Self.to) {
      (period, pivot.first, pivot.last) = (nil, days.lowerBound, days.upperBound)
    }
    if let days = try Self.days(query, Self.thanFrom, Self.thanTo) { pivot.compare = .days(days) }
    if let text = query[Self.top], !text.isEmpty {
      guard let top = Int(text), (1...1_000).contains(top) else {
        throw Problem(.invalid, "invalid_input", "so many rows are 1 to 1,000")
      }
      self = showing(top: top)
    }
  }

  /// Nil where neither was filled in. One alone is that day.
  private static func days(
    _ query: [String: String], _ first: String, _ last: String
  ) throws(Problem) -> ClosedRange<CivilDay>? {
    let texts = [query[first] ?? "", query[last] ?? ""].filter { !$0.isEmpty }
    let days = texts.compactMap { CivilDay($0) }
    guard days.count == texts.count else {
      throw Problem(.invalid, "invalid_input", "a day is such as 2026-11-01")
    }
    guard let from = days.first, let to = days.last else { return nil }
    guard from <= to else { throw Problem(.invalid, "invalid_input", "the last day is before the first") }
    return from...to
  }

  /// So many of the first row field, the largest by what rows are sorted by; the others are one row. Nil: all.
  func showing(top: Int?) -> PivotState {
    with { state in
      state.pivot.top = state.pivot.rows.isEmpty ? nil : top
      guard top != nil, state.pivot.order == .natural, let measure = state.pivot.values.first else { return }
      state.pivot.order = .value(measure, isDescending: true)
    }
  }

  func compared(with comparison: Comparison?) -> PivotState { with { $0.pivot.compare = comparison } }

  /// A form that leads on: what it sends is taken beside the question.
  func form(_ label: String, _ fields: Markup, button: String) -> Markup {
    """
    <form class="pick-form" method="get" action="\(Self.path)" aria-label="\(label)">\(hidden)\(fields)\
    <button class="button s">\(button)</button></form>
    """
  }
}

extension Reader {
  /// 24 окт – 20 ноя 2025: days that may be of another year.
  func span(_ days: ClosedRange<CivilDay>) -> String {
    let (first, last) = (days.lowerBound, days.upperBound)
    if first == last { return date(first) }
    return "\(first.parts.year == last.parts.year ? day(first) : date(first)) – \(date(last))"
  }
}
