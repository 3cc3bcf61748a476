import Foundation
import Kernel
import TestKit
import Testing
import regulars

/// Pilots by command, and in files of rules.
@Suite struct `a pilot by command` {
  private static func rules(_ tea: String) -> String {
    """
    { "promotions": [
      { "code": "tea", "name": { "ru": "Чай", "en": "Tea" }, "benefit": { "percent": "10" }\(tea) },
      { "code": "milk", "name": { "ru": "Молоко", "en": "Milk" }, "benefit": { "percent": "5" } }] }
    """
  }

  private static func pilot(_ percent: Int, from: String = "2026-11-01T06:00:00Z") -> String {
    """
    , "pilot": { "testCards": true, "from": "\(from)", "rules":
      { "code": "tea", "name": { "ru": "Чай", "en": "Tea" }, "benefit": { "percent": "\(percent)" } } }
    """
  }

  @Test func `goes from stand to stand in a file, and a file that says otherwise is refused`() throws {
    try inTemporaryFolder { folder in
      func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: URL(filePath: folder + "/" + name)) }
      func stand(_ name: String) throws -> ([String]) throws -> Program.Outcome {
        let program = Program(folder: folder)
        let database = ["--database", "sqlite:\(folder)/\(name).db"]
        try program.run(["migrate"] + database)
        try program.run(["account", "create", "lavka", "--name", "Лавка", "--currency", "RUB"] + database)
        try write("{ \"name\": \"Клуб\", \"zone\": \"Europe/Moscow\" }", "club.json")
        let saved = try program.run(
          ["programme", "save", "club", "--account", "lavka", "--settings", "club.json"] + database)
        try #require(saved.code == 0, "\(saved.errors)")
        return { command in try program.run(command + ["--account", "lavka", "--programme", "club"] + database) }
      }
      let (one, two) = (try stand("one"), try stand("two"))
      try write(Self.rules(Self.pilot(30)), "pilot.json")
      let first = try one(["rules", "publish", "--rules", "pilot.json"])
      #expect(first.code == 0, "\(first.errors)")
      #expect(try one(["rules", "publish", "--rules", "pilot.json"]).answer.contains("nothing changed"))
      let listed = try one(["rules", "pilot", "list"]).answer
      #expect(
        listed.contains("tea") && listed.contains("version 2") && listed.contains("others 1")
          && listed.contains("test cards, from 2026-11-01"), "\(listed)")
      #expect(try one(["rules", "export", "--to", "out.yaml"]).code == 0)
      #expect(try String(contentsOfFile: folder + "/out.yaml", encoding: .utf8).contains("pilot"))
      #expect(try two(["rules", "publish", "--rules", "out.yaml"]).code == 0)
      #expect(try two(["rules", "diff", "--rules", "out.yaml"]).code == 0, "the other stand has the same")
      for (text, name) in [(Self.pilot(40), "other"), (Self.pilot(30, from: "2026-11-02T06:00:00Z"), "later")] {
        try write(Self.rules(text), name + ".json")
        let refused = try one(["rules", "publish", "--rules", name + ".json"])
        #expect(refused.code != 0 && refused.errors.contains("pilot of tea runs"), "\(name): \(refused.errors)")
      }
      // What the others have, said without the pilot, leaves the pilot alone.
      try write(Self.rules(""), "plain.json")
      #expect(try one(["rules", "publish", "--rules", "plain.json"]).answer.contains("nothing changed"))
      #expect(try one(["rules", "pilot", "stop", "tea"]).answer.contains("version 1 of tea is at every till again"))
      #expect(try one(["rules", "pilot", "stop", "tea"]).errors.contains("no pilot"))
      #expect(try one(["rules", "diff", "--rules", "plain.json"]).code == 0)
      #expect(try two(["rules", "pilot", "roll-out", "tea"]).answer.contains("version 2 of tea is at every till"))
      #expect(try two(["rules", "diff", "--rules", "plain.json"]).code == 1)
      try write("{ \"testCards\": true, \"from\": \"2026-11-01T06:00:00Z\" }", "where.json")
      #expect(try two(["rules", "pilot", "begin", "tea", "--scope", "where.json"]).errors.contains("already"))
    }
  }
}
