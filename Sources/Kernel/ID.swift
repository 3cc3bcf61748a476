/// A kind of thing that has identifiers. Conforming types are never instantiated; they only keep ids apart.
public protocol Identified {
  /// Three or four letters that open the text form, for example `mem` in `mem_01hq3v…`.
  static var prefix: String { get }
}

/// A 64-bit identifier that sorts by the time it was made.
///
/// Layout, high to low: 1 bit zero, 41 bits milliseconds since 2020-01-01 UTC (enough until 2089), 10 bits node,
/// 12 bits sequence. The application makes ids, not the database, so a purchase needs no round trip to learn its own id
/// and two instances, each with a node number leased from the database, never make the same one.
public struct ID<Of: Identified>: Hashable, Comparable, Sendable {
  public let raw: Int64

  @inlinable public init(_ raw: Int64) { self.raw = raw }

  @inlinable public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }

  /// The least id that could have been made at the moment: where a span of time begins in a table that lies in the order of its ids.
  public init(least moment: Instant) { raw = max(0, moment.micros / 1000 - IDSequence.epochMillis) << 22 }

  /// When the id was made, to the millisecond.
  public var madeAt: Instant { Instant(micros: ((raw >> 22) + IDSequence.epochMillis) * 1000) }
}

extension ID: CustomStringConvertible {
  private static var alphabet: [UInt8] { Array("0123456789abcdefghjkmnpqrstvwxyz".utf8) }

  /// `prefix_` and 13 characters of Crockford's base 32, most significant first, so that texts sort like numbers.
  public var description: String {
    let digits = Self.alphabet
    var text = Of.prefix + "_"
    for position in stride(from: 60, through: 0, by: -5) {
      text.unicodeScalars.append(Unicode.Scalar(digits[Int((UInt64(bitPattern: raw) >> UInt64(position)) & 31)]))
    }
    return text
  }

  /// Parses the text form. Nil when the prefix is another kind's or a character is not of the alphabet.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    let head = Array((Of.prefix + "_").utf8)
    guard bytes.count == head.count + 13, bytes.starts(with: head) else { return nil }
    let digits = Self.alphabet
    var value: UInt64 = 0
    for byte in bytes.dropFirst(head.count) {
      guard let digit = digits.firstIndex(of: byte) else { return nil }
      guard value >> 59 == 0 else { return nil }
      value = value << 5 | UInt64(digit)
    }
    guard value <= UInt64(Int64.max) else { return nil }
    raw = Int64(value)
  }
}

/// Makes ids for one node. A value: whoever shares it between threads puts it behind a lock.
public struct IDSequence: Sendable {
  /// 2020-01-01T00:00:00Z in milliseconds since 1970.
  @usableFromInline static var epochMillis: Int64 { 1_577_836_800_000 }
  /// How many nodes can be told apart.
  public static var nodes: Int { 1024 }

  private let node: Int64
  private var millis: Int64 = 0
  private var sequence: Int64 = 0

  /// - Parameter node: 0 ..< 1024, leased from the database.
  public init(node: Int) {
    precondition((0..<Self.nodes).contains(node), "a node number is 0 to 1023")
    self.node = Int64(node)
  }

  /// No id that was made at this moment or later is smaller, whichever node made it.
  public static func first(at time: Instant) -> Int64 { max(0, time.micros / 1000 - epochMillis) << 22 }

  /// Ids are from this moment or later ones, whatever `next` is told.
  public mutating func skip(to start: Instant) {
    let wanted = start.micros / 1000 - Self.epochMillis
    if wanted > millis { (millis, sequence) = (wanted, 0) }
  }

  /// The next id. Never repeats and never goes back for this value, even when the clock does: it then stays at
  /// the latest millisecond seen, and borrows the next one after 4,096 ids.
  public mutating func next<T: Identified>(_: T.Type = T.self, at now: Instant) -> ID<T> {
    let wanted = max(0, now.micros / 1000 - Self.epochMillis)
    if wanted > millis {
      millis = wanted
      sequence = 0
    } else if sequence == 4095 {
      millis += 1
      sequence = 0
    } else {
      sequence += 1
    }
    return ID(millis << 22 | node << 12 | sequence)
  }
}
