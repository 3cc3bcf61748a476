import Kernel

/// What stands in the cells of a table's row, without its marks: what is read, and what stands small beside it. Buttons, forms, pictures and
/// what is only read aloud are left out.
struct RowText {
  struct Cell: Hashable {
    fileprivate(set) var text = ""
    /// In `<small>`.
    fileprivate(set) var small = ""
  }

  private(set) var cells: [Cell] = []
  /// It names those below it, and is none of them.
  let isHeading: Bool
  private var cell: Cell?
  private var span = 1
  private var open: [(name: Substring, isLeftOut: Bool)] = []
  private var leftOut = 0
  private var smalls = 0

  private static let unread: Set<Substring> = ["svg", "form", "button", "select", "textarea"]
  private static let void: Set<Substring> = ["input", "br", "img", "hr", "use", "wbr"]

  init(_ row: Markup) {
    isHeading = row.source.contains("scope=\"rowgroup\"")
    var rest = Substring(row.source)
    while let start = rest.firstIndex(of: "<") {
      add(rest[..<start])
      guard let end = rest[start...].firstIndex(of: ">") else { break }
      take(rest[rest.index(after: start)..<end])
      rest = rest[rest.index(after: end)...]
    }
    add(rest)
  }

  private mutating func take(_ tag: Substring) {
    let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
    if name == "td" || name == "th" {
      if tag.hasPrefix("/") { return finish() }
      (cell, span) = (Cell(), Self.span(tag))
      return
    }
    // What stands beside each other in tags of their own is no one word.
    space()
    guard tag.hasPrefix("/") else {
      guard !Self.void.contains(name), !tag.hasSuffix("/") else { return }
      let isLeftOut = Self.unread.contains(name) || tag.contains("class=\"sr\"")
      open.append((name, isLeftOut))
      if isLeftOut { leftOut += 1 }
      if name == "small" { smalls += 1 }
      return
    }
    while let last = open.popLast() {
      if last.isLeftOut { leftOut -= 1 }
      if last.name == "small" { smalls -= 1 }
      if last.name == name { return }
    }
  }

  /// Of how many columns a cell is.
  private static func span(_ tag: Substring) -> Int {
    tag.firstRange(of: "colspan=\"").flatMap { Int(tag[$0.upperBound...].prefix { $0.isNumber }) } ?? 1
  }

  private mutating func space() { add(" ") }

  private mutating func add(_ text: Substring) {
    guard cell != nil, leftOut == 0 else { return }
    if smalls > 0 { cell?.small += text } else { cell?.text += text }
  }

  private mutating func finish() {
    guard let one = cell else { return }
    cells.append(Cell(text: Self.plain(one.text), small: Self.plain(one.small)))
    for _ in 1..<max(1, min(span, Limits.tableColumns)) { cells.append(Cell()) }
    (cell, open, leftOut, smalls) = (nil, [], 0, 0)
  }

  /// With one space between words, and characters for what stands for them.
  private static func plain(_ text: String) -> String {
    let words = text.split { $0.isWhitespace }.joined(separator: " ")
    guard words.contains("&") else { return words }
    return words.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
      .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
  }
}
