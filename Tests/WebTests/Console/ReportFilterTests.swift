import Access
import Cube
import Customers
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing
import Web

/// Ready reports through every filter that they offer, against the same reports of a shop in which nothing else was ever sold.
@Suite struct `filters of ready reports` {
  struct Basket: Sendable {
    var day: Int
    var store = "S1"
    var card: String?
    var channel = "till"
    var products: [String]
  }

  /// Two stores, Anna, Vera and nobody, two ways to order, three products.
  static let baskets: [Basket] = [
    .init(day: 8, card: "1003", products: ["milk", "bread"]), .init(day: 9, store: "S2", card: "1001", products: ["tea"]),
    .init(day: 8, store: "S2", card: "1003", channel: "web", products: ["milk", "tea"]), .init(day: 9, products: ["milk"]),
    .init(day: 10, card: "1001", channel: "web", products: ["bread", "tea"]),
    .init(day: 12, store: "S2", products: ["bread", "milk"]),
    .init(day: 14, card: "1003", products: ["tea"]), .init(day: 15, store: "S2", card: "1001", products: ["milk", "bread"]),
    .init(day: 16, channel: "web", products: ["tea"]), .init(day: 18, store: "S2", card: "1003", products: ["bread"]),
    .init(day: 19, card: "1001", channel: "web", products: ["milk"]), .init(day: 20, store: "S2", products: ["tea", "milk"]),
  ]

  private struct Case: Sendable {
    let filters: [[Pivot.Filter]]
    let keep: @Sendable (Basket) -> Bool
    var product: String?
  }

  private static func of(_ words: (Dimension, String)...) -> [[Pivot.Filter]] { words.map { [Pivot.Filter($0.0, [$0.1])] } }

  private static let cases: [Case] = [
    Case(
      filters: of((.store, "S2"), (.city, "Казань"), (.region, "Татарстан"), (.sign, "express"))
        + [[Pivot.Filter(.store, ["S1"], isExcluded: true)]], keep: { $0.store == "S2" }),
    Case(
      filters: of(
        (.department, "dairy"), (.category, "dairy"), (.subcategory, "dairy"), (.product, "milk"), (.brand, "village"),
        (.manufacturer, "farm")), keep: { $0.products.contains("milk") }, product: "milk"),
    Case(filters: of((.promotion, "tea")), keep: { $0.products.contains("tea") }, product: "tea"),
    Case(filters: of((.channel, "web")), keep: { $0.channel == "web" }),
    Case(filters: of((.sex, "female"), (.age, "35–44"), (.joined, "2026-09"), (.segment, "loyal")), keep: { $0.card == "1003" }),
    Case(
      filters: [[Pivot.Filter(.store, ["S2"]), Pivot.Filter(.sex, ["female"])]],
      keep: { $0.store == "S2" && $0.card == "1003" }),
  ]

  // MARK: the shop

  /// - Returns: a till's token in each store.
  private static func found(_ shop: WebShop) async throws -> [String: String] {
    let (account, id, change) = (shop.account, shop.programme, Change(by: .commandLine, at: shop.now, ids: shop.ids))
    let secret = TokenSecret(random: WebShop.secrets(11))
    try await shop.database.write { tx in
      try Epochs.beginFirst("made", at: change.at, in: &tx)
      let places = Places(of: account)
      _ = try places.save([BrandDetails(code: "express", name: "Экспресс")], by: change, in: &tx)
      let second = StoreDetails(
        code: "S2", name: "S2", brand: "express", legalEntity: "ooo", address: Address(region: "Татарстан", city: "Казань"),
        zone: "Europe/Moscow")
      let store = try #require(try places.save([second], by: change, in: &tx).ids.first)
      let till = RegisterDetails(code: "1", name: "1")
      let register = try Registers(of: account, in: store).save([till], readProfile: { _ in }, by: change, in: &tx).ids[0]
      let token = TokenDetails(name: "S2", programme: id, bearer: .register(register, in: store), scopes: Scope.till)
      _ = try Tokens(of: account).issue(token, secret: secret, by: change, in: &tx)
      let catalogue = Catalogue(of: account)
      _ = try catalogue.save([ProductBrandDetails(code: "village", name: "Деревня")], by: change, in: &tx)
      _ = try catalogue.save([ManufacturerDetails(code: "farm", name: "Ферма")], by: change, in: &tx)
      let goods = [("dairy", "milk"), ("bakery", "bread"), ("drinks", "tea")]
      _ = try catalogue.save(goods.map { CategoryDetails(code: $0.0, name: CatalogueName($0.0)) }, by: change, in: &tx)
      _ = try catalogue.save(
        goods.map { category, code in
          ProductDetails(
            code: code, name: CatalogueName(code), category: category, brand: code == "milk" ? "village" : nil,
            manufacturer: code == "milk" ? "farm" : nil)
        }, by: change, in: &tx)
      let programme = try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx)
      let card = [programme.settings.identifiers.identifier(.card, "1003")].compactMap { $0 }
      let vera = try programme.members.join(
        MemberDetails(
          identifiers: card, person: Person(givenName: "Вера", birthday: CivilDay("1990-01-15"), sex: .female),
          joinedAt: change.at - .days(60)), by: change, in: &tx)
      let segments = Segments(of: account)
      let loyal = SegmentDetails(code: "loyal", name: LocalText(ru: "Верные", en: "Loyal"), kind: .static)
      _ = try segments.save([loyal], by: change, in: &tx)
      _ = try segments.add([vera], to: "loyal", by: change, in: &tx)
    }
    return ["S1": shop.till, "S2": secret.text]
  }

  static func sell(_ shop: WebShop, _ baskets: [Basket]) async throws {
    let tokens = try await found(shop)
    let prices = ["milk": "90.00", "bread": "50.00", "tea": "300.00"]
    for (number, basket) in baskets.enumerated() {
      let till = try await shop.line(tokens[basket.store])
      let lines = basket.products.enumerated().map { place, product in
        "{ \"id\": \"\(place + 1)\", \"product\": \"\(product)\", \"price\": \"\(prices[product] ?? "1.00")\", \"quantity\": \"1\" }"
      }
      let card = basket.card.map { Bodies.card.replacing("1001", with: $0) + ", " } ?? ""
      let date = basket.day < 10 ? "0\(basket.day)" : "\(basket.day)"
      let body = """
        { "time": "2026-11-\(date)T12:00:00", "receipt": { "shift": 1, "number": "\(number + 1)" }, "channel": "\(basket.channel)",
          \(card)"lines": [\(lines.joined(separator: ", "))] }
        """
      let key = "00000000-0000-4000-8000-0000000003\(number < 10 ? "0" : "")\(number)"
      let reply = try await till.post("/till/v1/receipts", Array(body.utf8), key: key)
      #expect(reply.status == 201, "\(reply.text)")
      await till.close()
    }
    let now = shop.now
    let relay = Relay(as: "one", now: { now })
    while try await relay.turn(on: shop.database) > 0 {}
    try await `reports of the office`.addUp(shop)
    shop.pass(.days(1))
    await shop.cubes.turn()
  }

  // MARK: what they say

  /// Rows by report and part; of promotions what receipts say of them, in no order: what they cost is of all receipts or of none.
  private static func rows(_ shop: WebShop, _ filters: [Pivot.Filter]) async throws -> [ReportName: [String: [[ReportSheet.Cell]]]]
  {
    let programme = try await `files of the office's reports`.programme(shop)
    let keeper = await shop.cubes.keeper(of: programme)
    let cube = try #require(await keeper.cube)
    let desk = ReportDesk(of: programme, cube, keeper, on: shop.database)
    let days = try #require(CivilDay("2026-11-14"))...(try #require(CivilDay("2026-11-20")))
    var all: [ReportName: [String: [[ReportSheet.Cell]]]] = [:]
    for name in ReportName.allCases where filters.allSatisfy({ name.canBeFiltered(by: $0.dimension) }) {
      let sheet = try await desk.report(name, ReportPeriod(days), where: filters, at: shop.now)
      #expect(sheet.filters.map(\.filter) == filters)
      for part in sheet.parts where name != .promotions || part.code == "promotions" {
        let own = name == .promotions ? part.rows.map { Array($0.prefix(8)) }.sorted { "\($0)" < "\($1)" } : part.rows
        all[name, default: [:]][part.code] = own
      }
    }
    return all
  }

  @Test func `leave what a shop would say that never sold anything else`() async throws {
    let told = Mutex<[[Pivot.Filter]: [ReportName: [String: [[ReportSheet.Cell]]]]]>([:])
    try await WebShop.open(.sqlite) { shop in
      try await Self.sell(shop, Self.baskets)
      for filters in Self.cases.flatMap(\.filters) {
        let rows = try await Self.rows(shop, filters)
        told.withLock { $0[filters] = rows }
      }
      let whole = try await Self.rows(shop, [])
      told.withLock { $0[[]] = whole }
    }
    let through = told.withLock { $0 }
    for one in Self.cases {
      let kept = Self.baskets.filter(one.keep).map { basket -> Basket in
        var basket = basket
        if let product = one.product { basket.products = [product] }
        return basket
      }
      try await WebShop.open(.sqlite) { shop in
        try await Self.sell(shop, kept)
        let alone = try await Self.rows(shop, [])
        for filters in one.filters {
          let said = try #require(through[filters])
          #expect(!said.isEmpty)
          for (name, parts) in said {
            guard name == .promotions, filters.contains(where: { $0.dimension == .promotion }) else {
              #expect(parts == alone[name], "\(name.rawValue) by \(filters)")
              continue
            }
            // Of promotions only the one that was asked for counts, as in a pivot; others may stand on the same receipts.
            let rows = (parts["promotions"] ?? []).filter { ![.number(0), .empty].contains($0[3]) }
            #expect(rows.count == 1 && alone[name]?["promotions"]?.contains(rows[0]) == true, "\(parts)")
          }
          // The board is not what it is without the filter.
          #expect(said[.board] == nil || said[.board]?["figures"] != through[[]]?[.board]?["figures"], "\(filters)")
        }
      }
    }
  }
}
