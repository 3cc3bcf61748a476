import Kernel
import Storage

/// The kept answers of one account's tills.
public struct TillAnswers: Sendable {
  /// How long they are kept.
  public static var life: Span { .days(7) }

  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Keeps answers, at most `Limits.bulk` at a time. They are a help for people and no facts: whoever writes them may lose a second's
  /// worth in a crash.
  public func keep(_ answers: [TillAnswer], in tx: inout Transaction) throws {
    try tx.insert(answers.map { TillAnswerSQL.values($0, account) }, into: TillAnswersSchema.tillAnswer, TillAnswerSQL.inserted)
  }

  /// Answers of one store in a span of time, latest first. Walks back over the store's latest, at most a week of them, and passes over
  /// what does not fit.
  public func find(_ query: TillAnswerQuery, limit: Int, in tx: inout Transaction) throws -> [TillAnswer] {
    try tx.rows(TillAnswerSQL.find(account, query, min(max(1, limit), Limits.page))).map(TillAnswerSQL.answer)
  }

  /// What was answered to requests of this name, latest first: tills and other systems name their requests themselves, so that a name
  /// may come more than once. One indexed statement.
  /// - Parameters:
  ///   - store: only of this store's tills; nil: of all, and what other systems were refused.
  ///   - before: go on behind this one.
  public func find(
    request: String, of store: StoreID? = nil, before: TillAnswerID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [TillAnswer] {
    try tx.rows(TillAnswerSQL.find(account, request: request, in: store, before: before, min(max(1, limit), Limits.page)))
      .map(TillAnswerSQL.answer)
  }

  /// Forgets what is older than the moment, some at a time.
  /// - Returns: how many.
  public static func forget(before moment: Instant, limit: Int = Limits.bulk, in tx: inout Transaction) throws -> Int {
    try tx.run(TillAnswerSQL.forget(before: moment, limit, tx.dialect))
  }
}
