import Kernel

/// The columns of one file, by name: turns the sources of a mapping into places that are read without looking names up.
public struct Columns {
  public let names: [String]
  public let shape: TableShape
  private let issues: IssueList

  /// - Parameter issues: where columns are noted that the file does not have.
  public init(_ names: [String], shape: TableShape, issues: IssueList) {
    self.names = names
    self.shape = shape
    self.issues = issues
  }

  public func bind(_ source: FieldSource?) -> BoundSource? {
    guard let source else { return nil }
    switch source.origin {
    case .column(let name): return find(name, source).map { BoundSource(source, shape, columns: [$0]) }
    case .constant: return BoundSource(source, shape, columns: [])
    case .sum(let terms):
      let found = terms.compactMap { find($0.column, source) }
      return found.isEmpty ? nil : BoundSource(source, shape, columns: found, signs: terms.map { $0.isNegative ? -1 : 1 })
    case .path(let levels):
      let found = levels.compactMap { find($0, source) }
      return found.isEmpty ? nil : BoundSource(source, shape, columns: found)
    }
  }

  private func find(_ name: String, _ source: FieldSource) -> Int? {
    if let index = names.firstIndex(of: name) { return index }
    let known = names.prefix(40).map { "\"\($0)\"" }.joined(separator: ", ")
    issues.add(source.pointer, "no_such_column", "the file has no column \"\(name)\"; it has \(known)")
    return nil
  }
}

/// What is wrong with one cell.
public struct CellFault: Error, Hashable, Sendable {
  /// From 0; nil where a constant is at fault.
  public let column: Int?
  public let message: String

  public init(column: Int?, _ message: String) {
    self.column = column
    self.message = message
  }
}

/// A source whose columns are known. Every reading takes the record, and gives nil where the field is empty and has no default.
public struct BoundSource: Sendable {
  public let source: FieldSource
  public let columns: [Int]
  private let shape: TableShape
  private let signs: [Int64]
  /// Nothing but a column: the fast way through every reading.
  private let isPlain: Bool

  init(_ source: FieldSource, _ shape: TableShape, columns: [Int], signs: [Int64] = []) {
    self.source = source
    self.shape = shape
    self.columns = columns
    self.signs = signs
    if case .column = source.origin {
      isPlain = source.prefix.isEmpty && source.standard == nil && source.words.isEmpty
    } else {
      isPlain = false
    }
  }

  /// The column to name when something is wrong.
  public var column: Int? { columns.first }

  /// The text as a field: the bytes of the file themselves where the mapping changes nothing. Empty where `text` is nil.
  public func field(_ block: TableBlock, _ row: Int) -> Field {
    isPlain ? block.field(row, columns[0]) : Field(text(block, row) ?? "")
  }

  public func text(_ block: TableBlock, _ row: Int) -> String? {
    if isPlain {
      let field = block.field(row, columns[0])
      return field.isEmpty ? nil : field.text
    }
    switch source.origin {
    case .path: return path(block, row).last
    default:
      guard let raw = raw(block, row) else { return nil }
      return source.prefix + raw
    }
  }

  /// The text before the prefix: default and words applied.
  private func raw(_ block: TableBlock, _ row: Int) -> String? {
    var text: String
    if case .constant(let constant) = source.origin { text = constant } else { text = block.field(row, columns[0]).text }
    if !source.words.isEmpty, !text.isEmpty, let word = source.words[text] ?? source.words["*"] { text = word }
    if text.isEmpty { text = source.standard ?? "" }
    return text.isEmpty ? nil : text
  }

  /// The levels from the top; a level that is empty ends the path.
  public func path(_ block: TableBlock, _ row: Int) -> [String] {
    var levels: [String] = []
    for column in columns {
      let text = block.field(row, column).text
      if text.isEmpty { break }
      levels.append(source.words[text] ?? text)
    }
    return levels
  }

  /// Several values of one cell, where the mapping says what separates them.
  public func texts(_ block: TableBlock, _ row: Int) -> [String] {
    guard let raw = raw(block, row) else { return [] }
    guard let separator = source.split, !separator.isEmpty else { return [source.prefix + raw] }
    var parts: [String] = []
    var rest = raw[...]
    while let range = firstRange(of: separator, in: rest) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    parts.append(String(rest))
    return parts.map { trimmed($0) }.filter { !$0.isEmpty }.map { source.prefix + $0 }
  }

  /// A decimal as an integer of smallest units.
  public func decimal(_ block: TableBlock, _ row: Int, digits: Int) throws(CellFault) -> Int64? {
    if case .sum = source.origin { return try sum(block, row, digits: digits) }
    if isPlain { return try number(block.field(row, columns[0]), columns[0], digits) }
    guard let raw = raw(block, row) else { return nil }
    let isOurs = columns.isEmpty || raw == source.standard || !source.words.isEmpty
    if isOurs, let value = Decimal.parse(raw, digits: digits) { return value }
    guard let column else { throw CellFault(column: nil, "\"\(raw.prefix(40))\" is not a number") }
    return try number(block.field(row, column), column, digits)
  }

  private func sum(_ block: TableBlock, _ row: Int, digits: Int) throws(CellFault) -> Int64? {
    var total: Int64 = 0
    var isFound = false
    for (index, column) in columns.enumerated() {
      guard let value = try number(block.field(row, column), column, digits) else { continue }
      total += value * signs[index]
      isFound = true
    }
    return isFound ? total : nil
  }

  private func number(_ field: Field, _ column: Int, _ digits: Int) throws(CellFault) -> Int64? {
    if let value = field.decimal(digits: digits, point: shape.decimalPoint, grouping: shape.grouping) { return value }
    if field.isEmpty { return nil }
    let places =
      digits == 0
      ? "a whole number" : "a number with at most \(digits) digits behind the \(shape.decimalPoint == 0x2c ? "comma" : "point")"
    throw CellFault(column: column, "\"\(field.text.prefix(40))\" is not \(places)")
  }

  public func flag(_ block: TableBlock, _ row: Int) throws(CellFault) -> Bool? {
    guard let raw = raw(block, row) else { return nil }
    switch raw.lowercased() {
    case "true", "1", "yes", "y", "да": return true
    case "false", "0", "no", "n", "нет": return false
    default: throw CellFault(column: column, "\"\(raw.prefix(40))\" is neither true nor false; say what it means in \"words\"")
    }
  }

  public func day(_ block: TableBlock, _ row: Int) throws(CellFault) -> CivilDay? {
    try reading(block, row)?.day
  }

  /// - Parameter zone: whose clocks the file shows where a cell does not tell its offset.
  public func instant(_ block: TableBlock, _ row: Int, zone: Zone) throws(CellFault) -> Instant? {
    guard let reading = try reading(block, row) else { return nil }
    guard let offset = reading.offset else { return zone.instant(reading.day, reading.clock) }
    return Instant(seconds: Int64(reading.day.number) * 86_400 + Int64(reading.clock.second) - Int64(offset))
  }

  private func reading(_ block: TableBlock, _ row: Int) throws(CellFault) -> TimePattern.Reading? {
    let bytes: ArraySlice<UInt8>
    if isPlain {
      bytes = block.field(row, columns[0]).utf8
      if bytes.isEmpty { return nil }
    } else {
      guard let raw = raw(block, row) else { return nil }
      bytes = Array(raw.utf8)[...]
    }
    if let format = source.format {
      if let reading = format.read(bytes) { return reading }
    }
    if source.format == nil || shape.isWorkbook {
      for pattern in TimePattern.usual { if let reading = pattern.read(bytes) { return reading } }
    }
    let expected = source.format?.text ?? "2026-11-21 09:30:00; say how the file writes it in \"format\""
    throw CellFault(
      column: column, "\"\(String(decoding: bytes.prefix(40), as: UTF8.self))\" is not a day or time like \(expected)")
  }
}

private func trimmed(_ text: String) -> String {
  var slice = text.utf8[...]
  while slice.first == 0x20 { slice.removeFirst() }
  while slice.last == 0x20 { slice.removeLast() }
  return String(decoding: slice, as: UTF8.self)
}

private func firstRange(of separator: String, in text: Substring) -> Range<String.Index>? {
  let needle = Array(separator.utf8)
  let utf8 = text.utf8
  var start = utf8.startIndex
  while start < utf8.endIndex {
    if utf8[start...].starts(with: needle) { return start..<utf8.index(start, offsetBy: needle.count) }
    start = utf8.index(after: start)
  }
  return nil
}
