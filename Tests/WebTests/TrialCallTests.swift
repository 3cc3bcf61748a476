import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

/// Trials of subscriptions, as a till or an app begins them.
@Suite struct TrialCallTests {
  static func plans(_ shop: WebShop, isOnSale: Bool = true) async throws {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    func plan(_ code: String, _ product: String, trial: Int64?) -> JSON {
      .object([
        "code": .string(code), "name": .object(["ru": "Плюс", "en": "Plus"]), "products": [.string(product)], "tier": "gold",
        "length": .object(["months": 1]), "trialDays": trial.map(JSON.int), "isOnSale": .bool(isOnSale),
      ])
    }
    let plans = JSON.array([plan("plus", "milk", trial: 14), plan("bare", "bread", trial: nil)])
    try await shop.database.write { tx in
      let programmes = Programmes(of: shop.account, zones: WebShop.zone)
      let programme = try programmes.programme(shop.programme, in: &tx)
      let gold = TierDetails(code: "gold", name: LocalText(ru: "Золото", en: "Gold"), rank: 20)
      _ = try programme.tiers.save([gold], by: change, in: &tx)
      guard case .object(let known) = programme.settings.json else { return }
      let settings = JSON.object(known.filter { $0.key != "subscriptions" } + [JSON.Member("subscriptions", plans)])
      _ = try programmes.save(programme.code, settings, by: change, in: &tx)
    }
    _ = try await shop.floors.refresh(shop.programme)
  }

  @Test(arguments: TestDatabase.available)
  func `a member tries a plan out once; sent again it is the same trial`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.plans(shop)
      let line = try await shop.line()
      func trial(_ plan: String, _ key: String?, of member: String? = nil) async throws -> TillLine.Reply {
        try await line.post("/till/v1/members/\(member ?? "\(shop.anna)")/trials/\(plan)", Array("{}".utf8), key: key)
      }
      #expect(try await trial("plus", nil).text("code") == "request_key_missing")
      let begun = try await trial("plus", "trial-0001")
      #expect(try begun.status == 201 && begun.text("plan") == "plus" && begun.text("tier") == "gold", "\(begun)")
      #expect(try begun.text("lastDay") != nil)
      #expect(try await trial("plus", "trial-0001").body == begun.body, "sent again")
      #expect(try await line.get("/till/v1/members?identifier=1001").text("tier") == "gold")
      for (plan, member, code, status) in [
        ("plus", nil, "subscription_tried", 409), ("bare", nil, "subscription_no_trial", 409),
        ("none", nil, "subscription_plan_unknown", 404), ("plus", "\(shop.boris)", "member_unknown", 404),
        ("plus", "somebody", "member_unknown", 404),
      ] {
        let refused = try await trial(plan, "trial-\(plan)-\(member ?? "anna")", of: member)
        #expect(try refused.text("code") == code && refused.status == status, "\(plan)")
      }
      let subscriptions = try await shop.database.read { tx in
        let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
        return try Subscriptions(of: programme, ids: shop.ids).periods(of: shop.anna, "plus", in: &tx)
      }
      #expect(subscriptions.map(\.kind) == [.trial] && subscriptions.first?.reason == "asked for at a till")
    }
  }

  @Test(arguments: TestDatabase.available) func `nothing is tried that is not sold, and by nobody who is blocked`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      try await Self.plans(shop, isOnSale: false)
      let line = try await shop.line()
      let path = "/till/v1/members/\(shop.anna)/trials/plus"
      #expect(try await line.post(path, Array("{}".utf8), key: "trial-0002").text("code") == "subscription_not_sold")
      try await Self.plans(shop)
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      try await shop.database.write { tx in
        let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
        try programme.members.block(shop.anna, because: "lost", by: change, in: &tx)
      }
      #expect(try await line.post(path, Array("{}".utf8), key: "trial-0003").text("code") == "member_blocked")
    }
  }
}
