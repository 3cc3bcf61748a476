import Storage

/// SQL as it stands in the sources: whose tables it names, and whether it says whose rows it touches.
///
/// A heuristic over literals. A statement that rightly names no account says why in a comment above it that begins with `Unscoped:`.
struct Statements {
  let tables: [Table]

  /// A statement in any file, with its line and the comment that excuses it, if any.
  private struct Statement {
    let path: String
    let line: Int
    let text: String
    let isExcused: Bool
  }

  private static func statements(_ file: SwiftText) -> [Statement] {
    file.literals.compactMap { literal in
      let text = literal.text.trimmingCharacters(["\"", "#", " ", "\n"])
      guard ["select", "insert", "update", "delete", "with"].contains(where: { text.hasPrefix($0) }) else { return nil }
      guard
        text.contains(/^(select\s|insert\s+into\s|update\s+\w+\s|delete\s+from\s|with\s+(recursive\s+)?\w+\s*(\([^)]*\)\s*)?as\s)/)
      else { return nil }
      let above = file.comments.filter { (literal.line - 4...literal.line).contains($0.line) }
      return Statement(
        path: file.path, line: literal.line, text: text, isExcused: above.contains { $0.text.contains(/Unscoped: \w+.{8,}/) })
    }
  }

  /// Statements of a wing stand in the room's `…SQL.swift`.
  static func outside(_ file: SwiftText) -> [Finding] {
    guard isWing(file.path), !file.path.hasSuffix("SQL.swift") else { return [] }
    return statements(file).map {
      Finding(path: $0.path, line: $0.line, text: "a statement outside a …SQL.swift: \($0.text.prefix(60))")
    }
  }

  /// Statements of one wing name only its own tables.
  func ownership(_ file: SwiftText) -> [Finding] {
    guard Self.isWing(file.path) else { return [] }
    let wing = String(file.path.split(separator: "/")[1])
    return Self.statements(file).flatMap { statement in
      Self.named(statement.text).sorted().compactMap { name in
        guard let table = tables.first(where: { $0.name == name }) else {
          return Finding(path: file.path, line: statement.line, text: "there is no table \(name)")
        }
        return table.owner == wing
          ? nil : Finding(path: file.path, line: statement.line, text: "\(wing) names \(name), a table of \(table.owner)")
      }
    }
  }

  /// Statements about rows of accounts name the account, the programme or the owner.
  func scope(_ file: SwiftText) -> [Finding] {
    guard Self.isWing(file.path) else { return [] }
    return Self.statements(file).compactMap { statement in
      let isScoped = Self.named(statement.text).contains { name in tables.contains { $0.name == name && $0.scope == .account } }
      guard isScoped, !statement.isExcused,
        !statement.text.contains(/\b(account_id|programme_id|owner_id)\b/.wordBoundaryKind(.simple))
      else { return nil }
      return Finding(
        path: file.path, line: statement.line, text: "names no account, programme or owner: \(statement.text.prefix(60))")
    }
  }

  /// The tables that a statement reads or writes, its own `with` names left out.
  static func named(_ text: String) -> Set<String> {
    let own = Set(
      text.matches(of: /(?:with|,|recursive)\s+(\w+)\s*(?:\([^)]*\)\s*)?as\s+(?:not\s+|materialized\s+)*\(/).map {
        String($0.output.1)
      })
    let words = text.matches(
      of: /\b(?:(?:from|join)\s+([a-z_]+)\b(?!\s*\()|(?:into|update)\s+([a-z_]+)\b)/.wordBoundaryKind(.simple)
    ).compactMap { ($0.output.1 ?? $0.output.2).map(String.init) }
    return Set(words).subtracting(own).subtracting(["set", "of", "select", "lateral", "excluded", "nowait", "skip"])
  }

  /// What is asked of a column server names that server's own tables, not ours.
  private static func isWing(_ path: String) -> Bool {
    guard !path.hasPrefix("Sources/Insight/Columns/") else { return false }
    return ["Access", "Customers", "Loyalty", "Engagement", "Jobs", "Insight"].contains { path.hasPrefix("Sources/\($0)/") }
  }
}

extension String {
  fileprivate func trimmingCharacters(_ set: Set<Character>) -> String {
    String(drop { set.contains($0) }.reversed().drop { set.contains($0) }.reversed())
  }
}
