import Access
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// Ready reports of the back office, figure by figure.
@Suite struct `reports of the office` {
  private static let days = "?from=2026-11-14&to=2026-11-20"
  private static func path(_ report: String) -> String { "/console/analysis/reports/\(report)" }
  private static func key(_ number: Int) -> String { "00000000-0000-4000-8000-0000000002\(number < 10 ? "0" : "")\(number)" }

  private static func body(_ number: Int, _ day: Int, _ card: String, _ lines: String) -> [UInt8] {
    let date = day < 10 ? "0\(day)" : "\(day)"
    let more = card.isEmpty ? "" : card + ", "
    let text = """
      { "time": "2026-11-\(date)T12:00:00", "receipt": { "shift": 1, "number": "\(number)" }, \(more)"lines": [\(lines)] }
      """
    return Array(text.utf8)
  }

  /// Anna and nobody over a fortnight: tea is a tenth off.
  static func sell(_ shop: WebShop) async throws {
    let now = shop.now
    let (account, change) = (shop.account, Change(by: .commandLine, at: now, ids: shop.ids))
    try await shop.database.write { tx in
      try Epochs.beginFirst("made", at: now, in: &tx)
      let catalogue = Catalogue(of: account)
      let places = [("dairy", "milk"), ("bakery", "bread"), ("drinks", "tea")]
      _ = try catalogue.save(places.map { CategoryDetails(code: $0.0, name: CatalogueName($0.0)) }, by: change, in: &tx)
      _ = try catalogue.save(
        places.map { ProductDetails(code: $0.1, name: CatalogueName($0.1), category: $0.0, barcodes: []) }, by: change, in: &tx)
      let segments = Segments(of: account)
      _ = try segments.save(
        ["anna", "empty"].map { SegmentDetails(code: $0, name: LocalText(ru: $0, en: $0), kind: .static) }, by: change, in: &tx)
      _ = try segments.add([shop.anna], to: "anna", by: change, in: &tx)
    }
    let till = try await shop.line()
    func line(_ id: Int, _ product: String, _ price: String) -> String {
      "{ \"id\": \"\(id)\", \"product\": \"\(product)\", \"price\": \"\(price)\", \"quantity\": \"1\" }"
    }
    let baskets: [(day: Int, card: String, lines: String)] = [
      (8, Bodies.card, line(1, "milk", "90.00")), (9, "", line(1, "milk", "90.00")),
      (12, Bodies.card, line(1, "bread", "50.00") + ", " + line(2, "tea", "300.00")),
      (15, Bodies.card, line(1, "milk", "95.00") + ", " + line(2, "bread", "50.00")), (18, "", line(1, "tea", "310.00")),
      (19, Bodies.card, line(1, "tea", "310.00")), (20, Bodies.card, line(1, "bread", "55.00")),
    ]
    for (number, basket) in baskets.enumerated() {
      let reply = try await till.post(
        "/till/v1/receipts", Self.body(number + 1, basket.day, basket.card, basket.lines), key: key(number + 1))
      #expect(reply.status == 201, "\(reply.text)")
    }
    await till.close()
    let relay = Relay(as: "one", now: { now })
    while try await relay.turn(on: shop.database) > 0 {}
    try await addUp(shop)
    shop.pass(.days(1))
    await shop.cubes.turn()
  }

  /// What promotions gave, and what stores sold.
  static func addUp(_ shop: WebShop) async throws {
    let (now, account, books) = (shop.now, shop.account, GiftBooks(zones: WebShop.zone))
    @Sendable func events(_ page: StreamPage) -> [Event] {
      page.events.filter { $0.account == account }.compactMap { event in
        event.kind.map { Event($0, id: event.id, owner: event.owner, subject: event.subject, at: event.at, body: event.body) }
      }
    }
    _ = try await SettlementDays.follower.step(at: now, on: shop.database) { page, tx in
      try SettlementDays(of: account, books: books).take(events(page), in: &tx)
    }
    _ = try await Follower("store-days").step(at: now, on: shop.database) { page, tx in
      _ = try StoreDays(of: account).take(events(page), in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available) func `say what a promotion gave and cost, against the period before`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let table = try await window.open(Self.path("promotions") + "/table.csv\(Self.days)&part=promotions").text
      // Two teas at 310 against one at 300; nobody is no member.
      #expect(table.contains("Чай,идёт,,2,100.0000,1,558.00,106.6667,62.00,0,62.00,30.00,10.0000"), "\(table)")
      let told = try await shop.database.read { tx in
        try tx.rows(
          SQL(
            prepared: "select cast(sum(money - money_back) as bigint) from promotion_day where day between $1 and $2",
            [try #require(CivilDay("2026-11-14")).value, try #require(CivilDay("2026-11-20")).value])
        )[0].int(0)
      }
      #expect(told == 6_200)
      let page = try await window.open(Self.path("promotions") + Self.days).text
      #expect(page.contains("href=\"/console/promotions/") && page.contains("Купоны"))
    }
  }

  @Test(arguments: TestDatabase.available) func `say how much hangs on discounts and at what prices people buy`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let depths = try await window.open(Self.path("price-bands") + "/table.csv\(Self.days)&part=depths").text
      #expect(depths.contains("без скидки,200.00,26.3852,46.0000,-19.6148,,3,3.000,1,0.00,0.0000"), "\(depths)")
      #expect(depths.contains("до 10 %,558.00,73.6148,54.0000,19.6148,,2,2.000,1,62.00,10.0000"), "\(depths)")
      #expect(depths.contains("Итого,758.00,100.0000,100.0000,0.0000,,5,5.000,,62.00,"), "\(depths)")
      let prices = try await window.open(Self.path("price-bands") + "/table.csv\(Self.days)&part=prices").text
      #expect(prices.contains(",200–500,558.00,100.0000,100.0000,0.0000,,2.000,10.0000"), "\(prices)")
      #expect(prices.contains(",50–100,105.00,100.0000,100.0000,"), "bread at 50 and 55: \(prices)")
    }
  }

  @Test(arguments: TestDatabase.available) func `say what is in no closed shift, and lead there`(on kind: TestDatabase) async throws
  {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let stores = try await window.open(Self.path("shifts") + "/table.csv\(Self.days)").text
      // Nothing was closed: four receipts of 758 on four days stand outside; of each part that tills state there is nothing.
      #expect(stores.contains("Все магазины,0,0,0,0,0.00,0.00,0.00,0.00,0,0,0,4,758.00,"), "\(stores)")
      let page = try await window.open(Self.path("shifts") + Self.days).text
      #expect(page.contains("href=\"/console/shifts/") && page.contains("дней магазинов – 4"))
      #expect(try await window.open(Self.path("shifts") + "?from=2024-11-14&to=2026-11-20").status == 422)
    }
  }

  @Test(arguments: TestDatabase.available) func `set a segment against another, or refuse to`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let tree = Self.path("kpi-tree")
      let table = try await window.open(tree + "/table.csv\(Self.days)&part=before&segment=anna&against=empty").text
      // The other bought nothing: all that Anna paid is put down to members.
      #expect(table.contains("Число покупателей,479.00,") && table.contains("Разница выручки,479.00,"), "\(table)")
      let page = try await window.open(tree + "\(Self.days)&segment=anna&against=empty").text
      #expect(page.contains("anna против empty") && page.contains("Меньше 100 покупателей"))
      #expect(page.contains("value=\"anna\" selected"))
      for wrong in ["segment=anna&against=anna", "segment=anna&against=gone", "segment=gone&against=anna"] {
        #expect(try await window.open(tree + "\(Self.days)&\(wrong)").status == 422, "\(wrong)")
      }
      #expect(try await window.open(Self.path("kpi") + "\(Self.days)&segment=anna&against=empty").status == 422)
    }
  }
}
