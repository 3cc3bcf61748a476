import Access
import Kernel
import Loyalty
import Storage

/// Store by day over a week, page by page, and the shifts of the week that do not tie.
struct ShiftWeek: Sendable {
  static let size = 50

  let days: ClosedRange<CivilDay>
  let asked: String
  let board: Board
  let untied: [(id: ShiftClosingID, shift: ShiftSummary)]
  let stores: [StoreID: Store]
  /// Whether the list of those that do not tie is what was asked for.
  let isList: Bool
}

extension ConsoleDesk {
  var shiftDoors: [Door] {
    [
      .page("/console/shifts", .seeFigures, shifts),
      .page("/console/shifts/{store}/{day}", .seeFigures, shiftDay),
      .page("/console/shifts/{store}/{day}/{shift}", .seeFigures, shift),
    ] + Door.file("/console/shifts", .seeFigures, shiftFile)
  }

  /// At most five statements, each bounded by the stores of a page × seven days.
  func shifts(_ visit: Visit) async throws -> Answer {
    let (account, query, days) = (visit.account.id, Form(visit.call.query), Self.week(visit))
    let (after, asked, isList) = (query.text("after"), String(query["q"].prefix(Limits.name)), query["show"] == "untied")
    let before = Self.place(query["before"])
    let week = try await database.read { tx -> ShiftWeek in
      let places = Places(of: account)
      if isList {
        let untied = try Shifts.untied(of: account, days: days, before: before, limit: ShiftWeek.size, in: &tx)
        let stores = try places.stores(ids: Set(untied.map(\.shift.key.store)).sorted(), in: &tx)
        return ShiftWeek(
          days: days, asked: "", board: Board(days: days, rows: [], next: nil), untied: untied,
          stores: Dictionary(stores.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }), isList: true)
      }
      let board: Board
      if asked.isEmpty {
        board = try Board.read(of: account, days: days, after: after, hidesEmpty: false, in: &tx)
      } else {
        let stores = try places.stores(holding: asked, afterCode: after, limit: Limits.boardStores, in: &tx)
        let rows = try Board.read(of: account, stores: stores, days: days, in: &tx).rows
        board = Board(days: days, rows: rows, next: stores.count == Limits.boardStores ? stores.last?.details.code : nil)
      }
      // One more than none is enough to know whether there are any.
      let untied = try Shifts.untied(of: account, days: days, limit: Limits.page, in: &tx)
      return ShiftWeek(days: days, asked: asked, board: board, untied: untied, stores: [:], isList: false)
    }
    return visit.show(ShiftBoardPage(week: week, visit: visit).page, in: .stores)
  }

  /// The week that holds the day of the address, from Monday to Sunday; this week without one.
  static func week(_ visit: Visit) -> ClosedRange<CivilDay> {
    let today = visit.reader.zone.civil(at: visit.call.at).day
    let asked = visit.call.query["week"].flatMap { CivilDay($0) }.flatMap { (2000...2100).contains($0.parts.year) ? $0 : nil }
    let day = asked ?? today
    let monday = day.adding(days: 1 - day.weekday)
    return monday...monday.adding(days: 6)
  }

  /// `2026-11-21~shc_…`, the last of a page of those that do not tie.
  private static func place(_ text: String) -> (day: CivilDay, id: ShiftClosingID)? {
    let parts = text.split(separator: "~")
    guard parts.count == 2, let day = CivilDay(parts[0]), let id = ShiftClosingID(parts[1]) else { return nil }
    return (day, id)
  }
}

struct ShiftBoardPage {
  let week: ShiftWeek
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var today: CivilDay { reader.zone.civil(at: visit.call.at).day }
  private var first: CivilDay { week.days.lowerBound }

  var page: Page {
    Page(
      title: reader("Смены", "Shifts"), actions: weeks, notes: ["\(reader.days(week.days)) \(first.parts.year)"],
      crumbs: [(reader("Магазины", "Stores"), "/console/stores")],
      body:
        "<div class=\"page-body\">\(StoreTabs(current: .shifts, reader: reader).html)\(bar)\(week.isList ? untied : board)</div>")
  }

  /// The week before and behind; what has not come yet cannot be asked for.
  private var weeks: Markup {
    let links: [(CivilDay, String, Bool)] = [
      (first.adding(days: -7), reader("Неделя раньше", "Week before"), true),
      (first.adding(days: 7), reader("Неделя позже", "Week after"), first.adding(days: 7) <= today),
    ]
    let show = week.isList ? "&show=untied" : ""
    return
      "\(links.filter(\.2).map { day, name, _ -> Markup in "<a class=\"button\" href=\"/console/shifts?week=\(day)\(show)\">\(name)</a>" })"
  }

  private var bar: Markup {
    let some = week.untied.count < Limits.page ? reader.number(Int64(week.untied.count)) : "\(Limits.page)+"
    let views: [(String, String, Bool)] = [
      ("/console/shifts?week=\(first)", reader("Все магазины", "All stores"), !week.isList),
      (
        "/console/shifts?week=\(first)&show=untied",
        week.isList ? reader("Не сошлись", "Do not tie") : reader("Не сошлись: \(some)", "Do not tie: \(some)"), week.isList
      ),
    ]
    let links = views.map { path, name, isOn -> Markup in
      let mark: Markup = isOn ? " aria-current=\"true\"" : ""
      return "<a href=\"\(path)\"\(mark)>\(name)</a>"
    }
    let label = reader("Код, название или адрес магазина", "A store's code, name or address")
    return """
      <div class="row wrap between"><form class="find grow" method="get" action="/console/shifts" role="search">\
      <input type="hidden" name="week" value="\(first.description)"><input class="input" name="q" value="\(week.asked)" maxlength="\(Limits.name)" \
      aria-label="\(label)" placeholder="\(label)" autocomplete="off">\
      <button class="button">\(Icon.search.small)\(reader("Найти", "Find"))</button></form>\
      <div class="segmented" role="group" aria-label="\(reader("Что показать", "What to show"))">\(links)</div>\(files)</div>
      """
  }

  private var files: Markup {
    let asked = week.asked.isEmpty ? "" : "&q=\(queryText(week.asked))"
    return reader.files("/console/shifts", "?week=\(first)" + (week.isList ? "&show=untied" : asked))
  }

  // MARK: board

  private var board: Markup {
    guard !week.board.rows.isEmpty else {
      return Notice.info(
        week.asked.isEmpty
          ? reader("Магазинов дальше нет", "There are no further stores") : reader("Такого магазина нет", "There is no such store"))
    }
    let byStore = Dictionary(grouping: week.board.rows, by: \.code)
    let rows = byStore.keys.sorted().map { code -> Markup in
      let days = byStore[code] ?? []
      return """
        <tr><th scope="row"><a href="/console/stores/\(days[0].store)">\(days[0].name)</a><small>\(code)</small></th>\
        \(days.map(cell))</tr>
        """
    }
    let heads = (0...6).map { offset -> DataTable.Column in
      let day = first.adding(days: offset)
      return .text("\(reader.weekday(day)), \(reader.day(day))")
    }
    let path = week.board.next.map { next in
      "/console/shifts?week=\(first)&after=\(queryText(next))" + (week.asked.isEmpty ? "" : "&q=\(queryText(week.asked))")
    }
    return DataTable(
      label: reader("Смены по магазинам и дням", "Shifts by store and day"), columns: [.text(reader("Магазин", "Store"))] + heads,
      rows: rows, files: .own
    ).panel(next: reader.further(path))
  }

  private func cell(_ row: Board.Row) -> Markup {
    guard !row.isEmpty else { return "<td class=\"muted\">\(row.day > today ? "" : "–")</td>" }
    let shifts = row.shifts
    let path = "/console/shifts/\(row.store)/\(row.day)"
    if shifts.closed == 0 {
      let text = row.day == today ? reader("идёт", "under way") : reader("не закрыта", "not closed")
      let style = row.day == today ? "" : " warn"
      return "<td><a href=\"\(path)\"><span class=\"badge\(style)\">\(text)</span></a><small>\(receipts(row))</small></td>"
    }
    if shifts.tied == shifts.closed {
      let text = shifts.closed == 1 ? reader("сошлась", "ties") : reader("сошлись \(shifts.closed)", "\(shifts.closed) tie")
      return
        "<td><a href=\"\(path)\"><span class=\"badge good\">\(Icon.check.usual)\(text)</span></a><small>\(receipts(row))</small></td>"
    }
    let differences =
      ShiftWords.differences(missing: shifts.missing, surplus: shifts.surplus, different: shifts.different, reader)
      ?? reader("суммы не равны", "sums differ")
    return """
      <td><a href="\(path)"><span class="badge bad">\(Icon.warning.usual)\(reader("не сошлось", "not tied"))</span></a>\
      <small>\(differences)</small></td>
      """
  }

  private func receipts(_ row: Board.Row) -> String {
    reader.count(row.totals.receipts, ("чек", "чека", "чеков"), ("receipt", "receipts"))
  }

  // MARK: those that do not tie

  private var untied: Markup {
    guard !week.untied.isEmpty else {
      return Notice.good(reader("Все закрытые смены недели сошлись", "All closed shifts of the week tie"))
    }
    let rows = week.untied.map { _, shift -> Markup in
      let store = week.stores[shift.key.store]
      let differences =
        ShiftWords.differences(missing: shift.missing, surplus: shift.surplus, different: shift.different, reader)
        ?? reader("суммы не равны", "sums differ")
      return """
        <tr><th scope="row"><a href="\(shift.key.path)">\(reader("Смена \(shift.key.shift)", "Shift \(shift.key.shift)"))</a>\
        <small>\(reader("касса \(shift.key.register)", "till \(shift.key.register)"))</small></th>\
        <td><a href="/console/stores/\(shift.key.store)">\(store?.details.name ?? "\(shift.key.store)")</a></td>\
        <td class="nowrap">\(reader.weekday(shift.key.day)), \(reader.day(shift.key.day))</td><td>\(differences)</td>\
        <td class="nowrap">\(reader.moment(shift.checkedAt))</td></tr>
        """
    }
    let last = week.untied.count == ShiftWeek.size ? week.untied.last : nil
    return DataTable(
      label: reader("Смены, которые не сошлись", "Shifts that do not tie"),
      columns: [
        .text(reader("Смена", "Shift")), .text(reader("Магазин", "Store")), .text(reader("День", "Day")),
        .text(reader("Что не так", "What differs")), .text(reader("Проверена", "Looked at")),
      ], rows: rows, files: .own
    ).panel(next: reader.further(last.map { "/console/shifts?week=\(first)&show=untied&before=\($0.shift.key.day)~\($0.id)" }))
  }
}

extension ShiftKey {
  /// Number and register stand in one part, the register last, because its code may hold anything.
  var path: String { "/console/shifts/\(store)/\(day)/\(queryText("\(shift)~\(register)"))" }
}
