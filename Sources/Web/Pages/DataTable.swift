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

  /// A refusal, in the reader's words where it has them.
  static func refusal(_ problem: Problem, _ reader: Reader) -> Markup {
    "<p class=\"notice bad\" role=\"alert\">\(Icon.warning.usual)<span>\(reader.sentence(problem))</span></p>"
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

/// One line of a form: its name, its input and what helps to fill it.
struct Field {
  let name: String
  let label: String
  var value = ""
  var type = "text"
  var hint: String?
  /// What was wrong with what was sent; stands where it happened.
  var fault: String?
  var limit = Limits.name
  var isRequired = true
  /// Between fields of one name on a page.
  var id: String?

  var html: Markup {
    let id = id ?? "f-" + name
    let required: Markup = isRequired ? " required" : ""
    let notes = FieldNotes(id: id, hint: hint, fault: fault)
    return """
      <div class="field"><label for="\(id)">\(label)</label><input class="input" id="\(id)" name="\(name)" type="\(type)" value="\(value)" \
      maxlength="\(limit)" autocomplete="off"\(notes.marks)\(required)>\(notes.lines)</div>
      """
  }
}

/// Something a form can say yes to.
struct Check {
  let name: String
  let label: String
  var hint: String?
  var isOn = false

  var html: Markup {
    let mark: Markup = isOn ? " checked" : ""
    let small = hint.map { hint -> Markup in "<small>\(hint)</small>" }
    return
      "<label class=\"check\"><input type=\"checkbox\" name=\"\(name)\" value=\"on\"\(mark)><span>\(label)</span>\(small)</label>"
  }
}

/// Something shown this once, to be copied away: one press selects all of it.
struct ShownOnce {
  let label: String
  let value: String
  let hint: String

  var html: Markup {
    """
    <div class="notice good" role="status">\(Icon.check.usual)<div class="stack s"><label for="shown-once"><b>\(label)</b></label>\
    <input class="input secret" id="shown-once" value="\(value)" readonly autocomplete="off" spellcheck="false" aria-describedby="shown-once-hint">\
    <p id="shown-once-hint">\(hint)</p></div></div>
    """
  }
}

/// A button that is a form of its own: one act on one thing.
struct ActButton {
  let path: String
  let label: String
  var fields: [(name: String, value: String)] = []
  var icon: Icon?
  var style = "s"

  func html(_ visit: Visit) -> Markup {
    let hidden = fields.map { field -> Markup in "<input type=\"hidden\" name=\"\(field.name)\" value=\"\(field.value)\">" }
    return """
      <form method="post" action="\(path)">\(visit.key)\(hidden)<button class="button \(style)">\(icon?.small)\(label)</button></form>
      """
  }
}

/// An act that cannot be undone: a fold that says what will be lost, and the button in it.
struct Farewell {
  let label: String
  let warning: String
  let button: ActButton

  func html(_ visit: Visit) -> Markup {
    """
    <details class="fold"><summary>\(Icon.right.usual)\(label)</summary><div class="stack s pad-s"><p class="soft">\(warning)</p>\
    \(button.html(visit))</div></details>
    """
  }
}

/// A choice of a form.
struct Choice {
  let name: String
  let label: String
  let options: [(value: String, name: String)]
  var chosen: String?
  var hint: String?
  /// What was wrong with what was sent.
  var fault: String?
  var id: String?

  var html: Markup {
    let id = id ?? "f-" + name
    let items = options.map { option -> Markup in
      let mark: Markup = option.value == chosen ? " selected" : ""
      return "<option value=\"\(option.value)\"\(mark)>\(option.name)</option>"
    }
    let notes = FieldNotes(id: id, hint: hint, fault: fault)
    return """
      <div class="field"><label for="\(id)">\(label)</label><select class="input" id="\(id)" name="\(name)"\(notes.marks)>\(items)</select>\
      \(notes.lines)</div>
      """
  }
}

/// What stands under an input, and the marks by which the input names it.
struct FieldNotes {
  let marks: Markup
  let lines: [Markup]

  init(id: String, hint: String?, fault: String?) {
    let notes = [hint.map { ("\(id)-hint", "hint", $0) }, fault.map { ("\(id)-fault", "error", $0) }].compactMap { $0 }
    let told: Markup = notes.isEmpty ? "" : " aria-describedby=\"\(notes.map(\.0).joined(separator: " "))\""
    let wrong: Markup = fault == nil ? "" : " aria-invalid=\"true\""
    marks = "\(told)\(wrong)"
    lines = notes.map { note -> Markup in "<p class=\"\(note.1)\" id=\"\(note.0)\">\(note.2)</p>" }
  }
}
