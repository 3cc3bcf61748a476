import Access
import Calculator
import Cube
import Insight
import Kernel
import Loyalty
import Storage
import Tables

// Ready reports, as the console and `regulars report` have them.
extension AnalysisDesk {
  /// `GET /v1/reports`: which there are, and what each can be asked.
  func listReports(_ call: Call) async throws -> Answer {
    _ = try await programme(call)
    let reports = ReportName.allCases.map { name -> JSON in
      .object([
        "report": .string(name.rawValue), "title": name.title.json, "question": name.question.json,
        "usualDays": .int(Int64(name.usualDays)), "compares": .bool(name.compares),
        "filters": .array(name.filters.map { .string($0.rawValue) }),
      ])
    }
    return Answer(200, .object(["reports": .array(reports)]))
  }

  /// `GET /v1/reports/{key}`: one of them, whole as JSON, a table of it as CSV or XLSX.
  func report(_ call: Call) async throws -> Answer {
    let (kind, token, programme) = (try AnswerKind(call), try token(call), try await programme(call))
    let query = try ReportQuery(call, today: today(programme, call))
    try await check(
      query.filters.enumerated().map { ("?where/\($0)/by", $1.dimension) }, programme, call)
    return try await gate.pass(token) {
      let keeper = await cubes.keeper(of: programme)
      guard let stand = try await keeper.stand(at: call.at),
        let cube = try await keeper.cube(
          knowing: Set(query.filters.map(\.dimension)), of: programme, at: call.at, over: query.period.days)
      else { throw Self.noColumns }
      let desk = ReportDesk(of: programme, cube, keeper, on: database)
      let whole = try await Self.placing(query.filters, at: "?where") {
        try await desk.report(query.name, query.period, between: query.segments, where: query.filters, at: call.at)
      }
      let sheet = mayAlso(.margins, call) ? whole : whole.withoutMargins
      return try answer(sheet, stand, query.part, kind, programme, call.reportLanguage)
    }
  }

  private func answer(
    _ sheet: ReportSheet, _ stand: CubeStand, _ part: String?, _ kind: AnswerKind, _ programme: Programme,
    _ language: ReportLanguage
  ) throws(Problem) -> Answer {
    let amounts = AmountForm(programme.settings.terms)
    guard let shown = sheet.part(named: part) else {
      let known = sheet.parts.map(\.code).joined(separator: ", ")
      throw Problem(
        .invalid, "unknown_part", "the report \(sheet.name.rawValue) has no table \"\(part ?? "")\"; it has \(known)",
        cashier: LocalText(ru: "Такой таблицы в отчёте нет. Есть \(known)", en: "The report has no such table. It has \(known)"),
        issues: [Issue(pointer: "?part", code: "unknown_word", message: "known are \(known)")])
    }
    switch kind {
    case .json:
      let parts = part == nil ? sheet.parts : [shown]
      try Self.check(parts.reduce(0) { $0 + $1.rows.count * $1.columns.count }, kind)
      return Answer(200, sheet.only(parts).json(amounts, language).with([.init("asOf", stand.json)]))
    case .file(let format):
      let file = try ReportTable(sheet, shown, amounts, language).file(
        sign: programme.settings.terms.currency.code, zone: programme.settings.points.zone)
      var answer = Answer(file, as: format)
      answer.headers += stand.headers(sheet.definitions.version)
      return answer
    }
  }
}

/// A report as its address asks for it.
struct ReportQuery: Sendable {
  let name: ReportName
  let period: ReportPeriod
  let filters: [Pivot.Filter]
  let segments: SegmentPair?
  /// One of its tables; nil: all of them, and of a file the first.
  let part: String?

  private static let known = ["from", "to", "period", "where", "segment", "against", "part"]

  /// - Throws: `Problem.notFound` (`unknown_report`), `Problem.invalid` with every place to mend.
  init(_ call: Call, today: CivilDay) throws(Problem) {
    let (query, issues) = (call.query, IssueList())
    let name = try ReportName(named: call.path["key"] ?? "")
    for word in query.keys.sorted() where !Self.known.contains(word) {
      issues.add("?\(word)", "unknown_member", "there is no \"\(word)\" here; known are \(Self.known.joined(separator: ", "))")
    }
    let days = Self.days(query, name, today, issues)
    if (query["segment"] == nil) != (query["against"] == nil) {
      issues.add("?segment", "one_of", "segment and against go together")
    }
    try issues.check("the address")
    let filters = try query["where"].map(Self.filters) ?? []
    try name.check(filters)
    (self.name, self.filters, period) = (name, filters, ReportPeriod(days))
    if let one = query["segment"], let other = query["against"] {
      segments = try SegmentPair(one, against: other)
    } else {
      segments = nil
    }
    part = query["part"]
  }

  private static func days(
    _ query: [String: String], _ name: ReportName, _ today: CivilDay, _ issues: IssueList
  ) -> ClosedRange<CivilDay> {
    let usual = today.adding(days: -name.usualDays)...today.adding(days: -1)
    if let word = query["period"] {
      if query["from"] != nil || query["to"] != nil { issues.add("?period", "one_of", "say either a period or days from and to") }
      guard let days = RelativePeriod(word)?.days(on: today) else {
        issues.add("?period", "unknown_period", "a period is such as last-7-days, month-to-date or last-month")
        return usual
      }
      return days
    }
    func day(_ word: String, _ usual: CivilDay) -> CivilDay {
      guard let text = query[word] else { return usual }
      if let day = CivilDay(text) { return day }
      issues.add("?\(word)", "not_a_day", "a day is such as 2026-11-01")
      return usual
    }
    let last = day("to", usual.upperBound)
    let first = day("from", last.adding(days: 1 - name.usualDays))
    guard first <= last else {
      issues.add("?to", "before_first", "the last day is before the first")
      return usual
    }
    return first...last
  }

  private static func filters(_ text: String) throws(Problem) -> [Pivot.Filter] {
    do { return try PivotForm.filters(JSON.parse(text)) } catch let problem as Problem { throw problem } catch {
      throw Problem(
        .invalid, "invalid_input", "where is JSON as a pivot has it, such as [{\"by\":\"city\",\"in\":[\"Kazan\"]}]: \(error)",
        cashier: LocalText(
          ru: "Фильтр where – это JSON, как в сводной", en: "The filter where is JSON, as a pivot has it"),
        issues: [Issue(pointer: "?where", code: "not_json", message: "this is no JSON")])
    }
  }
}

extension ReportSheet {
  /// Nil for one that it does not have; without a name the first.
  fileprivate func part(named name: String?) -> Part? {
    guard let name else { return parts.first }
    return parts.first { $0.code == name }
  }

  fileprivate func only(_ parts: [Part]) -> ReportSheet {
    var sheet = ReportSheet(name, period, parts, definitions, leftOut: leftOut)
    (sheet.warnings, sheet.remarks, sheet.filters) = (warnings, remarks, filters)
    return sheet
  }

  /// Without the line of the margin, which says that it is left out.
  fileprivate var withoutMargins: ReportSheet {
    guard name == .board else { return self }
    let margin = Cell.word(KeyMeasure.margin.title)
    let kept = parts.map { part -> Part in
      guard part.rows.contains(where: { $0.first == margin }) else { return part }
      var other = Part(part.code, part.title, part.columns, part.rows.filter { $0.first != margin })
      (other.note, other.totals, other.chart) = (part.note, part.totals, part.chart)
      return other
    }
    var sheet = only(kept)
    sheet.remarks.append(
      LocalText(
        ru: "Маржа не показана: у токена нет области margins.", en: "The margin is left out: the token lacks the scope margins."))
    return sheet
  }
}
