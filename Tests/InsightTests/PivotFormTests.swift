import Cube
import Insight
import Kernel
import Testing

@Suite struct `A pivot as words` {
  @Test func `is the same as JSON and as on a command line`() throws {
    let text = #"""
      {"rows": ["department", "category"], "columns": ["month"], "values": ["sales", "members"],
       "where": [{"by": "city", "in": ["Kazan", "Perm"]}, {"by": "brand", "not": ["X"]}], "from": "2026-01-01", "to": "2026-06-30",
       "sort": {"by": "sales", "descending": true}, "top": 20}
      """#
    let pivot = try PivotForm.pivot(JSON.parse(text))
    let words = try PivotForm.pivot(
      rows: "department,category", columns: "month", values: "sales,members", filters: ["city=Kazan,Perm", "brand!=X"],
      sort: "-sales",
      top: 20, from: "2026-01-01", to: "2026-06-30")
    #expect(pivot == words)
    #expect(try PivotForm.pivot(PivotForm.json(pivot)) == pivot)
  }

  @Test func `says what its days are set against`() throws {
    func read(_ compare: String) throws -> Pivot {
      try PivotForm.pivot(JSON.parse(#"{"values": ["sales"], "compare": \#(compare)}"#))
    }
    let own = Comparison.days(try #require(CivilDay("2025-11-01"))...(try #require(CivilDay("2025-11-15"))))
    let known: [(String, String?, Comparison?)] = [
      (#""previous""#, "previous", .previous), ("true", nil, .previous), ("false", nil, nil), (#""year""#, "year", .year),
      (#""holidays""#, "holidays", .holidays),
      (#"{"from": "2025-11-01", "to": "2025-11-15"}"#, "2025-11-01..2025-11-15", own),
    ]
    for (text, word, comparison) in known {
      let pivot = try read(text)
      #expect(pivot.compare == comparison, "\(text)")
      #expect(try PivotForm.pivot(PivotForm.json(pivot)) == pivot)
      guard let word else { continue }
      let words = try PivotForm.pivot(
        rows: "", columns: "", values: "sales", filters: [], sort: nil, top: nil, from: nil, to: nil, compare: word)
      #expect(words == pivot)
      #expect(try PivotForm.comparison(of: word) == comparison)
    }
    for wrong in [#""last""#, "1", "[]", #"{"from": "2025-11-01"}"#, #"{"from": "2025-11-15", "to": "2025-11-01"}"#] {
      let refused = #expect(throws: Problem.self) { try read(wrong) }
      #expect(refused?.issues.first?.pointer.hasPrefix("/compare") == true, "\(wrong)")
    }
    #expect(throws: Problem.self) { try PivotForm.comparison(of: "2025-11-01..then") }
  }

  @Test func `names every dimension by one word, the retailer's own by their codes`() throws {
    for dimension in Dimension.allCases + [.attribute("size"), .values("hobbies"), .attribute("с пробелом")] {
      #expect(Dimension(rawValue: dimension.rawValue) == dimension)
    }
    #expect(Set(Dimension.allCases.map(\.rawValue)).count == Dimension.allCases.count)
    for word in ["attribute:", "attribute:[]", "attribute", "Attribute:size", "size", ""] {
      #expect(Dimension(rawValue: word) == nil, "\(word)")
    }
    let pivot = try PivotForm.pivot(
      rows: "attribute:size,attribute:hobbies[]", columns: "month", values: "sales", filters: ["attribute:vip=yes"], sort: nil,
      top: nil, from: nil, to: nil)
    #expect(pivot.rows == [.attribute("size"), .values("hobbies")] && pivot.filters[0].dimension == .attribute("vip"))
    #expect(try PivotForm.pivot(PivotForm.json(pivot)) == pivot)
  }

  @Test func `has formulas among its values, named and as they are`() throws {
    let text =
      #"{"values": ["sales", "(sales-cost)/receipts:money", "formula:own"], "sort": {"by": "( sales - cost ) / receipts:money"}}"#
    let pivot = try PivotForm.pivot(JSON.parse(text))
    let words = try PivotForm.pivot(
      rows: "", columns: "", values: "sales, (sales - cost) / receipts:money, formula:own", filters: [],
      sort: "-(sales - cost)/receipts:money", top: nil, from: nil, to: nil)
    #expect(pivot == words && pivot.formulas.map(\.word) == ["(sales - cost) / receipts:money", "formula:own"])
    #expect(try PivotForm.pivot(PivotForm.json(pivot)) == pivot)
    for measure in Measure.allCases { #expect(Measure(rawValue: measure.rawValue) == measure) }
    #expect(Set(Measure.allCases.map(\.rawValue)).count == Measure.allCases.count)
    let refused = #expect(throws: Problem.self) { try PivotForm.pivot(JSON.parse(#"{"values": ["sales / (cost"]}"#)) }
    #expect(refused?.issues.first?.message.contains("at character 9") == true, "\(refused.map { "\($0)" } ?? "")")
  }

  @Test(arguments: [
    (#"{"rows": ["moon"], "values": ["sales"]}"#, "/rows/0"), (#"{"values": ["sales"], "colums": []}"#, "/colums"),
    (#"{"rows": ["store"], "values": ["sales"], "where": [{"by": "city", "in": [], "not": []}]}"#, "/where/0"),
    (#"{"rows": ["store"], "values": ["sales"], "from": "yesterday"}"#, "/from"),
    (#"{"values": ["sales", "sales / moon"]}"#, "/values/1"), (#"{"values": ["moon"]}"#, "/values/0"),
    (#"{"values": ["sales / receipts:roubles"]}"#, "/values/0"), (#"{"values": ["new-member"]}"#, "/values/0"),
    (#"{"values": ["sales"], "sort": {"by": "sales / cost"}}"#, "/sort"),
  ]) func `that nobody can read is refused with its place`(text: String, pointer: String) throws {
    let json = try JSON.parse(text)
    let refused = #expect(throws: Problem.self) { try PivotForm.pivot(json) }
    #expect(refused?.issues.map(\.pointer).contains(pointer) == true)
  }
}
