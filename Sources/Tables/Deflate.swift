/// Presses bytes together (RFC 1951), portion by portion: each portion becomes one block with the fixed codes, in which what was there
/// before within the portion is named instead of said again. A table's XML shrinks to about a sixth; memory is that of one portion.
///
/// Ours, because the engines import nothing of the system, and a table needs no more than this of what zlib can do.
struct Deflate {
  private(set) var bytes: [UInt8] = []
  private var held: UInt32 = 0
  private var count: UInt32 = 0

  private static let hashBits: UInt32 = 14
  private static let shortest = 4
  private static let longest = 258
  /// How far back can be named.
  private static let window = 32_768

  /// Adds one portion; of its own length each, some ten thousand bytes are good.
  mutating func add(_ portion: [UInt8]) {
    guard !portion.isEmpty else { return }
    begin(isLast: false)
    var places = [Int32](repeating: -1, count: 1 << Int(Self.hashBits))
    var place = 0
    while place < portion.count {
      let length = Self.match(at: place, in: portion, &places)
      if length.length >= Self.shortest {
        name(length.length, back: length.back)
        place += length.length
      } else {
        literal(portion[place])
        place += 1
      }
    }
    symbol(256)
  }

  /// Ends the stream.
  mutating func finish() {
    begin(isLast: true)
    symbol(256)
    if count > 0 { put(0, 8 - count) }
  }

  /// Gives what was written so far and begins anew.
  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  /// The longest run that begins like this place, at the last place where the same four bytes stood.
  private static func match(at place: Int, in portion: [UInt8], _ places: inout [Int32]) -> (length: Int, back: Int) {
    guard place + shortest <= portion.count else { return (0, 0) }
    let four =
      UInt32(portion[place]) | UInt32(portion[place + 1]) << 8 | UInt32(portion[place + 2]) << 16 | UInt32(portion[place + 3]) << 24
    let slot = Int((four &* 2_654_435_761) >> (32 - hashBits))
    let before = Int(places[slot])
    places[slot] = Int32(place)
    guard before >= 0, place - before <= window else { return (0, 0) }
    let most = min(longest, portion.count - place)
    var length = 0
    while length < most, portion[before + length] == portion[place + length] { length += 1 }
    return (length, place - before)
  }
}

// MARK: codes

extension Deflate {
  /// A block with the fixed codes (section 3.2.6).
  private mutating func begin(isLast: Bool) {
    put(isLast ? 1 : 0, 1)
    put(1, 2)
  }

  private mutating func literal(_ byte: UInt8) { symbol(UInt32(byte)) }

  private mutating func symbol(_ code: UInt32) {
    switch code {
    case 0..<144: putCode(0x30 + code, 8)
    case 144..<256: putCode(0x190 + code - 144, 9)
    case 256..<280: putCode(code - 256, 7)
    default: putCode(0xc0 + code - 280, 8)
    }
  }

  private mutating func name(_ length: Int, back distance: Int) {
    let (code, extra, rest) = Self.step(length, bases: Self.lengths, extras: Self.lengthExtras)
    symbol(UInt32(257 + code))
    put(rest, extra)
    let (far, farExtra, farRest) = Self.step(distance, bases: Self.distances, extras: Self.distanceExtras)
    putCode(UInt32(far), 5)
    put(farRest, farExtra)
  }

  /// The last base that is not above the value, and what is left of it.
  private static func step(_ value: Int, bases: [Int], extras: [UInt32]) -> (code: Int, extra: UInt32, rest: UInt32) {
    var (low, high) = (0, bases.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if bases[middle] <= value { low = middle } else { high = middle - 1 }
    }
    return (low, extras[low], UInt32(value - bases[low]))
  }

  /// Bits from the lowest on.
  private mutating func put(_ bits: UInt32, _ length: UInt32) {
    held |= bits << count
    count += length
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: held))
      held >>= 8
      count -= 8
    }
  }

  /// Codes are written from their highest bit on.
  private mutating func putCode(_ code: UInt32, _ length: UInt32) {
    var turned: UInt32 = 0
    for bit in 0..<length where code >> bit & 1 == 1 { turned |= 1 << (length - 1 - bit) }
    put(turned, length)
  }

  static let lengths = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  static let lengthExtras: [UInt32] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  static let distances = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193,
    12_289, 16_385, 24_577,
  ]
  static let distanceExtras: [UInt32] = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
  ]
}
