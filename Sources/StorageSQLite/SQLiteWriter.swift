import GRDBSQLite
import Kernel
import Storage

/// The one thread that writes: it takes the closures that wait into one commit, which `SQLiteSyncs` then makes durable and answers.
///
/// A group runs without savepoints. When a closure throws after it has written, the group is undone and run again with a savepoint
/// around each closure; a closure that throws before it has written – most refusals do – needs no undoing at all.
final class SQLiteWriter {
  private let connection: SQLiteConnection
  private let queue: WorkQueue<any Call>
  private let checkpoints: SQLiteCheckpoints
  private let syncs: SQLiteSyncs
  private let tally: CommitTally

  /// Came while a group was under way.
  private var aside: SQLiteFileWork?

  /// A group ends after this long even when more is waiting.
  private static let groupTime = Duration.milliseconds(5)

  init(
    _ connection: SQLiteConnection, _ queue: WorkQueue<any Call>, _ checkpoints: SQLiteCheckpoints, _ syncs: SQLiteSyncs,
    _ tally: CommitTally
  ) {
    self.tally = tally
    self.connection = connection
    self.queue = queue
    self.checkpoints = checkpoints
    self.syncs = syncs
  }

  func run() {
    while let (first, urgency) = queue.take() {
      aside = nil
      if let work = first as? SQLiteFileWork {
        work.run(on: connection)
      } else {
        let group = commit(first, urgency)
        syncs.put(group.compactMap { $0.error == nil ? $0.call : nil })
        for (call, error) in group { if let error { call.answer(error) } }
        checkpoints.afterCommit(on: connection)
        aside?.run(on: connection)
      }
      queue.finished(urgency)
    }
  }

  /// More work for the group; work on the file itself waits for the group's end.
  private func more(_ urgency: Urgency) -> (any Call)? {
    let next = queue.more(urgency)
    aside = next as? SQLiteFileWork
    return aside == nil ? next : nil
  }

  private typealias Answer = (call: any Call, error: (any Error)?)

  private func commit(_ first: any Call, _ urgency: Urgency) -> [Answer] {
    if let failure = syncs.failure { return [(first, failure)] }
    do {
      try connection.control("begin immediate")
    } catch { return [(first, error)] }
    var group: [Answer] = []
    let end = ContinuousClock.now + Self.groupTime
    var next: (any Call)? = first
    var isGuarded = false
    while let call = next {
      do {
        try isGuarded ? runGuarded(call) : runOpen(call)
        group.append((call, nil))
      } catch let error as Undo {
        group.append((call, error.cause))
        isGuarded = true
        do { try replay(&group) } catch { return failAll(group, error) }
      } catch let failure as StorageFailure where !failure.concernsOneClosure {
        group.append((call, failure))
        return failAll(group, failure)
      } catch {
        group.append((call, error))
      }
      next = group.count < Limits.commitGroup && ContinuousClock.now < end ? more(urgency) : nil
    }
    return commit(group)
  }

  /// A closure without a savepoint threw after it had written.
  private struct Undo: Error { let cause: any Error }

  private func runOpen(_ call: any Call) throws {
    connection.beginClosure()
    do {
      var transaction = Transaction(connection)
      try call.run(&transaction)
      try connection.endClosure()
    } catch let failure as StorageFailure where !failure.concernsOneClosure {
      throw failure
    } catch {
      if connection.closureHasWritten { throw Undo(cause: error) }
      throw error
    }
  }

  private func runGuarded(_ call: any Call) throws {
    try connection.control("savepoint closure")
    connection.beginClosure()
    do {
      var transaction = Transaction(connection)
      try call.run(&transaction)
      try connection.endClosure()
    } catch {
      guard connection.isInTransaction else { throw error }
      try connection.control("rollback to closure")
      try connection.control("release closure")
      throw error
    }
    try connection.control("release closure")
  }

  /// Undoes everything and runs the group again, each closure behind a savepoint. Its errors are those of the second run.
  private func replay(_ group: inout [Answer]) throws {
    tally.repeated()
    try connection.control("rollback")
    try connection.control("begin immediate")
    for index in group.indices {
      do {
        try runGuarded(group[index].call)
        group[index].error = nil
      } catch let failure as StorageFailure where !failure.concernsOneClosure {
        throw failure
      } catch {
        group[index].error = error
      }
    }
  }

  /// The world broke before the commit: nothing of the group is there, and everyone hears why.
  private func failAll(_ group: [Answer], _ error: any Error) -> [Answer] {
    rollBack()
    return group.map { ($0.call, error) }
  }

  private func commit(_ group: [Answer]) -> [Answer] {
    do {
      try connection.control("commit")
      tally.committed(group.count)
      return group
    } catch StorageFailure.diskFull(let place) {
      // The commit record is the last thing written, so a full disk leaves nothing of the group.
      return failAll(group, StorageFailure.diskFull(place))
    } catch let failure as StorageFailure where failure.concernsOneClosure {
      // A rule that waited for the commit, as in a migration: SQLite leaves the transaction open, so nothing of it is there.
      return failAll(group, failure)
    } catch {
      return failAll(group, StorageFailure.unknownOutcome("\(error)"))
    }
  }

  private func rollBack() {
    guard connection.isInTransaction else { return }
    do {
      try connection.control("rollback")
    } catch {
      // Only a file that is gone refuses a rollback; SQLite then forgets the transaction by itself at the next begin.
      checkpoints.note(error)
    }
  }
}
