import Access
import Kernel
import Loyalty
import Tables

/// An act as it was issued.
struct FundingActView: Sendable {
  let contract: FundingContract
  let head: FundingActHead
  let act: FundingAct
}

struct FundingActPage {
  let view: FundingActView
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let (contract, head) = (view.contract, view.head)
    let days = "\(reader.date(head.days.lowerBound)) – \(reader.date(head.days.upperBound))"
    return Page(
      title: reader("Акт № \(head.number)", "Act no. \(head.number)"),
      actions: reader.files("/console/funding/\(contract.id)/acts/\(head.number)/act"),
      notes: [days, reader("выставлен \(reader.date(head.madeAt))", "issued \(reader.date(head.madeAt))")],
      crumbs: [
        (reader("Кто платит", "Who pays"), "/console/funding"), (contract.details.name, "/console/funding/\(contract.id)"),
      ],
      body: """
        <div class="page-body with-aside"><div class="stack">\(FundingTable(act: view.act, reader: reader).panel(days))</div>\
        <aside class="aside stack">\(facts)</aside></div>
        """)
  }

  private var facts: Markup {
    let (party, act) = (view.act.party, view.act)
    return FactList(rows: [
      (reader("Плательщик", "Payer"), "\(party.name)"),
      (reader("ИНН", "Tax number"), party.taxNumber.isEmpty ? nil : "\(party.taxNumber)"),
      (reader("Договор", "Contract"), party.contract.isEmpty ? nil : "\(party.contract)"),
      (reader("За эти дни", "For these days"), "\(reader.money(act.own))"),
      (reader("Исправления", "Corrections"), act.corrections.isEmpty ? nil : "\(reader.money(act.corrected))"),
      (reader("Предел", "Cap"), act.cap.map { "\(reader.money($0))" }),
      (reader("К оплате", "To pay"), "<b>\(reader.money(act.amount))</b>"),
    ]).panel(reader("Акт", "Act"))
  }
}

/// An act as a table. Every row names the act, so that several can be laid together.
struct FundingFile {
  let view: FundingActView
  let reader: Reader

  private var columns: [TableFile.Column] {
    [
      reader.countColumn("act", reader("Акт №", "Act no.")), .init("payer", reader("Плательщик", "Payer"), .text),
      .init("tax_number", reader("ИНН", "Tax number"), .text), .init("contract", reader("Договор", "Contract"), .text),
      .init("from", reader("С", "From"), .day), .init("to", reader("По", "Through"), .day),
      .init("kind", reader("Строка", "Row"), .text), .init("promotion", reader("Код акции", "Promotion's code"), .text),
      .init("name", reader("Акция", "Promotion"), .text), .init("share", reader("Доля, %", "Share, %"), .number(digits: 4)),
      reader.countColumn("receipts", reader("Чеков", "Receipts")), reader.moneyColumn("discount", reader("Скидка", "Discount")),
      reader.pointsColumn("points", reader("Баллы", "Points")),
      reader.moneyColumn("points_worth", reader("Баллы в деньгах", "Points in money")),
      reader.moneyColumn("amount", reader("К оплате", "To pay")),
    ]
  }

  private func head(_ days: ClosedRange<CivilDay>) -> [TableFile.Cell] {
    [
      .number(view.head.number), .text(view.act.party.name), .text(view.act.party.taxNumber), .text(view.act.party.contract),
      .day(days.lowerBound), .day(days.upperBound),
    ]
  }

  private func sum(_ kind: String, _ days: ClosedRange<CivilDay>, _ amount: Money) -> [TableFile.Cell] {
    head(days) + [.text(kind)] + Array(repeating: .empty, count: 7) + [.money(amount)]
  }

  private var rows: [[TableFile.Cell]] {
    let act = view.act
    let lines = act.lines.map { line in
      head(act.days) + [
        .text(line.isReturned ? "returned" : "given"), .text(line.code), .text(reader(line.name)), .number(line.share.ppm),
        .number(line.receipts), .money(line.discount), .points(line.points), .money(line.worth), .money(line.amount),
      ]
    }
    let corrections = act.corrections.map { sum("correction", $0.days, $0.amount) }
    let beyond = act.beyond == .zero ? [] : [sum("beyond cap", act.days, .zero - act.beyond)]
    return lines + corrections + beyond + [sum("total", act.days, act.amount)]
  }

  var table: TableFile {
    TableFile(
      "act-\(view.contract.key.code.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })-\(view.head.number)",
      title: reader("Акт № \(view.head.number)", "Act no. \(view.head.number)"), columns: columns, zone: reader.zone, rows: rows)
  }
}
