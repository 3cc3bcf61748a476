import Access
import Kernel
import Loyalty

/// Series of certificates as a list, and one that somebody asks about.
struct CertificateList: Sendable {
  static let size = 50
  /// Movements of one certificate on its card.
  static let entries = 50

  struct Found: Sendable {
    let certificate: Certificate
    let series: Known<CertificateSeriesDetails>
    /// Latest first.
    let entries: [CertificateEntry]
    let stores: [StoreID: String]
  }

  let series: [Known<CertificateSeriesDetails>]
  let totals: [CertificateSeriesID: CertificateTotals]
  let sought: String
  let found: Found?
  let next: CertificateSeriesID?
}

struct CertificateListPage {
  let list: CertificateList
  let visit: Visit
  /// Why something was not done to the certificate that is shown.
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var words: CertificateWords { CertificateWords(reader: reader) }

  var page: Page {
    let isEmpty = list.series.isEmpty && list.sought.isEmpty
    return Page(
      title: reader("Сертификаты", "Certificates"), actions: actions,
      notes: [
        reader(
          "Код, который и есть деньги: продаётся авансом, без скидок и баллов",
          "A code that is money: sold in advance, without discounts or points")
      ],
      body:
        "<div class=\"page-body\">\(isEmpty ? empty : "\(refusal.map { Notice.refusal($0, reader) })\(find)\(answer)\(table)")</div>"
    )
  }

  private var actions: Markup {
    let owed: Markup = """
      <a class="button" href="/console/certificates/liability">\(Icon.table.small)\(reader("Обязательства", "What is owed"))</a>
      """
    return "\(list.series.isEmpty ? .nothing : owed)\(visit.may(.changeProgramme) ? make : .nothing)"
  }

  private var make: Markup {
    "<a class=\"button primary\" href=\"/console/certificates/new\">\(Icon.plus.small)\(reader("Новая серия", "New series"))</a>"
  }

  /// By POST, so that no code stands in an address, which logs keep.
  private var find: Markup {
    let label = reader("Код сертификата", "A certificate's code")
    return """
      <form class="find" method="post" action="/console/certificates/find" role="search">\(visit.key)<input class="input" name="code" \
      value="\(list.sought)" maxlength="\(Limits.code)" aria-label="\(label)" placeholder="\(label)" autocomplete="off">\
      <button class="button">\(Icon.search.small)\(reader("Найти", "Find"))</button></form>
      """
  }

  private var empty: Markup {
    let says = reader(
      "Серия говорит, сколько стоит сертификат, чем за него платят и сколько он живёт. Коды печатают партией, деньги появляются на кассе при продаже.",
      "A series says what a certificate is worth, what it pays for and how long it lives. Codes are printed in batches; a till puts the money on one when it sells it."
    )
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Сертификатов ещё нет", "There are no certificates yet"))</h2>\
      <p>\(says)</p>\(visit.may(.changeProgramme) ? make : .nothing)</div><div class="example"><code class="break">G7K2M9QWX4H3PT8</code>\
      <p class="muted">\(reader.money(Money(minor: 300_000))) · \(reader("365 дней", "365 days"))</p></div></div></section>
      """
  }

  private var answer: Markup? {
    guard !list.sought.isEmpty else { return nil }
    guard let found = list.found else {
      return Notice.info(reader("Такого сертификата в программе нет.", "The programme has no such certificate."))
    }
    return CertificateCard(found: found, visit: visit).html
  }

  private var table: Markup? {
    guard !list.series.isEmpty else { return nil }
    let rows = list.series.map { series -> Markup in
      let (details, totals) = (series.details, list.totals[series.id] ?? CertificateTotals())
      return """
        <tr><th scope="row"><a href="/console/certificates/\(series.id)">\(reader(details.name))</a><small>\(details.code)</small></th>\
        <td class="nowrap">\(words.face(details.face))</td><td>\(words.use(details.use))</td><td>\(words.badge(details))</td>\
        <td class="num">\(reader.number(totals.made))</td><td class="num">\(reader.number(totals.open))</td>\
        <td class="num">\(reader.money(totals.owed))</td></tr>
        """
    }
    return DataTable(
      label: reader("Серии сертификатов", "Series of certificates"),
      columns: [
        .text(reader("Серия", "Series"), small: reader("Код", "Code")), .text(reader("Номинал", "Worth")),
        .text(reader("Тратится", "Is used")),
        .text(reader("Состояние", "State")), .number(reader("Напечатано", "Printed")),
        .number(reader("На руках", "Out")), .number(reader("Остаток", "Owed")),
      ], rows: rows
    ).panel(next: reader.further(list.next.map { "/console/certificates?before=\($0)" }))
  }
}

/// One certificate: what is on it, what moved, what the staff can do.
private struct CertificateCard {
  let found: CertificateList.Found
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var words: CertificateWords { CertificateWords(reader: reader) }
  private var certificate: Certificate { found.certificate }

  var html: Markup {
    let facts = FactList(rows: [
      (reader("Код", "Code"), "<code class=\"break\">\(certificate.code)</code>"),
      (reader("Состояние", "State"), words.badge(certificate, at: visit.call.at)),
      (reader("Остаток", "Balance"), "<b>\(reader.money(certificate.balance))</b>"),
      (
        reader("Серия", "Series"),
        "<a class=\"text-link\" href=\"/console/certificates/\(found.series.id)\">\(reader(found.series.details.name))</a>"
      ), (reader("Напечатан", "Printed"), "\(reader.moment(certificate.issuedAt))"),
      (reader("Продан", "Sold"), certificate.activatedAt.map { "\(reader.moment($0))" }),
      (reader("Действует до", "Good until"), certificate.until.map { "\(reader.moment($0))" }),
    ])
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Сертификат", "Certificate"))</h2></header><div class="panel-body stack">\
      \(facts.html)\(acts)</div></section>\(entries)
      """
  }

  private var entries: Markup? {
    guard !found.entries.isEmpty else { return nil }
    let rows = found.entries.map { entry -> Markup in
      """
      <tr><th scope="row">\(words.kind(entry.kind))<small>\(detail(entry.cause))</small></th>\
      <td class="num">\(reader.signed(reader.money(entry.change), isPositive: entry.change > .zero))</td>\
      <td class="nowrap">\(reader.moment(entry.at))</td></tr>
      """
    }
    return DataTable(
      label: reader("Движения", "Movements"),
      columns: [.text(reader("Что", "What")), .number(reader("Сумма", "Amount")), .text(reader("Когда", "When"))], rows: rows
    ).panel(heading: true)
  }

  private func detail(_ cause: CertificateEntry.Cause) -> Markup {
    switch cause {
    case .receipt(let receipt, let owner, let store):
      return """
        <a class="text-link" href="/console/receipts/\(String(owner))/\(receipt)">\(reader("чек", "receipt"))</a> · \(found.stores[store] ?? "")
        """
    case .refund(_, _, let store): return "\(found.stores[store] ?? "")"
    case .time: return "\(reader("срок вышел", "its time was over"))"
    case .staff(_, let reason): return "\(reason)"
    }
  }

  private var acts: Markup? {
    guard visit.may(.correctPoints), certificate.state != .void else { return nil }
    let unlock: Markup? = certificate.isLocked ? act("unlock", reader("Открыть снова", "Unlock"), "button") : nil
    let adjust: Markup? =
      certificate.state == .blank
      ? nil
      : act(
        "adjust", reader("Исправить остаток", "Change the balance"), "button",
        Field(
          name: "balance", label: reader("Новый остаток", "New balance"), value: reader.amount(certificate.balance),
          unit: reader.sign
        ).html)
    return """
      <details class="fold"><summary>\(Icon.right.usual)\(reader("Исправить или заблокировать", "Change or block"))</summary>\
      <div class="stack pad-s">\(unlock)\(adjust)\(act("void", reader("Заблокировать навсегда", "Block for good"), "button danger"))</div></details>
      """
  }

  private func act(_ verb: String, _ name: String, _ style: String, _ more: Markup? = nil) -> Markup {
    let why = Field(
      name: "reason", label: reader("Почему", "Why"), limit: Limits.name, id: "f-reason-\(verb)",
      example: reader("покупатель потерял карту", "the shopper lost the card"))
    return """
      <form class="stack s" method="post" action="/console/certificates/\(verb)">\(visit.key)<input type="hidden" name="code" \
      value="\(certificate.code)"><input type="hidden" name="seen" value="\(String(certificate.balance.minor))">\(more)\(why.html)\
      <div><button class="\(style)">\(name)</button></div></form>
      """
  }
}
