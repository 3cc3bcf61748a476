import Insight
import Kernel
import Loyalty

/// The receipts behind a figure.
struct PivotReceiptsPage {
  let state: PivotState
  let receipts: [Receipt]
  /// Of all sales and returns behind it.
  let count: Int
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let filters = state.pivot.filters.map { filter in
      "\(reader(filter.dimension.title)) \(filter.isExcluded ? "≠" : "=") \(filter.labels.prefix(3).joined(separator: ", "))"
    }
    let days = state.pivot.first.flatMap { first in state.pivot.last.map { reader.days(first...$0) } }
    let all = reader.count(count, ("документ", "документа", "документов"), ("document", "documents"))
    let title = reader("Чеки за цифрой", "Receipts behind a figure")
    return Page(
      title: title, notes: [days].compactMap { $0 } + filters,
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path)],
      body: """
        <div class="page-body"><section class="panel"><header class="panel-head"><h2>\(reader("Последние чеки", "Latest receipts"))</h2>\
        <span class="muted">\(reader("всего", "in all")) \(all)</span></header>\
        \(receipts.isEmpty ? empty : ReceiptTable(receipts: receipts, visit: visit, label: title).html)</section></div>
        """)
  }

  private var empty: Markup {
    "<p class=\"panel-body muted\">\(reader("Здесь только возвраты или чеки, которых в базе уже нет.", "Only returns, or receipts that the database does not keep any more."))</p>"
  }
}
