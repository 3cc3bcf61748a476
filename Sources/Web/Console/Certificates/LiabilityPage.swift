import Access
import Kernel
import Loyalty

/// What is owed on certificates before and after some days, series by series.
struct LiabilityView: Sendable {
  /// Series of one report; of more the latest.
  static let size = Limits.page

  let days: ClosedRange<CivilDay>
  let rows: [(series: Known<CertificateSeriesDetails>, liability: CertificateLiability)]
  /// The days that were asked for could not be read.
  let isWrong: Bool

  var total: (opening: Money, flows: CertificateSums, closing: Money) {
    rows.reduce((.zero, CertificateSums(), .zero)) { sum, row in
      (sum.0 + row.liability.opening, sum.1 + row.liability.flows, sum.2 + row.liability.closing)
    }
  }
}

struct LiabilityPage {
  let view: LiabilityView
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var query: String { "from=\(view.days.lowerBound)&to=\(view.days.upperBound)" }

  var page: Page {
    return Page(
      title: reader("Обязательства по сертификатам", "Owed on certificates"),
      actions: reader.files("/console/certificates/liability", "?\(query)"),
      notes: [
        "\(reader.date(view.days.lowerBound)) – \(reader.date(view.days.upperBound))",
        reader("по рабочим дням программы", "by the programme's days"),
      ], crumbs: [(reader("Сертификаты", "Certificates"), "/console/certificates")],
      body: "<div class=\"page-body\">\(form)\(view.isWrong ? wrong : nil)\(table)</div>")
  }

  private var wrong: Markup {
    Notice.warning(
      reader(
        "Нужны две даты, первая не позже второй. Показан этот месяц.",
        "Two days are expected, the first not after the second. This month is shown."))
  }

  private var form: Markup {
    let from = Field(name: "from", label: reader("С", "From"), value: "\(view.days.lowerBound)", type: "date")
    let to = Field(name: "to", label: reader("По", "Through"), value: "\(view.days.upperBound)", type: "date")
    return """
      <form class="find" method="get" action="/console/certificates/liability">\(from.html)\(to.html)\
      <button class="button">\(reader("Показать", "Show"))</button></form>
      """
  }

  private var heads: [String] {
    [
      reader("Было", "Opening"), reader("Продано, шт", "Sold, pcs"), reader("Продано", "Sold"),
      reader("По акциям", "Given"), reader("Оплачено", "Paid"),
      reader("С возвратов", "Back with goods"), reader("Сгорело", "Lapsed"), reader("Вернули сами", "Came back"),
      reader("Вручную", "By hand"), reader("Стало", "Closing"),
    ]
  }

  private func cells(_ opening: Money, _ flows: CertificateSums, _ closing: Money) -> [String] {
    let amounts = [flows.sold, flows.given, flows.paid, flows.refunded, flows.lapsed, flows.takenBack, flows.adjusted, closing]
    return [reader.amount(opening), reader.number(flows.count)] + amounts.map(reader.amount)
  }

  private var table: Markup {
    guard !view.rows.isEmpty else {
      return Notice.info(reader("Сертификатов ещё нет.", "There are no certificates yet."))
    }
    func row(_ head: Markup, _ cells: [String], isTotal: Bool) -> Markup {
      let shown = cells.map { cell -> Markup in "<td class=\"num\">\(isTotal ? "<b>\(cell)</b>" as Markup : "\(cell)")</td>" }
      return "<tr><th scope=\"row\">\(head)</th>\(shown)</tr>"
    }
    let rows = view.rows.map { series, liability in
      row(
        "<a href=\"/console/certificates/\(series.id)\">\(reader(series.details.name))</a><small>\(series.details.code)</small>",
        cells(liability.opening, liability.flows, liability.closing), isTotal: false)
    }
    let (opening, flows, closing) = view.total
    let total = row(
      "\(reader("Всего", "In all")), \(reader.sign)", cells(opening, flows, closing), isTotal: true)
    return DataTable(
      label: reader("Обязательства по сериям", "Owed, by series"),
      columns: [.text(reader("Серия", "Series"))] + heads.map { .number($0) }, rows: rows + [total], files: .own
    ).panel()
  }
}
