import Access
import Kernel
import Storage

/// Every statement about kept answers.
enum TillAnswerSQL {
  static let inserted = [
    "id", "owner_id", "account_id", "register", "at", "call", "status", "code", "member_id", "basket", "request", "answer",
    "request_id",
  ]

  static func values(_ answer: TillAnswer, _ account: AccountID) -> [Value] {
    [
      answer.id.value, answer.store.value, account.value, answer.register.value, answer.at.value, answer.call.value,
      answer.status.value, answer.code.value, answer.member.value, answer.basket.value, answer.request.value,
      answer.answer.value, answer.requestID.value,
    ]
  }

  static func find(_ account: AccountID, _ query: TillAnswerQuery, _ limit: Int) -> SQL {
    // Ids are never behind the clock, but a node whose clock was set back goes on from where its ids were: above there is no bound.
    let first: TillAnswerID = firstID(at: query.from)
    let last = query.before ?? TillAnswerID(Int64.max)
    return """
      select id, owner_id, register, at, call, status, code, member_id, basket, request, answer, request_id from till_answer
      where account_id = \(account) and owner_id = \(query.store) and id >= \(first) and id < \(last)
        and at >= \(query.from) and at <= \(query.to) and (\(query.register ?? "") = '' or register = \(query.register ?? ""))
        and status >= \(query.refusalsOnly ? 400 : 0)
      order by id desc limit \(limit)
      """
  }

  /// - Parameter store: nil for any, and for what came from no till.
  static func find(_ account: AccountID, request: String, in store: StoreID?, before: TillAnswerID?, _ limit: Int) -> SQL {
    """
    select id, owner_id, register, at, call, status, code, member_id, basket, request, answer, request_id from till_answer
    where account_id = \(account) and request_id = \(request) and (\(store ?? StoreID(0)) = 0 or owner_id = \(store ?? StoreID(0)))
      and id < \(before ?? TillAnswerID(Int64.max))
    order by id desc limit \(limit)
    """
  }

  static func lastByRegister(_ account: AccountID, _ store: StoreID, since moment: Instant) -> SQL {
    let first: TillAnswerID = firstID(at: moment)
    return """
      select register, max(at) from till_answer where account_id = \(account) and owner_id = \(store) and id >= \(first) group by register
      """
  }

  /// For each till, and each span of time, an answer from it, or null. Ids are made in the order of time; a till that asks often is found
  /// at the first rows from the span's end. A till that is only turned away, since its token has ended or lacks a scope, serves nobody: it
  /// is as good as silent. - Precondition: neither is empty.
  static func heard(_ account: AccountID, _ tills: [TillPlace], _ spans: [Range<Instant>]) -> SQL {
    let some = padded(tills)
    let own = 2 + 2 * spans.count
    let rows = some.indices.map { "(cast($\(own + 2 * $0) as bigint), cast($\(own + 2 * $0 + 1) as text))" }.joined(separator: ", ")
    let answers = spans.indices.map { place in
      """
      (select a.id from till_answer a where a.account_id = $1 and a.owner_id = p.store and a.register = p.register
        and a.id >= $\(2 + 2 * place) and a.id < $\(3 + 2 * place) and a.code not in ('unauthenticated', 'scope_missing') order by a.id desc limit 1)
      """
    }.joined(separator: ", ")
    let bounds = spans.flatMap {
      [(firstID(at: $0.lowerBound) as TillAnswerID).value, (firstID(at: $0.upperBound) as TillAnswerID).value]
    }
    return SQL(
      prepared: "with place (store, register) as (values \(rows)) select p.store, p.register, \(answers) from place p",
      [account.value] + bounds + some.flatMap { [$0.store.value, $0.register.value] })
  }

  /// On SQLite the id alone is the key, and its planner (3.40) finds nothing where a pair that ends with it is sought in a list.
  static func forget(before moment: Instant, _ limit: Int, _ dialect: Dialect) -> SQL {
    switch dialect {
    case .sqlite:
      // Unscoped: what is old goes whoever's it was.
      "delete from till_answer where id in (select id from till_answer where at < \(moment) order by at limit \(limit))"
    case .postgres:
      // Unscoped: the same.
      """
      delete from till_answer where (owner_id, id) in
        (select owner_id, id from till_answer where at < \(moment) order by at limit \(limit))
      """
    }
  }

  static func answer(_ row: Row) throws -> TillAnswer {
    TillAnswer(
      id: row.id(0), store: row.id(1), register: row.text(2), at: row.instant(3), call: row.text(4), status: Int(row.int(5)),
      code: row.text(6), member: row.idOrNil(7), basket: row.textOrNil(8), request: row.text(9), answer: row.text(10),
      requestID: row.text(11))
  }

  /// The least id that could have been made at the moment.
  private static func firstID(at moment: Instant) -> TillAnswerID { TillAnswerID(least: moment) }
}
