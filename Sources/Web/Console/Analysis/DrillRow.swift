import Insight
import Kernel
import Loyalty
import Tables

/// A receipt behind a figure as a row of a file. What came back is below zero.
struct DrillRow {
  let document: DrillDocument
  let visit: Visit

  static func columns(_ reader: Reader) -> [TableFile.Column] {
    let money = TableFile.Kind.money(digits: reader.currency.digits, sign: reader.sign)
    let points = TableFile.Kind.number(digits: reader.pointsScale)
    return [
      .init("document", reader("Документ", "Document"), .text), .init("kind", reader("Вид", "Kind"), .text),
      .init("at", reader("Когда", "When"), .moment), .init("store", reader("Магазин", "Store"), .text),
      .init("number", reader("Номер", "Number"), .text), .init("member", reader("Участник", "Member"), .text),
      .init("amount", reader("Деньгами", "In money"), money), .init("discount", reader("Скидка", "Discount"), money),
      .init("points_spent", reader("Списано", "Points spent"), points),
      .init("points_earned", reader("Начислено", "Points earned"), points),
    ]
  }

  private var member: TableFile.Cell { document.seen.member == 0 ? .empty : .text("\(MemberID(document.seen.member))") }

  var cells: [TableFile.Cell] {
    switch document.content {
    case .sale(let receipt):
      [
        .text("\(receipt.id)"), .text("sale"), .moment(receipt.soldAt), .text(visit.storeCode(receipt.store) ?? "\(receipt.store)"),
        ReceiptKey(stored: receipt.key).map { .text($0.number) } ?? .empty, member, .number(receipt.amount.minor),
        .number(receipt.discount.minor), .number(receipt.spent.units), .number(receipt.earned.units),
      ]
    case .back(_, let brought):
      [
        .text("\(brought.id)"), .text("return"), .moment(brought.at), .text(visit.storeCode(brought.store) ?? "\(brought.store)"),
        .text(brought.key.number), member, .number(-brought.amount.minor), .empty, .number(-brought.givenBack.units),
        .number(-brought.takenBack.units),
      ]
    case .gone:
      [
        .text(document.seen.isReturn ? "\(ReturnID(document.seen.id))" : "\(ReceiptID(document.seen.id))"),
        .text(document.seen.isReturn ? "return" : "sale"), .empty, .empty, .empty, member,
      ]
    }
  }
}
