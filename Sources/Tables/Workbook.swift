import Kernel

/// Why a workbook cannot be read.
public enum WorkbookFault: Error, Hashable, Sendable {
  /// No workbook, or one that is broken.
  case damaged
  /// An older format, or one with a password.
  case locked
  case tooLarge
  case tooManyColumns

  public var description: String {
    switch self {
    case .damaged: "the file is no XLSX workbook, or it is damaged; open it in a spreadsheet program and save it again"
    case .locked: "the workbook has a password or is in the old XLS format; save it as XLSX without a password"
    case .tooLarge:
      "unpacked, a part of the workbook is larger than \(Limits.workbookPart / 1_048_576) MB, or there are more than \(Limits.workbookParts) of them; save it as CSV"
    case .tooManyColumns: "the sheet has more than \(Limits.tableColumns) columns"
    }
  }
}

/// The first visible sheet of an Office Open XML workbook (ECMA-376), as the table that imports read: comma-separated, line by line as it
/// stands there, so that line 17 is row 17. Numbers are written with a point, days as `2026-11-21`, percents as `10%`; of a formula, what it
/// last came to.
public enum Workbook {
  /// True for what only a workbook, or an older one, begins with: no CSV file does.
  public static func isOne(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: [0x50, 0x4b, 0x03, 0x04]) || isOld(bytes)
  }

  private static func isOld(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0xd0, 0xcf, 0x11, 0xe0]) }

  /// Cost: some 50 MB of a sheet's XML a second; memory is that of the largest part and the result.
  public static func table(_ bytes: [UInt8]) throws(WorkbookFault) -> [UInt8] {
    if isOld(bytes) { throw .locked }
    let zip = try ZipReader(bytes)
    guard let book = try zip.part("xl/workbook.xml") else { throw .damaged }
    let (sheet, since1904) = try first(in: book)
    let relations = try zip.part("xl/_rels/workbook.xml.rels").map { part throws(WorkbookFault) in try targets(part) } ?? [:]
    guard let sheet, let target = relations[sheet], let part = try zip.part(target) else { throw .damaged }
    let styles = try zip.part("xl/styles.xml").map { part throws(WorkbookFault) in try WorkbookStyles(part) } ?? WorkbookStyles()
    let strings = try zip.part("xl/sharedStrings.xml").map { part throws(WorkbookFault) in try texts(part) } ?? []
    var reader = SheetReader(part, styles, strings, since1904: since1904)
    return try reader.table()
  }

  /// The relation of the first sheet that is not hidden, and from which day on the workbook counts.
  private static func first(in part: [UInt8]) throws(WorkbookFault) -> (sheet: String?, since1904: Bool) {
    var scan = MarkupScan(part)
    var (sheet, since1904): (String?, Bool) = (nil, false)
    while let token = try scan.next() {
      guard case .start(let name, _) = token else { continue }
      if name.elementsEqual("workbookPr".utf8) {
        since1904 = ["1", "true"].contains(scan.attribute("date1904") ?? "")
      } else if sheet == nil, name.elementsEqual("sheet".utf8), (scan.attribute("state") ?? "visible") == "visible" {
        sheet = scan.attribute("id")
      }
    }
    return (sheet, since1904)
  }

  private static func targets(_ part: [UInt8]) throws(WorkbookFault) -> [String: String] {
    var scan = MarkupScan(part)
    var targets: [String: String] = [:]
    while let token = try scan.next() {
      guard case .start = token, let id = scan.attribute("Id"), let target = scan.attribute("Target") else { continue }
      targets[id] = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
    }
    return targets
  }

  /// The strings that cells refer to by number; how they are to be pronounced is left out.
  private static func texts(_ part: [UInt8]) throws(WorkbookFault) -> [String] {
    var scan = MarkupScan(part)
    var texts: [String] = []
    var (text, isText, isSpoken) = ("", false, false)
    while let token = try scan.next() {
      switch token {
      case .start(let name, let isEmpty):
        if name.elementsEqual("si".utf8) {
          text = ""
          if isEmpty { texts.append("") }
        }
        if name.elementsEqual("t".utf8) { isText = !isEmpty }
        if name.elementsEqual("rPh".utf8) { isSpoken = !isEmpty }
      case .end(let name):
        if name.elementsEqual("t".utf8) { isText = false }
        if name.elementsEqual("rPh".utf8) { isSpoken = false }
        if name.elementsEqual("si".utf8) { texts.append(text) }
      case .text(let bytes): if isText, !isSpoken { text += MarkupScan.plain(bytes) }
      }
    }
    return texts
  }
}
