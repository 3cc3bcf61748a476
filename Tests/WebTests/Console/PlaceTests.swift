import Access
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `the room of stores` {
  private static let fields = [
    "code": "S3", "name": "Лавка на углу", "brand": "lavka", "legalEntity": "ooo", "city": "Тверь", "street": "ул. Советская, 5",
    "coordinates": "56.859611, 35.911896", "zone": "Europe/Moscow", "dayStart": "04:00",
  ]

  private static func acts<Of: Identified & SendableMetatype>(_ shop: WebShop, _ id: ID<Of>) async throws -> [String] {
    try await shop.database.read { tx in
      try AuditTrail(of: shop.account).entries(of: id, limit: 50, in: &tx).map { "\($0.actor) \($0.act)" }
    }
  }

  private static func store(_ shop: WebShop, _ code: String) async throws -> Store? {
    try await shop.database.read { tx in try Places(of: shop.account).stores(codes: [code], in: &tx)[code] }
  }

  @Test(arguments: TestDatabase.available) func `makes a store once, changes it, and marks it closed`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("rita", .cashierManager))
      for _ in 0..<2 { #expect(try await window.submit("/console/stores", Self.fields).status == 303) }
      let store = try #require(try await Self.store(shop, "S3"))
      #expect(store.details.name == "Лавка на углу" && store.details.dayStart == Clock("04:00"))
      #expect(store.details.coordinates?.description == "56.859611,35.911896")
      #expect(try await Self.acts(shop, store.id) == ["staff:rita store.made"])
      let page = try await window.open(store.path).text
      for text in ["Лавка на углу", "Тверь", "Europe/Moscow", "04:00", "Лавка", "ООО «Лавка»"] {
        #expect(page.contains(text), "\(text)")
      }

      let path = "/console/stores/\(store.id)"
      let edited = Self.fields.merging(["name": "Угловая", "code": "S9", "city": ""]) { $1 }
      for _ in 0..<2 { #expect(try await window.submit(path, edited).location == path) }
      let changed = try #require(try await Self.store(shop, "S3")).details
      #expect(changed.name == "Угловая" && changed.address.city == nil, "a code that a form brings does not rename a store")
      for act in ["close", "close", "open", "close"] {
        #expect(try await window.submit(path + "/state", ["act": act]).status == 303)
      }
      #expect(try #require(try await Self.store(shop, "S3")).details.isClosed)
      #expect(try await Self.acts(shop, store.id).count == 5, "the same twice is one change")
      #expect(try await window.open("/console/stores?q=" + queryText("УГЛОВ")).text.contains("Угловая"))
    }
  }

  @Test func `refuses a store at the fields that are wrong, with what was typed`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("rita", .cashierManager))
      let cases: [(changes: [String: String], sentence: String)] = [
        (["name": ""], "Заполните это поле"), (["brand": "nobody"], "Такого кода нет"),
        (["zone": "Mars/Olympus"], "пишется как Europe/Moscow"),
        (["coordinates": "north"], "Нужны широта и долгота"), (["dayStart": "25:00"], "Нужно время"),
        (["code": "S1"], "Такой код уже есть"), (["code": String(repeating: "x", count: 65)], "от 1 до 64 байт"),
      ]
      for (changes, sentence) in cases {
        let seen = try await window.submit("/console/stores", Self.fields.merging(changes) { $1 })
        #expect(seen.status == 422 && seen.text.contains(sentence) && seen.text.contains("aria-invalid=\"true\""), "\(changes)")
        #expect(seen.text.contains("ул. Советская, 5"), "\(changes)")
      }
      #expect(try await Self.store(shop, "S3") == nil)
      #expect(try #require(try await Self.store(shop, "S1")).details.name == "S1", "a new store never changes an old one")
    }
  }

  @Test(arguments: TestDatabase.available) func `shows stores that sold nothing, page by page, and finds one by its address`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      let rows = (0..<60).map { number in
        StoreDetails(
          code: "M\(100 + number)", name: "Маркет \(number)", brand: "lavka", legalEntity: "ooo",
          address: Address(city: number == 42 ? "Орёл" : "Москва"), zone: "Europe/Moscow")
      }
      _ = try await shop.database.write { tx in try Places(of: shop.account).save(rows, by: change, in: &tx) }
      let window = try await shop.window(of: shop.hire("anna", .analyst))
      let first = try await window.open("/console/stores").text
      #expect(first.contains("Маркет 49") && !first.contains("Маркет 50"))
      let second = try await window.open("/console/stores?after=M149").text
      #expect(second.contains("Маркет 50") && second.contains(">S2<") && !second.contains("Маркет 49"))
      let found = try await window.open("/console/stores?q=" + queryText("орел")).text
      #expect(found.contains("Маркет 42") && !found.contains("Маркет 41"))
      #expect(try await window.open("/console/stores?order=revenue").text.contains("ещё ничего не продано"))
      #expect(!first.contains("/console/stores/new"), "an analyst makes none")
    }
  }

  @Test(arguments: TestDatabase.available) func `describes a till and what it prints, and refuses what it cannot`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("rita", .cashierManager))
      let store = try #require(try await Self.store(shop, "S2"))
      var paths: Set<String?> = []
      for _ in 0..<2 { paths.insert(try await window.submit(store.path + "/registers", ["code": "7"]).location) }
      let path = try #require(paths.count == 1 ? paths.first ?? nil : nil)
      #expect(try await window.submit(store.path + "/registers", ["code": "7", "name": "Другая"]).status == 422)
      let profile = ["name": "У входа", "tolerance": "1", "split": "never", "leastPrice": "0,01", "maxLines": "120"]
      #expect(try await window.submit(path, profile).location == path)
      let floor = try await shop.floors.floor(of: shop.programme, account: shop.account)
      let till = try #require(floor.till(store: "S2", register: "7"))
      #expect(till.profile.tolerance == 1 && till.profile.split == .never && till.profile.leastPrice == Money(minor: 1))
      #expect(till.profile.maxLines == 120)
      for (field, wrong) in [
        ("leastPrice", "дорого"), ("leastPrice", "5.00"), ("maxLines", "0"), ("maxLines", "5000"), ("name", ""),
      ] {
        let seen = try await window.submit(path, profile.merging([field: wrong]) { $1 })
        #expect(seen.status == 422 && seen.text.contains("id=\"f-\(field)-fault\""), "\(field) \(wrong)")
      }
      #expect(try await window.submit(path, profile.merging(["split": "sideways"]) { $1 }).status == 422)
      #expect(try await window.submit(path + "/state", ["act": "close"]).location == path)
      #expect(try await window.open(path).text.contains("закрыта"))
    }
  }

  @Test(arguments: TestDatabase.available) func `issues a till's token once, shows its secret once, and revokes it`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("rita", .cashierManager))
      let store = try #require(try await Self.store(shop, "S1"))
      let known = try await shop.database.read { tx in try Registers(of: shop.account, in: store.id).all(in: &tx)["1"] }
      let path = "\(store.path)/registers/\(try #require(known).id)"
      let form = ["name": "S1, касса у входа", "programme": "club", "request": "one"]
      let seen = try await window.submit(path + "/tokens", form)
      let secret = String(try #require(seen.text.firstMatch(of: /rgt_[A-Za-z0-9]{52}/)).output)
      #expect(seen.status == 200)
      #expect(!(try await window.open(path).text.contains(secret)))
      let again = try await window.submit(path + "/tokens", form)
      #expect(again.status == 422 && again.text.contains("был показан тогда") && again.text.firstMatch(of: /rgt_/) == nil)
      let sold = try await shop.line(secret).post(
        "/till/v1/receipts", Bodies.receipt(1), key: "00000000-0000-4000-8000-000000000001")
      #expect(sold.status == 201 || sold.status == 200, "the secret opens the till")

      let tokens = try await shop.database.read { tx in try Tokens(of: shop.account).all(of: store.id, in: &tx) }
      let token = try #require(tokens.first { $0.name == form["name"] })
      #expect(tokens.count == 2 && token.scopes == Scope.till)
      for _ in 0..<2 { #expect(try await window.submit(path + "/tokens/revoke", ["token": "\(token.id)"]).location == path) }
      shop.pass(.seconds(2))
      let refused = try await shop.line(secret).post(
        "/till/v1/receipts", Bodies.receipt(2), key: "00000000-0000-4000-8000-000000000002")
      #expect(refused.status == 401)
      #expect(try await Self.acts(shop, token.id) == ["staff:rita token.revoked", "staff:rita token.made"])
      // A system's token is no till's, and not this page's to revoke.
      let office = try await shop.database.read { tx in try Tokens(of: shop.account).all(limit: 50, in: &tx) }.first {
        $0.bearer == .integration
      }
      #expect(try await window.submit(path + "/tokens/revoke", ["token": "\(try #require(office).id)"]).status == 404)
    }
  }

  @Test(arguments: TestDatabase.available) func `shows when a till last asked and sold, also one that nobody described`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let basket = Bodies.basket("\"store\": \"S1\", \"register\": \"99\"")
      _ = try await shop.line(shop.office).post("/till/v1/calculations", basket)
      _ = try await shop.line().post("/till/v1/receipts", Bodies.receipt(1), key: "00000000-0000-4000-8000-000000000001")
      await shop.answers.flush(shop.log)
      shop.pass(.minutes(5))
      let window = try await shop.window(of: shop.hire("rita", .cashierManager))
      let store = try #require(try await Self.store(shop, "S1"))
      let page = try await window.open(store.path).text
      for text in ["продаёт, но не описана", "5\u{a0}минут назад", "на связи", "21\u{a0}ноя\u{a0}2026"] {
        #expect(page.contains(text), "\(text)")
      }
      #expect(page.contains("value=\"99\""), "the form offers to describe it")
    }
  }

  @Test(arguments: TestDatabase.available) func `has a board of the week and leads to what is missing and what is too much`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let line = try await shop.line()
      for number in 1...2 {
        _ = try await line.post("/till/v1/receipts", Bodies.receipt(number), key: "00000000-0000-4000-8000-00000000000\(number)")
      }
      let list =
        "{ \"kind\": \"sale\", \"number\": \"1\", \"date\": \"2026-11-21\", \"amount\": \"200.00\" }, "
        + "{ \"kind\": \"sale\", \"number\": \"31\", \"date\": \"2026-11-21\", \"amount\": \"70.00\" }"
      let body = """
        { "shift": 1, "opened": "2026-11-21T09:00:00", "closed": "2026-11-21T21:00:00",
          "sales": { "count": 2, "amount": "270.00" }, "receipts": [\(list)] }
        """
      #expect(try await line.post("/till/v1/shift-closings", Array(body.utf8), key: "shift-0001").status == 201)
      await line.close()
      let window = try await shop.window(of: shop.hire("rita", .cashierManager))
      let store = try #require(try await Self.store(shop, "S1"))
      let board = try await window.open("/console/shifts?week=2026-11-19").text
      #expect(board.contains("не дошло 1, лишних 1") && board.contains("/console/shifts/\(store.id)/2026-11-21"))
      #expect(board.contains(">S2<"), "a store without shifts stands there, too")
      #expect(try await window.open("/console/shifts?week=2026-11-10").text.contains("не дошло") == false)
      let untied = try await window.open("/console/shifts?week=2026-11-19&show=untied").text
      let path = "/console/shifts/\(store.id)/2026-11-21/1~1"
      #expect(untied.contains(path) && untied.contains("не дошло 1, лишних 1"))
      #expect(try await window.open("/console/shifts/\(store.id)/2026-11-21").text.contains(path))
      let shift = try await window.open(path).text
      for text in ["270,00", "400,00", "+130,00", "не дошёл", "Чек 31", "кассе неизвестен"] {
        #expect(shift.contains(text), "\(text)")
      }
      let link = "/console/receipts?store=S1&register=1&shift=1&number=2&date=2026-11-21"
      #expect(shift.contains(link.replacing("&", with: "&amp;")))
      #expect(try await window.open(link).location?.hasPrefix("/console/receipts/") == true)
      #expect(try await window.open("/console/shifts/\(store.id)/2026-11-21/2~1").status == 404)
    }
  }

  @Test(arguments: TestDatabase.available) func `says on the overview which tills background work found silent`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let early = try await shop.window(of: shop.hire("early", .cashierManager))
      #expect(try await early.open("/console/stores/silent").text.contains("Ещё никто не смотрел"))
      // Eight days of the same hour, and then nothing.
      for day in 0..<8 {
        let time = "2026-11-\(21 + day)T12:00:00"
        let lines = "\"time\": \"\(time)\", \"receipt\": { \"shift\": \(day + 1), \"number\": \"1\" }, \"lines\": [\(Bodies.milk)]"
        _ = try await shop.line().post(
          "/till/v1/calculations", Array("{ \"time\": \"\(time)\", \"lines\": [\(Bodies.milk)] }".utf8))
        let sold = try await shop.line().post(
          "/till/v1/receipts", Array("{ \(lines) }".utf8), key: "00000000-0000-4000-8000-0000000000\(10 + day)")
        #expect(sold.status == 201 || sold.status == 200)
        await shop.answers.flush(shop.log)
        shop.pass(day < 7 ? .days(1) : .hours(1))
      }
      let zones: @Sendable (String) -> Zone? = { WebShop.zone($0) }
      #expect(
        try await SilentTills(of: shop.account).look(at: shop.now, zones: zones, on: shop.database).count == 0,
        "it asked an hour ago")
      shop.pass(.minutes(24 * 60 + 30))
      let window = try await shop.window(of: shop.hire("rita", .cashierManager))
      let report = try await SilentTills(of: shop.account).look(at: shop.now, zones: zones, on: shop.database)
      #expect(report.tills.map(\.register) == ["1"], "at noon it has asked for a week, and today it has not")
      #expect(try await window.open("/console").text.contains("1\u{a0}касса молчит"))
      let silent = try await window.open("/console/stores/silent").text
      #expect(silent.contains("28\u{a0}ноя\u{a0}2026"), "\(silent.suffix(1_500))")
      shop.pass(.hours(10))
      #expect(
        try await SilentTills(of: shop.account).look(at: shop.now, zones: zones, on: shop.database).count == 0,
        "at night nobody sells")
    }
  }

  @Test func `makes brands and legal entities, so that a store can be made`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("rita", .cashierManager))
      for _ in 0..<2 {
        #expect(try await window.submit("/console/signs/brands", ["code": "bon", "name": "Бонжур"]).status == 303)
        let entity = ["code": "ip", "name": "ИП Иванов", "taxNumber": "7707083893", "taxSystem": "general"]
        #expect(try await window.submit("/console/signs/entities", entity).status == 303)
      }
      let wrong = ["code": "ip2", "name": "ИП", "taxNumber": "123", "taxSystem": "general"]
      #expect(try await window.submit("/console/signs/entities", wrong).text.contains("Здесь не ИНН"))
      let page = try await window.open("/console/stores/new").text
      #expect(page.contains("Бонжур") && page.contains("ИП Иванов"))
    }
  }
}

extension Store {
  fileprivate var path: String { "/console/stores/\(id)" }
}
