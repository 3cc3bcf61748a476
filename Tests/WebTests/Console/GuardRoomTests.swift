import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `the guard in the console` {
  private static func key(_ number: Int) -> String { "00000000-0000-4000-8000-0000000001\(number + 10)" }

  private static func watched(_ shop: WebShop) async throws -> GuardTerms? {
    try await shop.database.read { tx in
      try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx).settings.watch
    }
  }

  /// One line of the form of limits.
  private static func line(
    _ number: Int, _ code: String, _ subject: String, _ measure: String, _ window: String, soft: String = "", hard: String = ""
  ) -> [String: String] {
    [
      "code-\(number)": code, "subject-\(number)": subject, "measure-\(number)": measure, "window-\(number)": window,
      "soft-\(number)": soft, "hard-\(number)": hard, "active-\(number)": "on",
    ]
  }

  private static let limits = line(0, "codes", "register", "refused-codes", "1h", soft: "2")
    .merging(line(1, "month", "member", "earned", "30d", soft: "1 000", hard: "5000")) { $1 }

  @Test(arguments: TestDatabase.available)
  func `takes limits by the hour and by the day, and names the line that is wrong`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await window.open("/console/guard").text.contains("Лимитов ещё нет"))
      let set = try await window.open("/console/guard/limits?template=1")
      #expect(
        set.text.contains("cashier-one-member-hour") && set.text.contains("card-registers-hour") && set.text.contains("за час"))
      let wrong = Self.limits.merging(Self.line(2, "bad", "operator", "members", "1h", soft: "1")) { $1 }
      let refused = try await window.submit("/console/guard/limits", wrong)
      #expect(refused.status == 422 && refused.text.contains("строка 3"))
      #expect(refused.text.contains("value=\"codes\""), "what was typed stays")
      #expect(try await Self.watched(shop) == nil)
      #expect(try await window.submit("/console/guard/limits", Self.limits).location == "/console/guard/limits")
      let saved = try #require(try await Self.watched(shop))
      #expect(saved.limits.map(\.window) == [.hours(1), .days(30)] && saved.kindsLeftOut.isEmpty)
      #expect(saved.limits[1].soft == 1_000 && saved.limits[1].hard == 5_000)
      let page = try await window.open("/console/guard/limits").text
      #expect(page.contains("<option value=\"1h\" selected>") && page.contains("value=\"5000\""))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `says which limit an operator has reached, what is left, and who may change it`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let owner = try await shop.window(of: shop.hire("olga", .owner))
      let limits = Self.line(0, "by-hand", "operator", "by-hand", "7d", soft: "100", hard: "200")
      #expect(try await owner.submit("/console/guard/limits", limits).location == "/console/guard/limits")
      _ = try await shop.floors.refresh(shop.programme)
      let oleg = try await shop.window(of: shop.hire("oleg", .operator))
      let path = "/console/members/\(shop.anna)"
      func give(_ points: String, _ request: String) async throws -> BrowserWindow.Seen {
        try await oleg.submit(
          path + "/points", ["points": points, "reason": "goodwill", "note": "сломалась касса", "request": request])
      }
      #expect(try await give("150", "a").status == 303)
      let refused = try await give("60", "b")
      #expect(refused.status == 422)
      for words in [
        "Ваш лимит ручных начислений – 200 за 7 дн.; осталось 50", "владелец или маркетолог: «Охрана → Лимиты»", "value=\"60\"",
      ] {
        #expect(refused.text.contains(words), "\(words)")
      }
      #expect(try await give("50", "c").status == 303, "what is left")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `counts the codes that a till was refused, each once, and shows them`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let line = try await shop.line()
      func ask(_ code: String, basket: String) async throws {
        let more = "\(Bodies.card), \"basket\": \"\(basket)\", \"cashier\": \"K-7\", \"coupons\": [\"\(code)\"]"
        #expect(try await line.post("/till/v1/calculations", Bodies.basket(more)).status == 201)
      }
      // Nobody counts them: nothing is kept.
      try await ask("NO-SUCH", basket: "0")
      await shop.refusals.flush(shop.log, at: shop.now)
      #expect(try await window.submit("/console/guard/limits", Self.limits).status == 303)
      for _ in 0..<5 { try await ask("NO-SUCH", basket: "1") }
      await shop.refusals.flush(shop.log, at: shop.now)
      try await ask("NO-SUCH", basket: "1")
      await shop.refusals.flush(shop.log, at: shop.now)
      #expect(try await window.open("/console/guard").text.contains("Никто не дошёл до порога"))
      try await ask("OTHER", basket: "1")
      await shop.refusals.flush(shop.log, at: shop.now)
      let board = try await window.open("/console/guard").text
      #expect(board.contains("отклонённых купонов и сертификатов") && board.contains("<b>2</b>"))
      let store = try await shop.database.read { tx in
        try #require(try Places(of: shop.account).stores(codes: ["S1"], in: &tx)["S1"]).id
      }
      for place in ["kind=register&store=\(store)&code=1", "kind=cashier&store=\(store)&code=K-7", "kind=member&code=\(shop.anna)"]
      {
        let page = try await window.open("/console/guard/subject?\(place)").text
        #expect(page.components(separatedBy: "такого купона нет").count == 3, "\(place)")
        #expect(!page.contains("NO-SUCH"))
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `has a page for a card by its fingerprint, which blocks it, and none by its number`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let owner = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await owner.open("/console/guard/subject?kind=card&code=2200123412341234").status == 404)
      let page = try await owner.open("/console/guard/subject?kind=card&code=c0123456789ab")
      #expect(page.status == 200 && page.text.contains("Карта c0123456789ab") && page.text.contains("Разных касс"))
      let form = ["kind": "card", "store": "", "code": "c0123456789ab", "reason": "карта потеряна", "until": ""]
      #expect(try await owner.submit("/console/guard/blocks", form).status == 303)
      #expect(try await owner.open("/console/guard").text.contains("Карта c0123456789ab"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `blocks with a reason, tells the till and lifts it again`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let (owner, analyst) = (
        try await shop.window(of: shop.hire("olga", .owner)), try await shop.window(of: shop.hire("ann", .analyst))
      )
      let store = try await shop.database.read { tx in
        try #require(try Places(of: shop.account).stores(codes: ["S1"], in: &tx)["S1"]).id
      }
      let form = ["kind": "cashier", "store": "\(store)", "code": "K-7", "reason": "карта кассира", "until": "2026-12-31"]
      #expect(try await analyst.open("/console/guard").status == 200)
      #expect(try await analyst.submit("/console/guard/blocks", form).status == 403)
      #expect(try await owner.submit("/console/guard/blocks", form.merging(["reason": ""]) { $1 }).status == 422)
      #expect(try await owner.submit("/console/guard/blocks", form.merging(["until": "вчера"]) { $1 }).status == 422)
      for _ in 0..<2 { #expect(try await owner.submit("/console/guard/blocks", form).status == 303) }
      let line = try await shop.line()
      let asked = Bodies.basket("\(Bodies.card), \"cashier\": \"K-7\"")
      let stopped = try await line.post("/till/v1/calculations", asked)
      #expect(try stopped.at("member", "maySpend") == .bool(false) && stopped.at("member", "stopped", "cashierText") != nil)
      let sold = try await line.post(
        "/till/v1/receipts", Bodies.receipt(1, "\(Bodies.card), \"cashier\": \"K-7\""), key: Self.key(1))
      #expect(try sold.status == 201 && sold.causes == ["stopped"] && sold.text("earned") == "0")
      let other = try await line.post(
        "/till/v1/receipts", Bodies.receipt(2, "\(Bodies.card), \"cashier\": \"K-8\""), key: Self.key(2))
      #expect(try other.status == 201 && other.causes.isEmpty && other.text("earned") != "0")
      let board = try await owner.open("/console/guard").text
      #expect(board.contains("карта кассира"))
      let block = try #require(board.firstMatch(of: /\/console\/guard\/blocks\/(gbl_[0-9a-z]{13})/)?.output.1)
      #expect(try await owner.submit("/console/guard/blocks/\(block)", ["reason": ""]).status == 422)
      #expect(try await owner.submit("/console/guard/blocks/\(block)", ["reason": "нашёлся"]).status == 303)
      #expect(try await line.post("/till/v1/calculations", asked).at("member", "stopped") == nil)
      #expect(try await owner.open("/console/audit").text.contains("Снята блокировка на кассах"))
      try await shop.verify()
    }
  }
}
