import Access
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

extension `the console's pages` {
  /// A dashboard with a tile of every kind.
  static func dashboards(_ shop: WebShop) async throws -> [String: String] {
    let (person, change) = (try await shop.hire("painter", .owner), Change(by: .demo, at: shop.now, ids: shop.ids))
    return try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let tiles = [DashboardTile(.figure(.sales), width: 1), DashboardTile(.note("Утро"), width: 4)]
      let details = DashboardDetails(name: "Утро", tiles: tiles, roles: Set(SavedReportDetails.readers))
      return ["{dashboard}": "\(try Dashboards(of: programme).save(details, of: person.id, by: change, in: &tx))"]
    }
  }
}

@Suite struct `dashboards` {
  private static let path = "/console/analysis/dashboards"
  private static let form = ["name": "Утро директора", "period": "last-7-days", "note": "Смотрим в девять", "role-analyst": "on"]

  private static func id(_ location: String?) throws -> String {
    String(try #require(location?.firstMatch(of: /(dsh_\w+)/)).output.1)
  }

  @Test(arguments: TestDatabase.available)
  func `are put together of tiles that tell what their reports tell`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: try await shop.hire("olga", .owner))
      #expect(try await window.open(Self.path).text.contains("Панелей ещё нет"))
      let report = try KeptForm.id(try await window.submit("/console/analysis/saved", KeptForm.form).location)
      let id = try Self.id(try await window.submit(Self.path, Self.form).location)
      #expect(try Self.id(try await window.submit(Self.path, Self.form).location) == id, "the same form keeps one")
      let tiles = [
        ["kind": "figure", "what": "sales", "width": "1"], ["kind": "ready", "what": "kpi/days", "width": "4"],
        ["kind": "saved", "what": report, "width": "2"], ["kind": "note", "what": "Хлеб дорожает", "width": "2"],
      ]
      for (place, tile) in tiles.enumerated() {
        let added = try await window.submit(
          "\(Self.path)/\(id)/tiles", tile.merging(["act": "add", "version": "\(place + 1)"]) { $1 })
        #expect(added.status == 303, "\(tile)")
      }
      let shown = try await window.open("\(Self.path)/\(id)").text
      #expect(shown.contains("<h1>Утро директора</h1>") && shown.contains("Смотрим в девять") && shown.contains("Хлеб дорожает"))
      #expect(shown.contains("Выручка по дням") && shown.contains("Товары недели"))
      // What the pivot says of the same days.
      let sum = try await window.open("/console/analysis/pivot.csv?report=\(report)").text
      let kopecks = try #require(sum.split(separator: "\n").last?.split(separator: ",").dropFirst().first)
      let roubles = try #require(kopecks.split(separator: ".").first)
      let figure = try #require(shown.firstMatch(of: /<p class="value">([^<]*)/)).output.1
      #expect(figure.filter(\.isNumber).hasPrefix(roubles), "\(figure) of \(kopecks)")
      // Order, width, and away.
      func act(_ act: String, _ place: Int, _ version: Int) async throws -> Int {
        try await window.submit("\(Self.path)/\(id)/tiles", ["act": act, "place": "\(place)", "version": "\(version)"]).status
      }
      #expect(try await act("up", 3, 5) == 303)
      #expect(try await act("width-4", 0, 6) == 303)
      #expect(try await act("remove", 3, 7) == 303)
      #expect(try await act("remove", 0, 7) == 422, "somebody changed it meanwhile")
      #expect(try await act("up", 0, 8) == 422)
      #expect(try await act("width-9", 0, 8) == 422)
      #expect(try await act("remove", 9, 8) == 422)
      let kept = try await Self.tiles(shop, id, olga: "olga")
      #expect(
        kept == [
          DashboardTile(.figure(.sales), width: 4), DashboardTile(.ready(.board, part: "days"), width: 4),
          DashboardTile(.note("Хлеб дорожает"), width: 2),
        ])
      #expect(try await window.open("\(Self.path)/\(id)?period=year-to-date").text.contains("С начала года"))
      #expect(try await window.submit("\(Self.path)/\(id)/archive", ["act": "archive"]).status == 303)
      #expect(try await window.open(Self.path + "?archive=on").text.contains("Утро директора"))
    }
  }

  @Test func `begin with the morning's, and are refused where they are too many or not understood`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await AnalysisShop.sell(shop)
      let window = try await shop.window(of: try await shop.hire("olga", .owner))
      let id = try Self.id(
        try await window.submit(Self.path, ["name": "Утро", "begin": "morning", "period": "last-28-days"]).location)
      let shown = try await window.open("\(Self.path)/\(id)").text
      for name in ["Выручка", "Доля с картой", "Покупатели", "Списание бонусов", "Выручка по дням"] {
        #expect(shown.contains(name), "\(name)")
      }
      var version = 1
      for _ in 0..<Limits.tiles - 11 {
        let added = try await window.submit(
          "\(Self.path)/\(id)/tiles", ["act": "add", "kind": "note", "what": "x", "width": "1", "version": "\(version)"])
        #expect(added.status == 303)
        version += 1
      }
      let over = ["act": "add", "kind": "note", "what": "x", "width": "1", "version": "\(version)"]
      #expect(try await window.submit("\(Self.path)/\(id)/tiles", over).status == 422)
      for broken in [["kind": "moon", "what": "x"], ["kind": "ready", "what": "kpi/moon"], ["kind": "note", "what": ""]] {
        let form = broken.merging(["act": "add", "width": "1", "version": "\(version)"]) { $1 }
        #expect(try await window.submit("\(Self.path)/\(id)/tiles", form).status == 422, "\(broken)")
      }
      #expect(try await window.submit(Self.path, ["name": "", "period": "last-7-days"]).status == 422)
    }
  }

  @Test func `are seen by those they are shared with, and show no report that is not shared`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await AnalysisShop.sell(shop)
      let mara = try await shop.window(of: shop.hire("mara", .marketer))
      let secret = KeptForm.form.merging(["name": "Только мне", "role-analyst": ""]) { $1 }
      let report = try KeptForm.id(try await mara.submit("/console/analysis/saved", secret).location)
      let id = try Self.id(try await mara.submit(Self.path, Self.form).location)
      let tile = ["act": "add", "kind": "saved", "what": report, "width": "2", "version": "1"]
      #expect(try await mara.submit("\(Self.path)/\(id)/tiles", tile).status == 303)
      let (anna, kira) = (
        try await shop.window(of: shop.hire("anna", .analyst)), try await shop.window(of: shop.hire("kira", .accountant))
      )
      let seen = try await anna.open("\(Self.path)/\(id)")
      #expect(seen.status == 200 && seen.text.contains("вам не открыт") && !seen.text.contains("Только мне"))
      #expect(try await anna.open("\(Self.path)/\(id)/edit").status == 404)
      #expect(try await anna.submit("\(Self.path)/\(id)/archive", ["act": "archive"]).status == 403)
      #expect(try await kira.open("\(Self.path)/\(id)").status == 404)
      #expect(!(try await kira.open(Self.path).text.contains("Утро директора")))
      let vera = try await shop.window(of: shop.hire("vera", .operator))
      #expect(try await vera.open(Self.path).status == 403)
    }
  }

  private static func tiles(_ shop: WebShop, _ id: String, olga login: String) async throws -> [DashboardTile] {
    try await shop.database.read { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let person = try #require(try Staff(of: shop.account).all(in: &tx).first { $0.login == login })
      return try Dashboards(of: programme).dashboard(try #require(DashboardID(id)), for: person, in: &tx).details.tiles
    }
  }
}
