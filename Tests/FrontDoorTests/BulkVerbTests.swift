import Foundation
import TestKit
import Testing
import regulars

@Suite struct `actions on segments by command` {
  @Test(arguments: TestDatabase.available) func `are counted, carried out and undone, and again without harm`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      try `a first day`.copyExample(to: place.folder.path)
      let program = Program(folder: place.folder.path)
      func run(_ words: String..., code: Int32 = 0) throws -> String {
        let outcome = try program.run(words + ["--database", place.url])
        #expect(outcome.code == code, "\(words): \(outcome.answer)\(outcome.errors)")
        return outcome.answer.trimmingCharacters(in: .newlines) + (code == 0 ? "" : outcome.errors)
      }
      func bulk(_ words: String..., code: Int32 = 0) throws -> String {
        let outcome = try program.run(["bulk"] + words + ["--account", "lavka", "--programme", "club", "--database", place.url])
        #expect(outcome.code == code, "\(words): \(outcome.answer)\(outcome.errors)")
        return outcome.answer.trimmingCharacters(in: .newlines) + (code == 0 ? "" : outcome.errors)
      }
      _ = try run("migrate")
      _ = try run("account", "create", "lavka", "--name", "Lavka", "--currency", "RUB")
      _ = try run("programme", "save", "club", "--account", "lavka", "--settings", "programme.json")
      #expect(try bulk("status").hasPrefix("no actions"))
      let file = place.folder.path + "/deed.json"
      try Data(#"{ "do": "points", "points": "100", "reason": "Sorry" }"#.utf8).write(to: URL(filePath: file))
      let nobody = try bulk("preview", "nobody", "--file", file, "--name", "Sorry", code: Ending.refused.rawValue)
      #expect(nobody.contains("[segment_unknown]"))
      try Data(#"{ "do": "dance" }"#.utf8).write(to: URL(filePath: file))
      let wrong = try bulk("preview", "nobody", "--file", file, "--name", "Sorry", code: Ending.refused.rawValue)
      #expect(wrong.contains("/do"))
      _ = try bulk("run", "nonsense", "--confirm", "1", code: Ending.usage.rawValue)
      _ = try bulk("undo", "bka_0000000000000", code: Ending.refused.rawValue)
    }
  }
}
