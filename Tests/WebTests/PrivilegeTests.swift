import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `promotions for a privilege` {
  private static func tiers(_ shop: WebShop, lounge: String) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let privilege = Privilege(code: "lounge", name: LocalText(ru: "Зал", en: "Lounge"))
      _ = try programme.tiers.save(
        [("silver", 1), ("gold", 2)].map { code, rank in
          TierDetails(code: code, name: LocalText(ru: code, en: code), rank: rank, privileges: code == lounge ? [privilege] : [])
        }, by: change, in: &tx)
    }
    _ = try await shop.floors.refresh(shop.programme)
  }

  private static func publish(_ shop: WebShop) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    let body = try JSON.parse(
      """
      { "code": "lounge", "name": { "ru": "Зал", "en": "Lounge" }, "when": { "privileges": ["lounge"] }, "benefit": { "percent": "10" } }
      """)
    try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let promotions = Promotions(of: programme)
      _ = try promotions.save([PromotionDetails(code: "lounge", body: body)], by: change, in: &tx)
      try promotions.set("lounge", .running, by: change, in: &tx)
      let names = try AccountNames(
        of: programme, catalogue: CatalogueIndex(of: programme.account).refreshed(in: &tx), in: &tx)
      _ = try RuleBooks(of: programme).publish(names, by: change, in: &tx)
      _ = try programme.tiers.grant(
        "silver", to: shop.anna, until: nil, because: "test", request: RequestKey("silver"), by: change, in: &tx)
    }
    _ = try await shop.floors.refresh(shop.programme)
  }

  @Test(arguments: TestDatabase.available)
  func `follow it from tier to tier, and a receipt keeps what it had`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.tiers(shop, lounge: "silver")
      try await Self.publish(shop)
      let line = try await shop.line()
      let priced = try await line.post("/till/v1/calculations", Bodies.basket(Bodies.card), key: nil)
      #expect(try priced.text("totals", "amount") == "180.00", "\(priced)")
      let sold = try await line.post("/till/v1/receipts", Bodies.receipt(1), key: "sale-0001")
      #expect(sold.status == 201)
      #expect(try sold.text("amount") == "180.00")
      try await Self.tiers(shop, lounge: "gold")
      let later = try await line.post("/till/v1/calculations", Bodies.basket(Bodies.card), key: nil)
      #expect(try later.text("totals", "amount") == "200.00", "\(later)")
      let nobody = try await line.post("/till/v1/calculations", Bodies.basket(), key: nil)
      #expect(try nobody.text("totals", "amount") == "200.00")
      let back =
        "{ \"receipt\": { \"shift\": 1, \"number\": \"2\" }, \"time\": \"2026-11-21T13:00:00\", \"lines\": [{ \"line\": \"1\", \"quantity\": \"1\" }] }"
      let returned = try await line.post("/till/v1/receipts/S1~1~1~1~2026-11-21/returns", Array(back.utf8), key: "back-0001")
      #expect(returned.status == 201)
      #expect(try returned.text("amount") == "90.00")
      try await shop.verify()
    }
  }
}
