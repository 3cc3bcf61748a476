import Kernel

/// Where a webhook's server is: scheme, host and port, and what follows. Nothing but what such an address needs is understood: no
/// user, no fragment, ASCII only.
public struct WebhookURL: Hashable, Sendable, CustomStringConvertible {
  public let isSecure: Bool
  /// A name, or an address without brackets. Small letters.
  public let host: String
  public let port: Int
  public let isIPv6: Bool
  /// Path and query.
  let target: String
  private let hasPort: Bool

  public var description: String {
    (isSecure ? "https://" : "http://") + (isIPv6 ? "[\(host)]" : host) + (hasPort ? ":\(port)" : "") + target
  }

  /// Scheme, host and port: what may be logged. Paths and queries often hold tokens.
  public var origin: String { (isSecure ? "https://" : "http://") + (isIPv6 ? "[\(host)]" : host) + ":\(port)" }

  /// Nil for what is no such address.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count <= Limits.webhookURL, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !Self.forbidden.contains($0) }) else {
      return nil
    }
    let lower = text.prefix(8).lowercased()
    let start: Int
    if lower.hasPrefix("https://") {
      (isSecure, start) = (true, 8)
    } else if lower.hasPrefix("http://") {
      (isSecure, start) = (false, 7)
    } else {
      return nil
    }
    let rest = bytes[start...]
    let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
    guard let place = Self.place(String(decoding: rest[..<end], as: UTF8.self)) else { return nil }
    host = place.host.lowercased()
    isIPv6 = place.isIPv6
    hasPort = place.port != nil
    port = place.port ?? (isSecure ? 443 : 80)
    let tail = String(decoding: rest[end...], as: UTF8.self)
    target = tail.isEmpty || tail.hasPrefix("?") ? "/" + tail : tail
  }

  private static let forbidden = Array("\"<>\\^`{|}#".utf8)

  private static func place(_ text: String) -> (host: String, port: Int?, isIPv6: Bool)? {
    guard !text.contains("@") else { return nil }
    var host = text[...]
    var port: Int?
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]") else { return nil }
      host = text[text.index(after: text.startIndex)..<close]
      let behind = text[text.index(after: close)...]
      if !behind.isEmpty {
        guard behind.hasPrefix(":"), let number = Self.port(behind.dropFirst()) else { return nil }
        port = number
      }
      guard !host.isEmpty, host.utf8.allSatisfy({ isHex($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }) else {
        return nil
      }
      return (String(host), port, true)
    }
    if let colon = text.firstIndex(of: ":") {
      guard let number = Self.port(text[text.index(after: colon)...]) else { return nil }
      port = number
      host = text[..<colon]
    }
    let isHost = !host.isEmpty && host.utf8.count <= 253 && !host.hasPrefix(".") && !host.hasPrefix("-") && !host.contains("..")
    guard isHost, host.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }) else {
      return nil
    }
    return (String(host), port, false)
  }

  private static func port(_ text: Substring) -> Int? {
    guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(text),
      (1...65_535).contains(port)
    else { return nil }
    return port
  }

  private static func isHex(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...102).contains(byte | 0x20) }
  private static func isLetterOrDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...122).contains(byte | 0x20) }

  /// True for this machine by name or number; what the name resolves to is looked at when something is sent.
  public var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") && host.allSatisfy { !$0.isLetter } }
}
