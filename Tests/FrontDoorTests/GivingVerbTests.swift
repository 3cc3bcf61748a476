import Foundation
import TestKit
import Testing
import regulars

/// Rewards, charities and households by command.
@Suite struct `giving by command` {
  private static let giving = """
    "giving": {
      "actions": [{ "code": "review", "name": { "ru": "Отзыв", "en": "Review" }, "kind": "review", "points": "50", "every": "day",
        "budget": "120" }],
      "referral": { "referrer": "300", "newcomer": "200" },
      "charities": [{ "code": "paws", "name": { "ru": "Лапа", "en": "Paws" }, "payee": "Fund Paws", "target": "1000" }] },
    "households": { "members": 3, "coolingOffDays": 0 },
    "transfers": { "most": "500" },
    "terms"
    """

  /// A shop with members, and how its verbs are run.
  private struct Shop {
    let program: Program
    let url: String

    /// The answer and, where it is refused, why.
    func run(_ words: [String], code: Int32 = 0) throws -> String {
      let outcome = try program.run(words + ["--account", "lavka", "--database", url])
      #expect(outcome.code == code, "\(words): \(outcome.answer)\(outcome.errors)")
      return outcome.answer.trimmingCharacters(in: .newlines) + (code == 0 ? "" : outcome.errors)
    }

    func club(_ words: String..., code: Int32 = 0) throws -> String { try run(words + ["--programme", "club"], code: code) }
  }

  private static func open(_ kind: TestDatabase, _ body: @Sendable (Shop) throws -> Void) async throws {
    try await kind.withPlace { place in
      try `a first day`.copyExample(to: place.folder.path)
      let shop = Shop(program: Program(folder: place.folder.path), url: place.url)
      let first = try shop.program.run(["migrate", "--database", place.url])
      #expect(first.code == 0, "\(first.errors)")
      let made = try shop.program.run([
        "account", "create", "lavka", "--name", "Lavka", "--currency", "RUB", "--database", place.url,
      ])
      #expect(made.code == 0, "\(made.errors)")
      _ = try shop.run(["brand", "save", "lavka", "--name", "Lavka"])
      _ = try shop.run(["legal-entity", "save", "lavka", "--name", "Lavka"])
      let path = URL(filePath: place.folder.path + "/programme.json")
      let settings = try String(contentsOf: path, encoding: .utf8)
      try Data(settings.replacing("\"terms\"", with: giving).utf8).write(to: path)
      _ = try shop.run(["programme", "save", "club", "--settings", "programme.json"])
      _ = try shop.run(["import", "stores.csv", "--mapping", "stores.json"])
      _ = try shop.run(["import", "members.csv", "--mapping", "members.json", "--programme", "club"])
      try body(shop)
    }
  }

  /// The members whom the example's file brings.
  private static func member(_ card: String, _ shop: Shop) throws -> String {
    let text = try shop.club("household", "found", card)
    let id = text.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("mem_") }.map(String.init)
    return try #require(id, "\(text)")
  }

  @Test(arguments: TestDatabase.available)
  func `actions are listed, told of once, and shown by the day; a referral is listed`(on kind: TestDatabase) async throws {
    try await Self.open(kind) { shop in
      let anna = try Self.member("1001", shop)
      let listed = try shop.club("rewards", "list")
      #expect(listed.hasPrefix("review  review  day  50 points  running") && listed.contains("of 120"), "\(listed)")
      let told = ["rewards", "tell", "review", "--member", anna, "--subject", "review 1", "--programme", "club"]
      let gift = try shop.run(told)
      #expect(gift.hasPrefix("gft_") && gift.hasSuffix("50 points"))
      #expect(try shop.run(told) == gift, "told again")
      let other = try shop.club("rewards", "tell", "review", "--member", anna, "--subject", "review 2")
      #expect(other.hasPrefix("nothing, enough-for-now"), "\(other)")
      #expect(try shop.club("rewards", "show", "review").hasSuffix("1 gifts  50 points"))
      #expect(try shop.club("rewards", "list").contains("1 members  50 given"))
      #expect(try shop.club("rewards", "referrals") == "nobody was brought yet")
      for words in [
        ["rewards", "tell", "review", "--member", "anna", "--subject", "x"], ["rewards", "show", "dance"],
        ["rewards", "show", "review", "--days", "0"], ["rewards", "referrals", "--before", "x"],
      ] { _ = try shop.run(words + ["--programme", "club"], code: Ending.usage.rawValue) }
      let unknown = ["rewards", "tell", "dance", "--member", anna, "--subject", "x", "--programme", "club"]
      #expect(try shop.run(unknown, code: Ending.refused.rawValue).contains("[action_unknown]"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a trial of a subscription says what stands against it`(on kind: TestDatabase) async throws {
    try await Self.open(kind) { shop in
      func refused(_ member: String, _ plan: String, reason: String) throws -> String {
        let words = ["subscriptions", "trial", member, "--plan", plan, "--reason", reason, "--programme", "club"]
        return try shop.run(words, code: Ending.refused.rawValue)
      }
      for (member, plan, reason, said) in [
        ("1001", "none", "asked", "[subscription_plan_unknown]"), ("777777", "none", "asked", "[member_unknown]"),
        ("1001", "none", "", "/reason"),
      ] {
        let text = try refused(member, plan, reason: reason)
        #expect(text.contains(said), "\(text)")
      }
      #expect(try shop.club("subscriptions", "list") == "no subscriptions")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a household is founded, joined, left and dissolved, and each again without harm`(on kind: TestDatabase) async throws {
    try await Self.open(kind) { shop in
      let made = try shop.club("household", "found", "1001", "--name", "Ивановы")
      let id = try #require(made.split(separator: " ").first.map(String.init))
      #expect(id.hasPrefix("hou_") && made.contains("Ивановы") && made.contains("owner"), "\(made)")
      #expect(try shop.club("household", "found", "1001") == made, "who owns one keeps it")
      let joining = ["household", "join", "1002", "--household", id, "--reason", "at the desk", "--programme", "club"]
      let both = try shop.run(joining)
      #expect(both.split(separator: "\n").count == 3 && both.contains("member"), "\(both)")
      #expect(try shop.run(joining) == both, "joined again")
      #expect(try shop.club("household", "show", "1002") == both && shop.club("household", "show", id) == both)
      #expect(try shop.club("household", "leave", "1002").hasSuffix("is in no household"))
      #expect(try shop.club("household", "leave", "1002").hasSuffix("is in no household"))
      #expect(try shop.club("household", "show", "1002") == "the member is in no household")
      let ended = try shop.club("household", "dissolve", id, "--reason", "they asked")
      #expect(ended.contains("dissolved"), "\(ended)")
      let again = ["household", "join", "1002", "--household", id, "--reason", "x", "--programme", "club"]
      #expect(try shop.run(again, code: Ending.refused.rawValue).contains("household_"))
      _ = try shop.club("household", "dissolve", "nonsense", "--reason", "x", code: Ending.usage.rawValue)
      _ = try shop.club("household", "join", "1002", "--household", "x", "--reason", "x", code: Ending.usage.rawValue)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `charities are listed, and a statement names sums and nobody`(on kind: TestDatabase) async throws {
    try await Self.open(kind) { shop in
      let listed = try shop.club("charity", "list")
      #expect(listed.hasPrefix("paws  collecting  0 donations  0 points  of 1000"), "\(listed)")
      let statement = try shop.club("charity", "statement", "paws", "--from", "2026-11-01", "--to", "2026-11-30")
      #expect(statement.hasPrefix("Fund Paws, 2026-11-01 to 2026-11-30, 0 members") && statement.contains("in all"), "\(statement)")
      _ = try shop.club("charity", "statement", "paws", "--from", "2026-11-30", "--to", "2026-11-01", code: Ending.usage.rawValue)
      #expect(
        try shop.club(
          "charity", "statement", "cats", "--from", "2026-11-01", "--to", "2026-11-30", code: Ending.refused.rawValue
        ).contains("[charity_unknown]"))
      #expect(try shop.run(["verify"]).contains("club"))
    }
  }
}
