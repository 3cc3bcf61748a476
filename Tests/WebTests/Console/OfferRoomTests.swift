import Access
import Customers
import Kernel
import Loyalty
import TestKit
import Testing
import Web

@Suite struct `offers and consents in the console` {
  @Test(arguments: TestDatabase.available)
  func `are activated and recorded on the member's page, once`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await OfferCallTests.publish(shop)
      let window = try await shop.window(of: shop.hire("olga", .operator))
      let path = "/console/members/\(shop.anna)"
      let before = try await window.open(path).text
      #expect(before.contains("Неделя") && before.contains("не активировано") && before.contains("Согласий нет"))
      for _ in 0..<2 {
        #expect(try await window.submit(path + "/offers", ["promotion": "week", "act": "activate"]).location == path + "#offers")
      }
      #expect(try await window.open(path).text.contains("осталось чеков: 3"))
      #expect(try await window.submit(path + "/offers", ["promotion": "week", "act": "end"]).status == 303)
      #expect(try await window.open(path).text.contains("не активировано"))
      #expect(try await window.submit(path + "/offers", ["promotion": "club", "act": "activate"]).status == 404)
      let form = [
        "consent": "advertising-sms", "act": "given", "text": "2026-05", "source": "магазин", "proof": "анкета 7", "request": "one",
      ]
      let refused = try await window.submit(path + "/consents", form.merging(["text": "", "request": "no"]) { $1 })
      #expect(refused.status == 422 && refused.text.contains("версию текста"))
      for _ in 0..<2 { #expect(try await window.submit(path + "/consents", form).location == path + "#consents") }
      let page = try await window.open(path).text
      #expect(page.contains("Реклама в СМС") && page.contains("2026-05"))
      #expect(try await window.submit(path + "/consents", form.merging(["consent": "all", "request": "two"]) { $1 }).status == 422)
      let acts = try await shop.database.read { tx in
        let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
        return try ConsentBook(of: programme.members).records(of: shop.anna, limit: 9, in: &tx)
      }
      #expect(acts.map(\.act.isGiven) == [true], "sent twice it is one act")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are asked for in a promotion's form, and told in its sentences`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await OfferCallTests.publish(shop)
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let promotions = try await shop.floors.floor(of: shop.programme, account: shop.account).rules.promotions
      func path(_ code: String) throws -> String {
        "/console/promotions/\(try #require(promotions.first { $0.code == code }).id)"
      }
      let page = try await window.open(path("week")).text
      #expect(page.contains("кто активировал предложение") && page.contains("7\u{a0}дней") && page.contains("3\u{a0}чека"))
      let edit = try await window.open(path("week") + "/edit").text
      #expect(edit.contains("name=\"activated-days\"") && edit.contains("value=\"7\""))
      let news = try await window.open(path("news")).text
      #expect(news.contains("кто дал согласие:") && news.contains("реклама в СМС"))
    }
  }
}
