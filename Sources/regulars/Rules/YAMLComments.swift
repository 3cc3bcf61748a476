import Kernel
import Yams

/// The comments of a YAML file, each at the value that it stands above or beside, so that they are there again when the file is
/// written anew.
struct YAMLComments {
  /// Above a value, by the path to it; what follows the last value stands at the empty path.
  private var above: [String: [String]] = [:]
  /// On a value's own line.
  private var beside: [String: String] = [:]

  /// - Throws: `Problem.invalid` (`not_yaml`).
  init(of text: String) throws(Problem) {
    let starts = try Self.starts(text)
    var waiting: [String] = []
    var textIndent: Int?
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let indent = line.prefix { $0 == " " }.count
      let content = line.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
      // A text of several lines may hold what looks like a comment.
      if let least = textIndent {
        if content.isEmpty || indent > least { continue }
        textIndent = nil
      }
      if content.first == "#" {
        waiting.append(String(content.reversed().drop { $0.isWhitespace }.reversed()))
        continue
      }
      guard let path = starts[number + 1]?.first else { continue }
      if !waiting.isEmpty { above[path, default: []] += waiting }
      waiting = []
      if let comment = Self.comment(in: line) { beside[starts[number + 1]?.last ?? path] = comment }
      if let last = Self.withoutComment(line).last, "|>".contains(last) { textIndent = indent }
    }
    if !waiting.isEmpty { above["", default: []] += waiting }
  }

  /// The text with these comments; those of values that are no longer there go to what held them, or go.
  func added(to text: String) throws(Problem) -> String {
    let starts = try Self.starts(text)
    let known = Set(starts.values.flatMap { $0 })
    var (above, beside) = ([String: [String]](), beside)
    for (path, lines) in self.above.sorted(by: { $0.key < $1.key }) {
      guard let place = Self.nearest(path, known) else { continue }
      above[place, default: []] += lines
    }
    var written: [String] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let paths = starts[number + 1] ?? []
      let indent = String(line.prefix { $0 == " " })
      for path in paths { written += (above[path] ?? []).map { indent + $0 } }
      let comment = paths.compactMap { beside.removeValue(forKey: $0) }.joined(separator: " ")
      written.append(comment.isEmpty ? String(line) : line + "  " + comment)
    }
    while written.last?.isEmpty ?? false { written.removeLast() }
    return (written + (above[""] ?? [])).joined(separator: "\n") + "\n"
  }

  /// The path itself, or the item of a list that it is in, where that is still there.
  private static func nearest(_ path: String, _ known: Set<String>) -> String? {
    if path.isEmpty || known.contains(path) { return path }
    var rest = path[...]
    while let cut = rest.lastIndex(of: "\u{1}") {
      rest = rest[..<cut]
      if known.contains(String(rest)), rest.last == "]" { return String(rest) }
    }
    return nil
  }

  /// Which values begin on which line, the outer ones first. Items of lists are named by their code, name or id, so that they are known
  /// again wherever they move to.
  private static func starts(_ text: String) throws(Problem) -> [Int: [String]] {
    var starts: [Int: [String]] = [:]
    func walk(_ node: Node, _ path: String) {
      switch node {
      case .mapping(let pairs):
        for pair in pairs {
          let inner = path + "\u{1}" + (pair.key.string ?? "")
          if let line = pair.key.mark?.line { starts[line, default: []].append(inner) }
          walk(pair.value, inner)
        }
      case .sequence(let items):
        for (place, item) in items.enumerated() {
          let name =
            ["code", "name", "id", "promotion"].compactMap { item.mapping?[Node($0)]?.string }.first ?? item.string ?? "\(place)"
          let inner = path + "\u{1}[" + name + "]"
          if let line = item.mark?.line { starts[line, default: []].append(inner) }
          walk(item, inner)
        }
      case .scalar, .alias: break
      }
    }
    walk(try YAMLText.document(text), "")
    return starts
  }

  /// Where a comment begins: at a number sign behind a space and outside of quotes.
  private static func commentStart(_ line: Substring) -> Substring.Index? {
    var quote: Character?
    var before: Character = " "
    for index in line.indices {
      let character = line[index]
      if let open = quote {
        if character == open, !(open == "\"" && before == "\\") { quote = nil }
      } else if character == "#", before == " " || before == "\t" {
        return index
      } else if character == "\"" || character == "'", " [{,:-".contains(before) {
        quote = character
      }
      before = character
    }
    return nil
  }

  private static func comment(in line: Substring) -> String? {
    commentStart(line).map { String(line[$0...].reversed().drop { $0.isWhitespace }.reversed()) }
  }

  private static func withoutComment(_ line: Substring) -> String {
    String(line[..<(commentStart(line) ?? line.endIndex)].reversed().drop { $0.isWhitespace }.reversed())
  }
}
