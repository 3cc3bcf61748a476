import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// Games over the till's interface.
@Suite struct GameCallTests {
  static func game(_ shop: WebShop, turns: Int64 = 2) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let games = Games(of: programme, ids: shop.ids, keys: WebShop.keys)
      let table = PrizeTable(
        [Prize(LocalText(ru: "Сто", en: "Hundred"), chance: .whole, stock: 1, gift: .points(Points(units: 100)))],
        consolation: Prize(LocalText(ru: "Увы", en: "Alas"), chance: .zero))
      _ = try games.save(
        [
          GameDetails(
            code: "WHEEL", name: LocalText(ru: "Колесо", en: "Wheel"), table: table, amounts: AmountForm(programme.settings.terms))
        ],
        by: change, in: &tx)
      try games.give(turns, of: "WHEEL", to: shop.anna, because: "test", request: RequestKey("turns"), by: change, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available) func `a turn is played once, and its prize is on the wallet`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.game(shop)
      let line = try await shop.line()
      let body = Array("{ \(Bodies.card) }".utf8)
      let listed = try JSON.parse(try await line.get("/till/v1/games?identifier=1001").body)
      #expect(listed["games"]?[0]?["turns"] == .int(2) && listed["games"]?[0]?["prizes"]?[0]?["left"] == .int(1))
      let first = try await line.post("/till/v1/games/wheel/draws", body, key: "draw-number-1")
      #expect(first.status == 201, "\(String(decoding: first.body, as: UTF8.self))")
      let won = try JSON.parse(first.body)
      #expect(won["prize"]?["kind"] == "points" && won["turnsLeft"] == .int(1) && won["draw"]?["n"] == .int(1))
      #expect(won["draw"]?["commitment"] == listed["games"]?[0]?["commitment"])
      #expect(won["draw"]?["fingerprint"] == listed["games"]?[0]?["fingerprint"] && won["draw"]?["fingerprint"] != nil)
      let again = try await line.post("/till/v1/games/wheel/draws", body, key: "draw-number-1")
      #expect(again.status == 201 && again.body == first.body, "sent again")
      let second = try JSON.parse(try await line.post("/till/v1/games/WHEEL/draws", body, key: "draw-number-2").body)
      #expect(second["isOutOfStock"] == .bool(true) && second["prize"]?["kind"] == "nothing")
      let third = try await line.post("/till/v1/games/WHEEL/draws", body, key: "draw-number-3")
      #expect(third.status == 409)
      #expect(try JSON.parse(third.body)["code"] == "no_turns")
      #expect(try await line.post("/till/v1/games/OTHER/draws", body, key: "draw-number-4").status == 404)
      let mine = try JSON.parse(try await line.get("/till/v1/games?identifier=1001").body)
      #expect(mine["prizes"]?[0]?["n"] == .int(2) && mine["games"]?[0]?["turns"] == .int(0))
      #expect(try await line.get("/till/v1/games?identifier=nobody-has-it").status == 404)
      try await shop.verify()
    }
  }
}

extension JSON {
  fileprivate subscript(_ place: Int) -> JSON? {
    if case .array(let items) = self, items.indices.contains(place) { items[place] } else { nil }
  }
}
