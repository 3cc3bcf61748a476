import Access
import Kernel
import Loyalty
import Storage

// For whoever looks after tills.
extension TillDesk {
  /// `GET /till/v1/answers?store=…`: last answers and refusals of a store, latest first; `?request=…`: those of one request.
  func listAnswers(_ call: Call) async throws -> Answer {
    let (floor, till) = try await askByQuery(call)
    let issues = IssueList()
    let limit = call.query["limit"].map { Int($0) ?? 0 } ?? 50
    if !(1...Limits.page).contains(limit) { issues.add("?limit", "out_of_range", "a number from 1 to \(Limits.page) is expected") }
    let before = call.query["before"].flatMap { TillAnswerID($0) }
    if call.query["before"] != nil, before == nil {
      issues.add("?before", "not_an_id", "what the last page named is expected here")
    }
    let store = till?.store ?? call.query["store"].flatMap { floor.store($0) }
    let account = floor.programme.account
    let found: [TillAnswer]
    if let request = call.query["request"] {
      try refuse(beside: call, store, issues)
      found = try await database.read { tx in
        try TillAnswers(of: account).find(request: request, of: store?.id, before: before, limit: limit, in: &tx)
      }
    } else {
      var query = try self.query(call, of: store, issues)
      query.before = before
      let asked = query
      found = try await database.read { tx in try TillAnswers(of: account).find(asked, limit: limit, in: &tx) }
    }
    return Answer(
      200,
      .object([
        "answers": .array(try found.map { try json($0, floor) }),
        "next": found.count == limit ? found.last.map { .string("\($0.id)") } : nil,
      ]))
  }

  /// What a request's name leaves nothing to say to.
  private func refuse(beside call: Call, _ store: Store?, _ issues: IssueList) throws(Problem) {
    if !(1...64).contains(call.query["request"]?.utf8.count ?? 0) {
      issues.add("?request", "out_of_range", "a request's id has 1 to 64 bytes")
    }
    if call.query["store"] != nil, store == nil { issues.add("?store", "unknown_store", "the account has no such store") }
    for name in ["register", "from", "to", "refused"] where call.query[name] != nil {
      issues.add("?" + name, "not_together", "a request is found by its id alone; leave this out")
    }
    try issues.check("the query")
  }

  private func query(_ call: Call, of store: Store?, _ issues: IssueList) throws(Problem) -> TillAnswerQuery {
    let to = instant(call.query["to"], "?to", issues) ?? call.at
    let from = instant(call.query["from"], "?from", issues) ?? to - .days(1)
    if let word = call.query["refused"], word != "true", word != "false" {
      issues.add("?refused", "not_a_boolean", "true or false is expected here")
    }
    if store == nil { issues.add("?store", "unknown_store", "the code of a store of this account is required, or `request`") }
    try issues.check("the query")
    return TillAnswerQuery(
      store: store?.id ?? TillAnswer.noStore, register: call.query["register"], from: from, to: to,
      refusalsOnly: call.query["refused"] == "true")
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
      "register": answer.isOfSystem ? nil : .string(answer.register), "system": answer.isOfSystem ? .string(answer.register) : nil,
      "call": .string(answer.call), "status": .int(Int64(answer.status)),
      "code": answer.code.isEmpty ? nil : .string(answer.code), "member": answer.member.map { .string("\($0)") },
      "basket": answer.basket.map(JSON.string), "requestId": .string(answer.requestID),
      "request": try JSON.parse(answer.request), "answer": answer.answer.isEmpty ? nil : try JSON.parse(answer.answer),
    ])
  }
}
