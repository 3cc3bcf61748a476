import Foundation
import Kernel
import TestKit
import Testing
import regulars

@Suite struct `a first day` {
  /// The repository that this file stands in.
  private static var repository: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  }

  private static func file(_ name: String) throws -> String {
    try String(contentsOf: repository.appending(path: name), encoding: .utf8)
  }

  /// What stands between fences with this word behind them.
  private static func blocks(_ page: String, _ word: String) -> [String] {
    page.components(separatedBy: "```\(word)\n").dropFirst().compactMap { $0.components(separatedBy: "\n```").first }
  }

  /// The words of a command, quotes resolved.
  private static func words(_ command: Substring) -> [String] {
    var (words, word, isQuoted) = ([String](), "", false)
    for letter in command {
      if letter == "\"" {
        isQuoted.toggle()
      } else if letter == " ", !isQuoted {
        words.append(word)
        word = ""
      } else {
        word.append(letter)
      }
    }
    return words + [word]
  }

  /// A folder like the one that the page's commands are given in.
  static func copyExample(to folder: String) throws {
    let example = repository.appending(path: "examples/first-shop")
    for name in try FileManager.default.contentsOfDirectory(atPath: example.path) {
      try FileManager.default.copyItem(atPath: example.appending(path: name).path, toPath: folder + "/" + name)
    }
  }

  @Test(arguments: TestDatabase.available) func `goes as the page for administrators tells it, and again without harm`(
    on kind: TestDatabase
  ) async throws {
    let page = try Self.file("docs/administrator/first-data.md")
    let commands = Self.blocks(page, "sh").flatMap { $0.split(separator: "\n") }.map { Self.words($0) }
    #expect(commands.count == 11 && commands.allSatisfy { $0.first == "regulars" })
    let shown = page.components(separatedBy: "\n```\n").filter { $0.hasPrefix("imported") || $0.hasPrefix("club:") }
    #expect(shown.count == 2)
    #expect(Self.blocks(page, "json").first.map { $0 + "\n" } == (try Self.file("examples/first-shop/programme.json")))
    try await kind.withPlace { place in
      try Self.copyExample(to: place.folder.path)
      let program = Program(folder: place.folder.path)
      var answers: [String] = []
      for command in commands {
        let outcome = try program.run(command.dropFirst() + ["--database", place.url])
        let isReceipts = command.contains("receipts.csv")
        #expect(outcome.code == (isReceipts ? Ending.trouble.rawValue : 0), "\(command): \(outcome.answer)\(outcome.errors)")
        answers.append(outcome.answer.trimmingCharacters(in: .newlines))
      }
      for text in shown { #expect(answers.contains(text), "\(answers)") }
      for command in commands {
        let outcome = try program.run(command.dropFirst() + ["--database", place.url])
        let isReceipts = command.contains("receipts.csv")
        #expect(outcome.code == (isReceipts ? Ending.trouble.rawValue : 0), "\(command): \(outcome.answer)\(outcome.errors)")
        #expect(
          ["nothing", "no differences", "already at"].contains { outcome.answer.contains($0) }, "\(command): \(outcome.answer)")
      }
    }
  }

  @Test func `refuses a second account under the same code, and a currency that is none`() throws {
    try inTemporaryFolder { folder in
      let program = Program(folder: folder)
      try program.run("migrate")
      #expect(try program.run("account", "list").answer.contains("no accounts"))
      #expect(try program.run("account", "create", "lavka", "--name", "Лавка", "--currency", "RUB").code == 0)
      let other = try program.run("account", "create", "lavka", "--name", "Лавка", "--currency", "KZT")
      #expect(other.code == Ending.refused.rawValue)
      #expect(other.errors.contains("its currency is RUB") && other.errors.contains("[account_exists]"))
      let none = try program.run("account", "create", "b", "--name", "B", "--currency", "roubles")
      #expect(none.code == Ending.refused.rawValue && none.errors.contains("[unknown_currency]"))
      let code = try program.run("account", "create", " b", "--name", "B", "--currency", "RUB")
      #expect(code.code == Ending.refused.rawValue && code.errors.contains("[not_a_code]"))
      #expect(try program.run("account", "change", "lavka", "--name", "Лавка 2").answer.contains("changed"))
      let list = try JSON.parse(try program.run("account", "list", "--json").answer)
      #expect(
        list
          == .array([
            .object(["code": "lavka", "name": "Лавка 2", "currency": "RUB", "country": "7", "suspended": .bool(false)])
          ]))
    }
  }

  @Test func `refuses settings and rules with every issue at its place in the file, and changes nothing`() throws {
    try inTemporaryFolder { folder in
      try Self.copyExample(to: folder)
      let program = Program(folder: folder)
      try program.run("migrate")
      try program.run("account", "create", "lavka", "--name", "Лавка", "--currency", "RUB")
      let settings = ["programme", "save", "club", "--account", "lavka", "--settings"]
      try Data(#"{ "zone": "Mars/Olympus", "terms": { "spendWorth": "1.00" } }"#.utf8).write(
        to: URL(filePath: folder + "/bad.json"))
      let bad = try program.run(settings + ["bad.json"])
      #expect(bad.code == Ending.refused.rawValue && bad.errors.contains("bad.json"))
      for place in ["/name", "/zone", "/terms/spendWorth"] { #expect(bad.errors.contains("  \(place): "), "\(bad.errors)") }
      #expect(try program.run("programme", "list", "--account", "lavka").answer.contains("no programmes"))
      #expect(try program.run(settings + ["programme.json"]).answer.contains("made, version 1"))
      let other = try Self.file("examples/first-shop/programme.json").replacingOccurrences(of: "RUB", with: "USD")
      try Data(other.utf8).write(to: URL(filePath: folder + "/usd.json"))
      #expect(try program.run(settings + ["usd.json"]).errors.contains("[currency_fixed]"))

      let publish = ["rules", "publish", "--account", "lavka", "--programme", "club", "--rules"]
      let unknown = try program.run(publish + ["rules.json"])
      #expect(unknown.code == Ending.refused.rawValue)
      #expect(unknown.errors.contains("/promotions/1/on/categories/0: there is no category"), "\(unknown.errors)")
      #expect(try program.run("programme", "list", "--account", "lavka").answer.contains("no rules yet"))
      try Data(#"{ "promotions": [{ "name": "?" }] }"#.utf8).write(to: URL(filePath: folder + "/codeless.json"))
      #expect(try program.run(publish + ["codeless.json"]).errors.contains("/promotions/0/code"))
      try Data(#"{ "programme": { "currency": "USD" }, "promotions": [] }"#.utf8).write(to: URL(filePath: folder + "/terms.json"))
      let terms = try program.run(publish + ["terms.json"])
      #expect(terms.errors.contains("[settings_elsewhere]"), "\(terms.errors)")
      try Data("{ \"promotions\": [".utf8).write(to: URL(filePath: folder + "/cut.json"))
      #expect(try program.run(publish + ["cut.json"]).errors.contains("cut.json: line 1, column"))
    }
  }

  @Test func `leaves promotions running that a rules file does not name, unless it is told to pause them`() throws {
    try inTemporaryFolder { folder in
      try Self.copyExample(to: folder)
      let program = Program(folder: folder)
      try program.run("migrate")
      try program.run("account", "create", "lavka", "--name", "Лавка", "--currency", "RUB")
      try program.run("programme", "save", "club", "--account", "lavka", "--settings", "programme.json")
      func rules(_ codes: String...) throws {
        let rows = codes.map {
          #"{ "code": "\#($0)", "name": { "ru": "Акция", "en": "Offer" }, "benefit": { "earn": { "rate": "5" } } }"#
        }
        try Data("{ \"promotions\": [\(rows.joined(separator: ","))] }".utf8).write(to: URL(filePath: folder + "/some.json"))
      }
      let publish = ["rules", "publish", "--account", "lavka", "--programme", "club", "--rules", "some.json"]
      try rules("one", "two")
      #expect(try program.run(publish).answer.contains("rule book 1 of club published, 2 promotions: new 2"))
      try rules("two")
      let kept = try program.run(publish)
      #expect(
        kept.answer.contains("in force already, 2 promotions") && kept.answer.contains("still running: one"), "\(kept.answer)")
      let paused = try program.run(publish + ["--pause-others"])
      #expect(paused.answer.contains("rule book 2") && paused.answer.contains("paused: one"), "\(paused.answer)")
      let list = try program.run("programme", "list", "--account", "lavka")
      #expect(list.answer.contains("rule book 2: 1 promotions"), "\(list.answer)")
    }
  }
}
