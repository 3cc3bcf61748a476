import Access
import Foundation
import Insight
import Kernel
import TestKit
import Testing
import Web

@Suite struct `the description of analysis` {
  private static let document = AnalysisDescription.document

  private static func members(_ json: JSON?) -> [JSON.Member] { if case .object(let members)? = json { members } else { [] } }

  private static var calls: [(path: String, method: String, call: JSON)] {
    members(document["paths"]).flatMap { path in members(path.value).map { (path.key, $0.key.uppercased(), $0.value) } }
  }

  private static func each(_ json: JSON, _ visit: (JSON) -> Void) {
    visit(json)
    switch json {
    case .object(let members): for member in members { each(member.value, visit) }
    case .array(let items): for item in items { each(item, visit) }
    case .null, .bool, .int, .number, .string: break
    }
  }

  private static func resolved(_ json: JSON) -> JSON {
    guard let reference = json["$ref"]?.word else { return json }
    return reference.split(separator: "/").dropFirst().reduce(document as JSON?) { $0?[String($1)] } ?? .null
  }

  @Test func `names what the server answers to, and nothing else, with the scope that it asks for`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let routes = shop.routes.withLock { $0 }.filter { $0.path.hasPrefix("/v1/") }
      #expect(Set(Self.calls.map { "\($0.method) \($0.path)" }) == Set(routes.map { "\($0.method) \($0.path)" }))
      for route in routes {
        let name = "\(route.method) \(route.path)"
        let call = try #require(Self.calls.first { "\($0.method) \($0.path)" == name }).call
        #expect(
          call["security"]?.listed.flatMap { $0["token"]?.listed ?? [] }.compactMap(\.word)
            == (route.scope.map { [$0.rawValue] } ?? []),
          "\(name)")
        let answers = Set(Self.members(call["responses"]).map(\.key))
        #expect(answers.contains("429") == route.isThrottled && route.isThrottled == (route.scope != nil), "\(name)")
        #expect(answers.isSuperset(of: route.scope == nil ? ["200"] : ["401", "403", "500", "503"]), "\(name)")
        #expect((call["requestBody"] != nil) == (route.method == "POST"), "\(name)")
        if call["requestBody"] != nil { #expect(answers.isSuperset(of: ["400", "413", "415", "422"]), "\(name)") }
        if route.path.contains("{") { #expect(answers.contains("404"), "\(name)") }
      }
    }
  }

  @Test func `refers to what is there, uses what it holds, and calls every call by a name of its own`() {
    var (broken, used): ([String], Set<String>) = ([], [])
    Self.each(Self.document) { json in
      guard let reference = json["$ref"]?.word else { return }
      used.insert(reference)
      if Self.resolved(json) == .null || !reference.hasPrefix("#/components/") { broken.append(reference) }
    }
    #expect(broken == [])
    for section in ["schemas", "responses", "parameters", "headers"] {
      for part in Self.members(Self.document["components"]?[section]) {
        #expect(used.contains("#/components/\(section)/\(part.key)"), "\(section) \(part.key)")
      }
    }
    let names = Self.calls.compactMap { $0.call["operationId"]?.word }
    #expect(names.count == Self.calls.count && Set(names).count == names.count)
  }

  @Test func `knows the words and the bounds that the program knows`() throws {
    let schemas = Self.document["components"]?["schemas"]
    func words(_ name: String) -> [String] { schemas?[name]?["enum"]?.listed.compactMap(\.word) ?? [] }
    #expect(words("ReportKey") == ReportName.allCases.map(\.rawValue))
    #expect(words("SegmentAct") == ["add", "remove", "include", "exclude", "release"])
    func parameter(_ path: String, _ name: String) -> JSON? {
      Self.document["paths"]?[path]?["get"]?["parameters"]?.listed.first { $0["name"]?.word == name }?["schema"]
    }
    #expect(parameter("/v1/segments", "limit")?["maximum"] == .int(Int64(Limits.segmentPage)))
    #expect(parameter("/v1/segments/{key}/members", "limit")?["maximum"] == .int(Int64(Limits.segmentMemberPage)))
    #expect(schemas?["SegmentChange"]?["properties"]?["members"]?["maxItems"] == .int(Int64(Limits.bulk)))
    let told = Self.document["paths"]?["/v1/pivot"]?["post"]?["description"]?.word ?? ""
    #expect(Limits.analysisCells == 100_000 && told.contains("100,000 cells"))
    #expect(Limits.analysisFileCells == 2_000_000 && told.contains("2,000,000"))
    let whole = Self.document["info"]?["description"]?.word ?? ""
    #expect(
      Limits.analysesOfToken == 2 && Limits.analysesAtOnce == 4 && whole.contains("two of one token")
        && whole.contains("four of a server"))
  }

  @Test func `explains every refusal that the server's source can give, and is a page on which every call has its place`() throws {
    let explained = (Self.document["x-problems"]?.listed ?? []).compactMap { $0["code"]?.word }
    let code = Self.document["components"]?["schemas"]?["ProblemCode"]?["anyOf"]?.listed.compactMap { $0["enum"] }.first
    #expect(explained == code?.listed.compactMap(\.word) && Set(explained).count == explained.count)
    let refusal = /\.(?:invalid|unauthenticated|forbidden|notFound|conflict|unavailable),\s+"(?<code>[a-z_]+)"/
    var given: Set<String> = []
    for file in try ["Sources/Web/Analysis", "Sources/Web/Server"].flatMap({ try Repository.files(below: $0, ending: ".swift") }) {
      given.formUnion(try Repository.text(file).matches(of: refusal).map { String($0.output.code) })
    }
    given.subtract(["tls_configuration", "not_a_form"])
    #expect(given.count > 15 && given.subtracting(explained) == [])
    let page = AnalysisDescription.html
    for code in explained { #expect(page.contains("id=\"problem-\(code)\""), "\(code)") }
    for call in Self.calls {
      let name = call.call["operationId"]?.word ?? ""
      #expect(page.contains("<h3 id=\"\(name)\">") && page.contains("href=\"#\(name)\""), "\(name)")
    }
    let ids = page.matches(of: /\ id="([^"]+)"/).map { String($0.output.1) }
    #expect(ids.count == Set(ids).count)
    for link in page.matches(of: /\ href="#([^"]+)"/) { #expect(ids.contains(String(link.output.1)), "\(link.output.1)") }
    #expect(page.contains("/v1/openapi.json") && page.contains("/v1/docs.css") && !page.contains("/till/v1"))
  }

  @Test func `has an example for every call, which is answered as it is described`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await AnalystShop.furnish(shop)
      let analyst = try await Analyst(shop, Set(Scope.allCases).subtracting([.margins]))
      let shape = Shape(document: Self.document)
      for (path, method, call) in Self.calls {
        let good = call["responses"]?["200"]?["content"]?["application/json"]
        let example = good?["example"]
        if call["security"]?.listed.isEmpty == false {
          #expect(example != nil && shape.faults(example, good?["schema"]) == [], "the example of \(method) \(path)")
        }
        let bodies = Self.members(call["requestBody"]?["content"]?["application/json"]?["examples"]).compactMap {
          $0.value["value"]
        }
        #expect((method == "POST") == !bodies.isEmpty, "\(path)")
        let address = Self.address(path, call).replacing(AnalystShop.sample, with: "\(shop.anna)")
        for (place, body) in (bodies.isEmpty ? [JSON.null] : bodies).enumerated() {
          let asked = call["requestBody"]?["content"]?["application/json"]?["schema"]
          if body != .null { #expect(shape.faults(body, asked) == [], "what is asked of \(path)") }
          let text = body.compact.replacing(AnalystShop.sample, with: "\(shop.anna)")
          let heard =
            method == "GET"
            ? try await analyst.get(address) : try await analyst.post(address, text, key: "example-\(path)-\(place)")
          #expect(heard.status == 200, "\(method) \(address) \(heard.text)")
          guard let schema = good?["schema"], heard.type.hasPrefix("application/json") else { continue }
          #expect(shape.faults(try heard.json, schema) == [], "\(method) \(address)")
          // Besides ids and moments the first example is answered as it stands there.
          guard place == 0, let shown = example, ["/v1/pivot", "/v1/segments/{key}/changes"].contains(path) else { continue }
          for name in ["rows", "columns", "pivot", "changed", "act"] {
            #expect(try heard.json[name] == shown[name], "\(path) \(name)")
          }
        }
      }
    }
  }

  /// The path with what stands as an example at each of its places.
  private static func address(_ path: String, _ call: JSON) -> String {
    var (path, query) = (path, [String]())
    for parameter in (call["parameters"]?.listed ?? []).map(resolved) {
      guard let name = parameter["name"]?.word, let example = parameter["example"]?.word else { continue }
      switch parameter["in"]?.word {
      case "path": path = path.replacing("{\(name)}", with: example)
      case "query": query.append("\(name)=\(queryText(example))")
      default: break
      }
    }
    return path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
  }

  @Test func `has a page for integrators whose commands do what they say`() async throws {
    let page = try Repository.text("docs/integrator/analysis.md")
    try await WebShop.open(.sqlite) { shop in
      try await AnalystShop.furnish(shop)
      let analyst = try await Analyst(shop, Set(Scope.allCases))
      let scripts = page.matches(of: /(?m)^```sh\n([\s\S]*?)\n```$/).map { String($0.1) }.filter { $0.contains("curl") }
      var asked: Set<String> = []
      for script in scripts {
        let text = script.replacing("\\\n", with: " ").replacing(AnalystShop.sample, with: "\(shop.anna)")
        for command in text.split(separator: "\n").map(String.init) where command.hasPrefix("curl ") {
          let path = String(try #require(command.firstMatch(of: /"\$SERVER([^"]*)"/)).1)
          let accept = command.firstMatch(of: /--header 'Accept: ([^']*)'/).map { String($0.1) }
          let key = command.firstMatch(of: /--header 'Idempotency-Key: ([^']*)'/).map { String($0.1) }
          let body = command.firstMatch(of: /--json '([^']*)'/).map { String($0.1) }
          let heard =
            if let body { try await analyst.post(path, body, accept: accept, key: key) } else {
              try await analyst.get(path, accept: accept)
            }
          #expect(heard.status == 200, "\(command) \(heard.text)")
          asked.insert("\(body == nil ? "GET" : "POST") \(path.split(separator: "?")[0])")
        }
      }
      for (path, method, call) in Self.calls where call["security"]?.listed.isEmpty == false {
        let parts = path.split(separator: "/")
        let isShown = asked.contains { one in
          let own = one.split(separator: " ")[1].split(separator: "/")
          return one.hasPrefix(method + " ") && own.count == parts.count
            && zip(own, parts).allSatisfy { $0 == $1 || $1.hasPrefix("{") }
        }
        #expect(isShown, "\(method) \(path) has no example on the page")
      }
    }
  }
}
