import Access
import Engagement
import Kernel
import Storage
import TestKit
import Testing

@Suite struct `a ring of keys` {
  @Test func `opens what any of its keys sealed, at its place only and unchanged`() throws {
    let secret = Array("open sesame".utf8)
    let sealed = try ring(1).seal(secret, for: "whk_1")
    #expect(!sealed.contains("sesame"))
    #expect(try ring(1).open(sealed, for: "whk_1") == secret)
    #expect(try ring(2, 1).open(sealed, for: "whk_1") == secret)
    #expect(try ring(1, 2).isFresh(sealed))
    #expect(try ring(2, 1).isFresh(sealed) == false)
    #expect(throws: SealBroken.self) { try ring(2).open(sealed, for: "whk_1") }
    #expect(throws: SealBroken.self) { try ring(1).open(sealed, for: "whk_2") }
    for broken in ["", "1.x.y", String(sealed.dropLast()), sealed + "A", "2" + sealed.dropFirst()] {
      #expect(throws: SealBroken.self) { try ring(1).open(broken, for: "whk_1") }
    }
  }

  @Test func `takes keys of 32 bytes`() {
    #expect(KeyRing([], random: { 1 }) == nil)
    #expect(KeyRing([Array(repeating: 0, count: 31)], random: { 1 }) == nil)
  }

  @Test(arguments: TestDatabase.available)
  func `changes its key while webhooks go on`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      let inbox = Inbox()
      let made = try await shop.add("https://pantry.example/hook")
      let change = shop.change
      _ = try await shop.write { tx in try shop.webhooks.rotateSecret(made.id, keys: shop.keys, by: change, in: &tx) }
      let both = try ring(2, 1)
      let sealed = try await shop.write { tx in
        let last = try Webhooks.reseal(after: nil, with: both, in: &tx)
        return [last, try Webhooks.reseal(after: last, with: both, in: &tx)]
      }
      #expect(sealed == [made.id, nil])
      try await shop.join(1)
      try await shop.fanOut()
      #expect(try await shop.postman(keys: ring(2), send: inbox.sender).turn() == 1)
      #expect(inbox.all.count == 1)
      // With a key that never sealed anything the webhook is paused, and says why.
      try await shop.join(2)
      try await shop.fanOut()
      await #expect(throws: SealBroken.self) { try await shop.postman(keys: ring(3), send: inbox.sender).turn() }
      #expect(
        try await shop.webhook(made.id).state == .paused(because: "its secret cannot be opened with the configured keys"))
      #expect(inbox.all.count == 1)
    }
  }
}

@Suite struct `an address` {
  @Test func `is read strictly`() throws {
    for (text, shown) in [
      ("https://example.com", "https://example.com/"), ("HTTPS://Example.COM:8443/a?b=c", "https://example.com:8443/a?b=c"),
      ("https://example.com?x", "https://example.com/?x"), ("http://127.0.0.1:80/a", "http://127.0.0.1:80/a"),
      ("https://[2001:DB8::1]:44/", "https://[2001:db8::1]:44/"),
    ] { #expect(WebhookURL(text)?.description == shown, "\(text)") }
    for text in [
      "", "https://", "https:///x", "https://a b/", "https://a/#b", "https://a@b/", "https://a:0/", "https://a:65536/",
      "https://a:1:2/", "https://-a/", "https://a..b/", "https://пример.рф/", "https://[::1", "https://[]/", "javascript:alert(1)",
      "https://a/" + String(repeating: "x", count: Limits.webhookURL),
    ] { #expect(WebhookURL(text) == nil, "\(text.prefix(40))") }
  }

  @Test func `of the inside is refused, one of the world is not`() {
    let rule = AddressRule()
    let inside: [[UInt8]] = [
      [10, 0, 0, 1], [127, 0, 0, 1], [169, 254, 169, 254], [172, 16, 0, 1], [172, 31, 255, 255], [192, 168, 1, 1], [100, 64, 0, 1],
      [0, 0, 0, 0], [224, 0, 0, 1], [255, 255, 255, 255], [198, 18, 0, 1], [192, 0, 2, 7],
    ]
    let world: [[UInt8]] = [
      [8, 8, 8, 8], [172, 15, 0, 1], [172, 32, 0, 1], [100, 63, 0, 1], [100, 128, 0, 1], [223, 255, 255, 1],
    ]
    for address in inside { #expect(!rule.allows(address), "\(address)") }
    for address in world { #expect(rule.allows(address), "\(address)") }
    for address in inside { #expect(!rule.allows(mapped(address)) && AddressRule(allowsPrivate: true).allows(address)) }
    for address in world { #expect(rule.allows(mapped(address)) && rule.allows(translated(address))) }
    #expect(!rule.allows(translated([169, 254, 169, 254])))
    let others: [(first: [UInt8], isAllowed: Bool)] = [
      ([0, 0], false), ([0xfe, 0x80], false), ([0xfc, 0x00], false), ([0xfd, 0x00], false), ([0xff, 0x02], false),
      ([0x20, 0x01, 0x0d, 0xb8], false), ([0x20, 0x01, 0x00, 0x00], false), ([0x20, 0x02, 10, 0, 0, 1], false),
      ([0x20, 0x02, 8, 8, 8, 8], true), ([0x2a, 0x00, 0x14, 0x50], true),
    ]
    for (first, isAllowed) in others {
      let address = first + Array(repeating: 0, count: 15 - first.count) + [1]
      #expect(rule.allows(address) == isAllowed, "\(first)")
    }
    #expect(!rule.allows([]) && !rule.allows([8, 8, 8]))
  }

  private func mapped(_ address: [UInt8]) -> [UInt8] { Array(repeating: 0, count: 10) + [0xff, 0xff] + address }
  private func translated(_ address: [UInt8]) -> [UInt8] { [0, 0x64, 0xff, 0x9b] + Array(repeating: 0, count: 8) + address }
}
