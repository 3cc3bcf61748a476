import Access
import Calculator
import Kernel
import Loyalty
import Storage

/// Receipts as a list.
struct ReceiptTable {
  let receipts: [Receipt]
  let visit: Visit
  let label: String

  private var reader: Reader { visit.reader }

  var html: Markup {
    let rows = receipts.map { receipt -> Markup in
      """
      <tr><th scope="row"><a href="\(receipt.path)">\(reader.moment(receipt.soldAt))</a><small>\(visit.store(receipt.store))</small></th>\
      <td>\(ReceiptWords.badge(receipt.state, reader))</td><td class="num">\(reader.amount(receipt.amount))</td>\
      <td class="num">\(reader.amount(-receipt.discount))</td><td class="num">\(minus(receipt.spent))</td>\
      <td class="num good">\(plus(receipt.earned))</td></tr>
      """
    }
    return DataTable(
      label: label,
      columns: [
        .text(reader("Чек", "Receipt"), small: reader("Магазин", "Store")), .text(reader("Состояние", "State")),
        .number("\(reader("Деньгами", "In money")), \(reader.sign)"), .number(reader("Скидка", "Discount")),
        .number(reader("Баллами", "In points")), .number(reader("Начислено", "Earned")),
      ], rows: rows
    ).html
  }

  private func plus(_ points: Points) -> String { points > .zero ? "+" + reader.points(points) : "0" }
  private func minus(_ points: Points) -> String { points > .zero ? "−" + reader.points(points) : "0" }
}

/// Words about receipts.
enum ReceiptWords {
  static func badge(_ state: Receipt.State, _ reader: Reader) -> Markup {
    switch state {
    case .confirmed: "<span class=\"badge good\">\(Icon.check.usual)\(reader("подтверждён", "confirmed"))</span>"
    case .cancelled: "<span class=\"badge\">\(reader("отменён", "cancelled"))</span>"
    case .partlyReturned: "<span class=\"badge warn\">\(Icon.undo.usual)\(reader("возвращён частично", "partly returned"))</span>"
    case .returned: "<span class=\"badge warn\">\(Icon.undo.usual)\(reader("возвращён", "returned"))</span>"
    case .beside:
      "<span class=\"badge bad\">\(Icon.warning.usual)\(reader("второй с тем же номером", "second of its number"))</span>"
    }
  }
}

extension Visit {
  /// Nil for one that tills do not know.
  func storeCode(_ id: StoreID) -> String? { sales?.storeCode(id) }

  func store(_ id: StoreID) -> String { storeCode(id).flatMap { sales?.store($0) }?.details.name ?? "\(id)" }
}

extension ConsoleDesk {
  var receiptDoors: [Door] {
    [
      .page("/console/receipts", .seeMembers, receipts),
      .page("/console/receipts/answers", .seeMembers, tillAnswers),
      .page("/console/receipts/{owner}/{id}", .seeMembers, receipt),
      .page("/console/receipts/{owner}/{id}/rules", .seeMembers, recompute),
      .page("/console/receipts/{owner}/{id}/return", .returnGoods, goodsBack),
      .form("/console/receipts/{owner}/{id}/return", .returnGoods, takeBack),
      .form("/console/receipts/{owner}/{id}/cancellation", .returnGoods, cancelReceipt),
      .page("/console/receipts/{owner}/{id}/release", .adjustPoints, releasing),
      .form("/console/receipts/{owner}/{id}/release", .adjustPoints, releasePoints),
      .page("/console/receipts/{owner}/{id}/member", .returnGoods, claim),
      .form("/console/receipts/{owner}/{id}/member", .returnGoods, attachReceipt),
    ]
  }
}
