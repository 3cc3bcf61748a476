import Cube
import Insight
import Kernel

/// All fields beside a pivot's table, and what can be counted. Each leads to the table with it among the rows, or among the values; with
/// script they can be dragged into any zone, and one finds them by a part of their name.
struct PivotFieldList {
  let view: PivotView
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var state: PivotState { view.state }
  private var pivot: Pivot { state.pivot }

  var html: Markup {
    let label = reader("Поля", "Fields")
    return """
      <aside class="panel fields-list" data-zone="fields" aria-label="\(label)"><div class="panel-body">\
      <label class="field" hidden data-field-search><span class="sr">\(reader("Найти поле", "Find a field"))</span>\
      <input class="input" type="search" placeholder="\(reader("Поле", "Field"))" autocomplete="off"></label>\
      \(families)\(counts)</div></aside>
      """
  }

  private func list(_ title: String, _ kind: String, _ items: [(code: String, name: String, address: String?)]) -> Markup {
    let rows = items.map { item -> Markup in
      let name: Markup =
        item.address.map { address -> Markup in "<a href=\"\(address)\" draggable=\"false\">\(item.name)</a>" }
        ?? "<span class=\"muted\">\(item.name)</span>"
      return "<li draggable=\"true\" data-field=\"\(item.code)\" data-kind=\"\(kind)\">\(Icon.drag.small)\(name)</li>"
    }
    return "<div data-family><h2>\(title)</h2><ul class=\"flist\">\(rows)</ul></div>"
  }

  /// Those that are shown lead nowhere.
  private var families: [Markup] {
    let used = Set(pivot.rows + pivot.columns)
    return Dimension.Family.allCases.map { family in
      let own = family == .people ? view.fields : []
      let fields =
        family.dimensions.map { ($0, reader($0.title)) }
        + own.compactMap { field in field.dimension.map { ($0, reader(field.name)) } }
      return list(
        reader(family.title), "dimension",
        fields.map { ($0.rawValue, $1, used.contains($0) ? nil : state.adding($0, to: .rows).address) })
    }
  }

  private var counts: Markup {
    let own = view.formulas.map { one in (Measure.formula(Formula(named: one.details.code)), reader(one.details.name)) }
    let all = Measure.allCases.map { ($0, reader($0.title)) } + own
    let isFull = pivot.values.count >= 8
    return list(
      reader("Считать", "Count"), "measure",
      all.map { ($0.rawValue, $1, isFull || pivot.values.contains($0) ? nil : state.adding($0).address) })
  }
}
