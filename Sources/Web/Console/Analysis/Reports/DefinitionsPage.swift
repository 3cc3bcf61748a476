import Access
import Conditions
import Insight
import Kernel

/// What the words of reports mean, with a form for the numbers among them and the versions so far.
struct DefinitionsPage {
  static let path = PivotState.path + "/definitions"
  static let noDay = Problem(
    .invalid, "invalid_input", "say the day from which the definitions hold",
    issues: [Issue(pointer: "/startsOn", code: "not_a_day", message: "a day is expected")])

  let versions: [DefinitionVersion]
  let readyMade: DefinitionVersion
  /// In force today.
  let now: DefinitionVersion
  let today: CivilDay
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var newest: DefinitionVersion { versions.first ?? readyMade }

  /// What was typed, as it is stored.
  static func json(_ form: Form) -> JSON {
    func number(_ name: String) -> JSON { Int64(form[name]).map(JSON.int) ?? (form[name].isEmpty ? .null : .string(form[name])) }
    let segments = form["segmentsLeftOut"].split { $0.isWhitespace || $0 == "," }.map { JSON.string(String($0)) }
    let kinds = MemberKind.allCases.filter { form.has("kind-\($0.rawValue)") }.map { JSON.string($0.rawValue) }
    return .object([
      "activeDays": number("activeDays"), "lostAfter": number("lostAfter"), "newDays": number("newDays"),
      "redemptionDays": number("redemptionDays"), "sessionMinutes": number("sessionMinutes"),
      "visitorDays": number("visitorDays"), "attributionDays": number("attributionDays"), "kindsLeftOut": .array(kinds),
      "segmentsLeftOut": .array(segments),
    ])
  }

  var page: Page {
    Page(
      title: reader("Определения", "Definitions"),
      notes: [
        reader(
          "Отчёт берёт новейшую версию, которая началась к последнему дню его периода, и печатает её под собой",
          "A report uses the newest version that has begun by the last day of its period, and prints it under itself"),
        reader(
          "год назад – те же дни 364 днями раньше, суббота с субботой; где отчёт идёт целыми месяцами – те же месяцы",
          "a year ago: the same days 364 days earlier, a Saturday with a Saturday; where a report goes by whole months, the same months"
        ),
      ],
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path), (reader("Отчёты", "Reports"), ReportState.path)],
      body: """
        <div class="page-body two-one"><div class="stack">\(terms)\(visit.may(.changeProgramme) ? form : .nothing)</div><div class="stack">\(history)</div></div>
        """)
  }

  private func title(_ version: DefinitionVersion) -> String {
    version.version == 0
      ? reader("Версия 0", "Version 0")
      : reader(
        "Версия \(version.version), с \(reader.date(version.startsOn))",
        "Version \(version.version), from \(reader.date(version.startsOn))")
  }

  private var terms: Markup {
    let rows = DefinitionTerm.allCases.map { term -> Markup in
      "<div><dt>\(reader(term.title))</dt><dd>\(reader(term.text(now.definitions)))</dd></div>"
    }
    return """
      <section class="panel" aria-labelledby="h-now"><header class="panel-head"><h2 id="h-now">\(reader("Сегодня", "Today"))</h2>\
      <span class="muted">\(title(now))</span></header><div class="panel-body"><dl class="report-terms">\(rows)</dl></div></section>
      """
  }

  private var form: Markup {
    let faults = FormFaults(
      refusal,
      fields: [
        "activeDays", "lostAfter", "newDays", "redemptionDays", "sessionMinutes", "visitorDays", "attributionDays", "startsOn",
      ], reader)
    let sent = visit.form
    let known = newest.definitions
    func days(_ name: String, _ label: String, _ value: Int, _ unit: String? = nil) -> Markup {
      Field(
        name: name, label: label, value: refusal == nil ? "\(value)" : sent[name], type: "number", fault: faults[name], limit: 4,
        unit: unit ?? reader("дн.", "days")
      ).html
    }
    let ticks = MemberKind.allCases.map { kind in
      Tick(
        name: "kind-\(kind.rawValue)", label: reader(kind.plural),
        isOn: refusal == nil ? known.kindsLeftOut.contains(kind) : sent.has("kind-\(kind.rawValue)"))
    }
    return """
      <section class="panel" aria-labelledby="h-new"><header class="panel-head"><h2 id="h-new">\(reader("Новая версия", "A new version"))</h2></header>\
      <div class="panel-body"><form class="form" method="post" action="\(Self.path)">\(visit.key)\
      <input type="hidden" name="version" value="\(String(newest.version))">\(faults.notice)\
      \(days("activeDays", reader("Активный: покупал в последние", "Active: bought in the last"), known.activeDays))\
      \(days("lostAfter", reader("Потерянный: не покупал", "Lost: has not bought for"), known.lostAfter))\
      \(days("newDays", reader("Новый в жизненном цикле: первые", "New in the life cycle: the first"), known.newDays))\
      \(days("redemptionDays", reader("Списание бонусов считается за", "Redemption is counted over"), known.redemptionDays))\
      \(days("sessionMinutes", reader("Сессия кончается через", "A session ends after"), known.sessionMinutes, reader("мин. тишины", "min of silence")))\
      \(days("visitorDays", reader("До входа на сайт событиями участника считаются последние", "Before a sign-in, events count for the member over the last"), known.visitorDays))\
      \(days("attributionDays", reader("Покупку относим к сессии не раньше чем за", "A purchase is put down to a session of at most the last"), known.attributionDays))\
      \(TickGroup(label: reader("Кого не учитывать", "Who is left out"), ticks: ticks, hint: reader("Их чеки не входят ни в отчёты, ни в сводные, ни в эффект, если не попросить учесть всех", "Their receipts are in no report, pivot or effect that does not ask for everybody")).html)\
      \(Field(name: "segmentsLeftOut", label: reader("И сегменты, коды через запятую", "And segments, codes with commas between"), value: refusal == nil ? known.segmentsLeftOut.joined(separator: ", ") : sent["segmentsLeftOut"], isRequired: false).html)\
      \(Field(name: "startsOn", label: reader("Действует с", "In force from"), value: refusal == nil ? "\(today)" : sent["startsOn"], type: "date", hint: reader("для периодов, которые кончаются в этот день или позже", "for periods that end on this day or later"), fault: faults["startsOn"], limit: 10).html)\
      <div class="row"><button class="button primary">\(reader("Сохранить версию \(newest.version + 1)", "Save version \(newest.version + 1)"))</button></div></form></div></section>
      """
  }

  private var history: Markup {
    let rows = (versions + [readyMade]).map { version -> Markup in
      let numbers = version.definitions
      let says = reader(
        "активный \(numbers.activeDays), потерянный \(numbers.lostAfter), новый \(numbers.newDays), списание \(numbers.redemptionDays) дн., сессия \(numbers.sessionMinutes) мин., до входа \(numbers.visitorDays), источник покупки \(numbers.attributionDays) дн.",
        "active \(numbers.activeDays), lost \(numbers.lostAfter), new \(numbers.newDays), redemption \(numbers.redemptionDays) days, session \(numbers.sessionMinutes) min, before a sign-in \(numbers.visitorDays), a purchase's source \(numbers.attributionDays) days"
      )
      let left = reader(DefinitionTerm.leftOut.title) + ": " + reader(DefinitionTerm.leftOut.text(numbers))
      let who =
        version.madeAt.map { at in "\(reader.moment(at)), \(version.actor)" }
        ?? reader("пришла с программой", "came with the program")
      return "<li><b>\(title(version))</b><span>\(says)</span><span>\(left)</span><span class=\"muted\">\(who)</span></li>"
    }
    return """
      <section class="panel" aria-labelledby="h-all"><header class="panel-head"><h2 id="h-all">\(reader("История", "History"))</h2></header>\
      <ul class="report-versions">\(rows)</ul></section>
      """
  }
}
