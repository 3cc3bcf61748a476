import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Promotions that go to the tills only with a second person's word.
@Suite struct ApprovalTests {
  private struct Shop: Sendable {
    let ground: Ground
    let programme: Programme
    var approvals: Approvals { Approvals(of: programme) }
    var promotions: Promotions { Promotions(of: programme) }

    func by(_ staff: Int64) -> Change {
      Change(by: Actor(.staff, "s\(staff)") ?? .demo, at: Ground.start + .minutes(1), ids: ground.ids)
    }

    /// Saves and launches, as one person does.
    func launch(_ body: JSON, by staff: Int64) async throws -> Problem? {
      let (code, change) = (try #require(body["code"]?.plain), by(staff))
      _ = try await ground.write { tx in try promotions.save([PromotionDetails(code: code, body: body)], by: change, in: &tx) }
      return try await publish(code, by: staff)
    }

    func publish(_ code: String, by staff: Int64) async throws -> Problem? {
      let change = by(staff)
      return try await ground.refusal { tx in
        try promotions.set(code, .running, by: change, in: &tx)
        let id = try #require(try promotions.promotions(codes: [code], in: &tx)[code]).id
        _ = try RuleBooks(of: programme).publish(InternedNames(), .promotion(id), by: change, in: &tx)
      }
    }

    func ask(_ code: String, by staff: Int64) async throws -> Problem? {
      try await word(code, by: staff) { try $0.ask($1, version: $2, note: "", by: $3, in: &$4) }
    }

    func decide(_ code: String, _ isApproved: Bool, note: String = "", by staff: Int64) async throws -> Problem? {
      try await word(code, by: staff) { try $0.decide($1, version: $2, isApproved: isApproved, note: note, by: $3, in: &$4) }
    }

    private func word(
      _ code: String, by staff: Int64,
      _ act: @escaping @Sendable (Approvals, PromotionID, Int64, Change, inout Transaction) throws -> Void
    ) async throws -> Problem? {
      let change = by(staff)
      return try await ground.refusal { tx in
        let stored = try #require(try promotions.promotions(codes: [code], in: &tx)[code])
        try act(approvals, stored.id, stored.version, change, &tx)
      }
    }

    func waiting() async throws -> [String] {
      try await ground.read { tx in try approvals.waiting(limit: 10, in: &tx).map(\.promotion.code) }
    }
  }

  private static func body(_ code: String, _ benefit: JSON, limits: JSON? = nil) -> JSON {
    .object(["code": .string(code), "name": .object(["ru": "Скидка", "en": "Discount"]), "benefit": benefit, "limits": limits])
  }

  private static let tenOff: JSON = .object(["percent": "10"])

  private static func on(_ kind: TestDatabase, above: String = "1000.00", _ test: @Sendable (Shop) async throws -> Void)
    async throws
  {
    try await Ground.on(kind) { ground in
      let settings: JSON = .object([
        "name": "Club", "zone": "Europe/Moscow", "approval": .object(["above": .string(above)]),
      ])
      let programme = try await ground.write { tx in
        try ProgrammesTests.programmes(ground.account).save("club", settings, by: ground.change(), in: &tx)
      }
      #expect(programme.settings.approval == ApprovalTerms(above: Money(minor: 100_000)))
      try await test(Shop(ground: ground, programme: programme))
    }
  }

  @Test(arguments: TestDatabase.available) func `what can cost more, or anything, needs somebody else`(on kind: TestDatabase)
    async throws
  {
    try await Self.on(kind) { shop in
      let cases: [(body: JSON, isFree: Bool)] = [
        (Self.body("cheap", Self.tenOff, limits: .object(["budgetMoney": "1000.00"])), true),
        (Self.body("dear", Self.tenOff, limits: .object(["budgetMoney": "1000.01"])), false),
        (Self.body("open", Self.tenOff, limits: .object(["total": 5])), false),
        (Self.body("points", .object(["earn": .object(["rate": "5"])]), limits: .object(["budgetPoints": "1000"])), true),
        (Self.body("many", .object(["earn": .object(["rate": "5"])]), limits: .object(["budgetPoints": "1001"])), false),
        (Self.body("word", .object(["reward": "free-delivery"])), true),
      ]
      for (body, isFree) in cases {
        let refusal = try await shop.launch(body, by: 1)
        #expect(refusal?.code == (isFree ? nil : "approval_needed"), "\(body.compact)")
        #expect(isFree || refusal?.detail.contains(body["code"]?.plain ?? "?") == true)
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `another person's word is about one version`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { shop in
      #expect(try await shop.launch(Self.body("a", Self.tenOff), by: 1)?.code == "approval_needed")
      #expect(try await shop.decide("a", true, by: 2)?.code == "approval_not_asked")
      for _ in 0..<2 { #expect(try await shop.ask("a", by: 3) == nil) }
      #expect(try await shop.waiting() == ["a"])
      for own in [1, 3] as [Int64] { #expect(try await shop.decide("a", true, by: own)?.code == "approval_own") }
      #expect(try await shop.decide("a", false, by: 2)?.code == "empty", "why it goes back")
      for _ in 0..<2 { #expect(try await shop.decide("a", false, note: "too much", by: 2) == nil) }
      #expect(try await shop.publish("a", by: 1)?.code == "approval_needed")
      #expect(try await shop.decide("a", true, by: 2)?.code == "approval_not_asked", "it has to be asked for again")
      #expect(try await shop.ask("a", by: 1) == nil)
      #expect(try await shop.decide("a", true, by: 2) == nil)
      #expect(try await shop.waiting().isEmpty)
      for _ in 0..<2 { #expect(try await shop.publish("a", by: 1) == nil) }
      // An edit is another version; what runs goes on, and everything at once needs the word as well.
      let edit = Self.body("a", .object(["percent": "20"]))
      #expect(try await shop.launch(edit, by: 2)?.code == "approval_needed")
      let change = shop.by(4)
      let everything = try await shop.ground.refusal { tx in
        _ = try RuleBooks(of: shop.programme).publish(InternedNames(), by: change, in: &tx)
      }
      #expect(everything?.code == "approval_needed")
      #expect(try await shop.ask("a", by: 4) == nil)
      #expect(try await shop.decide("a", true, by: 2)?.code == "approval_own", "who wrote this version")
      #expect(try await shop.decide("a", true, by: 1) == nil, "who wrote the one before")
      #expect(try await shop.publish("a", by: 4) == nil)
      let acts = try await shop.ground.read { tx in
        try AuditTrail(of: shop.ground.account).latest(limit: 50, in: &tx).map(\.act).filter {
          $0.hasPrefix("promotion.a") || $0 == "promotion.declined"
        }
      }
      #expect(
        acts == [
          "promotion.approved", "promotion.asked", "promotion.approved", "promotion.asked", "promotion.declined", "promotion.asked",
        ])
    }
  }

  @Test(arguments: TestDatabase.available) func `what tills have is not touched when the sum changes`(on kind: TestDatabase)
    async throws
  {
    try await PromotionsTests.on(kind) { ground, programme in
      let shop = Shop(ground: ground, programme: programme)
      #expect(try await shop.launch(Self.body("a", Self.tenOff), by: 1) == nil, "nobody asks for a second person here")
      let settings: JSON = .object([
        "name": "Club", "zone": "Europe/Moscow", "approval": .object(["above": "0.00"]),
      ])
      let strict = try await ground.write { tx in
        try ProgrammesTests.programmes(ground.account).save("club", settings, by: ground.change(), in: &tx)
      }
      let change = shop.by(1)
      #expect(
        try await ground.refusal { tx in _ = try RuleBooks(of: strict).publish(InternedNames(), .settings, by: change, in: &tx) }
          == nil)
      let later = Shop(ground: ground, programme: strict)
      #expect(
        try await later.launch(Self.body("b", Self.tenOff, limits: .object(["budgetMoney": "0.01"])), by: 1)?.code
          == "approval_needed")
    }
  }
}

extension JSON {
  fileprivate var plain: String? { if case .string(let text) = self { text } else { nil } }
}
