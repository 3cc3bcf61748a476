import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

/// Favourite categories over the till's interface and in the console.
@Suite struct FavouriteCallTests {
  private static let tea = ["code": "tea", "ru": "Чай", "en": "Tea", "icon": "🍵", "products": "tea"]
  private static let dairy = ["code": "dairy", "ru": "Молочное", "en": "Dairy", "products": "milk"]

  private static func settings(_ shop: WebShop) async throws -> ProgrammeSettings {
    try await shop.database.read { tx in
      try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx).settings
    }
  }

  /// Two categories of which one may be chosen, and a promotion on what was chosen, made in the console.
  static func offer(_ shop: WebShop) async throws -> BrowserWindow {
    let window = try await shop.window(of: shop.hire("mark", .marketer))
    for form in [tea, dairy] { #expect(try await window.submit("/console/favourites", form).location == "/console/favourites") }
    let choosing = ["choose": "1", "period": "month", "begins": "either"]
    #expect(try await window.submit("/console/favourites/choosing", choosing).status == 303)
    return window
  }

  @Test(arguments: TestDatabase.available)
  func `an app shows what is offered, chooses once, and the till hears of it`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      let path = "/till/v1/members/\(shop.anna)/favourites"
      let none = try await line.get(path)
      #expect(try none.status == 404 && none.text("code") == "no_favourites")
      _ = try await Self.offer(shop)
      _ = try await shop.floors.refresh(shop.programme)
      let shown = try await line.get(path)
      #expect(try shown.at("choose") == .int(1))
      let offered =
        #"[{"code":"tea","name":{"ru":"Чай","en":"Tea"},"icon":"🍵"},{"code":"dairy","name":{"ru":"Молочное","en":"Dairy"}}]"#
      #expect(try shown.at("categories")?.compact == offered)
      #expect(try shown.text("present", "last") == "2026-11-30" && shown.at("next", "mayChoose") == .bool(true))
      func put(_ text: String) async throws -> TillLine.Reply { try await line.put(path, Array(text.utf8)) }
      let tea = #"{ "period": "present", "categories": ["tea"] }"#
      for _ in 0..<2 {
        let chosen = try await put(tea)
        #expect(try chosen.status == 200 && chosen.at("present", "categories")?.compact == #"["tea"]"#)
      }
      #expect(try await put(#"{ "period": "present", "categories": ["dairy"] }"#).text("code") == "favourites_chosen")
      #expect(try await put(#"{ "period": "present", "categories": ["tea", "dairy"] }"#).status == 422)
      #expect(try await put(#"{ "period": "past", "categories": ["tea"] }"#).status == 422)
      #expect(try await put(#"{ "categories": ["tea"] }"#).status == 422)
      #expect(try await line.get("/till/v1/members/\(shop.boris)/favourites").status == 404, "another chain's member")
      #expect(try await line.get("/till/v1/members/somebody/favourites").status == 404)
      #expect(try await shop.line(shop.stranger).get(path).status == 404)
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available)
  func `the room makes, changes and ends what is offered, and shows who chose what`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await Self.offer(shop)
      #expect(try await Self.settings(shop).favourites.choose == 1)
      #expect(try await window.submit("/console/favourites", Self.tea).status == 303, "sent twice")
      let other = try await window.submit("/console/favourites", Self.tea.merging(["en": "Other"]) { $1 })
      #expect(other.status == 422, "another one under the same code")
      for bad in [["code": "Чай"], ["products": ""], ["products": "coffee"], ["ru": ""]] {
        let form = Self.tea.merging(["code": "new"]) { $1 }.merging(bad) { $1 }
        #expect(try await window.submit("/console/favourites", form).status == 422, "\(bad)")
      }
      let operating = try await shop.window(of: shop.hire("olga", .operator))
      let member = "/console/members/\(shop.anna)"
      let two = ["period": "present", "favourite-tea": "on", "favourite-dairy": "on"]
      #expect(try await operating.submit(member + "/favourites", two).status == 422)
      let one = ["period": "present", "favourite-tea": "on"]
      for _ in 0..<2 { #expect(try await operating.submit(member + "/favourites", one).status == 303) }
      let page = try await operating.open(member).text
      #expect(page.contains("id=\"favourites\"") && page.contains("🍵 Чай"))
      let list = try await window.open("/console/favourites").text
      #expect(list.contains("Выбрали на этот период") && list.contains("100"))
      #expect(try await window.open("/console/favourites/tea/edit").text.contains("value=\"🍵\""))
      #expect(try await window.submit("/console/favourites/dairy", ["act": "remove"]).status == 303)
      #expect(try await Self.settings(shop).terms.favourites.map(\.code) == ["tea"])
      #expect(try await window.open("/console/favourites/dairy/edit").status == 404)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a promotion on favourites is made with a tick, and its last category cannot be taken from under it`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await Self.offer(shop)
      let form = [
        "act": "save", "/code": "loved", "/name/ru": "Любимое", "/name/en": "Loved", "goods-favourites": "on", "benefit": "percent",
        "percent": "10", "who": "everyone", "/priority": "0",
      ]
      let made = try await window.submit("/console/promotions/new", form)
      let place = try #require(made.location, "\(made.text)")
      #expect(try await window.open(place).text.contains("любимые категории участника"))
      #expect(try await window.open(place + "/edit").text.contains("name=\"goods-favourites\" value=\"on\" checked"))
      let stored = try await shop.database.read { tx in
        let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
        return try #require(try Promotions(of: programme).promotions(codes: ["loved"], in: &tx)["loved"])
      }
      #expect(stored.body["on"]?.compact == #"{"favourites":true}"#)
      #expect(try await window.submit(place + "/step", ["act": "launch", "version": "1"]).status == 303)
      for code in ["tea", "dairy"] {
        let ended = try await window.submit("/console/favourites/\(code)", ["act": "remove"])
        #expect(ended.status == (code == "tea" ? 303 : 422), "\(code)")
      }
      #expect(try await Self.settings(shop).terms.favourites.map(\.code) == ["dairy"])
    }
  }
}
