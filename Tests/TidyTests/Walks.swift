import Storage
import TestKit

/// How SQLite finds what statements ask of one member or receipt, and of lists of members, receipts or keys.
///
/// Without figures about its tables SQLite takes the first column of any index for worth ten rows, so a long list seems dearer to it than the
/// whole programme, and it walks through that. A plus before the column (`+programme_id = …`) or no `order by` keeps it from it.
struct Walks {
  let tables: [Table]

  /// A statement with a bind for each value that it interpolates, and as many as a long list has. Nil where it asks for
  /// neither a list nor one member or receipt, where more than its columns is put together elsewhere, and where it locks rows, which is
  /// PostgreSQL's alone.
  static func prepared(_ literal: String) -> (text: String, binds: Int)? {
    let asks = ["\\(list:", "owner_id = \\(", "receipt_id = \\(", "issued_on = \\("]
    guard asks.contains(where: literal.contains), !literal.contains("for update") else { return nil }
    var (text, binds, rest) = ("", 0, literal[...])
    func bind() -> String {
      binds += 1
      return "$\(binds)"
    }
    while let start = rest.firstRange(of: "\\(") {
      text += rest[..<start.lowerBound]
      var (depth, end) = (1, start.upperBound)
      while depth > 0 {
        guard end < rest.endIndex else { return nil }
        depth += rest[end] == "(" ? 1 : rest[end] == ")" ? -1 : 0
        end = rest.index(after: end)
      }
      let inside = rest[start.upperBound..<end]
      if inside.hasPrefix("raw:"), text != "select " { return nil }
      text +=
        inside.hasPrefix("raw:") ? "*" : inside.hasPrefix("list:") ? (0..<64).map { _ in bind() }.joined(separator: ",") : bind()
      rest = rest[end...]
    }
    return (text + rest, binds)
  }

  /// The steps of a plan that look at a whole account or programme of a table that grows with its members.
  func walks(_ plan: [String]) -> [String] {
    plan.filter { step in
      tables.contains { table in
        guard table.family != .reference, table.name != JobTables.outbox else { return false }
        let isOfTable = step.hasPrefix("SEARCH \(table.name) ") || step.hasPrefix("SCAN \(table.name)")
        return isOfTable && (step.hasPrefix("SCAN") || step.hasSuffix("(programme_id=?)") || step.hasSuffix("(account_id=?)"))
      }
    }
  }

  /// Events that wait for their places: nearly always none.
  private enum JobTables { static let outbox = "outbox" }
}
