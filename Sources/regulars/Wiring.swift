import Access
import Customers
import Engagement
import Imports
import Insight
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
  /// Tells this instance apart from others, in leases and claims.
  public let holder: String

  /// Every table, in an order in which they can be created.
  public static var schema: Schema {
    Schema(
      StorageSchema.tables + JobsSchema.tables + AccessSchema.tables + CustomersSchema.tables + LoyaltySchema.tables
        + InsightSchema.tables + SavedReportSchema.tables + VisitSchema.tables + EngagementSchema.tables + UploadsSchema.tables)
  }

  /// Numbered steps that lead to `schema`, as frozen SQL in the folder `Migrations`. A step that others have is never edited: what
  /// follows is the next step, and CONTRIBUTING.md says how to write it.
  public static var migrator: Migrator { Migrator(firstSteps + laterSteps + newestSteps) }

  private static var firstSteps: [Migration] {
    [
      Migration(1, "core", sqlite: PackageResources.step_1_core_sqlite_sql, postgres: PackageResources.step_1_core_postgres_sql),
      Migration(
        2, "tiers and slices", sqlite: PackageResources.step_2_tiers_and_slices_sqlite_sql,
        postgres: PackageResources.step_2_tiers_and_slices_postgres_sql),
      Migration(3, "till", sqlite: PackageResources.step_3_till_sqlite_sql, postgres: PackageResources.step_3_till_postgres_sql),
      Migration(
        4, "console", sqlite: PackageResources.step_4_console_sqlite_sql, postgres: PackageResources.step_4_console_postgres_sql,
        oldest: 3),
      Migration(
        5, "rooms", sqlite: PackageResources.step_5_rooms_sqlite_sql, postgres: PackageResources.step_5_rooms_postgres_sql,
        oldest: 4),
      Migration(
        6, "card ends", sqlite: PackageResources.step_6_card_ends_sqlite_sql,
        postgres: PackageResources.step_6_card_ends_postgres_sql, oldest: 5),
      Migration(
        7, "coupons", sqlite: PackageResources.step_7_coupons_sqlite_sql, postgres: PackageResources.step_7_coupons_postgres_sql,
        oldest: 6),
      Migration(
        8, "certificates", sqlite: PackageResources.step_8_certificates_sqlite_sql,
        postgres: PackageResources.step_8_certificates_postgres_sql, oldest: 7),
    ]
  }

  private static var laterSteps: [Migration] {
    [
      Migration(
        9, "tier rules", sqlite: PackageResources.step_9_tier_rules_sqlite_sql,
        postgres: PackageResources.step_9_tier_rules_postgres_sql, oldest: 8),
      Migration(
        10, "stamps", sqlite: PackageResources.step_10_stamps_sqlite_sql,
        postgres: PackageResources.step_10_stamps_postgres_sql, oldest: 9),
      Migration(
        11, "settlements", sqlite: PackageResources.step_11_settlements_sqlite_sql,
        postgres: PackageResources.step_11_settlements_postgres_sql, oldest: 10),
      Migration(
        12, "games", sqlite: PackageResources.step_12_games_sqlite_sql, postgres: PackageResources.step_12_games_postgres_sql,
        oldest: 11),
      Migration(
        13, "pilots", sqlite: PackageResources.step_13_pilots_sqlite_sql,
        postgres: PackageResources.step_13_pilots_postgres_sql, oldest: 12),
      Migration(
        14, "people", sqlite: PackageResources.step_14_people_sqlite_sql, postgres: PackageResources.step_14_people_postgres_sql,
        oldest: 13),
      Migration(
        15, "ways", sqlite: PackageResources.step_15_ways_sqlite_sql, postgres: PackageResources.step_15_ways_postgres_sql,
        oldest: 14),
      Migration(
        16, "guard", sqlite: PackageResources.step_16_guard_sqlite_sql, postgres: PackageResources.step_16_guard_postgres_sql,
        oldest: 15),
      Migration(
        17, "persons", sqlite: PackageResources.step_17_persons_sqlite_sql,
        postgres: PackageResources.step_17_persons_postgres_sql, oldest: 16),
      Migration(
        18, "insight", sqlite: PackageResources.step_18_insight_sqlite_sql,
        postgres: PackageResources.step_18_insight_postgres_sql, oldest: 17),
      Migration(
        19, "giving", sqlite: PackageResources.step_19_giving_sqlite_sql,
        postgres: PackageResources.step_19_giving_postgres_sql, oldest: 18),
      Migration(
        20, "knowing", sqlite: PackageResources.step_20_knowing_sqlite_sql,
        postgres: PackageResources.step_20_knowing_postgres_sql, oldest: 19),
    ]
  }

  private static var newestSteps: [Migration] {
    [
      Migration(
        21, "ready", sqlite: PackageResources.step_21_ready_sqlite_sql, postgres: PackageResources.step_21_ready_postgres_sql,
        oldest: 20),
      Migration(
        22, "formats", sqlite: PackageResources.step_22_formats_sqlite_sql,
        postgres: PackageResources.step_22_formats_postgres_sql, oldest: 21),
      Migration(
        23, "firsts", sqlite: PackageResources.step_23_firsts_sqlite_sql,
        postgres: PackageResources.step_23_firsts_postgres_sql, oldest: 22),
      Migration(
        24, "later", sqlite: PackageResources.step_24_later_sqlite_sql, postgres: PackageResources.step_24_later_postgres_sql,
        oldest: 23),
      Migration(
        25, "wider", sqlite: PackageResources.step_25_wider_sqlite_sql, postgres: PackageResources.step_25_wider_postgres_sql,
        oldest: 24),
    ]
  }

  /// Brings a database to the schema of this program and begins its first epoch where it never had one. A database that holds data and
  /// has none although nothing was to be done is one whose restore did not come to its end; it is left alone.
  /// - Parameters:
  ///   - migrator: other steps than this program's.
  ///   - told: hears of each step when it is done.
  ///   - views: hears why a warehouse's views could not be made anew; they are never worth a failed upgrade.
  /// - Returns: the steps that were applied.
  public static func bringUp(
    _ database: any Database, with migrator: Migrator = Wiring.migrator, at now: Instant, told: (Int) -> Void = { _ in },
    views trouble: (any Error) -> Void = { _ in }
  ) async throws -> [Int] {
    let hasViews = try await FeedViews.stand(in: database)
    var applied: [Int] = []
    func migrate() async throws {
      _ = try await migrator.migrate(database, at: now) { step in
        applied.append(step)
        told(step)
      }
    }
    var rights: FeedViews.Rights?
    do { try await migrate() } catch StorageFailure.statement(let cause) {
      // Views hold on to the columns they read: a step that takes those away is tried once more without them.
      guard hasViews else { throw StorageFailure.statement(cause) }
      do { rights = try await FeedViews.drop(in: database) } catch {
        trouble(error)
        throw StorageFailure.statement(cause)
      }
      do { try await migrate() } catch {
        do { try await FeedViews.make(in: database, giving: rights ?? []) } catch let other { trouble(other) }
        throw error
      }
    }
    if hasViews { do { try await FeedViews.make(in: database, giving: rights ?? []) } catch { trouble(error) } }
    let steps = applied
    try await database.write(.bulk) { tx in
      let isNew = try !steps.isEmpty || Accounts().all(limit: 1, in: &tx).isEmpty
      if isNew { try Epochs.beginFirst("made", at: now, in: &tx) }
    }
    return applied
  }

  /// Backups that either database can be restored from.
  public static var archive: Archive {
    Archive(schema, migrator) { now, tx in try EventStream.goOn(at: now, in: &tx) }
  }
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
      let node = try await Node.take(in: database, world)
      let renewal = Task { [log, stop, world] in await node.keep(in: database, world, log, stop) }
      let result: Result<R, any Error>
      let wiring = Wiring(
        database: database, world: world, ids: IDSource(node: node.number, from: world.now()), holder: node.holder)
      do { result = .success(try await body(wiring)) } catch {
        result = .failure(error)
      }
      renewal.cancel()
      await node.giveBack(to: database, world, log)
      return try result.get()
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
}

/// This instance's node number for ids, held for an hour at a time.
private struct Node: Sendable {
  static var span: Span { .hours(1) }

  let number: Int
  let holder: String

  static func take(in database: any Database, _ world: World) async throws -> Node {
    let holder = "\(processNumber)-\(String(world.random(), radix: 36))"
    let number = try await database.write(.bulk) { tx in
      try Nodes.take(holder: holder, for: span, at: world.now(), in: &tx)
    }
    return Node(number: number, holder: holder)
  }

  /// Three tries an hour; work is asked to stop before another instance could make the same ids.
  func keep(in database: any Database, _ world: World, _ log: Logger, _ stop: Stop) async {
    var held = world.now()
    while !Task.isCancelled {
      do { try await Task.sleep(for: .seconds(20 * 60)) } catch { return }
      do {
        let isHeld = try await database.write(.bulk) { tx in
          try Nodes.renew(number, holder: holder, for: Self.span, at: world.now(), in: &tx)
        }
        guard isHeld else {
          log.error("another instance took this one's node number; stopping")
          return stop.ask()
        }
        held = world.now()
      } catch {
        log.error("the node number could not be renewed", metadata: ["cause": "\(error)"])
        if world.now() - held > .minutes(45) { return stop.ask() }
      }
    }
  }

  /// A number that is not given back comes free within the hour, so this is no reason to fail the work that was done.
  func giveBack(to database: any Database, _ world: World, _ log: Logger) async {
    do {
      try await database.write(.bulk) { tx in try Nodes.release(number, holder: holder, at: world.now(), in: &tx) }
    } catch {
      log.warning("the node number was not given back and comes free within the hour", metadata: ["cause": "\(error)"])
    }
  }
}
