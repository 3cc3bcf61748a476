import GRDB
import GRDBSQLite
import Storage

/// Moves pages from the write-ahead log into the file, when it suits the tills.
///
/// A thread of its own does the bulk while commits go on; it can never finish, because the log grows meanwhile. So from time to time
/// the writer does the small rest between two groups, with no reader inside, and the log begins anew. A log at its bound waits for
/// readers.
final class SQLiteCheckpoints: @unchecked Sendable {
  private let settings: SQLiteSettings
  private let gate: SQLiteGate
  private let report: @Sendable (any Error) -> Void
  // Touched only by the writer's thread.
  private var logPages = 0
  private var finishAt: Int
  // Touched only under `monitor`.
  private let monitor = Monitor()
  private var isWanted = false
  private var isUnderWay = false
  private var isClosed = false

  /// A reader that takes longer is not waited for.
  private static let patience = Duration.milliseconds(20)

  init(_ settings: SQLiteSettings, _ gate: SQLiteGate, report: @escaping @Sendable (any Error) -> Void) {
    self.settings = settings
    self.gate = gate
    self.report = report
    finishAt = settings.checkpointPages * 3
  }

  func note(_ error: any Error) { report(error) }

  /// Lets the writing connection tell how long the log is. The connection must not outlive this object.
  func watch(_ connection: SQLiteConnection) {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    _ = unsafe sqlite3_wal_hook(
      connection.handle,
      { context, _, _, pages in
        if let context = unsafe context {
          unsafe Unmanaged<SQLiteCheckpoints>.fromOpaque(context).takeUnretainedValue().logPages = Int(pages)
        }
        return SQLITE_OK
      }, context)
  }

  /// Between two groups, on the writer's thread.
  func afterCommit(on connection: SQLiteConnection) {
    guard logPages >= settings.checkpointPages else { return }
    if logPages >= settings.logPages {
      waitForOther()
      checkpoint(connection, "pragma wal_checkpoint(restart)")
    } else if logPages >= finishAt {
      // What is whole while nobody reads is not looked at in the log by who comes next, so the next group begins it anew.
      guard otherRests() else { return }
      let done: Void? = gate.whileEmpty(within: Self.patience) { checkpoint(connection, "pragma wal_checkpoint(passive)") }
      // Readers who came meanwhile have waited as well, so a long one is not met again soon.
      if done == nil { finishAt = logPages + settings.checkpointPages * 3 }
    } else {
      monitor.locked {
        isWanted = true
        monitor.wakeOne()
      }
    }
  }

  /// Where a reader or another checkpoint stands in the way, the next attempt comes after as many pages again.
  private func checkpoint(_ connection: SQLiteConnection, _ text: String) {
    do {
      let row = try connection.row(text)
      let isWhole = row.int(0) == 0 && row.int(1) == row.int(2)
      finishAt = isWhole ? settings.checkpointPages * 3 : logPages + settings.checkpointPages
      if isWhole { logPages = 0 }
    } catch {
      finishAt = logPages + settings.checkpointPages
      report(error)
    }
  }

  /// The thread beside the writer.
  func run(on connection: SQLiteConnection) {
    while waitUntilWanted() {
      do {
        _ = try connection.row("pragma wal_checkpoint(passive)")
      } catch { report(error) }
    }
  }

  /// Two checkpoints at a time are not possible, and at the bound of the log ours must not be refused.
  private func waitForOther() {
    monitor.locked {
      isWanted = false
      while isUnderWay { monitor.wait() }
    }
  }

  /// False while the other checkpoint is under way; otherwise it stays away until it is wanted again.
  private func otherRests() -> Bool {
    monitor.locked {
      if !isUnderWay { isWanted = false }
      return !isUnderWay
    }
  }

  private func waitUntilWanted() -> Bool {
    monitor.locked {
      isUnderWay = false
      monitor.wakeAll()
      while !isWanted && !isClosed { monitor.wait() }
      isWanted = false
      isUnderWay = !isClosed
      return !isClosed
    }
  }

  func close() {
    monitor.locked {
      isClosed = true
      monitor.wakeAll()
    }
  }
}
