/// Words that do not belong in code, and why.
enum Words {
  private struct Rule: Sendable {
    let why: String
    /// One of these stands in every text that the rule finds; looking for them first is much cheaper than the pattern.
    let signs: [String]
    let pattern: @Sendable (String) -> Bool

    init(_ why: String, _ signs: String..., pattern: @escaping @Sendable (String) -> Bool) {
      self.why = why
      self.signs = signs
      self.pattern = pattern
    }

    func finds(_ line: String) -> Bool { signs.contains { line.contains($0) } && pattern(line) }
  }

  private static let code = [
    Rule("a name for something nobody has named", "Manager", "Helper", "Util", "Service", "Impl", "Base", "Common") {
      $0.contains(
        /\b(struct|class|enum|actor|protocol|typealias)\s+(\w*(Manager|Helper|Util|Utils|Utility|Service|Impl|Base|Common)\b|(Base|Common)[A-Z])/
          .wordBoundaryKind(.simple))
    },
    Rule("traps on an error that has a name", "try!") { $0.contains(/\btry!/.wordBoundaryKind(.simple)) },
    Rule("traps on another type", "as!") { $0.contains(/\bas!/.wordBoundaryKind(.simple)) },
    Rule("unwraps by force", "!") {
      $0.contains(/[\w\)\]"]!(?=[\s.,;:)\]\[}?]|$)/) && !$0.contains(/\btry!|\bas!/.wordBoundaryKind(.simple))
    },
    Rule("an end without a sentence", "fatalError") { $0.contains(/\bfatalError\(\s*\)/.wordBoundaryKind(.simple)) },
  ]

  private static let prose = [
    Rule("unfinished", "TODO", "FIXME", "XXX", "HACK") { $0.contains(/\b(TODO|FIXME|XXX|HACK)\b/.wordBoundaryKind(.simple)) },
    Rule("somebody's own folder", "/home", "/Users", "/root", "/work", "/mnt") {
      $0.contains(/(^|[\s"'`(=:])\/(home|Users|root|work|mnt)\/\w/)
    },
  ]

  /// What Swift code may not say.
  static func findings(in file: SwiftText) -> [Finding] {
    let lines = file.code.enumerated().flatMap { index, line in
      code.filter { $0.finds(line) }.map {
        Finding(path: file.path, line: index + 1, text: "\($0.why): \(line.trimmingPrefix(while: \.isWhitespace))")
      }
    }
    return lines + (file.comments + file.literals).flatMap { prose($0.text, path: file.path, from: $0.line) } + name(file.path)
  }

  /// What no text of the repository may say.
  static func prose(_ text: String, path: String, from first: Int = 1) -> [Finding] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
      prose.filter { $0.finds(String(line)) }.map {
        Finding(path: path, line: first + index, text: "\($0.why): \(line.prefix(80))")
      }
    }
  }

  /// `@unchecked Sendable` is for drivers and for the queue and the lock that their threads share.
  static func unchecked(_ file: SwiftText) -> [Finding] {
    if ["Storage", "StorageSQLite", "StoragePostgres"].contains(where: { file.path.hasPrefix("Sources/\($0)/") }) { return [] }
    return file.code.enumerated().filter { $0.element.contains("@unchecked") }.map {
      Finding(path: file.path, line: $0.offset + 1, text: "@unchecked Sendable outside a driver")
    }
  }

  private static func name(_ path: String) -> [Finding] {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let isBad = name.contains("+") || name.contains(/(Manager|Helper|Utils?|Utility|Service|Impl|Base|Common|Extensions)\.swift$/)
    return isBad ? [Finding(path: path, line: 1, text: "a file's name says what is in it")] : []
  }
}
