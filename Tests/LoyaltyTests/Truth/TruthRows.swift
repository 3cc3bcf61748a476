import Calculator
import Conditions
import Foundation
import Kernel
import Storage
import TestKit
import Testing

/// Documents of receipts as plain rows, for SQL that knows nothing of how the shop keeps them: what stands in their JSON is unfolded here, with
/// Foundation's reader and none of the shop's own, and everything else is left to SQL.
enum TruthRows {
  static var tables: [Table] { [line, head, fact] }

  /// Numbers as they stand in documents: of returns without a sign.
  static let line = Table(
    "truth_line", owner: "Tests", family: .reference, scope: .installation(because: "it is a test's own"),
    key: .clustered(["document", "place"]),
    columns: [
      .integer("document"), .integer("place"), .integer("product", nullable: true), .integer("quantity"), .integer("amount"),
      .integer("discount"), .integer("reduced"), .integer("paid"), .integer("spent"), .integer("earned"),
    ])

  /// What stands in a receipt's key, and what the till of the test knows of its sale.
  static let head = Table(
    "truth_head", owner: "Tests", family: .reference, scope: .installation(because: "it is a test's own"),
    key: .clustered(["document"]), columns: [.integer("document"), .text("register"), .text("channel")])

  /// What `TruthSQL` makes of them and of the shop's tables: one row for each line, as it counts now.
  static let fact = Table(
    "truth_fact", owner: "Tests", family: .reference, scope: .installation(because: "it is a test's own"),
    key: .clustered(["document", "place"]),
    columns: [
      .integer("document"), .integer("place"), .text("kind"), .integer("counts"), .integer("member"), .integer("store_id"),
      .integer("day"), .integer("minute"), .text("channel"), .text("register"), .integer("newcomer"),
      .integer("product", nullable: true), .integer("quantity"), .integer("amount"), .integer("discount"), .integer("reduced"),
      .integer("paid"), .integer("spent"), .integer("earned"),
    ])
  static let facts = fact.columns.map(\.name)

  private static let columns = [
    "document", "place", "product", "quantity", "amount", "discount", "reduced", "paid", "spent", "earned",
  ]

  /// Unfolds everything anew, and lets SQL say whose each line is.
  static func unfold(_ shop: TruthShop, _ channels: [String: Channel], _ sql: TruthSQL) async throws {
    let account = shop.ground.account.raw
    try await shop.ground.write { tx in
      for table in tables { try tx.run(SQL(prepared: "delete from \(table.name)", [])) }
      let receipts = try tx.rows(SQL(prepared: "select id, key, lines from receipt where account_id = $1", [.int(account)]))
      var (heads, lines): ([[Value]], [[Value]]) = ([], [])
      var goods: [Int64: [Int64]] = [:]
      for row in receipts {
        let words = row.text(1).split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        let columns = try Self.read([String: [Int64]].self, row.text(2))
        heads.append([.int(row.int(0)), .text(words[1]), .text(channels[words[4]]?.rawValue ?? "?")])
        goods[row.int(0)] = columns["p"] ?? []
        lines += Self.sale(row.int(0), columns)
      }
      let returns = try tx.rows(
        SQL(prepared: "select id, key, lines, receipt_id from receipt_return where account_id = $1", [.int(account)]))
      for row in returns {
        let words = row.text(1).split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        heads.append([.int(row.int(0)), .text(words[1]), .text("?")])
        lines += Self.back(row.int(0), try Self.read([[Int64]].self, row.text(2)), row.intOrNil(3).flatMap { goods[$0] } ?? [])
      }
      try tx.insert(heads, into: head, ["document", "register", "channel"])
      try tx.insert(lines, into: line, Self.columns)
      try tx.run(SQL(prepared: sql.filling, []))
    }
  }

  private static func read<Document: Decodable>(_ type: Document.Type, _ text: String) throws -> Document {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  /// A column that is left out is nought on every line; whole pieces are `n`, other quantities `q` in thousandths.
  private static func sale(_ document: Int64, _ columns: [String: [Int64]]) -> [[Value]] {
    (columns["p"] ?? []).enumerated().map { place, product in
      func value(_ name: String) -> Int64 { columns[name]?[place] ?? 0 }
      let quantity = columns["n"].map { $0[place] * 1_000 } ?? value("q")
      return [
        document, Int64(place), product, quantity, value("a"), value("d"), value("t"), value("m"), value("w"), value("e"),
      ].map(Value.int)
    }
  }

  /// `[line, quantity, money, money in points, points]`; of goods that no receipt is known of nobody knows what they were.
  private static func back(_ document: Int64, _ rows: [[Int64]], _ goods: [Int64]) -> [[Value]] {
    rows.enumerated().map { place, row in
      let line = Int(row[0])
      let product = goods.indices.contains(line) ? Value.int(goods[line]) : .null
      return [.int(document), .int(Int64(place)), product] + [row[1], row[2], 0, 0, row[3], row[4], 0].map(Value.int)
    }
  }
}
