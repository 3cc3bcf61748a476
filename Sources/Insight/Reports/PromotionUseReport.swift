import Access
import Calculator
import Cube
import Kernel
import Loyalty
import Storage

/// How promotions and series of coupons were used. Two pivots for each of three periods, and some small reads of sums: none of a coupon.
extension ReportDesk {
  func promotions(_ ground: Ground, at now: Instant) async throws -> ReportSheet {
    let days = ground.period
    let facts = try await used(days)
    let dimensions = Set(filters.map(\.dimension)).union([.promotion])
    let cube = counted(try await keeper.cube(knowing: dimensions, of: programme, at: now) ?? cube, ground)
    let now = try await sold(.promotion, days.days, cube)
    let isWhole = filters.isEmpty
    var parts = [
      Promoted(
        facts, terms: programme.settings.terms, now: now, before: try await sold(.promotion, days.before, cube),
        yearAgo: try await sold(.promotion, days.yearAgo, cube),
        everybody: cube.leftOut == 0 || !isWhole ? now : try await sold(.promotion, days.days, cube, ofEverybody: true),
        names: await keeper.spoken[.promotion] ?? [:], isWhole: isWhole
      ).part
    ]
    parts.append(
      CouponsUsed(
        facts, now: try await sold(.coupon, days.days, cube), before: try await sold(.coupon, days.before, cube),
        yearAgo: try await sold(.coupon, days.yearAgo, cube), in: programme.settings.points.zone, isWhole: isWhole
      ).part)
    var result = sheet(.promotions, ground, parts)
    guard isWhole else {
      result.remarks.append(
        Self.uncut(
          LocalText(
            ru: "скидка, бонусы и стоимость самих акций, выдача и остаток купонов",
            en: "promotions' own discounts, points and cost, coupons issued and left")))
      return result
    }
    result.warnings += Self.warnings(facts, days, zone: programme.settings.points.zone)
    return result
  }

  /// What the tables of sums say.
  struct OfferFacts: Sendable {
    var promotions: [StoredPromotion] = []
    var given: [PromotionID: PromotionUse] = [:]
    var givenBefore: [PromotionID: PromotionUse] = [:]
    var givenYearAgo: [PromotionID: PromotionUse] = [:]
    /// From when promotions are added up.
    var start: Instant?
    var series: [Known<CouponSeriesDetails>] = []
    var standings: [CouponSeriesID: CouponStanding] = [:]
    var flows: [CouponSeriesID: CouponFlow] = [:]
    var flowsBefore: [CouponSeriesID: CouponFlow] = [:]
    var flowsYearAgo: [CouponSeriesID: CouponFlow] = [:]
  }

  private func used(_ period: ReportPeriod) async throws -> OfferFacts {
    try await database.read { [programme] tx in
      var facts = OfferFacts()
      facts.promotions = try everyPage(\.id) { try Promotions(of: programme).all(after: $0, limit: Limits.page, in: &tx) }
      let ids = facts.promotions.map(\.id)
      facts.given = try PromotionUse.read(of: programme, ids, period.days, in: &tx)
      facts.givenBefore = try PromotionUse.read(of: programme, ids, period.before, in: &tx)
      facts.givenYearAgo = try PromotionUse.read(of: programme, ids, period.yearAgo, in: &tx)
      facts.start = try PromotionUse.start(of: programme, in: &tx)
      facts.series = try everyPage(\.id) { try Coupons(of: programme).all(before: $0, limit: Limits.page, in: &tx) }
      facts.standings = try CouponUse.standings(of: programme, in: &tx)
      facts.flows = try CouponUse.flows(of: programme, period.days, in: &tx)
      facts.flowsBefore = try CouponUse.flows(of: programme, period.before, in: &tx)
      facts.flowsYearAgo = try CouponUse.flows(of: programme, period.yearAgo, in: &tx)
      return facts
    }
  }

  private static func warnings(_ facts: OfferFacts, _ period: ReportPeriod, zone: Zone) -> [LocalText] {
    var warnings: [LocalText] = []
    if let start = facts.start, zone.civil(at: start).day > period.earliest {
      let day = zone.civil(at: start).day
      warnings.append(
        LocalText(
          ru: "Скидки и бонусы акций сложены только по чекам с \(day): у более ранних дней их нет.",
          en: "Discounts and points of promotions are added up of receipts since \(day) only: earlier days have none."))
    }
    let known = facts.standings.values.map(\.at).max()
    if known == nil, facts.series.contains(where: { $0.details.kind == .unique }) {
      warnings.append(
        LocalText(
          ru: "Купоны ещё не посчитаны: это делает сервер раз в сутки.",
          en: "Coupons are not counted yet: the server does it once a day."))
    }
    if let known, zone.civil(at: known).day.adding(days: -Limits.couponDays) >= period.earliest {
      warnings.append(
        LocalText(
          ru: "Выданные, использованные и сгоревшие купоны известны по дням за последние \(Limits.couponDays) дней.",
          en: "Coupons issued, used and run out are known by days of the last \(Limits.couponDays) days."))
    }
    return warnings
  }

  /// What receipts of a period say of each member of a dimension that a receipt can have several of.
  struct Sold: Sendable {
    var receipts: Int64 = 0
    var members: Int64 = 0
    var sales: Int64 = 0
    var discount: Int64 = 0
  }

  private func sold(
    _ dimension: Dimension, _ days: ClosedRange<CivilDay>, _ cube: Cube, ofEverybody: Bool = false
  ) async throws -> [String: Sold] {
    var pivot = Pivot(rows: [dimension], values: [.receipts, .members, .sales, .discount])
    (pivot.first, pivot.last, pivot.isOfEverybody) = (days.lowerBound, days.upperBound, ofEverybody)
    pivot.filters = filters
    let table = try await cube.answer(pivot)
    var found: [String: Sold] = [:]
    // The column of everything is the first.
    for (place, row) in table.rows.enumerated() {
      guard let label = row.labels.first else { continue }
      func value(_ measure: Measure) -> Int64 { table.value(measure, row: place, column: 0) ?? 0 }
      found[label] = Sold(receipts: value(.receipts), members: value(.members), sales: value(.sales), discount: value(.discount))
    }
    return found
  }
}

/// Promotions of a period.
private struct Promoted {
  let facts: ReportDesk.OfferFacts
  let terms: ProgrammeTerms
  let now: [String: ReportDesk.Sold]
  let before: [String: ReportDesk.Sold]
  let yearAgo: [String: ReportDesk.Sold]
  /// Of this period with those who are left out: what promotions gave is known of all receipts together only.
  let everybody: [String: ReportDesk.Sold]
  let names: [String: LocalText]
  /// Nothing is filtered: what promotions gave can be told.
  let isWhole: Bool

  init(
    _ facts: ReportDesk.OfferFacts, terms: ProgrammeTerms, now: [String: ReportDesk.Sold], before: [String: ReportDesk.Sold],
    yearAgo: [String: ReportDesk.Sold], everybody: [String: ReportDesk.Sold], names: [String: LocalText], isWhole: Bool
  ) {
    (self.facts, self.terms, self.names, self.isWhole) = (facts, terms, names, isWhole)
    (self.now, self.before, self.yearAgo, self.everybody) = (now, before, yearAgo, everybody)
  }

  private static let columns: [ReportSheet.Column] = [
    .init("promotion", LocalText(ru: "Акция", en: "Promotion"), .text),
    .init("status", LocalText(ru: "Состояние", en: "State"), .text),
    .init("ends", LocalText(ru: "Кончается", en: "Ends"), .text), .init("receipts", LocalText(ru: "Чеки", en: "Receipts"), .count),
    .init("receipts-change", LocalText(ru: "К прошлому", en: "On before"), .change(isGood: nil)),
    .init("members", LocalText(ru: "Покупатели", en: "Members"), .count),
    .init("sales", LocalText(ru: "Выручка товаров с ней", en: "Revenue of its goods"), .money),
    .init("sales-change", LocalText(ru: "К прошлому", en: "On before"), .change(isGood: true)),
    .init("discount", LocalText(ru: "Скидка", en: "Discount"), .money),
    .init("points", LocalText(ru: "Начислено бонусов", en: "Points given"), .points),
    .init("cost", LocalText(ru: "Стоит", en: "Costs"), .money),
    .init("cost-before", LocalText(ru: "Стоила раньше", en: "Cost before"), .money),
    .init("cost-share", LocalText(ru: "Доля затрат", en: "Cost share"), .percent, heat: true),
    .init("receipts-of-year", LocalText(ru: "Чеки к году", en: "Receipts on the year"), .change(isGood: nil)),
    .init("sales-of-year", LocalText(ru: "Выручка к году", en: "Revenue on the year"), .change(isGood: true)),
    .init("cost-year-ago", LocalText(ru: "Стоила год назад", en: "Cost a year ago"), .money),
  ]

  /// What was taken off, and what its points pay for.
  private func cost(_ use: PromotionUse) -> Int64 { use.money.minor + terms.money(for: use.points, .halfUp).minor }

  private func row(_ one: StoredPromotion) -> [ReportSheet.Cell] {
    let (sold, past) = (now[one.code] ?? ReportDesk.Sold(), before[one.code] ?? ReportDesk.Sold())
    let (use, old) = (facts.given[one.id] ?? PromotionUse(), facts.givenBefore[one.id] ?? PromotionUse())
    let year = yearAgo[one.code] ?? ReportDesk.Sold()
    let ends: ReportSheet.Cell =
      if case .string(let text)? = one.body["until"] { CivilDay(String(text.prefix(10))).map { .day($0) } ?? .empty } else {
        .empty
      }
    let head: [ReportSheet.Cell] = [
      names[one.code].map { .word($0) } ?? .text(one.code), .word(one.status.title), ends, .number(sold.receipts),
      .change(sold.receipts, past.receipts), .number(sold.members), .number(sold.sales), .change(sold.sales, past.sales),
    ]
    let changes: [ReportSheet.Cell] = [.change(sold.receipts, year.receipts), .change(sold.sales, year.sales)]
    guard isWhole else { return head + Self.unknown + changes + [.empty] }
    return head + [
      .number(use.money.minor), .number(use.points.units), .number(cost(use)), .number(cost(old)),
      .share(cost(use), of: (everybody[one.code]?.sales ?? 0) + use.money.minor),
    ] + changes + [.number(cost(facts.givenYearAgo[one.id] ?? PromotionUse()))]
  }

  private static let unknown = Array(repeating: ReportSheet.Cell.empty, count: 5)

  /// By what they cost; by the sales of their goods where that is not known.
  private var ranked: [StoredPromotion] {
    let all = facts.promotions.filter { one in
      one.status == .running || now[one.code] != nil || before[one.code] != nil || yearAgo[one.code] != nil
        || isWhole && (facts.given[one.id] != nil || facts.givenBefore[one.id] != nil)
    }
    func size(_ one: StoredPromotion) -> Int64 {
      isWhole ? facts.given[one.id].map(cost) ?? 0 : now[one.code]?.sales ?? 0
    }
    return all.sorted { a, b in (size(a), b.id) > (size(b), a.id) }
  }

  private func total(_ ranked: [StoredPromotion]) -> [ReportSheet.Cell] {
    let head: [ReportSheet.Cell] =
      [.word(LocalText(ru: "Все акции", en: "All promotions"))] + Array(repeating: .empty, count: 7)
    guard isWhole else { return head + Self.unknown + [.empty, .empty, .empty] }
    func sum(_ uses: [PromotionID: PromotionUse], _ value: (PromotionUse) -> Int64) -> Int64 {
      uses.values.reduce(0) { $0 + value($1) }
    }
    let costs = ranked.map { facts.given[$0.id].map(cost) ?? 0 }.reduce(0, +)
    let costsBefore = ranked.map { facts.givenBefore[$0.id].map(cost) ?? 0 }.reduce(0, +)
    let costsYearAgo = ranked.map { facts.givenYearAgo[$0.id].map(cost) ?? 0 }.reduce(0, +)
    return head + [
      .number(sum(facts.given) { $0.money.minor }), .number(sum(facts.given) { $0.points.units }), .number(costs),
      .number(costsBefore), .empty, .empty, .empty, .number(costsYearAgo),
    ]
  }

  var part: ReportSheet.Part {
    let ranked = ranked
    var part = ReportSheet.Part(
      "promotions", LocalText(ru: "Акции", en: "Promotions"), Self.columns, ranked.map(row) + [total(ranked)])
    part.totals = 1
    part.links = ranked.map { .promotion($0.id) }
    part.note = LocalText(
      ru:
        "Чеки, покупатели и выручка – по позициям, которым акция что-то дала: позиция с двумя акциями есть у обеих, поэтому итога у них нет. Скидка и бонусы – доля самой акции по всем чекам, и тех, кто в отчётах не учтён; возвраты вычтены. Стоит – скидка и бонусы по цене списания; доля затрат – от выручки её товаров у всех без скидки акции.",
      en:
        "Receipts, members and revenue are of lines that the promotion gave something on: a line of two promotions is with both, so they have no total. Discount and points are the promotion's own part of all receipts, those of members who are left out of reports among them, less what came back. It costs its discount and its points at what they pay for; the share is of everybody's revenue of its goods before its discount."
    )
    return part
  }
}

extension StoredPromotion.Status {
  fileprivate var title: LocalText {
    switch self {
    case .draft: LocalText(ru: "черновик", en: "draft")
    case .running: LocalText(ru: "идёт", en: "running")
    case .paused: LocalText(ru: "на паузе", en: "paused")
    case .archived: LocalText(ru: "в архиве", en: "archived")
    }
  }
}
