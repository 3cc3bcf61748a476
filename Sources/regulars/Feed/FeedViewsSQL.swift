import Storage

/// The statements that make the views of docs/administrator/warehouse.md, from the folder `Views`.
enum FeedViewsSQL {
  private static let script = Migration(
    1, "views for a warehouse", sqlite: PackageResources.feed_sqlite_sql, postgres: PackageResources.feed_postgres_sql)

  static func create(_ dialect: Dialect) -> [String] { script.statements(for: dialect) }

  /// In an order in which none is needed by another that stands.
  static func names(_ dialect: Dialect) -> [String] {
    create(dialect).compactMap { statement in
      statement.split(separator: " ", maxSplits: 3).dropFirst(2).first.map(String.init)
    }.reversed()
  }

  static func drop(_ name: String) -> SQL { SQL(prepared: "drop view if exists \(name)", []) }

  static func make(_ statement: String) -> SQL { SQL(prepared: statement, []) }

  /// Unscoped: asks the database what it has.
  static func exists(_ dialect: Dialect) -> SQL {
    switch dialect {
    case .sqlite: "select 1 from sqlite_master where type = 'view' and name = 'feed_lines'"
    case .postgres: "select 1 where to_regclass('feed_lines') is not null"
    }
  }
}

/// Views for whoever asks the database itself in SQL: without names, telephones or anything else that makes a person of a member.
enum FeedViews {
  /// Makes them anew in one transaction.
  static func create(in database: any Database) async throws {
    try await database.write(.bulk) { tx in
      for name in FeedViewsSQL.names(tx.dialect) { try tx.run(FeedViewsSQL.drop(name)) }
      for statement in FeedViewsSQL.create(tx.dialect) { try tx.run(FeedViewsSQL.make(statement)) }
    }
  }

  /// - Returns: true where they were there.
  static func drop(in database: any Database) async throws -> Bool {
    try await database.write(.bulk) { tx in
      guard try tx.row(FeedViewsSQL.exists(tx.dialect)) != nil else { return false }
      for name in FeedViewsSQL.names(tx.dialect) { try tx.run(FeedViewsSQL.drop(name)) }
      return true
    }
  }
}
