import Storage
import Testing

/// Every check is shown something bad: a check that cannot fail checks nothing.
@Suite struct `the checks` {
  static func swift(_ text: String, path: String = "Sources/Loyalty/Coupons/CouponSQL.swift") -> SwiftText {
    SwiftText(path: path, text)
  }

  @Test func `tell code from literals and comments`() {
    let text = Self.swift(
      ##"""
      let a = "x // no \(f("in" + "ner") /* c */) y" // yes
      let b = #"raw " \#(code) \("not")"# + """
        two "lines"
        """
      /* block /* nested */ still */ let c = 1
      """##)
    #expect(text.code.count == 5)
    #expect(text.code[0].contains("let a =") && !text.code[0].contains("yes") && !text.code[0].contains("no"))
    #expect(text.code[1].contains("let b =") && !text.code[1].contains("raw"))
    #expect(text.code[4].contains("let c = 1") && !text.code[4].contains("still"))
    #expect(text.literals.count == 5)
    #expect(text.literals.contains { $0.line == 2 && $0.text.contains("two \"lines\"") })
    #expect(text.comments.map(\.line) == [1, 1, 5])
  }

  @Test func `find a rule of a style sheet that is not closed`() {
    let good = "@layer a {\n  /* } */\n  .b { c: d; }\n\n  .e {\n    f: g,\n      h;\n    & i { j: k; }\n  }\n}\n"
    #expect(Sheets.findings(good, path: "a.css").isEmpty)
    let open = "@layer a {\n  .b {\n    c: d;\n  .e { f: g; }\n}\n"
    #expect(Sheets.findings(open, path: "a.css").map(\.line) == [4])
    #expect(!Sheets.findings("a { b: c; }\n}\n", path: "a.css").isEmpty)
    #expect(!Sheets.findings("a {\n  b: c;\n", path: "a.css").isEmpty)
  }

  @Test(arguments: [
    "struct CouponManager {}", "enum DateUtil {}", "final class BaseStore {}", "let x = try! f()", "let x = y as! Int",
    "let x = y!", "f(a[1]!)",
    "x!.y", "fatalError()", "// TODO later", "/// FIXME", "let p = \"/home/ann/x\"", "protocol PriceService {}",
  ])
  func `find a banned word`(_ text: String) {
    #expect(!Words.findings(in: Self.swift(text)).isEmpty)
  }

  @Test(arguments: [
    "struct ServiceFee {}", "if a != b { return !c }", "let x = \"done!\"", "try f()", "x as? Int", "fatalError(\"a sentence\")",
    "let todo = 1",
    "let p = \"/usr/share/zoneinfo\"", "struct Basement {}", "precondition(a, \"no!\")", "let f: (Int) -> Bool = { !$0 }",
  ])
  func `leave a good word alone`(_ text: String) {
    #expect(Words.findings(in: Self.swift(text)).isEmpty)
  }

  @Test func `find a file that is named after nothing`() {
    for name in ["String+Trim.swift", "PriceHelper.swift", "Utils.swift", "Extensions.swift"] {
      #expect(Words.findings(in: Self.swift("", path: "Sources/Loyalty/\(name)")).count == 1, "\(name)")
    }
  }

  @Test func `find @unchecked outside the drivers only`() {
    #expect(Words.unchecked(Self.swift("final class A: @unchecked Sendable {}")).count == 1)
    #expect(Words.unchecked(Self.swift("final class A: @unchecked Sendable {}", path: "Sources/StorageSQLite/A.swift")).isEmpty)
  }

  @Test func `find a file over the limit and over the norm`() {
    func file(_ lines: Int) -> SwiftText { Self.swift(String(repeating: "let a = 1\n", count: lines)) }
    #expect(Length.files([file(300)]).isEmpty)
    #expect(Length.files([file(301)]).count == 1)
    #expect(Length.files([file(401)]).first?.text.contains("400 is the limit") == true)
  }

  @Test(arguments: [
    "func a(\n  _ b: Int\n) throws -> Int {", "  init(a: Int) {", "  public init?(a: Int)\n  where T: X {", "  var a: Int {",
    "  subscript(a: Int) -> Int {",
    "  deinit {",
  ])
  func `find a long function however it begins`(_ head: String) {
    func function(_ lines: Int) -> SwiftText {
      Self.swift(
        "struct A {\n\(head)\n" + String(repeating: "    if a { b() }\n", count: lines - 1 - head.split(separator: "\n").count)
          + "  }\n}\n")
    }
    #expect(Length.functions(function(40)).isEmpty)
    #expect(Length.functions(function(41)).count == 1)
  }

  @Test func `find no function in a requirement, a call or a stored value`() {
    let text =
      "protocol A {\n  func a()\n  init(b: Int)\n  var c: Int { get }\n}\n" + String(repeating: "// x\n", count: 60)
      + "struct B {}\n"
    #expect(Length.functions(Self.swift(text)).isEmpty)
  }

  static let package = """
      targets: [
        .target(name: "Kernel", swiftSettings: strict),
        .target(name: "Storage", dependencies: ["Kernel", .product(name: "Crypto", package: "swift-crypto")]),
        .target(
          name: "Access", dependencies: ["Kernel", "Storage"], swiftSettings: strict),
        .target(name: "Loyalty", dependencies: ["Kernel", "Access"]),
      ]
    """
  static let drawing =
    "Text\n```\n 3  wings     Access Loyalty   Loyalty → Access\n 2  plumbing  Storage\n 0  ground  Kernel   # ids\n```\n"

  @Test func `accept a house that stands as it is drawn`() {
    let floors = Floors(package: Self.package, drawing: Self.drawing)
    #expect(floors.targets.map(\.name) == ["Kernel", "Storage", "Access", "Loyalty"])
    #expect(floors.targets[1].uses == ["Kernel", "Crypto"])
    #expect(floors.findings().isEmpty)
  }

  @Test(arguments: [
    (" 2  plumbing  Storage\n", ""), ("Loyalty → Access", ""), (" 2  plumbing  Storage", " 4  plumbing  Storage"),
    ("Kernel", "Kernel Cellar"),
  ])
  func `find a house that does not`(_ part: String, _ replacement: String) {
    #expect(!Floors(package: Self.package, drawing: Self.drawing.replacing(part, with: replacement)).findings().isEmpty)
  }

  @Test func `find an import that goes up or out`() {
    let floors = Floors(package: Self.package, drawing: Self.drawing)
    func count(_ text: String, _ path: String) -> Int { floors.imports(Self.swift(text, path: path)).count }
    #expect(count("import Kernel\nimport Crypto\nimport Synchronization", "Sources/Storage/A.swift") == 0)
    #expect(count("import Loyalty", "Sources/Access/A.swift") == 1)
    #expect(count("import Foundation", "Sources/Access/A.swift") == 1)
    #expect(count("import FoundationEssentials", "Sources/Kernel/A.swift") == 1)
    #expect(count("@preconcurrency import Storage", "Sources/Kernel/A.swift") == 1)
    #expect(count("import struct Foundation.Date", "Sources/Kernel/A.swift") == 1)
  }
}
