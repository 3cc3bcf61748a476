import Kernel
import Storage

/// Work that comes round by itself: named, done by one instance at a time, in steps.
public struct Chore: Sendable {
  public let name: String
  public let every: Span
  /// One step of at most some seconds, its transactions a second each. It gets what the step before returned, nil first, and returns
  /// nil when the round is complete. A round that is stopped begins anew.
  let step: @Sendable (String?) async throws -> String?

  public init(_ name: String, every: Span, step: @escaping @Sendable (_ cursor: String?) async throws -> String?) {
    self.name = name
    self.every = every
    self.step = step
  }
}

/// A line of the board: how a piece of scheduled work went.
public struct ChoreState: Hashable, Sendable {
  public let name: String
  public let dueAt: Instant
  public let startedAt: Instant?
  public let endedAt: Instant?
  /// Of the last round.
  public let steps: Int
  /// `done`, or what went wrong, without anything personal.
  public let outcome: String?
  /// Rounds in a row that failed.
  public let failures: Int
}

/// The board of scheduled work.
public enum Chores {
  public static func board(in tx: inout Transaction) throws -> [ChoreState] { try tx.rows(ChoreSQL.board).map(ChoreSQL.state) }

  static func isDue(_ name: String, at now: Instant, in tx: inout Transaction) throws -> Bool {
    guard let row = try tx.row(ChoreSQL.due(name)) else { return true }
    return row.instant(0) <= now
  }

  /// Takes the round for this holder; nil where another has it or did it meanwhile.
  static func begin(_ name: String, as holder: String, at now: Instant, in tx: inout Transaction) throws -> Lease? {
    guard let lease = try keep(name, as: holder, at: now, in: &tx) else { return nil }
    guard try isDue(name, at: now, in: &tx) else {
      try release(name, as: holder, in: &tx)
      return nil
    }
    try tx.run(ChoreSQL.begin(name, now))
    return lease
  }

  /// Takes or renews the lease.
  static func keep(_ name: String, as holder: String, at now: Instant, in tx: inout Transaction) throws -> Lease? {
    try Leases.take("chore " + name, holder: holder, for: Limits.workLease, at: now, in: &tx)
  }

  static func release(_ name: String, as holder: String, in tx: inout Transaction) throws {
    try Leases.release("chore " + name, holder: holder, in: &tx)
  }

  /// Writes how the round went and gives the lease back. Changes nothing where the lease has passed to somebody else.
  static func end(
    _ name: String, under lease: Lease, as holder: String, steps: Int, outcome: String?, due: Instant, at now: Instant,
    in tx: inout Transaction
  ) throws {
    guard let mine = try keep(name, as: holder, at: now, in: &tx), mine.term == lease.term else { return }
    let isFailed = outcome != nil && outcome != "done"
    try tx.run(ChoreSQL.end(name, due, now, steps, outcome, isFailed))
    try release(name, as: holder, in: &tx)
  }
}
