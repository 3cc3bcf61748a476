import Kernel

/// The few places where the two databases speak differently.
public enum Dialect: String, Sendable, CaseIterable {
  case sqlite, postgres

  /// Ends a select whose rows the transaction is about to change. SQLite has one writer, so it needs no word for it.
  public var forUpdate: String {
    switch self {
    case .sqlite: ""
    case .postgres: " for update"
    }
  }

  /// Ends a select whose rows must stay as they are until the transaction ends, however many others rely on them as well.
  public var forShare: String {
    switch self {
    case .sqlite: ""
    case .postgres: " for share"
    }
  }

  /// Ends a select that claims jobs: rows that another instance is claiming are passed over.
  public var forClaim: String {
    switch self {
    case .sqlite: ""
    case .postgres: " for update skip locked"
    }
  }

  /// Integers of several rows as one text with spaces between them, in no order; null for no rows.
  public func joined(_ column: StaticString) -> String {
    switch self {
    case .sqlite: "group_concat(\(column), ' ')"
    case .postgres: "string_agg(cast(\(column) as text), ' ')"
    }
  }
}

/// Who waits. Bulk work goes behind tills.
public enum Urgency: Sendable {
  case till, bulk

  /// Of what the task at hand reads; its writes say it themselves. Work in the background sets it once for everything that it begins, so that
  /// none of its reads, however deep, takes the place of a till's.
  @TaskLocal public static var current = Urgency.till
}

/// A database as wings know it.
public protocol Database: Sendable {
  var dialect: Dialect { get }

  /// Runs the closure in a transaction and commits it durably before it returns. The closure may run more than once.
  /// - Throws: what the closure throws, after undoing it alone; `StorageFailure` when the world breaks – `.unknownOutcome`
  ///   where the commit itself failed and nobody can tell: ask again by key.
  func write<R: Sendable>(_ urgency: Urgency, _ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R

  /// Writes what can be worked out beforehand: a database with one writer runs `drafting` on a snapshot beside it, so that the
  /// writer does nothing but write. Where many can write there is nothing to win; the body then gets nil and does everything.
  ///
  /// The snapshot is old when the body runs: the body looks whether the draft still holds.
  /// - Throws: what either closure throws, as `write`.
  func write<D: Sendable, R: Sendable>(
    _ urgency: Urgency, drafting: @escaping @Sendable (inout Transaction) throws -> D?,
    body: @escaping @Sendable (D?, inout Transaction) throws -> R
  ) async throws -> R

  /// Runs the closure on a consistent snapshot that cannot write, with the urgency of the task.
  func read<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R

  /// Ends after the work under way; later calls are refused.
  func close() async

  /// What it has done since it was opened, counted up, for metrics.
  var figures: [DatabaseFigure] { get }
}

/// One of the counts of a database.
public struct DatabaseFigure: Hashable, Sendable {
  /// For example `commits_total`.
  public let name: String
  public let value: Double
  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

extension Database {
  public func write<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await write(.till, body)
  }

  public func write<D: Sendable, R: Sendable>(
    _ urgency: Urgency, drafting: @escaping @Sendable (inout Transaction) throws -> D?,
    body: @escaping @Sendable (D?, inout Transaction) throws -> R
  ) async throws -> R {
    try await write(urgency) { tx in try body(nil, &tx) }
  }
}

/// The world below us broke. Every case says what an operator can do.
public enum StorageFailure: Error, Sendable, CustomStringConvertible {
  /// The commit was sent and no answer came, or the disk refused it: the writes may or may not be there.
  case unknownOutcome(String)
  case connectionLost(String)
  case diskFull(String)
  /// The disk did not confirm what was written. Nothing is written any more before the database is opened anew.
  case diskFailed(String)
  case readOnly(String)
  /// The schema is newer than this program knows.
  case schemaTooNew(found: Int, known: Int)
  case schemaMissing(found: Int, known: Int)
  /// An applied migration differs from this program's: the database or the program was tampered with.
  case schemaChanged(String)
  case damaged(String)
  /// A unique, check or foreign key rule of the schema was broken: a bug above, or a race the caller expects.
  case constraint(String)
  case busy(String)
  case closed
  case statement(String)

  public var description: String {
    switch self {
    case .unknownOutcome(let cause): "the database did not confirm the commit; ask again with the same key (\(cause))"
    case .connectionLost(let cause): "the connection to the database was lost; it is made anew by itself (\(cause))"
    case .diskFull(let place): "the disk is full, nothing was written; free some space (\(place))"
    case .diskFailed(let cause):
      "the disk failed, and nothing more is written to it; look at the disk, then start the program again (\(cause))"
    case .readOnly(let place): "the database cannot be written; check the file's and the folder's rights (\(place))"
    case .schemaTooNew(let found, let known):
      "the database is at schema \(found), this program knows \(known); start a newer program"
    case .schemaMissing(let found, let known):
      "the database is at schema \(found), this program needs \(known); run `regulars migrate`"
    case .schemaChanged(let what): "the schema's history differs from this program's; use the program that made it (\(what))"
    case .damaged(let cause): "the database is damaged; restore the last backup (\(cause))"
    case .constraint(let cause): "a rule of the schema was broken (\(cause))"
    case .busy(let cause): "the database stayed busy for too long (\(cause))"
    case .closed: "the database is closed"
    case .statement(let cause): "the database refused a statement (\(cause))"
    }
  }
}

extension StorageFailure {
  /// True where a statement or a rule of the schema is to blame, so that undoing one closure leaves its neighbours whole.
  public var concernsOneClosure: Bool {
    switch self {
    case .constraint, .statement, .schemaTooNew, .schemaMissing, .schemaChanged: true
    case .unknownOutcome, .connectionLost, .diskFull, .diskFailed, .readOnly, .damaged, .busy, .closed: false
    }
  }
}
