import Kernel

/// Some hundred or thousand whole records of a table, as the bytes they came in and where each field begins and ends.
///
/// Nothing is turned into a `String` before somebody asks for one, so reading costs about a nanosecond a byte. A block is a value:
/// one thread may read the next while another works with this one.
public struct TableBlock: Sendable {
  /// The records as they stand in the file (in UTF-8), and behind `contentEnd` the fields whose doubled quotes had to be resolved.
  @usableFromInline let bytes: [UInt8]
  @usableFromInline let starts: [Int32]
  @usableFromInline let ends: [Int32]
  let rowStarts: [Int32]
  let lines: [Int32]
  let faults: [Int: RowFault]
  let encoding: TextEncoding
  /// Where `bytes` begins in the file.
  let fileOffset: Int64
  let firstLine: Int
  let contentEnd: Int
  /// The line behind the last record.
  public let endLine: Int

  public let columns: Int
  /// Records in the block; blank lines are not records.
  @inlinable public var count: Int { columns == 0 ? 0 : starts.count / columns }

  /// The line on which the record begins, from 1.
  public func line(_ row: Int) -> Int { firstLine + Int(lines[row]) }

  /// Why the record cannot be used, nil where it can.
  public func fault(_ row: Int) -> RowFault? { faults.isEmpty ? nil : faults[row] }

  /// The record as it stands in the file, its line end left out.
  public func source(_ row: Int) -> ArraySlice<UInt8> {
    var end = Int(row + 1 < count ? rowStarts[row + 1] : Int32(contentEnd))
    let start = Int(rowStarts[row])
    while end > start, bytes[end - 1] == lineFeed || bytes[end - 1] == carriageReturn { end -= 1 }
    return bytes[start..<end]
  }

  /// Where the record begins in the file, in bytes; for `row == count`, where the block ends. Costs a scan in windows-1251.
  public func offset(_ row: Int) -> Int64 {
    let place = row < count ? Int(rowStarts[row]) : contentEnd
    switch encoding {
    case .utf8: return fileOffset + Int64(place)
    case .windows1251: return fileOffset + Int64(bytes[..<place].count { $0 & 0xc0 != 0x80 })
    }
  }

  @inlinable public func field(_ row: Int, _ column: Int) -> Field {
    let index = row * columns + column
    return Field(bytes, Int(starts[index]), Int(ends[index]))
  }

  /// True where the field holds the same bytes in both rows: whether two lines belong to one receipt.
  @inlinable public func isSame(_ column: Int, _ row: Int, _ other: Int) -> Bool {
    let (a, b) = (row * columns + column, other * columns + column)
    let length = ends[a] - starts[a]
    guard length == ends[b] - starts[b] else { return false }
    let span = bytes.span
    for offset in 0..<Int(length) where span[Int(starts[a]) + offset] != span[Int(starts[b]) + offset] { return false }
    return true
  }
}

/// One field of a record: bytes without surrounding white space, read as what the asker needs.
public struct Field: Sendable {
  @usableFromInline let bytes: [UInt8]
  @usableFromInline let start: Int
  @usableFromInline let end: Int

  @inlinable init(_ bytes: [UInt8], _ start: Int, _ end: Int) {
    self.bytes = bytes
    var (first, last) = (start, end)
    while first < last, bytes[first] == 0x20 || bytes[first] == 0x09 { first += 1 }
    while last > first, bytes[last - 1] == 0x20 || bytes[last - 1] == 0x09 { last -= 1 }
    self.start = first
    self.end = last
  }

  /// A text from elsewhere, to be read as a field is.
  public init(_ text: String) {
    let bytes = Array(text.utf8)
    self.init(bytes, 0, bytes.count)
  }

  @inlinable public var isEmpty: Bool { start == end }
  @inlinable public var utf8: ArraySlice<UInt8> { bytes[start..<end] }
  public var text: String { String(decoding: bytes[start..<end], as: UTF8.self) }

  /// A 64-bit hash of the bytes, the same in every run: for looking a code up without making a string of it.
  public var hash: UInt64 { stableHash(bytes, start, end) }

  /// True where the field holds these of the bytes and no others.
  public func equals(_ other: [UInt8], from first: Int, to last: Int) -> Bool {
    guard end - start == last - first else { return false }
    let (mine, theirs) = (bytes.span, other.span)
    for offset in 0..<(last - first) where mine[start + offset] != theirs[first + offset] { return false }
    return true
  }

  /// A whole number with an optional minus. Nil for anything else and beyond `Limits.amount`.
  @inlinable public var int: Int64? { decimal(digits: 0) }

  /// A decimal number as an integer of smallest units: `12.5` with two digits is 1 250. More digits than asked for are read
  /// only where they are zeros (`12.500`), so that nothing is rounded in silence. Thousands may be set apart by `grouping`.
  public func decimal(digits: Int, point: UInt8 = 0x2e, grouping: UInt8? = nil) -> Int64? {
    let span = bytes.span
    var at = start
    let negative = at < end && span[at] == 0x2d
    if negative { at += 1 }
    var value: Int64 = 0
    var seen = 0
    var fraction = -1
    while at < end {
      let byte = span[at]
      at += 1
      if byte &- 48 < 10 {
        seen += 1
        if fraction >= digits {
          guard byte == 48 else { return nil }
          continue
        }
        if fraction >= 0 { fraction += 1 }
        value = value * 10 + Int64(byte &- 48)
        guard value <= Limits.amount else { return nil }
      } else if byte == point, fraction < 0, seen > 0, at < end {
        fraction = 0
      } else if fraction < 0, seen > 0, isGrouping(byte, at, grouping) {
        if byte == 0xc2 { at += 1 }
      } else {
        return nil
      }
    }
    guard seen > 0 else { return nil }
    for _ in max(0, fraction)..<max(digits, max(0, fraction)) {
      value *= 10
      guard value <= Limits.amount else { return nil }
    }
    return negative ? -value : value
  }

  /// A space that groups thousands may also be a non-breaking one (C2 A0).
  private func isGrouping(_ byte: UInt8, _ next: Int, _ grouping: UInt8?) -> Bool {
    guard let grouping else { return false }
    return byte == grouping || (grouping == 0x20 && byte == 0xc2 && next < end && bytes[next] == 0xa0)
  }
}

/// FNV-1a, finished by the mixer of SplitMix64.
func stableHash(_ bytes: [UInt8], _ start: Int, _ end: Int) -> UInt64 {
  let span = bytes.span
  var state: UInt64 = 0xcbf2_9ce4_8422_2325
  for at in start..<end { state = (state ^ UInt64(span[at])) &* 0x100_0000_01b3 }
  state = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
  state = (state ^ (state >> 27)) &* 0x94d0_49bb_1331_11eb
  return state ^ (state >> 31)
}
