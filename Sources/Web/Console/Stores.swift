import Access
import Kernel
import Loyalty
import Storage

/// Stores as a list: all of them by code, those that a text finds, or those that sold most.
struct StoreList: Sendable {
  static let size = 50

  struct Line: Sendable {
    let store: Store
    let span: StoreSpan
  }

  let asked: String
  let isByRevenue: Bool
  let days: ClosedRange<CivilDay>
  let lines: [Line]
  /// The code to go on behind; nil on the last page.
  let next: String?

  /// Four statements, whatever the number of stores.
  static func read(
    of account: AccountID, asked: String, after: String?, isByRevenue: Bool, days: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> StoreList {
    let places = Places(of: account)
    if isByRevenue {
      let spans = try StoreSpan.largest(of: account, days: days, limit: Limits.page, in: &tx)
      let stores = Dictionary(
        try places.stores(ids: spans.map(\.store), in: &tx).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      let lines = spans.compactMap { span in stores[span.store].map { Line(store: $0, span: span) } }
      return StoreList(asked: "", isByRevenue: true, days: days, lines: lines, next: nil)
    }
    let stores =
      asked.isEmpty
      ? try places.stores(afterCode: after, limit: size, in: &tx)
      : try places.stores(holding: asked, afterCode: after, limit: size, in: &tx)
    let spans = try StoreSpan.read(of: account, stores: stores.map(\.id), days: days, in: &tx)
    return StoreList(
      asked: asked, isByRevenue: false, days: days, lines: zip(stores, spans).map(Line.init),
      next: stores.count == size ? stores.last?.details.code : nil)
  }
}

extension ConsoleDesk {
  var storeDoors: [Door] {
    [
      .page("/console/stores", .seeFigures, stores),
      .form("/console/stores", .changePlaces, makeStore),
      .page("/console/stores/new", .changePlaces, newStore),
      .page("/console/stores/silent", .seeFigures, silentTills),
      .page("/console/stores/unsold", .seeFigures, unsoldReturns),
      .page("/console/signs", .changePlaces, signs),
      .form("/console/signs/brands", .changePlaces, saveBrand),
      .form("/console/signs/entities", .changePlaces, saveEntity),
      .page("/console/stores/{store}", .seeFigures, store),
      .form("/console/stores/{store}", .changePlaces, changeStore),
      .page("/console/stores/{store}/edit", .changePlaces, editStore),
      .form("/console/stores/{store}/state", .changePlaces, setStoreState),
    ]
  }

  func stores(_ visit: Visit) async throws -> Answer {
    let (account, query, days) = (visit.account.id, Form(visit.call.query), visit.week)
    let after = query["after"].isEmpty ? nil : query["after"]
    let asked = String(query["q"].prefix(Limits.name))
    let list = try await database.read { tx in
      try StoreList.read(
        of: account, asked: asked, after: after, isByRevenue: query["order"] == "revenue" && asked.isEmpty, days: days, in: &tx)
    }
    return visit.show(StoreListPage(list: list, visit: visit).page, in: .stores)
  }
}

extension Visit {
  /// The last seven days, today with them.
  var week: ClosedRange<CivilDay> {
    let today = reader.zone.civil(at: call.at).day
    return today.adding(days: -6)...today
  }
}

struct StoreListPage {
  let list: StoreList
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Магазины", "Stores"), actions: actions, notes: notes,
      body:
        "<div class=\"page-body\">\(StoreTabs(current: .stores, reader: reader).html)\(search)\(list.lines.isEmpty ? empty : table)</div>"
    )
  }

  private var notes: [String] {
    let week = reader("\(reader.days(list.days)), сегодняшний день ещё идёт", "\(reader.days(list.days)), today is not over")
    if !list.asked.isEmpty { return [reader("Найдено по «\(list.asked)»", "Found by “\(list.asked)”"), week] }
    guard list.isByRevenue else { return [week] }
    return [
      week, reader("До \(Limits.page) магазинов с наибольшей выручкой", "Up to \(Limits.page) stores with the highest revenue"),
    ]
  }

  private var actions: Markup {
    guard visit.may(.changePlaces) else { return .nothing }
    return "<a class=\"button primary\" href=\"/console/stores/new\">\(Icon.plus.small)\(reader("Новый магазин", "New store"))</a>"
  }

  private var search: Markup {
    let label = reader("Код, название или адрес", "Code, name or address")
    let orders: [(String, String, Bool)] = [
      ("/console/stores", reader("По коду", "By code"), !list.isByRevenue),
      ("/console/stores?order=revenue", reader("По выручке", "By revenue"), list.isByRevenue),
    ]
    let links = orders.map { path, name, isOn -> Markup in
      let mark: Markup = isOn ? " aria-current=\"true\"" : ""
      return "<a href=\"\(path)\"\(mark)>\(name)</a>"
    }
    return """
      <div class="row wrap between"><form class="find grow" method="get" action="/console/stores" role="search">\
      <input class="input" name="q" value="\(list.asked)" maxlength="\(Limits.name)" aria-label="\(label)" placeholder="\(label)" \
      autocomplete="off"><button class="button">\(Icon.search.small)\(reader("Найти", "Find"))</button></form>\
      <div class="segmented" role="group" aria-label="\(reader("Порядок", "Order"))">\(links)</div></div>
      """
  }

  private var empty: Markup {
    if !list.asked.isEmpty {
      return Notice.info(
        reader(
          "Такого магазина нет. Ищется часть кода, названия или адреса.", "No such store. Type a part of its code, name or address."
        ))
    }
    if list.isByRevenue { return Notice.info(reader("За эту неделю ещё ничего не продано", "Nothing was sold this week yet")) }
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Магазинов ещё нет", "There are no stores yet"))</h2>\
      <p>\(reader("Магазин – место продажи: адрес, часовой пояс и кассы. Их заводят здесь или загружают импортом.", "A store is a place of sale: an address, a time zone and tills. Make them here, or bring them by import."))</p></div>\
      <div class="example"><code class="break">regulars import stores</code></div></div></section>
      """
  }

  private var table: Markup {
    let path = list.next.map { next in
      "/console/stores?after=\(queryText(next))" + (list.asked.isEmpty ? "" : "&q=\(queryText(list.asked))")
    }
    let amount = "\(reader("Выручка", "Revenue")), \(reader.sign)"
    return DataTable(
      label: reader("Магазины", "Stores"),
      columns: [
        .text(reader("Магазин", "Store"), small: reader("Где", "Place")), .number(reader("Чеков", "Receipts")),
        list.isByRevenue ? .descending(amount) : .number(amount), .number(reader("С картой", "With card")),
        .number(reader("Начислено", "Earned")), .number("\(reader("Возвраты", "Returns")), \(reader.sign)"),
        .text(reader("Смены", "Shifts")),
      ], rows: list.lines.map(row)
    ).panel(next: reader.further(path))
  }

  private func row(_ line: StoreList.Line) -> Markup {
    let (span, details) = (line.span, line.store.details)
    let share = reader.percent(Int64(span.totals.memberReceipts), of: Int64(span.totals.receipts))
    let closed: Markup? = details.isClosed ? " <span class=\"badge\">\(reader("закрыт", "closed"))</span>" : nil
    let place = [details.code, details.address.city].compactMap { $0 }.joined(separator: " · ")
    return """
      <tr><th scope="row"><a href="\(line.store.path)">\(details.name)</a>\(closed)<small>\(place)</small></th>\
      <td class="num">\(reader.number(Int64(span.totals.receipts)))</td>\
      <td class="num">\(reader.amount(span.totals.amount))</td><td class="num">\(share.map { $0 + "\u{a0}%" } ?? "–")</td>\
      <td class="num">\(reader.points(span.totals.earned))</td><td class="num">\(reader.amount(span.totals.returned))</td>\
      <td>\(ShiftWords.badge(span.shifts, reader))</td></tr>
      """
  }
}

/// What the room of stores consists of.
struct StoreTabs {
  enum Tab: CaseIterable { case stores, shifts, discrepancies, silent, unsold }

  let current: Tab
  let reader: Reader

  var html: Markup {
    let links = Tab.allCases.map { tab -> Markup in
      let mark: Markup = tab == current ? " aria-current=\"page\"" : ""
      return "<a href=\"\(path(tab))\"\(mark)>\(name(tab))</a>"
    }
    return "<nav class=\"tabs\" aria-label=\"\(reader("Раздел магазинов", "Room of stores"))\">\(links)</nav>"
  }

  private func path(_ tab: Tab) -> String {
    switch tab {
    case .stores: "/console/stores"
    case .shifts: "/console/shifts"
    case .discrepancies: AskedDiscrepancies.path
    case .silent: "/console/stores/silent"
    case .unsold: "/console/stores/unsold"
    }
  }

  private func name(_ tab: Tab) -> String {
    switch tab {
    case .stores: reader("Список", "List")
    case .shifts: reader("Смены", "Shifts")
    case .discrepancies: reader("Расхождения", "Discrepancies")
    case .silent: reader("Молчащие кассы", "Silent tills")
    case .unsold: reader("Возвраты без продажи", "Returns without a sale")
    }
  }
}

extension Store {
  var path: String { "/console/stores/\(id)" }
}

/// Words about shifts.
enum ShiftWords {
  static func badge(_ shifts: ShiftTotals, _ reader: Reader) -> Markup {
    if shifts.closed == 0 { return "<span class=\"muted\">–</span>" }
    if shifts.closed == shifts.tied {
      return "<span class=\"badge good\">\(Icon.check.usual)\(reader("сошлись: \(shifts.tied)", "tie: \(shifts.tied)"))</span>"
    }
    let text = reader(
      "не сошлись: \(shifts.closed - shifts.tied) из \(shifts.closed)",
      "\(shifts.closed - shifts.tied) of \(shifts.closed) do not tie")
    return "<span class=\"badge warn\">\(Icon.warning.usual)\(text)</span>"
  }

  static func badge(ties: Bool, _ reader: Reader) -> Markup {
    ties
      ? "<span class=\"badge good\">\(Icon.check.usual)\(reader("сошлась", "ties"))</span>"
      : "<span class=\"badge warn\">\(Icon.warning.usual)\(reader("не сошлась", "does not tie"))</span>"
  }

  /// What differs, in words; nil where only sums do.
  static func differences(missing: Int, surplus: Int, different: Int, _ reader: Reader) -> String? {
    let parts = [
      missing > 0 ? reader("не дошло \(reader.number(Int64(missing)))", "\(reader.number(Int64(missing))) missing") : nil,
      surplus > 0 ? reader("лишних \(reader.number(Int64(surplus)))", "\(reader.number(Int64(surplus))) surplus") : nil,
      different > 0
        ? reader("с другой суммой \(reader.number(Int64(different)))", "\(reader.number(Int64(different))) of another amount")
        : nil,
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
