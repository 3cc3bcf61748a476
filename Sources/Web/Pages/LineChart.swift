import Kernel

/// Days as a line, with the period before as a dashed one. Made on the server: it prints, needs no script, and its table is beside it.
public struct LineChart {
  /// One value a day; as many in both.
  let values: [Int64]
  let before: [Int64]
  /// Under the axis, from its start to its end.
  let labels: [String]
  /// What it shows, and the id of the table with the same days, the latest first: `chart.js` reads the value under the pointer there.
  let title: String
  let table: String
  /// Beside the axis, from top to bottom, for the value given.
  let axis: (Int64) -> String

  private static let steps = 4

  var html: Markup {
    let top = Self.ceiling(max(values.max() ?? 0, before.max() ?? 0))
    let marks = (0...Self.steps).reversed().map { top / Int64(Self.steps) * Int64($0) }
    let grid = (0..<Self.steps).map { step -> Markup in
      let place = Self.text(Int64(step) * 100 * 100 / Int64(Self.steps))
      return "<path class=\"grid\" d=\"M0 \(place)H100\"/>"
    }
    // Where there is nothing, a scale would count to nothing.
    let isFlat = (values + before).allSatisfy { $0 == 0 }
    let ys = marks.map { mark -> Markup in isFlat && mark > 0 ? "<span></span>" : "<span>\(axis(mark))</span>" }
    let xs = labels.map { label -> Markup in "<span>\(label)</span>" }
    return """
      <div class="chart tall"><div class="ys" aria-hidden="true">\(ys)</div><div class="plot" data-table="\(table)" data-label="\(title)">\
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">\(grid)<path class="axis" d="M0 100H100"/>\
      <path class="line before" d="\(Self.path(before, top))"/><path class="line" d="\(Self.path(values, top))"/></svg></div>\
      <div class="xs" aria-hidden="true">\(xs)</div></div>
      """
  }

  /// A small one beside a number. It begins at its least value and has no scale: only its shape counts.
  static func spark(_ values: [Int64]) -> Markup {
    guard let low = values.min(), let high = values.max(), high > low else { return .nothing }
    return """
      <svg class="spark" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">\
      <path class="line thin" d="\(path(values.map { $0 - low }, high - low))"/></svg>
      """
  }

  /// The least round number that is not below: 1, 2, 4 or 8 times a power of ten, so that four steps are round as well.
  public static func ceiling(_ value: Int64) -> Int64 {
    var unit: Int64 = 1
    while true {
      for times: Int64 in [4, 8] where unit * times >= value { return unit * times }
      for times: Int64 in [12, 16, 20] where unit * times >= value { return unit * times }
      unit *= 10
    }
  }

  /// A path over a square of a hundred, with a little room above and below.
  public static func path(_ values: [Int64], _ top: Int64) -> String {
    guard top > 0, values.count > 1 else { return "" }
    return values.enumerated().map { place, value in
      let x = Int64(place) * 10_000 / Int64(values.count - 1)
      let y = 10_000 - scaled(value, by: 10_000, over: top, .halfUp)
      return "\(place == 0 ? "M" : "L")\(text(x)) \(text(y))"
    }.joined()
  }

  private static func text(_ hundredths: Int64) -> String { Decimal.text(hundredths, digits: 2) }
}
