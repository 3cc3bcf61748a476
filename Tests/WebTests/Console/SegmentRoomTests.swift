import Access
import Customers
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `segments in the console` {
  static let path = "/console/segments"
  private static let bakers = #"{"bought":{"of":{"products":["bread"]},"lastDays":30,"atLeast":3}}"#
  private static let bread = "{ \"id\": \"1\", \"product\": \"bread\", \"price\": \"100.00\", \"quantity\": \"2\" }"

  /// Two loaves to Anna, three times, and the columns that follow from it.
  static func sell(_ shop: WebShop) async throws {
    let now = shop.now
    try await shop.database.write { tx in try Epochs.beginFirst("made", at: now, in: &tx) }
    let till = try await shop.line()
    for number in 1...3 {
      let body = Bodies.receipt(number, Bodies.card, lines: bread)
      #expect(try await till.post("/till/v1/receipts", body, key: "00000000-0000-4000-8000-00000000000\(number)").status == 201)
    }
    await till.close()
    try await follow(shop)
    shop.pass(.days(1))
    await shop.cubes.turn()
  }

  static func follow(_ shop: WebShop) async throws {
    let now = shop.now
    let relay = Relay(as: "one", now: { now })
    while try await relay.turn(on: shop.database) > 0 {}
  }

  static func members(_ code: String, _ shop: WebShop) async throws -> [MemberID] {
    let account = shop.account
    return try await shop.database.read { tx in
      let segments = Segments(of: account)
      let known = try #require(try segments.segments(codes: [code], in: &tx)[code])
      return try segments.members(of: known.id, limit: 10, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `who is in a household, and of how many, is asked by a form; who joins counts for all of it`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      let household = try await shop.foundHousehold()
      let window = try await shop.window(of: shop.hire("olga", .owner))
      func counts(_ least: String, _ most: String, _ count: Int) async throws -> Bool {
        let clause = ["add": "household", "at": "", "q": "", "atLeast": least, "atMost": most]
        let built = try #require(try await window.submit("\(Self.path)/clause", clause).location)
        return try await window.open(built).text.contains("<span class=\"big xl\">\(count)</span>")
      }
      try await Self.follow(shop)
      await shop.cubes.turn()
      #expect(try await counts("", "", 1))
      #expect(try await counts("2", "", 0))
      let (account, programme, now, ids, anna) = (shop.account, shop.programme, shop.now, shop.ids, shop.anna)
      try await shop.database.write { tx in
        let (known, change) = (
          try Programmes(of: account, zones: WebShop.zone).programme(programme, in: &tx), Change(by: .demo, at: now, ids: ids)
        )
        let joining = try known.members.join(MemberDetails(code: "sister", joinedAt: now), by: change, in: &tx)
        _ = try Households(of: known).invite(joining, by: anna, change, in: &tx)
        _ = try Households(of: known).accept(household, by: joining, .told(reason: "here"), change, in: &tx)
      }
      try await Self.follow(shop)
      await shop.cubes.turn()
      #expect(try await counts("2", "", 2))
      #expect(try await counts("", "1", 0))
      #expect(try await counts("", "", 2))
      #expect(
        try await window.submit("\(Self.path)/clause", ["add": "household", "at": "", "q": "", "atLeast": "11"]).status == 422)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are built, counted, saved, explained and archived`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await window.open(Self.path).text.contains("Сегментов пока нет"))
      // A condition from its form; what is wrong stands at its field.
      let clause = [
        "add": "bought", "at": "", "q": "", "verb": "bought", "by": "receipts", "atLeast": "3", "lastDays": "30",
        "products": "bread",
      ]
      let refused = try await window.submit("\(Self.path)/clause", clause.merging(["products": "gone"]) { $1 })
      #expect(refused.status == 422 && refused.text.contains("f-products-fault"))
      let built = try #require(try await window.submit("\(Self.path)/clause", clause).location)
      #expect(built == "\(Self.path)/new?q=\(queryText(Self.bakers))")
      let page = try await window.open(built).text
      #expect(page.contains("<span class=\"big xl\">1</span>"), "Anna alone")
      let tried = try await window.submit("\(Self.path)/clause", clause.merging(["act": "try", "atLeast": "4"]) { $1 })
      #expect(tried.status == 200 && tried.text.contains("<span class=\"big xl\">0</span>"))
      let why = try await window.open(built + "&who=\(shop.anna)").text
      #expect(why.contains("условие выполнено") && why.contains("/console/receipts/"))
      let before = try await window.open(built + "&on=2020-01-01&who=\(shop.anna)").text
      #expect(before.contains("условие не выполнено") && before.contains("<span class=\"big xl\">0</span>"))
      // Saved twice it is one.
      let saving = ["q": Self.bakers, "ru": "Хлеб", "en": "Bread", "code": "bakers", "kind": "dynamic"]
      let home = try #require(try await window.submit("\(Self.path)/save", saving).location)
      #expect(try await window.submit("\(Self.path)/save", saving).location == home)
      #expect(try await window.submit("\(Self.path)/save", saving.merging(["ru": "Другое"]) { $1 }).status == 422)
      shop.pass(.minutes(2))
      await shop.cubes.turn()
      #expect(try await Self.members("bakers", shop) == [shop.anna])
      #expect(try await window.open(home + "/members").text.contains("\(shop.anna)"))
      #expect(try await window.open(home + "/members.csv").text == "member\n\(shop.anna)\n")
      #expect(try await window.open(home + "/members?on=2020-01-01").text.contains("Здесь никого нет"))
      try await Self.useAndArchive(home, window, shop)
    }
  }

  private static func useAndArchive(_ home: String, _ window: BrowserWindow, _ shop: WebShop) async throws {
    let other = ["q": #"{"segments":["bakers"]}"#, "ru": "Их друзья", "en": "Friends", "code": "friends", "kind": "dynamic"]
    let friends = try #require(try await window.submit("\(path)/save", other).location)
    let circle = try await window.submit(
      "\(path)/save", ["id": String(home.dropFirst(path.count + 1)), "q": #"{"segments":["friends"]}"#])
    #expect(circle.status == 422 && circle.text.contains("зависел бы сам от себя"))
    #expect(try await window.open(home).text.contains("Их друзья"), "where it is used")
    let used = try await window.submit(home + "/archive", [:])
    #expect(used.status == 422 && used.text.contains("«Их друзья»"))
    #expect(try await window.submit(friends + "/archive", [:]).location == path)
    #expect(try await window.submit(home + "/archive", [:]).location == path)
    #expect(try await window.open(path).text.contains("Сегментов пока нет"))
    #expect(try await window.open(path + "?archived=on").text.contains("bakers"))
    #expect(try await window.submit(home + "/archive", ["act": "restore"]).location == home)
    #expect(try await window.submit(home + "/name", ["ru": "Хлебные", "en": "Breads"]).location == home)
    #expect(try await window.open(path).text.contains("Хлебные"))
  }

  @Test(arguments: TestDatabase.available)
  func `are lists, and have lists beside their condition`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      let (account, anna) = (shop.account, shop.anna)
      let programme = try await shop.database.read { tx in
        try Programmes(of: account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      }
      let change = Change(by: .commandLine, at: shop.now, ids: shop.ids)
      let segments = Segments(of: account)
      let listing = try await MemberListing("card\n1001;x\n\n\(anna)\nnobody-at-all\n", of: programme, on: shop.database)
      #expect(
        listing.lines == 4 && listing.members == [anna] && listing.again == 1 && listing.unknownLines == ["card", "nobody-at-all"])
      let details = SegmentDetails(code: "vip", name: LocalText(ru: "Важные", en: "VIP"), kind: .static)
      let vip = try await shop.database.write { tx in try segments.save([details], by: change, in: &tx).ids[0] }
      let list = Known(id: vip, details: details)
      let day = CivilDay(number: 20_000)
      for changed in [1, 0] {
        #expect(try await segments.take(listing, .add, into: list, on: day, by: change, on: shop.database) == changed)
      }
      #expect(try await Self.members("vip", shop) == [anna])
      let sizes = try await shop.database.read { tx in try segments.sizes(of: [vip], since: day, in: &tx) }
      #expect(sizes[vip]?.map(\.members) == [1] && sizes[vip]?.first?.day == day)
      // Nobody is a teetotaller by condition; Anna is by choice, and stays so.
      let never = SegmentDetails(code: "never", name: LocalText(ru: "Никто", en: "Nobody"), kind: .dynamic)
      let condition = try JSON.parse(#"{"bought":{"atLeast":1000}}"#)
      let dynamic = try await shop.database.write { tx in
        try segments.save(never, condition: condition, programme: programme.id, by: change, in: &tx)
      }
      let chosen = Known(id: dynamic, details: never)
      func turn() async throws -> [MemberID] {
        try await Self.follow(shop)
        shop.pass(.minutes(2))
        await shop.cubes.turn()
        return try await Self.members("never", shop)
      }
      #expect(try await turn().isEmpty)
      #expect(try await segments.take(listing, .include, into: chosen, on: day, by: change, on: shop.database) == 1)
      #expect(try await Self.members("never", shop) == [anna], "with the commit")
      #expect(try await turn() == [anna])
      #expect(try await segments.take(listing, .exclude, into: chosen, on: day, by: change, on: shop.database) == 1)
      #expect(try await turn().isEmpty)
      #expect(try await segments.take(listing, .release, into: chosen, on: day, by: change, on: shop.database) == 1)
      await #expect(throws: Problem.self) {
        try await segments.take(listing, .include, into: list, on: day, by: change, on: shop.database)
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `keep their size day by day`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let saving = ["q": Self.bakers, "ru": "Хлеб", "en": "Bread", "code": "bakers", "kind": "dynamic"]
      let home = try #require(try await window.submit("\(Self.path)/save", saving).location)
      for _ in 1...3 {
        shop.pass(.days(1))
        await shop.cubes.turn()
        // Once more the same day: no other row.
        shop.pass(.minutes(2))
        await shop.cubes.turn()
      }
      let later = try await shop.window(of: shop.hire("vera", .marketer))
      let csv = try await later.open(home + "/sizes.csv").text
      #expect(csv.split(separator: "\n").count == 4 && csv.hasPrefix("day,members\n") && csv.contains(",1\n"))
      let page = try await later.open(home).text
      #expect(page.contains("id=\"sizes\"") && page.contains("Размер по дням"))
      #expect(try await later.open(Self.path).text.contains("class=\"trend\""))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are said in words`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.sell(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let phrase = "купили bread 3 раза за 30 дней, любят собак"
      let page = try await window.open("\(Self.path)/new?phrase=\(queryText(phrase))").text
      #expect(page.contains("<mark>любят собак</mark>") && page.contains("<span class=\"big xl\">1</span>"))
      // Who may not change anything sees figures and no form that saves.
      let analyst = try await shop.window(of: shop.hire("petr", .analyst))
      let seen = try await analyst.open("\(Self.path)/new?q=\(queryText(Self.bakers))")
      #expect(seen.status == 200 && !seen.text.contains("/console/segments/save"))
      #expect(try await analyst.submit("\(Self.path)/save", ["q": Self.bakers, "ru": "a", "code": "a"]).status == 403)
      #expect(try await window.open("\(Self.path)/new?q=%7B").status == 422)
      let text = try await window.submit("\(Self.path)/text", ["text": Self.bakers])
      #expect(text.location == "\(Self.path)/new?q=\(queryText(Self.bakers))")
    }
  }

  @Test func `read every question into a form and back`() async throws {
    let questions = [
      #"{"bought":{"of":{"any":[{"categories":["food"]},{"products":["bread"]}]},"stores":["S1"],"cities":["Тверь"],"lastDays":30,"weekdays":[6,7],"hours":{"from":18,"through":21},"by":"money","atLeast":"500.00","atMost":"900.00"}}"#,
      #"{"notBought":{"of":{"products":["bread"]},"from":"2026-01-01","through":"2026-03-31"}}"#,
      #"{"lastBought":{"daysAgo":{"atLeast":30,"atMost":90}}}"#,
      #"{"sequence":{"first":{"of":{"products":["bread"]}},"then":{"products":["bread"]},"withinDays":30,"happens":false}}"#,
      #"{"bought":{"lastDays":30,"channels":["till","app"],"tenders":["card"],"coupons":["AUTUMN"],"promotions":["tea"],"atLeast":1}}"#,
      #"{"rfm":{"recency":[4,5],"monetary":[1],"days":90}}"#, #"{"points":{"endingWithinDays":30,"atLeast":"100"}}"#,
      #"{"points":{"atMost":"5"}}"#, #"{"identifiers":{"kinds":["phone","email"],"verified":true}}"#,
      #"{"coupons":{"atMost":0}}"#, #"{"coupons":{"endingWithinDays":7,"atLeast":2,"atMost":5}}"#,
      #"{"offers":{"promotions":["tea"],"unused":true,"endingWithinDays":3}}"#, #"{"offers":{}}"#,
      #"{"consented":{"consents":["advertising-sms","advertising-email"],"daysAgo":{"atMost":30}}}"#,
      #"{"sex":"male"}"#, #"{"age":{"atLeast":25,"atMost":40}}"#, #"{"cities":["Пермь"]}"#,
      #"{"joined":{"daysAgo":{"atMost":30}}}"#,
      #"{"random":{"share":"10.0000","salt":"november"}}"#, #"{"birthday":{"before":3,"after":1}}"#,
      #"{"consents":["advertising-sms"]}"#, #"{"memberKinds":["employee","company"]}"#,
      #"{"memberAttribute":{"name":"pet","is":["cat"]}}"#, #"{"memberAttribute":{"name":"pet","present":false}}"#,
    ]
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      for question in questions {
        let page = try await window.open("\(Self.path)/new?q=\(queryText(question))&edit=0")
        let answer = try await window.submit("\(Self.path)/clause", page.fields(of: "\(Self.path)/clause"))
        #expect(answer.location == "\(Self.path)/new?q=\(queryText(question))")
      }
    }
  }
}
