import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Households while the shop is open.
@Suite struct HouseholdRushTests {
  @Test(arguments: TestDatabase.available)
  func `64 tills spend the last points of one household: exactly what is there, and nothing below nothing`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind, members: 6) { shop in
      try await shop.found(5)
      for (place, member) in shop.members.enumerated() { try await shop.give(100, to: member, days: 60 + place) }
      let answers = try await withThrowingTaskGroup(of: Sold.self) { group in
        for till in Int64(1)...64 {
          group.addTask { try await shop.sell(till, 1, to: shop.members[Int(till % 6)], spend: 17) }
        }
        return try await group.reduce(into: [Sold]()) { $0.append($1) }
      }
      #expect(answers.count == 64 && answers.allSatisfy { $0.discrepancies.isEmpty })
      #expect(answers.reduce(0) { $0 + $1.spent.units } == 600, "35 times 17, once 5, then nothing")
      #expect(answers.count { $0.spent.units == 17 } == 35 && answers.count { $0.spent.units == 5 } == 1)
      #expect(try await shop.active() == [0, 0, 0, 0, 0, 0])
      // Everything comes back at once, to where it was.
      try await withThrowingTaskGroup(of: Void.self) { group in
        for till in Int64(1)...64 { group.addTask { try await shop.takeBack(till, 1, of: till) } }
        try await group.waitForAll()
      }
      #expect(try await shop.active() == [100, 100, 100, 100, 100, 100])
      let report = try await shop.audit()
      #expect(report.isClean && report.receipts == 64 && report.returns == 64, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `members come and go while tills sell to them, and no point is lost`(on kind: TestDatabase) async throws {
    try await HouseholdShop.on(kind, members: 5) { shop in
      let household = try await shop.found(4)
      for member in shop.members { try await shop.give(200, to: member) }
      let spent = try await withThrowingTaskGroup(of: Int64.self) { group in
        for till in Int64(1)...32 {
          group.addTask { try await shop.sell(till, 1, to: shop.members[Int(till % 4)], spend: 40).spent.units }
        }
        group.addTask {
          for _ in 1...4 {
            try await shop.ground.write { tx in try shop.households.leave(shop.members[4], by: shop.change(), in: &tx) }
            try await shop.join(shop.members[4], household)
          }
          return 0
        }
        return try await group.reduce(0, +)
      }
      #expect(try await shop.active().reduce(0, +) == 1_000 - spent)
      let report = try await shop.audit()
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `of eight who ask at once as many join as there is room for, and one who is asked twice is in one household`(
    on kind: TestDatabase
  ) async throws {
    try await HouseholdShop.on(kind, members: 10, households: .object(["members": 4, "coolingOffDays": 0])) { shop in
      let first = try await shop.found(0)
      let other = try await shop.ground.write { tx in
        try shop.households.make("", by: shop.members[9], shop.change(), in: &tx).household.id
      }
      let joined = try await withThrowingTaskGroup(of: Bool.self) { group in
        for place in 1...8 {
          for (household, owner) in [(first, shop.members[0]), (other, shop.members[9])] {
            group.addTask {
              do {
                try await shop.ground.write { tx in
                  _ = try shop.households.invite(shop.members[place], by: owner, shop.change(), in: &tx)
                  _ = try shop.households.accept(
                    household, by: shop.members[place], .told(reason: "here"), shop.change(), in: &tx)
                }
                return true
              } catch is Problem { return false }
            }
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      let (one, two) = (try await shop.standing(first).members, try await shop.standing(other).members)
      #expect(joined == 6 && one.count == 4 && two.count == 4)
      #expect(Set((one + two).map(\.member)).count == 8, "nobody is in both")
    }
  }
}
