import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Sheets of prices as they are stored: every row once, whatever number of versions and rule books hold it.
@Suite struct RulePartTests {
  /// A sheet of 1,000 products in two zones; `changed` rows from the front have another price.
  private static func sheet(changed: Int = 0, price: String = "11.00", days: Bool = false) -> JSON {
    let rows = (0..<1_000).map { row in
      JSON.Member("product-\(1_000 + row)", .string("\(row < changed ? price : "10.\(10 + row % 90)") 9.50"))
    }
    let page: JSON = .object(["zones": ["north", "*"], "products": .object(rows)])
    return .object([
      "code": "sheet", "name": .object(["ru": "Прайс", "en": "Sheet"]),
      "benefit": .object(["prices": .array(days ? [page, page] : [page])]),
    ])
  }

  private static func save(_ body: JSON, _ ground: Ground, _ programme: Programme, at offset: Int64) async throws {
    _ = try await ground.write { tx in
      try Promotions(of: programme).save([PromotionDetails(code: "sheet", body: body)], by: ground.change(offset), in: &tx)
    }
  }

  private static func publish(_ ground: Ground, _ programme: Programme, at offset: Int64) async throws -> StoredRuleBook {
    try await ground.write { tx in
      try RuleBooks(of: programme).publish(InternedNames(), by: ground.change(offset), in: &tx)
    }
  }

  private static func bytes(_ ground: Ground, _ programme: Programme) async throws -> Int64 {
    try await ground.read { tx in try RuleStorage.bytes(of: programme, in: &tx) }
  }

  private static func on(
    _ kind: TestDatabase, _ body: @Sendable (Ground, Programme) async throws -> Void
  ) async throws {
    try await Ground.on(kind, StorageSchema.tables) { ground in
      let programme = try await ground.write { tx in
        try ProgrammesTests.programmes(ground.account).save("club", ProgrammesTests.plain, by: ground.change(-3_600), in: &tx)
      }
      try await body(ground, programme)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a change costs what changed, and every version and rule book is read as it was`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { ground, programme in
      let (promotions, books) = (Promotions(of: programme), RuleBooks(of: programme))
      try await Self.save(Self.sheet(), ground, programme, at: 0)
      try await ground.write { tx in try promotions.set("sheet", .running, by: ground.change(), in: &tx) }
      let first = try await Self.publish(ground, programme, at: 1)
      let whole = try await Self.bytes(ground, programme)
      let text = Int64(Self.sheet().compact.utf8.count)
      #expect(whole < 3 * text, "three places hold it, and it is there once: \(whole) of \(text)")
      try await Self.save(Self.sheet(changed: 5), ground, programme, at: 2)
      let second = try await Self.publish(ground, programme, at: 3)
      let grown = try await Self.bytes(ground, programme) - whole
      #expect(grown < text / 4, "five rows of a thousand: \(grown) of \(text)")
      #expect(second.version == 2 && second.body != first.body)
      #expect(try await ground.read { tx in try books.book(1, in: &tx) } == first)
      #expect(try await ground.read { tx in try books.latest(in: &tx) } == second)
      let id = try await ground.read { tx in try promotions.promotions(codes: ["sheet"], in: &tx)["sheet"] }
      let known = try #require(id)
      #expect(known.version == 2 && known.body == Self.sheet(changed: 5))
      for (version, body) in [(Int64(1), Self.sheet()), (2, Self.sheet(changed: 5))] {
        #expect(try await ground.read { tx in try promotions.body(of: known.id, version: version, in: &tx) } == body)
      }
      let versions = try await ground.read { tx in try promotions.versions(of: known.id, limit: 10, in: &tx) }
      #expect(versions.map(\.body) == [Self.sheet(changed: 5), Self.sheet()])
      #expect(try second.rules(InternedNames()).promotions.count == 1)
      // Back to what was there: nothing but names of rows is new. The same again is no version.
      let before = try await Self.bytes(ground, programme)
      for _ in 1...2 { try await Self.save(Self.sheet(), ground, programme, at: 4) }
      #expect(try await Self.bytes(ground, programme) - before < text / 20)
      #expect(try await ground.read { tx in try promotions.promotion(known.id, in: &tx).version } == 3)
    }
  }

  @Test(arguments: TestDatabase.available) func `the audit trail tells of the rows that changed, and of no others`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { ground, programme in
      try await Self.save(Self.sheet(), ground, programme, at: 0)
      try await Self.save(Self.sheet(changed: 2), ground, programme, at: 1)
      try await Self.save(Self.sheet(changed: 2, days: true), ground, programme, at: 2)
      let entries = try await ground.audit(ground.account).filter { $0.act.hasPrefix("promotion.") }
      let texts = entries.map { "\($0.before?.compact ?? "") \($0.after?.compact ?? "")" }
      #expect(texts.count == 3 && texts.allSatisfy { $0.utf8.count < 1_000 }, "\(texts.map(\.utf8.count))")
      #expect(texts.contains { $0.contains("product-1001") && !$0.contains("product-1002") })
      let found = try await ground.read { tx in
        try Promotions(of: programme).find([.draft], matching: "Прайс", limit: 5, in: &tx).found
      }
      #expect(found.map(\.body) == [Self.sheet(changed: 2, days: true)])
    }
  }

  @Test(arguments: TestDatabase.available) func `what was stored before is read as it is, and a stranger's marks are refused`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { ground, programme in
      try await Self.save(Self.sheet(), ground, programme, at: 0)
      // As an older program wrote it.
      let whole = Self.sheet(changed: 7).compact
      try await ground.write { tx in _ = try tx.run("update promotion set body = \(whole)") }
      let known = try await ground.read { tx in try Promotions(of: programme).promotions(codes: ["sheet"], in: &tx)["sheet"] }
      #expect(known?.body == Self.sheet(changed: 7))
      let marked: JSON = .object(["code": "x", "on": .object(["$parts": [[1, 200]]])])
      let refusal = try await ground.refusal { tx in
        _ = try Promotions(of: programme).save([PromotionDetails(code: "x", body: marked)], by: ground.change(), in: &tx)
      }
      #expect(refusal?.issues.map(\.code) == ["unknown_member"])
    }
  }
}
