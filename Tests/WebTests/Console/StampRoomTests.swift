import Access
import Calculator
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `stamp cards in the console` {
  private static let coffee = [
    "code": "coffee", "ru": "Шестой кофе", "en": "The sixth coffee", "stamps": "5", "life": "days", "days": "90", "countsOn": "on",
  ]

  private static func cards(_ shop: WebShop) async throws -> [StampCard] {
    try await shop.database.read { tx in
      try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx).settings.terms.stampCards
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are made once, refused where they say too little, and changed`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.open("/console/stamps").text.contains("Карточек ещё нет"))
      let refused = try await window.submit("/console/stamps", Self.coffee.merging(["stamps": "0", "code": "ко"]) { $1 })
      #expect(refused.status == 422 && refused.text.contains("Не сохранено"))
      for _ in 0..<2 { #expect(try await window.submit("/console/stamps", Self.coffee).location == "/console/stamps/coffee") }
      #expect(try await Self.cards(shop).map(\.life) == [.days(90)])
      let other = Self.coffee.merging(["stamps": "7"]) { $1 }
      #expect(try await window.submit("/console/stamps", other).status == 422, "another card under the same code")
      #expect(try await window.open("/console/stamps/coffee/edit").text.contains("value=\"90\""))
      let changed = other.filter { $0.key != "countsOn" }.merging(["life": "month", "mostPerDay": "2"]) { $1 }
      #expect(try await window.submit("/console/stamps/coffee", changed).status == 303)
      let card = try #require(try await Self.cards(shop).first)
      #expect(card.stamps == 7 && card.life == .through(.month) && card.mostPerDay == 2 && !card.countsOn)
      let page = try await window.open("/console/stamps/coffee").text
      #expect(page.contains("до конца месяца") && page.contains("Ни у кого нет штампов"))
      #expect(try await window.open("/console/stamps").text.contains("Шестой кофе"))
      #expect(try await window.open("/console/stamps/tea").status == 404)
      // The settings' own form keeps the cards.
      let settings = try await shop.database.read { tx in
        try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx).settings
      }
      #expect(ProgrammeSettings(JSONNode(settings.json), zones: WebShop.zone).terms.stampCards == [card])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are stamped by hand by whoever may give points, with a reason and once`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let marketer = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await marketer.submit("/console/stamps", Self.coffee).status == 303)
      let operating = try await shop.window(of: shop.hire("olga", .operator))
      let path = "/console/members/\(shop.anna)"
      let form = ["card": "coffee", "stamps": "3", "note": "бумажная карточка", "request": "one"]
      for _ in 0..<2 { #expect(try await operating.submit(path + "/stamps", form).location == path) }
      let page = try await operating.open(path).text
      #expect(page.contains("stamp-row") && page.contains("3 из 5"))
      let tooMany = form.merging(["stamps": "−4", "request": "two"]) { $1 }
      let refused = try await operating.submit(path + "/stamps", tooMany)
      #expect(refused.status == 422 && refused.text.contains("только 3"))
      #expect(try await operating.submit(path + "/stamps", form.merging(["note": "", "request": "three"]) { $1 }).status == 422)
      #expect(try await marketer.open("/console/stamps/coffee").text.contains("3\u{a0}штампа"))
      #expect(try await marketer.submit(path + "/stamps", form.merging(["request": "four"]) { $1 }).status == 403)
    }
  }
}
