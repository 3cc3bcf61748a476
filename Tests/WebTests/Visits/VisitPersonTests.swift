import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

/// What the export of a person tells of their visits, and what an erasure leaves of them.
@Suite struct `visits of a person` {
  private static func join(_ code: String, _ site: VisitShop) async throws -> MemberID {
    let shop = site.shop
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    let phone = Identifier(try #require(Phone("+79161230055")))
    return try await shop.database.write { tx in
      try site.programme(&tx).members.join(
        MemberDetails(code: code, kind: .person, identifiers: [phone], person: Person(), joinedAt: shop.now), by: change, in: &tx)
    }
  }

  private static func list(_ known: JSON, _ key: String) -> [JSON] {
    guard case .array(let items)? = known[key] else { return [] }
    return items
  }

  private static func export(_ window: BrowserWindow, _ member: MemberID) async throws -> JSON {
    try JSON.parse(Array(try await window.open("/console/members/\(member)/export.json").text.utf8))
  }

  @Test(arguments: TestDatabase.available) func `are in the export with devices, sources and events, and nobody else's are`(
    on kind: TestDatabase
  ) async throws {
    try await VisitShop.open(kind) { site in
      let shop = site.shop
      let twin = try await Self.join("twin", site)
      try await site.take([
        VisitShop.event("1", .productView, minute: 0) {
          $0.source = VisitShop.from("yandex", "cpc", campaign: "autumn")
          ($0.product, $0.details) = ("milk", ["q": "кефир"])
        },
        VisitShop.event("2", .signUp, minute: 1) { $0.member = "1001" },
        VisitShop.event("3", .pageView, minute: 300) { $0.page = "/about" },
        VisitShop.event("4", .pageView, minute: 2, visitor: "v2") { $0.member = "twin" },
        VisitShop.event("5", .pageView, minute: 2, visitor: "v3"),
      ])
      let oleg = try await shop.window(of: shop.hire("oleg", .operator))
      let known = try await Self.export(oleg, shop.anna)
      #expect(Self.list(known, "devices").map { $0["visitor"] } == ["v1"])
      let sessions = Self.list(known, "sessions")
      #expect(sessions.count == 2 && sessions.allSatisfy { $0["visitor"] == "v1" })
      #expect(sessions.last?["source"]?.compact == #"{"source":"yandex","medium":"cpc","campaign":"autumn"}"#)
      let events = Self.list(known, "events")
      #expect(events.map { $0["kind"] } == ["pageView", "signUp", "productView"], "\(events.map(\.compact))")
      #expect(events.first?["page"] == "/about" && events.last?["product"] == "milk")
      #expect(events.last?["details"]?["q"] == "кефир" && events.last?["session"] == sessions.last?["id"])
      #expect(known["isComplete"] == true)
      let table = try await oleg.open("/console/members/\(shop.anna)/export.csv").text
      for line in ["sessions;2.source.campaign;autumn", "events;3.details.q;кефир", "devices;1.visitor;v1"] {
        #expect(table.contains(line), "\(line)")
      }
      let other = try await Self.export(oleg, twin)
      #expect(Self.list(other, "devices").map { $0["visitor"] } == ["v2"] && Self.list(other, "events").count == 1)
    }
  }

  @Test(arguments: TestDatabase.available) func `of somebody erased lead to nobody, on a device that others use as well`(
    on kind: TestDatabase
  ) async throws {
    try await VisitShop.open(kind) { site in
      let shop = site.shop
      let twin = try await Self.join("twin", site)
      // One device and one session; it belongs to whom it named last.
      try await site.take([
        VisitShop.event("a", .productView, minute: 0) { ($0.member, $0.details) = ("1001", ["q": "Anna's address"]) },
        VisitShop.event("t", .pageView, minute: 1) { $0.member = "twin" },
      ])
      #expect(try await site.owners() == ["a": shop.anna, "t": twin])
      let oleg = try await shop.window(of: shop.hire("oleg", .operator))
      #expect(Self.list(try await Self.export(oleg, shop.anna), "events").count == 1)
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      try await shop.database.write { tx in
        _ = try Erasure(of: site.programme(&tx), ids: shop.ids).carryOut(shop.anna, because: .request, by: change, in: &tx)
      }
      for _ in 0..<2 { try await site.follow() }
      #expect(try await site.owners() == ["t": twin])
      let account = shop.account
      let left = try await shop.database.read { tx in
        try tx.rows(SQL("select visitor, details, named_id from visit_event where account_id = $1 and mark = 'a'", account)).map {
          ($0.text(0), $0.textOrNil(1), $0.intOrNil(2))
        }
      }
      #expect(left.count == 1 && left[0].0.hasPrefix("~x") && left[0].1 == nil && left[0].2 == nil, "\(left)")
      // The device stays known as the other's, and so does what they did.
      let other = try await Self.export(oleg, twin)
      #expect(Self.list(other, "devices").map { $0["visitor"] } == ["v1"])
      #expect(Self.list(other, "sessions").count == 1 && Self.list(other, "events").count == 1)
      for key in ["devices", "sessions", "events"] {
        #expect(Self.list(try await Self.export(oleg, shop.anna), key).isEmpty, "\(key)")
      }
    }
  }
}
