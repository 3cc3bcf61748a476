import Access
import Cube
import Foundation
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing
import Web

@Suite struct `ready reports that are kept` {
  private static let saved = "/console/analysis/saved"
  static let form = [
    "ready": "stores", "from": "2026-11-01", "to": "2026-11-22", "where": #"[{"by":"store","in":["S1"]}]"#,
    "period": "month-to-date", "name": "Магазины месяца", "folder": "Утро", "note": "Смотрим на первый", "role-analyst": "on",
  ]

  @Test(arguments: TestDatabase.available)
  func `are saved with their days and filters, opened, changed and put on a dashboard`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalysisShop.sell(shop)
      let olga = try await shop.hire("olga", .owner)
      var window = try await shop.window(of: olga)
      let ready = try await window.open("/console/analysis/reports/stores").text
      let link = try #require(ready.firstMatch(of: /href="(\/console\/analysis\/saved\/new[^"]*)"/)).output.1
      let fresh = try await window.open(String(link).replacing("&amp;", with: "&"))
      #expect(fresh.status == 200 && fresh.text.contains("name=\"ready\" value=\"stores\"") && fresh.text.contains("Прошлый месяц"))
      let id = try KeptForm.id(try await window.submit(Self.saved, Self.form).location)
      #expect(try KeptForm.id(try await window.submit(Self.saved, Self.form).location) == id, "the same again keeps no second")
      let list = try await window.open(Self.saved).text
      #expect(list.contains("Магазины месяца") && list.contains("С начала месяца"))
      let address = "/console/analysis/reports/stores?saved=\(id)"
      #expect(try await window.open("/console/analysis?report=\(id)").location == address)
      #expect(try await window.open("/console/analysis/pivot.csv?report=\(id)").status == 404)
      let open = try await window.open(address).text
      #expect(open.contains("<h1>Магазины месяца</h1>") && open.contains("1\u{a0}ноя\u{a0}2026 – 22\u{a0}ноя\u{a0}2026"))
      #expect(open.contains("Магазин = S1") && open.contains("600,00") && open.contains("\(Self.saved)/\(id)/question"))
      // The month goes on.
      shop.pass(.days(2))
      window = try await shop.window(of: olga)
      #expect(try await window.open(address).text.contains("1\u{a0}ноя\u{a0}2026 – 24\u{a0}ноя\u{a0}2026"))
      // Other days and no filter, and the version that was seen.
      let changed = ["ready": "stores", "from": "2026-11-01", "to": "2026-11-22", "period": "", "version": "1"]
      #expect(try await window.submit("\(Self.saved)/\(id)/question", changed).location == "/console/analysis?report=\(id)")
      let late = changed.merging(["period": "last-7-days"]) { $1 }
      #expect(try await window.submit("\(Self.saved)/\(id)/question", late).status == 422)
      let still = try await window.open(address).text
      #expect(still.contains("1\u{a0}ноя\u{a0}2026 – 22\u{a0}ноя\u{a0}2026") && !still.contains("Магазин = S1"))
      try await Self.tile(id, window)
      let account = shop.account
      let acts = try await shop.database.read { tx in
        try AuditTrail(of: account).entries(of: try #require(SavedReportID(id)), limit: 9, in: &tx).map(\.act)
      }
      #expect(acts.reversed() == ["saved_report.made", "saved_report.changed"])
    }
  }

  /// A tile of it shows what it is headed by, and leads to it.
  private static func tile(_ id: String, _ window: BrowserWindow) async throws {
    let path = "/console/analysis/dashboards"
    let made = try await window.submit(path, ["name": "Утро", "period": "last-7-days"]).location
    let board = String(try #require(made?.firstMatch(of: /(dsh_\w+)/)).output.1)
    let tile = ["act": "add", "kind": "saved", "what": id, "width": "2", "version": "1"]
    #expect(try await window.submit("\(path)/\(board)/tiles", tile).status == 303)
    let shown = try await window.open("\(path)/\(board)").text
    #expect(shown.contains("Магазины месяца") && shown.contains("К прошлому периоду") && shown.contains("600,00"))
    #expect(shown.contains("href=\"/console/analysis?report=\(id)\""))
  }

  @Test func `are refused where they cannot be asked, and shown to nobody they are not shared with`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await AnalysisShop.sell(shop)
      let mara = try await shop.window(of: shop.hire("mara", .marketer))
      let broken: [([String: String], Int)] = [
        (["ready": "moon"], 404), (["period": "last-moon"], 422), (["ready": "points"], 422), (["name": ""], 422),
        (["to": "2026-10-01"], 422), (["from": "1990-01-01", "period": ""], 422), (["where": "["], 422),
        (["ready": "stores", "segment": "a", "against": "b"], 422),
      ]
      for (wrong, status) in broken {
        let answer = try await mara.submit(Self.saved, Self.form.merging(wrong) { $1 })
        #expect(answer.status == status, "\(wrong): \(answer.status)")
      }
      let id = try KeptForm.id(try await mara.submit(Self.saved, Self.form).location)
      let kira = try await shop.window(of: shop.hire("kira", .accountant))
      let own = "/console/analysis/reports/stores"
      for path in ["\(Self.saved)/\(id)", "/console/analysis?report=\(id)", "\(own)?saved=\(id)", "\(own)/table.csv?saved=\(id)"] {
        #expect(try await kira.open(path).status == 404, "\(path)")
        let seen = try await mara.open(path).status
        #expect(seen == 200 || seen == 303, "\(path)")
      }
      let anna = try await shop.window(of: shop.hire("anna", .analyst))
      let seen = try await anna.open("\(own)?saved=\(id)")
      #expect(seen.status == 200 && !seen.text.contains("\(Self.saved)/\(id)/question"), "hers to read, not to change")
      #expect(try await mara.open("/console/analysis/reports/kpi?saved=\(id)").status == 404, "of another report")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `go out once as a workbook of all parts and a picture, and to nobody who may not see them`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      try await AnalysisShop.sell(shop)
      let olga = try await `reports by mail`.hire(shop, "olga", .owner, mail: "olga@lavka.example")
      let fred = try await `reports by mail`.hire(shop, "fred", .analyst, mail: "fred@lavka.example")
      var window = try await shop.window(of: olga)
      let id = try KeptForm.id(try await window.submit(Self.saved, Self.form).location)
      let order = ["rhythm": "day", "hour": "8", "language": "ru", "to-\(olga.id)": "on", "to-\(fred.id)": "on"]
      for _ in 0..<2 { #expect(try await window.submit("\(Self.saved)/\(id)/schedules", order).status == 303) }
      // Fred moves to a role that sees no figures.
      let (account, change) = (shop.account, Change(by: .demo, at: shop.now, ids: shop.ids))
      try await shop.database.write { tx in try Staff(of: account).set(.operator, of: "fred", by: change, in: &tx) }
      shop.pass(.days(1))
      window = try await shop.window(of: olga)
      let due = DueReports(zones: WebShop.zone, ids: shop.ids)
      #expect(try await due.step(on: shop.database, at: shop.now) == 1)
      let box = Mutex<[Mail]>([])
      let post = `reports by mail`.post(shop) { mail in box.withLock { $0.append(mail) } }
      try await shop.doJobs(ReportPost.job, ReportPost.retry) { job in
        try await post.deliver(job)
        try await post.deliver(job)
      }
      let mails = box.withLock { $0 }
      #expect(mails.map(\.to.text) == ["olga@lavka.example"])
      let mail = try #require(mails.first)
      #expect(mail.subject == "Магазины месяца: 1\u{a0}ноя\u{a0}2026 – 23\u{a0}ноя\u{a0}2026")
      #expect(mail.text.contains("К прошлому периоду\nS1: ") && mail.text.contains("Выручка 600,00\u{a0}₽"), "\(mail.text)")
      #expect(mail.text.contains("Фильтр: Магазин = S1"), "\(mail.text)")
      let sheet = try #require(mail.attachments.first { $0.name == "report-2026-11-23.xlsx" })
      let cells = try `reports by mail`.cells(Data(sheet.bytes).base64EncodedString())
      let csv = try await window.open("/console/analysis/reports/stores/table.csv?saved=\(id)&part=before").text
      let lines = csv.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
      func plain(_ rows: some Sequence<[String]>) -> [[String]] {
        rows.map { row in row.map { Double($0).map { "\($0)" } ?? $0 } }
      }
      #expect(lines.count > 2 && plain(cells.dropFirst()) == plain(lines.dropFirst()), "\(cells) \(lines)")
      if FileManager.default.isExecutableFile(atPath: "/usr/bin/rsvg-convert") {
        #expect(mail.attachments.contains { $0.type == "image/png" && $0.bytes.prefix(4) == [0x89, 0x50, 0x4e, 0x47] })
      }
      let page = try await window.open("\(Self.saved)/\(id)").text
      #expect(page.contains("отправлено: 1\u{a0}письмо") && page.contains("Кто-то fred (не получит)"), "\(page)")
    }
  }
}
