import Kernel
import Loyalty
import Storage

// For whoever looks after tills.
extension TillDesk {
  /// `GET /till/v1/answers?store=…`: last answers and refusals of a store, latest first.
  func listAnswers(_ call: Call) async throws -> Answer {
    let (floor, till) = try await askByQuery(call)
    let issues = IssueList()
    var query: TillAnswerQuery?
    if let store = till?.store ?? call.query["store"].flatMap({ floor.store($0) }) {
      let to = instant(call.query["to"], "?to", issues) ?? call.at
      query = TillAnswerQuery(
        store: store.id, register: call.query["register"], from: instant(call.query["from"], "?from", issues) ?? to - .days(1),
        to: to, refusalsOnly: call.query["refused"] == "true")
      if let before = call.query["before"] {
        query?.before = TillAnswerID(before)
        if query?.before == nil { issues.add("?before", "not_an_id", "what the last page named is expected here") }
      }
    } else {
      issues.add("?store", "unknown_store", "the code of a store of this account is required")
    }
    if let word = call.query["refused"], word != "true", word != "false" {
      issues.add("?refused", "not_a_boolean", "true or false is expected here")
    }
    let limit = call.query["limit"].map { Int($0) ?? 0 } ?? 50
    if !(1...Limits.page).contains(limit) { issues.add("?limit", "out_of_range", "a number from 1 to \(Limits.page) is expected") }
    try issues.check("the query")
    guard let query else { throw Problem(.invalid, "invalid_input", "the query names no store") }
    let account = floor.programme.account
    let found = try await database.read { tx in try TillAnswers(of: account).find(query, limit: limit, in: &tx) }
    return Answer(
      200,
      .object([
        "answers": .array(try found.map { try json($0, floor) }),
        "next": found.count == limit ? found.last.map { .string("\($0.id)") } : nil,
      ]))
  }

  private func instant(_ text: String?, _ pointer: String, _ issues: IssueList) -> Instant? {
    guard let text else { return nil }
    // A plus that was not escaped arrives as a space.
    if let instant = Instant(text) ?? Instant(text.map { $0 == " " ? "+" : String($0) }.joined()) { return instant }
    issues.add(pointer, "not_an_instant", "a time with its offset is expected here, for example 2026-11-21T09:30:00Z")
    return nil
  }

  private func json(_ answer: TillAnswer, _ floor: SalesFloor) throws -> JSON {
    .object([
      "id": .string("\(answer.id)"), "at": .string(answer.at.text), "store": floor.storeCode(answer.store).map(JSON.string),
      "register": .string(answer.register), "call": .string(answer.call), "status": .int(Int64(answer.status)),
      "code": answer.code.isEmpty ? nil : .string(answer.code), "member": answer.member.map { .string("\($0)") },
      "basket": answer.basket.map(JSON.string), "requestId": .string(answer.requestID),
      "request": try JSON.parse(answer.request), "answer": answer.answer.isEmpty ? nil : try JSON.parse(answer.answer),
    ])
  }
}
