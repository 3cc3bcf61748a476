import Foundation
import Kernel
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One file of a delivery, open for writing by one thread at a time.
final class FeedFile {
  private let descriptor: Int32
  private let path: String
  private(set) var size = 0

  init(_ path: String) throws(FeedFailure) {
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw .file("making", path, errno) }
    self.path = path
  }

  deinit { close(descriptor) }

  func add(_ bytes: [UInt8]) throws(FeedFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe send($0, to: descriptor) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .file("writing", path, errno) }
      rest.removeFirst(count)
    }
    size += bytes.count
  }

  func sync() throws(FeedFailure) {
    guard fsync(descriptor) == 0 else { throw .file("writing", path, errno) }
  }

  static func makeFolder(_ path: String) throws(FeedFailure) {
    guard unsafe mkdir(path, 0o750) == 0 || errno == EEXIST else { throw .file("making", path, errno) }
  }

  /// Puts a short file in the place of another, whole or not at all.
  static func put(_ text: String, at path: String) throws(FeedFailure) {
    let beside = path + ".new"
    let file = try FeedFile(beside)
    try file.add(Array(text.utf8))
    try file.sync()
    try place(beside, at: path)
  }

  /// Gives it its place, and brings the names of the folder around it to disk.
  static func place(_ path: String, at place: String) throws(FeedFailure) {
    guard move(path, to: place) == 0 else { throw .file("renaming", path, errno) }
    let folder = place.lastIndex(of: "/").map { String(place[..<$0]) } ?? "."
    let handle = unsafe open(folder, O_RDONLY | O_CLOEXEC)
    guard handle >= 0 else { throw .file("opening", folder, errno) }
    defer { close(handle) }
    guard fsync(handle) == 0 else { throw .file("writing", folder, errno) }
  }

}

private func send(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Int { unsafe write(file, bytes.baseAddress, bytes.count) }
private func move(_ path: String, to place: String) -> Int32 { unsafe rename(path, place) }

/// The files of a delivery under way, one for each table, behind a lock.
final class FeedFiles: Sendable {
  struct Facts: Hashable, Sendable {
    let rows: Int
    let bytes: Int
  }

  private struct Open {
    var files: [FeedTable: FeedFile] = [:]
    var rows: [FeedTable: Int] = [:]
  }

  private let open: Mutex<Open>

  /// Makes every table's file with its first line.
  init(in folder: String) throws(FeedFailure) {
    var files: [FeedTable: FeedFile] = [:]
    for table in FeedTable.allCases {
      let file = try FeedFile("\(folder)/\(table.rawValue).csv")
      try file.add(table.header)
      files[table] = file
    }
    open = Mutex(Open(files: files))
  }

  func add(_ batch: FeedBatch) throws {
    try open.withLock { open in
      for (table, records) in batch.tables {
        try open.files[table]?.add(records.writer.bytes)
        open.rows[table, default: 0] += records.rows
      }
    }
  }

  var rows: Int { open.withLock { $0.rows.values.reduce(0, +) } }

  /// Brings everything to disk.
  func finish() throws -> [FeedTable: Facts] {
    try open.withLock { open in
      var facts: [FeedTable: Facts] = [:]
      for (table, file) in open.files {
        try file.sync()
        facts[table] = Facts(rows: open.rows[table] ?? 0, bytes: file.size)
      }
      return facts
    }
  }
}
