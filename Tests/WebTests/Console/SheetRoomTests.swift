import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import Tables
import TestKit
import Testing
import Web

extension WebShop {
  /// The first store lies in the zone `north`, the second in `south`; prices of the shelf.
  func zoned(_ prices: [(product: String, zone: String?, minor: Int64)]) async throws {
    let (account, change) = (account, Change(by: .demo, at: now, ids: ids))
    try await database.write { tx in
      let places = Places(of: account)
      _ = try places.save(["north", "south"].map { PriceZoneDetails(code: $0, name: $0) }, by: change, in: &tx)
      _ = try places.save(
        [("S1", "north"), ("S2", "south")].map { code, zone in
          StoreDetails(code: code, name: code, brand: "lavka", legalEntity: "ooo", priceZone: zone, zone: "Europe/Moscow")
        }, by: change, in: &tx)
      let since = CivilDay(number: 20_000)
      _ = try Catalogue(of: account).save(
        prices.map { Figure(product: $0.product, zone: $0.zone, kind: .regularPrice, since: since, value: $0.minor) }, by: change,
        in: &tx)
    }
    _ = try await floors.refresh(programme)
  }

  /// What the till asks for one piece of it, from somebody with a card.
  func charged(_ product: String, _ price: String, store: String = "S1", at time: String) async throws -> String? {
    let body = """
      { "store": "\(store)", "register": "1", "time": "\(time)", \(Bodies.card),
        "lines": [{ "id": "1", "product": "\(product)", "quantity": "1", "price": "\(price)" }] }
      """
    let answer = try await line(office).post("/till/v1/calculations", Array(body.utf8), key: nil)
    return try answer.text("totals", "amount")
  }
}

@Suite struct `sheets of prices in the console` {
  private static func book(_ rows: [[TableFile.Cell]]) async throws -> [UInt8] {
    let columns: [TableFile.Column] = [
      .init("a", "код", .text), .init("b", "north", .money(digits: 2, sign: "₽")), .init("c", "south", .text),
    ]
    var bytes: [UInt8] = []
    try await TableFile("t", title: "Цены", columns: columns, zone: .moscow, rows: rows).write(as: .xlsx) { bytes += $0 }
    return bytes
  }

  private static func send(_ window: BrowserWindow, _ name: String, _ bytes: [UInt8], _ promotion: String = "") async throws
    -> String
  {
    let seen = try await window.send(
      "/console/promotions/sheets", [("key", window.formKey), ("kind", "prices"), ("promotion", promotion)], file: name, bytes)
    return try #require(seen.location, "\(seen.text)")
  }

  @Test(arguments: TestDatabase.available)
  func `become one promotion, which tills have within a second of its launch`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await shop.zoned([("milk", nil, 10_000), ("bread", nil, 5_000)])
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.open("/console/promotions/sheets").text.contains("north"))
      let sheet = try await Self.book([
        [.text("milk"), .number(8_990), .text("20%")], [.text("rye"), .number(100), .empty],
        [.text("bread"), .empty, .text("41,50")],
      ])
      let path = try await Self.send(window, "неделя.xlsx", sheet)
      let seen = try await window.open(path)
      #expect(seen.status == 200 && seen.text.contains("A3") && seen.text.contains("Товара «rye» нет в каталоге"), "\(seen.text)")
      let refused = try await window.open(path + "/refused.csv")
      #expect(refused.text.contains("rye"))
      let unnamed = try await window.submit(path, ["code": "", "name/ru": "", "name/en": ""])
      #expect(unnamed.status == 422)
      let form = ["code": "week", "name/ru": "Неделя", "name/en": "Week"]
      let made = try #require(try await window.submit(path, form).location)
      // Sent twice, it is made once.
      #expect(try await window.submit(path, form).location == made)
      #expect(try await shop.charged("milk", "100.00", at: "2026-11-21T12:00:00") == "100.00")
      #expect(try await window.submit(made + "/step", ["act": "launch", "version": "1"]).location == made)
      #expect(try await shop.charged("milk", "100.00", at: "2026-11-21T12:00:00") == "89.90")
      #expect(try await shop.charged("milk", "100.00", store: "S2", at: "2026-11-21T12:00:00") == "80.00")
      #expect(try await shop.charged("bread", "50.00", store: "S2", at: "2026-11-21T12:00:00") == "41.50")
      #expect(try await shop.charged("bread", "50.00", at: "2026-11-21T12:00:00") == "50.00")
      try await Self.update(shop, window, made)
    }
  }

  /// The next week's prices, with what changes; everything else of the promotion stays.
  private static func update(_ shop: WebShop, _ window: BrowserWindow, _ made: String) async throws {
    let id = String(made.split(separator: "/").last ?? "")
    let next = "code,north,south\nmilk,95.00,20%\n"
    let path = try await send(window, "next.csv", Array(next.utf8), id)
    #expect(path.hasSuffix("?promotion=\(id)"))
    let seen = try await window.open(path)
    #expect(seen.text.contains("дороже") && seen.text.contains("95,00") && seen.text.contains("89,90"), "\(seen.text)")
    let bare = String(path.prefix { $0 != "?" })
    let stale = try await window.submit(bare, ["promotion": id, "version": "7"])
    #expect(stale.status == 422)
    #expect(try await window.submit(bare, ["promotion": id, "version": "1"]).location == made)
    #expect(try await shop.charged("milk", "100.00", at: "2026-11-21T12:00:00") == "89.90")
    #expect(try await window.submit(made + "/step", ["act": "launch", "version": "2"]).location == made)
    #expect(try await shop.charged("milk", "100.00", at: "2026-11-21T12:00:00") == "95.00")
    // What tills have, as a sheet again.
    let file = try await window.open("\(made)/prices.csv")
    #expect(file.text == "code,name,from,through,north,south\nmilk,milk,,,95.00,20%\n")
  }

  @Test func `are no business of somebody who changes nothing, nor of another programme`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let path = try await Self.send(window, "a.csv", Array("code,*\nmilk,1.00\n".utf8))
      let analyst = try await shop.window(of: shop.hire("ann", .analyst))
      #expect(try await analyst.open(path).status == 403)
      let stranger = try await shop.window(of: shop.hire("boris", .marketer, in: shop.others), in: shop.others)
      #expect(try await stranger.open(path).status == 404)
    }
  }
}

@Suite struct `labels` {
  /// Random promotions of kinds that touch one piece: sheets, lists, prices, percents, in zones and on days.
  private static func rules(_ random: inout SeededRandom, _ products: [String]) -> [String] {
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    func cell() -> String {
      number(0...3) == 0 ? "-" : number(0...1) == 0 ? "\(number(5...60))%" : "\(number(1...140)).\(number(10...99))"
    }
    return (0..<number(2...6)).map { place in
      let benefit: String
      switch number(0...4) {
      case 0: benefit = "{ \"percent\": \"\(number(1...40))\"\(number(0...1) == 0 ? ", \"of\": \"regular\"" : "") }"
      case 1: benefit = "{ \"fixedPrice\": \"\(number(10...150)).99\" }"
      case 2: benefit = "{ \"amountPerUnit\": \"\(number(1...9)).50\" }"
      default:
        let pages = (0..<number(1...3)).map { _ in
          let rows = products.filter { _ in number(0...2) > 0 }.map { "\"\($0)\": \"\(cell()) \(cell())\"" }
          let from = number(0...2) == 0 ? "\"from\": \"2026-11-\(number(18...25))\", " : ""
          return
            "{ \(from)\"zones\": [\"north\", \"*\"], \"products\": { \((rows.isEmpty ? ["\"\(products[0])\": \"1.00 -\""] : rows).joined(separator: ", ")) } }"
        }
        benefit = "{ \"prices\": [\(pages.joined(separator: ", "))] }"
      }
      let when = ["", "\"when\": { \"identified\": true }, ", "\"when\": { \"priceZones\": [\"south\"] }, "][number(0...2)]
      return "{ \"code\": \"r\(place)\", \"name\": { \"ru\": \"А\", \"en\": \"A\" }, \(when)\"benefit\": \(benefit) }"
    }
  }

  private static func publish(_ rules: [String], _ shop: WebShop, _ round: Int) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let promotions = Promotions(of: programme)
      for old in try promotions.all(.running, limit: Limits.page, in: &tx) where old.code.hasPrefix("r") {
        try promotions.set(old.code, .paused, by: change, in: &tx)
      }
      for text in rules {
        let body = try JSON.parse(text)
        guard case .string(let code)? = body["code"] else { continue }
        _ = try promotions.save([PromotionDetails(code: code, body: body)], by: change, in: &tx)
        try promotions.set(code, .running, by: change, in: &tx)
      }
      let names = try AccountNames(
        of: programme, catalogue: CatalogueIndex(of: programme.account).refreshed(in: &tx), in: &tx)
      _ = try RuleBooks(of: programme).publish(names, by: change, in: &tx)
    }
    _ = try await shop.floors.refresh(shop.programme)
  }

  @Test func `say what the till charges for one piece, in random books`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let shelf: [(product: String, zone: String?, minor: Int64)] = [
        ("milk", nil, 10_000), ("milk", "south", 12_345), ("bread", nil, 5_000), ("tea", "north", 9_999),
      ]
      try await shop.zoned(shelf)
      var random = SeededRandom(seed: 22)
      var compared = 0
      for round in 0..<25 {
        try await Self.publish(Self.rules(&random, ["milk", "bread", "tea"]), shop, round)
        let line = try await shop.line(shop.issue([.labels]))
        for (store, day) in [("S1", "2026-11-21"), ("S2", "2026-11-21"), ("S1", "2026-11-24")] {
          let answer = try await line.get("/till/v1/labels?store=\(store)&day=\(day)")
          #expect(answer.status == 200, "\(answer)")
          let labels = try #require(try answer.json["labels"].map { if case .array(let items) = $0 { items } else { [JSON]() } })
          for product in ["milk", "bread", "tea"] {
            let zone = store == "S1" ? "north" : "south"
            let own =
              shelf.last { $0.product == product && $0.zone == zone } ?? shelf.first { $0.product == product && $0.zone == nil }
            guard let own else { continue }
            let price = Decimal.text(own.minor, digits: 2)
            let charged = try await shop.charged(product, price, store: store, at: "\(day)T12:00:00")
            let label = labels.first { $0["product"] == .string(product) }
            let says = if case .string(let text)? = label?["memberPrice"] { text } else { price }
            #expect(says == charged, "round \(round), \(product) in \(store) on \(day): \(labels)")
            compared += 1
          }
        }
      }
      #expect(compared > 150)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `of what changed are few, and name prices that have ended`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await shop.zoned([("milk", nil, 10_000), ("bread", nil, 5_000), ("tea", nil, 8_000)])
      try await Self.publish(
        [
          """
          { "code": "r1", "name": { "ru": "Неделя", "en": "Week" }, "when": { "identified": true }, "benefit": { "prices": [
            { "through": "2026-11-21", "products": { "milk": "90.00", "bread": "45.00" } },
            { "from": "2026-11-22", "products": { "milk": "85.00" } }, { "products": { "tea": "60.00" } }] } }
          """
        ], shop, 0)
      let window = try await shop.window(of: shop.hire("ann", .analyst))
      let today = try await window.open("/console/promotions/labels.csv?place=store:S1&day=2026-11-21")
      let rows = today.text.split(separator: "\n").map(String.init)
      #expect(rows.count == 4, "\(today.text)")
      #expect(rows.contains("milk,4600000000008,milk,100.00,90.00,piece,,2026-11-21,Неделя,r1,"))
      let changes = try await window.open("/console/promotions/labels.csv?place=zone:north&day=2026-11-22&since=2026-11-21")
      #expect(
        Set(changes.text.split(separator: "\n").dropFirst().map(String.init)) == [
          "milk,4600000000008,milk,100.00,85.00,piece,2026-11-22,,Неделя,r1,changed",
          "bread,4600000000015,bread,50.00,,piece,,,,,gone",
        ], "\(changes.text)")
      let page = try await window.open("/console/promotions/labels?place=store:S1&day=2026-11-22&since=2026-11-21")
      #expect(page.text.contains("снять") && page.text.contains("85,00"))
      let book = try await window.open("/console/promotions/labels.xlsx?place=store:S1&day=2026-11-21")
      #expect(book.status == 200)
      let line = try await shop.line(shop.issue([.labels]))
      #expect(try await line.get("/till/v1/labels?zone=nowhere").status == 422)
      #expect(try await line.get("/till/v1/labels?store=S1&day=2026-11-21&since=2026-11-21").status == 422)
    }
  }
}
