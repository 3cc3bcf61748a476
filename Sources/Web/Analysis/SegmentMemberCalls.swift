import Access
import Calculator
import Conditions
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import Tables

// Who is in a segment: our ids and nothing about the persons, unless the token has a scope for that too.
extension AnalysisDesk {
  /// `GET /v1/segments/{key}/members`: as tills know it now, page by page as JSON, whole as CSV or XLSX. Who takes it away is written down.
  func listMembers(_ call: Call) async throws -> Answer {
    let (kind, programme) = (try AnswerKind(call), try await programme(call))
    var after: MemberID?
    if let text = call.query["after"] {
      guard let id = MemberID(text) else { throw Self.badQuery("after", "the `next` of the page before is expected here") }
      after = id
    }
    let limit = try Self.limit(call.query["limit"], most: Limits.segmentMemberPage)
    let withFields = try withFields(call)
    switch kind {
    case .json:
      let found = try await page(limit, after, programme, call)
      return Self.page(found.segment, found.members, limit, withFields ? programme.members : nil, database)
    case .file(let format):
      let summary = try await noted(.object(["whole": .bool(true)]), programme, call)
      return Answer(file(of: summary, withFields ? programme.members : nil, programme, call), as: format)
    }
  }

  private func withFields(_ call: Call) throws(Problem) -> Bool {
    switch call.query["with"] {
    case nil: return false
    case "attributes"?:
      guard mayAlso(.profiles, call) else {
        throw Problem(
          .forbidden, "scope_missing", "attributes of members are for tokens with the scope profiles",
          cashier: LocalText(
            ru: "Анкеты этому токену не видны: нужна область profiles",
            en: "This token does not see members' fields: it needs the scope profiles"))
      }
      return true
    case .some: throw Self.badQuery("with", "with is attributes, or left out")
    }
  }

  /// Reads a page in the transaction that writes down who took it.
  private func page(
    _ limit: Int, _ after: MemberID?, _ programme: Programme, _ call: Call
  ) async throws -> (segment: String, members: [MemberID]) {
    let (segments, change) = (Segments(of: programme.account), change(call))
    return try await database.write(.bulk) { tx in
      let summary = try Self.segment(call, programme, in: &tx)
      var all: [MemberID] = []
      while all.count < limit {
        let wanted = min(Limits.bulk, limit - all.count)
        let some = try segments.members(of: summary.id, after: all.last ?? after, limit: wanted, in: &tx)
        all += some
        if some.count < wanted { break }
      }
      let note: JSON = .object(["members": .int(Int64(all.count)), "after": after.map { .string("\($0)") }])
      try AuditTrail(of: programme.account).record([.did("segment.exported", summary.id, after: note)], by: change, in: &tx)
      return (summary.segment.details.code, all)
    }
  }

  private func noted(_ after: JSON, _ programme: Programme, _ call: Call) async throws -> SegmentSummary {
    let change = change(call)
    return try await database.write(.bulk) { tx in
      let summary = try Self.segment(call, programme, in: &tx)
      try AuditTrail(of: programme.account).record([.did("segment.exported", summary.id, after: after)], by: change, in: &tx)
      return summary
    }
  }

  /// Written piece by piece, so that a long page needs no long text in memory.
  /// - Parameter members: what reads their fields; nil for ids alone.
  private static func page(
    _ segment: String, _ all: [MemberID], _ limit: Int, _ members: Members?, _ database: any Database
  ) -> Answer {
    var answer = Answer(200, [], type: "application/json")
    answer.stream = { out in
      try await out.write("{\"segment\":\(JSON.string(segment).compact),\"members\":[")
      for start in stride(from: 0, to: all.count, by: Limits.bulk) {
        let some = Array(all[start..<min(start + Limits.bulk, all.count)])
        let texts: [String]
        if let members {
          let known = try await database.read { tx in try members.members(some, in: &tx) }
          texts = some.map { id in
            JSON.object(["member": .string("\(id)"), "attributes": known[id]?.person?.attributes.json ?? .object([JSON.Member]())])
              .compact
          }
        } else {
          texts = some.map { JSON.object(["member": .string("\($0)")]).compact }
        }
        try await out.write((start == 0 ? "" : ",") + texts.joined(separator: ","))
      }
      let next = all.count == limit ? all.last.map { ",\"next\":\"\($0)\"" } : nil
      try await out.write("]\(next ?? "")}")
    }
    return answer
  }

  private func file(of summary: SegmentSummary, _ members: Members?, _ programme: Programme, _ call: Call) -> TableFile {
    let (details, language) = (summary.segment.details, call.reportLanguage)
    let segments = Segments(of: programme.account)
    var columns = [TableFile.Column("member", LocalText(ru: "Участник", en: "Member")[language], .text)]
    if members != nil { columns.append(.init("attributes", LocalText(ru: "Поля", en: "Fields")[language], .text)) }
    let (name, heads) = ("segment-\(details.code)", columns)
    return TableFile(name, title: details.name[language], columns: heads, zone: programme.settings.points.zone) { [database] take in
      var last: MemberID?
      while true {
        let after = last
        let (page, known) = try await database.read { tx in
          let page = try segments.members(of: summary.id, after: after, limit: Limits.bulk, in: &tx)
          return (page, try members?.members(page, in: &tx))
        }
        try await take(
          page.map { id in
            [.text("\(id)")] + (known.map { [.text($0[id]?.person?.attributes.json.compact ?? "{}")] } ?? [])
          })
        guard page.count == Limits.bulk, let end = page.last else { return }
        last = end
      }
    }
  }

  // MARK: why

  /// `GET /v1/segments/{key}/members/{id}`: in or out, and why.
  func explainMember(_ call: Call) async throws -> Answer {
    let (token, programme) = (try token(call), try await programme(call))
    guard let id = call.path["id"].flatMap({ MemberID($0) }) else { throw Self.unknownMember(call.path["id"] ?? "") }
    let segments = Segments(of: programme.account)
    let (summary, since, choice) = try await database.read { tx in
      let summary = try Self.segment(call, programme, in: &tx)
      guard try programme.members.members([id], in: &tx)[id] != nil else { throw Self.unknownMember("\(id)") }
      let isIn = try segments.listed([id], in: summary.segment.details.code, in: &tx).contains(id)
      let since = isIn ? try segments.segments(of: id, in: &tx).first { $0.segment.id == summary.id }?.since : nil
      return (summary, (isIn: isIn, at: since), try segments.choices(for: [id], in: summary.id, in: &tx)[id])
    }
    var answer: [JSON.Member] = [
      .init("segment", .string(summary.segment.details.code)), .init("member", .string("\(id)")),
      .init("isIn", .bool(since.isIn)),
    ]
    if let at = since.at { answer.append(.init("since", .string(at.text))) }
    if let choice { answer.append(.init("choice", .string(choice == .included ? "included" : "excluded"))) }
    guard let rule = summary.rule else { return Answer(200, .object(answer)) }
    if let field = try await hiddenField(in: rule.condition, programme, call) {
      return Answer(200, .object(answer + [.init("withheld", .string(field))]))
    }
    let known = answer
    return try await gate.pass(token) {
      Answer(200, .object(known + (try await why(rule, id, programme, call))))
    }
  }

  private func why(_ rule: SegmentRule, _ id: MemberID, _ programme: Programme, _ call: Call) async throws -> [JSON.Member] {
    var form = SegmentForm(names: try await names(programme), terms: programme.settings.terms)
    let condition = try form.condition(rule.condition)
    let keeper = await cubes.keeper(of: programme)
    guard let stand = try await keeper.stand(at: call.at),
      let reason = try await keeper.explain(condition, for: id, of: programme, at: call.at)
    else { throw Self.noColumns }
    let told = SegmentReasonForm(form: form, amounts: AmountForm(programme.settings.terms))
    return [.init("reason", told.json(reason)), .init("asOf", stand.json)]
  }

  static func unknownMember(_ id: String) -> Problem {
    Problem(
      .notFound, "member_unknown", "the programme has no member \(id)",
      cashier: LocalText(ru: "Такого участника нет", en: "There is no such member"))
  }
}

/// Why somebody holds a condition, for programs: the tree of the condition, and what decided each part.
private struct SegmentReasonForm {
  let form: SegmentForm
  let amounts: AmountForm

  func json(_ reason: SegmentReason) -> JSON {
    .object([
      "holds": .bool(reason.holds), "condition": reason.parts.isEmpty ? form.json(reason.condition) : nil,
      "joined": reason.parts.isEmpty ? nil : .string(Self.word(reason.condition)), "amount": amount(reason).map(JSON.string),
      "marks": reason.marks.map(JSON.string),
      "receipts": reason.receipts.isEmpty
        ? nil : .array(reason.receipts.map { .object(["receipt": .string("\($0.id)"), "day": .string("\($0.day)")]) }),
      "events": reason.events.isEmpty
        ? nil : .array(reason.events.map { .object(["event": .string($0.kind.code), "at": .string($0.at.text)]) }),
      "parts": reason.parts.isEmpty ? nil : .array(reason.parts.map(json)),
    ])
  }

  private static func word(_ condition: SegmentCondition) -> String {
    if case .any = condition { return "any" }
    if case .none = condition { return "none" }
    return "all"
  }

  /// In the unit of its question.
  private func amount(_ reason: SegmentReason) -> String? {
    guard let amount = reason.amount else { return nil }
    if case .points = reason.condition { return amounts.text(Points(units: amount)) }
    guard case .bought(_, let of, _) = reason.condition else { return "\(amount)" }
    switch of {
    case .money, .averageReceipt: return amounts.text(Money(minor: amount))
    case .units: return Decimal.text(amount, digits: 3)
    case .receipts, .visits, .products: return "\(amount)"
    }
  }
}
