import Cube
import Kernel
import Loyalty

extension ReportDesk {
  /// The board: every figure now, before, a year ago, and what the months are to come to. Two walks, four statements.
  func board(_ ground: Ground) async throws -> ReportSheet {
    let definitions = ground.definitions
    let figures = await walk(
      KeyFigures(ground.period.all, definitions.spans, redemptionDays: definitions.redemptionDays), ground)
    let programme = programme
    let days = ground.period.days
    let (targets, owed, flows) = try await database.read { tx in
      (
        try Targets.read(of: programme, days, in: &tx), try PointsOwed.read(of: programme, in: &tx),
        try PointsFlows.read(of: programme, in: &tx)
      )
    }
    let (period, isWhole) = (ground.period, filters.isEmpty)
    let ended = [period.days, period.before, period.yearAgo].map { PointsEnded(flows, upTo: $0.upperBound) }
    var figuresPart = ReportSheet.Part(
      "figures", LocalText(ru: "Показатели", en: "Figures"), Self.columns,
      KeyMeasure.allCases.map { measure in
        Self.row(
          measure, figures, isWhole ? ended : ended.map { _ in PointsEnded() }, isWhole ? targets.target(measure, days) : nil)
      })
    figuresPart.note = LocalText(
      ru: "План за часть месяца – по дням; для средних и долей – план месяца последнего дня.",
      en: "A target of part of a month goes by days; of averages and shares it is that of the last day's month.")
    let sales = await walk(DailySales(ground.period.all), ground)
    guard isWhole else {
      var result = sheet(.board, ground, [figuresPart, Self.days(sales, days)])
      result.remarks.append(Self.uncut(LocalText(ru: "план, сгорание и бонусы на счетах", en: "targets, breakage and points owed")))
      return result
    }
    let liability = flows.at == nil ? [] : [Self.liability(flows, period, programme.settings.terms)]
    return sheet(.board, ground, [figuresPart, Self.days(sales, days)] + liability + (owed.isEmpty ? [] : [Self.owed(owed)]))
  }

  private static let columns: [ReportSheet.Column] = [
    .init("measure", LocalText(ru: "Показатель", en: "Figure"), .text),
    .init("now", LocalText(ru: "Период", en: "Period"), .own),
    .init("before", LocalText(ru: "Прошлый период", en: "Period before"), .own),
    .init("change", LocalText(ru: "Изменение", en: "Change"), .change(isGood: true)),
    .init("year-ago", LocalText(ru: "Год назад", en: "A year ago"), .own),
    .init("change-of-year", LocalText(ru: "К году", en: "On the year"), .change(isGood: true)),
    .init("target", LocalText(ru: "План", en: "Target"), .own),
    .init("over-target", LocalText(ru: "К плану", en: "Over target"), .change(isGood: true)),
  ]

  private static func row(
    _ measure: KeyMeasure, _ figures: [KeyFigures.Of], _ ended: [PointsEnded], _ target: Int64?
  ) -> [ReportSheet.Cell] {
    let values = zip(figures, ended).map { figures, ended -> Int64? in
      // Of days before the first receipt nothing is known, not even nought.
      figures == KeyFigures.Of() ? nil : measure.value(figures, ended: ended)
    }
    func own(_ value: Int64?) -> ReportSheet.Cell { value.map { .value($0, measure.unit) } ?? .empty }
    func change(_ before: Int64?) -> ReportSheet.Cell {
      if measure.unit == .percent, let now = values[0], let before {
        return .value(now - before, .difference(isGood: measure.isGood))
      }
      guard case .number(let ppm) = ReportSheet.Cell.change(values[0], before) else { return .empty }
      return .value(ppm, .change(isGood: measure.isGood))
    }
    return [
      .word(measure.title), own(values[0]), own(values[1]), change(values[1]), own(values[2]), change(values[2]), own(target),
      change(target),
    ]
  }

  /// Every day's sales, the latest first.
  private static func days(_ sales: [[Int64]], _ days: ClosedRange<CivilDay>) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] = [
      .init("day", LocalText(ru: "День", en: "Day"), .text), .init("sales", LocalText(ru: "Выручка", en: "Revenue"), .money),
      .init("before", LocalText(ru: "Прошлый период", en: "Period before"), .money),
      .init("year-ago", LocalText(ru: "Год назад", en: "A year ago"), .money),
    ]
    let rows = sales[0].indices.reversed().map { offset -> [ReportSheet.Cell] in
      [.day(days.lowerBound.adding(days: offset))] + sales.map { .number($0[offset]) }
    }
    var part = ReportSheet.Part("days", LocalText(ru: "Выручка по дням", en: "Revenue by day"), columns, rows)
    part.chart = .days(1, before: 2)
    return part
  }

  /// What is owed, by the month in which it expires.
  private static func owed(_ owed: [PointsOwed]) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] = [
      .init("month", LocalText(ru: "Сгорают", en: "Expire in"), .text),
      .init("points", LocalText(ru: "Бонусов", en: "Points"), .points),
      .init("wallets", LocalText(ru: "Участников", en: "Members"), .count),
    ]
    var rows: [[ReportSheet.Cell]] = owed.map { month in
      [
        month.month.map { .month($0) } ?? .word(LocalText(ru: "никогда", en: "never")),
        .number(month.points.units), .number(Int64(month.wallets)),
      ]
    }
    let sum = owed.reduce(Int64(0)) { $0 + $1.points.units }
    rows.append([.word(LocalText(ru: "Итого", en: "Total")), .number(sum), .empty])
    var part = ReportSheet.Part("owed", LocalText(ru: "Бонусы на счетах участников", en: "Points owed to members"), columns, rows)
    part.totals = 1
    part.chart = .bars(1, against: nil)
    part.note = LocalText(
      ru: "Не за период, а по последнему обходу всех счетов: он идёт каждые шесть часов. Учтены все участники.",
      en: "Not of the period, but as the last round through all wallets found it; there is one every six hours. Of all members.")
    return part
  }
}
