import Kernel

/// One open transaction of one driver, as the drivers give it to `Transaction`. Wings never see it.
public protocol Connection: AnyObject {
  var dialect: Dialect { get }
  /// Runs everything queued, then this, and returns its rows.
  func rows(_ sql: SQL) throws -> [Row]
  /// Runs everything queued, then these in one round trip, and returns the rows of each.
  func answers(to statements: [SQL]) throws -> [[Row]]
  /// Runs everything queued, then this, giving row after row without keeping them. The body may stop it by throwing.
  func each(_ sql: SQL, _ body: (Row) throws -> Void) throws
  /// Runs everything queued, then this, and returns how many rows it changed.
  func run(_ sql: SQL) throws -> Int
  /// Runs everything queued, then puts the rows into the table, and returns how many were new.
  func insert(_ rows: [[Value]], into table: Table, _ columns: [Column], _ known: KnownRows) throws -> Int
  /// Runs everything queued, then puts the rows of each into its table, in one round trip, and returns how many were written of each.
  func insert(_ parts: [RowBatch]) throws -> [Int]
  /// Sends a statement whose result nobody waits for. Its failure surfaces at the next call or at the commit.
  func enqueue(_ sql: SQL) throws
}

extension Connection {
  public func insert(_ parts: [RowBatch]) throws -> [Int] {
    try parts.map { part in part.rows.isEmpty ? 0 : try insert(part.rows, into: part.table, part.columns, part.known) }
  }
}

/// What happens to rows of a bulk insert that a unique rule of the table knows already.
public enum KnownRows: Hashable, Sendable {
  /// The statement fails.
  case refused
  case skipped
  /// The row that is there takes the new values where the condition holds; in it, the new row is called `excluded`.
  case replaced(where: String)

  /// What stands behind the rows of an insert.
  public func ending(_ table: Table, _ columns: [Column]) -> String {
    switch self {
    case .refused: return ""
    case .skipped: return " on conflict do nothing"
    case .replaced(let condition):
      let key = table.primaryKey(for: .postgres) ?? []
      let sets = columns.map(\.name).filter { !key.contains($0) }.map { "\($0) = excluded.\($0)" }
      return " on conflict (\(key.joined(separator: ", "))) do update set \(sets.joined(separator: ", ")) where \(condition)"
    }
  }
}

/// Rows on their way into one table.
public struct RowBatch: Sendable {
  public let rows: [[Value]]
  public let table: Table
  public let columns: [Column]
  public let known: KnownRows

  /// - Parameter rows: values in the order of `columns`, each of the kind that the table declares, or null.
  /// - Throws: `StorageFailure.statement` where rows and columns do not fit the table.
  public init(_ rows: [[Value]], into table: Table, _ columns: [String], _ known: KnownRows = .refused) throws {
    let declared = columns.compactMap { name in table.columns.first { $0.name == name } }
    guard declared.count == columns.count, rows.allSatisfy({ $0.count == columns.count }) else {
      throw StorageFailure.statement("rows for \(table.name) (\(columns.joined(separator: ", "))) do not fit the table")
    }
    (self.rows, self.table, self.columns, self.known) = (rows, table, declared, known)
  }
}

/// A transaction as wings use it: synchronous, on the driver's own thread, and bound to its closure – being non-copyable and
/// passed `inout`, it cannot be kept.
///
/// A closure can run more than once (a database may ask for a repetition), so it only computes and writes through `tx`.
public struct Transaction: ~Copyable {
  private let connection: any Connection

  public init(_ connection: any Connection) { self.connection = connection }

  public var dialect: Dialect { connection.dialect }

  /// The same transaction through a connection that stands before the driver's own: to count statements, or to fail at one.
  public func seen(through lens: (any Connection) -> any Connection) -> Transaction { Transaction(lens(connection)) }

  public mutating func rows(_ sql: SQL) throws -> [Row] { try connection.rows(sql) }
  public mutating func row(_ sql: SQL) throws -> Row? { try connection.rows(sql).first }
  /// Several reads in one round trip, for example the insert of a key that tells whether it is new, and the wallet's row.
  public mutating func answers(to statements: SQL...) throws -> [[Row]] { try connection.answers(to: statements) }
  /// The same for a number that is known only now: keep it to a hundred, so that neither side waits for the other with full buffers.
  public mutating func answers(toEach statements: [SQL]) throws -> [[Row]] { try connection.answers(to: statements) }
  /// Row after row of a select of any length; the body may stop it by throwing, and the transaction can go on.
  public mutating func each(_ sql: SQL, _ body: (Row) throws -> Void) throws { try connection.each(sql, body) }
  @discardableResult public mutating func run(_ sql: SQL) throws -> Int { try connection.run(sql) }
  /// Puts many rows into a table, for imports: by far faster than a statement each. Thousands of rows at a time are good; keep the
  /// transaction under a second.
  /// - Parameters:
  ///   - rows: values in the order of `columns`, each of the kind that the table declares, or null.
  ///   - skippingKnown: passes over rows that a unique rule of the table refuses, instead of failing.
  /// - Returns: how many rows are new.
  @discardableResult
  public mutating func insert(_ rows: [[Value]], into table: Table, _ columns: [String], skippingKnown: Bool = false) throws -> Int
  {
    let batch = try RowBatch(rows, into: table, columns, skippingKnown ? .skipped : .refused)
    return rows.isEmpty ? 0 : try connection.insert(batch.rows, into: table, batch.columns, batch.known)
  }
  /// Several tables' rows in one round trip, a thousand of each at most.
  /// - Returns: how many rows were written to each.
  public mutating func insert(_ parts: [RowBatch]) throws -> [Int] { try connection.insert(parts) }
  public mutating func enqueue(_ sql: SQL) throws { try connection.enqueue(sql) }
}
