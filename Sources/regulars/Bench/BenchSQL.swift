import Storage

enum BenchSQL {
  /// Bytes that the database takes: pages of the file and of what its log has not moved there yet.
  // Unscoped: asks about the file as a whole.
  static func size(_ dialect: Dialect) -> SQL {
    switch dialect {
    case .sqlite: "select page_count * page_size from pragma_page_count(), pragma_page_size()"
    case .postgres: "select pg_database_size(current_database())"
    }
  }
}
