import Kernel

/// A chart of a pivot as one SVG with its words in it, in the colours of light paper: what a picture in a letter is made of.
struct PivotDrawing {
  let chart: PivotChart
  let title: String

  private static let width = 640
  private static let colours = ["#0f6b73", "#c77f17", "#3d6aa6", "#9a4a63", "#6b7f35", "#7b6a58"]
  private static let ink = "#1d1b18"
  private static let faint = "#6b655c"

  var svg: String {
    let body = chart.kind == .line ? lines : bars
    let top = head
    let height = top.height + body.height + 16
    let drawn: Markup = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width)" height="\(height)" viewBox="0 0 \(Self.width) \(height)" \
      font-family="DejaVu Sans, sans-serif" font-size="12"><rect width="\(Self.width)" height="\(height)" fill="#ffffff"/>\
      \(top.drawn)<g transform="translate(0 \(top.height))">\(body.drawn)</g></svg>
      """
    return drawn.source
  }

  /// The name, and the legend where there are several series.
  private var head: (drawn: Markup, height: Int) {
    let name: Markup = "<text x=\"16\" y=\"28\" font-size=\"15\" font-weight=\"bold\" fill=\"\(Self.ink)\">\(cut(title, 70))</text>"
    guard chart.series.count > 1 else { return (name, 44) }
    let keys = chart.series.enumerated().map { place, one -> Markup in
      let (x, y) = (16 + place % 3 * 204, 44 + place / 3 * 18)
      return """
        <rect x="\(x)" y="\(y)" width="10" height="10" fill="\(Self.colours[place])"/>\
        <text x="\(x + 16)" y="\(y + 10)" fill="\(Self.faint)">\(cut(one.name, 26))</text>
        """
    }
    return ("\(name)\(Markup(keys))", 44 + (chart.series.count + 2) / 3 * 18 + 8)
  }

  private func cut(_ text: String, _ length: Int) -> String { text.count > length ? String(text.prefix(length - 1)) + "…" : text }

  private var bars: (drawn: Markup, height: Int) {
    let (left, room) = (200, 320)
    let isStacked = chart.kind == .stacked
    let each = isStacked || chart.series.count == 1 ? 14 : 8
    let row = (isStacked ? each : each * chart.series.count) + 10
    let sums = chart.labels.indices.map { place in
      let values = chart.series.map { max(0, $0.values[place] ?? 0) }
      return isStacked ? values.reduce(0, +) : values.max() ?? 0
    }
    let longest = max(1, sums.max() ?? 1)
    func width(_ value: Int64) -> Int { Int(scaled(max(0, value), by: Int64(room), over: longest, .down)) }
    let rows = chart.labels.indices.map { place -> Markup in
      let y = place * row
      var x = left
      let rects = chart.series.enumerated().map { index, one -> Markup in
        let long = width(one.values[place] ?? 0)
        defer { if isStacked { x += long } }
        return
          "<rect x=\"\(x)\" y=\"\(isStacked ? y : y + index * each)\" width=\"\(long)\" height=\"\(each)\" fill=\"\(Self.colours[index])\"/>"
      }
      let said = isStacked || chart.series.count == 1 ? chart.figure(chart.series.reduce(0) { $0 + ($1.values[place] ?? 0) }) : ""
      return """
        <text x="\(left - 8)" y="\(y + 11)" text-anchor="end" fill="\(Self.ink)">\(cut(chart.labels[place], 26))</text>\(rects)\
        <text x="\(left + width(sums[place]) + 8)" y="\(y + 11)" fill="\(Self.faint)">\(said)</text>
        """
    }
    return (Markup(rows), chart.labels.count * row)
  }

  private var lines: (drawn: Markup, height: Int) {
    let (left, room, high) = (84, 536, 200)
    let scale = chart.scale
    let grid = (0...4).map { step -> Markup in
      let (y, value) = (step * high / 4, scale.high - (scale.high - scale.low) / 4 * Int64(step))
      return """
        <path d="M\(left) \(y)h\(room)" stroke="#e6e2da"/><text x="\(left - 8)" y="\(y + 4)" text-anchor="end" fill="\(Self.faint)">\
        \(chart.axis(value))</text>
        """
    }
    let drawn = chart.series.enumerated().map { place, one -> Markup in
      """
      <path transform="translate(\(left) 0) scale(\(PivotChart.text(Int64(room))) \(high / 100))" vector-effect="non-scaling-stroke" fill="none" \
      stroke="\(Self.colours[place])" stroke-width="2" stroke-linejoin="round" stroke-linecap="round" d="\(PivotChart.path(one.values, scale.low, scale.high))"/>
      """
    }
    let ends = chart.ends
    let words = ends.enumerated().map { place, label -> Markup in
      let anchor = place == 0 ? "start" : place == ends.count - 1 ? "end" : "middle"
      let x = ends.count == 1 ? left : left + place * room / (ends.count - 1)
      return "<text x=\"\(x)\" y=\"\(high + 18)\" text-anchor=\"\(anchor)\" fill=\"\(Self.faint)\">\(cut(label, 20))</text>"
    }
    return ("<g transform=\"translate(0 8)\">\(Markup(grid))\(Markup(drawn))\(Markup(words))</g>", high + 34)
  }
}
