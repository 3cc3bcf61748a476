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

  public var dialect: Dialect {
    switch self {
    case .sqlite: .sqlite
    case .postgres: .postgres
    }
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
    let migration = Migration(1, "test", creating: Schema(tables))
    return try await withPlace(with: migration) { place in
      let database = try await place.open()
      do {
        // Nothing is left to do where the place was copied.
        _ = try await Migrator([migration]).migrate(database, at: Mould.time)
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
  public func withPlace<R: Sendable>(_ body: @Sendable (TestPlace) async throws -> R) async throws -> R {
    try await withPlace(with: nil, body)
  }

  private func withPlace<R: Sendable>(
    with migration: Migration?, _ body: @Sendable (TestPlace) async throws -> R
  ) async throws -> R {
    await Turnstile.postgres.enter(self)
    do {
      let place = try await TestPlace(self, with: migration)
      let result = try await place.whileItLasts(body)
      await Turnstile.postgres.leave(self)
      return result
    } catch {
      await Turnstile.postgres.leave(self)
      throw error
    }
  }
}
