import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// Sources, segments and funnels over a site's events, with what Anna bought at the till.
@Suite struct `Sources and funnels` {
  private static let day = Int64(1_440)

  /// Anna came by an advertisement and then directly, looked at bread and bought it; somebody else only looked.
  private static func happen(_ site: VisitShop) async throws {
    try await site.take([
      VisitShop.event("ad", .productView, minute: -2 * day) { event in
        (event.source, event.product) = (VisitShop.from("yandex", "cpc", campaign: "bread"), "bread")
      },
      VisitShop.event("mail", .pageView, minute: -3 * day) { $0.source = VisitShop.from("letter", "email") },
      VisitShop.event("in", .pageView, minute: 60) { $0.member = "1001" },
      VisitShop.event("cart", .cartAdd, minute: 65) { ($0.product, $0.amount) = ("bread", Money(minor: 10_000)) },
      VisitShop.event("other", .productView, minute: 0, visitor: "v2") { event in
        (event.source, event.product) = (VisitShop.from("vk", "social"), "milk")
      },
      VisitShop.event("other-2", .productView, minute: 90, visitor: "v2") { $0.product = "bread" },
    ])
    try await AnalysisShop.sell(site.shop)
    try await site.settle()
  }

  private static func csv(_ site: VisitShop, _ part: String) async throws -> [String: [String]] {
    let window = try await site.shop.window(of: site.shop.hire("olga-\(part)", .owner))
    let days = "from=2026-11-19&to=2026-11-21"
    let text = try await window.open("/console/analysis/reports/traffic/table.csv?\(days)&part=\(part)").text
    let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return Dictionary(lines.map { ($0[0], $0) }, uniquingKeysWith: { first, _ in first })
  }

  @Test(arguments: TestDatabase.available) func `purchases are put down to the last session that did not come directly`(
    on kind: TestDatabase
  ) async throws {
    try await VisitShop.open(kind) { site in
      try await Self.happen(site)
      let sources = try await Self.csv(site, "sources")
      let head = try #require(sources["name"])
      func value(_ row: String, _ column: String) -> String? {
        guard let line = sources[row], let place = head.firstIndex(of: column) else { return nil }
        return line[place]
      }
      #expect(value("yandex", "sessions") == "1" && value("yandex", "receipts") == "3" && value("yandex", "revenue") == "600.00")
      #expect(value("yandex", "visitors") == "1" && value("yandex", "members") == "1" && value("yandex", "average") == "200.00")
      #expect(value("letter", "sessions") == nil || value("letter", "first-revenue") == "600.00", "\(sources)")
      #expect(value("(direct)", "sessions") == "2" && value("(direct)", "revenue") == "0.00" && value("(direct)", "carts") == "1")
      #expect(value("vk", "sessions") == "1" && value("vk", "members") == "0" && value("vk", "product-views") == "1")
      #expect(value("Всего", "sessions") == "4" && value("Всего", "visitors") == "2" && value("Всего", "revenue") == "600.00")
      let channels = try await Self.csv(site, "channels")
      #expect(channels["Реклама"]?[1] == "1" && channels["Соцсети"]?[1] == "1" && channels["Без сессии"]?[1] == "0", "\(channels)")
      let campaigns = try await Self.csv(site, "campaigns")
      #expect(campaigns["bread"]?[1] == "1")
      let window = try await site.shop.window(of: site.shop.hire("vera", .owner))
      let page = try await window.open("/console/analysis/reports/traffic?from=2026-11-19&to=2026-11-21")
      #expect(page.status == 200 && page.text.contains("600,00") && page.text.contains("Источник покупки"))
    }
  }

  @Test(arguments: TestDatabase.available) func `what comes late is in its day, and packed days are what sessions are`(
    on kind: TestDatabase
  ) async throws {
    try await VisitShop.open(kind) { site in
      try await Self.happen(site)
      #expect(try await Self.csv(site, "mediums")["social"]?[1] == "1")
      try await site.take([
        VisitShop.event("late", .pageView, minute: -Self.day, visitor: "v9") { $0.source = VisitShop.from("ok", "social") }
      ])
      let window = try await site.shop.window(of: site.shop.hire("vera", .owner))
      let path = "/console/analysis/reports/traffic?from=2026-11-19&to=2026-11-21"
      #expect(try await window.open(path).text.contains("пришло только что"))
      try await site.settle()
      #expect(try await !window.open(path).text.contains("пришло только что"))
      #expect(try await Self.csv(site, "sources")["ok"]?[1] == "1")
    }
  }

  @Test(arguments: TestDatabase.available) func `pivots know whence a member came first`(on kind: TestDatabase) async throws {
    try await VisitShop.open(kind) { site in
      try await Self.happen(site)
      let window = try await site.shop.window(of: site.shop.hire("vera", .owner))
      func csv(_ by: String) async throws -> String {
        let pivot = #"{"rows":["\#(by)"],"values":["sales","members"]}"#
        return try await window.open("/console/analysis/pivot.csv?q=\(queryText(pivot))").text
      }
      // Her letter came before the advertisement.
      #expect(try await csv("first-source") == "first-source,sales,members\nletter,600.00,1\nИтого,600.00,1\n")
      #expect(try await csv("first-campaign") == "first-campaign,sales,members\n–,600.00,1\nИтого,600.00,1\n")
    }
  }

  @Test(arguments: TestDatabase.available) func `an order's receipt is its session's, whoever bought it`(on kind: TestDatabase)
    async throws
  {
    try await VisitShop.open(kind) { site in
      try await site.take([
        VisitShop.event("1", .order, minute: 60, visitor: "v5") { event in
          (event.source, event.receipt) = (VisitShop.from("partner", "link"), "S1~1~1~2~2026-11-21")
        }
      ])
      try await Self.happen(site)
      let sources = try await Self.csv(site, "sources")
      let place = try #require(sources["name"]?.firstIndex(of: "receipts"))
      #expect(sources["partner"]?[place] == "1" && sources["yandex"]?[place] == "2", "\(sources)")
    }
  }

  // MARK: segments

  private static func members(_ code: String, _ site: VisitShop) async throws -> [MemberID] {
    let account = site.shop.account
    return try await site.shop.database.read { tx in
      let segments = Segments(of: account)
      let known = try #require(try segments.segments(codes: [code], in: &tx)[code])
      return try segments.members(of: known.id, limit: 10, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available) func `segments follow events within seconds, and days that go by`(on kind: TestDatabase)
    async throws
  {
    try await VisitShop.open(kind) { site in
      let shop = site.shop
      try await AnalysisShop.sell(shop)
      let rules = [
        ("viewers", #"{"did":{"event":"productView","of":{"products":["tea"]},"lastDays":14,"atLeast":2}}"#),
        ("strangers", #"{"all":[{"didNot":{"event":"productView","of":{"products":["tea"]},"lastDays":14}},{"bought":{}}]}"#),
        ("paid", #"{"did":{"event":"pageView","groups":["paid"],"page":"/sale","lastDays":14}}"#),
      ]
      let change = Change(by: .commandLine, at: shop.now, ids: shop.ids)
      let (account, programme) = (shop.account, shop.programme)
      for (code, text) in rules {
        let (details, condition) = (
          SegmentDetails(code: code, name: LocalText(ru: code, en: code), kind: .dynamic), try JSON.parse(text)
        )
        _ = try await shop.database.write { tx in
          try Segments(of: account).save(details, condition: condition, programme: programme, by: change, in: &tx)
        }
      }
      func turn() async throws -> [[MemberID]] {
        shop.pass(.seconds(6))
        await shop.cubes.turn()
        return try await [Self.members("viewers", site), Self.members("strangers", site), Self.members("paid", site)]
      }
      shop.pass(.minutes(2))
      let anna = [shop.anna]
      #expect(try await turn() == [[], anna, []])
      func view(_ key: String) -> NewEvent { VisitShop.event(key, .productView, minute: Self.day) { $0.product = "tea" } }
      try await site.take([view("1"), view("2")])
      #expect(try await turn() == [[], anna, []], "nobody knows whose visitor it is")
      try await site.take([VisitShop.event("in", .signUp, minute: Self.day + 1) { $0.member = "1001" }])
      #expect(try await turn() == [anna, [], []], "signing in makes them Anna's")
      try await site.take([
        VisitShop.event("p", .pageView, minute: Self.day + 200) { event in
          (event.page, event.source) = ("/sale/tea", VisitShop.from("vk", "cpc"))
        }
      ])
      #expect(try await turn() == [anna, [], anna])
      shop.pass(.days(15))
      #expect(try await turn() == [[], anna, []], "days go by")
    }
  }

  @Test(arguments: TestDatabase.available) func `why somebody is in names the events`(on kind: TestDatabase) async throws {
    try await VisitShop.open(kind) { site in
      let shop = site.shop
      try await Self.happen(site)
      let window = try await shop.window(of: shop.hire("vera", .owner))
      let condition = #"{"did":{"event":"productView","lastDays":14}}"#
      let page = try await window.open("/console/segments/new?q=\(queryText(condition))&who=1001").text
      #expect(page.contains("На деле") && page.contains("Просмотр товара bread"), "the event is named")
      let clause = [
        "add": "did", "at": "", "q": "", "verb": "not", "event": "cartAdd", "lastDays": "30", "products": "bread",
        "groups-paid": "on",
      ]
      let built = try #require(try await window.submit("/console/segments/clause", clause).location)
      let shown = try await window.open(built).text
      #expect(shown.contains("не было события") && shown.contains("Реклама") && shown.contains("bread"))
      let refused = try await window.submit("/console/segments/clause", clause.merging(["own": "dance"]) { $1 })
      #expect(refused.status == 422)
    }
  }

  // MARK: funnels

  private static let form = [
    "count": "3", "name": "Хлеб", "s0-event": "productView", "s0-products": "bread", "s1-event": "cartAdd", "s2-event": "purchase",
    "within": "7", "span": "days", "unit": "person", "split": "channel", "act": "save",
  ]

  @Test(arguments: TestDatabase.available) func `a funnel is built, counted, split and its lost become a segment`(
    on kind: TestDatabase
  )
    async throws
  {
    try await VisitShop.open(kind) { site in
      let shop = site.shop
      try await Self.happen(site)
      let window = try await shop.window(of: shop.hire("vera", .owner))
      let path = "/console/analysis/funnels"
      #expect(try await window.open(path).text.contains("Воронок ещё нет"))
      let more = try await window.submit("\(path)/new", Self.form.merging(["act": "add"]) { $1 })
      #expect(more.status == 200 && more.text.contains("name=\"s3-event\"") && more.text.contains("Хлеб"))
      let less = try await window.submit("\(path)/new", Self.form.merging(["act": "remove-1"]) { $1 })
      #expect(less.status == 200 && !less.text.contains("name=\"s2-event\""))
      for (name, value) in [("within", "0"), ("s1-products", "gone"), ("name", ""), ("s0-event", "purchase")] {
        #expect(try await window.submit("\(path)/new", Self.form.merging([name: value]) { $1 }).status == 422, "\(name)")
      }
      let made = try #require(try await window.submit("\(path)/new", Self.form).location)
      #expect(try await window.submit("\(path)/new", Self.form).location == made, "sent twice")
      let days = "?from=2026-11-15&to=2026-11-21"
      let page = try await window.open(made + days)
      #expect(page.status == 200 && page.text.contains("Реклама"), "\(page.text.suffix(2_000))")
      let csv = try await window.open("\(made)/table.csv\(days)&part=steps").text.split(separator: "\n").map(String.init)
      #expect(
        csv.count == 4 && csv[1].contains(",2,") && csv[2].contains(",1,50.0000,") && csv[3].contains(",1,100.0000,50.0000,"),
        "\(csv)")
      let groups = try await window.open("\(made)/table.csv\(days)&part=groups").text
      #expect(groups.contains("Реклама,1,1,1,100.0000") && groups.contains("Прямые заходы,1,0,0,0.0000"), "\(groups)")
      // By sessions the way from the view to the cart is none: they were two visits.
      let edited = Self.form.merging(["unit": "session", "split": "none", "version": "1", "segment": ""]) { $1 }
      #expect(try await window.submit("\(made)/edit", edited).location == made)
      #expect(try await window.submit("\(made)/edit", edited.merging(["within": "8"]) { $1 }).status == 422, "an old version")
      let apart = try await window.open("\(made)/table.csv\(days)&part=steps").text.split(separator: "\n").map(String.init)
      #expect(apart[1].contains(",2,") && apart[2].contains(",0,0.0000,"), "\(apart)")
      let lost = ["step": "0", "name": "Ушли", "code": "lost", "from": "2026-11-15", "to": "2026-11-21"]
      for _ in 0..<2 { #expect(try await window.submit("\(made)/lost", lost).status == 303) }
      #expect(try await Self.members("lost", site) == [shop.anna])
      let left = try await window.open("\(made)/left.csv\(days)&step=0").text.split(whereSeparator: \.isNewline)
      #expect(left.count == 2 && left[1].hasPrefix("\(shop.anna)"), "\(left)")
      #expect(try await window.open("\(made)/left.csv\(days)&step=2").status >= 400, "nobody leaves after the last step")
      #expect(try await window.submit("\(made)/archive", ["act": "archive"]).status == 303)
      #expect(try await window.open("\(path)?archive=on").text.contains("Хлеб"))
    }
  }

  @Test(arguments: TestDatabase.available) func `a funnel with a segment counts its members alone`(on kind: TestDatabase)
    async throws
  {
    try await VisitShop.open(kind) { site in
      let shop = site.shop
      try await Self.happen(site)
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      let account = shop.account
      try await shop.database.write { tx in
        _ = try Segments(of: account).save(
          [SegmentDetails(code: "few", name: LocalText(ru: "few", en: "few"), kind: .static)], by: change, in: &tx)
      }
      let window = try await shop.window(of: shop.hire("vera", .owner))
      let made = try #require(
        try await window.submit("/console/analysis/funnels/new", Self.form.merging(["segment": "few"]) { $1 }).location)
      let path = "\(made)/table.csv?from=2026-11-15&to=2026-11-21&part=steps"
      #expect(try await window.open(path).text.split(separator: "\n")[1].contains(",0,"))
      try await shop.database.write { tx in
        _ = try Segments(of: account).add([shop.anna], to: "few", by: change, in: &tx)
      }
      #expect(try await window.open(path).text.split(separator: "\n")[1].contains(",1,"))
    }
  }
}
