import Kernel

/// Brings a database from whatever schema it has to the one this program knows.
///
///     let applied = try await Migrator([Migration(1, "core", sqlite: …, postgres: …)]).migrate(database, at: now)
///
/// Each step is one transaction that first takes a lock and looks again, so two instances that start together apply it once.
public struct Migrator: Sendable {
  public let migrations: [Migration]

  /// - Precondition: numbers run 1, 2, 3 … in order.
  public init(_ migrations: [Migration]) {
    precondition(migrations.enumerated().allSatisfy { $0.offset + 1 == $0.element.number }, "migrations are numbered 1, 2, 3 …")
    self.migrations = migrations
  }

  /// The newest schema this program knows.
  public var known: Int { migrations.count }

  /// Applies what is missing and returns the numbers applied, in order; empty when there was nothing to do.
  /// - Parameters:
  ///   - last: stops after this step, for rows that an older program wrote; nil for the newest.
  ///   - told: hears of each step when it is done.
  /// - Throws: `StorageFailure.schemaTooNew`, `.schemaChanged`, or what the database said to a step (which then left nothing behind).
  public func migrate(
    _ database: some Database, upTo last: Int? = nil, at now: Instant, told: (Int) -> Void = { _ in }
  ) async throws -> [Int] {
    var applied: [Int] = []
    while let next = try await step(database, upTo: last ?? known, at: now) {
      applied.append(next)
      told(next)
    }
    return applied
  }

  /// Refuses a database whose schema is not the one this program knows, or a newer one whose steps say that this program may go on:
  /// so servers are replaced one after another. One short read.
  /// - Throws: `StorageFailure.schemaTooNew`, `.schemaMissing`, `.schemaChanged`.
  public func check(_ database: some Database) async throws {
    let found = try await found(in: database)
    if found < known { throw StorageFailure.schemaMissing(found: found, known: known) }
  }

  /// How many steps the database has, all of them ours; 0 where it has no schema.
  /// - Throws: `StorageFailure.schemaTooNew`, `.schemaChanged`.
  func found(in database: some Database) async throws -> Int {
    try await database.read { tx in
      try tx.row(MigrationSQL.exists(tx.dialect)) == nil ? 0 : try verify(&tx, besideNewer: true)
    }
  }

  private func step(_ database: some Database, upTo last: Int, at now: Instant) async throws -> Int? {
    try await database.write(.bulk) { tx in
      if let lock = MigrationSQL.lock(tx.dialect) { _ = try tx.rows(lock) }
      try tx.run(MigrationSQL.create(tx.dialect))
      let found = try verify(&tx)
      guard found < min(last, known) else { return nil }
      let migration = migrations[found]
      for statement in migration.statements(for: tx.dialect) {
        do {
          try tx.run(SQL(prepared: statement, []))
        } catch StorageFailure.statement(let cause) {
          throw StorageFailure.statement("migration \(migration.number) (\(migration.name)): \(cause) in: \(statement)")
        }
      }
      try tx.run(MigrationSQL.record(migration, checksum: migration.checksum(for: tx.dialect), at: now))
      if let oldest = migration.oldest, try tx.row(MigrationSQL.exists(tx.dialect, "schema_neighbour")) != nil {
        try tx.run(MigrationSQL.record(migration.number, oldest: oldest))
      }
      return migration.number
    }
  }

  /// How many steps of ours the database has.
  private func verify(_ tx: inout Transaction, besideNewer: Bool = false) throws -> Int {
    let rows = try tx.rows(MigrationSQL.applied)
    if rows.count > known {
      guard try besideNewer && isNeighbour(of: rows.count, &tx) else {
        throw StorageFailure.schemaTooNew(found: rows.count, known: known)
      }
    }
    for (row, migration) in zip(rows, migrations)
    where row.int(0) != Int64(migration.number) || row.int(2) != migration.checksum(for: tx.dialect) {
      throw StorageFailure.schemaChanged("step \(row.int(0)) “\(row.text(1))” was applied with another text than this program's")
    }
    return min(rows.count, known)
  }

  /// True where every step behind those that this program knows lets it go on.
  private func isNeighbour(of found: Int, _ tx: inout Transaction) throws -> Bool {
    guard try tx.row(MigrationSQL.exists(tx.dialect, "schema_neighbour")) != nil else { return false }
    let oldest = try tx.rows(MigrationSQL.neighbours).map { (Int($0.int(0)), Int($0.int(1))) }
    let allowed = Dictionary(oldest, uniquingKeysWith: { first, _ in first })
    return (known + 1...found).allSatisfy { number in allowed[number].map { $0 <= known } ?? false }
  }
}
