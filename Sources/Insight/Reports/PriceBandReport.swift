import Cube
import Kernel

extension ReportDesk {
  /// How much of sales hangs on discounts, and at what prices each category is bought. A pivot for the categories, and one walk.
  func priceBands(_ ground: Ground, at now: Instant) async throws -> ReportSheet {
    var pivot = Pivot(rows: [.category], values: [.sales])
    (pivot.first, pivot.last) = (ground.period.days.lowerBound, ground.period.days.upperBound)
    pivot.order = .value(.sales, isDescending: true)
    pivot.filters = filters
    let table = try await counted(cube, ground).answer(pivot)
    let words = Array(table.rows.compactMap(\.labels.first).prefix(Limits.bandedCategories))
    let category = try cube.frame.table(.category)
    let places = Dictionary(words.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    let known = category.labels.map { places[$0] ?? -1 }
    let bounds = PriceScale(digits: programme.settings.terms.currency.digits, powers: 7)
    let found = await walk(
      PriceDepths(
        ground.period.all, categories: category.codes.map { known[Int($0)] }, count: words.count, bounds: bounds.minor), ground)
    let names = await categoryNames()
    let titles = words.map { word in
      word == CubeFrames.none ? LocalText(ru: "без категории", en: "no category") : names[word] ?? .sign(word)
    }
    var result = sheet(
      .priceBands, ground, [Self.depths(found.depths), Self.prices(found.prices, titles, bounds)])
    if table.rows.count - 1 > words.count {
      result.warnings.append(
        LocalText(
          ru: "Взяты \(words.count) категорий с наибольшей выручкой.",
          en: "Of the categories, the \(words.count) that sell most are shown."
        ))
    }
    return result
  }

  private static let depthTitles: [LocalText] = [
    LocalText(ru: "без скидки", en: "no discount"), LocalText(ru: "до 10 %", en: "up to 10 %"), .sign("10–20 %"), .sign("20–30 %"),
    .sign("30–50 %"), LocalText(ru: "больше 50 %", en: "over 50 %"),
  ]

  private static func depths(_ found: [[PriceDepths.Band]]) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] = [
      .init("depth", LocalText(ru: "Скидка позиции", en: "Discount of a line"), .text),
      .init("sales", LocalText(ru: "Выручка", en: "Revenue"), .money),
      .init("share", LocalText(ru: "Доля", en: "Share"), .percent, heat: true),
      .init("before", LocalText(ru: "Прошлый период", en: "Period before"), .percent),
      .init("change", LocalText(ru: "Изменение", en: "Change"), .difference(isGood: nil)),
      .init("year-ago", LocalText(ru: "Год назад", en: "A year ago"), .percent),
      .init("lines", LocalText(ru: "Позиции", en: "Lines"), .count),
      .init("units", LocalText(ru: "Товаров", en: "Items"), .quantity),
      .init("members", LocalText(ru: "Покупатели", en: "Members"), .count),
      .init("discount", LocalText(ru: "Скидки", en: "Discounts"), .money),
      .init("discount-share", LocalText(ru: "Скидка от полной цены", en: "Discounts in full prices"), .percent),
    ]
    let whole = found.map { $0.reduce(into: PriceDepths.Band()) { $0 += $1 } }
    func row(_ title: LocalText, _ bands: [PriceDepths.Band], isTotal: Bool = false) -> [ReportSheet.Cell] {
      let own = bands[0]
      let shares = (share(own.sales, whole[0].sales), share(bands[1].sales, whole[1].sales))
      let change: ReportSheet.Cell = if let now = shares.0, let before = shares.1 { .number(now - before) } else { .empty }
      return [
        .word(title), .number(own.sales), .optional(shares.0), .optional(shares.1), change,
        .optional(share(bands[2].sales, whole[2].sales)), .number(own.lines), .number(own.units),
        isTotal ? .empty : .number(own.members), .number(own.discount), .share(own.discount, of: own.gross),
      ]
    }
    let rows = depthTitles.enumerated().map { place, title in row(title, found.map { $0[place] }) }
    var part = ReportSheet.Part(
      "depths", LocalText(ru: "Продажи по глубине скидки", en: "Sales by depth of discount"), columns,
      rows + [row(LocalText(ru: "Итого", en: "Total"), whole, isTotal: true)])
    part.totals = 1
    part.chart = .bars(2, against: 3)
    part.note = LocalText(
      ru:
        "Скидки акций и купонов от полной цены позиции; оплата бонусами – не скидка. Продажи как они были: возврат позже их не меняет. Участник есть в каждой глубине, с которой покупал.",
      en:
        "What promotions and coupons took off a line's full price; paying with points is no discount. Sales as they were made: a later return does not change them. A member is in every depth that they bought at."
    )
    return part
  }

  private static func share(_ part: Int64, _ whole: Int64) -> Int64? {
    whole <= 0 ? nil : scaled(part, by: 1_000_000, over: whole, .halfUp)
  }

  private static func prices(
    _ found: [[PriceDepths.Band]], _ categories: [LocalText], _ bounds: PriceScale
  ) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] = [
      .init("category", LocalText(ru: "Категория", en: "Category"), .text),
      .init("price", LocalText(ru: "Цена единицы", en: "Price of a unit"), .text),
      .init("sales", LocalText(ru: "Выручка", en: "Revenue"), .money),
      .init("share", LocalText(ru: "Доля в категории", en: "Share of the category"), .percent, heat: true),
      .init("before", LocalText(ru: "Прошлый период", en: "Period before"), .percent),
      .init("change", LocalText(ru: "Изменение", en: "Change"), .difference(isGood: nil)),
      .init("year-ago", LocalText(ru: "Год назад", en: "A year ago"), .percent),
      .init("units", LocalText(ru: "Товаров", en: "Items"), .quantity),
      .init("discount-share", LocalText(ru: "Скидка от полной цены", en: "Discounts in full prices"), .percent),
    ]
    var rows: [[ReportSheet.Cell]] = []
    for (place, category) in categories.enumerated() {
      let bands = found.map { Array($0[place * bounds.bands..<(place + 1) * bounds.bands]) }
      let whole = bands.map { $0.reduce(into: PriceDepths.Band()) { $0 += $1 } }
      for band in 0..<bounds.bands where bands[0][band].lines > 0 || bands[1][band].lines > 0 {
        let own = bands[0][band]
        let shares = bands.indices.map { share(bands[$0][band].sales, whole[$0].sales) }
        let change: ReportSheet.Cell = if let now = shares[0], let before = shares[1] { .number(now - before) } else { .empty }
        rows.append([
          .word(category), .text(bounds.title(band)), .number(own.sales), .optional(shares[0]), .optional(shares[1]), change,
          .optional(shares[2]), .number(own.units), .share(own.discount, of: own.gross),
        ])
      }
    }
    var part = ReportSheet.Part(
      "prices", LocalText(ru: "Категории по ценовым уровням", en: "Categories by price band"), columns, rows)
    part.note = LocalText(
      ru:
        "Полная цена единицы в самом чеке – штуки, килограмма или литра, – до скидок и бонусов; цена «от» входит в уровень, «до» – нет. Весовой товар – один товар на позицию чека.",
      en:
        "The full price of a unit – a piece, a kilogram, a litre – on the receipt itself, before discounts and points; a band has its lower bound and not its upper one. What is weighed is one item a line."
    )
    return part
  }
}
