import TestKit

/// Style sheets: a rule that is not closed swallows those after it, and no browser says so.
enum Sheets {
  /// Lines whose depth in braces is not that of their indentation, two spaces a level: the first of each sheet.
  static func findings(_ text: String, path: String) -> [Finding] {
    var (depth, isComment) = (0, false)
    for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let wasComment = isComment
      let code = withoutComments(line, &isComment)
      let spaces = line.prefix { $0 == " " }.count
      let begins = !wasComment && !code.allSatisfy(\.isWhitespace)
      let expected = code.drop { $0 == " " }.first == "}" ? depth - 1 : depth
      // A declaration that goes on in the next line stands deeper than its braces say; none stands less deep.
      if begins, spaces < expected * 2 || expected < 0 {
        return [Finding(path: path, line: place + 1, text: "stands within \(expected) open braces: one before it is not closed")]
      }
      depth += code.count { $0 == "{" } - code.count { $0 == "}" }
    }
    return depth == 0 ? [] : [Finding(path: path, line: 1, text: "\(depth) braces are not closed")]
  }

  private static func withoutComments(_ line: Substring, _ isComment: inout Bool) -> String {
    var (kept, rest) = ("", line)
    while let end = rest.firstRange(of: isComment ? "*/" : "/*") {
      if !isComment { kept += rest[..<end.lowerBound] }
      rest = rest[end.upperBound...]
      isComment.toggle()
    }
    return isComment ? kept : kept + rest
  }
}
