/// An archive as it is read: one frame in memory at a time.
final class ArchiveReader {
  private let file: ByteFile
  private var table: Part?
  /// The step of the schema that the archive was made at; not newer than this program's.
  let schema: Int
  /// Rows read so far.
  private(set) var count = 0

  /// Rows of one table.
  struct Part {
    let table: String
    let columns: [String]
    var rows: [[Value]] = []
  }

  /// - Throws: `StorageFailure.schemaTooNew` where the archive was made by a newer program.
  init(_ path: String, _ archive: Archive) throws {
    file = try ByteFile(reading: path)
    guard case .head(let schema, _) = try ArchiveFrame.read(from: file) else {
      throw StorageFailure.damaged("the archive \(path): it does not begin with its head")
    }
    if schema > archive.migrator.known { throw StorageFailure.schemaTooNew(found: schema, known: archive.migrator.known) }
    self.schema = schema
  }

  /// The next rows and their table; nil at the end.
  func next() throws -> Part? {
    while true {
      switch try ArchiveFrame.read(from: file) {
      case .head: throw damaged("a second head")
      case .table(let name, let columns): table = Part(table: name, columns: columns)
      case .rows(let rows):
        guard var part = table else { throw damaged("rows without a table") }
        count += rows.count
        part.rows = rows
        return part
      case .end(let rows):
        guard rows == count else { throw damaged("\(count) rows where \(rows) were written") }
        return nil
      }
    }
  }

  /// The table of a part among those of the archive's schema.
  /// - Throws: `StorageFailure.damaged` where that schema has no such table or not these columns.
  func table(of part: Part, among tables: [Table]) throws -> Table {
    guard let table = tables.first(where: { $0.name == part.table }), Set(part.columns) == Set(table.columns.map(\.name))
    else { throw damaged("a table \(part.table) (\(part.columns.joined(separator: ", "))) that its schema does not have") }
    return table
  }

  private func damaged(_ what: String) -> StorageFailure { .damaged("the archive \(file.path): \(what)") }
}
