import Access
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

/// What stands in the first hidden field of this name.
func field(_ name: String, in html: String) -> String? {
  html.firstMatch(of: try? Regex("name=\"\(name)\" value=\"([^\"]*)\"")).flatMap { $0.output[1].substring.map(String.init) }
}

extension String {
  fileprivate func firstMatch(of regex: Regex<AnyRegexOutput>?) -> Regex<AnyRegexOutput>.Match? {
    regex.flatMap { firstMatch(of: $0) }
  }
}

extension WebShop {
  /// Sells at the till and says where the console shows it.
  func sold(_ number: Int, _ more: String = Bodies.card, lines: String = Bodies.milk) async throws -> String {
    let reply = try await line().post("/till/v1/receipts", Bodies.receipt(number, more, lines: lines), key: "room-sale-\(number)")
    #expect(reply.status == 201, "\(String(decoding: reply.body, as: UTF8.self))")
    return try await place(number)
  }

  func place(_ number: Int) async throws -> String {
    let floor = try await floors.floor(of: programme, account: account)
    let store = try #require(floor.store("S1"))
    let key = ReceiptKey(
      store: store.id, register: "1", shift: 1, number: "\(number)", day: try #require(CivilDay("2026-11-21")))
    let receipt = try await database.read { tx in try floor.receipts.receipt(key, in: &tx) }
    return "/console/receipts/\(receipt.owner)/\(receipt.id)"
  }

  static let tea = "{ \"id\": \"1\", \"product\": \"tea\", \"quantity\": \"2\", \"price\": \"150.00\" }"
}

@Suite struct `a receipt is found` {
  @Test(arguments: TestDatabase.available) func `by the code on it, however a scanner types it`(on kind: TestDatabase) async throws
  {
    try await WebShop.open(kind) { shop in
      let code = "t=20261121T1200&s=200.00&fn=9289000100012345&i=31&fp=1234567890&n=1"
      let body = Bodies.basket("\"receipt\": { \"shift\": 1, \"number\": \"7\", \"qr\": \"\(code)\" }, " + Bodies.card)
      #expect(try await shop.line().post("/till/v1/receipts", body, key: "room-sale-7").status == 201)
      let path = try await shop.place(7)
      let window = try await shop.window(of: shop.hire("olga", .operator))
      let russian = "е=20261121Е1200?ы=200ю00?ат=9289000100012345?ш=31?аз=1234567890?т=1"
      for text in [code, russian, "fn=9289000100012345&i=31", "fn~9289000100012345~31", "S1~1~1~7~2026-11-21"] {
        #expect(try await window.open("/console/receipts?q=" + queryText(text)).location == path, "\(text)")
      }
      let missed = try await window.open("/console/receipts?q=" + queryText(code.replacing("i=31", with: "i=32")))
      #expect(missed.status == 200 && missed.text.contains("Чека с этим фискальным документом нет"))
      for value in ["value=\"2026-11-21\"", "value=\"12:00\"", "value=\"200.00\""] {
        #expect(missed.text.contains(value), "\(value)")
      }
      let back = code.replacing("i=31", with: "i=33").replacing("n=1", with: "n=2")
      #expect(try await window.open("/console/receipts?q=" + queryText(back)).text.contains("Это код возврата"))
      for text in ["fn=1", "abc", "S9~1~1~7~2026-11-21"] {
        #expect(try await window.open("/console/receipts?q=" + queryText(text)).text.contains("Это не код с чека"), "\(text)")
      }
      let stranger = try await shop.window(of: shop.hire("boss", .owner, in: shop.others), in: shop.others)
      #expect(try await stranger.open("/console/receipts?q=" + queryText(code)).location == nil)
    }
  }

  @Test(arguments: TestDatabase.available) func `by store, time and sum, to the minute and the kopeck`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let milk = try await shop.sold(1)
      let tea = try await shop.sold(2, lines: WebShop.tea)
      let window = try await shop.window(of: shop.hire("olga", .cashierManager))
      func search(_ more: String, store: String = "S1") async throws -> BrowserWindow.Seen {
        try await window.open("/console/receipts?store=\(store)&date=2026-11-21&minutes=5&" + more)
      }
      // Printed at 12:00: five minutes on either side, whole minutes.
      for (time, isThere) in [("11:54", false), ("11:55", true), ("12:05", true), ("12:06", false)] {
        #expect(try await search("time=\(time)&sum=200").location == (isThere ? milk : nil), "\(time)")
      }
      #expect(try await search("time=12:00&sum=270,00").location == tea)
      for more in ["time=12:00&sum=200.01", "time=12:00&sum=200&register=2"] {
        #expect(try await search(more).text.contains("таких чеков нет"), "\(more)")
      }
      #expect(try await search("time=12:00&sum=200", store: "S2").text.contains("таких чеков нет"))
      #expect(try await search("time=12:00&sum=two").text.contains("Сумма – число"))
      #expect(try await search("time=noon&sum=200").text.contains("Нужны код магазина"))
      let both = try await search("time=12:00&register=1").text
      #expect(both.contains(milk) && both.contains(tea) && both.contains("Найдено"))
    }
  }

  @Test(arguments: TestDatabase.available) func `by time with as many statements for many receipts as for few, walking nothing`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let path = "/console/receipts?store=S1&date=2026-11-21&time=12:00&minutes=180"
      func cost() async throws -> Int {
        let before = shop.counted.statements
        #expect(try await window.open(path).status == 200)
        return shop.counted.statements - before
      }
      for number in 1...3 { _ = try await shop.sold(number) }
      let few = try await cost()
      for number in 4...30 { _ = try await shop.sold(number) }
      #expect(try await cost() == few)
    }
  }
}

@Suite struct `what a till was told` {
  @Test(arguments: TestDatabase.available) func `is shown by store, register and time, in both languages and without persons`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let refused = try await line.post(
        "/till/v1/receipts",
        Bodies.receipt(5, lines: "{ \"id\": \"1\", \"product\": \"milk\", \"quantity\": \"-1\", \"price\": \"1.00\" }"),
        key: "room-sale-5")
      #expect(refused.status == 422)
      _ = try await line.post(
        "/till/v1/calculations", Bodies.basket(Bodies.card + ", \"coupons\": [\"WRONG\"], \"basket\": \"b-1\""))
      await shop.answers.flush(shop.log)
      let window = try await shop.window(of: shop.hire("olga", .operator))
      func seen(_ more: String) async throws -> String { try await window.open("/console/receipts/answers?" + more).text }
      let page = try await seen("store=S1")
      let request = try #require(try refused.text("requestId"))
      for text in [
        "отказ", "422", request, "Касса отправила запрос с ошибкой", "The till sent a faulty request", "/lines/0/quantity",
      ] {
        #expect(page.contains(text), "\(text)")
      }
      #expect(!page.contains("\"1001\"") && !page.contains("&quot;1001&quot;") && page.contains("***") && !page.contains("b-1"))
      let all = try await seen("store=S1&kind=all&register=1&date=2026-11-21&from=11:00&to=13:00")
      for text in ["b-1", "Такого купона нет.", "There is no such coupon.", request] { #expect(all.contains(text), "\(text)") }
      for none in ["store=S1&register=9", "store=S2", "store=S1&to=11:59", "store=S1&from=12:01", "store=S1&date=2026-11-20"] {
        #expect(try await seen(none).contains("отказов не было"), "\(none)")
      }
      #expect(try await seen("store=S9").contains("Такого магазина или времени нет"))
    }
  }

  @Test func `goes on page by page`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let line = try await shop.line()
      for number in 1...60 {
        _ = try await line.post("/till/v1/receipts", Bodies.receipt(number, lines: "{}"), key: "room-sale-\(number)")
      }
      await shop.answers.flush(shop.log)
      let window = try await shop.window(of: shop.hire("olga", .operator))
      let first = try await window.open("/console/receipts/answers?store=S1").text
      let next = try #require(first.firstMatch(of: /href="([^"]*before=[^"]*)"/)).output.1.replacing("&amp;", with: "&")
      let second = try await window.open(String(next)).text
      func count(_ html: String) -> Int { html.ranges(of: "<details class=\"answer\"").count }
      #expect(count(first) == 50 && count(second) == 10)
    }
  }
}

@Suite struct `one receipt` {
  @Test(arguments: TestDatabase.available) func `says what did not apply, what the till asked, and where its points are`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let wish = Bodies.card + ", \"spend\": \"180\", \"coupons\": [\"WRONG\"]"
      let quote = try await line.post("/till/v1/calculations", Bodies.basket(wish + ", \"hold\": true"), key: "room-hold-1")
      let (name, hold) = (try #require(try quote.text("calculationId")), try #require(try quote.text("hold", "id")))
      await shop.answers.flush(shop.log)
      let path = try await shop.sold(1, wish + ", \"calculationId\": \"\(name)\", \"hold\": \"\(hold)\"")
      let window = try await shop.window(of: shop.hire("olga", .operator))
      let page = try await window.open(path).text
      for text in [
        "Купон WRONG", "Такого купона нет.", "coupon-unknown", "Касса посчитала 1", "Отложено баллов: 180", "Подтверждён",
        "совпал с кассой", "Что касса предлагала", "сгорят",
      ] { #expect(page.contains(text), "\(text)") }
      #expect(!page.contains("В чеке нет товаров этой акции."), "promotions that nothing touches are asked for")
      #expect(try await window.open(path + "?reasons=all").text.contains("В чеке нет товаров этой акции."))
      // Nothing to spend, and what the calculation then was: each row is what the till would have been answered.
      for row in ["200,00</td><td class=\"num\">+10", "20,00</td><td class=\"num\">+1"] { #expect(page.contains(row), "\(row)") }
    }
  }

  @Test(arguments: TestDatabase.available) func `says in words what did not fit, and what was refused before`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let wrong = try await shop.line().post("/till/v1/receipts", Bodies.receipt(4, lines: "{}"), key: "room-sale-0")
      #expect(wrong.status == 422)
      await shop.answers.flush(shop.log)
      let path = try await shop.sold(4, Bodies.card + ", \"total\": \"199.00\"")
      let window = try await shop.window(of: shop.hire("olga", .operator))
      let page = try await window.open(path).text
      for text in [
        "Суммы чека не сходятся", "Касса: 199,00\u{a0}₽, мы: 200,00\u{a0}₽.", "Касса прислала чек, отказано",
        try #require(try wrong.text("requestId")),
      ] { #expect(page.contains(text), "\(text)") }
      #expect(!page.contains("совпал с кассой"))
    }
  }

  @Test(arguments: TestDatabase.available) func `is priced by other rules, and nothing is written`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let path = try await shop.sold(1, lines: WebShop.tea)
      shop.pass(.days(1))
      try await shop.publishTenPercent()
      let window = try await shop.window(of: shop.hire("olga", .analyst))
      let same = try await window.open(path + "/rules?version=1").text
      #expect(same.contains("вышло бы то же самое"))
      // Twenty percent off tea and ten percent back: 300 − 60 = 240, of which 24.
      for query in ["version=2", "date=2026-11-22&time=12:00"] {
        let page = try await window.open(path + "/rules?" + query).text
        for text in ["240,00", "−30,00", ">24<", "+11", "дешевле на 30,00", "правилам версии 2"] {
          #expect(page.contains(text), "\(query): \(text)")
        }
      }
      let before = try await window.open(path + "/rules?date=2026-11-21&time=12:00").text
      #expect(before.contains("вышло бы то же самое") && before.contains("правилам версии 1"))
      for query in ["version=3", "version=x", "date=2026-13-01"] {
        #expect(try await window.open(path + "/rules?" + query).status == 422, "\(query)")
      }
      #expect(try await window.open(path).text.contains("270,00"))
      try await shop.verify()
    }
  }
}

extension WebShop {
  /// A second version of the rules: more off tea, and more back.
  fileprivate func publishTenPercent() async throws {
    let (account, change) = (account, Change(by: .demo, at: now, ids: ids))
    let code = programme
    try await database.write { tx in
      let programme = try Programmes(of: account, zones: Self.zone).programme(code, in: &tx)
      let rules = """
        [{ "code": "club", "name": { "ru": "10 %", "en": "10 %" }, "benefit": { "earn": { "rate": "10" } } },
         { "code": "tea", "name": { "ru": "Чай", "en": "Tea" }, "on": { "products": ["tea"] }, "benefit": { "percent": "20" } }]
        """
      let rows = JSONNode(try JSON.parse(rules)).items(max: 10).compactMap { item -> PromotionDetails? in
        guard let code = item["code"].text(), let body = item.json else { return nil }
        return PromotionDetails(code: code, body: body)
      }
      _ = try Promotions(of: programme).save(rows, by: change, in: &tx)
      let names = try AccountNames(of: programme, catalogue: CatalogueIndex(of: account).refreshed(in: &tx), in: &tx)
      _ = try RuleBooks(of: programme).publish(names, by: change, in: &tx)
    }
    try await floors.refresh()
  }
}
