import TestKit

/// What the documents promise: links that lead somewhere, scripts that exist, pages that can be found.
enum Documents {
  struct Page {
    let path: String
    let text: String
  }

  /// Links to files of the repository that lead nowhere.
  static func brokenLinks(_ page: Page, exists: (String) -> Bool) -> [Finding] {
    links(page).filter { !exists($0.target) }.map { Finding(path: page.path, line: $0.line, text: "\($0.target) is not there") }
  }

  /// Every page below `docs/` is reached from the index by links.
  static func unreachable(_ pages: [Page], from index: String) -> [Finding] {
    var reached: Set<String> = [index]
    var open = [index]
    while let path = open.popLast() {
      guard let page = pages.first(where: { $0.path == path }) else { continue }
      for link in links(page) where reached.insert(link.target).inserted { open.append(link.target) }
    }
    return pages.filter { $0.path.hasPrefix("docs/") && !reached.contains($0.path) }.map {
      Finding(path: $0.path, line: 1, text: "no page leads here from \(index)")
    }
  }

  /// Scripts that a page names and nobody can run.
  static func scripts(_ page: Page, isExecutable: (String) -> Bool) -> [Finding] {
    lines(page).flatMap { number, line in
      line.matches(of: /\bscript\/[a-z][a-z-]*\b/.wordBoundaryKind(.simple)).map { String($0.output) }.filter { !isExecutable($0) }
        .map {
          Finding(path: page.path, line: number, text: "\($0) cannot be run")
        }
    }
  }

  private static func lines(_ page: Page) -> [(Int, String)] {
    page.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { ($0.offset + 1, String($0.element)) }
  }

  private static func links(_ page: Page) -> [(line: Int, target: String)] {
    let folder = page.path.split(separator: "/").dropLast().map(String.init)
    return lines(page).flatMap { number, line in
      line.matches(of: /\]\(([^)#\s]+)(?:#[^)]*)?\)/).map { String($0.output.1) }
        .filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }
        .map { (number, resolved($0, in: folder)) }
    }
  }

  private static func resolved(_ link: String, in folder: [String]) -> String {
    var parts = folder
    for part in link.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": if !parts.isEmpty { parts.removeLast() }
      default: parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }
}

/// Texts in two languages: the type asks for both, this for their being what they say.
enum Languages {
  static func findings(_ file: SwiftText, _ text: String) -> [Finding] {
    guard text.contains("LocalText(") else { return [] }
    return text.matches(of: /LocalText\(\s*ru: "((?:[^"\\]|\\.)*)",\s*en: "((?:[^"\\]|\\.)*)"\s*\)/).compactMap { match in
      let isRussian = match.output.1.contains(/[а-яё]/.ignoresCase())
      let isEnglish = !match.output.2.isEmpty && !match.output.2.contains(/[а-яё]/.ignoresCase())
      // Both empty is the stand-in behind a noted issue, not a text.
      if match.output.1.isEmpty, match.output.2.isEmpty { return nil }
      let line = text[..<match.range.lowerBound].count { $0.isNewline } + 1
      return isRussian && isEnglish
        ? nil : Finding(path: file.path, line: line, text: "one of the two languages is missing: \(match.output.0)")
    }
  }
}
