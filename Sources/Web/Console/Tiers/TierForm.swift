import Access
import Calculator
import Customers
import Kernel
import Loyalty

/// What was typed: tiers, and the ladder that names them.
struct TierDraft: Sendable {
  let tiers: [TierDetails]
  /// Nil: no rules.
  let ladder: Ladder?
  let json: JSON?
}

/// Tiers and their rules as a form.
struct TierForm {
  /// Rows for new tiers.
  private static let spare = 2

  let view: TierView
  let form: Form
  let visit: Visit
  var refusal: Problem?
  var trial: LadderTrial?
  /// The form was sent to see who would move.
  var isLookedAt = false

  var reader: Reader { visit.reader }
  private var words: TierWords { TierWords(reader: reader) }
  var rows: Int { min(Limits.tiers, view.tiers.count + Self.spare) }

  static func form(of view: TierView, _ reader: Reader) -> Form {
    var values = [
      "version": String(view.programme.version), "measure": "spend", "period": "year", "later": "1", "months": "12", "grace": "0",
      "descent": Ladder.Descent.oneStep.rawValue,
    ]
    for (place, tier) in view.tiers.enumerated() {
      let details = tier.details
      values["code-\(place)"] = details.code
      values["ru-\(place)"] = details.name.ru
      values["en-\(place)"] = details.name.en
      values["rank-\(place)"] = String(details.rank)
      values["privileges-\(place)"] = details.privileges.map { "\($0.code) | \($0.name.ru) | \($0.name.en)" }.joined(
        separator: "\n")
      if let rung = view.rung(of: details), let ladder = view.ladder {
        values["from-\(place)"] = typed(rung.from, ladder.measure, reader)
      }
    }
    if let ladder = view.ladder {
      values["measure"] = ladder.measure.rawValue
      values["grace"] = String(ladder.graceDays)
      values["descent"] = ladder.descent.rawValue
      values["since"] = ladder.since?.description ?? ""
      switch ladder.period {
      case .rolling(let months): values.merge(["period": "rolling", "months": String(months)]) { $1 }
      case .calendar(let period, let later): values.merge(["period": period.rawValue, "later": String(later)]) { $1 }
      case .anniversary(let later): values.merge(["period": "anniversary", "later": String(later)]) { $1 }
      }
    }
    return Form(values)
  }

  private static func typed(_ value: Int64, _ measure: Ladder.Measure, _ reader: Reader) -> String {
    switch measure {
    case .spend: reader.amount(Money(minor: value))
    case .points: reader.points(Points(units: value))
    case .visits: String(value)
    }
  }

  // MARK: reading

  /// - Throws: `Problem.invalid` with the field of each fault.
  func draft() throws(Problem) -> TierDraft {
    let issues = IssueList()
    var (tiers, rungs) = ([TierDetails](), [(place: Int, rank: Int, json: JSON)]())
    let measure = Ladder.Measure(rawValue: form["measure"]) ?? .spend
    for place in 0..<rows where !form["code-\(place)"].isEmpty || !form["ru-\(place)"].isEmpty || !form["en-\(place)"].isEmpty {
      let tier = tier(at: place, issues)
      tiers.append(tier)
      if !form["from-\(place)"].isEmpty {
        rungs.append((place, tier.rank, .object(["tier": .string(tier.code), "from": plain(form["from-\(place)"], measure)])))
      }
    }
    rungs.sort { $0.rank < $1.rank }
    let json = rungs.isEmpty ? nil : ladder(measure, rungs.map(\.json))
    let read = IssueList()
    let ladder = json.flatMap { Ladder(JSONNode($0, issues: read), view.programme.settings.terms) }
    for issue in read.issues { issues.add("/" + Self.field(issue.pointer, rungs.map(\.place)), issue.code, issue.message) }
    try issues.check("tiers and their rules")
    return TierDraft(tiers: tiers, ladder: ladder, json: json)
  }

  private func tier(at place: Int, _ issues: IssueList) -> TierDetails {
    let known = view.tiers.indices.contains(place) ? view.tiers[place].details : nil
    let (ru, en) = (form["ru-\(place)"], form["en-\(place)"])
    let rank = Int(form["rank-\(place)"])
    if rank == nil { issues.add("/rank-\(place)", "not_a_number", "a place from 0 to \(TierDetails.highest) is expected") }
    let tier = TierDetails(
      code: known?.code ?? form["code-\(place)"], name: LocalText(ru: ru.isEmpty ? en : ru, en: en.isEmpty ? ru : en),
      rank: rank ?? 0, privileges: privileges(at: place, issues))
    let own = IssueList()
    tier.check(at: "", own)
    if !isCode(tier.code) { issues.add("/code-\(place)", "missing", "a code is required") }
    for issue in own.issues {
      let steps = issue.pointer.split(separator: "/").map(String.init)
      let field = steps.first == "name" ? steps.last ?? "ru" : steps.first ?? "code"
      issues.add("/\(field)-\(place)", issue.code, issue.message)
    }
    return tier
  }

  /// A line each: code, name in Russian, name in English.
  private func privileges(at place: Int, _ issues: IssueList) -> [Privilege] {
    form["privileges-\(place)"].split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }.compactMap { line in
      let parts = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmed }
      guard parts.count == 2 || parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else {
        issues.add(
          "/privileges-\(place)", "not_a_privilege", "each line is a code, a name in Russian and one in English, with | between")
        return nil
      }
      return Privilege(code: parts[0], name: LocalText(ru: parts[1], en: parts.count == 3 ? parts[2] : parts[1]))
    }
  }

  private func plain(_ typed: String, _ measure: Ladder.Measure) -> JSON {
    let digits = typed.filter { !$0.isWhitespace }.replacing(",", with: ".")
    return measure == .visits ? Int64(digits).map(JSON.int) ?? .string(digits) : .string(digits)
  }

  private func whole(_ field: String) -> JSON {
    let digits = form[field].filter { !$0.isWhitespace }
    return digits.isEmpty ? 0 : Int64(digits).map(JSON.int) ?? .string(digits)
  }

  private func ladder(_ measure: Ladder.Measure, _ rungs: [JSON]) -> JSON {
    let period: JSON =
      switch form["period"] {
      case "rolling": .object(["rollingMonths": whole("months")])
      case "anniversary": .object(["anniversary": true, "later": whole("later")])
      default: .object(["calendar": .string(form["period"]), "later": whole("later")])
      }
    return .object([
      "measure": .string(measure.rawValue), "period": period, "graceDays": whole("grace"),
      "descent": form["descent"].isEmpty ? nil : .string(form["descent"]),
      "since": form["since"].isEmpty ? nil : .string(form["since"]), "rungs": .array(rungs),
    ])
  }

  /// The field that a place in the ladder's document is typed in.
  private static func field(_ pointer: String, _ places: [Int]) -> String {
    let steps = pointer.split(separator: "/").map(String.init)
    switch steps.first {
    case "rungs":
      guard steps.count > 1, let place = Int(steps[1]), places.indices.contains(place) else { return "measure" }
      return "from-\(places[place])"
    case "graceDays": return "grace"
    case "period": return steps.last == "rollingMonths" ? "months" : steps.last == "later" ? "later" : "period"
    case let known?: return known
    case nil: return "measure"
    }
  }

  // MARK: showing

  var page: Page {
    Page(
      title: reader("Уровни и правила", "Tiers and rules"), crumbs: [(reader("Уровни", "Tiers"), "/console/tiers")],
      body: """
        <form class="page-body" method="post" action="/console/tiers">\(visit.key)\
        <input type="hidden" name="version" value="\(form["version"])">\(faults.notice)\(moves)\(tiers)\(rules)\
        <div class="row wrap"><button class="button primary" name="act" value="save">\(reader("Сохранить", "Save"))</button>\
        <button class="button" name="act" value="look">\(Icon.flask.small)\(reader("Кто куда перейдёт", "Who would move"))</button>\
        <a class="button ghost" href="/console/tiers">\(reader("Отмена", "Cancel"))</a></div></form>
        """)
  }

  private var faults: FormFaults { FormFaults(refusal, reader) }

  private func field(
    _ name: String, _ ru: String, _ en: String, hint: String? = nil, limit: Int = Limits.name, unit: String? = nil,
    type: String = "text"
  ) -> Markup {
    Field(
      name: name, label: reader(ru, en), value: form[name], type: type, hint: hint, fault: faults[name], limit: limit,
      isRequired: false,
      unit: unit
    ).html
  }

  private var tiers: Markup {
    let all = (0..<rows).map { place -> Markup in
      let isKnown = view.tiers.indices.contains(place)
      let title = isKnown ? reader(view.tiers[place].details.name) : reader("Новый уровень", "A new tier")
      let code: Markup =
        isKnown
        ? "<input type=\"hidden\" name=\"code-\(place)\" value=\"\(view.tiers[place].details.code)\">"
        : field(
          "code-\(place)", "Код", "Code", hint: reader("его называют правила и кассы", "rules and tills name it"),
          limit: Limits.code)
      let rights = TextBox(
        name: "privileges-\(place)", label: reader("Привилегии", "Privileges"), value: form["privileges-\(place)"],
        hint: reader(
          "по одной в строке: код | по-русски | in English", "one on each line: code | name in Russian | name in English"),
        fault: faults["privileges-\(place)"], lines: 2, limit: 4_000)
      let isOpen: Markup = form["privileges-\(place)"].isEmpty ? "" : " open"
      return """
        <fieldset class="panel"><legend class="sr">\(title)</legend><header class="panel-head"><h2>\(title)</h2></header>\
        <div class="panel-body stack"><div class="fields">\(code)\(field("ru-\(place)", "По-русски", "In Russian"))\(field("en-\(place)", "По-английски", "In English"))</div>\
        <div class="fields narrow">\(field("from-\(place)", "Порог", "From", hint: reader("пусто: даёт только человек", "empty: given by hand only"), limit: 20))\
        \(field("rank-\(place)", "Место", "Place", hint: reader("чем больше, тем выше", "the more, the higher"), limit: 4))</div>\
        <details class="fold within"\(isOpen)><summary>\(Icon.right.usual)\(reader("Привилегии", "Privileges"))</summary>\
        <div class="stack pad-s wide">\(rights.html)</div></details></div></fieldset>
        """
    }
    return Markup(all)
  }

  private var rules: Markup {
    let measure = Choice(
      name: "measure", label: reader("Что считается", "What counts"),
      options: Ladder.Measure.allCases.map { ($0.rawValue, words.measure($0)) }, chosen: form["measure"], fault: faults["measure"])
    let period = Choice(
      name: "period", label: reader("За какое время", "Over which time"),
      options: [
        ("year", reader("календарный год", "a calendar year")), ("quarter", reader("календарный квартал", "a calendar quarter")),
        ("month", reader("календарный месяц", "a calendar month")),
        ("rolling", reader("последние месяцы, день в день", "the last months, to the day")),
        ("anniversary", reader("год со дня вступления", "a year from the day of joining")),
      ], chosen: form["period"], fault: faults["period"])
    let descent = Choice(
      name: "descent", label: reader("Вниз", "Down"),
      options: [
        (Ladder.Descent.oneStep.rawValue, reader("на одну ступень за раз", "one step at a time")),
        (Ladder.Descent.atOnce.rawValue, reader("сразу на заслуженную", "at once to what is earned")),
      ], chosen: form["descent"], fault: faults["descent"])
    let days = reader("дней", "days")
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Как растут и опускаются", "How members rise and fall"))</h2></header>\
      <div class="panel-body stack"><div class="fields">\(measure.html)\(period.html)\(descent.html)</div>\
      <div class="fields narrow">\(field("months", "Сколько месяцев", "How many months", hint: reader("для последних месяцев", "for the last months"), limit: 2))\
      \(field("later", "Держится ещё периодов", "Holds for more periods", hint: reader("для периодов календаря и года вступления: 0–3", "for periods of the calendar and of joining: 0–3"), limit: 1))\
      \(field("grace", "Отсрочка", "Grace", hint: reader("прежде чем опустить", "before a step down"), limit: 3, unit: days))\
      \(field("since", "Считать с", "Count from", hint: reader("пусто: все покупки", "empty: all purchases"), limit: 10, type: "date"))</div></div></section>
      """
  }
}
