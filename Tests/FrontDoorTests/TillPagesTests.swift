import Foundation
import Kernel
import TestKit
import Testing

/// The pages for integrators, held against a running server. With `REGULARS_TEST_RECORD=1` the answers are written into the pages.
@Suite struct `the pages for integrators` {
  private static var records: Bool { ProcessInfo.processInfo.environment["REGULARS_TEST_RECORD"] == "1" }

  /// Pages of commands for a shell, with how many answers each shows; and the page of requests as they go over the wire.
  private static let commands = [("docs/till/first-receipt.md", 4), ("docs/till/more-calls.md", 31)]
  private static let requests = "docs/till/calls.md"

  @Test(arguments: commands) func `what a page types goes as it tells`(_ path: String, _ count: Int) throws {
    var page = try TillPage(path)
    try inTemporaryFolder { folder in
      let shop = try TillShop(folder: folder)
      let outputs = try shop.shell(page.scripts)
      try #require(outputs.count == page.scripts.count, "\(outputs.last ?? "")")
      #expect(outputs.contains("ready"), "\(outputs)")
      #expect(outputs.last?.contains("no differences") == true && outputs.last?.contains("differs:") == false, "\(outputs)")
      let answers = try page.answers.map { ($0.text, try JSON.parse(outputs[$0.after])) }
      #expect(answers.count == count)
      var likeness = Likeness()
      for (shown, real) in answers {
        let holds = likeness.holds(between: try JSON.parse(shop.onTheDay(shown)), and: real)
        if !Self.records { #expect(holds, "\(real.pretty)") }
      }
      if Self.records { try page.write(answers.map { shop.onThePage(likeness.asShown($0.1.pretty)) }) }
    }
  }

  @Test func `every call has an example that is run`() throws {
    let pages = try Repository.files(below: "docs/till", ending: ".md")
    let run = Set(Self.commands.map(\.0) + [Self.requests])
    #expect(run.isSubset(of: pages))
    for path in pages where !run.contains(path) {
      #expect(try TillPage(path).scripts.isEmpty && TillPage(path).requests.isEmpty, "\(path) has commands that nothing runs")
    }
    let asked = try run.flatMap { try TillPage($0).asked }
    let description = try JSON.parse(Repository.text("Sources/Web/Resources/till.openapi.json"))
    guard case .object(let paths)? = description["paths"] else { throw CocoaError(.formatting) }
    for path in paths {
      guard case .object(let methods) = path.value else { continue }
      let parts = path.key.split(separator: "/")
      for method in methods {
        let isShown = asked.contains { call in
          let own = call.path.split(separator: "/")
          return call.method == method.key.uppercased() && own.count == parts.count
            && zip(own, parts).allSatisfy { $0 == $1 || $1.hasPrefix("{") }
        }
        #expect(isShown, "\(method.key) \(path.key) has no example in docs/till")
      }
    }
  }

  @Test func `every call is answered as its page shows`() async throws {
    var page = try TillPage(Self.requests)
    try inTemporaryFolder { folder in
      let shop = try TillShop(folder: folder)
      try shop.setUp()
      let server = try shop.serve()
      defer { server.signal(SIGTERM) }
      var likeness = Likeness()
      var answers: [JSON] = []
      for request in page.requests {
        let (status, real) = try shop.ask(likeness.asReal(shop.onTheDay(request.text)))
        if !Self.records { #expect(status == request.status, "\(request.text)\n\(real.pretty)") }
        let holds = likeness.holds(between: try JSON.parse(shop.onTheDay(request.answer)), and: real)
        if !Self.records { #expect(holds, "\(request.text)\n\(real.pretty)") }
        answers.append(real)
      }
      #expect(answers.count == 25)
      if Self.records { try page.write(answers.map { shop.onThePage(likeness.asShown($0.pretty)) }) }
    }
  }
}

/// A page with commands, requests and answers between fences.
struct TillPage {
  private let url: URL
  private var text: String

  init(_ path: String) throws {
    url = Repository.root.appending(path: path)
    text = try String(contentsOf: url, encoding: .utf8)
  }

  private struct Block {
    let word: String
    let text: String
  }

  private var blocks: [Block] {
    text.matches(of: /(?m)^```([a-z]+(?: [0-9]+)?)\n([\s\S]*?)\n```$/).map { Block(word: String($0.1), text: String($0.2)) }
  }

  /// What is typed into a shell.
  var scripts: [String] { blocks.filter { $0.word == "sh" }.map(\.text) }

  /// Answers, and after which of the scripts they come.
  var answers: [(after: Int, text: String)] {
    var scripts = -1
    return blocks.compactMap { block in
      if block.word == "sh" { scripts += 1 }
      return block.word == "json" ? (scripts, block.text) : nil
    }
  }

  /// Requests, each with the answer that stands behind it.
  var requests: [(text: String, status: Int, answer: String)] {
    let blocks = blocks
    return blocks.indices.dropLast().compactMap { place in
      guard blocks[place].word == "http", let status = Int(blocks[place + 1].word.dropFirst("json ".count)) else { return nil }
      return (blocks[place].text, status, blocks[place + 1].text)
    }
  }

  /// The calls that the page makes: as requests, with `curl` alone, and with the function `call` that a page may make of it.
  var asked: [(method: String, path: String)] {
    let plain = blocks.filter { $0.word == "http" }.compactMap { $0.text.firstMatch(of: /^([A-Z]+) (\/[^ ?\n]*)/) }.map {
      (String($0.1), String($0.2))
    }
    return plain
      + scripts.flatMap { script in
        script.matches(of: /(?m)(?:^|\(| )call ([A-Z]+) "?(\/[^"? \n]*)/).map { (String($0.1), String($0.2)) }
          + script.matches(of: /curl [^"\n]*(?:"%\{[^"]*" )?"\$SERVER(\/[^"?]*)"/).map {
            (script.contains("--json") ? "POST" : "GET", String($0.1))
          }
      }
  }

  /// Puts other answers in the place of those that stand there.
  mutating func write(_ answers: [String]) throws {
    var rest = answers[...]
    text = text.replacing(/(?m)^```(json(?: [0-9]+)?)\n[\s\S]*?\n```$/) { match in
      "```\(match.output.1)\n\(rest.popFirst() ?? "")\n```"
    }
    try Data(text.utf8).write(to: url)
  }
}

/// What may differ between two runs: ids, each of which is another everywhere, moments of now, the names of requests, what a game threw,
/// periods of today, and codes that are drawn.
struct Likeness {
  private var real: [String: String] = [:]

  private static let passing: Set<String> = ["requestId", "roll", "mark", "commitment", "fingerprint", "first", "last"]
  private static var drawn: Regex<Substring> { /[2-9A-HJ-NP-Z]{8}/ }

  private static var id: Regex<Substring> { /clc_[0-9a-z]{13}\.[0-9a-z]+\.[0-9a-z]+|[a-z]{3}_[0-7][0-9a-z]{12}/ }

  /// Learns which id is which on the way.
  mutating func holds(between shown: JSON, and other: JSON) -> Bool {
    switch (shown, other) {
    case (.string(let a), .string(let b)): return holds(a, b)
    case (.array(let a), .array(let b)):
      return zip(a, b).map { holds(between: $0, and: $1) }.allSatisfy { $0 } && a.count == b.count
    case (.object(let a), .object(let b)):
      return zip(a, b).map { $0.key == $1.key && (Self.passing.contains($0.key) || holds(between: $0.value, and: $1.value)) }
        .allSatisfy { $0 } && a.count == b.count
    default: return shown == other
    }
  }

  private mutating func holds(_ shown: String, _ other: String) -> Bool {
    if shown == other { return true }
    if Instant(shown) != nil, Instant(other) != nil { return true }
    if shown.wholeMatch(of: Self.drawn) != nil, other.wholeMatch(of: Self.drawn) != nil { return true }
    let (mine, theirs) = (
      shown.matches(of: Self.id).map { String($0.output) }, other.matches(of: Self.id).map { String($0.output) }
    )
    guard !mine.isEmpty, mine.count == theirs.count, shown.replacing(Self.id, with: "#") == other.replacing(Self.id, with: "#")
    else {
      return false
    }
    return zip(mine, theirs).allSatisfy { mine, theirs in
      defer { real[mine] = real[mine] ?? theirs }
      return real[mine] ?? theirs == theirs
    }
  }

  /// A request of the page with the ids of this run.
  func asReal(_ text: String) -> String { text.replacing(Self.id) { real[String($0.output)] ?? String($0.output) } }

  /// An answer of this run with the ids of the page.
  func asShown(_ text: String) -> String {
    let shown = Dictionary(real.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return text.replacing(Self.id) { shown[String($0.output)] ?? String($0.output) }
  }
}
