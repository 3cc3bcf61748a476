import ArgumentParser
import Kernel

/// Figures about this program on this machine. `script/bench` runs these next to their peers and keeps the results.
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this program on this machine; prints figures as JSON.",
    discussion: "script/bench runs these next to pgbench and the sqlite3 shell and works out the ratios.",
    subcommands: [
      BenchCalculator.self, BenchPurchases.self, BenchImport.self, BenchHTTP.self, BenchCube.self, BenchPublishing.self,
    ])
}

/// One measured value.
struct Figure {
  let name: String
  let value: Double
  let unit: String

  init(_ name: String, _ value: Double, _ unit: String) {
    self.name = name
    self.value = value
    self.unit = unit
  }

  /// Three significant digits are more than a shared machine can promise.
  var json: JSON {
    let digits = value >= 1000 ? 0 : value >= 10 ? 1 : 3
    let scale: Double = digits == 0 ? 1 : digits == 1 ? 10 : 1000
    return .object([
      "name": .string(name), "value": .number(Decimal.text(Int64((value * scale).rounded()), digits: digits)),
      "unit": .string(unit),
    ])
  }
}

/// Times in microseconds, for percentiles.
struct Latencies: Sendable {
  private var micros: [Int64] = []

  mutating func add(_ span: Duration) {
    micros.append(span.micros)
  }
  mutating func add(_ others: Latencies) { micros += others.micros }

  /// The value below which this share of the sorted values lies.
  func percentile(_ share: Double) -> Double {
    guard !micros.isEmpty else { return 0 }
    let sorted = micros.sorted()
    return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))])
  }

  var count: Int { micros.count }
}

extension Duration {
  /// Whole microseconds.
  var micros: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
