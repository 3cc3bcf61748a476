import Access
import Customers
import Foundation
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

/// Tiers and their rules in the console and at the till.
@Suite struct `tiers in the console and at the till` {
  private static let form = [
    "version": "1", "measure": "spend", "period": "rolling", "months": "3", "later": "", "grace": "2", "descent": "one-step",
    "code-0": "silver", "ru-0": "Серебро", "en-0": "Silver", "rank-0": "10", "from-0": "150,00",
    "privileges-0": "lounge | Зал ожидания | Lounge", "code-1": "gold", "ru-1": "Золото", "en-1": "Gold", "rank-1": "20",
    "from-1": "1 000",
  ]

  private static func with(_ changes: [String: String]) -> [String: String] { form.merging(changes) { $1 } }

  private static func programme(_ shop: WebShop) async throws -> Programme {
    try await shop.database.read { tx in
      try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are tried, saved, reached by a purchase and told to the till`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      #expect(try await window.open("/console/tiers").text.contains("Уровней ещё нет"))
      let version = String(try await Self.programme(shop).version)
      let history = MemberDayHistory(of: shop.account, behind: Follower("member-days"))
      _ = try await shop.database.write { tx in try history.step(at: shop.now, in: &tx) }
      let till = try await shop.line()
      #expect(try await till.post("/till/v1/receipts", Bodies.receipt(1), key: "sale-0001").status == 201)
      let work = LadderWork(zones: WebShop.zone, ids: shop.ids)
      try await shop.database.write { tx in
        try work.take(Outbox(of: shop.account).events(after: nil, limit: 100, in: &tx), of: shop.account, at: shop.now, in: &tx)
      }
      let tried = try await window.submit("/console/tiers", Self.with(["act": "look", "version": version]))
      #expect(tried.status == 200 && tried.text.contains("Просмотрены все, кто покупал: 1"))
      #expect(try await Self.programme(shop).settings.ladder == nil, "looking changes nothing")
      for _ in 0..<2 {
        #expect(
          try await window.submit("/console/tiers", Self.with(["act": "save", "version": version])).location
            == "/console/tiers?saved=1")
      }
      #expect(try await Self.programme(shop).settings.ladder?.rungs.map(\.from) == [15_000, 100_000])
      try await shop.database.write { tx in while try work.step(of: shop.account, at: shop.now, in: &tx) {} }
      let list = try await window.open("/console/tiers").text
      #expect(list.contains("Серебро") && list.contains("Зал ожидания") && list.contains("<td class=\"num\">1</td>"))
      let found = try await till.get("/till/v1/members?identifier=1001")
      #expect(try found.text("tier") == "silver" && found.text("standing", "counted") == "200.00")
      #expect(try found.text("standing", "next", "tier") == "gold" && found.text("standing", "next", "missing") == "800.00")
      #expect(try found.text("standing", "falls", "on") == "2027-02-23")
      await till.close()
    }
  }

  @Test func `that contradict themselves are refused at their fields, and nothing is saved`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let version = String(try await Self.programme(shop).version)
      let wrong: [([String: String], String)] = [
        (["from-1": "100"], "f-from-1-fault"), (["rank-1": "x"], "f-rank-1-fault"), (["code-1": ""], "f-code-1-fault"),
        (["privileges-0": "lounge"], "f-privileges-0-fault"), (["months": "99"], "f-months-fault"),
        (["measure": "points"], "f-measure-fault"),
        (["from-0": "many"], "f-from-0-fault"), (["grace": "1000"], "f-grace-fault"),
      ]
      for (change, place) in wrong {
        let seen = try await window.submit("/console/tiers", Self.with(change).merging(["act": "save", "version": version]) { $1 })
        #expect(seen.status == 422 && seen.text.contains(place), "\(change)")
      }
      let tiers = try await shop.database.read { tx in
        try Tiers(of: shop.account, programme: shop.programme).all(in: &tx)
      }
      #expect(tiers.isEmpty)
      let stale = try await window.submit("/console/tiers", Self.with(["act": "save", "version": "0"]))
      #expect(stale.status == 422)
      let analyst = try await shop.window(of: shop.hire("anna", .analyst))
      #expect(try await analyst.open("/console/tiers").status == 200)
      #expect(try await analyst.open("/console/tiers/edit").status == 403)
      #expect(try await analyst.submit("/console/tiers", Self.form).status == 403)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are given by hand with an end and a reason, once, and taken again`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let version = String(try await Self.programme(shop).version)
      #expect(try await window.submit("/console/tiers", Self.with(["act": "save", "version": version])).status == 303)
      let member = try await shop.database.read { tx in
        try #require(try Members(of: shop.account, programme: shop.programme).all(limit: 1, in: &tx).first?.id)
      }
      let page = "/console/members/\(member)"
      let gift = ["tier": "gold", "until": "2027-01-31", "reason": "приз", "request": "abc"]
      #expect(try await window.submit(page + "/tier", gift.merging(["reason": ""]) { $1 }).status == 422)
      #expect(try await window.submit(page + "/tier", gift.merging(["until": "2020-01-01"]) { $1 }).status == 422)
      for _ in 0..<2 { #expect(try await window.submit(page + "/tier", gift).location == page) }
      let tiers = Tiers(of: shop.account, programme: shop.programme)
      let grants = try await shop.database.read { tx in try tiers.grants(of: member, limit: 10, in: &tx) }
      #expect(grants.count == 1 && grants[0].until == Instant("2027-01-31T21:00:00Z") && grants[0].reason == "приз")
      let seen = try await window.open(page).text
      #expect(seen.contains("Уровень «Золото»") && seen.contains("приз"))
      #expect(try await window.submit(page + "/tier", ["grant": "\(grants[0].id)", "reason": "ошибка"]).location == page)
      #expect(try await window.open(page).text.contains("Без уровня"))
      let operatorWindow = try await shop.window(of: shop.hire("olga", .operator))
      #expect(try await operatorWindow.submit(page + "/tier", gift).status == 403)
    }
  }
}
