import Cube
import Kernel

extension ReportDesk {
  /// Stores by how their sales changed, those that were open in both periods against each other. One walk.
  ///
  /// Where a holiday moved, the year before is there twice: as it was, and with holidays beside their own.
  func stores(_ ground: Ground) async throws -> ReportSheet {
    let holidays = programme.holidays
    let pairs = DayPairs(ground.period.days, by: holidays)
    let picked = pairs.isPlain ? nil : pairs.past.map { Int($0.number) }
    let found = await walk(StoreRanks(ground.period.all, picking: picked, stores: cube.storeCodes), ground)
    let codes = try cube.frame.table(.store)
    let known = await keeper.backdrop?.stores.map { ($0.details.code, $0.details.name) } ?? []
    let names = Dictionary(known, uniquingKeysWith: { first, _ in first })
    let titles = codes.codes.map { code in names[codes.labels[Int(code)]] ?? codes.labels[Int(code)] }
    var parts = [
      Self.ranking("before", LocalText(ru: "К прошлому периоду", en: "Against the period before"), found[0], found[1], titles)
    ]
    if found[2].contains(where: { $0.receipts > 0 }) {
      let title = LocalText(ru: "К тому же периоду год назад", en: "Against the same days a year ago")
      parts.append(Self.ranking("year-ago", title, found[0], found[2], titles))
    }
    if found.count > 3, found[3].contains(where: { $0.receipts > 0 }) {
      let title = LocalText(ru: "К прошлому году, праздники к праздникам", en: "Against a year ago, holidays beside their own")
      parts.append(Self.ranking("year-ago-holidays", title, found[0], found[3], titles))
    }
    guard pairs.touchesHolidays else { return sheet(.stores, ground, parts) }
    // Where no day moved, the table against a year ago has holidays beside their own already.
    if parts.count > 1, let last = parts.indices.last {
      let said = pairs.said(holidays)
      parts[last].note = parts[last].note.map { $0 + .sign(" ") + said + .sign(".") }
    }
    var result = sheet(.stores, ground, parts)
    result.alignment = pairs.said(holidays)
    return result
  }

  private static let columns: [ReportSheet.Column] = [
    .init("store", LocalText(ru: "Магазин", en: "Store"), .text), .init("rank", LocalText(ru: "Место", en: "Rank"), .count),
    .init("sales", LocalText(ru: "Выручка", en: "Revenue"), .money), .init("before", LocalText(ru: "Было", en: "Before"), .money),
    .init("change", LocalText(ru: "Изменение", en: "Change"), .change(isGood: true)),
    .init("against-like", LocalText(ru: "К сопоставимым", en: "Against the comparable"), .change(isGood: true)),
    .init("receipts", LocalText(ru: "Чеки", en: "Receipts"), .count),
    .init("average", LocalText(ru: "Средний чек", en: "Average receipt"), .money),
    .init("members", LocalText(ru: "Покупатели", en: "Members"), .count),
    .init("with-card", LocalText(ru: "С картой", en: "With a card"), .percent),
  ]

  private static func ranking(
    _ code: String, _ title: LocalText, _ now: [StoreRanks.Of], _ before: [StoreRanks.Of], _ titles: [String]
  ) -> ReportSheet.Part {
    let alike = now.indices.filter { now[$0].isWhole && before[$0].isWhole && before[$0].sales > 0 }
    func growth(_ now: Int64, _ before: Int64) -> Int64 { scaled(now - before, by: 1_000_000, over: before, .halfUp) }
    let sums = alike.reduce((Int64(0), Int64(0))) { ($0.0 + now[$1].sales, $0.1 + before[$1].sales) }
    let common = sums.1 > 0 ? growth(sums.0, sums.1) : nil
    let ranked = alike.sorted { (growth(now[$0].sales, before[$0].sales), -$0) > (growth(now[$1].sales, before[$1].sales), -$1) }
    let others = now.indices.filter { !alike.contains($0) && (now[$0].receipts > 0 || before[$0].receipts > 0) }
      .sorted { (now[$0].sales, -$0) > (now[$1].sales, -$1) }
    func row(_ store: Int, rank: Int?) -> [ReportSheet.Cell] {
      let (own, past) = (now[store], before[store])
      let difference = rank == nil ? nil : common.map { growth(own.sales, past.sales) - $0 }
      return [
        .text(titles[store]), rank.map { .number(Int64($0)) } ?? .empty, .number(own.sales), .number(past.sales),
        rank == nil ? .empty : .change(own.sales, past.sales), .optional(difference), .number(own.receipts),
        .average(own.sales, of: own.receipts), .number(own.members), .share(own.salesOfMembers, of: own.sales),
      ]
    }
    let receipts = alike.reduce(Int64(0)) { $0 + now[$1].receipts }
    let total: [ReportSheet.Cell] = [
      .word(LocalText(ru: "Сопоставимые вместе", en: "The comparable together")), .empty, .number(sums.0), .number(sums.1),
      .optional(common), .empty, .number(receipts), .average(sums.0, of: receipts), .empty,
      .share(alike.reduce(Int64(0)) { $0 + now[$1].salesOfMembers }, of: sums.0),
    ]
    let rows = ranked.enumerated().map { row($1, rank: $0 + 1) } + others.map { row($0, rank: nil) }
    var part = ReportSheet.Part(code, title, columns, rows + [total])
    part.totals = 1
    part.chart = .bars(2, against: 3)
    part.note = LocalText(
      ru:
        "Место – по изменению выручки среди сопоставимых: продавали и в первую, и в последнюю неделю обоих периодов. Остальные стоят ниже без места.",
      en:
        "Ranked by the change of revenue among the comparable: they sold in the first and the last week of both periods. Others stand below without a rank."
    )
    return part
  }
}
