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
  func `tells sales by promotion, tier and what members are`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      func csv(_ pivot: String) async throws -> String {
        try await window.open("/console/analysis/pivot.csv?q=\(queryText(pivot))").text
      }
      let given = try await csv(#"{"rows":["promotion"],"values":["sales","receipts","members"]}"#)
      #expect(given == "promotion,sales,receipts,members\n5 %,600.00,3,1\nИтого,600.00,3,1\n")
      let filtered = #"{"rows":["channel"],"values":["sales"],"where":[{"by":"promotion","not":["club"]}]}"#
      #expect(try await csv(filtered) == "channel,sales\nИтого,\n")
      for dimension in [
        "tier", "coupon", "payment", "sex", "age", "home", "joined", "segment", "group", "price-band", "price-level", "recency",
        "frequency", "monetary", "rfm",
      ] {
        let text = try await csv(#"{"rows":["\#(dimension)"],"values":["sales"]}"#)
        #expect(text.hasSuffix(",600.00\nИтого,600.00\n"), "\(dimension): \(text)")
        let page = try await window.open(Self.path(#"{"rows":["\#(dimension)"],"values":["sales"]}"#, "&filter=\(dimension)"))
        #expect(page.status == 200 && page.text.contains("id=\"filter\""), "\(dimension)")
      }
      let two = try await window.open(Self.path(#"{"rows":["promotion","coupon"],"values":["sales"]}"#))
      #expect(two.status == 422 && two.text.contains("promotion"))
    }
  }

  @Test func `asks what the programme brought only where a control group is`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let page = try await window.open("/console/analysis/effect")
      #expect(page.status == 200 && page.text.contains("Сравнивать пока не с кем"))
      #expect(try await window.open("/console/analysis/effect.csv").status == 404)
      #expect(try await window.open("/console/analysis/effect/effect.csv").status == 409)
      let backwards = try await window.open("/console/analysis/effect?from=2026-11-20&to=2026-11-01")
      #expect(backwards.text.contains("the last day") || backwards.text.contains("последн"))
      #expect(try await window.open("/console/analysis/effect?segment=nobody").text.contains("Сравнивать пока не с кем"))
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
