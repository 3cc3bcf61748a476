import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import regulars

@Suite struct `a till that sells` {
  @Test(arguments: TestDatabase.available) func `asks what a basket costs, sells it, and finds it again`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let quote = try await line.post("/till/v1/calculations", Bodies.basket(Bodies.card + ", \"spend\": \"most\""))
      #expect(quote.status == 201)
      #expect(try quote.text("totals", "shelf") == "200.00" && quote.text("totals", "pointsSpent") == "180")
      #expect(try quote.text("member", "strength") == "possessed")
      let name = try #require(try quote.text("calculationId"))
      let sold = try await line.post(
        "/till/v1/receipts", Bodies.receipt(1, Bodies.card + ", \"spend\": \"180\", \"calculationId\": \"\(name)\""),
        key: "sale-0001")
      #expect(sold.status == 201)
      #expect(try sold.text("amount") == "20.00" && sold.text("earned") == "1" && sold.text("spent") == "180")
      #expect(try sold.text("balance", "active") == "821" && sold.causes == [])
      #expect(try sold.text("receipt", "key") == "S1~1~1~1~2026-11-21")
      let found = try await line.get("/till/v1/receipts/S1~1~1~1~2026-11-21")
      #expect(found.status == 200)
      #expect(try found.text("state") == "confirmed" && found.text("member") == "\(shop.anna)")
      await line.close()
    }
  }

  @Test(arguments: TestDatabase.available) func `is answered the same when it sends the same again`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let body = Bodies.receipt(1)
      let first = try await line.post("/till/v1/receipts", body, key: "sale-0001")
      let second = try await line.post("/till/v1/receipts", body, key: "sale-0001")
      #expect(first.status == 201 && first.status == second.status)
      #expect(try first.json == second.json)
      // The same receipt under another request's key is the same receipt.
      let third = try await line.post("/till/v1/receipts", body, key: "sale-0002")
      #expect(try first.json == third.json)
      let other = try await line.post("/till/v1/receipts", Bodies.receipt(2), key: "sale-0001")
      #expect(other.status == 409)
      #expect(try other.text("code") == "request_key_reused" && other.at("retryable") == .bool(false))
      // The same number with other goods stands beside the first, and is noted.
      let beside = try await line.post(
        "/till/v1/receipts", Bodies.receipt(1, lines: "{ \"id\": \"1\", \"product\": \"tea\", \"price\": \"300.00\" }"),
        key: "sale-0003")
      #expect(beside.status == 201)
      #expect(try beside.causes == ["key-reused"] && beside.at("receipt", "isBeside") == .bool(true))
      // Its own sum is looked at all the same.
      let odd = try await line.post(
        "/till/v1/receipts",
        Bodies.receipt(
          1, Bodies.card + ", \"total\": \"1.00\"", lines: "{ \"id\": \"1\", \"product\": \"bread\", \"price\": \"30.00\" }"),
        key: "sale-0006")
      #expect(try Set(odd.causes) == ["key-reused", "sums"])
      // A sum is compared with what we sold as well where no line says its amount.
      let sum = try await line.post(
        "/till/v1/receipts", Bodies.receipt(3, Bodies.card + ", \"total\": \"1.00\""), key: "sale-0005")
      #expect(try sum.causes == ["sums"])
      // What moved since is in the balance of a repeated answer, which else says what it said.
      _ = try await line.post("/till/v1/receipts", Bodies.receipt(2), key: "sale-0004")
      let later = try await line.post("/till/v1/receipts", body, key: "sale-0001")
      #expect(try later.at("receipt") == first.at("receipt") && later.at("earned") == first.at("earned"))
      let known = try await line.get("/till/v1/members?identifier=1001")
      #expect(try later.at("balance") == known.at("balance") && later.at("balance") != first.at("balance"))
      await line.close()
    }
  }

  @Test(arguments: TestDatabase.available) func `is never told no after the goods are sold`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let cases: [(more: String, lines: String, causes: [String])] = [
        ("\"member\": { \"identifier\": \"1777\", \"shown\": \"scanned\" }", Bodies.milk, ["unknown-member"]),
        (Bodies.card + ", \"spend\": \"5000\"", Bodies.milk, ["points", "unconfirmed"]),
        ("\"spend\": \"50\"", Bodies.milk, ["unknown-member"]),
        (
          "\"total\": \"1.00\"", "{ \"id\": \"1\", \"product\": \"milk\", \"price\": \"100.00\", \"amount\": \"90.00\" }",
          ["amount", "sums"]
        ),
        (
          "",
          "{ \"id\": \"1\", \"product\": \"milk\", \"price\": \"10.00\", \"tillReductions\": [{ \"kind\": \"x\", \"amount\": \"99.00\" }] }",
          ["reductions"]
        ),
        ("", "{ \"id\": \"1\", \"product\": \"milk\", \"quantity\": \"2\", \"price\": \"10.00\", \"mark\": \"0104\" }", ["marked"]),
        ("", "{ \"id\": \"1\", \"product\": \"milk\", \"price\": \"10.00\", \"legalEntity\": \"nobody\" }", ["seller"]),
        ("", "{ \"id\": \"1\", \"barcode\": \"2999999\", \"price\": \"10.00\" }", []),
        ("\"coupons\": [\"NOSUCH\"]", Bodies.milk, []),
        ("\"newField\": { \"a\": 1 }", Bodies.milk, ["unreadable"]),
        ("\"tenders\": [{ \"kind\": \"crypto\", \"amount\": \"200.00\" }], \"channel\": \"fridge\"", Bodies.milk, ["unreadable"]),
        (
          "\"tenders\": [{ \"kind\": \"card\", \"amount\": \"200.00\", \"only\": { \"categories\": [\"nowhere\"] } }]", Bodies.milk,
          ["unreadable"]
        ),
        ("\"member\": { \"identifier\": \"1001\", \"shown\": \"by-palm\" }", Bodies.milk, ["unreadable"]),
        (
          "\"member\": { \"identifier\": \"1001\", \"kind\": \"Ring Finger\", \"confirmation\": \"of another\" }", Bodies.milk,
          ["unreadable"]
        ),
        ("\"calculationId\": \"c-1\"", Bodies.milk, ["unreadable"]),
        (Bodies.card + ", \"hold\": \"of another system\"", Bodies.milk, ["unreadable"]),
        (
          "", "{ \"id\": \"1\", \"product\": \"milk\", \"price\": \"10.00\", \"kind\": \"hologram\", \"weight\": \"1\" }",
          ["unreadable"]
        ),
      ]
      for (place, item) in cases.enumerated() {
        let sold = try await line.post(
          "/till/v1/receipts", Bodies.receipt(place + 1, item.more, lines: item.lines), key: "sale-00\(10 + place)")
        #expect(sold.status == 201, "\(item)")
        #expect(try sold.causes.sorted() == item.causes, "\(item)")
      }
      // What nobody knew is in the catalogue from then on.
      let quote = try await line.post(
        "/till/v1/calculations", Bodies.basket(lines: "{ \"id\": \"1\", \"product\": \"2999999\", \"price\": \"10.00\" }"))
      #expect(try quote.at("unknownGoods") == nil)
      await line.close()
    }
  }

  @Test(arguments: TestDatabase.available) func `hears what was left aside, also beside something that decides alone`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let receipt = #""receipt": { "shift": 1, "number": "1", "fiscal": { "drive": "9", "document": 1 }, "qr": "x" }"#
      let sold = try await line.post("/till/v1/receipts", Bodies.basket(receipt + ", " + Bodies.card), key: "sale-0001")
      #expect(try sold.status == 201 && sold.causes == ["unreadable"] && sold.at("leftAside") == .array([.string("/receipt/qr")]))
      await line.close()
    }
  }

  @Test(arguments: TestDatabase.available) func `is told of a cause that only a newer server knows by its own word`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let body = Bodies.receipt(1, Bodies.card + ", \"total\": \"1.00\"")
      #expect(try await line.post("/till/v1/receipts", body, key: "sale-0001").causes == ["sums"])
      _ = try await shop.database.write { tx in
        try tx.run(SQL("update discrepancy set cause = $1 where cause = 'sums'", "moon-phase"))
      }
      let again = try await line.post("/till/v1/receipts", body, key: "sale-0001")
      #expect(try again.status == 201 && again.causes == ["moon-phase"])
      let page = try await shop.window(of: shop.hire("olga", .operator)).open(try await shop.place(1)).text
      #expect(page.contains("Незнакомая причина «moon-phase»"))
      await line.close()
    }
  }

  @Test(arguments: TestDatabase.available) func `takes goods back by a receipt that nobody here knows`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let body = Array(
        """
        { "receipt": { "shift": 1, "number": "50" }, "time": "2026-11-21T12:10:00", "news": 1, "lines": [{ "line": "1" }] }
        """.utf8)
      let path = "/till/v1/receipts/S9~1~1~99~2026-11-21"
      let back = try await line.post(path + "/returns", body, key: "back-0001")
      #expect(back.status == 201)
      #expect(try Set(back.causes) == ["unmatched", "unreadable"] && back.at("leftAside") == .array([.string("/news")]))
      let again = try await line.post(path + "/returns", body, key: "back-0001")
      #expect(try again.status == 201 && again.json == back.json)
      let undone = try await line.post(path + "/cancellation", Array("{ \"hold\": \"no-hold\" }".utf8), key: "undo-0001")
      #expect(undone.status == 200)
      #expect(try undone.at("undone") == .null && undone.at("leftAside") == .array([.string("/hold")]))
      // What is no key at all names nothing that could be recorded.
      let nonsense = try await line.post("/till/v1/receipts/nonsense/returns", body, key: "back-0002")
      #expect(nonsense.status == 404)
      await line.close()
    }
  }

  @Test func `hears at which place a receipt cannot be read, and everything that is wrong at once`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let line = try await shop.line()
      let bad = try await line.post(
        "/till/v1/receipts",
        Array(
          "{ \"receipt\": { \"shift\": -1 }, \"time\": \"yesterday\", \"lines\": [{ \"id\": \"1\", \"price\": 12.5 }], \"memeber\": 1 }"
            .utf8),
        key: "sale-0001")
      #expect(bad.status == 422)
      guard case .array(let issues)? = try bad.at("issues") else { return #expect(Bool(false), "no issues") }
      let pointers = Set(issues.compactMap { if case .string(let text)? = $0["pointer"] { text } else { nil } })
      #expect(
        pointers == ["/receipt/shift", "/receipt/number", "/time", "/lines/0/product", "/lines/0/price"], "\(pointers)")
      #expect(try bad.text("cashierText", "ru")?.isEmpty == false && bad.text("cashierText", "en")?.isEmpty == false)
      let broken = try await line.post("/till/v1/receipts", Array("{ \"lines\": [".utf8), key: "sale-0002")
      #expect(broken.status == 400)
      #expect(try broken.text("code") == "not_json")
      let keyless = try await line.post("/till/v1/receipts", Bodies.receipt(1))
      #expect(keyless.status == 422)
      #expect(try keyless.text("code") == "request_key_missing")
      let huge = try await line.post("/till/v1/receipts", Array(repeating: 0x20, count: Limits.body + 1), key: "sale-0003")
      #expect(huge.status == 413)
      await line.close()
    }
  }

  @Test func `sells up to a thousand lines`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let line = try await shop.line()
      func lines(_ count: Int) -> String {
        (1...count).map { "{\"id\":\"\($0)\",\"product\":\"milk\",\"price\":\"1.00\"}" }.joined(separator: ",")
      }
      let most = try await line.post("/till/v1/receipts", Bodies.receipt(1, lines: lines(1000)), key: "sale-0001")
      #expect(most.status == 201)
      #expect(try most.text("amount") == "1000.00")
      let more = try await line.post("/till/v1/receipts", Bodies.receipt(2, lines: lines(1001)), key: "sale-0002")
      #expect(more.status == 422)
      await line.close()
    }
  }
}
