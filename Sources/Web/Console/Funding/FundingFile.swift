import Kernel
import Loyalty
import Tables

/// An act as a table: what promotions gave, the goods, corrections and the sum. As CSV every row names the act, so that several can be laid
/// together; in a workbook its heading stands above and room for signatures below.
struct FundingFile {
  let view: FundingActView
  let reader: Reader

  private var columns: [TableFile.Column] {
    [
      .init("kind", reader("Строка", "Row"), .text), .init("promotion", reader("Код акции", "Promotion's code"), .text),
      .init("name", reader("Акция", "Promotion"), .text), .init("product", reader("Код товара", "Product's code"), .text),
      .init("product_name", reader("Товар", "Product"), .text), .init("share", reader("Доля, %", "Share, %"), .number(digits: 4)),
      reader.countColumn("receipts", reader("Чеков", "Receipts")),
      .init("quantity", reader("Продано", "Sold"), .number(digits: 3)),
      .init("returned", reader("Вернули", "Came back"), .number(digits: 3)),
      reader.moneyColumn("discount", reader("Скидка", "Discount")), reader.pointsColumn("points", reader("Баллы", "Points")),
      reader.moneyColumn("points_worth", reader("Баллы в деньгах", "Points in money")),
      reader.moneyColumn("amount", reader("К оплате", "To pay")),
      .init("from", reader("С", "From"), .day), .init("to", reader("По", "Through"), .day),
      reader.countColumn("act", reader("Акт №", "Act no.")), .init("payer", reader("Плательщик", "Payer"), .text),
      .init("tax_number", reader("ИНН", "Tax number"), .text), .init("contract", reader("Договор", "Contract"), .text),
    ]
  }

  private func foot(_ days: ClosedRange<CivilDay>) -> [TableFile.Cell] {
    [
      .day(days.lowerBound), .day(days.upperBound), .number(view.head.number), .text(view.act.party.name),
      .text(view.act.party.taxNumber), .text(view.act.party.contract),
    ]
  }

  private func sum(_ kind: LocalText, _ days: ClosedRange<CivilDay>, _ amount: Money) -> [TableFile.Cell] {
    [.text(reader(kind))] + Array(repeating: .empty, count: 11) + [.money(amount)] + foot(days)
  }

  private func row(_ line: FundingAct.Line) -> [TableFile.Cell] {
    let kind = line.isReturned ? reader("возвраты", "returned") : reader("акция", "given")
    return [
      .text(kind), .text(line.code), .text(reader(line.name)), .empty, .empty, .number(line.share.ppm), .number(line.receipts),
      .empty,
      .empty, .money(line.discount), .points(line.points), .money(line.worth), .money(line.amount),
    ] + foot(view.act.days)
  }

  private func row(_ goods: FundingAct.Goods, _ names: [PromotionID: String]) -> [TableFile.Cell] {
    [
      .text(reader("товар", "goods")), .text(goods.code), .text(names[goods.promotion] ?? ""), .text(goods.product),
      .text(reader(goods.name)), .empty, .empty, .number(goods.quantity.thousandths), .number(goods.returned.thousandths),
      .money(goods.discount), .points(goods.points), .empty, .empty,
    ] + foot(view.act.days)
  }

  private var rows: [[TableFile.Cell]] {
    let act = view.act
    let names = Dictionary(act.lines.map { ($0.promotion, reader($0.name)) }, uniquingKeysWith: { first, _ in first })
    let corrections = act.corrections.map { sum(LocalText(ru: "исправление", en: "correction"), $0.days, $0.amount) }
    let beyond =
      act.beyond == .zero ? [] : [sum(LocalText(ru: "сверх предела", en: "beyond cap"), act.days, .zero - act.beyond)]
    let total = [sum(LocalText(ru: "итого", en: "total"), act.days, act.amount)]
    return act.lines.map(row) + act.goods.map { row($0, names) } + corrections + beyond + total
  }

  var table: TableFile {
    let title = reader("Акт № \(view.head.number)", "Act no. \(view.head.number)")
    var file = TableFile(
      "act-\(view.contract.key.code.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })-\(view.head.number)",
      title: title, columns: columns, zone: reader.zone, rows: rows)
    let heading = FundingHeading(view: view, reader: reader)
    file.above =
      [
        [
          reader(
            "Акт об участии в расходах на акции № \(view.head.number)",
            "Act no. \(view.head.number) of a share of what promotions cost")
        ]
      ]
      + heading.lines.map { [$0.name, $0.value] }
    file.below = heading.signatureLines
    return file
  }
}
