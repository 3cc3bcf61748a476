import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What returns do where points have gone to others. Each row of the table in the marketer's guide.
@Suite struct TransferReturnTests {
  /// One point for a rouble of goods: enough to give away.
  private static func open(
    _ kind: TestDatabase, _ policy: NegativePolicy, _ body: @Sendable (HouseholdShop) async throws -> Void
  ) async throws {
    try await TransferShop.on(kind, more: [JSON.Member("points", .object(["negative": .string(policy.rawValue)]))]) { known in
      let earning = Till.promotion(3, .earnRate(.percent(100)))
      let shelf = RuleShelf(RuleBook(version: 1, terms: known.programme.settings.terms, promotions: [earning]))
      try await body(
        HouseholdShop(
          ground: known.ground, programme: known.programme, shelf: shelf,
          receipts: Receipts(of: known.programme, rules: shelf, ids: known.ground.ids), members: known.members))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `earned points that were given away count as spent: down to nought, the receiver keeps them`(on kind: TestDatabase)
    async throws
  {
    try await Self.open(kind, .neverBelowZero) { shop in
      let sold = try await shop.sell(1, 1, to: shop.members[0])
      let earned = sold.earned.units
      #expect(earned == 100)
      try await shop.transfer(70, from: 0, to: 1, key: "a")
      let answer = try await shop.takeBack(1, 1, of: 1)
      #expect(answer.takenBack.units == 100)
      #expect(try await shop.active() == [0, 70, 0, 0])
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available)
  func `where wallets go below nought the giver owes them`(on kind: TestDatabase) async throws {
    try await Self.open(kind, .belowZero) { shop in
      try await shop.sell(1, 1, to: shop.members[0])
      try await shop.transfer(70, from: 0, to: 1, key: "a")
      try await shop.donate(30, from: 0, key: "b")
      try await shop.takeBack(1, 1, of: 1)
      #expect(try await shop.active() == [-100, 70, 0, 0])
      #expect(await shop.refusal(1, from: 0, to: 2) == "insufficient_points", "what is owed is not given")
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available)
  func `points that came from another and were spent come back to who spent them`(on kind: TestDatabase) async throws {
    try await TransferShop.on(kind) { shop in
      try await shop.give(50, to: shop.members[0], days: 100)
      let made = try await shop.transfer(50, from: 0, to: 1, key: "a")
      try await shop.sell(1, 1, to: shop.members[1], spend: 50)
      #expect(try await shop.active() == [0, 0, 0, 0])
      try await shop.takeBack(1, 1, of: 1)
      #expect(try await shop.active() == [0, 50, 0, 0])
      #expect(
        try await shop.undo(made, at: TransferShop.noon + .hours(2)).undone?.points.units == 50, "and can be taken back again")
      #expect(try await shop.active() == [50, 0, 0, 0])
      #expect(try await shop.isClean())
    }
  }
}
