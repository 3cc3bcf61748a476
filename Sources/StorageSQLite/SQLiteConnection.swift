import GRDBSQLite
import Storage

/// Runs statements on one open file. GRDB opens and configures the file; statements go straight to SQLite, because on the till's
/// path a microsecond counts (docs/adr/0001-storage-layout.md has the figures).
///
/// Belongs to one thread.
@safe final class SQLiteConnection: Connection {
  let handle: OpaquePointer
  private var statements: [String: SQLiteStatement] = [:]
  /// The same statements by the literal that their text is.
  private var literals: [UInt: SQLiteStatement] = [:]
  /// The first failure of a statement. As on PostgreSQL nothing more is done after it, even when the closure swallowed it.
  private var failed: StorageFailure?
  private var hasChangedSchema = false
  private var changesBefore: Int64 = 0

  /// Texts kept prepared. More than this many are not statements of ours but texts built at run time.
  private static let kept = 512

  init(_ handle: OpaquePointer) { unsafe self.handle = handle }

  var dialect: Dialect { .sqlite }

  func rows(_ sql: SQL) throws -> [Row] {
    var rows: [Row] = []
    try execute(sql) { rows.append($0.row()) }
    return rows
  }

  func answers(to statements: [SQL]) throws -> [[Row]] { try statements.map(rows) }

  func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
    try execute(sql) { try body($0.row()) }
  }

  func run(_ sql: SQL) throws -> Int {
    let effect = try execute(sql) { _ in }
    return effect == .changesRows ? Int(unsafe sqlite3_changes64(handle)) : 0
  }

  func insert(_ rows: [[Value]], into table: Table, _ columns: [Column], _ known: KnownRows) throws -> Int {
    let names = columns.map(\.name).joined(separator: ", ")
    let marks = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    let text = "insert into \(table.name) (\(names)) values (\(marks))" + known.ending(table, columns)
    let before = unsafe sqlite3_total_changes64(handle)
    for row in rows { try enqueue(SQL(prepared: text, row)) }
    return Int(unsafe sqlite3_total_changes64(handle) - before)
  }

  func enqueue(_ sql: SQL) throws { _ = try execute(sql) { _ in } }

  @discardableResult private func execute(_ sql: SQL, _ onRow: (SQLiteStatement) throws -> Void) throws -> SQLiteStatement.Effect {
    if let failed { throw failed }
    let statement: SQLiteStatement
    do {
      statement = try prepared(sql)
      try statement.bind(sql.binds)
    } catch { throw keep(error) }
    defer { statement.reset() }
    if statement.effect == .changesSchema { hasChangedSchema = true }
    while try stepped(statement) { try onRow(statement) }
    return statement.effect
  }

  private func stepped(_ statement: SQLiteStatement) throws -> Bool {
    do { return try statement.step() } catch { throw keep(error) }
  }

  private func keep(_ error: any Error) -> any Error {
    if let failure = error as? StorageFailure { failed = failure }
    return error
  }

  private func prepared(_ sql: SQL) throws -> SQLiteStatement {
    guard let literal = sql.literal else { return try prepared(sql.text) }
    if let statement = literals[literal] { return statement }
    let statement = try prepared(sql.text)
    literals[literal] = statement
    return statement
  }

  private func prepared(_ text: String) throws -> SQLiteStatement {
    if let statement = statements[text] { return statement }
    let statement = unsafe try SQLiteStatement(text, on: handle)
    if statements.count >= Self.kept { forget() }
    statements[text] = statement
    return statement
  }

  /// Statements of the driver itself: begin, commit, savepoint. Not subject to an earlier failure.
  func control(_ text: String) throws {
    let statement = try prepared(text)
    defer { statement.reset() }
    while try statement.step() {}
  }

  /// The one row that a statement of the driver answers with.
  func row(_ text: String) throws -> Row {
    let statement = try prepared(text)
    defer { statement.reset() }
    guard try statement.step() else { throw StorageFailure.statement("no answer to: \(text)") }
    return statement.row()
  }

  /// One closure begins here.
  func beginClosure() {
    failed = nil
    hasChangedSchema = false
    changesBefore = unsafe sqlite3_total_changes64(handle)
  }

  /// One closure ended well – unless it swallowed a failure.
  func endClosure() throws {
    if let failed { throw failed }
  }

  /// False where the closure has nothing that would have to be undone.
  var closureHasWritten: Bool { unsafe hasChangedSchema || sqlite3_total_changes64(handle) != changesBefore }

  /// False once SQLite has given up the transaction by itself, as it does when the disk is full.
  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

  /// Before the file is closed.
  func forget() {
    statements.removeAll(keepingCapacity: true)
    literals.removeAll(keepingCapacity: true)
  }
}
