import Foundation
import Kernel
import Storage
import StorageSQLite

/// The databases that tests run on. PostgreSQL takes part when `REGULARS_TEST_POSTGRES` holds its URL, as `script/test` sees to.
///
///     @Test(arguments: TestDatabase.available) func `a card finds its member`(on kind: TestDatabase) async throws {
///       try await kind.withDatabase(CustomersSchema.tables) { database in … }
///     }
public enum TestDatabase: Sendable, CustomStringConvertible {
  case sqlite
  case postgres(url: String)

  public static var available: [TestDatabase] {
    guard let url = postgresURL else { return [.sqlite] }
    return [.sqlite, .postgres(url: url)]
  }

  public static var postgresURL: String? {
    ProcessInfo.processInfo.environment["REGULARS_TEST_POSTGRES"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Never the URL: it carries a password.
  public var description: String {
    switch self {
    case .sqlite: "SQLite"
    case .postgres: "PostgreSQL"
    }
  }

  /// An empty database with these tables, gone when the closure returns. Tests that run beside each other do not meet.
  public func withDatabase<R: Sendable>(
    _ tables: [Table], _ body: @Sendable (any Database) async throws -> R
  ) async throws -> R {
    try await withPlace { place in
      let database = try await place.open()
      do {
        let migrator = Migrator([Migration(1, "test", creating: Schema(tables))])
        _ = try await migrator.migrate(database, at: Instant(seconds: 1_767_225_600))
        let result = try await body(database)
        await database.close()
        return result
      } catch {
        await database.close()
        throw error
      }
    }
  }

  /// A place where one database can be opened, closed and opened again.
  public func withPlace<R: Sendable>(_ body: @Sendable (Place) async throws -> R) async throws -> R {
    let place = try await Place(self)
    do {
      let result = try await body(place)
      try await place.remove()
      return result
    } catch {
      try await place.remove()
      throw error
    }
  }
}

extension TestDatabase {
  public struct Place: Sendable {
    public let kind: TestDatabase
    /// A folder of the test's own, for files beside the database.
    public let folder: URL
    /// What the configuration would say.
    public let url: String

    init(_ kind: TestDatabase) async throws {
      self.kind = kind
      folder = FileManager.default.temporaryDirectory.appending(path: "regulars-test-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      switch kind {
      case .sqlite: url = "sqlite:" + folder.appending(path: "test.db").path
      case .postgres(let server): url = server
      }
    }

    public func open() async throws -> any Database {
      switch kind {
      case .sqlite: try SQLiteDatabase(path: String(url.dropFirst("sqlite:".count))) { Unreported.record($0) }
      case .postgres: throw StorageFailure.closed
      }
    }

    func remove() async throws { try FileManager.default.removeItem(at: folder) }
  }
}
