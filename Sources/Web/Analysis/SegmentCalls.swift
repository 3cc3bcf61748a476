import Access
import Calculator
import Cube
import Customers
import Insight
import Kernel
import Loyalty
import Storage

// Segments: which there are, and how many hold a condition.
extension AnalysisDesk {
  /// `GET /v1/segments`: the latest first, page by page.
  func listSegments(_ call: Call) async throws -> Answer {
    let (programme, query) = (try await programme(call), call.query)
    var before: SegmentID?
    if let text = query["before"] {
      guard let id = SegmentID(text) else { throw Self.badQuery("before", "the `next` of the page before is expected here") }
      before = id
    }
    let limit = try Self.limit(query["limit"], most: Limits.segmentPage)
    let segments = Segments(of: programme.account)
    let isArchive = query["archived"] == "true"
    guard isArchive || ["false", nil].contains(query["archived"]) else {
      throw Self.badQuery("archived", "archived is true or false")
    }
    let (since, last) = (today(programme, call).adding(days: -92), before)
    let answer = try await database.read { tx -> JSON in
      let all = try segments.shelf(archived: isArchive, before: last, limit: limit, in: &tx)
      let sizes = try segments.sizes(of: all.map(\.id), since: since, in: &tx)
      let shown = all.filter { Self.isOf(programme, $0) }
      return .object([
        "segments": .array(
          try shown.map { summary in
            let size = try sizes[summary.id]?.last?.members ?? segments.size(of: summary.id, in: &tx)
            return Self.json(summary, size)
          }),
        "next": all.count == limit ? all.last.map { .string("\($0.id)") } : nil,
      ])
    }
    return Answer(200, answer)
  }

  /// Segments of other programmes of the account are not there for this token; lists are the account's.
  static func isOf(_ programme: Programme, _ summary: SegmentSummary) -> Bool {
    summary.rule.map { $0.programme == programme.id } ?? true
  }

  private static func json(_ summary: SegmentSummary, _ size: Int) -> JSON {
    let details = summary.segment.details
    return .object([
      "segment": .string(details.code), "name": details.name.json, "kind": .string(details.kind.rawValue),
      "members": .int(Int64(size)), "countedAt": (summary.rule?.counted?.at).map { .string($0.text) },
      "condition": summary.rule?.condition, "archivedAt": summary.archivedAt.map { .string($0.text) },
    ])
  }

  /// The segment that the path names, with what computes it.
  /// - Throws: `Problem.notFound` (`segment_unknown`).
  static func segment(_ call: Call, _ programme: Programme, in tx: inout Transaction) throws -> SegmentSummary {
    let (code, segments) = (call.path["key"] ?? "", Segments(of: programme.account))
    guard let known = try segments.segments(codes: [code], in: &tx)[code] else { throw unknownSegment(code) }
    let summary = try segments.summary(known.id, in: &tx)
    guard isOf(programme, summary) else { throw unknownSegment(code) }
    return summary
  }

  static func unknownSegment(_ code: String) -> Problem {
    Problem(
      .notFound, "segment_unknown", "there is no segment \"\(code)\"; GET /v1/segments lists those there are",
      cashier: LocalText(ru: "Такого сегмента нет", en: "There is no such segment"))
  }

  static func badQuery(_ word: String, _ message: String) -> Problem {
    Problem(
      .invalid, "invalid_input", "the address cannot be read: \(message)",
      issues: [Issue(pointer: "?" + word, code: "out_of_range", message: message)])
  }

  static func limit(_ text: String?, most: Int) throws(Problem) -> Int {
    guard let text else { return most }
    guard let limit = Int(text), (1...most).contains(limit) else { throw badQuery("limit", "limit is 1 to \(most)") }
    return limit
  }

  // MARK: conditions

  /// What conditions are read and written with: the names that tills have, or those of the database before the first rule book.
  func names(_ programme: Programme) async throws -> AccountNames {
    do { return try await floors.floor(of: programme.id, account: programme.account).names } catch let problem as Problem
      where problem.code == "rules_missing"
    {
      return try await database.read { tx in
        try AccountNames(of: programme, catalogue: CatalogueIndex(of: programme.account).refreshed(in: &tx), in: &tx)
      }
    }
  }

  /// The field that a condition asks of and the token may not see; nil where there is none.
  func hiddenField(in condition: JSON, _ programme: Programme, _ call: Call) async throws -> String? {
    let named = Self.fieldsNamed(in: condition)
    guard !named.isEmpty, !mayAlso(.profiles, call) else { return nil }
    let known = try await fields(programme)
    return named.sorted().first { known[$0].map { !sees($0, call) } ?? false }
  }

  private static func fieldsNamed(in json: JSON) -> Set<String> {
    switch json {
    case .array(let items): items.reduce(into: []) { $0.formUnion(fieldsNamed(in: $1)) }
    case .object(let members):
      members.reduce(into: []) { found, member in
        if member.key == "memberAttribute", case .string(let name)? = member.value["name"] { found.insert(name) }
        found.formUnion(fieldsNamed(in: member.value))
      }
    case .null, .bool, .int, .number, .string: []
    }
  }

  /// `POST /v1/segments/count`: how many hold a condition, what each part takes away, and what they buy.
  func countSegment(_ call: Call) async throws -> Answer {
    let (token, programme) = (try token(call), try await programme(call))
    let json = try JSON.parse(call.body)
    let names = try await names(programme)
    var form = SegmentForm(names: names, terms: programme.settings.terms)
    let condition = try form.condition(json)
    if let field = try await hiddenField(in: json, programme, call) { throw Self.hidden(field) }
    var day: CivilDay?
    if let text = call.query["on"] {
      guard let known = CivilDay(text) else { throw Self.badQuery("on", "a day is such as 2026-11-01") }
      day = known
    }
    let asked = day
    return try await gate.pass(token) {
      let keeper = await cubes.keeper(of: programme)
      guard let stand = try await keeper.stand(at: call.at),
        let figures = try await keeper.count(condition, of: programme, on: asked, at: call.at)
      else { throw Self.noColumns }
      let notes = try await keeper.notes(for: Pivot.nothing(upTo: figures.day), of: programme, at: call.at)
      let terms = programme.settings.terms
      let counted = SegmentCounted(
        figures: figures, condition: condition, form: SegmentForm(names: names, terms: terms), amounts: AmountForm(terms))
      return Answer(
        200, counted.json.with([.init("definitions", .int(notes.version.version)), .init("asOf", stand.json)]))
    }
  }
}

/// What a condition comes to, for programs.
private struct SegmentCounted {
  let figures: SegmentFigures
  let condition: SegmentCondition
  let form: SegmentForm
  let amounts: AmountForm

  /// In percent with four digits; nil of nothing.
  private func share(_ part: Int64, _ whole: Int64) -> JSON? {
    whole <= 0 ? nil : .string(Decimal.text(scaled(part, by: 1_000_000, over: whole, .halfUp), digits: 4))
  }

  private var parts: [JSON] {
    condition.parts.enumerated().map { place, part in
      .object([
        "condition": form.json(part), "through": .int(figures.through[place]), "alone": .int(figures.alone[place]),
      ])
    }
  }

  private var reach: JSON {
    let channels = SegmentReach.Channel.allCases.map { channel in
      JSON.Member(channel.rawValue, .int(figures.reach.by[channel] ?? 0))
    }
    return .object([JSON.Member("any", .int(figures.reach.anyhow))] + channels)
  }

  var json: JSON {
    let (own, all) = (figures.own, figures.all)
    let average = own.receipts > 0 ? amounts.json(Money(minor: divided(own.money, by: own.receipts, .halfUp))) : nil
    return .object([
      "members": .int(figures.members), "everybody": .int(figures.everybody), "share": share(figures.members, figures.everybody),
      "conditions": .array(parts), "active": .int(own.active), "receipts": .int(own.receipts),
      "sales": amounts.json(Money(minor: own.money)), "salesShare": share(own.money, all.money), "averageReceipt": average,
      "reach": reach, "membersLeftOut": .int(figures.leftOut), "day": .string("\(figures.day)"),
    ])
  }
}

extension Pivot {
  /// A question about nothing: what it stands for is its day, of which the definitions are wanted.
  fileprivate static func nothing(upTo day: CivilDay) -> Pivot {
    var pivot = Pivot(rows: [], values: [])
    (pivot.first, pivot.last) = (day, day)
    return pivot
  }
}
