/// Sums of a round of scheduled work under way, each known by a few whole numbers. Written as text into the cursor of its chore, so that
/// nothing half added up is ever kept.
struct RoundTally: Hashable, Sendable {
  private(set) var sums: [[Int64]: [Int64]] = [:]

  init() {}

  /// - Precondition: all sums of one key are equally many.
  mutating func add(_ key: [Int64], _ values: [Int64]) {
    guard var known = sums[key] else {
      sums[key] = values
      return
    }
    precondition(known.count == values.count, "sums of one key are equally many")
    for place in known.indices { known[place] += values[place] }
    sums[key] = known
  }

  /// In the order of their keys.
  var sorted: [(key: [Int64], values: [Int64])] {
    sums.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
  }

  var text: String {
    func join(_ numbers: [Int64]) -> String { numbers.map(String.init).joined(separator: ":") }
    return sorted.map { "\(join($0.key))=\(join($0.values))" }.joined(separator: " ")
  }

  /// Nil for what it did not write.
  init?(_ text: some StringProtocol) {
    for part in text.split(separator: " ") {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2 else { return nil }
      let numbers = sides.map { side in side.split(separator: ":").map { Int64($0) } }
      let (key, values) = (numbers[0].compactMap { $0 }, numbers[1].compactMap { $0 })
      guard key.count == numbers[0].count, values.count == numbers[1].count, !key.isEmpty, !values.isEmpty else { return nil }
      add(key, values)
    }
  }
}
