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

/// How long whom an action concerned is kept.
@Suite struct BulkRetentionTests {
  @Test(arguments: TestDatabase.available) func `whom it concerned is forgotten in time, and then it is not undone`(
    on kind: TestDatabase
  ) async throws {
    try await BulkShop.on(kind) { shop in
      let done = try await shop.carryOut(.attribute("animal", .text("cat")))
      let waiting = try await shop.ask(.attribute("animal", .text("dog")), "another")
      let ended = try #require(done.endedAt)
      func sweep(_ moment: Instant) async throws -> Int64 {
        var rows = Int64(0)
        while true {
          let gone = try await shop.ground.write { tx in
            try BulkRetention.sweep(before: moment, at: ended + .days(400), in: &tx)
          }
          guard gone > 0 else { return rows }
          rows += Int64(gone)
        }
      }
      func members(_ action: BulkAction) async throws -> Int {
        try await shop.ground.read { tx in try shop.actions.members(of: action.id, limit: 1_000, in: &tx) }.count
      }
      #expect(try await sweep(ended) == 0, "what ended just then is kept")
      #expect(try await shop.action(done.id) == done)
      // Each member's row, and the action's own twice: given up, and bare.
      #expect(try await sweep(ended + .seconds(1)) == done.tally.all + 2)
      let bare = try await shop.action(done.id)
      #expect(bare.forgottenAt == ended + .days(400) && bare.tally == done.tally && bare.state == .done)
      #expect(try await members(done) == 0)
      #expect(try await members(waiting) == Int(waiting.tally.all), "what has not ended is kept")
      let refused = await #expect(throws: Problem.self) { _ = try await shop.undo(done) }
      #expect(refused?.code == "bulk_members_forgotten")
      #expect(try await shop.attribute(shop.members[0]) == .text("cat"))
    }
  }
}
