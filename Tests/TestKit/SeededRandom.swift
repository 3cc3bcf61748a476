/// A random sequence that its seed repeats (SplitMix64). A property test takes one seed per case and names it in its message, so a
/// failure is played again by its number.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  public let seed: UInt64
  private var state: UInt64

  public init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// The seeds that property tests run with.
public enum Seeds {
  public static func some(_ count: Int) -> [UInt64] { (1...UInt64(count)).map { $0 &* 0x9e37_79b9 } }
}
