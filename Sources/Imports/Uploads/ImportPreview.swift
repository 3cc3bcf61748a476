import Kernel
import Tables

/// The beginning of a file, to be looked at before anybody says what its columns mean.
public struct ImportPreview: Sendable {
  public let shape: TableShape
  public let separator: Separator
  public let header: [String]
  /// The first records, each as wide as the header.
  public let rows: [[String]]

  /// Rows that are shown and guessed from.
  public static var size: Int { 50 }

  /// - Parameters:
  ///   - bytes: the beginning of the file; the whole of it where it is short.
  ///   - isWhole: nothing follows.
  ///   - encoding: as somebody says; nil: found by the bytes.
  ///   - separator: as somebody says; nil: found in the first line.
  /// - Throws: `Problem.invalid` where it is no table.
  public init(
    _ bytes: [UInt8], isWhole: Bool, encoding: TextEncoding? = nil, separator: Separator? = nil
  ) throws(Problem) {
    let encoding = encoding ?? Self.encoding(of: bytes, isWhole: isWhole)
    var reader = TableReader(encoding: encoding, separator: separator)
    let block: TableBlock
    do { block = try reader.block(bytes, isLast: isWhole) } catch { throw ImportRun.refusal(error) }
    guard !reader.header.isEmpty else {
      throw Problem(.invalid, "unreadable_table", "the first line is too long to name columns")
    }
    header = reader.header
    self.separator = reader.separator ?? .comma
    rows = (0..<min(block.count, Self.size)).filter { block.fault($0) == nil }.map { row in
      (0..<block.columns).map { block.field(row, $0).text }
    }
    var shape = TableShape()
    shape.encoding = encoding
    shape.separator = self.separator
    shape.grouping = 0x20
    let figures = rows.flatMap { $0 }.filter(Self.isFigure)
    shape.decimalPoint = figures.count { $0.contains(",") } > figures.count { $0.contains(".") } ? 0x2c : 0x2e
    self.shape = shape
  }

  /// The texts of one column that are not empty.
  public func texts(_ column: Int) -> [String] { rows.map { column < $0.count ? $0[column] : "" }.filter { !$0.isEmpty } }

  /// UTF-8 where the bytes are, but for a letter that is cut at the end.
  private static func encoding(of bytes: [UInt8], isWhole: Bool) -> TextEncoding {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { return .utf8 }
    for cut in 0..<(isWhole ? 1 : 4) where String(validating: bytes.dropLast(cut), as: UTF8.self) != nil { return .utf8 }
    return .windows1251
  }

  /// Digits with one point or comma among them.
  private static func isFigure(_ text: String) -> Bool {
    let marks = text.utf8.count { $0 == 0x2c || $0 == 0x2e }
    return marks == 1 && text.utf8.contains { (48...57).contains($0) }
      && text.utf8.allSatisfy { (48...57).contains($0) || [0x20, 0x2c, 0x2d, 0x2e].contains($0) }
  }
}
