/// An archive as it is read: one frame in memory at a time.
final class ArchiveReader {
  private let file: ByteFile
  private let tables: [Table]
  private var table: Table?
  /// Rows read so far.
  private(set) var count = 0

  /// - Throws: `StorageFailure.schemaTooNew` and `.schemaMissing` where the archive was made by another version of the program.
  init(_ path: String, _ archive: Archive) throws {
    file = try ByteFile(reading: path)
    tables = archive.tables
    guard case .head(let schema, _) = try ArchiveFrame.read(from: file) else { throw damaged("it does not begin with its head") }
    let known = archive.migrator.known
    if schema > known { throw StorageFailure.schemaTooNew(found: schema, known: known) }
    if schema < known { throw StorageFailure.schemaMissing(found: schema, known: known) }
  }

  /// The next rows and their table; nil at the end.
  func next() throws -> (Table, [[Value]])? {
    while true {
      switch try ArchiveFrame.read(from: file) {
      case .head: throw damaged("a second head")
      case .table(let name, let columns): table = try known(name, columns)
      case .rows(let rows):
        guard let table else { throw damaged("rows without a table") }
        count += rows.count
        return (table, rows)
      case .end(let rows):
        guard rows == count else { throw damaged("\(count) rows where \(rows) were written") }
        return nil
      }
    }
  }

  private func known(_ name: String, _ columns: [String]) throws -> Table {
    guard let table = tables.first(where: { $0.name == name }), table.columns.map(\.name) == columns else {
      throw damaged("a table \(name) (\(columns.joined(separator: ", "))) that this schema does not have")
    }
    return table
  }

  private func damaged(_ what: String) -> StorageFailure { .damaged("the archive \(file.path): \(what)") }
}
