import Access
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Points of bulk actions in the limits of the operator who confirmed them.
@Suite struct BulkLimitTests {
  private static let hundred = BulkDeed.points(Points(units: 100), course: nil, note: "a queue")
  private static let limits: (String, JSON) = (
    "guard", .object(["limits": [GuardShop.limit("operator", "by-hand", days: 7, soft: "300", hard: "500")]])
  )

  private static func alerts(_ shop: BulkShop) async throws -> [GuardAlert] {
    try await shop.ground.read { tx in
      try GuardAlerts(of: shop.programme).all(GuardAlert.State.allCases, limit: 100, in: &tx)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `alert at a soft limit, and ask for a second person at a hard one`(on kind: TestDatabase) async throws {
    try await BulkShop.on(kind, members: 3, more: [Self.limits]) { shop in
      let first = try await shop.carryOut(Self.hundred, "first")
      #expect(first.state == .done && first.tally.changed == 3)
      let soft = try await Self.alerts(shop)
      #expect(soft.map(\.place.subject) == ["staff:olga"] && soft.map(\.isHard) == [false] && soft.map(\.figure) == [300])
      let second = try await shop.ask(Self.hundred, "second")
      let told = try await shop.ground.read { tx in try shop.actions.overLimit(second, by: shop.change(), in: &tx) }
      #expect(told?.ru.contains("500") == true && told?.en.contains("200 are left") == true, "\(String(describing: told))")
      #expect(try await shop.confirm(second).state == .asked)
      try await shop.perform(second.id)
      #expect(try await shop.points(shop.members[0]) == 100)
      await #expect(throws: Problem.self, "one's own") {
        try await shop.ground.write { tx in try shop.actions.decide(second.id, grants: true, by: shop.change(), in: &tx) }
      }
      try await shop.ground.write { tx in
        try shop.actions.decide(second.id, grants: true, by: shop.change(Actor(.staff, "vera")), in: &tx)
      }
      try await shop.perform(second.id)
      #expect(try await shop.action(second.id).state == .done)
      #expect(try await shop.points(shop.members[0]) == 200)
      let hard = try await Self.alerts(shop).filter(\.isHard)
      #expect(hard.map(\.figure) == [600], "what somebody agreed to counts all the same")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an action that reaches the limit on its way waits for somebody, and gives nothing more till then`(
    on kind: TestDatabase
  ) async throws {
    try await BulkShop.on(kind, members: 3, more: [Self.limits]) { shop in
      let asked = try await shop.ask(Self.hundred)
      #expect(try await shop.confirm(asked).state == .running, "300 of 500")
      let gift = Adjustment(Points(units: 300), because: .goodwill, note: "the milk was sour")
      try await shop.ground.write { tx in
        _ = try Wallets(of: shop.programme, ids: shop.ground.ids).adjust(
          gift, of: shop.members[0], request: RequestKey("by hand"), by: shop.change(), in: &tx)
      }
      for _ in 1...2 { try await shop.perform(asked.id) }
      let held = try await shop.action(asked.id)
      #expect(held.state == .asked && held.tally.changed == 0 && held.tally.due == 3)
      #expect(try await shop.points(shop.members[1]) == 0)
      try await shop.ground.write { tx in
        try shop.actions.decide(asked.id, grants: false, by: shop.change(Actor(.staff, "vera")), in: &tx)
      }
      #expect(try await shop.action(asked.id).state == .dropped)
      // Deeds that give no points ask nobody.
      let listed = try await shop.carryOut(.list("tag", isIn: true), "list")
      #expect(listed.state == .done && listed.tally.changed == 3)
    }
  }
}
