import GRDBSQLite
import Storage

/// Makes commits durable behind the writer: while the disk confirms one group, the writer is at the next.
///
/// The writing connection commits without waiting for the disk (`synchronous = normal`: the log stays whole at any power cut and is
/// synced before its pages move into the file). A thread of its own then syncs the log, and only after that are the callers of all
/// groups committed before answered. What a caller was told is durable, as if each commit had waited.
///
/// A disk that once did not confirm cannot be asked again: the system forgets the pages it could not write. So nothing is written any
/// more until the database is opened anew, which begins with the log as it really is.
final class SQLiteSyncs: @unchecked Sendable {
  // Touched only under `monitor`.
  private let monitor = Monitor()
  private var committed: [any Call] = []
  private var isClosed = false
  private var refusal: StorageFailure?

  /// Why nothing can be written any more; nil while the disk confirms.
  var failure: StorageFailure? { monitor.locked { refusal } }

  /// Takes calls whose writes are committed; they are answered once these are on the disk.
  func put(_ calls: [any Call]) {
    monitor.locked {
      committed += calls
      monitor.wakeOne()
    }
  }

  /// After the last `put`.
  func close() {
    monitor.locked {
      isClosed = true
      monitor.wakeOne()
    }
  }

  /// The thread beside the writer. - Parameter connection: its own; it lends its handle on the log.
  func run(on connection: SQLiteConnection) {
    while let calls = take() {
      // What was committed after the disk failed may be there or not, like the group that it failed at.
      let error = failure.map { StorageFailure.unknownOutcome("\($0)") } ?? sync(connection)
      for call in calls { call.answer(error) }
    }
  }

  private func take() -> [any Call]? {
    monitor.locked {
      while committed.isEmpty {
        guard !isClosed else { return nil }
        monitor.wait()
      }
      defer { committed = [] }
      return committed
    }
  }

  private func sync(_ connection: SQLiteConnection) -> StorageFailure? {
    do {
      try connection.syncLog()
      return nil
    } catch {
      monitor.locked { refusal = .diskFailed("\(error)") }
      return .unknownOutcome("\(error)")
    }
  }
}

extension SQLiteConnection {
  /// Waits until the disk has everything that any connection has written to the log.
  /// - Throws: `StorageFailure` where the disk does not confirm.
  fileprivate func syncLog() throws {
    var log: UnsafeMutablePointer<sqlite3_file>?
    let found = unsafe sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log)
    guard found == SQLITE_OK, let log = unsafe log, let methods = unsafe log.pointee.pMethods,
      let sync = unsafe methods.pointee.xSync
    else { throw StorageFailure.damaged("the log is not open, code \(found)") }
    let code = unsafe sync(log, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY)
    guard code == SQLITE_OK else { throw StorageFailure.unknownOutcome("the disk did not confirm the log, code \(code)") }
  }
}
