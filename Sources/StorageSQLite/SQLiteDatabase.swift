import Foundation
import GRDB
import Kernel
import Storage

/// A database in one file beside the program: nothing to install, durable to the last commit.
///
/// One thread writes, a few read snapshots, one moves the log into the file. Several processes may open the same file; they then
/// wait for each other's commits.
public final class SQLiteDatabase: Storage.Database {
  public let path: String
  private let writes: WorkQueue<any Call>
  private let reads: WorkQueue<any Call>
  private let departure: Departure
  /// Of everyone but the writer: it closes the file last, because only it can move the rest of the log into it.
  private let others: Departure
  private let checkpoints: SQLiteCheckpoints
  private let syncs: SQLiteSyncs
  private let settings: SQLiteSettings
  private let report: @Sendable (any Error) -> Void

  private let tally = CommitTally()

  public var dialect: Dialect { .sqlite }
  public var figures: [DatabaseFigure] { tally.figures }

  /// Opens the file, or makes it, readable by its owner alone.
  /// - Parameter report: hears what went wrong where no caller waits, for the log.
  /// - Throws: `StorageFailure.readOnly`, `.damaged`, `.busy`, `.diskFull`.
  public init(path: String, settings: SQLiteSettings = SQLiteSettings(), report: @escaping @Sendable (any Error) -> Void) throws {
    self.path = path
    self.settings = settings
    self.report = report
    writes = WorkQueue(rest: 3)
    reads = WorkQueue(bulkAtOnce: max(1, settings.readers - 1))
    departure = Departure(of: 1)
    others = Departure(of: settings.readers + 2)
    let gate = SQLiteGate()
    checkpoints = SQLiteCheckpoints(settings, gate, report: report)
    let writer = try Self.openWriter(path, settings)
    syncs = SQLiteSyncs()
    let checkpointer = try settings.open(path, .checkpointer)
    let syncer = try settings.open(path, .syncer)
    let readers = try (0..<settings.readers).map { _ in try settings.open(path, .reader) }
    try startWriter(writer)
    try start(syncer, leaving: others) { [syncs] in syncs.run(on: $0) }
    try start(checkpointer, leaving: others) { [checkpoints] in checkpoints.run(on: $0) }
    for reader in readers { try start(reader, leaving: others) { [reads] in SQLiteReader($0, reads, gate).run() } }
  }

  private static func openWriter(_ path: String, _ settings: SQLiteSettings) throws -> DatabaseQueue {
    let isNew = !FileManager.default.fileExists(atPath: path)
    let writer = try settings.open(path, .writer)
    if isNew {
      // Personal data lies in it; the log beside it takes the same rights.
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
    do {
      try writer.inDatabase { try $0.execute(sql: "begin immediate; rollback") }
    } catch { throw translated(error, "opening \(path) for writing") }
    return writer
  }

  private func startWriter(_ file: DatabaseQueue) throws {
    try start(file, leaving: departure) { [writes, checkpoints, syncs, others, tally] connection in
      checkpoints.watch(connection)
      SQLiteWriter(connection, writes, checkpoints, syncs, tally).run()
      syncs.close()
      others.block()
    }
  }

  private func start(
    _ file: DatabaseQueue, leaving departure: Departure, _ body: @escaping @Sendable (SQLiteConnection) -> Void
  ) throws {
    try DriverThread.start { [report] in
      file.inDatabase { database in
        guard let handle = unsafe database.sqliteConnection else { return }
        let connection = unsafe SQLiteConnection(handle)
        body(connection)
        connection.forget()
      }
      // Closed before anyone hears of it, so that whoever waits finds one whole file.
      do { try file.close() } catch { report(error) }
      departure.leave()
    }
  }

  public func write<R: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (inout Transaction) throws -> R
  ) async throws -> R {
    try await answer(to: body) { [writes] in writes.put($0, urgency) }
  }

  public func read<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await answer(to: body) { [reads] in reads.put($0, Urgency.current) }
  }

  public func write<D: Sendable, R: Sendable>(
    _ urgency: Urgency, drafting: @escaping @Sendable (inout Transaction) throws -> D?,
    body: @escaping @Sendable (D?, inout Transaction) throws -> R
  ) async throws -> R {
    try await answer(drafting: drafting, to: body) { [reads] in
      reads.put($0, urgency)
    } write: { [writes] in
      writes.put($0, urgency)
    }
  }

  /// Work on the file as a whole, behind the tills.
  func onWriter(_ body: @escaping @Sendable (SQLiteConnection) throws -> Bool) async throws -> Bool {
    try await withCheckedThrowingContinuation { continuation in
      let work = SQLiteFileWork(body, continuation)
      if !writes.put(work, .bulk) { work.answer(StorageFailure.closed) }
    }
  }

  public func close() async {
    writes.close()
    reads.close()
    checkpoints.close()
    await departure.wait()
  }

  deinit {
    writes.close()
    reads.close()
    checkpoints.close()
  }
}
