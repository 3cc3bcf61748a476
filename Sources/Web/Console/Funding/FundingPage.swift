import Access
import Kernel
import Loyalty

/// One contract: what the next act would say, and those that were issued.
struct FundingView: Sendable {
  let contract: FundingContract
  /// Latest first.
  let acts: [FundingActHead]
  let preview: FundingAct
  /// No act yet: its first day can be chosen.
  let isFirst: Bool
  /// The last of the days is.
  let isOver: Bool
  /// The days that were asked for could not be read.
  let isWrong: Bool
}

struct FundingPage {
  let view: FundingView
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var details: FundingDetails { view.contract.details }
  private var path: String { "/console/funding/\(view.contract.id)" }

  var page: Page {
    let edit: Markup =
      visit.may(.settle) ? "<a class=\"button\" href=\"\(path)/edit\">\(reader("Изменить", "Edit"))</a>" : .nothing
    return Page(
      title: details.name, actions: edit,
      notes: [FundingWords.payer(view.contract.key, reader), number].compactMap { $0 },
      crumbs: [(reader("Кто платит", "Who pays"), "/console/funding")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(refusal.map { Notice.refusal($0, reader) })\(wrong)\
        \(FundingTable(act: view.preview, reader: reader).panel(heading))\(FundingGoods(act: view.preview, reader: reader).panel)\(acts)</div>\
        <aside class="aside stack">\(next)\(facts)</aside></div>
        """)
  }

  private var number: String? {
    view.contract.key.contract.isEmpty
      ? nil : reader("договор \(view.contract.key.contract)", "contract \(view.contract.key.contract)")
  }

  private var heading: String {
    reader("Следующий акт: ", "The next act: ") + reader.date(view.preview.days.lowerBound) + " – "
      + reader.date(view.preview.days.upperBound)
  }

  private var wrong: Markup? {
    view.isWrong
      ? Notice.warning(
        reader(
          "Нужны дни по порядку, не больше \(DocumentDays.longest). Показан обычный период.",
          "Days in their order are expected, \(DocumentDays.longest) at most. The usual ones are shown.")) : nil
  }

  private var next: Markup {
    let days = view.preview.days
    let from: Markup =
      view.isFirst
      ? Field(name: "from", label: reader("С", "From"), value: "\(days.lowerBound)", type: "date").html
      : "<p class=\"hint\">\(reader("С \(reader.date(days.lowerBound)): сразу за прошлым актом", "From \(reader.date(days.lowerBound)): right behind the last act"))</p>"
    let to = Field(name: "to", label: reader("По", "Through"), value: "\(days.upperBound)", type: "date")
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Период", "Days"))</h2></header><div class="panel-body stack">\
      <form class="form" method="get" action="\(path)">\(from)\(to.html)<button class="button">\(reader("Показать", "Show"))</button></form>\
      \(issue)</div></section>
      """
  }

  private var issue: Markup? {
    guard visit.may(.settle) else { return nil }
    guard view.isOver else {
      return
        "<p class=\"hint\">\(reader("Акт выставляют, когда последний день закончился.", "An act is issued when its last day is over."))</p>"
    }
    let act = view.preview
    return """
      <form method="post" action="\(path)/acts">\(visit.key)<input type="hidden" name="from" value="\(act.days.lowerBound)">\
      <input type="hidden" name="to" value="\(act.days.upperBound)"><input type="hidden" name="seen" value="\(String(act.amount.minor))">\
      <button class="button primary">\(reader("Выставить акт на ", "Issue an act for "))\(reader.money(act.amount))</button></form>\
      <p class="hint">\(reader("Выставленный акт не меняется. Чеки, которые придут позже, попадут в следующий.", "An act never changes once issued. Receipts that come later stand in the next."))</p>
      """
  }

  private var facts: Markup {
    let act = view.preview
    return FactList(rows: [
      (reader("ИНН", "Tax number"), details.taxNumber.isEmpty ? nil : "\(details.taxNumber)"),
      (reader("Выставлено до этого", "Issued before"), "\(reader.money(act.before))"),
      (reader("Предел", "Cap"), details.cap.map { "\(reader.money($0))" }),
      (
        reader("Осталось до предела", "Left below the cap"),
        details.cap.map { "<b>\(reader.money(max(.zero, $0 - act.before)))</b>" }
      ),
    ]).panel(reader("Договор", "Contract"))
  }

  private var acts: Markup? {
    guard !view.acts.isEmpty else { return nil }
    let rows = view.acts.map { act -> Markup in
      """
      <tr><th scope="row"><a href="\(path)/acts/\(String(act.number))">№\u{a0}\(String(act.number))</a></th>\
      <td>\(reader.date(act.days.lowerBound)) – \(reader.date(act.days.upperBound))</td><td class="num">\(reader.money(act.amount))</td>\
      <td>\(reader.date(act.madeAt))</td><td>\(reader.files("\(path)/acts/\(act.number)/act"))</td></tr>
      """
    }
    let further = view.acts.count == Limits.page ? view.acts.last.map { "\(path)?before=\($0.number)" } : nil
    return DataTable(
      label: reader("Выставленные акты", "Acts that were issued"),
      columns: [
        .text(reader("Акт", "Act")), .text(reader("Период", "Days")), .number(reader("Сумма", "Amount")),
        .text(reader("Выставлен", "Issued")), .acts(reader("Файлы", "Files")),
      ], rows: rows
    ).panel(heading: true, next: reader.further(further))
  }
}

/// What an act says, line by line.
struct FundingTable {
  let act: FundingAct
  let reader: Reader

  func panel(_ heading: String) -> Markup {
    guard !act.lines.isEmpty || !act.corrections.isEmpty else {
      return """
        <section class="panel"><header class="panel-head"><h2>\(heading)</h2></header><div class="panel-body">\
        \(Notice.info(reader("За эти дни платить не за что.", "There is nothing to pay for in these days.")))</div></section>
        """
    }
    return DataTable(
      label: heading,
      columns: [
        .text(reader("Акция", "Promotion")), .number(reader("Чеков", "Receipts")), .number(reader("Скидка", "Discount")),
        .number(reader("Баллы", "Points")), .number(reader("Баллы в деньгах", "Points in money")), .number(reader("Доля", "Share")),
        .number(reader("К оплате", "To pay")),
      ], rows: act.lines.map(row) + act.corrections.map(row) + sums
    ).panel(heading: true)
  }

  private func row(_ line: FundingAct.Line) -> Markup {
    let name: Markup =
      line.isReturned
      ? "\(reader("Возвраты и отмены: ", "Returns and cancellations: "))\(reader(line.name))" : "\(reader(line.name))"
    return """
      <tr><th scope="row">\(name)<small>\(line.code)</small></th><td class="num">\(reader.number(line.receipts))</td>\
      <td class="num">\(reader.amount(line.discount))</td><td class="num">\(reader.points(line.points))</td>\
      <td class="num">\(reader.amount(line.worth))</td><td class="num">\(reader.share(line.share))</td>\
      <td class="num">\(reader.amount(line.amount))</td></tr>
      """
  }

  private func row(_ part: FundingAct.Correction) -> Markup {
    let days = "\(reader.date(part.days.lowerBound)) – \(reader.date(part.days.upperBound))"
    return sum(reader("Исправление за ", "Correction of ") + days, part.amount)
  }

  private func sum(_ name: String, _ amount: Money, isTotal: Bool = false) -> Markup {
    let shown: Markup = isTotal ? "<b>\(reader.amount(amount))</b>" : "\(reader.amount(amount))"
    return "<tr><th scope=\"row\" colspan=\"6\">\(name)</th><td class=\"num\">\(shown)</td></tr>"
  }

  private var sums: [Markup] {
    let beyond =
      act.beyond == .zero
      ? [] : [sum(reader("Сверх предела, платит сеть", "Beyond the cap, the retailer pays"), .zero - act.beyond)]
    return beyond + [sum("\(reader("Всего к оплате", "To pay in all")), \(reader.sign)", act.amount, isTotal: true)]
  }
}
