import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// A request key of a till.
private func key(_ number: Int) -> String { "00000000-0000-4000-8000-0000000001\(number + 10)" }

@Suite struct `the desk for members` {
  private static func acts(_ shop: WebShop, _ member: MemberID) async throws -> [String] {
    try await shop.database.read { tx in
      try AuditTrail(of: shop.account).entries(of: member, limit: 100, in: &tx).map { "\($0.actor) \($0.act)" }
    }
  }

  private static func member(at location: String?) throws -> MemberID {
    try #require(location.flatMap { $0.split(separator: "/").last }.flatMap { MemberID($0) })
  }

  private static let vera = [
    "kind": "employee", "familyName": "Орлова", "givenName": "Вера", "birthday": "1990-05-17", "sex": "female", "city": "Казань",
    "phone": "8 916 555-44-33", "card": "1002", "email": "vera@example.ru", "code": "K-7", "request": "r1",
  ]

  @Test(arguments: TestDatabase.available)
  func `registers a member once, however often the form is sent`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("oleg", .operator))
      #expect(try await window.open("/console/members/new").text.contains("action=\"/console/members\""))
      let first = try await window.submit("/console/members", Self.vera)
      let again = try await window.submit("/console/members", Self.vera)
      #expect(first.status == 303 && first.location == again.location)
      let id = try Self.member(at: first.location)
      let found = try await shop.database.read { tx in
        let members = Members(of: shop.account, programme: shop.programme)
        return (try members.member(id, in: &tx), try Identifiers(of: shop.account, programme: shop.programme).all(of: id, in: &tx))
      }
      #expect(found.0.kind == .employee && found.0.person?.familyName == "Орлова" && found.0.person?.sex == .female)
      #expect(found.0.person?.birthday?.description == "1990-05-17")
      #expect(Set(found.1.map(\.identifier.value)) == ["+79165554433", "1002", "vera@example.ru", "K-7"])
      #expect(try await Self.acts(shop, id).filter { $0 == "staff:oleg member.made" }.count == 1)
      #expect(try await window.open("/console/members?q=1002").location == first.location)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `refuses what somebody else has, says who, and keeps what was typed`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("oleg", .operator))
      var form = Self.vera
      form["phone"] = "+7 916 123-45-67"
      let seen = try await window.submit("/console/members", form)
      #expect(seen.status == 422)
      for text in [
        "Иванова Анна", "/console/members/\(shop.anna)", "Уже у другого участника", "value=\"Орлова\"", "value=\"1002\"",
      ] {
        #expect(seen.text.contains(text), "\(text)")
      }
      #expect(try await window.open("/console/members?q=K-7").text.contains("Никого не нашлось"))
      // Mended, the same form makes the member.
      form["phone"] = Self.vera["phone"]
      #expect(try await window.submit("/console/members", form).status == 303)
    }
  }

  @Test(
    arguments: [
      (["phone": "12"], "Это не похоже на номер телефона"), (["card": "9999"], "Такой карты в программе нет"),
      (["email": "vera"], "Это не похоже на почту"), (["birthday": "1890-01-01"], "с 1900 года"),
      (["birthday": "17.05"], "Такого дня нет"), (["kind": "robot"], "Выберите вид"),
      (["phone": "", "card": "", "email": "", "code": ""], "Нужно то, по чему участника найдут"),
    ])
  func `says at the field what is wrong`(_ changed: [String: String], _ told: String) async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("oleg", .operator))
      let seen = try await window.submit("/console/members", Self.vera.merging(changed) { _, new in new })
      #expect(seen.status == 422 && seen.text.contains(told))
      let count = try await shop.database.read { tx in
        try Members(of: shop.account, programme: shop.programme).latest(limit: 10, in: &tx).count
      }
      #expect(count == 1)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `changes who a member is, and tells the trail that it changed but not how`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("oleg", .operator))
      let path = "/console/members/\(shop.anna)"
      #expect(try await window.open(path + "/edit").text.contains("value=\"Иванова\""))
      let form = [
        "kind": "person", "familyName": "Петрова", "givenName": "Анна", "birthday": "2000-02-29", "sex": "", "city": "Тула",
      ]
      for _ in 0..<2 { #expect(try await window.submit(path, form).location == path) }
      let page = try await window.open(path).text
      for text in ["Петрова Анна", "29\u{a0}фев\u{a0}2000", "Тула"] { #expect(page.contains(text), "\(text)") }
      let trail = try await shop.database.read { tx in
        try AuditTrail(of: shop.account).entries(of: shop.anna, acts: ["member.changed"], limit: 10, in: &tx)
      }
      #expect(trail.count == 1 && trail[0].actor == "staff:oleg" && trail[0].after?.compact.contains("Петрова") == false)
      let wrong = form.merging(["familyName": String(repeating: "я", count: 201)]) { _, new in new }
      let seen = try await window.submit(path, wrong)
      #expect(seen.status == 422 && seen.text.contains("Не длиннее 200 знаков"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `links a card, says whose it is already, and takes it away`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("oleg", .operator))
      let vera = try Self.member(at: try await window.submit("/console/members", Self.vera).location)
      let path = "/console/members/\(shop.anna)"
      func send(_ act: String, _ value: String, _ kind: String = "card") async throws -> BrowserWindow.Seen {
        try await window.submit(path + "/identifiers", ["act": act, "kind": kind, "value": value])
      }
      #expect(try await send("add", "77").text.contains("Такой карты в программе нет"))
      let taken = try await send("add", "1002")
      #expect(taken.status == 422 && taken.text.contains("/console/members/\(vera)") && taken.text.contains("value=\"1002\""))
      for _ in 0..<2 { #expect(try await send("add", "1003").status == 303) }
      #expect(try await window.open("/console/members?q=1003").location == path)
      for _ in 0..<2 { #expect(try await send("block", "1003").status == 303) }
      #expect(try await window.open(path).text.contains("заблокирована"))
      #expect(try await send("unblock", "1003").status == 303)
      for _ in 0..<2 { #expect(try await send("remove", "1003").status == 303) }
      #expect(try await window.open("/console/members?q=1003").text.contains("Никого не нашлось"))
      let acts = try await Self.acts(shop, shop.anna).filter { $0.contains("identifier.") }
      #expect(
        acts == ["detached", "unblocked", "blocked", "attached"].map { "staff:oleg identifier." + $0 }, "\(acts)")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `lets one give so much alone, more with another's word, and never beyond the limit`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await shop.limitGoodwill(soft: "100", hard: "500")
      let oleg = try await shop.window(of: shop.hire("oleg", .operator))
      let olga = try await shop.window(of: shop.hire("olga", .owner))
      let path = "/console/members/\(shop.anna)"
      func give(_ points: String, _ request: String) async throws -> BrowserWindow.Seen {
        try await oleg.submit(
          path + "/points", ["points": points, "reason": "goodwill", "note": "сломалась касса", "request": request])
      }
      #expect(try await oleg.open(path).text.contains("до 100 – сами"))
      #expect(try await give("100", "a").status == 303)
      let beyond = try await give("501", "b")
      #expect(beyond.status == 422 && beyond.text.contains("не больше 500") && beyond.text.contains("value=\"501\""))
      for _ in 0..<2 { #expect(try await give("300", "c").status == 303) }
      #expect(try await shop.active(shop.anna) == 1100)
      let page = try await olga.open(path).text
      let asked = try #require(page.firstMatch(of: /name="request" value="(gwr_[^"]+)"/)).output.1
      #expect(page.matches(of: /name="act" value="grant"/).count == 1)
      #expect(try await oleg.submit(path + "/goodwill", ["request": String(asked), "act": "grant"]).status == 403)
      for _ in 0..<2 {
        #expect(try await olga.submit(path + "/goodwill", ["request": String(asked), "act": "grant"]).status == 303)
      }
      #expect(try await shop.active(shop.anna) == 1400)
      let acts = try await Self.acts(shop, shop.anna)
      for act in ["staff:oleg goodwill.asked", "staff:olga goodwill.granted"] {
        #expect(acts.filter { $0 == act }.count == 1, "\(acts)")
      }
      try await shop.verify()
    }
  }

  @Test func `lets nobody agree to what they asked for themselves`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await shop.limitGoodwill(soft: "100", hard: "500")
      let olga = try await shop.window(of: shop.hire("olga", .owner))
      let path = "/console/members/\(shop.anna)"
      _ = try await olga.submit(path + "/points", ["points": "200", "reason": "goodwill", "note": "n", "request": "a"])
      let asked = try #require(try await olga.open(path).text.firstMatch(of: /name="request" value="(gwr_[^"]+)"/)).output.1
      let seen = try await olga.submit(path + "/goodwill", ["request": String(asked), "act": "grant"])
      #expect(seen.status == 422 && seen.text.contains("одобряет кто-то другой"))
      #expect(try await olga.submit(path + "/goodwill", ["request": String(asked), "act": "decline"]).status == 303)
      #expect(try await shop.active(shop.anna) == 1000)
      #expect(!(try await olga.open(path).text.contains("Ждут согласия")))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `tells a member's story page by page, nothing twice and nothing left out`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let path = "/console/members/\(shop.anna)"
      let line = try await shop.line()
      for number in 0..<67 { _ = try await line.post("/till/v1/receipts", Bodies.receipt(number + 1), key: key(number)) }
      _ = try await window.submit(path + "/points", ["points": "7", "reason": "goodwill", "note": "ждала", "request": "a"])
      for filter in ["all", "receipts"] {
        var links: [String] = []
        var next: String? = path + "?show=" + filter
        var pages = 0
        while let page = next, pages < 10 {
          let text = try await window.open(page).text
          links += text.matches(of: /href="(\/console\/receipts\/[^"]+)"/).map { String($0.output.1) }
          next = text.firstMatch(of: /class="button s" href="([^"#]+before=[^"#]+)#timeline"/).map {
            String($0.output.1).replacing("&amp;", with: "&")
          }
          pages += 1
        }
        #expect(links.count == 67 && Set(links).count == 67 && pages >= 3, "\(filter): \(links.count) on \(pages)")
      }
      let points = try await window.open(path + "?show=points").text
      #expect(points.contains("ждала") && points.contains("+7") && points.contains("За покупку"))
      #expect(!(try await window.open(path + "?show=all").text.contains("За покупку")))
      #expect(try await window.open(path + "?show=audit").text.contains("Зарегистрирован"))
      let oleg = try await shop.window(of: shop.hire("oleg", .operator))
      // Who did what is told to those alone who may see the trail.
      #expect(try await window.open(path + "?show=audit").text.contains("olga</p>"))
      let told = try await oleg.open(path + "?show=audit")
      #expect(told.status == 200 && !told.text.contains("olga</p>"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `gives everything that is known of one member to who may, and remembers it`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      _ = try await shop.line().post("/till/v1/receipts", Bodies.receipt(1), key: key(1))
      let oleg = try await shop.window(of: shop.hire("oleg", .operator))
      let path = "/console/members/\(shop.anna)"
      let known = try JSON.parse(Array(try await oleg.open(path + "/export.json").text.utf8))
      #expect(known["person"]?["familyName"] == "Иванова" && known["isComplete"] == true)
      let text = known.compact
      for word in ["+79161234567", "1001", "\"milk\"", "\"opening\""] {
        #expect(text.contains(word), "\(word)")
      }
      guard case .array(let receipts)? = known["receipts"] else { throw Unreadable() }
      #expect(receipts.count == 1 && receipts[0]["paid"] == "200.00")
      let table = try await oleg.open(path + "/export.csv")
      #expect(table.text.contains("person;familyName;Иванова") && table.text.contains("receipts;1.paid;200.00"))
      #expect(try await Self.acts(shop, shop.anna).filter { $0 == "staff:oleg member.exported" }.count == 2)
      let mark = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await mark.open(path + "/export.json").status == 403)
      let list = try await mark.open("/console/members.csv").text
      #expect(list.contains("Анна И.") && !list.contains("Иванова") && list.contains("\(shop.anna)"))
      #expect(try await oleg.open("/console/members.csv?q=1001").text.contains("Иванова Анна"))
      // What a spreadsheet would compute is kept from it.
      _ = try await oleg.submit("/console/members", ["kind": "person", "familyName": "=1+1", "card": "1009", "request": "f"])
      #expect(try await oleg.open("/console/members.csv").text.contains(";'=1+1;"))
    }
  }

  private struct Unreadable: Error {}

  @Test(arguments: TestDatabase.available) func `shows no other account's member to anybody`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("boss", .owner, in: shop.others), in: shop.others)
      let path = "/console/members/\(shop.anna)"
      for page in ["/edit", "/export.json", "/export.csv", "?show=points"] {
        #expect(try await window.open(path + page).status == 404, "\(page)")
      }
      #expect(try await window.submit(path, ["kind": "person", "familyName": "X"]).status == 404)
      for act in ["add", "remove"] {
        let form = ["act": act, "kind": "card", "value": "1001"]
        #expect(try await window.submit(path + "/identifiers", form).status == 404, "\(act)")
      }
      let form = ["request": "\(GoodwillRequestID(5))", "act": "grant"]
      #expect(try await window.submit(path + "/goodwill", form).status == 404)
      #expect(!(try await window.open("/console/members.csv").text.contains("\(shop.anna)")))
      let found = try await shop.database.read { tx in
        try Identifiers(of: shop.account, programme: shop.programme).all(of: shop.anna, in: &tx).count
      }
      #expect(found == 2)
    }
  }
}

extension WebShop {
  /// What operators may give from now on.
  func limitGoodwill(soft: String, hard: String) async throws {
    let (account, change) = (account, Change(by: .demo, at: now, ids: ids))
    try await database.write { tx in
      let programmes = Programmes(of: account, zones: Self.zone)
      let settings: JSON = .object([
        "name": "Клуб", "zone": "Europe/Moscow",
        "identifiers": .object(["cards": .array([.object(["first": "1000", "last": "1999"])])]),
        "goodwill": .object(["soft": .string(soft), "hard": .string(hard)]),
        "terms": .object(["currency": "RUB", "spendValue": "1.00", "spending": .object(["share": "90"])]),
      ])
      _ = try programmes.save("club", settings, by: change, in: &tx)
    }
    try await floors.refresh()
  }

  /// Whole points that the member may spend.
  func active(_ member: MemberID) async throws -> Int64 {
    let programme = try await floors.floor(of: programme, account: account).programme
    let ids = ids
    return try await database.read { tx in try Wallets(of: programme, ids: ids).wallet(of: member, in: &tx).active.units }
  }
}
