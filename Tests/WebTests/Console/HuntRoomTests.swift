import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// A hunt from the form to the receipt, the page of the shop and the prize.
@Suite struct `hunts in the console` {
  private static let foxes = [
    "kind": "hunt", "code": "FOXES", "ru": "Лисы", "en": "Foxes", "receipts": "every", "pages": "home\r\n tea/* \r\n",
    "memberDaily": "9", "prizes": "on", "p1-ru": "Рыжая", "p1-en": "Red", "p1-code": "RED", "p1-one": "1", "p1-stock": "40",
    "c-ru": "Никого", "c-en": "Nobody", "k2-ru": "Пара", "k2-en": "A pair", "k2-code": "PAIR", "k2-finds": "RED × 2",
    "k2-times": "2", "k2-stock": "5", "k2-gift": "points", "k2-value": "70",
  ]

  @Test(arguments: TestDatabase.available) func `are made, searched and completed`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.open("/console/games/new-hunt").text.contains("Где прятать"))
      for _ in 0..<2 { #expect(try await window.submit("/console/games", Self.foxes).status == 303) }
      let line = try await shop.line()
      let first = try await line.post("/till/v1/receipts", Bodies.receipt(71), key: "hunt-receipt-1")
      let told = try first.json["finds"]
      #expect(told?[0]?["find"] == "RED" && told?[0]?["completed"] == nil, "\(String(decoding: first.body, as: UTF8.self))")
      let again = try await line.post("/till/v1/receipts", Bodies.receipt(71), key: "hunt-receipt-1")
      #expect(again.body == first.body, "sent again")
      #expect(await shop.meters.text().contains("regulars_draws_total{prize=\"drawn\"} "), "a find is a draw")
      let page = Array("{ \(Bodies.card), \"page\": \"tea/green\" }".utf8)
      let opened = try await line.post("/till/v1/games/foxes/pages", page, key: "open-page-1")
      #expect(opened.status == 200, "\(String(decoding: opened.body, as: UTF8.self))")
      #expect(try opened.json["hides"] == .bool(true) && opened.json["prize"]?["kind"] == "find")
      #expect(try opened.json["completed"]?[0]?["prize"]?["points"] == "70")
      #expect(try await line.post("/till/v1/games/foxes/pages", page, key: "open-page-2").body == opened.body, "opened again")
      let bare = Array("{ \(Bodies.card), \"page\": \"milk\" }".utf8)
      #expect(try await line.post("/till/v1/games/foxes/pages", bare, key: "open-page-3").json["hides"] == .bool(false))
      #expect(try await line.post("/till/v1/games/NONE/pages", bare, key: "open-page-4").status == 404)
      _ = try await line.post("/till/v1/receipts", Bodies.receipt(72), key: "hunt-receipt-2")
      let games = try await line.get("/till/v1/games?identifier=1001").json["games"]?[0]
      #expect(games?["hunt"]?["album"]?[0]?["count"] == .int(1) && games?["prizes"]?[0]?["oneIn"] == .int(1))
      let pair = games?["hunt"]?["collections"]?[0]
      #expect(pair?["completed"] == .int(1) && pair?["missing"]?[0]?["count"] == .int(1) && pair?["left"] == .int(4))
      try await Self.look(shop, window)
      try await shop.verify()
    }
  }

  /// What the pages say of it.
  private static func look(_ shop: WebShop, _ window: BrowserWindow) async throws {
    let games = try await shop.database.read { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      return Games(of: programme, ids: shop.ids, keys: WebShop.keys)
    }
    let path = try await shop.database.read { tx in "/console/games/\(try games.game(code: "FOXES", in: &tx).id)" }
    let page = try await window.open(path).text
    for words in ["на каждом чеке", "осталось 37 из 40", "RED", "Рыжая × 2", "осталось 4 из 5", "Кто собрал"] {
      #expect(page.contains(words), "\(words)")
    }
    let csv = try await window.open(path + "/prizes.csv").text
    #expect(csv.contains("PAIR") && csv.contains("\(shop.anna)") && csv.split(separator: "\n").count == 2, "\(csv)")
    #expect(try await window.open(path + "/prizes.xlsx").status == 200)
    let card = try await shop.window(of: shop.hire("olga", .owner)).open("/console/members/\(shop.anna)").text
    #expect(card.contains("в альбоме: Рыжая") && card.contains("не хватает: Рыжая"), "the album on the member's page")
    // Finds stand as published, collections do not.
    let form = try await window.open(path + "/edit").text
    #expect(form.contains("Находки уже искали") && form.contains("RED × 2") && !form.contains("name=\"p1-code\""))
    var other = foxes.filter { !$0.key.hasPrefix("p") }
    other["pages"] = foxes["pages"]
    other["k2-value"] = "90"
    #expect(try await window.submit(path, other).status == 303)
    #expect(try await window.submit(path, other.merging(["k2-stock": "0"]) { $1 }).text.contains("aria-invalid"))
    let anew = try await window.open(path + "/edition").text
    #expect(anew.contains("name=\"p1-stock\"") && anew.contains("value=\"37\""))
    let begun = foxes.merging(["edition": "1", "given": "3,0", "p1-stock": "37"]) { $1 }
    for _ in 0..<2 { #expect(try await window.submit(path + "/edition", begun).status == 303) }
    let log = try await window.open(path + "/log.csv?edition=1").text
    let checked = try GameProof.check(log, AmountForm(currency: .rub, pointsScale: 0))
    #expect(checked.draws == 3 && checked.differences.isEmpty)
    #expect(try await window.submit(path + "/close").status == 303)
  }

  @Test func `what is wrong stands at its field`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let wrong: [(String, String, String)] = [
        ("p1-one", "", "Заполните"), ("p1-one", "400000", "миллионных"), ("p1-code", "", "Код"), ("memberDaily", "", "Для страниц"),
        ("k2-finds", "BLUE", "Находки с таким кодом"), ("k2-gift", "nothing", "что даёт коллекция"), ("c-ru", "", "Заполните"),
      ]
      for (field, value, words) in wrong {
        let answer = try await window.submit("/console/games", Self.foxes.merging([field: value]) { $1 })
        #expect(answer.status == 422 && answer.text.contains(words) && answer.text.contains("aria-invalid"), "\(field) \(value)")
      }
      let clerk = try await shop.window(of: shop.hire("nina", .analyst))
      #expect(try await clerk.submit("/console/games", Self.foxes).status == 403)
    }
  }
}

extension JSON {
  fileprivate subscript(_ place: Int) -> JSON? {
    if case .array(let items) = self, items.indices.contains(place) { items[place] } else { nil }
  }
}
