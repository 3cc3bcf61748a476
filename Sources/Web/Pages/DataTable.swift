import Kernel

/// A table as every page shows one: in a box that scrolls sideways and is reached by keyboard, with its name read aloud.
///
///     DataTable(label: title, columns: [.text(name), .number(sum)], rows: rows).panel(next: path)
///
/// Each is a file as well, as CSV and as XLSX: all its rows, however many pages there are of them (`PageTables`).
struct DataTable: Sendable {
  enum Column: Sendable {
    /// What stands small in its cells has a name in files where it is something of its own, such as a code under a name.
    case text(String, small: String? = nil)
    /// Right-aligned, with figures of one width.
    case number(String)
    /// A number by which the rows are sorted, the largest first.
    case descending(String)
    /// Buttons and links: its name is only read aloud.
    case acts(String)

    fileprivate var head: Markup {
      switch self {
      case .text(let name, _): "<th scope=\"col\">\(name)</th>"
      case .number(let name): "<th scope=\"col\" class=\"num\">\(name)</th>"
      case .descending(let name): "<th scope=\"col\" class=\"num\" aria-sort=\"descending\">\(name)</th>"
      case .acts(let name): "<th scope=\"col\"><span class=\"sr\">\(name)</span></th>"
      }
    }

    /// In files; none for what can only be pressed.
    var titles: [String] {
      switch self {
      case .text(let name, let small): [name] + (small.map { [$0] } ?? [])
      case .number(let name), .descending(let name): [name]
      case .acts: []
      }
    }

    var isNumber: Bool {
      switch self {
      case .number, .descending: true
      case .text, .acts: false
      }
    }
  }

  /// Narrow ones stand beside something and fit a phone; wide ones scroll there.
  enum Width: String, Sendable { case wide, tight }

  enum Files: Sendable {
    /// Its rows as they stand, with those of further pages.
    case its
    /// Others stand beside it.
    case own
    /// It is a form, or an example.
    case none
  }

  let label: String
  /// None for a list whose rows say what they are.
  var columns: [Column] = []
  let rows: [Markup]
  var width = Width.wide
  /// Of the table itself, where something else on the page reads it.
  var id: String?
  var files = Files.its
  /// Where it goes on; nil on the last page.
  var next: Further?

  /// Without a panel around it.
  var html: Markup { "\(box)\(foot)" }

  private var box: Markup {
    let head: Markup = columns.isEmpty ? "" : "<thead><tr>\(columns.map(\.head))</tr></thead>"
    let name = id.map { id -> Markup in " id=\"\(id)\"" }
    return """
      <div class="scroll" tabindex="0" role="group" aria-label="\(label)"><table class="table \(width.rawValue)"\(name)>\(head)\
      <tbody>\(rows)</tbody></table></div>
      """
  }

  /// The ways to its files and to its next page; nil where there is neither.
  private var foot: Markup? {
    let files = PageTables.current.flatMap { page in page.links(self, page.take(self)) }
    let more = next.map { next -> Markup in "<a class=\"text-link\" href=\"\(next.path)\">\(next.word)</a>" }
    guard files != nil || more != nil else { return nil }
    return "<footer class=\"panel-foot\">\(files ?? "<span></span>")\(more)</footer>"
  }

  /// In a panel of its own. - Parameters: heading: whether the name stands above it, too; next: where it goes on.
  func panel(heading: Bool = false, next: Further? = nil, foot: Markup? = nil) -> Markup {
    let head: Markup? = heading ? "<header class=\"panel-head\"><h2>\(label)</h2></header>" : nil
    return "<section class=\"panel\">\(head)\(going(on: next).html)\(foot)</section>"
  }

  /// The same with where it goes on.
  func going(on next: Further?) -> DataTable {
    var table = self
    table.next = next ?? table.next
    return table
  }
}

/// A sentence that stands out: what happened, what is not there yet, what was refused and what to do.
enum Notice {
  static func info(_ text: String) -> Markup { "<p class=\"notice\">\(Icon.info.usual)<span>\(text)</span></p>" }

  static func good(_ text: String) -> Markup {
    "<p class=\"notice good\" role=\"status\">\(Icon.check.usual)<span>\(text)</span></p>"
  }

  static func warning(_ text: String) -> Markup {
    "<p class=\"notice warn\" role=\"alert\">\(Icon.warning.usual)<span>\(text)</span></p>"
  }

  /// A refusal, in the reader's words where it has them, and who can do something about it.
  static func refusal(_ problem: Problem, _ reader: Reader) -> Markup {
    let remedy = problem.remedy.map { ". " + reader($0) } ?? ""
    return "<p class=\"notice bad\" role=\"alert\">\(Icon.warning.usual)<span>\(reader.sentence(problem))\(remedy)</span></p>"
  }
}

extension Reader {
  func sentence(_ problem: Problem) -> String { problem.cashier.map { self($0) } ?? problem.detail }

  /// Where a list goes on; nil where it does not.
  func further(_ path: String?) -> Further? { path.map { Further(path: $0, word: self("Дальше", "Next")) } }
}

/// Where a list goes on, and how that is called.
struct Further: Sendable {
  let path: String
  let word: String

  /// Under a list that is no table.
  var foot: Markup { "<footer class=\"panel-foot\"><span></span><a class=\"text-link\" href=\"\(path)\">\(word)</a></footer>" }

  /// Names and values behind its `?`.
  var query: [String: String] {
    Form(Array(path.split(separator: "?", maxSplits: 1).dropFirst().joined().utf8)).values
  }
}
