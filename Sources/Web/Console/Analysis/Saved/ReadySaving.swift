import Insight
import Kernel

/// How a ready report is kept: a link to the form of a new one, and a form that changes the one it began with.
struct ReadySaving {
  let state: ReportState
  /// The saved report that it began with.
  let saved: SavedReport?
  let visit: Visit

  private var reader: Reader { visit.reader }

  /// `?ready=stores&from=…`, for the form of a new one.
  private var query: String { "\(state.query)&ready=\(state.name.rawValue)" }

  var acts: Markup {
    let fresh: Markup = """
      <a class="button\(saved == nil ? " primary" : "")" href="\(ReportPages.path)/new\(query)">\
      \(saved == nil ? reader("Сохранить отчёт", "Save as a report") : reader("Сохранить как…", "Save as…"))</a>
      """
    guard let saved else { return fresh }
    let page: Markup =
      "<a class=\"button\" href=\"\(ReportPages.path)/\(saved.id)\">\(Icon.settings.small)\(reader("Об отчёте", "About it"))</a>"
    return "\(page)\(fresh)\(change(saved))"
  }

  /// Nothing where it is not theirs to change.
  private func change(_ saved: SavedReport) -> Markup? {
    guard saved.mayBeChanged(by: visit.session.staff) else { return nil }
    return """
      <details class="pick end"><summary class="button primary">\(reader("Сохранить", "Save"))</summary><ul><li class="own">\
      <form class="pick-form" method="post" action="\(ReportPages.path)/\(saved.id)/question">\(visit.key)\(hidden)\
      <input type="hidden" name="version" value="\(saved.version.description)">\(period(kept: saved.details.question))\
      <button class="button s">\(reader("Сохранить", "Save"))</button></form></li></ul></details>
      """
  }

  /// What the form of a kept report carries of it.
  var hidden: Markup { "<input type=\"hidden\" name=\"ready\" value=\"\(state.name.rawValue)\">\(state.hidden)" }

  /// Which days it is of: those that it shows, or days that move on.
  /// - Parameter kept: what is kept of it so far.
  func period(kept: KeptQuestion? = nil, chosen: String? = nil) -> Markup {
    let days = state.period.days
    let fixed = ("", "\(reader.date(days.lowerBound)) – \(reader.date(days.upperBound))")
    let options = RelativePeriod.offered.map { ($0.text, reader($0.title)) }
    return Choice(
      name: "period", label: reader("Дни", "Days"), options: options + [fixed], chosen: chosen ?? usual(kept),
      hint: reader("Период вроде «прошлый месяц» движется сам", "A period such as “last month” moves on by itself"), id: "f-period"
    ).html
  }

  /// That of the kept report where it stands for the same days, else one that does, else the days themselves.
  private func usual(_ kept: KeptQuestion?) -> String {
    let days = state.period.days
    if case .ready(let form)? = kept, case .moving(let period) = form.days, period.days(on: state.today) == days {
      return period.text
    }
    return RelativePeriod.offered.first { $0.days(on: state.today) == days }?.text ?? ""
  }

  /// What a form asks.
  /// - Throws: `Problem.invalid` for a form that no page of ours has.
  static func read(_ form: Form, today: CivilDay) throws(Problem) -> (state: ReportState, question: KeptQuestion) {
    var asked: [String: String] = [:]
    for field in ReportState.fields where form.has(field) { asked[field] = form[field] }
    let state = try ReportState(form["ready"], asked, today: today)
    let period = form["period"].isEmpty ? nil : RelativePeriod(form["period"])
    guard form["period"].isEmpty || period != nil else { throw ConsoleDesk.brokenForm }
    return (state, .ready(state.form(period)))
  }
}
