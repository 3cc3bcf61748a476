import Foundation
import Kernel
import Storage
import TestKit
import Testing
import regulars

@Suite struct `actions on segments by command` {
  /// The shop of the first day, with its two members in the segment `guests`.
  private struct Shop {
    let place: TestPlace
    let program: Program

    func run(_ words: [String], code: Int32 = 0) throws -> String {
      let outcome = try program.run(words + ["--database", place.url])
      #expect(outcome.code == code, "\(words): \(outcome.answer)\(outcome.errors)")
      return outcome.answer.trimmingCharacters(in: .newlines) + (code == 0 ? "" : outcome.errors)
    }

    func bulk(_ words: String..., code: Int32 = 0) throws -> String {
      try run(["bulk"] + words + ["--account", "lavka", "--programme", "club"], code: code)
    }

    /// - Returns: the file's path.
    func deed(_ json: String) throws -> String {
      let file = place.folder.path + "/deed.json"
      try Data(json.utf8).write(to: URL(filePath: file))
      return file
    }

    func gather() async throws {
      let database = try await place.open()
      try await database.write { tx in
        let account = try #require(try tx.row("select id from account where code = 'lavka'")?.int(0))
        try tx.run(
          SQL(
            prepared: """
              insert into segment (id, account_id, code, name_ru, name_en, kind, made_at)
              values (77, $1, 'guests', 'Гости', 'Guests', 'static', 0)
              """, [account.value]))
        try tx.run(
          SQL(
            prepared: """
              insert into segment_member (owner_id, segment_id, account_id, since)
              select owner_id, 77, account_id, 0 from member where account_id = $1
              """, [account.value]))
      }
      await database.close()
    }
  }

  private static func open(_ kind: TestDatabase, _ body: @Sendable (Shop) async throws -> Void) async throws {
    try await kind.withPlace { place in
      try `a first day`.copyExample(to: place.folder.path)
      let shop = Shop(place: place, program: Program(folder: place.folder.path))
      _ = try shop.run(["migrate"])
      _ = try shop.run(["account", "create", "lavka", "--name", "Lavka", "--currency", "RUB"])
      for word in ["brand", "legal-entity"] { _ = try shop.run([word, "save", "lavka", "--name", "Lavka", "--account", "lavka"]) }
      _ = try shop.run(["programme", "save", "club", "--account", "lavka", "--settings", "programme.json"])
      _ = try shop.run(["import", "stores.csv", "--mapping", "stores.json", "--account", "lavka"])
      _ = try shop.run(["import", "members.csv", "--mapping", "members.json", "--account", "lavka", "--programme", "club"])
      try await shop.gather()
      try await body(shop)
    }
  }

  @Test(arguments: TestDatabase.available) func `are counted, carried out and undone, and again without harm`(
    on kind: TestDatabase
  ) async throws {
    try await Self.open(kind) { shop in
      let file = try shop.deed(#"{ "do": "points", "points": "100", "reason": "Sorry" }"#)
      let counted = try shop.bulk("preview", "guests", "--file", file, "--name", "Sorry")
      let id = String(try #require(counted.firstMatch(of: /bka_\w+/)).output)
      #expect(counted.contains("2 waiting, 0 changed") && counted.contains("200 points in all"), "\(counted)")
      #expect(try shop.bulk("preview", "guests", "--file", file, "--name", "Sorry").contains(id), "the same is asked for once")
      _ = try shop.bulk("run", id, "--confirm", "3", code: Ending.refused.rawValue)
      #expect(try shop.bulk("status", id).contains("2 waiting, 0 changed"), "with another number nothing is done")
      #expect(try shop.bulk("run", id, "--confirm", "2").contains("0 waiting, 2 changed"))
      let result = try shop.bulk("result", id).split(separator: "\n")
      #expect(result.count == 3 && result[0] == "member,result,reason,at")
      _ = try shop.run(["verify"])
      #expect(try shop.bulk("undo", id).contains("0 changed, 0 left out, 2 undone"))
      #expect(try shop.bulk("status").contains(id))
    }
  }

  @Test(arguments: TestDatabase.available) func `are refused where the segment, the deed or the action is none`(
    on kind: TestDatabase
  ) async throws {
    try await Self.open(kind) { shop in
      #expect(try shop.bulk("status").hasPrefix("no actions"))
      let points = try shop.deed(#"{ "do": "points", "points": "100", "reason": "Sorry" }"#)
      let nobody = try shop.bulk("preview", "nobody", "--file", points, "--name", "Sorry", code: Ending.refused.rawValue)
      #expect(nobody.contains("[segment_unknown]"))
      let dance = try shop.deed(#"{ "do": "dance" }"#)
      let wrong = try shop.bulk("preview", "guests", "--file", dance, "--name", "Sorry", code: Ending.refused.rawValue)
      #expect(wrong.contains("/do"))
      _ = try shop.bulk("run", "nonsense", "--confirm", "1", code: Ending.usage.rawValue)
      _ = try shop.bulk("undo", "bka_0000000000000", code: Ending.refused.rawValue)
    }
  }
}
