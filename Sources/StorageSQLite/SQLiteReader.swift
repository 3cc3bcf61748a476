import Storage

/// A thread that reads. Closures that wait already when a snapshot is taken share it, and with it the work of taking one.
final class SQLiteReader {
  private let connection: SQLiteConnection
  private let queue: WorkQueue<any Call>
  private let gate: SQLiteGate
  /// A snapshot could not be let go.
  private var isStuck = false

  /// So few that nobody waits long behind others. A snapshot forgets every page of the one before it, so those who share one share
  /// the upper pages of every index.
  private static let closures = 32

  init(_ connection: SQLiteConnection, _ queue: WorkQueue<any Call>, _ gate: SQLiteGate) {
    self.connection = connection
    self.queue = queue
    self.gate = gate
  }

  func run() {
    while let (first, urgency) = queue.take() {
      // All of them were asked before the snapshot is taken, so each sees what its caller has seen committed. They stay in the line until
      // their turn: who stands behind a long closure is answered by another thread.
      let mark = queue.mark(urgency)
      gate.enter()
      var (call, count) = (first, 1)
      while true {
        call.answer(read(call))
        guard count < Self.closures, let next = queue.more(urgency, before: mark) else { break }
        (call, count) = (next, count + 1)
      }
      end("commit")
      gate.leave()
      queue.finished(urgency)
    }
  }

  private func read(_ call: any Call) -> (any Error)? {
    do {
      if isStuck {
        // It may have ended by itself since; a rollback of nothing would fail for ever.
        if connection.isInTransaction { try connection.control("rollback") }
        isStuck = false
      }
      if !connection.isInTransaction { try connection.control("begin") }
      connection.beginClosure()
      defer { connection.beginClosure() }
      var transaction = Transaction(connection)
      try call.run(&transaction)
      try connection.endClosure()
      return nil
    } catch {
      // Whatever broke, the next closure begins with a snapshot of its own.
      end("rollback")
      return error
    }
  }

  /// Lets the snapshot go. One that cannot be let go is asked again before the next closure, whose caller then hears of it.
  private func end(_ word: String) {
    guard connection.isInTransaction else { return }
    do { try connection.control(word) } catch { isStuck = true }
  }
}
