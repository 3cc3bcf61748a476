import Foundation
import Kernel
import Storage
import TestKit
import Testing
import regulars

/// Commands as one would write them down who has one shop and no list of options.
@Suite struct `plain commands` {
  private static let rules = """
    { "format": "regulars.rules/1", "promotions": [
      { "code": "three", "name": { "ru": "Три", "en": "Three" }, "benefit": { "percent": "3" } }] }
    """

  @Test func `rules apply and whatif take the only programme there is`() throws {
    try inTemporaryFolder { folder in
      try `a first day`.copyExample(to: folder)
      try Data(Self.rules.utf8).write(to: URL(filePath: folder + "/draft.json"))
      let program = Program(folder: folder)
      func run(_ line: String, code: Ending? = nil) throws -> String {
        let outcome = try program.run(line.split(separator: " ").map(String.init))
        #expect(outcome.code == code?.rawValue ?? 0, "\(line): \(outcome.answer)\(outcome.errors)")
        return code == nil ? outcome.answer : outcome.errors
      }
      _ = try run("migrate")
      #expect(try run("rules apply --rules draft.json", code: .refused).contains("there is no account yet"))
      _ = try run("account create lavka --name Lavka --currency RUB")
      #expect(try run("rules apply --rules draft.json", code: .refused).contains("account lavka has no programme yet"))
      _ = try run("programme save club --account lavka --settings programme.json")
      #expect(try run("rules apply --rules draft.json").contains("of club published, 1 promotions: new 1"))
      #expect(try run("rules publish --rules draft.json --account lavka --programme club").contains("nothing changed"))
      let short = try run("whatif --rules draft.json --from 2026-10-01 --to 2026-10-31 --json")
      let whole = "whatif --rules draft.json --from 2026-10-01 --through 2026-10-31 --account lavka --programme club --json"
      #expect(try short == run(whole) && short.contains("\"receipts\": 0"), "\(short)")
      // With two it is no longer plain which one is meant, and a rule that reaches the wrong tills costs money.
      _ = try run("programme save stand --account lavka --settings programme.json")
      for line in ["rules apply --rules draft.json", "whatif --rules draft.json --from 2026-10-01 --to 2026-10-31"] {
        let refused = try run(line, code: .refused)
        #expect(refused.contains("[programme_unnamed]") && refused.contains("club") && refused.contains("stand"), "\(refused)")
      }
      #expect(try run("rules apply --rules draft.json --programme stand").contains("of stand published"))
      _ = try run("account create kiosk --name Kiosk --currency RUB")
      #expect(try run("rules apply --rules draft.json --programme stand", code: .refused).contains("[account_unnamed]"))
    }
  }
}

@Suite struct `who is unusual, by command` {
  /// Three cashiers for eight days with a card on two to four of twelve receipts, and one of them today with nine of one member.
  private static func live(_ place: TestPlace) async throws {
    let database = try await place.open()
    try await database.write { tx in
      let of = try #require(try tx.row("select p.id, p.account_id, s.id from programme p, store s where s.code = 'S1'"))
      let today = CivilDay(number: Int32(Date().timeIntervalSince1970 / 86_400))
      func row(_ cashier: String, _ back: Int, named: Int64, peak: Int64) throws {
        try tx.run(
          SQL(
            prepared: """
              insert into guard_day (programme_id, kind, store_id, day, subject, account_id, receipts, named, amount, peak, receipts_seen)
              values ($1, 2, $2, $3, $4, $5, 12, $6, 1200000, $7, 'z:1')
              """,
            [
              of.int(0).value, of.int(2).value, today.adding(days: -back).value, cashier.value, of.int(1).value, named.value,
              peak.value,
            ]))
      }
      for day in 1...8 {
        for (place, cashier) in ["K-1", "K-2", "K-3"].enumerated() {
          try row(cashier, day, named: Int64(2 + (day + place) % 3), peak: 1)
        }
      }
      try row("K-3", 0, named: 9, peak: 9)
    }
    await database.close()
  }

  @Test(arguments: TestDatabase.available) func `comes as a table, as JSON and as files`(on kind: TestDatabase) async throws {
    try await kind.withPlace { place in
      try `a first day`.copyExample(to: place.folder.path)
      let program = Program(folder: place.folder.path)
      func run(_ line: String, code: Int32 = 0) throws -> String {
        let outcome = try program.run(line.split(separator: " ").map(String.init) + ["--database", place.url])
        #expect(outcome.code == code, "\(line): \(outcome.answer)\(outcome.errors)")
        return outcome.answer
      }
      for line in [
        "migrate", "account create lavka --name Lavka --currency RUB", "brand save lavka --account lavka --name Lavka",
        "legal-entity save lavka --account lavka --name Lavka", "programme save club --account lavka --settings programme.json",
        "import stores.csv --mapping stores.json --account lavka",
      ] {
        _ = try run(line)
      }
      let unusual = "guard unusual --account lavka --programme club"
      #expect(try run(unusual).hasPrefix("nobody is unusual in the week through "))
      try await Self.live(place)
      let lines = try run(unusual).split(separator: "\n")
      #expect(lines.first?.hasPrefix("who") == true && lines.count >= 3, "\(lines)")
      #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("cashier  K-3   S1") }, "\(lines)")
      #expect(lines.contains { $0.contains("one-member") && $0.contains(" 9 ") } && lines.contains { $0.contains("75.0") })
      let json = try JSON.parse(run(unusual + " --format json"))
      guard case .array(let found)? = json["unusual"] else { Issue.record("\(json)"); return }
      #expect(found.count == 1 && found[0]["kind"] == .string("cashier") && found[0]["code"] == .string("K-3"))
      #expect(found[0]["store"] == .string("S1") && found[0]["daysCompared"] == .int(25))
      let rows = try run(unusual + " --who cashiers --format csv").split(whereSeparator: \.isNewline)
      #expect(
        rows.count == lines.count && rows[0] == "kind,code,store,day,sign,figure,usual,unit,z,days_compared,receipts", "\(rows)")
      #expect(rows.dropFirst().allSatisfy { $0.hasPrefix("cashier,K-3,S1,") })
      #expect(try run(unusual + " --who members").hasPrefix("nobody is unusual"))
      _ = try run(unusual + " --format xlsx --out unusual.xlsx")
      #expect(try Data(contentsOf: place.folder.appending(path: "unusual.xlsx")).prefix(2) == Data("PK".utf8))
      _ = try run(unusual + " --format xlsx", code: Ending.usage.rawValue)
      _ = try run(unusual + " --through someday", code: Ending.usage.rawValue)
    }
  }
}
