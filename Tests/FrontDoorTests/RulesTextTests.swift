import Foundation
import Kernel
import TestKit
import Testing
import regulars

/// Rules that people keep as text: written, read, compared, tested and brought to a programme.
@Suite struct `rules as text` {
  private func write(_ text: String, _ name: String, _ folder: String) throws {
    try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
  }

  @Test func `are the same rules as YAML as they are as JSON`() throws {
    let examples = try FileManager.default.contentsOfDirectory(atPath: Repository.root.path + "/docs/examples")
      .filter { $0.first?.isNumber ?? false }.sorted()
    try #require(examples.count > 30)
    try inTemporaryFolder { folder in
      let program = Program(folder: folder)
      for name in examples {
        let place = Repository.root.path + "/docs/examples/" + name
        #expect(try program.run("rules", "export", "--rules", place + "/rules.json", "--to", name + ".yaml").code == 0, "\(name)")
        let diff = try program.run("rules", "diff", "--rules", name + ".yaml", "--from", place + "/rules.json")
        #expect(diff.code == 0 && diff.answer.contains("no difference"), "\(name): \(diff.answer)\(diff.errors)")
        var command = ["calculate", "--rules", name + ".yaml", "--basket", place + "/basket.json"]
        if FileManager.default.fileExists(atPath: place + "/member.json") { command += ["--member", place + "/member.json"] }
        let expected = try Repository.text("docs/examples/\(name)/calculation.json")
        #expect(
          try program.run(command).answer.trimmingCharacters(in: .newlines) == expected.trimmingCharacters(in: .newlines), "\(name)"
        )
        let first = try String(contentsOfFile: folder + "/" + name + ".yaml", encoding: .utf8)
        try program.run("rules", "export", "--rules", name + ".yaml", "--to", "again.yaml")
        #expect(try String(contentsOfFile: folder + "/again.yaml", encoding: .utf8) == first, "\(name)")
        try FileManager.default.removeItem(atPath: folder + "/again.yaml")
      }
    }
  }

  private static let commented = """
    # Our programme
    format: regulars.rules/1
    promotions:
      # Since the old days
      - code: club  # everybody knows it
        name: {ru: "Клуб # один", en: Club}
        benefit:
          earn: {rate: "5"}
      # Mrs Petrova asked for it
      # in June
      - code: coffee
        name: {ru: Кофе, en: Coffee}
        on:
          # only beans
          categories: [beans]
        benefit: {percent: "10"}
    # the end

    """

  @Test func `keep their comments when they are written anew`() throws {
    try inTemporaryFolder { folder in
      let program = Program(folder: folder)
      try write(Self.commented, "rules.yaml", folder)
      try program.run("rules", "export", "--rules", "rules.yaml", "--to", "rules.yaml")
      let text = try String(contentsOfFile: folder + "/rules.yaml", encoding: .utf8)
      let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      for comment in [
        "# Our programme", "# Since the old days", "# Mrs Petrova asked for it", "# in June", "# only beans", "# the end",
      ] {
        #expect(lines.filter { $0 == comment }.count == 1, "\(comment)\n\(text)")
      }
      #expect(lines.first == "# Our programme" && lines.last == "# the end")
      #expect(lines.contains("- code: club  # everybody knows it") && text.contains("\"Клуб # один\""), "\(text)")
      #expect(lines.firstIndex(of: "# in June").map { lines[$0 + 1] } == "- code: coffee")
      #expect(lines.firstIndex(of: "# only beans").map { lines[$0 + 1].hasPrefix("categories") } == true)
      // Written again it stays letter for letter.
      try program.run("rules", "export", "--rules", "rules.yaml", "--to", "rules.yaml")
      #expect(try String(contentsOfFile: folder + "/rules.yaml", encoding: .utf8) == text)
    }
  }

  @Test(arguments: [
    ("promotions: [", "line 2, column 1"), ("promotions:\n - code: a\n   code: b\n", "twice"), ("", "nothing in it"),
    ("format: regulars.rules/1\npromotions:\n  - code: a\n    name: no\n", "/promotions/0/name"),
    (
      "format: regulars.rules/1\npromotions:\n  - code: a\n    name: {ru: a, en: a}\n    benefit: {percent: 10}\n",
      "/benefit/percent"
    ),
  ])
  func `are refused with the place and the reason`(_ text: String, _ told: String) throws {
    try inTemporaryFolder { folder in
      try write(text, "rules.yaml", folder)
      let outcome = try Program(folder: folder).run("rules", "export", "--rules", "rules.yaml")
      #expect(outcome.code == Ending.refused.rawValue)
      #expect(outcome.errors.contains("rules.yaml") && outcome.errors.contains(told), "\(outcome.errors)")
    }
  }

  private static let tests = """
    format: regulars.rule-tests/1
    tests:
      - name: coffee is cheaper
        basket:
          store: {code: main, zone: "+03:00"}
          time: 2026-11-26T12:00:00+03:00
          lines:
            - {id: "1", product: {code: arabica, categories: [beans]}, quantity: "2", price: "100.00"}
            - {id: "2", product: {code: milk}, price: "50.00"}
        member: {tier: gold}
        expect:
          totals: {amount: "230.00", earned: "11"}
          lines:
            - {id: "1", amount: "180.00"}
          promotions:
            - {code: coffee, money: "20.00"}
      - name: milk is not
        basket:
          store: {code: main, zone: "+03:00"}
          time: 2026-11-26T12:00:00+03:00
          lines:
            - {id: "2", product: {code: milk}, price: "50.00"}
        expect:
          totals: {discount: "0.00"}
          promotions: []

    """

  @Test func `are tested by baskets beside them`() throws {
    try inTemporaryFolder { folder in
      let program = Program(folder: folder)
      try write(Self.commented, "rules.yaml", folder)
      try write(Self.tests, "tests.yaml", folder)
      let test = ["rules", "test", "--rules", "rules.yaml", "--tests", "tests.yaml"]
      let good = try program.run(test)
      #expect(good.code == 0 && good.answer.contains("2 tests, 0 failed"), "\(good.answer)\(good.errors)")
      try write(Self.commented.replacingOccurrences(of: "percent: \"10\"", with: "percent: \"15\""), "rules.yaml", folder)
      let bad = try program.run(test)
      #expect(bad.code == Ending.trouble.rawValue && bad.answer.contains("2 tests, 1 failed"))
      for fault in [
        "failed: coffee is cheaper", "totals/amount: \"220.00\", expected \"230.00\"", "lines/1/amount", "promotions/coffee/money",
      ] {
        #expect(bad.answer.contains(fault), "\(bad.answer)")
      }
      try write(Self.tests.replacingOccurrences(of: "price: \"50.00\"", with: "price: fifty"), "tests.yaml", folder)
      let broken = try program.run(test)
      #expect(broken.code == Ending.refused.rawValue && broken.errors.contains("test \"coffee is cheaper\""), "\(broken.errors)")
      try write("format: regulars.rule-tests/1\ntests: []\n", "tests.yaml", folder)
      #expect(try program.run(test).errors.contains("/tests"))
    }
  }

  @Test func `go from one programme to another`() throws {
    try inTemporaryFolder { folder in
      try `a first day`.copyExample(to: folder)
      let program = Program(folder: folder)
      try program.run("migrate")
      try program.run("account", "create", "lavka", "--name", "Лавка", "--currency", "RUB")
      for code in ["club", "stand"] {
        try program.run("programme", "save", code, "--account", "lavka", "--settings", "programme.json")
      }
      let kept = Self.commented.replacingOccurrences(of: "    on:\n      # only beans\n      categories: [beans]\n", with: "")
      try write(kept, "rules.yaml", folder)
      let place = ["--account", "lavka", "--programme"]
      #expect(
        try program.run(["rules", "publish", "--rules", "rules.yaml"] + place + ["club"]).answer.contains("2 promotions: new 2"))
      try program.run(["rules", "export", "--to", "rules.yaml"] + place + ["club"])
      #expect(try String(contentsOfFile: folder + "/rules.yaml", encoding: .utf8).contains("# Mrs Petrova asked for it"))
      let same = try program.run(["rules", "diff", "--rules", "rules.yaml"] + place + ["club"])
      #expect(same.code == 0 && same.answer.contains("no difference"), "\(same.answer)\(same.errors)")
      let new = try program.run(["rules", "diff", "--rules", "rules.yaml"] + place + ["stand"])
      #expect(new.code == Ending.trouble.rawValue && new.answer.contains("+ coffee"), "\(new.answer)\(new.errors)")
      let brought = try program.run(["rules", "publish", "--rules", "rules.yaml"] + place + ["stand"])
      #expect(brought.answer.contains("2 promotions: new 2"), "\(brought.errors)")
      #expect(try program.run(["rules", "diff", "--rules", "rules.yaml"] + place + ["stand"]).code == 0)
      try write(kept.replacingOccurrences(of: "percent: \"10\"", with: "percent: \"12\""), "rules.yaml", folder)
      let changed = try program.run(["rules", "diff", "--rules", "rules.yaml"] + place + ["stand"])
      #expect(
        changed.answer.contains("~ coffee") && changed.answer.contains("benefit/percent: \"10\" → \"12\""), "\(changed.answer)")
    }
  }

  @Test func `are checked for what goes wrong together`() throws {
    try inTemporaryFolder { folder in
      let program = Program(folder: folder)
      let half = #"{ "code": "half", "name": { "ru": "а", "en": "a" }, "benefit": { "percent": "50" } }"#
      let third =
        #"{ "code": "third", "name": { "ru": "б", "en": "b" }, "when": { "tiers": ["gold"] }, "benefit": { "percent": "30" } }"#
      let old =
        #"{ "code": "old", "name": { "ru": "в", "en": "c" }, "until": "2020-01-01T00:00:00Z", "benefit": { "percent": "1" } }"#
      try write("{ \"format\": \"regulars.rules/1\", \"promotions\": [\(half), \(third), \(old)] }", "rules.json", folder)
      let found = try program.run("rules", "check", "--rules", "rules.json", "--examples", "found")
      #expect(found.code == Ending.trouble.rawValue, "\(found.errors)")
      for text in ["35 %", "half + third", "100.00 → 35.00", "old", "its time is over"] {
        #expect(found.answer.contains(text), "\(found.answer)")
      }
      let again = try program.run(
        "calculate", "--rules", "rules.json", "--basket", "found/1-half+third/basket.json", "--member",
        "found/1-half+third/member.json")
      #expect(again.answer.contains("\"amount\": \"35.00\""), "\(again.answer)\(again.errors)")
      let report = try JSON.parse(try program.run("rules", "check", "--rules", "rules.json", "--json").answer)
      #expect(report["never"] == .array([.object(["promotion": "old", "why": "over"])]))
      let fine = try program.run("rules", "check", "--rules", "rules.json", "--least-share", "30")
      #expect(!fine.answer.contains("leave less"), "\(fine.answer)")
      try write("{ \"format\": \"regulars.rules/1\", \"promotions\": [\(half)] }", "rules.json", folder)
      let clean = try program.run("rules", "check", "--rules", "rules.json")
      #expect(clean.code == 0 && clean.answer.contains("nothing found"), "\(clean.answer)\(clean.errors)")
    }
  }
}
