import Kernel

/// A table as every page shows one: in a box that scrolls sideways and is reached by keyboard, with its name read aloud.
///
///     DataTable(label: title, columns: [.text(name), .number(sum)], rows: rows).panel(foot: reader.further(path))
struct DataTable {
  enum Column {
    case text(String)
    /// Right-aligned, with figures of one width.
    case number(String)
    /// A number by which the rows are sorted, the largest first.
    case descending(String)
    /// Buttons and links: its name is only read aloud.
    case acts(String)

    fileprivate var head: Markup {
      switch self {
      case .text(let name): "<th scope=\"col\">\(name)</th>"
      case .number(let name): "<th scope=\"col\" class=\"num\">\(name)</th>"
      case .descending(let name): "<th scope=\"col\" class=\"num\" aria-sort=\"descending\">\(name)</th>"
      case .acts(let name): "<th scope=\"col\"><span class=\"sr\">\(name)</span></th>"
      }
    }
  }

  /// Narrow ones stand beside something and fit a phone; wide ones scroll there.
  enum Width: String { case wide, tight }

  let label: String
  /// None for a list whose rows say what they are.
  var columns: [Column] = []
  let rows: [Markup]
  var width = Width.wide
  /// Of the table itself, where something else on the page reads it.
  var id: String?

  /// Without a panel around it.
  var html: Markup {
    let head: Markup = columns.isEmpty ? "" : "<thead><tr>\(columns.map(\.head))</tr></thead>"
    let name = id.map { id -> Markup in " id=\"\(id)\"" }
    return """
      <div class="scroll" tabindex="0" role="group" aria-label="\(label)"><table class="table \(width.rawValue)"\(name)>\(head)\
      <tbody>\(rows)</tbody></table></div>
      """
  }

  /// In a panel of its own. - Parameter heading: whether the name stands above it, too.
  func panel(heading: Bool = false, foot: Markup? = nil) -> Markup {
    let head: Markup? = heading ? "<header class=\"panel-head\"><h2>\(label)</h2></header>" : nil
    return "<section class=\"panel\">\(head)\(html)\(foot)</section>"
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

  /// Under a list that goes on; nil where it does not.
  func further(_ path: String?) -> Markup? {
    path.map { path -> Markup in
      "<footer class=\"panel-foot\"><span></span><a class=\"text-link\" href=\"\(path)\">\(self("Дальше", "Next"))</a></footer>"
    }
  }
}
