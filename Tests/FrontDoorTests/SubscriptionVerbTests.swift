import Foundation
import TestKit
import Testing
import regulars

@Suite struct `subscriptions and rebuilding by command` {
  @Test(arguments: TestDatabase.available) func `list, report and check, and say what is wrong with what was asked`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      try `a first day`.copyExample(to: place.folder.path)
      let program = Program(folder: place.folder.path)
      func run(_ words: String..., code: Int32 = 0) throws -> String {
        let outcome = try program.run(words + ["--database", place.url])
        #expect(outcome.code == code, "\(words): \(outcome.answer)\(outcome.errors)")
        return outcome.answer.trimmingCharacters(in: .newlines)
      }
      _ = try run("migrate")
      _ = try run("account", "create", "lavka", "--name", "Lavka", "--currency", "RUB")
      _ = try run("brand", "save", "lavka", "--account", "lavka", "--name", "Lavka")
      _ = try run("legal-entity", "save", "lavka", "--account", "lavka", "--name", "Lavka")
      _ = try run("programme", "save", "club", "--account", "lavka", "--settings", "programme.json")
      #expect(try run("subscriptions", "list", "--account", "lavka", "--programme", "club") == "no subscriptions")
      #expect(
        try run("subscriptions", "report", "--account", "lavka", "--programme", "club").hasPrefix("no subscriptions; they stand"))
      _ = try run(
        "subscriptions", "report", "--account", "lavka", "--programme", "club", "--months", "99", code: Ending.usage.rawValue)
      for part in ["funding", "partners"] {
        #expect(try run("rebuild", part, "--check").contains("no differences"))
        #expect(try run("rebuild", part, "--account", "lavka").contains("no differences"))
      }
      _ = try run("rebuild", "everything", code: Ending.usage.rawValue)
      _ = try run("rebuild", "funding", "--account", "nobody", code: Ending.refused.rawValue)
    }
  }
}
