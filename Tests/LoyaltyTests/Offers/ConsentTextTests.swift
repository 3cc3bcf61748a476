import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// The texts that people agreed to.
@Suite struct ConsentTextTests {
  private static var today: CivilDay { Zone.moscow.civil(at: OfferShop.noon).day }

  private static func text(_ version: String, _ words: String = "Согласен на рекламу", days: Int = 0) -> ConsentText {
    ConsentText(
      .sms, version: version, text: LocalText(ru: words, en: "I agree to advertising"), link: "https://lavka.example/sms",
      from: today.adding(days: days))
  }

  private static func save(_ shop: OfferShop, _ text: ConsentText, isNew: Bool = true) async throws {
    let (texts, change) = (ConsentTexts(of: shop.programme.members), shop.change(at: OfferShop.noon))
    try await shop.ground.write { tx in try texts.save(text, isNew: isNew, by: change, in: &tx) }
  }

  /// What is on record of Anna, with since when its text is known.
  private static func told(_ shop: OfferShop) async throws -> [String] {
    try await shop.ground.read { tx in
      try shop.consents.told(to: shop.anna, besides: [], limit: 9, in: &tx).map { record, from in
        "\(record.act.consent.rawValue) \(record.act.text) \(from.map { "\($0)" } ?? "unregistered")"
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `is mended until somebody has agreed to it, and stays as it is from then on`(
    on kind: TestDatabase
  ) async throws {
    try await OfferShop.on(kind) { shop in
      let texts = ConsentTexts(of: shop.programme.members)
      for _ in 0..<2 { try await Self.save(shop, Self.text("2026-05", "Согласн")) }
      let taken = await #expect(throws: Problem.self) { try await Self.save(shop, Self.text("2026-05")) }
      #expect(taken?.code == "consent_text_taken" && taken?.issues.map(\.pointer) == ["/version"])
      try await Self.save(shop, Self.text("2026-05"), isNew: false)
      #expect(try await shop.record([OfferShop.act(.sms, true, hour: 1)]) == 1)
      try await Self.save(shop, Self.text("2026-05"), isNew: false)
      let used = await #expect(throws: Problem.self) { try await Self.save(shop, Self.text("2026-05", "Другое"), isNew: false) }
      #expect(used?.code == "consent_text_used")
      let kept = try await shop.ground.read { tx in try texts.text(.sms, "2026-05", in: &tx) }
      #expect(kept.details == Self.text("2026-05"))
      #expect(try await Self.told(shop) == ["advertising-sms 2026-05 \(Self.today)"])
      let acts = try await shop.ground.audit(shop.ground.account).map(\.act).filter { $0.hasPrefix("consent_text.") }
      #expect(acts == ["consent_text.changed", "consent_text.made"], "the same again is no change")
    }
  }

  @Test(arguments: TestDatabase.available) func `that nobody registered is agreed to all the same, and told until somebody does`(
    on kind: TestDatabase
  ) async throws {
    try await OfferShop.on(kind) { shop in
      let texts = ConsentTexts(of: shop.programme.members)
      for (hour, version) in [(1, "b"), (2, "a"), (3, "b"), (4, "c")] as [(Int64, String)] {
        let act = ConsentAct(
          hour == 4 ? .call : .sms, isGiven: true, text: version, at: OfferShop.noon - .days(1) + .hours(hour), source: "site")
        #expect(try await shop.record([act]) == 1)
      }
      let bare = ConsentAct(.push, isGiven: false, text: "", at: OfferShop.noon, source: "till")
      #expect(try await shop.record([bare]) == 1)
      #expect(try await shop.standing().row == Consents([.sms, .call]))
      let named = try await shop.ground.read { tx in try texts.named(in: &tx) }
      #expect(Set(named) == [NamedText(.sms, "a"), NamedText(.sms, "b"), NamedText(.call, "c")] && named.count == 3)
      #expect(try await Self.told(shop).filter { $0.hasSuffix("unregistered") }.count == 5)
      try await Self.save(shop, Self.text("b"))
      #expect(
        try await Self.told(shop) == [
          "advertising-push  unregistered", "advertising-call c unregistered", "advertising-sms b \(Self.today)",
          "advertising-sms a unregistered", "advertising-sms b \(Self.today)",
        ])
      let found = try await shop.ground.read { tx in
        try texts.texts(of: shop.consents.records(of: shop.anna, limit: 9, in: &tx).map(\.act), in: &tx)
      }
      #expect(found == [NamedText(.sms, "b"): Self.text("b")])
      let late = await #expect(throws: Problem.self) { try await Self.save(shop, Self.text("b", "Иное"), isNew: false) }
      #expect(late?.code == "consent_text_used", "what was agreed to before it was registered counts as well")
    }
  }

  @Test(arguments: TestDatabase.available) func `in force is the latest that has begun and is not in the archive`(
    on kind: TestDatabase
  ) async throws {
    try await OfferShop.on(kind) { shop in
      let (texts, change) = (ConsentTexts(of: shop.programme.members), shop.change(at: OfferShop.noon))
      func current() async throws -> String? {
        try await shop.ground.read { tx in try texts.current(.sms, on: Self.today, in: &tx)?.version }
      }
      #expect(try await current() == nil)
      for (version, days) in [("old", -30), ("new", 0), ("next", 1)] { try await Self.save(shop, Self.text(version, days: days)) }
      #expect(try await current() == "new")
      let call = try await shop.ground.read { tx in try texts.current(.call, on: Self.today, in: &tx) }
      #expect(call == nil, "of another consent")
      for _ in 0..<2 {
        try await shop.ground.write { tx in try texts.setArchived(true, .sms, "new", by: change, in: &tx) }
      }
      #expect(try await current() == "old")
      let all = try await shop.ground.read { tx in try texts.all(in: &tx) }
      #expect(all.map(\.details.version) == ["next", "new", "old"] && all.map { $0.archivedAt != nil } == [false, true, false])
      try await shop.ground.write { tx in try texts.setArchived(false, .sms, "new", by: change, in: &tx) }
      #expect(try await current() == "new")
      let unknown = await #expect(throws: Problem.self) {
        try await shop.ground.write { tx in try texts.setArchived(true, .sms, "never", by: change, in: &tx) }
      }
      #expect(unknown?.code == "consent_text_unknown")
      let acts = try await shop.ground.audit(shop.ground.account).map(\.act)
      #expect(acts.count { $0 == "consent_text.archived" } == 1 && acts.count { $0 == "consent_text.restored" } == 1)
    }
  }

  @Test(arguments: TestDatabase.available) func `is a text or a link under a name`(on kind: TestDatabase) async throws {
    try await OfferShop.on(kind) { shop in
      func bad(_ version: String, _ ru: String, _ en: String, _ link: String) -> ConsentText {
        ConsentText(.terms, version: version, text: LocalText(ru: ru, en: en), link: link, from: Self.today)
      }
      let long = String(repeating: "я", count: Limits.consentText)
      let cases: [(ConsentText, [String])] = [
        (bad("", "Да", "Yes", ""), ["/version"]), (bad("1", "", "", ""), ["/ru"]),
        (bad("1", "", "Yes", "https://lavka.example/1"), ["/ru"]), (bad("1", long + "я", "Yes", ""), ["/ru"]),
        (bad("1", "Да", "Yes", "http://lavka.example/1"), ["/link"]), (bad("1", "Да", "Yes", "https://a b.example"), ["/link"]),
      ]
      for (text, pointers) in cases {
        let problem = await #expect(throws: Problem.self) { try await Self.save(shop, text) }
        #expect(problem?.issues.map(\.pointer) == pointers)
      }
      try await Self.save(shop, bad("1", "", "", "https://lavka.example/1"))
      try await Self.save(shop, bad("2", long, long, ""))
    }
  }
}
