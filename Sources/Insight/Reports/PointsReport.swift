import Kernel
import Loyalty

extension ReportDesk {
  /// The journal by months: what members had, what came and went, and what is left. One statement.
  func points(_ ground: Ground) async throws -> ReportSheet {
    let programme = programme
    let (flows, ages) = try await database.read { tx in
      (try PointsFlows.read(of: programme, in: &tx), try PointsAge.read(of: programme, in: &tx))
    }
    let days = ground.period.days
    let owed = ages.isEmpty ? [] : [Self.ages(ages, programme.settings.points.zone)]
    var result = sheet(.points, ground, [Self.months(flows, days), Self.pointPeriods(flows, days)] + owed)
    guard let at = flows.at else {
      result.warnings.append(
        LocalText(
          ru: "Журнал ещё не сложен: это делает сервер раз в сутки.",
          en: "The journal is not added up yet: the server does it once a day."))
      return result
    }
    let zone = programme.settings.points.zone
    let day = zone.civil(at: at)
    let all = flows.months.keys.reduce(Int64(0)) { $0 + flows.change(in: $1) }
    if all == flows.wallets {
      result.remarks.append(
        LocalText(
          ru: "Журнал сложен \(day.day) в \("\(day.clock)".prefix(5)) и сошёлся со счетами всех участников.",
          en: "The journal was added up on \(day.day) at \("\(day.clock)".prefix(5)) and agrees with the wallets of all members."))
    } else {
      result.warnings.append(
        LocalText(
          ru:
            "Журнал не сходится со счетами участников: по журналу \(all), на счетах \(flows.wallets) мельчайших единиц. Скажите администратору: regulars verify.",
          en:
            "The journal does not agree with members' wallets: \(all) by the journal, \(flows.wallets) in wallets, in the smallest units. Tell the administrator: regulars verify."
        ))
    }
    return result
  }

  /// Behind the one that says whose they are.
  static let pointSums: [ReportSheet.Column] = [
    .init("opening", LocalText(ru: "На начало", en: "Opening"), .points),
    .init("issued", LocalText(ru: "Начислено", en: "Issued"), .points),
    .init("by-hand", LocalText(ru: "Подарено, вручную, загружено", en: "Given, by hand, imported"), .points),
    .init("given-back", LocalText(ru: "Возвращено списанных", en: "Spent ones given back"), .points),
    .init("spent", LocalText(ru: "Потрачено", en: "Spent"), .points),
    .init("expired", LocalText(ru: "Сгорело", en: "Expired"), .points),
    .init("taken-back", LocalText(ru: "Отозвано возвратами", en: "Taken back by returns"), .points),
    .init("given-away", LocalText(ru: "Фондам и комиссии", en: "To charities, and fees"), .points),
    .init("other", LocalText(ru: "Партнёры и расхождения", en: "Partners and discrepancies"), .points),
    .init("closing", LocalText(ru: "На конец", en: "Closing"), .points),
    .init("activated", LocalText(ru: "В том числе стало активным", en: "Of them became active"), .points),
    .init("breakage", LocalText(ru: "Сгорание", en: "Breakage"), .percent),
  ]

  /// What is neither issued nor spent, expired or taken back.
  private static let byHand: [JournalAccount] = [.goodwill, .correction, .opening, .gifts]
  private static let other: [JournalAccount] = [
    .partner, .discrepancy, .lateConfirm, .statusIssued, .regrouped, .moved, .transferred,
  ]
  /// Points that members gave to charities, and what was kept back of those that they gave to each other.
  private static let away: [JournalAccount] = [.charity, .fees]

  private static func months(_ flows: PointsFlows, _ days: ClosedRange<CivilDay>) -> ReportSheet.Part {
    var (month, rows) = (days.lowerBound.firstOfMonth, [[Int64]]())
    var labels: [CivilDay] = []
    while month <= days.upperBound {
      rows.append(pointRow(flows, month))
      labels.append(month)
      month = month.end(of: .month).adding(days: 1)
    }
    var total = (0..<11).map { place in rows.reduce(Int64(0)) { $0 + $1[place] } }
    (total[0], total[9]) = (rows.first?[0] ?? 0, rows.last?[9] ?? 0)
    let all =
      zip(labels, rows).map { pointCells(.month($0), $1) } + [
        pointCells(.word(LocalText(ru: "Весь период", en: "The whole period")), total)
      ]
    var part = ReportSheet.Part(
      "months", LocalText(ru: "Бонусы участников по месяцам", en: "Members' points by month"),
      [.init("month", LocalText(ru: "Месяц", en: "Month"), .text)] + pointSums, all)
    part.totals = 1
    part.chart = .bars(10, against: nil)
    part.note = LocalText(
      ru:
        "На начало + начислено + вручную + возвращено − потрачено − сгорело − отозвано − фондам ± прочее = на конец, ровно; месяц – по дате проводки. Учтены все участники, с ожидающими и удержанными бонусами, без статусных.",
      en:
        "Opening + issued + by hand + given back − spent − expired − taken back − to charities ± others = closing, exactly; months by the date of posting. Of all members, with what is pending or on hold, without status points."
    )
    return part
  }

  /// Whole months since the month of issue, from the first number on.
  private static let ageBands: [(from: Int, title: LocalText)] = [
    (0, LocalText(ru: "этого месяца", en: "of this month")), (1, LocalText(ru: "1–2 месяца", en: "1–2 months")),
    (3, LocalText(ru: "3–5 месяцев", en: "3–5 months")), (6, LocalText(ru: "6–11 месяцев", en: "6–11 months")),
    (12, LocalText(ru: "1–2 года", en: "1–2 years")), (24, LocalText(ru: "2 года и старше", en: "2 years and older")),
  ]

  private static func ages(_ ages: [PointsAge], _ zone: Zone) -> ReportSheet.Part {
    let today = (ages.first?.at).map { zone.civil(at: $0).day.parts }
    func months(_ month: CivilDay) -> Int {
      guard let today else { return 0 }
      return max(0, (today.year - month.parts.year) * 12 + today.month - month.parts.month)
    }
    let all = ages.reduce(Int64(0)) { $0 + $1.points.units }
    func row(_ title: LocalText, _ points: Int64) -> [ReportSheet.Cell] {
      [.word(title), .number(points), .share(points, of: all)]
    }
    let known = ageBands.enumerated().map { place, band in
      let end = place + 1 < ageBands.count ? ageBands[place + 1].from : Int.max
      let own = ages.filter { one in one.month.map { (band.from..<end).contains(months($0)) } ?? false }
      return row(band.title, own.reduce(Int64(0)) { $0 + $1.points.units })
    }
    let unknown = ages.filter { $0.month == nil }.reduce(Int64(0)) { $0 + $1.points.units }
    var part = ReportSheet.Part(
      "ages", LocalText(ru: "Бонусы на счетах по возрасту", en: "Points owed by age"),
      [
        .init("age", LocalText(ru: "Начислены", en: "Issued"), .text),
        .init("points", LocalText(ru: "Бонусы", en: "Points"), .points),
        .init("share", LocalText(ru: "Доля", en: "Share"), .percent, heat: true),
      ],
      known + [
        row(LocalText(ru: "давно, месяц неизвестен", en: "long ago, month unknown"), unknown),
        row(LocalText(ru: "Все бонусы участников", en: "All points of members"), all),
      ])
    part.totals = 1
    part.chart = .bars(1, against: nil)
    part.note = LocalText(
      ru:
        "С ожидающими и удержанными; долг вычтен из самых старых. Как застал последний обход всех счетов; возраст – по дню, когда начисление попало в книги.",
      en:
        "With what is pending and on hold; debts are taken off the oldest. As the last round through all wallets found them; age is by the day on which the books learnt of it."
    )
    return part
  }

  static func pointCells(_ label: ReportSheet.Cell, _ numbers: [Int64]) -> [ReportSheet.Cell] {
    let (spent, expired) = (numbers[4] - numbers[3], numbers[5])
    return [label] + numbers.map { .number($0) } + [.share(expired, of: expired + spent)]
  }

  /// Where points go that are spent: for a purchase of one's own, or of another of the household.
  private static let givers: [JournalAccount] = [.spent, .pooled]

  /// opening · issued · by hand · given back · spent · expired · taken back · given away · others · closing · activated
  static func pointRow(_ flows: PointsFlows, _ month: CivilDay) -> [Int64] {
    let opening = flows.opening(month)
    func net(_ accounts: [JournalAccount]) -> Int64 { accounts.reduce(0) { $0 - flows.left(to: $1, in: month) } }
    return [
      opening, net([.issued]), net(byHand), flows.moved({ givers.contains($0.from) && $0.to.isSpendable }, in: month),
      flows.moved({ $0.from.isSpendable && givers.contains($0.to) }, in: month), flows.left(to: .expired, in: month),
      flows.left(to: .cancelled, in: month), away.reduce(0) { $0 + flows.left(to: $1, in: month) }, net(other),
      opening + flows.change(in: month),
      flows.moved({ $0.from == .pending && $0.to == .active }, in: month),
    ]
  }
}
