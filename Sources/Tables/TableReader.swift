import Kernel

/// Reads a table of fields (RFC 4180) as it comes, chunk by chunk, without ever holding more than a chunk and one record.
///
/// Understood: quotes, doubled quotes and line feeds inside them, CRLF and LF, a byte order mark, blank lines between records.
/// A quote inside a field that does not begin with one is a letter like any other (`Shampoo 5" white`). The first record names
/// the columns.
public struct TableReader: Sendable {
  public let encoding: TextEncoding
  public private(set) var separator: Separator?
  /// The names of the columns, known once the first block is read.
  public private(set) var header: [String] = []

  /// Bytes of a record that is not whole yet.
  private var carry: [UInt8] = []
  private var fileOffset: Int64 = 0
  private var line = 1
  private var isStarted = false

  public init(encoding: TextEncoding = .utf8, separator: Separator? = nil) {
    self.encoding = encoding
    self.separator = separator
  }

  /// Goes on in the middle of a file whose header is known.
  /// - Parameter offset: where a record begins, as `TableBlock.offset` told. - Parameter line: the line it begins on.
  public init(encoding: TextEncoding, separator: Separator, header: [String], offset: Int64, line: Int) {
    self.encoding = encoding
    self.separator = separator
    self.header = header
    self.line = line
    fileOffset = offset
    isStarted = true
  }

  /// Takes the next bytes of the file and gives the records that are whole with them. A block may hold no record.
  /// - Parameter isLast: nothing follows; a record without a line end is then whole too.
  /// - Parameter key: columns that say which records belong together. The last of such groups waits for the next chunk, so that a
  ///   block always holds whole groups.
  public mutating func block(_ chunk: [UInt8], isLast: Bool, groupedBy key: [Int] = []) throws(TableFault) -> TableBlock {
    var bytes = carry
    bytes.append(contentsOf: encoding == .utf8 ? chunk : utf8(fromWindows1251: chunk))
    carry = []
    if !isStarted {
      guard try start(&bytes, isLast: isLast) else { return rest(bytes) }
    }
    let columns = header.count
    var scan = Scan(separator: (separator ?? .comma).byte, columns: columns, expectedRows: bytes.count / 64)
    scan.run(bytes.span, isLast: isLast)
    if encoding == .utf8 { try checkEncoding(bytes, scan) }
    if bytes.count - scan.consumed > Limits.tableRecord { throw .recordTooLong(line: line + scan.line) }
    if !key.isEmpty, !isLast, scan.rowCount > 0 { scan.drop(from: scan.startOfLastGroup(key, in: bytes.span)) }
    let end = scan.consumed
    if bytes.count - end > Limits.tableGroup { throw .groupTooLong(line: line + scan.line) }
    carry = Array(bytes[end...])
    bytes.removeSubrange(end...)
    let block = scan.block(bytes, encoding: encoding, fileOffset: fileOffset, firstLine: line)
    fileOffset = block.offset(block.count)
    line += scan.line
    return block
  }

  /// Reads the header; false where it is not whole yet.
  private mutating func start(_ bytes: inout [UInt8], isLast: Bool) throws(TableFault) -> Bool {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { throw .utf16 }
    if bytes.count < 3, !isLast { return false }
    if encoding == .utf8, bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      bytes.removeFirst(3)
      fileOffset = 3
    }
    guard let chosen = separator ?? Separator.detected(in: bytes) else { throw .ambiguousSeparator }
    var scan = Scan(separator: chosen.byte, columns: nil, expectedRows: 1)
    scan.run(bytes.span, isLast: isLast)
    guard scan.rowCount > 0 else {
      if isLast { throw .empty }
      if bytes.count > Limits.tableRecord { throw .recordTooLong(line: line) }
      return false
    }
    if encoding == .utf8 { try checkEncoding(bytes, scan) }
    guard scan.starts.count <= Limits.tableColumns else { throw .tooManyColumns(scan.starts.count) }
    let end = scan.consumed
    let named = scan.block(Array(bytes[..<end]), encoding: .utf8, fileOffset: 0, firstLine: line)
    header = (0..<named.columns).map { named.field(0, $0).text }
    for (index, name) in header.enumerated() where !name.isEmpty && header[..<index].contains(name) { throw .repeatedColumn(name) }
    fileOffset += named.encodedCount(in: encoding)
    line += scan.line
    separator = chosen
    isStarted = true
    bytes.removeFirst(end)
    return true
  }

  private mutating func rest(_ bytes: [UInt8]) -> TableBlock {
    carry = bytes
    return Scan(separator: 0, columns: 0, expectedRows: 0).block([], encoding: encoding, fileOffset: 0, firstLine: line)
  }

  private func checkEncoding(_ bytes: [UInt8], _ scan: Scan) throws(TableFault) {
    guard scan.hasHighBytes else { return }
    let whole = Array(bytes[..<scan.consumed])
    if let fault = firstFault(inUTF8: whole.span) { throw .notUTF8(line: line + whole[..<fault].count { $0 == lineFeed }) }
  }
}

extension TableBlock {
  /// Bytes that the block took in its file.
  func encodedCount(in encoding: TextEncoding) -> Int64 {
    switch encoding {
    case .utf8: Int64(contentEnd)
    case .windows1251: Int64(bytes[..<contentEnd].count { $0 & 0xc0 != 0x80 })
    }
  }
}
