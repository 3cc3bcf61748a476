/// The first bytes of a roll: what it holds and where. Numbers are little-endian, 64 bits each.
///
/// `RGRROLL` and the version · members · receipts · lines · flags (1: anonymous) · number of columns · per column: its number, the
/// width of a value, offset, bytes, checksum · the checksum of all that.
struct RollHead {
  struct Entry { let column: RollColumn, width: Int, offset: Int, bytes: Int, checksum: UInt64 }

  static let version = 2
  private static let magic: UInt64 = 0x4c4c_4f52_5247_5200  // "\0RGRROLL" read little-endian; the low byte is the version
  private static let fixed = 6
  private static let perColumn = 5

  var members: Int
  var receipts: Int
  var lines: Int
  var isAnonymous: Bool
  var entries: [Entry]

  /// Bytes of a head that describes this many columns.
  static func size(columns: Int) -> Int { (fixed + perColumn * columns + 1) * 8 }

  var places: [RollColumn: Roll.Place] {
    Dictionary(uniqueKeysWithValues: entries.map { ($0.column, Roll.Place(offset: $0.offset, width: $0.width)) })
  }

  var words: [UInt64] {
    var words: [UInt64] = [
      Self.magic | UInt64(Self.version), UInt64(members), UInt64(receipts), UInt64(lines), isAnonymous ? 1 : 0,
    ]
    words.append(UInt64(entries.count))
    for entry in entries {
      words += [UInt64(entry.column.rawValue), UInt64(entry.width), UInt64(entry.offset), UInt64(entry.bytes), entry.checksum]
    }
    words.append(unsafe words.withUnsafeBytes { unsafe Self.checksum($0) })
    return words
  }

  init(members: Int, receipts: Int, lines: Int, isAnonymous: Bool, entries: [Entry]) {
    (self.members, self.receipts, self.lines, self.isAnonymous, self.entries) = (members, receipts, lines, isAnonymous, entries)
  }

  init(_ bytes: UnsafeRawBufferPointer) throws(RollFailure) {
    func word(_ at: Int) -> UInt64 { unsafe bytes.loadUnaligned(fromByteOffset: at * 8, as: UInt64.self) }
    guard bytes.count >= Self.size(columns: 0), word(0) & ~0xff == Self.magic else { throw .damaged("it does not begin as one") }
    guard word(0) & 0xff == UInt64(Self.version) else { throw .unknownVersion(Int(word(0) & 0xff)) }
    let columns = word(5)
    guard columns <= 64, bytes.count >= Self.size(columns: Int(columns)) else { throw .damaged("it ends within its head") }
    let length = Self.size(columns: Int(columns)) - 8
    guard unsafe Self.checksum(UnsafeRawBufferPointer(rebasing: bytes[0..<length])) == word(length / 8) else {
      throw .damaged("its head has other bytes than were written")
    }
    guard word(1) < UInt32.max, word(2) < UInt32.max, word(3) < UInt32.max else { throw .damaged("it says to hold too much") }
    (members, receipts, lines, isAnonymous) = (Int(word(1)), Int(word(2)), Int(word(3)), word(4) & 1 == 1)
    entries = []
    for index in 0..<Int(columns) {
      let at = Self.fixed + index * Self.perColumn
      guard let column = RollColumn(rawValue: UInt16(truncatingIfNeeded: word(at))) else { continue }
      let entry = Entry(
        column: column, width: Int(word(at + 1)), offset: Int(word(at + 2)), bytes: Int(word(at + 3)), checksum: word(at + 4))
      guard entry.offset % 8 == 0, entry.offset + entry.bytes <= bytes.count, entry.bytes == entry.width * count(column) else {
        throw .damaged("column \(column) does not lie within it")
      }
      entries.append(entry)
    }
  }

  private func count(_ column: RollColumn) -> Int {
    switch column.grain {
    case .member: members + (column == .firstReceipt ? 1 : 0)
    case .receipt: receipts + (column == .firstLine ? 1 : 0)
    case .line: lines
    }
  }

  /// Of bytes that are a multiple of eight long: the multiply and shift of `StableHash`'s words, in four lanes that do not wait for
  /// each other.
  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var lanes: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
    func step(_ lane: inout UInt64, _ word: UInt64) {
      lane = (lane ^ word) &* 0x9e37_79b9_7f4a_7c15
      lane ^= lane >> 29
    }
    var at = 0
    while at + 32 <= bytes.count {
      step(&lanes.0, unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      step(&lanes.1, unsafe bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self))
      step(&lanes.2, unsafe bytes.loadUnaligned(fromByteOffset: at + 16, as: UInt64.self))
      step(&lanes.3, unsafe bytes.loadUnaligned(fromByteOffset: at + 24, as: UInt64.self))
      at += 32
    }
    while at < bytes.count {
      step(&lanes.0, UInt64(unsafe bytes[at]))
      at += 1
    }
    step(&lanes.0, lanes.1)
    step(&lanes.0, lanes.2)
    step(&lanes.0, lanes.3)
    step(&lanes.0, UInt64(bytes.count))
    return lanes.0
  }
}
