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
    public init(offset: Int) { self.offset = offset }
  }

  private let bytes: [UInt8]
  private var at = 1
  public let version: UInt8

  public init(_ bytes: [UInt8]) throws(Damaged) {
    guard let first = bytes.first else { throw Damaged(offset: 0) }
    self.bytes = bytes
    version = first
  }

  public var isAtEnd: Bool { at == bytes.count }

  public mutating func byte() throws(Damaged) -> UInt8 {
    guard at < bytes.count else { throw Damaged(offset: at) }
    defer { at += 1 }
    return bytes[at]
  }

  public mutating func unsigned() throws(Damaged) -> UInt64 {
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

  public mutating func signed() throws(Damaged) -> Int64 {
    let raw = try unsigned()
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  /// A count of things that take at least a byte each, so that damage cannot ask for a huge array.
  public mutating func count() throws(Damaged) -> Int {
    let value = try unsigned()
    guard value <= UInt64(bytes.count - at) else { throw Damaged(offset: at) }
    return Int(value)
  }

  public mutating func text() throws(Damaged) -> String {
    let length = try count()
    guard let text = String(validating: bytes[at..<at + length], as: UTF8.self) else { throw Damaged(offset: at) }
    at += length
    return text
  }

  public mutating func blob() throws(Damaged) -> [UInt8] {
    let length = try count()
    defer { at += length }
    return Array(bytes[at..<at + length])
  }
}
