import Foundation
import Kernel
import Tables
import TestKit
import Testing

/// A workbook made by Python's own ZIP, with these parts.
private func zipped(_ parts: [String: String], stored: Bool = false, blanks: Int = 0) throws -> [UInt8] {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("book-\(UUID().uuidString).xlsx")
  defer { try? FileManager.default.removeItem(at: path) }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  let names = try JSONSerialization.data(withJSONObject: parts)
  process.arguments = [
    "python3", "-c",
    "import sys,json,zipfile\nz=zipfile.ZipFile(sys.argv[1],'w',zipfile.ZIP_STORED if sys.argv[3]=='1' else zipfile.ZIP_DEFLATED)\nfor k,v in json.loads(sys.argv[2]).items(): z.writestr(k,v.replace('@@',' '*int(sys.argv[4])))\nz.close()",
    path.path, String(decoding: names, as: UTF8.self), stored ? "1" : "0", String(blanks),
  ]
  try process.run()
  process.waitUntilExit()
  return [UInt8](try Data(contentsOf: path))
}

/// The parts around one sheet.
private func parts(_ sheet: String, strings: String = "", book: String = "", formats: String = "") -> [String: String] {
  [
    "xl/workbook.xml":
      "<?xml version=\"1.0\"?><workbook xmlns:r=\"r\">\(book)<sheets><sheet name=\"Тайный\" state=\"hidden\" r:id=\"rId9\"/><sheet name=\"Цены\" r:id=\"rId1\"/></sheets></workbook>",
    "xl/_rels/workbook.xml.rels":
      "<Relationships><Relationship Id=\"rId9\" Target=\"worksheets/none.xml\"/><Relationship Target=\"/xl/worksheets/one.xml\" Id=\"rId1\"/></Relationships>",
    "xl/styles.xml":
      "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd\\.mm\\.yyyy\"/><numFmt numFmtId=\"165\" formatCode=\"#,##0.00\\ [$₽-419]\"/>\(formats)</numFmts><cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"10\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>",
    "xl/sharedStrings.xml": "<sst>\(strings)</sst>",
    "xl/worksheets/one.xml": "<worksheet><sheetData>\(sheet)</sheetData></worksheet>",
  ]
}

private func table(_ sheet: String, strings: String = "", book: String = "") throws -> String {
  String(decoding: try Workbook.table(try zipped(parts(sheet, strings: strings, book: book))), as: UTF8.self)
}

@Suite struct `a workbook as a table` {
  @Test func `strings, numbers, percents and days are read as they are shown`() throws {
    let text = try table(
      """
      <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Цена</t></is></c><c r="C1" t="s"><v>1</v></c></row>
      <row r="2"><c r="A2"><v>4600000000017</v></c><c r="B2" s="4"><v>59.899999999999999</v></c><c r="C2" s="1"><v>46347</v></c></row>
      <row r="4"><c r="B4" s="2"><v>0.125</v></c><c r="C4" s="3"><v>46347.395833333336</v></c></row>
      <row r="5"><c r="A5" t="str"><f>A1&amp;"x"</f><v>a&lt;b &#1078;</v></c><c r="B5" t="b"><v>1</v></c><c r="C5" t="e"><v>#N/A</v></c></row>
      """, strings: "<si><t>Код</t></si><si><r><t xml:space=\"preserve\">С </t></r><r><t>дня</t></r><rPh><t>さ</t></rPh></si>")
    #expect(text == "Код,Цена,С дня\n4600000000017,59.9,2026-11-21\n\n,12.5%,2026-11-21 09:30:00\na<b ж,1,#N/A\n")
  }

  @Test func `a workbook that counts from 1904 says so`() throws {
    let text = try table("<row><c s=\"1\"><v>44885</v></c></row>", book: "<workbookPr date1904=\"1\"/>")
    #expect(text == "2026-11-21\n")
  }

  @Test(arguments: [
    ("0", "0"), ("-0.0", "0"), ("59.9", "59.9"), ("59.899999999999999", "59.9"), ("0.1", "0.1"), ("1E-2", "0.01"),
    ("1.5e3", "1500"),
    ("99.99999999999999999", "100"), ("123456789012345678", "123456789012346000"), ("-12.50", "-12.5"), ("007", "7"),
  ])
  func `numbers keep what was typed`(_ raw: String, _ text: String) { #expect(SheetNumber(raw)?.text() == text) }

  @Test(arguments: ["", "abc", "1.2.3", "1e999", "--1", "NaN", "1e"])
  func `what is no number is none`(_ raw: String) { #expect(SheetNumber(raw) == nil) }

  @Test(arguments: [
    ("1", "1900-01-01"), ("59", "1900-02-28"), ("60", nil), ("61", "1900-03-01"), ("2958465", "9999-12-31"), ("2958466", nil),
    ("46347.9999999", "2026-11-22"),
  ])
  func `days are counted as spreadsheets count them`(_ raw: String, _ day: String?) {
    #expect(SheetNumber(raw)?.day(since1904: false) == day)
  }

  @Test(arguments: [
    ("General", WorkbookStyles.Meaning.number), ("0.00%", .percent), ("dd.mm.yy;@", .day), ("#,##0.00\\ \"руб\\day\"", .number),
    ("[Red]0.00", .number), ("[$-419]d mmm yyyy", .day), ("h:mm", .day), ("0.0_%", .number),
  ])
  func `what a format says of its numbers`(_ code: String, _ meaning: WorkbookStyles.Meaning) {
    #expect(WorkbookStyles.meaning(code) == meaning)
  }

  @Test func `what we write we read`() async throws {
    let columns: [TableFile.Column] = [
      .init("code", "Код", .text), .init("price", "Цена", .money(digits: 2, sign: "₽")), .init("since", "С", .day),
    ]
    let rows = (0..<2_000).map { row -> [TableFile.Cell] in
      let price: TableFile.Cell = row % 7 == 0 ? .empty : .number(Int64(row * 137))
      return [.text("тов\(row) \"<&>"), price, .day(CivilDay(number: Int32(20_000 + row)))]
    }
    var bytes: [UInt8] = []
    try await TableFile("t", title: "Цены", columns: columns, zone: .moscow, rows: rows).write(as: .xlsx) { bytes += $0 }
    var reader = TableReader(encoding: .utf8, separator: .comma)
    let block = try reader.block(try Workbook.table(bytes), isLast: true)
    #expect(reader.header == ["Код", "Цена", "С"])
    #expect(block.count == 2_000)
    for row in [0, 1, 777, 1_999] {
      #expect(block.field(row, 0).text == "тов\(row) \"<&>")
      let price: Int64? = row % 7 == 0 ? nil : Int64(row * 137)
      #expect(block.field(row, 1).decimal(digits: 2) == price)
      #expect(block.field(row, 2).text == "\(CivilDay(number: Int32(20_000 + row)))")
      #expect(block.line(row) == row + 2)
    }
  }

  @Test func `what is stored as it is can be read too`() throws {
    let bytes = try zipped(parts("<row><c><v>5</v></c></row>"), stored: true)
    #expect(try Workbook.table(bytes) == Array("5\n".utf8))
  }
}

@Suite struct `a workbook that means no good` {
  @Test func `a part that unfolds without end is refused`() throws {
    // 300 MB of blanks in 300 kB: more than a part may have, and packed tighter than any sheet.
    let bomb = try zipped(parts("<row><c><v>1</v></c></row>@@"), blanks: 300 * 1024 * 1024)
    #expect(bomb.count < 400 * 1024)
    #expect(throws: WorkbookFault.tooLarge) { try Workbook.table(bomb) }
    let tight = try zipped(parts("<row><c><v>1</v></c></row>@@"), blanks: 40 * 1024 * 1024)
    #expect(throws: WorkbookFault.tooLarge) { try Workbook.table(tight) }
    let loose = try zipped(parts("<row><c><v>1</v></c></row>@@"), blanks: 512 * 1024)
    #expect(try Workbook.table(loose) == Array("1\n".utf8))
  }

  @Test func `definitions, old formats and plain text are refused`() throws {
    var declared = parts("<row/>")
    declared["xl/workbook.xml"] = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]>" + (declared["xl/workbook.xml"] ?? "")
    let bytes = try zipped(declared)
    #expect(throws: WorkbookFault.damaged) { try Workbook.table(bytes) }
    #expect(throws: WorkbookFault.locked) { try Workbook.table([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3]) }
    #expect(throws: WorkbookFault.damaged) { try Workbook.table(Array("PK\u{3}\u{4} and no more".utf8)) }
    #expect(throws: WorkbookFault.tooManyColumns) { try table("<row><c r=\"AMM1\"><v>1</v></c></row>") }
    #expect(throws: WorkbookFault.damaged) { try table("<row r=\"2000000\"><c><v>1</v></c></row>") }
    #expect(throws: WorkbookFault.damaged) { try table("<row><c t=\"s\"><v>7</v></c></row>") }
  }

  @Test func `random damage is refused or read, and never a trap`() throws {
    let sheet = (1...40).map {
      "<row r=\"\($0)\"><c r=\"A\($0)\" t=\"s\"><v>\($0 % 2)</v></c><c r=\"B\($0)\" s=\"1\"><v>4634\($0)</v></c></row>"
    }
    let whole = parts(sheet.joined(), strings: "<si><t>Код &amp; имя</t></si><si><r><t>два</t></r></si>")
    let sources = [try zipped(whole), try zipped(whole, stored: true)]
    var random = SeededRandom(seed: 22)
    var (read, refused) = (0, 0)
    for round in 0..<6_000 {
      var bytes = sources[round % 2]
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &random)))
        }
      }
      do {
        _ = try Workbook.table(bytes)
        read += 1
      } catch { refused += 1 }
    }
    #expect(refused > 1_000, "\(read) read, \(refused) refused")
  }

  @Test func `XML that is damaged where no checksum guards it is refused or read, and never a trap`() throws {
    let whole = parts(
      "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a&#x416;b</t></is></c><c r=\"C1\" s=\"2\"><v>1.5E-3</v></c></row>")
    var random = SeededRandom(seed: 23)
    for _ in 0..<4_000 {
      var damaged = whole
      let name = damaged.keys.sorted()[Int.random(in: 0..<damaged.count, using: &random)]
      var bytes = Array((damaged[name] ?? "").utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        if Bool.random(using: &random) { bytes.remove(at: place) } else { bytes[place] = UInt8.random(in: 9...126, using: &random) }
      }
      damaged[name] = String(decoding: bytes, as: UTF8.self)
      var zip = ZipWriter()
      for (name, text) in damaged.sorted(by: { $0.key < $1.key }) { zip.whole(name, text) }
      zip.finish()
      do { _ = try Workbook.table(zip.bytes) } catch { #expect(!error.description.isEmpty) }
    }
  }
}
