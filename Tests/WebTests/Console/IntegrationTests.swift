import Access
import Engagement
import Jobs
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `the room of integrations` {
  private static func request(_ page: String) throws -> String {
    String(try #require(page.firstMatch(of: /name="request" value="([^"]+)"/)).output.1)
  }

  @Test(arguments: TestDatabase.available)
  func `issues a token with what was chosen and no more, shows it once, and ends it`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("igor", .integrator))
      let key = try Self.request(try await window.open("/console/integrations/token").text)
      let refused = try await window.submit("/console/integrations/token", ["name": "сайт", "request": key])
      #expect(
        refused.status == 422 && refused.text.contains("Отметьте, что можно делать") && refused.text.contains("value=\"сайт\""))
      let form = ["name": "сайт", "scope-members-read": "on", "days": "30", "request": key]
      let issued = try await window.submit("/console/integrations/token", form)
      let secret = try #require(issued.text.firstMatch(of: /rgt_[0-9a-z]{52}/)).output
      // Sent again by a reload: nothing new, and nothing to see.
      #expect(try await window.submit("/console/integrations/token", form).location == "/console/integrations")
      let tokens = try await shop.database.read { tx in
        try Tokens(of: shop.account).latest(ofTills: false, limit: 9, in: &tx).filter { $0.name == "сайт" }
      }
      let token = try #require(tokens.first)
      #expect(tokens.count == 1 && token.scopes == [.membersRead] && token.bearer == .integration)
      #expect(token.expiresAt == shop.now + .days(30) && token.programme == shop.programme)
      let line = try await shop.line(String(secret))
      #expect(try await line.get("/till/v1/members?identifier=1001").status == 200)
      #expect(
        try await line.post("/till/v1/receipts", Bodies.receipt(1), key: "00000000-0000-4000-8000-000000000001").status == 403)
      let page = try await window.open("/console/integrations").text
      #expect(page.contains("сайт") && page.contains("поиск участников") && !page.contains(String(secret)))
      let ended = try await window.submit("/console/integrations/token/revocation", ["token": "\(token.id)"])
      #expect(ended.location == "/console/integrations")
      shop.pass(.seconds(2))
      #expect(try await shop.line(String(secret)).get("/till/v1/members?identifier=1001").status == 401)
      let acts = try await shop.database.read { tx in
        try AuditTrail(of: shop.account).entries(of: token.id, limit: 9, in: &tx).map { "\($0.actor) \($0.act)" }
      }
      #expect(acts == ["staff:igor token.revoked", "staff:igor token.made"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `says when a token was used last, to the hour`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let secret = try #require(TokenSecret(shown: shop.till))
      func used() async throws -> Instant? { try await shop.database.read { tx in try Tokens.find(secret, in: &tx)?.usedAt } }
      let cache = TokenCache(on: shop.database)
      let start = shop.now
      for minutes in [0, 1, 59] { _ = try await cache.token(secret, at: start + .minutes(Int64(minutes))) }
      #expect(try await used() == nil)
      try await cache.flush()
      #expect(try await used() == start + .minutes(59))
      _ = try await cache.token(secret, at: start + .minutes(100))
      try await cache.flush()
      #expect(try await used() == start + .minutes(59))
      _ = try await cache.token(secret, at: start + .minutes(120))
      try await cache.flush()
      #expect(try await used() == start + .minutes(120))
      let window = try await shop.window(of: shop.hire("igor", .integrator))
      #expect(try await window.open("/console/integrations/tills").text.contains("21\u{a0}ноя\u{a0}2026, 14:00"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `binds a token to one till, and to none that is not there`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("igor", .integrator))
      var form = ["name": "касса 1", "scope-sell": "on", "store": "S1", "register": "9", "request": "a"]
      let refused = try await window.submit("/console/integrations/token", form)
      #expect(refused.status == 422 && refused.text.contains("Такой кассы в таком магазине нет"))
      form["register"] = "1"
      #expect(try await window.submit("/console/integrations/token", form).text.contains("rgt_"))
      let page = try await window.open("/console/integrations/tills").text
      #expect(page.contains("касса 1") && page.contains("S1 · касса 1"))
      #expect(!(try await window.open("/console/integrations").text.contains("касса 1<small>")))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `adds, changes, pauses, tries out and removes a webhook`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("igor", .integrator))
      let add = "/console/integrations/webhook"
      for url in ["http://crm.example/hook", "ftp://crm.example", "https://u:p@crm.example/x"] {
        let refused = try await window.submit(add, ["url": url, "which": "all"])
        #expect(refused.status == 422 && refused.text.contains("class=\"notice bad\""), "\(url)")
      }
      #expect(try await window.submit(add, ["url": "https://crm.example/hook", "which": "some"]).status == 422)
      let made = try await window.submit(
        add, ["url": "https://crm.example/hook", "which": "some", "kind-receipt.confirmed": "on", "kind-member.joined": "on"])
      #expect(made.text.contains("whsec_"))
      let hook = try #require(
        try await shop.database.read { tx in try Webhooks(of: shop.account).all(in: &tx).first })
      #expect(hook.kinds == [.receiptConfirmed, .memberJoined])
      let path = "/console/integrations/webhooks/\(hook.id)"
      #expect(try await window.submit(path, ["url": "https://crm.example/other", "which": "all"]).location == path)
      #expect(try await window.submit(path + "/state", ["state": "paused", "reason": "переезд"]).location == path)
      #expect(try await window.open(path).text.contains("На паузе: переезд"))
      let tested = try await window.submit(path + "/test")
      #expect(tested.text.contains("Сервер принял проверку: 204, за 12 мс"))
      let post = try #require(shop.pings.withLock { $0.first })
      #expect("\(post.url)" == "https://crm.example/other" && post.body.contains("\"type\":\"ping\""))
      shop.pong.withLock { $0 = WebhookAnswer(.status(500), took: Span(micros: 1000)) }
      #expect(try await window.submit(path + "/test").text.contains("не принял проверку: ответ 500"))
      #expect(try await window.submit(path + "/state", ["state": "active"]).location == path)
      let first = try await window.submit(path + "/secret", ["request": "r1"])
      let shown = try #require(first.text.firstMatch(of: /whsec_[A-Za-z0-9+\/=]+/))
      let secret = try #require(WebhookSecret(String(shown.output)))
      // A second press must not throw away the secret that the server still verifies with.
      #expect(try await window.submit(path + "/secret", ["request": "r1"]).location == path)
      let (id, keys, change) = (hook.id, try #require(shop.consoleDesk.keyRing), Change(by: .demo, at: shop.now, ids: shop.ids))
      let ping = try await shop.database.write { tx in
        try Webhooks(of: shop.account).ping(id, under: AddressRule(), keys: keys, by: change, in: &tx)
      }
      let header = { name in ping.headers.first { $0.name == name }?.value ?? "" }
      let signature = secret.signature(
        id: header("webhook-id"), timestamp: Int64(header("webhook-timestamp")) ?? 0, body: ping.body)
      let signatures = header("webhook-signature").split(separator: " ").map(String.init)
      #expect(signatures.count == 2 && signatures.contains(signature))
      #expect(try await window.submit(path + "/removal").location == "/console/integrations")
      #expect(try await window.open(path).status == 404)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `shows what came of every event, page by page, the failed alone too, and sends again`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let keys = try #require(shop.consoleDesk.keyRing)
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      // What happened before is no news.
      try await shop.fanOut()
      let made = try await shop.database.write { tx in
        try Webhooks(of: shop.account).add("https://crm.example/hook", under: AddressRule(), keys: keys, by: change, in: &tx)
      }
      let members = try await shop.joinMany(70)
      #expect(members == 70)
      // Every seventh is refused.
      let answers = Answers { $0 % 7 == 0 ? .status(503) : .status(200) }
      try await shop.fanOut()
      let postman = shop.postman(answers.sender)
      while try await postman.turn() > 0 { shop.pass(.seconds(1)) }
      let window = try await shop.window(of: shop.hire("igor", .integrator))
      let path = "/console/integrations/webhooks/\(made.id)"
      let first = try await window.open(path).text
      #expect(first.matches(of: /<th scope="row">новый участник/).count == 50)
      let next = try #require(first.firstMatch(of: /href="([^"]+before=\d+)"/)).output.1
      #expect(try await window.open(String(next)).text.matches(of: /<th scope="row">новый участник/).count == 20)
      let failed = try await window.open(path + "?show=failed").text
      #expect(failed.matches(of: /<th scope="row">/).count == 10 && failed.contains("ответ 503"))
      let position = try await shop.database.read { tx in
        try #require(try Webhooks(of: shop.account).failures(of: made.id, limit: 1, in: &tx).first).position
      }
      #expect(try await window.submit(path + "/replay", ["position": "\(position)"]).location == path)
      let left = try await shop.database.read { tx in try Webhooks(of: shop.account).failures(of: made.id, limit: 50, in: &tx) }
      #expect(left.count == 9 && !left.contains { $0.position == position })
      let span = ["what": "span", "from": "2026-11-21T11:00", "until": "2026-11-21T23:00", "request": "s"]
      for _ in 0..<2 { #expect(try await window.submit(path + "/replay", span).location == "/console/jobs") }
      #expect(try await window.submit(path + "/replay", ["what": "span", "from": "x", "until": "", "request": "t"]).status == 422)
      let jobs = try await shop.database.read { tx in try JobQueue().latest(.waiting, of: shop.account, limit: 9, in: &tx) }
      #expect(jobs.map(\.kind) == [ReplayJob.job] && jobs.first?.actor == "staff:igor")
      try await shop.doReplays()
      let waiting = try await shop.database.read { tx in
        try Webhooks(of: shop.account).deliveries(of: made.id, .waiting, limit: 200, in: &tx)
      }
      #expect(waiting.count == 70 && waiting.allSatisfy { $0.attempts == 0 })
    }
  }
}

/// Answers of a customer's server, by the number of the request.
final class Answers: Sendable {
  private let count = Counting()
  private let answer: @Sendable (Int) -> WebhookAnswer.Outcome

  init(_ answer: @escaping @Sendable (Int) -> WebhookAnswer.Outcome) { self.answer = answer }

  var sender: WebhookSender { { _ in WebhookAnswer(self.answer(self.count.next()), took: Span(micros: 2000)) } }
}
