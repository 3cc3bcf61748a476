import Kernel

/// Chance that its seeds repeat (SplitMix64: Steele, Lea, Flood 2014).
struct Chance: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Equal seeds in equal order give equal sequences.
  init(_ seeds: Int64...) {
    var hash = StableHash()
    for seed in seeds { hash.mix(seed) }
    state = hash.value
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func roll(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &self) }
  mutating func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  /// True so many times in a hundred.
  mutating func happens(_ percent: Int) -> Bool { roll(0...99) < percent }
  /// - Precondition: there is something to pick from.
  mutating func pick<T>(_ items: [T]) -> T { items[roll(0...items.count - 1)] }
}
