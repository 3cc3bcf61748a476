import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Merges while the shop is open.
@Suite struct MergeRushTests {
  @Test(arguments: TestDatabase.available)
  func `64 tills sell to either card while they become one and two again, and nothing is lost`(
    on kind: TestDatabase
  ) async throws {
    try await MergeShop.on(kind) { shop in
      try await shop.give(1_000, to: shop.anna, key: "a")
      try await shop.give(1_000, to: shop.double, life: .days(30), key: "b")
      try await shop.sell(500, 1, to: 2)
      let answers = try await withThrowingTaskGroup(of: Sold?.self) { group in
        for till in Int64(1)...64 {
          group.addTask { try await shop.sell(till, 1 + till % 3, to: Int(1 + till % 2), spend: till % 4 == 0 ? 10 : 0) }
        }
        group.addTask {
          for round in 1...4 {
            try await shop.merge(key: "merge \(round)")
            if round == 2 { try await shop.takeBack(round == 2 ? 1 : 2, 1, of: 500) }
            if round < 4 { try await shop.unmerge(key: "unmerge \(round)") }
          }
          return nil
        }
        return try await group.reduce(into: [Sold]()) { if let sold = $1 { $0.append(sold) } }
      }
      #expect(answers.count == 64 && answers.allSatisfy { $0.discrepancies.isEmpty })
      let (earned, spent) = answers.reduce((Int64(0), Int64(0))) { ($0.0 + $1.earned.units, $0.1 + $1.spent.units) }
      #expect(spent == 160)
      let wallet = try await shop.wallet(shop.anna)
      #expect(wallet.active.units == 2_000 + earned - spent && wallet.history.purchases == 64)
      #expect(try await shop.stamps(shop.anna) == answers.count.stampsOfTills)
      let report = try await shop.audit()
      #expect(report.isClean && report.receipts == 65 && report.accounts[.moved] == 0, "\(report.differences)")
      // The same receipts sent again have one effect, whoever they were sold to.
      for till in Int64(1)...8 { try await shop.sell(till, 1 + till % 3, to: Int(1 + till % 2), spend: till % 4 == 0 ? 10 : 0) }
      #expect(try await shop.wallet(shop.anna) == wallet)
    }
  }

  @Test(arguments: TestDatabase.available) func `points that a till set aside are there when the receipt comes`(
    on kind: TestDatabase
  ) async throws {
    try await MergeShop.on(kind) { shop in
      try await shop.give(100, to: shop.double, key: "a")
      try await shop.give(5, to: shop.anna, key: "b")
      let hold = try await shop.ground.write { tx -> HoldID? in
        let shopper = try shop.programme.shopper(shop.double, shown: .possessed, at: MergeShop.noon, in: &tx)
        return try shop.receipts.calculate(
          shop.basket(3, spend: 90), for: shopper, holding: HoldWish(), at: MergeShop.noon, in: &tx
        ).hold
      }
      try await shop.merge()
      #expect(try await shop.wallet(shop.anna).held == Points(units: 90))
      let waiting = await #expect(throws: Problem.self) { try await shop.unmerge() }
      #expect(waiting?.code == "points_held")
      let sold = try await shop.sell(1, 3, to: 2, spend: 90, hold: hold)
      #expect(sold.discrepancies.isEmpty && sold.spent == Points(units: 90))
      #expect(try await shop.wallet(shop.anna).held == .zero)
      try await shop.unmerge()
      #expect(try await shop.wallet(shop.double).active == Points(units: 10))
      let report = try await shop.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `a hold that ended before its receipt is still what the till was promised`(
    on kind: TestDatabase
  ) async throws {
    try await MergeShop.on(kind) { shop in
      try await shop.give(50, to: shop.double, key: "a")
      let hold = try await shop.ground.write { tx -> HoldID? in
        let shopper = try shop.programme.shopper(shop.double, shown: .possessed, at: MergeShop.noon, in: &tx)
        return try shop.receipts.calculate(
          shop.basket(3, spend: 50), for: shopper, holding: HoldWish(until: MergeShop.noon + .minutes(5)), at: MergeShop.noon,
          in: &tx
        ).hold
      }
      try await shop.merge()
      let later = MergeShop.noon + .hours(2)
      try await shop.sell(1, 3, to: 1, spend: 50, at: later)
      // The till states what it had been promised.
      let stated = [Sale.StatedLine(amount: Money(minor: 25_000), paidWithPoints: Money(minor: 5_000))]
      let sold = try await shop.sell(2, 3, to: 2, spend: 50, hold: hold, stating: stated, at: later)
      #expect(sold.discrepancies.map(\.cause) == [.amount, .lateConfirm])
      let report = try await shop.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available) func `what one could have once both have had once`(on kind: TestDatabase) async throws {
    try await MergeShop.on(kind) { shop in
      #expect(try await shop.sell(1, 6, to: 2).amount == Money(minor: 59_000), "ten roubles off, once for each member")
      try await shop.merge()
      #expect(try await shop.sell(2, 6, to: 1).amount == Money(minor: 60_000))
      try await shop.unmerge()
      #expect(try await shop.sell(3, 6, to: 1).amount == Money(minor: 59_000), "the other one had it, not this one")
      #expect(try await shop.sell(4, 6, to: 2).amount == Money(minor: 60_000))
      #expect(try await shop.audit().isClean)
    }
  }

  @Test(arguments: TestDatabase.available) func `a sale to members who never were merged asks nothing more`(
    on kind: TestDatabase
  ) async throws {
    try await MergeShop.on(kind) { shop in
      try await shop.give(100, to: shop.third, key: "a")
      func count(_ member: MemberID) async throws -> Int {
        try await shop.ground.database.read { tx in
          let counted = StatementCount()
          var seen = tx.seen { CountingConnection($0, counted) }
          let found = try shop.programme.identify(Showing(.member(member), shown: .scanned), at: MergeShop.noon, in: &seen)
          _ = try shop.receipts.calculate(shop.basket(2), for: found.shopper, at: MergeShop.noon, in: &seen)
          return counted.value
        }
      }
      #expect(try await count(shop.third) == 2)
      try await shop.merge()
      #expect(try await count(shop.third) == 2)
      #expect(try await count(shop.anna) == 2, "nor to whoever stands for another")
      #expect(try await count(shop.double) == 3, "one more for whoever is named by an id of before")
    }
  }
}

extension Int {
  /// What tills one to this many put on the cards: one, two or three pieces each.
  fileprivate var stampsOfTills: Int64 { (Int64(1)...Int64(self)).reduce(0) { $0 + 1 + $1 % 3 } }
}
