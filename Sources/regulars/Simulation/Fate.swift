import Kernel
import Storage
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// When a process kills itself with SIGKILL, as a power switch would: no handler runs and nothing is tidied up.
final class Fate: Sendable {
  enum Moment: Sendable, CustomStringConvertible {
    case never
    /// Before this statement goes to the database.
    case beforeStatement(Int)
    /// When this statement's answer is there and nobody has seen it.
    case afterStatement(Int)
    /// Everything of this transaction is sent but the commit.
    case beforeCommit(Int)
    /// So many microseconds into this commit, as near as a thread can come.
    case withinCommit(Int, micros: Int)
    /// This commit is done and its caller does not know.
    case afterCommit(Int)
    case afterMicros(Int)

    /// One of these, each as likely as the others, while the process sends `statements` statements.
    /// - Parameter isCounted: only a moment that comes again when the same is done again, none that a clock decides.
    init(_ chance: inout Chance, statements: Int, isCounted: Bool) {
      let statement = chance.roll(1...max(1, statements))
      let commit = max(1, statement / 6)
      switch chance.roll(0...(isCounted ? 3 : 5)) {
      case 0: self = .beforeStatement(statement)
      case 1: self = .afterStatement(statement)
      case 2: self = .beforeCommit(commit)
      case 3: self = .afterCommit(commit)
      case 4: self = .withinCommit(commit, micros: chance.roll(0...1_500))
      default: self = .afterMicros(chance.roll(1_000...300 * max(10, statements)))
      }
    }

    var description: String {
      switch self {
      case .never: "never"
      case .beforeStatement(let statement): "before statement \(statement)"
      case .afterStatement(let statement): "after statement \(statement)"
      case .beforeCommit(let commit): "before commit \(commit)"
      case .withinCommit(let commit, let micros): "\(micros) µs into commit \(commit)"
      case .afterCommit(let commit): "after commit \(commit)"
      case .afterMicros(let micros): "after \(micros) µs"
      }
    }
  }

  private let moment: Moment
  private let statements = Atomic<Int>(0)
  private let commits = Atomic<Int>(0)

  /// - Throws: `StorageFailure.busy` when the system refuses a thread.
  init(_ moment: Moment) throws {
    self.moment = moment
    if case .afterMicros(let micros) = moment { try Self.strike(after: micros) }
  }

  /// How many statements were sent so far.
  var statementCount: Int { statements.load(ordering: .relaxed) }

  /// - Returns: the statement's number.
  func statementBegins() -> Int {
    let number = statements.wrappingAdd(1, ordering: .relaxed).newValue
    if case .beforeStatement(let fatal) = moment, number == fatal { Self.strike() }
    return number
  }

  func statementEnds(_ number: Int) {
    if case .afterStatement(let fatal) = moment, number == fatal { Self.strike() }
  }

  func commitBegins() throws {
    let number = commits.wrappingAdd(1, ordering: .relaxed).newValue
    if case .beforeCommit(let fatal) = moment, number == fatal { Self.strike() }
    if case .withinCommit(let fatal, let micros) = moment, number == fatal { try Self.strike(after: micros) }
  }

  func commitEnds() {
    if case .afterCommit(let fatal) = moment, commits.load(ordering: .relaxed) >= fatal { Self.strike() }
  }

  private static func strike() { kill(getpid(), SIGKILL) }

  private static func strike(after micros: Int) throws {
    try DriverThread.start {
      usleep(UInt32(micros))
      strike()
    }
  }
}

/// A database in a process that dies at its appointed moment.
struct MortalDatabase: Database {
  let inner: any Database
  let fate: Fate

  var dialect: Dialect { inner.dialect }
  var figures: [DatabaseFigure] { inner.figures }

  func write<R: Sendable>(_ urgency: Urgency, _ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    let result = try await inner.write(urgency) { [fate] tx in
      var counted = tx.seen { CountedConnection($0, fate) }
      let result = try body(&counted)
      try fate.commitBegins()
      return result
    }
    fate.commitEnds()
    return result
  }

  func write<D: Sendable, R: Sendable>(
    _ urgency: Urgency, drafting: @escaping @Sendable (inout Transaction) throws -> D?,
    body: @escaping @Sendable (D?, inout Transaction) throws -> R
  ) async throws -> R {
    let result = try await inner.write(urgency) { [fate] tx in
      var counted = tx.seen { CountedConnection($0, fate) }
      return try drafting(&counted)
    } body: { [fate] draft, tx in
      var counted = tx.seen { CountedConnection($0, fate) }
      let result = try body(draft, &counted)
      try fate.commitBegins()
      return result
    }
    fate.commitEnds()
    return result
  }

  func read<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await inner.read { [fate] tx in
      var counted = tx.seen { CountedConnection($0, fate) }
      return try body(&counted)
    }
  }

  func close() async { await inner.close() }
}

/// Tells of every statement.
private final class CountedConnection: Connection {
  private let inner: any Connection
  private let fate: Fate

  init(_ inner: any Connection, _ fate: Fate) {
    self.inner = inner
    self.fate = fate
  }

  var dialect: Dialect { inner.dialect }

  private func counted<R>(_ body: () throws -> R) rethrows -> R {
    let number = fate.statementBegins()
    let result = try body()
    fate.statementEnds(number)
    return result
  }

  func rows(_ sql: SQL) throws -> [Row] { try counted { try inner.rows(sql) } }
  func answers(to statements: [SQL]) throws -> [[Row]] { try counted { try inner.answers(to: statements) } }
  func each(_ sql: SQL, _ body: (Row) throws -> Void) throws { try counted { try inner.each(sql, body) } }
  func run(_ sql: SQL) throws -> Int { try counted { try inner.run(sql) } }
  func insert(_ rows: [[Value]], into table: Table, _ columns: [Column], _ known: KnownRows) throws -> Int {
    try counted { try inner.insert(rows, into: table, columns, known) }
  }
  func enqueue(_ sql: SQL) throws { try counted { try inner.enqueue(sql) } }
}
