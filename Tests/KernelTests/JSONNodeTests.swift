import Kernel
import Testing

private enum Mode: String, CaseIterable { case first, best, all }

@Suite struct `reading a document` {
  static func issues(_ text: String, _ read: (JSONNode) -> Void) throws -> [Kernel.Issue] {
    let node = JSONNode(try JSON.parse(text))
    read(node)
    return node.issues.issues
  }

  @Test func `takes no text with a NUL, which no database keeps`() throws {
    let node = JSONNode(try JSON.parse(Array(#"{ "name": "a\u0000b", "fine": "a\tb" }"#.utf8)))
    #expect(node["name"].text() == nil && node["fine"].text() == "a\tb")
    #expect(node.issues.issues.map(\.pointer) == ["/name"] && node.issues.issues.map(\.code) == ["not_a_text"])
  }

  @Test func `notes every issue at its pointer and goes on`() throws {
    let text = """
      {"name": "", "lines": [{"price": 12.5}, {"price": "1.234"}, {"price": "7"}, 5], "mode": "some", "a/b~c": true, "day": "2026-02-30"}
      """
    let issues = try Self.issues(text) { node in
      node.expect("name", "lines", "mode", "day")
      #expect(node["name"].text() == nil)
      for line in node["lines"].items(max: 10) {
        line.expect("price")
        _ = line["price"].decimal(digits: 2)
      }
      #expect(node["mode"].word(Mode.self) == nil)
      #expect(node["day"].day() == nil)
      #expect(!node["absent"].required())
    }
    #expect(
      issues.map { "\($0.pointer) \($0.code)" } == [
        "/a~1b~0c unknown_member", "/name empty", "/lines/0/price not_a_decimal", "/lines/1/price not_a_decimal",
        "/lines/3 not_an_object",
        "/mode unknown_word", "/day not_a_day", "/absent missing",
      ])
  }

  @Test func `finds nothing wrong with what is absent or null`() throws {
    let issues = try Self.issues("{\"a\": null}") { node in
      for key in ["a", "b"] {
        let absent = node[key]
        #expect(absent.text() == nil)
        #expect(absent.int() == nil)
        #expect(absent.bool() == nil)
        #expect(absent.decimal(digits: 2) == nil)
        #expect(absent.items(max: 1).isEmpty)
        #expect(absent.members(max: 1).isEmpty)
        #expect(absent.word(Mode.self) == nil)
        #expect(absent.instant() == nil)
        #expect(absent.day() == nil)
        #expect(absent.clock() == nil)
      }
    }
    #expect(issues.isEmpty)
  }

  @Test func `reads every kind of value`() throws {
    let text = """
      {"t": "x", "i": 5, "b": false, "d": "-12.5", "w": "best", "at": "2026-11-21T09:30:00+03:00", "on": "2026-11-21", "c": "09:30", "o": {"k": 1}}
      """
    let issues = try Self.issues(text) { node in
      #expect(node["t"].text() == "x")
      #expect(node["i"].int(5...5) == 5)
      #expect(node["b"].bool() == false)
      #expect(node["d"].decimal(digits: 2, min: -2000) == -1250)
      #expect(node["w"].word(Mode.self) == .best)
      #expect(node["at"].instant()?.text == "2026-11-21T06:30:00Z")
      #expect(node["on"].day()?.description == "2026-11-21")
      #expect(node["c"].clock()?.second == 34_200)
      #expect(node["o"].members(max: 1).map(\.key) == ["k"])
    }
    #expect(issues.isEmpty)
  }

  @Test(arguments: ["true", "1", "\"x\"", "[1]", "{\"a\":1}", "1.5"]) func `refuses the wrong kind by name`(_ text: String) throws {
    let issues = try Self.issues(text) { node in
      _ = (node.text(), node.bool(), node.int(), node.items(max: 5), node.members(max: 5), node.instant())
    }
    #expect(issues.count >= 4)
    #expect(issues.allSatisfy { $0.code.hasPrefix("not_a") && $0.pointer.isEmpty })
  }

  @Test func `holds lists, texts and numbers to their bounds`() throws {
    let issues = try Self.issues(
      "{\"list\": [1, 2, 3], \"text\": \"abcd\", \"number\": 11, \"members\": {\"a\": 1, \"b\": 2}, \"money\": \"10.01\"}"
    ) { node in
      #expect(node["list"].items(max: 2).count == 2)
      #expect(node["members"].members(max: 1).count == 1)
      #expect(node["text"].text(max: 3) == nil)
      #expect(node["text"].text(max: 4) == "abcd")
      #expect(node["number"].int(0...10) == nil)
      #expect(node["number"].int(0...11) == 11)
      #expect(node["money"].decimal(digits: 2, max: 1_000) == nil)
    }
    #expect(issues.map(\.code) == ["too_many", "too_many", "too_long", "out_of_range", "out_of_range"])
  }

  @Test func `counts a text by code points, so that one letter cannot carry a thousand accents`() throws {
    let accents = "a" + String(repeating: "\u{301}", count: 1_000)
    let issues = try Self.issues("\"\(accents)\"") { #expect($0.text(max: 200) == nil) }
    #expect(issues.map(\.code) == ["too_long"])
  }

  @Test func `refuses once at the end, with the number of issues left out`() throws {
    let list = IssueList()
    try list.check("basket")
    for index in 0..<Limits.issues + 7 { list.add("/\(index)", "x", "y") }
    let problem = try #require(throws: Problem.self) { try list.check("basket") }
    #expect(problem.issues.count == Limits.issues)
    #expect(problem.detail.contains("and 7 more"))
    #expect(problem.kind == .invalid && problem.code == "invalid_input")
  }
}
