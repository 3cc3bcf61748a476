import Cube
import Kernel

/// Cohorts beside the one of the month before and the one of the same month a year ago.
struct CohortsCompared {
  let found: Cohorts.Found
  let months: [CivilDay]
  /// Of the twelve months before the first, and that one.
  let past: Cohorts.Found

  /// Where those thirteen months begin, and behind them the day after what is looked at.
  static func starts(before month: CivilDay, upTo last: CivilDay) -> [Int] {
    let first = WholeMonths(month...month).yearAgo[0]
    let end = min(month.end(of: .month), last)
    return WholeMonths(first...month).now.map { Int($0.number) } + [Int(end.number) + 1]
  }

  /// - Parameter place: from the first month of the report; below zero for those before it.
  private func size(_ place: Int) -> Int64 { place >= 0 ? found.size(place) : past.size(place + 12) }

  /// Who of them bought again in the month after; empty where that has not come, or nobody came.
  private func back(_ place: Int) -> ReportSheet.Cell {
    guard place + 1 < months.count else { return .empty }
    return .share(place >= 0 ? found.members(place, after: 1) : past.members(place + 12, after: 1), of: size(place))
  }

  private static let columns: [ReportSheet.Column] = [
    .init("cohort", LocalText(ru: "Первая покупка", en: "First purchase"), .text),
    .init("members", LocalText(ru: "Пришло", en: "Came"), .count),
    .init("before", LocalText(ru: "Месяцем раньше", en: "A month before"), .count),
    .init("change", LocalText(ru: "Изменение", en: "Change"), .change(isGood: true)),
    .init("year-ago", LocalText(ru: "Год назад", en: "A year ago"), .count),
    .init("change-of-year", LocalText(ru: "К году", en: "On the year"), .change(isGood: true)),
    .init("back", LocalText(ru: "Вернулось через месяц", en: "Back in a month"), .percent),
    .init("back-before", LocalText(ru: "Месяцем раньше", en: "A month before"), .percent),
    .init("back-change", LocalText(ru: "Изменение", en: "Change"), .difference(isGood: true)),
    .init("back-year-ago", LocalText(ru: "Год назад", en: "A year ago"), .percent),
    .init("back-change-of-year", LocalText(ru: "К году", en: "On the year"), .difference(isGood: true)),
  ]

  var part: ReportSheet.Part {
    func difference(_ now: ReportSheet.Cell, _ then: ReportSheet.Cell) -> ReportSheet.Cell {
      guard case .number(let now) = now, case .number(let then) = then else { return .empty }
      return .number(now - then)
    }
    let rows = months.indices.map { place -> [ReportSheet.Cell] in
      let (own, before, yearAgo) = (size(place), size(place - 1), size(place - 12))
      let backs = [back(place), back(place - 1), back(place - 12)]
      return [
        .month(months[place]), .number(own), .number(before), .change(own, before), .number(yearAgo), .change(own, yearAgo),
        backs[0], backs[1], difference(backs[0], backs[1]), backs[2], difference(backs[0], backs[2]),
      ]
    }
    var part = ReportSheet.Part(
      "compared", LocalText(ru: "К прошлому месяцу и к году", en: "Against the month before and the year"), Self.columns, rows)
    part.note = LocalText(
      ru:
        "Когорта против когорты месяцем раньше и когорты того же месяца год назад: сколько пришло и какая доля купила снова в следующем месяце.",
      en:
        "A cohort against that of the month before and of the same month a year ago: how many came, and which share of them bought again in the month after."
    )
    return part
  }
}
