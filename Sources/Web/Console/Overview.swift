import Access
import Kernel
import Loyalty
import Storage
import Tables

/// What the overview tells: sums of days, the same days before, and what is so just now.
struct Overview: Sendable {
  /// Lengths that can be chosen. Multiples of a week: a Saturday is compared with a Saturday.
  static let lengths = [7, 28, 84, 364]

  let takings: Takings
  /// Ends with the last whole business day.
  let days: ClosedRange<CivilDay>
  let today: CivilDay
  let present: Present
  /// Members who came, in `days` and in `before`.
  let visitors: Visitors
  let visitorsBefore: Visitors
  /// By month; empty before somebody counted.
  let owed: [PointsOwed]

  var before: ClosedRange<CivilDay> {
    let length = days.upperBound - days.lowerBound + 1
    return days.lowerBound.adding(days: -length)...days.upperBound.adding(days: -length)
  }

  var now: DayTotals { takings.total(days) }
  var past: DayTotals { takings.total(before) }

  func series(_ days: ClosedRange<CivilDay>, _ value: (DayTotals) -> Int64) -> [Int64] {
    (0...(days.upperBound - days.lowerBound)).map { value(takings[days.lowerBound.adding(days: $0)]) }
  }

  /// Fifteen statements, whatever the number of stores, members and receipts.
  static func read(of floor: SalesFloor, length: Int, today: CivilDay, at now: Instant, in tx: inout Transaction) throws -> Overview
  {
    let account = floor.programme.account
    let days = today.adding(days: -length)...today.adding(days: -1)
    let before = days.lowerBound.adding(days: -length)...days.lowerBound.adding(days: -1)
    return Overview(
      takings: try Takings.read(of: account, days: before.lowerBound...today, in: &tx), days: days, today: today,
      present: try Present.read(of: floor, today: today, at: now, in: &tx),
      visitors: try Visitors.read(of: account, days, in: &tx),
      visitorsBefore: try Visitors.read(of: account, before, in: &tx),
      owed: try PointsOwed.read(of: floor.programme, in: &tx))
  }
}

extension ConsoleDesk {
  var overviewDoors: [Door] {
    [
      .page("/console", .seeFigures, overview)
    ] + Door.file("/console/takings", .seeFigures, takingsFile)
  }

  func overview(_ visit: Visit) async throws -> Answer {
    let model = try await read(visit)
    return visit.show(OverviewPage(model: model, visit: visit).page, in: .overview)
  }

  private func read(_ visit: Visit) async throws -> Overview {
    let floor = try visit.floor
    let length = visit.call.query["days"].flatMap(Int.init).flatMap { Overview.lengths.contains($0) ? $0 : nil } ?? 28
    let (now, today) = (visit.call.at, visit.reader.zone.civil(at: visit.call.at).day)
    return try await database.read { tx in try Overview.read(of: floor, length: length, today: today, at: now, in: &tx) }
  }

  /// The chart's days as a file for spreadsheets.
  func takingsFile(_ visit: Visit) async throws -> TableFile {
    let (model, reader) = (try await read(visit), visit.reader)
    let columns: [TableFile.Column] = [
      .init("day", reader("День", "Day"), .day), reader.countColumn("receipts", reader("Чеков", "Receipts")),
      reader.moneyColumn("amount", reader("Выручка", "Revenue")),
      reader.countColumn("member_receipts", reader("Чеков с картой", "Receipts with card")),
      reader.moneyColumn("member_amount", reader("Выручка с картой", "Revenue with card")),
      reader.pointsColumn("earned", reader("Начислено", "Earned")),
      reader.pointsColumn("spent", reader("Оплачено баллами", "Spent")),
      reader.countColumn("returns", reader("Возвратов", "Returns")),
      reader.moneyColumn("returned", reader("Возвращено", "Returned")),
    ]
    let rows = (0...(model.days.upperBound - model.days.lowerBound)).map { offset -> [TableFile.Cell] in
      let day = model.days.lowerBound.adding(days: offset)
      let totals = model.takings[day]
      return [
        .day(day), .count(totals.receipts), .money(totals.amount), .count(totals.memberReceipts), .money(totals.memberAmount),
        .points(totals.earned), .points(totals.spent), .count(totals.returns), .money(totals.returned),
      ]
    }
    return TableFile(
      "takings-\(model.days.lowerBound)-\(model.days.upperBound)", title: reader("Выручка по дням", "Revenue by day"),
      columns: columns,
      zone: reader.zone, rows: rows)
  }
}
