import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A member whose points the guard stops lends none, as one who is blocked.
@Suite struct HouseholdStopTests {
  private static func pool(_ shop: HouseholdShop, _ household: HouseholdID, at now: Instant = HouseholdShop.noon) async throws
    -> Int64
  {
    try await shop.ground.read { tx in
      try shop.households.pool(of: household, at: now, ids: shop.ground.ids, in: &tx).total.units
    }
  }

  @Test(arguments: TestDatabase.available)
  func `nobody pays with the points of who is stopped; what was set aside before stays so; the end of the stop ends it`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind) { shop in
      let (anna, boris, vera) = (shop.members[0], shop.members[1], shop.members[2])
      let household = try await shop.found(2)
      try await shop.give(100, to: boris, days: 40)
      try await shop.give(30, to: vera, days: 90)
      let quote = try await shop.quote(3, to: anna, spend: 40, hold: "before")
      let hold = try #require(quote.hold)
      let blocks = GuardBlocks(of: shop.programme)
      let block = try await shop.ground.write { tx in
        try blocks.block(
          GuardPlace(boris), because: "a stolen card", until: HouseholdShop.noon + .days(2), by: shop.change(), in: &tx)
      }
      #expect(try await Self.pool(shop, household) == 30)
      #expect(try await shop.quote(2, to: anna, spend: 100).calculation.pointsSpent == Points(units: 30))
      #expect(try await shop.sell(1, 3, to: anna, spend: 40, hold: hold).spent == Points(units: 40), "the hold had promised it")
      let other = try await shop.quote(2, to: anna, spend: 100, hold: "after")
      #expect(other.calculation.pointsSpent == Points(units: 30), "nor is anything of his set aside")
      let second = try #require(other.hold)
      try await shop.ground.write { tx in try shop.receipts.release(second, of: anna, at: HouseholdShop.noon, in: &tx) }
      #expect(try await shop.sell(2, 1, to: anna, spend: 60).spent == Points(units: 30))
      #expect(try await shop.active() == [0, 60, 0, 0])
      // It ends by itself, and somebody ends it.
      #expect(try await Self.pool(shop, household, at: HouseholdShop.noon + .days(2)) == 60)
      try await shop.ground.write { tx in try blocks.end(block, because: "it was found", by: shop.change(), in: &tx) }
      #expect(try await shop.sell(3, 1, to: anna, spend: 10).spent == Points(units: 10))
      #expect(try await shop.active() == [0, 50, 0, 0])
      let report = try await shop.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a limit's stop holds for its business day, and for no member outside the household`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind) { shop in
      let (anna, boris) = (shop.members[0], shop.members[1])
      let household = try await shop.found(1)
      for member in [boris, shop.members[2]] { try await shop.give(100, to: member) }
      let today = shop.key(1).day
      // As limits write it: no end but the day's.
      for (number, member) in [boris, shop.members[2]].enumerated() {
        try await shop.ground.write { tx in
          _ = try tx.run(
            """
            insert into guard_block (id, account_id, programme_id, kind, store_id, subject, reason, limit_code, day, made_at, made_by)
            values (\(Int64(900 + number)), \(shop.programme.account), \(shop.programme.id), \(GuardSubject.member.rawValue), 0,
              \("\(member)"), 'member-earned', 'member-earned', \(today), \(HouseholdShop.noon), 'system')
            """)
        }
      }
      #expect(try await Self.pool(shop, household) == 0)
      #expect(try await shop.sell(1, 1, to: anna, spend: 50).spent == .zero)
      let tomorrow = HouseholdShop.noon + .days(1)
      #expect(try await Self.pool(shop, household, at: tomorrow) == 100)
      #expect(try await shop.quote(1, to: anna, spend: 50, at: tomorrow).calculation.pointsSpent == Points(units: 50))
      #expect(try await shop.audit().isClean)
    }
  }
}
