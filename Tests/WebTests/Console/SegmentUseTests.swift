import Access
import Cube
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `a segment that others name` {
  private static func bakers(_ shop: WebShop) async throws -> SegmentID {
    let (account, programme, change) = (shop.account, shop.programme, Change(by: .commandLine, at: shop.now, ids: shop.ids))
    let condition = try JSON.parse(#"{"bought":{"of":{"products":["bread"]},"lastDays":30,"atLeast":1}}"#)
    return try await shop.database.write { tx in
      try Segments(of: account).save(
        SegmentDetails(code: "bakers", name: LocalText(ru: "Хлеб", en: "Bread"), kind: .dynamic), condition: condition,
        programme: programme, by: change, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `stays while a report, a funnel or the definitions do`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let segment = try await Self.bakers(shop)
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let path = "/console/segments/\(segment)"
      #expect(try await window.open(path).text.contains("ни отчёты, ни действия"))
      let asks = #"{"rows":["product"],"values":["sales"],"where":[{"by":"segment","in":["bakers"]}]}"#
      let report = KeptForm.form.merging(["q": asks, "name": "Только пекари"]) { $1 }
      #expect(try await window.submit("/console/analysis/saved", report).status == 303)
      let used = try await window.submit(path + "/archive", [:])
      #expect(used.status == 422 && used.text.contains("«Только пекари»"), "\(used.status)")
      let (account, id, change) = (shop.account, shop.programme, Change(by: .commandLine, at: shop.now, ids: shop.ids))
      let body = try JSON.parse(#"{"steps":[{"event":{"kind":"page"}},{"purchase":{}}],"segment":"bakers"}"#)
      try await shop.database.write { tx in
        let programme = try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx)
        _ = try Funnels(of: programme).keep("Путь пекаря", body, by: change, in: &tx)
        var definitions = Definitions()
        definitions.segmentsLeftOut = ["bakers"]
        _ = try DefinitionBook(of: programme).save(
          definitions, startingOn: CivilDay(year: 2026, month: 1, day: 1) ?? CivilDay(number: 0), from: 0, by: change, in: &tx)
      }
      let page = try await window.open(path).text
      #expect(page.contains("Только пекари") && page.contains("Путь пекаря") && page.contains("Определения, версия 1"))
      let refused = try await window.submit(path + "/archive", [:])
      #expect(refused.status == 422 && refused.text.contains("«Путь пекаря»") && refused.text.contains("«Определения, версия 1»"))
      // An old version names nothing any more once another is in force.
      try await shop.database.write { tx in
        let programme = try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx)
        _ = try DefinitionBook(of: programme).save(
          Definitions(), startingOn: CivilDay(year: 2026, month: 2, day: 1) ?? CivilDay(number: 0), from: 1, by: change, in: &tx)
      }
      #expect(try await !window.open(path).text.contains("Определения, версия 1"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `stays while a tile of a dashboard is filtered by it`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let segment = try await Self.bakers(shop)
      try await AnalysisShop.sell(shop)
      let painter = try await shop.hire("painter", .owner)
      let (account, id, change) = (shop.account, shop.programme, Change(by: .commandLine, at: shop.now, ids: shop.ids))
      let tile = DashboardTile(.ready(.rfm, part: "grid", where: [Pivot.Filter(.segment, ["bakers"])]), width: 2)
      let board = try await shop.database.write { tx in
        let programme = try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx)
        return try Dashboards(of: programme).save(
          DashboardDetails(name: "Пекарни", tiles: [tile]), of: painter.id, by: change, in: &tx)
      }
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let path = "/console/segments/\(segment)"
      let page = try await window.open(path).text
      #expect(page.contains("Пекарни") && page.contains("/console/analysis/dashboards/\(board)"))
      let refused = try await window.submit(path + "/archive", [:])
      #expect(refused.status == 422 && refused.text.contains("«Пекарни»"), "\(refused.status)")
      try await shop.database.write { tx in
        let programme = try Programmes(of: account, zones: WebShop.zone).programme(id, in: &tx)
        try Dashboards(of: programme).setArchived(true, board, by: painter, change, in: &tx)
      }
      #expect(try await window.submit(path + "/archive", [:]).status == 303)
    }
  }
}
