import Access
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `the room of the catalogue` {
  private static let cheese = [
    "code": "cheese", "name": "Сыр", "nameEn": "", "category": "food", "unit": "kilogram", "barcodes": "4600000000039\n4011",
    "attributes": "fat = 45\nripened = true\nlot = \"7\"\nsince = 2026-01-01\nmade = Алтай", "minPrice": "120,50", "maxPrice": "",
    "minAge": "",
    "pointsSpendForbidden": "on",
  ]

  private static func product(_ shop: WebShop, _ code: String) async throws -> Known<ProductDetails>? {
    try await shop.database.read { tx in try Catalogue(of: shop.account).products(codes: [code], in: &tx)[code] }
  }

  @Test(arguments: TestDatabase.available) func `makes a product once, shows and changes it, and tills know at once`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      for _ in 0..<2 { #expect(try await window.submit("/console/catalogue", Self.cheese).status == 303) }
      let known = try #require(try await Self.product(shop, "cheese"))
      #expect(known.details.minPrice == Money(minor: 12_050) && known.details.barcodes.count == 2)
      let attributes = known.details.attributes
      #expect(attributes["fat"] == .number(45) && attributes["ripened"] == .flag(true) && attributes["lot"] == .text("7"))
      #expect(attributes["since"] == CivilDay("2026-01-01").map { .day($0) } && attributes["made"] == .text("Алтай"))
      let path = "/console/catalogue/products/\(known.id)"
      let page = try await window.open(path).text
      for text in ["Сыр", "нет английского названия", "Продукты", "4600000000039", "120,50", "не за баллы", "килограмм", "Алтай"] {
        #expect(page.contains(text), "\(text)")
      }
      // What the form shows, sent back, changes nothing.
      let form = try await window.open(path + "/edit").text
      #expect(form.contains("lot = &quot;7&quot;") && form.contains("value=\"120.50\""))
      #expect(try await window.submit(path, Self.cheese).location == path)
      let edited = Self.cheese.merging(["nameEn": "Cheese", "minPrice": "99", "barcodes": "4011", "pointsSpendForbidden": ""]) {
        $1
      }
      for _ in 0..<2 { #expect(try await window.submit(path, edited).location == path) }
      let acts = try await shop.database.read { tx in
        try AuditTrail(of: shop.account).entries(of: known.id, limit: 10, in: &tx).map { "\($0.actor) \($0.act)" }
      }
      #expect(acts == ["staff:mark product.changed", "staff:mark product.made"])
      #expect(!(try await window.open(path).text.contains("нет английского названия")))
      let floor = try await shop.floors.floor(of: shop.programme, account: shop.account)
      #expect(floor.catalogue.facts(known.id)?.minPrice == Money(minor: 9_900))
    }
  }

  @Test(arguments: TestDatabase.available) func `sets a cost from a day on, once, and refuses it at its field`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let milk = try #require(try await Self.product(shop, "milk"))
      let path = "/console/catalogue/products/\(milk.id)"
      let cost = ["kind": "cost", "value": "61,50", "since": "2026-11-01"]
      for _ in 0..<2 { #expect(try await window.submit(path + "/figures", cost).location == path + "#figures") }
      let page = try await window.open(path).text
      #expect(page.contains("61,50") && page.contains("Себестоимость"))
      let cases = [("value", "дорого"), ("value", "-1"), ("since", "вчера"), ("kind", "worth"), ("zone", "nowhere")]
      for (field, wrong) in cases {
        let seen = try await window.submit(path + "/figures", cost.merging([field: wrong]) { $1 })
        #expect(seen.status == 422, "\(field) \(wrong)")
      }
      let known = try await shop.database.read { tx in
        try Catalogue(of: shop.account).figures(
          of: [milk.id], zone: nil, on: CivilDay("2026-11-21") ?? CivilDay(number: 0), in: &tx)
      }
      #expect(known[milk.id]?.cost == Money(minor: 6_150))
      let anna = try await shop.window(of: shop.hire("anna", .analyst))
      #expect(try await anna.submit(path + "/figures", cost).status == 403)
    }
  }

  @Test func `refuses a product at the fields that are wrong`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let cases: [(field: String, wrong: String)] = [
        ("code", "milk"), ("name", ""), ("category", "nowhere"), ("barcodes", "4600000000038"), ("barcodes", "4600000000008"),
        ("attributes", "fat 45"), ("minPrice", "дорого"), ("minAge", "200"), ("brand", "nobody"),
      ]
      for (field, wrong) in cases {
        let seen = try await window.submit("/console/catalogue", Self.cheese.merging([field: wrong]) { $1 })
        #expect(seen.status == 422 && seen.text.contains("id=\"f-\(field)-fault\""), "\(field) \(wrong)")
        #expect(seen.text.contains("made = Алтай") || field == "attributes", "\(field)")
      }
      #expect(try await Self.product(shop, "cheese") == nil)
      #expect(
        try #require(try await Self.product(shop, "milk")).details.name.ru == "milk", "a new product never changes an old one")
    }
  }

  @Test(arguments: TestDatabase.available) func `finds by pieces of codes and names, by bars and by a category's name`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      let rows = (0..<60).map { ProductDetails(code: "w\(100 + $0)", name: CatalogueName("Вино \($0)"), category: "food") }
      _ = try await shop.database.write { tx in try Catalogue(of: shop.account).save(rows, by: change, in: &tx) }
      _ = try await shop.floors.refresh(shop.programme)
      let window = try await shop.window(of: shop.hire("anna", .analyst))
      let milk = try #require(try await Self.product(shop, "milk"))
      #expect(try await window.open("/console/catalogue?q=4600000000008").location == "/console/catalogue/products/\(milk.id)")
      let some = try await window.open("/console/catalogue?q=w1").text
      #expect(some.contains("Вино 49") && !some.contains("Вино 50") && !some.contains(">milk<"))
      let link = try #require(some.firstMatch(of: /\/console\/catalogue\?after=50&amp;q=w1/))
      let rest = try await window.open(String(link.output).replacing("&amp;", with: "&")).text
      #expect(rest.contains("Вино 50") && rest.contains("Вино 59") && !rest.contains("Вино 49"))
      let all = try await window.open("/console/catalogue?after=w149").text
      #expect(all.contains("Вино 50") && !all.contains("Вино 49"))
      let byName = try await window.open("/console/catalogue?q=" + queryText("57 вин")).text
      #expect(byName.contains("Вино 57") && !byName.contains("Вино 56"))
      let none = try await window.open("/console/catalogue?q=" + queryText("водка")).text
      #expect(none.contains("Ни в названии, ни в коде"))
      let named = try await window.open("/console/catalogue?q=" + queryText("ПРОДУК")).text
      #expect(named.contains("/console/catalogue/categories/") && named.contains("Продукты"))
    }
  }

  @Test(arguments: TestDatabase.available) func `has a tree with counts, where a category moves with what lies inside`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      for (code, parent) in [("drinks", ""), ("hot", "food")] {
        for _ in 0..<2 {
          let form = ["code": code, "name": code == "hot" ? "Горячее" : "Напитки", "nameEn": code, "parent": parent]
          #expect(try await window.submit("/console/catalogue/categories", form).status == 303)
        }
      }
      let tree = try await shop.database.read { tx in try Catalogue(of: shop.account).categories(in: &tx) }
      let (food, hot) = (try #require(tree.id("food")), try #require(tree.id("hot")))
      let page = try await window.open("/console/catalogue/categories").text
      #expect(page.contains("Горячее") && page.contains("<span class=\"tab muted\">3</span>"), "three products lie in food")
      let path = "/console/catalogue/categories/\(hot)"
      #expect(try await window.submit(path, ["name": "Горячее", "nameEn": "hot", "parent": "drinks"]).location == path)
      #expect(try await window.open(path).text.contains("Напитки"))
      #expect(
        try await window.submit("/console/catalogue/categories/\(food)", ["name": "Еда", "parent": "food"]).text.contains(
          "выше самой себя"))
      #expect(try await window.submit("/console/catalogue/categories", ["code": "hot", "name": "Другое"]).status == 422)
      let shown = try await window.open("/console/catalogue/categories/\(food)").text
      #expect(shown.contains(">milk<") && shown.contains("Продукты"))
    }
  }

  @Test func `says which promotions name a product, and how`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("anna", .analyst))
      let (tea, milk) = (try #require(try await Self.product(shop, "tea")), try #require(try await Self.product(shop, "milk")))
      let page = try await window.open("/console/catalogue/products/\(tea.id)").text
      #expect(page.contains("Чай") && page.contains("действует на: сам товар"))
      #expect(try await window.open("/console/catalogue/products/\(milk.id)").text.contains("Ни одна акция не называет"))
    }
  }
}
