import Access
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `limits by line and by store in the console` {
  private static let tenOff = [
    "/code": "ten", "/name/ru": "Десять", "/name/en": "Ten", "benefit": "percent", "percent": "10", "percent-of": "reduced",
    "goods-products": "milk", "/priority": "100", "till": "on", "act": "save", "/limits/moneyPerLine": "12.00",
    "/limits/moneyPerStore": "15.00",
  ]

  @Test(arguments: TestDatabase.available)
  func `are set in the form, hold at the till, and the page says which store has used what`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.submit("/console/promotions/new", Self.tenOff).status == 303)
      let id = try await shop.database.read { tx in
        let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
        return try #require(try Promotions(of: programme).promotions(codes: ["ten"], in: &tx)["ten"]).id
      }
      let path = "/console/promotions/\(id)"
      #expect(try await window.submit(path + "/step", ["act": "launch", "version": "1"]).location == path)
      let page = try await window.open(path).text
      for text in ["на строку чека", "скидок на магазин за всю акцию", "Магазины ещё ничего не израсходовали"] {
        #expect(page.contains(text), "\(text)")
      }
      for (number, amount) in [(31, "188.00"), (32, "197.00"), (33, "200.00")] {
        let priced = try await shop.line().post("/till/v1/calculations", Bodies.basket(), key: nil)
        #expect(try priced.text("totals", "amount") == amount, "receipt \(number)")
        let body = Bodies.receipt(number, "", lines: Bodies.milk)
        let key = "00000000-0000-4000-8000-0000000002\(number)"
        #expect(try await shop.line().post("/till/v1/receipts", body, key: key).status == 201)
      }
      let used = try await window.open(path).text
      #expect(used.contains("<b>S1</b>") && !used.contains("<b>S2</b>"), "the other store has sold none")
      #expect(used.contains("15,00\u{a0}₽ из 15,00\u{a0}₽"))
      try await Self.addUp(shop)
      let overview = try await shop.window(of: shop.hire("olga", .owner)).open("/console").text
      #expect(overview.contains("магазин S1: 15,00\u{a0}₽ из 15,00\u{a0}₽") && !overview.contains("магазин S2:"))
      #expect(overview.contains("Бюджет акции «Десять», магазин S1 кончился"))
    }
  }

  /// The overview begins with the first day on which a store sold.
  private static func addUp(_ shop: WebShop) async throws {
    let account = shop.account
    try await shop.database.write { tx in
      _ = try StoreDays(of: account).take(Outbox(of: account).events(after: nil, limit: 1_000, in: &tx), in: &tx)
    }
  }

  private static let daily = [
    "/code": "daily", "/name/ru": "В день", "/name/en": "Daily", "benefit": "percent", "percent": "10", "percent-of": "reduced",
    "goods-products": "milk", "/priority": "100", "till": "on", "act": "save", "/limits/perDay": "2",
    "/limits/budgetMoney": "4000.00", "/limits/perStoreDay": "5",
  ]

  private static func sell(_ number: Int, _ shop: WebShop) async throws {
    let key = "00000000-0000-4000-8000-0000000003\(number)"
    let body = Bodies.receipt(number, "", lines: Bodies.milk)
    #expect(try await shop.line().post("/till/v1/receipts", body, key: key).status == 201)
  }

  @Test(arguments: TestDatabase.available)
  func `a day's limit of the whole chain is set, holds, and its meter moves while somebody looks`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.submit("/console/promotions/new", Self.daily).status == 303)
      let id = try await shop.database.read { tx in
        let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
        return try #require(try Promotions(of: programme).promotions(codes: ["daily"], in: &tx)["daily"]).id
      }
      let path = "/console/promotions/\(id)"
      #expect(!(try await window.open(path).text.contains("data-live=")), "a draft uses nothing up")
      #expect(try await window.open(path + "/live").status == 404)
      #expect(try await window.submit(path + "/step", ["act": "launch", "version": "1"]).location == path)
      let page = try await window.open(path).text
      for text in [
        "на всю сеть в день", "Сегодня, по всей сети", "За всю акцию, по всей сети", "data-live=\"\(path)/live\"", "осталось 2",
      ] {
        #expect(page.contains(text), "\(text)")
      }
      let listener = try window.listen(path + "/live?since=nothing")
      try await listener.hears("event: parts")
      let before = listener.text.count
      try await Self.sell(41, shop)
      shop.pass(.seconds(11))
      try await listener.hears("50&nbsp;%", after: before)
      try await Self.sell(42, shop)
      let priced = try await shop.line().post("/till/v1/calculations", Bodies.basket(), key: nil)
      #expect(try priced.text("totals", "amount") == "200.00", "two a day, and they were")
      #expect(try priced.json.compact.contains("limit-day"))
      #expect(try await window.open(path + "/live").text.hasPrefix("{\"meters\":"))
      let used = try await window.open(path).text
      #expect(used.contains("2 из 2, осталось 0") && used.contains("Израсходован") && used.contains("Темпа пока не видно"))
      try await Self.addUp(shop)
      let overview = try await shop.window(of: shop.hire("olga", .owner)).open("/console").text
      let places = ["сегодня, вся сеть: 2 из 2 раз", "сегодня, магазин S1: 2 из 5 раз", "40,00\u{a0}₽ из 4000,00\u{a0}₽"].map {
        overview.firstRange(of: $0)?.lowerBound
      }
      let found = places.compactMap { $0 }
      #expect(found.count == 3 && found == found.sorted(), "the fullest first: \(places)")
      #expect(!overview.contains("Бюджет акции «В день»"), "what begins anew tomorrow is not for somebody to look after")
    }
  }
}
