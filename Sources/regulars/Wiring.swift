import Access
import Customers
import Jobs
import Kernel
import Logging
import Loyalty
import Storage
import StoragePostgres
import StorageSQLite

/// The house put together: one database, the world, and the ids this instance may make. What one room tells another is written here
/// and nowhere else.
public struct Wiring: Sendable {
  public let database: any Database
  public let world: World
  public let ids: IDSource

  /// Every table, in an order in which they can be created.
  public static var schema: Schema {
    Schema(StorageSchema.tables + JobsSchema.tables + AccessSchema.tables + CustomersSchema.tables + LoyaltySchema.tables)
  }

  /// Numbered steps of the schema. A step that was released is never edited: what follows is the next step.
  public static var migrator: Migrator { Migrator([Migration(1, "core", creating: schema)]) }
}

extension Desk {
  /// Opens the configured database as it is, whatever its schema. The caller closes it.
  /// - Throws: `StorageFailure` where it cannot be opened.
  func openDatabase() async throws -> any Database {
    switch config.database {
    case .sqlite(let path):
      return try SQLiteDatabase(path: path) { [log] in log.error("the database's own work failed", metadata: ["cause": "\($0)"]) }
    case .postgres(let url):
      var settings = PostgresSettings()
      settings.connections = config.databaseConnections
      return try await PostgresDatabase(url: url, settings: settings)
    }
  }

  /// Runs the body with the configured database open, its schema checked and a node number leased; gives everything back afterwards.
  /// - Throws: `StorageFailure.schemaMissing` where `regulars migrate` has to run first, and what the body throws.
  func withWiring<R: Sendable>(_ body: (Wiring) async throws -> R) async throws -> R {
    try await withDatabase { database in
      try await Wiring.migrator.check(database)
      let holder = "\(processNumber)-\(String(world.random(), radix: 36))"
      let lease = try await NodeLease.take(database, holder: holder, at: world.now())
      let renewal = renewing(lease, in: database)
      defer { renewal.cancel() }
      let result: R
      do {
        result = try await body(Wiring(database: database, world: world, ids: IDSource(node: lease.number)))
      } catch {
        await giveBack(lease, to: database)
        throw error
      }
      await giveBack(lease, to: database)
      return result
    }
  }

  /// Runs the body with the configured database open and closes it afterwards.
  func withDatabase<R: Sendable>(_ body: (any Database) async throws -> R) async throws -> R {
    let database = try await openDatabase()
    do {
      let result = try await body(database)
      await database.close()
      return result
    } catch {
      await database.close()
      throw error
    }
  }

  /// Three tries an hour; should all of them fail, work stops before another instance could make the same ids.
  private func renewing(_ lease: NodeLease, in database: any Database) -> Task<Void, Never> {
    Task { [log, stop, world] in
      var held = world.now()
      while !Task.isCancelled {
        do { try await Task.sleep(for: .seconds(20 * 60)) } catch { return }
        do {
          try await lease.renew(database, at: world.now())
          held = world.now()
        } catch {
          log.error("the node number could not be renewed", metadata: ["cause": "\(error)"])
          if error is Problem || world.now() - held > .minutes(50) { stop.ask() }
        }
      }
    }
  }

  /// A lease that is not given back runs out within the hour, so this is no reason to fail the work that was done.
  private func giveBack(_ lease: NodeLease, to database: any Database) async {
    do {
      try await lease.release(database, at: world.now())
    } catch {
      log.warning("the node number was not given back and comes free within the hour", metadata: ["cause": "\(error)"])
    }
  }
}
