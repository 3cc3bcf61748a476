/// A set of places as one bit each.
public struct Bits: Sendable, Hashable {
  public let count: Int
  private var words: [UInt64]

  public init(count: Int) {
    self.count = count
    words = Array(repeating: 0, count: (count + 63) / 64)
  }

  public subscript(place: Int) -> Bool {
    get {
      precondition(place < count)
      return words[place >> 6] >> UInt64(place & 63) & 1 == 1
    }
    set {
      precondition(place < count)
      let bit: UInt64 = 1 << UInt64(place & 63)
      if newValue { words[place >> 6] |= bit } else { words[place >> 6] &= ~bit }
    }
  }

  /// Adds those of the other. - Precondition: of the same count.
  public mutating func formUnion(_ other: Bits) {
    precondition(count == other.count)
    for index in words.indices { words[index] |= other.words[index] }
  }

  /// The least and the greatest place in it; nil where nothing is. A look at up to every 64th place.
  public var bounds: ClosedRange<Int>? {
    guard let first = words.firstIndex(where: { $0 != 0 }), let last = words.lastIndex(where: { $0 != 0 }) else { return nil }
    return first * 64 + words[first].trailingZeroBitCount...last * 64 + 63 - words[last].leadingZeroBitCount
  }

  /// How many are in it.
  public var ones: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
