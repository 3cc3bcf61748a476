import Access
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `promotions in the console` {
  private static let third = [
    "/code": "third", "/name/ru": "Третий в подарок", "/name/en": "Third one free", "benefit": "freeUnits", "buy": "2", "free": "1",
    "reduction": "100", "lands": "free", "goods-products": "milk", "/priority": "100", "till": "on", "act": "save",
  ]

  private static func stored(_ code: String, _ shop: WebShop) async throws -> StoredPromotion {
    try await shop.database.read { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      return try #require(try Promotions(of: programme).promotions(codes: [code], in: &tx)[code])
    }
  }

  /// As tills have it now.
  private static func atTills(_ code: String, _ shop: WebShop) async throws -> Int? {
    try await shop.floors.floor(of: shop.programme, account: shop.account).rules.promotions.first { $0.code == code }?.version
  }

  private static func save(_ rules: String, _ shop: WebShop, running: Bool = false) async throws -> PromotionID {
    let body = try JSON.parse(rules)
    guard case .string(let code)? = body["code"] else { throw NoCode() }
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      _ = try Promotions(of: programme).save([PromotionDetails(code: code, body: body)], by: change, in: &tx)
      if running { try Promotions(of: programme).set(code, .running, by: change, in: &tx) }
    }
    _ = try await shop.floors.refresh(shop.programme)
    return try await stored(code, shop).id
  }

  private struct NoCode: Error {}

  @Test(arguments: TestDatabase.available)
  func `are drafts until they are launched, and leave the tills when they are paused`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      for _ in 0..<2 { #expect(try await window.submit("/console/promotions/new", Self.third).status == 303) }
      let made = try await Self.stored("third", shop)
      let path = "/console/promotions/\(made.id)"
      #expect(made.status == .draft && made.version == 1)
      #expect(try await Self.atTills("third", shop) == nil)
      #expect(try await window.open(path + "/step?act=launch").text.contains("Из каждых"))
      for _ in 0..<2 {
        #expect(try await window.submit(path + "/step", ["act": "launch", "version": "1"]).location == path)
      }
      #expect(try await Self.atTills("third", shop) == 1)
      let lines = "{ \"id\": \"1\", \"product\": \"milk\", \"quantity\": \"3\", \"price\": \"100.00\" }"
      let priced = try await shop.line().post("/till/v1/calculations", Bodies.basket(lines: lines), key: nil)
      #expect(try priced.text("totals", "amount") == "200.00", "\(priced)")
      #expect(try await window.submit(path + "/step", ["act": "pause", "version": "1"]).location == path)
      #expect(try await Self.atTills("third", shop) == nil)
      #expect(try await window.submit(path + "/step", ["act": "archive", "version": "1"]).location == path)
      #expect(try await window.submit(path + "/step", ["act": "launch", "version": "1"]).status == 422)
      let acts = try await shop.database.read { tx in
        try AuditTrail(of: shop.account).latest(limit: 20, in: &tx).filter { $0.actor == "staff:mark" }.map(\.act)
      }
      #expect(acts.filter { $0 == "rule_book.published" }.count == 2, "\(acts)")
      #expect(acts.filter { $0 == "promotion.changed" }.count == 3 && acts.filter { $0 == "promotion.made" }.count == 1, "\(acts)")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are published one by one: what others are still writing stays out of the tills`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let tea = try await Self.save(
        #"{ "code": "tea", "name": { "ru": "Чай", "en": "Tea" }, "on": { "products": ["tea"] }, "benefit": { "percent": "90" } }"#,
        shop)
      #expect(try await window.open("/console/promotions/\(tea)").text.contains("<ins>Скидка 90"))
      #expect(try await window.submit("/console/promotions/new", Self.third).status == 303)
      let third = try await Self.stored("third", shop)
      #expect(
        try await window.submit("/console/promotions/\(third.id)/step", ["act": "launch", "version": "1"]).status == 303)
      #expect(try await Self.atTills("third", shop) == 1)
      #expect(try await Self.atTills("tea", shop) == 1)
      #expect(try await window.submit("/console/promotions/\(tea)/step", ["act": "launch", "version": "2"]).status == 303)
      #expect(try await Self.atTills("tea", shop) == 2)
      let versions = try await window.open("/console/promotions/\(tea)/versions").text
      #expect(versions.contains("<del>Скидка 10") && versions.contains("<ins>Скидка 90"))
      let restore = ["restored": "1", "version": "2"]
      for _ in 0..<2 { #expect(try await window.submit("/console/promotions/\(tea)/restore", restore).status == 303) }
      let back = try await Self.stored("tea", shop)
      #expect(back.version == 3 && back.body["benefit"] == .object(["percent": "10"]))
      #expect(try await Self.atTills("tea", shop) == 2)
    }
  }

  /// Whatever the form shows or keeps: sent as it was opened, it changes nothing.
  @Test func `come out of the form as they went in`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      try await shop.database.write { tx in
        let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
        _ = try programme.tiers.save(
          [TierDetails(code: "gold", name: LocalText(ru: "Золото", en: "Gold"), rank: 1)], by: change, in: &tx)
        _ = try Segments(of: shop.account).save(
          [SegmentDetails(code: "kids", name: LocalText(ru: "Родители", en: "Parents"), kind: .static)], by: change, in: &tx)
      }
      _ = try await shop.floors.refresh(shop.programme)
      for (number, rules) in Samples.rules.enumerated() {
        let name = "\"code\": \"s\(number)\", \"name\": { \"ru\": \"Акция <\(number)>\", \"en\": \"Promotion \\\"\(number)\\\"\" }"
        let id = try await Self.save("{ \(name), \(rules) }", shop)
        let before = try await Self.stored("s\(number)", shop)
        let page = try await window.open("/console/promotions/\(id)/edit")
        var form = try page.fields(of: "/console/promotions/\(id)/edit")
        form["act"] = "save"
        let answer = try await window.submit("/console/promotions/\(id)/edit", form)
        #expect(answer.status == 303, "\(rules)")
        #expect(try await Self.stored("s\(number)", shop) == before, "\(rules)")
        form["/priority"] = "7"
        #expect(try await window.submit("/console/promotions/\(id)/edit", form).status == 303, "\(rules)")
        let after = try await Self.stored("s\(number)", shop)
        #expect(after.version == 2 && after.body["priority"] == 7, "\(rules)")
        #expect(
          after.body["when"] == before.body["when"] && after.body["benefit"] == before.body["benefit"], "\(after.body.compact)")
        #expect(after.body["on"] == before.body["on"] && after.body["limits"] == before.body["limits"], "\(after.body.compact)")
        #expect(try await window.open("/console/promotions/\(id)").status == 200)
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `tell the second of two people, and lose nothing of either`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let first = try await shop.window(of: shop.hire("mark", .marketer))
      let second = try await shop.window(of: shop.hire("olga", .owner))
      let path = "/console/promotions/\(try await Self.stored("tea", shop).id)/edit"
      var (mine, theirs) = (try await first.open(path).fields(of: path), try await second.open(path).fields(of: path))
      (mine["act"], theirs["act"]) = ("save", "save")
      (mine["percent"], theirs["/name/ru"]) = ("15", "Чай вдвоём")
      #expect(try await first.submit(path, mine).status == 303)
      let told = try await second.submit(path, theirs)
      #expect(told.status == 422 && told.text.contains("кто-то сохранил версию 2"))
      #expect(told.text.contains("<ins>Скидка 15") && told.text.contains("value=\"Чай вдвоём\""))
      #expect(try await Self.stored("tea", shop).version == 2)
      var again = try told.fields(of: path)
      again["act"] = "save"
      #expect(try await second.submit(path, again).status == 303)
      let saved = try await Self.stored("tea", shop)
      #expect(saved.version == 3 && saved.body["name"]?["ru"] == "Чай вдвоём")
    }
  }

  @Test func `are refused at the field, with everything that was typed`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      for (field, value, fault) in [
        ("buy", "много", "f-buy-fault"), ("buy", "", "f-buy-fault"), ("/code", "tea", "f-/code-fault"),
        ("/name/en", "", "f-/name/en-fault"),
        ("goods-products", "milk\nnothing", "f-goods-products-fault"), ("/limits/total", "0", "f-/limits/total-fault"),
        ("/limits/budgetPoints", "5", "f-/limits/budgetPoints-fault"), ("hours-from", "10:00", "f-hours-from-fault"),
        ("/until", "вчера", "f-/until-fault"), ("/priority", "-1", "f-/priority-fault"),
      ] {
        let seen = try await window.submit("/console/promotions/new", Self.third.merging([field: value]) { $1 })
        #expect(seen.status == 422 && seen.text.contains("id=\"\(fault)\""), "\(field) \(value)")
        #expect(seen.text.contains("value=\"Третий в подарок\""), "\(field)")
      }
      let id = try await Self.stored("tea", shop).id
      let text = try await window.submit(
        "/console/promotions/\(id)/text", ["rules": "{ \"code\": \"tea\", \"benefits\": 1 }", "version": "1"])
      #expect(text.status == 422 && text.text.contains("/benefits") && text.text.contains("/name"))
      #expect(try await window.submit("/console/promotions/\(id)/text", ["rules": "{", "version": "1"]).status == 422)
      #expect(try await Self.stored("tea", shop).version == 1)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are tried on a basket, which writes nothing`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let basket = [
        "act": "preview", "try-product-0": "milk", "try-quantity-0": "3", "try-price-0": "100", "try-store": "S2",
        "try-member": "1001",
        "try-time": "2026-11-21T12:00",
      ]
      let before = try await shop.database.read { tx in try tx.row("select count(*) from promotion")?.int(0) }
      let seen = try await window.submit("/console/promotions/new", Self.third.merging(basket) { $1 })
      #expect(seen.status == 200)
      for text in ["Акция сработала", "300,00", "200,00", "Анна И.", "Третий в подарок"] {
        #expect(seen.text.contains(text), "\(text)")
      }
      let few = try await window.submit(
        "/console/promotions/new", Self.third.merging(basket) { $1 }.merging(["try-quantity-0": "2"]) { $1 })
      #expect(few.text.contains("Акция не сработала"))
      #expect(try await shop.database.read { tx in try tx.row("select count(*) from promotion")?.int(0) } == before)
      let tea = try await Self.stored("tea", shop).id
      let query = "?try-product-0=tea&try-price-0=50,5&try-quantity-0=2"
      let page = try await window.open("/console/promotions/\(tea)/preview" + query).text
      for text in ["Акция сработала", "Без неё", "101,00", "90,90"] { #expect(page.contains(text), "\(text)") }
      for (query, fault) in [
        ("?try-product-0=caviar&try-price-0=1", "f-try-product-0-fault"), ("?try-product-0=tea", "f-try-price-0-fault"),
        ("?try-product-0=tea&try-price-0=1&try-member=9999999", "f-try-member-fault"),
        ("?try-product-0=tea&try-price-0=1&try-store=S9", "f-try-store-fault"),
      ] {
        #expect(try await window.open("/console/promotions/\(tea)/preview" + query).text.contains("id=\"\(fault)\""), "\(query)")
      }
      try await shop.verify()
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are found by state, code and name, whatever the capitals`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("anna", .analyst))
      _ = try await Self.save(
        #"{ "code": "50%_off", "name": { "ru": "Половина цены", "en": "Half" }, "benefit": { "percent": "50" } }"#, shop)
      for (query, found, missed) in [
        ("q=" + queryText("ЧАЙ"), "Чай", "Купон<"), ("q=TEA", "Чай", "Купон<"), ("q=" + queryText("50%_"), "Половина", "Чай"),
        ("state=draft", "Половина", "Чай"), ("state=running", "Чай", "Половина"), ("q=percent", "Таких акций нет", "Половина"),
        ("state=archived", "Таких акций нет", "Чай"),
      ] {
        let page = try await window.open("/console/promotions?" + query).text
        #expect(page.contains(found) && !page.contains(">" + missed), "\(query)")
      }
      #expect(!(try await window.open("/console/promotions").text.contains("/console/promotions/new")))
    }
  }
}

/// Rules in every shape that the form has fields for, and in some that it has none for.
private enum Samples {
  static let rules = [
    #""benefit": { "percent": "12.5", "of": "regular" }"#, #""benefit": { "percent": "5" }, "stage": "receipt""#,
    #""benefit": { "amountPerUnit": "5.50" }, "on": { "products": ["milk", "tea"] }, "limits": { "quantityPerReceipt": "2.5" }"#,
    #""benefit": { "amount": "300.00" }, "when": { "all": [{ "amount": { "atLeast": "2000.00" } }] }, "limits": { "total": 7, "budgetMoney": "99.00" }"#,
    #""benefit": { "fixedPrice": "99.90" }, "on": { "all": [{ "categories": ["food"] }, { "none": [{ "products": ["tea"] }] }] }"#,
    #""benefit": { "fixedTotal": "500.00" }, "on": { "any": [{ "products": ["tea"] }, { "categories": ["food"] }] }"#,
    #""benefit": { "freeUnits": { "buy": 3, "free": 2, "reduction": "50", "lands": "pro-rata", "perProduct": true } }, "limits": { "timesPerReceipt": 4 }"#,
    #""benefit": { "gift": { "units": 2, "price": "1.00" } }, "when": { "coupon": "MUG" }, "on": { "none": [{ "products": ["milk"] }] }"#,
    #""benefit": { "giftChoice": { "of": [{ "name": { "ru": "Молоко", "en": "Milk" }, "goods": { "products": ["milk"] } }, { "name": { "ru": "Чай", "en": "Tea" }, "goods": { "products": ["milk", "tea"] }, "units": 2 }], "picks": 3, "price": "1.00", "repeats": true } }, "when": { "all": [{ "amount": { "atLeast": "3000.00" } }] }"#,
    // A gift that is a kind of goods has no list.
    #""benefit": { "giftChoice": { "of": [{ "name": { "ru": "Еда", "en": "Food" }, "goods": { "categories": ["food"] } }] } }"#,
    #""benefit": { "earn": { "rate": "5" } }, "when": { "all": [{ "tiers": ["gold"] }, { "identified": true }] }, "limits": { "pointsPerReceipt": "100" }"#,
    #""benefit": { "earn": { "points": "10", "perStep": "100.00" } }, "when": { "segments": ["kids"] }, "limits": { "perMember": 1, "perMemberDay": 2, "perStoreDay": 3 }"#,
    #""benefit": { "percent": "5" }, "limits": { "moneyPerLine": "50.00", "perMember": 9, "moneyPerMember": "500.00", "moneyPerMemberDay": "100.00", "moneyPerStoreDay": "900.00", "perStore": 70, "moneyPerStore": "9000.00" }"#,
    #""benefit": { "earn": { "rate": "2" } }, "limits": { "pointsPerLine": "50", "pointsPerMember": "500", "pointsPerMemberDay": "100", "pointsPerStoreDay": "900", "pointsPerStore": "9000" }"#,
    #""benefit": { "earn": { "rate": "3" } }, "course": { "activation": { "on": "2026-12-01" }, "life": { "days": 30 } }"#,
    #""benefit": { "earn": { "points": "5", "perUnit": true } }, "course": { "activation": { "days": 14 }, "life": { "through": "quarter" } }"#,
    #""benefit": { "earn": { "points": "90" } }, "course": { "activation": "at-once", "life": { "until": "2026-12-31" } }"#,
    #""benefit": { "earn": { "multiplier": "1.5" } }, "when": { "birthday": { "before": 3, "after": 0 } }, "public": true"#,
    #""benefit": { "earn": { "points": "500" } }, "when": { "firstPurchase": true }, "addsToTillReductions": false, "tags": ["a", "b"], "excludes": ["c"]"#,
    #""benefit": { "percent": "7" }, "from": "2026-11-01T07:00:30Z", "until": "2026-12-01T00:00:00Z", "when": { "all": [{ "weekdays": ["sat", "sun"] }, { "hours": { "from": "22:00", "until": "04:00" } }, { "stores": ["S1"] }, { "channels": ["web", "till"] }, { "tenders": ["cash"] }] }"#,
    #""benefit": { "percent": "8" }, "on": { "products": ["tea"] }, "when": { "all": [{ "quantity": { "of": { "products": ["tea"] }, "atLeast": "2" } }, { "amount": { "basis": "regular", "atLeast": "10.00", "atMost": "20.00" } }] }"#,
    #""benefit": { "percent": "9" }, "when": { "any": [{ "tiers": ["gold"] }, { "all": [{ "coupon": "X" }, { "none": [{ "weekdays": ["mon"] }] }] }] }, "on": { "price": { "atLeast": "5.00" } }"#,
    #""benefit": { "percent": "6" }, "when": { "all": [{ "memberKinds": ["employee"] }, { "weekdays": ["mon"] }, { "counter": { "name": "purchases", "atLeast": 5 } }, { "weekdays": ["tue"] }] }, "control": { "salt": "x", "share": "5", "since": "2026-01-01T00:00:00Z" }, "funding": [{ "payer": "supplier", "code": "dairy", "share": "100" }]"#,
    #""benefit": { "staircase": { "by": "amount", "steps": [{ "from": "1000.00", "percent": "5" }, { "from": "3000.00", "percent": "10" }] } }"#,
    #""benefit": { "staircase": { "by": "quantity", "steps": [{ "from": "2", "fixedPrice": "90.00" }, { "from": "3", "fixedPrice": "80.00" }] } }, "stage": "receipt""#,
    // Steps of different kinds have no fields.
    #""benefit": { "staircase": { "by": "amount", "steps": [{ "from": "1000.00", "percent": "5" }, { "from": "3000.00", "amount": "300.00" }] } }"#,
    #""benefit": { "bundle": { "parts": [{ "of": { "products": ["milk"] } }, { "of": { "any": [{ "products": ["tea"] }, { "categories": ["food"] }] }, "units": 2 }], "price": "199.00" } }, "limits": { "timesPerReceipt": 2 }"#,
    #""benefit": { "bundle": { "parts": [{ "of": { "categories": ["food"] }, "units": 3 }], "percent": "15" } }"#,
    // Goods by price have no list.
    #""benefit": { "bundle": { "parts": [{ "of": { "price": { "atLeast": "5.00" } } }], "amount": "1.00" } }, "stage": "receipt""#,
    #""benefit": { "prices": { "milk": "79.90", "tea": "99.00" } }, "limits": { "quantityPerReceipt": "5" }"#,
    #""benefit": { "earn": { "points": "20", "perUnit": true } }, "limits": { "timesPerReceipt": 3 }"#,
    #""benefit": { "reward": "free-delivery" }, "when": { "amount": { "atLeast": "3000.00" } }"#,
    #""benefit": { "reward": { "message": { "ru": "Спасибо", "en": "Thanks" }, "to": "shopper" } }"#,
    #""benefit": { "percent": "3" }, "when": { "all": [{ "regions": ["Тверская область", "Псков"] }, { "cities": ["Тверь"] }, { "storeFormats": ["экспресс", "у дома"] }, { "holidays": { "before": 1, "after": 2 } }, { "counter": { "name": "memberDays", "atLeast": 30 } }, { "counter": { "name": "daysSincePurchase", "atLeast": 60, "atMost": 90 } }, { "weight": { "atLeast": "1.5" } }] }"#,
    #""benefit": { "percent": "4" }, "on": { "categories": ["food"] }, "when": { "all": [{ "accumulated": { "what": "amount", "of": { "categories": ["food"] }, "within": "month", "atLeast": "1000.00" } }, { "accumulated": { "what": "visits", "within": "week", "atLeast": 3, "atMost": 3 } }] }"#,
    #""benefit": { "percent": "4" }, "on": { "categories": ["food"] }, "when": { "firstPurchase": { "of": { "categories": ["food"] } } }"#,
    #""benefit": { "percent": "4" }, "on": { "categories": ["food"] }, "when": { "all": [{ "firstPurchase": { "of": { "products": ["tea"] } } }, { "firstPurchase": true }] }"#,
    #""benefit": { "percent": "4" }, "when": { "accumulated": { "what": "quantity", "within": "always", "atMost": "2.5" } }"#,
  ]
}
