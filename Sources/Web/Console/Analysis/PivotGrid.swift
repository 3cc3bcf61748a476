import Cube
import Insight
import Kernel

/// The table of a pivot: a tree of rows, columns with their totals, and how warm each figure is among its like.
struct PivotGrid {
  /// What a page shows; files have everything.
  private static let rows = 400
  private static let cells = 12_000

  let view: PivotView
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var table: PivotTable { view.table }
  private var pivot: Pivot { table.pivot }

  private var shown: Int {
    min(table.rows.count, Self.rows, max(20, Self.cells / max(1, table.columns.count * pivot.values.count)))
  }

  var html: Markup {
    let title = pivot.values.map { reader($0.title) }.joined(separator: ", ")
    return """
      <section class="panel" aria-labelledby="h-p"><header class="panel-head"><h2 id="h-p">\(title)</h2>\(compare)</header>\
      \(table.rows.count == 1 && table.rows[0].cells.allSatisfy { $0 == nil } ? nothing : grid)\(alignments)\(foot)</section>
      """
  }

  private var nothing: Markup {
    "<p class=\"panel-body muted\">\(reader("За эти дни с такими фильтрами ничего не продано.", "Nothing was sold on these days with these filters."))</p>"
  }

  /// The days that figures are set against.
  private var compare: Markup? {
    guard let days = view.past?.then.pivot.days else { return nil }
    return "<span class=\"muted\">\(reader("против \(reader.span(days))", "against \(reader.span(days))"))</span>"
  }

  /// How holidays were set beside their own.
  private var alignments: Markup {
    Markup(view.notes.alignments.map { "<p class=\"panel-body soft report-note\">\(reader($0)).</p>" })
  }

  private var grid: Markup {
    let heats = Heat.all(table, shown: shown)
    let rows = (1..<max(1, shown)).map { row($0, heats) }
    return """
      <div class="scroll" tabindex="0" role="group" aria-labelledby="h-p"><table class="table tight pivot"><thead>\(groups)\(heads)</thead>\
      <tbody>\(rows)</tbody><tfoot>\(row(0, heats))</tfoot></table></div>
      """
  }

  // MARK: heads

  private var groups: Markup? {
    guard !pivot.columns.isEmpty else { return nil }
    let cells = table.columns.map { key -> Markup in
      let words = view.names.texts(key, pivot.columns).map { shortened($0) }
      let text =
        key.count < pivot.columns.count
        ? (words + [reader("всего", "total")]).joined(separator: " · ") : words.joined(separator: " · ")
      return
        "<th scope=\"colgroup\" colspan=\"\(pivot.values.count)\" class=\"grp\">\(key.isEmpty ? reader("Итого", "Total") : text)</th>"
    }
    return "<tr><td></td>\(cells)</tr>"
  }

  private func shortened(_ text: String) -> String { text.count > 28 ? String(text.prefix(27)) + "…" : text }

  private var heads: Markup {
    let first = pivot.rows.map { reader(view.names.title($0)) }.joined(separator: ", ")
    let cells = table.columns.indices.flatMap { column in
      pivot.values.map { measure -> Markup in
        // Rows are sorted by the column of totals.
        let isTotal = table.columns[column].isEmpty
        let mark: Markup =
          switch pivot.order {
          case .value(measure, let isDown) where isTotal: isDown ? " aria-sort=\"descending\"" : " aria-sort=\"ascending\""
          default: ""
          }
        let name = reader(measure.title)
        let head: Markup =
          isTotal
          ? "<a href=\"\(view.state.sorted(by: measure).address)\" title=\"\(reader("Упорядочить", "Sort"))\">\(name)</a>"
          : "\(name)"
        return "<th scope=\"col\" class=\"num\"\(mark)>\(head)</th>"
      }
    }
    return "<tr><th scope=\"col\">\(first)</th>\(cells)</tr>"
  }

  // MARK: rows

  private func row(_ index: Int, _ heats: [Heat]) -> Markup {
    let row = table.rows[index]
    let depth = row.labels.count
    let isWhole = index == 0
    let name = isWhole ? reader("Итого", "Total") : view.names.text(row.labels[depth - 1], pivot.rows[depth - 1])
    let style = isWhole ? "" : depth < pivot.rows.count ? "sub" : ""
    let indent = min(4, max(0, depth - 1))
    let cells = table.columns.indices.flatMap { column in
      pivot.values.indices.map { value in cell(index, column, value, heats[column * pivot.values.count + value]) }
    }
    return """
      <tr class="\(style)" data-depth="\(depth)"><th scope="row" class="in\(indent)">\(name)</th>\(cells)</tr>
      """
  }

  private func cell(_ row: Int, _ column: Int, _ value: Int, _ heat: Heat) -> Markup {
    let measure = pivot.values[value]
    guard let number = table.value(measure, row: row, column: column) else {
      return "<td class=\"num\"><span class=\"muted\">–</span></td>"
    }
    let isFinest = row != 0 && table.rows[row].labels.count == pivot.rows.count
    let warmth: Markup = isFinest ? heat.style(number) : ""
    let total: Markup = table.columns[column].isEmpty && !pivot.columns.isEmpty ? " tot" : ""
    let text = reader.figure(number, measure)
    let beside = change(measure, row, column)
    // Where everything else is one row, it has no receipts of its own to show.
    guard visit.may(.seeMembers), !table.rows[row].labels.contains(CubeFrame.others) else {
      return "<td class=\"num\(warmth)\(total)\">\(text)\(beside)</td>"
    }
    let inside = view.state.with { state in
      state.pivot.filters += view.state.inside(table.rows[row].labels, table.columns[column])
    }
    let figure: Markup = "<a class=\"cell\" href=\"\(PivotState.path)/receipts\(inside.query)\">\(text)</a>"
    return "<td class=\"num\(warmth)\(total)\">\(figure)\(beside)</td>"
  }

  /// Against the other days, with what stood there then.
  private func change(_ measure: Measure, _ row: Int, _ column: Int) -> Markup? {
    guard let past = view.past, let then = past.before(measure, row: row, column: column),
      let ppm = past.change(measure, row: row, column: column)
    else { return nil }
    let was = reader("было \(reader.figure(then, measure))", "was \(reader.figure(then, measure))")
    let number = reader.decimal(divided(ppm, by: 1_000, .halfUp), digits: 1)
    if measure.unit == .percent {
      let points = reader.signed(number, isPositive: ppm > 0)
      return "<small class=\"delta\" title=\"\(was)\">\(points)\u{a0}\(reader("п. п.", "pp"))</small>"
    }
    let style = ppm > 0 ? "good" : ppm < 0 ? "bad" : ""
    return "<small class=\"delta \(style)\" title=\"\(was)\">\(reader.signed(number, isPositive: ppm > 0))\u{a0}%</small>"
  }

  private var foot: Markup {
    let hidden = table.rows.count - shown
    let says =
      hidden > 0
      ? reader(
        "Показаны первые \(shown - 1) строк из \(table.rows.count - 1); в файлах – все.",
        "The first \(shown - 1) rows of \(table.rows.count - 1) are shown; files have them all.")
      : reader("Итоги посчитаны по строкам чеков, а не сложены.", "Totals are counted from the lines of receipts, not added up.")
    return "<footer class=\"panel-foot\"><span>\(says)</span>\(reader.files("\(PivotState.path)/pivot", view.state.query))</footer>"
  }
}

/// How warm a figure is among those of its column: ten steps from the least to the most.
private struct Heat {
  let least: Int64
  let most: Int64

  static func all(_ table: PivotTable, shown: Int) -> [Heat] {
    table.columns.indices.flatMap { column in
      table.pivot.values.map { measure in
        var (least, most) = (Int64.max, Int64.min)
        for row in 1..<max(1, shown) where table.rows[row].labels.count == table.pivot.rows.count {
          guard !table.rows[row].labels.contains(CubeFrame.others), let value = table.value(measure, row: row, column: column)
          else { continue }
          (least, most) = (min(least, value), max(most, value))
        }
        return Heat(least: least, most: most)
      }
    }
  }

  func style(_ value: Int64) -> Markup {
    guard most > least, value >= least, value <= most else { return "" }
    let step = Int(scaled(value - least, by: 9, over: most - least, .halfUp))
    return step == 0 ? "" : " heat h\(step)"
  }
}

extension Reader {
  /// A value of a pivot as people read it.
  func figure(_ value: Int64, _ measure: Measure) -> String {
    switch measure.unit {
    case .money: amount(Money(minor: value))
    case .points: points(Points(units: value))
    case .count: number(value)
    case .quantity:
      value % 1_000 == 0
        ? number(value / 1_000)
        : decimal(divided(value, by: value.magnitude < 1_000_000 ? 10 : 100, .halfUp), digits: value.magnitude < 1_000_000 ? 2 : 1)
    case .percent: decimal(divided(value, by: 1_000, .halfUp), digits: 1)
    case .number(let digits): decimal(value, digits: digits)
    }
  }
}
