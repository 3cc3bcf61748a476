/// Every statement of backup and restore. They name no account: they concern the whole installation.
enum ArchiveSQL {
  static func all(of table: Table) -> SQL {
    SQL(prepared: "select \(table.columns.map(\.name).joined(separator: ", ")) from \(table.name)", [])
  }

  static func any(of table: Table) -> SQL { SQL(prepared: "select 1 from \(table.name) limit 1", []) }

  static func clear(_ table: Table) -> SQL { SQL(prepared: "delete from \(table.name)", []) }

  /// Table, column and type of everything in the database.
  static func columns(_ dialect: Dialect) -> SQL {
    switch dialect {
    case .sqlite:
      """
      select tables.name, columns.name, columns.type from sqlite_master tables join pragma_table_info(tables.name) columns
      where tables.type = 'table' order by tables.name, columns.cid
      """
    case .postgres:
      """
      select cast(table_name as text), cast(column_name as text), cast(data_type as text) from information_schema.columns
      where table_schema = current_schema() order by table_name, ordinal_position
      """
    }
  }

  static func kind(_ type: String) -> Column.Kind {
    switch type.lowercased() {
    case "integer", "bigint": .integer
    case "blob", "bytea": .bytes
    default: .text
    }
  }
}
