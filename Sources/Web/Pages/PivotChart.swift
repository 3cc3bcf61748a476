import Kernel

/// Figures by category, as bars, bars of parts, or lines over time: one colour and one word in the legend for each series. Made on the
/// server: it prints and needs no script; the table that says the same stands below it.
struct PivotChart {
  enum Kind { case bars, stacked, line }

  struct Series {
    let name: String
    /// As many as there are labels; nil where there is nothing.
    let values: [Int64?]
  }

  let kind: Kind
  let labels: [String]
  let series: [Series]
  /// What it shows, read aloud.
  let title: String
  /// Beside a bar, and at the axis.
  let figure: (Int64) -> String
  let axis: (Int64) -> String

  /// Colours there are.
  static let colours = 6

  var html: Markup {
    """
    <figure class="pivot-chart" role="img" aria-label="\(title)">\(legend)\(kind == .line ? lines : bars)</figure>
    """
  }

  private var legend: Markup? {
    guard series.count > 1 else { return nil }
    let items = series.enumerated().map { place, one -> Markup in "<li class=\"k\(place + 1)\"><i></i>\(one.name)</li>" }
    return "<ul class=\"keys\" aria-hidden=\"true\">\(items)</ul>"
  }

  // MARK: bars

  /// The longest bar, or the longest row of parts.
  private var longest: Int64 {
    let sums = labels.indices.map { place in
      let parts = series.map { max(0, $0.values[place] ?? 0) }
      return kind == .stacked ? parts.reduce(0, +) : parts.max() ?? 0
    }
    return max(1, sums.max() ?? 1)
  }

  private var bars: Markup {
    let longest = longest
    let rows = labels.indices.map { place -> Markup in
      let values = series.map { $0.values[place] }
      let said =
        kind == .stacked ? figure(values.compactMap { $0 }.reduce(0, +)) : values.count == 1 ? values[0].map(figure) ?? "–" : ""
      return
        "<li><span class=\"name\">\(labels[place])</span>\(kind == .stacked ? parts(values, longest) : side(values, longest))<span class=\"tab\">\(said)</span></li>"
    }
    return "<ul class=\"bars\" aria-hidden=\"true\">\(rows)</ul>"
  }

  /// Bars of one category, one under the other.
  private func side(_ values: [Int64?], _ longest: Int64) -> Markup {
    let height = 100 / max(1, values.count)
    let rects = values.enumerated().map { place, value -> Markup in
      let style = values.count > 1 ? "piece k\(place + 1)" : "piece"
      return
        "<rect class=\"\(style)\" x=\"0\" y=\"\(place * height)\" width=\"\(Self.text(share(value ?? 0, longest)))\" height=\"\(height)\"/>"
    }
    return strip(rects, thick: values.count > 1 ? values.count : 1)
  }

  private func parts(_ values: [Int64?], _ longest: Int64) -> Markup {
    var start: Int64 = 0
    let rects = values.enumerated().map { place, value -> Markup in
      let width = share(value ?? 0, longest)
      defer { start += width }
      return "<rect class=\"piece k\(place + 1)\" x=\"\(Self.text(start))\" y=\"0\" width=\"\(Self.text(width))\" height=\"100\"/>"
    }
    return strip(rects, thick: 1)
  }

  private func strip(_ rects: [Markup], thick: Int) -> Markup {
    "<svg class=\"strip x\(min(thick, Self.colours))\" viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\(rects)</svg>"
  }

  /// In hundredths of a percent of the longest.
  private func share(_ value: Int64, _ longest: Int64) -> Int64 { scaled(max(0, value), by: 10_000, over: longest, .down) }

  // MARK: lines

  /// From the axis to above the highest point, in four steps.
  var scale: (low: Int64, high: Int64) {
    let all = series.flatMap(\.values).compactMap { $0 }
    let high = LineChart.ceiling(max(4, all.max() ?? 0))
    let least = all.min() ?? 0
    return (least < 0 ? -LineChart.ceiling(-least) : 0, high)
  }

  private var lines: Markup {
    let (low, high) = scale
    let marks = (0...4).reversed().map { low + (high - low) / 4 * Int64($0) }
    let grid = (0..<4).map { step -> Markup in "<path class=\"grid\" d=\"M0 \(step * 25)H100\"/>" }
    let drawn = series.enumerated().map { place, one -> Markup in
      "<path class=\"line k\(place + 1)\" d=\"\(Self.path(one.values, low, high))\"/>"
    }
    let ys = marks.map { mark -> Markup in "<span>\(axis(mark))</span>" }
    let xs = ends.map { label -> Markup in "<span>\(label)</span>" }
    return """
      <div class="chart tall"><div class="ys" aria-hidden="true">\(ys)</div><div class="plot"><svg viewBox="0 0 100 100" \
      preserveAspectRatio="none" aria-hidden="true">\(grid)<path class="axis" d="M0 100H100"/>\(drawn)</svg></div>\
      <div class="xs" aria-hidden="true">\(xs)</div></div>
      """
  }

  /// The first label, some between, the last.
  var ends: [String] {
    guard labels.count > 4 else { return labels }
    return [0, labels.count / 3, labels.count * 2 / 3, labels.count - 1].map { labels[$0] }
  }

  /// Over a square of a hundred; interrupted where there is nothing.
  static func path(_ values: [Int64?], _ low: Int64, _ high: Int64) -> String {
    guard high > low else { return "" }
    var (path, isDown) = ("", false)
    for (place, value) in values.enumerated() {
      guard let value else {
        isDown = false
        continue
      }
      let x = values.count == 1 ? 5_000 : Int64(place) * 10_000 / Int64(values.count - 1)
      let y = 10_000 - scaled(value - low, by: 10_000, over: high - low, .halfUp)
      path += "\(isDown ? "L" : "M")\(text(x)) \(text(y))"
      // A point alone is a dot.
      if !isDown, place + 1 == values.count || values[place + 1] == nil { path += "h0" }
      isDown = true
    }
    return path
  }

  static func text(_ hundredths: Int64) -> String { Decimal.text(hundredths, digits: 2) }
}
