/// Writes the compact documents that wallets, traces and lots are stored as: LEB128 integers, zig-zag for signed ones,
/// length-prefixed text. The first byte of every document is its version.
public struct ByteWriter: Sendable {
  @usableFromInline var storage: [UInt8] = []
  @inlinable public var bytes: [UInt8] { storage }

  public init(version: UInt8, reserving capacity: Int = 256) {
    storage.reserveCapacity(capacity)
    storage.append(version)
  }

  @inlinable public mutating func byte(_ value: UInt8) { storage.append(value) }

  @inlinable public mutating func unsigned(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      storage.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    storage.append(UInt8(truncatingIfNeeded: rest))
  }

  @inlinable public mutating func signed(_ value: Int64) { unsigned(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }
  @inlinable public mutating func count(_ value: Int) { unsigned(UInt64(value)) }

  public mutating func text(_ value: String) {
    count(value.utf8.count)
    storage.append(contentsOf: value.utf8)
  }

  public mutating func blob(_ value: [UInt8]) {
    count(value.count)
    storage.append(contentsOf: value)
  }
}

/// Reads what `ByteWriter` wrote. Every read is bounded; damage is an error, never a trap.
public struct ByteReader: Sendable {
  public struct Damaged: Error, Hashable, Sendable {
    public let offset: Int
    @inlinable public init(offset: Int) { self.offset = offset }
  }

  @usableFromInline let storage: [UInt8]
  @usableFromInline var at = 1
  public let version: UInt8

  @inlinable public init(_ bytes: [UInt8]) throws(Damaged) {
    guard let first = bytes.first else { throw Damaged(offset: 0) }
    storage = bytes
    version = first
  }

  @inlinable public var isAtEnd: Bool { at == storage.count }

  @inlinable public mutating func byte() throws(Damaged) -> UInt8 {
    guard at < storage.count else { throw Damaged(offset: at) }
    defer { at += 1 }
    return storage[at]
  }

  @inlinable public mutating func unsigned() throws(Damaged) -> UInt64 {
    // Most values are of one byte, and read in the caller's own code.
    guard at < storage.count, storage[at] < 0x80 else { return try longer() }
    defer { at += 1 }
    return UInt64(storage[at])
  }

  @usableFromInline mutating func longer() throws(Damaged) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 63 || (shift == 63 && next <= 1) else { throw Damaged(offset: at) }
      value |= UInt64(next & 0x7f) << shift
      if next < 0x80 { return value }
      shift += 7
    }
  }

  @inlinable public mutating func signed() throws(Damaged) -> Int64 {
    let raw = try unsigned()
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  /// A count of things that take at least a byte each, so that damage cannot ask for a huge array.
  @inlinable public mutating func count() throws(Damaged) -> Int {
    let value = try unsigned()
    guard value <= UInt64(storage.count - at) else { throw Damaged(offset: at) }
    return Int(value)
  }

  public mutating func text() throws(Damaged) -> String {
    let length = try count()
    let part = storage[at..<at + length]
    // Nearly all of it is plain: then nothing can be wrong with it, and the general way costs five times as much.
    var marks: UInt8 = 0
    for byte in part { marks |= byte }
    guard marks < 0x80 else {
      guard let text = String(validating: part, as: UTF8.self) else { throw Damaged(offset: at) }
      at += length
      return text
    }
    at += length
    return String(decoding: part, as: UTF8.self)
  }

  public mutating func blob() throws(Damaged) -> [UInt8] {
    let length = try count()
    defer { at += length }
    return Array(storage[at..<at + length])
  }
}
