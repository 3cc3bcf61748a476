import Kernel
import Storage

/// The checkpoints of an account's work of one kind, by key.
public struct Checkpoints: Sendable {
  let account: AccountID
  /// A word for the kind of work, for example `import`.
  let work: String

  public init(of account: AccountID, for work: String) {
    self.account = account
    self.work = work
  }

  /// Nil where the work was never begun.
  public func find(_ key: String, in tx: inout Transaction) throws -> Checkpoint? {
    guard let row = try tx.row(CheckpointSQL.find(account, work, key)) else { return nil }
    return Checkpoint(
      step: row.int(0), state: try storedJSON(row.text(1), in: "checkpoint.state"), isDone: row.bool(2), at: row.instant(3))
  }

  /// Notes how far the work is, in the transaction that brought it there.
  /// - Parameter previous: the step the work went on from; nil for its first.
  /// - Throws: `Problem.conflict` (`work_runs_twice`) where somebody else moved it meanwhile.
  public func reach(
    _ state: JSON, isDone: Bool, key: String, after previous: Int64?, at now: Instant, in tx: inout Transaction
  ) throws -> Int64 {
    let step = (previous ?? 0) + 1
    let written = try tx.run(CheckpointSQL.reach(account, work, key, step: step, state.compact, isDone, now))
    guard written == 1 else {
      throw Problem(.conflict, "work_runs_twice", "this \(work) is being done by another process too; let one of them finish")
    }
    return step
  }
}
