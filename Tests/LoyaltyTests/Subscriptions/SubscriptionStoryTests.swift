import Access
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What the card tells of subscriptions.
@Suite struct SubscriptionStoryTests {
  @Test(arguments: TestDatabase.available) func `a subscription that began, was prolonged and ended is told so, page by page`(
    on kind: TestDatabase
  ) async throws {
    try await SubscriptionShop.on(kind) { shop in
      func story(before: EventID? = EventID(.max), limit: Int = 30) async throws -> SubscriptionStory {
        let subscriptions = Subscriptions(of: shop.programme, ids: shop.ground.ids)
        return try await shop.ground.read { tx in
          try subscriptions.story(of: shop.anna, besides: [], changesBefore: before, limit: limit, in: &tx)
        }
      }
      let nothing = try await story()
      #expect(nothing.present.isEmpty && nothing.changes.isEmpty)
      try await shop.sell(1, plus: 1, to: shop.anna)
      try await shop.sell(2, plus: 1, to: shop.anna, at: SubscriptionShop.day("2027-02-10"))
      try await shop.tick(at: SubscriptionShop.day("2027-04-05"))
      let all = try await story()
      #expect(all.changes.map(\.kind) == [.ended, .renewed, .started] && all.changes.allSatisfy { $0.plan == "plus" })
      #expect(all.present.map(\.state) == [.ended] && all.present.first?.plan == "plus")
      let (first, ended) = (try await story(limit: 2).changes, all.changes.first?.at)
      #expect(first.map(\.kind) == [.ended, .renewed] && ended == SubscriptionShop.day("2027-04-05"))
      let rest = try await story(before: first.last?.id)
      #expect(rest.changes.map(\.kind) == [.started] && rest.present == all.present)
      #expect(try await story(before: nil).changes.isEmpty)
    }
  }
}
