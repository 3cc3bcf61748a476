import Access
import Customers
import Engagement
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `the webhooks of an account` {
  @Test(arguments: TestDatabase.available)
  func `are its own, and so is what they hear`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      let inbox = Inbox()
      let theirs = try await shop.add("https://larder.example/hook", to: shop.stranger)
      let ours = try await shop.add("https://pantry.example/hook")
      for number in 1...3 { try await shop.join(number) }
      try await shop.deliver(send: inbox.sender)
      #expect(inbox.all.count == 3 && inbox.all.allSatisfy { $0.url.host == "pantry.example" })
      let (ourHooks, theirHooks, change) = (shop.webhooks, Webhooks(of: shop.stranger), shop.change)
      #expect(try await shop.read { tx in try theirHooks.deliveries(of: theirs.id, limit: 9, in: &tx) }.isEmpty)
      #expect(try await shop.read { tx in try theirHooks.deliveries(of: ours.id, limit: 9, in: &tx) }.isEmpty)
      #expect(try await shop.read { tx in try ourHooks.all(in: &tx) }.map(\.id) == [ours.id])
      for verb in 0..<5 {
        let refusal = try await shop.refusal { tx in
          switch verb {
          case 0: _ = try theirHooks.webhook(ours.id, in: &tx)
          case 1: try theirHooks.pause(ours.id, because: "mine now", by: change, in: &tx)
          case 2: try theirHooks.resume(ours.id, by: change, in: &tx)
          case 3: _ = try theirHooks.rotateSecret(ours.id, keys: shop.keys, by: change, in: &tx)
          default: _ = try theirHooks.replay(ours.id, after: 0, through: 9, by: change, in: &tx)
          }
        }
        #expect(refusal?.code == "webhook_unknown", "\(verb)")
      }
      try await shop.write { tx in
        try theirHooks.remove(ours.id, by: change, in: &tx)
        #expect(try theirHooks.forgetDeliveries(of: ours.id, in: &tx) == 0)
      }
      #expect(try await shop.deliveries(of: ours.id).count == 3)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `hear of the kinds they want, from when they were added`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      let inbox = Inbox()
      let first = try await shop.join(1)
      try await shop.fanOut()
      _ = try await shop.add("https://pantry.example/blocks", kinds: [.memberBlocked, .memberErased])
      _ = try await shop.add("https://pantry.example/all")
      let (members, change) = (shop.programme.members, shop.change)
      try await shop.write { tx in
        try members.block(first, because: "lost", by: change, in: &tx)
        try members.unblock(first, because: "found", by: change, in: &tx)
        try members.erase(first, by: change, in: &tx)
      }
      try await shop.deliver(send: inbox.sender)
      func types(_ end: String) throws -> [JSON?] {
        try inbox.all.filter { $0.url.description.hasSuffix(end) }.map { try Inbox.document($0)["type"] }
      }
      #expect(try types("/blocks") == ["member.blocked", "member.erased"])
      #expect(try types("/all") == ["member.blocked", "member.unblocked", "member.erased"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `send again what is asked for`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      let inbox = Inbox()
      for number in 1...4 { try await shop.join(number) }
      try await shop.fanOut()
      let made = try await shop.add("https://pantry.example/hook")
      for number in 5...6 { try await shop.join(number) }
      try await shop.deliver(send: inbox.sender)
      let (hooks, change) = (shop.webhooks, shop.change)
      let next = try await shop.write { tx in try hooks.replay(made.id, after: 1, through: 5, by: change, in: &tx) }
      #expect(next == nil)
      try await shop.deliver(send: inbox.sender)
      let positions = try inbox.all.map { try Inbox.document($0)["position"] }
      #expect(positions == [5, 6, 2, 3, 4, 5])
      let ids = inbox.all.map { $0.headers.first { $0.name == "webhook-id" }?.value }
      #expect(ids[0] == ids[5])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `give up after many attempts, rest meanwhile, pause with a reason, and go on when resumed`(on kind: TestDatabase)
    async throws
  {
    try await HookShop.on(kind) { shop in
      let inbox = Inbox { _ in .status(503) }
      let made = try await shop.add("https://pantry.example/hook")
      for number in 1...10 { try await shop.join(number) }
      try await shop.deliver(send: inbox.sender)
      // Three failures are enough to leave the server alone for a while.
      #expect(inbox.all.count == 3)
      var rounds = 0
      while try await shop.webhook(made.id).state == .active, rounds < 500 {
        shop.wait(.minutes(10))
        rounds += 1
        try await shop.deliver(send: inbox.sender)
      }
      let paused = try await shop.webhook(made.id)
      guard case .paused(let reason) = paused.state else {
        Issue.record("it is still active")
        return
      }
      #expect(reason.contains("failures in a row") && reason.contains("answered 503"))
      #expect(shop.now - HookShop.start >= .days(1) && paused.failures >= Limits.webhookFailures)
      try await shop.join(11)
      try await shop.deliver(send: inbox.sender)
      #expect(try await shop.deliveries(of: made.id).count == 10)
      let (hooks, change, good) = (shop.webhooks, shop.change, Inbox())
      try await shop.write { tx in
        try hooks.resume(made.id, by: change, in: &tx)
        _ = try hooks.replayDead(made.id, by: change, in: &tx)
      }
      shop.wait(.hours(7))
      try await shop.deliver(send: good.sender)
      let deliveries = try await shop.deliveries(of: made.id)
      #expect(deliveries.count == 11 && deliveries.allSatisfy { $0.state == .delivered })
    }
  }

  @Test(arguments: TestDatabase.available)
  func `lay with the dead what was tried for three days`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      // Every other event arrives, so the webhook as a whole is well.
      let inbox = Inbox { $0 % 2 == 1 ? .failed("no answer in time") : .status(204) }
      let made = try await shop.add("https://pantry.example/hook")
      for number in 1...2 { try await shop.join(number) }
      try await shop.deliver(send: inbox.sender)
      for number in 3...100 {
        guard try await shop.deliveries(of: made.id).first?.state == .waiting else { break }
        shop.wait(.hours(8))
        try await shop.join(number)
        // First attempts go before retries.
        try await shop.deliver(send: Inbox { $0 == 1 ? .status(204) : .failed("no answer in time") }.sender)
      }
      let dead = try #require(try await shop.deliveries(of: made.id).first)
      #expect(dead.state == .dead && dead.attempts > 5 && dead.error == "no answer in time")
      #expect(shop.now - HookShop.start > .days(3))
      #expect(try await shop.webhook(made.id).state == .active)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are served by one instance at a time, and by another when the first is gone`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      let inbox = Inbox()
      _ = try await shop.add("https://pantry.example/hook")
      for number in 1...30 { try await shop.join(number) }
      try await shop.fanOut()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for holder in ["one", "two", "three"] {
          group.addTask {
            let postman = shop.postman(as: holder, send: inbox.sender)
            for _ in 0..<10 { _ = try await postman.turn() }
          }
        }
        try await group.waitForAll()
      }
      let positions = try inbox.all.map { try Inbox.document($0)["position"] }
      #expect(positions == (1...30).map { .int($0) })
      // An instance that died in the middle: its claim ends by itself.
      try await shop.join(31)
      try await shop.fanOut()
      let until = shop.now + Limits.claim
      try await shop.write { tx in
        try tx.run(SQL("update webhook set holder = 'dead', claimed_until = $1", until))
      }
      #expect(try await shop.postman(send: inbox.sender).turn() == 0)
      shop.wait(Limits.claim)
      #expect(try await shop.postman(send: inbox.sender).turn() == 1)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `refuse what they cannot be, and tell the trail without the address`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      let plain = AddressRule()
      let (change, keys, hooks) = (shop.change, shop.keys, shop.webhooks)
      for url in ["http://example.com/a", "https://user:secret@example.com/", "ftp://example.com", "example.com", "https:///a"] {
        let refusal = try await shop.refusal { tx in try hooks.add(url, under: plain, keys: keys, by: change, in: &tx) }
        #expect(refusal?.code == "webhook_url", "\(url)")
      }
      _ = try await shop.add("https://example.com/token-4711")
      let twice = try await shop.refusal { tx in
        try hooks.add("HTTPS://EXAMPLE.com/token-4711", under: plain, keys: keys, by: change, in: &tx)
      }
      #expect(twice?.code == "webhook_exists")
      for number in 1..<Limits.webhooks { _ = try await shop.add("https://example.com/\(number)") }
      let many = try await shop.refusal { tx in
        try hooks.add("https://example.com/x", under: plain, keys: keys, by: change, in: &tx)
      }
      #expect(many?.code == "too_many_webhooks")
      let trail = try await shop.read { tx in try AuditTrail(of: shop.account).latest(limit: 50, in: &tx) }
      let made = trail.filter { $0.act == "webhook.made" }
      #expect(made.count == Limits.webhooks && made.allSatisfy { !($0.after?.compact.contains("4711") ?? true) })
    }
  }

  @Test(arguments: TestDatabase.available)
  func `keep deliveries for two weeks`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      let made = try await shop.add("https://pantry.example/hook")
      for number in 1...3 { try await shop.join(number) }
      try await shop.deliver(send: Inbox().sender)
      shop.wait(.days(14))
      try await shop.join(4)
      try await shop.deliver(send: Inbox().sender)
      shop.wait(.seconds(1))
      #expect(try await WebhookWork.retention.sweep(at: shop.now, on: shop.database) == 3)
      #expect(try await WebhookWork.retention.sweep(at: shop.now, on: shop.database) == 0)
      #expect(try await shop.deliveries(of: made.id).map(\.position) == [4])
    }
  }
}
