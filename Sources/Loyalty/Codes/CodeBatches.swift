import Access
import Jobs
import Kernel
import Storage

/// Batches of one programme's codes: ordered at once, made by a job, five thousand codes in a transaction.
struct CodeBatches<Kind: CodeKind>: Sendable {
  /// Codes written in one transaction: a tenth of a second.
  static var step: Int64 { 5_000 }

  let account: AccountID
  let programme: ProgrammeID

  /// Orders so many codes of a series. Sent again under the same key, it orders nothing more.
  /// - Throws: as `CodesToMake.check`; `Problem.conflict` (`request_key_reused`).
  func order(
    _ count: Int64, of series: ID<Kind.Series>, _ codes: CodesToMake, label: String, key: String, by change: Change,
    in tx: inout Transaction
  ) throws -> CodeBatch<Kind> {
    try codes.check(count, Kind.series, Kind.noun)
    let batch = CodeBatch<Kind>(
      id: change.id(), series: series, label: String(label.prefix(Limits.name)), asked: count, made: 0, madeAt: change.at,
      actor: change.actor.description)
    let put = try JobQueue().put(
      Kind.issuing, .object(["batch": .string("\(batch.id)"), "programme": .string("\(programme)")]), of: account,
      key: "batch \(programme) \(key)", by: change.actor.description, ids: change.ids, at: change.at, in: &tx)
    guard put != nil else {
      // Ordered before: the latest of this label says how far it is.
      let earlier = try all(of: series, limit: Limits.page, in: &tx).first { $0.label == batch.label && $0.asked == count }
      guard let earlier else {
        throw Problem(.conflict, "request_key_reused", "this key ordered another batch; take a new one")
      }
      return earlier
    }
    try tx.enqueue(CodeBatchSQL.insert(batch, account))
    let after: JSON = .object([
      "batch": .string("\(batch.id)"), "label": .string(batch.label), "codes": .int(count), "series": .string(codes.code),
    ])
    try AuditTrail(of: account).record([.did(Kind.series + ".ordered", series, after: after)], by: change, in: &tx)
    return batch
  }

  /// Latest first.
  func all(
    of series: ID<Kind.Series>, before: ID<Kind.Batch>? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [CodeBatch<Kind>] {
    let sql = CodeBatchSQL<Kind>.all(account, series, before: before ?? ID(.max), min(max(1, limit), Limits.page))
    return try tx.rows(sql).map(CodeBatchSQL<Kind>.batch)
  }

  /// - Throws: `Problem.notFound` (`batch_unknown`).
  func batch(_ id: ID<Kind.Batch>, lock: String = "", in tx: inout Transaction) throws -> CodeBatch<Kind> {
    guard let row = try tx.row(CodeBatchSQL<Kind>.one(account, id, lock)) else {
      throw Problem(.notFound, "batch_unknown", "there is no batch of \(Kind.noun) \(id)")
    }
    return CodeBatchSQL<Kind>.batch(row)
  }

  /// Makes the next codes of a batch. Two who do so at once do it one after the other.
  /// - Parameters:
  ///   - generator: strong enough that nobody foresees a code.
  ///   - write: writes these codes, folded and in their order, and says how many of them nobody had.
  /// - Returns: the batch as it is then; whole where nothing is left to do.
  func makeNext(
    of batch: CodeBatch<Kind>, _ pattern: CodePattern, using generator: inout some RandomNumberGenerator, in tx: inout Transaction,
    write: ([String], inout Transaction) throws -> Int
  ) throws -> CodeBatch<Kind> {
    guard !batch.isWhole else { return batch }
    var fresh: Set<String> = []
    let count = min(Self.step, batch.asked - batch.made)
    // Slice by slice and in the order in which the rows lie, so that neighbours share a page.
    let slices = (batch.asked + Self.step - 1) / Self.step
    let slice = CodePattern.Slice(place: min(batch.made / Self.step, slices - 1), of: slices)
    while fresh.count < count { fresh.insert(folded(pattern.code(in: slice, using: &generator))) }
    // A code that somebody has already is drawn again the next time.
    let made = Int64(try write(fresh.sorted(), &tx))
    try tx.run(CodeBatchSQL<Kind>.advance(account, batch.id, by: made))
    return batch.with(made: made)
  }
}
