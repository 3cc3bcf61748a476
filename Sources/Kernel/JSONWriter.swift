/// Writes JSON straight into bytes, for rows that are written thousands of times a second. The caller opens and closes; commas
/// are its own. Costs one growing array and no values in between.
public struct JSONWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  public init(reserving capacity: Int = 1024) { bytes.reserveCapacity(capacity) }

  public mutating func openObject() { open(UInt8(ascii: "{")) }
  public mutating func closeObject() { close(UInt8(ascii: "}")) }
  public mutating func openArray() { open(UInt8(ascii: "[")) }
  public mutating func closeArray() { close(UInt8(ascii: "]")) }

  public mutating func key(_ key: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    key.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  public mutating func key(_ key: String) {
    separate()
    quoted(key)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  public mutating func int(_ value: Int64) {
    separate()
    digits(value)
    needsComma = true
  }

  public mutating func string(_ value: String) {
    separate()
    quoted(value)
    needsComma = true
  }

  /// A decimal in quotes, `1250` with two digits as `"12.50"`: amounts are texts in JSON, and there are dozens in an answer.
  /// - Parameter trimmed: leaves out zeros at the end.
  public mutating func decimal(_ value: Int64, digits count: Int, trimmed: Bool = false) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var unit: UInt64 = 1
    for _ in 0..<count { unit *= 10 }
    var (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: unit)
    whole = min(whole, UInt64(Int64.max))
    digits(Int64(whole))
    if count > 0, !(trimmed && rest == 0) {
      bytes.append(UInt8(ascii: "."))
      while unit > 1, !(trimmed && rest == 0) {
        unit /= 10
        bytes.append(UInt8(truncatingIfNeeded: 48 + rest / unit))
        rest %= unit
      }
    }
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  public mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }
  public mutating func null() { raw("null") }

  /// Any value, whole.
  public mutating func value(_ json: JSON) {
    switch json {
    case .null: null()
    case .bool(let value): bool(value)
    case .int(let value): int(value)
    case .number(let text): raw(text)
    case .string(let value): string(value)
    case .array(let items):
      openArray()
      for item in items { value(item) }
      closeArray()
    case .object(let members):
      openObject()
      for member in members {
        key(member.key)
        value(member.value)
      }
      closeObject()
    }
  }

  private mutating func raw(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
    needsComma = true
  }

  private mutating func open(_ byte: UInt8) {
    separate()
    bytes.append(byte)
    needsComma = false
  }

  private mutating func close(_ byte: UInt8) {
    bytes.append(byte)
    needsComma = true
  }

  private mutating func separate() { if needsComma { bytes.append(UInt8(ascii: ",")) } }

  private mutating func digits(_ value: Int64) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    if rest < 10 { return bytes.append(UInt8(truncatingIfNeeded: 48 + rest)) }
    var count = 2
    var bound: UInt64 = 100
    // Nineteen digits hold any magnitude.
    while rest >= bound, count < 19 {
      count += 1
      bound &*= 10
    }
    bytes.append(contentsOf: repeatElement(48, count: count))
    var place = bytes.count
    while rest > 0 {
      place -= 1
      bytes[place] = UInt8(truncatingIfNeeded: 48 + rest % 10)
      rest /= 10
    }
  }

  private mutating func quoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    // Nearly all texts need no escape: these are copied whole.
    if !text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
      bytes.append(contentsOf: text.utf8)
      bytes.append(UInt8(ascii: "\""))
      return
    }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x0a: bytes.append(contentsOf: [0x5c, 0x6e])
      case 0x0d: bytes.append(contentsOf: [0x5c, 0x72])
      case 0x09: bytes.append(contentsOf: [0x5c, 0x74])
      case 0..<0x20:
        let hex = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: Array("\\u00".utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
