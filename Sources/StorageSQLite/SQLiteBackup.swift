import Foundation
import GRDB
import GRDBSQLite
import Kernel
import Storage

extension SQLiteDatabase {
  /// Copies the file while the database works, checks the copy and gives it its name when it is whole.
  ///
  /// The writer's own connection copies a few pages at a time between two commits; pages that change afterwards are brought up to
  /// date by SQLite, so the copy is the database as of its last page, and no long read holds the log.
  /// - Parameters:
  ///   - path: a file that does not exist yet.
  ///   - progress: hears pages done and pages in all.
  /// - Throws: `StorageFailure.diskFull`, `.readOnly`, `.damaged` where the copy does not pass SQLite's own check.
  public func backUp(to path: String, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }) async throws {
    guard !FileManager.default.fileExists(atPath: path) else { throw StorageFailure.readOnly("\(path) exists") }
    let partial = path + ".partial"
    try Self.removeFile(partial)
    do {
      let copy = try SQLiteCopy(to: partial)
      while try await onWriter({ try copy.step(from: $0, progress) }) {}
      try await Self.onThread { try Self.seal(partial) }
      try FileManager.default.moveItem(atPath: partial, toPath: path)
    } catch {
      try Self.removeFile(partial)
      throw error
    }
  }

  /// Puts a backup in the place of a database that nobody has open, and begins a new epoch.
  /// - Parameter replacing: a database that is there already is replaced; without it that is refused.
  /// - Returns: the new epoch.
  /// - Throws: `Problem` `restore_target`; `StorageFailure.damaged` where the backup is, `.busy` where a program has the database
  ///   open. The database that was there stays until the new one is whole.
  public static func restore(
    _ backup: String, to path: String, replacing: Bool = false, at now: Instant, report: @escaping @Sendable (any Error) -> Void
  ) async throws -> Int64 {
    let isThere = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int).map { $0 > 0 } ?? false
    guard replacing || !isThere else {
      throw Problem(
        .conflict, "restore_target", "\(path) is not empty; restore to another path, or say that it may be replaced")
    }
    let fresh = path + ".restoring"
    try removeFile(fresh)
    try await onThread {
      if isThere { try refuseWhileOpen(path) }
      try FileManager.default.copyItem(atPath: backup, toPath: fresh)
      try seal(fresh)
    }
    let database = try SQLiteDatabase(path: fresh, report: report)
    let begun = await Result { () async throws in
      try await database.write { tx in try Epochs.begin("restored", at: now, in: &tx) }
    }
    await database.close()
    let epoch = try begun.get()
    try removeFile(path)
    try FileManager.default.moveItem(atPath: fresh, toPath: path)
    return epoch
  }

  /// One file without a log beside it, checked page by page.
  private static func seal(_ path: String) throws {
    do {
      let file = try DatabaseQueue(path: path)
      defer { try? file.close() }
      let words = try file.inDatabase { database in
        try database.execute(sql: "pragma synchronous = full; pragma journal_mode = delete")
        return try String.fetchAll(database, sql: "pragma integrity_check(3)")
          + String.fetchAll(
            database, sql: "select 'a row of ' || \"table\" || ' refers to nothing' from pragma_foreign_key_check limit 3")
      }
      guard words == ["ok"] else { throw StorageFailure.damaged("\(path): \(words.joined(separator: "; "))") }
    } catch { throw translated(error, "checking \(path)") }
  }

  private static func refuseWhileOpen(_ path: String) throws {
    do {
      let file = try DatabaseQueue(path: path)
      try file.inDatabase { try $0.execute(sql: "pragma locking_mode = exclusive; begin exclusive; rollback") }
      try file.close()
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      throw StorageFailure.busy("\(path) is open in another program; stop it first")
    } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB || error.resultCode == .SQLITE_CORRUPT {
      // A damaged file is what a restore is for.
    }
  }

  private static func removeFile(_ path: String) throws {
    for name in [path, path + "-wal", path + "-shm"] where FileManager.default.fileExists(atPath: name) {
      try FileManager.default.removeItem(atPath: name)
    }
  }

  /// For work that would block the shared threads.
  private static func onThread(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      do {
        try DriverThread.start { continuation.resume(with: Result { try body() }) }
      } catch { continuation.resume(throwing: error) }
    }
  }
}

extension Result where Failure == any Error {
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}

/// A backup under way. Used by one step after another, all of them on the writer's thread.
@safe private final class SQLiteCopy: @unchecked Sendable {
  private let target: String
  private var file: OpaquePointer?
  private var backup: OpaquePointer?

  /// Pages of one step, so few that tills hardly wait.
  private static let pages: Int32 = 200

  init(to path: String) throws {
    target = path
    let code = unsafe sqlite3_open_v2(path, &file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE, nil)
    guard code == SQLITE_OK else { throw unsafe failure(code, of: file, "making \(path)") }
    guard unsafe chmod(path, 0o600) == 0 else { throw StorageFailure.readOnly("the rights of \(path)") }
  }

  deinit {
    if let backup = unsafe backup { unsafe sqlite3_backup_finish(backup) }
    unsafe sqlite3_close_v2(file)
  }

  /// Copies a few pages. - Returns: false when all are copied.
  func step(from source: SQLiteConnection, _ progress: (Int, Int) -> Void) throws -> Bool {
    if unsafe backup == nil { unsafe backup = sqlite3_backup_init(file, "main", source.handle, "main") }
    guard let backup = unsafe backup else { throw unsafe failure(sqlite3_errcode(file), of: file, "copying to \(target)") }
    let code = unsafe sqlite3_backup_step(backup, Self.pages)
    let all = unsafe Int(sqlite3_backup_pagecount(backup))
    progress(all - Int(unsafe sqlite3_backup_remaining(backup)), all)
    switch code {
    case SQLITE_OK, SQLITE_BUSY, SQLITE_LOCKED: return true
    case SQLITE_DONE:
      unsafe self.backup = nil
      let end = unsafe sqlite3_backup_finish(backup)
      guard end == SQLITE_OK else { throw unsafe failure(end, of: file, "ending the copy \(target)") }
      unsafe sqlite3_close_v2(file)
      unsafe file = nil
      return false
    default:
      // Here, because ending a copy touches the writer's connection.
      unsafe self.backup = nil
      unsafe sqlite3_backup_finish(backup)
      throw failure(code, unsafe String(cString: sqlite3_errstr(code)), "copying to \(target)")
    }
  }
}
