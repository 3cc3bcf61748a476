import Kernel
import Storage

/// Examinations of the database: does it answer, is its schema ours, what runs it, does it agree about the time.
enum DatabaseChecks {
  static func all(_ desk: Desk) async -> [Finding] {
    // Looking must not make what is missing.
    if case .sqlite(let path) = desk.config.database, FileFacts(path) == nil {
      return [.trouble("database", "\(path) is not there", remedy: "`regulars migrate` makes it")]
    }
    do {
      return try await desk.withDatabase { database in
        [.fine("database", "\(desk.config.database) answers"), await schema(database), try await engine(database)]
          + (try await clock(database, desk.world).map { [$0] } ?? [])
      }
    } catch {
      return [
        .trouble(
          "database", "\(desk.config.database) cannot be used: \(error)",
          remedy: "start the server, or mend the key database (see above)")
      ]
    }
  }

  private static func schema(_ database: any Database) async -> Finding {
    do {
      try await Wiring.migrator.check(database)
      return .fine("schema", "step \(Wiring.migrator.known), as this program needs")
    } catch let failure as StorageFailure {
      return .trouble("schema", "\(failure)", remedy: remedy(for: failure))
    } catch {
      return .trouble("schema", "it cannot be read: \(error)", remedy: "see that the database is one of Regulars")
    }
  }

  private static func remedy(for failure: StorageFailure) -> String {
    switch failure {
    case .schemaMissing: "regulars migrate"
    case .schemaTooNew: "install the program that made this schema, or a newer one"
    default: "restore the last backup, or ask whoever changed the database by hand"
    }
  }

  private static func engine(_ database: any Database) async throws -> Finding {
    let version = try await database.read { tx in try tx.row(DoctorSQL.version(tx.dialect))?.text(0) ?? "of unknown version" }
    return .fine("engine", version)
  }

  /// A server's clock that differs from ours would expire points at another moment than the receipt says.
  private static func clock(_ database: any Database, _ world: World) async throws -> Finding? {
    let before = world.now()
    let server = try await database.read { tx in
      try DoctorSQL.time(tx.dialect).flatMap { try tx.row($0)?.instant(0) }
    }
    guard let server else { return nil }
    let after = world.now()
    let apart = max(0, before.micros - server.micros, server.micros - after.micros) / 1_000_000
    return apart < 5
      ? .fine("server's clock", "agrees with this machine's")
      : .warning("server's clock", "\(apart) seconds apart from this machine's", remedy: "run a time service on both machines")
  }
}

/// Every statement of the doctor.
enum DoctorSQL {
  static func version(_ dialect: Dialect) -> SQL {
    switch dialect {
    case .sqlite: "select 'SQLite ' || sqlite_version()"
    case .postgres: "select 'PostgreSQL ' || current_setting('server_version')"
    }
  }

  /// Microseconds since 1970 on the server; nil where the database has no clock but ours.
  static func time(_ dialect: Dialect) -> SQL? {
    switch dialect {
    case .sqlite: nil
    case .postgres: "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)"
    }
  }
}
