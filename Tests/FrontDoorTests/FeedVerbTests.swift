import Foundation
import Kernel
import Storage
import TestKit
import Testing
import regulars

@Suite struct `the feed by command` {
  private static let club = ["--account", "pantry", "--programme", "club"]

  @Test(arguments: TestDatabase.available) func `writes everything once, then nothing until something happens, and makes views`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      try SmallYear.write(baskets: 300, seed: 41, into: place.folder.path)
      let program = Program(folder: place.folder.path)
      func run(_ words: [String], code: Int32 = 0) throws -> String {
        let outcome = try program.run(words + ["--database", place.url])
        #expect(outcome.code == code, "\(words): \(outcome.answer.suffix(400))\(outcome.errors)")
        return outcome.answer
      }
      _ = try run(SmallYear.arguments(place.url).filter { $0 != "--database" && $0 != place.url })
      let folder = ["--folder", "feed"]
      #expect(try run(["feed", "status"] + Self.club + folder).contains("no delivery yet"))
      #expect(try run(["feed", "deliver"] + Self.club + folder).hasPrefix("delivery 1, everything: "))
      #expect(try run(["feed", "deliver"] + Self.club + folder).contains("nothing happened"))
      #expect(try run(["feed", "deliver", "--whole"] + Self.club + folder).hasPrefix("delivery 2, everything: "))
      #expect(try run(["feed", "status"] + Self.club + folder).contains("events since"))
      _ = try run(["feed", "deliver", "--keep", "0"] + Self.club + folder, code: 64)
      _ = try run(["feed", "deliver", "--account", "pantry", "--programme", "moon"] + folder, code: 65)
      let delivery = place.folder.appending(path: "feed/000001-whole")
      let manifest = try JSON.parse([UInt8](try Data(contentsOf: delivery.appending(path: "manifest.json"))))
      #expect(manifest["kind"] == .string("whole") && manifest["programme"] == .string("club"))
      guard case .array(let tables)? = manifest["tables"] else { throw CocoaError(.fileReadCorruptFile) }
      // The manifest says of each file what is in it.
      for table in tables {
        guard case .string(let file)? = table["file"], case .int(let rows)? = table["rows"], case .int(let bytes)? = table["bytes"]
        else { throw CocoaError(.fileReadCorruptFile) }
        let data = try Data(contentsOf: delivery.appending(path: file))
        #expect(data.count == Int(bytes) && data.count { $0 == 10 } == Int(rows) + 1, "\(file)")
      }
      let members = try String(contentsOf: delivery.appending(path: "members.csv"), encoding: .utf8).split(separator: "\n")
      #expect(members.count == 61 && members[1].contains(",person,active,"))
      let schema = try program.run(["feed", "schema"])
      #expect(schema.answer == (try String(contentsOf: place.folder.appending(path: "feed/schema.json"), encoding: .utf8)))
      let views = try run(["feed", "views"])
      #expect(views.contains("feed_lines") && views.contains("feed_points"))
      #expect(try run(["feed", "views"]) == views, "made again they are the same")
      #expect(try run(["feed", "views", "--drop"]).contains("are gone"))
      #expect(try run(["feed", "views", "--drop"]).contains("there were no views"))
    }
  }

  @Test func `the page about its format names every column's table, and no other`() throws {
    let page = try String(contentsOf: Repository.root.appending(path: "docs/formats/feed.md"), encoding: .utf8)
    // In a folder of its own: what the program says is written where it runs.
    var answer = ""
    try inTemporaryFolder { folder in answer = try Program(folder: folder).run(["feed", "schema"]).answer }
    guard case .array(let tables)? = try JSON.parse(answer)["tables"] else { throw CocoaError(.fileReadCorruptFile) }
    #expect(tables.count == 12)
    for table in tables {
      guard case .string(let name)? = table["name"], case .string(let share)? = table["changes"] else {
        throw CocoaError(.fileReadCorruptFile)
      }
      #expect(page.contains("| `\(name)` |"), "\(name)")
      #expect(
        page.split(separator: "\n").contains { $0.hasPrefix("| `\(share)` |") && $0.contains("`\(name)`") }, "\(name): \(share)")
    }
  }
}
