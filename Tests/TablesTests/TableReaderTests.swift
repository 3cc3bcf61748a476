import Kernel
import Tables
import Testing

/// Reads a whole text in chunks of `size` bytes.
private func read(
  _ text: [UInt8], size: Int = .max, encoding: TextEncoding = .utf8, separator: Separator? = nil
) throws -> (header: [String], rows: [[String]], faults: [RowFault?], lines: [Int]) {
  var reader = TableReader(encoding: encoding, separator: separator)
  var rows: [[String]] = []
  var faults: [RowFault?] = []
  var lines: [Int] = []
  var at = 0
  repeat {
    let next = size == .max ? text.count : min(text.count, at + size)
    let block = try reader.block(Array(text[at..<next]), isLast: next == text.count)
    at = next
    for row in 0..<block.count {
      rows.append((0..<block.columns).map { block.field(row, $0).text })
      faults.append(block.fault(row))
      lines.append(block.line(row))
    }
  } while at < text.count
  return (reader.header, rows, faults, lines)
}

private func read(_ text: String, size: Int = .max) throws -> (
  header: [String], rows: [[String]], faults: [RowFault?], lines: [Int]
) {
  try read(Array(text.utf8), size: size)
}

@Test func `quotes, doubled quotes, separators and line feeds inside quotes are read`() throws {
  let table = try read("name,note\r\n\"Milk, 3.2 %\",\"he said \"\"mu\"\"\"\r\nBread,\"two\nlines\"\r\n")
  #expect(table.header == ["name", "note"])
  #expect(table.rows == [["Milk, 3.2 %", "he said \"mu\""], ["Bread", "two\nlines"]])
  #expect(table.lines == [2, 3])
  #expect(table.faults.allSatisfy { $0 == nil })
}

@Test func `a file reads the same however it is cut into chunks`() throws {
  let text = "\u{feff}код;цена;заметка\r\n1;12,50;\"a \"\"b\"\"; c\"\r\n\r\n2;;\"раз\nдва\"\n3;7;Шампунь 5\" белый\n4;8;\"конец\""
  let whole = try read(text)
  #expect(whole.header == ["код", "цена", "заметка"])
  #expect(whole.rows.map { $0[2] } == ["a \"b\"; c", "раз\nдва", "Шампунь 5\" белый", "конец"])
  #expect(whole.lines == [2, 4, 6, 7])
  for size in 1...40 {
    let cut = try read(text, size: size)
    #expect(cut.header == whole.header && cut.rows == whole.rows && cut.lines == whole.lines, "in chunks of \(size)")
  }
}

@Test func `the separator is found in the header, and refused where it cannot be told`() throws {
  #expect(try read("a;b,c;d\n1;2;3\n").header == ["a", "b,c", "d"])
  #expect(try read("a\tb\n1\t2\n").header == ["a", "b"])
  #expect(try read("\"x;y;z\",b\n1,2\n").header == ["x;y;z", "b"])
  #expect(try read("alone\n1\n").header == ["alone"])
  #expect(throws: TableFault.ambiguousSeparator) { try read("a,b;c\n") }
}

@Test func `a bad row is told with its reason and the rows around it are read`() throws {
  let table = try read("a,b\n1,2\n3\n4,5,6\n\"7\"x,8\n9,10\n\"11,12\n")
  #expect(table.faults[0] == nil)
  #expect(table.faults[1] == .fieldCount(found: 1, expected: 2))
  #expect(table.faults[2] == .fieldCount(found: 3, expected: 2))
  #expect(table.faults[3] == .textAfterQuote(column: 0))
  #expect(table.rows[4] == ["9", "10"] && table.faults[4] == nil)
  #expect(table.faults[5] == .openQuote(column: 0))
}

@Test func `letters that are not UTF-8 are refused with their line`() throws {
  let bytes = Array("a,b\n1,2\n".utf8) + [0xcf, 0xf0, 0xe8, 0x2c, 0x31, 0x0a]
  #expect(throws: TableFault.notUTF8(line: 3)) { try read(bytes) }
  #expect(throws: TableFault.utf16) { try read([0xff, 0xfe, 0x61, 0x00]) }
  #expect(throws: TableFault.empty) { try read([]) }
}

@Test func `windows-1251 is read where the mapping says so, and places in the file stay true`() throws {
  // "код;имя\n1;Привет Ёж №5\n2;x\n"
  let bytes: [UInt8] =
    [0xea, 0xee, 0xe4, 0x3b, 0xe8, 0xec, 0xff, 0x0a, 0x31, 0x3b, 0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x20, 0xa8, 0xe6, 0x20, 0xb9]
    + [0x35, 0x0a, 0x32, 0x3b, 0x78, 0x0a]
  var reader = TableReader(encoding: .windows1251)
  let block = try reader.block(bytes, isLast: true)
  #expect(reader.header == ["код", "имя"])
  #expect(block.field(0, 1).text == "Привет Ёж №5")
  #expect(block.offset(0) == 8 && block.offset(1) == 23 && block.offset(2) == Int64(bytes.count))
}

@Test func `reading goes on from the place a block told`() throws {
  let text = Array("\u{feff}a,b\n1,\"x\ny\"\n2,z\n3,\"\"\"q\"\"\"\n".utf8)
  var whole = TableReader()
  let block = try whole.block(text, isLast: true)
  for row in 0..<block.count {
    var later = TableReader(
      encoding: .utf8, separator: .comma, header: whole.header, offset: block.offset(row), line: block.line(row))
    let rest = try later.block(Array(text[Int(block.offset(row))...]), isLast: true)
    #expect(rest.count == block.count - row)
    #expect(rest.line(0) == block.line(row) && rest.offset(0) == block.offset(row))
    #expect(rest.field(rest.count - 1, 1).text == "\"q\"")
  }
}

@Test func `a record without an end is refused and does not fill the memory`() {
  let text = Array("a,b\n1,\"".utf8) + [UInt8](repeating: 0x78, count: Limits.tableRecord + 10)
  #expect(throws: TableFault.recordTooLong(line: 2)) {
    var reader = TableReader()
    _ = try reader.block(text, isLast: false)
  }
}

@Test func `a column that stands twice is refused`() {
  #expect(throws: TableFault.repeatedColumn("a")) { try read("a,b,a\n") }
}

@Test func `decimals are read exactly or not at all`() throws {
  let cases: [(String, Int, Int64?)] = [
    ("12.5", 2, 1250), ("-0.01", 2, -1), ("7", 2, 700), ("12.500", 2, 1250), ("12.505", 2, nil), ("", 2, nil), ("1e3", 2, nil),
    (".5", 2, nil), ("5.", 2, nil), ("--5", 2, nil), ("1 000", 0, nil), ("9999999999999999", 0, nil), ("0.10", 1, 1),
    ("3.00", 0, 3),
    (" 4 ", 0, 4), ("-", 0, nil), ("1.2.3", 2, nil),
  ]
  for (text, digits, expected) in cases {
    var reader = TableReader(separator: .comma)
    let block = try reader.block(Array("n,m\n\(text),x\n".utf8), isLast: true)
    #expect(block.field(0, 0).decimal(digits: digits) == expected, "\"\(text)\" with \(digits) digits")
  }
}

@Test func `a decimal comma and spaces between thousands are read where the mapping names them`() throws {
  var reader = TableReader()
  let block = try reader.block(Array("a;b\n1 234,50;1\u{a0}234\u{a0}567,5\n".utf8), isLast: true)
  #expect(block.field(0, 0).decimal(digits: 2, point: 0x2c, grouping: 0x20) == 123_450)
  #expect(block.field(0, 1).decimal(digits: 2, point: 0x2c, grouping: 0x20) == 123_456_750)
  #expect(block.field(0, 0).decimal(digits: 2) == nil)
}

@Test func `what the writer writes the reader reads back`() throws {
  let rows = [["plain", "with, comma"], ["\"quoted\"", "two\nlines"], [" spaces ", ""], ["Ёлка", "a\r\nb"]]
  var writer = TableWriter()
  for row in [["x", "y"]] + rows {
    for text in row { writer.field(text) }
    writer.endRecord()
  }
  let table = try read(writer.bytes)
  #expect(table.rows == rows.map { row in row.map { $0 == " spaces " ? "spaces" : $0 } })
}

@Test func `random tables survive writing, cutting and reading`() throws {
  for seed in UInt64(1)...60 {
    var state = seed
    func roll(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let alphabet = ["a", "\"", ",", "\n", "\r\n", ";", "ж", "😀", "", "x y"]
    let columns = 1 + roll(5)
    let rows = (0..<roll(30)).map { _ in
      (0..<columns).map { column in "\(column)" + (0..<roll(6)).map { _ in alphabet[roll(alphabet.count)] }.joined() + "." }
    }
    var writer = TableWriter()
    for row in [(0..<columns).map { "column \($0)" }] + rows {
      for text in row { writer.field(text) }
      writer.endRecord()
    }
    let table = try read(writer.bytes, size: 1 + roll(200), encoding: .utf8, separator: .comma)
    #expect(table.rows == rows, "seed \(seed)")
    #expect(table.faults.allSatisfy { $0 == nil }, "seed \(seed)")
  }
}

@Test func `records that belong together are never cut, however the file is`() throws {
  let rows = (0..<40).map { "r\($0 / 7),\"line \($0) \"\"x\"\"\"\n" }
  let text = Array(("receipt,note\n" + rows.joined()).utf8)
  for size in [1, 5, 17, 60, 200, 10_000] {
    var reader = TableReader()
    var groups: [String] = []
    var notes: [String] = []
    for at in stride(from: 0, to: text.count, by: size) {
      let end = min(text.count, at + size)
      let block = try reader.block(Array(text[at..<end]), isLast: end == text.count, groupedBy: [0])
      for row in 0..<block.count {
        if row == 0 || !block.isSame(0, row, row - 1) { groups.append(block.field(row, 0).text) }
        notes.append(block.field(row, 1).text)
        #expect(block.line(row) == notes.count + 1)
      }
    }
    #expect(groups == (0..<6).map { "r\($0)" }, "in chunks of \(size)")
    #expect(notes == (0..<40).map { "line \($0) \"x\"" }, "in chunks of \(size)")
  }
}
