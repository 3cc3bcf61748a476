import Foundation
import Storage
import StoragePostgres
import StorageSQLite

/// Where one test's database lives: a folder, and on the server a schema, or a database, of its own.
public struct TestPlace: Sendable {
  /// Fewer statements than this are run for each test: on PostgreSQL a copy is not faster then.
  private static let few = 120

  public let kind: TestDatabase
  /// A folder of the test's own, for files beside the database.
  public let folder: URL
  /// What the configuration would say. Through a pooler it does not lead here: poolers know no `options`.
  public let url: String
  /// What is ours on the server.
  private let mark: String
  private let isDatabase: Bool

  /// - Parameter migration: what the database has from the start, where making it takes long enough for a copy to pay.
  init(_ kind: TestDatabase, with migration: Migration?) async throws {
    self.kind = kind
    let name = UUID().uuidString.lowercased().filter { $0 != "-" }
    mark = "test_\(name)"
    let copied = migration.flatMap { $0.statements(for: kind.dialect).count < Self.few ? nil : $0 }
    if case .postgres = kind { isDatabase = copied != nil } else { isDatabase = false }
    folder = FileManager.default.temporaryDirectory.appending(path: "regulars-test-\(name)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    switch kind {
    case .sqlite:
      url = "sqlite:" + folder.appending(path: "test.db").path
      if let copied { try await Mould.shared.cast(copied, at: path) }
    case .postgres(let server):
      if let copied {
        url = Mould.address(of: mark, on: server)
        try await Mould.shared.cast(copied, named: mark, on: server)
      } else {
        url = server + (server.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(mark)"
        try await Administration.run("create schema \(mark)", on: server)
      }
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
    if !isDatabase { settings.schema = mark }
    change(&settings)
    return try await PostgresDatabase(url: isDatabase ? url : server, settings: settings)
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
    try await Administration.run(
      isDatabase ? "drop database \(mark) with (force)" : "drop schema \(mark) cascade", on: server)
  }

  private static func fewConnections(_ count: Int) -> PostgresSettings {
    var settings = PostgresSettings()
    settings.connections = count
    return settings
  }
}
