import Foundation
import Storage
import StoragePostgres
import StorageSQLite

/// Where one test's database lives: a folder, and a schema of its own on the server.
public struct TestPlace: Sendable {
  public let kind: TestDatabase
  /// A folder of the test's own, for files beside the database.
  public let folder: URL
  /// What the configuration would say. Through a pooler it does not lead here: poolers know no `options`.
  public let url: String
  private let schema: String

  init(_ kind: TestDatabase) async throws {
    self.kind = kind
    let name = UUID().uuidString.lowercased().filter { $0 != "-" }
    schema = "test_\(name)"
    folder = FileManager.default.temporaryDirectory.appending(path: "regulars-test-\(name)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    switch kind {
    case .sqlite: url = "sqlite:" + folder.appending(path: "test.db").path
    case .postgres(let server):
      url = server + (server.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(schema)"
      try await Self.run("create schema \(schema)", on: server)
    }
  }

  /// The path of the file; only SQLite has one.
  public var path: String { String(url.dropFirst("sqlite:".count)) }

  public func open() async throws -> any Database {
    switch kind {
    case .sqlite: try SQLiteDatabase(path: path) { Unreported.record($0) }
    case .postgres: try await openPostgres { _ in }
    }
  }

  /// With another word on how to open it, for tests of one driver.
  public func openPostgres(_ change: (inout PostgresSettings) -> Void) async throws -> PostgresDatabase {
    guard case .postgres(let server) = kind else { preconditionFailure("this place is a file") }
    var settings = Self.fewConnections(4)
    settings.schema = schema
    change(&settings)
    return try await PostgresDatabase(url: server, settings: settings)
  }

  func whileItLasts<R: Sendable>(_ body: @Sendable (TestPlace) async throws -> R) async throws -> R {
    do {
      let result = try await body(self)
      try await remove()
      return result
    } catch {
      try await remove()
      throw error
    }
  }

  private func remove() async throws {
    try FileManager.default.removeItem(at: folder)
    guard case .postgres(let server) = kind else { return }
    try await Self.run("drop schema \(schema) cascade", on: server)
  }

  private static func run(_ statement: String, on server: String) async throws {
    let database = try await PostgresDatabase(url: server, settings: fewConnections(1))
    do {
      _ = try await database.write { tx in try tx.run(SQL(prepared: statement, [])) }
      await database.close()
    } catch {
      await database.close()
      throw error
    }
  }

  private static func fewConnections(_ count: Int) -> PostgresSettings {
    var settings = PostgresSettings()
    settings.connections = count
    return settings
  }
}
