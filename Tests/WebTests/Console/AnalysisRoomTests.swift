import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `analysis in the console` {
  private static func path(_ pivot: String, _ more: String = "") -> String { "/console/analysis?q=\(queryText(pivot))\(more)" }

  @Test(arguments: TestDatabase.available)
  func `answers, filters, leads to receipts and is taken along`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let early = try await shop.window(of: shop.hire("vera", .owner))
      #expect(try await early.open("/console/analysis").text.contains("Столбцы для анализа готовятся"))
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let first = try await window.open("/console/analysis")
      #expect(first.status == 200 && first.text.contains("600,00") && first.text.contains("200,00"), "sales and average receipt")
      let pivot = #"{"rows":["product"],"values":["sales","receipts","members"]}"#
      let page = try await window.open(Self.path(pivot)).text
      #expect(page.contains("bread") && page.contains("600,00"))
      let receipts = try await window.open("/console/analysis/receipts?q=\(queryText(pivot))")
      #expect(receipts.status == 200 && receipts.text.contains("/console/receipts/"))
      let csv = try await window.open("/console/analysis/pivot.csv?q=\(queryText(pivot))").text
      #expect(csv == "product,sales,receipts,members\nbread,600.00,3,1\nИтого,600.00,3,1\n")
      #expect(try await window.open("/console/analysis/pivot.xlsx?q=\(queryText(pivot))").text.hasPrefix("PK"))
      let filter = ["q": pivot, "by": "store", "labels": "S1", "how": "not", "act": "set"]
      let away = try #require(try await window.submit("/console/analysis/filter", filter).location)
      #expect(try await window.open(away).text.contains("ничего не продано"))
      #expect(try await window.submit("/console/analysis/filter", filter.merging(["by": "moon"]) { $1 }).status == 422)
      #expect(try await window.open(Self.path("{")).status == 422)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `keeps a segment up to date for tills`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let condition = try JSON.parse(#"{"bought":{"of":{"products":["bread"]},"lastDays":30,"atLeast":3}}"#)
      let change = Change(by: .commandLine, at: shop.now, ids: shop.ids)
      let details = SegmentDetails(code: "bakers", name: LocalText(ru: "Хлеб", en: "Bread"), kind: .dynamic)
      let (account, programme) = (shop.account, shop.programme)
      // One that names goods which are not there comes first, and keeps nobody from the other.
      let broken = try JSON.parse(#"{"bought":{"of":{"products":["gone"]}}}"#)
      let gone = SegmentDetails(code: "a-broken-one", name: LocalText(ru: "Нет", en: "Gone"), kind: .dynamic)
      _ = try await shop.database.write { tx in
        try Segments(of: account).save(gone, condition: broken, programme: programme, by: change, in: &tx)
      }
      for _ in 0..<2 {
        _ = try await shop.database.write { tx in
          try Segments(of: account).save(details, condition: condition, programme: programme, by: change, in: &tx)
        }
      }
      try await AnalysisShop.sell(shop)
      #expect(try await Self.members(shop) == [shop.anna])
      shop.pass(.days(40))
      await shop.cubes.turn()
      #expect(try await Self.members(shop).isEmpty, "days go by")
      let known = try await shop.database.read { tx in try Segments(of: account).rules(of: programme, in: &tx) }
      #expect(known.map(\.code) == ["a-broken-one", "bakers"])
      #expect(known.first?.counted == nil && known.last?.counted?.members == 0)
    }
  }

  private static func members(_ shop: WebShop) async throws -> [MemberID] {
    let account = shop.account
    return try await shop.database.read { tx in
      let segments = Segments(of: account)
      let known = try #require(try segments.segments(codes: ["bakers"], in: &tx)["bakers"])
      return try segments.members(of: known.id, limit: 10, in: &tx)
    }
  }
}
