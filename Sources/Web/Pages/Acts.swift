/// Something shown this once, to be copied away.
struct ShownOnce {
  let label: String
  let value: String
  let hint: String
  var id = "shown-once"

  func html(_ reader: Reader) -> Markup {
    """
    <div class="notice good" role="status">\(Icon.check.usual)<div class="stack s"><p><b>\(label)</b></p>\
    \(CopyText(id: id, text: value).html(reader))<p>\(hint)</p></div></div>
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
