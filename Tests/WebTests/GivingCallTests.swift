import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

/// Rewarded actions and referrals over the till's interface.
@Suite struct GivingCallTests {
  static let giving = """
    { "actions": [{ "code": "review", "name": { "ru": "Отзыв", "en": "Review" }, "kind": "review", "points": "50", "every": "always",
        "budget": "100" }],
      "referral": { "referrer": "300", "newcomer": "200" } }
    """

  private static func open(
    _ kind: TestDatabase, _ body: @escaping @Sendable (WebShop, TillLine) async throws -> Void
  ) async throws {
    try await WebShop.open(kind) { shop in
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      try await shop.database.write { tx in
        let programmes = Programmes(of: shop.account, zones: WebShop.zone)
        let known = try programmes.programme(shop.programme, in: &tx)
        guard case .object(let settings) = known.settings.json else { return }
        let giving = JSON.Member("giving", try JSON.parse(Array(Self.giving.utf8)))
        _ = try programmes.save(known.code, .object(settings + [giving]), by: change, in: &tx)
      }
      try await body(shop, try await shop.line(shop.issue([.rewards])))
    }
  }

  @Test(arguments: TestDatabase.available) func `an action is told and answered, twice the same`(on kind: TestDatabase) async throws
  {
    try await Self.open(kind) { shop, line in
      func tell(_ subject: String, key: String) async throws -> (status: Int, body: JSON) {
        let reply = try await line.post(
          "/till/v1/actions/review", Array("{ \(Bodies.card), \"subject\": \"\(subject)\" }".utf8), key: key)
        return (reply.status, try JSON.parse(reply.body))
      }
      let first = try await tell("review 1", key: "told-0001")
      #expect(first.status == 201 && first.body["points"] == "50" && first.body["subject"] == "review 1")
      let again = try await tell("review 1", key: "told-0001")
      #expect(again.status == 201 && again.body == first.body)
      let other = try await tell("review 1", key: "told-0002")
      #expect(other.status == 200 && other.body["reason"]?["code"] == "already-given" && other.body["points"] == "0")
      #expect(try await tell("review 2", key: "told-0003").status == 201)
      #expect(try await tell("review 3", key: "told-0004").body["reason"]?["code"] == "budget-spent")
      #expect(try await tell("review 9", key: "told-0001").status == 409)
      let unknown = try await line.post(
        "/till/v1/actions/dance", Array("{ \(Bodies.card), \"subject\": \"1\" }".utf8), key: "told-0005")
      #expect(unknown.status == 404)
      #expect(try JSON.parse(unknown.body)["code"] == "action_unknown")
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available) func `a code is made once, and a newcomer names it`(on kind: TestDatabase) async throws {
    try await Self.open(kind) { shop, line in
      func code() async throws -> JSON? {
        let reply = try await line.post("/till/v1/members/\(shop.anna)/referral-code", Array("{}".utf8), key: nil)
        #expect(reply.status == 200, "\(String(decoding: reply.body, as: UTF8.self))")
        return try JSON.parse(reply.body)["code"]
      }
      let mine = try #require(try await code())
      #expect(try await code() == mine)
      let joined = try await shop.line().post(
        "/till/v1/members", Array("{ \"identifiers\": [{ \"kind\": \"card\", \"value\": \"1777\" }] }".utf8), key: "joins-0001")
      guard case .string(let newcomer)? = try JSON.parse(joined.body)["member"] else { return #expect(Bool(false)) }
      let body = Array(JSON.object(["code": mine]).compact.utf8)
      for _ in 0..<2 {
        let named = try await line.post("/till/v1/members/\(newcomer)/referrer", body, key: nil)
        #expect(named.status == 200)
        #expect(try JSON.parse(named.body)["state"] == "named")
      }
      let myself = try await line.post("/till/v1/members/\(shop.anna)/referrer", body, key: nil)
      #expect(myself.status == 409)
      #expect(try JSON.parse(myself.body)["code"] == "referral_oneself")
    }
  }
}
