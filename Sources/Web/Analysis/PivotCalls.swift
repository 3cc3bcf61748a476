import Access
import Calculator
import Cube
import Insight
import Kernel
import Loyalty
import Storage
import Tables

// Any figure by any field: the question that the console keeps in its address and `regulars pivot --file` reads.
extension AnalysisDesk {
  /// `POST /v1/pivot`: the answer as JSON, CSV or XLSX.
  func pivot(_ call: Call) async throws -> Answer {
    let (kind, token, programme) = (try AnswerKind(call), try token(call), try await programme(call))
    let form = try ReportForm(JSON.parse(call.body))
    let asked = try await FormulaBook(of: programme).settled(form.pivot(on: today(programme, call)), on: database)
    try await check(asked, programme, call)
    return try await gate.pass(token) {
      let found = try await find(asked, programme, call)
      try Self.check(found.cells, kind)
      return try found.answer(as: kind)
    }
  }

  /// - Throws: `Problem` for what there is not, what the token may not see, and days that cannot be compared.
  private func check(_ pivot: Pivot, _ programme: Programme, _ call: Call) async throws {
    var places: [(pointer: String, dimension: Dimension)] = []
    for (place, dimension) in pivot.rows.enumerated() { places.append(("/rows/\(place)", dimension)) }
    for (place, dimension) in pivot.columns.enumerated() { places.append(("/columns/\(place)", dimension)) }
    for (place, filter) in pivot.filters.enumerated() { places.append(("/where/\(place)/by", filter.dimension)) }
    try await check(places, programme, call)
    if !mayAlso(.margins, call), pivot.values.contains(where: \.tellsMargin) { throw Self.noMargins }
    if pivot.compare != nil, pivot.past == nil {
      throw Problem(
        .invalid, "not_comparable",
        "to compare, days have to be bounded by period or by from and to, and no row, column or filter may tell days apart",
        cashier: LocalText(
          ru: "Сравнить можно только ограниченный период, и без полей времени в строках, столбцах и фильтрах",
          en: "Only bounded days can be compared, with no field of time among rows, columns and filters"))
    }
  }

  /// Fields of members that a question names have to be there and to be seen.
  func check(_ places: [(pointer: String, dimension: Dimension)], _ programme: Programme, _ call: Call) async throws {
    guard places.contains(where: { $0.dimension.attribute != nil }) else { return }
    let (known, issues) = (try await fields(programme), IssueList())
    for (pointer, dimension) in places {
      guard let code = dimension.attribute else { continue }
      guard let field = known[code] else {
        issues.add(pointer, "unknown_dimension", "members have no field \"\(code)\"; GET /v1/dimensions lists those there are")
        continue
      }
      guard sees(field, call) else { throw Self.hidden(code) }
      guard let own = field.dimension else {
        issues.add(pointer, "unknown_dimension", "the field \"\(code)\" holds any text, number or day, so nothing is cut by it")
        continue
      }
      if own != dimension { issues.add(pointer, "unknown_dimension", "the field \"\(code)\" is called \(own.rawValue)") }
    }
    try issues.check("the question")
  }

  private func find(_ pivot: Pivot, _ programme: Programme, _ call: Call) async throws -> FoundPivot {
    let (keeper, language) = (await cubes.keeper(of: programme), call.reportLanguage)
    guard let stand = try await keeper.stand(at: call.at),
      let cube = try await keeper.cube(for: pivot, of: programme, at: call.at)
    else { throw Self.noColumns }
    let (table, before, walks) = try await Self.placing(pivot.filters, at: "/where") { try await cube.compared(pivot) }
    let names = try await keeper.names(of: table, language)
    var sheet = PivotSheet(
      table, before: before, names, AmountForm(programme.settings.terms), language, zone: programme.settings.points.zone)
    let notes = try await keeper.notes(for: pivot, of: programme, at: call.at)
    sheet.definitions = notes
    return FoundPivot(
      sheet: sheet, cells: table.rows.count * table.columns.count * pivot.values.count * (before == nil ? 1 : 3),
      stand: stand, definitions: notes.version.version, walks: walks, language: language,
      sign: programme.settings.terms.currency.code)
  }

  /// Refusals of filters at the places where they were asked.
  static func placing<R>(_ filters: [Pivot.Filter], at root: String, _ body: () async throws -> R) async throws -> R {
    do { return try await body() } catch let problem as Problem { throw problem.placed(filters, at: root) }
  }

  static func check(_ cells: Int, _ kind: AnswerKind) throws(Problem) {
    let most =
      switch kind {
      case .json: Limits.analysisCells
      case .file: Limits.analysisFileCells
      }
    guard cells > most else { return }
    throw Problem(
      .invalid, "too_many_cells",
      "the answer would have \(cells) cells, and \(most) are allowed in this form; ask for top rows, filter, or take a file as CSV",
      cashier: LocalText(
        ru: "В ответе было бы \(cells) ячеек, а можно \(most). Возьмите первые строки (top), отфильтруйте или запросите CSV",
        en: "The answer would have \(cells) cells of at most \(most). Take the top rows, filter, or ask for CSV"))
  }
}

/// An answered pivot, on its way out.
private struct FoundPivot: Sendable {
  let sheet: PivotSheet
  let cells: Int
  let stand: CubeStand
  let definitions: Int64
  let walks: [CubeWalkNote]
  let language: ReportLanguage
  let sign: String

  func answer(as kind: AnswerKind) throws(Problem) -> Answer {
    switch kind {
    case .json:
      var computed = [JSON.Member("by", .string(place))]
      if let why { computed.append(JSON.Member("because", .string(why))) }
      return Answer(200, sheet.json.with([.init("asOf", stand.json), .init("computed", .object(computed))]))
    case .file(let format):
      let file = try sheet.file(
        named: "pivot", title: LocalText(ru: "Сводная", en: "Pivot")[language], sign: sign)
      var answer = Answer(file, as: format)
      answer.headers += stand.headers(definitions) + [("Regulars-Computed-By", place)]
      return answer
    }
  }

  private var served: Int { walks.count { $0.place == .server } }

  /// Where its walks were done.
  private var place: String {
    if served == 0 { return "columns" }
    return served == walks.count ? "clickhouse" : "clickhouse, columns"
  }

  /// Why the column server was not asked, where there is one.
  private var why: String? {
    for walk in walks { if case .rollsInstead(let why) = walk.place { return why.description } }
    return nil
  }
}

extension CubeStand {
  /// What a file cannot say among its lines.
  func headers(_ definitions: Int64) -> [(name: String, value: String)] {
    [("Regulars-As-Of", at.text), ("Regulars-Definitions", "\(definitions)")]
  }
}

extension Measure {
  /// True for what goods cost, and for everything that follows from it.
  var tellsMargin: Bool {
    switch self {
    case .cost, .margin, .marginShare: true
    case .formula(let formula): formula.measures.contains(where: \.tellsMargin)
    case .sales, .discount, .reduced, .paidWithPoints, .pointsSpent, .pointsEarned, .pointsExpired, .units, .receipts, .visits,
      .members, .newMembers, .lines, .averageReceipt, .perMember, .unitsPerReceipt, .price, .visitsPerMember, .share,
      .discountShare, .visitInterval, .medianInterval:
      false
    }
  }
}
