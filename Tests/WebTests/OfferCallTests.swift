import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// Offers that members activate, and consents, over the till's interface.
@Suite struct OfferCallTests {
  /// Adds to the shop's rules: ten percent off milk once it is activated, and five more for whoever takes messages.
  static func publish(_ shop: WebShop) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    let rules = """
      [{ "code": "week", "name": { "ru": "Неделя", "en": "Week" }, "when": { "activated": { "days": 7, "uses": 3 } },
         "benefit": { "percent": "10" } },
       { "code": "news", "name": { "ru": "Вести", "en": "News" }, "when": { "consents": ["advertising-sms"] },
         "benefit": { "amount": "5.00" } }]
      """
    let rows = JSONNode(try JSON.parse(rules)).items(max: 10).compactMap { item -> PromotionDetails? in
      guard let code = item["code"].text(), let body = item.json else { return nil }
      return PromotionDetails(code: code, body: body)
    }
    try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let promotions = Promotions(of: programme)
      _ = try promotions.save(rows, by: change, in: &tx)
      for row in rows { try promotions.set(row.code, .running, by: change, in: &tx) }
      let names = try AccountNames(
        of: programme, catalogue: CatalogueIndex(of: programme.account).refreshed(in: &tx), in: &tx)
      _ = try RuleBooks(of: programme).publish(names, by: change, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available) func `a till activates an offer, and the next basket has it`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      try await Self.publish(shop)
      let line = try await shop.line()
      func paid() async throws -> JSON {
        try JSON.parse(try await line.post("/till/v1/calculations", Bodies.basket(Bodies.card)).body)
      }
      let before = try await paid()
      #expect(before["hints"]?.items.map { $0["missing"] } == ["activation"])
      let listed = try JSON.parse(try await line.get("/till/v1/members?identifier=1001").body)
      #expect(listed["offers"]?[0]?["promotion"] == "week" && listed["offers"]?[0]?["isActivated"] == .bool(false))
      let path = "/till/v1/members/\(shop.anna)/offers/week"
      let first = try await line.post(path, Array("{}".utf8))
      #expect(first.status == 200, "\(String(decoding: first.body, as: UTF8.self))")
      let activated = try JSON.parse(first.body)
      #expect(activated["isActivated"] == .bool(true) && activated["usesLeft"] == .int(3) && activated["until"] != nil)
      #expect(try await line.post(path, Array("{}".utf8)).body == first.body, "sent again")
      let after = try await paid()
      #expect(after["totals"]?["amount"] == "180.00" && before["totals"]?["amount"] == "200.00")
      for _ in 1...2 { #expect(try await line.delete(path).status == 200) }
      #expect(try await paid()["totals"]?["amount"] == "200.00")
      let codes = [("other", 404), ("club", 404)]
      for (code, status) in codes {
        #expect(try await line.post("/till/v1/members/\(shop.anna)/offers/\(code)", Array("{}".utf8)).status == status)
      }
      #expect(try await line.post("/till/v1/members/nobody/offers/week", Array("{}".utf8)).status == 404)
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available) func `a consent is recorded once, withdrawn, and seen by the next basket`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.publish(shop)
      let line = try await shop.line()
      let path = "/till/v1/members/\(shop.anna)/consents"
      func amount() async throws -> JSON? {
        try JSON.parse(try await line.post("/till/v1/calculations", Bodies.basket(Bodies.card)).body)["totals"]?["amount"]
      }
      #expect(try await amount() == "200.00")
      let given = Array(
        "{ \"consent\": \"advertising-sms\", \"isGiven\": true, \"text\": \"2026-05\", \"source\": \"till\", \"proof\": \"form 7\" }"
          .utf8)
      let first = try await line.post(path, given, key: "consent-0001")
      #expect(first.status == 201, "\(String(decoding: first.body, as: UTF8.self))")
      #expect(try JSON.parse(first.body)["given"] == .array(["advertising-sms"]))
      #expect(try await line.post(path, given, key: "consent-0001").body == first.body, "sent again")
      #expect(try await amount() == "195.00")
      let taken = Array("{ \"consent\": \"advertising-sms\", \"isGiven\": false, \"source\": \"phone\" }".utf8)
      #expect(try await line.post(path, taken, key: "consent-0001").status == 409, "another body under the same key")
      shop.pass(.seconds(60))
      #expect(try await line.post(path, taken, key: "consent-0002").status == 201)
      let listed = try JSON.parse(try await line.get(path).body)
      #expect(listed["given"] == .array([]) && listed["acts"]?.items.count == 2)
      #expect(try await amount() == "200.00")
      let bad = try await line.post(path, Array("{ \"consent\": \"all\", \"isGiven\": true }".utf8), key: "consent-0003")
      #expect(bad.status == 422)
      let pointers = try JSON.parse(bad.body)["issues"]?.items.compactMap { $0["pointer"] }
      #expect(Set(pointers ?? []) == ["/consent", "/source", "/text"])
    }
  }
}

extension JSON {
  fileprivate subscript(_ place: Int) -> JSON? { items.indices.contains(place) ? items[place] : nil }
  fileprivate var items: [JSON] { if case .array(let items) = self { items } else { [] } }
}
