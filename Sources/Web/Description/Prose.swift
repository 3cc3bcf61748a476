/// The description's sentences as HTML: paragraphs, `code`, **strong** and *stressed* words. No more of Markdown than is used.
enum Prose {
  static func paragraphs(_ text: String) -> HTML {
    HTML(text.split(separator: "\n\n").map { .tag("p", [:], inline(String($0))) })
  }

  static func inline(_ text: String) -> [HTML] {
    var pieces: [HTML] = []
    var rest = text[...]
    while let start = rest.firstIndex(where: { $0 == "`" || $0 == "*" }) {
      let mark = rest[start...].hasPrefix("**") ? "**" : String(rest[start])
      let inside = rest[start...].dropFirst(mark.count)
      guard let end = inside.firstRange(of: mark) else { break }
      pieces.append(HTML(text: String(rest[..<start])))
      pieces.append(marked(String(inside[..<end.lowerBound]), mark))
      rest = inside[end.upperBound...]
    }
    return pieces + [HTML(text: String(rest))]
  }

  private static func marked(_ text: String, _ mark: String) -> HTML {
    switch mark {
    case "`": .tag("code", [:], HTML(text: text))
    case "**": .tag("strong", [:], inline(text))
    default: .tag("em", [:], inline(text))
    }
  }
}
