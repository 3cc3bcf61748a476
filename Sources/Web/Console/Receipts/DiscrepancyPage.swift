import Access
import Kernel
import Loyalty

/// What did not fit on receipts: how much of what, where, at whom and when, and one by one.
struct DiscrepancyPage {
  let asked: AskedDiscrepancies
  let sums: DiscrepancyBook.Sums
  let entries: [DiscrepancyBook.Entry]
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var query: DiscrepancyQuery { asked.query }
  private var figures: DiscrepancyFigures { DiscrepancyFigures(reader: reader) }

  var page: Page {
    let count = reader.count(sums.count, ("расхождение", "расхождения", "расхождений"), ("discrepancy", "discrepancies"))
    return Page(
      title: reader("Расхождения", "Discrepancies"),
      notes: [
        "\(reader.days(query.days)) \(query.days.upperBound.parts.year), \(count)",
        reader("Продажи записаны, как сказала касса", "The sales stand as the tills said"),
      ],
      crumbs: [(reader("Магазины", "Stores"), "/console/stores")],
      body: """
        <div class="page-body">\(StoreTabs(current: .discrepancies, reader: reader).html)\(asked.fault.map { Notice.warning(reader($0)) })\
        \(form)\(sums.count == 0 ? nothing : content)</div>
        """)
  }

  private var nothing: Markup { Notice.good(reader("Расхождений нет", "Nothing differs")) }
  private var content: Markup { "\(causes)\(places)\(days)\(list)" }

  // MARK: what is asked for

  private var form: Markup {
    let causes =
      [("", reader("Любая", "Any"))]
      + Discrepancy.Cause.allCases.map { ($0.rawValue, DiscrepancyWords.name(Discrepancy($0, stated: 0, expected: 0), reader)) }
    let fields = [
      Field(name: "from", label: reader("С", "From"), value: "\(query.days.lowerBound)", type: "date", isRequired: false).html,
      Field(name: "to", label: reader("По", "Through"), value: "\(query.days.upperBound)", type: "date", isRequired: false).html,
      Choice(name: "cause", label: reader("Причина", "Cause"), options: causes, chosen: query.cause ?? "").html,
      Field(
        name: "store", label: reader("Код магазина", "Store's code"), value: asked.store, limit: Limits.code, isRequired: false
      ).html,
      Field(
        name: "register", label: reader("Касса", "Till"), value: query.register ?? "", limit: Limits.code, isRequired: false
      ).html,
      Field(
        name: "cashier", label: reader("Кассир", "Cashier"), value: query.cashier ?? "", limit: Limits.code, isRequired: false
      ).html,
    ]
    return """
      <section class="panel"><form class="inline-form" method="get" action="\(AskedDiscrepancies.path)" role="search">\
      <div class="fields narrow">\(fields)</div><div class="row wrap between">\
      <button class="button primary">\(Icon.search.small)\(reader("Показать", "Show"))</button>\
      \(reader.files(AskedDiscrepancies.path, asked.address(file: true)))</div></form></section>
      """
  }

  // MARK: sums

  private var causes: Markup {
    let rows = sums.causes.map { sum -> Markup in
      let found = Discrepancy(word: sum.word)
      let expected = sum.cause?.compares == true ? figures.figure(sum.expected, sum.cause) : nil
      let apart = expected == nil ? nil : figures.figure(sum.stated - sum.expected, sum.cause)
      let unit = sum.cause.map { figures.unit($0.unit) } ?? ""
      return """
        <tr><th scope="row"><a href="\(asked.address(["cause": sum.word]))">\(DiscrepancyWords.name(found, reader))</a>\
        <small><code>\(sum.word)</code></small></th><td class="num">\(reader.number(Int64(sum.count)))</td>\
        <td class="num">\(figures.figure(sum.stated, sum.cause) ?? "–")</td><td class="num">\(expected ?? "–")</td>\
        <td class="num">\(apart.map { reader.signed($0, isPositive: sum.stated > sum.expected) } ?? "–")</td><td>\(unit)</td></tr>
        """
    }
    return DataTable(
      label: reader("По причинам", "By cause"),
      columns: [
        .text(reader("Причина", "Cause")), .descending(reader("Сколько", "How many")),
        .number(reader("Сказала касса", "Tills said")),
        .number(reader("Было у нас", "We had")), .number(reader("Разница", "Apart")), .text(reader("Единица", "Unit")),
      ], rows: rows
    ).panel(heading: true)
  }

  private var places: Markup {
    let kinds: [(String, [DiscrepancyBook.PlaceSum], String?)] = [
      (reader("По магазинам", "By store"), sums.stores, nil), (reader("По кассам", "By till"), sums.registers, "register"),
      (reader("По кассирам", "By cashier"), sums.cashiers, "cashier"),
    ]
    return Markup(
      kinds.filter { !$0.1.isEmpty }.map { title, places, column -> Markup in
        let rows = places.map { place in row(place, column) }
        let more: Markup? =
          places.count == DiscrepancyBook.placesOfSums
          ? "<footer class=\"panel-foot\"><span>\(reader("Первые \(places.count)", "The first \(places.count)"))</span></footer>"
          : nil
        return DataTable(
          label: title,
          columns: [
            .text(column == nil ? reader("Магазин", "Store") : reader("Кто", "Who")), .descending(reader("Сколько", "How many")),
          ],
          rows: rows, width: .tight
        ).panel(heading: true, foot: more)
      })
  }

  private func row(_ place: DiscrepancyBook.PlaceSum, _ column: String?) -> Markup {
    let store = visit.storeCode(place.store)
    var filter = ["store": store ?? ""]
    if let column, let code = place.code { filter[column] = code }
    let name = place.code ?? visit.store(place.store)
    let linked: Markup = store == nil ? "\(name)" : "<a href=\"\(asked.address(filter))\">\(name)</a>"
    return """
      <tr><th scope="row">\(linked)<small>\(place.code == nil ? store ?? "" : visit.store(place.store))</small></th>\
      <td class="num">\(reader.number(Int64(place.count)))</td></tr>
      """
  }

  /// Latest first; days on which everything fitted are left out.
  private var days: Markup? {
    guard query.days.lowerBound < query.days.upperBound else { return nil }
    let rows = zip(query.all, sums.days).reversed().filter { $0.1 > 0 }.map { day, count -> Markup in
      """
      <tr><th scope="row"><a href="\(asked.address(["from": "\(day)", "to": "\(day)"]))">\(reader.weekday(day)), \(reader.day(day))</a></th>\
      <td class="num">\(reader.number(Int64(count)))</td></tr>
      """
    }
    return DataTable(
      label: reader("По дням", "By day"), columns: [.text(reader("День", "Day")), .number(reader("Сколько", "How many"))],
      rows: rows, width: .tight
    ).panel(heading: true)
  }

  // MARK: one by one

  private var list: Markup {
    let next = entries.count == AskedDiscrepancies.size ? entries.last?.id : nil
    let rows = entries.map { entry -> Markup in
      """
      <tr><th scope="row">\(document(entry))<small>\(reader.moment(entry.at))</small></th>\
      <td>\(DiscrepancyWords.name(entry.found, reader))<small>\(DiscrepancyWords.detail(entry.found, reader))</small></td>\
      <td>\(visit.store(entry.store))</td><td>\(entry.register ?? "–")</td><td>\(cashier(entry))</td></tr>
      """
    }
    return DataTable(
      label: reader("По одному", "One by one"),
      columns: [
        .text(reader("Документ", "Document")), .text(reader("Что не сошлось", "What did not fit")),
        .text(reader("Магазин", "Store")), .text(reader("Касса", "Till")), .text(reader("Кассир", "Cashier")),
      ], rows: rows, files: .own
    ).panel(heading: true, next: reader.further(next.map { asked.address(before: $0) }))
  }

  /// A return without a receipt has no page; its number says which it is.
  private func document(_ entry: DiscrepancyBook.Entry) -> Markup {
    let number = entry.key?.number ?? ""
    let name =
      entry.key == nil
      ? reader("Документ", "Document")
      : entry.isReturn ? reader("Возврат \(number)", "Return \(number)") : reader("Чек \(number)", "Receipt \(number)")
    guard let place = entry.receipt, visit.may(.seeMembers) else { return "\(name)" }
    let path = "/console/receipts/\(place.owner)/\(place.id)"
    return "<a href=\"\(path)\">\(name)</a>"
  }

  private func cashier(_ entry: DiscrepancyBook.Entry) -> Markup {
    guard let code = entry.cashier else { return "–" }
    guard visit.may(.seeGuard) else { return "\(code)" }
    let path = "/console/guard/subject?kind=cashier&store=\(entry.store)&code=\(queryText(code))"
    return "<a href=\"\(path)\">\(code)</a>"
  }
}
