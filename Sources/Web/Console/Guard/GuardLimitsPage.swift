import Access
import Calculator
import Conditions
import Kernel
import Loyalty

/// Limits as one form: a line for each, and three empty ones.
struct GuardLimitsPage {
  let programme: Programme
  let visit: Visit
  let refusal: Problem?
  /// The ready set is offered, and nothing of it is saved yet.
  var isTemplate = false

  private static let spare = 3
  private var reader: Reader { visit.reader }
  private var words: GuardWords { GuardWords(reader: reader, stores: [:]) }

  private var terms: GuardTerms {
    let scale = programme.settings.terms
    return isTemplate
      ? .template(point: scale.unitsPerPoint, money: (0..<scale.currency.digits).reduce(Int64(1)) { unit, _ in unit * 10 })
      : programme.settings.watch ?? GuardTerms()
  }

  /// What was typed, read as settings are; nil where no line is left: then nothing is watched.
  /// - Throws: `Problem.invalid`.
  static func terms(_ form: Form, _ programme: Programme) throws(Problem) -> GuardTerms? {
    var limits: [JSON] = []
    for line in 0..<Limits.guardLimits where !form["code-\(line)"].isEmpty {
      func amount(_ field: String) -> JSON? {
        let digits = String(form["\(field)-\(line)"].filter { !$0.isWhitespace }.map { $0 == "," ? "." : $0 })
        guard !digits.isEmpty else { return nil }
        let isCount = GuardMeasure(rawValue: form["measure-\(line)"])?.unit == .count
        return isCount ? Int64(digits).map(JSON.int) ?? .string(digits) : .string(digits)
      }
      let window = GuardWindow.all.first { GuardWords.word($0) == form["window-\(line)"] }
      limits.append(
        .object([
          "code": .string(form["code-\(line)"]), "subject": .string(form["subject-\(line)"]),
          "measure": .string(form["measure-\(line)"]), "days": window == nil ? .int(0) : window?.days.map { .int(Int64($0)) },
          "hours": window?.hours.map { .int(Int64($0)) },
          "soft": amount("soft"), "hard": amount("hard"), "isActive": .bool(form.has("active-\(line)")),
        ]))
    }
    guard !limits.isEmpty else { return nil }
    let left = MemberKind.allCases.filter { form.has("without-\($0.rawValue)") }
    let node = JSONNode(.object(["limits": .array(limits), "kindsLeftOut": .array(left.map { .string($0.rawValue) })]))
    let terms = GuardTerms(node, programme.settings.terms)
    try node.issues.check("the limits")
    return terms
  }

  var page: Page {
    let set: Markup =
      "<a class=\"button\" href=\"/console/guard/limits?template=1\">\(reader("Готовый набор", "The ready set"))</a>"
    let told = reader(
      "Мягкий порог сигналит, жёсткий останавливает: участнику, карте, кассиру или кассе до конца рабочего дня (у лимита по часам – пока эти часы не пройдут) не начисляются и не списываются баллы, сотруднику отказывают в начислении вручную. Продажа идёт всегда.",
      "A soft threshold alerts, a hard one stops: a member, card, cashier or till earns and spends no points until the business day is over, or the hours of the limit are; a staff member may give no more by hand. A sale always goes on."
    )
    return Page(
      title: reader("Лимиты", "Limits"), actions: visit.may(.changeProgramme) ? set : .nothing,
      crumbs: [(reader("Охрана", "Guard"), "/console/guard")],
      body: """
        <div class="page-body">\(notice)\(Notice.info(told))<form class="form" method="post" action="/console/guard/limits">\(visit.key)\
        <input type="hidden" name="version" value="\(String(programme.version))">\(table)\(kinds)\(buttons)</form></div>
        """)
  }

  private var notice: Markup? {
    if let refusal {
      let detail = refusal.issues.first.map { issue in
        let parts = issue.pointer.split(separator: "/").map(String.init)
        let line = parts.count > 1 ? (Int(parts[1]) ?? 0) + 1 : 1
        return reader("строка \(line): ", "line \(line): ") + IssueWords.sentence(issue, reader)
      }
      return Notice.warning(detail ?? reader.sentence(refusal))
    }
    return isTemplate
      ? Notice.warning(
        reader("Это предложение: поправьте пороги и сохраните.", "This is a proposal: change the thresholds and save it.")) : nil
  }

  private var table: Markup {
    let limits = terms.limits
    let count = min(Limits.guardLimits, max(limits.count, refusal == nil ? 0 : lines) + Self.spare)
    let rows = (0..<count).map { line in row(line, limits.indices.contains(line) ? limits[line] : nil) }
    return """
      <section class="panel" aria-label="\(reader("Лимиты", "Limits"))">\(Markup(rows))</section>
      """
  }

  /// Lines that were sent.
  private var lines: Int { (0..<Limits.guardLimits).last { !visit.form["code-\($0)"].isEmpty }.map { $0 + 1 } ?? 0 }

  private func row(_ line: Int, _ limit: GuardLimit?) -> Markup {
    let form = AmountForm(programme.settings.terms)
    func amount(_ value: Int64?) -> String {
      guard let value, let limit else { return "" }
      return limit.measure.json(value, form).text ?? String(value)
    }
    func value(_ name: String, _ stored: String) -> String { refusal == nil ? stored : visit.form["\(name)-\(line)"] }
    func field(_ name: String, _ label: String, _ stored: String, limit: Int) -> Markup {
      Field(name: "\(name)-\(line)", label: label, value: value(name, stored), limit: limit, isRequired: false).html
    }
    func choice(_ name: String, _ label: String, _ options: [(String, String)], _ stored: String) -> Markup {
      Choice(
        name: "\(name)-\(line)", label: label, options: options.map { ($0.0, $0.1) }, chosen: value(name, stored)
      ).html
    }
    let isOn = refusal == nil ? limit?.isActive ?? true : visit.form.has("active-\(line)")
    let subjects = GuardSubject.allCases.map { ($0.word, words.name($0)) }
    let measures = GuardMeasure.allCases.map { ($0.rawValue, words.name($0)) }
    let windows = GuardWindow.all.map { (GuardWords.word($0), words.window($0)) }
    return """
      <fieldset class="limit-line"><legend class="sr">\(reader("Лимит \(line + 1)", "Limit \(line + 1)"))</legend>\
      \(field("code", reader("Код", "Code"), limit?.code ?? "", limit: Limits.code))\
      \(choice("subject", reader("Кто", "Who"), subjects, limit?.subject.word ?? ""))\
      \(choice("measure", reader("Что считаем", "What is counted"), measures, limit?.measure.rawValue ?? ""))\
      \(choice("window", reader("За время", "In"), windows, GuardWords.word(limit?.window ?? .days(1))))\
      \(field("soft", reader("Мягкий порог", "Soft threshold"), amount(limit?.soft), limit: 16))\
      \(field("hard", reader("Жёсткий порог", "Hard threshold"), amount(limit?.hard), limit: 16))\
      \(Tick(name: "active-\(line)", label: reader("Включён", "On"), isOn: isOn).html)</fieldset>
      """
  }

  private var kinds: Markup {
    let left = terms.kindsLeftOut
    let ticks = MemberKind.allCases.map { kind in
      Tick(
        name: "without-\(kind.rawValue)", label: KindWords.member(kind, reader),
        isOn: refusal == nil ? left.contains(kind) : visit.form.has("without-\(kind.rawValue)"))
    }
    return TickGroup(label: reader("Чьи покупки не считать", "Whose purchases are left out"), ticks: ticks).html
  }

  private var buttons: Markup? {
    guard visit.may(.changeProgramme) else { return nil }
    let hint = reader("Строка без кода не сохраняется.", "A line without a code is not saved.")
    return """
      <p class="hint">\(hint)</p><div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="/console/guard">\(reader("Отмена", "Cancel"))</a></div>
      """
  }
}
