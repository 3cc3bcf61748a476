import Kernel
import Tables
import Testing

/// A file of one record and sources bound to its columns.
private struct Sheet {
  let block: TableBlock
  let names: [String]
  let shape: TableShape

  init(_ text: String, shape: String = "{}") throws {
    self.shape = TableShape(JSONNode(try JSON.parse(shape)))
    var reader = TableReader(encoding: self.shape.encoding, separator: self.shape.separator)
    block = try reader.block(Array(text.utf8), isLast: true)
    names = reader.header
  }

  func source(_ json: String, _ issues: IssueList = IssueList()) throws -> BoundSource? {
    let node = JSONNode(try JSON.parse(json), issues: issues)
    return Columns(names, shape: shape, issues: node.issues).bind(FieldSource(node))
  }
}

@Test func `a mapping says where a field comes from and what its words mean`() throws {
  let sheet = try Sheet("shop,dept,cat,type,sold,codes\n17,FOOD,,X,Да, 4601|4602 |\n")
  #expect(try sheet.source(#""shop""#)?.text(sheet.block, 0) == "17")
  #expect(try sheet.source(#"{"column": "shop", "prefix": "S-"}"#)?.text(sheet.block, 0) == "S-17")
  #expect(try sheet.source(#"{"column": "cat", "default": "none"}"#)?.text(sheet.block, 0) == "none")
  #expect(try sheet.source(#""cat""#)?.text(sheet.block, 0) == nil)
  #expect(try sheet.source(#"{"constant": "main"}"#)?.text(sheet.block, 0) == "main")
  #expect(try sheet.source(#"{"path": ["dept", "cat", "type"]}"#)?.path(sheet.block, 0) == ["FOOD"])
  #expect(try sheet.source(#"{"path": ["dept", "type"]}"#)?.path(sheet.block, 0) == ["FOOD", "X"])
  #expect(try sheet.source(#"{"column": "codes", "split": "|"}"#)?.texts(sheet.block, 0) == ["4601", "4602"])
  #expect(try sheet.source(#""sold""#)?.flag(sheet.block, 0) == true)
  #expect(throws: CellFault.self) { try sheet.source(#""shop""#)?.flag(sheet.block, 0) }
}

@Test func `amounts are summed over columns, and a minus takes one away`() throws {
  let sheet = try Sheet("paid;card;match\n1 000,50;0,25;\n", shape: #"{"decimalPoint": ",", "grouping": " "}"#)
  #expect(try sheet.source(#"{"sum": ["paid", "card", "match"]}"#)?.decimal(sheet.block, 0, digits: 2) == 100_075)
  #expect(try sheet.source(#"{"sum": ["paid", "-card"]}"#)?.decimal(sheet.block, 0, digits: 2) == 100_025)
  #expect(try sheet.source(#"{"sum": ["match"]}"#)?.decimal(sheet.block, 0, digits: 2) == nil)
  #expect(try sheet.source(#"{"column": "match", "default": "1.5"}"#)?.decimal(sheet.block, 0, digits: 2) == 150)
  #expect(throws: CellFault(column: 0, "\"1 000,50\" is not a whole number")) {
    try sheet.source(#""paid""#)?.decimal(sheet.block, 0, digits: 0)
  }
}

@Test func `times are read as the file writes them, in the zone that the mapping names`() throws {
  let sheet = try Sheet("a,b,c,d,e\n21.11.2026 09:30,2026-11-21T09:30:00+01:00,2026-11-21,31.02.2026 10:00,211126\n")
  let moscow = Instant("2026-11-21T06:30:00Z")
  #expect(try sheet.source(#"{"column": "a", "format": "dd.MM.yyyy HH:mm"}"#)?.instant(sheet.block, 0, zone: .moscow) == moscow)
  #expect(try sheet.source(#""b""#)?.instant(sheet.block, 0, zone: .moscow) == Instant("2026-11-21T08:30:00Z"))
  #expect(try sheet.source(#""c""#)?.day(sheet.block, 0) == CivilDay("2026-11-21"))
  #expect(try sheet.source(#"{"column": "e", "format": "ddMMyy"}"#)?.day(sheet.block, 0) == CivilDay("2026-11-21"))
  for column in ["a", "d"] {
    #expect(throws: CellFault.self, "\(column)") { try sheet.source("\"\(column)\"")?.instant(sheet.block, 0, zone: .utc) }
  }
}

@Test func `what is wrong with a mapping is told with its place`() throws {
  let sheet = try Sheet("a,b\n1,2\n")
  let cases: [(String, String)] = [
    (#""z""#, "no_such_column"), (#"{"column": "a", "constant": "x"}"#, "no_source"), (#"{"prefix": "x"}"#, "no_source"),
    (#"{"column": "a", "format": "dd-mm"}"#, "not_a_format"), (#"{"column": "a", "colour": "x"}"#, "unknown_member"),
    (#"{"sum": ["a", "z"]}"#, "no_such_column"),
  ]
  for (json, code) in cases {
    let issues = IssueList()
    _ = try sheet.source(json, issues)
    #expect(issues.issues.map(\.code) == [code], "\(json)")
  }
}
