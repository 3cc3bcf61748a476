import Kernel

/// Which addresses of the network a webhook may lead to. Whoever may add a webhook could otherwise let this machine talk to its own
/// neighbours: databases, consoles, the cloud's metadata.
public struct AddressRule: Hashable, Sendable {
  /// Addresses that the world cannot reach are allowed too.
  public let allowsPrivate: Bool
  /// Plain HTTP is allowed anywhere, not only to this machine.
  public let allowsPlain: Bool

  public init(allowsPrivate: Bool = false, allowsPlain: Bool = false) {
    self.allowsPrivate = allowsPrivate
    self.allowsPlain = allowsPlain
  }

  /// - Throws: `Problem.invalid` (`webhook_url`).
  public func check(_ text: String) throws(Problem) -> WebhookURL {
    guard let url = WebhookURL(text) else {
      throw Problem(
        .invalid, "webhook_url",
        "an address like https://example.com/hook is expected, without user and fragment and of at most \(Limits.webhookURL) bytes",
        cashier: LocalText(
          ru: "Нужен адрес вида https://example.com/hook, без имени пользователя и решётки",
          en: "An address like https://example.com/hook is expected, without a user and without #"))
    }
    guard url.isSecure || allowsPlain || url.isLoopback else {
      throw Problem(
        .invalid, "webhook_url", "a webhook's address begins with https://; plain http is for this machine only",
        cashier: LocalText(ru: "Адрес должен начинаться с https://", en: "The address must begin with https://"))
    }
    return url
  }

  /// True where something may be sent to this address: 4 bytes of IPv4 or 16 of IPv6.
  public func allows(_ address: [UInt8]) -> Bool {
    switch address.count {
    case 4: allowsPrivate || Self.isPublic(ipv4: address)
    case 16: allowsPrivate || Self.isPublic(ipv6: address)
    default: false
    }
  }

  /// IANA's special-purpose registries: this network, private use, shared, loopback, link-local (metadata too), documentation,
  /// benchmarks, multicast, reserved.
  private static func isPublic(ipv4 bytes: [UInt8]) -> Bool {
    let special: [(UInt32, Int)] = [
      (0x0000_0000, 8), (0x0a00_0000, 8), (0x6440_0000, 10), (0x7f00_0000, 8), (0xa9fe_0000, 16), (0xac10_0000, 12),
      (0xc000_0000, 24), (0xc000_0200, 24), (0xc058_6300, 24), (0xc0a8_0000, 16), (0xc612_0000, 15), (0xc633_6400, 24),
      (0xcb00_7100, 24), (0xe000_0000, 4), (0xf000_0000, 4),
    ]
    let address = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return !special.contains { network, length in (address ^ network) >> UInt32(32 - length) == 0 }
  }

  /// Only global unicast, and of it neither documentation nor what carries an IPv4 address inside that is not public itself.
  private static func isPublic(ipv6 bytes: [UInt8]) -> Bool {
    if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff { return isPublic(ipv4: Array(bytes[12...])) }
    if bytes.prefix(12) == [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0] { return isPublic(ipv4: Array(bytes[12...])) }
    guard bytes[0] & 0xe0 == 0x20 else { return false }
    // 2002::/16 carries IPv4 (6to4), 2001::/23 is for protocols (Teredo among them), 2001:db8::/32 is for documents.
    if bytes[0] == 0x20, bytes[1] == 0x02 { return isPublic(ipv4: Array(bytes[2..<6])) }
    if bytes[0] == 0x20, bytes[1] == 0x01, bytes[2] < 0x02 { return false }
    return !(bytes.prefix(4) == [0x20, 0x01, 0x0d, 0xb8])
  }
}
