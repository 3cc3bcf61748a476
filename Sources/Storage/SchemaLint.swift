import Kernel

extension Schema {
  /// What a cluster could not distribute, what names no account, what one of the databases would refuse. Empty when all is well.
  public func lint() -> [Issue] {
    var issues = repeatedNames()
    var earlier: [String: Table] = [:]
    for table in tables {
      issues += table.lintNames() + table.lintScope() + table.lintKeys() + table.lintForeignKeys(earlier)
      earlier[table.name] = table
    }
    return issues
  }

  private func repeatedNames() -> [Issue] {
    var seen: Set<String> = []
    let names = tables.flatMap { table in
      [table.name] + table.indexNames
    }
    return names.filter { !seen.insert($0).inserted }.map {
      Issue(pointer: "/\($0)", code: "repeated", message: "two tables or indexes share this name")
    }
  }
}

extension Table {
  private func issue(_ code: String, _ message: String) -> Issue { Issue(pointer: "/\(name)", code: code, message: message) }

  fileprivate var indexNames: [String] {
    uniques.map { indexName($0.columns, "one") } + indexes.map(indexName(of:))
  }

  private var columnNames: Set<String> { Set(columns.map(\.name)) }

  private var keyColumns: [String] {
    switch key {
    case .id, .stream: ["id"]
    case .clustered(let columns), .columns(let columns): columns
    }
  }

  fileprivate func lintNames() -> [Issue] {
    var issues: [Issue] = []
    if columnNames.count != columns.count { issues.append(issue("repeated_column", "a column stands twice")) }
    // An expression stands in parentheses; the databases read it themselves.
    let indexed =
      uniques.flatMap(\.columns)
      + indexes.flatMap { index in
        index.columns.filter { index.name == nil || !$0.contains("(") }.map { String($0.prefix { $0 != " " }) }
      }
    for column in keyColumns + indexed + foreignKeys.flatMap(\.columns) where !columnNames.contains(column) {
      issues.append(issue("unknown_column", "a key or index names \(column), which the table does not have"))
    }
    for name in indexNames where name.utf8.count > 63 {
      issues.append(issue("long_name", "PostgreSQL cuts \(name) after 63 bytes"))
    }
    return issues
  }

  fileprivate func lintScope() -> [Issue] {
    switch scope {
    case .installation(let because): because.isEmpty ? [issue("scope", "the reason why no account owns the table is missing")] : []
    case .account:
      columnNames.isDisjoint(with: ["account_id", "programme_id", "owner_id"])
        ? [issue("scope", "no account_id, programme_id or owner_id: statements could not name whose rows they touch")] : []
    }
  }

  /// A distributed table's unique keys contain the column it is spread by, or no node could check them alone.
  fileprivate func lintKeys() -> [Issue] {
    guard let spread = spreadColumn else { return [] }
    guard columnNames.contains(spread) else { return [issue("spread", "the table is spread by \(spread), which it does not have")] }
    var issues: [Issue] = []
    if let key = primaryKey(for: .postgres), !key.contains(spread) {
      issues.append(issue("spread", "the primary key lacks \(spread), by which the table is spread"))
    }
    for unique in uniques where !unique.columns.contains(spread) {
      let columns = unique.columns.joined(separator: ", ")
      issues.append(issue("spread", "unique (\(columns)) lacks \(spread), by which the table is spread"))
    }
    return issues
  }

  private var spreadColumn: String? {
    switch family {
    case .byMember: "owner_id"
    case .byValue(let column): column
    case .reference: nil
    }
  }

  fileprivate func lintForeignKeys(_ earlier: [String: Table]) -> [Issue] {
    foreignKeys.flatMap { key -> [Issue] in
      guard let target = key.table == name ? self : earlier[key.table] else {
        return [issue("foreign_key", "refers to \(key.table), which is not declared before it")]
      }
      var issues: [Issue] = []
      if !target.isSameFamily(as: self) { issues.append(issue("foreign_key", "refers to \(key.table) of another family")) }
      if key.columns.count != key.targets.count || !target.isUnique(key.targets) {
        issues.append(issue("foreign_key", "\(key.table) (\(key.targets.joined(separator: ", "))) is not unique on both databases"))
      }
      if let spread = spreadColumn, !key.columns.contains(spread) {
        issues.append(issue("foreign_key", "the reference to \(key.table) lacks \(spread)"))
      }
      return issues
    }
  }

  private func isSameFamily(as other: Table) -> Bool {
    switch (family, other.family) {
    case (.byMember, .byMember), (.byValue, .byValue), (.reference, .reference): true
    case (.byMember, _), (.byValue, _), (.reference, _): false
    }
  }

  private func isUnique(_ targets: [String]) -> Bool {
    (primaryKey(for: .postgres) == targets && (key != .stream || family != .byMember))
      || uniques.contains { $0.columns == targets && $0.condition == nil }
  }
}
