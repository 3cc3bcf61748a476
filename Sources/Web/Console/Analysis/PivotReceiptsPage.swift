import Cube
import Insight
import Kernel
import Loyalty

/// The receipts behind a figure: sales and what came back, the latest first.
struct PivotReceiptsPage {
  let view: DrillView
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var state: PivotState { view.state }

  var page: Page {
    let filters = state.pivot.filters.map { filter in
      let words = filter.labels.prefix(3).map { view.names.text($0, filter.dimension) }.joined(separator: ", ")
      return "\(reader(view.names.title(filter.dimension))) \(filter.isExcluded ? "≠" : "=") \(words)"
    }
    let title = reader("Чеки за цифрой", "Receipts behind a figure")
    return Page(
      title: title, notes: [state.pivot.days.map(reader.span)].compactMap { $0 } + filters,
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path)],
      body: """
        <div class="page-body"><section class="panel"><header class="panel-head"><h2>\(view.isFirst ? reader("Последние чеки", "Latest receipts") : reader("Более ранние чеки", "Earlier receipts"))</h2>\
        <span class="muted">\(counted)</span></header>\(view.documents.isEmpty ? empty : table(title))\(foot)</section></div>
        """)
  }

  private var counted: String {
    let found = view.found
    let sales = reader.count(found.count - found.returns, ("продажа", "продажи", "продаж"), ("sale", "sales"))
    let returns = reader.count(found.returns, ("возврат", "возврата", "возвратов"), ("return", "returns"))
    return found.returns == 0 ? sales : "\(sales), \(returns)"
  }

  private var empty: Markup {
    "<p class=\"panel-body muted\">\(reader("За этой цифрой нет ни одного чека.", "No receipt lies behind this figure."))</p>"
  }

  private func table(_ label: String) -> Markup {
    DataTable(
      label: label,
      columns: [
        .text(reader("Чек", "Receipt")), .text(reader("Состояние", "State")),
        .number("\(reader("Деньгами", "In money")), \(reader.sign)"), .number(reader("Скидка", "Discount")),
        .number(reader("Баллами", "In points")), .number(reader("Начислено", "Earned")),
      ], rows: view.documents.map(row), files: .own
    ).html
  }

  private func row(_ document: DrillDocument) -> Markup {
    switch document.content {
    case .sale(let receipt):
      return """
        <tr><th scope="row"><a href="\(receipt.path)">\(reader.moment(receipt.soldAt))</a><small>\(visit.store(receipt.store))</small></th>\
        <td>\(ReceiptWords.badge(receipt.state, reader))</td><td class="num">\(reader.amount(receipt.amount))</td>\
        <td class="num">\(reader.amount(-receipt.discount))</td><td class="num">\(change(-receipt.spent))</td><td class="num">\(change(receipt.earned))</td></tr>
        """
    case .back(let owner, let brought):
      let at = reader.moment(brought.at)
      let head: Markup =
        brought.receipt.map { receipt -> Markup in "<a href=\"/console/receipts/\(Int(owner))/\(receipt)\">\(at)</a>" } ?? "\(at)"
      return """
        <tr><th scope="row">\(head)<small>\(visit.store(brought.store))</small></th>\
        <td><span class="badge warn">\(Icon.undo.usual)\(reader("возврат", "return"))</span></td>\
        <td class="num">\(reader.amount(-brought.amount))</td><td class="num">–</td><td class="num">\(change(brought.givenBack))</td>\
        <td class="num">\(change(-brought.takenBack))</td></tr>
        """
    case .gone:
      let day = reader.date(CivilDay(number: Int32(document.seen.day)))
      return """
        <tr><th scope="row">\(day)</th><td><span class="muted">\(reader("в базе уже нет", "not kept any more"))</span></td>\
        <td class="num">–</td><td class="num">–</td><td class="num">–</td><td class="num">–</td></tr>
        """
    }
  }

  /// Points with their sign.
  private func change(_ points: Points) -> String { reader.signed(reader.points(points), isPositive: points > .zero) }

  private var foot: Markup {
    let query = state.query
    var links: [Markup] = []
    if !view.isFirst {
      links.append("<a class=\"text-link\" href=\"\(ConsoleDesk.drillPath)\(query)\">\(reader("К последним", "To the latest"))</a>")
    }
    if let next = view.next {
      let path = "\(ConsoleDesk.drillPath)\(query)&\(ConsoleDesk.drillPlace)=\(next)"
      links.append("<a class=\"text-link\" href=\"\(path)\">\(reader("Раньше", "Earlier"))</a>")
    }
    let limit = reader.number(Int64(Limits.drillRows))
    let note: Markup? =
      view.found.count > Limits.drillRows
      ? "<span class=\"muted\">\(reader("В файле – последние \(limit)", "A file has the latest \(limit)"))</span>" : nil
    return """
      <footer class="panel-foot"><span class="row loose">\(links)</span><span class="row loose">\(note)\(reader.files(ConsoleDesk.drillPath, query))</span></footer>
      """
  }
}
