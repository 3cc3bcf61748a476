/// Files stay short enough to be read in one sitting, functions short enough to be seen at once.
enum Length {
  /// A file may not be longer than this.
  static let file = 400
  /// A file longer than this has a line in `exceptions`.
  static let norm = 300
  static let function = 40
  /// A test tells its story in one go.
  static let test = 60

  /// Files between the norm and the limit, each with the reason why cutting it would make it worse.
  static let exceptions: [String: String] = [
    "Tests/WebTests/Console/PageTests.swift":
      "what every page of the console keeps to, room by room; cut, a room would miss a rule",
    "Tests/WebTests/Console/ImportRoomTests.swift": "one file from its upload to its refused rows, with the texts that it needs",
  ]

  static func files(_ files: [SwiftText]) -> [Finding] {
    files.compactMap { file in
      let lines = file.code.count - 1
      if lines > self.file { return Finding(path: file.path, line: lines, text: "\(lines) lines; \(self.file) is the limit") }
      guard lines > norm, exceptions[file.path] == nil else { return nil }
      return Finding(
        path: file.path, line: lines, text: "\(lines) lines; \(norm) is the norm, a longer file needs a reason in Length.exceptions"
      )
    }
  }

  /// From the line with `func`, `init`, `deinit`, `subscript` or a computed `var` to its closing brace.
  static func functions(_ file: SwiftText) -> [Finding] {
    let limit = file.path.hasPrefix("Tests/") ? test : function
    var findings: [Finding] = []
    for (index, line) in file.code.enumerated() where opensFunction(line) {
      guard let last = lastLine(of: file.code, from: index), last - index + 1 > limit else { continue }
      let name = line.split(separator: "{")[0].trimmingPrefix(while: \.isWhitespace)
      findings.append(Finding(path: file.path, line: index + 1, text: "\(last - index + 1) lines, \(limit) is the limit: \(name)"))
    }
    return findings
  }

  private static func opensFunction(_ line: String) -> Bool {
    guard ["func", "init", "subscript", "var "].contains(where: { line.contains($0) }) else { return false }
    let words = line.split { !$0.isLetter && $0 != "`" }
    if words.contains("func") || words.first == "deinit" { return true }
    if line.firstMatch(of: /^\s*((public|private|fileprivate|convenience|required|@inlinable)\s+)*(init[?(<]|subscript[(<])/) != nil
    {
      return true
    }
    return line.firstMatch(of: /\bvar \w+: [^={]+\{\s*$/.wordBoundaryKind(.simple)) != nil
  }

  /// The line on which the braces opened by this declaration are closed; nil for one without a body.
  private static func lastLine(of code: [String], from first: Int) -> Int? {
    var braces = 0
    var brackets = 0
    for index in first..<code.count {
      for letter in code[index].utf8 {
        switch letter {
        case UInt8(ascii: "("), UInt8(ascii: "["): brackets += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"): brackets -= 1
        case UInt8(ascii: "{"): braces += 1
        case UInt8(ascii: "}"):
          braces -= 1
          if braces <= 0 { return braces == 0 ? index : nil }
        default: continue
        }
      }
      // A requirement of a protocol ends with its line.
      if braces == 0, brackets == 0, index + 1 < code.count, !continues(code[index + 1]) { return nil }
    }
    return nil
  }

  private static func continues(_ line: String) -> Bool {
    line.firstMatch(of: /^\s*(\{|->|where |throws|async|\))/) != nil
  }
}
