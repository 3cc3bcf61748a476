import Kernel

/// One numbered step of the schema: frozen text per database. Once released it is never edited; what follows is the next step.
public struct Migration: Sendable {
  public let number: Int
  public let name: String
  let sqlite: [String]
  let postgres: [String]

  /// - Parameter number: 1 and up, without gaps.
  public init(_ number: Int, _ name: String, sqlite: [String], postgres: [String]) {
    self.number = number
    self.name = name
    self.sqlite = sqlite
    self.postgres = postgres
  }

  /// A step that creates tables as they are declared. Its text is what the golden schema files pin; a table that changes after a
  /// release keeps its old text here as frozen statements and gets a step of its own.
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
  func checksum(for dialect: Dialect) -> Int64 {
    var hash = StableHash()
    hash.mix(name)
    for statement in statements(for: dialect) { hash.mix(statement) }
    return Int64(bitPattern: hash.value)
  }
}
