/// A 64-bit hash that never changes between runs, machines and versions: for control groups, slices and shards.
/// FNV-1a over the bytes, finished with the mixer of SplitMix64 (Steele, Lea, Flood 2014) so that near inputs land far apart.
public struct StableHash: Sendable {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  public init() {}

  public mutating func mix(_ text: String) {
    for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    state = (state ^ 0xff) &* 0x100_0000_01b3
  }

  /// All bytes, eight at a time: for documents and checksums of much data. Not the same number as mixing them one by one.
  public mutating func mix(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBufferPointer { unsafe mix(words: $0) } }

  /// The same of a text's UTF-8, which is not copied.
  public mutating func mixBytes(of text: String) {
    var text = text
    text.withUTF8 { unsafe mix(words: $0) }
  }

  private mutating func mix(words bytes: UnsafeBufferPointer<UInt8>) {
    var at = 0
    while at < bytes.count {
      var word: UInt64 = 0
      for offset in 0..<min(8, bytes.count - at) { word |= unsafe UInt64(bytes[at + offset]) << UInt64(offset * 8) }
      state = (state ^ word) &* 0x9e37_79b9_7f4a_7c15
      state ^= state >> 29
      at += 8
    }
    mix(Int64(bytes.count))
  }

  public mutating func mix(_ value: Int64) {
    var rest = UInt64(bitPattern: value)
    for _ in 0..<8 {
      state = (state ^ (rest & 0xff)) &* 0x100_0000_01b3
      rest >>= 8
    }
  }

  public var value: UInt64 {
    var z = state &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// The hash as a share of the whole, 0 ..< 1 000 000 ppm, evenly spread.
  public var share: Rate { Rate(ppm: Int64(((value >> 32) * 1_000_000) >> 32)) }
}
