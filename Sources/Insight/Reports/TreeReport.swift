import Cube
import Kernel

extension ReportDesk {
  /// The change to the period before, and to the same days a year ago. Two walks, one after the other: each keeps figures by product.
  func tree(_ ground: Ground) async -> ReportSheet {
    let periods = ground.period.all
    let products = cube.productCodes
    let before = SalesChange(await walk(SalesTree(now: periods[0], before: periods[1], products: products), ground))
    let yearAgo = SalesChange(await walk(SalesTree(now: periods[0], before: periods[2], products: products), ground))
    var parts = [Self.steps("before", LocalText(ru: "К прошлому периоду", en: "On the period before"), before)]
    if yearAgo.before != SalesTree.Side() {
      parts.append(Self.steps("year-ago", LocalText(ru: "К тому же периоду год назад", en: "On the same days a year ago"), yearAgo))
    }
    var result = sheet(.tree, ground, parts + [Self.factors(before, yearAgo)])
    if before.isSmall {
      result.warnings.append(
        LocalText(
          ru: "Меньше \(SalesChange.few) покупателей в одном из периодов: разложение говорит о случае, а не о магазине.",
          en: "Fewer than \(SalesChange.few) members in one of the periods: this tells of chance rather than of the shop."))
    }
    if !before.isWhole {
      result.warnings.append(
        LocalText(
          ru: "В одном из периодов продаж с картой не было: всё изменение отнесено к числу покупателей.",
          en: "One of the periods has no sales with a card: the whole change is put down to members."))
    }
    return result
  }

  private static func steps(_ code: String, _ title: LocalText, _ change: SalesChange) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] = [
      .init("factor", LocalText(ru: "Что изменилось", en: "What changed"), .text),
      .init("sales", LocalText(ru: "Вклад", en: "Part of the change"), .money),
      .init("share", LocalText(ru: "От прошлой выручки", en: "Of sales before"), .change(isGood: true)),
    ]
    let old = change.before.sales + change.before.salesOfNobody
    func row(_ title: LocalText, _ part: Int64) -> [ReportSheet.Cell] { [.word(title), .number(part), .share(part, of: old)] }
    let nobody = change.now.salesOfNobody - change.before.salesOfNobody
    let rows =
      SalesChange.Factor.allCases.map { row($0.title, change.parts[$0.rawValue]) } + [
        row(LocalText(ru: "Чеки без карты", en: "Receipts without a card"), nobody),
        row(LocalText(ru: "Изменение выручки", en: "Change of revenue"), change.parts.reduce(nobody, +)),
      ]
    var part = ReportSheet.Part(code, title, columns, rows)
    part.totals = 1
    part.chart = .steps(1)
    part.note = LocalText(
      ru: "Вклады по Шепли: среднее по всем порядкам, в которых множители могли измениться; в сумме ровно изменение, до копейки.",
      en:
        "Shapley values: averages over all orders in which the factors may have changed; they add up to the change, to the last kopeck."
    )
    return part
  }

  private static func factors(_ before: SalesChange, _ yearAgo: SalesChange) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] = [
      .init("factor", LocalText(ru: "Множитель", en: "Factor"), .text), .init("now", LocalText(ru: "Период", en: "Period"), .own),
      .init("before", LocalText(ru: "Прошлый период", en: "Period before"), .own),
      .init("change", LocalText(ru: "Изменение", en: "Change"), .change(isGood: nil)),
      .init("year-ago", LocalText(ru: "Год назад", en: "A year ago"), .own),
      .init("change-of-year", LocalText(ru: "К году", en: "On the year"), .change(isGood: nil)),
    ]
    func row(_ title: LocalText, _ unit: ReportSheet.Unit, _ value: (SalesTree.Side) -> Int64?) -> [ReportSheet.Cell] {
      let values = [value(before.now), value(before.before), value(yearAgo.before)]
      func own(_ value: Int64?) -> ReportSheet.Cell { value.map { .value($0, unit) } ?? .empty }
      func change(_ before: Int64?) -> ReportSheet.Cell {
        guard unit == .percent, let now = values[0], let before else { return .change(values[0], before) }
        return .value(now - before, .difference(isGood: nil))
      }
      return [.word(title), own(values[0]), own(values[1]), change(values[1]), own(values[2]), change(values[2])]
    }
    let index = LocalText(ru: "Индекс цен Фишера на те же товары", en: "Fisher's index of prices of the same goods")
    let rows =
      factorRows.map { row($0.title, $0.unit, $0.value) } + [
        [.word(index), .empty, .empty, .optional(before.priceIndex), .empty, .optional(yearAgo.priceIndex)],
        row(LocalText(ru: "Выручка с картой", en: "Revenue with a card"), .money) { $0.sales },
      ]
    var part = ReportSheet.Part("factors", LocalText(ru: "Множители", en: "Factors"), columns, rows)
    part.totals = 1
    return part
  }
}

extension ReportDesk {
  /// A figure of a side; nil where there is nothing to divide by.
  struct FactorRow: Sendable {
    let title: LocalText
    let unit: ReportSheet.Unit
    let value: @Sendable (SalesTree.Side) -> Int64?

    init(_ title: LocalText, _ unit: ReportSheet.Unit, _ value: @escaping @Sendable (SalesTree.Side) -> Int64?) {
      (self.title, self.unit, self.value) = (title, unit, value)
    }
  }

  private static func ratio(_ part: Int64, _ whole: Int64, _ scale: Int64) -> Int64? {
    whole <= 0 ? nil : scaled(part, by: scale, over: whole, .halfUp)
  }

  /// Those that sales are made of.
  static let factorRows = [
    FactorRow(LocalText(ru: "Покупатели", en: "Members"), .count) { $0.members },
    FactorRow(LocalText(ru: "Чеков на покупателя", en: "Receipts of each"), .quantity) { ratio($0.receipts, $0.members, 1_000) },
    FactorRow(LocalText(ru: "Товаров в чеке", en: "Items of a receipt"), .quantity) { ratio($0.units, $0.receipts, 1) },
    FactorRow(LocalText(ru: "Цена товара до скидок", en: "Price of an item before discounts"), .money) {
      ratio($0.gross, $0.units, 1_000)
    },
    FactorRow(LocalText(ru: "Скидки и бонусы", en: "Discounts and points"), .percent) {
      ratio($0.gross - $0.sales, $0.gross, 1_000_000)
    },
  ]
}

extension SalesChange.Factor {
  var title: LocalText {
    switch self {
    case .members: LocalText(ru: "Число покупателей", en: "Members who bought")
    case .frequency: LocalText(ru: "Частота: чеков на покупателя", en: "Frequency: receipts of each")
    case .units: LocalText(ru: "Корзина: товаров в чеке", en: "Basket: items of a receipt")
    case .price: LocalText(ru: "Цены на те же товары", en: "Prices of the same goods")
    case .mix: LocalText(ru: "Состав: какие товары покупают", en: "Mix: which goods are bought")
    case .discount: LocalText(ru: "Скидки и оплата бонусами", en: "Discounts and points")
    }
  }
}
