import Kernel

/// Where letters are handed over, as one address: `smtp://user:password@mail.example.com:587`.
///
/// `smtps://` speaks TLS from the first byte (465 where no port is said); `smtp://` turns to it by STARTTLS (587) and refuses a server that
/// will not. A server on this machine need not: what is said to it passes no wire. User and password are written as in every URL, `%40` for `@`.
/// Behind `?` may stand `tls=no` for a server on a wire one trusts, and `ca=/path.pem` for certificates of one's own.
public struct MailServer: Hashable, Sendable {
  public enum Security: Hashable, Sendable { case fromTheStart, upgraded, ifOffered, none }

  public let host: String
  public let port: Int
  public let security: Security
  public let user: String?
  public let password: String?
  /// Certificates to trust, in PEM form; nil: the system's.
  public let authority: String?

  /// Nil for what is no such address.
  public init?(_ text: String) {
    let isSecure = text.hasPrefix("smtps://")
    guard isSecure || text.hasPrefix("smtp://"), text.utf8.count <= 1_000,
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
    else { return nil }
    let rest = text.dropFirst(isSecure ? 8 : 7)
    let halves = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var place = halves[0]
    if place.hasSuffix("/") { place.removeLast() }
    var (user, password): (String?, String?)
    if let at = place.lastIndex(of: "@") {
      let named = place[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(Self.decoded)
      guard named.count == 2, let name = named[0], let secret = named[1], !name.isEmpty else { return nil }
      (user, password) = (name, secret)
      place = place[place.index(after: at)...]
    }
    (self.user, self.password) = (user, password)
    guard let (host, port) = Self.place(place) else { return nil }
    self.host = host
    self.port = port ?? (isSecure ? 465 : 587)
    var (authority, isPlain): (String?, Bool) = (nil, false)
    for option in halves.count > 1 ? halves[1].split(separator: "&") : [] {
      if option == "tls=no", !isSecure {
        isPlain = true
      } else if option.hasPrefix("ca=/"), let path = Self.decoded(option.dropFirst(3)) {
        authority = path
      } else {
        return nil
      }
    }
    self.authority = authority
    let isNear = host == "localhost" || host.hasPrefix("127.") || host == "::1"
    security = isSecure ? .fromTheStart : isPlain ? .none : isNear ? .ifOffered : .upgraded
  }

  /// For screens and logs: no password and no user.
  public var masked: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return (security == .fromTheStart ? "smtps://" : "smtp://") + (user == nil ? "" : "***@") + "\(name):\(port)"
  }

  private static func place(_ text: Substring) -> (host: String, port: Int?)? {
    var (host, tail) = (text, Substring())
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]") else { return nil }
      (host, tail) = (text[text.index(after: text.startIndex)..<close], text[text.index(after: close)...])
    } else if let colon = text.firstIndex(of: ":") {
      (host, tail) = (text[..<colon], text[colon...])
    }
    let mayStand: (UInt8) -> Bool = { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || [45, 46, 58].contains(byte)
    }
    guard !host.isEmpty, host.utf8.allSatisfy(mayStand) else { return nil }
    if tail.isEmpty { return (String(host), nil) }
    guard tail.hasPrefix(":"), let port = Int(tail.dropFirst()), (1...65_535).contains(port) else { return nil }
    return (String(host), port)
  }

  /// Nil where an escape is none, or what it stands for is no text or would end a line.
  private static func decoded(_ text: Substring) -> String? {
    var (bytes, rest): ([UInt8], Substring.UTF8View) = ([], text.utf8)
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst(), let low = rest.popFirst(),
        let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16), value >= 0x20, value != 0x7f
      else { return nil }
      bytes.append(value)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
