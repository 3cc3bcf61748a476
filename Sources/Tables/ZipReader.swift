import Kernel

/// The parts of a ZIP file (PKWARE APPNOTE 6.3), found by the list at its end. Nothing is unpacked before somebody asks for it, and
/// nothing that claims to be, or comes out, larger than `Limits` allow.
struct ZipReader {
  private struct Entry {
    let method: Int
    let isLocked: Bool
    let checksum: UInt32
    let packed: Int
    let size: Int
    let place: Int
  }

  private let bytes: [UInt8]
  private var entries: [String: Entry] = [:]

  init(_ bytes: [UInt8]) throws(WorkbookFault) {
    self.bytes = bytes
    guard let end = Self.end(of: bytes) else { throw .damaged }
    let count = Self.number(bytes, end + 10, 2)
    var place = Self.number(bytes, end + 16, 4)
    guard count <= Limits.workbookParts, count != 0xffff else { throw .tooLarge }
    for _ in 0..<count {
      guard place + 46 <= bytes.count, Self.number(bytes, place, 4) == 0x0201_4b50 else { throw .damaged }
      let lengths = [28, 30, 32].map { Self.number(bytes, place + $0, 2) }
      let next = place + 46 + lengths.reduce(0, +)
      guard next <= bytes.count else { throw .damaged }
      let name = String(decoding: bytes[place + 46..<place + 46 + lengths[0]], as: UTF8.self)
      entries[name] = Entry(
        method: Self.number(bytes, place + 10, 2), isLocked: bytes[place + 8] & 1 == 1,
        checksum: UInt32(Self.number(bytes, place + 16, 4)), packed: Self.number(bytes, place + 20, 4),
        size: Self.number(bytes, place + 24, 4), place: Self.number(bytes, place + 42, 4))
      place = next
    }
  }

  func has(_ name: String) -> Bool { entries[name] != nil }

  /// Nil where there is no such part.
  func part(_ name: String) throws(WorkbookFault) -> [UInt8]? {
    guard let entry = entries[name] else { return nil }
    if entry.isLocked { throw .locked }
    guard entry.size <= Limits.workbookPart else { throw .tooLarge }
    let head = entry.place
    guard head + 30 <= bytes.count, Self.number(bytes, head, 4) == 0x0403_4b50 else { throw .damaged }
    let start = head + 30 + Self.number(bytes, head + 26, 2) + Self.number(bytes, head + 28, 2)
    guard start + entry.packed <= bytes.count else { throw .damaged }
    let range = start..<start + entry.packed
    let whole: [UInt8]
    switch entry.method {
    case 0: whole = Array(bytes[range])
    case 8: whole = try unpack(range, entry)
    default: throw .damaged
    }
    var checksum = Checksum()
    checksum.add(whole)
    guard checksum.value == entry.checksum, whole.count == entry.size else { throw .damaged }
    return whole
  }

  private func unpack(_ range: Range<Int>, _ entry: Entry) throws(WorkbookFault) -> [UInt8] {
    // A sheet shrinks to a tenth; what claims a thousandth wants to fill the memory.
    let most = min(Limits.workbookPart, max(1024 * 1024, range.count * Limits.workbookRatio))
    do { return try Inflate.unpacked(bytes, in: range, size: entry.size, most: most) } catch {
      throw error == .tooLarge ? .tooLarge : .damaged
    }
  }

  /// Where the last record begins; a comment may stand behind it.
  private static func end(of bytes: [UInt8]) -> Int? {
    guard bytes.count >= 22 else { return nil }
    var place = bytes.count - 22
    let least = max(0, place - 65_535)
    while place >= least {
      if bytes[place] == 0x50, number(bytes, place, 4) == 0x0605_4b50 { return place }
      place -= 1
    }
    return nil
  }

  private static func number(_ bytes: [UInt8], _ place: Int, _ length: Int) -> Int {
    (0..<length).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }
}
