import Access
import Calculator
import Kernel
import Loyalty

extension MemberPage {
  /// What the member chose, and the choice by hand; nothing where the programme offers none.
  var favourites: Markup? {
    guard let standing = card.favourites, let favourites = Favourites(of: programme) else { return nil }
    let rows: [(name: String, value: Markup?)] = Favourites.Which.allCases.map { which in
      let choice = standing[which]
      let title = which == .present ? reader("Сейчас", "Now") : reader("Дальше", "Next")
      let names = choice.codes.compactMap { code in favourites.offered.first { $0.code == code } }.map { category -> Markup in
        "<span class=\"badge\">\([category.icon, reader(category.name)].compactMap { $0 }.joined(separator: " "))</span>"
      }
      let none: Markup = "<span class=\"muted\">\(reader("не выбраны", "none chosen"))</span>"
      let until = reader("по \(reader.date(choice.period.last))", "through \(reader.date(choice.period.last))")
      return (
        title, "<span class=\"row wrap\">\(names.isEmpty ? none : Markup(names))<small class=\"muted\">\(until)</small></span>"
      )
    }
    let title = reader("Любимые категории", "Favourite categories")
    return """
      <section class="panel" id="favourites"><header class="panel-head"><h2>\(title)</h2></header>\
      <div class="panel-body stack s">\(FactList(rows: rows).html)\(choosing(standing, favourites))</div></section>
      """
  }

  private func choosing(_ standing: FavouriteStanding, _ favourites: Favourites) -> Markup? {
    let open = Favourites.Which.allCases.filter { standing[$0].mayChoose }
    guard visit.may(.changeMembers), isAlive, !open.isEmpty else { return notice(.favourites) }
    let isRefused = refusal?.place == .favourites
    let form = isRefused ? visit.form : Form()
    let names = [
      Favourites.Which.present: reader("на текущий период", "for the present period"),
      .next: reader("на следующий", "for the next one"),
    ]
    let period = Choice(
      name: "period", label: reader("Выбор", "The choice"), options: open.map { ($0.rawValue, names[$0] ?? "") },
      chosen: form["period"],
      id: "favourites-period")
    let known = open.first.map { standing[$0].codes } ?? []
    let ticks = favourites.offered.map { category in
      Tick(
        name: "favourite-" + category.code, label: [category.icon, reader(category.name)].compactMap { $0 }.joined(separator: " "),
        isOn: isRefused ? form.has("favourite-" + category.code) : known.contains(category.code))
    }
    let group = TickGroup(
      label: reader("Категории", "Categories"), ticks: ticks,
      hint: reader("не больше \(favourites.most)", "at most \(favourites.most)"))
    return """
      <details class="fold within"\(isRefused ? " open" : "" as Markup)><summary>\(Icon.right.usual)\(reader("Выбрать за участника", "Choose for the member"))</summary>\
      <div class="stack pad-s">\(notice(.favourites))<form class="inline-form" method="post" action="\(path)/favourites">\(visit.key)\
      \(period.html)\(group.html)<div><button class="button">\(Icon.heart.small)\(reader("Записать выбор", "Record the choice"))</button></div></form></div></details>
      """
  }
}
