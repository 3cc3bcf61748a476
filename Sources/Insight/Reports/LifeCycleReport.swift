import Cube
import Kernel

extension ReportDesk {
  /// Stages at the beginning and the end of the period, and every way between them. One walk.
  func lifeCycle(_ ground: Ground) async -> ReportSheet {
    let dates = ground.period.all.map { (from: $0.lowerBound - 1, to: $0.upperBound) }
    let found = await walk(LifeCycle(dates, ground.definitions.spans, newDays: ground.definitions.newDays), ground)
    return sheet(.lifeCycle, ground, [Self.stages(found), Self.flows(found[0])])
  }

  private static let shown: [LifeCycle.Stage] = [.new, .active, .sleeping, .lost]

  private static func stages(_ found: [LifeCycle.Flows]) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] = [
      .init("stage", LocalText(ru: "Стадия", en: "Stage"), .text),
      .init("opening", LocalText(ru: "На начало", en: "At the beginning"), .count),
      .init("in", LocalText(ru: "Пришли", en: "Came in"), .count), .init("out", LocalText(ru: "Ушли", en: "Went out"), .count),
      .init("closing", LocalText(ru: "На конец", en: "At the end"), .count),
      .init("change", LocalText(ru: "За период", en: "In the period"), .change(isGood: nil)),
      .init("year-ago", LocalText(ru: "Год назад", en: "A year ago"), .count),
      .init("change-of-year", LocalText(ru: "К году", en: "On the year"), .change(isGood: nil)),
    ]
    func row(_ title: LocalText, _ stages: [LifeCycle.Stage]) -> [ReportSheet.Cell] {
      func sum(_ value: (LifeCycle.Stage) -> Int64) -> Int64 { stages.reduce(0) { $0 + value($1) } }
      let now = found[0]
      let (opening, closing) = (sum(now.opening), sum(now.closing))
      let stayed = stages.reduce(Int64(0)) { all, from in all + stages.reduce(0) { $0 + now[from, $1] } }
      let yearAgo = sum(found[2].closing)
      return [
        .word(title), .number(opening), .number(closing - stayed), .number(opening - stayed), .number(closing),
        .change(closing, opening), .number(yearAgo), .change(closing, yearAgo),
      ]
    }
    var part = ReportSheet.Part(
      "stages", LocalText(ru: "Стадии", en: "Stages"), columns,
      shown.map { row($0.title, [$0]) } + [row(LocalText(ru: "Все покупатели", en: "All who ever bought"), shown)])
    part.totals = 1
    part.chart = .bars(4, against: 1)
    part.note = LocalText(
      ru: "На начало + пришли − ушли = на конец, ровно.", en: "At the beginning + came in − went out = at the end, exactly.")
    return part
  }

  private static func flows(_ flows: LifeCycle.Flows) -> ReportSheet.Part {
    let columns =
      [ReportSheet.Column("from", LocalText(ru: "Из \\ в", en: "From \\ to"), .text)]
      + shown.map { .init($0.code, $0.title, .count, heat: true) } + [.init("all", LocalText(ru: "Итого", en: "Total"), .count)]
    var rows = LifeCycle.Stage.allCases.map { from -> [ReportSheet.Cell] in
      [.word(from.title)] + shown.map { .number(flows[from, $0]) } + [.number(flows.opening(from))]
    }
    rows.append(
      [.word(LocalText(ru: "Итого", en: "Total"))] + shown.map { .number(flows.closing($0)) }
        + [.number(shown.reduce(0) { $0 + flows.closing($1) })])
    var part = ReportSheet.Part("flows", LocalText(ru: "Потоки между стадиями", en: "Flows between stages"), columns, rows)
    part.totals = 1
    return part
  }
}

extension LifeCycle.Stage {
  var code: String {
    switch self {
    case .notYet: "not-yet"
    case .new: "new"
    case .active: "active"
    case .sleeping: "sleeping"
    case .lost: "lost"
    }
  }

  var title: LocalText {
    switch self {
    case .notYet: LocalText(ru: "Ещё не покупал", en: "Had not bought yet")
    case .new: LocalText(ru: "Новые", en: "New")
    case .active: LocalText(ru: "Активные", en: "Active")
    case .sleeping: LocalText(ru: "Спящие", en: "Sleeping")
    case .lost: LocalText(ru: "Потерянные", en: "Lost")
    }
  }
}
