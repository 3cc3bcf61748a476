import Access
import Kernel
import Loyalty

/// Labels of one store or zone on one day.
struct LabelPage {
  static let shown = 100

  let choice: LabelChoice
  let stores: [Store]
  let zones: [(id: PriceZoneID, details: PriceZoneDetails)]
  let visit: Visit
  var found: (labels: [Label], next: ProductID?) = ([], nil)
  var refusal: Problem?

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Ценники", "Labels"),
      actions: refusal == nil ? reader.files("/console/promotions/labels", choice.query) : .nothing,
      notes: [
        reader(
          "Цены считает тот же расчёт, что и касса: одна штука, в полдень, участник без уровня и сегментов",
          "Prices come of the calculation that tills use: one piece, at noon, a member without tier and segments")
      ], crumbs: [(reader("Акции", "Promotions"), "/console/promotions")],
      body:
        "<div class=\"page-body with-aside\"><div class=\"stack\">\(told)\(table)</div><aside class=\"aside stack\">\(choosing)</aside></div>"
    )
  }

  private var told: Markup? {
    if let refusal { return Notice.refusal(refusal, reader) }
    guard found.labels.isEmpty else { return nil }
    let none =
      choice.since == nil
      ? reader("Цен для участников в этот день нет.", "There are no prices for members on that day.")
      : reader("С того дня ничего не изменилось.", "Nothing has changed since that day.")
    return Notice.info(
      found.next == nil
        ? none
        : reader("Среди первых товаров ничего нет; файл смотрит все.", "Nothing among the first products; the file looks at all."))
  }

  private var table: Markup? {
    guard !found.labels.isEmpty else { return nil }
    let rows = found.labels.prefix(Self.shown).map { label -> Markup in
      let words = label.words
      let change = label.change.map { change -> Markup in "<span class=\"badge\">\(Self.change(change, reader))</span>" }
      return """
        <tr><th scope="row">\(reader(label.name.text))<small>\(label.code)</small></th><td class="num nowrap">\(reader.money(words.shelf))</td>\
        <td class="num nowrap">\(words.member.map(reader.money) ?? "–")</td><td class="nowrap">\(days(words))</td>\
        <td>\(words.names.map { reader($0) }.joined(separator: ", ")) \(change)</td></tr>
        """
    }
    let isMore = found.labels.count > Self.shown || found.next != nil
    let foot: Markup? =
      isMore
      ? "<div class=\"panel-foot muted\">\(reader("Здесь первые \(rows.count); все – в файле.", "The first \(rows.count); all are in the file."))</div>"
      : nil
    return DataTable(
      label: reader("Ценники", "Labels"),
      columns: [
        .text(reader("Товар", "Product")), .number(reader("Цена", "Price")), .number(reader("По карте", "For members")),
        .text(reader("Дни", "Days")), .text(reader("Акция", "Promotion")),
      ], rows: Array(rows), files: .own
    ).panel(foot: foot)
  }

  private func days(_ words: Label.Words) -> String {
    switch (words.from, words.through) {
    case (nil, nil): reader("без срока", "no end")
    case (let from?, nil): reader("с \(reader.day(from))", "from \(reader.day(from))")
    case (nil, let through?): reader("по \(reader.day(through))", "through \(reader.day(through))")
    case (let from?, let through?): reader.days(from...max(from, through))
    }
  }

  static func change(_ change: Label.Change, _ reader: Reader) -> String {
    switch change {
    case .new: reader("новый", "new")
    case .changed: reader("изменился", "changed")
    case .gone: reader("снять", "to be taken off")
    }
  }

  private var choosing: Markup {
    let places =
      stores.map { ("store:" + $0.details.code, "\($0.details.name) · \($0.details.code)") }
      + zones.map { ("zone:" + $0.details.code, reader("зона ", "zone ") + $0.details.name) }
      + [("zone:", reader("магазины без зоны", "stores of no zone"))]
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Какие", "Which"))</h2></header>\
      <form class="inline-form" method="get" action="/console/promotions/labels">\
      \(Choice(name: "place", label: reader("Магазин или зона", "Store or zone"), options: places, chosen: choice.text).html)\
      \(Field(name: "day", label: reader("День", "Day"), value: "\(choice.day)", type: "date", limit: 10).html)\
      \(Field(name: "since", label: reader("Только изменения с дня", "Only changes since"), value: choice.since.map { "\($0)" } ?? "", type: "date", hint: reader("пусто: все ценники; обычно вчера", "empty: every label; usually yesterday"), limit: 10, isRequired: false).html)\
      <div><button class="button primary">\(Icon.refresh.small)\(reader("Показать", "Show"))</button></div></form></section>
      """
  }
}
