/// Goes through XML, one tag or text after the other: enough of it for the parts of a workbook. Names are without their prefixes.
struct MarkupScan {
  enum Token {
    case start(ArraySlice<UInt8>, isEmpty: Bool)
    case end(ArraySlice<UInt8>)
    case text(ArraySlice<UInt8>)
  }

  private let bytes: [UInt8]
  private var place = 0
  /// Of the tag that was met last.
  private var attributes: Range<Int> = 0..<0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Nil at the end. - Throws: `.damaged`; a document with definitions of its own is refused: they can unfold without end.
  mutating func next() throws(WorkbookFault) -> Token? {
    while place < bytes.count {
      guard bytes[place] == 0x3c else {
        let start = place
        while place < bytes.count, bytes[place] != 0x3c { place += 1 }
        return .text(bytes[start..<place])
      }
      guard place + 1 < bytes.count else { throw .damaged }
      switch bytes[place + 1] {
      case 0x3f: try skip("?>")
      case 0x21:
        if starts("<!--") {
          try skip("-->")
        } else if starts("<![CDATA[") {
          let start = place + 9
          try skip("]]>")
          return .text(bytes[start..<place - 3])
        } else {
          throw .damaged
        }
      default: return try tag()
      }
    }
    return nil
  }

  private mutating func tag() throws(WorkbookFault) -> Token {
    let isEnd = bytes[place + 1] == 0x2f
    let start = place + (isEnd ? 2 : 1)
    var quoted: UInt8 = 0
    var close = start
    while close < bytes.count, quoted != 0 || bytes[close] != 0x3e {
      let byte = bytes[close]
      if quoted != 0 { if byte == quoted { quoted = 0 } } else if byte == 0x22 || byte == 0x27 { quoted = byte }
      close += 1
    }
    guard close < bytes.count, close > start else { throw .damaged }
    place = close + 1
    let isEmpty = bytes[close - 1] == 0x2f
    let inner = start..<(isEmpty ? close - 1 : close)
    var end = inner.lowerBound
    while end < inner.upperBound, !Self.isSpace(bytes[end]) { end += 1 }
    attributes = end..<inner.upperBound
    let full = bytes[inner.lowerBound..<end]
    let name = full.firstIndex(of: 0x3a).map { full[($0 + 1)...] } ?? full
    return isEnd ? .end(name) : .start(name, isEmpty: isEmpty)
  }

  /// An attribute of the tag that was met last, whatever its prefix.
  func attribute(_ wanted: StaticString) -> String? {
    let name = Self.bytes(wanted)
    var at = attributes.lowerBound
    while at < attributes.upperBound {
      while at < attributes.upperBound, Self.isSpace(bytes[at]) { at += 1 }
      let start = at
      while at < attributes.upperBound, bytes[at] != 0x3d { at += 1 }
      var end = at
      while end > start, Self.isSpace(bytes[end - 1]) { end -= 1 }
      at += 1
      while at < attributes.upperBound, Self.isSpace(bytes[at]) { at += 1 }
      guard at < attributes.upperBound, bytes[at] == 0x22 || bytes[at] == 0x27 else { return nil }
      let mark = bytes[at]
      let first = at + 1
      at = first
      while at < attributes.upperBound, bytes[at] != mark { at += 1 }
      guard at < attributes.upperBound else { return nil }
      let full = bytes[start..<end]
      let local = full.firstIndex(of: 0x3a).map { full[($0 + 1)...] } ?? full
      if local.elementsEqual(name) { return Self.plain(bytes[first..<at]) }
      at += 1
    }
    return nil
  }

  private func starts(_ text: StaticString) -> Bool { bytes[place...].starts(with: Self.bytes(text)) }

  private mutating func skip(_ text: StaticString) throws(WorkbookFault) {
    let wanted = Self.bytes(text)
    while place < bytes.count {
      if bytes[place] == wanted[0], bytes[place...].starts(with: wanted) {
        place += wanted.count
        return
      }
      place += 1
    }
    throw .damaged
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }
  static func bytes(_ text: StaticString) -> [UInt8] { Array(text.description.utf8) }

  /// A text with what it names by name put in: `&amp;`, `&#1078;`. What it names otherwise stays as it is.
  static func plain(_ text: ArraySlice<UInt8>) -> String {
    guard text.contains(0x26) else { return String(decoding: text, as: UTF8.self) }
    var out: [UInt8] = []
    var rest = text
    while let byte = rest.first {
      if byte == 0x26, let end = rest.prefix(12).firstIndex(of: 0x3b), let scalar = scalar(rest[(rest.startIndex + 1)..<end]) {
        out += Array(String(Character(scalar)).utf8)
        rest = rest[(end + 1)...]
      } else {
        out.append(byte)
        rest.removeFirst()
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func scalar(_ name: ArraySlice<UInt8>) -> Unicode.Scalar? {
    let text = String(decoding: name, as: UTF8.self)
    switch text {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default: break
    }
    guard text.hasPrefix("#") else { return nil }
    let digits = text.dropFirst()
    let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return value.flatMap(Unicode.Scalar.init)
  }
}
