import Kernel

/// How the letters of a table file are written.
public enum TextEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  /// What older accounting programs in Russia export.
  case windows1251 = "windows-1251"
}

/// What separates the fields of a record.
public enum Separator: String, Sendable, CaseIterable {
  case comma = ","
  case semicolon = ";"
  case tab = "\t"
  case bar = "|"

  @inlinable public var byte: UInt8 {
    switch self {
    case .comma: 0x2c
    case .semicolon: 0x3b
    case .tab: 0x09
    case .bar: 0x7c
    }
  }

  /// The separator that the header names most often outside quotes; a comma where it names none. Nil where two are as frequent:
  /// guessing would then shift every column.
  public static func detected(in header: some Sequence<UInt8>) -> Separator? {
    var counts: [Separator: Int] = [:]
    var isQuoted = false
    for byte in header {
      if byte == quote { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == lineFeed { break }
      if let separator = allCases.first(where: { $0.byte == byte }) { counts[separator, default: 0] += 1 }
    }
    let most = counts.values.max() ?? 0
    if most == 0 { return .comma }
    let best = counts.filter { $0.value == most }
    return best.count == 1 ? best.first?.key : nil
  }
}

@usableFromInline let quote: UInt8 = 0x22
@usableFromInline let lineFeed: UInt8 = 0x0a
@usableFromInline let carriageReturn: UInt8 = 0x0d

/// Why a file cannot be read at all. A row that is bad alone is a `RowFault` and the rest goes on.
public enum TableFault: Error, Hashable, Sendable, CustomStringConvertible {
  case empty
  case notUTF8(line: Int)
  case utf16
  case ambiguousSeparator
  case tooManyColumns(Int)
  case repeatedColumn(String)
  case recordTooLong(line: Int)
  case groupTooLong(line: Int)

  public var description: String {
    switch self {
    case .empty: "the file is empty; its first line must name the columns"
    case .notUTF8(let line):
      "line \(line) is not UTF-8; save the file as UTF-8, or where it is in windows-1251 put \"encoding\": \"windows-1251\" into the mapping"
    case .utf16: "the file is in UTF-16; save it as UTF-8"
    case .ambiguousSeparator:
      "the first line does not tell what separates the columns; put \"separator\": \",\" or \";\" or \"\\t\" or \"|\" into the mapping"
    case .tooManyColumns(let count): "the first line names \(count) columns, at most \(Limits.tableColumns) are read"
    case .repeatedColumn(let name): "the column \"\(name)\" stands twice in the first line; rename one of them"
    case .recordTooLong(let line):
      "the record that begins at line \(line) is longer than \(Limits.tableRecord) bytes; most often a quote is not closed there"
    case .groupTooLong(let line):
      "the records that belong together from line \(line) on take more than \(Limits.tableGroup) bytes; see which column keeps them together"
    }
  }
}

/// Why one row cannot be read.
public enum RowFault: Hashable, Sendable, CustomStringConvertible {
  case fieldCount(found: Int, expected: Int)
  case textAfterQuote(column: Int)
  case openQuote(column: Int)
  case fieldTooLong(column: Int)

  /// The column at fault, from 0; nil where it is the row.
  public var column: Int? {
    switch self {
    case .fieldCount: nil
    case .textAfterQuote(let column), .openQuote(let column), .fieldTooLong(let column): column
    }
  }

  public var description: String {
    switch self {
    case .fieldCount(let found, let expected): "the row has \(found) fields where the first line names \(expected)"
    case .textAfterQuote: "text follows a closing quote; a quote inside a quoted field is written twice"
    case .openQuote: "a quote is opened and not closed"
    case .fieldTooLong: "the field is longer than \(Limits.tableField) bytes"
    }
  }
}
