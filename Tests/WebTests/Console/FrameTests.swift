import Access
import Foundation
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `the frame of the console` {
  private static func key(_ number: Int) -> String { "00000000-0000-4000-8000-0000000001\(number + 10)" }

  private static func text(_ json: JSON?) -> String? { if case .string(let text)? = json { text } else { nil } }

  /// Titles by group, as the palette would show them.
  private static func found(_ asked: String, in window: BrowserWindow) async throws -> [String: [String]] {
    let seen = try await window.open("/console/find.json?q=" + queryText(asked))
    #expect(seen.status == 200)
    guard case .array(let groups)? = try JSON.parse(seen.text)["groups"] else { return [:] }
    return groups.reduce(into: [:]) { result, group in
      guard let kind = Self.text(group["kind"]), case .array(let items)? = group["items"] else { return }
      result[kind] = items.compactMap { Self.text($0["title"]) }
    }
  }

  @Test(arguments: TestDatabase.available) func `finds members, receipts, promotions, goods, stores and pages`(
    on kind: TestDatabase
  )
    async throws
  {
    try await WebShop.open(kind) { shop in
      #expect(try await shop.line().post("/till/v1/receipts", Bodies.receipt(5), key: Self.key(5)).status == 201)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      for asked in ["8 916 123-45-67", "1001", "\(shop.anna)"] {
        #expect(try await Self.found(asked, in: window)["members"] == ["Иванова Анна"], "\(asked)")
      }
      for asked in ["S1 1 1 5 2026-11-21", "S1~1~1~5~2026-11-21"] {
        #expect(try await Self.found(asked, in: window)["receipts"]?.count == 1, "\(asked)")
      }
      #expect(try await Self.found("S1 1 1 6 2026-11-21", in: window)["receipts"] == nil)
      #expect(try await Self.found("чай", in: window)["promotions"] == ["Чай"])
      #expect(try await Self.found("s2", in: window)["stores"] == ["S2"])
      #expect(try await Self.found("ilk", in: window)["products"] == ["milk"])
      #expect(try await Self.found("•1001", in: window)["members"] == ["Иванова Анна"])
      #expect(try await Self.found("audit", in: window)["pages"] == ["Журнал"])
      #expect(try await Self.found("", in: window)["pages"]?.first == "Обзор")
      #expect(try await Self.found("ничего такого", in: window).isEmpty)
      let page = try await window.open("/console/find?q=1001").text
      #expect(page.contains("href=\"/console/members/\(shop.anna)\"") && page.contains("Иванова Анна"))
    }
  }

  @Test func `finds for a role no more than it may see`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let marketer = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await Self.found("1001", in: marketer)["members"] == ["Анна И."])
      #expect(try await Self.found("audit", in: marketer)["pages"] == nil)
      let integrator = try await shop.window(of: shop.hire("ivan", .integrator))
      #expect(try await Self.found("1001", in: integrator)["members"] == nil)
      let others = try await shop.window(of: shop.hire("boss", .owner, in: shop.others), in: shop.others)
      #expect(try await Self.found("\(shop.anna)", in: others)["members"] == nil)
    }
  }

  @Test func `has the brand's colour, on every page and for everybody`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let owner = try await shop.window(of: shop.hire("olga", .owner))
      let other = try await shop.window(of: shop.hire("ivan", .integrator))
      #expect(try await owner.submit("/console/colour", ["colour": "red"]).status == 422)
      #expect(try await owner.submit("/console/colour", ["colour": "#D9A300"]).location == "/console/profile")
      #expect(try await other.open("/console/profile").text.contains("href=\"/console/brand/d9a300\""))
      #expect(try await shop.window().open("/console/brand/d9a300").text == ":root { --brand: #d9a300; }\n")
      for odd in ["d9a30", "d9a300x", "%7D%7D%7D%7D%7D%7D"] {
        #expect(try await shop.window().open("/console/brand/" + odd).status == 404, "\(odd)")
      }
      #expect(try await owner.submit("/console/colour", ["colour": "#d9a300", "remove": "1"]).status == 303)
      #expect(!(try await other.open("/console/profile").text.contains("/console/brand/")))
      let acts = try await shop.database.read { tx in
        try AuditTrail(of: shop.account).latest(before: nil, limit: 9, in: &tx).map(\.act)
      }
      #expect(acts.count { $0 == "programme.changed" } == 2, "\(acts)")
    }
  }

  @Test func `tells who listens what happens, and lets the server stop all the same`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let listener = try window.listen("/console/live?since=nothing")
      try await listener.hears("event: parts")
      let before = listener.text.count
      #expect(try await shop.line().post("/till/v1/receipts", Bodies.receipt(7), key: Self.key(7)).status == 201)
      shop.pass(.seconds(2))
      try await listener.hears("data-row", after: before)
      let page = try await window.open("/console").text
      let version = try #require(page.firstMatch(of: /data-version=\u{22}([^\u{22}]+)\u{22}/)?.output.1)
      #expect(listener.text.contains("id: \(version)\n"))
      // Who shows what is so already hears nothing but that the line is open.
      let informed = try window.listen("/console/live?since=\(version)")
      try await informed.hears("retry:")
      shop.pass(.seconds(21))
      try await informed.hears(":\n\n")
      #expect(!informed.text.contains("event: parts"))
      // Both still listen when the shop closes.
    }
  }

  @Test func `lets a session listen with a few pages only, and with none once it is over`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      var listeners: [LiveListener] = []
      for _ in 0..<Limits.listenersOfSession {
        let listener = try window.listen("/console/live")
        try await listener.hears("event: parts")
        listeners.append(listener)
      }
      let refused = try window.listen("/console/live")
      try await refused.ends()
      #expect(refused.status == 503)
      #expect(try await window.open("/console/live").text.hasPrefix("{\"attention\":"))
      #expect(try await window.submit("/console/sign-out").status == 303)
      shop.pass(.seconds(21))
      for listener in listeners {
        try await listener.hears("event: over")
        try await listener.ends()
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `counts members once, and says what is owed and when it expires`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      for number in [21, 22, 23] {
        let card = number == 23 ? "" : Bodies.card
        #expect(try await shop.line().post("/till/v1/receipts", Bodies.receipt(number, card), key: Self.key(number)).status == 201)
      }
      let account = shop.account
      try await shop.database.write { tx in
        let events = try Outbox(of: account).events(after: nil, limit: 1_000, in: &tx)
        _ = try StoreDays(of: account).take(events, in: &tx)
        try MemberDays(of: account).take(events, in: &tx)
      }
      shop.pass(.days(1))
      let window = try await shop.window(of: shop.hire("olga", .owner))
      var page = try await window.open("/console?days=7").text
      #expect(
        page.contains("Активные участники</dt><dd class=\"value\">1 ")
          && page.contains("Чеков на участника</dt><dd class=\"value\">2,00 "))
      #expect(page.contains("Ещё не посчитаны"))
      let count = PointsCount(zones: WebShop.zone)
      var cursor: String?
      repeat { cursor = try await count.step(cursor, at: shop.now, on: shop.database) } while cursor != nil
      page = try await window.open("/console?days=7").text
      // 1000 opened in October and 5 % of two receipts of 200 in November, each for a year.
      for text in ["1020", "это 1020\u{a0}₽", "октябрь\u{a0}2027", "ноябрь\u{a0}2027", ">1000<", ">20<"] {
        #expect(page.contains(text), "\(text)")
      }
      #expect(page.contains("Бюджет") && page.contains("0,00\u{a0}₽ из 205,00\u{a0}₽"))
    }
  }

  @Test func `names a budget that is about to end, and one that has`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      func sell(_ number: Int, _ price: String) async throws {
        let lines = "{ \"id\": \"1\", \"product\": \"bread\", \"quantity\": \"1\", \"price\": \"\(price)\" }"
        let body = Bodies.receipt(number, "\"coupons\": [\"BUDGET\"]", lines: lines)
        #expect(try await shop.line().post("/till/v1/receipts", body, key: Self.key(number)).status == 201)
      }
      try await sell(31, "1840.00")
      #expect(!(try await window.open("/console").text.contains("Бюджет акции")))
      try await sell(32, "20.00")
      #expect(try await window.open("/console").text.contains("Бюджет акции «Бюджет» использован на 90,7\u{a0}%"))
      try await sell(33, "190.00")
      #expect(try await window.open("/console").text.contains("Бюджет акции «Бюджет» кончился"))
    }
  }

  @Test func `gives the chart's days as CSV and as a workbook`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let csv = try await window.open("/console/takings.csv?days=7").text
      #expect(csv.hasPrefix("day,receipts,amount,member_receipts,member_amount,earned,spent,returns,returned\n2026-11-14,0,0.00,"))
      #expect(csv.split(separator: "\n").count == 8)
      let book = try await window.open("/console/takings.xlsx?days=7").text
      #expect(book.hasPrefix("PK\u{3}\u{4}") && book.contains("[Content_Types].xml") && book.contains("xl/worksheets/sheet1.xml"))
      #expect(try await shop.line().post("/till/v1/receipts", Bodies.receipt(31), key: Self.key(31)).status == 201)
      #expect(try await window.open("/console").text.contains("/console/takings.xlsx?days=28"))
    }
  }

  @Test func `shows the key of a second factor as a picture and as text`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let page = try await shop.window(of: shop.hire("olga", .owner)).open("/console/profile").text
      #expect(page.contains("<svg class=\"qr\" viewBox=\"0 0 ") && page.contains("otpauth://totp/Regulars:olga?secret="))
    }
  }
}
