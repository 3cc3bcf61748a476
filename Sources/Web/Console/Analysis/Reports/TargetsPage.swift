import Insight
import Kernel

/// What a month is to come to, figure by figure.
struct TargetsPage {
  static let path = PivotState.path + "/targets"

  let targets: Targets
  /// Its first day.
  let month: CivilDay
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }

  /// `2026-11`; this month where nothing is said.
  /// - Throws: `Problem.invalid`.
  static func month(_ text: String, today: CivilDay) throws(Problem) -> CivilDay {
    guard !text.isEmpty else { return today.firstOfMonth }
    guard let day = CivilDay("\(text)-01") else {
      throw Problem(
        .invalid, "invalid_input", "a month is such as 2026-11",
        cashier: LocalText(ru: "Месяц пишется как 2026-11", en: "A month is written like 2026-11"))
    }
    return day
  }

  private static func digits(_ measure: KeyMeasure, _ reader: Reader) -> Int {
    switch measure.unit {
    case .money: reader.currency.digits
    case .percent: 4
    case .quantity: 3
    default: 0
    }
  }

  /// What was typed; nil for a field that is empty.
  /// - Throws: `Problem.invalid` with every field to mend.
  static func amounts(_ form: Form, _ reader: Reader) throws(Problem) -> [KeyMeasure: Int64?] {
    let typed = KeyMeasure.allCases.map { measure -> JSON.Member in
      let text = String(form[measure.rawValue].filter { !$0.isWhitespace }.map { $0 == "," ? "." : $0 })
      return .init(measure.rawValue, text.isEmpty ? .null : .string(text))
    }
    let node = JSONNode(.object(typed))
    var amounts: [KeyMeasure: Int64?] = [:]
    for measure in KeyMeasure.allCases {
      let field = node[measure.rawValue]
      let isGiven = !form[measure.rawValue].isEmpty
      amounts[measure] = .some(isGiven ? field.decimal(digits: digits(measure, reader), min: 1) : nil)
    }
    try node.issues.check("the targets")
    return amounts
  }

  var page: Page {
    let before = month.adding(days: -1).firstOfMonth
    let next = month.end(of: .month).adding(days: 1)
    func link(_ day: CivilDay) -> Markup {
      let mark: Markup = day == month ? " aria-current=\"true\"" : ""
      return "<a href=\"\(Self.path)?month=\(String("\(day)".prefix(7)))\"\(mark)>\(reader.month(day))</a>"
    }
    return Page(
      title: reader("План", "Targets"),
      notes: [
        reader(
          "Отчёт «Показатели и план» показывает отклонение; за часть месяца план делится по дням",
          "The report of key figures shows the difference; part of a month has its part of the target, by days")
      ],
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path), (reader("Отчёты", "Reports"), ReportState.path)],
      body: """
        <div class="page-body"><div class="segmented wraps" role="group" aria-label="\(reader("Месяц", "Month"))">\([before, month, next].map(link))</div>\(form)</div>
        """)
  }

  private var form: Markup {
    let faults = FormFaults(refusal, fields: Set(KeyMeasure.allCases.map(\.rawValue)), reader)
    let may = visit.may(.changeProgramme)
    let fields = KeyMeasure.allCases.map { measure -> Markup in
      let digits = Self.digits(measure, reader)
      let known = targets[month, measure].map { trimmed(Decimal.text($0, digits: digits)) } ?? ""
      let unit: String? =
        switch measure.unit {
        case .money: reader.sign
        case .percent: "%"
        default: nil
        }
      return Field(
        name: measure.rawValue, label: reader(measure.title), value: refusal == nil ? known : visit.form[measure.rawValue],
        fault: faults[measure.rawValue], limit: 20, isRequired: false, unit: unit
      ).html
    }
    let button: Markup? =
      may ? "<div class=\"row\"><button class=\"button primary\">\(reader("Сохранить", "Save"))</button></div>" : nil
    return """
      <section class="panel" aria-labelledby="h-t"><header class="panel-head"><h2 id="h-t">\(reader.month(month))</h2></header><div class="panel-body">\
      <form class="form wide" method="post" action="\(Self.path)">\(visit.key)<input type="hidden" name="month" value="\(String("\(month)".prefix(7)))">\
      \(faults.notice)<div class="target-fields">\(fields)</div>\(button)</form></div></section>
      """
  }

  /// 12.50 stays, 12.00 is 12.
  private func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var digits = Substring(text)
    while digits.last == "0" { digits.removeLast() }
    if digits.last == "." { digits.removeLast() }
    return String(digits)
  }
}
