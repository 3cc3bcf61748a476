import Kernel
import Loyalty
import Tables

/// An act as a table: what promotions gave, the goods, corrections and the sum. For programs every row names the act, so that several can be
/// laid together; for people its heading stands above and room for signatures below.
struct FundingFile {
  let view: FundingActView
  let reader: Reader
  let isForPeople: Bool

  private enum Kind: String {
    case given, returned, goods, correction
    case beyond = "beyond cap"
    case total
  }

  private var act: FundingAct { view.act }

  private var columns: [TableFile.Column] {
    (isForPeople ? [] : head) + [
      .init("kind", reader("Строка", "Row"), .text), .init("promotion", reader("Код акции", "Promotion's code"), .text),
      .init("name", reader("Акция", "Promotion"), .text), .init("product", reader("Код товара", "Product's code"), .text),
      .init("product_name", reader("Товар", "Product"), .text), .init("share", reader("Доля, %", "Share, %"), .number(digits: 4)),
      reader.countColumn("receipts", reader("Чеков", "Receipts")),
      .init("quantity", reader("Продано", "Sold"), .number(digits: 3)),
      .init("returned", reader("Вернули", "Came back"), .number(digits: 3)),
      reader.moneyColumn("discount", reader("Скидка", "Discount")),
      reader.pointsColumn("points", reader("Баллы", "Points")),
      reader.moneyColumn("points_worth", reader("Баллы в деньгах", "Points in money")),
      reader.moneyColumn("amount", reader("К оплате", "To pay")),
    ]
  }

  private var head: [TableFile.Column] {
    [
      reader.countColumn("act", reader("Акт №", "Act no.")), .init("payer", reader("Плательщик", "Payer"), .text),
      .init("tax_number", reader("ИНН", "Tax number"), .text), .init("contract", reader("Договор", "Contract"), .text),
      .init("from", reader("С", "From"), .day), .init("to", reader("По", "Through"), .day),
    ]
  }

  private func row(_ kind: Kind, _ days: ClosedRange<CivilDay>, _ cells: [TableFile.Cell]) -> [TableFile.Cell] {
    let head: [TableFile.Cell] = [
      .number(view.head.number), .text(act.party.name), .text(act.party.taxNumber), .text(act.party.contract),
      .day(days.lowerBound),
      .day(days.upperBound),
    ]
    return (isForPeople ? [] : head) + [.text(isForPeople ? said(kind, days) : kind.rawValue)] + cells
  }

  private func said(_ kind: Kind, _ days: ClosedRange<CivilDay>) -> String {
    switch kind {
    case .given: reader("акция", "promotion")
    case .returned: reader("возвраты по акции", "what came back of it")
    case .goods: reader("товар", "goods")
    case .correction:
      reader("исправление за ", "correction of ") + "\(reader.date(days.lowerBound)) – \(reader.date(days.upperBound))"
    case .beyond: reader("сверх предела", "beyond the cap")
    case .total: reader("Итого", "Total")
    }
  }

  private func sum(_ kind: Kind, _ days: ClosedRange<CivilDay>, _ amount: Money) -> [TableFile.Cell] {
    row(kind, days, Array(repeating: .empty, count: 11) + [.money(amount)])
  }

  private func row(_ line: FundingAct.Line) -> [TableFile.Cell] {
    row(
      line.isReturned ? .returned : .given, act.days,
      [
        .text(line.code), .text(reader(line.name)), .empty, .empty, .number(line.share.ppm), .number(line.receipts), .empty, .empty,
        .money(line.discount), .points(line.points), .money(line.worth), .money(line.amount),
      ])
  }

  private func row(_ goods: FundingAct.Goods, _ names: [PromotionID: String]) -> [TableFile.Cell] {
    row(
      .goods, act.days,
      [
        .text(goods.code), .text(names[goods.promotion] ?? ""), .text(goods.product), .text(reader(goods.name)), .empty, .empty,
        .number(goods.quantity.thousandths), .number(goods.returned.thousandths), .money(goods.discount), .points(goods.points),
        .empty, .empty,
      ])
  }

  private var rows: [[TableFile.Cell]] {
    let names = Dictionary(act.lines.map { ($0.promotion, reader($0.name)) }, uniquingKeysWith: { first, _ in first })
    let corrections = act.corrections.map { sum(.correction, $0.days, $0.amount) }
    let beyond = act.beyond == .zero ? [] : [sum(.beyond, act.days, .zero - act.beyond)]
    return act.lines.map(row) + act.goods.map { row($0, names) } + corrections + beyond + [sum(.total, act.days, act.amount)]
  }

  var table: TableFile {
    var file = TableFile(
      "act-\(view.contract.key.code.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })-\(view.head.number)",
      title: reader("Акт № \(view.head.number)", "Act no. \(view.head.number)"), columns: columns, zone: reader.zone, rows: rows)
    let heading = FundingHeading(view: view, reader: reader)
    let title = reader(
      "Акт об участии в расходах на акции № \(view.head.number)", "Act no. \(view.head.number) of a share of what promotions cost")
    file.above = [[title]] + heading.lines.map { [$0.name, $0.value] }
    file.below = heading.signatureLines
    return file
  }
}
