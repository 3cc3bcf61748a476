import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What a browser says with each request.
struct Browser: Sendable {
  let cookies: [String: String]
  let language: String
  /// False where another site sent the request: the browser says so (`Sec-Fetch-Site`), or its origin is not the host that was asked.
  let isSameSite: Bool
  /// The address that was asked for, without its query.
  let path: String
  /// A balancer in front says that it speaks TLS to the browser.
  let isForwardedTLS: Bool
  /// A script listens to what happens (`text/event-stream`), instead of asking once.
  let listens: Bool
  /// The last that a listener heard before its connection broke.
  let lastHeard: String?

  init(_ request: Request) {
    var cookies: [String: String] = [:]
    for header in request.headers[values: .cookie].prefix(4) {
      for pair in header.split(separator: ";").prefix(32) {
        let parts = pair.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { continue }
        cookies[String(parts[0].drop { $0 == " " })] = String(parts[1])
      }
    }
    self.cookies = cookies
    language = request.headers[.acceptLanguage] ?? ""
    path = request.uri.path
    isForwardedTLS = HTTPField.Name("X-Forwarded-Proto").flatMap { request.headers[$0] }?.lowercased() == "https"
    listens = request.headers[.accept]?.contains("text/event-stream") == true
    lastHeard = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }
    isSameSite = Self.isSameSite(request)
  }

  private static func isSameSite(_ request: Request) -> Bool {
    if let name = HTTPField.Name("Sec-Fetch-Site"), let site = request.headers[name] {
      return site == "same-origin" || site == "none"
    }
    guard let name = HTTPField.Name("Origin"), let origin = request.headers[name] else { return true }
    return origin.split(separator: "/").last.map(String.init) == request.head.authority
  }
}

/// What a form sent, decoded. A name that comes twice has the first value.
struct Form: Sendable {
  private(set) var values: [String: String]

  init(_ values: [String: String] = [:]) { self.values = values }

  /// True where the field was sent, empty or not.
  func has(_ name: String) -> Bool { values[name] != nil }

  mutating func set(_ name: String, _ value: String) { values[name] = value }

  init(_ body: [UInt8]) {
    var values: [String: String] = [:]
    for pair in body.split(separator: UInt8(ascii: "&")).prefix(500) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(parts[0]), values[name] == nil else { continue }
      values[name] = parts.count > 1 ? Self.decoded(parts[1]) : ""
    }
    self.values = values
  }

  /// Without spaces around it; empty where it is missing.
  subscript(_ name: String) -> String {
    let text = (values[name] ?? "").drop { $0.isWhitespace }
    return String(text.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// As it was typed: passwords may begin with a space.
  func verbatim(_ name: String) -> String { values[name] ?? "" }

  /// Nil for what is no text of UTF-8.
  private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
    var result: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): result.append(0x20)
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(hex), let low = rest.popFirst().flatMap(hex) else { return nil }
        result.append(high << 4 | low)
      default: result.append(byte)
      }
    }
    return String(validating: result, as: UTF8.self)
  }

  private static func hex(_ byte: UInt8) -> UInt8? {
    Character(Unicode.Scalar(byte)).hexDigitValue.flatMap { UInt8(exactly: $0) }
  }
}
