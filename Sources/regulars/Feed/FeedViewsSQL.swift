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

  /// In the place of one that stands, with the rights to it: PostgreSQL allows it where columns are only added at the end.
  static func replace(_ statement: String) -> SQL {
    SQL(prepared: "create or replace " + statement.dropFirst("create ".count), [])
  }

  /// Unscoped: asks the database what it has.
  static func exists(_ dialect: Dialect) -> SQL {
    switch dialect {
    case .sqlite: "select 1 from sqlite_master where type = 'view' and name = 'feed_lines'"
    case .postgres: "select 1 where to_regclass('feed_lines') is not null"
    }
  }

  /// Unscoped: what PostgreSQL lets others do with the views, as the statements that let them do it again.
  static let rights: SQL = """
    select format('grant %s on %I to %s%s', a.privilege_type, c.relname,
      case when r.rolname is null then 'public' else quote_ident(r.rolname) end,
      case when a.is_grantable then ' with grant option' else '' end)
    from pg_class c cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
    where c.relkind = 'v' and c.relnamespace = to_regnamespace(current_schema()) and c.relname like 'feed\\_%' and a.grantee <> c.relowner
    """

  static func grant(_ statement: String) -> SQL { SQL(prepared: statement, []) }

  /// Whoever asks a view for an hour holds it: nobody else is made to wait for that behind us. It is tried a few times.
  static let patience: SQL = "set local lock_timeout = '2s'"
}

/// Views for whoever asks the database itself in SQL: without names, telephones or anything else that makes a person of a member.
enum FeedViews {
  /// Statements that give back who may read them.
  typealias Rights = [String]

  static func stand(in database: any Database) async throws -> Bool {
    try await database.read { tx in try tx.row(FeedViewsSQL.exists(tx.dialect)) != nil }
  }

  /// Makes them, or makes those that stand anew; who may read them still may.
  /// - Throws: `StorageFailure` where they cannot: others' views stand on columns that are no more, or somebody reads them for long. Then they are as
  ///   they were.
  static func make(in database: any Database, giving rights: Rights = []) async throws {
    if case .postgres = database.dialect, try await replace(in: database, giving: rights) { return }
    try await database.write(.bulk) { tx in
      let rights = try rights + remove(in: &tx)
      for statement in FeedViewsSQL.create(tx.dialect) { try tx.run(FeedViewsSQL.make(statement)) }
      for right in rights { try tx.run(FeedViewsSQL.grant(right)) }
    }
  }

  /// - Returns: false where a column has another name, place or kind than before: only new views can have that.
  private static func replace(in database: any Database, giving rights: Rights) async throws -> Bool {
    do {
      try await database.write(.bulk) { tx in
        try tx.run(FeedViewsSQL.patience)
        for statement in FeedViewsSQL.create(tx.dialect) { try tx.run(FeedViewsSQL.replace(statement)) }
        for right in rights { try tx.run(FeedViewsSQL.grant(right)) }
      }
      return true
    } catch StorageFailure.statement { return false }
  }

  /// - Returns: who could read them; nil where there were none.
  static func drop(in database: any Database) async throws -> Rights? {
    try await database.write(.bulk) { tx in
      try tx.row(FeedViewsSQL.exists(tx.dialect)) == nil ? nil : try remove(in: &tx)
    }
  }

  private static func remove(in tx: inout Transaction) throws -> Rights {
    var rights: Rights = []
    if case .postgres = tx.dialect {
      try tx.run(FeedViewsSQL.patience)
      rights = try tx.rows(FeedViewsSQL.rights).map { $0.text(0) }
    }
    for name in FeedViewsSQL.names(tx.dialect) { try tx.run(FeedViewsSQL.drop(name)) }
    return rights
  }
}
