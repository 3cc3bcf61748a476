extension JSON {
  /// Where text stopped being JSON.
  public struct SyntaxError: Error, Hashable, Sendable {
    public let line: Int
    public let column: Int
    public let message: String
  }

  /// Parses one value that fills the whole input. Strict: no comments, no trailing commas, no repeated member names, valid UTF-8.
  /// - Throws: `SyntaxError` with line and column, both from 1; nesting deeper than `Limits.jsonDepth` is one.
  public static func parse(_ bytes: [UInt8]) throws(SyntaxError) -> JSON {
    var parser = JSONParser(bytes: bytes)
    return try parser.document()
  }

  public static func parse(_ text: String) throws(SyntaxError) -> JSON { try parse(Array(text.utf8)) }
}

struct JSONParser {
  let bytes: [UInt8]
  var at = 0
  var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSON.SyntaxError) -> JSON {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { at = 3 }
    let result = try value()
    skipSpace()
    guard at == bytes.count else { throw error("nothing may follow the value") }
    return result
  }

  private func error(_ message: String) -> JSON.SyntaxError {
    let before = bytes[..<min(at, bytes.count)]
    let line = before.count { $0 == 0x0a } + 1
    let start = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    return JSON.SyntaxError(line: line, column: before.count - start + 1, message: message)
  }

  private mutating func skipSpace() {
    while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0a || bytes[at] == 0x0d || bytes[at] == 0x09 { at += 1 }
  }

  private mutating func value() throws(JSON.SyntaxError) -> JSON {
    skipSpace()
    guard at < bytes.count else { throw error("a value is missing") }
    switch bytes[at] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ text: String, _ result: JSON) throws(JSON.SyntaxError) -> JSON {
    guard bytes[at...].starts(with: text.utf8) else { throw error("this is not a JSON value") }
    at += text.utf8.count
    return result
  }

  private mutating func enter() throws(JSON.SyntaxError) {
    depth += 1
    at += 1
    guard depth <= Limits.jsonDepth else { throw error("values are nested deeper than \(Limits.jsonDepth)") }
  }

  private mutating func array() throws(JSON.SyntaxError) -> JSON {
    try enter()
    defer { depth -= 1 }
    var items: [JSON] = []
    skipSpace()
    if at < bytes.count, bytes[at] == UInt8(ascii: "]") {
      at += 1
      return .array(items)
    }
    while true {
      items.append(try value())
      if try closes(with: UInt8(ascii: "]")) { return .array(items) }
    }
  }

  private mutating func object() throws(JSON.SyntaxError) -> JSON {
    try enter()
    defer { depth -= 1 }
    var members: [JSON.Member] = []
    members.reserveCapacity(8)
    var seen: Set<String> = []
    skipSpace()
    if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
      at += 1
      return .object(members)
    }
    while true {
      skipSpace()
      guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw error("a member name in quotes is missing") }
      let key = try string()
      let isRepeated = members.count < 8 ? members.contains { $0.key == key } : isKnown(key, &seen, members)
      if isRepeated { throw error("the member \"\(key)\" stands twice in one object") }
      skipSpace()
      guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { throw error("a colon is missing") }
      at += 1
      members.append(JSON.Member(key, try value()))
      if try closes(with: UInt8(ascii: "}")) { return .object(members) }
    }
  }

  /// Small objects are searched, large ones keep a set, so that a hostile object costs no square.
  private func isKnown(_ key: String, _ seen: inout Set<String>, _ members: [JSON.Member]) -> Bool {
    if seen.isEmpty { seen = Set(members.map(\.key)) }
    return !seen.insert(key).inserted
  }

  private mutating func closes(with end: UInt8) throws(JSON.SyntaxError) -> Bool {
    skipSpace()
    guard at < bytes.count else { throw error("the input ends inside a value") }
    guard bytes[at] == end || bytes[at] == UInt8(ascii: ",") else { throw error("a comma or a closing bracket is missing") }
    at += 1
    return bytes[at - 1] == end
  }

  private mutating func number() throws(JSON.SyntaxError) -> JSON {
    let start = at
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    let whole = digits()
    guard whole > 0, whole == 1 || bytes[at - whole] != 48 else {
      at = start
      throw error("this is not a JSON value")
    }
    var isInteger = true
    if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
      at += 1
      isInteger = false
      guard digits() > 0 else { throw error("a digit is missing behind the point") }
    }
    if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      isInteger = false
      if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
      guard digits() > 0 else { throw error("a digit is missing in the exponent") }
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if isInteger, let value = Int64(text) { return .int(value) }
    return .number(text)
  }

  private mutating func digits() -> Int {
    let start = at
    while at < bytes.count, (48...57).contains(bytes[at]) { at += 1 }
    return at - start
  }

  private mutating func string() throws(JSON.SyntaxError) -> String {
    at += 1
    let start = at
    var all: UInt8 = 0
    while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\"), bytes[at] >= 0x20 {
      all |= bytes[at]
      at += 1
    }
    guard at < bytes.count else { throw error("a text is not closed") }
    if bytes[at] == UInt8(ascii: "\"") {
      defer { at += 1 }
      // Plain ASCII, as nearly every key and code is, needs no second look.
      guard all >= 0x80 else {
        return unsafe bytes.withUnsafeBufferPointer {
          unsafe String(decoding: UnsafeBufferPointer(rebasing: $0[start..<at]), as: UTF8.self)
        }
      }
      return try utf8(bytes[start..<at])
    }
    var result = Array(bytes[start..<at])
    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
      guard bytes[at] >= 0x20 else { throw error("a control character stands in a text") }
      if bytes[at] == UInt8(ascii: "\\") {
        try escape(into: &result)
      } else {
        result.append(bytes[at])
        at += 1
      }
    }
    guard at < bytes.count else { throw error("a text is not closed") }
    at += 1
    return try utf8(result[...])
  }

  private func utf8(_ slice: ArraySlice<UInt8>) throws(JSON.SyntaxError) -> String {
    let text = unsafe slice.withUnsafeBufferPointer { unsafe String(validating: $0, as: UTF8.self) }
    guard let text else { throw error("a text is not valid UTF-8") }
    return text
  }

  private mutating func escape(into result: inout [UInt8]) throws(JSON.SyntaxError) {
    at += 1
    guard at < bytes.count else { throw error("a text is not closed") }
    let letter = bytes[at]
    at += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(letter)
    case UInt8(ascii: "b"): result.append(8)
    case UInt8(ascii: "f"): result.append(12)
    case UInt8(ascii: "n"): result.append(10)
    case UInt8(ascii: "r"): result.append(13)
    case UInt8(ascii: "t"): result.append(9)
    case UInt8(ascii: "u"): try unicode(into: &result)
    default: throw error("unknown escape")
    }
  }

  private mutating func unicode(into result: inout [UInt8]) throws(JSON.SyntaxError) {
    var code = try fourHex()
    if (0xd800..<0xdc00).contains(code) {
      guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else {
        throw error("half of a surrogate pair")
      }
      at += 2
      let low = try fourHex()
      guard (0xdc00..<0xe000).contains(low) else { throw error("half of a surrogate pair") }
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw error("half of a surrogate pair") }
    result.append(contentsOf: String(Character(scalar)).utf8)
  }

  private mutating func fourHex() throws(JSON.SyntaxError) -> UInt32 {
    guard at + 4 <= bytes.count else { throw error("four hexadecimal digits are missing") }
    var code: UInt32 = 0
    for byte in bytes[at..<at + 4] {
      switch byte {
      case 48...57: code = code << 4 | UInt32(byte - 48)
      case 65...70: code = code << 4 | UInt32(byte - 55)
      case 97...102: code = code << 4 | UInt32(byte - 87)
      default: throw error("four hexadecimal digits are missing")
      }
    }
    at += 4
    return code
  }
}
