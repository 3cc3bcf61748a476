import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import regulars

@Suite struct `a till's other calls` {
  private static func body(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test(arguments: TestDatabase.available) func `bring goods back by line, once, and cancel what was not printed`(
    on kind: TestDatabase
  )
    async throws
  {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      #expect(try await line.post("/till/v1/receipts", Bodies.receipt(1), key: "sale-0001").status == 201)
      let back = Self.body(
        "{ \"receipt\": { \"shift\": 1, \"number\": \"2\" }, \"time\": \"2026-11-21T13:00:00\", \"lines\": [{ \"line\": \"1\", \"quantity\": \"1\" }] }"
      )
      let path = "/till/v1/receipts/S1~1~1~1~2026-11-21"
      let first = try await line.post(path + "/returns", back, key: "back-0001")
      #expect(first.status == 201)
      #expect(try first.text("amount") == "100.00" && first.text("pointsTakenBack") == "5")
      #expect(try await line.post(path + "/returns", back, key: "back-0001").json == first.json)
      #expect(try await line.get(path).text("state") == "partly-returned")
      let cancelled = try await line.post(path + "/cancellation", Self.body("{}"), key: "cancel-0001")
      #expect(cancelled.status == 200)
      #expect(try cancelled.text("undone", "amount") == "100.00")
      #expect(await shop.meters.text().contains("regulars_discrepancies_total{cause=\"cancelled-late\"} 1\n"))
      #expect(try await line.post(path + "/cancellation", Self.body("{}"), key: "cancel-0001").json == cancelled.json)
      #expect(try await line.get(path).text("state") == "cancelled")
      let never = try await line.post("/till/v1/receipts/S1~1~1~9~2026-11-21/cancellation", Self.body("{}"), key: "cancel-0002")
      #expect(never.status == 200)
      #expect(try never.at("undone") == .null)
      let loose = try await line.post(
        "/till/v1/returns",
        Self.body(
          "{ \"receipt\": { \"shift\": 1, \"number\": \"3\" }, \"time\": \"2026-11-21T14:00:00\", \"lines\": [{ \"product\": \"bread\" }], \"amount\": \"50.00\" }"
        ),
        key: "back-0002")
      #expect(loose.status == 201)
      #expect(try loose.causes == ["unmatched"])
      await line.close()
    }
  }

  @Test(arguments: TestDatabase.available) func `hold points once, sell by the hold, and let another go`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let wish = Self.body("{ \(Bodies.card), \"points\": \"100\" }")
      let first = try await line.post("/till/v1/holds", wish, key: "hold-0001")
      #expect(first.status == 201)
      #expect(try await line.post("/till/v1/holds", wish, key: "hold-0001").json == first.json)
      let hold = try #require(try first.text("hold"))
      let sold = try await line.post(
        "/till/v1/receipts", Bodies.receipt(1, Bodies.card + ", \"spend\": \"100\", \"hold\": \"\(hold)\""), key: "sale-0001")
      #expect(try sold.causes == [] && sold.text("balance", "held") == "0" && sold.text("balance", "active") == "905")
      let quote = Bodies.basket(Bodies.card + ", \"spend\": \"50\", \"hold\": true")
      let held = try await line.post("/till/v1/calculations", quote, key: "quote-001")
      #expect(held.status == 201)
      #expect(
        try held.text("hold", "id") == (try await line.post("/till/v1/calculations", quote, key: "quote-001")).text("hold", "id"))
      #expect(try await line.get("/till/v1/members?identifier=1001").text("balance", "held") == "50")
      let name = try #require(try held.text("hold", "id"))
      for _ in 1...2 { #expect(try await line.delete("/till/v1/holds/\(name)").status == 200) }
      #expect(try await line.get("/till/v1/members?identifier=1001").text("balance", "held") == "0")
      #expect(try await line.post("/till/v1/calculations", quote).text("code") == "request_key_missing")
      let greedy = try await line.post("/till/v1/holds", Self.body("{ \(Bodies.card), \"points\": \"290\" }"), key: "hold-0002")
      #expect(greedy.status == 201)
      let typed = "{ \"member\": { \"identifier\": \"+79161234567\" }, \"points\": \"10\" }"
      #expect(try await line.post("/till/v1/holds", Self.body(typed), key: "hold-0003").text("code") == "identification_weak")
      await line.close()
    }
  }

  @Test(arguments: TestDatabase.available) func `ask for a code above the programme's bound, and guessing does not help`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let much = Self.body("{ \(Bodies.card), \"points\": \"500\" }")
      #expect(try await line.post("/till/v1/holds", much, key: "hold-0001").text("code") == "confirmation_required")
      let asked = try await line.post("/till/v1/confirmations", much, key: "code-0001")
      #expect(asked.status == 201)
      #expect(try await line.post("/till/v1/confirmations", much, key: "code-0001").json == asked.json)
      #expect(try asked.text("sentTo") == "+7********67")
      let name = try #require(try asked.text("confirmation"))
      let code = try #require(shop.sent.withLock { $0["+79161234567"] })
      let wrong = code == "0000" ? "1111" : "0000"
      let path = "/till/v1/confirmations/\(name)/verification"
      for left in [4, 3] {
        let reply = try await line.post(path, Self.body("{ \"code\": \"\(wrong)\" }"))
        #expect(reply.status == 409)
        #expect(try reply.text("cashierText", "en")?.contains("\(left)") == true)
      }
      #expect(try await line.post(path, Self.body("{ \"code\": \"\(code)\" }")).at("isVerified") == .bool(true))
      // A telephone number that was only typed is proved by the code, and may spend.
      let member = "\"member\": { \"identifier\": \"8 916 123-45-67\", \"shown\": \"typed\", \"confirmation\": \"\(name)\" }"
      #expect(
        try await line.post("/till/v1/holds", Self.body("{ \(member), \"points\": \"500\" }"), key: "hold-0002").status == 201)
      let sold = try await line.post(
        "/till/v1/receipts",
        Bodies.receipt(1, member + ", \"spend\": \"400\"", lines: "{ \"id\": \"1\", \"product\": \"tea\", \"price\": \"900.00\" }"),
        key: "sale-0001")
      #expect(try sold.causes == [])
      // Five wrong guesses use a code up, and three codes an hour are enough for anybody.
      for number in 2...3 {
        let next = try await line.post("/till/v1/confirmations", much, key: "code-000\(number)")
        let other = try #require(try next.text("confirmation"))
        let way = "/till/v1/confirmations/\(other)/verification"
        for _ in 1...5 { #expect(try await line.post(way, Self.body("{ \"code\": \"x\" }")).status >= 400) }
        let right = try #require(shop.sent.withLock { $0["+79161234567"] })
        #expect(try await line.post(way, Self.body("{ \"code\": \"\(right)\" }")).status != 200)
      }
      #expect(try await line.post("/till/v1/confirmations", much, key: "code-0004").status == 429)
      await line.close()
      // A code is over after minutes and forgotten a day later, on which its row can be of no use to anybody.
      let number = { try await shop.database.read { tx in try tx.row("select count(*) from confirmation")?.int(0) } }
      #expect(try await number() == 3)
      let soon = shop.now
      #expect(try await shop.database.write(.bulk) { tx in try Confirmations.forget(before: soon, in: &tx) } == 0)
      let later = shop.now + .hours(1)
      #expect(try await shop.database.write(.bulk) { tx in try Confirmations.forget(before: later, limit: 2, in: &tx) } == 2)
      #expect(try await shop.database.write(.bulk) { tx in try Confirmations.forget(before: later, limit: 2, in: &tx) } == 1)
      #expect(try await number() == 0)
    }
  }

  @Test(arguments: TestDatabase.available) func `send a batch of receipts again and again without doing anything twice`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      func receipt(_ number: Int, _ more: String = Bodies.card) -> String {
        """
        { "requestKey": "offline-\(number)", "receipt": { "shift": 2, "number": "\(number)" }, "time": "2026-11-21T10:0\(number):00", \(more),
          "lines": [{ "id": "1", "product": "milk", "price": "100.00", "amount": "95.00" }] }
        """
      }
      let bad = "{ \"requestKey\": \"offline-9\", \"receipt\": { \"shift\": 2 }, \"lines\": [] }"
      let batch = Self.body("{ \"receipts\": [\(receipt(2)), \(receipt(1)), \(bad)] }")
      let first = try await line.post("/till/v1/receipt-batches", batch)
      #expect(first.status == 200)
      guard case .array(let results)? = try first.at("results") else { return #expect(Bool(false)) }
      #expect(results.map { $0["status"] } == [.int(201), .int(201), .int(422)])
      #expect(results[0]["receipt"]?["earned"] == "4" && results[0]["receipt"]?["discrepancies"] == .array([]))
      let again = try await line.post("/till/v1/receipt-batches", batch)
      guard case .array(let repeated)? = try again.at("results") else { return #expect(Bool(false)) }
      #expect(zip(results, repeated).prefix(2).allSatisfy { $0["receipt"]?["receipt"] == $1["receipt"]?["receipt"] })
      #expect(try await line.get("/till/v1/members?identifier=1001").text("balance", "active") == "1008")
      // What was sold while there was a network, but never answered, may come in a batch under the same key.
      let online = try JSON.parse(receipt(3))
      guard case .object(let members) = online else { return }
      let alone = JSON.object(members.filter { $0.key != "requestKey" })
      #expect(try await line.post("/till/v1/receipts", Self.body(alone.compact), key: "offline-3").status == 201)
      let late = try await line.post("/till/v1/receipt-batches", Self.body("{ \"receipts\": [\(receipt(3))] }"))
      guard case .array(let third)? = try late.at("results") else { return #expect(Bool(false)) }
      // The till's sum is not ours, then and now; that it came twice is no discrepancy.
      guard case .array(let notes)? = third[0]["receipt"]?["discrepancies"] else { return #expect(Bool(false)) }
      #expect(third[0]["status"] == .int(201) && notes.map { $0["cause"] } == ["amount"])
      // A receipt may say which till it is of, but not another.
      for (more, status) in [("\"store\": \"S1\", \(Bodies.card)", Int64(201)), ("\"register\": \"2\", \(Bodies.card)", 422)] {
        let told = try await line.post("/till/v1/receipt-batches", Self.body("{ \"receipts\": [\(receipt(3, more))] }"))
        guard case .array(let results)? = try told.at("results") else { return #expect(Bool(false)) }
        #expect(results[0]["status"] == .int(status), "\(results[0])")
      }
      await line.close()
    }
  }

  @Test(arguments: TestDatabase.available) func `let a receipt find its member later, and somebody join at the till`(
    on kind: TestDatabase
  )
    async throws
  {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      #expect(try await line.post("/till/v1/receipts", Bodies.receipt(1, ""), key: "sale-0001").status == 201)
      let path = "/till/v1/receipts/S1~1~1~1~2026-11-21/member"
      let found = try await line.post(path, Self.body("{ \(Bodies.card) }"), key: "attach-001")
      #expect(found.status == 201)
      #expect(try found.text("earned") == "10")
      #expect(try await line.post(path, Self.body("{ \(Bodies.card) }"), key: "attach-001").json == found.json)
      let join = Self.body(
        "{ \"identifiers\": [{ \"kind\": \"phone\", \"value\": \"8 903 765-43-21\" }, { \"kind\": \"card\", \"value\": \"1500\" }], \"person\": { \"givenName\": \"Пётр\" } }"
      )
      let joined = try await line.post("/till/v1/members", join, key: "join-0001")
      #expect(joined.status == 201)
      #expect(try await line.post("/till/v1/members", join, key: "join-0001").json == joined.json)
      #expect(try await line.post("/till/v1/members", join, key: "join-0002").json == joined.json)
      let member = try await line.get("/till/v1/members?identifier=%2B79037654321")
      #expect(try member.text("greeting") == "Пётр" && member.text("id") == joined.text("member"))
      #expect(try member.text("identifier", "masked") == "+7********21")
      let taken = try await line.post(
        "/till/v1/members",
        Self.body(
          "{ \"identifiers\": [{ \"kind\": \"card\", \"value\": \"1500\" }, { \"kind\": \"card\", \"value\": \"1501\" }] }"),
        key: "join-0003")
      #expect(taken.status == 409)
      #expect(try await line.get("/till/v1/members?identifier=1999").text("code") == "member_unknown")
      await line.close()
    }
  }

  @Test(arguments: TestDatabase.available) func `close a shift and see what is missing and what is too much`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      for number in 1...3 { _ = try await line.post("/till/v1/receipts", Bodies.receipt(number), key: "sale-000\(number)") }
      let shift = """
        "shift": 1, "opened": "2026-11-21T09:00:00", "closed": "2026-11-21T21:00:00"
        """
      let ties = try await line.post(
        "/till/v1/shift-closings", Self.body("{ \(shift), \"sales\": { \"count\": 3, \"amount\": \"600.00\" } }"), key: "shift-0001"
      )
      #expect(ties.status == 201)
      #expect(try ties.at("ties") == .bool(true))
      let list = [1, 2, 4].map { "{ \"number\": \"\($0)\", \"amount\": \"200.00\" }" }.joined(separator: ",")
      let differs = try await line.post(
        "/till/v1/shift-closings",
        Self.body("{ \(shift), \"sales\": { \"count\": 3, \"amount\": \"600.00\" }, \"receipts\": [\(list)] }"), key: "shift-0002")
      #expect(try differs.at("ties") == .bool(false))
      #expect(try differs.at("missingCount") == .int(1) && differs.at("surplusCount") == .int(1))
      // The one that is missing comes from a till that was offline: then there is only one too much.
      _ = try await line.post("/till/v1/receipts", Bodies.receipt(4), key: "sale-0004")
      let shown = try await line.get("/till/v1/shift-closings/S1~1~1~2026-11-21")
      #expect(shown.status == 200)
      #expect(try shown.at("answer", "missingCount") == .int(0) && shown.at("answer", "surplusCount") == .int(1))
      let office = try await shop.line(shop.office)
      let board = try await office.get("/till/v1/board?from=2026-11-20&to=2026-11-21")
      #expect(board.status == 200)
      #expect(try await office.get("/till/v1/board?after=a%00b").status == 422, "no database takes a NUL")
      #expect(try await office.get("/till/v1/receipts/S1~1~1~a%00b~2026-11-21").status == 404)
      #expect(try await office.get("/till/v1/board?from=2026-01-01&to=2026-11-21").status == 422)
      await line.close()
      await office.close()
    }
  }

  @Test(arguments: TestDatabase.available) func `are kept for whoever is asked why, with nothing that names a person`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      _ = try await line.post(
        "/till/v1/calculations",
        Bodies.basket("\"member\": { \"identifier\": \"+79161234567\" }, \"coupons\": [\"WRONG\"], \"basket\": \"b-1\""))
      _ = try await line.post("/till/v1/calculations", Bodies.basket("\"nonsense\": 1"))
      await shop.answers.flush(shop.log)
      let office = try await shop.line(shop.office)
      let day = "from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z"
      let kept = try await office.get("/till/v1/answers?store=S1&register=1&\(day)")
      #expect(kept.status == 200)
      guard case .array(let answers)? = try kept.at("answers") else { return #expect(Bool(false)) }
      #expect(answers.count == 2)
      #expect(Set(answers.map { $0["status"] }) == [.int(201), .int(422)])
      let text = String(decoding: kept.body, as: UTF8.self)
      #expect(!text.contains("9161234567") && text.contains("coupon-") && text.contains("\"basket\":\"b-1\""))
      let refused = try await office.get("/till/v1/answers?store=S1&refused=true&\(day)")
      guard case .array(let few)? = try refused.at("answers") else { return #expect(Bool(false)) }
      #expect(few.count == 1 && few[0]["code"] == "invalid_input")
      let forgotten = try await shop.database.write { tx in try TillAnswers.forget(before: shop.now + .days(8), in: &tx) }
      #expect(forgotten == 2)
      await line.close()
      await office.close()
    }
  }
}
