import Access
import Kernel
import Loyalty
import Tables

/// A statement as it was issued.
struct PartnerStatementView: Sendable {
  let partner: Partner
  let head: PartnerStatementHead
  let statement: PartnerStatement
}

struct PartnerStatementPage {
  let view: PartnerStatementView
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let (partner, head) = (view.partner, view.head)
    let days = "\(reader.date(head.days.lowerBound)) – \(reader.date(head.days.upperBound))"
    return Page(
      title: reader("Отчёт № \(head.number)", "Statement no. \(head.number)"),
      actions: reader.files("/console/partners/\(partner.id)/statements/\(head.number)/statement"),
      notes: [days, reader("выставлен \(reader.date(head.madeAt))", "issued \(reader.date(head.madeAt))")],
      crumbs: [
        (reader("Партнёры", "Partners"), "/console/partners"), (partner.details.name, "/console/partners/\(partner.id)"),
      ],
      body: """
        <div class="page-body"><div class="stack">\(PartnerTable(statement: view.statement, reader: reader).panel(days))\(facts)</div></div>
        """)
  }

  private var facts: Markup {
    let (party, statement) = (view.statement.party, view.statement)
    let owes =
      statement.closing < .zero
      ? reader("Мы должны партнёру", "We owe the partner") : reader("Партнёр должен нам", "The partner owes us")
    return FactList(rows: [
      (reader("Партнёр", "Partner"), "\(party.name)"),
      (reader("ИНН", "Tax number"), party.taxNumber.isEmpty ? nil : "\(party.taxNumber)"),
      (reader("Договор", "Contract"), party.contract.isEmpty ? nil : "\(party.contract)"),
      (reader("Было", "Opening"), "\(reader.money(statement.opening))"),
      (reader("За эти дни", "For these days"), "\(reader.money(statement.net))"),
      (reader("Исправления", "Corrections"), statement.corrections.isEmpty ? nil : "\(reader.money(statement.corrected))"),
      (reader("Платежи и споры", "Payments and disputes"), statement.lines.isEmpty ? nil : "\(reader.money(statement.entered))"),
      (owes, "<b>\(reader.money(statement.closing < .zero ? .zero - statement.closing : statement.closing))</b>"),
    ]).panel(reader("Отчёт", "Statement"))
  }
}

/// A statement as a table. Every row names it, so that several can be laid together.
struct PartnerFile {
  let view: PartnerStatementView
  let reader: Reader

  private var columns: [TableFile.Column] {
    [
      reader.countColumn("statement", reader("Отчёт №", "Statement no.")), .init("partner", reader("Партнёр", "Partner"), .text),
      .init("tax_number", reader("ИНН", "Tax number"), .text), .init("contract", reader("Договор", "Contract"), .text),
      .init("kind", reader("Строка", "Row"), .text), .init("day", reader("День", "Day"), .day),
      reader.countColumn("receipts", reader("Чеков", "Receipts")), reader.moneyColumn("turnover", reader("Оборот", "Turnover")),
      reader.pointsColumn("earned_points", reader("Начислено", "Earned")),
      reader.pointsColumn("taken_back_points", reader("Отозвано", "Taken back")),
      reader.pointsColumn("spent_points", reader("Потрачено", "Spent")),
      reader.pointsColumn("given_back_points", reader("Возвращено", "Given back")),
      reader.moneyColumn("earned", reader("За начисленные", "For earned")),
      reader.moneyColumn("taken_back", reader("За отозванные", "For taken back")),
      reader.moneyColumn("spent", reader("За потраченные", "For spent")),
      reader.moneyColumn("given_back", reader("За возвращённые", "For given back")),
      reader.moneyColumn("commission", reader("Комиссия", "Commission")),
      reader.moneyColumn("amount", reader("Должен нам", "Owes us")),
      .init("note", reader("Пояснение", "Note"), .text),
    ]
  }

  private func row(_ kind: String, _ day: CivilDay, _ figures: [TableFile.Cell]?, _ amount: Money, note: String = "") -> [TableFile
    .Cell]
  {
    let party = view.statement.party
    let head: [TableFile.Cell] = [
      .number(view.head.number), .text(party.name), .text(party.taxNumber), .text(party.contract), .text(kind), .day(day),
    ]
    return head + (figures ?? Array(repeating: .empty, count: 11)) + [.money(amount), note.isEmpty ? .empty : .text(note)]
  }

  private func row(_ day: PartnerDay) -> [TableFile.Cell] {
    let sums = day.sums
    return row(
      "day", day.day,
      [
        .number(sums.receipts), .money(sums.amount), .points(sums.earned), .points(sums.takenBack), .points(sums.spent),
        .points(sums.givenBack), .money(day.earned), .money(day.takenBack), .money(day.spent), .money(day.givenBack),
        .money(day.commission),
      ], day.net)
  }

  var table: TableFile {
    let statement = view.statement
    let rows =
      [row("opening", statement.span.lowerBound, nil, statement.opening)] + statement.days.map(row)
      + statement.corrections.map { row("correction", $0.day, nil, $0.amount) }
      + statement.lines.map { row($0.kind == .payment ? "payment" : "dispute", $0.day, nil, $0.amount, note: $0.reason) }
      + [row("closing", statement.span.upperBound, nil, statement.closing)]
    return TableFile(
      "statement-\(view.partner.details.code.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })-\(view.head.number)",
      title: reader("Отчёт № \(view.head.number)", "Statement no. \(view.head.number)"), columns: columns, zone: reader.zone,
      rows: rows)
  }
}
