import Foundation
import Kernel
import Tables
import Testing

/// Collects what a file writes.
private func written(_ file: TableFile, _ format: TableFile.Format) async throws -> [UInt8] {
  var bytes: [UInt8] = []
  try await file.write(as: format) { bytes += $0 }
  return bytes
}

/// Gives the bytes to Python's own readers of ZIP and XML, which know nothing of ours, and returns what the script prints.
private func asked(_ bytes: [UInt8], _ script: String) throws -> String {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("table-\(UUID().uuidString).xlsx")
  try Data(bytes).write(to: path)
  defer { try? FileManager.default.removeItem(at: path) }
  let (process, pipe) = (Process(), Pipe())
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["python3", "-c", reading + script, path.path]
  process.standardOutput = pipe
  try process.run()
  let told = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  #expect(process.terminationStatus == 0)
  return String(decoding: told, as: UTF8.self)
}

private let reading = """
  import sys, zipfile, xml.etree.ElementTree as tree
  book = zipfile.ZipFile(sys.argv[1])
  assert book.testzip() is None
  for name in book.namelist(): tree.fromstring(book.read(name))
  space = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
  def sheet(number): return tree.fromstring(book.read(f'xl/worksheets/sheet{number}.xml'))
  def cells(number):
    for row in sheet(number).iter(space + 'row'):
      yield ['|'.join(cell.itertext()) for cell in row]

  """

@Suite struct `a table as a file` {
  private static let columns: [TableFile.Column] = [
    .init("day", "День", .day), .init("sum", "Сумма", .money(digits: 2, sign: "₽")), .init("count", "Штук", .number(digits: 0)),
    .init("name", "Имя", .text), .init("at", "Когда", .moment),
  ]
  private static let noon = Instant("2026-11-21T09:00:00Z") ?? Instant(seconds: 0)

  private static func file(_ rows: [[TableFile.Cell]]) -> TableFile {
    TableFile("some", title: "Продажи: [все]", columns: columns, zone: .moscow, rows: rows)
  }

  private static let row: [TableFile.Cell] = [
    .day(CivilDay(number: 20_778)), .number(-123_456), .number(7), .text("Иванова, \"Анна\""), .moment(noon),
  ]

  @Test func `is CSV for programs`() async throws {
    let text = String(decoding: try await written(Self.file([Self.row, [.empty, .number(5)]]), .csv), as: UTF8.self)
    #expect(
      text == "day,sum,count,name,at\n2026-11-21,-1234.56,7,\"Иванова, \"\"Анна\"\"\",2026-11-21 12:00:00\n,0.05,,,\n", "\(text)")
  }

  @Test(arguments: ["=1+1", "+7", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
  func `lets no spreadsheet carry out what somebody typed`(_ typed: String) async throws {
    let text = String(decoding: try await written(Self.file([[.empty, .empty, .empty, .text(typed)]]), .csv), as: UTF8.self)
    #expect(text.contains("'" + typed))
    // In the other form a text is no formula, whatever it looks like.
    let told = try asked(
      try await written(Self.file([[.empty, .empty, .empty, .text(typed)]]), .xlsx),
      "print(list(cells(1))[1], sheet(1).find('.//' + space + 'f'))")
    #expect(told.contains("None"), "\(told)")
  }

  @Test func `is a workbook with numbers and days`() async throws {
    let told = try asked(
      try await written(Self.file([Self.row]), .xlsx),
      """
      print(list(cells(1)))
      print([cell.get('r') for cell in sheet(1).iter(space + 'c')])
      print(tree.fromstring(book.read('xl/workbook.xml')).find('.//' + space + 'sheet').get('name'))
      print([format.get('formatCode') for format in tree.fromstring(book.read('xl/styles.xml')).iter(space + 'numFmt')])
      print(sheet(1).find('.//' + space + 'pane').get('state'), sheet(1).find(space + 'autoFilter').get('ref'))
      """)
    for text in [
      "['День', 'Сумма', 'Штук', 'Имя', 'Когда']", "['46347', '-1234.56', '7', 'Иванова, \"Анна\"', '46347.5000000000']",
      "'A1', 'B1', 'C1', 'D1', 'E1', 'A2'", "Продажи все", "#,##0.00\\\\ \"₽\"", "frozen A1:E2",
    ] { #expect(told.contains(text), "\(text) in \(told)") }
  }

  @Test func `says every character that XML can, and names those it cannot`() async throws {
    let text = "<&>\"' _x0041_ _x 👩🏽 \u{1}\u{b}\r\n\t."
    let told = try asked(
      try await written(Self.file([[.empty, .empty, .empty, .text(text)]]), .xlsx), "print(ascii(list(cells(1))[1][0]))")
    #expect(told.contains(#"<&>"\' _x005F_x0041_ _x \U0001f469\U0001f3fd _x0001__x000B__x000D_\n\t."#), "\(told)")
  }

  @Test func `takes many rows in little memory, and presses them together`() async throws {
    let file = TableFile("many", title: "many", columns: Self.columns, zone: .moscow) { take in
      for portion in 0..<100 {
        try await take(
          (0..<500).map {
            [.day(CivilDay(number: Int32($0))), .number(Int64(portion * 500 + $0)), .number(1), .text("Чай №\($0)")]
          })
      }
    }
    var (largest, sizes, bytes) = (0, 0, [UInt8]())
    try await file.write(as: .xlsx) { portion in
      (largest, sizes) = (max(largest, portion.count), sizes + 1)
      bytes += portion
    }
    #expect(sizes == 102 && largest < 64 * 1024, "\(sizes) portions, the largest of \(largest)")
    let told = try asked(
      bytes,
      """
      rows = list(cells(1))
      info = book.getinfo('xl/worksheets/sheet1.xml')
      print(len(rows), rows[50000], info.file_size > 3 * info.compress_size)
      """)
    #expect(told == "50001 ['499', '499.99', '1', 'Чай №499'] True\n".replacing("'499',", with: "'26068',"), "\(told)")
  }

  @Test func `goes on upon further sheets where one is full, and other tables follow it`() async throws {
    var file = TableFile(
      "many", title: "Чеки", columns: [.init("number", "Номер", .number(digits: 0))], zone: .moscow,
      rows: (1...25).map { [.number(Int64($0))] })
    file.rowsOfSheet = 10
    let money = TableFile.Column("sum", "Сумма", .money(digits: 2, sign: "₽"))
    file.further = ["Итоги", "чеки"].map { title in
      TableFile(
        "other", title: title, columns: [.init("name", "Имя", .text), money], zone: .moscow, rows: [[.text("x"), .number(150)]])
    }
    file.notes = TableFile.Notes(title: "Итоги", lines: [["Версия 3"]])
    #expect(String(decoding: try await written(file, .csv), as: UTF8.self).split(separator: "\n").count == 26)
    let told = try asked(
      try await written(file, .xlsx),
      """
      print([one.get('name') for one in tree.fromstring(book.read('xl/workbook.xml')).iter(space + 'sheet')])
      print([len(list(cells(number))) for number in range(1, 7)], list(cells(1))[1], list(cells(3))[-1], list(cells(5)))
      formats = [one.get('numFmtId') for one in tree.fromstring(book.read('xl/styles.xml')).find(space + 'cellXfs')]
      used = [cell.get('s') for cell in sheet(4).iter(space + 'c')][-1]
      print(len(formats), used, formats[int(used)])
      """)
    let lines = told.split(separator: "\n").map(String.init)
    #expect(lines[0] == "['Чеки', 'Чеки 2', 'Чеки 3', 'Итоги', 'чеки ·', 'Итоги ·']", "\(told)")
    #expect(lines[1] == "[10, 10, 8, 2, 2, 1] ['1'] ['25'] [['Имя', 'Сумма'], ['x', '1.50']]", "\(told)")
    // The second table's amounts look like amounts.
    #expect(lines[2] == "4 3 165", "\(told)")
  }

  @Test func `tells what its words mean on a sheet of its own, and nothing of it to programs`() async throws {
    let columns = [TableFile.Column("sales", "Выручка", .number(digits: 0))]
    for (title, own) in [("Сводная", "Определения"), ("определения", "Определения ·")] {
      var file = TableFile("pivot", title: title, columns: columns, zone: .moscow, rows: [[.number(5)]])
      let bare = try await written(file, .csv)
      file.notes = TableFile.Notes(
        title: "Определения", lines: [["Версия 3"], ["Выручка", "Заплачено <деньгами> & без скидок"]])
      #expect(try await written(file, .csv) == bare)
      let told = try asked(
        try await written(file, .xlsx),
        """
        book_xml = tree.fromstring(book.read('xl/workbook.xml'))
        print([one.get('name') for one in book_xml.iter(space + 'sheet')])
        print(list(cells(1)), list(cells(2)))
        print(book.read('[Content_Types].xml').decode().count('worksheet+xml'), len(set(book.namelist())) == len(book.namelist()))
        """)
      let lines = told.split(separator: "\n").map(String.init)
      #expect(lines.first == "['\(title)', '\(own)']", "\(told)")
      #expect(lines[1] == "[['Выручка'], ['5']] [['Версия 3'], ['Выручка', 'Заплачено <деньгами> & без скидок']]", "\(told)")
      #expect(lines[2] == "2 True", "\(told)")
    }
  }

  @Test(arguments: 0..<40) func `comes back from what it was pressed to, whatever it was`(_ seed: UInt64) async throws {
    var random = seed &* 6_364_136_223_846_793_005 &+ 1
    func next(_ bound: UInt64) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((random >> 33) % bound)
    }
    // Runs of one letter, runs that come again, and noise, of lengths around the bounds of the codes.
    var text = ""
    for _ in 0..<60 {
      let length = [1, 2, 3, 4, 10, 11, 66, 257, 258, 259, 300, 5_000][next(12)]
      switch next(3) {
      case 0: text += String(repeating: "a", count: length)
      case 1: text += String(text.suffix(length))
      default: for _ in 0..<min(length, 300) { text.unicodeScalars.append(UnicodeScalar(UInt8(33 + next(90)))) }
      }
    }
    let rows = stride(from: 0, to: text.count, by: 20_000).map { start -> [TableFile.Cell] in
      [.empty, .empty, .empty, .text(String(text.dropFirst(start).prefix(20_000)))]
    }
    let told = try asked(
      try await written(Self.file(rows), .xlsx), "sys.stdout.write(''.join(row[0] for row in list(cells(1))[1:]))")
    #expect(told.replacing("_x005F_", with: "_") == text, "seed \(seed)")
  }
}
