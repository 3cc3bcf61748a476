import Access
import Kernel
import Loyalty

/// Beside a partner: what points cost, and forms for terms, payments and disputes.
struct PartnerAside {
  let view: PartnerView
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var path: String { "/console/partners/\(view.partner.id)" }

  var html: Markup {
    visit.may(.settle)
      ? "\(terms)\(fold(reader("Записать платёж", "Record a payment"), payment))\(fold(reader("Оспорить чек", "Dispute a receipt"), dispute))"
      : terms
  }

  private func fold(_ title: String, _ body: Markup) -> Markup {
    """
    <section class="panel"><details class="fold within"><summary>\(Icon.right.usual)\(title)</summary><div class="panel-body">\(body)</div></details></section>
    """
  }

  private func field(
    _ name: String, _ label: String, _ value: String = "", type: String = "text", hint: String? = nil, unit: String? = nil,
    of form: String
  ) -> Markup {
    Field(name: name, label: label, value: value, type: type, hint: hint, limit: Limits.name, id: "\(form)-\(name)", unit: unit)
      .html
  }

  private var terms: Markup {
    let rows = reader.shown(view.terms.reversed(), 12).map { terms -> Markup in
      """
      <tr><th scope="row">\(reader.date(terms.from))</th><td class="num">\(reader.amount(terms.earned))</td>\
      <td class="num">\(reader.amount(terms.spent))</td><td class="num">\(reader.share(terms.commission))</td></tr>
      """
    }
    let table: Markup? =
      rows.isEmpty
      ? nil
      : DataTable(
        label: reader("Цена баллов", "What points cost"),
        columns: [
          .text(reader("С", "From")), .number(reader("Начислен", "Earned")), .number(reader("Потрачен", "Spent")),
          .number(reader("Комиссия", "Commission")),
        ], rows: Array(rows), width: .tight
      ).html
    let form: Markup? =
      visit.may(.settle)
      ? """
      <details class="fold within"><summary>\(Icon.right.usual)\(reader("Новые условия", "New terms"))</summary><div class="panel-body">\
      <form class="form" method="post" action="\(path)/terms">\(visit.key)\
      \(field("from", reader("С какого дня", "From which day"), "\(view.preview.span.lowerBound)", type: "date", of: "terms"))\
      \(field("earned", reader("Партнёр платит за начисленный балл", "The partner pays for an earned point"), unit: reader.sign, of: "terms"))\
      \(field("spent", reader("Партнёр получает за потраченный балл", "The partner gets for a spent point"), unit: reader.sign, of: "terms"))\
      \(field("commission", reader("Комиссия от платы за начисленные", "Commission on what is paid for earned ones"), "0", unit: "%", of: "terms"))\
      <button class="button">\(reader("Сохранить", "Save"))</button></form></div></details>
      """ : nil
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Цена баллов", "What points cost"))</h2></header>\(table)\(form)</section>
      """
  }

  private var payment: Markup {
    let way = Choice(
      name: "way", label: reader("Кто заплатил", "Who paid"),
      options: [("in", reader("партнёр – нам", "the partner, to us")), ("out", reader("мы – партнёру", "we, to the partner"))],
      chosen: "in", id: "pay-way")
    return """
      <form class="form" method="post" action="\(path)/payments">\(visit.key)<input type="hidden" name="request" value="\(view.request)">\
      \(way.html)\(field("amount", reader("Сумма", "Amount"), unit: reader.sign, of: "pay"))\
      \(field("day", reader("День", "Day"), "\(view.today)", type: "date", of: "pay"))\
      \(field("note", reader("Платёжный документ", "Document of the payment"), of: "pay"))\
      <button class="button">\(reader("Записать", "Record"))</button></form>
      """
  }

  private var dispute: Markup {
    """
    <form class="form" method="post" action="\(path)/disputes">\(visit.key)<input type="hidden" name="request" value="\(view.request)">\
    \(field("receipt", reader("Адрес страницы чека", "Address of the receipt's page"), hint: reader("из раздела «Чеки»", "in the room Receipts"), of: "dispute"))\
    \(field("reason", reader("В чём спор", "What it is about"), of: "dispute"))\
    <button class="button">\(reader("Открыть спор", "Open a dispute"))</button></form>
    """
  }
}

/// Payments and disputes of a partner: what waits for a decision, then the latest.
struct PartnerEntriesPanel {
  /// Entries of one page besides those that wait.
  static let length = 50

  let view: PartnerView
  let visit: Visit

  private var reader: Reader { visit.reader }

  var html: Markup? {
    guard !view.entries.isEmpty || !view.open.isEmpty else { return nil }
    let last = view.entries.count == Self.length ? view.entries.last : nil
    return DataTable(
      label: reader("Платежи и споры", "Payments and disputes"),
      columns: [
        .text(reader("Что", "What")), .text(reader("День", "Day")), .text(reader("Состояние", "State")),
        .number(reader("Меняет долг на", "Changes the debt by")), .acts(reader("Решение", "Decision")),
      ], rows: (view.open + view.entries).map(row)
    ).panel(heading: true, next: reader.further(last.map { "/console/partners/\(view.partner.id)?before=\($0.id)" }))
  }

  private func row(_ entry: PartnerEntry) -> Markup {
    let receipt = entry.receipt.map { place -> Markup in
      " <a class=\"text-link\" href=\"/console/receipts/\(String(place.owner))/\(place.id)\">\(reader("чек", "receipt"))</a>"
    }
    let why = entry.answer.isEmpty ? entry.reason : "\(entry.reason) → \(entry.answer)"
    let isSettled = entry.kind == .payment || entry.state == .accepted
    return """
      <tr><th scope="row">\(PartnerWords.kind(entry.kind, reader))\(receipt)<small>\(why)</small></th>\
      <td>\(reader.date(entry.day))</td><td>\(PartnerWords.state(entry, reader))</td>\
      <td class="num">\(isSettled ? reader.amount(entry.amount) : "–")</td><td>\(decision(entry))</td></tr>
      """
  }

  private func decision(_ entry: PartnerEntry) -> Markup? {
    guard entry.kind == .dispute, entry.state == .open, visit.may(.settle) else { return nil }
    let path = "/console/partners/\(view.partner.id)/disputes/\(entry.id)"
    let answer = reader("Почему", "Why")
    return """
      <form class="row" method="post" action="\(path)">\(visit.key)\
      <input class="input" name="answer" required maxlength="\(String(Limits.name))" aria-label="\(answer)" placeholder="\(answer)">\
      <button class="button ghost" name="decision" value="reject">\(reader("Отклонить", "Reject"))</button>\
      <button class="button" name="decision" value="accept">\(reader("Принять", "Accept"))</button></form>
      """
  }
}
