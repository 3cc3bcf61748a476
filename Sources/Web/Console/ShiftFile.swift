import Access
import Kernel
import Loyalty
import Storage
import Tables

/// The board of shifts as a table: every store and day of the week, or the shifts that do not tie.
extension ConsoleDesk {
  func shiftFile(_ visit: Visit) async throws -> TableFile {
    let days = Self.week(visit)
    return visit.call.query["show"] == "untied" ? untiedFile(days, visit) : boardFile(days, visit)
  }

  private func boardFile(_ days: ClosedRange<CivilDay>, _ visit: Visit) -> TableFile {
    let (account, reader) = (visit.account.id, visit.reader)
    let asked = String(Form(visit.call.query)["q"].prefix(Limits.name))
    let columns: [TableFile.Column] = [
      .init("store", reader("Код магазина", "Store's code"), .text), .init("name", reader("Магазин", "Store"), .text),
      .init("day", reader("День", "Day"), .day), reader.countColumn("receipts", reader("Чеков", "Receipts")),
      reader.moneyColumn("amount", reader("Сумма", "Amount")), reader.countColumn("returns", reader("Возвратов", "Returns")),
      reader.moneyColumn("returned", reader("Возвращено", "Returned")),
      reader.countColumn("closed", reader("Закрыто смен", "Shifts closed")), reader.countColumn("tied", reader("Сошлось", "Tied")),
      reader.countColumn("missing", reader("Чеков не хватает", "Receipts missing")),
      reader.countColumn("surplus", reader("Лишних чеков", "Receipts in surplus")),
      reader.countColumn("different", reader("Чеков с разницей", "Receipts that differ")),
    ]
    let name = "shifts-\(days.lowerBound)"
    return TableFile(name, title: reader("Смены", "Shifts"), columns: columns, zone: reader.zone) { [database] take in
      var after: String?
      while true {
        let last = after
        let board = try await database.read { tx -> Board in
          guard !asked.isEmpty else { return try Board.read(of: account, days: days, after: last, hidesEmpty: false, in: &tx) }
          let stores = try Places(of: account).stores(holding: asked, afterCode: last, limit: Limits.boardStores, in: &tx)
          let next = stores.count == Limits.boardStores ? stores.last?.details.code : nil
          return Board(days: days, rows: try Board.read(of: account, stores: stores, days: days, in: &tx).rows, next: next)
        }
        try await take(board.rows.map(Self.cells))
        guard let next = board.next else { return }
        after = next
      }
    }
  }

  private static func cells(_ row: Board.Row) -> [TableFile.Cell] {
    let (totals, shifts) = (row.totals, row.shifts)
    return [
      .text(row.code), .text(row.name), .day(row.day), .count(totals.receipts), .money(totals.amount), .count(totals.returns),
      .money(totals.returned), .count(shifts.closed), .count(shifts.tied), .count(shifts.missing), .count(shifts.surplus),
      .count(shifts.different),
    ]
  }

  private func untiedFile(_ days: ClosedRange<CivilDay>, _ visit: Visit) -> TableFile {
    let (account, reader) = (visit.account.id, visit.reader)
    let columns: [TableFile.Column] = [
      .init("store", reader("Код магазина", "Store's code"), .text), .init("register", reader("Касса", "Till"), .text),
      .init("shift", reader("Смена", "Shift"), .number(digits: 0)), .init("day", reader("День", "Day"), .day),
      reader.countColumn("missing", reader("Чеков не хватает", "Receipts missing")),
      reader.countColumn("surplus", reader("Лишних чеков", "Receipts in surplus")),
      reader.countColumn("different", reader("Чеков с разницей", "Receipts that differ")),
      .init("checked", reader("Сверена", "Checked"), .moment),
    ]
    let name = "shifts-untied-\(days.lowerBound)"
    return TableFile(name, title: reader("Не сошлись", "Do not tie"), columns: columns, zone: reader.zone) { [database] take in
      var before: (day: CivilDay, id: ShiftClosingID)?
      while true {
        let last = before
        let (page, codes) = try await database.read { tx in
          let page = try Shifts.untied(of: account, days: days, before: last, limit: Limits.page, in: &tx)
          let stores = try Places(of: account).stores(ids: Set(page.map(\.shift.key.store)).sorted(), in: &tx)
          return (page, Dictionary(stores.map { ($0.id, $0.details.code) }, uniquingKeysWith: { first, _ in first }))
        }
        try await take(
          page.map { _, shift in
            [
              .text(codes[shift.key.store] ?? "\(shift.key.store)"), .text(shift.key.register), .number(shift.key.shift),
              .day(shift.key.day), .count(shift.missing), .count(shift.surplus), .count(shift.different), .moment(shift.checkedAt),
            ]
          })
        guard page.count == Limits.page, let end = page.last else { return }
        before = (end.shift.key.day, end.id)
      }
    }
  }
}
