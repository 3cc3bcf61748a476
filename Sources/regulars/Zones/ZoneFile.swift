import Kernel

/// Reads a compiled time zone file (TZif, RFC 8536) into a `Zone`.
public enum ZoneFile {
  /// Why bytes are not a zone file.
  public struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// The last year for which the rule in the file's footer is written out as transitions. Sales, expiries and plans lie before it.
  public static var lastYear: Int { 2100 }
  /// The system's largest zone file has under 4 kB.
  static var longestFile: Int { 256 * 1024 }

  /// - Parameter name: the IANA name, for example `Europe/Moscow`.
  /// - Throws: `Unreadable` for bytes that are no TZif of version 1 to 4. Damage is an error, never a trap.
  public static func read(name: String, _ bytes: [UInt8]) throws(Unreadable) -> Zone {
    guard bytes.count <= longestFile else {
      throw Unreadable(description: "the file has \(bytes.count) bytes, which no zone needs")
    }
    var reader = BigEndianReader(bytes)
    let first = try Header(&reader)
    if first.version == 0 { return try Block(first, wordSize: 4, &reader).zone(name, footer: nil) }
    try reader.skip(first.size(wordSize: 4))
    let second = try Header(&reader)
    let block = try Block(second, wordSize: 8, &reader)
    return try block.zone(name, footer: ZoneRule(try reader.footer()))
  }
}

private struct Header {
  let version: UInt8
  let universals: Int
  let standards: Int
  let leaps: Int
  let times: Int
  let types: Int
  let letters: Int

  init(_ reader: inout BigEndianReader) throws(ZoneFile.Unreadable) {
    guard try reader.bytes(4) == Array("TZif".utf8) else { throw ZoneFile.Unreadable(description: "it does not begin with TZif") }
    version = try reader.bytes(1)[0]
    try reader.skip(15)
    universals = try reader.count()
    standards = try reader.count()
    leaps = try reader.count()
    times = try reader.count()
    types = try reader.count()
    letters = try reader.count()
    guard types > 0 else { throw ZoneFile.Unreadable(description: "it names no offset") }
  }

  func size(wordSize: Int) -> Int { times * (wordSize + 1) + types * 6 + letters + leaps * (wordSize + 4) + standards + universals }
}

private struct Block {
  var times: [Int64] = []
  var kinds: [Int] = []
  var offsets: [Int32] = []

  init(_ header: Header, wordSize: Int, _ reader: inout BigEndianReader) throws(ZoneFile.Unreadable) {
    for _ in 0..<header.times { times.append(try reader.integer(wordSize)) }
    for _ in 0..<header.times { kinds.append(Int(try reader.bytes(1)[0])) }
    for _ in 0..<header.types {
      offsets.append(Int32(truncatingIfNeeded: try reader.integer(4)))
      try reader.skip(2)
    }
    try reader.skip(header.letters + header.leaps * (wordSize + 4) + header.standards + header.universals)
  }

  /// Offsets only: changes of a name alone are dropped, and the footer's rule is written out behind the last listed change.
  func zone(_ name: String, footer: ZoneRule?) throws(ZoneFile.Unreadable) -> Zone {
    guard offsets.allSatisfy({ abs(Int($0)) < 26 * 3600 }) else {
      throw ZoneFile.Unreadable(description: "an offset exceeds a day")
    }
    var transitions: [Zone.Transition] = []
    var current = offsets[0]
    for (time, kind) in zip(times, kinds) {
      guard kind < offsets.count else { throw ZoneFile.Unreadable(description: "a change names an offset that is not there") }
      if offsets[kind] != current { transitions.append(Zone.Transition(at: time, offset: offsets[kind])) }
      current = offsets[kind]
    }
    guard zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw ZoneFile.Unreadable(description: "its changes are not in order")
    }
    for change in footer?.transitions(through: ZoneFile.lastYear) ?? [] where change.at > times.last ?? .min {
      if change.offset != current { transitions.append(change) }
      current = change.offset
    }
    return Zone(name: name, initial: offsets[0], transitions: transitions)
  }
}

struct BigEndianReader {
  private let all: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { all = bytes }

  mutating func bytes(_ count: Int) throws(ZoneFile.Unreadable) -> [UInt8] {
    guard count <= all.count - at else { throw ZoneFile.Unreadable(description: "it ends too early") }
    defer { at += count }
    return Array(all[at..<at + count])
  }

  mutating func skip(_ count: Int) throws(ZoneFile.Unreadable) {
    guard count <= all.count - at else { throw ZoneFile.Unreadable(description: "it ends too early") }
    at += count
  }

  /// A signed integer of 4 or 8 bytes.
  mutating func integer(_ size: Int) throws(ZoneFile.Unreadable) -> Int64 {
    var value: UInt64 = 0
    for byte in try bytes(size) { value = value << 8 | UInt64(byte) }
    return size == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
  }

  /// How many records follow; each takes at least a byte, so damage cannot ask for more than the file has.
  mutating func count() throws(ZoneFile.Unreadable) -> Int {
    let value = try integer(4)
    guard value >= 0, value <= all.count else { throw ZoneFile.Unreadable(description: "it counts more than it holds") }
    return Int(value)
  }

  /// The text between the two line feeds that end the file.
  mutating func footer() throws(ZoneFile.Unreadable) -> String {
    let rest = try bytes(all.count - at)
    guard rest.count >= 2, rest.first == 0x0a, rest.last == 0x0a else {
      throw ZoneFile.Unreadable(description: "its footer is missing")
    }
    return String(decoding: rest.dropFirst().dropLast(), as: UTF8.self)
  }
}
