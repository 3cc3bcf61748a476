import Access
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  /// The tills that background work found silent, with their stores. Three statements.
  func silentTills(_ visit: Visit) async throws -> Answer {
    let account = visit.account.id
    let (report, stores, sold) = try await database.read { tx in
      let report = try SilentTills(of: account).latest(in: &tx)
      let tills = report?.tills ?? []
      return (
        report, try Places(of: account).stores(ids: Set(tills.map(\.store)).sorted(), in: &tx),
        try TillWatch(of: account).lastSold(tills, in: &tx)
      )
    }
    return visit.show(SilentTillsPage(report: report, stores: stores, sold: sold, visit: visit).page, in: .stores)
  }
}

struct SilentTillsPage {
  let report: SilentTills.Report?
  let stores: [Store]
  let sold: [TillPlace: CivilDay]
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Молчащие кассы", "Silent tills"),
      notes: [
        report.map { reader("Проверено \(reader.ago(visit.call.at - $0.at))", "Looked \(reader.ago(visit.call.at - $0.at))") }
      ]
      .compactMap { $0 },
      crumbs: [(reader("Магазины", "Stores"), "/console/stores")],
      body: """
        <div class="page-body">\(StoreTabs(current: .silent, reader: reader).html)\(Notice.info(TillWords.rule(reader)))\(list)</div>
        """)
  }

  private var list: Markup {
    guard let report else {
      return Notice.warning(
        reader(
          "Ещё никто не смотрел. Это делает фоновая работа сервера, каждые десять минут.",
          "Nobody has looked yet. The server's background work does, every ten minutes."))
    }
    guard !report.tills.isEmpty else { return Notice.good(reader("Молчащих касс нет", "No till is silent")) }
    let byID = Dictionary(stores.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let rows = report.tills.map { till -> Markup in
      let store = byID[till.store]
      return """
        <tr><th scope="row"><a href="/console/stores/\(till.store)">\(store?.details.name ?? "\(till.store)")</a>\
        <small>\(store?.details.code ?? "")</small></th><td>\(till.register)</td><td>\(sold[till].map(reader.date) ?? "–")</td></tr>
        """
    }
    let more: Markup? =
      report.count > report.tills.count
      ? "<footer class=\"panel-foot\"><span>\(reader("Всего молчит \(report.count), показаны первые", "\(report.count) are silent in all; these are the first"))</span></footer>"
      : nil
    return DataTable(
      label: reader("Молчащие кассы", "Silent tills"),
      columns: [
        .text(reader("Магазин", "Store"), small: reader("Код", "Code")), .text(reader("Касса", "Till")),
        .text(reader("Последний чек", "Last receipt")),
      ], rows: rows
    ).panel(foot: more)
  }
}
