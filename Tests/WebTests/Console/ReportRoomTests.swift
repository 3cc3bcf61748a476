import Access
import Calculator
import Customers
import Foundation
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `ready reports in the console` {
  private static func key(_ number: Int) -> String { "00000000-0000-4000-8000-0000000001\(number < 10 ? "0" : "")\(number)" }

  /// A small shop's fortnight, always the same: Anna and nobody, three products, two of them in one receipt, and the columns of it.
  private static func sell(_ shop: WebShop) async throws {
    let now = shop.now
    let (account, change) = (shop.account, Change(by: .commandLine, at: now, ids: shop.ids))
    try await shop.database.write { tx in
      try Epochs.beginFirst("made", at: now, in: &tx)
      let catalogue = Catalogue(of: account)
      let places = [("dairy", "milk"), ("bakery", "bread"), ("drinks", "tea")]
      _ = try catalogue.save(places.map { CategoryDetails(code: $0.0, name: CatalogueName($0.0)) }, by: change, in: &tx)
      _ = try catalogue.save(
        places.map { ProductDetails(code: $0.1, name: CatalogueName($0.1), category: $0.0, barcodes: []) }, by: change, in: &tx)
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
      let day = basket.day < 10 ? "0\(basket.day)" : "\(basket.day)"
      let more = basket.card.isEmpty ? "" : basket.card + ", "
      let body = """
        { "time": "2026-11-\(day)T12:00:00", "receipt": { "shift": 1, "number": "\(number + 1)" }, \(more)"lines": [\(basket.lines)] }
        """
      let reply = try await till.post("/till/v1/receipts", Array(body.utf8), key: key(number + 1))
      #expect(reply.status == 201, "\(reply.text)")
    }
    await till.close()
    let relay = Relay(as: "one", now: { now })
    while try await relay.turn(on: shop.database) > 0 {}
    shop.pass(.days(1))
    await shop.cubes.turn()
  }

  private static func addUp(_ shop: WebShop) async throws {
    let count = PointsFlowCount(zones: WebShop.zone)
    var cursor: String?
    repeat { cursor = try await count.step(cursor, at: shop.now, on: shop.database) } while cursor != nil
  }

  private static func sheet(_ shop: WebShop, _ name: ReportName, _ period: ReportPeriod) async throws -> ReportSheet {
    let (account, id) = (shop.account, shop.programme)
    let programme = try await shop.database.read { tx in try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx) }
    let keeper = await shop.cubes.keeper(of: programme)
    let cube = try #require(await keeper.cube)
    return try await ReportDesk(of: programme, cube, keeper, on: shop.database).report(name, period, at: shop.now)
  }

  /// Those of which a file has every figure; the others are held against the tables themselves.
  private static let golden: [ReportName] = [
    .board, .rfm, .cohorts, .lifeCycle, .tree, .points, .affinities, .stores, .discounts, .traffic,
  ]

  private static func day(_ text: String) throws -> CivilDay { try #require(CivilDay(text)) }

  @Test(arguments: TestDatabase.available) func `are the same on both databases, to the last figure`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      try await Self.addUp(shop)
      let period = ReportPeriod(try Self.day("2026-11-14")...Self.day("2026-11-20"))
      for name in Self.golden {
        let own =
          [.cohorts, .points, .affinities].contains(name)
          ? ReportPeriod(try Self.day("2026-10-01")...Self.day("2026-11-20")) : period
        let text = try await Self.sheet(shop, name, own).json(AmountForm(currency: .rub, pointsScale: 0), .en).pretty
        let path = "Tests/Reports/\(name.rawValue).json"
        if ProcessInfo.processInfo.environment["REGULARS_UPDATE_GOLDEN"] == "1" {
          try text.write(to: Repository.root.appending(path: path), atomically: true, encoding: .utf8)
        }
        #expect(try Repository.text(path) == text, "\(name.rawValue) is not what \(path) says")
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `open, compare and are taken along`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let early = try await shop.window(of: shop.hire("vera", .owner))
      #expect(try await early.open("/console/analysis/reports/kpi").text.contains("Столбцы для анализа готовятся"))
      try await Self.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let index = try await window.open("/console/analysis/reports").text
      let days = "?from=2026-11-14&to=2026-11-20"
      // Milk and bread shared a receipt.
      let pairs = try await window.open("/console/analysis/reports/affinities/table.csv\(days)").text
      #expect(pairs.contains(",1,25.0000,") && pairs.split(separator: "\n").count == 2, "\(pairs)")
      for name in ReportName.allCases {
        #expect(index.contains("/console/analysis/reports/\(name.rawValue)\""))
        let page = try await window.open("/console/analysis/reports/\(name.rawValue)\(days)")
        #expect(page.status == 200 && page.text.contains("Что здесь значат слова") && page.text.contains("версия 0"), "\(name)")
        let csv = try await window.open("/console/analysis/reports/\(name.rawValue)/table.csv\(days)")
        #expect(csv.status == 200 && csv.text.split(separator: "\n").count > 1, "\(name)")
        #expect(try await window.open("/console/analysis/reports/\(name.rawValue)/table.xlsx\(days)").text.hasPrefix("PK"))
      }
      let board = try await window.open("/console/analysis/reports/kpi/table.csv\(days)").text
      // Tea is a tenth off: 145 + 279 + 279 + 55 against 90 + 90 + 320; with a card 479.
      #expect(board.contains("Выручка,758.0000,500.0000,51.6000,,,,\n"), "\(board)")
      #expect(board.contains("Доля с картой,63.1926,82.0000,-18.8074,"), "\(board)")
      let tree = try await window.open("/console/analysis/reports/kpi-tree/table.csv\(days)&part=before").text
      #expect(tree.contains("Чеки без карты,189.00,") && tree.contains("Изменение выручки,258.00,"), "\(tree)")
      #expect(try await window.open("/console/analysis/reports/moon").status == 404)
      #expect(try await window.open("/console/analysis/reports/kpi/table.csv\(days)&part=moon").status == 404)
      #expect(try await window.open("/console/analysis/reports/kpi?from=2026-11-14&to=2026-11-13").status == 422)
      #expect(try await window.open("/console/analysis/reports/kpi?from=1950-11-14&to=2026-11-13").status == 422)
    }
  }

  @Test(arguments: TestDatabase.available) func `use the version of the definitions that had begun`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let path = "/console/analysis/definitions"
      var form = [
        "version": "0", "activeDays": "3", "lostAfter": "5", "newDays": "2", "redemptionDays": "7", "startsOn": "2026-11-15",
        "kind-test": "on", "segmentsLeftOut": "",
      ]
      #expect(try await window.submit(path, form).status == 303)
      // Sent twice it is one version; from a page that knew none it is refused.
      #expect(try await window.submit(path, form).status == 303)
      #expect(try await window.submit(path, form.merging(["activeDays": "4"]) { $1 }).text.contains("версия 1"))
      for wrong in [["lostAfter": "3"], ["activeDays": "x"], ["startsOn": ""], ["segmentsLeftOut": "gone"], ["newDays": "0"]] {
        #expect(
          try await window.submit(path, form.merging(["version": "1"]) { $1 }.merging(wrong) { $1 }).status == 422, "\(wrong)")
      }
      (form["version"], form["kind-person"], form["startsOn"]) = ("1", "on", "2026-11-20")
      #expect(try await window.submit(path, form).status == 303)
      let page = try await window.open(path).text
      #expect(page.contains("Версия 2, с") && page.contains("Версия 1, с") && page.contains("Версия 0"))
      func board(_ to: String) async throws -> String {
        try await window.open("/console/analysis/reports/kpi/table.csv?from=2026-11-14&to=\(to)").text
      }
      // Anna bought on the 19th: on that day she is active by every version, and with version 2 nobody's receipts are left.
      #expect(try await board("2026-11-19").contains("Активные,1.0000"))
      #expect(try await board("2026-11-20").contains("Активные,0.0000"))
      #expect(try await window.open("/console/analysis/reports/kpi?from=2026-11-14&to=2026-11-20").text.contains("сейчас 1"))
      let audit = try await window.open("/console/audit").text
      #expect(audit.contains("Определения отчётов изменены"))
    }
  }

  @Test(arguments: TestDatabase.available) func `hold months against their targets`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let path = "/console/analysis/targets"
      let form = ["month": "2026-11", "sales": "3 000,00", "share-with-card": "50", "depth": "1.5"]
      #expect(try await window.submit(path, form).status == 303)
      #expect(try await window.submit(path, form).status == 303)
      #expect(try await window.submit(path, ["month": "2026-11", "sales": "much"]).status == 422)
      #expect(try await window.submit(path, ["month": "soon"]).status == 422)
      let page = try await window.open("\(path)?month=2026-11").text
      #expect(page.contains("value=\"3000\"") && page.contains("value=\"1.5\""))
      let board = try await window.open("/console/analysis/reports/kpi/table.csv?from=2026-11-14&to=2026-11-20").text
      // Seven of thirty days of 3,000, and 758 over 700.
      #expect(board.contains(",700.0000,8.2857\n"), "\(board)")
      #expect(board.contains("Доля с картой,63.1926,") && board.contains(",50.0000,13.1926\n"), "\(board)")
      #expect(try await window.submit(path, ["month": "2026-11"]).status == 303)
      let bare = try await window.open("/console/analysis/reports/kpi/table.csv?from=2026-11-14&to=2026-11-20").text
      #expect(!bare.contains("700.0000"))
    }
  }

  @Test(arguments: TestDatabase.available) func `roll points forward as wallets have them`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      let period = ReportPeriod(try Self.day("2026-10-01")...Self.day("2026-11-30"))
      #expect(try await Self.sheet(shop, .points, period).remarks.isEmpty)
      try await Self.addUp(shop)
      // Twice is once.
      try await Self.addUp(shop)
      let sheet = try await Self.sheet(shop, .points, period)
      #expect(sheet.remarks.count == 1 && sheet.warnings.isEmpty)
      let (account, id, anna) = (shop.account, shop.programme, shop.anna)
      let (flows, held) = try await shop.database.read { tx in
        let programme = try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx)
        let wallet = try Wallets(of: programme, ids: shop.ids).wallet(of: anna, in: &tx)
        return (try PointsFlows.read(of: programme, in: &tx), wallet.active + wallet.pending + wallet.held)
      }
      // Anna alone has points: a thousand from October and what five percent of her receipts are.
      #expect(flows.wallets == held.units && held.units > 1_000)
      #expect(flows.opening(try Self.day("2026-11-01")) == 1_000)
      #expect(flows.left(to: .issued, in: try Self.day("2026-11-01")) == 1_000 - held.units)
    }
  }
}
