import Storage
import Synchronization
import TestKit

/// A database whose statements are counted, over all transactions.
final class CountingDatabase: Database {
  private let inner: any Database
  private let count = Mutex(0)
  /// Nil while nobody wants them.
  private let kept = Mutex<[String: [Value]]?>(nil)

  init(_ inner: any Database) { self.inner = inner }

  var statements: Int { count.withLock { $0 } }

  func keepTexts() { kept.withLock { $0 = [:] } }
  /// Of what was read, each with the values of one time.
  var texts: [String: [Value]] { kept.withLock { $0 ?? [:] } }

  var dialect: Dialect { inner.dialect }
  var figures: [DatabaseFigure] { inner.figures }
  func close() async { await inner.close() }

  func write<R: Sendable>(_ urgency: Urgency, _ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await inner.write(urgency) { [self] tx in try counting(&tx, body) }
  }

  func read<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await inner.read { [self] tx in try counting(&tx, body) }
  }

  func write<D: Sendable, R: Sendable>(
    _ urgency: Urgency, drafting: @escaping @Sendable (inout Transaction) throws -> D?,
    body: @escaping @Sendable (D?, inout Transaction) throws -> R
  ) async throws -> R {
    try await inner.write(urgency, drafting: drafting, body: body)
  }

  private func counting<R>(_ tx: inout Transaction, _ body: (inout Transaction) throws -> R) throws -> R {
    let statements = StatementCount()
    defer { count.withLock { $0 += statements.value } }
    let texts = Texts()
    defer { kept.withLock { $0?.merge(texts.all) { first, _ in first } } }
    var seen = tx.seen { CountingConnection(NotingConnection($0, texts), statements) }
    return try body(&seen)
  }
}

private final class Texts { var all: [String: [Value]] = [:] }

/// Keeps the texts of what is read.
private final class NotingConnection: Connection {
  private let inner: any Connection
  private let texts: Texts

  init(_ inner: any Connection, _ texts: Texts) { (self.inner, self.texts) = (inner, texts) }

  var dialect: Dialect { inner.dialect }

  func rows(_ sql: SQL) throws -> [Row] {
    texts.all[sql.text] = sql.binds
    return try inner.rows(sql)
  }

  func answers(to statements: [SQL]) throws -> [[Row]] {
    for sql in statements { texts.all[sql.text] = sql.binds }
    return try inner.answers(to: statements)
  }

  func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
    texts.all[sql.text] = sql.binds
    try inner.each(sql, body)
  }

  func run(_ sql: SQL) throws -> Int { try inner.run(sql) }
  func enqueue(_ sql: SQL) throws { try inner.enqueue(sql) }

  func insert(_ rows: [[Value]], into table: Table, _ columns: [Column], _ known: KnownRows) throws -> Int {
    try inner.insert(rows, into: table, columns, known)
  }
}
