import Storage

/// Work on the file as a whole: done by the writer's thread between two transactions, on the writing connection itself.
final class SQLiteFileWork: Call {
  private let body: @Sendable (SQLiteConnection) throws -> Bool
  private let continuation: CheckedContinuation<Bool, any Error>

  init(_ body: @escaping @Sendable (SQLiteConnection) throws -> Bool, _ continuation: CheckedContinuation<Bool, any Error>) {
    self.body = body
    self.continuation = continuation
  }

  func run(on connection: SQLiteConnection) {
    continuation.resume(with: Result { try body(connection) })
  }

  func run(_ transaction: inout Transaction) throws {
    throw StorageFailure.statement("work on the file cannot stand in a transaction")
  }

  func answer(_ error: (any Error)?) { continuation.resume(throwing: error ?? StorageFailure.closed) }
}
