import Cube
import Insight
import Kernel

/// The drawing above a pivot's table, and the ways to draw it otherwise.
struct ChartPanel {
  let view: PivotView
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var state: PivotState { view.state }

  /// Nil where there is nothing that could be drawn.
  var html: Markup? {
    let pivot = view.table.pivot
    guard !pivot.rows.isEmpty || !pivot.columns.isEmpty, view.table.rows.count > 1 || pivot.rows.isEmpty else { return nil }
    let title = reader(pivot.values[0].title)
    let data = ChartData(view.table, view.names, as: state.form.drawn, total: title)
    let body: Markup =
      data.map { "<div class=\"panel-body\">\($0.chart(title: said(title), reader).html)</div>\(foot($0))" } ?? .nothing
    return """
      <section class="panel" aria-label="\(reader("Рисунок", "Chart"))"><header class="panel-head"><h2>\(title)</h2>\
      <nav aria-label="\(reader("Как нарисовать", "How to draw it"))"><ul class="row wrap">\(ways(data?.kind))</ul></nav></header>\(body)</section>
      """
  }

  private func said(_ title: String) -> String {
    let sides = (state.pivot.rows.prefix(1) + state.pivot.columns.prefix(1)).map { reader(view.names.title($0)) }
    return
      "\(title): \(sides.joined(separator: ", ")). \(reader("Те же цифры в таблице ниже", "The table below has the same figures"))"
  }

  private func ways(_ drawn: ChartKind?) -> [Markup] {
    let names: [(ChartKind, String)] = [
      (.bars, reader("Столбики", "Bars")), (.stacked, reader("С накоплением", "Stacked")), (.line, reader("Линия", "Line")),
      (.none, reader("Без рисунка", "None")),
    ]
    let pivot = state.pivot
    let canStack = pivot.values[0].addsUp && ChartData.hasParts(pivot)
    return names.filter { $0.0 != .stacked || canStack }.map { kind, name in
      let mark: Markup = kind == drawn ?? .none ? " aria-current=\"true\"" : ""
      return "<li><a class=\"chip filter\" href=\"\(state.drawn(as: kind).address)\"\(mark)>\(name)</a></li>"
    }
  }

  private func foot(_ data: ChartData) -> Markup? {
    var notes: [String] = []
    if data.hidden > 0 {
      notes.append(
        reader(
          "Нарисовано \(data.labels.count) из \(data.labels.count + data.hidden)",
          "\(data.labels.count) of \(data.labels.count + data.hidden) are drawn"))
    }
    if data.hiddenSeries > 0 {
      let all = data.series.count + data.hiddenSeries
      notes.append(
        reader("рядов \(data.series.count) из \(all)", "\(data.series.count) series of \(all)"))
    }
    guard !notes.isEmpty else { return nil }
    let all = reader("; остальное в таблице", "; the table has the rest")
    return "<footer class=\"panel-foot\"><span>\(notes.joined(separator: ", "))\(all)</span></footer>"
  }
}
