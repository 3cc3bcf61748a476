import Foundation

/// Chance that can be thrown again: SplitMix64 (Steele, Lea, Flood 2014).
public struct Dice: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  public mutating func roll(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &self) }
  public mutating func pick<T>(_ items: [T]) -> T { items[Int(roll(0...Int64(items.count - 1)))] }
  /// True so many times in a hundred.
  public mutating func chance(_ percent: Int64) -> Bool { roll(0...99) < percent }
}

/// The seeds of a property test: `count` of them from 1, or the one in `REGULARS_SEED`, to replay a failure.
public func seeds(_ count: Int) -> [UInt64] {
  if let text = ProcessInfo.processInfo.environment["REGULARS_SEED"], let seed = UInt64(text) { return [seed] }
  return (1...UInt64(count)).map { $0 }
}
