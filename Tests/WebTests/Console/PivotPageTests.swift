import Access
import Cube
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// What a pivot's page lets one reach without script: own days, other days beside them, the top, names of filters, receipts.
@Suite struct `a pivot's page` {
  private static func path(_ pivot: String, _ more: String = "") -> String { "/console/analysis?q=\(queryText(pivot))\(more)" }
  private static func csv(_ pivot: String, _ more: String = "") -> String {
    "/console/analysis/pivot.csv?q=\(queryText(pivot))\(more)"
  }

  @Test(arguments: TestDatabase.available)
  func `takes days of one's own and sets them against others, on the screen as in the file`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let pivot = #"{"rows":["product"],"columns":["card"],"values":["sales","discount-share"]}"#
      let page = try await window.open(Self.path(pivot)).text
      #expect(page.contains("name=\"from\"") && page.contains("type=\"date\"") && page.contains("name=\"than-from\""))
      // Receipts are of the 21st; nothing was sold the day before.
      let own = try await window.open(Self.path(pivot, "&from=2026-11-21&to=2026-11-21")).text
      #expect(own.contains("600,00") && own.contains("21\u{a0}ноя"))
      #expect(try await window.open(Self.path(pivot, "&from=2026-11-19&to=2026-11-20")).text.contains("ничего не продано"))
      let backwards = try await window.open(Self.path(pivot, "&from=2026-11-21&to=2026-11-19"))
      #expect(backwards.status == 422)
      #expect(try await window.open(Self.path(pivot, "&from=yesterday")).status == 422)
      // Beside the same day: nothing changed, in every column and in the file.
      let same = "&from=2026-11-21&to=2026-11-21&than-from=2026-11-21&than-to=2026-11-21"
      let beside = try await window.open(Self.path(pivot, same)).text
      #expect(beside.contains("title=\"было 600,00\"") && beside.contains("против 21\u{a0}ноя"))
      #expect(beside.ranges(of: "class=\"delta").count == 8, "two values, two columns, a row and its total")
      let file = try await window.open(Self.csv(pivot, same)).text
      let head = "product,sales,sales before,sales change,discount-share,discount-share before,discount-share change,with sales,"
      #expect(file.hasPrefix(head), "\(file)")
      #expect(file.contains("600.00,600.00,0.0000,"))
      let alone = #"{"rows":["product"],"values":["sales"],"from":"2026-11-21","to":"2026-11-21","compare":"previous"}"#
      #expect(
        try await window.open(Self.csv(alone)).text == """
          product,sales,sales before,sales change\nbread,600.00,,\nИтого,600.00,,\n
          """)
      // Days that are told apart have nothing beside them, and the page says so.
      let months = #"{"rows":["month"],"values":["sales"],"from":"2026-11-21","to":"2026-11-21","compare":"year"}"#
      let told = try await window.open(Self.path(months)).text
      #expect(told.contains("сравнить не с чем") && !told.contains("name=\"than-from\""))
    }
  }

  @Test func `keeps so many rows apart, and offers every field to add and to drag`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let pivot = #"{"rows":["product"],"values":["sales"]}"#
      let page = try await window.open(Self.path(pivot, "&top=10")).text
      #expect(page.contains("первые 10 + остальные"))
      #expect(page.contains("&quot;descending&quot;:true},&quot;top&quot;:10"), "and sorts by what is shown")
      for wrong in ["0", "1001", "many"] { #expect(try await window.open(Self.path(pivot, "&top=\(wrong)")).status == 422) }
      #expect(page.contains("data-zone=\"filters\"") && page.contains("data-zone=\"fields\""))
      for dimension in Dimension.allCases {
        #expect(page.contains("data-field=\"\(dimension.rawValue)\" data-kind=\"dimension\""), "\(dimension)")
      }
      for measure in Measure.allCases {
        #expect(page.contains("data-field=\"\(measure.rawValue)\" data-kind=\"measure\""), "\(measure)")
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `filters by names, and finds them`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let (account, change) = (shop.account, Change(by: .demo, at: shop.now, ids: shop.ids))
      _ = try await shop.database.write { tx in
        try Catalogue(of: account).save(
          [ProductDetails(code: "bread", name: CatalogueName("Хлеб ржаной"), category: "food")], by: change, in: &tx)
      }
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let pivot = #"{"rows":["month"],"values":["sales"]}"#
      let open = try await window.open(Self.path(pivot, "&filter=product")).text
      #expect(open.contains("name=\"l:bread\"") && open.contains("Хлеб ржаной"))
      #expect(try await window.open(Self.path(pivot, "&filter=sign")).text.contains("<span>Лавка</span>"), "not by its code")
      #expect(try await window.open(Self.path(pivot, "&filter=department")).text.contains("<span>Продукты</span>"))
      let form = ["q": pivot, "by": "product", "l:bread": "on", "how": "in", "act": "set"]
      let away = try #require(try await window.submit("/console/analysis/filter", form).location)
      let filtered = try await window.open(away).text
      #expect(filtered.contains("Товар = Хлеб ржаной") && filtered.contains("600,00"), "the chip has the name")
      // What is ticked stays while one searches on.
      let search = form.merging(["act": "find", "find": "ржан"]) { $1 }
      let found = try #require(try await window.submit("/console/analysis/filter", search).location)
      #expect(found.contains("filter=product") && found.contains("find=") && found.hasSuffix("#filter"))
      let page = try await window.open(String(found.dropLast("#filter".count))).text
      #expect(page.contains("name=\"l:bread\" value=\"on\" checked"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `leads from every value to its receipts, sales and returns, and to a file of them`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let pivot = #"{"rows":["product"],"values":["sales","members","average-receipt"]}"#
      let page = try await window.open(Self.path(pivot)).text
      #expect(page.ranges(of: "class=\"cell\"").count == 6, "three values of a row and of the total")
      let behind = "/console/analysis/receipts"
      let list = try await window.open("\(behind)?q=\(queryText(pivot))").text
      #expect(list.contains("3\u{a0}продажи") && list.contains("/console/receipts/") && list.contains("receipts.csv?q="))
      let file = try await window.open("\(behind).csv?q=\(queryText(pivot))").text
      let lines = file.split(separator: "\n")
      #expect(lines.count == 4 && lines[0] == "document,kind,at,store,number,member,amount,discount,points_spent,points_earned")
      #expect(lines.dropFirst().allSatisfy { $0.contains(",sale,") && $0.contains(",S1,") && $0.contains(",200.00,") }, "\(file)")
      #expect(try await window.open("\(behind).xlsx?q=\(queryText(pivot))").text.hasPrefix("PK"))
      // Behind the last of them there is none; a place that nobody wrote is the beginning.
      let none = try await window.open("\(behind)?q=\(queryText(pivot))&earlier=1.1.1").text
      #expect(none.contains("За этой цифрой нет") && none.contains("К последним"))
      #expect(try await window.open("\(behind)?q=\(queryText(pivot))&earlier=x").text.contains("Последние чеки"))
      let other = try await shop.window(of: shop.hire("ivan", .integrator))
      #expect(try await other.open("\(behind).csv?q=\(queryText(pivot))").status == 403)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `shows what came back among the receipts behind a figure`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalysisShop.sell(shop)
      let path = try await shop.sold(4, Bodies.card, lines: WebShop.tea)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let shown = try await window.open(path + "/return?line0=1&show=1").text
      var form = ["reason": "разбилась"]
      for name in ["sums", "request", "lines", "show", "refund", "defect"] {
        let value: String = try #require(field(name, in: shown), "\(name)")
        form[name] = value
      }
      #expect(try await window.submit(path + "/return", form).status == 303)
      let now = shop.now
      let relay = Relay(as: "two", now: { now })
      while try await relay.turn(on: shop.database) > 0 {}
      await shop.cubes.turn()
      let pivot = queryText(#"{"rows":["product"],"values":["sales"],"where":[{"by":"product","in":["tea"]}]}"#)
      let list = try await window.open("/console/analysis/receipts?q=\(pivot)").text
      #expect(list.contains("1\u{a0}продажа, 1\u{a0}возврат") && list.contains("возвращён частично"), "\(list)")
      #expect(list.contains("</svg>возврат</span>"))
      let file = try await window.open("/console/analysis/receipts.csv?q=\(pivot)").text.split(separator: "\n")
      #expect(file.count == 3 && file.contains { $0.contains(",return,") && $0.contains(",-") }, "\(file)")
    }
  }
}
