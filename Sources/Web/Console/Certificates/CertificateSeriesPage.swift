import Access
import Kernel
import Loyalty

/// One series with what was ordered of it and what is still out.
struct CertificateSeriesView: Sendable {
  let series: Known<CertificateSeriesDetails>
  let totals: CertificateTotals
  /// Latest first.
  let batches: [CertificateBatch]
  let ages: [CertificateAge]
  /// What makes an order the same when its form is sent again.
  let request: String
}

struct CertificateSeriesPage {
  let view: CertificateSeriesView
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var details: CertificateSeriesDetails { view.series.details }
  private var path: String { "/console/certificates/\(view.series.id)" }
  private var words: CertificateWords { CertificateWords(reader: reader) }

  var page: Page {
    let edit: Markup =
      visit.may(.changeProgramme)
      ? "<a class=\"button\" href=\"\(path)/edit\">\(reader("Изменить", "Edit"))</a>" : .nothing
    let panels = CodeBatchPanels(path: path, visit: visit, batches: view.batches)
    let order: Markup? =
      visit.may(.changeProgramme) && !details.isClosed
      ? panels.order(request: view.request, example: reader("к 8 Марта", "for March 8")) : nil
    return Page(
      title: reader(details.name), marks: words.badge(details), actions: edit, notes: [details.code, words.face(details.face)],
      crumbs: [(reader("Сертификаты", "Certificates"), "/console/certificates")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(refusal.map { Notice.refusal($0, reader) })\(panels.table)\(ages)</div>\
        <aside class="aside stack">\(facts)\(order)</aside></div>
        """)
  }

  private var facts: Markup {
    FactList(rows: [
      (reader("Тратится", "Is used"), "\(words.use(details.use))"),
      (reader("Действует", "Good"), "\(words.life(details.daysGood))"),
      (reader("Платит за", "Pays for"), goods),
      (
        reader("ПИН", "PIN"),
        details.pinDigits == 0 ? nil : "\(reader.count(details.pinDigits, ("цифра", "цифры", "цифр"), ("digit", "digits")))"
      ), (reader("Напечатано", "Printed"), "\(reader.number(view.totals.made))"),
      (reader("На руках", "Out"), "\(reader.number(view.totals.open))"),
      (reader("Остаток", "Owed"), "<b>\(reader.money(view.totals.owed))</b>"),
      (reader("Вид кода", "A code looks like"), "<code class=\"break\">\(details.pattern.example)</code>"),
    ]).panel(reader("Серия", "Series"))
  }

  private var goods: Markup {
    guard details.goods != nil else { return "\(reader("все товары", "all goods"))" }
    let chosen = CertificateGoods(details.goods)
    let names = chosen.codes(visit.sales)
    var parts: [String] = []
    func add(_ field: String, _ ru: String, _ en: String) {
      if let codes = names[field], !codes.isEmpty { parts.append(reader(ru, en) + codes.prefix(5).joined(separator: ", ")) }
    }
    add("categories", "категории: ", "categories: ")
    add("products", "товары: ", "products: ")
    add("except", "кроме: ", "all but: ")
    if chosen.isOther { parts.append(reader("особое условие", "a condition of its own")) }
    return "\(parts.joined(separator: "; "))"
  }

  /// What is still out, by when it was sold: the older, the likelier it lapses.
  private var ages: Markup? {
    guard !view.ages.isEmpty else { return nil }
    let rows = view.ages.reversed().map { age -> Markup in
      """
      <tr><th scope="row">\(reader.month(age.month))</th><td class="num">\(reader.number(age.certificates))</td>\
      <td class="num">\(reader.money(age.owed))</td></tr>
      """
    }
    return DataTable(
      label: reader("На руках по месяцу продажи", "Out, by the month of sale"),
      columns: [
        .text(reader("Проданы", "Sold in")), .number(reader("Сертификатов", "Certificates")), .number(reader("Остаток", "Owed")),
      ], rows: rows
    ).panel(heading: true)
  }
}
