import Access
import Kernel
import Loyalty
import Storage

/// What is owed on certificates: by how long ago they were sold, by series, and what moved in the period. Reads sums alone.
extension ReportDesk {
  func certificates(_ ground: Ground) async throws -> ReportSheet {
    let programme = programme
    let period = ground.period
    let (standings, series, flows) = try await database.read { tx in
      let certificates = Certificates(of: programme, ids: IDSource(node: 0), keys: nil)
      let series = try everyPage(\.id) { try certificates.all(before: $0, limit: Limits.page, in: &tx) }
      var flows = [CertificateFlows(), CertificateFlows(), CertificateFlows()]
      for start in stride(from: 0, to: series.count, by: Limits.page) {
        let page = series[start..<min(start + Limits.page, series.count)].map(\.id)
        for (place, days) in [period.days, period.before, period.yearAgo].enumerated() {
          for one in try certificates.liability(of: page, days, in: &tx) { flows[place].add(one) }
        }
      }
      return (try CertificateStanding.read(of: programme, in: &tx), series, flows)
    }
    let zone = programme.settings.points.zone
    var parts: [ReportSheet.Part] = []
    let at = standings.map(\.at).max()
    parts.append(CertificatesByAge.ages(standings, today: at.map { zone.civil(at: $0).day } ?? period.days.upperBound))
    parts += [CertificatesByAge.series(standings, series), Self.flows(flows)]
    var result = sheet(.certificates, ground, parts)
    let (warning, remark) = CertificatesByAge.tie(standings, zone)
    result.warnings += warning
    result.remarks += remark
    return result
  }

  /// What moved on all series of a programme.
  struct CertificateFlows: Sendable {
    var opening = Money.zero
    var closing = Money.zero
    var sums = CertificateSums()

    mutating func add(_ one: CertificateLiability) {
      opening += one.opening
      closing += one.closing
      sums = sums + one.flows
    }
  }

  private static func flows(_ flows: [CertificateFlows]) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] = [
      .init("what", LocalText(ru: "Что", en: "What"), .text),
      .init("amount", LocalText(ru: "За период", en: "In the period"), .money),
      .init("before", LocalText(ru: "Прошлый период", en: "Period before"), .money),
      .init("change", LocalText(ru: "Изменение", en: "Change"), .change(isGood: nil)),
      .init("year-ago", LocalText(ru: "Год назад", en: "A year ago"), .money),
      .init("change-of-year", LocalText(ru: "К году", en: "On the year"), .change(isGood: nil)),
    ]
    func row(_ title: LocalText, _ value: (CertificateFlows) -> Money) -> [ReportSheet.Cell] {
      let sums = flows.map { value($0).minor }
      return [
        .word(title), .number(sums[0]), .number(sums[1]), .change(sums[0], sums[1]), .number(sums[2]), .change(sums[0], sums[2]),
      ]
    }
    func taken(_ value: @escaping (CertificateSums) -> Money) -> (CertificateFlows) -> Money { { -value($0.sums) } }
    var part = ReportSheet.Part(
      "flows", LocalText(ru: "Движение обязательства", en: "Roll-forward of what is owed"), columns,
      [
        row(LocalText(ru: "На начало", en: "Opening")) { $0.opening },
        row(LocalText(ru: "Продано и пополнено", en: "Sold and loaded")) { $0.sums.sold },
        row(LocalText(ru: "Подарено акциями", en: "Given by promotions")) { $0.sums.given },
        row(LocalText(ru: "Возвращено с товаром", en: "Back with goods")) { $0.sums.refunded },
        row(LocalText(ru: "Исправлено вручную, загружено", en: "Set right by hand, taken over")) { $0.sums.adjusted },
        row(LocalText(ru: "Оплачено", en: "Paid"), taken(\.paid)), row(LocalText(ru: "Сгорело", en: "Lapsed"), taken(\.lapsed)),
        row(LocalText(ru: "Сдали сами сертификаты", en: "Certificates that came back"), taken(\.takenBack)),
        row(LocalText(ru: "На конец", en: "Closing")) { $0.closing },
      ])
    part.totals = 1
    part.chart = .steps(1)
    part.note = LocalText(
      ru: "Начало и движения в сумме дают конец, до копейки; дни – рабочие дни программы.",
      en: "Opening and movements add up to the closing, to the last kopeck; days are the programme's.")
    return part
  }
}

/// Certificates by the month of their sale, as the last daily round found them.
private enum CertificatesByAge {
  /// Whole months since the month of sale, from the first number on.
  private static let ages: [(from: Int, title: LocalText)] = [
    (0, LocalText(ru: "этого месяца", en: "of this month")), (1, LocalText(ru: "1–2 месяца", en: "1–2 months")),
    (3, LocalText(ru: "3–5 месяцев", en: "3–5 months")), (6, LocalText(ru: "6–11 месяцев", en: "6–11 months")),
    (12, LocalText(ru: "1–2 года", en: "1–2 years")), (24, LocalText(ru: "2–3 года", en: "2–3 years")),
    (36, LocalText(ru: "3 года и старше", en: "3 years and older")),
  ]

  private static let sums: [ReportSheet.Column] = [
    .init("certificates", LocalText(ru: "Продано, шт", en: "Sold, pcs"), .count),
    .init("face", LocalText(ru: "Номинал", en: "Face value"), .money),
    .init("spent", LocalText(ru: "Потрачено", en: "Spent"), .money),
    .init("lapsed", LocalText(ru: "Сгорело", en: "Lapsed"), .money),
    .init("other", LocalText(ru: "Сдано и исправлено", en: "Returned, set right"), .money),
    .init("remaining", LocalText(ru: "Осталось", en: "Remaining"), .money),
    .init("spent-share", LocalText(ru: "Потрачено от номинала", en: "Spent of face value"), .percent),
    .init("share", LocalText(ru: "Доля остатка", en: "Share of remaining"), .percent, heat: true),
    .init("open", LocalText(ru: "С деньгами, шт", en: "With money, pcs"), .count),
    .init("ends-30", LocalText(ru: "Сгорит за 30 дней", en: "Lapses within 30 days"), .money),
    .init("ends-90", LocalText(ru: "Сгорит за 90 дней", en: "Lapses within 90 days"), .money),
  ]

  private static func cells(_ some: [CertificateStanding], of all: Int64) -> [ReportSheet.Cell] {
    func sum(_ value: (CertificateStanding) -> Int64) -> Int64 { some.reduce(0) { $0 + value($1) } }
    let (face, spent, remaining) = (sum { $0.face.minor }, sum { $0.spent.minor }, sum { $0.remaining.minor })
    return [
      .number(sum { $0.certificates }), .number(face), .number(spent), .number(sum { $0.lapsed.minor }),
      .number(sum { $0.other.minor }), .number(remaining), .share(spent, of: face), .share(remaining, of: all),
      .number(sum { $0.open }), .number(sum { $0.endingInMonth.minor }), .number(sum { $0.endingInQuarter.minor }),
    ]
  }

  static func ages(_ standings: [CertificateStanding], today: CivilDay) -> ReportSheet.Part {
    let sold = standings.filter { $0.month != nil }
    let all = sold.reduce(Int64(0)) { $0 + $1.remaining.minor }
    func months(_ one: CertificateStanding) -> Int {
      guard let month = one.month?.parts else { return 0 }
      return max(0, (Int(today.parts.year) - Int(month.year)) * 12 + Int(today.parts.month) - Int(month.month))
    }
    let rows = ages.enumerated().map { place, age in
      let end = place + 1 < ages.count ? ages[place + 1].from : Int.max
      return [.word(age.title)] + cells(sold.filter { months($0) >= age.from && months($0) < end }, of: all)
    }
    let total: [ReportSheet.Cell] = [.word(LocalText(ru: "Все проданные", en: "All that were sold"))] + cells(sold, of: all)
    let columns = [ReportSheet.Column("age", LocalText(ru: "Проданы", en: "Sold"), .text)] + sums
    var part = ReportSheet.Part(
      "ages", LocalText(ru: "Обязательство по возрасту", en: "What is owed by age"), columns, rows + [total])
    part.totals = 1
    part.chart = .bars(6, against: nil)
    part.note = LocalText(
      ru:
        "Месяц продажи против месяца подсчёта. Номинал – продано, пополнено, подарено и перенесено; номинал − потрачено − сгорело − сдано и исправлено = осталось, ровно.",
      en:
        "The month of sale against that of the count. Face value is what was sold, loaded, given and taken over; less spent, lapsed, returned and set right, it is what remains, exactly."
    )
    return part
  }

  static func series(
    _ standings: [CertificateStanding], _ series: [Known<CertificateSeriesDetails>]
  ) -> ReportSheet.Part {
    let bySeries = Dictionary(grouping: standings, by: \.series)
    let all = standings.reduce(Int64(0)) { $0 + $1.remaining.minor }
    func row(_ title: LocalText, _ some: [CertificateStanding]) -> [ReportSheet.Cell] {
      let blank = some.filter { $0.month == nil }.reduce(Int64(0)) { $0 + $1.certificates }
      return [.word(title)] + cells(some.filter { $0.month != nil }, of: all) + [.number(blank)]
    }
    let columns =
      [ReportSheet.Column("series", LocalText(ru: "Серия", en: "Series"), .text)] + sums + [
        .init("blank", LocalText(ru: "Не проданы, шт", en: "Not sold, pcs"), .count)
      ]
    let rows = series.map { row($0.details.name, bySeries[$0.id] ?? []) }
    var part = ReportSheet.Part(
      "series", LocalText(ru: "По сериям", en: "By series"), columns,
      rows + [row(LocalText(ru: "Все серии", en: "All series"), standings)])
    part.totals = 1
    part.links = series.map { .certificates($0.id) }
    return part
  }

  /// Whether certificates agree with their books.
  static func tie(_ standings: [CertificateStanding], _ zone: Zone) -> (warnings: [LocalText], remarks: [LocalText]) {
    guard let at = standings.map(\.at).max() else {
      let none = LocalText(
        ru: "Сертификаты ещё не посчитаны: это делает сервер раз в сутки.",
        en: "Certificates are not counted yet: the server does it once a day.")
      return ([none], [])
    }
    let day = zone.civil(at: at)
    let clock = "\(day.clock)".prefix(5)
    let (off, moving) = disagreeing(standings)
    if off > 0 {
      let wrong = LocalText(
        ru: "У серий: \(off) – остатки на сертификатах не сходятся с книгами. Скажите администратору: regulars verify.",
        en: "Series whose certificates do not agree with their books: \(off). Tell the administrator: regulars verify.")
      return ([wrong], [])
    }
    let counted = LocalText(
      ru: "Сертификаты посчитаны \(day.day) в \(clock) и сошлись с книгами по дням и месяцам.",
      en: "Certificates were counted on \(day.day) at \(clock) and agree with the books by day and month.")
    let meanwhile = LocalText(
      ru: "Серий, у которых кассы во время подсчёта двигали деньги: \(moving); их сверит следующий.",
      en: "Series on which tills moved money during the count: \(moving); the next one compares them.")
    return ([], moving > 0 ? [counted, meanwhile] : [counted])
  }

  /// Series whose certificates do not come to their books, and those that could not be compared.
  private static func disagreeing(_ standings: [CertificateStanding]) -> (off: Int, moving: Int) {
    var (off, moving) = (0, 0)
    for (_, rows) in Dictionary(grouping: standings, by: \.series) {
      guard let books = rows.first(where: { $0.month == nil })?.books else {
        moving += 1
        continue
      }
      if rows.reduce(Money.zero, { $0 + $1.remaining }) != books { off += 1 }
    }
    return (off, moving)
  }
}
