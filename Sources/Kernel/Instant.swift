/// A moment: microseconds since 1970-01-01T00:00:00Z. Stored and compared as this one integer.
public struct Instant: Hashable, Comparable, Sendable {
  public var micros: Int64

  @inlinable public init(micros: Int64) { self.micros = micros }
  @inlinable public init(seconds: Int64) { micros = seconds * 1_000_000 }

  public static var distantFuture: Instant { Instant(micros: .max) }

  @inlinable public static func < (a: Instant, b: Instant) -> Bool { a.micros < b.micros }
  @inlinable public static func + (a: Instant, b: Span) -> Instant { Instant(micros: a.micros + b.micros) }
  @inlinable public static func - (a: Instant, b: Span) -> Instant { Instant(micros: a.micros - b.micros) }
  @inlinable public static func - (a: Instant, b: Instant) -> Span { Span(micros: a.micros - b.micros) }

  /// Whole seconds since 1970, towards the past.
  @inlinable public var seconds: Int64 { micros >= 0 ? micros / 1_000_000 : -((-micros + 999_999) / 1_000_000) }
}

/// A length of time in microseconds.
public struct Span: Hashable, Comparable, Sendable {
  public var micros: Int64

  @inlinable public init(micros: Int64) { self.micros = micros }
  @inlinable public static func seconds(_ count: Int64) -> Span { Span(micros: count * 1_000_000) }
  @inlinable public static func minutes(_ count: Int64) -> Span { .seconds(count * 60) }
  @inlinable public static func hours(_ count: Int64) -> Span { .seconds(count * 3600) }
  @inlinable public static func days(_ count: Int64) -> Span { .seconds(count * 86_400) }
  @inlinable public static func < (a: Span, b: Span) -> Bool { a.micros < b.micros }
}

extension Instant {
  /// RFC 3339 in UTC, for example `2026-11-21T09:30:00Z`; microseconds only where there are any.
  public var text: String {
    let civil = Zone.utc.civil(at: self)
    let part = micros - seconds * 1_000_000
    var fraction = ""
    if part > 0 {
      let digits = String(part)
      fraction = "." + String(repeating: "0", count: 6 - digits.utf8.count) + digits
      while fraction.hasSuffix("0") { fraction.removeLast() }
    }
    return "\(civil.day)T\(civil.clock)\(fraction)Z"
  }

  /// Reads RFC 3339 with `Z` or a numeric offset. Nil for anything else, a missing offset included.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
      let day = CivilDay(text.prefix(10)), let clock = Clock(bytes[11..<19])
    else { return nil }
    var at = 19
    var micros: Int64 = 0
    if bytes[at] == UInt8(ascii: ".") {
      at += 1
      var unit: Int64 = 100_000
      let start = at
      while at < bytes.count, (48...57).contains(bytes[at]) {
        micros += Int64(bytes[at] - 48) * unit
        unit /= 10
        at += 1
      }
      guard at > start else { return nil }
    }
    guard at < bytes.count, let offset = Self.offset(bytes[at...]) else { return nil }
    self.init(micros: (Int64(day.number) * 86_400 + Int64(clock.second) - offset) * 1_000_000 + micros)
  }

  private static func offset(_ bytes: ArraySlice<UInt8>) -> Int64? {
    let tail = Array(bytes)
    if tail == [UInt8(ascii: "Z")] { return 0 }
    guard tail.count == 6, tail[3] == UInt8(ascii: ":"), let hours = twoDigits(tail[1...2]), let minutes = twoDigits(tail[4...5]),
      hours < 24, minutes < 60
    else { return nil }
    let seconds = Int64(hours * 3600 + minutes * 60)
    switch tail[0] {
    case UInt8(ascii: "+"): return seconds
    case UInt8(ascii: "-"): return -seconds
    default: return nil
    }
  }
}

func twoDigits(_ bytes: ArraySlice<UInt8>) -> Int? {
  guard bytes.count == 2, bytes.allSatisfy({ (48...57).contains($0) }) else { return nil }
  return Int(bytes[bytes.startIndex] - 48) * 10 + Int(bytes[bytes.startIndex + 1] - 48)
}
