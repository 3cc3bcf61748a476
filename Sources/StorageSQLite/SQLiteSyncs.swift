import Foundation
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Makes commits durable behind the writer: while the disk confirms one group, the writer is at the next.
///
/// The writing connection commits without waiting for the disk (`synchronous = normal`: the log stays whole at any power cut and is
/// synced before its pages move into the file). A thread of its own then syncs the log, and only after that are the callers of all
/// groups committed before answered. What a caller was told is durable, as if each commit had waited.
///
/// A disk that once did not confirm cannot be asked again: the system forgets the pages it could not write. So nothing is written any
/// more until the database is opened anew, which begins with the log as it really is.
final class SQLiteSyncs: @unchecked Sendable {
  private let log: FileHandle
  private let report: @Sendable (any Error) -> Void
  // Touched only under `monitor`.
  private let monitor = Monitor()
  private var committed: [any Call] = []
  private var isClosed = false
  private var refusal: StorageFailure?

  /// - Parameters:
  ///   - path: of the database, whose log is there already.
  ///   - report: hears what went wrong where no caller waits.
  /// - Throws: `StorageFailure.readOnly` where there is none.
  init(besides path: String, report: @escaping @Sendable (any Error) -> Void) throws {
    guard let log = FileHandle(forReadingAtPath: path + "-wal") else {
      throw StorageFailure.readOnly("the log \(path)-wal cannot be opened")
    }
    self.log = log
    self.report = report
  }

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

  func run() {
    while let calls = take() {
      let error = failure ?? sync()
      for call in calls { call.answer(error) }
    }
    // A log that is deleted while it is open would keep its place on the disk.
    do { try log.close() } catch { report(error) }
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

  private func sync() -> StorageFailure? {
    #if canImport(Darwin)
      let code = fcntl(log.fileDescriptor, F_FULLFSYNC)
    #else
      let code = fdatasync(log.fileDescriptor)
    #endif
    guard code != 0 else { return nil }
    let cause = "syncing the log: \(unsafe String(cString: strerror(errno)))"
    monitor.locked { refusal = .diskFailed(cause) }
    return .unknownOutcome(cause)
  }
}
