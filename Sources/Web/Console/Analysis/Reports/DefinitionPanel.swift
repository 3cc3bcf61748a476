import Insight

/// What the words above mean, by which version of the definitions, and who is left out.
struct DefinitionPanel {
  let notes: DefinitionNotes
  let reader: Reader
  var id = "h-def"

  private var version: String {
    notes.version.version == 0
      ? reader("версия 0, с которой приходит программа", "version 0, which comes with the program")
      : reader(
        "версия \(notes.version.version), действует с \(reader.date(notes.version.startsOn))",
        "version \(notes.version.version), in force since \(reader.date(notes.version.startsOn))")
  }

  var html: Markup {
    let terms = notes.lines.map { line -> Markup in "<div><dt>\(reader(line.term))</dt><dd>\(reader(line.text))</dd></div>" }
    return """
      <section class="panel" aria-labelledby="\(id)"><header class="panel-head"><h2 id="\(id)">\(reader("Что здесь значат слова", "What the words mean here"))</h2>\
      <a class="text-link" href="\(DefinitionsPage.path)">\(reader("Определения", "Definitions")): \(version)</a></header>\
      <div class="panel-body"><dl class="report-terms">\(terms)</dl></div></section>
      """
  }
}
