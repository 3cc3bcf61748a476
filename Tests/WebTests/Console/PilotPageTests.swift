import Access
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// A pilot as the console shows it.
@Suite struct `the console's pilot` {
  private static let tea = "{ \"id\": \"1\", \"product\": \"tea\", \"price\": \"300.00\" }"
  private static let thirty = """
    { "code": "tea", "name": { "ru": "Чай", "en": "Tea" }, "on": { "products": ["tea"] }, "benefit": { "percent": "30" } }
    """

  /// The page of a promotion, by its code.
  private static func path(_ shop: WebShop, _ code: String) async throws -> String {
    let (account, id) = (shop.account, shop.programme)
    let promotion = try await shop.database.read { tx in
      let programme = try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx)
      return try Promotions(of: programme).promotions(codes: [code], in: &tx)[code]?.id
    }
    return "/console/promotions/\(try #require(promotion))"
  }

  @Test(arguments: TestDatabase.available) func `begins in a store, shows what it brought, and is rolled out`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let mark = try await shop.window(of: shop.hire("mark", .marketer))
      let path = try await Self.path(shop, "tea")
      #expect(!(try await mark.open(path).text.contains("\(path)/pilot")), "there is nothing new to try")
      #expect(try await mark.submit(path + "/text", ["rules": Self.thirty, "version": "1"]).location == path)
      #expect(try await mark.open(path).text.contains("\(path)/pilot"))
      let form = try await mark.open(path + "/pilot").text
      #expect(form.contains("Что пробуем") && form.contains("<ins>") && form.contains("останется версия 1"))
      let faults: [([String: String], String)] = [
        (["from": "2026-11-21T12:00"], "Назовите магазины, кассы или участников"),
        (["stores": "S1, S9", "from": "2026-11-21T12:00"], "нет: S9"),
        (["registers": "касса", "from": "2026-11-21T12:00"], "Пишите магазин/касса: касса"),
        (["members": "1777", "from": "2026-11-21T12:00"], "Никого с таким номером нет: 1777"),
        (["stores": "S1", "from": "2026-11-21T12:00", "until": "2026-11-20T12:00"], "error"),
      ]
      for (fields, words) in faults {
        let answer = try await mark.submit(path + "/pilot", fields.merging(["version": "2"]) { $1 })
        #expect(answer.status == 422 && answer.text.contains(words), "\(fields)")
      }
      let fields = ["version": "2", "stores": "S1", "members": "1001, +79161234567", "from": "2026-11-21T12:00"]
      for _ in 0..<2 { #expect(try await mark.submit(path + "/pilot", fields).location == path) }
      let page = try await mark.open(path).text.replacing("\u{a0}", with: " ")
      #expect(page.contains("Пилот версии 2") && page.contains("в 1 магазине и для 1 участника") && page.contains("S1"))
      #expect(page.contains("step?act=roll-out") && page.contains("step?act=stop") && !page.contains("step?act=launch"))
      #expect(try await mark.open("/console/promotions").text.contains("пилот версии 2"))
      #expect(try await mark.open(path + "/versions").text.contains("в пилоте"))
      let line = try await shop.line()
      for (number, more) in [Bodies.card, ""].enumerated() {
        let sold = try await line.post(
          "/till/v1/receipts", Bodies.receipt(number + 1, more, lines: Self.tea), key: "page-sale-\(number)")
        #expect(try sold.text("amount") == (number == 0 ? "210.00" : "270.00"))
      }
      await line.close()
      try await Self.addUp(shop)
      let brought = try await mark.open(path).text
      #expect(brought.contains("Пилот, версия 2") && brought.contains("Остальные, версия 1") && brought.contains("90,00"))
      let asked = try await mark.open(path + "/step?act=roll-out").text
      #expect(asked.contains("Все кассы перейдут на версию пилота"))
      let pilot = try #require(asked.firstMatch(of: /name="pilot" value="(plt_[0-9a-z]+)"/)?.1)
      for _ in 0..<2 {
        let done = try await mark.submit(path + "/step", ["act": "roll-out", "version": "2", "pilot": String(pilot)])
        #expect(done.location == path)
      }
      let after = try await mark.open(path).text
      #expect(after.contains("Последний пилот") && after.contains("получили все кассы") && after.contains("идёт"))
      #expect(try await mark.submit(path + "/step", ["act": "stop", "version": "2", "pilot": String(pilot)]).status == 422)
    }
  }

  @Test(arguments: TestDatabase.available) func `is stopped, and the old version is back`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let mark = try await shop.window(of: shop.hire("mark", .marketer))
      let path = try await Self.path(shop, "tea")
      _ = try await mark.submit(path + "/text", ["rules": Self.thirty, "version": "1"])
      _ = try await mark.submit(
        path + "/pilot", ["version": "2", "testCards": "on", "from": "2026-11-21T12:00", "until": "2026-11-21T13:00"])
      #expect(try await mark.open(path).text.contains("тестовые карты"))
      shop.pass(.hours(2))
      #expect(try await mark.open(path).text.contains("срок пилота вышел"))
      let asked = try await mark.open(path + "/step?act=stop").text
      let pilot = try #require(asked.firstMatch(of: /name="pilot" value="(plt_[0-9a-z]+)"/)?.1)
      #expect(try await mark.submit(path + "/step", ["act": "stop", "version": "2", "pilot": String(pilot)]).location == path)
      let after = try await mark.open(path).text
      #expect(after.contains("на кассах версия 1") && after.contains("правка ждёт") && after.contains("остановлен"))
      let trail = try await mark.open("/console/audit")
      #expect(trail.status == 403 || trail.text.contains("Пилот акции остановлен"))
      let anna = try await shop.window(of: shop.hire("anna", .analyst))
      #expect(try await anna.open(path + "/pilot").status == 403)
      #expect(try await anna.submit(path + "/pilot", ["version": "2", "stores": "S1", "from": "2026-11-21T12:00"]).status == 403)
    }
  }

  private static func addUp(_ shop: WebShop) async throws {
    let account = shop.account
    try await shop.database.write { tx in
      let events = try Outbox(of: account).events(after: nil, limit: 1_000, in: &tx)
      try SettlementDays(of: account, books: GiftBooks(zones: WebShop.zone)).take(events, in: &tx)
    }
  }
}
