import Foundation
import Kernel
import TestKit
import Testing

@Suite struct `events and funnels by command` {
  private static let club = ["--account", "pantry", "--programme", "club"]

  @Test(arguments: TestDatabase.available) func `a file is taken in once, counted and kept`(on kind: TestDatabase) async throws {
    try await kind.withPlace { place in
      try SmallYear.write(baskets: 60, seed: 31, into: place.folder.path)
      let program = Program(folder: place.folder.path)
      func run(_ words: [String], code: Int32 = 0) throws -> String {
        let outcome = try program.run(words + ["--database", place.url])
        #expect(outcome.code == code, "\(words): \(outcome.answer.suffix(400))\(outcome.errors)")
        return outcome.answer
      }
      _ = try run(SmallYear.arguments(place.url).filter { $0 != "--database" && $0 != place.url })
      _ = try run(["cube", "rebuild"] + Self.club)
      func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: place.folder.appending(path: name)) }
      let now = Date()
      let stamp = { (days: Double) in ISO8601DateFormatter().string(from: now.addingTimeInterval(-days * 86_400)) }
      let day = { (days: Double) in String(stamp(days).prefix(10)) }
      try write(
        """
        time,what,who,sku
        \(stamp(3)),productView,v1,1
        \(stamp(2.9)),cartAdd,v1,1
        \(stamp(2)),productView,v2,2
        \(stamp(1)),dance,v2,2
        """, "events.csv")
      try write(
        """
        { "import": "events", "zone": "UTC", "fields": { "at": "time", "event": "what", "visitor": "who", "product": "sku" } }
        """, "events.json")
      let take = ["import", "events.csv", "--mapping", "events.json"] + Self.club
      #expect(try run(take + ["--dry-run"], code: 1).contains("line 5, column what"))
      #expect(try run(take, code: 1).contains("events new 3, changed 0, unchanged 0"))
      #expect(try run(take + ["--again"], code: 1).contains("unchanged 3"))
      try write(#"{ "steps": [{ "event": "productView" }, { "event": "cartAdd" }], "withinMinutes": 1440 }"#, "funnel.json")
      let days = ["--from", day(6), "--to", day(0)]
      let csv = try run(["funnel", "count", "--file", "funnel.json", "--format", "csv"] + days + Self.club)
      let lines = csv.split(separator: "\n").map(String.init)
      #expect(
        lines.count == 3 && lines[1].hasPrefix("Product view,2,") && lines[2].hasPrefix("Added to cart,1,50.0000,50.0000,"),
        "\(csv)")
      #expect(try run(["funnel", "save", "--file", "funnel.json", "--name", "Bread"] + Self.club).contains("kept as fnl_"))
      #expect(try run(["funnel", "list"] + Self.club).contains("Bread"))
      #expect(try run(["funnel", "count", "--name", "bread"] + days + Self.club).contains("Added to cart"))
      #expect(try run(["funnel", "lost", "--name", "Bread", "--after", "1"] + days + Self.club).isEmpty)
      _ = try run(["funnel", "count", "--name", "gone"] + Self.club, code: 65)
      try write(#"{ "steps": [{ "event": "productView" }] }"#, "funnel.json")
      _ = try run(["funnel", "count", "--file", "funnel.json"] + Self.club, code: 65)
    }
  }
}
