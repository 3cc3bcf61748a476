import Kernel

/// One sheet's XML, cell by cell.
struct SheetReader {
  private var scan: MarkupScan
  private let styles: WorkbookStyles
  private let strings: [String]
  private let since1904: Bool
  /// Lines of the table, each a row of the sheet.
  private var rows: [[String]] = []
  private var written = 0

  private struct Cell {
    var column = 0
    var type = ""
    var style = 0
    var text = ""
  }

  init(_ part: [UInt8], _ styles: WorkbookStyles, _ strings: [String], since1904: Bool) {
    scan = MarkupScan(part)
    (self.styles, self.strings, self.since1904) = (styles, strings, since1904)
  }

  mutating func table() throws(WorkbookFault) -> [UInt8] {
    try read()
    let width = rows.reduce(0) { max($0, $1.count) }
    var writer = TableWriter()
    for row in rows {
      // A line of nothing is no record, and still counts as a line.
      if !row.isEmpty { for column in 0..<width { writer.field(column < row.count ? row[column] : "") } }
      writer.endRecord()
    }
    return writer.take()
  }

  private mutating func read() throws(WorkbookFault) {
    var (cell, cells, isValue): (Cell?, [String], Bool) = (nil, [], false)
    while let token = try scan.next() {
      switch token {
      case .start(let name, let isEmpty):
        if name.elementsEqual("row".utf8) {
          try beginRow()
          cells = []
          if isEmpty { rows.append([]) }
        } else if name.elementsEqual("c".utf8) {
          cell = isEmpty ? nil : try begin(after: cells.count)
        } else if name.elementsEqual("v".utf8) || name.elementsEqual("t".utf8) {
          isValue = !isEmpty && cell != nil
        }
      case .text(let bytes): if isValue { cell?.text += MarkupScan.plain(bytes) }
      case .end(let name):
        if name.elementsEqual("v".utf8) || name.elementsEqual("t".utf8) { isValue = false }
        if name.elementsEqual("c".utf8), let known = cell {
          try put(known, &cells)
          cell = nil
        }
        if name.elementsEqual("row".utf8) { rows.append(cells) }
      }
    }
  }

  /// Rows that are left out are empty ones.
  private mutating func beginRow() throws(WorkbookFault) {
    guard let number = scan.attribute("r").flatMap({ Int($0) }) else { return }
    guard number > rows.count, number <= WorkbookWriter.rowsOfSheet else { throw .damaged }
    while rows.count < number - 1 { rows.append([]) }
  }

  private func begin(after count: Int) throws(WorkbookFault) -> Cell {
    var cell = Cell()
    cell.column = try scan.attribute("r").map { reference throws(WorkbookFault) in try Self.column(reference) } ?? count
    guard cell.column < Limits.tableColumns else { throw .tooManyColumns }
    cell.type = scan.attribute("t") ?? "n"
    cell.style = scan.attribute("s").flatMap { Int($0) } ?? 0
    return cell
  }

  /// D of `D17`, from 0.
  static func column(_ reference: String) throws(WorkbookFault) -> Int {
    var column = 0
    for byte in reference.utf8 {
      guard (0x41...0x5a).contains(byte) else { break }
      column = column * 26 + Int(byte - 0x40)
      guard column < 100_000 else { throw .damaged }
    }
    guard column > 0 else { throw .damaged }
    return column - 1
  }

  private mutating func put(_ cell: Cell, _ cells: inout [String]) throws(WorkbookFault) {
    guard cell.column >= cells.count else { throw .damaged }
    let text = try text(cell)
    guard !text.isEmpty else { return }
    written += text.utf8.count + cell.column - cells.count
    guard written <= Limits.workbookPart else { throw .tooLarge }
    while cells.count < cell.column { cells.append("") }
    cells.append(text)
  }

  private func text(_ cell: Cell) throws(WorkbookFault) -> String {
    switch cell.type {
    case "s":
      guard let number = Int(cell.text), strings.indices.contains(number) else { throw .damaged }
      return Self.line(strings[number])
    case "n":
      guard let number = SheetNumber(cell.text) else { return Self.line(cell.text) }
      switch styles[cell.style] {
      case .number: return number.text()
      case .percent: return number.text(shift: 2) + "%"
      case .day: return number.day(since1904: since1904) ?? number.text()
      }
    // 2026-11-21T00:00:00: a day that says so itself.
    case "d": return cell.text.hasSuffix("T00:00:00") ? String(cell.text.dropLast(9)) : Self.line(cell.text)
    default: return Self.line(cell.text)
    }
  }

  /// In one line, so that lines of the table are rows of the sheet; `_x000D_` is how control characters are written.
  private static func line(_ text: String) -> String {
    let plain = text.utf8.contains(0x5f) ? unescaped(text) : text
    guard plain.utf8.contains(where: { $0 < 0x20 }) else { return plain }
    return String(String.UnicodeScalarView(plain.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
  }

  private static func unescaped(_ text: String) -> String {
    var out: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      let seven = Array(rest.prefix(7))
      if seven.count == 7, byte == 0x5f, seven[1] == 0x78, seven[6] == 0x5f,
        let scalar = UInt32(String(decoding: seven[2...5], as: UTF8.self), radix: 16).flatMap(Unicode.Scalar.init)
      {
        out += Array(String(Character(scalar)).utf8)
        rest = rest.dropFirst(7)
      } else {
        out.append(byte)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
