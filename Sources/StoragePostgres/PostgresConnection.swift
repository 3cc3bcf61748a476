import CPostgres
import Storage

/// One transaction after another on one connection.
///
/// `begin` travels with the first statement and `commit` with the writes that wait, so a purchase that reads once and then writes
/// is two round trips. After a failed statement nothing more is done.
final class PostgresConnection: Connection {
  /// The failure that ended the transaction under way.
  private(set) var failed: PostgresError?
  private let wire: PostgresWire
  private var isReadOnly = false
  private var hasBegun = false

  init(_ wire: PostgresWire) { self.wire = wire }

  var dialect: Dialect { .postgres }

  /// Rows fetched at a time by `each`.
  private static let chunk = 500

  func rows(_ sql: SQL) throws -> [Row] {
    try guarded(sql.text) {
      try send(sql, isWanted: true)
      return try answer().rows()
    }
  }

  func answers(to statements: [SQL]) throws -> [[Row]] {
    try guarded(statements.first?.text ?? "") {
      for statement in statements { try send(statement, isWanted: true) }
      return try wire.receive().map { try $0.rows() }
    }
  }

  func run(_ sql: SQL) throws -> Int {
    try guarded(sql.text) {
      try send(sql, isWanted: true)
      return try answer().changes
    }
  }

  func enqueue(_ sql: SQL) throws {
    try guarded(sql.text) { try send(sql, isWanted: false) }
  }

  /// Rows of one statement of a bulk insert: some hundred kilobytes on the wire.
  private static let bulk = 1_000

  func insert(_ rows: [[Value]], into table: Table, _ columns: [Column], _ known: KnownRows) throws -> Int {
    let text = insertText(table, columns, known)
    return try guarded(text) {
      var count = 0
      for start in stride(from: 0, to: rows.count, by: Self.bulk) {
        try send(rows[start..<min(start + Self.bulk, rows.count)], text, columns)
        count += try answer().changes
      }
      return count
    }
  }

  func insert(_ parts: [RowBatch]) throws -> [Int] {
    try guarded("insert of \(parts.map(\.table.name).joined(separator: ", "))") {
      let full = parts.filter { !$0.rows.isEmpty }
      for part in full { try send(part.rows[...], insertText(part.table, part.columns, part.known), part.columns) }
      var counts = try wire.receive().map(\.changes)[...]
      return parts.map { $0.rows.isEmpty ? 0 : counts.popFirst() ?? 0 }
    }
  }

  private func insertText(_ table: Table, _ columns: [Column], _ known: KnownRows) -> String {
    let names = columns.map(\.name).joined(separator: ", ")
    let arrays = columns.enumerated().map { "$\($0.offset + 1)::\(PostgresArray.name($0.element.kind))[]" }.joined(separator: ", ")
    return "insert into \(table.name) (\(names)) select * from unnest(\(arrays))" + known.ending(table, columns)
  }

  private func send(_ rows: ArraySlice<[Value]>, _ text: String, _ columns: [Column]) throws {
    let binds = columns.indices.map { PostgresArray.encode(rows, column: $0, columns[$0].kind) }
    try send(SQL(prepared: text, binds), isWanted: true, types: columns.map { PostgresArray.type($0.kind) })
  }

  /// Through a cursor, so that the body may stop without ending the transaction and no more than a chunk is kept.
  func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
    try enqueue(SQL(prepared: "declare walk no scroll cursor for " + sql.text, sql.binds))
    let fetch = SQL(prepared: "fetch \(Self.chunk) from walk", [])
    do {
      while true {
        let rows = try self.rows(fetch)
        for row in rows { try body(row) }
        if rows.count < Self.chunk { break }
      }
    } catch {
      if failed == nil { try enqueue("close walk") }
      throw error
    }
    try enqueue("close walk")
  }

  private func answer() throws -> PostgresResult {
    guard let result = try wire.receive().last else { throw PostgresError(state: "", message: "no answer") }
    return result
  }

  private func send(_ sql: SQL, isWanted: Bool, types: [Oid]? = nil) throws {
    if !hasBegun {
      hasBegun = true
      try wire.send(isReadOnly ? "begin isolation level repeatable read read only" : "begin", isWanted: false)
    }
    try wire.send(sql, isWanted: isWanted, types: types)
  }

  private func guarded<R>(_ text: @autoclosure () -> String, _ body: () throws -> R) throws -> R {
    if let failed { throw failed.failure(text()) }
    do {
      return try body()
    } catch let error as PostgresError {
      failed = error
      throw error.failure(text())
    } catch let failure as StorageFailure {
      failed = PostgresError(state: "42804", message: "\(failure)")
      throw failure
    }
  }

  // MARK: the driver's side

  /// Connects where needed and stands ready for a closure. - Throws: `PostgresError`.
  func prepare(isReadOnly: Bool) throws {
    failed = nil
    hasBegun = false
    self.isReadOnly = isReadOnly
    try wire.open()
    try wire.trim()
  }

  /// - Throws: `PostgresError` where it is certain that nothing was committed; `StorageFailure.unknownOutcome` where it is not.
  func commit() throws {
    if let failed { throw failed }
    guard hasBegun else { return }
    do {
      try wire.send("commit", isWanted: true)
      _ = try wire.sync()
    } catch let error as PostgresError {
      failed = error
      guard error.isConnectionLost, !isReadOnly else { throw error }
      throw StorageFailure.unknownOutcome(error.message)
    }
  }

  /// Leaves the connection fit for the next closure, or closes it.
  func rollBack() {
    guard hasBegun else { return }
    for _ in 0..<2 {
      do {
        // In a stopped pipeline the first rollback is skipped and only the sync counts; the second one then does it.
        try wire.send("rollback", isWanted: false)
        _ = try wire.sync()
      } catch let error as PostgresError where !error.isConnectionLost {
        continue
      } catch {
        wire.close()
        return
      }
      if wire.isIdle { return }
    }
    if !wire.isIdle { wire.close() }
  }
}
