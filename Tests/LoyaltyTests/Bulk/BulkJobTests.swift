import Access
import Calculator
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Actions on segments as jobs of the queue.
@Suite struct BulkJobTests {
  @Test(arguments: TestDatabase.available) func `a job counts, carries out and says how far it is`(on kind: TestDatabase)
    async throws
  {
    try await BulkShop.on(kind, members: 10) { shop in
      let (queue, now) = (JobQueue(), BulkShop.noon + .minutes(1))
      func turn() async throws -> Int {
        let jobs = try await shop.ground.write { tx in try queue.claim([BulkActions.job], upTo: 5, as: "one", at: now, in: &tx) }
        for job in jobs {
          try await shop.work.perform(job)
          _ = try await shop.ground.write { tx in try queue.done(job, in: &tx) }
        }
        return jobs.count
      }
      let id = try await shop.ground.write { tx in
        try shop.actions.ask(
          .points(Points(units: 100), course: nil, note: "a queue"), for: "crowd", called: "by a job",
          request: RequestKey("by a job"), by: shop.change(), in: &tx)
      }
      #expect(try await turn() == 1)
      let asked = try await shop.action(id)
      #expect(asked.state == .ready && asked.tally.due == 10)
      _ = try await shop.confirm(asked)
      #expect(try await turn() == 1)
      #expect(try await shop.action(id).state == .done)
      #expect(try await turn() == 0)
    }
  }
}
