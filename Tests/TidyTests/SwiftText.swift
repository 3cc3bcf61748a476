/// One source file taken apart: the code with texts and comments blanked out but for a
/// literal's quotes, the literals, and the comments. Positions stay as they
/// were, so a finding can name its line. Knows multi-line, raw and nested literals; a regex literal is taken for code.
struct SwiftText {
  struct Piece: Hashable {
    let line: Int
    let text: String
  }

  let path: String
  /// Lines of code; what stood in literals and comments is blank.
  let code: [String]
  /// Interpolations stand in a literal as they were written.
  let literals: [Piece]
  let comments: [Piece]

  init(path: String, _ text: String) {
    var lexer = Lexer(Array(text.utf8))
    lexer.code(until: nil)
    self.path = path
    code = String(decoding: lexer.output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    literals = lexer.literals
    comments = lexer.comments
  }
}

private struct Lexer {
  private let bytes: [UInt8]
  private var at = 0
  private var line = 1
  var output: [UInt8] = []
  var literals: [SwiftText.Piece] = []
  var comments: [SwiftText.Piece] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private func starts(_ text: String, at place: Int? = nil) -> Bool {
    bytes[min(place ?? at, bytes.count)...].starts(with: text.utf8)
  }

  /// Takes bytes as code, or blanks them.
  private mutating func take(_ count: Int, isCode: Bool) {
    for byte in bytes[at..<min(at + count, bytes.count)] {
      if byte == 0x0a { line += 1 }
      output.append(isCode || byte == 0x0a ? byte : 0x20)
    }
    at = min(at + count, bytes.count)
  }

  /// Reads to the end, or to the bracket that closes an interpolation.
  mutating func code(until closing: UInt8?) {
    var depth = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "/") where starts("//"): comment(length: bytes[at...].prefix { $0 != 0x0a }.count)
      case UInt8(ascii: "/") where starts("/*"): comment(length: blockLength())
      case UInt8(ascii: "\""): literal()
      case UInt8(ascii: "#") where isRawLiteral: literal()
      case UInt8(ascii: ")") where closing != nil && depth == 0: return
      case UInt8(ascii: "("):
        depth += 1
        take(1, isCode: true)
      case UInt8(ascii: ")"):
        depth -= 1
        take(1, isCode: true)
      default: take(1, isCode: true)
      }
    }
  }

  private mutating func comment(length: Int) {
    comments.append(SwiftText.Piece(line: line, text: String(decoding: bytes[at..<at + length], as: UTF8.self)))
    take(length, isCode: false)
  }

  private func blockLength() -> Int {
    var depth = 0
    var end = at
    repeat {
      if starts("/*", at: end) { depth += 1 } else if starts("*/", at: end) { depth -= 1 }
      end += 1
    } while end < bytes.count && depth > 0
    return min(end + 1, bytes.count) - at
  }

  private var isRawLiteral: Bool { bytes[at...].drop { $0 == UInt8(ascii: "#") }.first == UInt8(ascii: "\"") }

  private mutating func literal() {
    let start = (place: at, line: line)
    let opening = output.count
    let hashes = String(repeating: "#", count: bytes[at...].prefix { $0 == UInt8(ascii: "#") }.count)
    let quote = starts(hashes + "\"\"\"") ? "\"\"\"" : "\""
    take(hashes.utf8.count + quote.utf8.count, isCode: false)
    while at < bytes.count {
      if bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\") {
        take(1, isCode: false)
      } else if starts(quote + hashes) {
        break
      } else if starts("\\" + hashes + "(") {
        take(2 + hashes.utf8.count, isCode: false)
        let before = output.count
        code(until: UInt8(ascii: ")"))
        for place in before..<output.count where output[place] != 0x0a { output[place] = 0x20 }
      } else {
        take(starts("\\" + hashes) ? 2 + hashes.utf8.count : 1, isCode: false)
      }
    }
    take(quote.utf8.count + hashes.utf8.count, isCode: false)
    // Two marks stay, so that an argument is still seen to be there.
    output[opening] = UInt8(ascii: "\"")
    output[output.count - 1] = UInt8(ascii: "\"")
    literals.append(SwiftText.Piece(line: start.line, text: String(decoding: bytes[start.place..<at], as: UTF8.self)))
  }
}
