/// A text that is shown once, with a button that copies it. Without script there is the text.
struct CopyText {
  let id: String
  let text: String
  /// What is copied, where it is shown with spaces.
  var plain: String?

  func html(_ reader: Reader) -> Markup {
    let copied = plain.map { plain -> Markup in " data-plain=\"\(plain)\"" }
    return """
      <div class="copy"><code class="break" id="\(id)"\(copied)>\(text)</code>\
      <button class="button s" type="button" hidden data-copy="\(id)" data-done="\(reader("Скопировано", "Copied"))" \
      data-failed="\(reader("Нажмите Ctrl C", "Press Ctrl C"))">\(Icon.copy.small)<span data-label aria-live="polite">\(reader("Скопировать", "Copy"))</span></button></div>
      """
  }
}
