/// Tables that make up one database, in an order in which they can be created.
public struct Schema: Sendable {
  public let tables: [Table]

  public init(_ tables: [Table]) { self.tables = tables }

  /// Every statement that creates the tables and their indexes, in order.
  public func statements(for dialect: Dialect) -> [String] { tables.flatMap { $0.statements(for: dialect) } }

  /// The statements as one text for a golden file.
  public func text(for dialect: Dialect) -> String { statements(for: dialect).map { $0 + ";\n" }.joined(separator: "\n") }
}

extension Table {
  /// `create table`, then its indexes.
  public func statements(for dialect: Dialect) -> [String] {
    [creation(for: dialect)] + ownerIndex(for: dialect) + uniques.map(statement(of:)) + indexes.map(statement(of:))
  }

  private func creation(for dialect: Dialect) -> String {
    var lines = columns.map {
      $0.line(for: dialect, isRowid: dialect == .sqlite && (key == .id || key == .stream) && $0.name == "id")
    }
    if let keyColumns = primaryKey(for: dialect) { lines.append("primary key (\(keyColumns.joined(separator: ", ")))") }
    for key in foreignKeys {
      lines.append(
        "foreign key (\(key.columns.joined(separator: ", "))) references \(key.table) (\(key.targets.joined(separator: ", ")))")
    }
    for (index, check) in checks.enumerated() { lines.append("constraint \(name)_check_\(index + 1) check (\(check))") }
    return "create table \(name) (\n" + lines.map { "  " + $0 }.joined(separator: ",\n") + "\n)" + ending(for: dialect)
  }

  /// The columns of the key where it stands on a line of its own; nil where a column carries it.
  func primaryKey(for dialect: Dialect) -> [String]? {
    switch (key, dialect) {
    case (.id, .sqlite), (.stream, .sqlite): nil
    case (.id, .postgres), (.stream, .postgres): family == .byMember ? ["owner_id", "id"] : ["id"]
    case (.clustered(let columns), _), (.columns(let columns), _): columns
    }
  }

  private func ending(for dialect: Dialect) -> String {
    guard dialect == .sqlite else { return "" }
    if case .clustered = key { return " strict, without rowid" }
    return " strict"
  }

  /// Where SQLite's rows lie by id, a member's rows are found through an index; it also serves as the target of foreign keys.
  private func ownerIndex(for dialect: Dialect) -> [String] {
    // A stream is read in the order it came, which is where SQLite's rows lie anyhow.
    if dialect == .postgres, key == .stream { return ["create index \(name)_by_id on \(name) (id)"] }
    guard dialect == .sqlite, key == .id, family == .byMember else { return [] }
    return ["create unique index \(name)_by_owner_id_id on \(name) (owner_id, id)"]
  }

  private func statement(of unique: Unique) -> String {
    "create unique index \(indexName(unique.columns, "one")) on \(name) (\(unique.columns.joined(separator: ", ")))"
      + condition(unique.condition)
  }

  private func statement(of index: Index) -> String {
    "create index \(indexName(of: index)) on \(name) (\(index.columns.joined(separator: ", ")))"
      + condition(index.condition)
  }

  private func condition(_ text: String?) -> String { text.map { " where \($0)" } ?? "" }

  func indexName(of index: Index) -> String { indexName(index.name.map { [$0] } ?? index.columns, "by") }

  /// `receipt_by_owner_id_sold_at`, `coupon_one_code`.
  func indexName(_ columns: [String], _ kind: String) -> String {
    let words = columns.map { String($0.prefix { $0 != " " }) }
    return ([name, kind] + words).joined(separator: "_")
  }
}

extension Column {
  fileprivate func line(for dialect: Dialect, isRowid: Bool) -> String {
    if isRowid { return "\(name) integer primary key" }
    var line = "\(name) \(type(for: dialect))"
    if !isNullable { line += " not null" }
    switch standard {
    case .int(let value): line += " default \(value)"
    case .text(let value):
      line += " default '" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    case .null, .bytes, nil: break
    }
    if isFlag { line += " check (\(name) in (0, 1))" }
    return line
  }

  /// PostgreSQL compares text by code points as SQLite does, whatever the locale its database was made with.
  private func type(for dialect: Dialect) -> String {
    switch (kind, dialect) {
    case (.integer, .sqlite): "integer"
    case (.integer, .postgres): "bigint"
    case (.text, .sqlite): "text"
    case (.text, .postgres): "text collate \"C\""
    case (.bytes, .sqlite): "blob"
    case (.bytes, .postgres): "bytea"
    }
  }
}
