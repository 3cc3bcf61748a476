import Access
import Kernel
import Storage
import TestKit
import Testing
import Web
import regulars

/// `POST /till/v1/events`.
@Suite struct EventCallTests {
  private static func body(_ events: String...) -> [UInt8] { Array("{ \"events\": [\(events.joined(separator: ", "))] }".utf8) }
  private static func event(_ key: String, _ more: String = "") -> String {
    "{ \"key\": \"\(key)\", \"event\": \"productView\", \"at\": \"2026-11-21T08:00:00Z\", \"visitor\": \"v1\"\(more) }"
  }

  private static func open(_ kind: TestDatabase, _ body: @escaping @Sendable (WebShop, TillLine) async throws -> Void) async throws
  {
    try await WebShop.open(kind) { shop in try await body(shop, try await shop.line(shop.issue([.events]))) }
  }

  @Test(arguments: TestDatabase.available) func `takes what is well and tells what is not, each at its place`(on kind: TestDatabase)
    async throws
  {
    try await Self.open(kind) { _, line in
      let body = Self.body(
        Self.event(
          "1",
          """
          , "member": "1001", "product": "milk", "page": "https://shop.example/milk?token=1", "quantity": "2", "amount": "100.50",
          "source": { "source": "Yandex", "medium": "cpc", "campaign": "tea", "referrer": "https://yandex.ru/search" },
          "channel": "site", "details": { "colour": "white" }
          """), Self.event("2", ", \"member\": \"1999\""), Self.event("3", ", \"colour\": 1"),
        "{ \"key\": \"4\", \"event\": \"dance\", \"at\": \"yesterday\" }", Self.event("1"), "7")
      let reply = try await line.post("/till/v1/events", body, key: nil)
      #expect(reply.status == 200, "\(String(decoding: reply.body, as: UTF8.self))")
      let json = try reply.json
      #expect(json["accepted"] == .int(1) && json["duplicates"] == .int(1) && json["refused"] == .int(4))
      guard case .array(let issues)? = json["issues"] else { return #expect(Bool(false)) }
      let said = issues.compactMap { issue -> String? in
        guard case .string(let pointer)? = issue["pointer"], case .string(let code)? = issue["code"] else { return nil }
        return "\(pointer) \(code)"
      }
      let wanted = [
        "/events/1/member unknown_member", "/events/2/colour unknown_member", "/events/3/event unknown_event",
        "/events/3/at not_an_instant",
      ]
      for one in wanted { #expect(said.contains(one), "\(one) in \(said)") }
      #expect(said.contains { $0.hasPrefix("/events/5") })
      let again = try await line.post("/till/v1/events", body, key: nil)
      #expect(try again.json["accepted"] == .int(0) && again.json["duplicates"] == .int(2))
    }
  }

  @Test func `refuses what is no batch, and too many`() async throws {
    try await Self.open(.sqlite) { _, line in
      for text in ["[]", "{}", "{ \"events\": 1 }", "{ \"events\": [], \"more\": 1 }"] {
        #expect(try await line.post("/till/v1/events", Array(text.utf8), key: nil).status == 422, "\(text)")
      }
      #expect(try await line.post("/till/v1/events", Self.body(), key: nil).status == 200)
      let many = (0...500).map { Self.event("m\($0)") }
      let refused = try await line.post("/till/v1/events", Array("{ \"events\": [\(many.joined(separator: ","))] }".utf8), key: nil)
      #expect(refused.status == 422)
      let most = Array("{ \"events\": [\(many.dropLast().joined(separator: ","))] }".utf8)
      #expect(try await line.post("/till/v1/events", most, key: nil).json["accepted"] == .int(500))
    }
  }

  @Test func `one account's keys and visitors are nobody else's`() async throws {
    try await Self.open(.sqlite) { shop, line in
      #expect(try await line.post("/till/v1/events", Self.body(Self.event("1")), key: nil).json["accepted"] == .int(1))
      let account = shop.others
      let rows = try await shop.database.read { tx in
        try tx.row(SQL("select count(*) from visit_event where account_id = $1", account))?.int(0)
      }
      #expect(rows == 0)
      let other = try await shop.line(shop.stranger)
      #expect(try await other.post("/till/v1/events", Self.body(Self.event("1")), key: nil).status == 403)
    }
  }
}
