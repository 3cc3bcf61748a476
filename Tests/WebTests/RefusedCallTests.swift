import Access
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing
import Web
import regulars

@Suite struct `a request that is refused before it is read` {
  private static func body(_ text: String) -> [UInt8] { Array(text.utf8) }
  private static let day = "from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z"

  private static func kept(_ shop: WebShop, _ query: String, by token: String? = nil) async throws -> [JSON] {
    await shop.answers.flush(shop.log)
    let line = try await shop.line(token ?? shop.office)
    let reply = try await line.get("/till/v1/answers?" + query)
    await line.close()
    #expect(reply.status == 200, "\(String(decoding: reply.body, as: UTF8.self))")
    guard case .array(let answers)? = try reply.at("answers") else { return [] }
    return answers
  }

  @Test(arguments: TestDatabase.available) func `is counted by its code, and kept for the till whose token it is`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      func count(_ code: String) async -> Bool {
        await shop.meters.text().contains("regulars_refusals_total{code=\"\(code)\"} 1\n")
      }
      let zero = await shop.meters.text()
      for code in ["not_json", "scope_missing", "unauthenticated", "path_unknown", "body_too_large", "too_many_requests"] {
        #expect(zero.contains("regulars_refusals_total{code=\"\(code)\"} 0\n"), "\(code)")
      }
      let line = try await shop.line()
      let unread = try await line.post("/till/v1/calculations", Self.body("{ \"member\": { \"identifier\": \"+79161234567\""))
      #expect(unread.status == 400)
      #expect(try await line.get("/till/v1/board").status == 403)
      #expect(try await line.get("/till/v1/nowhere/+79161234567").status == 404)
      #expect(try await line.put("/till/v1/receipts", Self.body("{}")).status == 405)
      #expect(try await line.post("/till/v1/calculations", Bodies.basket("\"store\": \"S2\"")).status == 403)
      await line.close()
      let nobody = try await shop.line("rgt_" + String(repeating: "0", count: 52))
      #expect(try await nobody.get("/till/v1/board").status == 401)
      await nobody.close()
      for code in ["not_json", "scope_missing", "path_unknown", "method_not_allowed", "other_till", "unauthenticated"] {
        #expect(await count(code), "\(code)")
      }
      let answers = try await Self.kept(shop, "store=S1&register=1&refused=true&\(Self.day)")
      // Latest first; whoever shows no token of ours is nobody's.
      #expect(answers.map { $0["code"] } == ["other_till", "method_not_allowed", "path_unknown", "scope_missing", "not_json"])
      #expect(answers.map { $0["call"] } == ["calculations", "receipts", "other", "board", "calculations"])
      #expect(answers.map { $0["status"] } == [.int(403), .int(405), .int(404), .int(403), .int(400)])
      #expect(answers.first?["request"]?["lines"] != nil, "what was asked of goods can be read, and is kept")
      let text = JSON.array(answers).compact
      #expect(!text.contains("9161234567") && !text.contains("rgt_"))
    }
  }

  @Test(arguments: TestDatabase.available) func `is found by the request's id, of a till and of another system`(
    on kind: TestDatabase
  )
    async throws
  {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let ours = try #require(try await line.post("/till/v1/calculations", Self.body("nonsense")).text("requestId"))
      let office = try await shop.line(try await shop.issue([.sell]))
      let theirs = try #require(try await office.get("/till/v1/board").text("requestId"))
      let refused = try #require(
        try await line.post("/till/v1/receipts", Bodies.receipt(1, lines: "{}"), key: "sale-0001").text("requestId"))
      let priced = "\"basket\": \"b-1\""
      #expect(try await line.post("/till/v1/calculations", Bodies.basket(priced)).status == 201)
      #expect(try await Self.kept(shop, "request=\(ours)").map { $0["code"] } == ["not_json"])
      #expect(try await Self.kept(shop, "request=\(refused)&store=S1").map { $0["register"] } == ["1"])
      let other = try await Self.kept(shop, "request=\(theirs)")
      #expect(other.count == 1 && other[0]["system"] == "some" && other[0]["register"] == nil && other[0]["store"] == nil)
      #expect(try await Self.kept(shop, "request=\(theirs)&store=S1") == [], "it came from no till of the store")
      #expect(try await Self.kept(shop, "request=never") == [])
      let watcher = try await shop.line(try await shop.issue([.watch]))
      #expect(try await watcher.get("/till/v1/answers?request=\(ours)&refused=true").status == 422)
      #expect(try await watcher.get("/till/v1/answers?request=\(ours)&store=S9").status == 422)
      #expect(try await watcher.get("/till/v1/answers").status == 422)
      let window = try await shop.window(of: shop.hire("olga", .operator))
      let page = try await window.open("/console/receipts/answers?request=\(theirs)").text
      for text in ["система some", "scope_missing", theirs] { #expect(page.contains(text), "\(text)") }
      #expect(try await window.open("/console/receipts/answers?request=\(ours)").text.contains("not_json"))
      #expect(try await window.open("/console/receipts/answers?request=never").text.contains("Такого запроса нет"))
      let systems = try await window.open("/console/receipts/answers?kind=systems&date=2026-11-21").text
      #expect(systems.contains(theirs) && !systems.contains(ours))
      for one in [line, office, watcher] { await one.close() }
    }
  }

  @Test(arguments: TestDatabase.available) func `does not make a till whose token has ended look as if it worked`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      // Eight days of the same hour; then somebody revokes its token.
      for day in 0..<8 {
        let basket = "\"time\": \"2026-11-\(21 + day)T12:00:00\", \"lines\": [\(Bodies.milk)]"
        let receipt = "\"receipt\": { \"shift\": \(day + 1), \"number\": \"1\" }"
        let line = try await shop.line()
        #expect(try await line.post("/till/v1/calculations", Self.body("{ \(basket) }")).status == 201)
        #expect(
          try await line.post("/till/v1/receipts", Self.body("{ \(basket), \(receipt) }"), key: "sale-000\(day)").status == 201)
        await line.close()
        await shop.answers.flush(shop.log)
        shop.pass(day < 7 ? .days(1) : .hours(1))
      }
      let (account, change) = (shop.account, Change(by: .demo, at: shop.now, ids: shop.ids))
      try await shop.database.write { tx in
        for token in try Tokens(of: account).latest(ofTills: true, limit: 10, in: &tx) {
          try Tokens(of: account).revoke(token.id, by: change, in: &tx)
        }
      }
      shop.pass(.minutes(24 * 60 + 30))
      let line = try await shop.line()
      #expect(try await line.post("/till/v1/calculations", Bodies.basket()).text("code") == "unauthenticated")
      await line.close()
      await shop.answers.flush(shop.log)
      let (store, now) = (try await shop.floors.floor(of: shop.programme, account: account).store("S1")?.id, shop.now)
      let query = TillAnswerQuery(store: store ?? StoreID(0), from: now - .hours(1), to: now, refusalsOnly: true)
      let kept = try await shop.database.read { tx in try TillAnswers(of: account).find(query, limit: 10, in: &tx) }
      #expect(kept.map(\.code) == ["unauthenticated"] && kept.map(\.register) == ["1"])
      #expect(kept.map(\.request) == ["null"], "who may not ask has said nothing")
      let report = try await SilentTills(of: account).look(at: now, zones: { WebShop.zone($0) }, on: shop.database)
      #expect(report.tills.map(\.register) == ["1"], "it knocks, and sells nothing by us")
    }
  }

  @Test func `is kept no more than so often a minute, and what is left out is counted`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let line = try await shop.line()
      for _ in 0..<15 { #expect(try await line.post("/till/v1/calculations", Self.body("nonsense")).status == 400) }
      #expect(try await line.post("/till/v1/receipts", Self.body("nonsense"), key: "sale-0001").status == 400)
      let before = shop.answers.dropped
      let kept = try await Self.kept(shop, "store=S1&refused=true&limit=100&\(Self.day)")
      #expect(kept.count == 11 && kept.count { $0["call"] == "calculations" } == 10 && before == 5)
      #expect(await shop.meters.text().contains("regulars_refusals_total{code=\"not_json\"} 16\n"))
      shop.pass(.minutes(1))
      #expect(try await line.post("/till/v1/calculations", Self.body("nonsense")).status == 400)
      #expect(try await Self.kept(shop, "store=S1&refused=true&limit=100&\(Self.day)").count == 12)
      await line.close()
    }
  }
}

@Suite struct `what the server says of its holds` {
  @Test(arguments: TestDatabase.available) func `counts those that were made, used, let go and ended`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      func count(_ act: String) async -> String? {
        await shop.meters.text().split(separator: "\n").first { $0.hasPrefix("regulars_holds_total{act=\"\(act)\"}") }
          .flatMap { $0.split(separator: " ").last.map(String.init) }
      }
      for act in ["made", "used", "released", "ended"] { #expect(await count(act) == "0", "\(act)") }
      let due = DueWallets(zones: WebShop.zone, ids: shop.ids)
      func held() async throws -> Int64 { try await shop.database.read { tx in try due.held(in: &tx) } }
      #expect(try await held() == 0)
      let line = try await shop.line()
      let wish = Array("{ \(Bodies.card), \"points\": \"100\" }".utf8)
      let used = try #require(try await line.post("/till/v1/holds", wish, key: "hold-0001").text("hold"))
      #expect(try await held() == 1)
      let sale = Bodies.receipt(1, Bodies.card + ", \"spend\": \"100\", \"hold\": \"\(used)\"")
      for _ in 1...2 { #expect(try await line.post("/till/v1/receipts", sale, key: "sale-0001").status == 201) }
      #expect(try await held() == 0)
      let left = try #require(try await line.post("/till/v1/holds", wish, key: "hold-0002").text("hold"))
      for _ in 1...2 { #expect(try await line.delete("/till/v1/holds/\(left)").status == 200) }
      #expect(await count("made") == "2")
      #expect(await count("used") == "1", "a receipt that is sent again uses nothing again")
      #expect(await count("released") == "1", "nor is a hold let go twice")
      #expect(try await line.post("/till/v1/holds", wish, key: "hold-0003").status == 201)
      await line.close()
      shop.pass(.days(2))
      let told = Mutex(0)
      let isOver = Mutex(false)
      var worker = Worker(
        on: shop.database, as: "one", Clockwork(now: { shop.now }, pause: { _ in await Task.yield() }, random: { 1 }),
        telling: { _ in })
      let chore = due.chore(on: shop.database, now: { shop.now }) { note in
        if case .did(DueWallets.holdsEnded, let count) = note { told.withLock { $0 += count } }
      }
      worker.add(chore)
      let running = Task { [worker] in await worker.run(until: { isOver.withLock { $0 } }) }
      while try await shop.database.read({ tx in try Chores.board(in: &tx) }).first?.outcome == nil {
        try await Task.sleep(for: .milliseconds(5))
      }
      isOver.withLock { $0 = true }
      await running.value
      #expect(told.withLock { $0 } == 1)
      #expect(try await held() == 0)
    }
  }
}
