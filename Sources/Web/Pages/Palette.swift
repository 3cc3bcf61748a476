/// The command palette as every page in the frame carries it: closed, and empty until its script asks `/console/find.json`. Without
/// script it never opens; what would open it leads to the page of the same search.
struct Palette {
  let reader: Reader

  static var label: (ru: String, en: String) {
    ("Участник, чек, акция, магазин или страница", "Member, receipt, promotion, store or page")
  }

  var html: Markup {
    let label = reader(Self.label.ru, Self.label.en)
    let broken = reader("Поиск не ответил. Попробуйте ещё раз", "The search did not answer. Try again")
    return """
      <div class="palette" id="palette" role="dialog" popover aria-label="\(reader("Найти", "Find"))" data-from="\(FindPage.path).json" data-broken="\(broken)">\
      <form class="query" action="\(FindPage.path)" role="search">\(Icon.search.usual)\
      <input name="q" role="combobox" aria-expanded="false" aria-controls="palette-list" aria-autocomplete="list" aria-label="\(label)" \
      placeholder="\(label)" autocomplete="off" spellcheck="false" maxlength="\(FindPage.longest)"><kbd aria-hidden="true">Esc</kbd></form>\
      <div class="found" id="palette-list" role="listbox" aria-label="\(reader("Найдено", "Found"))"></div>\
      <p class="nothing" role="status" hidden></p>\
      <footer aria-hidden="true"><span><kbd>↑</kbd> <kbd>↓</kbd> \(reader("выбрать", "choose"))</span>\
      <span><kbd>Enter</kbd> \(reader("открыть", "open"))</span></footer></div>
      """
  }
}
