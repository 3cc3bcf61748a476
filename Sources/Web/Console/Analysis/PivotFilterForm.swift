import Cube
import Insight
import Kernel

/// The form of a pivot's open filter: what is chosen and what may be, by name. Of many words it has a search; codes can be pasted as well.
struct PivotFilterForm {
  let choices: FilterChoices
  let view: PivotView
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var state: PivotState { view.state }
  private var known: Pivot.Filter? { state.pivot.filters.first { $0.dimension == choices.dimension } }

  /// The name of the box of a word.
  static func tick(_ label: String) -> String { "l:" + label }

  var html: Markup {
    let chosen = Set(known?.labels ?? [])
    let ticks = choices.labels.map { label in
      Tick(name: Self.tick(label), label: view.names.text(label, choices.dimension), isOn: chosen.contains(label))
    }
    let how = Choice(
      name: "how", label: reader("Показывать", "Show"),
      options: [("in", reader("только эти", "only these")), ("not", reader("все, кроме этих", "all but these"))],
      chosen: known?.isExcluded == true ? "not" : "in")
    let title = reader(view.names.title(choices.dimension))
    return """
      <section class="panel" id="filter"><header class="panel-head"><h2>\(reader("Фильтр", "Filter")): \(title)</h2>\(said)</header><div class="panel-body">\
      <form class="form" method="post" action="\(PivotState.path)/filter">\(visit.key)\(state.hidden)\
      <input type="hidden" name="by" value="\(choices.dimension.rawValue)">\(search)\
      \(how.html)<fieldset class="ticks many"><legend class="sr">\(title)</legend>\(ticks.map(\.html))</fieldset>\(codes)\
      <div class="row wrap"><button class="button primary" name="act" value="set">\(reader("Применить", "Apply"))</button>\
      <button class="button" name="act" value="clear">\(reader("Снять фильтр", "Clear"))</button>\
      <a class="button ghost" href="\(state.with { _ in }.address)">\(reader("Закрыть", "Close"))</a></div></form></div></section>
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
  private var search: Markup? {
    guard choices.isPart else { return nil }
    let field = Field(
      name: "find", label: reader("Найти по названию или коду", "Find by name or code"), value: state.search, type: "search",
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
