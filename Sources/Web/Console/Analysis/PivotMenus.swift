import Cube
import Insight
import Kernel

/// What opens under the chips of a pivot that are no fields: its days, the days that it is set against, how many rows stand on their own.
/// Each is a list of links, and a small form for what the list does not have.
struct PivotMenus {
  let view: PivotView
  let today: CivilDay
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var state: PivotState { view.state }
  private var pivot: Pivot { state.pivot }

  private func menu(_ label: String, _ shown: String, _ items: [Markup]) -> Markup {
    """
    <details class="pick"><summary class="chip value" aria-label="\(label): \(shown)">\(shown)</summary><ul>\(items)</ul></details>
    """
  }

  private func link(_ state: PivotState, _ name: String, _ isChosen: Bool) -> Markup {
    "<li><a href=\"\(state.address)\"\(isChosen ? " aria-current=\"true\"" : "")>\(name)</a></li>"
  }

  /// Two days of a form.
  private func days(_ first: String, _ last: String, _ shown: ClosedRange<CivilDay>?) -> Markup {
    """
    \(Field(name: first, label: reader("С", "From"), value: shown.map { "\($0.lowerBound)" } ?? "", type: "date", id: "f-day-" + first).html)\
    \(Field(name: last, label: reader("По", "To"), value: shown.map { "\($0.upperBound)" } ?? "", type: "date", id: "f-day-" + last).html)
    """
  }

  private func own(_ head: String, _ form: Markup) -> [Markup] {
    ["<li class=\"head\">\(head)</li>", "<li class=\"own\">\(form)</li>"]
  }

  // MARK: days

  var period: Markup {
    let dated = pivot.days.map { days in
      days.upperBound.parts.year == today.parts.year ? reader.days(days) : reader.span(days)
    }
    let shown = [state.period.map { reader($0.title) }, dated ?? reader("все дни", "all days")].compactMap { $0 }
    let links = RelativePeriod.offered.map { period in
      link(state.lasting(period, today: today), reader(period.title), period == state.period)
    }
    let all = link(state.lasting(nil, today: today), reader("Все дни", "All days"), state.period == nil && pivot.days == nil)
    let head = reader("Свои дни", "Days of your own")
    let form = state.form(
      head, days(PivotState.from, PivotState.to, pivot.days), button: reader("Показать", "Show"))
    return menu(reader("Дни", "Days"), shown.joined(separator: " · "), links + [all] + own(head, form))
  }

  // MARK: comparison

  /// Nil where rows, columns or filters tell days apart.
  var comparison: Markup {
    guard pivot.canStandBesideOtherDays else { return .nothing }
    let label = reader("Сравнение", "Comparison")
    var links = [link(state.compared(with: nil), reader("Не сравнивать", "Do not compare"), pivot.compare == nil)]
    for one in [Comparison.previous, .year, .holidays] {
      guard let days = pivot.pastDays(of: one) else { continue }
      links.append(
        link(state.compared(with: one), "\(name(one)): \(reader.span(days))", pivot.compare == one))
    }
    let head = reader("С другими днями", "With other days")
    let form = state.form(
      head, days(PivotState.thanFrom, PivotState.thanTo, pivot.past?.days), button: reader("Сравнить", "Compare"))
    return menu(label, shown, links + own(head, form))
  }

  private var shown: String {
    guard let compare = pivot.compare, let days = pivot.past?.days else { return reader("без сравнения", "not compared") }
    return "\(name(compare)): \(reader.span(days))"
  }

  private func name(_ comparison: Comparison) -> String {
    switch comparison {
    case .previous: reader("к прошлому периоду", "to the period before")
    case .year: reader("к прошлому году", "to a year ago")
    case .holidays: reader("к прошлому году, праздники к праздникам", "to a year ago, holidays beside their own")
    case .days: reader("к дням", "to the days")
    }
  }

  // MARK: the top

  var top: Markup {
    let label = reader("Сколько строк", "How many rows")
    let shown = pivot.top.map { reader("первые \($0) + остальные", "top \($0) + all others") } ?? reader("все строки", "all rows")
    let links = [10, 20, 50, 100].map { (top: Int) in
      link(
        state.showing(top: top), reader("Первые \(top) и остальные одной строкой", "Top \(top), all others as one row"),
        pivot.top == top)
    }
    let all = link(state.showing(top: nil), reader("Все строки", "All rows"), pivot.top == nil)
    let head = reader("Другое число", "Another number")
    let field = Field(
      name: PivotState.top, label: reader("Первые", "Top"), value: pivot.top.map { "\($0)" } ?? "", type: "number", limit: 4,
      id: "f-pivot-top")
    let form = state.form(head, field.html, button: reader("Показать", "Show"))
    return menu(label, shown, [all] + links + own(head, form))
  }
}
