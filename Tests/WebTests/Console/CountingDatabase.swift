import Storage
import Synchronization
import TestKit

/// A database whose statements are counted, over all transactions.
final class CountingDatabase: Database {
  private let inner: any Database
  private let count = Mutex(0)

  init(_ inner: any Database) { self.inner = inner }

  var statements: Int { count.withLock { $0 } }

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
    var seen = tx.seen { CountingConnection($0, statements) }
    return try body(&seen)
  }
}
