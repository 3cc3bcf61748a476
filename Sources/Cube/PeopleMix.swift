/// When people bought last within a window and how often: how many of each kind.
///
/// Counted day by day and receipt by receipt, so that fifths of everybody can be found afterwards, exactly.
public struct PeopleMix: Hashable, Sendable {
  /// The window's days; sales beyond the last step are as frequent as it.
  static let days = 365
  static let steps = 64

  /// By days since the last sale, then by receipts less one; empty until somebody is counted.
  private var counts: [Int32] = []

  public init() {}

  static func place(day: UInt16, receipts: Int64, in window: ClosedRange<UInt16>) -> Int {
    let ago = min(max(0, Int(window.upperBound) - Int(day)), days - 1)
    return ago * steps + Int(min(max(receipts, 1), Int64(steps))) - 1
  }

  mutating func count(_ place: Int) {
    if counts.isEmpty { counts = Array(repeating: 0, count: Self.days * Self.steps) }
    counts[place] += 1
  }

  mutating func add(_ other: PeopleMix) {
    guard !other.counts.isEmpty else { return }
    guard !counts.isEmpty else { return counts = other.counts }
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  public var total: Int64 { counts.reduce(0) { $0 + Int64($1) } }

  /// These people by the fifths of everybody: rows from those who bought last most lately, columns from those who bought least often. People
  /// alike are never torn apart, so a fifth can be larger or smaller than another.
  public func fifths(of everybody: PeopleMix) -> [[Int64]] {
    var table = Array(repeating: Array(repeating: Int64(0), count: 5), count: 5)
    guard !counts.isEmpty, !everybody.counts.isEmpty else { return table }
    let late = Self.fifths((0..<Self.days).map { day in everybody.sum(day: day) })
    let often = Self.fifths((0..<Self.steps).map { step in everybody.sum(step: step) })
    for day in 0..<Self.days {
      for step in 0..<Self.steps { table[late[day]][often[step]] += Int64(counts[day * Self.steps + step]) }
    }
    return table
  }

  private func sum(day: Int) -> Int64 { (0..<Self.steps).reduce(0) { $0 + Int64(counts[day * Self.steps + $1]) } }
  private func sum(step: Int) -> Int64 { (0..<Self.days).reduce(0) { $0 + Int64(counts[$1 * Self.steps + step]) } }

  /// Which fifth each value belongs to, by the middle of those who have it.
  private static func fifths(_ sums: [Int64]) -> [Int] {
    let all = sums.reduce(0, +)
    guard all > 0 else { return sums.map { _ in 0 } }
    var before: Int64 = 0
    return sums.map { sum in
      defer { before += sum }
      return Int(min(4, (2 * before + sum) * 5 / (2 * all)))
    }
  }
}
