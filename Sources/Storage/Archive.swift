import Kernel

/// All rows of a database as of one moment, in one file from which either database can be restored: the backup of a PostgreSQL
/// server without its tools, and the way from SQLite to PostgreSQL when a company outgrows one file.
///
/// Not copied are the leases of instances that will be gone. A restore begins a new epoch.
public struct Archive: Sendable {
  let tables: [Table]
  let migrator: Migrator

  /// - Parameters:
  ///   - schema: every table of the database, `StorageSchema.tables` included.
  ///   - migrator: what brings a new database to that schema.
  public init(_ schema: Schema, _ migrator: Migrator) {
    tables = schema.tables.filter { $0.name != StorageSchema.lease.name && $0.name != StorageSchema.node.name }
    self.migrator = migrator
  }

  /// Writes the archive while the database works; readers and writers are not held up.
  /// - Parameters:
  ///   - path: a file that does not exist yet; it appears under this name when it is whole.
  ///   - progress: hears the number of rows written, now and then.
  /// - Returns: how many rows were written.
  public func write(
    _ database: some Database, to path: String, at now: Instant, progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> Int {
    try await migrator.check(database)
    let partial = path + ".partial"
    do {
      try ByteFile.remove(partial)
      let count = try await database.read { tx in
        try write(&tx, to: try ByteFile(making: partial), at: now, progress)
      }
      try ByteFile.rename(partial, to: path)
      return count
    } catch {
      try ByteFile.remove(partial)
      throw error
    }
  }

  private func write(
    _ tx: inout Transaction, to file: ByteFile, at now: Instant, _ progress: @escaping (Int) -> Void
  ) throws -> Int {
    try ArchiveFrame.head(schema: migrator.known, madeAt: now).write(to: file)
    var batch = ArchiveBatch(file, progress)
    for table in tables {
      try ArchiveFrame.table(name: table.name, columns: table.columns.map(\.name)).write(to: file)
      try tx.each(ArchiveSQL.all(of: table)) { try batch.add($0) }
      try batch.flush()
    }
    try ArchiveFrame.end(rows: batch.count).write(to: file)
    try file.sync()
    return batch.count
  }

  /// Reads the whole archive and checks it without writing anything. - Returns: how many rows it holds.
  /// - Throws: `StorageFailure.damaged`, `.schemaTooNew`, `.schemaMissing`.
  public func check(_ path: String) throws -> Int {
    let reader = try ArchiveReader(path, self)
    while try reader.next() != nil {}
    return reader.count
  }

  /// Fills a database from the archive and begins a new epoch.
  /// - Parameter replacing: deletes what the database holds; without it a database that holds anything is refused.
  /// - Returns: the new epoch.
  /// - Throws: `Problem` `restore_target`, and `StorageFailure.damaged` before anything is written.
  public func restore(
    _ path: String, into database: some Database, replacing: Bool = false, at now: Instant
  ) async throws -> Int64 {
    _ = try check(path)
    _ = try await migrator.migrate(database, at: now)
    try await clear(database, replacing: replacing)
    let reader = try ArchiveReader(path, self)
    var epochs: [[Value]] = []
    while let (table, rows) = try reader.next() {
      if table.name == StorageSchema.epoch.name {
        epochs += rows
      } else {
        _ = try await database.write(.bulk) { tx in try tx.insert(rows, into: table, table.columns.map(\.name)) }
      }
    }
    // Last of all: a database without an epoch is one whose restore did not come to its end.
    return try await database.write(.bulk) { [epochs] tx in
      try tx.insert(epochs, into: StorageSchema.epoch, StorageSchema.epoch.columns.map(\.name))
      return try Epochs.begin("restored", at: now, in: &tx)
    }
  }

  private func clear(_ database: some Database, replacing: Bool) async throws {
    try await database.write(.bulk) { tx in
      for table in tables where try tx.row(ArchiveSQL.any(of: table)) != nil {
        guard replacing else {
          throw Problem(
            .conflict, "restore_target",
            "the database is not empty (\(table.name) has rows); restore into a new one, or say that its contents may be replaced")
        }
      }
      if replacing { for table in tables.reversed() { try tx.enqueue(ArchiveSQL.clear(table)) } }
    }
  }
}
