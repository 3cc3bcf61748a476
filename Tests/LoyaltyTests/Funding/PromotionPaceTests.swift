import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct PromotionPaceTests {
  @Test(arguments: TestDatabase.available) func `a pace is what whole days gave since the first one, less what came back in them`(
    on kind: TestDatabase
  ) async throws {
    let off = Till.promotion(2, .amount(Money(minor: 1_000)))
    try await FundingShop.on(kind, promotions: [off]) { shop in
      let today = Zone.moscow.businessDay(at: Till.noon, dayStart: .midnight)
      for (number, days) in [(Int64(1), 10), (2, 3), (3, 2), (4, 2), (5, 0)] {
        try await shop.sell(number, milk: 1, at: Till.noon - .days(Int64(days)), days: -days, posted: Till.noon)
      }
      try await shop.takeBack(6, of: 4, milk: 1, days: -1, soldBefore: 2)
      try await shop.take(try await shop.events())
      func pace(_ promotion: Int64, before day: CivilDay) async throws -> PromotionPace {
        try await shop.till.database.read { tx in
          try PromotionPace.read(of: Till.account, PromotionID(promotion), before: day, in: &tx)
        }
      }
      let first = today.adding(days: -10)
      let now = try await pace(2, before: today)
      #expect(
        now == PromotionPace(days: 7, given: Used(uses: 3, money: Money(minor: 2_000)), firstDay: first), "a week, today left out")
      let early = try await pace(2, before: today.adding(days: -8))
      #expect(
        early == PromotionPace(days: 2, given: Used(uses: 1, money: Money(minor: 1_000)), firstDay: first), "as many as there are")
      let begin = try await pace(2, before: first)
      #expect(begin == PromotionPace(days: 0, given: .nothing, firstDay: first))
      let other = try await pace(3, before: today)
      #expect(other == PromotionPace(days: 0, given: .nothing, firstDay: nil))
    }
  }
}
