import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Turns that receipts bring and returns take back.
@Suite struct GameTurnTests {
  private static let details = GameShop.details(GameShop.table(GameShop.prize("mug", 500_000, .thing(cost: .zero))))

  /// Two turns for tea, one more for 500.00 of anything.
  private static func promotions(_ game: GameID) -> [Promotion] {
    [
      Till.promotion(3, .reward(.turns(2, game: "WHEEL", game)), target: .products(IDList([Till.tea]))),
      Till.promotion(
        4, .reward(.turns(1, game: "WHEEL", game)), condition: .amount(of: .everything, .reduced, Bounds(atLeast: 50_000))),
    ]
  }

  @Test(arguments: TestDatabase.available) func `a receipt brings turns once, and says so again`(on kind: TestDatabase) async throws
  {
    try await GameShop.open(kind, Self.details, promotions: Self.promotions) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      let first = try await till.sell(1, till.basket(tea: 2), to: anna)
      #expect(first.turns == [GivenTurns(game: shop.id, count: 3)])
      #expect(try await till.sell(1, till.basket(tea: 2), to: anna) == first, "asked again")
      // The second time the wallet is there, and the sale is worked out beside the writer.
      #expect(try await till.sell(2, till.basket(tea: 1), to: anna).turns == [GivenTurns(game: shop.id, count: 2)])
      #expect(try await till.sell(3, till.basket(milk: 1), to: anna).turns.isEmpty)
      #expect(try await till.sell(4, till.basket(tea: 1), to: .nobody).turns.isEmpty, "nobody plays")
      var offline = Sale(key: till.key(5), basket: till.basket(tea: 1), isOffline: true)
      offline.bodyHash = 5
      let answers = try await till.receipts.record(
        [OfflineSale(offline, by: anna, request: RequestKey("offline"))], at: Till.noon, in: till.database)
      #expect(try answers[0].get().turns == [GivenTurns(game: shop.id, count: 2)], "they wait with the member")
      let beside = try await till.sell(1, till.basket(tea: 3), to: anna, request: "another")
      #expect(beside.isBeside && beside.turns.isEmpty)
      #expect(try await shop.turns(1)?.given == 7)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available, ReturnTerms.Money.allCases)
  func `a return takes back turns that are not used`(on kind: TestDatabase, money: ReturnTerms.Money) async throws {
    try await Self.checkReturns(kind, money)
  }

  /// What the table of returns says of turns, used and not.
  static func checkReturns(_ kind: TestDatabase, _ money: ReturnTerms.Money) async throws {
    try await GameShop.open(kind, Self.details, promotions: Self.promotions, money: money) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      try await till.sell(1, till.basket(tea: 3), to: anna)
      #expect(try await shop.turns(1)?.left == 3)
      try await till.takeBack(till.goods(1, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "one of three")
      #expect(try await shop.turns(1)?.left == 3, "two teas still bring them")
      try await till.takeBack(till.goods(2, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "two of three")
      #expect(try await shop.turns(1)?.left == 2, "the threshold is lost")
      try await shop.draw(1, "used")
      try await till.takeBack(till.goods(3, of: 1, [.init(.line("2"), quantity: .pieces(1))]), request: "the last")
      let turns = try #require(try await shop.turns(1))
      #expect(turns.left == 0 && turns.used == 1 && turns.given == 1, "what was used stays")
      // Turns of another receipt are another's: they pay for nothing that was used here.
      try await till.sell(2, till.basket(tea: 1), to: anna)
      #expect(try await shop.turns(1)?.left == 2)
      let cancelled = try await till.database.write { tx in
        try till.receipts.cancel(till.key(2), by: anna, request: RequestKey("cancel"), at: Till.noon, in: &tx)
      }
      #expect(cancelled != nil)
      #expect(try await shop.turns(1)?.left == 0)
      // What came first is used first: a receipt whose turns are all used takes none of the next one's with it.
      try await till.sell(3, till.basket(tea: 3), to: anna)
      for number in 1...3 { try await shop.draw(1, "first \(number)") }
      try await till.sell(4, till.basket(tea: 1), to: anna)
      try await till.takeBack(till.goods(4, of: 3, [.init(.line("2"), quantity: .pieces(3))]), request: "all of the first")
      #expect(try await shop.turns(1)?.left == 2, "those of the next receipt")
      try await till.takeBack(till.goods(5, of: 4, [.init(.line("2"), quantity: .pieces(1))]), request: "the next")
      let last = try #require(try await shop.turns(1))
      #expect(last.left == 0 && last.given == 4)
      #expect(try await shop.isClean())
    }
    try await checkCancel(kind, money)
  }

  /// The till's cancel is the same: the turn that was used stays used, the other one goes.
  private static func checkCancel(_ kind: TestDatabase, _ money: ReturnTerms.Money) async throws {
    try await GameShop.open(kind, Self.details, promotions: Self.promotions, money: money) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      try await till.sell(5, till.basket(tea: 1), to: anna)
      try await shop.draw(1, "before the cancel")
      _ = try await till.database.write { tx in
        try till.receipts.cancel(till.key(5), by: anna, request: RequestKey("cancel 5"), at: Till.noon, in: &tx)
      }
      let after = try #require(try await shop.turns(1))
      #expect(after.left == 0 && after.used == 1)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available) func `sales that bring turns and draws that use them go side by side`(
    on kind: TestDatabase
  ) async throws {
    let table = GameShop.table(GameShop.prize("ten", 500_000, .points(Points(units: 10))))
    try await GameShop.open(kind, GameShop.details(table), promotions: Self.promotions) { shop in
      let (till, anna) = (shop.till, shop.till.shopper(1))
      try await shop.give(64, to: 1)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in Int64(1)...32 {
          group.addTask { try await till.sell(number, till.basket(tea: 1), to: anna) }
          group.addTask { try await shop.draw(1, "\(number)") }
        }
        try await group.waitForAll()
      }
      let turns = try #require(try await shop.turns(1))
      #expect(turns.given == 128 && turns.used == 32)
      #expect(try await shop.isClean())
    }
  }
}
