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
        .text(reader("Чек", "Receipt")), .text(reader("Состояние", "State")),
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
      .page("/console/receipts/{owner}/{id}", .seeMembers, receipt),
    ]
  }

  func receipts(_ visit: Visit) async throws -> Answer {
    let account = visit.account.id
    let query = Form(visit.call.query)
    if !query["number"].isEmpty { return try await find(query, visit) }
    let latest = try await database.read { tx in try ReceiptBook(of: account).latest(50, in: &tx) }
    return visit.show(ReceiptListPage(receipts: latest, query: query, visit: visit).page, in: .receipts)
  }

  /// By what is printed on it: store, till, shift, number and date.
  private func find(_ query: Form, _ visit: Visit) async throws -> Answer {
    let floor = try visit.floor
    guard let store = floor.store(query["store"]), let shift = Int64(query["shift"].isEmpty ? "0" : query["shift"]),
      let day = CivilDay(query["date"]), query["register"].utf8.count <= Limits.code, query["number"].utf8.count <= Limits.code
    else {
      return visit.show(ReceiptListPage(receipts: nil, query: query, visit: visit).page, in: .receipts)
    }
    let key = ReceiptKey(store: store.id, register: query["register"], shift: shift, number: query["number"], day: day)
    let receipts = floor.receipts
    do {
      return .redirect(try await database.read { tx in try receipts.receipt(key, in: &tx) }.path)
    } catch let problem as Problem where problem.code == "receipt_unknown" {
      return visit.show(ReceiptListPage(receipts: nil, query: query, visit: visit).page, in: .receipts)
    }
  }
}

struct ReceiptListPage {
  /// Nil where what was asked for is not there.
  let receipts: [Receipt]?
  let query: Form
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Чеки", "Receipts"), notes: [reader("Последние по всем магазинам", "The latest of all stores")],
      body: "<div class=\"page-body\">\(search)\(list)</div>")
  }

  private var list: Markup {
    guard let receipts else {
      let text = reader(
        "Такого чека нет. Проверьте код магазина, кассу, смену, номер и дату так, как они напечатаны.",
        "There is no such receipt. Check the store's code, till, shift, number and date as they are printed.")
      return Notice.warning(text)
    }
    guard !receipts.isEmpty else {
      return Notice.info(reader("Чеков ещё нет", "There are no receipts yet"))
    }
    let title = reader("Последние чеки", "Latest receipts")
    return "<section class=\"panel\">\(ReceiptTable(receipts: receipts, visit: visit, label: title).html)</section>"
  }

  private var search: Markup {
    let fields: [(String, String, String)] = [
      ("store", reader("Код магазина", "Store's code"), "text"), ("register", reader("Касса", "Till"), "text"),
      ("shift", reader("Смена", "Shift"), "number"), ("number", reader("Номер чека", "Number"), "text"),
      ("date", reader("Дата", "Date"), "date"),
    ]
    let inputs = fields.map { field -> Markup in
      """
      <div class="field"><label for="f-\(field.0)">\(field.1)</label>\
      <input class="input" id="f-\(field.0)" name="\(field.0)" type="\(field.2)" value="\(query[field.0])" required></div>
      """
    }
    return """
      <section class="panel"><form class="inline-form" method="get" action="/console/receipts" role="search">\
      <div class="fields narrow">\(inputs)</div><div><button class="button primary">\(Icon.search.small)\(reader("Найти чек", "Find the receipt"))</button></div>\
      </form></section>
      """
  }
}
