import CPostgres
import Foundation
import Kernel
import Storage
import StoragePostgres
import StorageSQLite

/// Empty databases with the tables of a schema: made by their statements once in a process, copied for every test after the first.
/// For the whole program's three hundred and fifty tables and indexes a copy is 1.0 ms against 30 ms on SQLite; on PostgreSQL, four
/// at a time, making and dropping one took six tenths of what the statements take.
actor Mould {
  static let shared = Mould()

  /// When the tables of every test were made.
  static let time = Instant(seconds: 1_767_225_600)

  private var files: [Int64: Task<URL, any Error>] = [:]
  private var databases: [String: Task<String, any Error>] = [:]
  private var cleanings: [String: Task<Void, any Error>] = [:]

  /// Puts a copy at this path, where nothing is yet.
  func cast(_ migration: Migration, at path: String) async throws {
    let key = migration.checksum(for: .sqlite)
    let made = files[key] ?? Task { try await Self.file(migration) }
    files[key] = made
    let original = try await made.value
    try FileManager.default.copyItem(atPath: original.path, toPath: path)
  }

  /// Makes a database of this name on the server.
  func cast(_ migration: Migration, named name: String, on server: String) async throws {
    let key = "\(server) \(migration.checksum(for: .postgres))"
    // Once for each server: two that drop the same at once would refuse each other.
    let cleaned = cleanings[server] ?? Task { try await Self.removeAbandoned(on: server) }
    cleanings[server] = cleaned
    let made =
      databases[key]
      ?? Task {
        try await cleaned.value
        return try await Self.database(migration, on: server)
      }
    databases[key] = made
    try await Administration.run("create database \(name) template \(try await made.value)", on: server)
  }

  /// The address of a database beside the one that the server's address names.
  static func address(of name: String, on server: String) -> String {
    guard var address = URLComponents(string: server) else { preconditionFailure("not an address of a server") }
    address.path = "/" + name
    guard let text = address.string else { preconditionFailure("not an address of a server") }
    return text
  }

  private static func file(_ migration: Migration) async throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "regulars-mould-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    Leftovers.remove(at: folder.path)
    let place = folder.appending(path: "\(migration.checksum(for: .sqlite)).db")
    try await make(SQLiteDatabase(path: place.path) { Unreported.record($0) }, migration)
    return place
  }

  private static func database(_ migration: Migration, on server: String) async throws -> String {
    let key = String(UInt64(bitPattern: migration.checksum(for: .postgres)), radix: 36)
    let name = "mould_\(ProcessInfo.processInfo.processIdentifier)_\(key)"
    try await Administration.run("drop database if exists \(name)", on: server)
    try await Administration.run("create database \(name)", on: server)
    var settings = PostgresSettings()
    settings.connections = 1
    try await make(PostgresDatabase(url: address(of: name, on: server), settings: settings), migration)
    return name
  }

  private static func make(_ database: some Database, _ migration: Migration) async throws {
    do {
      _ = try await Migrator([migration]).migrate(database, at: time)
      await database.close()
    } catch {
      await database.close()
      throw error
    }
  }

  /// Those of processes that have ended: on a server that lives longer than one run they would pile up.
  private static func removeAbandoned(on server: String) async throws {
    let names = try await Administration.run("select datname from pg_database where datname like 'mould\\_%'", on: server)
    for name in names {
      guard let process = name.split(separator: "_").dropFirst().first.flatMap({ Int32($0) }) else { continue }
      if kill(process, 0) != 0, errno == ESRCH { try await Administration.run("drop database if exists \(name)", on: server) }
    }
  }
}

/// Folders that go when the process ends.
private enum Leftovers {
  nonisolated(unsafe) private static var folder: String?

  static func remove(at path: String) {
    guard unsafe folder == nil else { return }
    unsafe folder = path
    atexit { if let folder = unsafe Leftovers.folder { try? FileManager.default.removeItem(atPath: folder) } }
  }
}

/// Statements on the server itself, outside of any transaction.
enum Administration {
  struct Failure: Error, CustomStringConvertible { let description: String }

  /// - Returns: the first column.
  @discardableResult
  static func run(_ statement: String, on server: String) async throws -> [String] {
    try await withCheckedThrowingContinuation { waiting in
      Thread.detachNewThread { waiting.resume(with: Result { try ask(statement, server) }) }
    }
  }

  private static func ask(_ statement: String, _ server: String) throws -> [String] {
    let connection = unsafe PQconnectdb(server)
    defer { unsafe PQfinish(connection) }
    unsafe PQsetNoticeProcessor(connection, { _, _ in }, nil)
    let answer = unsafe PQexec(connection, statement)
    defer { unsafe PQclear(answer) }
    let status = unsafe PQresultStatus(answer)
    guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else {
      throw Failure(
        description: "\(statement): " + (unsafe PQerrorMessage(connection).map { unsafe String(cString: $0) } ?? "no memory"))
    }
    return unsafe (0..<PQntuples(answer)).compactMap { row in unsafe PQgetvalue(answer, row, 0).map { unsafe String(cString: $0) } }
  }
}
