import Access
import Cube
import Kernel
import Loyalty
import Storage

extension ReportDesk {
  /// Rows of a table; the rest is in its last row.
  private static let rows = 200
  /// Days of one read.
  private static let stretch = 31

  /// Sessions from the packed days, and one walk over receipts that puts them down to sessions.
  ///
  /// Cost: days are read once each, some 15 bytes a session; a month with a million sessions and both periods it is compared with take about
  /// a second, and a walk over the receipts as every report's.
  func traffic(_ ground: Ground, at now: Instant) async throws -> ReportSheet {
    let (programme, database) = (programme, database)
    let sources = try await database.read { tx in try VisitBook(of: programme).sources(in: &tx) }
    let direct = sources.first { $0.value.isDirect }?.key.raw ?? 0
    var count = TrafficCount(
      ground.period.all, direct: direct, without: ground.idsLeftOut,
      held: try await keeper.held(by: filters, of: programme, at: now))
    var stale = 0
    for days in stretches(ground) {
      let rows = try await database.read { tx in try tx.rows(VisitDaySQL.days(programme.account, programme.id, days)) }
      for row in rows {
        if !row.isNull(2) { stale += 1 }
        guard let bytes = row.bytesOrNil(1) else { continue }
        guard let day = VisitDay(bytes) else { throw StorageFailure.damaged("visit_day.body of \(row.day(0)) is no packed day") }
        count.add(day, Int(row.int(0)))
      }
    }
    let (counted, wanted) = (count, ground)
    let sorted = await Hands.quietly { () -> TrafficCount in
      var count = counted
      count.sort()
      return count
    }
    let found = await walk(
      PurchaseSources(
        wanted.period.all, sources: sorted.sources.count, direct: 0, window: wanted.definitions.attributionDays,
        steps: sorted.steps, ordered: sorted.ordered, dayStarts: await dayStarts()), ground)
    let fresh = try await newcomers(ground, at: now)
    let table = TrafficTable(
      count: sorted, found: found, sources: sorted.sources.map { sources[TrafficSourceID($0)] ?? .direct }, fresh: fresh,
      rows: Self.rows)
    var result = sheet(.traffic, ground, table.parts)
    if stale > 0 {
      result.remarks.append(
        LocalText(
          ru: "В \(stale) дн. что-то пришло только что; их досчитают за несколько секунд.",
          en: "Something came to \(stale) of the days just now; they are added up within seconds."))
    }
    return result
  }

  /// Members who joined in the period.
  private func newcomers(_ ground: Ground, at now: Instant) async throws -> Set<Int64> {
    let register = try await keeper.register(of: programme, at: now)
    let zone = programme.settings.points.zone
    return Set(register.entries.filter { ground.period.days.contains(zone.civil(at: $0.joinedAt).day) }.map(\.id))
  }

  /// The days of all periods and of the window before each, each once.
  private func stretches(_ ground: Ground) -> [ClosedRange<CivilDay>] {
    let window = ground.definitions.attributionDays
    var days = Set<Int32>()
    for period in ground.period.all {
      for day in (period.lowerBound - window - 1)...period.upperBound { days.insert(Int32(clamping: day)) }
    }
    var found: [ClosedRange<CivilDay>] = []
    for number in days.sorted() {
      let day = CivilDay(number: number)
      if let last = found.last, last.upperBound.adding(days: 1) == day, day - last.lowerBound < Self.stretch {
        found[found.count - 1] = last.lowerBound...day
      } else {
        found.append(day...day)
      }
    }
    return found
  }

  private func dayStarts() async -> [Int32] {
    guard let (codes, backdrop) = await keeper.meaning else { return [] }
    let starts = Dictionary(
      backdrop.stores.map { ($0.id.raw, $0.details.dayStart.second / 60) }, uniquingKeysWith: { first, _ in first })
    return codes.stores.map { starts[$0] ?? 0 }
  }
}

/// The tables of the report.
struct TrafficTable {
  let count: TrafficCount
  let found: PurchaseSources.Found
  let sources: [TrafficSource]
  let fresh: Set<Int64>
  let rows: Int

  var parts: [ReportSheet.Part] {
    var channels = part("channels", LocalText(ru: "По каналам", en: "By channel")) { .word($0.group.title) }
    channels.chart = .bars(1, against: nil)
    channels.note = LocalText(
      ru:
        "Чеки и выручка отнесены к последней не прямой сессии перед покупкой; первое касание – к самой ранней в окне. «Без сессии» – чеки, перед которыми её не было, и чеки без карты.",
      en:
        "Receipts and revenue are put down to the last session before the purchase that did not come directly; the first touch is the earliest in the window. \u{201C}Without a session\u{201D}: receipts that none preceded, and receipts without a card."
    )
    return [
      channels, part("sources", LocalText(ru: "По источникам", en: "By source")) { .text($0.name) },
      part("mediums", LocalText(ru: "По типу трафика", en: "By medium")) { .text($0.medium.isEmpty ? "(none)" : $0.medium) },
      part("campaigns", LocalText(ru: "По кампаниям", en: "By campaign")) { .text($0.campaign.isEmpty ? "(none)" : $0.campaign) },
    ]
  }

  private static let columns: [ReportSheet.Column] = [
    .init("name", LocalText(ru: "Откуда", en: "From"), .text),
    .init("sessions", LocalText(ru: "Сессии", en: "Sessions"), .count),
    .init("sessions-change", LocalText(ru: "К прошлому", en: "Against before"), .change(isGood: true)),
    .init("sessions-year", LocalText(ru: "К году назад", en: "Against a year ago"), .change(isGood: true)),
    .init("visitors", LocalText(ru: "Посетители", en: "Visitors"), .count),
    .init("members", LocalText(ru: "Участники", en: "Members"), .count),
    .init("new-members", LocalText(ru: "Из них новые", en: "New among them"), .count),
    .init("product-views", LocalText(ru: "Просмотры товаров", en: "Product views"), .count),
    .init("carts", LocalText(ru: "В корзину", en: "Added to cart"), .count),
    .init("receipts", LocalText(ru: "Чеки", en: "Receipts"), .count),
    .init("revenue", LocalText(ru: "Выручка", en: "Revenue"), .money),
    .init("revenue-change", LocalText(ru: "К прошлому", en: "Against before"), .change(isGood: true)),
    .init("revenue-year", LocalText(ru: "К году назад", en: "Against a year ago"), .change(isGood: true)),
    .init("conversion", LocalText(ru: "Чеков на сессию", en: "Receipts a session"), .percent),
    .init("average", LocalText(ru: "Средний чек", en: "Average receipt"), .money),
    .init("first-receipts", LocalText(ru: "Чеки, первое касание", en: "Receipts, first touch"), .count),
    .init("first-revenue", LocalText(ru: "Выручка, первое касание", en: "Revenue, first touch"), .money),
  ]

  private struct Line {
    var sessions: [TrafficCount.Sums] = [.init(), .init(), .init()]
    var last: [PurchaseSources.Sum] = [.init(), .init(), .init()]
    var first = PurchaseSources.Sum()
  }

  private func part(_ code: String, _ title: LocalText, _ name: (TrafficSource) -> ReportSheet.Cell) -> ReportSheet.Part {
    var names: [ReportSheet.Cell] = []
    var places: [ReportSheet.Cell: Int] = [:]
    let groups = sources.map { source -> Int in
      let cell = name(source)
      if let known = places[cell] { return known }
      places[cell] = names.count
      names.append(cell)
      return names.count - 1
    }
    let lines = lines(groups, names.count)
    let people = count.distinct(groups, count: names.count)
    let fresh = count.newcomers(groups, count: names.count, fresh)
    let shown = names.indices.filter { place in
      lines[place].sessions.contains { $0.sessions > 0 } || lines[place].last.contains { $0.orders > 0 || $0.money != 0 }
    }.sorted {
      (-lines[$0].sessions[0].sessions, -lines[$0].last[0].money, $0) < (
        -lines[$1].sessions[0].sessions, -lines[$1].last[0].money, $1
      )
    }
    var rows = shown.prefix(self.rows).map { place in
      row(names[place], lines[place], (people.visitors[place], people.members[place], fresh[place]))
    }
    rows.append(row(.word(LocalText(ru: "Без сессии", en: "Without a session")), lines[names.count], nil))
    let all = (people.visitors[names.count], people.members[names.count], fresh[names.count])
    rows.append(row(.word(LocalText(ru: "Всего", en: "Total")), total(lines), all))
    var part = ReportSheet.Part(code, title, Self.columns, rows)
    part.totals = 2
    if shown.count > self.rows {
      part.note = LocalText(
        ru: "Показаны \(self.rows) строк с наибольшим числом сессий из \(shown.count); «Всего» считает все.",
        en: "The \(self.rows) rows with the most sessions of \(shown.count); the total counts all.")
    }
    return part
  }

  private func lines(_ groups: [Int], _ count: Int) -> [Line] {
    var lines = Array(repeating: Line(), count: count + 1)
    for source in 0...groups.count {
      let group = source < groups.count ? groups[source] : count
      for period in 0..<3 {
        if source < groups.count { lines[group].sessions[period].add(self.count.sums[period][source]) }
        lines[group].last[period].add(found.last[period][source])
      }
      lines[group].first.add(found.first[0][source])
    }
    return lines
  }

  private func total(_ lines: [Line]) -> Line {
    lines.reduce(into: Line()) { total, line in
      for period in 0..<3 {
        total.sessions[period].add(line.sessions[period])
        total.last[period].add(line.last[period])
      }
      total.first.add(line.first)
    }
  }

  private func row(_ name: ReportSheet.Cell, _ line: Line, _ people: (Int64, Int64, Int64)?) -> [ReportSheet.Cell] {
    let (sessions, sold) = (line.sessions[0].sessions, line.last[0])
    let counts: [ReportSheet.Cell] = people.map { [.number($0.0), .number($0.1), .number($0.2)] } ?? [.empty, .empty, .empty]
    let visits: [ReportSheet.Cell] = [
      .number(sessions), .change(sessions, line.sessions[1].sessions), .change(sessions, line.sessions[2].sessions),
    ]
    let sales: [ReportSheet.Cell] = [
      .number(sold.orders), .number(sold.money), .change(sold.money, line.last[1].money), .change(sold.money, line.last[2].money),
      .share(sold.orders, of: sessions), .average(sold.money, of: sold.orders), .number(line.first.orders),
      .number(line.first.money),
    ]
    return [name] + visits + counts + [.number(line.sessions[0].productViews), .number(line.sessions[0].carts)] + sales
  }
}
