import Access
import Kernel
import Loyalty

/// One partner: what the next statement would say, statements, terms, payments and disputes.
struct PartnerView: Sendable {
  let partner: Partner
  /// From the earliest day on.
  let terms: [PartnerTerms]
  let preview: PartnerStatement
  /// Latest first.
  let statements: [PartnerStatementHead]
  /// Disputes that wait for a decision, the longest waiting first.
  let open: [PartnerEntry]
  /// Payments and decided disputes, latest first.
  let entries: [PartnerEntry]
  /// No statement yet: its first day can be chosen.
  let isFirst: Bool
  /// The last of the days is.
  let isOver: Bool
  /// The days that were asked for could not be read.
  let isWrong: Bool
  let today: CivilDay
  /// What makes a payment or dispute the same when its form is sent again.
  let request: String
}

struct PartnerPage {
  let view: PartnerView
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var details: PartnerDetails { view.partner.details }
  private var path: String { "/console/partners/\(view.partner.id)" }

  var page: Page {
    let edit: Markup =
      visit.may(.settle) ? "<a class=\"button\" href=\"\(path)/edit\">\(reader("Изменить", "Edit"))</a>" : .nothing
    return Page(
      title: details.name, actions: edit,
      notes: [
        details.code, details.contract.isEmpty ? nil : reader("договор \(details.contract)", "contract \(details.contract)"),
        details.taxNumber.isEmpty ? nil : reader("ИНН \(details.taxNumber)", "tax number \(details.taxNumber)"),
      ].compactMap { $0 }, crumbs: [(reader("Партнёры", "Partners"), "/console/partners")],
      body: """
        <div class="page-body"><div class="stack">\(refusal.map { Notice.refusal($0, reader) })\(wrong)\(unpriced)\(span)\
        \(PartnerTable(statement: view.preview, reader: reader).panel(heading))\(issue)</div></div>\
        <div class="page-body with-aside"><div class="stack">\(statements)\(PartnerEntriesPanel(view: view, visit: visit).html)</div>\
        <aside class="aside stack">\(PartnerAside(view: view, visit: visit).html)</aside></div>
        """)
  }

  private var heading: String {
    reader("Взаиморасчёты: ", "Clearing: ") + reader.date(view.preview.span.lowerBound) + " – "
      + reader.date(view.preview.span.upperBound)
  }

  private var wrong: Markup? {
    view.isWrong
      ? Notice.warning(
        reader(
          "Нужны дни по порядку, не больше \(DocumentDays.longest). Показан обычный период.",
          "Days in their order are expected, \(DocumentDays.longest) at most. The usual ones are shown.")) : nil
  }

  private var unpriced: Markup? {
    view.terms.isEmpty
      ? Notice.warning(
        reader("Цена баллов ещё не согласована: дни считаются по нулю.", "What points cost is not agreed yet: days count nothing."))
      : nil
  }

  private var span: Markup {
    let days = view.preview.span
    let from: Markup =
      view.isFirst ? Field(name: "from", label: reader("С", "From"), value: "\(days.lowerBound)", type: "date").html : .nothing
    let to = Field(name: "to", label: reader("По", "Through"), value: "\(days.upperBound)", type: "date")
    return """
      <form class="find" method="get" action="\(path)">\(from)\(to.html)<button class="button">\(reader("Показать", "Show"))</button></form>
      """
  }

  private var issue: Markup? {
    guard visit.may(.settle) else { return nil }
    guard view.isOver else {
      return
        "<p class=\"hint\">\(reader("Отчёт выставляют, когда последний день закончился.", "A statement is issued when its last day is over."))</p>"
    }
    let span = view.preview.span
    return """
      <div class="stack s"><form method="post" action="\(path)/statements">\(visit.key)<input type="hidden" name="from" value="\(span.lowerBound)">\
      <input type="hidden" name="to" value="\(span.upperBound)"><input type="hidden" name="seen" value="\(String(view.preview.closing.minor))">\
      <button class="button primary">\(reader("Выставить отчёт", "Issue the statement"))</button></form>\
      <p class="hint">\(reader("Выставленный отчёт не меняется. Что придёт позже, попадёт в следующий.", "A statement never changes once issued. What comes later stands in the next."))</p></div>
      """
  }

  private var statements: Markup? {
    guard !view.statements.isEmpty else { return nil }
    let rows = view.statements.map { head -> Markup in
      let number = String(head.number)
      return """
        <tr><th scope="row"><a href="\(path)/statements/\(number)">№\u{a0}\(number)</a></th>\
        <td>\(reader.date(head.days.lowerBound)) – \(reader.date(head.days.upperBound))</td>\
        <td class="num">\(reader.money(head.opening))</td><td class="num">\(reader.money(head.closing))</td>\
        <td>\(reader.files("\(path)/statements/\(number)/statement"))</td></tr>
        """
    }
    return DataTable(
      label: reader("Выставленные отчёты", "Statements that were issued"),
      columns: [
        .text(reader("Отчёт", "Statement")), .text(reader("Период", "Days")), .number(reader("Было", "Opening")),
        .number(reader("Стало", "Closing")), .acts(reader("Файлы", "Files")),
      ], rows: rows
    ).panel(heading: true)
  }
}

/// What a statement says, day by day.
struct PartnerTable {
  let statement: PartnerStatement
  let reader: Reader

  func panel(_ heading: String) -> Markup {
    DataTable(
      label: heading,
      columns: [
        .text(reader("День", "Day")), .number(reader("Чеков", "Receipts")), .number(reader("Начислено", "Earned")),
        .number(reader("Потрачено", "Spent")),
        .number(reader("За начисленные", "For earned")), .number(reader("За потраченные", "For spent")),
        .number(reader("Комиссия", "Commission")), .number(reader("Должен нам", "Owes us")),
      ],
      rows: [sum(reader("Было", "Opening"), statement.opening)] + statement.days.map(row) + statement.corrections.map(row)
        + statement.lines.map(row) + [sum("\(reader("Стало", "Closing")), \(reader.sign)", statement.closing, isTotal: true)],
      files: .own
    ).panel(heading: true)
  }

  private func row(_ day: PartnerDay) -> Markup {
    let sums = day.sums
    let cells: [Markup] = [
      "\(reader.number(sums.receipts))", points(sums.earned, sums.takenBack), points(sums.spent, sums.givenBack),
      "\(reader.amount(day.earned - day.takenBack))", "\(reader.amount(day.spent - day.givenBack))",
      "\(reader.amount(day.commission))", "\(reader.amount(day.net))",
    ]
    let shown = cells.map { cell -> Markup in "<td class=\"num\">\(cell)</td>" }
    return "<tr><th scope=\"row\">\(reader.date(day.day))</th>\(shown)</tr>"
  }

  /// What was, and under it what of such points came back.
  private func points(_ points: Points, _ back: Points) -> Markup {
    let less: Markup? = back == .zero ? nil : "<small>−\(reader.points(back))</small>"
    return "\(reader.points(points))\(less)"
  }

  private func row(_ part: PartnerStatement.Correction) -> Markup {
    sum(reader("Исправление за ", "Correction of ") + reader.date(part.day), part.amount)
  }

  private func row(_ line: PartnerStatement.Line) -> Markup {
    sum("\(PartnerWords.kind(line.kind, reader)), \(reader.date(line.day)): \(line.reason)", line.amount)
  }

  private func sum(_ name: String, _ amount: Money, isTotal: Bool = false) -> Markup {
    let shown: Markup = isTotal ? "<b>\(reader.amount(amount))</b>" : "\(reader.amount(amount))"
    return "<tr><th scope=\"row\" colspan=\"7\">\(name)</th><td class=\"num\">\(shown)</td></tr>"
  }
}

enum PartnerWords {
  static func kind(_ kind: PartnerEntry.Kind, _ reader: Reader) -> String {
    switch kind {
    case .payment: reader("Платёж", "Payment")
    case .dispute: reader("Спор", "Dispute")
    }
  }

  static func state(_ entry: PartnerEntry, _ reader: Reader) -> String {
    switch (entry.kind, entry.state) {
    case (.payment, _): reader("учтён", "recorded")
    case (.dispute, .open): reader("открыт", "open")
    case (.dispute, .accepted): reader("принят", "accepted")
    case (.dispute, .rejected): reader("отклонён", "rejected")
    }
  }
}
