import Storage

/// How SQLite would find what the statements of a transaction ask for.
public final class Plans {
  /// A step of a plan with the statement it is of.
  public private(set) var steps: [(step: String, text: String)] = []
  public init() {}

  fileprivate func note(_ sql: SQL, on connection: any Connection) throws {
    for row in try connection.rows(SQL(prepared: "explain query plan " + sql.text, sql.binds)) {
      steps.append((row.text(3), sql.text))
    }
  }
}

/// Stands before SQLite's connection and looks at each statement's plan before it runs: `tx.seen { PlanningConnection($0, plans) }`.
public final class PlanningConnection: Connection {
  private let inner: any Connection
  private let plans: Plans

  public init(_ inner: any Connection, _ plans: Plans) { (self.inner, self.plans) = (inner, plans) }

  public var dialect: Dialect { inner.dialect }

  public func rows(_ sql: SQL) throws -> [Row] {
    try plans.note(sql, on: inner)
    return try inner.rows(sql)
  }

  public func answers(to statements: [SQL]) throws -> [[Row]] {
    for sql in statements { try plans.note(sql, on: inner) }
    return try inner.answers(to: statements)
  }

  public func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
    try plans.note(sql, on: inner)
    try inner.each(sql, body)
  }

  public func run(_ sql: SQL) throws -> Int {
    try plans.note(sql, on: inner)
    return try inner.run(sql)
  }

  public func insert(_ rows: [[Value]], into table: Table, _ columns: [Column], _ known: KnownRows) throws -> Int {
    try inner.insert(rows, into: table, columns, known)
  }

  public func enqueue(_ sql: SQL) throws {
    try plans.note(sql, on: inner)
    try inner.enqueue(sql)
  }
}
