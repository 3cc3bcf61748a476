import Storage

/// How many statements went through a transaction.
public final class StatementCount {
  public private(set) var value = 0
  public init() {}
  fileprivate func add(_ count: Int) { value += count }
}

/// Stands before a driver's connection and counts: `tx.seen { CountingConnection($0, count) }`.
public final class CountingConnection: Connection {
  private let inner: any Connection
  private let count: StatementCount

  public init(_ inner: any Connection, _ count: StatementCount) {
    self.inner = inner
    self.count = count
  }

  public var dialect: Dialect { inner.dialect }

  public func rows(_ sql: SQL) throws -> [Row] {
    count.add(1)
    return try inner.rows(sql)
  }

  public func answers(to statements: [SQL]) throws -> [[Row]] {
    count.add(statements.count)
    return try inner.answers(to: statements)
  }

  public func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
    count.add(1)
    try inner.each(sql, body)
  }

  public func run(_ sql: SQL) throws -> Int {
    count.add(1)
    return try inner.run(sql)
  }

  public func insert(_ rows: [[Value]], into table: Table, _ columns: [Column], _ known: KnownRows) throws -> Int {
    count.add(1)
    return try inner.insert(rows, into: table, columns, known)
  }

  public func enqueue(_ sql: SQL) throws {
    count.add(1)
    try inner.enqueue(sql)
  }
}
