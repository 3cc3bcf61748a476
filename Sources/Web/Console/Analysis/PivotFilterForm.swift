import Cube
import Insight
import Kernel

/// The form of an open filter, of a pivot or of a ready report: what is chosen and what may be, by name. Of many words it has a search; codes can be pasted as well.
struct PivotFilterForm {
  let choices: FilterChoices
  /// All that there are.
  let filters: [Pivot.Filter]
  let names: PivotNames
  let search: String
  /// Where it is sent to, and with what besides.
  let path: String
  let hidden: Markup
  /// Without the form.
  let back: String
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var known: Pivot.Filter? { filters.first { $0.dimension == choices.dimension } }

  /// The name of the box of a word.
  static func tick(_ label: String) -> String { "l:" + label }

  /// What a form says, in the place of what there was of its dimension; a search changes the words that are ticked so far, and no more.
  static func filters(_ form: Form, over known: [Pivot.Filter], _ table: DimensionTable) -> [Pivot.Filter] {
    let typed = form["labels"].split(whereSeparator: \.isNewline).map { $0.trimmed }.filter { !$0.isEmpty }
    let ticked = table.labels.filter { form.has(tick($0)) }
    let labels = ticked + typed.filter { !ticked.contains($0) }
    let others = known.filter { $0.dimension != table.dimension }
    guard !labels.isEmpty, form["act"] != "clear" else { return others }
    return others + [Pivot.Filter(table.dimension, labels, isExcluded: form["how"] == "not")]
  }

  var html: Markup {
    let chosen = Set(known?.labels ?? [])
    let ticks = choices.labels.map { label in
      Tick(name: Self.tick(label), label: names.text(label, choices.dimension), isOn: chosen.contains(label))
    }
    let how = Choice(
      name: "how", label: reader("Показывать", "Show"),
      options: [("in", reader("только эти", "only these")), ("not", reader("все, кроме этих", "all but these"))],
      chosen: known?.isExcluded == true ? "not" : "in")
    let title = reader(names.title(choices.dimension))
    return """
      <section class="panel" id="filter"><header class="panel-head"><h2>\(reader("Фильтр", "Filter")): \(title)</h2>\(said)</header><div class="panel-body">\
      <form class="form" method="post" action="\(path)">\(visit.key)\(hidden)\
      <input type="hidden" name="by" value="\(choices.dimension.rawValue)">\(finder)\
      \(how.html)<fieldset class="ticks many"><legend class="sr">\(title)</legend>\(ticks.map(\.html))</fieldset>\(codes)\
      <div class="row wrap"><button class="button primary" name="act" value="set">\(reader("Применить", "Apply"))</button>\
      <button class="button" name="act" value="clear">\(reader("Снять фильтр", "Clear"))</button>\
      <a class="button ghost" href="\(back)">\(reader("Закрыть", "Close"))</a></div></form></div></section>
      """
  }

  /// How many there are, and how many of them are seen.
  private var said: Markup? {
    guard choices.isPart else { return nil }
    let all = reader.number(Int64(choices.count))
    let text =
      choices.found.map { found in
        reader("Найдено \(reader.number(Int64(found))) из \(all)", "\(reader.number(Int64(found))) of \(all) found")
      } ?? reader("Видны первые \(FilterChoices.offered) из \(all)", "The first \(FilterChoices.offered) of \(all) are shown")
    return "<span class=\"muted\">\(text)</span>"
  }

  /// Stands first, so that Enter in it searches.
  private var finder: Markup? {
    guard choices.isPart else { return nil }
    let field = Field(
      name: "find", label: reader("Найти по названию или коду", "Find by name or code"), value: search, type: "search",
      isRequired: false)
    return """
      <div class="find-row">\(field.html)<button class="button" name="act" value="find">\(Icon.search.small)\(reader("Найти", "Find"))</button></div>
      """
  }

  /// A list from elsewhere; what is chosen and not seen above stands here too.
  private var codes: Markup? {
    let offered = Set(choices.labels)
    let unseen = (known?.labels ?? []).filter { !offered.contains($0) }
    guard choices.isPart || !unseen.isEmpty else { return nil }
    let box = TextBox(
      name: "labels", label: reader("Коды, по одному в строке", "Codes, one on each line"), value: unseen.joined(separator: "\n"),
      lines: 4)
    let isOpen: Markup = unseen.isEmpty ? "" : " open"
    return "<details\(isOpen)><summary>\(reader("Вставить список кодов", "Paste a list of codes"))</summary>\(box.html)</details>"
  }
}

extension Substring {
  fileprivate var trimmed: String {
    let text = drop { $0.isWhitespace }
    return String(text.reversed().drop { $0.isWhitespace }.reversed())
  }
}
