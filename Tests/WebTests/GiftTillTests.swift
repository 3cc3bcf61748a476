import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

/// Gifts that a shopper chooses, from the till's side.
@Suite struct `a gift to choose at the till` {
  private static let rules = """
    { "code": "gift", "name": { "ru": "Подарок", "en": "Gift" },
      "when": { "amount": { "of": { "products": ["milk"] }, "atLeast": "200.00" } }, "limits": { "perMember": 1 },
      "benefit": { "giftChoice": { "of": [
        { "name": { "ru": "Хлеб", "en": "Bread" }, "goods": { "products": ["bread"] } },
        { "name": { "ru": "Чай", "en": "Tea" }, "goods": { "products": ["tea"] } } ] } } }
    """
  /// Two milks at 100.00, bread at 50.00, and tea at 300.00, which another promotion sells for 270.00.
  private static let both =
    Bodies.milk
    + ", { \"id\": \"2\", \"product\": \"bread\", \"price\": \"50.00\" }, { \"id\": \"3\", \"product\": \"tea\", \"price\": \"300.00\" }"

  private static func publish(_ shop: WebShop) async throws {
    let (account, id, change) = (shop.account, shop.programme, Change(by: .demo, at: shop.now, ids: shop.ids))
    try await shop.database.write { tx in
      let programme = try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx)
      let promotions = Promotions(of: programme)
      _ = try promotions.save([PromotionDetails(code: "gift", body: try JSON.parse(Self.rules))], by: change, in: &tx)
      try promotions.set("gift", .running, by: change, in: &tx)
      let names = try AccountNames(of: programme, catalogue: CatalogueIndex(of: account).refreshed(in: &tx), in: &tx)
      _ = try RuleBooks(of: programme).publish(names, by: change, in: &tx)
    }
    _ = try await shop.floors.refresh(id)
  }

  @Test func `is offered and chosen in the terminal`() async throws {
    try await Cashier.work(.sqlite, language: "en") { cashier, shop in
      try await Self.publish(shop)
      #expect(try await cashier.type("choose tea").contains("there are no gifts"))
      _ = try await cashier.type("card 1001")
      let offered = try await cashier.type("milk 2")
      #expect(offered.contains("to pay 200.00") && offered.contains("Offer a gift to choose: Bread; Tea"), "\(offered)")
      let aside = try await cashier.type("choose tea")
      #expect(aside.contains("to pay 200.00") && aside.contains("The gift is set aside"), "\(aside)")
      #expect(try await cashier.type("tea").contains("to pay 200.00"))
      let slip = try await cashier.type("pay card")
      #expect(slip.contains("TOTAL 200.00") && !slip.contains("discrepancy"), "\(slip)")
    }
  }

  private static func choosing(_ promotion: String, _ product: String) -> String {
    Bodies.card + ", \"choices\": [{ \"promotion\": \"\(promotion)\", \"product\": \"\(product)\" }]"
  }

  private static func first(_ json: JSON?) -> JSON? { if case .array(let items)? = json { items.first } else { nil } }

  @Test(arguments: TestDatabase.available)
  func `is told, chosen, sold, counted, and offered again when it came back`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.publish(shop)
      let line = try await shop.line()
      func quote(_ more: String, _ lines: String = Self.both) async throws -> TillLine.Reply {
        try await line.post("/till/v1/calculations", Bodies.basket(more, lines: lines))
      }
      let open = try await quote(Bodies.card, Bodies.milk)
      let offer = try #require(try Self.first(open.at("gifts")))
      #expect(try open.text("totals", "amount") == "200.00" && offer["left"] == .int(1))
      #expect(Self.first(offer["of"])?["products"] == .array([.string("bread")]))
      #expect(try Self.first(open.at("hints"))?["missing"] == .string("gift"))
      #expect(try await quote(Bodies.card).text("totals", "amount") == "470.00", "the cheaper one, where nothing is said")
      let chosen = try await quote(Self.choosing("gift", "tea"))
      #expect(try chosen.text("totals", "amount") == "250.00")
      #expect(try Self.first(chosen.at("choices"))?["state"] == .string("given"))
      let unknown = try await quote(Self.choosing("gone", "ghost"))
      #expect(try unknown.status == 201 && unknown.text("totals", "amount") == "470.00")
      #expect(try Self.first(unknown.at("choices"))?["state"] == .string("not-offered"))

      let sold = try await line.post(
        "/till/v1/receipts", Bodies.receipt(1, Self.choosing("gift", "tea"), lines: Self.both), key: "gift-sale-0001")
      #expect(try sold.text("amount") == "250.00" && sold.causes == [])
      let after = try await quote(Bodies.card)
      #expect(try after.text("totals", "amount") == "520.00" && after.at("gifts") == nil, "once for each member")

      let back = try await line.post(
        "/till/v1/receipts/S1~1~1~1~2026-11-21/returns",
        Array(
          """
          { "receipt": { "shift": 1, "number": "2" }, "time": "2026-11-21T12:10:00",
            "lines": [{ "line": "1", "quantity": "2" }, { "line": "2" }, { "line": "3" }] }
          """.utf8), key: "gift-back-0001")
      #expect(try back.status == 201 && back.causes == [])
      #expect(try await quote(Bodies.card).text("totals", "amount") == "470.00", "the use came back with the goods")
      await line.close()
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available)
  func `comes back at what it was sold for, line by line`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.publish(shop)
      let line = try await shop.line()
      let sold = try await line.post(
        "/till/v1/receipts", Bodies.receipt(1, Self.choosing("gift", "tea"), lines: Self.both), key: "gift-sale-0001")
      #expect(try sold.text("amount") == "250.00")
      func takeBack(_ number: Int, _ of: String) async throws -> TillLine.Reply {
        try await line.post(
          "/till/v1/receipts/S1~1~1~1~2026-11-21/returns",
          Array(
            """
            { "receipt": { "shift": 1, "number": "\(number)" }, "time": "2026-11-21T12:10:00", "lines": [{ "line": "\(of)" }] }
            """.utf8), key: "gift-back-000\(number)")
      }
      // The bread was paid for, the tea was the gift.
      #expect(try await takeBack(2, "2").text("amount") == "50.00")
      #expect(try await takeBack(3, "3").text("amount") == "0.00")
      #expect(try await takeBack(4, "1").text("amount") == "100.00")
      await line.close()
      try await shop.verify()
    }
  }
}
