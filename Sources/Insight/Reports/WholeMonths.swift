import Cube
import Kernel
import Loyalty

/// The months of a report that goes by whole months, and those that they are set against: as many right before, and the same a year ago.
struct WholeMonths: Sendable {
  let now: [CivilDay]
  var before: [CivilDay] { now.map { $0.monthsEarlier(now.count) } }
  var yearAgo: [CivilDay] { now.map { $0.monthsEarlier(12) } }
  var all: [[CivilDay]] { [now, before, yearAgo] }

  init(_ days: ClosedRange<CivilDay>) {
    var (month, months) = (days.lowerBound.firstOfMonth, [CivilDay]())
    while month <= days.upperBound {
      months.append(month)
      month = month.end(of: .month).adding(days: 1)
    }
    now = months
  }
}

extension CivilDay {
  /// The first day of the month so many months before.
  fileprivate func monthsEarlier(_ count: Int) -> CivilDay {
    (0..<count).reduce(firstOfMonth) { month, _ in month.adding(days: -1).firstOfMonth }
  }
}

// Points of the period's months beside those of other months.
extension ReportDesk {
  /// What moved in months that follow each other: as `pointRow`, the opening of the first and the closing of the last.
  static func pointTotals(_ flows: PointsFlows, _ months: [CivilDay]) -> [Int64] {
    let rows = months.map { pointRow(flows, $0) }
    var sums = (0..<11).map { place in rows.reduce(Int64(0)) { $0 + $1[place] } }
    (sums[0], sums[9]) = (rows.first?[0] ?? 0, rows.last?[9] ?? 0)
    return sums
  }

  private static func breakage(_ sums: [Int64]) -> ReportSheet.Cell {
    let (spent, expired) = (sums[4] - sums[3], sums[5])
    return .share(expired, of: expired + spent)
  }

  /// Every figure of the roll-forward now, before and a year ago.
  static func pointPeriods(_ flows: PointsFlows, _ days: ClosedRange<CivilDay>) -> ReportSheet.Part {
    let months = WholeMonths(days)
    let sums = months.all.map { pointTotals(flows, $0) }
    let first = flows.months.keys.min()
    // Of months before the first entry nothing is known, not even nought.
    let isKnown = months.all.map { known in first.map { first in known.contains { $0 >= first } } ?? false }
    func own(_ place: Int, _ period: Int) -> ReportSheet.Cell { isKnown[period] ? .value(sums[period][place], .points) : .empty }
    func change(_ place: Int, _ period: Int) -> ReportSheet.Cell {
      isKnown[period] ? .change(sums[0][place], sums[period][place]) : .empty
    }
    var rows = (0..<11).map { place -> [ReportSheet.Cell] in
      [.word(pointSums[place].title), own(place, 0), own(place, 1), change(place, 1), own(place, 2), change(place, 2)]
    }
    let shares = sums.map(breakage)
    func share(_ period: Int) -> ReportSheet.Cell {
      if case .number(let value) = shares[period] { .value(value, .percent) } else { .empty }
    }
    func difference(_ period: Int) -> ReportSheet.Cell {
      guard case .number(let now) = shares[0], case .number(let then) = shares[period] else { return .empty }
      return .value(now - then, .difference(isGood: nil))
    }
    rows.append([.word(pointSums[11].title), share(0), share(1), difference(1), share(2), difference(2)])
    var part = ReportSheet.Part("periods", LocalText(ru: "К другим месяцам", en: "Against other months"), periodColumns, rows)
    part.note = LocalText(
      ru: "Целые месяцы периода, столько же месяцев прямо перед ними и те же месяцы год назад.",
      en: "Whole months of the period, as many months right before them, and the same months a year ago.")
    return part
  }

  private static let periodColumns: [ReportSheet.Column] = [
    .init("figure", LocalText(ru: "Показатель", en: "Figure"), .text), .init("now", LocalText(ru: "Период", en: "Period"), .own),
    .init("before", LocalText(ru: "Прошлый период", en: "Period before"), .own),
    .init("change", LocalText(ru: "Изменение", en: "Change"), .change(isGood: nil)),
    .init("year-ago", LocalText(ru: "Год назад", en: "A year ago"), .own),
    .init("change-of-year", LocalText(ru: "К году", en: "On the year"), .change(isGood: nil)),
  ]

  /// What each entity issued, took and owes, beside the months before and those of a year ago.
  static func entityPeriods(
    _ entities: [(title: ReportSheet.Cell, flows: PointsFlows)], _ days: ClosedRange<CivilDay>
  ) -> ReportSheet.Part {
    let months = WholeMonths(days)
    let shown = [1, 4, 9]
    let columns = shown.flatMap { place -> [ReportSheet.Column] in
      let column = pointSums[place]
      func title(_ ru: String, _ en: String) -> LocalText {
        LocalText(ru: column.title.ru + ": " + ru, en: column.title.en + ": " + en)
      }
      return [
        column, .init("\(column.code)-before", title("раньше", "before"), .points),
        .init("\(column.code)-change", title("изменение", "change"), .change(isGood: nil)),
        .init("\(column.code)-year-ago", title("год назад", "a year ago"), .points),
        .init("\(column.code)-change-of-year", title("к году", "on the year"), .change(isGood: nil)),
      ]
    }
    let rows = entities.map { one -> [ReportSheet.Cell] in
      let sums = months.all.map { pointTotals(one.flows, $0) }
      return [one.title]
        + shown.flatMap { place -> [ReportSheet.Cell] in
          let (now, before, yearAgo) = (sums[0][place], sums[1][place], sums[2][place])
          return [.number(now), .number(before), .change(now, before), .number(yearAgo), .change(now, yearAgo)]
        }
    }
    var part = ReportSheet.Part(
      "periods", LocalText(ru: "К другим месяцам", en: "Against other months"),
      [.init("entity", LocalText(ru: "Юридическое лицо", en: "Legal entity"), .text)] + columns, rows)
    part.totals = 1
    part.note = LocalText(
      ru: "Целые месяцы периода, столько же месяцев прямо перед ними и те же месяцы год назад.",
      en: "Whole months of the period, as many months right before them, and the same months a year ago.")
    return part
  }
}
