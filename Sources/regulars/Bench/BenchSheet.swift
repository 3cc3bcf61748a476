import Calculator
import Conditions
import Foundation
import Kernel

/// A sheet of 2,000 products in 40 price zones: what it costs a calculation, and what it weighs.
struct BenchSheet {
  /// As many lists are held at once to see what one takes.
  private static let lists = 40

  let rounds: Int
  private let terms = ProgrammeTerms()

  init(rounds: Int) { self.rounds = rounds }

  /// - Parameters:
  ///   - cost: microseconds of a calculation with the sheet.
  ///   - without: of the same one without it.
  func figures(cost: Double, without: Double) throws -> [Figure] {
    let rules = RuleWriter(names: NumberNames(), amounts: AmountForm(terms)).promotion(CalculatorWorkload.sheet)
    let bytes = Array(rules.compact.utf8)
    var figures = [
      Figure("calculations, 100 promotions and a sheet of 80,000 prices", 1_000_000 / cost, "per second and core"),
      Figure("cost of a sheet of 80,000 prices for a calculation", cost / without, "ratio"),
      Figure("such a sheet as it is stored in a rule book", Double(bytes.count) / 1_024, "kB"),
      Figure("such a sheet read and compiled", try milliseconds { _ = try compiled(bytes) }, "ms"),
    ]
    if let before = Self.resident() {
      let held = try (0..<Self.lists).map { _ in try compiled(bytes) }
      if let after = Self.resident() {
        figures.append(Figure("such a sheet in memory, compiled", Double(after - before) / Double(held.count) / 1_024, "kB"))
      }
    }
    return figures
  }

  private func compiled(_ bytes: [UInt8]) throws -> RuleBook {
    let node = JSONNode(try JSON.parse(bytes))
    var reader = RuleReader(names: NumberNames(), terms: terms)
    let promotion = reader.promotion(node, id: PromotionID(9))
    try node.issues.check("the sheet")
    return RuleBook(version: 1, terms: terms, promotions: [promotion].compactMap { $0 })
  }

  private func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<rounds {
      let start = processorMicros()
      try body()
      best = min(best, (processorMicros() - start) / 1_000)
    }
    return best
  }

  /// Bytes of this process in memory, where the system tells.
  private static func resident() -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let fields = text.split(separator: " ")
    return fields.count > 1 ? Int(fields[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } : nil
  }
}

/// Codes that are the ids themselves: looking names up is not what is measured.
struct NumberNames: Names {
  func id(_ kind: NameKind, _ code: String) -> Int64? { Int64(code) }
  func code(_ kind: NameKind, _ id: Int64) -> String? { String(id) }
}
