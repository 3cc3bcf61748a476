import Access
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// A report as its form sends it.
enum KeptForm {
  static let pivot = #"{"rows":["product"],"values":["sales","receipts"]}"#
  static let form = [
    "q": pivot, "period": "last-7-days", "before": "on", "name": "Товары недели", "folder": "Утро", "note": "Смотрим на хлеб",
    "role-analyst": "on",
  ]

  static func id(_ location: String?) throws -> String {
    String(try #require(location?.firstMatch(of: /report=(svr_\w+)/)).output.1)
  }
}

@Suite struct `reports that are kept` {
  @Test(arguments: TestDatabase.available)
  func `are saved, opened with the days of today, changed and put away`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalysisShop.sell(shop)
      let olga = try await shop.hire("olga", .owner)
      var window = try await shop.window(of: olga)
      #expect(try await window.open("/console/analysis/saved").text.contains("Сохранённых отчётов ещё нет"))
      let id = try KeptForm.id(try await window.submit("/console/analysis/saved", KeptForm.form).location)
      // The same form again keeps no second report.
      #expect(try KeptForm.id(try await window.submit("/console/analysis/saved", KeptForm.form).location) == id)
      let list = try await window.open("/console/analysis/saved").text
      #expect(
        list.contains("Товары недели") && list.contains("Утро") && list.contains("Последние 7 дней") && list.contains("аналитик"))
      let open = try await window.open("/console/analysis?report=\(id)").text
      #expect(open.contains("<h1>Товары недели</h1>") && open.contains("600,00") && open.contains("Последние 7 дней"))
      #expect(open.contains("15\u{a0}ноя – 21\u{a0}ноя"), "as of the 22nd")
      // A week on nothing of it is in the last seven days.
      shop.pass(.days(9))
      window = try await shop.window(of: olga)
      #expect(try await window.open("/console/analysis?report=\(id)").text.contains("ничего не продано"))
      let csv = try await window.open("/console/analysis/pivot.csv?report=\(id)").text
      #expect(!csv.contains("bread") && csv.hasPrefix("product,sales,sales before,sales change,receipts,"))
      // Another name, and the old version of the page.
      let change = KeptForm.form.merging(["name": "Товары", "version": "1", "role-analyst": ""]) { $1 }
      #expect(try await window.submit("/console/analysis/saved/\(id)", change).status == 303)
      #expect(try await window.submit("/console/analysis/saved/\(id)", change).status == 303, "the same again changes nothing")
      let late = try await window.submit("/console/analysis/saved/\(id)", change.merging(["name": "Поздно"]) { $1 })
      #expect(late.status == 422 && late.text.contains("Отчёт тем временем изменили"))
      // Another question.
      let asked = ["q": #"{"rows":["store"],"values":["sales"]}"#, "period": "month-to-date", "chart": "bars", "version": "2"]
      #expect(
        try await window.submit("/console/analysis/saved/\(id)/question", asked).location == "/console/analysis?report=\(id)")
      #expect(try await window.open("/console/analysis?report=\(id)").text.contains("С начала месяца"))
      #expect(try await window.submit("/console/analysis/saved/\(id)/archive", ["act": "archive"]).status == 303)
      #expect(try await window.open("/console/analysis/saved").text.contains("Сохранённых отчётов ещё нет"))
      #expect(try await window.open("/console/analysis/saved?archive=on").text.contains("Товары"))
      // A name in the archive is taken.
      let taken = try await window.submit("/console/analysis/saved", KeptForm.form.merging(["name": "ТОВАРЫ"]) { $1 })
      #expect(taken.status == 422 && taken.text.contains("лежит в архиве") || taken.text.contains("Такое название уже есть"))
      #expect(try await window.submit("/console/analysis/saved/\(id)/archive", ["act": "restore"]).status == 303)
      let account = shop.account
      let acts = try await shop.database.read { tx in
        try AuditTrail(of: account).entries(of: try #require(SavedReportID(id)), limit: 9, in: &tx).map(\.act)
      }
      #expect(
        acts.reversed() == [
          "saved_report.made", "saved_report.changed", "saved_report.changed", "saved_report.archived", "saved_report.restored",
        ])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are seen by those they are shared with, and changed by their owner alone`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalysisShop.sell(shop)
      let mara = try await shop.window(of: shop.hire("mara", .marketer))
      let id = try KeptForm.id(try await mara.submit("/console/analysis/saved", KeptForm.form).location)
      let page = "/console/analysis/saved/\(id)"
      let (anna, kira) = (
        try await shop.window(of: shop.hire("anna", .analyst)), try await shop.window(of: shop.hire("kira", .accountant))
      )
      for path in [page, "/console/analysis?report=\(id)"] { #expect(try await anna.open(path).status == 200, "\(path)") }
      #expect(try await anna.open("/console/analysis/saved").text.contains("Товары недели"))
      #expect(try await anna.submit(page, KeptForm.form.merging(["version": "1", "name": "Моё"]) { $1 }).status == 422)
      #expect(try await anna.submit(page + "/archive", ["act": "archive"]).status == 422)
      // The accountant sees figures, and not this report: the same answer as for one that is not there.
      for path in [page, "/console/analysis?report=\(id)", "/console/analysis/pivot.csv?report=\(id)"] {
        #expect(try await kira.open(path).status == 404, "\(path)")
      }
      #expect(!(try await kira.open("/console/analysis/saved").text.contains("Товары недели")))
      #expect(try await kira.submit(page, KeptForm.form).status == 404)
      #expect(try await kira.submit(page + "/archive", ["act": "archive"]).status == 404)
      // Who sees no figures sees no report, and nothing is shared with them.
      let vera = try await shop.window(of: shop.hire("vera", .operator))
      #expect(try await vera.open("/console/analysis/saved").status == 403)
      let wide = KeptForm.form.merging(["name": "Всем", "role-operator": "on"]) { $1 }
      let other = try KeptForm.id(try await mara.submit("/console/analysis/saved", wide).location)
      let (account, programme) = (shop.account, shop.programme)
      let roles = try await shop.database.read { tx in
        let programme = try Programmes(of: account, zones: WebShop.zone).programme(programme, in: &tx)
        return try SavedReports(of: programme).report(try #require(SavedReportID(other)), in: &tx).details.roles
      }
      #expect(roles == [.analyst])
      // An owner of the account sees to everything; the other chain sees nothing.
      #expect(try await shop.window(of: shop.hire("olga", .owner)).open(page).status == 200)
    }
  }

  @Test func `are drawn as their reader wants, and keep it`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let bars = try await window.open("/console/analysis?q=\(queryText(KeptForm.pivot))").text
      #expect(bars.contains("pivot-chart") && bars.contains("width=\"100.00\"") && bars.contains("<table"))
      let none = try await window.open("/console/analysis?q=\(queryText(KeptForm.pivot))&chart=none").text
      #expect(!none.contains("class=\"pivot-chart\"") && none.contains("Столбики"))
      let line = try await window.open(
        "/console/analysis?q=\(queryText(#"{"rows":["day"],"columns":["card"],"values":["sales"]}"#))"
      ).text
      #expect(line.contains("class=\"line k1\"") && line.contains("chart tall"))
      let kept = KeptForm.form.merging(["chart": "line", "q": #"{"rows":["day"],"values":["sales"]}"#, "before": ""]) { $1 }
      let id = try KeptForm.id(try await window.submit("/console/analysis/saved", kept).location)
      let (address, save) = ("/console/analysis?report=\(id)", "action=\"/console/analysis/saved/\(id)/question\"")
      let shown = try await window.open(address).text
      #expect(shown.contains("class=\"line k1\"") && !shown.contains(save), "as it is kept: nothing is to be saved")
      // The forms of the page lead on with the drawing, and another drawing can be kept.
      #expect(shown.contains("name=\"chart\" value=\"line\"") && !shown.contains("name=\"chart\" value=\"bars\""))
      let link = try #require(shown.firstMatch(of: /href="([^"]*chart=bars[^"]*)"/)).output.1
      let other = try await window.open(String(link).replacing("&amp;", with: "&")).text
      #expect(other.contains("width=\"100.00\"") && !other.contains("class=\"line k1\""))
      #expect(other.contains(save) && other.contains("name=\"chart\" value=\"bars\""))
      #expect(try await window.open(address).text.contains("class=\"line k1\""), "who looks on changes nothing")
    }
  }
}
