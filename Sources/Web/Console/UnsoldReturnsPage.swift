import Access
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  /// Returns whose sale has not come, with their stores. Three statements.
  func unsoldReturns(_ visit: Visit) async throws -> Answer {
    let (account, now) = (visit.account.id, visit.call.at)
    let (found, count, stores) = try await database.read { tx in
      let returns = UnsoldReturns(of: account)
      let found = try returns.longest(UnsoldReturnsPage.most, at: now, in: &tx)
      return (
        found, try returns.count(at: now, in: &tx),
        try Places(of: account).stores(ids: Set(found.flatMap(\.stores)).sorted(), in: &tx)
      )
    }
    return visit.show(UnsoldReturnsPage(found: found, count: count, stores: stores, visit: visit).page, in: .stores)
  }
}

struct UnsoldReturnsPage {
  /// Shown at a time.
  static let most = 100

  let found: [UnsoldReturn]
  let count: Int
  let stores: [Store]
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Возвраты без продажи", "Returns without a sale"),
      crumbs: [(reader("Магазины", "Stores"), "/console/stores")],
      body: """
        <div class="page-body">\(StoreTabs(current: .unsold, reader: reader).html)\(Notice.info(rule))\(list)</div>
        """)
  }

  private var rule: String {
    reader(
      "Касса приняла возврат, а продажу, которую он называет, не прислал никто. Пока продажа не пришла, возврат считается товаром без чека: баллы за покупку не начислены и не сняты. Проверьте, что касса продажи на связи и отправила свою очередь: когда продажа придёт, возврат зачтётся сам. Если такого чека не было, номер набран с ошибкой: найдите настоящий чек и поправьте баллы участника вручную. Здесь возвраты, которые ждут дольше суток; через \(Limits.waitingReturnDays) дней они остаются товаром без чека.",
      "A till took goods back, and nobody has sent the sale that they are of. Until the sale comes they are goods without a receipt: no points were earned or taken. See that the till that sold is connected and has sent its queue: when the sale comes, the return is set against it by itself. Where there was no such receipt its number was typed wrongly: find the real one and adjust the member’s points by hand. These have waited for more than a day; after \(Limits.waitingReturnDays) days they stay goods without a receipt."
    )
  }

  private var list: Markup {
    guard !found.isEmpty else {
      return Notice.good(reader("Все возвраты нашли свои продажи", "Every return has found its sale"))
    }
    let byID = Dictionary(stores.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let rows = found.map { unsold -> Markup in
      let store = byID[unsold.key.store]
      return """
        <tr><th scope="row"><a href="/console/stores/\(unsold.key.store)">\(store?.details.name ?? "\(unsold.key.store)")</a>\
        <small>\(store?.details.code ?? "")</small></th><td>\(unsold.key.register)</td><td>\(reader.moment(unsold.time))</td>\
        <td>\(reader.ago(visit.call.at - unsold.since))</td><td>\(sale(unsold.sale, byID))</td>\
        <td class="num">\(unsold.stated.map(reader.money) ?? "–")</td></tr>
        """
    }
    let most = reader.number(Int64(count))
    let all = count >= Limits.countedReturns ? reader("\(most) и больше", "\(most) and more") : most
    let more: Markup? =
      count > found.count
      ? "<footer class=\"panel-foot\"><span>\(reader("Всего ждут: \(all). Показаны те, что ждут дольше всех", "Waiting in all: \(all). These have waited longest"))</span></footer>"
      : nil
    return DataTable(
      label: reader("Возвраты без продажи", "Returns without a sale"),
      columns: [
        .text(reader("Магазин", "Store")), .text(reader("Касса", "Till")), .text(reader("Возвращено", "Came back")),
        .text(reader("Сообщено", "Told")), .text(reader("Чек продажи", "Receipt of the sale")),
        .number(reader("Выплачено", "Paid out")),
      ], rows: rows
    ).panel(foot: more)
  }

  /// What was typed or scanned for the sale: whoever looks for it asks the till that sold.
  private func sale(_ sale: UnsoldReturn.Sale, _ byID: [StoreID: Store]) -> Markup {
    switch sale {
    case .receipt(let key):
      let store = byID[key.store]?.details.name ?? "\(key.store)"
      let place = reader("касса \(key.register), смена \(key.shift)", "till \(key.register), shift \(key.shift)")
      return "№\u{a0}\(key.number) \(reader("от", "of")) \(reader.date(key.day))<small>\(store), \(place)</small>"
    case .fiscal(let drive, let document):
      return "\(reader("ФД", "FD"))\u{a0}\(String(document))<small>\(reader("ФН", "FN")) \(drive)</small>"
    }
  }
}

extension UnsoldReturn {
  /// Where it came back, and where it was sold by what the till said.
  fileprivate var stores: [StoreID] {
    switch sale {
    case .receipt(let sold): [key.store, sold.store]
    case .fiscal: [key.store]
    }
  }
}
