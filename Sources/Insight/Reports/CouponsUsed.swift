import Access
import Kernel
import Loyalty

/// Series of coupons of a period: what was issued, used and left unused, and what receipts with them came to.
struct CouponsUsed {
  private let facts: ReportDesk.OfferFacts
  private let now: [String: ReportDesk.Sold]
  private let before: [String: ReportDesk.Sold]
  private let yearAgo: [String: ReportDesk.Sold]
  private let zone: Zone
  /// Nothing is filtered: what was issued and is left can be told.
  private let isWhole: Bool

  init(
    _ facts: ReportDesk.OfferFacts, now: [String: ReportDesk.Sold], before: [String: ReportDesk.Sold],
    yearAgo: [String: ReportDesk.Sold], in zone: Zone, isWhole: Bool
  ) {
    (self.facts, self.zone, self.isWhole) = (facts, zone, isWhole)
    (self.now, self.before, self.yearAgo) = (now, before, yearAgo)
  }

  private static let columns: [ReportSheet.Column] = [
    .init("series", LocalText(ru: "Серия", en: "Series"), .text),
    .init("issued", LocalText(ru: "Выдано за период", en: "Issued in the period"), .count),
    .init("used", LocalText(ru: "Использовано за период", en: "Used in the period"), .count),
    .init("used-before", LocalText(ru: "Использовано раньше", en: "Used before"), .count),
    .init("expired", LocalText(ru: "Сгорело за период", en: "Run out in the period"), .count),
    .init("receipts", LocalText(ru: "Чеки", en: "Receipts"), .count),
    .init("receipts-change", LocalText(ru: "К прошлому", en: "On before"), .change(isGood: true)),
    .init("members", LocalText(ru: "Покупатели", en: "Members"), .count),
    .init("sales", LocalText(ru: "Выручка чеков", en: "Revenue of receipts"), .money),
    .init("discount", LocalText(ru: "Скидки в чеках", en: "Discounts on receipts"), .money),
    .init("discount-share", LocalText(ru: "Доля скидок", en: "Share of discounts"), .percent, heat: true),
    .init("all", LocalText(ru: "Всего выдано", en: "Issued in all"), .count),
    .init("active", LocalText(ru: "Действуют", en: "Active"), .count),
    .init("waiting", LocalText(ru: "Ещё не начались", en: "Not yet good"), .count),
    .init("reserved", LocalText(ru: "В корзинах", en: "Reserved"), .count),
    .init("all-used", LocalText(ru: "Всего использовано", en: "Used in all"), .count),
    .init("all-expired", LocalText(ru: "Всего сгорело", en: "Run out in all"), .count),
    .init("void", LocalText(ru: "Аннулированы", en: "Void"), .count),
    .init("used-share", LocalText(ru: "Доля использованных", en: "Share used"), .percent),
    .init("ends-7", LocalText(ru: "Сгорят за 7 дней", en: "End within 7 days"), .count),
    .init("ends-30", LocalText(ru: "Сгорят за 30 дней", en: "End within 30 days"), .count),
    .init("used-year-ago", LocalText(ru: "Использовано год назад", en: "Used a year ago"), .count),
    .init("receipts-of-year", LocalText(ru: "Чеки к году", en: "Receipts on the year"), .change(isGood: true)),
  ]

  private func row(_ series: Known<CouponSeriesDetails>) -> [ReportSheet.Cell] {
    let code = series.details.code
    let (sold, past) = (now[code] ?? ReportDesk.Sold(), before[code] ?? ReportDesk.Sold())
    let head: [ReportSheet.Cell] = [.word(series.details.name)]
    let facts: [ReportSheet.Cell] = [
      .number(sold.receipts), .change(sold.receipts, past.receipts), .number(sold.members), .number(sold.sales),
      .number(sold.discount), .share(sold.discount, of: sold.sales + sold.discount),
    ]
    let onYear = ReportSheet.Cell.change(sold.receipts, (yearAgo[code] ?? ReportDesk.Sold()).receipts)
    // One code for everybody is none that is issued or used up.
    guard series.details.kind == .unique, isWhole else {
      return head + Array(repeating: .empty, count: 4) + facts + Array(repeating: .empty, count: 11) + [onYear]
    }
    let usedThen = ReportSheet.Cell.number((self.facts.flowsYearAgo[series.id] ?? CouponFlow()).used)
    return head + flow(series.id) + facts + standing(self.facts.standings[series.id]) + [usedThen, onYear]
  }

  private func flow(_ id: CouponSeriesID) -> [ReportSheet.Cell] {
    let (flow, old) = (facts.flows[id] ?? CouponFlow(), facts.flowsBefore[id] ?? CouponFlow())
    return [.number(flow.issued), .number(flow.used), .number(old.used), .number(flow.expired)]
  }

  private func standing(_ one: CouponStanding?) -> [ReportSheet.Cell] {
    guard let one else { return Array(repeating: .empty, count: 10) }
    return [
      .number(one.issued), .number(one.active), .number(one.waiting), .number(one.reserved), .number(one.used),
      .number(one.expired), .number(one.void), .share(one.used, of: one.issued), .number(one.endsInWeek), .number(one.endsInMonth),
    ]
  }

  private var total: [ReportSheet.Cell] {
    let title = ReportSheet.Cell.word(LocalText(ru: "Все серии", en: "All series"))
    guard isWhole else { return [title] + Array(repeating: .empty, count: Self.columns.count - 1) }
    func sum<Of>(_ all: [CouponSeriesID: Of], _ value: (Of) -> Int64) -> Int64 { all.values.reduce(0) { $0 + value($1) } }
    let (flows, old, all) = (facts.flows, facts.flowsBefore, facts.standings)
    let issued = sum(all) { $0.issued }
    let used = sum(all) { $0.used }
    return [
      title, .number(sum(flows) { $0.issued }), .number(sum(flows) { $0.used }),
      .number(sum(old) { $0.used }), .number(sum(flows) { $0.expired }), .empty, .empty, .empty, .empty, .empty, .empty,
      .number(issued), .number(sum(all) { $0.active }), .number(sum(all) { $0.waiting }), .number(sum(all) { $0.reserved }),
      .number(used), .number(sum(all) { $0.expired }), .number(sum(all) { $0.void }), .share(used, of: issued),
      .number(sum(all) { $0.endsInWeek }), .number(sum(all) { $0.endsInMonth }),
      .number(sum(facts.flowsYearAgo) { $0.used }), .empty,
    ]
  }

  var part: ReportSheet.Part {
    var part = ReportSheet.Part(
      "coupons", LocalText(ru: "Купоны", en: "Coupons"), Self.columns, facts.series.map(row) + [total])
    part.totals = 1
    part.links = facts.series.map { .coupons($0.id) }
    let counted = facts.standings.values.map(\.at).max().map { " (\($0.spoken(in: zone)))" } ?? ""
    part.note = LocalText(
      ru:
        "Выдано, использовано и сгорело – по самим купонам, как их застал последний суточный подсчёт\(counted); возвращённый покупателю купон снова не использован. Чеки и выручка – чеки, на которых купон серии был действителен; чек с купонами двух серий есть у обеих. Купон сгорел, если вышел его срок или серия закрыта.",
      en:
        "Issued, used and run out are of the coupons themselves as the last daily count found them\(counted); one that a return gave back is unused again. Receipts and revenue are of receipts on which a coupon of the series was good; one with coupons of two series is with both. A coupon has run out when its time is over or its series is closed."
    )
    return part
  }
}

extension Instant {
  /// `2026-11-21 12:00` by the clock of a zone.
  func spoken(in zone: Zone) -> String {
    let civil = zone.civil(at: self)
    return "\(civil.day) \("\(civil.clock)".prefix(5))"
  }
}
