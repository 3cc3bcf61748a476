import Kernel

/// One numbered step of the schema: frozen text per database. Once released it is never edited; what follows is the next step.
public struct Migration: Sendable {
  public let number: Int
  public let name: String
  let sqlite: [String]
  let postgres: [String]
  /// The oldest program, by the newest step it knows, that works on a database with this step: one that only adds tables, indexes
  /// nobody relies on, and columns that are nullable or have a default names the step before it. Nil: no older program does.
  let oldest: Int?

  /// - Parameter number: 1 and up, without gaps.
  public init(_ number: Int, _ name: String, sqlite: [String], postgres: [String], oldest: Int? = nil) {
    precondition(oldest.map { $0 < number } ?? true, "an older program knows fewer steps")
    self.oldest = oldest
    self.number = number
    self.name = name
    self.sqlite = sqlite
    self.postgres = postgres
  }

  /// A step as it stands in its two files, one SQL script per database.
  ///
  /// A statement ends with the line that ends in `;`. Lines that begin with `--` are comments; they and the lines between statements
  /// do not count as text of the step.
  public init(_ number: Int, _ name: String, sqlite: [UInt8], postgres: [UInt8], oldest: Int? = nil) {
    self.init(number, name, sqlite: Self.statements(in: sqlite), postgres: Self.statements(in: postgres), oldest: oldest)
  }

  private static func statements(in script: [UInt8]) -> [String] {
    var statements: [String] = []
    var lines: [Substring] = []
    for line in String(decoding: script, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("--") {
      guard line.hasSuffix(";") else {
        lines.append(line)
        continue
      }
      statements.append((lines + [line.dropLast()]).joined(separator: "\n"))
      lines = []
    }
    precondition(lines.isEmpty, "a migration's script ends with a statement that lacks its semicolon")
    return statements
  }

  /// A step that creates tables as they are declared now: for tests, whose tables have no history.
  public init(_ number: Int, _ name: String, creating schema: Schema) {
    self.init(number, name, sqlite: schema.statements(for: .sqlite), postgres: schema.statements(for: .postgres))
  }

  public func statements(for dialect: Dialect) -> [String] {
    switch dialect {
    case .sqlite: sqlite
    case .postgres: postgres
    }
  }

  /// What the database remembers of an applied step, to notice when history was rewritten.
  public func checksum(for dialect: Dialect) -> Int64 {
    var hash = StableHash()
    hash.mix(name)
    for statement in statements(for: dialect) { hash.mix(statement) }
    return Int64(bitPattern: hash.value)
  }
}
