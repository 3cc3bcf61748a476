import Access
import Kernel
import Loyalty
import Storage

/// What the overview tells: sums of days, the same days before, what needs somebody, and receipts as they come.
struct Overview: Sendable {
  /// Lengths that can be chosen. Multiples of a week: a Saturday is compared with a Saturday.
  static let lengths = [7, 28, 84, 364]

  let takings: Takings
  /// Ends with the last whole business day.
  let days: ClosedRange<CivilDay>
  let today: CivilDay
  let untied: Int
  /// Tills that background work found silent; nil before it looked, and where it has not looked for an hour.
  let silent: Int?
  let latest: [Receipt]

  var before: ClosedRange<CivilDay> {
    let length = days.upperBound - days.lowerBound + 1
    return days.lowerBound.adding(days: -length)...days.upperBound.adding(days: -length)
  }

  var now: DayTotals { takings.total(days) }
  var past: DayTotals { takings.total(before) }
  /// The day under way, which no sum counts yet.
  var soFar: DayTotals { takings[today] }

  func series(_ days: ClosedRange<CivilDay>, _ value: (DayTotals) -> Int64) -> [Int64] {
    (0...(days.upperBound - days.lowerBound)).map { value(takings[days.lowerBound.adding(days: $0)]) }
  }

  /// Six statements, whatever the number of stores, members and receipts.
  static func read(
    of account: AccountID, length: Int, today: CivilDay, at now: Instant, in tx: inout Transaction
  ) throws -> Overview {
    let days = today.adding(days: -length)...today.adding(days: -1)
    let takings = try Takings.read(of: account, days: today.adding(days: -2 * length)...today, in: &tx)
    let silent = try SilentTills(of: account).latest(in: &tx)
    return Overview(
      takings: takings, days: days, today: today, untied: try Shifts.untied(of: account, since: days.lowerBound, in: &tx),
      silent: silent.flatMap { now - $0.at < .hours(1) ? $0.count : nil },
      latest: try ReceiptBook(of: account).latest(8, in: &tx))
  }
}

extension ConsoleDesk {
  var overviewDoors: [Door] {
    [
      .page("/console", .seeFigures, overview),
      .page("/console/takings.csv", .seeFigures, takingsFile),
    ]
  }

  func overview(_ visit: Visit) async throws -> Answer {
    let model = try await read(visit)
    return visit.show(OverviewPage(model: model, visit: visit).page, in: .overview)
  }

  private func read(_ visit: Visit) async throws -> Overview {
    _ = try visit.floor
    let length = visit.call.query["days"].flatMap(Int.init).flatMap { Overview.lengths.contains($0) ? $0 : nil } ?? 28
    let (account, at) = (visit.account.id, visit.call.at)
    let today = visit.reader.zone.civil(at: at).day
    return try await database.read { tx in try Overview.read(of: account, length: length, today: today, at: at, in: &tx) }
  }

  /// The chart's days as a file for spreadsheets.
  func takingsFile(_ visit: Visit) async throws -> Answer {
    let model = try await read(visit)
    var text = "day,receipts,amount,member_receipts,member_amount,earned,spent,returns,returned\n"
    for offset in 0...(model.days.upperBound - model.days.lowerBound) {
      let day = model.days.lowerBound.adding(days: offset)
      let totals = model.takings[day]
      let digits = visit.reader.currency.digits
      let scale = visit.reader.pointsScale
      let cells = [
        "\(day)", "\(totals.receipts)", Decimal.text(totals.amount.minor, digits: digits), "\(totals.memberReceipts)",
        Decimal.text(totals.memberAmount.minor, digits: digits), Decimal.text(totals.earned.units, digits: scale),
        Decimal.text(totals.spent.units, digits: scale), "\(totals.returns)", Decimal.text(totals.returned.minor, digits: digits),
      ]
      text += cells.joined(separator: ",") + "\n"
    }
    var answer = Answer.text(text, type: "text/csv; charset=utf-8")
    answer.headers.append(
      ("Content-Disposition", "attachment; filename=\"takings-\(model.days.lowerBound)-\(model.days.upperBound).csv\""))
    return answer
  }
}
