import Kernel
import TestKit
import Testing

/// Receipts whose figures were worked out by hand or by a model of its own, never taken from the calculator. How to add one is told in
/// `docs/examples/README.md`.
@Suite struct CombinationTests {
  /// Words of the answer's schema that are no answer: they are there because every state has its word.
  static let neverSaid: Set<String> = ["coupon-valid", "certificate-valid"]

  /// How long stamps stay on a card is no question of a receipt: its member comes with those that live. `StampLifeTests`
  /// prove each of these, on wallets.
  static let provedOnWallets: Set<String> = [
    "life/properties/days", "life/properties/through", "enum=month", "enum=quarter", "enum=year",
  ]

  @Test(arguments: try CombinationTable.all()) func `a combination comes out as it was worked out`(table: CombinationTable) throws {
    for row in table.rows {
      for difference in try row.differences() { Issue.record("\(row.name): \(difference)") }
    }
  }

  @Test func `every benefit gives the same under every condition that holds`() throws {
    let pairs = try CombinationPairs()
    for (question, gift) in pairs.all {
      let row = try pairs.holding(question, gift)
      for difference in try row.differences() { Issue.record("\(row.name): \(difference)") }
    }
  }

  @Test func `every benefit gives nothing under every condition that fails, and the reason is told`() throws {
    let pairs = try CombinationPairs()
    for (question, gift) in pairs.all {
      let row = try pairs.failing(question, gift)
      let (told, faults, calculation, json) = try row.answer()
      #expect(faults == [], "\(row.name)")
      #expect(told["pay"] == row.expected["pay"], "\(row.name)")
      #expect(calculation.rewards.isEmpty, "\(row.name)")
      #expect(json["promotions"]?.items.contains { $0.text("code") == "p" } == false, "\(row.name)")
      #expect(
        told["reasons"]?.split(separator: "; ").contains { $0 == "p \(question.reason)" } == true,
        "\(row.name): \(told["reasons"] ?? "")")
    }
  }

  @Test func `every kind of condition, benefit, limit, setting, reason and note is in some combination`() throws {
    let pairs = try CombinationPairs()
    let coverage = try CombinationCoverage(
      try CombinationTable.all().flatMap(\.rows), more: pairs.all.map { try pairs.holding($0.question, $0.gift) })
    #expect(coverage.faults == [], "every document is valid by the schemas")
    let missing = coverage.missing.filter { name in
      !Self.neverSaid.contains { name.hasSuffix("=\($0)") }
        && !Self.provedOnWallets.contains { name.contains("/stampCard") && name.hasSuffix($0) }
    }
    #expect(missing == [], "add a row to \(Combination.folder) for each")
    #expect(
      coverage.uncovered.isEmpty,
      "add a row to \(Combination.folder)/pairs.json; these pairs have none: \(coverage.uncovered)\n\(coverage.table)")
  }

  @Test func `there are three hundred combinations, each its own and each with a sentence of its own`() throws {
    let rows = try CombinationTable.all().flatMap(\.rows)
    #expect(rows.count >= 300)
    #expect(Set(rows.map(\.name)).count == rows.count, "two rows of a table have the same sentence")
    let documents = rows.map { [$0.rules, $0.basket, $0.member ?? .null, $0.certificates ?? .null].map(\.compact) }
    #expect(Set(documents).count == rows.count, "two rows calculate the same")
    for row in rows { #expect(row.expected["pay"] != nil, "\(row.name) does not say what is paid") }
  }
}
