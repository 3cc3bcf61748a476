import Foundation
import Kernel
import TestKit
import Testing
import regulars

@Suite struct `the table of metrics` {
  /// Names that the administrator's page lists, with the labels of their rows.
  private static func documented() throws -> [String: Set<String>] {
    let page = try Repository.text("docs/administrator/server.md")
    let section = page.components(separatedBy: "## Metrics\n").dropFirst().first?.components(separatedBy: "\n## ").first ?? ""
    var names: [String: Set<String>] = [:]
    for row in section.split(separator: "\n") where row.hasPrefix("| `") {
      let cells = row.components(separatedBy: " | ")
      guard cells.count >= 2, let labels = cells.last else { continue }
      let known = Set(labels.matches(of: /`([a-z]+)`/).map { String($0.output.1) })
      for name in cells[0].matches(of: /`(regulars_[a-z_]+)`/) { names[String(name.output.1)] = known }
    }
    return names
  }

  /// Names that a server tells, with the labels of their series; those of a histogram by the name of the whole.
  private static func told(_ text: String) -> [String: Set<String>] {
    var names: [String: Set<String>] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      guard let found = line.firstMatch(of: /^([a-z_]+)(\{.*\})?\s/) else { continue }
      var name = String(found.output.1)
      for part in ["_bucket", "_sum", "_count"] where name.hasPrefix("regulars_request_seconds") && name.hasSuffix(part) {
        name.removeLast(part.count)
      }
      let labels = (found.output.2 ?? "").matches(of: /([a-z]+)="/).map { String($0.output.1) }.filter { $0 != "le" }
      names[name, default: []].formUnion(labels)
    }
    return names
  }

  /// Their series appear with the first of each programme, whose codes nobody knows before.
  private static let later: Set<String> = ["regulars_unknown_goods_total", "regulars_transfers_total"]

  @Test(arguments: TestDatabase.available) func `lists what a server tells before anybody asked it anything, and nothing else`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      let shop = try ServedShop(in: place)
      let issued = try shop.program.run(
        ["token", "issue", "--account", "lavka", "--name", "metrics", "--scopes", "metrics", "--database", place.url])
      let token = issued.answer.trimmingCharacters(in: .whitespacesAndNewlines)
      let server = try shop.serve()
      let line = try await TillLine.open(("127.0.0.1", server.port), token: token)
      let reply = try await line.get("/metrics")
      #expect(reply.status == 200)
      let text = String(decoding: reply.body, as: UTF8.self)
      await line.close()
      #expect(server.stop() == 0)
      let (documented, told) = (try Self.documented(), Self.told(text))
      #expect(Set(documented.keys).subtracting(Self.later).subtracting(told.keys) == [], "the page lists what no server tells")
      #expect(Set(told.keys).subtracting(documented.keys) == [], "a server tells what the page does not list")
      for (name, labels) in told { #expect(documented[name] == labels, "\(name)") }
      for series in [
        "regulars_refusals_total{code=\"unauthenticated\"} 0",
        "regulars_requests_total{endpoint=\"POST /till/v1/receipts\",status=\"500\"} 0",
        "regulars_requests_total{endpoint=\"GET /console\",status=\"500\"} 0", "regulars_holds_total{act=\"ended\"} 0",
        "regulars_chore_failures{of=\"points\"} 0.0", "regulars_held_wallets 0.0", "regulars_unsold_returns 0.0",
        "regulars_answers_dropped_total 0.0", "regulars_request_seconds_count{endpoint=\"POST /till/v1/calculations\"} 0",
      ] { #expect(text.contains(series + "\n"), "\(series)") }
    }
  }

  @Test func `knows every counter that the source counts`() throws {
    let documented = try Self.documented()
    var counted: [String: Set<String>] = [:]
    for folder in ["Sources/Web", "Sources/regulars"] {
      for file in try Repository.files(below: folder, ending: ".swift") {
        for found in try Repository.text(file).matches(of: /meters\.count\(\s*"(?<name>[a-z_]+)", "(?<label>[a-z]+)"/) {
          counted[String(found.output.name), default: []].insert(String(found.output.label))
        }
      }
    }
    #expect(counted.count >= 9)
    for (name, labels) in counted { #expect(documented[name] == labels, "\(name)") }
  }
}

@Suite struct `the server's log` {
  @Test func `names a refused request by its id and its code, and never what was shown`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let program = Program(folder: place.folder.path)
      _ = try program.run("migrate", "--database", place.url)
      let running = try program.start(
        ["serve", "--port", "0", "--database", place.url], environment: ["REGULARS_LOG_FORMAT": "text"])
      let server = try ServedShop.Server(running)
      let secret = "rgt_" + String(repeating: "0", count: 52)
      let line = try await TillLine.open(("127.0.0.1", server.port), token: secret)
      var refused: [(id: String, code: String)] = []
      for (path, code) in [("/till/v1/board", "unauthenticated"), ("/till/v1/+79161234567", "path_unknown")] {
        guard case .string(let id)? = try await line.get(path).json["requestId"] else { return #expect(Bool(false), "\(path)") }
        refused.append((id, code))
      }
      await line.close()
      #expect(server.stop() == 0)
      let log = try running.errorsSoFar
      for (id, code) in refused {
        let lines = log.split(separator: "\n").filter { $0.contains(id) }
        #expect(lines.count == 1 && lines[0].contains(code), "\(log)")
      }
      #expect(!log.contains(secret) && !log.contains("9161234567"))
    }
  }
}
