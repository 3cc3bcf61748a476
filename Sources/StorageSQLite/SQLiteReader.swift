import Storage

/// A thread that reads: each closure sees the file as it was when it began.
final class SQLiteReader {
  private let connection: SQLiteConnection
  private let queue: WorkQueue<any Call>

  init(_ connection: SQLiteConnection, _ queue: WorkQueue<any Call>) {
    self.connection = connection
    self.queue = queue
  }

  func run() {
    while let (call, urgency) = queue.take() {
      let error = read(call)
      queue.finished(urgency)
      call.answer(error)
    }
  }

  private func read(_ call: any Call) -> (any Error)? {
    do {
      try connection.control("begin")
      connection.beginClosure()
      defer { connection.beginClosure() }
      do {
        var transaction = Transaction(connection)
        try call.run(&transaction)
        try connection.endClosure()
      } catch {
        if connection.isInTransaction { try connection.control("rollback") }
        throw error
      }
      try connection.control("commit")
      return nil
    } catch { return error }
  }
}
