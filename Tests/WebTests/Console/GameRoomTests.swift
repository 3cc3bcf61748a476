import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `games in the console` {
  private static let wheel = [
    "code": "WHEEL", "ru": "Колесо", "en": "Wheel", "kind": "wheel", "memberDaily": "3", "prizes": "on", "p1-ru": "Кружка",
    "p1-en": "Mug", "p1-chance": "2,5", "p1-stock": "10", "p1-gift": "thing", "p1-value": "300", "p3-ru": "Баллы",
    "p3-en": "Points", "p3-chance": "10", "p3-gift": "points", "p3-value": "100", "c-ru": "Увы", "c-en": "Alas",
    "c-gift": "nothing",
  ]

  private static func games(_ shop: WebShop) async throws -> Games {
    try await shop.database.read { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      return Games(of: programme, ids: shop.ids, keys: WebShop.keys)
    }
  }

  @Test(arguments: TestDatabase.available) func `are made, played, changed, begun anew and closed`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.open("/console/games").text.contains("Игр ещё нет"))
      for _ in 0..<2 { #expect(try await window.submit("/console/games", Self.wheel).status == 303) }
      let games = try await Self.games(shop)
      let all = try await shop.database.read { tx in try games.all(limit: 9, in: &tx) }
      #expect(all.count == 1 && all[0].details.table.prizes.map(\.chance.ppm) == [25_000, 100_000])
      let path = "/console/games/\(all[0].id)"
      let page = try await window.open(path).text
      for words in ["один из 40", "осталось 10 из 10", "1000 розыгрышей стоит", "7500,00", "Зерно откроется"] {
        #expect(page.contains(words), "\(words)")
      }
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      try await shop.database.write { tx in
        try games.give(2, of: "WHEEL", to: shop.anna, because: "test", request: RequestKey("turns"), by: change, in: &tx)
        _ = try games.draw("WHEEL", by: shop.anna, at: nil, request: RequestKey("draw"), change: change, in: &tx)
      }
      // Prizes stand as published; the rest can be changed.
      #expect(try await window.open(path + "/edit").text.contains("В игру уже играли"))
      let other = Self.wheel.merging(["p1-chance": "50"]) { $1 }
      #expect(try await window.submit(path, other).status == 422)
      var named = Self.wheel.merging(["ru": "Барабан"]) { $1 }
      named["prizes"] = nil
      #expect(try await window.submit(path, named).status == 303)
      #expect(try await window.open(path).text.contains("Барабан"))
      let anew = try await window.open(path + "/edition").text
      #expect(anew.contains("name=\"edition\" value=\"1\""))
      for _ in 0..<2 { #expect(try await window.submit(path + "/edition", other.merging(["edition": "1"]) { $1 }).status == 303) }
      let editions = try await shop.database.read { tx in try games.editions(of: all[0].id, limit: 9, in: &tx) }
      #expect(editions.map(\.number) == [2, 1], "sent twice it begins one")
      let log = try await window.open(path + "/log.csv?edition=1").text
      let checked = try GameProof.check(log, all[0].details.amounts)
      #expect(checked.draws == 1 && checked.differences.isEmpty)
      #expect(
        try await shop.window(of: shop.hire("olga", .owner)).open("/console/members/\(shop.anna)").text.contains("осталось 1"))
      #expect(try await window.submit(path + "/close").status == 303)
      #expect(try await window.open(path).text.contains("закрыта"))
      #expect(try await window.submit(path, named).status == 422)
    }
  }

  @Test func `a new edition begins with what is left, also of what was won while the form was open`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let certain = Self.wheel.merging(["p1-chance": "90", "p1-stock": "3", "memberDaily": ""]) { $1 }
      #expect(try await window.submit("/console/games", certain).status == 303)
      let games = try await Self.games(shop)
      let path = try await shop.database.read { tx in "/console/games/\(try games.game(code: "WHEEL", in: &tx).id)" }
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      try await shop.database.write { tx in
        try games.give(40, of: "WHEEL", to: shop.anna, because: "test", request: RequestKey("turns"), by: change, in: &tx)
      }
      var drawn = 0
      func play(until mugs: Int64) async throws {
        while try await shop.database.read({ tx in
          try games.edition(1, of: games.game(code: "WHEEL", in: &tx).id, in: &tx).given[0]
        }) < mugs {
          drawn += 1
          let request = RequestKey("draw \(drawn)")
          try await shop.database.write { tx in
            _ = try games.draw("WHEEL", by: shop.anna, at: nil, request: request, change: change, in: &tx)
          }
        }
      }
      try await play(until: 1)
      let form = try await window.open(path + "/edition").text
      #expect(form.contains("name=\"given\" value=\"1,\(drawn - 1),0\"") && form.contains("value=\"2\""))
      let begun = certain.merging(["edition": "1", "given": "1,\(drawn - 1),0", "p1-stock": "2"]) { $1 }
      try await play(until: 2)
      let moved = try await window.submit(path + "/edition", begun)
      #expect(moved.status == 422 && moved.text.contains("Запас исправлен") && moved.text.contains("value=\"2,0,"))
      try await play(until: 3)
      let gone = try await window.open(path + "/edition").text
      #expect(gone.contains("Кончились и в форму не вошли: «Кружка»") && !gone.contains("value=\"Кружка\""))
      // What a mug costs stays with the house, and can be put right.
      let costs = ["ru": "Колесо", "en": "Wheel", "memberDaily": "", "p1-value": "450"]
      #expect(try await window.open(path + "/edit").text.contains("name=\"p1-value\""))
      #expect(try await window.submit(path, costs).status == 303)
      #expect(try await window.submit(path, costs.merging(["p1-value": "much"]) { $1 }).text.contains("aria-invalid"))
      let page = try await window.open(path).text
      #expect(page.contains("стоит 450") && page.contains("Отпечаток призов и шансов"))
      #expect(try await !window.open(path + "/log.csv").text.contains("cost"))
    }
  }

  @Test func `what is wrong stands at its field`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let wrong: [(String, String, String)] = [
        ("p1-chance", "abc", "Здесь нужно число"), ("p1-chance", "95", "больше 100"), ("p3-en", "", "Заполните"),
        ("p1-stock", "-1", "целое число"), ("c-ru", "", "Заполните"), ("until", "soon", "дата"),
      ]
      for (field, value, words) in wrong {
        let answer = try await window.submit("/console/games", Self.wheel.merging([field: value]) { $1 })
        #expect(answer.status == 422 && answer.text.contains(words) && answer.text.contains("aria-invalid"), "\(field) \(value)")
      }
      let coupon = Self.wheel.merging(["p3-gift": "coupon", "p3-series": "NONE"]) { $1 }
      #expect(try await window.submit("/console/games", coupon).text.contains("Нет такой открытой серии"))
      let clerk = try await shop.window(of: shop.hire("nina", .analyst))
      #expect(try await clerk.submit("/console/games", Self.wheel).status == 403)
    }
  }
}
