import Storage

/// What a database's own catalogue says of its tables: columns with place, type, nullability and default, keys, checks, references and
/// indexes, a line each. Two databases with the same lines have the same schema.
public struct SchemaPortrait: Sendable {
  public let lines: [String]

  public init(of database: some Database) async throws {
    let found = try await database.read { tx in
      switch tx.dialect {
      case .sqlite: try Self.sqlite(&tx)
      case .postgres: try Self.postgres(&tx)
      }
    }
    lines = found.filter { !$0.hasPrefix("schema_migration") }.sorted()
  }

  /// One sentence for each line that the other has and this one lacks, or the other way about.
  public func differences(from declared: SchemaPortrait) -> [String] {
    let (here, there) = (Set(lines), Set(declared.lines))
    return there.subtracting(here).sorted().map { "lacks: \($0)" }
      + here.subtracting(there).sorted().map { "has undeclared: \($0)" }
  }

  // SQLite's catalogue has no words for checks, so the elements of its `create table` are taken besides what the pragmas say.
  private static func sqlite(_ tx: inout Transaction) throws -> [String] {
    var lines: [String] = []
    for row in try tx.rows("select name, sql from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name") {
      let text = row.text(1)
      lines += elements(of: text).map { "\(row.text(0)): \($0)" }
    }
    let rest: [SQL] = [
      """
      select name || ' is ' || case when strict then 'strict' else 'lax' end || case when wr then ' without rowid' else '' end
      from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%'
      """,
      """
      select t.name || '.' || c.name || ' ' || c.cid || ' ' || c.type || case when c."notnull" then ' not null' else '' end
        || coalesce(' default ' || c.dflt_value, '') || case when c.pk > 0 then ' key ' || c.pk else '' end
      from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite_%'
      """,
      """
      select t.name || '.' || k."from" || ' references ' || k."table" || '.' || k."to" || ' on delete ' || k.on_delete
      from sqlite_master t join pragma_foreign_key_list(t.name) k where t.type = 'table'
      """,
      "select tbl_name || ': ' || sql from sqlite_master where type in ('index', 'trigger', 'view') and sql is not null",
    ]
    for sql in rest { lines += try tx.rows(sql).map { spaced($0.text(0)) } }
    return lines
  }

  /// What stands between the outer brackets, cut at its commas.
  private static func elements(of text: String) -> [String] {
    var (elements, current, depth, isQuoted) = ([String](), "", 0, false)
    for character in text {
      if character == "'" { isQuoted.toggle() }
      if character == ")", !isQuoted { depth -= 1 }
      if character == ",", !isQuoted, depth == 1 {
        elements.append(current)
        current = ""
      } else if depth > 0 {
        current.append(character)
      }
      if character == "(", !isQuoted { depth += 1 }
    }
    return (elements + [current]).map(spaced)
  }

  private static func spaced(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

  private static func postgres(_ tx: inout Transaction) throws -> [String] {
    let all: [SQL] = [
      """
      select c.relname || '.' || a.attname || ' ' || row_number() over (partition by c.oid order by a.attnum) || ' '
        || format_type(a.atttypid, a.atttypmod)
        || case when a.attcollation <> t.typcollation then ' collate ' || l.collname else '' end
        || case when a.attnotnull then ' not null' else '' end || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum left join pg_collation l on l.oid = a.attcollation
      where c.relnamespace = to_regnamespace(current_schema()) and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      """,
      """
      select c.relname || ': ' || o.conname || ' ' || pg_get_constraintdef(o.oid) from pg_constraint o
        join pg_class c on c.oid = o.conrelid where c.relnamespace = to_regnamespace(current_schema())
      """,
      """
      select tablename || ': ' || replace(indexdef, current_schema() || '.', '') from pg_indexes where schemaname = current_schema()
      """,
      """
      select c.relname || ' is ' || cast(c.relkind as text) from pg_class c
      where c.relnamespace = to_regnamespace(current_schema()) and c.relkind <> 'i'
      """,
    ]
    return try all.flatMap { try tx.rows($0).map { $0.text(0) } }
  }
}
