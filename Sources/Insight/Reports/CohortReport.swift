import Cube
import Kernel

extension ReportDesk {
  /// Months of first purchase against months after it. Two walks: the other over the year before, which cohorts are set against.
  /// - Throws: `Problem.invalid` for more than `Cohorts.most` months.
  func cohorts(_ ground: Ground) async throws -> ReportSheet {
    let days = ground.period.days
    let months = WholeMonths(days).now
    guard months.count <= Cohorts.most else {
      throw Problem.report("too_long", "cohorts are of at most \(Cohorts.most) months; take a shorter period")
    }
    let starts = months.map { Int($0.number) } + [Int(days.upperBound.number) + 1]
    let found = await walk(Cohorts(starts: starts), ground)
    let past = await walk(
      Cohorts(starts: CohortsCompared.starts(before: months[0], upTo: days.upperBound)), ground)
    var result = sheet(
      .cohorts, ground,
      [
        Self.triangle(
          "retention", LocalText(ru: "Удержание: сколько покупали снова, %", en: "Retention: how many bought again, %"), .percent,
          found, months
        ) { cohort, after in .share(found.members(cohort, after: after), of: found.size(cohort)) },
        Self.triangle("sales", LocalText(ru: "Выручка когорты", en: "Revenue of the cohort"), .money, found, months) {
          cohort, after in
          .number(found.money(cohort, after: after))
        },
        Self.triangle(
          "per-member", LocalText(ru: "Выручка на пришедшего, накопленная", en: "Revenue of each who came, added up"), .money,
          found, months
        ) { cohort, after in
          .average((0...after).reduce(Int64(0)) { $0 + found.money(cohort, after: $1) }, of: found.size(cohort))
        }, CohortsCompared(found: found, months: months, past: past).part,
      ])
    if days.upperBound.end(of: .month) != days.upperBound {
      result.warnings.append(
        LocalText(
          ru: "Последний месяц не закончен: последняя клетка каждой строки ещё вырастет.",
          en: "The last month is not over: the last cell of every row will still grow."))
    }
    return result
  }

  private static func triangle(
    _ code: String, _ title: LocalText, _ unit: ReportSheet.Unit, _ found: Cohorts.Found, _ months: [CivilDay],
    _ cell: (Int, Int) -> ReportSheet.Cell
  ) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] =
      [
        .init("cohort", LocalText(ru: "Первая покупка", en: "First purchase"), .text),
        .init("members", LocalText(ru: "Пришло", en: "Came"), .count),
      ]
      + months.indices.map { .init("m\($0)", LocalText(ru: "+\($0) мес", en: "+\($0) mo"), unit, heat: true) }
    let rows = months.indices.map { cohort -> [ReportSheet.Cell] in
      [.month(months[cohort]), .number(found.size(cohort))]
        + months.indices.map { after in cohort + after < months.count && found.size(cohort) > 0 ? cell(cohort, after) : .empty }
    }
    return ReportSheet.Part(code, title, columns, rows)
  }
}
