import Kernel

/// All rows of a database as of one moment, in one file from which either database can be restored: the backup of a PostgreSQL
/// server without its tools, and the way from SQLite to PostgreSQL when a company outgrows one file.
///
/// Not copied are the leases of instances that will be gone. A restore begins a new epoch.
public struct Archive: Sendable {
  let tables: [Table]
  let migrator: Migrator
  let ending: @Sendable (Instant, inout Transaction) throws -> Void

  /// - Parameters:
  ///   - schema: every table of the database, `StorageSchema.tables` included.
  ///   - migrator: what brings a new database to that schema.
  ///   - ending: sets right what the two databases remember in different ways, once all rows are there, in the last transaction of a
  ///     restore.
  public init(
    _ schema: Schema, _ migrator: Migrator, ending: @escaping @Sendable (Instant, inout Transaction) throws -> Void = { _, _ in }
  ) {
    tables = schema.tables.filter { $0.name != StorageSchema.lease.name && $0.name != StorageSchema.node.name }
    self.migrator = migrator
    self.ending = ending
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
  /// - Throws: `StorageFailure.damaged`, `.schemaTooNew`.
  public func check(_ path: String) throws -> Int { try examine(path).count }

  /// Tables of an older schema are looked at when there is a database that has them.
  private func examine(_ path: String) throws -> ArchiveReader {
    let reader = try ArchiveReader(path, self)
    while let part = try reader.next() {
      if reader.schema == migrator.known { _ = try reader.table(of: part, among: tables) }
    }
    return reader
  }

  /// Fills a database from the archive, brings it to the newest schema and begins a new epoch. An archive of an older program is read
  /// into the schema it was made at, which then takes the steps that any database takes.
  /// - Parameter replacing: deletes what the database holds; without it a database that holds anything is refused.
  /// - Returns: the new epoch.
  /// - Throws: `Problem` `restore_target`, and `StorageFailure.damaged` before anything is written.
  public func restore(
    _ path: String, into database: some Database, replacing: Bool = false, at now: Instant
  ) async throws -> Int64 {
    let schema = try examine(path).schema
    let isOlder = schema < migrator.known
    if isOlder, try await migrator.found(in: database) > schema { throw target("its schema is newer than the archive's") }
    _ = try await migrator.migrate(database, upTo: schema, at: now)
    let tables = isOlder ? try await stored(in: database) : tables
    try await clear(tables, of: database, replacing: replacing && !isOlder)
    let epochs = try await fill(database, tables, from: ArchiveReader(path, self))
    _ = try await migrator.migrate(database, at: now)
    // Last of all: a database without an epoch is one whose restore did not come to its end.
    return try await database.write(.bulk) { tx in
      try ending(now, &tx)
      try tx.insert(epochs, into: StorageSchema.epoch, StorageSchema.epoch.columns.map(\.name))
      return try Epochs.begin("restored", at: now, in: &tx)
    }
  }

  /// - Returns: the rows of epochs, which are not written yet.
  private func fill(_ database: some Database, _ tables: [Table], from reader: ArchiveReader) async throws -> [[Value]] {
    var epochs: [[Value]] = []
    while let part = try reader.next() {
      let table = try reader.table(of: part, among: tables)
      if table.name == StorageSchema.epoch.name {
        epochs += part.rows
      } else if !Self.isOfSteps(table) {
        _ = try await database.write(.bulk) { tx in try tx.insert(part.rows, into: table, part.columns) }
      }
    }
    return epochs
  }

  /// The tables of an older schema, as the database itself tells of them: enough of each to put rows into it.
  private func stored(in database: some Database) async throws -> [Table] {
    let rows = try await database.read { tx in try tx.rows(ArchiveSQL.columns(tx.dialect)) }
    return Dictionary(grouping: rows) { $0.text(0) }.filter { $0.key != MigrationSQL.table.name }.map { name, rows in
      Table(
        name, owner: "Storage", family: .reference, scope: .installation(because: "a restore concerns every account"),
        key: .columns([]),
        columns: rows.map { Column($0.text(1), ArchiveSQL.kind($0.text(2)), nullable: true, standard: nil) })
    }
  }

  /// Written by the steps of the schema themselves: a database has what its own steps say, never what an archive says.
  private static func isOfSteps(_ table: Table) -> Bool { table.name == StorageSchema.neighbour.name }

  private func target(_ why: String) -> Problem {
    Problem(
      .conflict, "restore_target",
      "\(why); restore into a new database, or, where the archive is of this program's schema, say that the contents may be replaced"
    )
  }

  private func clear(_ tables: [Table], of database: some Database, replacing: Bool) async throws {
    let tables = tables.filter { !Self.isOfSteps($0) }
    try await database.write(.bulk) { tx in
      for table in tables where try tx.row(ArchiveSQL.any(of: table)) != nil {
        guard replacing else { throw target("the database is not empty (\(table.name) has rows)") }
      }
      if replacing { for table in tables.reversed() { try tx.enqueue(ArchiveSQL.clear(table)) } }
    }
  }
}
