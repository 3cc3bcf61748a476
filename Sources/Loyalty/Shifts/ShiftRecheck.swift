import Kernel
import Storage

/// What looking again at shifts that did not tie came to.
public struct Rechecked: Hashable, Sendable {
  public internal(set) var looked = 0
  /// Tie by now.
  public internal(set) var tied = 0

  public init(looked: Int = 0, tied: Int = 0) {
    self.looked = looked
    self.tied = tied
  }
}

extension Shifts {
  /// How many days back closings are looked at again: tills that had no network are back by then.
  public static var recheckDays: Int { 7 }

  /// Compares closings that did not tie with what has arrived since, each in a transaction of its own; those that were looked at longest
  /// ago come first, so that a job that is cut short goes on where it stopped. Sent again it does no harm.
  /// - Parameters:
  ///   - limit: closings in one run, at most `Limits.bulk`.
  ///   - stop: what it throws ends the run between two closings.
  /// - Throws: `StorageFailure`; what was compared before is kept.
  @discardableResult
  public func recheck(
    limit: Int = Limits.page, at now: Instant, on database: some Database, stop: @Sendable () throws -> Void = {}
  ) async throws -> Rechecked {
    let since = Zone.utc.civil(at: now).day.adding(days: -Self.recheckDays)
    let some = min(max(1, limit), Limits.bulk)
    let waiting = try await database.read { [account, programme] tx in
      try tx.rows(ShiftSQL.untied(account, programme, since: since, before: now, some)).map {
        ($0.id(0) as ShiftClosingID, $0.int(1))
      }
    }
    var done = Rechecked()
    for (id, owner) in waiting {
      try stop()
      let ties = try await database.write(.bulk) { tx in try recheck(id, of: owner, at: now, in: &tx).ties }
      done.looked += 1
      if ties { done.tied += 1 }
    }
    return done
  }

  private func recheck(_ id: ShiftClosingID, of owner: Int64, at now: Instant, in tx: inout Transaction) throws -> ShiftAnswer {
    let stored = try stored(id, of: owner, in: &tx)
    let answer = ShiftAnswer(stored.closing, try receipts(of: stored.closing, in: &tx), id: id, at: now)
    try tx.run(ShiftSQL.check(account, owner, answer))
    return answer
  }
}
