import Tables

/// Rows on their way to the feed's files.
struct FeedBatch {
  /// Records of one table.
  struct Records {
    var writer = TableWriter()
    var rows = 0
  }

  private(set) var tables: [FeedTable: Records] = [:]

  /// - Precondition: a field for each column of the table.
  mutating func add(_ table: FeedTable, _ fields: [String]) {
    precondition(fields.count == table.columns.count, "\(table.rawValue) has \(table.columns.count) columns")
    tables[table, default: Records()].add(fields)
  }

  mutating func add(_ other: FeedBatch) {
    for (table, records) in other.tables { tables[table, default: Records()].add(records) }
  }
}

extension FeedBatch.Records {
  fileprivate mutating func add(_ fields: [String]) {
    for field in fields { writer.field(field) }
    writer.endRecord()
    rows += 1
  }

  fileprivate mutating func add(_ other: Self) {
    writer.add(records: other.writer)
    rows += other.rows
  }
}

extension FeedTable {
  /// The first line of the table's file.
  var header: [UInt8] {
    var writer = TableWriter()
    for column in columns { writer.field(column.name) }
    writer.endRecord()
    return writer.take()
  }
}
