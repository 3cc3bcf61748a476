import Calculator
import Kernel
import Loyalty

/// What became of points in the year up to a day, by the journal's months.
public struct PointsEnded: Hashable, Sendable {
  /// In the smallest units; spent ones that returns gave back taken off.
  public var expired: Int64 = 0
  public var spent: Int64 = 0

  public init() {}

  /// Twelve months, that of the day the last of them.
  init(_ flows: PointsFlows, upTo day: CivilDay) {
    for month in Self.months(upTo: day) {
      let row = ReportDesk.pointRow(flows, month)
      expired += row[5]
      spent += row[4] - row[3]
    }
  }

  private static func months(upTo day: CivilDay) -> [CivilDay] {
    var months = [day.firstOfMonth]
    while months.count < 12 { months.append(months[months.count - 1].adding(days: -1).firstOfMonth) }
    return months
  }
}

extension ReportDesk {
  /// What members had in points when the period's last month ended – or has so far –, against the end of the period before's and of a year
  /// ago's. Two periods of one month have one end: then it is the month before.
  static func liability(_ flows: PointsFlows, _ period: ReportPeriod, _ terms: ProgrammeTerms) -> ReportSheet.Part {
    let now = period.days.upperBound.firstOfMonth
    let earlier = min(period.before.upperBound.firstOfMonth, now.adding(days: -1).firstOfMonth)
    let months = [
      (LocalText(ru: "Период", en: "The period"), now), (LocalText(ru: "Прошлый период", en: "The period before"), earlier),
      (LocalText(ru: "Год назад", en: "A year ago"), period.yearAgo.upperBound.firstOfMonth),
    ]
    let sums = months.map { flows.opening($0.1) + flows.change(in: $0.1) }
    let rows = zip(months, sums).map { month, sum -> [ReportSheet.Cell] in
      [
        .word(month.0), .month(month.1), .number(sum), .number(terms.money(for: Points(units: sum), .halfUp).minor),
        month.1 == now ? .empty : .change(sums[0], sum),
      ]
    }
    var part = ReportSheet.Part(
      "liability", LocalText(ru: "Обязательства по бонусам", en: "Points owed, and before"),
      [
        .init("when", LocalText(ru: "Когда", en: "When"), .text),
        .init("month", LocalText(ru: "На конец месяца", en: "End of the month"), .text),
        .init("points", LocalText(ru: "Бонусов", en: "Points"), .points),
        .init("worth", LocalText(ru: "По цене списания", en: "Worth when spent"), .money),
        .init("change", LocalText(ru: "Изменение с тех пор", en: "Change since then"), .change(isGood: nil)),
      ], rows)
    part.note = LocalText(
      ru:
        "По журналу, который сервер складывает раз в сутки; месяц, который не кончился, – на сегодня. Учтены все участники, с ожидающими и удержанными бонусами.",
      en:
        "By the journal, which the server adds up once a day; a month that has not ended is as of then. Of all members, with what is pending or on hold."
    )
    return part
  }
}
