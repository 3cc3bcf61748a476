/// Unpacks what deflate pressed (RFC 1951). What is damaged is refused, and no more is unpacked than was asked for: a few kilobytes can
/// stand for gigabytes.
struct Inflate {
  enum Fault: Error, Hashable { case damaged, tooLarge }

  private let source: [UInt8]
  private var place: Int
  private let end: Int
  private var held: UInt32 = 0
  private var count: UInt32 = 0
  private var out: [UInt8] = []
  private let most: Int

  /// - Parameters:
  ///   - range: where the pressed bytes stand.
  ///   - size: how many bytes come out, as somebody says.
  ///   - most: how many may.
  static func unpacked(_ source: [UInt8], in range: Range<Int>, size: Int, most: Int) throws(Fault) -> [UInt8] {
    var inflate = Inflate(source, range, size: min(size, most), most: most)
    try inflate.run()
    return inflate.out
  }

  private init(_ source: [UInt8], _ range: Range<Int>, size: Int, most: Int) {
    self.source = source
    self.most = most
    (place, end) = (range.lowerBound, range.upperBound)
    // What a file claims is believed only so far.
    out.reserveCapacity(min(size, 16 * 1024 * 1024))
  }

  private mutating func run() throws(Fault) {
    var isLast = false
    while !isLast {
      isLast = try bits(1) == 1
      switch try bits(2) {
      case 0: try stored()
      case 1: try block(Self.fixedLengths, Self.fixedDistances)
      case 2:
        let (lengths, distances) = try tables()
        try block(lengths, distances)
      default: throw .damaged
      }
    }
  }

  private mutating func stored() throws(Fault) {
    (held, count) = (0, 0)
    guard place + 4 <= end else { throw .damaged }
    let length = Int(source[place]) | Int(source[place + 1]) << 8
    let check = Int(source[place + 2]) | Int(source[place + 3]) << 8
    place += 4
    guard length ^ check == 0xffff, place + length <= end else { throw .damaged }
    guard out.count + length <= most else { throw .tooLarge }
    out.append(contentsOf: source[place..<place + length])
    place += length
  }

  private mutating func block(_ literals: Codes, _ distances: Codes) throws(Fault) {
    while true {
      let symbol = try self.symbol(literals)
      if symbol < 256 {
        guard out.count < most else { throw .tooLarge }
        out.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return }
      guard symbol - 257 < Deflate.lengths.count else { throw .damaged }
      let length = Deflate.lengths[symbol - 257] + Int(try bits(Deflate.lengthExtras[symbol - 257]))
      let far = try self.symbol(distances)
      guard far < Deflate.distances.count else { throw .damaged }
      let distance = Deflate.distances[far] + Int(try bits(Deflate.distanceExtras[far]))
      guard distance <= out.count else { throw .damaged }
      guard out.count + length <= most else { throw .tooLarge }
      // Runs may overlap themselves: byte after byte.
      for _ in 0..<length { out.append(out[out.count - distance]) }
    }
  }

  private mutating func bits(_ wanted: UInt32) throws(Fault) -> UInt32 {
    while count < wanted {
      guard place < end else { throw .damaged }
      held |= UInt32(source[place]) << count
      place += 1
      count += 8
    }
    let value = held & ((1 << wanted) - 1)
    held >>= wanted
    count -= wanted
    return value
  }
}

// MARK: codes

extension Inflate {
  /// Huffman codes in their canonical order: how many there are of each length, and whose they are.
  struct Codes {
    fileprivate var counts = [Int](repeating: 0, count: 16)
    fileprivate var symbols: [Int] = []

    /// Nil where no set of codes has these lengths.
    init?(_ lengths: [Int]) {
      for length in lengths { counts[length] += 1 }
      counts[0] = 0
      var left = 1
      for length in 1..<16 {
        left = left * 2 - counts[length]
        if left < 0 { return nil }
      }
      var places = [Int](repeating: 0, count: 16)
      for length in 1..<15 { places[length + 1] = places[length] + counts[length] }
      symbols = [Int](repeating: 0, count: counts.reduce(0, +))
      for (symbol, length) in lengths.enumerated() where length > 0 {
        symbols[places[length]] = symbol
        places[length] += 1
      }
    }

    fileprivate init(known lengths: [Int]) {
      guard let codes = Codes(lengths) else { preconditionFailure("the fixed codes are codes") }
      self = codes
    }
  }

  private static let fixedLengths = Codes(
    known: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  private static let fixedDistances = Codes(known: [Int](repeating: 5, count: 30))
  /// In which lengths of the codes' lengths stand.
  private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  private mutating func symbol(_ codes: Codes) throws(Fault) -> Int {
    var (code, first, index) = (0, 0, 0)
    for length in 1..<16 {
      code |= Int(try bits(1))
      let some = codes.counts[length]
      if code - first < some { return codes.symbols[index + code - first] }
      index += some
      first = (first + some) << 1
      code <<= 1
    }
    throw .damaged
  }

  /// The codes that a block brings along (section 3.2.7).
  private mutating func tables() throws(Fault) -> (Codes, Codes) {
    let literals = Int(try bits(5)) + 257
    let distances = Int(try bits(5)) + 1
    let known = Int(try bits(4)) + 4
    guard literals <= 286, distances <= 30 else { throw .damaged }
    var small = [Int](repeating: 0, count: 19)
    for place in 0..<known { small[Self.order[place]] = Int(try bits(3)) }
    guard let codes = Codes(small) else { throw .damaged }
    var lengths: [Int] = []
    while lengths.count < literals + distances {
      let symbol = try self.symbol(codes)
      if symbol < 16 {
        lengths.append(symbol)
        continue
      }
      let last = lengths.last ?? -1
      guard symbol != 16 || last >= 0 else { throw .damaged }
      let times = symbol == 16 ? 3 + Int(try bits(2)) : symbol == 17 ? 3 + Int(try bits(3)) : 11 + Int(try bits(7))
      lengths += [Int](repeating: symbol == 16 ? last : 0, count: times)
    }
    guard lengths.count == literals + distances, lengths[256] > 0,
      let first = Codes(Array(lengths[..<literals])), let second = Codes(Array(lengths[literals...]))
    else { throw .damaged }
    return (first, second)
  }
}
