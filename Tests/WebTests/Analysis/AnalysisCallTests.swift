import Access
import Kernel
import TestKit
import Testing
import Web

@Suite struct `the calls of analysis` {
  private static let products = #"{"rows":["product"],"values":["sales","receipts","members"]}"#
  private static let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

  @Test(arguments: TestDatabase.available)
  func `answer a pivot as JSON, CSV and XLSX, in the words of either language`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let analyst = try await Analyst(shop, [.analysis])
      let early = try await analyst.post("/v1/pivot", Self.products)
      #expect(try early.status == 503 && early.code == "columns_missing" && early.headers["retry-after"] == "60")
      try await AnalystShop.furnish(shop)
      let answer = try await analyst.post("/v1/pivot", Self.products).json
      #expect(answer["columns"]?.compact == "[[]]")
      #expect(
        answer["rows"]?.compact
          == #"[{"labels":[],"values":[["600.00","3","1"]]},{"labels":["bread"],"values":[["600.00","3","1"]]}]"#)
      #expect(answer["computed"]?["by"] == "columns" && answer["definitions"]?["version"] == .int(0))
      let csv = try await analyst.post("/v1/pivot", Self.products, accept: "text/html;q=1, text/csv;q=0.9, application/json;q=0.2")
      #expect(csv.text == "product,sales,receipts,members\nbread,600.00,3,1\nTotal,600.00,3,1\n")
      #expect(csv.type.hasPrefix("text/csv") && csv.headers["regulars-computed-by"] == "columns")
      #expect(csv.headers["regulars-definitions"] == "0" && Instant(csv.headers["regulars-as-of"] ?? "") != nil)
      let russian = try await analyst.post("/v1/pivot", Self.products, accept: "text/csv", language: "de, ru;q=0.5")
      #expect(russian.text.hasSuffix("Итого,600.00,3,1\n"))
      #expect(try await analyst.post("/v1/pivot", Self.products, accept: Self.xlsx).text.hasPrefix("PK"))
      let odd = try await analyst.post("/v1/pivot", Self.products, accept: "text/html, text/csv;q=0")
      #expect(try odd.status == 406 && odd.code == "not_acceptable")
      let before =
        #"{"values":["sales"],"from":"2026-11-21","to":"2026-11-21","compare":{"from":"2026-11-20","to":"2026-11-20"}}"#
      let compared = try await analyst.post("/v1/pivot", before).json
      #expect(compared["compared"]?.compact == #"{"from":"2026-11-20","to":"2026-11-20"}"#)
      #expect(compared["rows"]?.at(0)?["before"] != nil && compared["rows"]?.at(0)?["values"]?.compact == #"[["600.00"]]"#)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `say up to which moment everything is in an answer`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalystShop.furnish(shop)
      let analyst = try await Analyst(shop, [.analysis])
      let whole = try await analyst.post("/v1/pivot", Self.products).json["asOf"]
      #expect(whole?["eventsWaiting"] == .int(0) && whole?["at"]?.word == shop.now.text)
      let sold = shop.now
      let till = try await shop.line()
      #expect(try await till.post("/till/v1/receipts", Bodies.receipt(9, shift: 2), key: "sale-of-now").status == 201)
      await till.close()
      shop.pass(.seconds(30))
      let behind = try await analyst.post("/v1/pivot", Self.products).json
      #expect(behind["asOf"]?["at"]?.word == sold.text, "the sale is not in it, and the answer does not claim it")
      #expect(behind["asOf"]?["eventsWaiting"] != .int(0) && behind["rows"]?.at(0)?["values"]?.at(0)?.at(1) == "3")
    }
  }

  @Test func `refuse what there is not by its name, at its place, with what there is`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await AnalystShop.furnish(shop)
      let analyst = try await Analyst(shop, [.analysis])
      let cases: [(question: String, code: String, pointer: String, says: String)] = [
        (#"{"rows":["shop"],"values":["sales"]}"#, "unknown_word", "/rows/0", "store"),
        (#"{"rows":["store"],"values":["profit"]}"#, "unknown_word", "/values/0", "margin"),
        (#"{"rows":["store","attribute:gone"],"values":["sales"]}"#, "unknown_dimension", "/rows/1", "/v1/dimensions"),
        (#"{"rows":["attribute:loyal[]"],"values":["sales"]}"#, "unknown_dimension", "/rows/0", "attribute:loyal"),
        (#"{"columns":["attribute:nick"],"values":["sales"]}"#, "unknown_dimension", "/columns/0", "nick"),
        (
          #"{"values":["sales"],"where":[{"by":"attribute:gone","in":["yes"]}]}"#, "unknown_dimension", "/where/0/by", "gone"
        ),
        (#"{"values":["sales"],"where":[{"by":"store","not":["S1","S9"]}]}"#, "unknown", "/where/0/not/1", "S9"),
        (#"{"values":["sales"],"period":"some-day"}"#, "unknown_period", "/period", "last-month"),
        (#"{"values":["sales"],"colour":"red"}"#, "unknown_member", "/colour", "rows"),
      ]
      for (question, code, pointer, says) in cases {
        let heard = try await analyst.post("/v1/pivot", question)
        let issue = try heard.json["issues"]?.at(0)
        #expect(heard.status == 422, "\(question) \(heard.text)")
        #expect(issue?["code"]?.word == code && issue?["pointer"]?.word == pointer, "\(heard.text)")
        #expect(issue?["message"]?.word?.contains(says) == true, "\(heard.text)")
      }
      let undated = try await analyst.post("/v1/pivot", #"{"values":["sales"],"compare":"year"}"#)
      #expect(try undated.status == 422 && undated.code == "not_comparable")
      let refused = try await analyst.post("/v1/pivot", "{").json
      #expect(refused["type"] == "/v1/docs#problem-not_json" && refused["cashierText"] == nil)
      #expect(refused["message"]?["ru"]?.word?.contains("запрос") == true && refused["message"]?["en"] != nil)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `show costs and personal fields to nobody without the scope`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalystShop.furnish(shop)
      let (plain, trusted) = (try await Analyst(shop, [.analysis]), try await Analyst(shop, [.analysis, .margins, .profiles]))
      for value in ["cost", "margin", "margin-share", "(sales - cost) / receipts:money"] {
        let question = #"{"values":["\#(value)"]}"#
        let heard = try await plain.post("/v1/pivot", question)
        #expect(try heard.status == 403 && heard.code == "margins_hidden", "\(value)")
        #expect(try await trusted.post("/v1/pivot", question).status == 200, "\(value)")
      }
      for question in [
        #"{"rows":["attribute:vegan"],"values":["members"]}"#,
        #"{"values":["members"],"where":[{"by":"attribute:vegan","in":["yes"]}]}"#,
      ] {
        let heard = try await plain.post("/v1/pivot", question)
        #expect(try heard.status == 403 && heard.code == "field_hidden", "\(question)")
        // Nobody who bought need have said yes: then the value is not there, which is another answer than that the field is hidden.
        let seen = try await trusted.post("/v1/pivot", question)
        #expect(try seen.status == 200 || seen.status == 422 && seen.json.compact.contains("where"), "\(question) \(seen.text)")
      }
      func words(_ analyst: Analyst) async throws -> [String] {
        try await analyst.get("/v1/dimensions").json["dimensions"]?.listed.compactMap { $0["dimension"]?.word } ?? []
      }
      let (seen, all) = (try await words(plain), try await words(trusted))
      #expect(seen.contains("attribute:loyal") && seen.contains("store") && !seen.contains("attribute:vegan"))
      #expect(Set(all).subtracting(seen) == ["attribute:vegan"])
      let measures = try await plain.get("/v1/measures").json["measures"]?.listed ?? []
      #expect(
        measures.filter { $0["scope"] == "margins" }.compactMap { $0["measure"]?.word } == ["cost", "margin", "margin-share"])
      let (without, with) = (try await plain.get("/v1/reports/kpi"), try await trusted.get("/v1/reports/kpi"))
      #expect(!without.text.contains(#""Margin""#) && without.text.contains("lacks the scope margins"))
      #expect(with.text.contains(#""Margin""#) && !with.text.contains("lacks the scope margins"))
    }
  }

  @Test func `answer ready reports with their days, filters and tables`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await AnalystShop.furnish(shop)
      let analyst = try await Analyst(shop, [.analysis])
      let names = try await analyst.get("/v1/reports").json["reports"]?.listed.compactMap { $0["report"]?.word } ?? []
      #expect(names.count > 10 && names.contains("rfm"))
      for name in names {
        let heard = try await analyst.get("/v1/reports/\(name)")
        #expect(heard.status == 200, "\(name) \(heard.text)")
        let answer = try heard.json
        #expect(answer["report"]?.word == name && answer["asOf"]?["at"] != nil)
        guard let first = answer["parts"]?.at(0)?["columns"]?.listed.compactMap(\.word) else { continue }
        let csv = try await analyst.get("/v1/reports/\(name)", accept: "text/csv")
        #expect(csv.status == 200 && csv.text.hasPrefix(first.joined(separator: ",") + "\n"), "\(name) \(csv.text.prefix(200))")
      }
      let days = "/v1/reports/kpi?from=2026-11-20&to=2026-11-21&part=days"
      #expect(
        try await analyst.get(days, accept: "text/csv").text
          == "day,sales,before,year-ago\n2026-11-21,600.00,0.00,0.00\n2026-11-20,0.00,0.00,0.00\n")
      let away = queryText(#"[{"by":"store","not":["S1"]}]"#)
      let filtered = try await analyst.get("\(days)&where=\(away)").json
      #expect(filtered["parts"]?.at(0)?["rows"]?.at(0)?.at(1) == "0.00" && filtered["where"] != nil)
      #expect(try await analyst.get("/v1/reports/kpi?period=yesterday").json["from"] == "2026-11-21")
      let wrong: [(path: String, status: Int, code: String)] = [
        ("/v1/reports/gossip", 404, "unknown_report"), ("/v1/reports/kpi?part=gossip", 422, "unknown_part"),
        ("/v1/reports/kpi?form=1", 422, "invalid_input"), ("/v1/reports/kpi?from=2026-11-21&to=2026-11-01", 422, "invalid_input"),
        ("/v1/reports/kpi?period=yesterday&to=2026-11-01", 422, "invalid_input"),
        ("/v1/reports/certificates?where=\(away)", 422, "invalid_input"), ("/v1/reports/kpi?where=store", 422, "invalid_input"),
        ("/v1/reports/kpi-tree?segment=bakers", 422, "invalid_input"),
      ]
      for (path, status, code) in wrong {
        let heard = try await analyst.get(path)
        #expect(try heard.status == status && heard.code == code, "\(path) \(heard.text)")
      }
    }
  }

  @Test func `keep nobody waiting: who asks too much at a time is told to come again`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await AnalystShop.furnish(shop)
      let analyst = try await Analyst(shop, [.analysis, .segments])
      let others = (1...4).map { TokenID(Int64($0)) }
      for other in others { try shop.analysisGate.enter(other) }
      for _ in 0..<3 {
        let heard = try await analyst.post("/v1/pivot", Self.products)
        #expect(try heard.status == 503 && heard.code == "analysis_busy" && heard.headers["retry-after"] == "5")
      }
      #expect(try await analyst.get("/v1/reports/kpi").status == 503)
      #expect(try await analyst.post("/v1/segments/count", AnalystShop.bakers).status == 503)
      // What costs nothing is answered all the same, and so are tills.
      #expect(try await analyst.get("/v1/dimensions").status == 200)
      let till = try await shop.line()
      #expect(try await till.post("/till/v1/calculations", Bodies.basket()).status == 201)
      await till.close()
      for other in others { shop.analysisGate.leave(other) }
      #expect(try await analyst.post("/v1/pivot", Self.products).status == 200)
      let own = try #require(TokenSecret(shown: analyst.token))
      let token = try #require(try await shop.database.read { tx in try Tokens.find(own, in: &tx) }).id
      for _ in 0..<2 { try shop.analysisGate.enter(token) }
      let heard = try await analyst.post("/v1/pivot", Self.products)
      #expect(try heard.status == 429 && heard.code == "too_many_analyses")
      #expect(try await Analyst(shop, [.analysis]).post("/v1/pivot", Self.products).status == 200, "another token's turn")
      shop.analysisGate.leave(token)
      #expect(try await analyst.post("/v1/pivot", Self.products).status == 200)
    }
  }

  @Test(arguments: TestDatabase.available) func `tell another account nothing`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalystShop.furnish(shop)
      let stranger = Analyst(shop, token: try await AnalystShop.stranger(shop))
      let theirs = try await stranger.post("/v1/pivot", Self.products)
      #expect([200, 503].contains(theirs.status) && !theirs.text.contains("600.00") && !theirs.text.contains("\"bread\""))
      #expect(try await !stranger.get("/v1/segments").text.contains("bakers"))
      #expect(try await !stranger.get("/v1/dimensions").text.contains("attribute:"))
      let change = #"{"act":"exclude","members":["\#(shop.anna)"]}"#
      for path in ["bakers", "vip"] {
        for heard in [
          try await stranger.get("/v1/segments/\(path)/members"),
          try await stranger.get("/v1/segments/\(path)/members/\(shop.anna)"),
          try await stranger.post("/v1/segments/\(path)/changes", change, key: "foreign-\(path)-1"),
        ] {
          #expect(try heard.status == 404 && heard.code == "segment_unknown", "\(heard.text)")
          #expect(!heard.text.contains("\(shop.anna)") && !heard.text.contains("Хлеб"))
        }
      }
      let never = try await stranger.get("/v1/segments/never/members")
      let plain = try await stranger.get("/v1/segments/bakers/members").text.replacing("bakers", with: "never")
      func without(_ text: String) -> String { text.replacing(/"requestId":"[^"]*"/, with: "") }
      #expect(without(never.text) == without(plain), "what never was is answered alike")
    }
  }
}
