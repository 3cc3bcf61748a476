import Crypto
import Customers
import Engagement
import Foundation
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `a webhook` {
  @Test(arguments: TestDatabase.available)
  func `gets what happens in its order, signed so that another program can verify it`(on kind: TestDatabase) async throws {
    try await HookServer.on { server in
      try await HookShop.on(kind) { shop in
        try await shop.join(900)
        try await shop.fanOut()
        let made = try await shop.add(server.url("/ok"))
        try server.trust([made.secret.text])
        for number in 1...25 { try await shop.join(number) }
        try await shop.deliver()
        let received = try server.received()
        #expect(received.count == 25 && received.allSatisfy { $0.isVerified == [true] && $0.signatures.count == 1 })
        let documents = try received.map { try JSON.parse($0.body) }
        #expect(documents.map { $0["position"] } == (2...26).map { .int($0) })
        #expect(Set(received.map(\.id)).count == 25)
        #expect(documents.map { $0["id"] } == received.map { .string($0.id) })
        #expect(received.allSatisfy { $0.timestamp == HookShop.start.seconds })
        // One connection serves them all.
        #expect(Set(received.map(\.connection)).count == 1)
        let deliveries = try await shop.deliveries(of: made.id)
        #expect(deliveries.count == 25 && deliveries.allSatisfy { $0.state == .delivered && $0.status == 204 && $0.attempts == 1 })
        try await shop.deliver()
        #expect(try server.received().count == 25)
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `is tried again after a failure, while later events go on in order`(on kind: TestDatabase) async throws {
    try await HookServer.on { server in
      try await HookShop.on(kind) { shop in
        let made = try await shop.add(server.url("/fail/1"))
        for number in 1...3 { try await shop.join(number) }
        try await shop.deliver()
        var deliveries = try await shop.deliveries(of: made.id)
        #expect(deliveries.map(\.state) == [.waiting, .delivered, .delivered])
        #expect(deliveries.map(\.status) == [500, 204, 204] && deliveries[0].error == "answered 500")
        #expect(deliveries[0].dueAt > shop.now + .seconds(5) && deliveries[0].dueAt < shop.now + .seconds(15))
        shop.wait(.seconds(15))
        try await shop.deliver()
        deliveries = try await shop.deliveries(of: made.id)
        #expect(deliveries.map(\.state) == [.delivered, .delivered, .delivered] && deliveries.map(\.attempts) == [2, 1, 1])
        let received = try server.received()
        // The same event under the same id, signed anew.
        #expect(received.count == 4 && received[0].id == received[3].id && received[3].timestamp == received[0].timestamp + 15)
        #expect(try await shop.webhook(made.id).failures == 0)
      }
    }
  }

  @Test func `does not wait for a slow server for ever, nor read an answer without end`() async throws {
    try await HookServer.on { server in
      try await HookShop.on(.sqlite) { shop in
        let slow = try await shop.add(server.url("/slow"))
        let large = try await shop.add(server.url("/large"))
        try await shop.join(1)
        try await shop.deliver()
        let late = try #require(try await shop.deliveries(of: slow.id).first)
        #expect(late.state == .waiting && late.status == nil && late.error != nil)
        let flood = try #require(try await shop.deliveries(of: large.id).first)
        #expect(flood.state == .delivered && flood.status == 200)
      }
    }
  }

  @Test func `follows no redirect`() async throws {
    try await HookServer.on { server in
      try await HookShop.on(.sqlite) { shop in
        let made = try await shop.add(server.url("/redirect"))
        try await shop.join(1)
        try await shop.deliver()
        let delivery = try #require(try await shop.deliveries(of: made.id).first)
        #expect(delivery.state == .waiting && delivery.status == 302 && delivery.error == "redirects are not followed")
        #expect(try server.received("/ok").isEmpty)
      }
    }
  }

  @Test func `reaches no private address unless that is allowed, by number or by name`() async throws {
    try await HookServer.on { server in
      try await HookShop.on(.sqlite) { shop in
        let number = try await shop.add(server.url("/ok"))
        let name = try await shop.add("http://localhost:\(server.port)/ok")
        try await shop.join(1)
        try await shop.deliver(AddressRule())
        for made in [number, name] {
          let delivery = try #require(try await shop.deliveries(of: made.id).first)
          #expect(delivery.state == .waiting && delivery.error == "a private address is refused")
        }
        #expect(try server.received().isEmpty)
        shop.wait(.minutes(1))
        try await shop.deliver()
        #expect(try server.received().count == 2)
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `changes its secret with both signatures for a day`(on kind: TestDatabase) async throws {
    try await HookServer.on { server in
      try await HookShop.on(kind) { shop in
        let made = try await shop.add(server.url("/ok"))
        let change = shop.change
        let next = try await shop.write { tx in
          try shop.webhooks.rotateSecret(made.id, keys: shop.keys, by: change, in: &tx)
        }
        #expect(next.text != made.secret.text)
        try server.trust([made.secret.text, next.text])
        try await shop.join(1)
        try await shop.deliver()
        shop.wait(.days(1))
        try await shop.join(2)
        try await shop.deliver()
        #expect(try server.received().map(\.isVerified) == [[true, true], [false, true]])
      }
    }
  }

  @Test func `whose server is gone is told so`() async throws {
    try await HookShop.on(.sqlite) { shop in
      let closed = try HookServer()
      let made = try await shop.add(closed.url("/ok"))
      let nowhere = try await shop.add("https://no-such-host.invalid/ok")
      try closed.end()
      try await shop.join(1)
      try await shop.deliver()
      for id in [made.id, nowhere.id] {
        let delivery = try #require(try await shop.deliveries(of: id).first)
        #expect(delivery.state == .waiting && delivery.status == nil && delivery.error?.isEmpty == false)
      }
    }
  }
}

@Suite struct `a signature` {
  @Test func `is that of the convention's own example`() throws {
    let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    let signature = secret.signature(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: #"{"test": 2432232314}"#)
    #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    #expect(secret.text == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
  }

  @Test func `needs a secret of some length`() {
    for text in ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ", "whsec_?"] { #expect(WebhookSecret(text) == nil) }
  }
}
