import Access
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  var storeDoors: [Door] {
    [
      .page("/console/stores", .seeFigures, stores)
    ]
  }

  /// Store by store: what a week brought, and which shifts tie. The largest come first.
  func stores(_ visit: Visit) async throws -> Answer {
    let (account, today) = (visit.account.id, visit.reader.zone.civil(at: visit.call.at).day)
    let days = today.adding(days: -6)...today
    let spans = try await database.read { tx in
      try StoreSpan.largest(of: account, days: days, limit: Limits.page, in: &tx)
    }
    return visit.show(StoresPage(spans: spans, days: days, visit: visit).page, in: .stores)
  }
}

struct StoresPage {
  let spans: [StoreSpan]
  let days: ClosedRange<CivilDay>
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let most = reader("До \(Limits.page) магазинов с наибольшей выручкой", "Up to \(Limits.page) stores with the highest revenue")
    return Page(
      title: reader("Магазины", "Stores"),
      notes: [reader("\(reader.days(days)), сегодняшний день ещё идёт", "\(reader.days(days)), today is not over"), most],
      body: "<div class=\"page-body\">\(spans.isEmpty ? empty : table)</div>")
  }

  private var empty: Markup {
    Notice.info(reader("За эту неделю ещё ничего не продано", "Nothing was sold this week yet"))
  }

  private var table: Markup {
    DataTable(
      label: reader("Магазины", "Stores"),
      columns: [
        .text(reader("Магазин", "Store")), .number(reader("Чеков", "Receipts")),
        .descending("\(reader("Выручка", "Revenue")), \(reader.sign)"), .number(reader("С картой", "With card")),
        .number(reader("Начислено", "Earned")), .number("\(reader("Возвраты", "Returns")), \(reader.sign)"),
        .text(reader("Смены", "Shifts")),
      ], rows: spans.map(row)
    ).panel()
  }

  private func row(_ span: StoreSpan) -> Markup {
    let share = reader.percent(Int64(span.totals.memberReceipts), of: Int64(span.totals.receipts))
    return """
      <tr><th scope="row">\(visit.store(span.store))<small>\(visit.storeCode(span.store) ?? "")</small></th>\
      <td class="num">\(reader.number(Int64(span.totals.receipts)))</td>\
      <td class="num">\(reader.amount(span.totals.amount))</td><td class="num">\(share.map { $0 + "\u{a0}%" } ?? "–")</td>\
      <td class="num">\(reader.points(span.totals.earned))</td><td class="num">\(reader.amount(span.totals.returned))</td>\
      <td>\(shifts(span.shifts))</td></tr>
      """
  }

  private func shifts(_ shifts: ShiftTotals) -> Markup {
    if shifts.closed == 0 { return "<span class=\"muted\">–</span>" }
    if shifts.closed == shifts.tied {
      return "<span class=\"badge good\">\(Icon.check.usual)\(reader("сошлись: \(shifts.tied)", "tie: \(shifts.tied)"))</span>"
    }
    let text = reader(
      "не сошлись: \(shifts.closed - shifts.tied) из \(shifts.closed)",
      "\(shifts.closed - shifts.tied) of \(shifts.closed) do not tie")
    return "<span class=\"badge warn\">\(Icon.warning.usual)\(text)</span>"
  }
}
