/// Writes a table (RFC 4180) into bytes: fields are quoted only where they must be, records end with a line feed.
public struct TableWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  private let separator: UInt8
  private var isAtStart = true

  public init(separator: Separator = .comma) { self.separator = separator.byte }

  public mutating func field(_ text: String) {
    if !isAtStart { bytes.append(separator) }
    isAtStart = false
    let needsQuotes = text.utf8.contains { $0 == separator || $0 == quote || $0 == lineFeed || $0 == carriageReturn }
    guard needsQuotes || text.first == " " || text.last == " " else {
      bytes.append(contentsOf: text.utf8)
      return
    }
    bytes.append(quote)
    for byte in text.utf8 {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }

  /// Fields that are a record already, as they stood in another table with the same separator.
  public mutating func fields(asWritten source: some Sequence<UInt8>) {
    if !isAtStart { bytes.append(separator) }
    isAtStart = false
    bytes.append(contentsOf: source)
  }

  public mutating func endRecord() {
    bytes.append(lineFeed)
    isAtStart = true
  }

  /// Whole records of another writer with the same separator.
  public mutating func add(records other: TableWriter) { bytes += other.bytes }

  /// Gives what was written and begins anew.
  public mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }
}
