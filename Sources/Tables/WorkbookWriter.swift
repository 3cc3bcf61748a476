import Kernel

/// A table as an Office Open XML workbook (ECMA-376): one sheet, or as many as its rows need. Strings stand in their cells, so that
/// nothing need be known before the end; the parts that name the sheets are written last.
struct WorkbookWriter {
  /// Rows of one sheet, its head counted; the format has no more.
  static let rowsOfSheet = 1_048_576
  /// Characters of one cell.
  private static let longest = 32_767
  /// What is pressed at once.
  private static let portion = 32 * 1024

  /// What is being written: the first, then those behind it.
  private var file: TableFile
  private let notes: TableFile.Notes?
  private let styles: SheetStyles
  private let most: Int
  private var zip = ZipWriter()
  private var text = SheetText()
  private var sheets = 0
  /// Those of the table that is being written, and those of the tables before it.
  private var own = 0
  private var before: [WorkbookParts.Sheets] = []
  /// Where the table's columns begin among the styles of all tables.
  private var firstStyle = 0
  private var row = 0
  /// Of the columns' names.
  private var headRow = 1

  /// - Parameter most: rows of one sheet.
  init(_ file: TableFile, most: Int) {
    self.file = file
    self.most = most
    notes = file.notes
    styles = SheetStyles(([file] + file.further).flatMap(\.columns).map(\.kind))
  }

  mutating func head() -> [UInt8] {
    zip.whole("xl/styles.xml", styles.xml)
    beginSheet()
    return zip.take()
  }

  mutating func lines(_ rows: [[TableFile.Cell]]) -> [UInt8] {
    for cells in rows {
      if row == most {
        endSheet()
        beginSheet()
      }
      row += 1
      text.put("<row r=\"\(row)\">")
      for (place, cell) in cells.prefix(file.columns.count).enumerated() { put(cell, place) }
      text.put("</row>")
      if text.bytes.count >= Self.portion { zip.add(text.take()) }
    }
    return zip.take()
  }

  /// Goes on with another table.
  mutating func next(_ table: TableFile) -> [UInt8] {
    endTable()
    firstStyle += file.columns.count
    (file, own) = (table, 0)
    beginSheet()
    return zip.take()
  }

  private mutating func endTable() {
    endSheet(isLast: true)
    before.append(WorkbookParts.Sheets(title: file.title, count: own))
  }

  mutating func foot() -> [UInt8] {
    endTable()
    if let notes { add(notes) }
    for (name, text) in WorkbookParts(tables: before, notes: notes?.title).all { zip.whole(name, text) }
    zip.finish()
    return zip.take()
  }

  private mutating func put(_ cell: TableFile.Cell, _ place: Int) {
    let reference = "\(SheetText.column(place))\(row)"
    let style = styles.numbers[firstStyle + place]
    switch cell {
    case .empty: return
    case .text(let words):
      text.put("<c r=\"\(reference)\" t=\"inlineStr\"><is><t xml:space=\"preserve\">")
      text.escaped(words, Self.longest)
      text.put("</t></is></c>")
    case .number(let units):
      text.put("<c r=\"\(reference)\" s=\"\(style)\"><v>\(Decimal.text(units, digits: file.columns[place].kind.digits))</v></c>")
    case .day(let day): text.put("<c r=\"\(reference)\" s=\"\(style)\"><v>\(SheetText.serial(day))</v></c>")
    case .moment(let instant):
      text.put("<c r=\"\(reference)\" s=\"\(style)\"><v>\(SheetText.serial(instant, file.zone))</v></c>")
    }
  }

  private mutating func beginSheet() {
    sheets += 1
    own += 1
    let lines = own == 1 ? file.above : []
    // An empty line between them and the table.
    headRow = lines.isEmpty ? 1 : lines.count + 2
    row = headRow
    zip.begin("xl/worksheets/sheet\(sheets).xml")
    text.put(
      """
      \(WorkbookParts.head)<worksheet xmlns="\(WorkbookParts.main)"><sheetViews><sheetView workbookViewId="0"\
      \(sheets == 1 ? " tabSelected=\"1\"" : "")><pane ySplit="\(headRow)" topLeftCell="A\(headRow + 1)" activePane="bottomLeft" state="frozen"/></sheetView>\
      </sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>
      """)
    for (place, column) in file.columns.enumerated() {
      text.put("<col min=\"\(place + 1)\" max=\"\(place + 1)\" width=\"\(styles.width(column))\" customWidth=\"1\"/>")
    }
    text.put("</cols><sheetData>")
    for (place, line) in lines.enumerated() { put(line, at: place + 1, isTitle: place == 0) }
    text.put("<row r=\"\(headRow)\">")
    for (place, column) in file.columns.enumerated() {
      text.put("<c r=\"\(SheetText.column(place))\(headRow)\" s=\"\(SheetStyles.head)\" t=\"inlineStr\"><is><t>")
      text.escaped(column.title, Self.longest)
      text.put("</t></is></c>")
    }
    text.put("</row>")
  }

  /// A sheet of words behind the others.
  private mutating func add(_ notes: TableFile.Notes) {
    zip.begin("xl/worksheets/sheet\(sheets + 1).xml")
    text.put(
      """
      \(WorkbookParts.head)<worksheet xmlns="\(WorkbookParts.main)"><sheetFormatPr defaultRowHeight="15"/><cols>\
      <col min="1" max="1" width="24" customWidth="1"/><col min="2" max="2" width="100" customWidth="1"/></cols><sheetData>
      """)
    for (place, line) in notes.lines.enumerated() { put(line, at: place + 1, isTitle: place == 0, width: 2) }
    text.put("</sheetData></worksheet>")
    zip.add(text.take())
    zip.end()
  }

  private mutating func put(_ line: [String], at place: Int, isTitle: Bool = false, width: Int? = nil) {
    text.put("<row r=\"\(place)\">")
    for (column, words) in line.prefix(width ?? file.columns.count).enumerated() where !words.isEmpty {
      text.put(
        "<c r=\"\(SheetText.column(column))\(place)\"\(isTitle ? " s=\"\(SheetStyles.head)\"" : "") t=\"inlineStr\"><is><t xml:space=\"preserve\">"
      )
      text.escaped(words, Self.longest)
      text.put("</t></is></c>")
    }
    text.put("</row>")
  }

  private mutating func endSheet(isLast: Bool = false) {
    let last = "\(SheetText.column(file.columns.count - 1))\(row)"
    if isLast { for (place, line) in file.below.enumerated() { put(line, at: row + 2 + place) } }
    text.put("</sheetData><autoFilter ref=\"A\(headRow):\(last)\"/></worksheet>")
    zip.add(text.take())
    zip.end()
  }
}

/// What cells look like, numbered in the order in which the columns need it.
struct SheetStyles {
  /// The style of the first row.
  static let head = 1

  /// By column.
  let numbers: [Int]
  private let formats: [String]

  init(_ kinds: [TableFile.Kind]) {
    var formats: [String] = []
    numbers = kinds.map { kind in
      guard let format = Self.format(kind) else { return 0 }
      if let known = formats.firstIndex(of: format) { return known + 2 }
      formats.append(format)
      return formats.count + 1
    }
    self.formats = formats
  }

  /// Nil for text.
  private static func format(_ kind: TableFile.Kind) -> String? {
    switch kind {
    case .text: nil
    case .number(let digits): number(digits)
    case .money(let digits, let sign): number(digits) + "\\ \"\(sign)\""
    case .day: "yyyy\\-mm\\-dd"
    case .moment: "yyyy\\-mm\\-dd\\ hh:mm:ss"
    }
  }

  private static func number(_ digits: Int) -> String { digits == 0 ? "#,##0" : "#,##0." + String(repeating: "0", count: digits) }

  /// In characters: what the kind takes, and what the name takes with the button of the filter.
  func width(_ column: TableFile.Column) -> Int {
    let usual =
      switch column.kind {
      case .text: 24
      case .number: 12
      case .money: 16
      case .day: 12
      case .moment: 20
      }
    return min(60, max(usual, column.title.count + 4))
  }

  var xml: String {
    let known = formats.enumerated().map {
      "<numFmt numFmtId=\"\(164 + $0.offset)\" formatCode=\"\(SheetText.escaped($0.element))\"/>"
    }
    let list = known.isEmpty ? "" : "<numFmts count=\"\(known.count)\">\(known.joined())</numFmts>"
    let cells = formats.indices.map {
      "<xf numFmtId=\"\(164 + $0)\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
    }
    return """
      \(WorkbookParts.head)<styleSheet xmlns="\(WorkbookParts.main)">\(list)\
      <fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
      <fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>\
      <borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
      <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
      <cellXfs count="\(cells.count + 2)"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
      <xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>\(cells.joined())</cellXfs>\
      <cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>
      """
  }
}
