import Access
import Calculator
import Conditions
import Kernel
import Loyalty

/// What members choose from, and how many chose what.
struct FavouriteListPage {
  let view: FavouriteView
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var words: FavouriteWords { FavouriteWords(reader: reader) }
  private var terms: FavouriteTerms { view.programme.settings.favourites }
  private var mayChange: Bool { visit.may(.changeProgramme) }

  var page: Page {
    let note = reader(
      "Участник сам выбирает, за что получать больше", "Members choose themselves what they get more for")
    return Page(
      title: reader("Любимые категории", "Favourite categories"), actions: mayChange ? make : .nothing, notes: [note],
      body: view.categories.isEmpty
        ? "<div class=\"page-body\">\(empty)</div>"
        : """
        <div class="page-body with-aside"><div class="stack">\(stats)\(table)</div>\
        <aside class="aside stack">\(choosing)\(promotions)</aside></div>
        """)
  }

  private var make: Markup {
    "<a class=\"button primary\" href=\"/console/favourites/new\">\(Icon.plus.small)\(reader("Новая категория", "New category"))</a>"
  }

  private var empty: Markup {
    let says = reader(
      "Предложите, например, двенадцать категорий, из которых участник на месяц выбирает три. Акция «любимые категории участника» даст каждому скидку или баллы за его выбор.",
      "Offer twelve categories, say, of which a member chooses three for the month. A promotion on “the member’s favourite categories” then gives each of them a discount or points on what they chose."
    )
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Выбирать пока не из чего", "There is nothing to choose from yet"))</h2>\
      <p>\(says)</p>\(mayChange ? make : .nothing)</div></div></section>
      """
  }

  private func chosen(_ which: Favourites.Which, _ code: String = "") -> Int64 { view.tally[which]?[code] ?? 0 }

  private var stats: Markup {
    func stat(_ name: String, _ value: String, _ note: String) -> Markup {
      "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(value)</dd><dd class=\"note\">\(note)</dd></div>"
    }
    let favourites = Favourites(of: view.programme)
    func span(_ which: Favourites.Which) -> String {
      guard let period = favourites?.period(which, at: visit.call.at) else { return "" }
      return "\(reader.date(period.first)) – \(reader.date(period.last))"
    }
    return """
      <dl class="stats of3">\(stat(reader("Выбрали на этот период", "Chose for this period"), reader.number(chosen(.present)), span(.present)))\
      \(stat(reader("Выбрали на следующий", "Chose for the next one"), reader.number(chosen(.next)), span(.next)))\
      \(stat(reader("Категорий", "Categories"), reader.number(Int64(view.categories.count)), reader("выбирают до \(favourites?.most ?? 0)", "up to \(favourites?.most ?? 0) are chosen")))</dl>
      """
  }

  private var table: Markup {
    let all = max(1, chosen(.present))
    let rows = view.categories.map { category -> Markup in
      let name = [category.icon, reader(category.name)].compactMap { $0 }.joined(separator: " ")
      let title: Markup =
        mayChange ? "<a href=\"/console/favourites/\(category.code)/edit\">\(name)</a>" : "\(name)"
      let present = chosen(.present, category.code)
      return """
        <tr><th scope="row">\(title)<small>\(words.goods(category.goods, view.names))</small></th>\
        <td class="num">\(reader.number(present))</td><td class="num">\(reader.share(Rate(ppm: present * 100 / all * 10_000)))</td>\
        <td class="num">\(reader.number(chosen(.next, category.code)))</td></tr>
        """
    }
    return DataTable(
      label: reader("Кто что выбрал", "Who chose what"),
      columns: [
        .text(reader("Категория", "Category")), .number(reader("Сейчас", "Now")), .number(reader("Доля", "Share")),
        .number(reader("Дальше", "Next")),
      ], rows: rows, width: .tight
    ).panel(heading: true)
  }

  private var choosing: Markup {
    guard mayChange else { return FactList(rows: facts).panel(reader("Как выбирают", "How they are chosen")) }
    let faults = FormFaults(refusal, fields: ["choose"], reader)
    let form = refusal == nil ? nil : visit.form
    let count = Field(
      name: "choose", label: reader("Сколько можно выбрать", "How many may be chosen"),
      value: form?["choose"] ?? String(terms.choose),
      fault: faults["choose"], limit: 2)
    let period = Choice(
      name: "period", label: reader("На какой срок", "For how long"),
      options: FavouriteTerms.Period.allCases.map { ($0.rawValue, words.period($0)) },
      chosen: form?["period"] ?? terms.period.rawValue)
    let begins = Choice(
      name: "begins", label: reader("На какой период", "For which period"),
      options: FavouriteTerms.Begins.allCases.map { ($0.rawValue, words.begins($0)) },
      chosen: form?["begins"] ?? terms.begins.rawValue)
    let change = Tick(
      name: "mayChange", label: reader("Выбор можно поменять до конца периода", "The choice may be changed while the period lasts"),
      isOn: form?.has("mayChange") ?? terms.mayChange)
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Как выбирают", "How they are chosen"))</h2></header><div class="panel-body">\
      <form class="form" method="post" action="/console/favourites/choosing">\(visit.key)\(faults.notice)\(count.html)\(period.html)\(begins.html)\
      <div class="ticks">\(change.html)</div><div><button class="button">\(reader("Сохранить", "Save"))</button></div></form></div></section>
      """
  }

  private var facts: [(name: String, value: Markup?)] {
    [
      (reader("Сколько", "How many"), "\(reader.number(Int64(terms.choose)))"),
      (reader("Срок", "For"), "\(words.period(terms.period))"),
      (reader("Период", "Period"), "\(words.begins(terms.begins))"),
      (
        reader("Менять", "Changing"),
        terms.mayChange ? "\(reader("можно", "is allowed"))" : "\(reader("нельзя", "is not allowed"))"
      ),
    ]
  }

  /// Promotions that tills have and that speak of favourites; all of it is in memory.
  private var promotions: Markup {
    let rows = (visit.sales?.rules.promotions ?? []).filter(\.asksFavourites).map { promotion -> Markup in
      "<li><div><a href=\"/console/promotions/\(promotion.id)\">\(reader(promotion.name))</a></div></li>"
    }
    let none = reader(
      "Ни одна действующая акция за них ничего не даёт. Отметьте в акции «Любимые категории участника».",
      "No running promotion gives anything for them. Tick “The member’s favourite categories” in one.")
    let body: Markup =
      rows.isEmpty ? "<div class=\"panel-body\"><p class=\"muted\">\(none)</p></div>" : "<ul class=\"items ruled\">\(rows)</ul>"
    return
      "<section class=\"panel\"><header class=\"panel-head\"><h2>\(reader("Акции", "Promotions"))</h2></header>\(body)</section>"
  }
}

/// What choosing is called.
struct FavouriteWords {
  let reader: Reader

  func period(_ period: FavouriteTerms.Period) -> String {
    switch period {
    case .month: reader("календарный месяц", "a calendar month")
    case .quarter: reader("квартал", "a quarter")
    }
  }

  func begins(_ begins: FavouriteTerms.Begins) -> String {
    switch begins {
    case .now: reader("текущий, с этой минуты", "the present one, from that minute")
    case .next: reader("следующий", "the next one")
    case .either: reader("любой из двух", "either of the two")
    }
  }

  /// The goods by their codes, the first few of each kind.
  func goods(_ filter: ProductFilter, _ names: AccountNames) -> String {
    let goods = CertificateGoods(filter)
    if goods.isOther { return reader("товары заданы текстом", "the goods are written as text") }
    let codes = goods.codes(names)
    func list(_ field: String) -> String? {
      guard let all = codes[field], !all.isEmpty else { return nil }
      let more = all.count - 4
      return all.prefix(4).joined(separator: ", ") + (more > 0 ? reader(" и ещё \(more)", " and \(more) more") : "")
    }
    let kept = [list("categories"), list("products")].compactMap { $0 }.joined(separator: ", ")
    return kept + (list("except").map { reader(", кроме \($0)", ", but not \($0)") } ?? "")
  }
}
