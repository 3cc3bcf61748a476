import Access
import Engagement
import Jobs
import Kernel
import Storage
import Synchronization
import TestKit
import Testing

@Suite struct `webhooks that are looked after` {
  @Test(arguments: TestDatabase.available)
  func `go to another address and hear other kinds once they are changed, and not to one that is taken`(on kind: TestDatabase)
    async throws
  {
    try await HookShop.on(kind) { shop in
      let inbox = Inbox()
      let made = try await shop.add("https://pantry.example/old", kinds: [.memberBlocked])
      _ = try await shop.add("https://pantry.example/taken", kinds: [.memberErased])
      let (hooks, change) = (shop.webhooks, shop.change)
      func refusal(_ id: WebhookID, _ url: String, of hooks: Webhooks) async throws -> String? {
        try await shop.refusal { tx in
          try hooks.change(id, to: url, kinds: [], under: HookShop.near, by: change, in: &tx)
        }?.code
      }
      #expect(try await refusal(made.id, "https://pantry.example/taken", of: hooks) == "webhook_exists")
      #expect(try await refusal(made.id, "pantry.example", of: hooks) == "webhook_url")
      #expect(try await refusal(made.id, "https://larder.example/x", of: Webhooks(of: shop.stranger)) == "webhook_unknown")
      for _ in 0..<2 {
        try await shop.write { tx in
          try hooks.change(
            made.id, to: "https://pantry.example/new", kinds: [.memberJoined], under: HookShop.near, by: change, in: &tx)
        }
      }
      try await shop.join(1)
      try await shop.deliver(send: inbox.sender)
      #expect(inbox.all.map { "\($0.url)" } == ["https://pantry.example/new"])
      let acts = try await shop.read { tx in try AuditTrail(of: shop.account).entries(of: made.id, limit: 9, in: &tx).map(\.act) }
      #expect(acts == ["webhook.changed", "webhook.made"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `send a span again as a job that stops between steps and goes on from there`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      let made = try await shop.add("https://pantry.example/hook")
      let (account, change) = (shop.account, shop.change)
      let steps = 3
      try await shop.write { tx in
        let events = (0..<Limits.bulk * steps).map { number in
          Event(.pointsMoved, id: shop.ids.next(at: change.at), owner: Int64(number), subject: 1, at: change.at)
        }
        for start in stride(from: 0, to: events.count, by: Limits.bulk) {
          try Outbox(of: account).put(Array(events[start..<start + Limits.bulk]), in: &tx)
        }
      }
      try await shop.fanOut()
      try await shop.write { tx in
        try ReplayJob.put(.range(after: 0, through: .max), to: made.id, of: account, by: change, in: &tx)
      }
      func claimed() async throws -> Job {
        try await shop.write { tx in
          try #require(try JobQueue().claim([ReplayJob.job], upTo: 1, as: "one", at: change.at, in: &tx).first)
        }
      }
      let job = try await claimed()
      let asked = Steps()
      // Stopped after the first step, as an instance that ends.
      await #expect(throws: JobPutOff.self) {
        try await ReplayJob.perform(job, on: shop.database, ids: shop.ids, now: { change.at }, until: { asked.next() > 1 })
      }
      try await shop.write { tx in try JobQueue().putBack(job, at: change.at, in: &tx) }
      let second = try await claimed()
      #expect(second.progress == JobProgress(done: Int64(Limits.bulk), total: Int64(Limits.bulk * steps)))
      _ = try await shop.write { tx in try JobQueue().stop(second.id, of: account, at: change.at, in: &tx) }
      await #expect(throws: JobStopped.self) {
        try await ReplayJob.perform(second, on: shop.database, ids: shop.ids, now: { change.at })
      }
      let left = try await shop.read { tx in try #require(try JobQueue().job(second.id, of: account, in: &tx)) }
      #expect(left.progress?.done == Int64(Limits.bulk * 2))
      try await ReplayJob.perform(left, on: shop.database, ids: shop.ids, now: { change.at })
      let replays = try await shop.read { tx in
        try AuditTrail(of: account).entries(of: made.id, limit: 50, in: &tx).filter { $0.act == "webhook.replayed" }.map {
          $0.after?["after"]
        }
      }
      #expect(replays == [.int(2000), .int(1000), .int(0)])
    }
  }
}

/// Counts how often it was asked.
private final class Steps: Sendable {
  private let place = Mutex(0)
  func next() -> Int {
    place.withLock { number in
      number += 1
      return number
    }
  }
}
