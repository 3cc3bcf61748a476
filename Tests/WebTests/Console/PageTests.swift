import Access
import Customers
import Engagement
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// A request key of a till.
private func key(_ number: Int) -> String { "00000000-0000-4000-8000-0000000000\(number + 10)" }

@Suite struct `the console's pages` {
  /// Every page with something in its path that is there.
  static func paths(_ shop: WebShop) async throws -> [String: String] {
    let sold = try await shop.line().post("/till/v1/receipts", Bodies.receipt(1), key: key(1))
    #expect(sold.status == 201 || sold.status == 200)
    let place = try await shop.database.read { tx in
      try #require(try ReceiptBook(of: shop.account).receipts(of: shop.anna, shop.programme, limit: 1, in: &tx).first)
    }
    let (keys, secret) = (try #require(shop.consoleDesk.keyRing), LinkSecret(random: WebShop.secrets(9)))
    let (staff, change) = (try await shop.hire("guest", .analyst), Change(by: .demo, at: shop.now, ids: shop.ids))
    let hook = try await shop.database.write { tx in
      try StaffLinks(of: shop.account).make(.invitation, for: staff.id, secret, by: change, in: &tx)
      return try Webhooks(of: shop.account).add("https://crm.example/hook", under: AddressRule(), keys: keys, by: change, in: &tx)
    }
    let tea = try await shop.database.read { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      return try #require(try Promotions(of: programme).promotions(codes: ["tea"], in: &tx)["tea"]).id
    }
    let upload = try await shop.keepUpload("code;name\n1;Чай\n", kind: .catalogue)
    let values = [
      "/imports/{id}": "/imports/\(upload)", "{promotion}": "\(tea)", "{id}": "\(shop.anna)", "{step}": "receipt",
      "/receipts/{owner}/{id}": "/receipts/\(place.owner)/\(place.id)", "{hook}": "\(hook.id)", "/reports/{report}": "/reports/kpi",
      "/what-if/{owner}/{id}": "/what-if/\(place.owner)/\(place.id)", "{secret}": secret.text,
      "{household}": "\(try await shop.foundHousehold())",
    ]
    return values.merging(try await Self.places(shop)) { own, _ in own }.merging(try await Self.coupons(shop)) { own, _ in own }
      .merging(try await Self.certificates(shop)) { own, _ in own }.merging(try await Self.settlements(shop)) { own, _ in own }
      .merging(try await Self.games(shop)) { own, _ in own }.merging(try await Self.watched(shop)) { own, _ in own }
      .merging(try await Self.merges(shop).merging(try await Self.latest(shop)) { own, _ in own }) { own, _ in own }
  }

  private static func coupons(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    return try await shop.database.write { tx in
      let coupons = Coupons(of: try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx))
      let details = CouponSeriesDetails(code: "PLAN", name: LocalText(ru: "План", en: "Plan"))
      let series = try coupons.save([details], by: change, in: &tx).ids[0]
      let batch = try coupons.order(3, of: "PLAN", label: "first", key: "plan", by: change, in: &tx)
      var dice = Dice(seed: 1)
      _ = try coupons.makeNext(of: batch.id, using: &dice, in: &tx)
      return ["{series}": "\(series)", "{batch}": "\(batch.id)"]
    }
  }

  /// A game that somebody has played.
  private static func games(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    return try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let games = Games(of: programme, ids: shop.ids, keys: WebShop.keys)
      let mug = Prize(LocalText(ru: "Кружка", en: "Mug"), chance: .percent(40), stock: 1, gift: .thing(cost: Money(minor: 30_000)))
      let details = GameDetails(
        code: "WHEEL", name: LocalText(ru: "Колесо", en: "Wheel"),
        table: PrizeTable([mug], consolation: Prize(LocalText(ru: "Увы", en: "Alas"), chance: .zero)))
      let game = try games.save([details], by: change, in: &tx).ids[0]
      try games.give(3, of: "WHEEL", to: shop.anna, because: "plan", request: RequestKey("plan turns"), by: change, in: &tx)
      for number in 1...2 {
        _ = try games.draw("WHEEL", by: shop.anna, at: nil, request: RequestKey("plan draw \(number)"), change: change, in: &tx)
      }
      return ["/games/{game}": "/games/\(game)"]
    }
  }

  /// The same of certificates.
  private static func certificates(_ shop: WebShop) async throws -> [String: String] {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    return try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let certificates = Certificates(of: programme, ids: shop.ids, keys: WebShop.keys)
      let details = CertificateSeriesDetails(
        code: "GIFT", name: LocalText(ru: "Подарок", en: "Gift"), face: .fixed(Money(minor: 300_000)), pinDigits: 4)
      let series = try certificates.save([details], by: change, in: &tx).ids[0]
      let batch = try certificates.order(3, of: "GIFT", label: "first", key: "plan", by: change, in: &tx)
      var dice = Dice(seed: 1)
      _ = try certificates.makeNext(of: batch.id, using: &dice, in: &tx)
      return [
        "/certificates/{series}": "/certificates/\(series)",
        "/certificates/{series}/batches/{batch}": "/certificates/\(series)/batches/\(batch.id)",
      ]
    }
  }

  /// Stores, shifts and goods.
  private static func places(_ shop: WebShop) async throws -> [String: String] {
    let closing = """
      { "shift": 1, "opened": "2026-11-21T09:00:00", "closed": "2026-11-21T21:00:00", "sales": { "count": 1, "amount": "200.00" } }
      """
    #expect(try await shop.line().post("/till/v1/shift-closings", Array(closing.utf8), key: "shift-0001").status == 201)
    return try await shop.database.read { tx in
      let store = try #require(try Places(of: shop.account).stores(codes: ["S1"], in: &tx)["S1"]).id
      let register = try #require(try Registers(of: shop.account, in: store).all(in: &tx)["1"]).id
      let catalogue = Catalogue(of: shop.account)
      let milk = try #require(try catalogue.products(codes: ["milk"], in: &tx)["milk"]).id
      let food = try #require(try catalogue.categories(in: &tx).id("food"))
      return [
        "{store}": "\(store)", "{register}": "\(register)", "{day}": "2026-11-21", "{shift}": "1~1", "{product}": "\(milk)",
        "{category}": "\(food)",
      ]
    }
  }

  static func filled(_ path: String, _ values: [String: String]) -> String {
    values.sorted { $0.key.count > $1.key.count }.reduce(path) { $0.replacing($1.key, with: $1.value) }
  }

  @Test func `open to nobody who is not signed in, and to no role beyond its rights`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let values = try await Self.paths(shop)
      let rights = Console(shop.consoleDesk).rights
      #expect(rights.count > 12)
      var windows: [Role: BrowserWindow] = [:]
      for role in Role.allCases { windows[role] = try await shop.window(of: shop.hire(role.rawValue, role)) }
      for (page, right) in rights where page != "POST /console/sign-out" {
        let parts = page.split(separator: " ").map(String.init)
        let path = Self.filled(parts[1], values)
        let stranger = shop.window()
        let refused = parts[0] == "GET" ? try await stranger.open(path) : try await stranger.submit(path)
        #expect(refused.status == 303 && refused.location?.hasPrefix("/console/sign-in") == true, "\(page)")
        for (role, window) in windows {
          let seen = parts[0] == "GET" ? try await window.open(path) : try await window.submit(path)
          let isAllowed = right.map { role.rights.contains($0) } ?? true
          #expect((seen.status == 403) == !isAllowed, "\(role) at \(page): \(seen.status)")
          #expect(seen.status < 500, "\(role) at \(page)")
        }
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `never show another account's`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let values = try await Self.paths(shop)
      let window = try await shop.window(of: shop.hire("boss", .owner, in: shop.others), in: shop.others)
      #expect(try await window.open("/console/members/\(shop.boris)").status == 200)
      #expect(try await window.open("/console/members/\(shop.anna)").status == 404)
      #expect(try await window.open(Self.filled("/console/receipts/{owner}/{id}", values)).status == 404)
      let hook = Self.filled("/console/integrations/webhooks/{hook}", values)
      #expect(try await window.open(hook).status == 404)
      for (end, form) in [
        ("", ["url": "https://x.example/", "which": "all"]), ("/state", ["state": "paused"]), ("/secret", ["request": "x"]),
        ("/test", [:]),
        ("/replay", ["position": "1"]), ("/replay", ["what": "dead", "request": "y"]),
      ] {
        #expect(try await window.submit(hook + end, form).status == 404, "\(end)")
      }
      // To remove what is not there is harmless.
      #expect(try await window.submit(hook + "/removal").status == 303)
      #expect(try await shop.window(of: shop.hire("olga", .owner)).open(hook).text.contains("отправляет"))
      for path in Console(shop.consoleDesk).rights.keys.map({ $0.split(separator: " ").map(String.init) })
      where ["{store}", "{product}", "{category}", "{series}", "{game}", "{contract}", "{partner}"].contains(
        where: path[1].contains)
      {
        let own = Self.filled(path[1], values)
        let seen = path[0] == "GET" ? try await window.open(own) : try await window.submit(own, ["act": "close", "request": "1"])
        #expect([404, 422].contains(seen.status), "\(path): \(seen.status)")
        #expect(path[0] == "POST" || seen.status == 404, "\(path)")
      }
      for page in ["", "/edit", "/versions", "/preview", "/what-if", "/beside", "/text", "/step", "/live"] {
        #expect(try await window.open(Self.filled("/console/promotions/{promotion}", values) + page).status == 404, "\(page)")
      }
      let step = Self.filled("/console/promotions/{promotion}/step", values)
      #expect(try await window.submit(step, ["act": "archive", "version": "1"]).status == 404)
      let form = ["points": "100", "reason": "goodwill", "note": "просто так", "request": "1"]
      #expect(
        try await window.submit("/console/members/\(shop.anna)/status", ["status": "blocked", "reason": "нет"]).status == 404)
      #expect(try await window.submit("/console/members/\(shop.anna)/points", form).status == 404)
      let wallets = try await shop.database.read { tx in
        try tx.row(SQL(prepared: "select count(*) from wallet where owner_id = $1", [shop.anna.value]))?.int(0)
      }
      #expect(wallets == 1)
      try await shop.verify()
      #expect(!(try await window.open("/console").text.contains(values["/receipts/{owner}/{id}"] ?? "?")))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `ask as many statements for many rows as for few`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let values = try await Self.paths(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let paths = [
        "/console", "/console/members", "/console/members/{id}", "/console/receipts", "/console/receipts/{owner}/{id}",
        "/console/receipts/{owner}/{id}/return", "/console/receipts/{owner}/{id}/rules", "/console/receipts/answers?store=S1",
        "/console/stores", "/console/integrations", "/console/integrations/tills", "/console/integrations/webhooks/{hook}",
        "/console/jobs", "/console/staff", "/console/settings", "/console/stores/{store}",
        "/console/stores/{store}/registers/{register}", "/console/stores/silent", "/console/stores/unsold",
        "/console/shifts", "/console/shifts?show=untied", "/console/shifts/{store}/{day}", "/console/shifts/{store}/{day}/{shift}",
        "/console/catalogue", "/console/catalogue/products/{product}", "/console/catalogue/categories",
        "/console/catalogue/categories/{category}",
        "/console/promotions", "/console/promotions/{promotion}", "/console/promotions/{promotion}/edit",
        "/console/promotions/{promotion}/versions", "/console/coupons", "/console/coupons/{series}", "/console/certificates",
        "/console/certificates/{series}", "/console/certificates/liability", "/console/games", "/console/games/{game}",
        "/console/programme",
        "/console/programme/versions", "/console/imports",
        "/console/imports/{id}",
      ]
      try await shop.fanOut()
      func costs() async throws -> [Int] {
        var costs: [Int] = []
        for path in paths {
          let before = shop.counted.statements
          #expect(try await window.open(Self.filled(path, values)).status == 200, "\(path)")
          costs.append(shop.counted.statements - before)
        }
        return costs
      }
      _ = try await costs()
      let few = try await costs()
      let line = try await shop.line()
      for number in 2..<20 {
        let lines = "\(Bodies.milk), { \"id\": \"2\", \"product\": \"tea\", \"quantity\": \"1\", \"price\": \"90.00\" }"
        _ = try await line.post("/till/v1/receipts", Bodies.receipt(number, lines: lines), key: key(number))
      }
      _ = try await shop.joinMany(30)
      try await shop.fanOut()
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      for number in 0..<9 {
        try await shop.hire("somebody \(number)", .analyst)
        _ = try await shop.issue([.watch])
        try await shop.database.write { tx in
          _ = try JobQueue().put("other", of: shop.account, ids: change.ids, at: change.at, in: &tx)
        }
      }
      #expect(try await costs() == few)
      // The most has the card of a member who plays, lives in a household, gives points away and was brought by somebody.
      #expect(zip(paths, few).allSatisfy { path, cost in cost <= (path == "/console/members/{id}" ? 41 : 40) }, "\(few)")
    }
  }

  @Test(arguments: TestDatabase.available) func `show a member, give points once, block and unblock`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("oleg", .operator))
      let path = "/console/members/\(shop.anna)"
      let page = try await window.open(path)
      for text in ["Иванова Анна", "+79161234567", "1000"] { #expect(page.text.contains(text), "\(text)") }
      let form = ["points": "50", "reason": "goodwill", "note": "долго ждала", "request": "one"]
      for _ in 0..<2 { #expect(try await window.submit(path + "/points", form).location == path) }
      #expect(try await window.open(path).text.contains("1050"))
      let correction = ["points": "5", "reason": "correction", "note": "n", "request": "4"]
      #expect(try await window.submit(path + "/points", correction).status == 403)
      #expect(
        try await window.submit(path + "/points", ["points": "5", "reason": "gift", "note": "n", "request": "5"]).status == 403)
      #expect(try await window.submit(path + "/points", ["points": "x", "note": "n", "request": "2"]).status == 422)
      #expect(try await window.submit(path + "/points", ["points": "5", "note": " ", "request": "3"]).status == 422)
      #expect(try await window.submit(path + "/status", ["status": "blocked", "reason": "карта украдена"]).location == path)
      #expect(try await window.open(path).text.contains("заблокирован"))
      #expect(try await window.submit(path + "/status", ["status": "active", "reason": "нашлась"]).location == path)
      let acts = try await shop.database.read { tx in
        try AuditTrail(of: shop.account).entries(of: shop.anna, limit: 50, in: &tx).map { "\($0.actor) \($0.act)" }
      }
      for act in ["staff:oleg points.adjusted", "staff:oleg member.blocked"] { #expect(acts.contains(act), "\(acts)") }
      try await shop.verify()
    }
  }

  @Test func `mask what the role may not see`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let page = try await window.open("/console/members/\(shop.anna)").text
      #expect(
        page.contains("Анна И.") && !page.contains("Иванова") && !page.contains("+79161234567") && page.contains("+7********67"))
      #expect(!page.contains("action=\"/console/members/\(shop.anna)/points\""))
    }
  }

  @Test func `find a member by whatever a till would take, and a receipt by what is printed on it`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let values = try await Self.paths(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      for asked in ["1001", "8 916 123-45-67", "\(shop.anna)"] {
        #expect(
          try await window.open("/console/members?q=" + queryText(asked)).location == "/console/members/\(shop.anna)", "\(asked)")
      }
      // As browsers send forms: spaces as "+", a "+" as "%2B".
      #expect(try await window.open("/console/members?q=%2B7+916+123-45-67").location == "/console/members/\(shop.anna)")
      #expect(try await window.open("/console/members?q=S1+1+1+1+2026-11-21").location == "/console/members/\(shop.anna)")
      #expect(try await window.open("/console/members?q=1999").text.contains("Никого не нашлось"))
      let found = try await window.open("/console/receipts?store=S1&register=1&shift=1&number=1&date=2026-11-21")
      #expect(found.location == "/console" + (values["/receipts/{owner}/{id}"] ?? ""))
      let missed = try await window.open("/console/receipts?store=S1&register=1&shift=1&number=2&date=2026-11-21")
      #expect(missed.status == 200 && missed.text.contains("Такого чека нет"))
    }
  }

  @Test(arguments: TestDatabase.available) func `list members whose cards end alike, and lead to the only one`(
    on kind: TestDatabase
  )
    async throws
  {
    try await WebShop.open(kind) { shop in
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      let (account, programme) = (shop.account, shop.programme)
      let ids = try await shop.database.write { tx in
        try (0..<52).map { number in
          let card = IdentifierRules().identifier(.card, "77\(100 + number)8888")
          return try Members(of: account, programme: programme).join(
            MemberDetails(identifiers: [card].compactMap { $0 }, joinedAt: change.at), by: change, in: &tx)
        }
      }
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let first = try await window.open("/console/members?q=8888").text
      #expect(first.contains("кончаются на 8888") && first.contains("\(ids[51])") && !first.contains("\(ids[1])"))
      let link = try #require(first.firstMatch(of: /\/console\/members\?before=(\w+)&amp;q=8888/))
      let rest = try await window.open("/console/members?q=8888&before=\(link.output.1)").text
      #expect(rest.contains("\(ids[1])") && rest.contains("\(ids[0])") && !rest.contains("\(ids[2])"))
      // A last page of one leads nowhere by itself.
      #expect(try await window.open("/console/members?q=8888&before=\(ids[1])").status == 200)
      #expect(try await window.open("/console/members?q=1118888").location == "/console/members/\(ids[11])")
      #expect(try await window.open("/console/members?q=" + queryText("•• 01 001")).text.contains("Никого не нашлось"))
      let file = try await window.open("/console/members.csv?q=8888").text
      #expect(file.split(separator: "\n").count == 53)
      let others = try await shop.window(of: shop.hire("boss", .owner, in: shop.others), in: shop.others)
      #expect(try await others.open("/console/members?q=8888").text.contains("Никого не нашлось"))
    }
  }

  @Test func `explain a receipt so that its steps add up to what was paid`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let tea = "{ \"id\": \"1\", \"product\": \"tea\", \"quantity\": \"2\", \"price\": \"150.00\" }"
      _ = try await shop.line().post("/till/v1/receipts", Bodies.receipt(9, lines: tea), key: key(9))
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let place = try await window.open("/console/receipts?store=S1&register=1&shift=1&number=9&date=2026-11-21").location
      let page = try await window.open(try #require(place)).text
      for text in ["Чай", "10 % от 300,00", "−30,00", "270,00", "+13"] { #expect(page.contains(text), "\(text)") }
    }
  }

  @Test func `let no text become a tag, and allow no script but their own`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let (programme, change) = (shop.programme, Change(by: .demo, at: shop.now, ids: shop.ids))
      let member = try await shop.database.write { tx in
        try Members(of: shop.account, programme: programme).join(
          MemberDetails(
            identifiers: [try #require(Identifier(external: "\"><img>"))],
            person: Person(familyName: "<script>", givenName: "'\"&"),
            joinedAt: change.at), by: change, in: &tx)
      }
      let window = try await shop.window(of: shop.hire("olga", .owner))
      for path in ["/console/members/\(member)", "/console/members", "/console/members?q=" + queryText("<script>")] {
        let seen = try await window.open(path)
        let tags = seen.text.matches(of: /<script[^>]*>/).map { String($0.output) }
        #expect(!tags.isEmpty && tags.allSatisfy { $0.hasPrefix("<script type=\"module\" src=\"/console/assets/") }, "\(path)")
        #expect(!seen.text.contains("<img"), "\(path)")
        #expect(seen.policy?.hasPrefix("default-src 'none'") == true && seen.policy?.contains("unsafe") == false)
        #expect(seen.policy?.contains("script-src 'self';") == true)
      }
    }
  }
}

@Suite struct `a reader` {
  private static let ru = Reader(language: .ru, zone: .moscow, currency: .rub)
  private static let en = Reader(language: .en, zone: .moscow, currency: .rub)

  @Test(arguments: [
    (0, "чеков"), (1, "чек"), (2, "чека"), (5, "чеков"), (11, "чеков"), (14, "чеков"), (21, "чек"), (22, "чека"), (112, "чеков"),
    (-1, "чек"),
  ])
  func `hears the right form of a word`(_ count: Int, _ word: String) {
    #expect(Self.ru.word(count, ("чек", "чека", "чеков"), ("receipt", "receipts")) == word)
  }

  @Test(arguments: [(0, "0,00", "0.00"), (123_456, "1234,56", "1,234.56"), (-1_234_567, "−12\u{a0}345,67", "−12,345.67")])
  func `reads amounts as at home`(_ minor: Int64, _ ru: String, _ en: String) {
    #expect(Self.ru.amount(Money(minor: minor)) == ru && Self.en.amount(Money(minor: minor)) == en)
  }

  @Test(arguments: [
    (99_900, "999", "₽"), (1_234_500, "12,3", "тыс.\u{a0}₽"), (550_000_000, "5,5", "млн\u{a0}₽"),
    (552_000_000_000, "5,52", "млрд\u{a0}₽"),
  ])
  func `reads large sums in few digits`(_ minor: Int64, _ value: String, _ unit: String) {
    let short = Self.ru.short(Money(minor: minor))
    #expect(short.value == value || short.value == value + "0", "\(short)")
    #expect(short.unit == unit)
  }

  @Test func `has an axis that begins at nought and ends above the largest`() {
    for value: Int64 in [0, 1, 7, 19, 21, 999, 1_000, 123_456] {
      let top = LineChart.ceiling(value)
      #expect(top >= value && top % 4 == 0, "\(value) \(top)")
    }
    #expect(LineChart.path([0, 5, 10], 10) == "M0.00 100.00L50.00 50.00L100.00 0.00")
  }
}
