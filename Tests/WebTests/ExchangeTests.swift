import Access
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

@Suite struct `goods for other goods` {
  @Test(arguments: TestDatabase.available) func `are one request with what is left to pay, and have one effect`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      #expect(try await line.post("/till/v1/receipts", Bodies.receipt(1), key: "sale-0001").status == 201)
      let body = Array(ExchangeTests.body(2, of: "S1~1~1~1~2026-11-21", milk: 3).utf8)
      let first = try await line.post("/till/v1/exchanges", body, key: "exchange-1")
      #expect(first.status == 201, "\(String(decoding: first.body, as: UTF8.self))")
      #expect(try first.text("returned", "amount") == "100.00" && first.text("returned", "pointsTakenBack") == "5")
      #expect(try first.text("sold", "amount") == "300.00" && first.text("sold", "earned") == "15")
      #expect(try first.text("toPay") == "200.00" && first.text("toPayBack") == "0.00")
      #expect(try await line.post("/till/v1/exchanges", body, key: "exchange-1").json == first.json)
      let back = Array(ExchangeTests.body(3, of: "S1~1~1~2~2026-11-21", pieces: 3, milk: 1).utf8)
      let second = try await line.post("/till/v1/exchanges", back, key: "exchange-2")
      #expect(try second.text("toPay") == "0.00" && second.text("toPayBack") == "200.00")
      #expect(try await line.post("/till/v1/exchanges", back, key: "exchange-1").status == 409)
      #expect(try await line.get("/till/v1/receipts/S1~1~1~1~2026-11-21").text("state") == "partly-returned")
      #expect(try await line.get("/till/v1/receipts/S1~1~1~2~2026-11-21").text("state") == "returned")
      let closing = """
        { "shift": 1, "opened": "2026-11-21T09:00:00", "closed": "2026-11-21T21:00:00", "sales": { "count": 3, "amount": "600.00" },
          "returns": { "count": 2, "amount": "400.00" } }
        """
      #expect(try await line.post("/till/v1/shift-closings", Array(closing.utf8), key: "shift-0001").at("ties") == .bool(true))
      try await shop.verify()
      await line.close()
    }
  }

  @Test(arguments: TestDatabase.available) func `are refused as a whole with the place of what cannot be read, and else recorded`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      func send(_ text: String, _ key: String) async throws -> TillLine.Reply {
        try await line.post("/till/v1/exchanges", Array(text.utf8), key: key)
      }
      let broken = try await send(ExchangeTests.body(2).replacing("\"price\": \"100.00\"", with: "\"price\": 100"), "broken-01")
      #expect(broken.status == 422)
      #expect(String(decoding: broken.body, as: UTF8.self).contains("/sold/lines/0/price"))
      #expect(try await line.get("/till/v1/receipts/S1~1~1~2~2026-11-21").status == 404)
      let half = try await send("{ \"sold\": {} }", "broken-02")
      #expect(half.status == 422 && String(decoding: half.body, as: UTF8.self).contains("/returned"))
      #expect(try await send(ExchangeTests.body(3, of: "nothing"), "broken-03").status == 404)
      // Nobody knows the receipt, and the till says something that is not known either.
      let text = ExchangeTests.body(4, of: "S1~1~1~99~2026-11-21").replacing(
        "\"lines\": [{ \"line\"", with: "\"mood\": \"good\", \"lines\": [{ \"line\"")
      let taken = try await send(text, "strange-1")
      #expect(taken.status == 201)
      let words = String(decoding: taken.body, as: UTF8.self)
      #expect(words.contains("unmatched") && words.contains("\"/mood\""), "\(words)")
      #expect(try taken.text("sold", "amount") == "100.00")
      await line.close()
    }
  }
}

/// Bodies of exchanges.
enum ExchangeTests {
  /// So many pieces of the first line for so much milk; the number is that of both documents.
  static func body(_ number: Int, of original: String? = nil, pieces: Int = 1, milk: Int = 1) -> String {
    let named = original.map { "\"of\": \"\($0)\", " } ?? ""
    let printed = "\"receipt\": { \"shift\": 1, \"number\": \"\(number)\" }, \"time\": \"2026-11-21T12:30:00\""
    let goods = "{ \"id\": \"1\", \"product\": \"milk\", \"quantity\": \"\(milk)\", \"price\": \"100.00\" }"
    return """
      { "returned": { \(named)\(printed), "lines": [{ "line": "1", "quantity": "\(pieces)" }] },
        "sold": { \(printed), \(Bodies.card), "lines": [\(goods)] } }
      """
  }
}

@Suite struct `points of an order` {
  /// From now on points wait for the delivery.
  private static func wait(_ shop: WebShop) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in
      let programmes = Programmes(of: shop.account, zones: WebShop.zone)
      let known = try programmes.programme(shop.programme, in: &tx)
      var settings = known.settings
      settings.points.base.activation = .onEvent
      _ = try programmes.revise(shop.programme, settings.json, from: known.version, by: change, in: &tx)
    }
    _ = try await shop.floors.refresh(shop.programme)
  }

  @Test(arguments: TestDatabase.available) func `become active when the shop says it was delivered`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      try await Self.wait(shop)
      let line = try await shop.line()
      let sold = try await line.post("/till/v1/receipts", Bodies.receipt(1), key: "sale-0001")
      let earned = try #require(try sold.text("earned"))
      #expect(try sold.text("balance", "pending") == earned && earned == "10")
      let path = "/till/v1/receipts/S1~1~1~1~2026-11-21/activations"
      let first = try await line.post(path, Array("{}".utf8), key: "delivered-1")
      #expect(first.status == 201)
      #expect(try first.text("activated") == earned && first.text("balance", "pending") == "0")
      #expect(try await line.post(path, Array("{}".utf8), key: "delivered-1").json == first.json)
      #expect(try await line.post(path, Array("{}".utf8), key: "delivered-2").text("activated") == "0")
      let unknown = try await line.post(path.replacing("~1~2026", with: "~9~2026"), Array("{}".utf8), key: "delivered-3")
      #expect(unknown.status == 404)
      #expect(try await line.post(path, Array("{ \"points\": \"5\" }".utf8), key: "delivered-4").status == 422)
      try await shop.verify()
      await line.close()
    }
  }

  @Test(arguments: TestDatabase.available) func `become active by hand on the receipt's page`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.wait(shop)
      let path = try await shop.sold(1)
      let (olga, ann) = (
        try await shop.window(of: shop.hire("olga", .owner)), try await shop.window(of: shop.hire("ann", .analyst))
      )
      #expect(try await olga.open(path).text.contains("href=\"\(path)/release\""))
      #expect(try await olga.open(path + "/release").text.contains("+10"))
      let form = ["reason": "заказ вручён", "request": "one"]
      #expect(try await ann.submit(path + "/release", form).status == 403)
      #expect(try await olga.submit(path + "/release", form.merging(["reason": ""]) { $1 }).status == 422)
      for _ in 0..<2 { #expect(try await olga.submit(path + "/release", form).location == path + "?done=release") }
      #expect(try await olga.submit(path + "/release", form.merging(["request": "two"]) { $1 }).status == 409)
      let page = try await olga.open(path).text
      #expect(page.contains("заказ вручён") && !page.contains("href=\"\(path)/release\""))
      #expect(try await olga.open("/console/audit").text.contains("Баллы чека активированы"))
      try await shop.verify()
    }
  }
}
