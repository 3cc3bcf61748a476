import Foundation
import TestKit
import Testing
import regulars

@Suite struct `the guard by command` {
  private static let limits = """
    "guard": { "limits": [
      { "code": "often", "subject": "member", "measure": "receipts", "hours": 1, "soft": 3 },
      { "code": "much", "subject": "cashier", "measure": "discount", "days": 7, "soft": "100.00", "hard": "500.00" }] },
    "terms"
    """

  @Test(arguments: TestDatabase.available) func `lists limits, blocks with a reason and ends it, and again without harm`(
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
      let club = ["--account", "lavka", "--programme", "club"]
      func guarding(_ words: String..., code: Int32 = 0) throws -> String {
        let outcome = try program.run(["guard"] + words + club + ["--database", place.url])
        #expect(outcome.code == code, "\(words): \(outcome.answer)\(outcome.errors)")
        return outcome.answer.trimmingCharacters(in: .newlines) + (code == 0 ? "" : outcome.errors)
      }
      _ = try run("migrate")
      _ = try run("account", "create", "lavka", "--name", "Lavka", "--currency", "RUB")
      _ = try run("brand", "save", "lavka", "--account", "lavka", "--name", "Lavka")
      _ = try run("legal-entity", "save", "lavka", "--account", "lavka", "--name", "Lavka")
      _ = try run("programme", "save", "club", "--account", "lavka", "--settings", "programme.json")
      _ = try run("import", "stores.csv", "--mapping", "stores.json", "--account", "lavka")
      #expect(try guarding("limits").hasPrefix("no limits"))
      let path = URL(filePath: place.folder.path + "/programme.json")
      let settings = try String(contentsOf: path, encoding: .utf8)
      try Data(settings.replacing("\"terms\"", with: Self.limits).utf8).write(to: path)
      _ = try run("programme", "save", "club", "--account", "lavka", "--settings", "programme.json")
      let limits = try guarding("limits").split(separator: "\n")
      #expect(limits.count == 2 && limits[0].hasPrefix("often  member   receipts  1 h     alerts at 3"), "\(limits)")
      #expect(limits[1].contains("7 days") && limits[1].contains("stops at 500.00"))
      #expect(try guarding("alerts") == "no alerts" && guarding("blocks") == "nobody is blocked")

      let words = ["block", "cashier", "K-4", "--store", "S1", "--reason", "a card of her own", "--through", "2099-11-30"]
      let made = try program.run(["guard"] + words + club + ["--database", place.url]).answer
      let id = String(made.prefix { $0 != ":" })
      #expect(id.hasPrefix("gbl_") && made.contains("through 2099-11-30"))
      #expect(try program.run(["guard"] + words + club + ["--database", place.url]).answer == made)
      let blocks = try guarding("blocks")
      #expect(blocks.contains("cashier K-4 in S1") && blocks.contains("a card of her own") && !blocks.contains("\n"))
      _ = try guarding("block", "cashier", "K-4", "--reason", "x", code: Ending.usage.rawValue)
      #expect(
        try guarding("block", "cashier", "K-4", "--store", "S9", "--reason", "x", code: Ending.refused.rawValue)
          .contains("[store_unknown]"))
      for _ in 0..<2 { #expect(try guarding("unblock", id, "--reason", "cleared up") == "\(id): over") }
      #expect(try guarding("blocks") == "nobody is blocked")
      let unknown = "gal_" + id.dropFirst(4)
      #expect(
        try guarding("decide", unknown, "--state", "seen", code: Ending.refused.rawValue).contains("[alert_unknown]"))
    }
  }
}
