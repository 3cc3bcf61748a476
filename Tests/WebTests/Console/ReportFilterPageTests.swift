import Access
import Cube
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// How filters of ready reports are asked for, shown, taken along and refused.
@Suite struct `filters on pages of ready reports` {
  private static let days = "?from=2026-11-14&to=2026-11-20"
  private static func path(_ report: String) -> String { "/console/analysis/reports/\(report)" }
  private static func asked(_ filters: String) -> String { "\(days)&where=\(queryText(filters))" }
  private static let second = #"[{"by":"store","in":["S2"]}]"#

  @Test(arguments: TestDatabase.available) func `stand in the address, on the page and in files`(on kind: TestDatabase) async throws
  {
    try await WebShop.open(kind) { shop in
      try await `filters of ready reports`.sell(shop, `filters of ready reports`.baskets)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let page = try await window.open(Self.path("kpi") + Self.asked(Self.second)).text
      #expect(page.contains("Магазин = S2") && page.contains("<dt>Фильтр</dt><dd>Магазин = S2</dd>"))
      #expect(page.contains("С фильтром не показано: план, сгорание и бонусы на счетах"))
      // Other days keep the filter.
      #expect(page.contains("to=2026-11-21&amp;where=") || page.contains("to=2026-11-21&where="), "\(page)")
      let csv = try await window.open(Self.path("kpi") + "/table.csv" + Self.asked(Self.second)).text
      // Milk and bread at 140, bread at 50, tea and milk at 270 and 90; the week before tea at 270, 90 and 270, 50 and 90.
      #expect(csv.contains("Выручка,550.0000,770.0000,-28.5714,"), "\(csv)")
      #expect(csv.contains("Чеки,3.0000,3.0000,"), "\(csv)")
      #expect(try await window.open(Self.path("kpi") + "/table.xlsx" + Self.asked(Self.second)).text.hasPrefix("PK"))
      let two = #"[{"by":"store","in":["S2"]},{"by":"category","not":["drinks"]}]"#
      let less = try await window.open(Self.path("kpi") + "/table.csv" + Self.asked(two)).text
      #expect(less.contains("Выручка,280.0000,230.0000,21.7391,"), "\(less)")
      let open = try await window.open(Self.path("stores") + Self.asked(Self.second) + "&filter=channel").text
      #expect(open.contains("id=\"filter\"") && open.contains("name=\"l:web\"") && open.contains("Интернет-магазин"))
      let bare = try await window.open(Self.path("points") + Self.days).text
      #expect(!bare.contains("Добавить фильтр"), "nothing is offered that cannot be honoured")
    }
  }

  @Test func `are refused where the report cannot be cut so, with its name and theirs`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      for (report, by) in [
        ("points", "store"), ("certificates", "sex"), ("traffic", "category"), ("shifts", "brand"), ("kpi", "month"),
      ] {
        let asked = Self.asked(#"[{"by":"\#(by)","in":["x"]}]"#)
        for path in [Self.path(report) + asked, Self.path(report) + "/table.csv" + asked] {
          #expect(try await window.open(path).status == 422, "\(path)")
        }
      }
      let told = try await window.open(Self.path("points") + Self.asked(#"[{"by":"product","in":["milk"]}]"#)).text
      #expect(told.contains("Движение бонусов") && told.contains("не фильтруется по полю «Товар»"), "\(told)")
      for wrong in [#"[{"by":"store","in":["S9"]}]"#, #"[{"by":"moon","in":["x"]}]"#, "[{", #"[{"by":"store"}]"#] {
        #expect(try await window.open(Self.path("kpi") + Self.asked(wrong)).status == 422, "\(wrong)")
      }
      #expect(try await window.open(Self.path("shifts") + Self.asked(#"[{"by":"store","in":["S9"]}]"#)).status == 422)
      for name in ReportName.allCases {
        for dimension in Dimension.allCases {
          let filter = [Pivot.Filter(dimension, ["x"])]
          guard !name.canBeFiltered(by: dimension) else {
            try name.check(filter)
            continue
          }
          #expect(throws: Problem.self, "\(name.rawValue) by \(dimension.rawValue)") { try name.check(filter) }
        }
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `are chosen in the form of pivots, and kept on a dashboard`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      try await `filters of ready reports`.sell(shop, `filters of ready reports`.baskets)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      _ = try await window.open(Self.path("kpi") + Self.days)
      let form = ["from": "2026-11-14", "to": "2026-11-20", "by": "store", "how": "in", "l:S2": "on", "act": "set"]
      let away = try #require(try await window.submit(Self.path("kpi") + "/filter", form).location)
      #expect(away == Self.path("kpi") + Self.asked(Self.second), "\(away)")
      let more = form.merging(["where": Self.second, "by": "sex", "how": "not", "l:female": "on"]) { $1 }
      let both = try #require(try await window.submit(Self.path("kpi") + "/filter", more).location)
      #expect(both == Self.path("kpi") + Self.asked(#"[{"by":"store","in":["S2"]},{"by":"sex","not":["female"]}]"#), "\(both)")
      let clear = form.merging(["where": Self.second, "act": "clear"]) { $1 }
      #expect(try await window.submit(Self.path("kpi") + "/filter", clear).location == Self.path("kpi") + Self.days)
      #expect(try await window.submit(Self.path("kpi") + "/filter", form.merging(["by": "moon"]) { $1 }).status == 422)
      #expect(try await window.submit(Self.path("points") + "/filter", form).status == 422)
      // A tile of it.
      let board = try #require(
        try await window.submit("/console/analysis/dashboards", ["name": "Казань", "period": "last-7-days"]).location)
      let id = String(try #require(board.firstMatch(of: /(dsh_\w+)/)).output.1)
      #expect(try await window.open(Self.path("kpi") + Self.asked(Self.second)).text.contains("value=\"\(id) 1\""))
      let tile = [
        "from": "2026-11-14", "to": "2026-11-20", "where": Self.second, "part": "figures", "board": "\(id) 1",
      ]
      #expect(try await window.submit(Self.path("kpi") + "/tile", tile).status == 303)
      #expect(try await window.submit(Self.path("kpi") + "/tile", tile).status >= 400, "sent twice it is one tile")
      let shown = try await window.open("/console/analysis/dashboards/\(id)?period=last-7-days").text
      #expect(shown.contains("Магазин = S2") && shown.contains("where="), "\(shown)")
      #expect(try await window.open("/console/analysis/dashboards/\(id)/edit").text.contains("готовый отчёт с фильтром: Магазин"))
      #expect(try await window.submit(Self.path("kpi") + "/tile", tile.merging(["board": "x"]) { $1 }).status == 422)
    }
  }

  @Test(arguments: TestDatabase.available) func `of people leave the sessions of those people`(on kind: TestDatabase) async throws {
    try await VisitShop.open(kind) { site in
      try await site.take([
        VisitShop.event("ad", .productView, minute: -2 * 1_440) { $0.source = VisitShop.from("yandex", "cpc", campaign: "bread") },
        VisitShop.event("in", .pageView, minute: 60) { $0.member = "1001" },
        VisitShop.event("other", .productView, minute: 0, visitor: "v2") { $0.source = VisitShop.from("vk", "social") },
      ])
      try await AnalysisShop.sell(site.shop)
      try await site.settle()
      let window = try await site.shop.window(of: site.shop.hire("olga", .owner))
      func total(_ filters: String) async throws -> [String] {
        let days = "?from=2026-11-19&to=2026-11-21&part=sources"
        let text = try await window.open(Self.path("traffic") + "/table.csv\(days)&where=\(queryText(filters))").text
        let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let (head, last) = (try #require(lines.first), try #require(lines.last))
        return try ["sessions", "visitors", "receipts", "revenue"].map { last[try #require(head.firstIndex(of: $0))] }
      }
      // Anna joined a month before: her advertisement and her sign-in, and what she bought; of all others one session and nothing bought.
      #expect(try await total("[]") == ["3", "2", "3", "600.00"])
      #expect(try await total(#"[{"by":"joined","in":["2026-10"]}]"#) == ["2", "1", "3", "600.00"])
      #expect(try await total(#"[{"by":"joined","not":["2026-10"]}]"#) == ["1", "1", "0", "0.00"])
    }
  }
}
