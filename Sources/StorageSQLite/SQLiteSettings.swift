import Foundation
import GRDB
import Storage

/// How a file is opened. The defaults suit a million members on a machine of two cores and 4 GB.
public struct SQLiteSettings: Sendable {
  /// Page cache of the writing connection, in bytes. Small on purpose: this SQLite walks through the whole cache after most commits
  /// (docs/adr/0001-storage-layout.md), and the system keeps the file in memory anyway.
  public var writerCache = 16 << 20
  /// Page cache of each reading connection, in bytes. What the system keeps of the file is shared besides.
  public var readerCache = 16 << 20
  /// Threads that read, at least two. All but one may be at work in the background, so that a till always finds one; more than processors and
  /// that one only make each other wait.
  public var readers = max(3, min(8, ProcessInfo.processInfo.activeProcessorCount))
  /// Bytes of a page of a new file. A purchase changes a few rows on pages of their own, and each is written whole.
  public var pageBytes = 4096
  /// Pages of the write-ahead log after which they begin to move into the file. What is moved is then forced onto the disk, and
  /// purchases wait behind it: with 4,000 pages the slowest of a hundred took 30 ms at half load, with 1,000 mostly 22.
  public var checkpointPages = 1_000
  /// Largest write-ahead log, in pages of 4 KiB: 256 MB.
  public var logPages = 65_536
  /// Seconds to wait for another process that is writing.
  public var busySeconds = 5.0
  /// Largest file, in pages; nil for no bound of ours.
  public var filePages: Int?

  public init() {}

  func open(_ path: String, _ role: Role) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "\(role)"
    configuration.busyMode = .timeout(busySeconds)
    configuration.readonly = role == .reader
    configuration.prepareDatabase { database in
      for pragma in pragmas(role) { try database.execute(sql: "pragma \(pragma)") }
    }
    do {
      return try DatabaseQueue(path: path, configuration: configuration)
    } catch { throw translated(error, "opening \(path)") }
  }

  enum Role { case writer, reader, checkpointer, syncer }

  private func pragmas(_ role: Role) -> [String] {
    switch role {
    case .writer:
      [
        "page_size = \(pageBytes)", "journal_mode = wal", "synchronous = normal", "wal_autocheckpoint = 0",
        "cache_size = -\(writerCache >> 10)", "temp_store = memory",
      ] + (filePages.map { ["max_page_count = \($0)"] } ?? [])
    case .reader: ["cache_size = -\(readerCache >> 10)", "query_only = on", "temp_store = memory"]
    case .checkpointer: ["synchronous = full", "wal_autocheckpoint = 0"]
    // A first question opens the log, whose handle is what this connection is for.
    case .syncer: ["query_only = on", "schema_version"]
    }
  }
}
