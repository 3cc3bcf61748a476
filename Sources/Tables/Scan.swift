import Kernel

/// Finds where fields begin and end. One pass, one branch a byte.
struct Scan {
  let separator: UInt8
  /// Nil while the header is read: it says how many there are.
  var columns: Int?
  private(set) var starts: [Int32] = []
  private(set) var ends: [Int32] = []
  private(set) var rowStarts: [Int32] = []
  private var lines: [Int32] = []
  private var faults: [Int: RowFault] = [:]
  /// Fields with doubled quotes, by their index in `starts`.
  private var doubled: [Int] = []
  /// Where the first record begins that is not whole.
  private(set) var consumed = 0
  /// Line feeds before `consumed`.
  private(set) var line = 0
  private(set) var hasHighBytes = false

  var rowCount: Int { rowStarts.count }

  init(separator: UInt8, columns: Int?, expectedRows: Int) {
    self.separator = separator
    self.columns = columns
    starts.reserveCapacity(expectedRows * (columns ?? 0))
    ends.reserveCapacity(expectedRows * (columns ?? 0))
    rowStarts.reserveCapacity(expectedRows)
    lines.reserveCapacity(expectedRows)
  }

  /// Where a field ended and what stood behind it.
  private enum Ending { case separator, record, input }

  mutating func run(_ bytes: ByteSpan, isLast: Bool) {
    var at = 0
    while at < bytes.count {
      if columns == nil, rowCount == 1 { return }
      let row = at
      let (fields, doubles, lineBefore) = (starts.count, doubled.count, line)
      var fault: RowFault?
      var ending = Ending.separator
      while ending == .separator {
        ending = field(bytes, &at, isLast, starts.count - fields, &fault)
      }
      if ending == .input, !isLast {
        starts.removeSubrange(fields...)
        ends.removeSubrange(fields...)
        doubled.removeSubrange(doubles...)
        line = lineBefore
        return
      }
      consumed = at
      finish(row: row, fields: fields, line: lineBefore, fault)
    }
  }

  /// Reads one field and what ends it.
  private mutating func field(_ bytes: ByteSpan, _ at: inout Int, _ isLast: Bool, _ column: Int, _ fault: inout RowFault?) -> Ending
  {
    let start = at
    var high: UInt8 = 0
    if at < bytes.count, bytes[at] == quote { return quoted(bytes, &at, column, &fault) }
    while at < bytes.count {
      let byte = bytes[at]
      if byte == separator || byte == lineFeed { break }
      high |= byte
      at += 1
    }
    if high >= 0x80 { hasHighBytes = true }
    return close(bytes, &at, start: start, end: at, column, &fault)
  }

  private mutating func quoted(_ bytes: ByteSpan, _ at: inout Int, _ column: Int, _ fault: inout RowFault?) -> Ending {
    at += 1
    let start = at
    var hasDoubled = false
    while at < bytes.count {
      let byte = bytes[at]
      if byte >= 0x80 { hasHighBytes = true }
      if byte == lineFeed { line += 1 }
      if byte == quote {
        guard at + 1 < bytes.count, bytes[at + 1] == quote else { break }
        hasDoubled = true
        at += 1
      }
      at += 1
    }
    let end = at
    if at == bytes.count {
      fault = fault ?? .openQuote(column: column)
      return close(bytes, &at, start: start, end: end, column, &fault)
    }
    at += 1
    let after = at
    while at < bytes.count, bytes[at] != separator, bytes[at] != lineFeed {
      if bytes[at] >= 0x80 { hasHighBytes = true }
      at += 1
    }
    let isClean = at == after || (at == after + 1 && bytes[after] == carriageReturn && at < bytes.count && bytes[at] == lineFeed)
    if !isClean, !(at == bytes.count && at == after + 1 && bytes[after] == carriageReturn) {
      fault = fault ?? .textAfterQuote(column: column)
    }
    if hasDoubled { doubled.append(starts.count) }
    return close(bytes, &at, start: start, end: end, column, &fault)
  }

  private mutating func close(
    _ bytes: ByteSpan, _ at: inout Int, start: Int, end: Int, _ column: Int, _ fault: inout RowFault?
  ) -> Ending {
    var last = end
    let isInput = at == bytes.count
    let isRecord = isInput || bytes[at] == lineFeed
    if isRecord, last == at, last > start, bytes[last - 1] == carriageReturn { last -= 1 }
    if last - start > Limits.tableField { fault = fault ?? .fieldTooLong(column: column) }
    starts.append(Int32(start))
    ends.append(Int32(last))
    if isInput { return .input }
    at += 1
    if !isRecord { return .separator }
    line += 1
    return .record
  }

  /// Settles a record: a blank line is none, a wrong number of fields is a fault.
  private mutating func finish(row: Int, fields: Int, line: Int, _ fault: RowFault?) {
    var found = starts.count - fields
    if found == 1, starts[fields] == ends[fields], Int(starts[fields]) == row {
      starts.removeLast()
      ends.removeLast()
      return
    }
    let expected = columns ?? found
    var fault = fault
    if found != expected { fault = fault ?? .fieldCount(found: found, expected: expected) }
    while found < expected {
      starts.append(0)
      ends.append(0)
      found += 1
    }
    if found > expected {
      starts.removeLast(found - expected)
      ends.removeLast(found - expected)
      while let last = doubled.last, last >= starts.count { doubled.removeLast() }
    }
    if let fault { faults[rowCount] = fault }
    rowStarts.append(Int32(row))
    lines.append(Int32(line))
  }

  /// Takes back the records from this one on: they are not whole without the bytes that follow.
  mutating func drop(from row: Int) {
    guard let columns, row < rowCount else { return }
    consumed = Int(rowStarts[row])
    line = Int(lines[row])
    starts.removeSubrange((row * columns)...)
    ends.removeSubrange((row * columns)...)
    while let last = doubled.last, last >= starts.count { doubled.removeLast() }
    rowStarts.removeSubrange(row...)
    lines.removeSubrange(row...)
    faults = faults.filter { $0.key < row }
  }

  /// The first record of the last run of records that hold the same in these columns.
  func startOfLastGroup(_ columns: [Int], in bytes: ByteSpan) -> Int {
    var row = rowCount - 1
    while row > 0, columns.allSatisfy({ isSame($0, row, row - 1, bytes) }) { row -= 1 }
    return row
  }

  private func isSame(_ column: Int, _ row: Int, _ other: Int, _ bytes: ByteSpan) -> Bool {
    guard let columns else { return false }
    let (a, b) = (row * columns + column, other * columns + column)
    guard ends[a] - starts[a] == ends[b] - starts[b] else { return false }
    for offset in 0..<Int(ends[a] - starts[a]) where bytes[Int(starts[a]) + offset] != bytes[Int(starts[b]) + offset] {
      return false
    }
    return true
  }

  /// The block, with doubled quotes resolved behind the content.
  func block(_ content: [UInt8], encoding: TextEncoding, fileOffset: Int64, firstLine: Int) -> TableBlock {
    var bytes = content
    var (starts, ends) = (starts, ends)
    for index in doubled {
      let (start, end) = (Int(starts[index]), Int(ends[index]))
      starts[index] = Int32(bytes.count)
      var isSecond = false
      for at in start..<end {
        let byte = bytes[at]
        if byte == quote, isSecond {
          isSecond = false
          continue
        }
        isSecond = byte == quote
        bytes.append(byte)
      }
      ends[index] = Int32(bytes.count)
    }
    return TableBlock(
      bytes: bytes, starts: starts, ends: ends, rowStarts: rowStarts, lines: lines, faults: faults, encoding: encoding,
      fileOffset: fileOffset, firstLine: firstLine, contentEnd: content.count, endLine: firstLine + line,
      columns: columns ?? starts.count)
  }
}
