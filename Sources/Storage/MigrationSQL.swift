import Kernel

/// Every statement about applied migrations.
enum MigrationSQL {
  static let table = Table(
    "schema_migration", owner: "Storage", family: .reference, scope: .installation(because: "the schema is one for all accounts"),
    key: .columns(["number"]), columns: [.integer("number"), .text("name"), .integer("checksum"), .integer("applied_at")])

  static let applied: SQL = "select number, name, checksum from schema_migration order by number"

  static func create(_ dialect: Dialect) -> SQL {
    let statements = table.statements(for: dialect)
    return SQL(prepared: "create table if not exists" + statements[0].dropFirst("create table".count), [])
  }

  static func exists(_ dialect: Dialect, _ table: String = "schema_migration") -> SQL {
    switch dialect {
    case .sqlite: "select 1 from sqlite_master where type = 'table' and name = \(table)"
    case .postgres: "select 1 where to_regclass(\(table)) is not null"
    }
  }

  static let neighbours: SQL = "select number, oldest from schema_neighbour order by number"

  static func record(_ number: Int, oldest: Int) -> SQL {
    "insert into schema_neighbour (number, oldest) values (\(number), \(oldest))"
  }

  /// Held to the end of the transaction. SQLite needs none: it has one writer at a time in all processes.
  static func lock(_ dialect: Dialect) -> SQL? {
    switch dialect {
    case .sqlite: nil
    case .postgres: "select 1 from pg_advisory_xact_lock(728365518, hashtext(current_schema()))"
    }
  }

  static func record(_ migration: Migration, checksum: Int64, at now: Instant) -> SQL {
    """
    insert into schema_migration (number, name, checksum, applied_at)
    values (\(migration.number), \(migration.name), \(checksum), \(now))
    """
  }
}
