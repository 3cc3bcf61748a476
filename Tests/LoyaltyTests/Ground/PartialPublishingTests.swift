import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `rules that are published part by part` {
  private static func versions(_ book: StoredRuleBook) throws -> [String: Int] {
    let promotions = try book.rules(InternedNames()).promotions
    return Dictionary(uniqueKeysWithValues: promotions.map { ($0.code, $0.version) })
  }

  @Test(arguments: TestDatabase.available)
  func `one promotion comes, changes and goes, and unfinished work on others stays out`(on kind: TestDatabase) async throws {
    try await PromotionsTests.on(kind) { ground, programme in
      let (promotions, books, change) = (Promotions(of: programme), RuleBooks(of: programme), ground.change())
      let ids = try await ground.write { tx in try promotions.save(PromotionsTests.rows(5), by: change, in: &tx) }.ids
      func set(_ code: String, _ status: StoredPromotion.Status) async throws {
        try await ground.write { tx in try promotions.set(code, status, by: change, in: &tx) }
      }
      func publish(_ part: RuleBooks.Part) async throws -> StoredRuleBook {
        try await ground.write { tx in try books.publish(InternedNames(), part, by: change, in: &tx) }
      }
      for code in ["a", "c"] { try await set(code, .running) }
      #expect(try Self.versions(try await publish(.promotion(ids[0]))) == ["a": 1, "c": 1], "the first book is everything")
      _ = try await ground.write { tx in try promotions.save(PromotionsTests.rows(7), by: change, in: &tx) }
      try await set("b", .running)
      let second = try await publish(.promotion(ids[1]))
      #expect(try Self.versions(second) == ["a": 1, "b": 2, "c": 1])
      #expect(try await publish(.promotion(ids[1])) == second, "sent twice, it is published once")
      #expect(try Self.versions(try await publish(.promotion(ids[0]))) == ["a": 2, "b": 2, "c": 1])
      try await set("b", .paused)
      #expect(try Self.versions(try await publish(.promotion(ids[1]))) == ["a": 2, "c": 1])
      let settings = ProgrammesTests.settings("Club", attachDays: 9)
      let next = try await ground.write { tx in
        try ProgrammesTests.programmes(ground.account).save("club", settings, by: change, in: &tx)
      }
      let fourth = try await ground.write { tx in
        try RuleBooks(of: next).publish(InternedNames(), .settings, by: change, in: &tx)
      }
      #expect(try Self.versions(fourth) == ["a": 2, "c": 1] && fourth.programmeVersion == next.version)
      #expect(
        try Self.versions(
          try await ground.write { tx in
            try RuleBooks(of: next).publish(InternedNames(), by: change, in: &tx)
          }) == ["a": 2, "c": 2])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `who saves over what they have not seen is told`(on kind: TestDatabase) async throws {
    try await PromotionsTests.on(kind) { ground, programme in
      let (promotions, change) = (Promotions(of: programme), ground.change())
      func revise(_ percent: Int64, from version: Int64?) async throws -> PromotionID {
        let row = PromotionDetails(code: "a", body: PromotionsTests.body("a", percent))
        return try await ground.write { tx in try promotions.revise(row, from: version, by: change, in: &tx) }
      }
      func refusal(_ percent: Int64, from version: Int64?) async throws -> String? {
        let row = PromotionDetails(code: "a", body: PromotionsTests.body("a", percent))
        let problem = try await ground.refusal { tx in _ = try promotions.revise(row, from: version, by: change, in: &tx) }
        return problem?.code
      }
      #expect(try await refusal(5, from: 1) == "promotion_unknown")
      let id = try await revise(5, from: nil)
      #expect(try await revise(5, from: nil) == id)
      #expect(try await refusal(6, from: nil) == "code_taken")
      for _ in 0..<2 { #expect(try await revise(6, from: 1) == id) }
      #expect(try await refusal(7, from: 1) == "promotion_moved")
      #expect(try await revise(7, from: 2) == id)
      let versions = try await ground.read { tx in try promotions.versions(of: id, limit: 2, in: &tx) }
      #expect(versions.map(\.version) == [3, 2] && versions.map(\.body) == [7, 6].map { PromotionsTests.body("a", $0) })
      #expect(versions[0].actor == "\(change.actor)" && versions[0].madeAt == change.at)
      let rest = try await ground.read { tx in try promotions.versions(of: id, before: 2, limit: 9, in: &tx) }
      #expect(rest.map(\.version) == [1])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `settings saved over others' are told of, too`(on kind: TestDatabase) async throws {
    try await PromotionsTests.on(kind) { ground, programme in
      let (programmes, change) = (ProgrammesTests.programmes(ground.account), ground.change())
      @Sendable func settings(_ days: Int64) -> JSON { ProgrammesTests.settings("Club", attachDays: days) }
      for _ in 0..<2 {
        let next = try await ground.write { tx in
          try programmes.revise(programme.id, settings(7), from: programme.version, by: change, in: &tx)
        }
        #expect(next.version == programme.version + 1 && next.settings.attachDays == 7)
      }
      let late = try await ground.refusal { tx in
        _ = try programmes.revise(programme.id, settings(8), from: programme.version, by: change, in: &tx)
      }
      #expect(late?.code == "programme_changed")
      let versions = try await ground.read { tx in try programmes.versions(of: programme.id, limit: 9, in: &tx) }
      #expect(versions.first?.settings["attachDays"] == 7 && versions.map(\.version).first == programme.version + 1)
    }
  }
}
