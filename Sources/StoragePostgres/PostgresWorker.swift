import Kernel
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What waits for a connection.
struct PostgresWork: Sendable {
  let call: any Call
  let isReadOnly: Bool
}

/// One thread with one connection: takes work, repeats what the server asks to repeat, connects anew when the connection is lost.
final class PostgresWorker {
  private let connection: PostgresConnection
  private let queue: WorkQueue<PostgresWork>

  private let tally: CommitTally

  init(_ wire: PostgresWire, _ queue: WorkQueue<PostgresWork>, _ tally: CommitTally) {
    self.tally = tally
    connection = PostgresConnection(wire)
    self.queue = queue
  }

  func run() {
    while let (work, urgency) = queue.take() {
      let error = perform(work)
      queue.finished(urgency)
      work.call.answer(error)
    }
  }

  private func perform(_ work: PostgresWork) -> (any Error)? {
    for attempt in 0... {
      do {
        try once(work)
        return nil
      } catch let error as PostgresError where error.asksToRepeat || error.isConnectionLost {
        guard attempt < Limits.transactionRetries else { return error.failure("after \(attempt + 1) attempts") }
        tally.repeated()
        pause(attempt)
      } catch let error as PostgresError {
        return error.failure("committing")
      } catch { return error }
    }
    return nil
  }

  /// - Throws: `PostgresError` where the whole transaction failed and nothing of it is there; else what the closure threw.
  private func once(_ work: PostgresWork) throws {
    try connection.prepare(isReadOnly: work.isReadOnly)
    do {
      var transaction = Transaction(connection)
      try work.call.run(&transaction)
      try connection.commit()
      if !work.isReadOnly { tally.committed(1) }
    } catch {
      let failed = connection.failed
      connection.rollBack()
      if case StorageFailure.unknownOutcome = error { throw error }
      if let failed, failed.asksToRepeat || failed.isConnectionLost { throw failed }
      throw error
    }
  }

  /// 2 to 512 ms, growing and uneven, so that those who met do not meet again.
  private func pause(_ attempt: Int) {
    let longest = 4_000 << min(attempt, 7)
    usleep(UInt32(Int.random(in: longest / 2...longest)))
  }
}
