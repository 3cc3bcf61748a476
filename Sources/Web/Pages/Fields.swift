import Kernel

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
  /// Behind the input: ₽, %, days.
  var unit: String?
  /// What the browser offers while one types; other texts may be typed all the same.
  var suggestions: [String] = []
  /// Under a heading that says the same, the label is only read aloud.
  var isQuiet = false
  /// An example of what to type, in the empty input.
  var example = ""

  var html: Markup {
    let id = id ?? "f-" + name
    let notes = FieldNotes(id: id, hint: hint, fault: fault)
    let required: Markup = isRequired ? " required" : ""
    let shown: Markup = example.isEmpty ? "" : " placeholder=\"\(example)\""
    let list: Markup = suggestions.isEmpty ? "" : " list=\"\(id)-list\""
    let options = suggestions.map { text -> Markup in "<option value=\"\(text)\"></option>" }
    let offered: Markup = suggestions.isEmpty ? "" : "<datalist id=\"\(id)-list\">\(options)</datalist>"
    let input: Markup = """
      <input class="input" id="\(id)" name="\(name)" type="\(type)" value="\(value)" \
      maxlength="\(limit)" autocomplete="off"\(shown)\(list)\(notes.attributes)\(required)>
      """
    let boxed = unit.map { unit -> Markup in "<span class=\"with-unit\">\(input)<span>\(unit)</span></span>" } ?? input
    let style: Markup = isQuiet ? " class=\"sr\"" : ""
    return "<div class=\"field\"><label for=\"\(id)\"\(style)>\(label)</label>\(boxed)\(offered)\(notes.html)</div>"
  }
}

/// What stands under an input, and how the input says that it does.
struct FieldNotes {
  let id: String
  let hint: String?
  let fault: String?

  private var notes: [(id: String, style: String, text: String)] {
    [hint.map { ("\(id)-hint", "hint", $0) }, fault.map { ("\(id)-fault", "error", $0) }].compactMap { $0 }
  }

  var attributes: Markup {
    let told: Markup = notes.isEmpty ? "" : " aria-describedby=\"\(notes.map(\.id).joined(separator: " "))\""
    let wrong: Markup = fault == nil ? "" : " aria-invalid=\"true\""
    return "\(told)\(wrong)"
  }

  var html: Markup {
    Markup(notes.map { note -> Markup in "<p class=\"\(note.style)\" id=\"\(note.id)\">\(note.text)</p>" })
  }
}

/// Several lines of text.
struct TextBox {
  let name: String
  let label: String
  var value = ""
  var hint: String?
  var fault: String?
  var lines = 3
  /// Characters.
  var limit = Limits.body
  var isCode = false
  var id: String?

  var html: Markup {
    let id = id ?? "f-" + name
    let notes = FieldNotes(id: id, hint: hint, fault: fault)
    let style: Markup = isCode ? (lines > 4 ? " code" : " code line") : ""
    // A browser drops the first line feed, so one of ours goes ahead of the text.
    return """
      <div class="field"><label for="\(id)">\(label)</label><textarea class="input\(style)" id="\(id)" name="\(name)" rows="\(lines)" \
      maxlength="\(limit)" spellcheck="false"\(notes.attributes)>\("\n")\(value)</textarea>\(notes.html)</div>
      """
  }
}

/// A box to tick; sends `on`.
struct Tick {
  let name: String
  let label: String
  var note: String?
  var isOn = false
  /// In a table whose heads say what it is, the label is only read aloud.
  var isQuiet = false

  var html: Markup {
    let mark: Markup = isOn ? " checked" : ""
    let input: Markup = "<input type=\"checkbox\" name=\"\(name)\" value=\"on\"\(mark)"
    if isQuiet { return "\(input) aria-label=\"\(label)\">" }
    let small = note.map { note -> Markup in "<small>\(note)</small>" }
    return "<label class=\"check\">\(input)><span>\(label)</span>\(small)</label>"
  }
}

/// Boxes that belong together.
struct TickGroup {
  let label: String
  let ticks: [Tick]
  var hint: String?
  var fault: String?

  var html: Markup {
    let note = hint.map { hint -> Markup in "<p class=\"hint\">\(hint)</p>" }
    let wrong = fault.map { fault -> Markup in "<p class=\"error\">\(fault)</p>" }
    return """
      <fieldset class="field"><legend>\(label)</legend><div class="ticks">\(ticks.map(\.html))</div>\(note)\(wrong)</fieldset>
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
  var fault: String?
  var id: String?
  /// Under a heading that says the same, the label is only read aloud.
  var isQuiet = false

  var html: Markup {
    let id = id ?? "f-" + name
    let items = options.map { option -> Markup in
      let mark: Markup = option.value == chosen ? " selected" : ""
      return "<option value=\"\(option.value)\"\(mark)>\(option.name)</option>"
    }
    let style: Markup = isQuiet ? " class=\"sr\"" : ""
    let notes = FieldNotes(id: id, hint: hint, fault: fault)
    return """
      <div class="field"><label for="\(id)"\(style)>\(label)</label><select class="input" id="\(id)" name="\(name)"\(notes.attributes)>\(items)</select>\
      \(notes.html)</div>
      """
  }
}
