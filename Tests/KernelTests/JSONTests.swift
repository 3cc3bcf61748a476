import Kernel
import TestKit
import Testing

@Suite struct `JSON text` {
  @Test(
    arguments: [
      ("0", .int(0)), ("-1", .int(-1)), ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
      ("9223372036854775808", .number("9223372036854775808")), ("1.0", .number("1.0")), ("12.50", .number("12.50")),
      ("1e5", .number("1e5")),
      ("1E+5", .number("1E+5")), ("-0.5e-10", .number("-0.5e-10")), ("true", true), ("null", .null), ("[]", []),
      ("{}", .object([])),
      ("\u{feff}[1]", [1]), (" \t\r\n[ 1 , 2 ] \n", [1, 2]), (#""\u0041\u00e9\u20ac""#, "Aé€"), (#""\ud83d\ude00""#, "😀"),
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u0000""#, "\0"), ("\"\u{7f}\u{2028}\"", "\u{7f}\u{2028}"),
      (#""""#, ""),
      (#""\uFFFF\uffff""#, "\u{ffff}\u{ffff}"),
    ] as [(String, JSON)])
  func `is read as it was given`(_ text: String, _ value: JSON) throws {
    #expect(try JSON.parse(text) == value)
  }

  @Test(arguments: [
    "", " ", "[", "]", "{", "[1,]", "{\"a\":1,}", "[1 2]", "{\"a\" 1}", "{a:1}", "{'a':1}", "01", "-01", "-", "+1", ".5", "1.",
    "1.e5", "1e",
    "1e+", "0x10", "Infinity", "NaN", "tru", "True", "nul", "[1]x", "1 1", "\"", "\"a", "\"\\", "\"\\x\"", #""\u12""#, #""\u+123""#,
    #""\u-123""#,
    #""\uzzzz""#, #""\ud800""#, #""\ud800\u0041""#, #""\ud800x""#, #""\udc00""#, #""\ud800\ud800""#, "\"a\nb\"", "\"\t\"",
    "// x\n1", "[1]/*x*/",
    "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "\u{a0}1", "[\u{c}1]",
  ])
  func `that is not quite JSON is refused`(_ text: String) {
    #expect(throws: JSON.SyntaxError.self) { try JSON.parse(text) }
  }

  @Test(
    arguments: [
      [0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22],
      [0x22, 0xe2, 0x82, 0x22],
      [0xfe, 0xff, 0x31], [0x22, 0x5c, 0x6e, 0xff, 0x22], [0x00],
    ] as [[UInt8]])
  func `that is not UTF-8 is refused`(_ bytes: [UInt8]) {
    #expect(throws: JSON.SyntaxError.self) { try JSON.parse(bytes) }
  }

  @Test(arguments: [
    ("[1,\n  2,\n  x]", 3, 3), ("{\"a\": 01}", 1, 7), ("[1", 1, 3), ("", 1, 1), ("{\n\"a\": 1,\n\"a\": 2}", 3, 4),
    ("[\"ж\", x]", 1, 8),
  ])
  func `names the line and the byte where it went wrong`(_ text: String, _ line: Int, _ column: Int) throws {
    let error = try #require(throws: JSON.SyntaxError.self) { try JSON.parse(text) }
    #expect(error.line == line && error.column == column, "\(error)")
  }

  @Test func `may be nested as deep as the limit and not deeper`() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    _ = try JSON.parse(nested(Limits.jsonDepth))
    #expect(throws: JSON.SyntaxError.self) { try JSON.parse(nested(Limits.jsonDepth + 1)) }
    #expect(throws: JSON.SyntaxError.self) { try JSON.parse(String(repeating: "{\"a\":", count: 1_000_000)) }
    _ = try JSON.parse("[" + Array(repeating: nested(Limits.jsonDepth - 1), count: 50).joined(separator: ",") + "]")
  }

  @Test func `with a repeated name is refused in small and in large objects`() {
    for count in [2, 8, 9, 10, 500] {
      let names = (0..<count).map { "\"n\($0)\":0" }
      #expect(throws: Never.self) { try JSON.parse("{" + names.joined(separator: ",") + "}") }
      for repeated in [0, count - 1] {
        #expect(throws: JSON.SyntaxError.self) {
          try JSON.parse("{" + (names + ["\"n\(repeated)\":1"]).joined(separator: ",") + "}")
        }
      }
    }
  }

  @Test(arguments: Seeds.some(200)) func `written is read back the same, in one line and in many`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let value = Self.any(depth: 5, &random)
    #expect(try JSON.parse(value.compact) == value, "seed \(seed)")
    #expect(try JSON.parse(value.pretty) == value, "seed \(seed)")
    #expect(!value.compact.contains("\n"), "seed \(seed)")
  }

  @Test(arguments: Seeds.some(100)) func `damaged anywhere is read or refused, never trapped on`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var bytes = Array(Self.any(depth: 5, &random).pretty.utf8)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
    do throws(JSON.SyntaxError) {
      let value = try JSON.parse(bytes)
      #expect(try JSON.parse(value.compact) == value, "seed \(seed)")
    } catch {
      #expect(error.line >= 1 && error.column >= 1, "seed \(seed)")
    }
  }

  @Test func `is laid out for people`() {
    let value = JSON.object([
      "name": "ёж", "sizes": [1, 2, 3], "none": nil, "deep": .object(["a": [[1], [2]]]), "empty": [], "nothing": .object([]),
    ])
    let expected = """
      {
        "name": "ёж",
        "sizes": [1, 2, 3],
        "deep": {
          "a": [
            [1],
            [2]
          ]
        },
        "empty": [],
        "nothing": {}
      }
      """
    #expect(value.pretty == expected)
  }

  private static func any(depth: Int, _ random: inout SeededRandom) -> JSON {
    switch Int.random(in: 0..<(depth == 0 ? 5 : 8), using: &random) {
    case 0: .null
    case 1: .bool(Bool.random(using: &random))
    case 2: .int(Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...62, using: &random))
    case 3: .number(["0.5", "-1e10", "12345678901234567890123", "1.50"].randomElement(using: &random) ?? "0.1")
    case 4, 5: .string(text(&random))
    case 6: .array((0..<Int.random(in: 0...4, using: &random)).map { _ in any(depth: depth - 1, &random) })
    default:
      .object(
        (0..<Int.random(in: 0...12, using: &random)).map { JSON.Member("\($0)" + text(&random), any(depth: depth - 1, &random)) })
    }
  }

  private static func text(_ random: inout SeededRandom) -> String {
    let alphabet = Array("abc \"\\/\n\r\t\u{0}\u{1f}\u{7f}жё€😀\u{2028}é")
    return String((0..<Int.random(in: 0...8, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "x" })
  }
}

@Suite struct `the JSON writer` {
  @Test func `sets commas and quotes itself`() throws {
    var writer = JSONWriter()
    writer.openObject()
    writer.key("lines")
    writer.openArray()
    for value in [Int64.min, -1, 0, 7, .max] { writer.int(value) }
    writer.closeArray()
    writer.key("empty")
    writer.openObject()
    writer.closeObject()
    writer.key("a \"quoted\"\u{1} name" as String)
    writer.bool(true)
    writer.key("nothing")
    writer.null()
    writer.closeObject()
    let text = String(decoding: writer.bytes, as: UTF8.self)
    #expect(
      text
        == #"{"lines":[-9223372036854775808,-1,0,7,9223372036854775807],"empty":{},"a \"quoted\"\u0001 name":true,"nothing":null}"#)
  }
}
