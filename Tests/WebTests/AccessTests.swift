import Access
import Kernel
import TestKit
import Testing
import regulars

@Suite struct `who may ask` {
  /// Every call with a decent body, so that what refuses is who asks and not what was asked.
  static let calls: [(method: String, path: String, body: String, scope: Scope)] = [
    ("POST", "/till/v1/calculations", "{ \"lines\": [\(Bodies.milk)] }", .sell),
    ("POST", "/till/v1/receipts", String(decoding: Bodies.receipt(1), as: UTF8.self), .sell),
    ("GET", "/till/v1/receipts/S1~1~1~1~2026-11-21", "", .sell),
    ("POST", "/till/v1/receipts/S1~1~1~1~2026-11-21/cancellation", "{}", .sell),
    (
      "POST", "/till/v1/receipts/S1~1~1~1~2026-11-21/returns",
      "{ \"receipt\": { \"shift\": 1, \"number\": \"2\" }, \"time\": \"2026-11-21T13:00:00\", \"lines\": [{ \"line\": \"1\" }] }",
      .sell
    ),
    ("POST", "/till/v1/receipts/S1~1~1~1~2026-11-21/member", "{ \(Bodies.card) }", .membersWrite),
    ("POST", "/till/v1/receipts/S1~1~1~1~2026-11-21/activations", "{}", .sell),
    ("POST", "/till/v1/exchanges", ExchangeTests.body(81), .sell),
    (
      "POST", "/till/v1/returns",
      "{ \"receipt\": { \"shift\": 1, \"number\": \"3\" }, \"time\": \"2026-11-21T13:00:00\", \"lines\": [{ \"product\": \"milk\" }] }",
      .sell
    ),
    ("POST", "/till/v1/receipt-batches", "{ \"receipts\": [] }", .sell),
    (
      "POST", "/till/v1/shift-closings",
      "{ \"shift\": 1, \"opened\": \"2026-11-21T09:00:00\", \"closed\": \"2026-11-21T21:00:00\", \"sales\": { \"count\": 0, \"amount\": \"0.00\" } }",
      .sell
    ),
    ("GET", "/till/v1/shift-closings/S1~1~1~2026-11-21", "", .sell), ("GET", "/till/v1/board", "", .watch),
    ("POST", "/till/v1/holds", "{ \(Bodies.card), \"points\": \"10\" }", .sell),
    ("DELETE", "/till/v1/holds/hld_0000000000000.mem_0000000000000", "", .sell),
    ("POST", "/till/v1/confirmations", "{ \(Bodies.card), \"points\": \"10\" }", .codes),
    ("POST", "/till/v1/confirmations/cnf_0000000000000.mem_0000000000000/verification", "{ \"code\": \"1234\" }", .codes),
    ("POST", "/till/v1/certificates", "{ \"certificate\": \"G1\" }", .sell),
    ("GET", "/till/v1/games", "", .sell), ("POST", "/till/v1/games/WHEEL/draws", "{ \(Bodies.card) }", .sell),
    ("POST", "/till/v1/games/WHEEL/pages", "{ \(Bodies.card), \"page\": \"tea\" }", .sell),
    ("GET", "/till/v1/members?identifier=1001", "", .membersRead),
    ("POST", "/till/v1/members", "{ \"identifiers\": [{ \"kind\": \"card\", \"value\": \"1500\" }] }", .membersWrite),
    ("GET", "/till/v1/members/mem_0000000000000/favourites", "", .membersRead),
    (
      "PUT", "/till/v1/members/mem_0000000000000/favourites", "{ \"period\": \"present\", \"categories\": [] }",
      .membersWrite
    ),
    ("POST", "/till/v1/members/mem_0000000000000/offers/week", "{}", .membersWrite),
    ("DELETE", "/till/v1/members/mem_0000000000000/offers/week", "", .membersWrite),
    ("GET", "/till/v1/members/mem_0000000000000/consents", "", .membersRead),
    (
      "POST", "/till/v1/members/mem_0000000000000/consents",
      "{ \"consent\": \"terms\", \"isGiven\": true, \"text\": \"1\", \"source\": \"till\" }", .membersWrite
    ),
    ("POST", "/till/v1/actions/review", "{ \(Bodies.card), \"subject\": \"review 1\" }", .rewards),
    ("POST", "/till/v1/members/mem_0000000000000/referral-code", "{}", .rewards),
    ("POST", "/till/v1/members/mem_0000000000000/referrer", "{ \"code\": \"AB\" }", .rewards),
    (
      "POST", "/till/v1/events",
      "{ \"events\": [{ \"key\": \"e1\", \"event\": \"pageView\", \"at\": \"2026-11-21T09:00:00Z\", \"visitor\": \"v1\" }] }",
      .events
    ),
    ("GET", "/till/v1/members/mem_0000000000000/attributes", "", .profiles),
    ("PUT", "/till/v1/members/mem_0000000000000/attributes", "{ \"attributes\": {} }", .profiles),
    ("GET", "/till/v1/members/mem_0000000000000/household", "", .membersRead),
    ("POST", "/till/v1/members/mem_0000000000000/household", "{}", .membersWrite),
    ("DELETE", "/till/v1/members/mem_0000000000000/household", "", .membersWrite),
    ("POST", "/till/v1/members/mem_0000000000000/household/invitations", "{ \(Bodies.card) }", .membersWrite),
    (
      "POST", "/till/v1/members/mem_0000000000000/household/acceptance",
      "{ \"household\": \"hou_0000000000000\", \"confirmation\": \"cnf_0000000000000.mem_0000000000000\" }", .membersWrite
    ),
    ("POST", "/till/v1/members/mem_0000000000000/trials/plus", "{}", .membersWrite),
    ("GET", "/till/v1/members/mem_0000000000000/transfers", "", .membersRead),
    (
      "POST", "/till/v1/members/mem_0000000000000/transfers",
      "{ \"shown\": \"app\", \"to\": { \"identifier\": \"1001\" }, \"points\": \"1\" }", .membersWrite
    ),
    ("GET", "/till/v1/members/mem_0000000000000/donations", "", .membersRead),
    (
      "POST", "/till/v1/members/mem_0000000000000/donations",
      "{ \"shown\": \"app\", \"charity\": \"paws\", \"points\": \"1\" }", .membersWrite
    ),
    (
      "POST", "/till/v1/members/mem_0000000000000/finds",
      "{ \"shown\": \"app\", \"to\": { \"identifier\": \"1001\" }, \"game\": \"DOGS\", \"find\": \"RED\" }", .membersWrite
    ),
    ("GET", "/till/v1/answers?store=S1", "", .watch), ("GET", "/till/v1/labels?store=S1", "", .labels),
    ("GET", "/metrics", "", .metrics),
    ("GET", "/v1/dimensions", "", .analysis), ("GET", "/v1/measures", "", .analysis),
    ("POST", "/v1/pivot", "{ \"values\": [\"sales\"] }", .analysis), ("GET", "/v1/reports", "", .analysis),
    ("GET", "/v1/reports/kpi", "", .analysis), ("GET", "/v1/segments", "", .segments),
    ("POST", "/v1/segments/count", "{ \"sex\": \"female\" }", .segments),
    ("GET", "/v1/segments/bakers/members", "", .segmentMembers),
    ("GET", "/v1/segments/bakers/members/mem_0000000000000", "", .segmentMembers),
    ("POST", "/v1/segments/bakers/changes", "{ \"act\": \"add\", \"members\": [\"mem_0000000000000\"] }", .segmentLists),
  ]

  private static func ask(_ line: TillLine, _ call: (method: String, path: String, body: String, scope: Scope), key: String)
    async throws
    -> TillLine.Reply
  {
    switch call.method {
    case "GET": try await line.get(call.path)
    case "DELETE": try await line.delete(call.path)
    case "PUT": try await line.put(call.path, Array(call.body.utf8))
    default: try await line.post(call.path, Array(call.body.utf8), key: key)
    }
  }

  @Test func `every call is in the list of these tests`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let listed = Set(Self.calls.map { "\($0.method) \(Self.shape($0.path)) \($0.scope)" })
      let known = Set(shop.routes.withLock { $0 }.compactMap { route in route.scope.map { "\(route.method) \(route.path) \($0)" } })
      #expect(known.subtracting(listed) == [] && listed.subtracting(known) == [])
    }
  }

  /// What stands in paths, by the name of its place.
  private static let names: [Substring: String] = [
    "WHEEL": "{code}", "review": "{code}", "week": "{promotion}", "plus": "{plan}", "kpi": "{key}", "bakers": "{key}",
  ]

  /// The path as the list of endpoints has it.
  private static func shape(_ path: String) -> String {
    path.split(separator: "?")[0].split(separator: "/").map {
      $0.contains("~")
        ? "{key}"
        : ["hld_", "cnf_", "mem_"].contains($0.prefix(4))
          ? "{id}" : names[$0] ?? String($0)
    }.reduce("") { $0 + "/" + $1 }
  }

  @Test func `nobody without a token, with a wrong one, or with one that was revoked`() async throws {
    try await WebShop.open(.sqlite) { shop in
      for secret in ["", "rgt_" + String(repeating: "0", count: 52), "nonsense"] {
        let line = try await shop.line(secret)
        for (place, call) in Self.calls.enumerated() {
          let reply = try await Self.ask(line, call, key: "request-\(place)")
          #expect(reply.status == 401, "\(call.path)")
          #expect(try reply.text("code") == "unauthenticated")
        }
        await line.close()
      }
      let line = try await shop.line(shop.office)
      #expect(try await line.get("/till/v1/board").status == 200)
      let (account, change) = (shop.account, Change(by: .demo, at: shop.now, ids: shop.ids))
      try await shop.database.write { tx in
        for token in try Tokens(of: account).all(limit: 100, in: &tx) {
          try Tokens(of: account).revoke(token.id, by: change, in: &tx)
        }
      }
      shop.pass(.seconds(2))
      #expect(try await line.get("/till/v1/board").status == 401)
      await line.close()
    }
  }

  @Test func `nobody whose token lacks the scope`() async throws {
    try await WebShop.open(.sqlite) { shop in
      for (place, call) in Self.calls.enumerated() {
        let line = try await shop.line(try await shop.issue(Set(Scope.allCases).subtracting([call.scope])))
        let reply = try await Self.ask(line, call, key: "request-\(place)")
        #expect(reply.status == 403, "\(call.path) \(reply.status)")
        #expect(try reply.text("code") == "scope_missing")
        await line.close()
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `another account's receipts, members and holds are not there`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let ours = try await shop.line()
      #expect(try await ours.post("/till/v1/receipts", Bodies.receipt(1), key: "sale-0001").status == 201)
      let hold = try await ours.post("/till/v1/holds", Array("{ \(Bodies.card), \"points\": \"10\" }".utf8), key: "hold-0001")
      let name = try #require(try hold.text("hold"))
      let theirs = try await shop.line(shop.stranger)
      #expect(try await theirs.get("/till/v1/receipts/S1~1~1~1~2026-11-21").status == 404)
      #expect(try await theirs.delete("/till/v1/holds/\(name)").status == 404)
      let stolen = try await theirs.post(
        "/till/v1/calculations", Bodies.basket("\"member\": { \"id\": \"\(shop.anna)\", \"shown\": \"app\" }"))
      #expect(try stolen.at("member", "isFound") == .bool(false))
      // The same key means their own receipt, with no trace of ours.
      let sold = try await theirs.post("/till/v1/receipts", Bodies.receipt(1), key: "sale-0001")
      #expect(sold.status == 201)
      #expect(try sold.causes == [])
      let attempt = try await ours.post("/till/v1/calculations", Bodies.basket("\"store\": \"S2\""))
      #expect(attempt.status == 403)
      #expect(try attempt.text("code") == "other_till")
      await ours.close()
      await theirs.close()
    }
  }

  @Test func `asks too often and is told to wait, but never about what is sold`() async throws {
    try await WebShop.open(.sqlite, rate: 3) { shop in
      let line = try await shop.line()
      var statuses: [Int] = []
      for _ in 0..<5 { statuses.append(try await line.post("/till/v1/calculations", Bodies.basket()).status) }
      #expect(statuses == [201, 201, 201, 429, 429])
      for number in 1...10 {
        #expect(try await line.post("/till/v1/receipts", Bodies.receipt(number), key: "sale-00\(number)").status == 201)
      }
      shop.pass(.seconds(1))
      #expect(try await line.post("/till/v1/calculations", Bodies.basket()).status == 201)
      await line.close()
    }
  }
}
