import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct ProgrammesTests {
  static let plain: JSON = .object(["name": "Pantry", "zone": "UTC"])
  static func settings(_ name: String, attachDays: Int64 = 30, currency: String = "RUB") -> JSON {
    .object([
      "name": .string(name), "zone": "UTC", "attachDays": .int(attachDays), "terms": .object(["currency": .string(currency)]),
    ])
  }

  static func programmes(_ account: AccountID) -> Programmes { Programmes(of: account, zones: ProgrammeSettingsTests.zones) }

  @Test(arguments: TestDatabase.available)
  func `the same settings are the same version, other ones the next, and old versions stay`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (programmes, change) = (Self.programmes(ground.account), ground.change())
      let first = try await ground.write { tx in try programmes.save("club", Self.settings("Club"), by: change, in: &tx) }
      #expect(first.version == 1)
      #expect(try await ground.write { tx in try programmes.save("club", Self.settings("Club"), by: change, in: &tx) } == first)
      let next = try await ground.write { tx in
        try programmes.save("club", Self.settings("Club", attachDays: 5), by: change, in: &tx)
      }
      #expect(next.id == first.id && next.version == 2 && next.settings.attachDays == 5)
      #expect(try await ground.read { tx in try programmes.programme(first.id, in: &tx) } == next)
      #expect(try await ground.read { tx in try programmes.programme(code: "club", in: &tx) } == next)
      #expect(try await ground.read { tx in try programmes.all(in: &tx) } == [next])
      #expect(try await ground.read { tx in try programmes.programme(first.id, version: 1, in: &tx) } == first)
      let none = try await ground.refusal { tx in _ = try programmes.programme(first.id, version: 3, in: &tx) }
      #expect(none?.kind == .notFound)
      let trail = try await ground.audit(ground.account)
      #expect(trail.map(\.act).prefix(2) == ["programme.changed", "programme.made"])
      #expect(trail.first?.before?.compact == #"{"attachDays":30}"# && trail.first?.after?.compact == #"{"attachDays":5}"#)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `what amounts in the books mean cannot change under them`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (programmes, change) = (Self.programmes(ground.account), ground.change())
      let made = try await ground.write { tx in try programmes.save("club", Self.settings("Club"), by: change, in: &tx) }
      let finer: JSON = .object(["name": "Club", "zone": "UTC", "terms": .object(["pointsScale": 2])])
      for other in [Self.settings("Club", currency: "USD"), finer] {
        let refusal = try await ground.refusal { tx in _ = try programmes.save("club", other, by: change, in: &tx) }
        #expect(refusal?.code == "currency_fixed")
      }
      #expect(try await ground.read { tx in try programmes.programme(made.id, in: &tx) } == made)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `settings with a fault are not kept`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (programmes, change) = (Self.programmes(ground.account), ground.change())
      let strayBrand: JSON = .object(["name": "Club", "zone": "UTC", "brands": ["green"]])
      let unknown = try await ground.refusal { tx in _ = try programmes.save("club", strayBrand, by: change, in: &tx) }
      #expect(unknown?.issues.map { "\($0.pointer) \($0.code)" } == ["/brands/0 unknown_code"])
      let wrong = try await ground.refusal { tx in _ = try programmes.save("", .object(["name": "Club"]), by: change, in: &tx) }
      #expect(wrong?.issues.map { "\($0.pointer) \($0.code)" } == [" not_a_code", "/zone missing"])
      #expect(try await ground.read { tx in try programmes.all(in: &tx) }.isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `another account finds no programme, and without one neither promotions nor rule books`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (programmes, theirs, change) = (Self.programmes(ground.account), Self.programmes(ground.stranger), ground.change())
      let made = try await ground.write { tx in try programmes.save("club", Self.plain, by: change, in: &tx) }
      for refusal in [
        try await ground.refusal { tx in _ = try theirs.programme(made.id, in: &tx) },
        try await ground.refusal { tx in _ = try theirs.programme(code: "club", in: &tx) },
        try await ground.refusal { tx in _ = try theirs.programme(made.id, version: 1, in: &tx) },
      ] {
        #expect(refusal?.kind == .notFound)
      }
      #expect(try await ground.read { tx in try theirs.all(in: &tx) }.isEmpty)
    }
  }
}

@Suite struct PromotionsTests {
  static func body(_ code: String, _ rate: Int64) -> JSON {
    .object([
      "code": .string(code), "name": .object(["ru": "Скидка", "en": "Discount"]),
      "benefit": .object(["percent": .string("\(rate)")]),
    ])
  }
  static func rows(_ rate: Int64) -> [PromotionDetails] {
    ["a", "b", "c"].map { PromotionDetails(code: $0, body: body($0, rate)) }
  }

  static func on(_ kind: TestDatabase, _ test: @Sendable (Ground, Programme) async throws -> Void) async throws {
    try await Ground.on(kind) { ground in
      let change = ground.change()
      let programme = try await ground.write { tx in
        try ProgrammesTests.programmes(ground.account).save("club", ProgrammesTests.plain, by: change, in: &tx)
      }
      try await test(ground, programme)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `the same promotion is the same version, and what an old version said stays`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { ground, programme in
      let (promotions, change) = (Promotions(of: programme), ground.change())
      let first = try await ground.write { tx in try promotions.save(Self.rows(5), by: change, in: &tx) }
      #expect(first.made == 3)
      #expect(try await ground.write { tx in try promotions.save(Self.rows(5), by: change, in: &tx) }.unchanged == 3)
      let next = [PromotionDetails(code: "b", body: Self.body("b", 7))]
      #expect(try await ground.write { tx in try promotions.save(next, by: change, in: &tx) }.changed == 1)
      let kept = try #require(try await ground.read { tx in try promotions.promotions(codes: ["b"], in: &tx) }["b"])
      #expect(kept.version == 2 && kept.body == Self.body("b", 7) && kept.status == .draft && kept.id == first.ids[1])
      #expect(try await ground.read { tx in try promotions.body(of: kept.id, version: 1, in: &tx) } == Self.body("b", 5))
      #expect(try await ground.read { tx in try promotions.body(of: kept.id, version: 2, in: &tx) } == Self.body("b", 7))
      #expect(try await ground.refusal { tx in _ = try promotions.body(of: kept.id, version: 3, in: &tx) }?.kind == .notFound)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a promotion runs, pauses and ends, and never comes back`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { ground, programme in
      let (promotions, change) = (Promotions(of: programme), ground.change())
      let ids = try await ground.write { tx in try promotions.save(Self.rows(5), by: change, in: &tx) }.ids
      for status in [StoredPromotion.Status.paused] {
        let refusal = try await ground.refusal { tx in try promotions.set("a", status, by: change, in: &tx) }
        #expect(refusal?.code == "promotion_status")
      }
      for status in [StoredPromotion.Status.running, .running, .paused, .running, .archived, .archived] {
        try await ground.write { tx in try promotions.set("a", status, by: change, in: &tx) }
      }
      for status in [StoredPromotion.Status.draft, .running, .paused] {
        let refusal = try await ground.refusal { tx in try promotions.set("a", status, by: change, in: &tx) }
        #expect(refusal?.code == "promotion_status")
      }
      let late = try await ground.refusal { tx in _ = try promotions.save([Self.rows(6)[0]], by: change, in: &tx) }
      #expect(late?.code == "promotion_archived")
      let drafts = try await ground.read { tx in try promotions.all(.draft, limit: 1, in: &tx) }
      #expect(drafts.map(\.id) == [ids[1]])
      let rest = try await ground.read { tx in try promotions.all(after: ids[1], limit: 9, in: &tx) }
      #expect(rest.map(\.id) == [ids[2]])
      let acts = try await ground.read { tx in try AuditTrail(of: ground.account).entries(of: ids[0], limit: 20, in: &tx) }.map(
        \.act)
      #expect(acts == Array(repeating: "promotion.changed", count: 4) + ["promotion.made"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a rule book holds what runs, is published once, and is never changed`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { ground, programme in
      let (promotions, books, change) = (Promotions(of: programme), RuleBooks(of: programme), ground.change())
      _ = try await ground.write { tx in try promotions.save(Self.rows(5), by: change, in: &tx) }
      #expect(try await ground.read { tx in try books.latest(in: &tx) } == nil)
      for code in ["a", "c"] { try await ground.write { tx in try promotions.set(code, .running, by: change, in: &tx) } }
      let first = try await ground.write { tx in try books.publish(InternedNames(), by: change, in: &tx) }
      #expect(first.version == 1 && first.promotions == 2 && first.programmeVersion == 1 && first.madeAt == change.at)
      let later = ground.change(600)
      #expect(try await ground.write { tx in try books.publish(InternedNames(), by: later, in: &tx) } == first)

      _ = try await ground.write { tx in
        try promotions.save([PromotionDetails(code: "a", body: Self.body("a", 9))], by: later, in: &tx)
      }
      let next = try await ground.write { tx in try books.publish(InternedNames(), by: later, in: &tx) }
      #expect(next.version == 2)
      guard case .array(let items)? = next.body["promotions"] else { throw Absent() }
      #expect(items.map { $0["code"] } == ["a", "c"] && items[0]["version"] == 2 && items[0]["rules"] == Self.body("a", 9))
      #expect(try await ground.read { tx in try books.book(1, in: &tx) } == first)
      let rules = try next.rules(InternedNames())
      #expect(rules.promotions.map(\.code) == ["a", "c"] && rules.promotions.map(\.version) == [2, 1])
      #expect(rules.promotions[0].benefit == .percent(.percent(9), of: .reduced) && rules.terms == programme.settings.terms)
      #expect(rules.book(version: next.version).version == 2)
      #expect(try await ground.read { tx in try books.latest(in: &tx) } == next)
      #expect(try await ground.read { tx in try books.latestVersion(in: &tx) } == 2)
      #expect(try await ground.audit(ground.account).count { $0.act == "rule_book.published" } == 2)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `what the calculator cannot read, or an old programme, is not published`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { ground, programme in
      let (books, change) = (RuleBooks(of: programme), ground.change())
      let promotions = Promotions(of: programme)
      let stray: JSON = .object([
        "code": "stray", "name": .object(["ru": "Скидка", "en": "Discount"]), "benefit": .object(["percent": "5"]),
        "group": "night",
        "on": .object(["products": ["tea"]]), "until": "tomorrow",
      ])
      let row = [PromotionDetails(code: "stray", body: stray)]
      _ = try await ground.write { tx in try promotions.save(row, by: change, in: &tx) }
      for status in [StoredPromotion.Status.running] {
        try await ground.write { tx in try promotions.set("stray", status, by: change, in: &tx) }
      }
      let unread = try await ground.refusal { tx in
        let index = try CatalogueIndex(of: ground.account).refreshed(in: &tx)
        _ = try books.publish(try AccountNames(of: programme, catalogue: index, in: &tx), by: change, in: &tx)
      }
      #expect(
        unread?.issues.map { "\($0.pointer) \($0.code)" }.sorted() == [
          "/promotions/0/rules/group unknown_group", "/promotions/0/rules/on/products/0 unknown_name",
          "/promotions/0/rules/until not_an_instant",
        ])
      let misnamed = [PromotionDetails(code: "x", body: stray)]
      let odd = try await ground.refusal { tx in try promotions.save(misnamed, by: change, in: &tx) }
      #expect(odd?.issues.map { "\($0.pointer) \($0.code)" } == ["/0/body/code other_code"])
      for status in [StoredPromotion.Status.paused] {
        try await ground.write { tx in try promotions.set("stray", status, by: change, in: &tx) }
      }
      _ = try await ground.write { tx in
        try ProgrammesTests.programmes(ground.account).save("club", ProgrammesTests.settings("Club"), by: change, in: &tx)
      }
      let old = try await ground.refusal { tx in _ = try books.publish(InternedNames(), by: change, in: &tx) }
      #expect(old?.code == "programme_changed")
      #expect(try await ground.read { tx in try books.latestVersion(in: &tx) } == 0)
    }
  }

  struct Absent: Error {}
}
