/// Every statement of backup and restore. They name no account: they concern the whole installation.
enum ArchiveSQL {
  static func all(of table: Table) -> SQL {
    SQL(prepared: "select \(table.columns.map(\.name).joined(separator: ", ")) from \(table.name)", [])
  }

  static func any(of table: Table) -> SQL { SQL(prepared: "select 1 from \(table.name) limit 1", []) }

  static func clear(_ table: Table) -> SQL { SQL(prepared: "delete from \(table.name)", []) }
}
