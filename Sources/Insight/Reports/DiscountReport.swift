import Cube
import Kernel

extension ReportDesk {
  /// Members by how much of what they bought was on discount. One walk.
  func discounts(_ ground: Ground) async -> ReportSheet {
    let found = await walk(DiscountShares(ground.period.all), ground)
    return sheet(.discounts, ground, [Self.bands(found)])
  }

  private static let columns: [ReportSheet.Column] = [
    .init("band", LocalText(ru: "Куплено со скидкой", en: "Bought on discount"), .text),
    .init("members", LocalText(ru: "Покупатели", en: "Members"), .count),
    .init("share", LocalText(ru: "Доля", en: "Share"), .percent, heat: true),
    .init("before", LocalText(ru: "Прошлый период", en: "Period before"), .percent),
    .init("year-ago", LocalText(ru: "Год назад", en: "A year ago"), .percent),
    .init("sales", LocalText(ru: "Выручка", en: "Revenue"), .money),
    .init("share-of-sales", LocalText(ru: "Доля выручки", en: "Share of revenue"), .percent, heat: true),
    .init("per-member", LocalText(ru: "На покупателя", en: "Of each"), .money),
    .init("discount", LocalText(ru: "Скидки", en: "Discounts"), .money),
    .init("discount-share", LocalText(ru: "Скидка от полной цены", en: "Discounts in full prices"), .percent),
  ]

  private static func bands(_ found: [[DiscountShares.Band]]) -> ReportSheet.Part {
    func whole(_ bands: [DiscountShares.Band], _ value: (DiscountShares.Band) -> Int64) -> Int64 {
      bands.reduce(0) { $0 + value($1) }
    }
    let members = found.map { bands in whole(bands) { $0.members } }
    let sales = whole(found[0]) { $0.sales }
    func row(_ title: LocalText, _ parts: [[DiscountShares.Band]]) -> [ReportSheet.Cell] {
      func sum(_ value: (DiscountShares.Band) -> Int64) -> Int64 { whole(parts[0], value) }
      let own = sum { $0.members }
      return [
        .word(title), .number(own), .share(own, of: members[0]), .share(whole(parts[1]) { $0.members }, of: members[1]),
        .share(whole(parts[2]) { $0.members }, of: members[2]), .number(sum { $0.sales }), .share(sum { $0.sales }, of: sales),
        .average(sum { $0.sales }, of: own), .number(sum { $0.discount }), .share(sum { $0.discount }, of: sum { $0.gross }),
      ]
    }
    var rows = (0..<DiscountShares.bands).map { band in row(Self.title(band), found.map { [$0[band]] }) }
    rows.append(row(LocalText(ru: "Итого", en: "Total"), found))
    var part = ReportSheet.Part(
      "bands",
      LocalText(ru: "Покупатели по доле купленного со скидкой", en: "Members by what part of their purchases was on discount"),
      columns, rows)
    part.totals = 1
    part.chart = .bars(2, against: 3)
    part.note = LocalText(
      ru:
        "По полной цене: позиции, на которых была скидка акции или купона, ко всем позициям покупателя за период. Оплата бонусами – не скидка.",
      en:
        "By full prices: lines that a promotion or coupon reduced, of all lines of a member in the period. Paying with points is no discount."
    )
    return part
  }

  private static func title(_ band: Int) -> LocalText {
    switch band {
    case 0: LocalText(ru: "ничего", en: "nothing")
    case 1: LocalText(ru: "до 10 %", en: "up to 10 %")
    default: .sign("\(band * 10 - 10)–\(band * 10) %")
    }
  }
}
