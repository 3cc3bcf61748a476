import Kernel

/// Something that a visitor did, as a site, an app or a file tells it.
public struct NewEvent: Hashable, Sendable {
  /// The sender's name for it: the same again is the same event.
  public var key: String
  public var kind: EventKind
  public var at: Instant
  /// Whoever sits at the device, as the site knows them. Nil only where a member is named.
  public var visitor: String?
  /// A member's id, or one of their identifiers.
  public var member: String?
  /// The site's own session; nil: formed by silence.
  public var session: String?
  /// Nil where the event does not tell.
  public var source: TrafficSource?
  /// Path of the page, without what stands behind `?` and `#`: that may be somebody's.
  public var page: String?
  public var product: String?
  public var quantity: Quantity?
  public var amount: Money?
  /// As in the address of a receipt: `store~register~shift~number~date`.
  public var receipt: String?
  public var channel: String?
  public var brand: String?
  public var details: [String: String] = [:]

  public init(key: String, kind: EventKind, at: Instant) { (self.key, self.kind, self.at) = (key, kind, at) }

  /// A page's address as it is kept.
  public static func path(_ text: String) -> String {
    var rest = Substring(text)
    if let scheme = rest.firstRange(of: "://") {
      rest = rest[scheme.upperBound...].drop { $0 != "/" }
    }
    rest = rest.prefix { $0 != "?" && $0 != "#" }
    var path = rest.hasPrefix("/") ? String(rest) : "/" + rest
    while path.utf8.count > Limits.visitPage { path.removeLast() }
    return path
  }

  /// What is wrong in itself: the field and why.
  func trouble(at now: Instant, keepingSince first: Instant) -> EventRefusal? {
    func isPlain(_ text: String?, _ longest: Int) -> Bool {
      text.map { !$0.isEmpty && $0.utf8.count <= longest && $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } } ?? true
    }
    if !isPlain(key, Limits.visitKey) {
      return EventRefusal("key", "not_a_key", "a key has 1 to \(Limits.visitKey) bytes and no control characters")
    }
    if visitor == nil, member == nil { return EventRefusal("visitor", "missing", "name a visitor, a member or both") }
    for (name, text) in [("visitor", visitor), ("session", session), ("member", member)] where !isPlain(text, Limits.visitor) {
      return EventRefusal(name, "too_long", "at most \(Limits.visitor) bytes and no control characters are allowed here")
    }
    for (name, text) in [("product", product), ("channel", channel), ("brand", brand)]
    where text.map({ !isPlain($0, Limits.code) }) ?? false {
      return EventRefusal(name, "not_a_code", "a code of at most \(Limits.code) bytes without control characters is expected here")
    }
    if visitor?.hasPrefix(Self.reserved) ?? false {
      return EventRefusal("visitor", "reserved", "ids of visitors do not begin with \(Self.reserved)")
    }
    if at > now + .minutes(10) {
      return EventRefusal("at", "in_the_future", "the event is later than now; look at the sender's clock")
    }
    if at < first { return EventRefusal("at", "too_old", "events of that time are not kept any more") }
    return nil
  }

  /// Begins what the program itself calls visitors without a name of their own.
  static let reserved = "~"
}

/// Why an event was not taken.
public struct EventRefusal: Hashable, Sendable {
  public let field: String
  public let code: String
  public let message: String
  init(_ field: String, _ code: String, _ message: String) { (self.field, self.code, self.message) = (field, code, message) }
}

/// What became of an event.
public enum EventOutcome: Hashable, Sendable {
  case accepted
  /// Known before by its key.
  case duplicate
  case refused(EventRefusal)
}
