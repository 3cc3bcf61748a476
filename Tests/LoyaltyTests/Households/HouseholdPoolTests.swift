import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Points of a household at the till.
@Suite struct HouseholdPoolTests {
  @Test(arguments: TestDatabase.available)
  func `a buyer pays with own points first, then with what of the others ends first, and every way back restores every lot`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind, promotions: [Till.fiveBack]) { shop in
      let (anna, boris, vera) = (shop.members[0], shop.members[1], shop.members[2])
      try await shop.found(2)
      try await shop.give(50, to: anna, days: 300)
      try await shop.give(100, to: boris, days: 100)
      try await shop.give(100, to: boris, days: 40)
      try await shop.give(100, to: vera, days: 60, kind: .promotional)
      try await shop.give(900, to: shop.members[3])
      let before = (try await shop.wallet(anna), try await shop.wallet(boris), try await shop.wallet(vera))
      let sold = try await shop.sell(1, 4, to: anna, spend: 220)
      #expect(sold.spent == Points(units: 220) && sold.amount == Money(minor: 18_000) && sold.discrepancies.isEmpty)
      #expect(sold.balance?.active == Points(units: 9) && sold.balance?.pooled == Points(units: 139))
      #expect(try await shop.wallet(boris).lots.map(\.amount.units) == [100])
      #expect(try await shop.active() == [9, 100, 30, 900])
      // Part by part, what was lent goes back before what was one's own.
      #expect(try await shop.takeBack(1, 1, of: 1).givenBack == Points(units: 55))
      #expect(try await shop.active() == [6, 100, 85, 900])
      try await shop.takeBack(2, 2, of: 1)
      #expect(try await shop.active() == [2, 195, 100, 900])
      try await shop.takeBack(3, 1, of: 1)
      let back = (try await shop.wallet(anna), try await shop.wallet(boris), try await shop.wallet(vera))
      #expect(back.0.lots == before.0.lots && back.1.lots == before.1.lots && back.2.lots == before.2.lots)
      // The whole at once, and a cancellation.
      try await shop.sell(2, 4, to: anna, spend: 220)
      try await shop.takeBack(4, 4, of: 2)
      #expect(try await shop.wallet(boris).lots == before.1.lots)
      try await shop.sell(3, 4, to: anna, spend: 220)
      try await shop.cancel(3)
      #expect(try await shop.active() == [50, 200, 100, 900])
      #expect(try await shop.wallet(vera).lots == before.2.lots)
      #expect(try await shop.wallet(boris).lots == before.1.lots)
      let report = try await shop.audit()
      #expect(report.isClean && report.accounts[.pooled] == 0 && report.recalculated == 3, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `nobody pays with the points of who is blocked; what was set aside before stays so`(on kind: TestDatabase) async throws {
    try await HouseholdShop.on(kind) { shop in
      let (anna, boris) = (shop.members[0], shop.members[1])
      let household = try await shop.found(2)
      try await shop.give(100, to: boris)
      try await shop.give(30, to: shop.members[2])
      let quote = try await shop.quote(3, to: anna, spend: 90, hold: "before")
      let hold = try #require(quote.hold)
      try await shop.ground.write { tx in try shop.programme.members.block(boris, because: "lost", by: shop.change(), in: &tx) }
      let pool = try await shop.ground.read { tx in
        try shop.households.pool(of: household, at: HouseholdShop.noon, ids: shop.ground.ids, in: &tx)
      }
      #expect(pool.total == .zero || pool.total == Points(units: 30))
      #expect(pool.parts.first { $0.member == boris }?.lendable == .zero)
      #expect(try await shop.quote(2, to: anna, spend: 50).calculation.pointsSpent.units <= 30)
      #expect(try await shop.sell(1, 3, to: anna, spend: 90, hold: hold).spent == Points(units: 90), "the hold had promised it")
      #expect(try await shop.sell(2, 1, to: anna, spend: 60).spent.units <= 30)
      #expect(try await shop.wallet(boris).active.units >= 10)
      try await shop.ground.write { tx in try shop.programme.members.unblock(boris, because: "found", by: shop.change(), in: &tx) }
      #expect(try await shop.sell(3, 1, to: anna, spend: 10).spent == Points(units: 10))
      let report = try await shop.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `what a till is offered includes the pool, and who may spend it is obeyed`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind) { shop in
      let household = try await shop.found(2)
      try await shop.give(10, to: shop.members[1])
      try await shop.give(70, to: shop.members[0])
      try await shop.give(500, to: shop.members[2], kind: .targeted(PromotionID(9)))
      let quote = try await shop.quote(1, to: shop.members[1], spend: 80)
      #expect(quote.calculation.pointsSpent == Points(units: 80))
      #expect(quote.calculation.tradeOff.last?.spend == Points(units: 80), "points for some goods are one member's")
      try await shop.ground.write { tx in
        try shop.households.change(household, spenders: .owner, by: shop.change(), in: &tx)
      }
      #expect(try await shop.quote(1, to: shop.members[1], spend: 80).calculation.pointsSpent == Points(units: 10))
      #expect(try await shop.quote(1, to: shop.members[0], spend: 80).calculation.pointsSpent == Points(units: 80))
      // The till took them all the same: the buyer's own go, the rest is nobody's.
      let sold = try await shop.sell(1, 1, to: shop.members[1], spend: 80, takes: true)
      #expect(sold.discrepancies.contains(Discrepancy(.points, stated: 80, expected: 10)) && sold.balance?.pooled == nil)
      #expect(try await shop.active()[0] == 70)
      // Whoever only names a number spends nobody's points.
      let typed = try await shop.sell(2, 1, to: shop.members[0], spend: 50, shown: .typed)
      #expect(typed.spent == .zero && typed.amount == Money(minor: 10_000))
      #expect(try await shop.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `grown-ups spend and children do not, by their birthdays`(on kind: TestDatabase)
    async throws
  {
    try await HouseholdShop.on(kind, households: .object(["spenders": "adults"])) { shop in
      try await shop.found(2)
      try await shop.give(100, to: shop.members[0])
      let child = Person(givenName: "Петя", birthday: CivilDay("2012-03-01"))
      let unknown = Person(givenName: "Кто-то")
      try await shop.ground.write { tx in
        try shop.programme.members.change(shop.members[1], kind: .person, person: child, by: shop.change(), in: &tx)
        try shop.programme.members.change(shop.members[2], kind: .person, person: unknown, by: shop.change(), in: &tx)
      }
      #expect(try await shop.quote(1, to: shop.members[1], spend: 40).calculation.pointsSpent == .zero)
      #expect(try await shop.quote(1, to: shop.members[2], spend: 40).calculation.pointsSpent == .zero)
      let later = Instant("2030-03-01T09:00:00Z") ?? HouseholdShop.noon
      try await shop.give(100, to: shop.members[0], at: later)
      #expect(try await shop.quote(1, to: shop.members[1], spend: 40, at: later).calculation.pointsSpent == Points(units: 40))
    }
  }

  @Test(arguments: TestDatabase.available) func `points set aside wait for their receipt, whoever leaves meanwhile`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind) { shop in
      let (anna, boris) = (shop.members[0], shop.members[1])
      let household = try await shop.found(2)
      try await shop.give(30, to: anna)
      try await shop.give(100, to: boris)
      let hold = try #require(try await shop.quote(1, to: anna, spend: 90, hold: "first").hold)
      #expect(try await shop.quote(1, to: anna, spend: 90, hold: "first").hold == hold, "asked again it is one hold")
      #expect(try await shop.wallet(anna).held == Points(units: 30))
      #expect(try await shop.wallet(boris).held == Points(units: 60))
      #expect(try await shop.quote(1, to: shop.members[2], spend: 90).calculation.pointsSpent == Points(units: 40))
      // What a member lends is not theirs to let go.
      try await shop.ground.write { tx in try shop.receipts.release(hold, of: boris, at: HouseholdShop.noon, in: &tx) }
      #expect(try await shop.wallet(boris).held == Points(units: 60))
      try await shop.ground.write { tx in try shop.households.leave(boris, by: shop.change(), in: &tx) }
      #expect(try await shop.quote(1, to: shop.members[2], spend: 90).calculation.pointsSpent == .zero)
      let sold = try await shop.sell(1, 1, to: anna, spend: 80, hold: hold)
      #expect(sold.discrepancies.isEmpty && sold.spent == Points(units: 80))
      #expect(try await shop.active() == [0, 50, 0, 0], "what was held and not taken is free")
      #expect(try await shop.wallet(boris).held == .zero)
      try await shop.takeBack(1, 1, of: 1)
      #expect(try await shop.active() == [30, 100, 0, 0], "to where it came from, although he left")
      // And where the buyer leaves.
      try await shop.join(boris, household)
      let second = try #require(try await shop.quote(1, to: anna, spend: 90, hold: "second").hold)
      try await shop.ground.write { tx in try shop.households.leave(anna, by: shop.change(), in: &tx) }
      #expect(try await shop.standing(household).household.owner == shop.members[2], "the longest there owns it next")
      #expect(try await shop.sell(2, 1, to: anna, spend: 90, hold: second).discrepancies.isEmpty)
      #expect(try await shop.active() == [0, 40, 0, 0])
      let report = try await shop.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `a hold that is let go or ends by itself frees everybody's points`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind) { shop in
      let (anna, boris) = (shop.members[0], shop.members[1])
      try await shop.found(1)
      try await shop.give(30, to: anna)
      try await shop.give(100, to: boris)
      let hold = try #require(try await shop.quote(1, to: anna, spend: 90, hold: "first").hold)
      try await shop.ground.write { tx in try shop.receipts.release(hold, of: anna, at: HouseholdShop.noon, in: &tx) }
      #expect(try await shop.active() == [30, 100, 0, 0])
      // The receipt comes when the hold has ended and the points are gone: the house's cost, never the shopper's.
      let late = try #require(try await shop.quote(1, to: anna, spend: 90, hold: "second").hold)
      let evening = HouseholdShop.noon + .hours(5)
      try await shop.sell(1, 1, to: boris, spend: 95, at: evening)
      let sold = try await shop.sell(2, 1, to: anna, spend: 90, hold: late, takes: true, at: evening)
      #expect(sold.spent == Points(units: 90))
      #expect(
        sold.discrepancies.contains(Discrepancy(.lateConfirm, stated: 55, expected: 0)), "of 90, what the two still had is theirs")
      let report = try await shop.audit()
      #expect(report.isClean && report.accounts[.discrepancy, default: 0] == 0, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `where pooling is off a household is only something that rules can ask about`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind, households: .object(["pools": false])) { shop in
      try await shop.found(1)
      try await shop.give(100, to: shop.members[1])
      #expect(try await shop.quote(1, to: shop.members[0], spend: 50).calculation.pointsSpent == .zero)
      let sold = try await shop.sell(1, 1, to: shop.members[0], spend: 50, takes: true)
      #expect(sold.balance?.pooled == nil && sold.discrepancies.contains(Discrepancy(.points, stated: 50, expected: 0)))
      #expect(try await shop.active() == [0, 100, 0, 0])
      let report = try await shop.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }
}
