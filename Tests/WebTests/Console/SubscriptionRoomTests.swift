import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// Subscriptions in the console and at the till.
@Suite struct `subscriptions in the console and at the till` {
  private static let plan = [
    "code": "plus", "ru": "Плюс", "en": "Plus", "products": "milk", "tier": "gold", "length": "1", "unit": "months", "trial": "14",
    "grace": "3", "notice": "7", "isOnSale": "on",
  ]

  private static func programme(_ shop: WebShop) async throws -> Programme {
    try await shop.database.read { tx in
      try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
    }
  }

  private static func makeTier(_ shop: WebShop) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let gold = TierDetails(code: "gold", name: LocalText(ru: "Золото", en: "Gold"), rank: 20)
      _ = try programme.tiers.save([gold], by: change, in: &tx)
    }
    _ = try await shop.floors.refresh(shop.programme)
  }

  @Test(arguments: TestDatabase.available)
  func `a plan is made once, sold at the till, told on the card and in the report`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.makeTier(shop)
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.open("/console/tiers/subscriptions").text.contains("Подписок ещё нет"))
      let wrong = Self.plan.merging(["products": "nothing", "length": "0"]) { $1 }
      #expect(try await window.submit("/console/tiers/subscriptions", wrong).status == 422)
      let missing = try await window.submit("/console/tiers/subscriptions", Self.plan.merging(["products": "nothing"]) { $1 })
      #expect(missing.status == 422)
      for _ in 0..<2 {
        #expect(
          try await window.submit("/console/tiers/subscriptions", Self.plan).location == "/console/tiers/subscriptions/plus")
      }
      #expect(try await Self.programme(shop).settings.subscriptions.map(\.code) == ["plus"])
      let tiers = try await window.open("/console/tiers").text
      #expect(tiers.contains("по подписке <a href=\"/console/tiers/subscriptions/plus\">") && !tiers.contains("даёт человек"))
      let till = try await shop.line()
      let quote = try await till.post("/till/v1/calculations", Bodies.basket(Bodies.card), key: nil)
      let told = try quote.at("subscriptions")?.compact ?? ""
      #expect(told.contains("Подписка «Плюс»") && told.contains("\"isRenewal\":false"), "\(told)")
      let sold = try await till.post("/till/v1/receipts", Bodies.receipt(1), key: "sale-0001")
      #expect(sold.status == 201)
      #expect(try sold.at("subscriptions")?.compact.contains("\"plan\":\"plus\"") == true)
      let found = try await till.get("/till/v1/members?identifier=1001")
      #expect(try found.text("tier") == "gold")
      #expect(try found.at("subscriptions")?.compact.contains("\"renewals\":0") == true)
      await till.close()
      let card = try await window.open("/console/members/\(shop.anna)").text
      #expect(card.contains("id=\"subscription\"") && card.contains("по подписке plus"))
      let page = try await window.open("/console/tiers/subscriptions/plus").text
      #expect(page.contains("действует") && page.contains("/console/members/\(shop.anna)#subscription"))
      let report = try await window.open("/console/tiers/subscriptions/report.csv").text
      #expect(report.contains("plan,name,month,active,started,renewed") && report.contains("plus,"))
      let looking = try await shop.window(of: shop.hire("ann", .analyst))
      #expect(try await looking.open("/console/tiers/subscriptions").status == 200)
      #expect(try await looking.submit("/console/tiers/subscriptions", Self.plan).status == 403)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an operator gives it, once, and cancels it with a reason`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.makeTier(shop)
      let window = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await window.submit("/console/tiers/subscriptions", Self.plan).status == 303)
      let path = "/console/members/\(shop.anna)/subscription"
      let give = ["plan": "plus", "act": "give", "count": "1", "reason": "извинение", "request": "g1"]
      for _ in 0..<2 { #expect(try await window.submit(path, give).status == 303) }
      let one = try await shop.database.read { [programme = try await Self.programme(shop)] tx in
        try Subscriptions(of: programme, ids: shop.ids).all(of: shop.anna, in: &tx).first
      }
      #expect(one?.state == .active && one?.renewals == 0)
      #expect(try await window.submit(path, give.merging(["act": "cancel", "reason": "", "request": "g2"]) { $1 }).status == 422)
      #expect(try await window.submit(path, give.merging(["act": "trial", "request": "g3"]) { $1 }).status == 422)
      #expect(try await window.submit(path, give.merging(["act": "cancel", "request": "g4"]) { $1 }).status == 303)
      #expect(try await window.open("/console/members/\(shop.anna)").text.contains("отменена"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a promotion that gives a tier is built, read again and found with its tier`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.makeTier(shop)
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let fields = [
        "/code": "lift", "/name/ru": "Золото на месяц", "/name/en": "Gold for a month", "benefit": "reward", "reward": "tier",
        "reward-tier": "gold", "reward-length": "days", "reward-days": "30", "/priority": "100", "till": "on", "act": "save",
      ]
      let path = try #require(try await window.submit("/console/promotions/new", fields).location)
      #expect(try await window.open(path).text.contains("уровень gold на 30"))
      let edit = try await window.open(path + "/edit").text
      #expect(edit.contains("name=\"reward-days\"") && edit.contains("value=\"30\""))
      #expect(
        try await window.submit("/console/promotions/new", fields.merging(["/code": "bad", "reward-days": ""]) { $1 }).status == 422
      )
      #expect(try await window.submit(path + "/step", ["act": "launch", "version": "1"]).status == 303)
      let tiers = try await window.open("/console/tiers").text
      #expect(tiers.contains("Золото на месяц") && tiers.contains("в подарок по акции") && !tiers.contains("даёт человек"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a higher limit of approval waits on the programme's page for somebody else`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      func save(_ above: Int64, by change: Change) async throws {
        try await shop.database.write { tx in
          let programmes = Programmes(of: shop.account, zones: WebShop.zone)
          let known = try programmes.programme(shop.programme, in: &tx)
          var settings = known.settings
          settings.approval = ApprovalTerms(above: Money(minor: above))
          _ = try programmes.save(known.code, settings.json, by: change, in: &tx)
        }
      }
      try await save(100_000, by: change)
      try await save(900_000, by: Change(by: Actor(.staff, "mark") ?? .demo, at: shop.now, ids: shop.ids))
      let mark = try await shop.window(of: shop.hire("mark", .marketer))
      let own = try await mark.open("/console/programme").text
      #expect(own.contains("ждёт второго человека") && !own.contains("/console/programme/approval"))
      let vera = try await shop.window(of: shop.hire("vera", .marketer))
      let page = try await vera.open("/console/programme").text
      let id = try #require(page.split(separator: "name=\"change\" value=\"").last?.prefix { $0 != "\"" })
      #expect(
        try await vera.submit("/console/programme/approval", ["change": String(id), "act": "decline", "note": ""]).status == 422)
      #expect(try await mark.submit("/console/programme/approval", ["change": String(id), "act": "approve"]).status == 422)
      for _ in 0..<2 {
        #expect(try await vera.submit("/console/programme/approval", ["change": String(id), "act": "approve"]).status == 303)
      }
      #expect(try await Self.programme(shop).settings.approval?.above == Money(minor: 900_000))
    }
  }
}
