import Kernel

/// The parts of a workbook that say where the others are.
struct WorkbookParts {
  static let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
  static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  private static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let package = "http://schemas.openxmlformats.org/package/2006"
  private static let media = "application/vnd.openxmlformats-officedocument.spreadsheetml"

  /// Of one table.
  struct Sheets {
    let title: String
    let count: Int
  }

  let tables: [Sheets]
  /// The name of the sheet behind them.
  var notes: String?

  /// No two are alike, whatever a table is called.
  private var names: [String] {
    var names: [String] = []
    func take(_ name: String) {
      var own = name
      while names.contains(where: { $0.lowercased() == own.lowercased() }) { own += own.hasSuffix("·") ? "·" : " ·" }
      names.append(own)
    }
    for table in tables { for sheet in 1...table.count { take(name(sheet, of: table.title)) } }
    if let notes { take(clean(notes)) }
    return names
  }

  var all: [(name: String, text: String)] {
    [
      ("xl/workbook.xml", workbook), ("xl/_rels/workbook.xml.rels", ways), ("_rels/.rels", root),
      ("[Content_Types].xml", types),
    ]
  }

  /// A sheet's name has at most 31 characters and none of seven.
  private func name(_ sheet: Int, of title: String) -> String {
    let known = clean(title)
    return sheet == 1 ? known : "\(known) \(sheet)"
  }

  private func clean(_ title: String) -> String {
    let plain = String(title.filter { !"[]:*?/\\".contains($0) && $0.isWhitespace == ($0 == " ") }.prefix(24))
    let trimmed = plain.drop { $0 == "'" || $0 == " " }
    return trimmed.isEmpty ? "Sheet" : String(trimmed).replacing("'", with: "’")
  }

  private var workbook: String {
    let list = names.enumerated().map { place, name in
      "<sheet name=\"\(SheetText.escaped(name))\" sheetId=\"\(place + 1)\" r:id=\"r\(place + 1)\"/>"
    }
    return "\(Self.head)<workbook xmlns=\"\(Self.main)\" xmlns:r=\"\(Self.office)\"><sheets>\(list.joined())</sheets></workbook>"
  }

  private var ways: String {
    let list = names.indices.map { $0 + 1 }.map {
      "<Relationship Id=\"r\($0)\" Type=\"\(Self.office)/worksheet\" Target=\"worksheets/sheet\($0).xml\"/>"
    }
    return """
      \(Self.head)<Relationships xmlns="\(Self.package)/relationships">\(list.joined())\
      <Relationship Id="styles" Type="\(Self.office)/styles" Target="styles.xml"/></Relationships>
      """
  }

  private var root: String {
    """
    \(Self.head)<Relationships xmlns="\(Self.package)/relationships"><Relationship Id="workbook" Type="\(Self.office)/officeDocument" \
    Target="xl/workbook.xml"/></Relationships>
    """
  }

  private var types: String {
    let list = names.indices.map { $0 + 1 }.map {
      "<Override PartName=\"/xl/worksheets/sheet\($0).xml\" ContentType=\"\(Self.media).worksheet+xml\"/>"
    }
    return """
      \(Self.head)<Types xmlns="\(Self.package)/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
      <Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="\(Self.media).sheet.main+xml"/>\
      <Override PartName="/xl/styles.xml" ContentType="\(Self.media).styles+xml"/>\(list.joined())</Types>
      """
  }
}
